"""Seating: who of those who must sign a record has signed, whether this reader can, and who else could.

:func:`ledger.people.signing.fill` says whether the signatures at hand are the right ones; this says what is still missing, for
whoever prepares an act or lets it wait for further signers. It decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import Refused
from ledger.log.act import Free, Seat, Signing
from ledger.people.signing import seats_of
from ledger.people.state import ROLES, People

SIGNED: Final = "signed"
READER: Final = "reader"
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat: the roles that fill it, and by whom: ``signed``, the ``reader``, some ``other`` who could, or nobody (empty).

    An empty set of roles is the seat of whoever's act it is (:attr:`Free.ONE`). ``key`` is one that could sign here.
    """

    roles: Seat
    by: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Seating:
    """All seats of a record."""

    seats: tuple[Seated, ...]

    @property
    def reader(self) -> bool:
        """Whether the reader can fill one."""
        return any(seat.by == READER for seat in self.seats)

    @property
    def missing(self) -> int:
        """How many are left to others, once the reader has signed."""
        return sum(seat.by not in (SIGNED, READER) for seat in self.seats)

    @property
    def keys(self) -> tuple[str, ...]:
        """A key for each seat that somebody can fill."""
        return tuple(seat.key for seat in self.seats if seat.key)


def seating(
    signing: Signing, people: People, day: str, time: int, signed: Sequence[str] = (), reader: str = ""
) -> Seating:
    """The seats of a kind on a legal day. ``signed``: the keys whose signatures are there, without those being enrolled;
    ``reader``: the key of whoever asks.
    """
    if signing.free is not None:
        roles: Seat = ROLES if signing.free is Free.IN_OFFICE else frozenset()
        if signed:
            return Seating(tuple(Seated(roles, SIGNED, key) for key in signed))
        fits = bool(reader) and (signing.free is Free.ONE or _held(people, reader, day) != frozenset())
        return Seating((Seated(roles, READER, reader) if fits else Seated(roles),))
    wanted = seats_of(signing, people, day)
    standing = [(SIGNED, key) for key in signed] + [(READER, reader)] * bool(reader and reader not in signed)
    own = {people.keys[key].person for _by, key in standing if key in people.keys}
    others = [(OTHER, key) for person, key in _in_office(people, day, time).items() if person not in own]
    best = _best(wanted, [*standing, *others], people, day)
    return Seating(tuple(Seated(roles, *place) for roles, place in zip(wanted, best, strict=True)))


Place = tuple[str, str]


def _best(seats: Sequence[Seat], standing: Sequence[Place], people: People, day: str) -> list[Place]:
    """For each seat somebody or nobody: first as many as signed, then the reader, then whoever else is in office.

    Each seat needs no more candidates than there are seats, so the search stays small however many are in office.
    """
    if not seats:
        return []
    found: list[list[Place]] = []
    fitting = [one for one in standing if _held(people, one[1], day) & seats[0]]
    of_others = [one for one in fitting if one[0] == OTHER][: len(seats)]
    for one in [*(one for one in fitting if one[0] != OTHER), *of_others, ("", "")]:
        person = _person(people, one[1])
        left = [other for other in standing if not person or _person(people, other[1]) != person]
        found.append([one, *_best(seats[1:], left, people, day)])
    return max(found, key=_worth)


def _worth(places: Sequence[Place]) -> tuple[int, ...]:
    by = [place[0] for place in places]
    return by.count(SIGNED), by.count(READER), by.count(OTHER)


def _in_office(people: People, day: str, time: int) -> dict[str, str]:
    """Person -> a key that may sign now, of those who hold a role."""
    found = {}
    for person in sorted(people.terms):
        if people.roles_of(person, day):
            for key in people.persons[person].keys:
                try:
                    found[person] = people.usable(key, time).id
                except Refused:
                    continue
    return found


def _person(people: People, key: str) -> str:
    return people.keys[key].person if key in people.keys else ""


def _held(people: People, key: str, day: str) -> Seat:
    person = _person(people, key)
    return people.roles_of(person, day) if person else frozenset()
