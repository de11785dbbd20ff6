"""Ballots that may not be the owners' own, each beside the nearest case of everyday life."""

import base64
from typing import Any

import pytest

from ledger.audit.checks.ballots import CROWD, LAST_DAYS, MANY_JOINT, RUN_UP, SEVERAL
from tests.audit.checks.asked import findings, found
from tests.community import OFFICERS, Community, Flat, flats, key_of
from tests.poll import Poll, motion

TEN = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b1"]
COMMITTEE = {name: OFFICERS[name] for name in ("chair", "treasurer", "member")}


def house(**how: Any) -> Community:
    return Community(flats(" ".join(TEN)), **how)


def prepared(community: Community, **how: Any) -> Poll:
    poll = Poll(community, [motion()], **how)
    poll.prepare()
    return poll


def replace_key(community: Community, name: str) -> None:
    """Enrol a key for somebody in the place of his own, which says nothing."""
    key = key_of(f"{name} other")
    public = {"alg": key.alg, "public": base64.b64encode(key.public).decode()}
    community.act("key.enrolled/1", {"person": community.ref(name), "key": public}, by=[*community.both, key])
    community._keys[name].append(key)


# --- keys put in the place of others ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("owners", "met"), [(SEVERAL - 1, 0), (SEVERAL, 1)])
def test_keys_put_in_the_place_of_the_owners_own(owners: int, met: int) -> None:
    community = house()
    for unit in TEN[:owners]:
        replace_key(community, f"owner-{unit}")
    community.advance(days=9)
    poll = prepared(community)
    for unit in TEN[: owners + 2]:
        poll.cast(unit, "y")
    reported = found(community, "ballot.key_replaced")
    assert [(finding["keys"], finding["heads"]) for finding in reported] == [(owners, owners)] * met


def test_keys_that_older_keys_vouch_for() -> None:
    community = house()
    for unit in TEN[:SEVERAL]:
        community.enrol(f"owner-{unit}")
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "y")
    assert found(community, "ballot.key_replaced") == []


@pytest.mark.parametrize(("days", "met"), [(RUN_UP - 1, 1), (RUN_UP + 1, 0)])
def test_how_long_ago_keys_were_replaced(days: int, met: int) -> None:
    community = house()
    for unit in TEN[:SEVERAL]:
        replace_key(community, f"owner-{unit}")
    community.advance(days=days - 1)
    poll = Poll(community)
    poll.call()
    poll.post()
    community.advance(days=1)
    poll.freeze()
    community.advance(days=14, hours=20)
    poll.open()
    poll.wait_until(poll.opens)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "y")
    assert len(found(community, "ballot.key_replaced")) == met


def test_a_replaced_key_whose_owner_does_not_vote_with_it() -> None:
    community = house()
    for unit in TEN[:SEVERAL]:
        replace_key(community, f"owner-{unit}")
    community.advance(days=9)
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "y", by=[key_of(f"owner-{unit}")])
    assert found(community, "ballot.key_replaced") == []


# --- somebody beside the owners ---------------------------------------------------------------------------------------


def join(community: Community, unit: str, *owners: str) -> str:
    return community.change_unit(Flat(unit, owners=owners))


@pytest.mark.parametrize(("units", "met"), [(SEVERAL - 1, 0), (SEVERAL, 1)])
def test_somebody_put_beside_the_owners_of_several_homes(units: int, met: int) -> None:
    community = house()
    changes = [join(community, unit, f"owner-{unit}", "guest") for unit in TEN[:units]]
    poll = prepared(community)
    for unit in TEN[:units]:
        poll.cast(unit, "y", by=["guest"])
    reported = findings(community, "ballot.owner_added")
    assert [finding.figures["units"] for finding in reported] == [units] * met
    for finding in reported:
        assert [cited.record for cited in finding.evidence[:units]] == changes


@pytest.mark.parametrize(("units", "met"), [(SEVERAL - 1, 0), (SEVERAL, 1)])
def test_several_homes_that_somebody_bought(units: int, met: int) -> None:
    """They are one head on the roll, and all of their area."""
    community = house()
    for unit in TEN[:units]:
        join(community, unit, "buyer")
    poll = prepared(community)
    poll.cast(TEN[0], "y", by=["buyer"])
    assert len(found(community, "ballot.owner_added")) == met


def test_owners_who_left_it_to_others_and_changes_after_the_roll() -> None:
    community = house()
    for unit in TEN[:SEVERAL]:
        join(community, unit, f"owner-{unit}", "guest")
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "y", by=[f"owner-{unit}"])
    for unit in TEN[SEVERAL : 2 * SEVERAL]:
        poll.cast(unit, "y")
        join(community, unit, f"owner-{unit}", "wife")
    assert found(community, "ballot.owner_added") == []


def test_an_owner_of_several_homes_whom_others_joined() -> None:
    community = joint(SEVERAL)
    for unit in TEN[:SEVERAL]:
        join(community, unit, "uncle", f"owner-{unit}", "guest")
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "y", by=["uncle"])
    assert found(community, "ballot.owner_added") == []


@pytest.mark.parametrize(("back", "met"), [("owner-a1", 1), ("buyer", 0), ("other", 0)])
def test_a_home_that_changes_hands_for_a_vote(back: str, met: int) -> None:
    community = house()
    changed = [join(community, "a1", "guest")]
    poll = prepared(community)
    ballot = poll.cast("a1", "y", by=["guest"])
    changed.append(join(community, "a1", back))
    poll.cast("a2", "y")
    reported = findings(community, "ballot.owner_swapped")
    assert [[cited.record for cited in finding.evidence] for finding in reported] == [[*changed, ballot]] * met
    assert [finding.figures["units"] for finding in reported] == [1] * met


def test_an_owner_of_before_who_leaves_and_comes_back_after_the_roll() -> None:
    community = Community([Flat(unit, owners=(f"owner-{unit}", "guest")) for unit in TEN])
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        join(community, unit, f"owner-{unit}")
        join(community, unit, f"owner-{unit}", "guest")
        poll.cast(unit, "y", by=["guest"])
        join(community, unit, f"owner-{unit}")
    assert found(community, "ballot.owner_added") == found(community, "ballot.owner_swapped") == []


def test_a_home_put_right_before_the_vote_or_whose_owner_of_before_votes() -> None:
    community = house()
    join(community, "a1", "guest")
    join(community, "a1", "owner-a1")  # before the roll
    join(community, "a2", "owner-a2", "guest")
    poll = prepared(community)
    poll.cast("a1", "y")
    poll.cast("a2", "y", by=["owner-a2"])
    join(community, "a2", "owner-a2")
    assert found(community, "ballot.owner_swapped") == []


@pytest.mark.parametrize(("days", "met"), [(RUN_UP - 1, 1), (RUN_UP + 1, 0)])
def test_owners_who_joined_long_ago(days: int, met: int) -> None:
    community = house()
    for unit in TEN[:SEVERAL]:
        join(community, unit, f"owner-{unit}", "guest")
    community.advance(days=days)
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "y", by=["guest"])
    assert len(found(community, "ballot.owner_added")) == met


def joint(units: int, **how: Any) -> Community:
    """Homes that one person owns each with somebody else."""
    return Community([Flat(unit, owners=("uncle", f"owner-{unit}"), **how) for unit in TEN[:units]])


@pytest.mark.parametrize(("units", "met"), [(MANY_JOINT - 1, 0), (MANY_JOINT, 1)])
def test_one_of_several_owners_votes_for_many_homes(units: int, met: int) -> None:
    community = joint(units)
    poll = prepared(community)
    for unit in TEN[:units]:
        poll.cast(unit, "y", by=["uncle"])
    assert [finding["ballots"] for finding in found(community, "ballot.one_for_many")] == [units] * met


def test_owners_who_named_their_voter_and_homes_of_one_owner() -> None:
    community = joint(MANY_JOINT, voter="uncle")
    poll = prepared(community)
    for unit in TEN[:MANY_JOINT]:
        poll.cast(unit, "y", by=["uncle"])
    assert found(community, "ballot.one_for_many") == []
    alone = Community([Flat(unit, owners=("developer",)) for unit in TEN])
    poll = prepared(alone)
    poll.cast(TEN[0], "y", by=["developer"])
    assert found(alone, "ballot.one_for_many") == []


def test_one_s_own_home_is_not_one_of_many() -> None:
    homes = [Flat(unit, owners=("uncle", f"owner-{unit}")) for unit in TEN[: MANY_JOINT - 1]]
    community = Community([*homes, Flat(TEN[-1], owners=("uncle",))])
    poll = prepared(community)
    for unit in (*TEN[: MANY_JOINT - 1], TEN[-1]):
        poll.cast(unit, "y", by=["uncle"])
    assert found(community, "ballot.one_for_many") == []


def test_who_was_added_just_before_is_not_said_twice() -> None:
    community = house()
    for unit in TEN[:MANY_JOINT]:
        join(community, unit, f"owner-{unit}", "guest")
    poll = prepared(community)
    for unit in TEN[:MANY_JOINT]:
        poll.cast(unit, "y", by=["guest"])
    assert len(found(community, "ballot.owner_added")) == 1
    assert found(community, "ballot.one_for_many") == []


# --- the deceased -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reason", "met"), [("deceased", 1), ("lost", 0)])
def test_ballots_of_a_person_entered_as_deceased(reason: str, met: int) -> None:
    community = house()
    community.enrol("owner-a1")
    old = key_of("owner-a1")
    community.act("key.revoked/1", {"key": old.key, "reason": reason}, by=["registrar"])
    poll = prepared(community)
    poll.cast("a1", "y")
    poll.cast("a2", "y")
    assert [finding["ballots"] for finding in found(community, "ballot.after_death")] == [1] * met


def test_whoever_died_after_he_voted() -> None:
    community = house()
    poll = prepared(community)
    poll.cast("a1", "y")
    community.act("key.revoked/1", {"key": key_of("owner-a1").key, "reason": "deceased"}, by=["registrar"])
    assert found(community, "ballot.after_death") == []


# --- who gave the keys out, and when ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("voters", "met"), [(SEVERAL - 1, 0), (SEVERAL, 1)])
def test_keys_that_the_committee_gave_out_alone(voters: int, met: int) -> None:
    community = house(officers=COMMITTEE)
    poll = prepared(community)
    for unit in TEN[:voters]:
        poll.cast(unit, "y")
    assert [finding["keys"] for finding in found(community, "ballot.keys_by_body")] == [voters] * met


def test_keys_that_the_registrar_gave_out_too() -> None:
    community = house()
    poll = prepared(community)
    for unit in TEN:
        poll.cast(unit, "y")
    assert found(community, "ballot.keys_by_body") == []


CROWDED = [f"c{n:03}" for n in range(CROWD * 10 + 1)]


@pytest.mark.parametrize(("young", "days", "met"), [(CROWD, 0, 1), (CROWD - 1, 0, 0), (CROWD, LAST_DAYS + 1, 0)])
def test_keys_of_the_last_days_before_the_roll(young: int, days: int, met: int) -> None:
    community = Community([Flat(unit, owners=(f"o-{unit}",)) for unit in CROWDED[: CROWD + 5]])
    poll = Poll(community, days=(20 + days, 7))
    poll.call()
    poll.post()
    community.advance(days=15)
    for unit in CROWDED[:young]:
        community.enrol(f"o-{unit}")
    community.advance(days=days)
    poll.freeze()
    poll.open()
    poll.wait_until(poll.opens)
    for unit in CROWDED[: CROWD + 5]:
        poll.cast(unit, "y")
    assert [finding["ballots"] for finding in found(community, "ballot.keys_young")] == [young] * met


@pytest.mark.parametrize(
    ("together", "alone", "met"), [(CROWD, 0, 1), (CROWD - 1, 0, 0), (CROWD, CROWD * 9, 1), (CROWD, CROWD * 9 + 1, 0)]
)
def test_a_crowd_within_a_minute(together: int, alone: int, met: int) -> None:
    community = Community([Flat(unit) for unit in CROWDED])
    poll = prepared(community)
    moment = community.moment(hours=1)
    for unit in CROWDED[:together]:
        poll.cast(unit, "y", at=moment)
    for unit in CROWDED[together : together + alone]:
        poll.cast(unit, "y")  # a minute later each
    assert [finding["ballots"] for finding in found(community, "ballot.burst")] == [together] * met


# --- ballots that gave way --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("homes", "met"), [(SEVERAL - 1, 0), (SEVERAL, 1)])
def test_ballots_that_gave_way_to_somebody_else_s(homes: int, met: int) -> None:
    community = Community([Flat(unit, owners=(f"man-{unit}", f"wife-{unit}")) for unit in TEN])
    poll = prepared(community)
    for unit in TEN[:homes]:
        poll.cast(unit, "n", by=[f"man-{unit}"])
        poll.cast(unit, "y", by=[f"wife-{unit}"], revision=2)
    assert [finding["ballots"] for finding in found(community, "ballot.replaced")] == [homes] * met


def test_ballots_that_gave_way_to_a_replaced_key() -> None:
    community = house()
    for unit in TEN[:SEVERAL]:
        replace_key(community, f"owner-{unit}")
    community.advance(days=9)
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "n", by=[key_of(f"owner-{unit}")])
        poll.cast(unit, "y", revision=2)
    (finding,) = findings(community, "ballot.replaced")
    assert len(finding.evidence) == 2 * SEVERAL


def test_a_replaced_key_that_votes_twice_and_homes_that_vote_once() -> None:
    community = house()
    for unit in TEN[:SEVERAL]:
        replace_key(community, f"owner-{unit}")
    community.advance(days=9)
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "n")
        poll.cast(unit, "y", revision=2)
    poll.cast(TEN[-1], "y")
    assert found(community, "ballot.replaced") == []


def test_a_founder_who_goes_back_to_his_first_key() -> None:
    community = Community([Flat(unit, owners=("member",)) for unit in TEN[:1]])
    first = community.key("member")
    community.enrol("member")
    poll = prepared(community)
    poll.cast(TEN[0], "n")
    poll.cast(TEN[0], "y", revision=2, by=[first])
    assert found(community, "ballot.replaced") == []


def test_owners_who_change_their_mind() -> None:
    community = house()
    for unit in TEN[:SEVERAL]:
        community.enrol(f"owner-{unit}")
    poll = prepared(community)
    for unit in TEN[:SEVERAL]:
        poll.cast(unit, "n", by=[key_of(f"owner-{unit}")])
        poll.cast(unit, "y", revision=2)  # by a telephone that the first one vouched for
    for unit in TEN[SEVERAL : 2 * SEVERAL]:
        poll.cast(unit, "n")
        poll.cast(unit, "y", revision=2)
    assert found(community, "ballot.replaced") == []


# --- the log ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("homes", "hours", "met"), [(SEVERAL, 25, 1), (SEVERAL, 24, 0), (SEVERAL - 1, 25, 0)])
def test_ballots_that_the_log_took_long_after_they_were_signed(homes: int, hours: int, met: int) -> None:
    community = house()
    poll = prepared(community)
    waiting = []
    for unit in TEN[:homes]:
        commitment, _ = community.commit("ballot.cast/1", "choices", ["yes"])
        body = {"meeting": poll.opened, "unit": unit, "revision": 1, "choices": commitment}
        record = community.record("ballot.cast/1", body)
        waiting.append((record, community.sign(record, [f"owner-{unit}"])))
    community.advance(hours=hours)
    for record, signed in waiting:
        community.submit(record, signed)
    poll.cast(TEN[-1], "y")
    assert found(community, "ballot.held_back") == [{"ballots": homes, "days": 1}] * met
