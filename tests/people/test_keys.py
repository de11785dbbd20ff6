"""Keys: enrolled by two parties with proof of possession, waiting where a lost one is replaced, revoked at once."""

import base64
from typing import Any

import pytest

from ledger.signatures import Ed25519Key, P256Key
from tests.community import BOTH, OFFICERS, Community, Signatory, digest_of, key_of, refused_as


@pytest.fixture
def community() -> Community:
    community = Community()
    community.enter("zhang")
    return community


NEW = key_of("new")


def enrol(community: Community, *by: Signatory, key: Ed25519Key | P256Key = NEW, person: str = "zhang") -> str:
    ref = community.refs.get(person, person)
    body = {"person": ref, "key": {"alg": key.alg, "public": base64.b64encode(key.public).decode()}}
    return community.act("key.enrolled/1", body, by=by)


def asks(community: Community, key: Signatory) -> str:
    """Any act that any enrolled key may sign; it is refused for want of a chart, but its signer was accepted."""
    with refused_as("party.unknown"):
        community.act(
            "withdrawal.applied/1",
            {
                "party": "nobody",
                "fund": "service_fee",
                "category": "lift",
                "nature": "expense",
                "purpose": "x",
                "stages": [{"amount": 1}],
            },
            by=[key],
        )
    return "accepted"


# --- enrolment ---------------------------------------------------------------------------------------------------------------


def test_a_first_key_comes_with_its_person_and_counts_at_once(community: Community) -> None:
    (key,) = community.books.people.person(community.ref("zhang")).keys
    assert key == key_of("zhang").key
    assert asks(community, "zhang")


@pytest.mark.parametrize("missing", range(3))
def test_role_registrar_and_the_key_itself_sign(community: Community, missing: int) -> None:
    by: list[Signatory] = [*BOTH, NEW]
    del by[missing]
    with refused_as("signers.new_key_silent" if missing == 2 else "signers.seats"):
        enrol(community, *by)
    assert NEW.key not in community.books.people.keys


def test_nobody_else_signs(community: Community) -> None:
    community.enter("li")
    with refused_as("signers.seats"):
        enrol(community, *BOTH, NEW, "li")
    with refused_as("signers.seats"):
        enrol(community, *BOTH, NEW, "member")


def test_a_key_is_enrolled_once_for_one_person(community: Community) -> None:
    community.enter("li")
    for again in (key_of("zhang"), key_of("chair")):
        with refused_as("key.enrolled_before"):
            enrol(community, "member", "registrar", again, key=again, person="li")
    with refused_as("person.unknown"):
        enrol(community, *BOTH, NEW, person=digest_of("nobody"))


def test_a_key_with_which_no_first_key_was_lost_counts_at_once() -> None:
    community = Community()
    community.enter("wang", keys=False)
    enrol(community, *BOTH, NEW, person="wang")
    assert asks(community, NEW)


def test_an_older_key_vouches_for_a_newer_one(community: Community) -> None:
    enrol(community, *BOTH, "zhang", NEW)
    assert asks(community, NEW)


def test_an_officer_may_vouch_from_his_seat(community: Community) -> None:
    enrol(community, *BOTH, NEW, person="chair")
    assert asks(community, NEW)


def test_a_key_that_replaces_a_lost_one_counts_from_the_eighth_day(community: Community) -> None:
    """Enrolled on the 5th, whatever the hour: days are counted from the day after (CC 201), at the ledger's offset."""
    enrol(community, *BOTH, NEW)
    for moment in ("2026-01-05T20:00:00+08:00", "2026-01-12T23:58:59.999+08:00"):
        community.set_clock(moment)
        with refused_as("signature.key_not_yet"):
            community.act("withdrawal.approved/1", {"proposal": digest_of("x")}, by=[NEW])
    community.set_clock("2026-01-12T23:59:00+08:00")
    assert asks(community, NEW)


def test_a_revoked_key_does_not_vouch_and_does_not_shorten_the_wait(community: Community) -> None:
    community.revoke(key_of("zhang"))
    with refused_as("signature.key_revoked"):
        enrol(community, *BOTH, "zhang", NEW)
    enrol(community, *BOTH, NEW)
    assert community.books.people.keys[NEW.key].start > community.time


def test_a_key_that_does_not_count_yet_does_not_vouch(community: Community) -> None:
    enrol(community, *BOTH, NEW)
    with refused_as("signature.key_not_yet"):
        enrol(community, *BOTH, NEW, key_of("newer"), key=key_of("newer"))


def test_the_holder_stops_a_stranger_within_the_eight_days(community: Community) -> None:
    enrol(community, *BOTH, NEW)
    community.revoke(NEW, by="zhang")
    community.advance(days=9)
    with refused_as("signature.key_revoked"):
        community.act("withdrawal.approved/1", {"proposal": digest_of("x")}, by=[NEW])


def test_both_algorithms(community: Community) -> None:
    phone = P256Key(key_of("phone").private)
    enrol(community, *BOTH, "zhang", phone, key=phone)
    assert asks(community, phone)


def test_one_key_material_is_not_two_keys_by_another_algorithm(community: Community) -> None:
    """The id covers the algorithm; a P-256 point is no Ed25519 key."""
    phone = P256Key(key_of("phone").private)
    body = {
        "person": community.ref("zhang"),
        "key": {"alg": "ed25519", "public": base64.b64encode(phone.public).decode()},
    }
    with refused_as("signature.unknown_key"):
        community.act("key.enrolled/1", body, by=[*BOTH, phone])


# --- revocation ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["zhang", "registrar"])
def test_a_key_is_revoked_at_once_by_one(community: Community, by: str) -> None:
    community.revoke(key_of("zhang"), by=by)
    with refused_as("signature.key_revoked"):
        community.act("withdrawal.approved/1", {"proposal": digest_of("x")}, by=["zhang"])


def test_what_was_signed_before_stands(community: Community) -> None:
    enrol(community, *BOTH, "zhang", NEW)
    community.revoke(key_of("zhang"))
    assert asks(community, NEW)


def test_a_key_is_not_revoked_by_a_stranger_or_twice(community: Community) -> None:
    community.enter("li")
    for by in ("li", "supervisor", "chair", "treasurer", "member"):
        with refused_as("key.not_yours"):
            community.revoke(key_of("zhang"), by=by)
    body = {"key": key_of("zhang").key, "reason": "lost"}
    with refused_as("signers.superfluous"):
        community.act("key.revoked/1", body, by=["chair", "member"])
    with refused_as("key.unknown"):
        community.act("key.revoked/1", body | {"key": NEW.key}, by=["chair"])
    with refused_as("record.body"):
        community.act("key.revoked/1", body | {"reason": "because"}, by=["chair"])
    community.revoke(key_of("zhang"))
    with refused_as("key.revoked_before"):
        community.revoke(key_of("zhang"))


def test_without_a_registrar_the_body_revokes() -> None:
    alone = Community(officers={name: role for name, role in OFFICERS.items() if name != "registrar"})
    alone.act(
        "person.entered/1",
        {
            "nature": "natural",
            "name": digest_of("zhang"),
            "key": {"alg": "ed25519", "public": base64.b64encode(key_of("zhang").public).decode()},
        },
        by=["chair", "member", key_of("zhang")],
    )
    alone.revoke(key_of("zhang"), by="treasurer")
    with refused_as("signature.key_revoked"):
        alone.act("withdrawal.approved/1", {"proposal": digest_of("x")}, by=[key_of("zhang")])


def test_a_registrar_without_a_key_holds_no_seat() -> None:
    """Two roles of the body stand in: else nobody could give him a new key until his term ends."""
    community = Community()
    with refused_as("signers.seats"):
        community.act("person.entered/1", {"nature": "office", "title": "x"}, by=["chair", "treasurer"])
    community.revoke(key_of("registrar"))
    community.act("person.entered/1", {"nature": "office", "title": "x"}, by=["chair", "treasurer"])


def test_a_revoked_key_is_not_enrolled_again(community: Community) -> None:
    community.revoke(key_of("zhang"))
    with refused_as("key.enrolled_before"):
        enrol(community, *BOTH, key_of("zhang"), key=key_of("zhang"))


# --- persons -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"nature": "natural", "title": "张三"},
        {"nature": "natural"},
        {"nature": "office", "name": digest_of("n")},
        {"nature": "office", "title": ""},
        {"nature": "office", "title": "居" * 201},
        {"nature": "god", "title": "x"},
        {"nature": "natural", "name": "Zhang San"},
    ],
)
def test_a_person_is_natural_by_commitment_or_has_a_public_title(community: Community, body: dict[str, Any]) -> None:
    with refused_as("record.body"):
        community.act("person.entered/1", body, by=BOTH)


def test_a_person_may_have_no_key(community: Community) -> None:
    community.act("person.entered/1", {"nature": "legal", "title": "物业公司"}, by=BOTH)
    with refused_as("signers.seats"):
        community.act("person.entered/1", {"nature": "legal", "title": "物业公司"}, by=["chair"])
