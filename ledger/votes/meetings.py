"""Meetings 业主大会会议 up to their opening: called, posted, rolled, opened, or withdrawn.

The order is the law's. The notice with every motion hangs for the profile's days before the vote opens (PMR 14: 15 days;
counted as CC 201 says, the day of posting not among them, from the *entry's* day, so that no claim makes it older). The
roll is frozen before the opening, and the opening names motions, notice, roll, profile and times, all of which stand on the
ledger already: whatever a ballot names can no longer change. Times close a vote, not people.

Without a clause of adopted rules that allows phone votes a meeting is 意见征询: it asks for opinions and founds no authority.
"""

from datetime import date
from typing import Any, Final

from rpds import HashTrieMap

from ledger import canonical, period
from ledger.errors import Refused
from ledger.frozen import replace
from ledger.log.act import Act
from ledger.people.state import BODY_ROLES
from ledger.rules.profile import Profile
from ledger.rules.state import Clause, Rules
from ledger.votes import facts, records, roll
from ledger.votes.state import Measure, Meeting, Motion, Roll, Scope, Voting
from ledger.votes.world import Decided, World

COUNTED_WAYS: Final = frozenset({"phone"})
"""Ways of voting that this machine has records for."""
ELECTION: Final = 3
"""The matter of CC 278 that a registrar alone may put to the vote when no role of the body is in term."""


def call(world: World, act: Act[records.MeetingCalled]) -> Decided:
    """Call a meeting with its motions, scope and times."""
    body, profile = act.body, world.rules.profile
    check_matters(act, {motion.matter for motion in body.motions})
    if not set(body.ways) <= COUNTED_WAYS:
        raise Refused("meeting.way_not_counted", sorted(body.ways), sorted(COUNTED_WAYS))
    if body.scope.level not in profile.items("vote.scope_levels"):
        raise Refused("meeting.scope_level", body.scope.level, ", ".join(profile.items("vote.scope_levels")))
    scope = read_scope(body.scope)
    if not roll.in_scope(world.people.units, scope):
        raise Refused("meeting.scope_empty", scope.level, "a scope with units entered on this ledger")
    opens, closes = period.parse_time(body.opens), period.parse_time(body.closes)
    if opens <= act.time:
        raise Refused("meeting.opens_in_the_past", body.opens, period.format_time(act.time))
    _check_times(profile, opens, closes, world.offset)
    _check_platform(profile, body.phone_vote)
    for name, clause in (("phone_vote", body.phone_vote), ("non_voters_follow", body.non_voters)):
        _check_clause(world.rules, name, clause)
    meeting = Meeting(
        called=act.digest,
        title=body.title,
        session=body.session,
        scope=scope,
        opens=opens,
        closes=closes,
        motions=tuple(_motion(act.digest, number, motion) for number, motion in enumerate(body.motions)),
        motions_digest=canonical.digest(act.record.body["motions"]),
        phone_document=body.phone_vote.document if body.phone_vote else "",
        phone_place=body.phone_vote.place if body.phone_vote else "",
        followers=body.non_voters is not None,
    )
    return world.votes.with_meeting(meeting), (
        facts.MeetingCalled(
            act.digest, body.title, body.session, scope, opens, closes, meeting.motions, meeting.founds_authority
        ),
    )


def post(world: World, act: Act[records.NoticePosted]) -> Decided:
    """The notice hangs; its term runs from this entry's legal day."""
    body, meeting = act.body, _before_opening(world, act.body.meeting)
    today = act.day.isoformat()
    if body.on > today:
        raise Refused("notice.in_the_future", body.on, f"{today} or earlier")
    meeting = replace(meeting, notices=meeting.notices.insert(act.digest, today))
    return world.votes.with_meeting(meeting), (
        facts.NoticePosted(meeting.called, act.digest, today, body.on, body.places),
    )


def freeze(world: World, act: Act[records.RollFrozen]) -> Decided:
    """Freeze the roll, when every figure of it is the machine's own."""
    body, meeting, profile = act.body, _before_opening(world, act.body.meeting), world.rules.profile
    if meeting.roll is not None:
        raise Refused("roll.frozen_before", meeting.roll.record, "one roll a meeting")
    roll.check_complete(world.people)
    rule = profile.choice("vote.head_merge")
    leaves = roll.merge(roll.in_scope(world.people.units, meeting.scope), rule)
    area, heads = sum(leaf.area for leaf in leaves), sum(leaf.head for leaf in leaves)
    if area == 0 or heads == 0:
        raise Refused("roll.nobody", f"{area}, {heads}", "area and heads above 0")
    root = roll.root(leaves)
    for what, said, own in (
        ("units", body.units, sum(len(leaf.units) for leaf in leaves)),
        ("leaves", body.leaves, len(leaves)),
        ("heads", body.heads, heads),
        ("area", body.area, area),
        ("root", body.root, root),
    ):
        if said != own:
            raise Refused(f"roll.{what}_wrong", said, own)
    by_unit = HashTrieMap({leaf.unit: leaf for leaf in leaves})
    kept = Roll(act.digest, act.seq, act.time, profile.digest, rule, root, area, heads, by_unit)
    return world.votes.with_meeting(replace(meeting, roll=kept)), (
        facts.RollFrozen(meeting.called, act.digest, root, body.units, area, heads, leaves),
    )


def open_meeting(world: World, act: Act[records.MeetingOpened]) -> Decided:
    """Open a meeting: everything that a ballot will name stands on the ledger and can no longer change."""
    body, meeting, profile = act.body, _before_opening(world, act.body.meeting), world.rules.profile
    check_matters(act, {motion.matter for motion in meeting.motions})
    notice_day = meeting.notices.get(body.notice)
    if notice_day is None:
        raise Refused("meeting.notice_unknown", body.notice, "notice.posted/1 of this meeting")
    if meeting.roll is None:
        raise Refused("meeting.roll_not_frozen", meeting.called, "roll.frozen/1 before the opening")
    if meeting.roll.profile != profile.digest:
        raise Refused("meeting.roll_of_other_profile", meeting.roll.profile, profile.digest)
    clause = (body.phone_vote.document, body.phone_vote.place) if body.phone_vote else ("", "")
    for what, said, own in (
        ("roll", body.roll, meeting.roll.record),
        ("root", body.root, meeting.roll.root),
        ("profile", body.profile, profile.digest),
        ("motions", body.motions, meeting.motions_digest),
        ("opens", body.opens, period.format_time(meeting.opens)),
        ("closes", body.closes, period.format_time(meeting.closes)),
        ("phone_vote", clause, (meeting.phone_document, meeting.phone_place)),
    ):
        if said != own:
            raise Refused(f"meeting.{what}_differs", said, own)
    _check_platform(profile, body.phone_vote)
    _check_clause(world.rules, "phone_vote", body.phone_vote)
    if act.time > meeting.opens:
        raise Refused("meeting.opened_late", period.format_time(act.time), f"{body.opens} or earlier")
    _check_times(profile, meeting.opens, meeting.closes, world.offset)
    _check_notice(world, meeting, notice_day)
    followers = meeting.followers and world.rules.clause("non_voters_follow") is not None
    voting = Voting(act.digest, measure(profile, followers=followers))
    votes = world.votes.with_meeting(replace(meeting, voting=voting))
    return replace(votes, opened=votes.opened.insert(act.digest, meeting.called)), (
        facts.MeetingOpened(meeting.called, act.digest, profile.digest, meeting.opens, meeting.closes),
    )


def withdraw(world: World, act: Act[records.MeetingWithdrawn]) -> Decided:
    """A meeting that was not opened will not be held."""
    meeting = _before_opening(world, act.body.meeting)
    check_matters(act, {motion.matter for motion in meeting.motions})
    return replace(world.votes, meetings=world.votes.meetings.remove(meeting.called)), (
        facts.MeetingWithdrawn(meeting.called, act.body.reason),
    )


def check_matters(act: Act[Any], matters: set[int]) -> None:
    """A registrar who stands in for a body out of term may only let the owners elect (design §4).

    Raises ``meeting.registrar_only_elects``.
    """
    if not act.signer.roles & BODY_ROLES and matters != {ELECTION}:
        raise Refused("meeting.registrar_only_elects", sorted(matters), ELECTION)


def read_scope(scope: records.Scope) -> Scope:
    """The scope of a body as the state keeps it."""
    return Scope(scope.level, scope.building or "", scope.stack or "", scope.units or ())


def measure(profile: Profile, *, followers: bool) -> Measure:
    """What a meeting opened now is measured by. ``followers``: the rules let the silent follow the majority."""
    floor = profile.optional_ratio("vote.non_voter_floor")
    return Measure(
        profile=profile.name,
        digest=profile.digest,
        participation=str(profile.ratio("vote.participation")),
        ordinary=str(profile.ratio("vote.ordinary")),
        special=str(profile.ratio("vote.special")),
        special_items=profile.numbers("vote.special_items"),
        base=profile.choice("vote.base"),
        void_participates=profile.flag("vote.void_participates"),
        non_voters=profile.choice("vote.non_voter_policy") if followers else "exclude",
        non_voter_floor="" if floor is None else str(floor),
        unopened_after=str(profile.days("vote.unopened_after")),
    )


def _motion(called: str, number: int, motion: records.Motion) -> Motion:
    effect = "" if motion.effect is None else canonical.encode_trusted(motion.effect).decode()
    return Motion(f"{called}#{number}", motion.matter, motion.title, motion.text, effect)


def _before_opening(world: World, called: str) -> Meeting:
    meeting = world.votes.meeting(called)
    if meeting.voting is not None:
        raise Refused("meeting.opened_before", meeting.voting.record, "a meeting that is not opened yet")
    return meeting


def _check_clause(rules: Rules, name: str, clause: records.ClauseUsed | None) -> None:
    if clause is not None and Clause(name, clause.document, clause.place) not in rules.clauses:
        raise Refused("meeting.clause_not_in_force", f"{clause.document} {clause.place}", name)


def _check_platform(profile: Profile, clause: records.ClauseUsed | None) -> None:
    """Where the law wants a city's own platform (Beijing 35, Hangzhou 20), a vote here may ask for opinions and binds nobody."""
    if clause is not None and profile.choice("vote.platform") != "any":
        raise Refused(
            "meeting.platform", profile.choice("vote.platform"), "no phone_vote: a meeting that asks for opinions"
        )


def _check_times(profile: Profile, opens: int, closes: int, offset: int) -> None:
    if not profile.opens_votes:
        raise Refused("meeting.profile_opens_none", profile.name, "a profile that votes may be opened under")
    if closes <= opens:
        raise Refused("meeting.closes_before_it_opens", period.format_time(closes), period.format_time(opens))
    days = (period.legal_day(closes, offset) - period.legal_day(opens, offset)).days
    least, most = profile.integer("vote.days_min"), profile.integer("vote.days_max")
    if days < least or (most and days > most):
        raise Refused("meeting.days", days, f"{least} to {most or 'any'}")


def _check_notice(world: World, meeting: Meeting, notice_day: str) -> None:
    profile = world.rules.profile
    term = profile.days("notice.regular" if meeting.session == "regular" else "notice.extra")
    opens = period.legal_day(meeting.opens, world.offset)
    if not world.rules.calendar(term).notice_ok(opens, date.fromisoformat(notice_day), term):
        raise Refused("meeting.notice_too_short", notice_day, str(term), opens=opens.isoformat())
