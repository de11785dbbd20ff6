"""Roles and seats: who signs a two-party act, who stands in, and that nothing counts outside a term."""

from typing import Any

import pytest
from rpds import HashTrieMap

from ledger import words
from ledger.people.state import BODY_ROLES, REGISTRAR, Key, People, Person, Term
from tests.community import BOTH, OFFICERS, Community, Signatory, digest_of, refused_as

TERM = {"start": "2026-01-01", "end": "2026-12-31"}


@pytest.fixture
def community() -> Community:
    return Community()


def appoint(community: Community, name: str, role: str, by: Any = BOTH, **other: Any) -> str:
    inside = {"registrar": "street", "supervisor": "supervisors"}
    body = {"person": community.ref(name), "role": role, "body": inside.get(role, "committee")} | TERM
    return community.act("role.appointed/1", body | {"source": digest_of("vote")} | other, by=by)


def end(community: Community, name: str, role: str, on: str, by: Any = BOTH) -> str:
    body = {"person": community.ref(name), "role": role, "on": on, "source": digest_of("vote")}
    return community.act("role.ended/1", body, by=by)


def two_party(community: Community, *by: Signatory) -> str:
    """Any two-party act."""
    return community.act("person.entered/1", {"nature": "office", "title": "x"}, by=by)


# --- two parties ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["chair", "treasurer", "member"])
def test_a_role_of_the_body_and_the_registrar(community: Community, role: str) -> None:
    two_party(community, role, "registrar")


@pytest.mark.parametrize(
    "by",
    [
        ("chair",),
        ("registrar",),
        ("chair", "treasurer"),
        ("chair", "supervisor"),
        ("supervisor", "registrar"),
        ("chair", "treasurer", "registrar"),
        ("chair", "registrar", "supervisor"),
    ],
)
def test_no_one_less_and_no_one_more(community: Community, by: tuple[str, ...]) -> None:
    with refused_as("signers.seats"):
        two_party(community, *by)


def test_two_keys_of_one_person_are_one_person(community: Community) -> None:
    first = community.key("chair")
    second = community.enrol("chair", by=("member", "registrar"))
    with refused_as("signers.one_person_twice"):
        two_party(community, first, second)
    with refused_as("signers.one_person_twice"):
        two_party(community, first, second, "registrar")


def test_without_a_registrar_two_roles_stand_in() -> None:
    community = Community(officers={name: OFFICERS[name] for name in ("chair", "treasurer", "supervisor")})
    two_party(community, "chair", "treasurer")
    for by in (["chair"], ["chair", "supervisor"]):
        with refused_as("signers.seats"):
            two_party(community, *by)
    community.enter("zhang")
    appoint(community, "zhang", "registrar", by=["chair", "treasurer"])
    with refused_as("signers.seats"):
        two_party(community, "chair", "treasurer")
    two_party(community, "chair", "zhang")


def test_when_no_role_is_in_term_the_registrar_alone_records_the_election() -> None:
    community = Community(term=("2026-01-01", "2026-01-31"), officers={n: OFFICERS[n] for n in ("chair", "treasurer")})
    community.enter("street", "zhang")
    appoint(community, "street", "registrar", by=["chair", "treasurer"], end="2030-12-31")
    community.set_clock("2026-02-01T00:00:00+08:00")
    with refused_as("signers.seats"):
        two_party(community, "chair", "street")
    community.act("person.entered/1", {"nature": "office", "title": "x"}, by=["street"])
    appoint(community, "zhang", "chair", by=["street"], start="2026-02-01")
    with refused_as("signers.seats"):
        two_party(community, "street")
    two_party(community, "zhang", "street")


@pytest.mark.parametrize(
    ("left", "rule"),
    [
        ({}, "signers.nobody_in_term"),
        ({"chair": "chair"}, "signers.nobody_in_term"),
        ({"chair": "chair", "zhang": "member"}, "signers.seats"),
        ({"zhang": "registrar"}, "signers.seats"),
        ({"chair": "supervisor", "zhang": "company"}, "signers.nobody_in_term"),
    ],
)
def test_when_nobody_can_begin_a_term_any_more_the_refusal_says_what_is_left_to_do(
    left: dict[str, str], rule: str
) -> None:
    """No signature counts outside its term, not even to end that: the way on is another ledger."""
    community = Community(term=("2026-01-01", "2026-01-31"))
    community.enter("zhang", "wang")
    for name, role in left.items():
        appoint(community, name, role, start="2026-02-01", body="street" if role == "registrar" else "committee")
    community.set_clock("2026-02-01T00:00:00+08:00")
    before = community.books
    with refused_as(rule) as refusal:
        appoint(community, "wang", "chair", by=["chair", "treasurer"], start="2026-02-01")
    assert community.books == before
    if rule == "signers.nobody_in_term":
        for locale in (words.ENGLISH, words.CHINESE):
            assert "predecessor" in words.error_text(refusal.value, locale)


def test_who_has_no_key_left_is_nobody() -> None:
    community = Community(officers={name: OFFICERS[name] for name in ("chair", "registrar")})
    community.revoke(community.key("chair"))
    community.revoke(community.key("registrar"))
    with refused_as("signature.key_revoked"):
        two_party(community, "chair", "registrar")
    people, today = community.books.people, community.day
    assert list(people.signatories(today)) == []
    assert people.able_until(BODY_ROLES, today) == people.able_until(frozenset({REGISTRAR}), today) == ""


@pytest.mark.parametrize(
    ("terms", "until"),
    [
        ([], ""),
        ([("2026-01-06", "2026-03-31")], ""),
        ([("2026-01-01", "2026-01-04")], ""),
        ([("2026-01-01", "2026-03-31")], "2026-03-31"),
        ([("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30")], "2026-06-30"),
        ([("2026-01-01", "2026-03-31"), ("2026-04-02", "2026-06-30")], "2026-03-31"),
        ([("2026-01-01", "2026-06-30"), ("2026-02-01", "2026-03-31"), ("2026-07-01", "9999-12-31")], "9999-12-31"),
        ([("2026-01-01", "9999-12-31"), ("2026-02-01", "9999-12-31")], "9999-12-31"),
    ],
)
def test_until_when_an_office_is_held_without_a_gap(terms: list[tuple[str, str]], until: str) -> None:
    held = HashTrieMap(
        {str(n): (Term("member", str(n), "committee", start, end, ""),) for n, (start, end) in enumerate(terms)}
    )
    key = Key("k", "ed25519", b"", "", 0, 0)
    persons = HashTrieMap({str(n): Person(str(n), "natural", keys=("k",)) for n in range(len(terms))})
    people = People(persons=persons, keys=HashTrieMap({"k": key}), terms=held)
    assert people.able_until(BODY_ROLES, "2026-01-05") == until
    assert people.able_until(frozenset({REGISTRAR}), "2026-01-05") == ""


# --- terms ------------------------------------------------------------------------------------------------------------------------


def test_a_term_counts_from_its_first_day_to_its_last_at_the_ledgers_offset(community: Community) -> None:
    community.enter("zhang")
    appoint(community, "zhang", "member", start="2026-01-10", end="2026-01-20")
    for moment, counts in (
        ("2026-01-09T23:58:59.999+08:00", False),
        ("2026-01-09T23:59:00+08:00", True),
        ("2026-01-20T15:58:59.999Z", True),
        ("2026-01-20T15:59:00Z", False),
    ):
        community.set_clock(moment)
        if counts:
            two_party(community, "zhang", "registrar")
        else:
            with refused_as("signers.seats"):
                two_party(community, "zhang", "registrar")


def test_a_term_may_be_one_day(community: Community) -> None:
    community.enter("zhang")
    appoint(community, "zhang", "member", start="2026-01-05", end="2026-01-05")
    two_party(community, "zhang", "registrar")


def test_terms_of_one_role_do_not_overlap(community: Community) -> None:
    community.enter("zhang")
    appoint(community, "zhang", "member", start="2026-02-01", end="2026-06-30")
    for start, last in (("2026-06-30", "2026-12-31"), ("2026-01-01", "2026-02-01"), ("2026-03-01", "2026-03-31")):
        with refused_as("role.term_overlaps"):
            appoint(community, "zhang", "member", start=start, end=last)
    appoint(community, "zhang", "member", start="2026-07-01", end="2026-12-31")
    appoint(community, "zhang", "vice_chair", start="2026-03-01", end="2026-03-31")
    with refused_as("role.ends_before_start"):
        appoint(community, "zhang", "member", start="2027-02-01", end="2027-01-31")
    with refused_as("person.unknown"):
        appoint(community, "zhang", "member", person=digest_of("nobody"))


def test_the_registrar_holds_no_role_of_the_body(community: Community) -> None:
    """Else one committee would fill both seats of every two-party act."""
    with refused_as("role.registrar_in_body"):
        appoint(community, "chair", "registrar")
    with refused_as("role.registrar_in_body"):
        appoint(community, "registrar", "member")
    with refused_as("role.registrar_inside"):
        appoint(community, "zhang", "registrar", body="committee")
    with refused_as("role.registrar_inside"):
        appoint(community, "zhang", "registrar", body="company")
    end(community, "member", "member", community.day)
    community.advance(days=1)
    appoint(community, "member", "registrar", start=community.day)


def test_a_role_ends_early_on_its_last_day(community: Community) -> None:
    end(community, "member", "member", "2026-01-07")
    two_party(community, "member", "registrar")
    community.set_clock("2026-01-07T23:57:00+08:00")
    two_party(community, "member", "registrar")
    community.set_clock("2026-01-08T00:00:00+08:00")
    with refused_as("signers.seats"):
        two_party(community, "member", "registrar")
    with refused_as("role.not_held"):
        end(community, "member", "member", "2026-01-08")


def test_a_role_does_not_end_in_the_past(community: Community) -> None:
    community.set_clock("2026-03-05T09:00:00+08:00")
    with refused_as("role.ended_in_the_past"):
        end(community, "member", "member", "2026-03-03")
    end(community, "member", "member", "2026-03-04")
    with refused_as("signers.seats"):
        two_party(community, "member", "registrar")


def test_a_role_that_is_not_held_does_not_end(community: Community) -> None:
    with refused_as("role.not_held"):
        end(community, "member", "chair", "2026-01-07")
    with refused_as("role.not_held"):
        end(community, "member", "member", "2031-01-01")


def test_who_lost_his_role_may_come_back(community: Community) -> None:
    end(community, "member", "member", community.day)
    appoint(community, "member", "member", start="2026-02-01", end="2026-12-31")
    community.set_clock("2026-02-01T09:00:00+08:00")
    two_party(community, "member", "registrar")
