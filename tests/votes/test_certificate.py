"""The certificate: every figure is the machine's own, anyone can count again, a ballot nobody opens carries nothing."""

import copy
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rpds import HashTrieMap

from ledger import canonical
from ledger.log.merkle import Range, leaf_hash
from ledger.rules.calendar import shipped_text as calendar_text
from ledger.rules.profile import shipped
from ledger.votes import certificate, facts, records
from ledger.votes.certificate import LISTED, draft
from ledger.votes.decide import KINDS
from ledger.votes.meetings import measure
from ledger.votes.state import Ballot, Leaf, Meeting, Motion, Roll, Scope, Turnout, Votes, Voting
from ledger.votes.tally import Count, Weight
from tests.community import BOTH, Community, Flat, flats, profile_with
from tests.poll import DELEGATION, Poll, motion, refused_as


@pytest.fixture
def counted(community: Community) -> Poll:
    """Two motions, ordinary and special, three ballots opened, ready to be certified."""
    poll = Poll(community, [motion(9, effect=DELEGATION), motion(7)])
    poll.prepare()
    poll.cast("a1", "yy"), poll.cast("a2", "yn"), poll.cast("b1", "na")
    poll.close()
    poll.unseal()
    return poll


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*at, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, (*at, number))
    else:
        yield at


def changed(body: dict[str, Any], place: tuple[Any, ...]) -> dict[str, Any]:
    body = copy.deepcopy(body)
    inner: Any = body
    for step in place[:-1]:
        inner = inner[step]
    value = inner[place[-1]]
    if isinstance(value, bool):
        inner[place[-1]] = not value
    elif isinstance(value, int):
        inner[place[-1]] = value + 1 if value != 9 else 8
    elif value in ("ordinary", "special"):
        inner[place[-1]] = "special" if value == "ordinary" else "ordinary"
    elif value in ("exclude", "follow_majority"):
        inner[place[-1]] = "follow_majority" if value == "exclude" else "exclude"
    elif value in ("same_owner_set", "none"):
        inner[place[-1]] = "same_buyer"
    elif value.endswith("Z"):
        inner[place[-1]] = value[:-2] + ("1Z" if value[-2] == "0" else "0Z")
    elif value == "community":
        inner[place[-1]] = "stack"
    else:
        inner[place[-1]] = ("1" if value[0] == "0" else "0") + value[1:]
    return body


class TestFigures:
    def test_the_figures_of_a_small_vote(self, counted: Poll) -> None:
        """zhang (two flats, one head) and li vote yes; zhao no, then abstains: CC 278."""
        first, second = counted.draft()["items"]
        assert first["majority"] == "ordinary"
        assert first["yes"] == {"area": 30_000, "heads": 2}
        assert first["no"] == {"area": 10_000, "heads": 1}
        assert first["counted"]["participation"] == {
            "ratio": ">=2/3",
            "area": [120_000, 80_000],
            "heads": [9, 6],
            "met": True,
        }
        assert first["counted"]["consent"] == {"ratio": ">1/2", "area": [60_000, 40_000], "heads": [4, 3], "met": True}
        assert first["passed"]
        assert second["majority"] == "special"
        assert second["counted"]["consent"] == {
            "ratio": ">=3/4",
            "area": [80_000, 120_000],
            "heads": [4, 9],
            "met": False,
        }
        assert not second["passed"]
        assert "with_unopened" not in first
        assert "unopened" not in counted.draft()

    def test_says_under_which_rules_and_on_which_roll(self, counted: Poll) -> None:
        community, body = counted.community, counted.draft()
        frozen = counted.meeting.roll
        assert frozen is not None
        assert body["roll"]["record"] == counted.roll
        assert body["roll"]["root"] == frozen.root
        assert body["roll"]["cut_off"] == json.loads(community.entries[frozen.seq].raw)["time"]
        assert body["roll"]["merge"] == "same_owner_set"
        assert body["roll"]["total"] == {"area": 40_000, "heads": 3}
        assert body["profile"] == {
            "name": "civil-code-2021",
            "digest": community.books.rules.profile.digest,
        }
        assert body["opened"]["count"] == 3
        tree = Range()
        for entry in community.entries:
            if entry.record.kind == "ballot.opened/1":
                tree = tree.append(leaf_hash(entry.record.raw))
        assert body["opened"]["root"] == tree.root().hex()

    def test_each_figure_changed_is_refused_and_its_place_named(self, counted: Poll) -> None:
        body = counted.draft()
        before = counted.community.books
        tried = 0
        for place in places(body):
            wrong = changed(body, place)
            if place == ("meeting",):
                rule = "meeting.not_open"
            elif place == ("scope", "level"):
                rule = "record.body"
            else:
                rule = "certificate.figure_wrong"
            with refused_as(rule):
                counted.certify(wrong)
            tried += 1
        assert tried > 90
        assert counted.community.books == before
        counted.certify()

    def test_the_place_named_is_the_one_changed(self, counted: Poll) -> None:
        body = counted.draft()
        place = ("items", 1, "counted", "consent", "area", 0)
        with refused_as("certificate.figure_wrong") as refusal:
            counted.certify(changed(body, place))
        assert refusal.value.context == {"place": "items/1/counted/consent/area/0"}
        assert (refusal.value.value, refusal.value.accepted) == (80_001, 80_000)

    def test_an_item_left_out_added_or_moved(self, counted: Poll) -> None:
        body = counted.draft()
        one, two = body["items"]
        for items in ([one], [two, one], [one, two, two]):
            with refused_as("certificate.figure_wrong"):
                counted.certify(body | {"items": items})
        with refused_as("certificate.figure_wrong"):
            counted.certify(
                body | {"unopened": {"count": 0, "weight": {"area": 0, "heads": 0}, "root": "0" * 64, "digests": []}}
            )

    def test_follow_is_given_beside_the_literal_figure(self, community: Community) -> None:
        """Two of three heads say yes for 30,000 of 40,000; the third, silent, would follow."""
        poll = Poll(community)
        poll.prepare()
        poll.cast("a1", "y"), poll.cast("a2", "y")
        poll.close()
        poll.unseal()
        (item,) = poll.draft()["items"]
        assert item["counted"]["participating"] == {"area": 30_000, "heads": 2}
        assert item["if_followed"]["participating"] == {"area": 40_000, "heads": 3}
        assert item["if_followed"]["agreeing"] == {"area": 40_000, "heads": 3}

    def test_no_policy_lets_silence_carry_a_motion_without_proof_of_service(self) -> None:
        """``follow_majority`` with its clause: the figure is printed, the literal result decides."""
        community = Community(
            flats("a1 a2 a3"),
            profile=profile_with("vote.non_voter_policy", '"follow_majority"'),
            clauses=("phone_vote", "non_voters_follow"),
        )
        poll = Poll.hold(community, [motion()], {"a1": "y"}, followers=True)
        body = community.entries[-1].record.body
        assert body["non_voters"] == "follow_majority"
        assert body["items"][0]["if_followed"]["passed"]
        assert not poll.passed()

    def test_nobody_voted(self, community: Community) -> None:
        poll = Poll.hold(community, [motion()], {})
        body = community.entries[-1].record.body
        assert body["cast"] == {"area": 0, "heads": 0}
        assert body["opened"] == {"count": 0, "root": hashlib.sha256(b"").hexdigest()}
        assert not poll.passed()


class TestEnding:
    def test_everything_leaves_the_state(self, counted: Poll) -> None:
        community = counted.community
        counted.certify()
        assert community.books.votes == Votes()

    def test_facts_for_the_other_rooms(self, counted: Poll) -> None:
        community = counted.community
        counted.certify()
        assert community.fact(facts.MeetingCertified) == facts.MeetingCertified(
            counted.called,
            counted.opened,
            counted.certificate,
            community.day,
            witnessed=True,
            cast=Turnout(40_000, 3, 40_000, 3),
        )
        first, second = (f for f in community.facts if isinstance(f, facts.MotionDecided))
        assert first == facts.MotionDecided(
            motion=f"{counted.called}#0",
            meeting=counted.called,
            certificate=counted.certificate,
            matter=9,
            title="事项",
            scope=Scope("community"),
            passed=True,
            founds_authority=True,
            effect=DELEGATION,
            on=community.day,
        )
        assert (second.passed, second.effect) == (False, None)
        assert (f"{counted.called}#0", "") in community.books.accounts.authorities

    def test_a_survey_of_opinions_founds_no_authority(self, community: Community) -> None:
        poll = Poll.hold(community, [motion(9, effect=DELEGATION)], {"a1": "y", "a2": "y"}, phone=False)
        assert poll.passed()
        assert not poll.decided().founds_authority
        assert not community.entries[-1].record.body["founds_authority"]
        assert not list(community.books.accounts.authorities)

    def test_once(self, counted: Poll) -> None:
        body = counted.draft()
        counted.certify(body)
        with refused_as("meeting.not_open"):
            counted.certify(body)

    @pytest.mark.parametrize("by", [("chair",), ("registrar",), ("supervisor",), ("chair", "treasurer"), BOTH])
    def test_anyone_in_office_signs(self, community: Community, counted: Poll, by: tuple[str, ...]) -> None:
        """Else a body could keep back its own dismissal."""
        counted.certify(by=by)
        assert community.fact(facts.MeetingCertified).witnessed == ("registrar" in by)

    def test_nobody_else_does(self, counted: Poll) -> None:
        counted.community.enter("stranger")
        for by in (["stranger"], ["chair", "stranger"]):
            with refused_as("signers.seats"):
                counted.certify(by=by)

    def test_without_a_registrar_two_of_the_body_sign_and_it_says_so(self) -> None:
        officers = {"chair": ("chair", "committee"), "treasurer": ("treasurer", "committee")}
        community = Community(flats("a1 a2"), officers=officers)
        poll = Poll.hold(community, [motion()], {"a1": "y", "a2": "y"})
        assert poll.passed()
        assert not community.fact(facts.MeetingCertified).witnessed

    def test_from_the_close_on_and_not_before(self, community: Community) -> None:
        poll = Poll(community)
        poll.prepare()
        body = poll.draft()
        community.time = poll.meeting.closes - 60_001
        with refused_as("certificate.before_close"):
            poll.certify(body)
        community.time = poll.meeting.closes - 60_000
        poll.certify(body)

    def test_names_the_stack_that_voted(self) -> None:
        community = Community((Flat("a1", building="b1", stack="s1"), Flat("a2", building="b1", stack="s2")))
        scope = {"level": "stack", "building": "b1", "stack": "s2"}
        Poll.hold(community, [motion(5)], {"a2": "y"}, scope=scope)
        assert community.entries[-1].record.body["scope"] == scope

    def test_consent_of_all_where_the_profile_says_so(self) -> None:
        community = Community(flats("a1 a2 a3 a4"), profile=profile_with("vote.base", '"all"'))
        poll = Poll.hold(community, [motion()], {"a1": "y", "a2": "y", "a3": "n"})
        (item,) = community.entries[-1].record.body["items"]
        assert item["counted"]["consent"]["heads"] == [4, 4]
        assert not poll.passed()


class TestUnopened:
    """Keeping back a ballot, or losing it, carries nothing."""

    def sealed(self, community: Community, votes: dict[str, str], lost: str) -> Poll:
        poll = Poll(community)
        poll.prepare()
        for unit, letters in votes.items():
            poll.cast(unit, letters)
        poll.close()
        poll.unseal(*(unit for unit in votes if unit != lost))
        return poll

    def test_waits_until_the_profiles_days_have_passed(self, community: Community) -> None:
        """``vote.unopened_after`` 7 days: the day of the close is not counted, so from the eighth day after it."""
        poll = self.sealed(community, {"a1": "y", "a2": "y", "b1": "y"}, "b1")
        for days, good in ((0, False), (7, False), (8, True)):
            community.time = poll.meeting.closes
            community.advance(days=days)
            if good:
                poll.certify()
            else:
                with refused_as("certificate.ballots_sealed"):
                    poll.certify()

    def test_working_days_need_the_years_table(self) -> None:
        community = Community(flats("a1 a2 a3"), profile=profile_with("vote.unopened_after", '"3wd"'))
        poll = self.sealed(community, {"a1": "y", "a2": "y", "a3": "y"}, "a3")
        community.advance(days=9)
        with refused_as("calendar.year_missing"):
            poll.certify()

    def test_working_days_leave_out_the_weekend(self) -> None:
        """The vote closes on Wednesday 28 January 2026; three working days are over with Monday 2 February."""
        community = Community(flats("a1 a2 a3"), profile=profile_with("vote.unopened_after", '"3wd"'))
        community.act("calendar.adopted/1", {"year": 2026, "text": calendar_text(2026)}, by=BOTH)
        poll = self.sealed(community, {"a1": "y", "a2": "y", "a3": "y"}, "a3")
        closed = poll.meeting.closes
        for days, good in ((5, False), (6, True)):
            community.time = closed
            community.advance(days=days)
            if good:
                poll.certify()
            else:
                with refused_as("certificate.ballots_sealed"):
                    poll.certify()

    def test_its_owner_opens_it_from_the_receipt(self, community: Community) -> None:
        poll = self.sealed(community, {"a1": "y", "a2": "y", "b1": "n"}, "b1")
        poll.unseal("b1", by="zhao")
        assert "unopened" not in poll.draft()
        poll.certify()

    def test_is_listed_and_both_results_are_given(self, community: Community) -> None:
        poll = self.sealed(community, {"a1": "y", "a2": "y", "b1": "n"}, "b1")
        body = poll.draft()
        assert body["cast"] == {"area": 40_000, "heads": 3}
        assert body["unopened"] == {
            "count": 1,
            "weight": {"area": 10_000, "heads": 1},
            "root": leaf_hash(bytes.fromhex(poll.ballots["b1"])).hex(),
            "digests": [poll.ballots["b1"]],
        }
        (item,) = body["items"]
        assert item["counted"]["participating"] == {"area": 30_000, "heads": 2}
        assert item["with_unopened"]["participating"] == {"area": 40_000, "heads": 3}
        assert item["with_unopened"]["agreeing"] == {"area": 30_000, "heads": 2}
        community.advance(days=8)
        for place in places(body):
            if place[0] == "unopened" or "with_unopened" in place:
                with refused_as("certificate.figure_wrong"):
                    poll.certify(changed(body, place))
        left_out = {name: value for name, value in body.items() if name != "unopened"}
        with refused_as("certificate.figure_wrong"):
            poll.certify(left_out)
        poll.certify(body)
        assert poll.passed()

    def test_keeping_back_a_no_does_not_carry_a_motion(self) -> None:
        """Two yes, two no: fails. With one no kept back it is 2 of 3, which alone would pass."""
        community = Community(flats("a1 a2 a3 a4"))
        poll = self.sealed(community, {"a1": "y", "a2": "y", "a3": "n", "a4": "n"}, "a4")
        community.advance(days=8)
        poll.certify()
        (item,) = community.entries[-1].record.body["items"]
        assert item["counted"]["passed"]
        assert not item["with_unopened"]["passed"]
        assert not item["passed"]
        assert not poll.passed()

    def test_a_lost_ballot_does_not_make_a_quorum(self) -> None:
        """Two yes of four are no quorum; a third, unreadable, may have been void."""
        community = Community(flats("a1 a2 a3 a4"))
        poll = self.sealed(community, {"a1": "y", "a2": "y", "a3": "y"}, "a3")
        community.advance(days=8)
        poll.certify()
        (item,) = community.entries[-1].record.body["items"]
        assert not item["counted"]["passed"]
        assert item["with_unopened"]["participation"]["met"]
        assert not poll.passed()

    @pytest.mark.parametrize("number", [LISTED, LISTED + 1])
    def test_many_stand_by_root_and_weight_alone(self, number: int) -> None:
        digests = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(number)]
        leaves = {f"u{n:04}": Leaf(f"u{n:04}", (f"u{n:04}",), ("o",), 100, 1) for n in range(number)}
        ballots = {unit: Ballot(1, digest, "0" * 64) for unit, digest in zip(leaves, digests, strict=True)}
        body = draft(*opened(leaves, ballots))
        records.MeetingCertified.model_validate_json(canonical.encode(body))
        assert body["unopened"]["count"] == number
        assert body["unopened"]["digests"] == (sorted(digests) if number <= LISTED else [])
        tree = Range().extend(leaf_hash(bytes.fromhex(d)) for d in sorted(digests))[0]
        assert body["unopened"]["root"] == tree.root().hex()
        assert body["unopened"]["weight"] == {"area": 100 * number, "heads": number}


def opened(
    leaves: dict[str, Leaf], ballots: dict[str, Ballot], motions: int = 1, scope: Scope | None = None
) -> tuple[Votes, str]:
    """A meeting in the state in which a certificate is drafted."""
    roll = Roll(
        "1" * 64,
        5,
        0,
        "2" * 64,
        "same_owner_set",
        "3" * 64,
        sum(leaf.area for leaf in leaves.values()),
        sum(leaf.head for leaf in leaves.values()),
        HashTrieMap(leaves),
    )
    voting = Voting(
        "4" * 64,
        measure(shipped("civil-code-2021"), followers=False),
        HashTrieMap(ballots),
        area=sum(leaves[unit].area for unit in ballots),
        heads=sum(leaves[unit].head for unit in ballots),
    )
    items = tuple(Motion(f"{'5' * 64}#{n}", 9, "事项", "6" * 64, "") for n in range(motions))
    one = Meeting(
        "5" * 64,
        "会议",
        "regular",
        scope or Scope("community"),
        0,
        1,
        items,
        "8" * 64,
        "7" * 64,
        "第九条",
        False,
        roll=roll,
        voting=voting,
    )
    return Votes(HashTrieMap({one.called: one}), HashTrieMap({voting.record: one.called})), voting.record


def test_the_largest_certificate_fits_an_entry() -> None:
    """20 motions, figures of a million units and 10¹² of area, as many unopened ballots and units listed as there may be."""
    leaves = {"a": Leaf("a", ("a",), (), 10**12 - LISTED, 999_999 - LISTED)}
    leaves |= {f"u{n}": Leaf(f"u{n}", (), (), 1, 1) for n in range(LISTED)}
    ballots = {f"u{n}": Ballot(1, hashlib.sha256(str(n).encode()).hexdigest(), "0" * 64) for n in range(LISTED)}
    ballots["a"] = Ballot(1, "9" * 64, "0" * 64, opened=True, choices=("yes",) * 20)
    scope = Scope("units", units=tuple(f"{n:040}" for n in range(256)))
    body = draft(*opened(leaves, ballots, 20, scope=scope))
    records.MeetingCertified.model_validate_json(canonical.encode(body))
    envelope_and_two_passkeys = 7_000
    assert len(canonical.encode(body)) + envelope_and_two_passkeys < KINDS["meeting.certified/1"].limit


letters = st.text(st.sampled_from("ynax"), min_size=2, max_size=2)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=3, max_size=8), st.dictionaries(st.integers(0, 7), letters))
def test_a_stranger_counts_the_same_from_the_entries(areas: list[int], votes: dict[int, str]) -> None:
    """From the bytes of the entries alone, in plain Python: units, ballots, openings; then the certificate's figures."""
    community = Community([Flat(f"u{n}", area + 1) for n, area in enumerate(areas)])
    Poll.hold(community, [motion(5), motion(6)], {f"u{n}": how for n, how in votes.items() if n < len(areas)})
    said = [json.loads(entry.raw)["record"] for entry in community.entries]
    area = {r["body"]["code"]: r["body"]["area"] for r in said if r["kind"] == "unit.entered/1"}
    unit_of = {e.record.digest: e.record.body["unit"] for e in community.entries if e.record.kind == "ballot.cast/1"}
    choices = {unit_of[r["body"]["ballot"]]: r["body"]["choices"] for r in said if r["kind"] == "ballot.opened/1"}
    (body,) = (r["body"] for r in said if r["kind"] == "meeting.certified/1")
    for number, item in enumerate(body["items"]):
        part = {
            word: [unit for unit, words in choices.items() if words[number] == word]
            for word in ("yes", "no", "abstain")
        }
        for word, units in part.items():
            assert item[word] == {"area": sum(area[u] for u in units), "heads": len(units)}
        took_part = [u for units in part.values() for u in units]
        ap, hp, at, ht = sum(area[u] for u in took_part), len(took_part), sum(area.values()), len(area)
        ay, hy = sum(area[u] for u in part["yes"]), len(part["yes"])
        quorum = 3 * ap >= 2 * at and 3 * hp >= 2 * ht
        consent = (4 * ay >= 3 * ap and 4 * hy >= 3 * hp) if number == 1 else (2 * ay > ap and 2 * hy > hp)
        assert item["passed"] is (quorum and consent and hp > 0)


def test_a_floor_binds_those_who_would_follow() -> None:
    """Zj 10: the majority cast must exceed one half of all before the silent may follow it."""
    measured = opened({"a": Leaf("a", (), (), 1, 1)}, {})[0].meetings["5" * 64].voting
    assert measured is not None
    one = Motion("m#0", 9, "事项", "6" * 64, "")
    five, ten = Weight(5, 5), Weight(10, 10)
    for floor, followed in (("", True), (">1/2", False)):
        figures = certificate.item(
            one, Count(yes=five), None, ten, five, replace(measured.measure, non_voter_floor=floor)
        )
        assert figures["if_followed"]["passed"] is followed
