"""The errors of Mingzhang: one small hierarchy, each with its rule, the value met and what would be accepted.

A rule is a stable code such as ``note.malformed`` or ``withdrawal.over_authority``: programs compare it, the catalogues
of :mod:`ledger.words` turn it into a sentence in Chinese or English, tests assert it. A message text is never compared.

=================  ====  =========================================================================
class              exit  when
=================  ====  =========================================================================
:class:`Malformed`    3  bytes that are not what their format says; nothing was looked up
:class:`Refused`      4  a well-formed act that a rule of the books forbids; nothing changed
:class:`Conflict`     5  the same name was used before for something else
:class:`NotFound`     6  the thing named does not exist here
:class:`Unavailable`  7  the store, a file or another machine cannot do it now; trying again may help
=================  ====  =========================================================================

Exit code 1 is left to "findings were made", 2 to wrong usage of the command line.
"""

from typing import ClassVar


class MingzhangError(Exception):
    """Base of all errors that Mingzhang raises on purpose."""

    exit_code: ClassVar[int] = 70

    def __init__(self, rule: str, value: object = None, accepted: object = None, **context: object) -> None:
        """Keep ``rule`` (a stable code), the ``value`` met, what is ``accepted``; ``context`` names fields and places."""
        super().__init__(rule, value, accepted)
        self.rule = rule
        self.value = value
        self.accepted = accepted
        self.context = context

    def __str__(self) -> str:
        parts = [self.rule]
        if self.value is not None:
            parts.append(f"got {self.value!r}")
        if self.accepted is not None:
            parts.append(f"accepted: {self.accepted}")
        parts += [f"{name}: {value}" for name, value in self.context.items()]
        return "; ".join(parts)


class Malformed(MingzhangError):
    """The bytes or the text are not what their format says."""

    exit_code = 3


class Refused(MingzhangError):
    """A rule of the books forbids this act; the state is unchanged."""

    exit_code = 4


class Conflict(MingzhangError):
    """The name (an id, a key) was used before for something else."""

    exit_code = 5


class NotFound(MingzhangError):
    """What was named does not exist here."""

    exit_code = 6


class Unavailable(MingzhangError):
    """A store, a file or another machine cannot do it now."""

    exit_code = 7
