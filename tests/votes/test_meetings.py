"""Meetings up to their opening: who may call, what must hang, what the opening must name."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from ledger import period, words
from ledger.log import snapshot
from ledger.rules.calendar import shipped_text as calendar_text
from ledger.rules.profile import shipped, shipped_text
from ledger.votes import facts
from ledger.votes.decide import KINDS
from ledger.votes.meetings import measure
from ledger.votes.state import Scope
from tests.community import BOTH, Community, Flat, digest_of, flats, key_of, profile_with
from tests.poll import DELEGATION, Poll, motion, refused_as


class TestCalling:
    def test_a_meeting_with_its_motions_stands_and_nothing_is_open(self, community: Community, poll: Poll) -> None:
        poll.motions = [motion(9, "授权", effect=DELEGATION), motion(5, "屋顶")]
        poll.call()
        meeting = poll.meeting
        assert [m.ref for m in meeting.motions] == [f"{poll.called}#0", f"{poll.called}#1"]
        assert meeting.motions[0].read_effect() == DELEGATION
        assert meeting.motions[1].read_effect() is None
        assert meeting.founds_authority
        assert community.fact(facts.MeetingCalled) == facts.MeetingCalled(
            poll.called,
            "业主大会会议",
            "regular",
            Scope("community"),
            period.parse_time(poll.opens),
            period.parse_time(poll.closes),
            meeting.motions,
            founds_authority=True,
        )
        with refused_as("meeting.not_open"):
            community.books.votes.turnout(poll.called)

    @pytest.mark.parametrize("by", [["registrar"], ["supervisor"], ["zhang"], ["chair", "treasurer"], [*BOTH]])
    def test_one_role_of_the_body_calls(self, poll: Poll, by: list[str]) -> None:
        poll.community.ref("zhang")
        with refused_as("signers.seats"):
            poll.call(by=by)

    def test_a_body_whose_keys_are_all_revoked_cannot_sign_either(self) -> None:
        officers = {"chair": ("chair", "committee"), "registrar": ("registrar", "street")}
        community = Community(flats("a1 a2"), officers=officers)
        with refused_as("signers.seats"):
            Poll(community, [motion(3)]).call(by=["registrar"])
        community.revoke(key_of("chair"))
        Poll(community, [motion(3)]).call(by=["registrar"])

    def test_without_a_role_in_term_the_registrar_lets_the_owners_elect_and_nothing_else(self) -> None:
        officers = {"chair": ("chair", "committee"), "registrar": ("registrar", "street")}
        community = Community(flats("a1 a2"), officers=officers, start="2026-01-05T09:00:00+08:00")
        before = Poll(community, [motion(9)])
        before.call()
        community.act(
            "role.ended/1",
            {"person": community.ref("chair"), "role": "chair", "on": "2026-01-05", "source": digest_of("resigned")},
            by=BOTH,
        )
        community.advance(days=1)
        with refused_as("meeting.registrar_only_elects"):
            Poll(community, [motion(3), motion(9)]).call(by=["registrar"])
        for withdrawn, rule in ((before, "meeting.registrar_only_elects"), (Poll(community, [motion(3)]), "")):
            said = {"meeting": withdrawn.called or withdrawn.call(by=["registrar"]), "reason": "重新召集"}
            with refused_as(rule) if rule else nullcontext():
                community.act("meeting.withdrawn/1", said, by=["registrar"])
        poll = Poll(community, [motion(3)])
        poll.call(by=["registrar"])
        poll.post(by="registrar")
        poll.freeze(by=["registrar"])
        poll.open(by=["registrar"])
        poll.wait_until(poll.opens)
        poll.cast("a1", "y"), poll.cast("a2", "y")
        poll.close()
        poll.unseal(by="registrar")
        poll.certify(by=["registrar"])
        assert poll.passed()

    def test_a_scope_that_nobody_lives_in(self, community: Community) -> None:
        with refused_as("meeting.scope_empty"):
            Poll(community, scope={"level": "building", "building": "b9"}).call()
        with refused_as("unit.unknown"):
            Poll(community, scope={"level": "units", "units": ["a1", "z9"]}).call()

    @pytest.mark.parametrize(
        "scope",
        [
            {"level": "community", "building": "b1"},
            {"level": "building"},
            {"level": "stack", "building": "b1"},
            {"level": "units", "units": []},
            {"level": "units", "units": ["a2", "a1"]},
            {"level": "units", "units": ["a1", "a1"]},
        ],
    )
    def test_a_scope_names_what_its_level_needs(self, community: Community, scope: dict) -> None:
        with refused_as("record.body"):
            Poll(community, scope=scope).call()

    def test_a_level_that_the_profile_does_not_know(self) -> None:
        community = Community(flats("a1"), profile=profile_with("vote.scope_levels", '["community"]'))
        with refused_as("meeting.scope_level"):
            Poll(community, scope={"level": "building", "building": "b1"}).call()

    def test_times(self, community: Community) -> None:
        with refused_as("meeting.opens_in_the_past"):
            Poll(community, days=(0, 7)).call()
        with refused_as("meeting.closes_before_it_opens"):
            Poll(community, days=(16, 0)).call()
        with refused_as("record.body"):
            Poll(community).call(opens="2026-02-01")

    @pytest.mark.parametrize(("days", "good"), [(4, False), (5, True), (60, True), (61, False)])
    def test_how_long_a_vote_lasts_where_the_profile_says(self, days: int, good: bool) -> None:
        """Hz 20: 5 to 60 days."""
        text = profile_with("vote.days_min", "5").replace("days_max = { value = 0,", "days_max = { value = 60,")
        poll = Poll(Community(flats("a1"), profile=text), days=(16, days))
        if good:
            poll.call()
        else:
            with refused_as("meeting.days"):
                poll.call()

    def test_a_profile_of_repealed_law_opens_none(self) -> None:
        text = shipped_text("civil-code-2021").replace("opens_votes = true", "opens_votes = false")
        with refused_as("meeting.profile_opens_none"):
            Poll(Community(flats("a1"), profile=text)).call()

    def test_a_clause_must_be_in_force_by_name_document_and_place(self, community: Community, poll: Poll) -> None:
        assert poll.clause is not None
        for wrong in ({"place": "第九条"}, {"document": digest_of("draft")}):
            with refused_as("meeting.clause_not_in_force"):
                poll.call(phone_vote=poll.clause | wrong)
        with refused_as("meeting.clause_not_in_force"):
            poll.call(non_voters=poll.clause)

    @pytest.mark.parametrize("platform", ["city", "official_only"])
    def test_where_a_citys_platform_counts_a_vote_here_only_asks(self, platform: str) -> None:
        """Beijing 2024 article 35, Hangzhou 2021 article 20."""
        community = Community(flats("a1"), profile=profile_with("vote.platform", f'"{platform}"'))
        with refused_as("meeting.platform"):
            Poll(community).call()
        asking = Poll(community, phone=False)
        asking.prepare()
        assert not asking.meeting.founds_authority

    def test_paper_is_not_counted_by_this_machine(self, poll: Poll) -> None:
        with refused_as("meeting.way_not_counted"):
            poll.call(ways=["phone", "paper"])

    @pytest.mark.parametrize(
        "wrong",
        [
            {"motions": []},
            {"motions": [motion()] * 21},
            {"motions": [motion(0)]},
            {"motions": [motion(10)]},
            {"motions": [motion() | {"special": True}]},
            {"session": "secret"},
            {"title": ""},
        ],
    )
    def test_bodies_that_are_none(self, poll: Poll, wrong: dict) -> None:
        with refused_as("record.body"):
            poll.call(**wrong)


class TestNotice:
    def test_anyone_who_answers_for_the_board_may_say_that_it_hangs(self, community: Community, poll: Poll) -> None:
        poll.call()
        for by in ("member", "registrar", "supervisor"):
            poll.post(by=by)
        assert set(poll.meeting.notices.values()) == {community.day}
        with refused_as("signers.seats"):
            poll.post(by="zhang")

    def test_a_claim_never_makes_it_older(self, community: Community, poll: Poll) -> None:
        poll.call()
        entered = community.day
        poll.post(on="2025-12-01")
        assert poll.meeting.notices[poll.notice] == entered
        assert community.fact(facts.NoticePosted) == facts.NoticePosted(
            poll.called, poll.notice, entered, "2025-12-01", 3
        )

    def test_it_does_not_hang_tomorrow(self, poll: Poll) -> None:
        poll.call()
        with refused_as("notice.in_the_future"):
            poll.post(on="2027-01-01")

    def test_of_a_meeting_that_is_not(self, poll: Poll) -> None:
        poll.called = digest_of("nothing")
        with refused_as("meeting.unknown"):
            poll.post()


class TestOpening:
    def ready(self, community: Community, **how) -> Poll:
        poll = Poll(community, **how)
        poll.call()
        poll.post()
        poll.freeze()
        return poll

    def test_cc_201_the_day_of_posting_is_not_counted(self, community: Community) -> None:
        """15 days: posted on 5 January, the vote opens on 20 January at the earliest."""
        for days, good in ((14, False), (15, True)):
            poll = self.ready(community, days=(days, 7))
            if good:
                poll.open()
            else:
                with refused_as("meeting.notice_too_short"):
                    poll.open()

    def test_legal_days_not_hours(self, community: Community) -> None:
        """Posted at 23:50 on one day, opening at 00:10 on the fifteenth day after: 14 days and 20 minutes, 15 legal days."""
        community.set_clock("2026-01-06T23:45:00+08:00")
        poll = Poll(community)
        poll.opens, poll.closes = "2026-01-20T16:10:00.000Z", "2026-01-30T16:00:00.000Z"
        poll.call()
        poll.post()
        poll.freeze()
        poll.open()

    def test_extraordinary_sessions_have_their_own_term(self) -> None:
        """Hz 19: 7 days."""
        community = Community(flats("a1"), profile=profile_with("notice.extra", '"7d"'))
        poll = Poll(community, days=(7, 7))
        poll.call(session="extraordinary")
        poll.post()
        poll.freeze()
        poll.open()
        late = self.ready(community, days=(7, 7))
        with refused_as("meeting.notice_too_short"):
            late.open()

    def test_working_days_need_the_years_table(self) -> None:
        community = Community(flats("a1"), profile=profile_with("notice.regular", '"10wd"'))
        poll = self.ready(community)
        with refused_as("calendar.year_missing"):
            poll.open()
        community.act("calendar.adopted/1", {"year": 2026, "text": calendar_text(2026)}, by=BOTH)
        poll.open()
        early = self.ready(community, days=(9, 7))
        with refused_as("meeting.notice_too_short"):
            early.open()

    def test_the_notice_must_be_of_this_meeting(self, community: Community) -> None:
        other = self.ready(community)
        poll = Poll(community)
        poll.call()
        poll.freeze()
        with refused_as("meeting.notice_unknown"):
            poll.open(notice=other.notice)

    def test_the_roll_is_frozen_before(self, poll: Poll) -> None:
        poll.call()
        poll.post()
        with refused_as("meeting.roll_not_frozen"):
            poll.open(roll=digest_of("no roll"))

    def test_everything_named_is_what_stands(self, community: Community) -> None:
        poll = self.ready(community)
        other = self.ready(community)
        swapped = digest_of("other")
        wrong: dict[str, Any] = {
            "roll": other.roll,
            "root": swapped,
            "profile": swapped,
            "motions": swapped,
            "opens": community.moment(days=17),
            "closes": community.moment(days=30),
            "phone_vote": {"document": digest_of("bylaws"), "place": "第九条"},
        }
        for field, value in wrong.items():
            with refused_as(f"meeting.{field}_differs"):
                poll.open(**{field: value})
        poll.open()
        meeting = poll.meeting
        assert community.fact(facts.MeetingOpened) == facts.MeetingOpened(
            poll.called, poll.opened, community.books.rules.profile.digest, meeting.opens, meeting.closes
        )

    def test_a_motion_whose_text_was_swapped_after_the_call(self, community: Community) -> None:
        poll = self.ready(community)
        poll.motions[0]["text"] = digest_of("another contractor")
        with refused_as("meeting.motions_differs"):
            poll.open()

    def test_not_after_the_hour_it_was_called_for(self, community: Community) -> None:
        poll = self.ready(community)
        community.time = poll.meeting.opens - 60_000 + 1
        with refused_as("meeting.opened_late"):
            poll.open()
        community.time = poll.meeting.opens - 60_000
        poll.open()

    def test_once(self, community: Community) -> None:
        poll = self.ready(community)
        poll.open()
        for again in (poll.open, poll.freeze, poll.post):
            with refused_as("meeting.opened_before"):
                again()

    def test_under_the_profile_that_made_the_roll(self, community: Community) -> None:
        poll = self.ready(community)
        text = profile_with("vote.head_merge", '"none"')
        community.act("profile.adopted/1", {"text": text, "source": digest_of("decision")}, by=BOTH)
        with refused_as("meeting.roll_of_other_profile"):
            poll.open()

    def test_a_clause_repealed_since_the_call(self, community: Community) -> None:
        poll = self.ready(community)
        new = {"document": digest_of("new rules"), "replaces": digest_of("bylaws"), "source": digest_of("decision")}
        community.act("bylaws.adopted/1", new, by=BOTH)
        with refused_as("meeting.clause_not_in_force"):
            poll.open()

    def test_one_role_of_the_body_opens(self, community: Community) -> None:
        poll = self.ready(community)
        for by in (["registrar"], ["zhang"], ["chair", "member"]):
            with refused_as("signers.seats"):
                poll.open(by=by)

    def test_what_it_is_measured_by_is_fixed_at_the_opening(self, community: Community) -> None:
        poll = self.ready(community)
        poll.open()
        text = profile_with("vote.participation", '">=1/5"')
        community.act("profile.adopted/1", {"text": text, "source": digest_of("decision")}, by=BOTH)
        poll.wait_until(poll.opens)
        poll.cast("a1", "y")
        poll.close()
        poll.unseal()
        assert poll.draft()["items"][0]["counted"]["participation"]["ratio"] == ">=2/3"
        assert poll.draft()["profile"]["digest"] == shipped("civil-code-2021").digest


class TestWithdrawing:
    def test_before_it_is_opened(self, community: Community, poll: Poll) -> None:
        poll.call()
        with refused_as("signers.seats"):
            community.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": "材料不全"}, by=["registrar"])
        community.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": "材料不全"}, by=["chair"])
        assert community.fact(facts.MeetingWithdrawn) == facts.MeetingWithdrawn(poll.called, "材料不全")
        with refused_as("meeting.unknown"):
            poll.post()

    def test_never_after(self, community: Community, poll: Poll) -> None:
        poll.prepare()
        with refused_as("meeting.opened_before"):
            community.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": "不利"}, by=["chair"])


class TestMeasure:
    @pytest.mark.parametrize(("named", "policy"), [(True, "follow_majority"), (False, "exclude")])
    def test_a_clause_that_the_call_does_not_name_binds_nobody(self, named: bool, policy: str) -> None:
        text = profile_with("vote.non_voter_policy", '"follow_majority"')
        community = Community(flats("a1"), profile=text, clauses=("phone_vote", "non_voters_follow"))
        poll = Poll(community, followers=named)
        poll.prepare()
        assert poll.draft()["non_voters"] == policy

    def test_a_clause_repealed_before_the_opening_binds_nobody(self) -> None:
        text = profile_with("vote.non_voter_policy", '"follow_majority"')
        community = Community(flats("a1"), profile=text, clauses=("non_voters_follow",))
        poll = Poll(community, phone=False, followers=True)
        poll.call()
        poll.post()
        poll.freeze()
        new = {"document": digest_of("new rules"), "replaces": digest_of("bylaws"), "source": digest_of("decision")}
        community.act("bylaws.adopted/1", new, by=BOTH)
        poll.open()
        assert poll.draft()["non_voters"] == "exclude"

    def test_the_silent_follow_only_under_policy_and_clause(self) -> None:
        follow = shipped("civil-code-2021").parse(profile_with("vote.non_voter_policy", '"follow_majority"'))
        assert measure(follow, followers=True).non_voters == "follow_majority"
        assert measure(follow, followers=False).non_voters == "exclude"
        assert measure(shipped("civil-code-2021"), followers=True).non_voters == "exclude"

    def test_takes_every_value_from_the_profile(self) -> None:
        taken = measure(shipped("civil-code-2021"), followers=False)
        assert replace(taken, digest="") == type(taken)(
            profile="civil-code-2021",
            digest="",
            participation=">=2/3",
            ordinary=">1/2",
            special=">=3/4",
            special_items=(6, 7, 8),
            base="participating",
            void_participates=False,
            non_voters="exclude",
            non_voter_floor="",
            unopened_after="7d",
        )
        floor = shipped("civil-code-2021").parse(profile_with("vote.non_voter_floor", '">1/2"'))
        assert measure(floor, followers=False).non_voter_floor == ">1/2"


def test_a_building_decides_for_itself(community: Community) -> None:
    poll = Poll.hold(community, [motion(5)], {"b1": "y", "b2": "y"}, scope={"level": "building", "building": "b2"})
    body = community.entries[-1].record.body
    assert body["scope"] == {"level": "building", "building": "b2"}
    assert body["roll"]["total"] == {"area": 20_000, "heads": 2}
    assert poll.passed()


def test_replay_equals_the_state(community: Community) -> None:
    Poll.hold(community, [motion(5), motion(7)], {"a1": "yy", "a2": "yn", "b1": "ya"})
    running = Poll(community, [motion(9)])
    running.prepare()
    running.cast("a1", "n")
    running.cast("a1", "y", revision=2)
    assert community.replay() == community.books
    assert snapshot.load(type(community.books), snapshot.dump(community.books)) == community.books


def test_the_law_counts_days_at_the_ledgers_offset() -> None:
    """23:30 in Beijing is the same day there, though UTC says 15:30."""
    community = Community((Flat("a1"),), start="2026-01-05T23:30:00+08:00")
    poll = Poll(community)
    poll.call()
    poll.post()
    assert poll.meeting.notices[poll.notice] == "2026-01-05"
    assert period.legal_day(community.time, 480).isoformat() == "2026-01-05"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_refusals_named_by_what_differs_have_their_texts(locale: str) -> None:
    """These rules are put together where they are raised, so no search of the code finds them."""
    opening = ("roll", "root", "profile", "motions", "opens", "closes", "phone_vote")
    figures = ("units", "leaves", "heads", "area", "root")
    rules = [f"meeting.{what}_differs" for what in opening] + [f"roll.{what}_wrong" for what in figures]
    assert [rule for rule in rules if not words.has(f"error.{rule}", locale)] == []
    assert [kind for kind in KINDS if not words.has(f"kind.{kind.split('/')[0]}.title", locale)] == []
