"""The records of the votes room: their bodies, and what each field means.

A meeting is one notice, one calendar, one roll and one ballot book for 1 to 20 motions. Its acts, in order::

    meeting.called/1     the motions with their texts, scope and times        a role of the body
    notice.posted/1      it hangs; the notice term runs from this entry's day  a role of the body, registrar, supervisor
    roll.frozen/1        who votes, with which area and as how many heads      two-party
    meeting.opened/1     names all of this and the profile; ballots name it    a role of the body
    ballot.cast/1        one answer a motion, sealed                           one owner of the roll leaf
    ballot.opened/1      after the close: salt and choices                     anyone in office, or that owner
    meeting.certified/1  every figure; the machine counts again                anyone in office

Texts of motions stand by the digest of what hung in public; what an owner wrote stands as a commitment. Areas are
integers in 0.01 m², moments are log times (``2026-03-01T01:00:00.000Z``).
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from ledger import period
from ledger.log.act import LARGEST, Body, Code, Commitment, Day, Digest, Reference, Short


def _moment(text: str) -> str:
    period.parse_time(text)
    return text


Moment = Annotated[str, AfterValidator(_moment)]
"""A log time, ``YYYY-MM-DDTHH:MM:SS.mmmZ``."""
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Weighed = Annotated[int, Field(ge=0, le=LARGEST)]
Salt = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
"""32 bytes in base64."""
Answer = Annotated[str, StringConstraints(pattern=r"^[a-z]{0,10}$")]
"""``yes``, ``no``, ``abstain``; any other word is void 无效."""


class Scope(Body):
    """Who decides 表决范围: the community, a building, a stack of it, or the units listed."""

    level: Literal["community", "building", "stack", "units"]
    building: Code | None = None
    stack: Code | None = None
    units: Annotated[tuple[Code, ...], Field(min_length=1, max_length=256)] | None = None

    @model_validator(mode="after")
    def _as_its_level_needs(self) -> "Scope":
        named = {name for name in ("building", "stack", "units") if getattr(self, name) is not None}
        wanted = {"community": set(), "building": {"building"}, "stack": {"building", "stack"}, "units": {"units"}}
        if named != wanted[self.level]:
            raise ValueError("a building, a building and a stack, or units, as the level says")
        if self.units is not None and any(a >= b for a, b in zip(self.units, self.units[1:], strict=False)):
            raise ValueError("units ascending, each once")
        return self


class ClauseUsed(Body):
    """A clause of adopted rules that the meeting leans on: the document's digest and the clause's place in it."""

    document: Digest
    place: Short


class Motion(Body):
    """One motion 表决事项. Whether it is ordinary or special follows from ``matter`` (CC 278) under the profile.

    ``text`` is the digest of the full text that hangs, ``explanation`` commits to what an owner wrote on it. ``effect`` is
    what the motion does to the books when it passes; this room does not read it.
    """

    matter: Annotated[int, Field(ge=1, le=9)]
    title: Short
    text: Digest
    explanation: Commitment | None = None
    attachments: Annotated[tuple[Digest, ...], Field(max_length=16)] = ()
    effect: dict[str, Any] | None = None


class MeetingCalled(Body):
    """``meeting.called/1``: a meeting with its motions; ``<digest>#n`` is its nth motion. Signed by a role of the body.

    ``phone_vote`` absent: the meeting is 意见征询, asks for opinions and founds no authority. ``non_voters``: the clause by
    which those who stay silent follow the majority.
    """

    title: Short
    session: Literal["regular", "extraordinary"]
    scope: Scope
    opens: Moment
    closes: Moment
    ways: Annotated[tuple[Literal["phone", "paper"], ...], Field(min_length=1, max_length=2)]
    motions: Annotated[tuple[Motion, ...], Field(min_length=1, max_length=20)]
    phone_vote: ClauseUsed | None = None
    non_voters: ClauseUsed | None = None


class NoticePosted(Body):
    """``notice.posted/1``: the notice with all motions hangs at ``places`` places since ``on``, with photographs by digest.

    The notice term runs from the legal day of this entry, whatever ``on`` claims.
    """

    meeting: Digest
    on: Day
    places: Annotated[int, Field(ge=1, le=10_000)]
    labels: Annotated[tuple[Short, ...], Field(max_length=16)] = ()
    evidence: Annotated[tuple[Digest, ...], Field(max_length=16)] = ()


class RollFrozen(Body):
    """``roll.frozen/1``: the cut-off. ``units`` that count, merged into ``leaves``; their heads, area and RFC 6962 root."""

    meeting: Digest
    units: Count
    leaves: Count
    heads: Count
    area: Weighed
    root: Digest


class MeetingOpened(Body):
    """``meeting.opened/1``: what every ballot names. ``motions`` is the digest of the list of motions as called."""

    meeting: Digest
    notice: Digest
    roll: Digest
    root: Digest
    profile: Digest
    motions: Digest
    opens: Moment
    closes: Moment
    phone_vote: ClauseUsed | None = None


class BallotCast(Body):
    """``ballot.cast/1``: the sealed answers of one roll leaf; the highest revision counts. Signed by one of its owners."""

    meeting: Digest
    unit: Code
    revision: Annotated[int, Field(ge=1, le=1_000_000)]
    choices: Commitment


class BallotOpened(Body):
    """``ballot.opened/1``: salt and answers of a ballot that counts, after the close, as its commitment says."""

    ballot: Digest
    salt: Salt
    choices: Annotated[tuple[Answer, ...], Field(max_length=20)]


class MeetingWithdrawn(Body):
    """``meeting.withdrawn/1``: the meeting will not be held; only before it is opened. Signed by a role of the body."""

    meeting: Digest
    reason: Short


class Weight(Body):
    """Area and heads."""

    area: Weighed
    heads: Count


class Threshold(Body):
    """A ratio of the profile with the two integers that it compares, for area and for heads."""

    ratio: Short
    area: tuple[Weighed, Weighed]
    heads: tuple[Weighed, Weighed]
    met: bool


class Result(Body):
    """One way to count a motion: who takes part, who agrees, both thresholds."""

    participating: Weight
    agreeing: Weight
    participation: Threshold
    consent: Threshold
    passed: bool


class Item(Body):
    """The figures of one motion. ``counted`` is what was opened; ``with_unopened`` lets sealed ballots take part without
    agreeing; ``if_followed`` lets all who were silent follow the majority. ``passed`` is what counts.
    """

    motion: Reference
    matter: Annotated[int, Field(ge=1, le=9)]
    majority: Literal["ordinary", "special"]
    yes: Weight
    no: Weight
    abstain: Weight
    void: Weight
    counted: Result
    with_unopened: Result | None = None
    if_followed: Result
    passed: bool


class Opened(Body):
    """How many ballots were opened, and the RFC 6962 root over the canonical bytes of those records in log order."""

    count: Count
    root: Digest


class Unopened(Body):
    """Sealed ballots that nobody could open 未能启封; by digest, ascending, while there are no more than 256 of them."""

    count: Count
    weight: Weight
    root: Digest
    digests: Annotated[tuple[Digest, ...], Field(max_length=256)]


class RollUsed(Body):
    """The roll behind the figures: record, root, cut-off, how heads were merged, totals."""

    record: Digest
    root: Digest
    cut_off: Moment
    merge: Literal["same_owner_set", "same_buyer", "none"]
    leaves: Count
    total: Weight


class ProfileUsed(Body):
    """The profile under which the meeting was opened."""

    name: Short
    digest: Digest


class MeetingCertified(Body):
    """``meeting.certified/1``: the certificate. Every figure is the machine's own or the record is refused.

    Signed by anyone in office, one or more; without the registrar prints say 未经第三方核验.
    """

    meeting: Digest
    scope: Scope
    roll: RollUsed
    profile: ProfileUsed
    non_voters: Literal["exclude", "follow_majority"]
    cast: Weight
    opened: Opened
    unopened: Unopened | None = None
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=20)]
    founds_authority: bool
