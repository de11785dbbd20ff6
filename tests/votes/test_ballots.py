"""Ballots, mostly attacked: another's unit, another meeting, another time, a key come late, answers changed."""

import base64

import pytest

from ledger.errors import Malformed
from ledger.votes import facts
from ledger.votes.ballots import check_answers
from ledger.votes.state import Turnout
from tests.community import BOTH, Community, Flat, digest_of, flats, key_of, profile_with, salt_of
from tests.poll import Poll, motion, refused_as


@pytest.fixture
def voting(poll: Poll) -> Poll:
    """The meeting, open for ballots."""
    poll.prepare()
    return poll


class TestCasting:
    def test_only_turnout_is_seen_before_the_close(self, community: Community, voting: Poll) -> None:
        voting.cast("a1", "y")
        assert community.books.votes.turnout(voting.opened) == Turnout(20_000, 1, 40_000, 3)
        voting.cast("a2", "n", by=["wang"])
        fact = community.fact(facts.BallotCounted)
        assert (fact.unit, fact.first, fact.turnout) == ("a2", True, Turnout(30_000, 2, 40_000, 3))
        raw = b"".join(entry.raw for entry in community.entries)
        assert b'"yes"' not in raw
        assert b'"no"' not in raw

    def test_the_highest_revision_counts_once_in_the_turnout(self, community: Community, voting: Poll) -> None:
        voting.cast("a1", "y")
        voting.cast("a1", "n", revision=2)
        assert community.books.votes.turnout(voting.opened) == Turnout(20_000, 1, 40_000, 3)
        assert not community.fact(facts.BallotCounted).first
        voting.close()
        voting.unseal()
        assert voting.draft()["items"][0]["no"] == {"area": 20_000, "heads": 1}

    @pytest.mark.parametrize("revision", [1, 2, 4, 1_000_000])
    def test_a_revision_is_one_more_than_the_last(self, voting: Poll, revision: int) -> None:
        """The highest there is would end the vote of whoever's key was stolen."""
        with refused_as("ballot.revision"):
            voting.cast("a1", "y", revision=2)
        voting.cast("a1", "y")
        voting.cast("a1", "n", revision=2)
        with refused_as("ballot.revision"):
            voting.cast("a1", "y", revision=revision)

    def test_a_revision_is_a_number_from_1(self, voting: Poll) -> None:
        with refused_as("record.body"):
            voting.cast("a1", "y", revision=0)

    def test_opens_counts_closes_does_not(self, poll: Poll) -> None:
        poll.call()
        poll.post()
        poll.freeze()
        poll.open()
        with refused_as("ballot.early"):
            poll.cast("a1", "y")
        poll.cast("a1", "y", at=poll.opens)
        with refused_as("ballot.late"):
            poll.cast("a1", "n", revision=2, at=poll.closes)

    def test_the_last_millisecond(self, voting: Poll) -> None:
        voting.community.time = voting.meeting.closes - 1 - 60_000
        voting.cast("a1", "y")
        assert voting.community.time == voting.meeting.closes - 1

    def test_somebody_elses_unit(self, voting: Poll) -> None:
        for thief in ("zhao", "chair"):
            with refused_as("ballot.not_your_unit"):
                voting.cast("a1", "y", by=[thief])

    def test_joint_owners_vote_by_the_one_they_named(self, community: Community, poll: Poll) -> None:
        """Joint owners have one vote and name the voter; the other could otherwise outvote him by a higher revision."""
        community.change_unit(Flat("a2", 10_000, ("li", "wang"), voter="wang"))
        poll.prepare()
        assert poll.meeting.roll is not None
        assert poll.meeting.roll.leaves["a2"].voter == community.ref("wang")
        with refused_as("ballot.not_named_voter"):
            poll.cast("a2", "y", by=["li"])
        poll.cast("a2", "n", by=["wang"])
        with refused_as("ballot.not_named_voter"):
            poll.cast("a2", "y", by=["li"], revision=2)

    def test_the_voter_is_named_before_the_roll(self, community: Community, voting: Poll) -> None:
        community.change_unit(Flat("a2", 10_000, ("li", "wang"), voter="wang"))
        voting.cast("a2", "y", by=["li"])

    def test_a_unit_that_is_no_leaf_of_its_own(self, voting: Poll) -> None:
        """b2 is merged under a1: its owner votes once."""
        for unit in ("b2", "z9"):
            with refused_as("ballot.not_on_roll"):
                voting.cast(unit, "y", by=["zhang"])

    def test_a_unit_outside_the_scope(self, community: Community) -> None:
        poll = Poll(community, scope={"level": "building", "building": "b2"})
        poll.prepare()
        with refused_as("ballot.not_on_roll"):
            poll.cast("a2", "y")

    def test_two_owners_do_not_sign_one_ballot(self, voting: Poll) -> None:
        with refused_as("signers.superfluous"):
            voting.cast("a2", "y", by=["li", "wang"])

    def test_a_key_enrolled_after_the_freeze(self, community: Community, poll: Poll) -> None:
        before = community.enrol("zhang", "before")
        poll.call()
        poll.post()
        poll.freeze()
        after = community.enrol("zhang", "after")
        poll.open()
        poll.wait_until(poll.opens)
        with refused_as("ballot.key_after_roll"):
            poll.cast("a1", "y", by=[after])
        poll.cast("a1", "y", by=[before])

    def test_a_key_the_committee_enrols_in_an_owners_name(self, community: Community, poll: Poll) -> None:
        """Committee and registrar can give an owner a key; after the freeze it wins nothing."""
        poll.call()
        poll.post()
        poll.freeze()
        forged = key_of("forged")
        public = {"alg": "ed25519", "public": base64.b64encode(forged.public).decode()}
        community.act("key.enrolled/1", {"person": community.ref("zhang"), "key": public}, by=[*BOTH, forged])
        poll.open()
        poll.wait_until(poll.opens)
        with refused_as("ballot.key_after_roll"):
            poll.cast("a1", "y", by=[forged])

    def test_a_revoked_key(self, community: Community, voting: Poll) -> None:
        community.revoke(community.key("zhang"))
        with refused_as("signature.key_revoked"):
            voting.cast("a1", "y")

    def test_who_bought_after_the_freeze_waits_for_the_next_vote(self, community: Community, voting: Poll) -> None:
        community.enter("buyer")
        community.change_unit(Flat("b1", 10_000, ("buyer",), building="b2"))
        with refused_as("ballot.not_your_unit"):
            voting.cast("b1", "y", by=["buyer"])
        voting.cast("b1", "y", by=["zhao"])

    def test_replayed_to_another_meeting(self, community: Community, voting: Poll) -> None:
        """The signed bytes name their meeting; under the other's name the signature no longer fits."""
        other = Poll(community, days=(16, 30))
        voting.cast("a1", "y")
        cast = community.entries[-1]
        with refused_as("record.id_used"):
            community.submit(cast.record, cast.signatures)
        other.call()
        other.post()
        other.freeze()
        community.time = voting.meeting.closes - 120_000
        with refused_as("meeting.not_open"):
            voting.cast("a1", "n", revision=2, meeting=other.called)
        other.open()
        renamed = community.record("ballot.cast/1", {**cast.record.body, "meeting": other.opened})
        with refused_as("signature.invalid"):
            community.submit(renamed, cast.signatures)

    def test_replayed_to_another_ledger(self, voting: Poll) -> None:
        voting.cast("a1", "y")
        cast = voting.community.entries[-1]
        stranger = Community(flats("a1", owners=("zhang",)), start="2026-01-21T09:00:00+08:00")
        stranger.time = voting.community.time
        with refused_as("record.foreign_ledger"):
            stranger.submit(cast.record, cast.signatures)

    def test_of_a_meeting_that_is_only_called(self, poll: Poll) -> None:
        poll.call()
        poll.opened = poll.called
        with refused_as("meeting.not_open"):
            poll.cast("a1", "y")


class TestOpening:
    def test_answers_come_out_as_they_were_sealed(self, community: Community, voting: Poll) -> None:
        voting.cast("a2", "n")
        voting.close()
        voting.unseal()
        fact = community.fact(facts.BallotOpened)
        assert fact == facts.BallotOpened(voting.opened, "a2", voting.ballots["a2"], ("no",))

    def test_beside_meetings_that_are_not_open(self, community: Community, voting: Poll) -> None:
        voting.cast("a2", "n")
        called = [Poll(community) for _ in range(4)]
        for other in called:
            other.call()
        called[0].freeze()
        voting.close()
        voting.unseal()
        assert community.fact(facts.BallotOpened).unit == "a2"

    def test_not_before_the_close(self, voting: Poll) -> None:
        voting.cast("a1", "y")
        with refused_as("ballot.opened_early"):
            voting.unseal()
        voting.community.time = voting.meeting.closes - 1 - 60_000
        with refused_as("ballot.opened_early"):
            voting.unseal()
        voting.community.time = voting.meeting.closes - 60_000
        voting.unseal()

    @pytest.mark.parametrize("change", [{"choices": ["no"]}, {"choices": ["yes", "yes"]}, {"choices": []}])
    def test_answers_changed(self, voting: Poll, change: dict) -> None:
        ballot = voting.cast("a1", "y")
        voting.close()
        with refused_as("ballot.commitment"):
            voting.community.act("ballot.opened/1", voting.opening(ballot) | change, by=["chair"])

    def test_another_salt(self, voting: Poll) -> None:
        ballot = voting.cast("a1", "y")
        voting.close()
        other = base64.b64encode(salt_of("other")).decode()
        with refused_as("ballot.commitment"):
            voting.community.act("ballot.opened/1", voting.opening(ballot) | {"salt": other}, by=["chair"])

    def test_a_salt_has_one_form(self, voting: Poll) -> None:
        """The last character carries two spare bits, which must be nought."""
        ballot = voting.cast("a1", "y")
        voting.close()
        body = voting.opening(ballot)
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        spare = body["salt"][:42] + alphabet[alphabet.index(body["salt"][42]) + 1] + "="
        assert base64.b64decode(spare) == base64.b64decode(body["salt"])
        with refused_as("record.body"):
            voting.community.act("ballot.opened/1", body | {"salt": spare}, by=["chair"])

    def test_twice(self, voting: Poll) -> None:
        ballot = voting.cast("a1", "y")
        voting.close()
        voting.unseal()
        with refused_as("ballot.opened_before"):
            voting.community.act("ballot.opened/1", voting.opening(ballot), by=["chair"])

    def test_an_earlier_revision(self, voting: Poll) -> None:
        first = voting.cast("a1", "y")
        voting.cast("a1", "n", revision=2)
        voting.close()
        with refused_as("ballot.superseded"):
            voting.community.act("ballot.opened/1", voting.opening(first), by=["chair"])

    def test_by_anyone_in_office_or_an_owner_of_the_unit(self, community: Community, voting: Poll) -> None:
        voting.cast("a1", "y"), voting.cast("a2", "y", by=["li"]), voting.cast("b1", "y")
        voting.close()
        with refused_as("ballot.not_yours_to_open"):
            voting.unseal("a1", by="zhao")
        voting.unseal("a1", by="supervisor")
        voting.unseal("a2", by="wang")
        with refused_as("signers.superfluous"):
            community.act("ballot.opened/1", voting.opening(voting.ballots["b1"]), by=["chair", "zhao"])
        voting.unseal("b1", by="zhao")

    def test_by_an_office_that_has_ended(self, community: Community, voting: Poll) -> None:
        voting.cast("a1", "y")
        voting.close()
        ended = {"person": community.ref("member"), "role": "member", "on": community.day, "source": digest_of("end")}
        community.act("role.ended/1", ended, by=BOTH)
        community.advance(days=1)
        with refused_as("ballot.not_yours_to_open"):
            voting.unseal(by="member")

    def test_a_ballot_that_is_not(self, voting: Poll) -> None:
        ballot = voting.cast("a1", "y")
        voting.close()
        with refused_as("ballot.unknown"):
            voting.community.act("ballot.opened/1", voting.opening(ballot) | {"ballot": voting.opened}, by=["chair"])

    def test_after_the_certificate(self, voting: Poll) -> None:
        ballot = voting.cast("a1", "y")
        voting.close()
        voting.unseal()
        voting.certify()
        with refused_as("ballot.unknown"):
            voting.community.act("ballot.opened/1", voting.opening(ballot), by=["chair"])

    def test_a_batch_with_one_wrong_opening_opens_none(self, community: Community, voting: Poll) -> None:
        voting.cast("a1", "y"), voting.cast("a2", "y")
        voting.close()
        before = community.books
        good, bad = (voting.opening(voting.ballots[unit]) for unit in ("a1", "a2"))
        items = [("ballot.opened/1", good), ("ballot.opened/1", bad | {"choices": ["no"]})]
        with refused_as("ballot.commitment"):
            community.acts(items, by=["chair"])
        assert community.books == before


class TestVoid:
    def test_a_void_ballot_is_opened_and_counted_as_void(self, community: Community) -> None:
        poll = Poll(community, [motion(5), motion(7)])
        poll.prepare()
        poll.cast("a1", "yy")
        poll.cast("a2", "y")
        poll.cast("b1", ["yes", "perhaps"])  # type: ignore[arg-type]
        poll.close()
        poll.unseal()
        first, second = poll.draft()["items"]
        assert first["void"] == {"area": 10_000, "heads": 1}
        assert first["yes"] == {"area": 30_000, "heads": 2}
        assert second["void"] == {"area": 20_000, "heads": 2}
        assert first["counted"]["participating"] == {"area": 30_000, "heads": 2}

    def test_takes_part_where_the_profile_says_so(self) -> None:
        community = Community(flats("a1 a2 a3"), profile=profile_with("vote.void_participates", "true"))
        poll = Poll(community)
        poll.prepare()
        poll.cast("a1", "y"), poll.cast("a2", "")
        poll.close()
        poll.unseal()
        counted = poll.draft()["items"][0]["counted"]
        assert counted["participating"] == {"area": 20_000, "heads": 2}
        assert counted["participation"]["met"]
        assert not counted["consent"]["met"]

    def test_nobody_is_helped_to_seal_one(self) -> None:
        check_answers(["yes", "no", "abstain"], 3)
        for value in (["yes"], ["yes", "no", "maybe"], "yes", {"a": "yes"}, ["yes", "no", 1], []):
            with pytest.raises(Malformed) as raised:
                check_answers(value, 3)  # type: ignore[arg-type]
            assert raised.value.rule == "ballot.answers"


def test_two_meetings_at_once_do_not_meet(community: Community) -> None:
    one, other = Poll(community, [motion(5)]), Poll(community, [motion(9)], days=(16, 9))
    for poll in (one, other):
        poll.call()
        poll.post()
        poll.freeze()
        poll.open()
    one.wait_until(other.opens)
    one.cast("a1", "y"), other.cast("a1", "n"), other.cast("a2", "n")
    assert community.books.votes.turnout(one.opened) == Turnout(20_000, 1, 40_000, 3)
    assert community.books.votes.turnout(other.opened) == Turnout(30_000, 2, 40_000, 3)
    one.close()
    one.unseal()
    with refused_as("ballot.opened_early"):
        other.unseal()
    one.certify()
    other.close()
    other.unseal()
    other.certify()
    assert community.books.votes.meetings == type(community.books.votes.meetings)()
    assert community.books.votes.opened == type(community.books.votes.opened)()
