"""The facts of the votes room: what read tables are written from, and what the books make authorities of.

``seq`` is not repeated here: a fact belongs to the entry whose decision returned it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.votes.state import Leaf, Motion, Scope, Turnout


@dataclass(frozen=True, slots=True)
class MeetingCalled:
    """A meeting was called; the books may refuse an effect that they could not apply."""

    meeting: str
    title: str
    session: str
    scope: Scope
    opens: int
    closes: int
    motions: tuple[Motion, ...]
    founds_authority: bool


@dataclass(frozen=True, slots=True)
class NoticePosted:
    """The notice hangs; the term runs from ``day``."""

    meeting: str
    notice: str
    day: str
    on: str
    places: int


@dataclass(frozen=True, slots=True)
class RollFrozen:
    """The cut-off: who votes."""

    meeting: str
    roll: str
    root: str
    units: int
    area: int
    heads: int
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class MeetingOpened:
    """Ballots may name ``opened`` from ``opens`` until before ``closes``."""

    meeting: str
    opened: str
    profile: str
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class MeetingWithdrawn:
    """The meeting will not be held."""

    meeting: str
    reason: str


@dataclass(frozen=True, slots=True)
class BallotCounted:
    """A ballot was taken in, still sealed; ``first`` of its leaf or a later revision."""

    opened: str
    unit: str
    ballot: str
    revision: int
    first: bool
    turnout: Turnout


@dataclass(frozen=True, slots=True)
class BallotOpened:
    """The answers of a ballot, one word a motion (``yes``, ``no``, ``abstain``, ``void``)."""

    opened: str
    unit: str
    ballot: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeetingCertified:
    """The meeting ended. ``witnessed``: the registrar signed; without him prints say 未经第三方核验."""

    meeting: str
    opened: str
    certificate: str
    on: str
    witnessed: bool
    cast: Turnout


@dataclass(frozen=True, slots=True)
class MotionDecided:
    """What came of a motion; ``effect`` is for the books to apply where it passed and founds authority."""

    motion: str
    meeting: str
    certificate: str
    matter: int
    title: str
    scope: Scope
    passed: bool
    founds_authority: bool
    effect: Mapping[str, Any] | None
    on: str
