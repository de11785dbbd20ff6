"""The people of one community at one point of its ledger: persons with their keys, terms of office, units.

Everything is judged at a position and a log time: a key counts from its enrolment (or, replacing a lost one without its
signature, from the eighth day), a role within its term's days, both included. Nothing is ever removed that a later
reader needs to judge an earlier act; what is revoked says when.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from rpds import HashTrieMap

from ledger import period
from ledger.errors import NotFound, Refused
from ledger.frozen import replace
from ledger.log.merkle import Range

BODY_ROLES: Final = frozenset({"chair", "vice_chair", "treasurer", "member", "caretaker"})
"""Roles of the deciding body (业委会, 物管会, caretaker): one of them signs a two-party act."""
REGISTRAR: Final = "registrar"
ROLES: Final = BODY_ROLES | {REGISTRAR, "supervisor", "company", "clerk", "auditor", "scrutineer"}
"""All roles; ``clerk`` prepares and signs nothing that decides, ``company`` is the property manager's signatory."""


@dataclass(frozen=True, slots=True)
class Key:
    """An enrolled key: usable from ``start`` (ms), until ``revoked`` (ms); ``since`` is the entry that enrolled it."""

    id: str
    alg: str
    public: bytes
    person: str
    since: int
    start: int
    revoked: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person by commitment, or an office or company by its public title."""

    ref: str
    nature: str
    name: str = ""
    title: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A role held by a person from ``start`` to ``end``, days included."""

    role: str
    person: str
    body: str
    start: str
    end: str
    source: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit 房屋 by its random code: area in 0.01 m², flags, owners by reference, room label by commitment; ``voter``: the
    owner whom joint owners named, or empty.
    """

    code: str
    building: str
    stack: str
    use: str
    area: int
    counts_area: bool
    counts_head: bool
    owners: tuple[str, ...]
    label: str
    voter: str = ""


@dataclass(frozen=True, slots=True)
class UnitList:
    """A list of units being entered: it counts only from its closing record, which names count and root."""

    range: Range = field(default_factory=Range)
    area: int = 0
    units: HashTrieMap[str, Unit] = field(default_factory=HashTrieMap)


@dataclass(frozen=True)
class People:
    """The room's state."""

    persons: HashTrieMap[str, Person] = field(default_factory=HashTrieMap)
    keys: HashTrieMap[str, Key] = field(default_factory=HashTrieMap)
    terms: HashTrieMap[str, tuple[Term, ...]] = field(default_factory=HashTrieMap)
    units: HashTrieMap[str, Unit] = field(default_factory=HashTrieMap)
    entering: UnitList = field(default_factory=UnitList)
    expected_units: int = 0
    expected_area: int = 0
    rp_ids: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    def person(self, ref: str) -> Person:
        """The person of a reference. Raises :class:`NotFound` ``person.unknown``."""
        found = self.persons.get(ref)
        if found is None:
            raise NotFound("person.unknown", ref)
        return found

    def unit(self, code: str) -> Unit:
        """The unit of a code, from a closed list. Raises :class:`NotFound` ``unit.unknown``."""
        found = self.units.get(code)
        if found is None:
            raise NotFound("unit.unknown", code)
        return found

    def roles_of(self, person: str, day: str) -> frozenset[str]:
        """The roles that a person holds on a legal day."""
        return frozenset(t.role for t in self.terms.get(person, ()) if t.start <= day <= t.end)

    def in_term(self, day: str) -> frozenset[str]:
        """All roles that somebody holds on a legal day."""
        return frozenset(t.role for held in self.terms.values() for t in held if t.start <= day <= t.end)

    def signatories(self, day: str) -> Iterator[frozenset[str]]:
        """The roles of each person in term on a legal day who still has a key that was not revoked: who can sign."""
        for person in self.terms:
            held = self.roles_of(person, day)
            if held and self._has_key(person):
                yield held

    def able(self, day: str) -> frozenset[str]:
        """The roles that somebody holds on a legal day who can sign."""
        return frozenset(role for held in self.signatories(day) for role in held)

    def able_until(self, roles: frozenset[str], day: str) -> str:
        """The last day up to which, from ``day`` on, one of these roles is held without a gap by somebody who has a key;
        empty where nobody holds one on ``day``.
        """
        terms = [t for person, held in self.terms.items() if self._has_key(person) for t in held if t.role in roles]
        until = ""
        for term in sorted(terms, key=lambda t: t.start):
            joins = term.start <= day or (until and _day_before(term.start) <= until)
            if joins and term.end >= (until or day):
                until = term.end
        return until

    def _has_key(self, person: str) -> bool:
        return any(self.keys[key].revoked is None for key in self.persons[person].keys)

    def usable(self, key: str, time: int) -> Key:
        """A key that may sign at ``time``. Raises ``signature.unknown_key``, ``signature.key_not_yet``, ``signature.key_revoked``."""
        found = self.keys.get(key)
        if found is None:
            raise Refused("signature.unknown_key", key, "a key enrolled on this ledger")
        if time < found.start:
            raise Refused("signature.key_not_yet", key, found.start)
        if found.revoked is not None and time >= found.revoked:
            raise Refused("signature.key_revoked", key, "a key that was not revoked")
        return found

    def with_person(self, person: Person) -> People:
        """With a person added or changed."""
        return replace(self, persons=self.persons.insert(person.ref, person))

    def with_key(self, key: Key) -> People:
        """With a key enrolled for a person already here."""
        owner = self.person(key.person)
        return replace(self.with_person(replace(owner, keys=(*owner.keys, key.id))), keys=self.keys.insert(key.id, key))

    def with_term(self, term: Term) -> People:
        """With a term of office begun."""
        return replace(self, terms=self.terms.insert(term.person, (*self.terms.get(term.person, ()), term)))


def _day_before(day: str) -> str:
    return period.add_days(period.parse_day(day), -1).isoformat()
