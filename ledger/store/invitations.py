"""Invitations: a code in a letter by which somebody may propose a key of his own, once; the code alone binds nobody.

A code is 19 symbols that nobody can guess (95 bits) and one that checks them, of Crockford's alphabet without I, L, O, U, in
groups of five. It is answered once and kept as a keyed hash: whoever copies the database reads no code out of it, and a
look-up tells by its time nothing about any code. What it leads to is a ``key.enrolled/1`` that waits for two other people.

>>> tidy("o1iL5 abcde")  # as people type
'01115ABCDE'
>>> written("0" * 19 + check("0" * 19))
'00000 00000 00000 00000'

A newer invitation ends an older one of the same person, so that at most one letter is good.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from ledger.errors import Malformed, NotFound
from ledger.log.entry import Submission
from ledger.store.database import Reader, Writer
from ledger.store.private import Vault
from ledger.store.replay import State
from ledger.store.waiting import Waiting, WaitingRoom

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 20
GROUP: Final = 5
CODES: Final = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
LOOK_ALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015\u3000]+")

INSERT: Final = "INSERT INTO invitation (code, person, expires, waiting) VALUES (?, ?, ?, NULL)"
REPLACE: Final = "DELETE FROM invitation WHERE person = ? AND waiting IS NULL"
SWEEP: Final = "DELETE FROM invitation WHERE expires <= ?"
GOOD: Final = "SELECT person, expires FROM invitation WHERE code = ? AND expires > ? AND waiting IS NULL"
USE: Final = "UPDATE invitation SET waiting = ? WHERE code = ?"


@dataclass(frozen=True)
class Invitation:
    """A code for a ``person`` (a reference), good until ``expires`` (ms)."""

    code: str
    person: str
    expires: int


def tidy(text: str) -> str:
    """A code as it was typed: blanks and hyphens out, small letters large, look-alikes as what they stand for."""
    return _BETWEEN.sub("", text).upper().translate(LOOK_ALIKES)


def check(symbols: str) -> str:
    """The last symbol: Σ (2i + 1)·value mod 32, which tells every single slip and nearly every swap of neighbours."""
    return ALPHABET[sum((2 * i + 1) * ALPHABET.index(one) for i, one in enumerate(symbols)) % len(ALPHABET)]


def make() -> str:
    """A new code."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return symbols + check(symbols)


def written(code: str) -> str:
    """In groups, as it stands on paper."""
    return " ".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read(text: str) -> str:
    """A code from what was typed. Raises Malformed ``invitation.mistyped``, without repeating what was typed."""
    code = tidy(text[:80])
    if not CODES.fullmatch(code) or check(code[:-1]) != code[-1]:
        raise Malformed("invitation.mistyped", len(code), LENGTH)
    return code


class Invitations:
    """The invitations of one ledger; what their use leads to goes into its waiting room."""

    def __init__(
        self,
        vault: Vault,
        room: WaitingRoom,
        reading: Callable[[], AbstractContextManager[Reader]],
        alone: Callable[[], AbstractContextManager[tuple[Writer, State]]],
    ) -> None:
        self._vault = vault
        self._room = room
        self._reading = reading
        self._alone = alone

    def invite(self, persons: Sequence[str], now: int, length: int) -> list[Invitation]:
        """A code for each of these persons for ``length`` ms; their earlier letters are void. Only this answer has the codes."""
        made = [Invitation(make(), person, now + length) for person in dict.fromkeys(persons)]
        with self._alone() as (writer, _state):
            writer.write(SWEEP, [(now,)])
            writer.write(REPLACE, [(one.person,) for one in made])
            writer.write(INSERT, [(self._vault.code(one.code), one.person, one.expires) for one in made])
        return made

    def find(self, code: str, now: int) -> Invitation:
        """A good code's. One that was used, replaced, is over or never was: NotFound ``invitation.unknown``."""
        with self._reading() as reader:
            return self._good(reader, code, now)

    def use(self, code: str, submission: Submission, now: int) -> Waiting:
        """Spend a code on what shall wait, both or neither.

        Raises as :meth:`find`; as :meth:`ledger.store.waiting.WaitingRoom.put`.
        """
        with self._alone() as (writer, state):
            found = self._good(writer, code, now)
            waiting = self._room.put(writer, state.books, [submission], found.person, now, invited=True)
            writer.write(USE, [(waiting.digest, self._vault.code(code))])
        return waiting

    def _good(self, reader: Reader | Writer, code: str, now: int) -> Invitation:
        rows = reader.rows(GOOD, (self._vault.code(code), now))
        if not rows:
            raise NotFound("invitation.unknown")
        ((person, expires),) = rows
        return Invitation(code, person, expires)
