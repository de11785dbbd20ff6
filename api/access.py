"""Who may read what, and do what, over HTTP: one table; documents and tests show it cell by cell.

What the log holds hangs on the noticeboard: anybody may read it. What is private has an audience
(:mod:`ledger.store.private`), and a signed-in person is in audiences by the offices he holds in term and the units he owns,
judged anew at every request. Writing is not in the table: whoever hands a record in, its signatures decide.

==============  =======================================================================================
class           who
==============  =======================================================================================
``anyone``      not signed in
``person``      signed in: the holder of an enrolled key
``owner``       who owns a unit
``officer``     a role of the deciding body in term
``watcher``     registrar, supervisor or auditor in term
==============  =======================================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledger.books import Books
from ledger.errors import Refused
from ledger.people.state import BODY_ROLES
from ledger.store.private import OWNERS, PUBLIC, SUPERVISORS

ANYONE: Final = "anyone"
PERSON: Final = "person"
OWNER: Final = "owner"
OFFICER: Final = "officer"
WATCHER: Final = "watcher"
CLASSES: Final = (ANYONE, PERSON, OWNER, OFFICER, WATCHER)
WATCHERS: Final = frozenset({"registrar", "supervisor", "auditor"})

EVERYBODY: Final = frozenset(CLASSES)
SIGNED_IN: Final = EVERYBODY - {ANYONE}

TABLE: Final[Mapping[str, frozenset[str]]] = {
    "pages": EVERYBODY,
    "log": EVERYBODY,
    "ledgers": EVERYBODY,
    "entries": EVERYBODY,
    "proofs": EVERYBODY,
    "receipts": EVERYBODY,
    "money": EVERYBODY,
    "votes": EVERYBODY,
    "statements": EVERYBODY,
    "draft": frozenset({OFFICER, WATCHER}),
    "documents": EVERYBODY,
    "upload": frozenset({OFFICER, WATCHER}),
    "unit": frozenset({OWNER, OFFICER, WATCHER}),
    "postings": EVERYBODY,
    "objections": EVERYBODY,
    "kit": SIGNED_IN,
    "findings": EVERYBODY,
    "audits": EVERYBODY,
    "audit_draft": frozenset({WATCHER}),
    "search": EVERYBODY,
    "outbox": EVERYBODY,
    "events": EVERYBODY,
    "export": EVERYBODY,
    "kinds": EVERYBODY,
    "prepare": SIGNED_IN,
    "waiting": SIGNED_IN,
    "invite": frozenset({OFFICER, WATCHER}),
    "enrol": EVERYBODY,
    "submit": EVERYBODY,
    "try": EVERYBODY,
    "session": SIGNED_IN,
    "desk": SIGNED_IN,
    "bank": frozenset({OFFICER}),
}
"""Operation -> classes that may call it. ``receipts``, ``documents``, names in ``money`` and texts of a bank's rows at the
``desk`` then follow the reader's audiences, as the texts of ``objections`` do, which are the asker's too; a ``unit`` is its own
owner's (:func:`check_unit`). Of those who watch only the registrar may ``invite``. ``findings`` show those whose answer window
still runs to officers and to those who watch, and to nobody else. ``audits`` are what an auditor signed, who says by it that
it may be read; what nobody signed is an ``audit_draft``, for those who watch.
"""

CLASSES_OF: Final[Mapping[str, frozenset[str]]] = {
    ANYONE: frozenset({ANYONE}),
    PERSON: frozenset({PERSON}),
    OWNER: frozenset({PERSON, OWNER}),
    OFFICER: frozenset({PERSON, OFFICER}),
    WATCHER: frozenset({PERSON, WATCHER}),
}
"""The classes that somebody is in who is just this: every signed-in one is a person."""

AUDIENCES: Final[Mapping[str, frozenset[str]]] = {
    ANYONE: frozenset({PUBLIC}),
    PERSON: frozenset({PUBLIC}),
    OWNER: frozenset({PUBLIC, OWNERS}),
    OFFICER: frozenset({PUBLIC, OWNERS, SUPERVISORS}),
    WATCHER: frozenset({PUBLIC, OWNERS, SUPERVISORS}),
}
"""Class -> audiences of private texts. ``case`` is in none: what belongs to a proceeding is read by whoever keeps the books."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: nobody known, or a person by the key that signed in."""

    person: str = ""
    key: str = ""
    roles: frozenset[str] = frozenset()
    units: tuple[str, ...] = ()

    @property
    def classes(self) -> frozenset[str]:
        """The classes that the reader is in."""
        if not self.person:
            return frozenset({ANYONE})
        found = {PERSON}
        if self.units:
            found.add(OWNER)
        if self.roles & BODY_ROLES:
            found.add(OFFICER)
        if self.roles & WATCHERS:
            found.add(WATCHER)
        return frozenset(found)

    @property
    def audiences(self) -> frozenset[str]:
        """The audiences of private texts that the reader is in."""
        return frozenset().union(*(AUDIENCES[name] for name in self.classes))


STRANGER: Final = Reader()


def reader_of(books: Books, key: str, time: int, day: str) -> Reader:
    """The holder of a key as the books see him now. Raises Refused ``signature.unknown_key``, ``…key_revoked``, ``…key_not_yet``."""
    person = books.people.usable(key, time).person
    units = tuple(sorted(unit.code for unit in books.people.units.values() if person in unit.owners))
    return Reader(person, key, books.people.roles_of(person, day), units)


def check(operation: str, reader: Reader) -> None:
    """Raises Refused ``access.sign_in`` for a stranger, ``access.not_yours`` for a person, where the table says no."""
    allowed = TABLE[operation]
    if reader.classes & allowed:
        return
    rule = "access.not_yours" if reader.person else "access.sign_in"
    raise Refused(rule, operation, ", ".join(name for name in CLASSES if name in allowed))


def check_unit(reader: Reader, code: str) -> None:
    """What belongs to a unit is for its owners, and for whoever holds an office. Raises Refused ``access.not_yours``."""
    if code not in reader.units and not reader.classes & {OFFICER, WATCHER}:
        raise Refused("access.not_yours", code, "a unit of your own")


def not_for(reader: Reader, what: str, audience: str) -> Refused:
    """The refusal of something private to somebody who is not in its audience."""
    return Refused("access.not_yours" if reader.person else "access.sign_in", what, audience)
