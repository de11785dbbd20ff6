"""The certificate 表决结果报告: every figure of a meeting, computed here and nowhere else.

:func:`draft` makes the body of ``meeting.certified/1`` from a meeting's state; two persons sign it, and :func:`certify`
computes it again and refuses any other figure, naming the first place that differs.

The literal result decides: those who are silent take no part. Two more are printed beside it, since law or circumstance
is unsettled:

* ``with_unopened``: a ballot that counts and that nobody could open (its salt is lost) took part, and what it said is not
  known. While there is one the certificate waits for the profile's ``vote.unopened_after``, so that its owner can open it
  from his receipt. Then the motion passes only if it passes without those ballots and with them taking part without
  agreeing: neither losing nor keeping back a ballot can carry a motion.
* ``if_followed``: all who are silent follow the majority. Rules that say so lean on proof that each was served. This
  machine has no record of service, so nobody is deemed to have agreed, whatever the profile's policy; the figure informs.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from ledger import period
from ledger.errors import Refused
from ledger.frozen import replace
from ledger.log import merkle
from ledger.log.act import Act
from ledger.people.state import REGISTRAR
from ledger.rules.ratio import Days, Ratio
from ledger.votes import facts, records, tally
from ledger.votes.ballots import unopened
from ledger.votes.state import Measure, Meeting, Motion, Roll, Scope, Turnout, Votes, Voting
from ledger.votes.tally import Count, Result, Tested, Weight
from ledger.votes.world import Decided, World

LISTED: Final = 256
"""Unopened ballots are listed one by one up to this many, beyond it by count, weight and root only."""


def draft(votes: Votes, opened: str) -> dict[str, Any]:
    """The body of the certificate of an opened meeting as it stands now. Raises ``meeting.not_open``."""
    meeting, roll, voting = votes.polled(opened)
    ballots = [(roll.leaves[unit], ballot) for unit, ballot in voting.ballots.items() if ballot.opened]
    counts = tally.count(((Weight(leaf.area, leaf.head), b.choices) for leaf, b in ballots), len(meeting.motions))
    sealed = unopened(roll, voting)
    lost = sum((Weight(leaf.area, leaf.head) for leaf, _ in sealed), tally.NOBODY)
    body: dict[str, Any] = {
        "meeting": voting.record,
        "scope": _scope(meeting.scope),
        "roll": {
            "record": roll.record,
            "root": roll.root,
            "cut_off": period.format_time(roll.time),
            "merge": roll.merge,
            "leaves": len(roll.leaves),
            "total": _weight(Weight(roll.area, roll.heads)),
        },
        "profile": {"name": voting.measure.profile, "digest": voting.measure.digest},
        "non_voters": voting.measure.non_voters,
        "cast": _weight(Weight(voting.area, voting.heads)),
        "opened": {"count": voting.openings.size, "root": voting.openings.root().hex()},
        "items": [
            _item(motion, counted, lost if sealed else None, roll, voting)
            for motion, counted in zip(meeting.motions, counts, strict=True)
        ],
        "founds_authority": meeting.founds_authority,
    }
    if sealed:
        digests = [ballot.record for _, ballot in sealed]
        body["unopened"] = {
            "count": len(sealed),
            "weight": _weight(lost),
            "root": merkle.root(merkle.leaf_hashes(bytes.fromhex(digest) for digest in digests)).hex(),
            "digests": digests if len(digests) <= LISTED else [],
        }
    return body


def certify(world: World, act: Act[records.MeetingCertified]) -> Decided:
    """End a meeting with its certificate, when every figure is the machine's own."""
    votes = world.votes
    meeting, roll, voting = votes.polled(act.body.meeting)
    if act.time < meeting.closes:
        raise Refused("certificate.before_close", period.format_time(act.time), period.format_time(meeting.closes))
    own = draft(votes, act.body.meeting)
    if "unopened" in own:
        _check_waited(world, meeting, voting, act.day)
    _compare(act.record.body, own)
    today = act.day.isoformat()
    decided = (
        _decided(meeting, motion, act.digest, today, passed=item["passed"])
        for motion, item in zip(meeting.motions, own["items"], strict=True)
    )
    cast = Turnout(voting.area, voting.heads, roll.area, roll.heads)
    witnessed = any(REGISTRAR in signer.roles for signer in act.signers)
    ended = facts.MeetingCertified(meeting.called, voting.record, act.digest, today, witnessed, cast)
    return replace(
        votes,
        meetings=votes.meetings.remove(meeting.called),
        opened=votes.opened.remove(voting.record),
    ), (ended, *decided)


def item(
    motion: Motion, counted: Count, lost: Weight | None, total: Weight, cast: Weight, measure: Measure
) -> dict[str, Any]:
    """The figures of one motion. ``lost``: the weight of ballots that nobody could open, None if there are none."""
    special = motion.matter in measure.special_items
    participation = Ratio.parse(measure.participation)
    consent = Ratio.parse(measure.special if special else measure.ordinary)

    def judge(participating: Weight, agreeing: Weight) -> Result:
        return tally.judge(
            total, participating, agreeing, participation=participation, consent=consent, base=measure.base
        )

    took_part = counted.participating(void=measure.void_participates)
    literal = judge(took_part, counted.yes)
    reached = took_part + (lost or tally.NOBODY)
    floor = Ratio.parse(measure.non_voter_floor) if measure.non_voter_floor else None
    silent, agreeing = tally.follow(counted, total - cast, total, floor)
    figures: dict[str, Any] = {
        "motion": motion.ref,
        "matter": motion.matter,
        "majority": "special" if special else "ordinary",
        "yes": _weight(counted.yes),
        "no": _weight(counted.no),
        "abstain": _weight(counted.abstain),
        "void": _weight(counted.void),
        "counted": _result(literal),
        "if_followed": _result(judge(reached + silent, counted.yes + agreeing)),
        "passed": literal.passed,
    }
    if lost is not None:
        doubtful = judge(reached, counted.yes)
        figures["with_unopened"] = _result(doubtful)
        figures["passed"] = literal.passed and doubtful.passed
    return figures


def _item(motion: Motion, counted: Count, lost: Weight | None, roll: Roll, voting: Voting) -> dict[str, Any]:
    return item(motion, counted, lost, Weight(roll.area, roll.heads), Weight(voting.area, voting.heads), voting.measure)


def _check_waited(world: World, meeting: Meeting, voting: Voting, today: date) -> None:
    """A waiting time that protects owners, not a term in which somebody must act: natural days do not roll over rest days."""
    term, closed = Days.parse(voting.measure.unopened_after), period.legal_day(meeting.closes, world.offset)
    calendar = world.rules.calendar(term)
    last = calendar.deadline(closed, term) if term.working else period.add_days(closed, term.count)
    if today <= last:
        raise Refused("certificate.ballots_sealed", today.isoformat(), f"after {last.isoformat()}")


def _compare(said: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    if said == own:
        return
    theirs, ours = dict(_figures(said)), dict(_figures(own))
    place = min(place for place in theirs.keys() | ours.keys() if theirs.get(place) != ours.get(place))
    raise Refused("certificate.figure_wrong", theirs.get(place), ours.get(place), place=place)


def _figures(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Every figure of a body by its path, ``items/0/yes/area``."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _figures(inner, f"{place}/{name}" if place else name)
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _figures(inner, f"{place}/{number}")
    else:
        yield place, value


def _decided(meeting: Meeting, motion: Motion, certificate: str, on: str, *, passed: bool) -> facts.MotionDecided:
    return facts.MotionDecided(
        motion=motion.ref,
        meeting=meeting.called,
        certificate=certificate,
        matter=motion.matter,
        title=motion.title,
        scope=meeting.scope,
        passed=passed,
        founds_authority=meeting.founds_authority,
        effect=motion.read_effect(),
        on=on,
    )


def _scope(scope: Scope) -> dict[str, Any]:
    named = {"level": scope.level, "building": scope.building, "stack": scope.stack, "units": list(scope.units)}
    return {name: value for name, value in named.items() if value}


def _weight(weight: Weight) -> dict[str, int]:
    return {"area": weight.area, "heads": weight.heads}


def _tested(tested: Tested) -> dict[str, Any]:
    return {"ratio": tested.ratio, "area": list(tested.area), "heads": list(tested.heads), "met": tested.met}


def _result(result: Result) -> dict[str, Any]:
    return {
        "participating": _weight(result.participating),
        "agreeing": _weight(result.agreeing),
        "participation": _tested(result.participation),
        "consent": _tested(result.consent),
        "passed": result.passed,
    }
