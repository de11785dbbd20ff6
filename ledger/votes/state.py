"""The votes of one community at one point of its ledger: meetings under way.

A meeting carries its roll and ballots only while it is open. The certificate turns them into one fact a motion
(:class:`ledger.votes.facts.MotionDecided`), and all of it leaves the state: what money may lean on is an authority by then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from rpds import HashTrieMap

from ledger import canonical
from ledger.errors import NotFound
from ledger.frozen import replace
from ledger.log.merkle import Range


@dataclass(frozen=True, slots=True)
class Scope:
    """Who decides: ``level`` community, building, stack or units; what the level does not name is empty."""

    level: str
    building: str = ""
    stack: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion by its reference; ``effect`` is canonical JSON that other rooms read, or empty."""

    ref: str
    matter: int
    title: str
    text: str
    effect: str

    def read_effect(self) -> dict[str, Any] | None:
        """The effect as an object, or None."""
        return cast(dict[str, Any], canonical.decode(self.effect.encode())) if self.effect else None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One line of the roll: the units of one head group by their lowest code, and what they weigh.

    ``head`` is 1, or 0 where no unit of the group counts as a head. ``voter``: the owner who alone votes for it, or empty.
    """

    unit: str
    units: tuple[str, ...]
    owners: tuple[str, ...]
    area: int
    head: int
    voter: str = ""


@dataclass(frozen=True, slots=True)
class Roll:
    """A frozen roll: its record and entry, the rule of merging and the profile it came from, its leaves by unit."""

    record: str
    seq: int
    time: int
    profile: str
    merge: str
    root: str
    area: int
    heads: int
    leaves: HashTrieMap[str, Leaf]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a meeting is measured by: the profile's values when it was opened, ratios and terms as written there."""

    profile: str
    digest: str
    participation: str
    ordinary: str
    special: str
    special_items: tuple[int, ...]
    base: str
    void_participates: bool
    non_voters: str
    non_voter_floor: str
    unopened_after: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """The ballot of a leaf that counts: highest revision, its record, its commitment; opened, one word a motion."""

    revision: int
    record: str
    commitment: str
    opened: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voting:
    """An opened meeting: the record that ballots name, its measure, ballots by leaf, whose leaf each ballot record is of
    (superseded ones too), what was cast so far, the tree of openings.
    """

    record: str
    measure: Measure
    ballots: HashTrieMap[str, Ballot] = field(default_factory=HashTrieMap)
    leaf_of: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    area: int = 0
    heads: int = 0
    openings: Range = field(default_factory=Range)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting under way, by the digest of its call. Times in ms; ``notices``: legal day by record."""

    called: str
    title: str
    session: str
    scope: Scope
    opens: int
    closes: int
    motions: tuple[Motion, ...]
    motions_digest: str
    phone_document: str
    phone_place: str
    followers: bool
    notices: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    roll: Roll | None = None
    voting: Voting | None = None

    @property
    def founds_authority(self) -> bool:
        """Whether its outcome binds; without a clause on phone votes it only asks for opinions 意见征询."""
        return bool(self.phone_document)


@dataclass(frozen=True, slots=True)
class Turnout:
    """All that is visible before the close: what has been cast, of what."""

    area: int
    heads: int
    total_area: int
    total_heads: int


@dataclass(frozen=True)
class Votes:
    """The room's state. ``opened``: the meeting of each record that ballots name."""

    meetings: HashTrieMap[str, Meeting] = field(default_factory=HashTrieMap)
    opened: HashTrieMap[str, str] = field(default_factory=HashTrieMap)

    def meeting(self, called: str) -> Meeting:
        """The meeting under way of a call's digest. Raises :class:`NotFound` ``meeting.unknown``."""
        found = self.meetings.get(called)
        if found is None:
            raise NotFound("meeting.unknown", called, "a meeting that was called and has not ended")
        return found

    def polled(self, opened: str) -> tuple[Meeting, Roll, Voting]:
        """The opened meeting that ballots name so, its roll and ballots. Raises ``meeting.not_open``."""
        meeting = self.meetings.get(self.opened.get(opened) or "")
        if meeting is None or meeting.roll is None or meeting.voting is None:
            raise NotFound("meeting.not_open", opened, "the digest of meeting.opened/1 of a meeting that has not ended")
        return meeting, meeting.roll, meeting.voting

    def ballot(self, record: str) -> tuple[Meeting, Roll, Voting, str]:
        """Where a ballot lies: its meeting and the unit of its leaf. Raises ``ballot.unknown``."""
        for meeting in self.meetings.values():
            if meeting.roll is not None and meeting.voting is not None:
                unit = meeting.voting.leaf_of.get(record)
                if unit is not None:
                    return meeting, meeting.roll, meeting.voting, unit
        raise NotFound("ballot.unknown", record, "a ballot of a meeting that has not ended")

    def turnout(self, opened: str) -> Turnout:
        """What has been cast so far, by area and heads. Raises ``meeting.not_open``."""
        _meeting, roll, voting = self.polled(opened)
        return Turnout(voting.area, voting.heads, roll.area, roll.heads)

    def with_meeting(self, meeting: Meeting) -> Votes:
        """With a meeting added or changed."""
        return replace(self, meetings=self.meetings.insert(meeting.called, meeting))
