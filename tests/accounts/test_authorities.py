"""Authorities: which effects a motion may have, on which matter, and what a passed one founds."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import pytest

from ledger.accounts.authorities import check_effect, grant
from ledger.accounts.facts import Founded, Granted
from ledger.rules.profile import shipped
from tests import poll as polls
from tests.accounts.treasury import Treasury, spent, treasury
from tests.community import BOTH, Community, digest_of, flats, profile_with, refused_as
from tests.poll import Poll, motion

SPAN = {"start": "2026-01-01", "until": "2026-12-31"}
PAYMENT = {"type": "payment", "fund": "service_fee", "party": "lift", "purpose": "大修", "cap": 1_000} | SPAN
LINE = {"line": "lifts", "fund": "service_fee", "categories": ["lift"], "cap": 1_000}
BUDGET = {"type": "budget", "lines": [LINE]} | SPAN
DELEGATION = {"type": "delegation", "funds": ["service_fee"], "each": 100, "total": 1_000} | SPAN


@pytest.fixture
def house() -> Treasury:
    return treasury()


@pytest.mark.parametrize("effect", [PAYMENT, BUDGET, DELEGATION])
def test_an_effect_that_may_be_granted(house: Treasury, effect: Mapping[str, Any]) -> None:
    check_effect(house.accounts, house.books.rules, house.past, 9, effect)
    accounts, facts = grant(house.accounts, "motion", 9, effect)
    (fact,) = facts
    assert isinstance(fact, Granted)
    assert accounts.authorities[fact.authority.motion, fact.authority.line] == fact.authority


@pytest.mark.parametrize(
    ("matter", "effect", "rule"),
    [
        (9, PAYMENT | {"fund": "maintenance"}, "effect.matter"),
        (5, PAYMENT, "effect.matter"),
        (5, BUDGET, "effect.matter"),
        (5, DELEGATION, "effect.matter"),
        (9, BUDGET | {"lines": [LINE, LINE | {"line": "roof", "fund": "maintenance"}]}, "effect.matter"),
        (9, DELEGATION | {"funds": ["service_fee", "maintenance"]}, "effect.delegates_fund"),
        (5, DELEGATION | {"funds": ["maintenance"]}, "effect.delegates_fund"),
        (9, DELEGATION | {"each": 1_001}, "effect.each_over_total"),
        (9, PAYMENT | {"until": "2025-12-31"}, "effect.days"),
        (9, PAYMENT | {"party": "nobody"}, "party.unknown"),
        (9, BUDGET | {"lines": [LINE, LINE]}, "effect.line_twice"),
        (9, BUDGET | {"lines": [LINE | {"categories": ["luck"]}]}, "category.unknown"),
        (9, BUDGET | {"lines": [LINE | {"party": "nobody"}]}, "party.unknown"),
        (9, BUDGET | {"lines": []}, "effect.malformed"),
        (9, PAYMENT | {"cap": 0}, "effect.malformed"),
        (9, PAYMENT | {"cap": "1"}, "effect.malformed"),
        (9, PAYMENT | {"type": "gift"}, "effect.malformed"),
        (9, PAYMENT | {"more": 1}, "effect.malformed"),
        (9, {}, "effect.malformed"),
        (9, {"type": "ratification", "payments": [digest_of("x") + "#0"]}, "effect.not_unfounded"),
    ],
)
def test_an_effect_that_may_not_be_put_to_the_vote(
    house: Treasury, matter: int, effect: Mapping[str, Any], rule: str
) -> None:
    with refused_as(rule):
        check_effect(house.accounts, house.books.rules, house.past, matter, effect)


def test_a_part_of_the_owners_founds_no_authority(house: Treasury) -> None:
    """No balance is kept by building or unit: one flat could authorise the whole maintenance fund."""
    for matter, effect in ((5, PAYMENT | {"fund": "maintenance"}), (9, PAYMENT), (9, BUDGET), (9, DELEGATION)):
        with refused_as("effect.scope"):
            check_effect(house.accounts, house.books.rules, house.past, matter, effect, whole=False)


# --- delegation 授权 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "clauses", "rule"),
    [
        ("by_resolution", (), ""),
        ("within_amount", ("delegation",), ""),
        ("within_amount", ("phone_vote",), "effect.delegation_clause"),
        ("forbidden", ("phone_vote", "delegation"), "effect.delegation_forbidden"),
    ],
)
def test_whether_payments_are_left_to_the_body_is_for_the_profile(
    allowed: str, clauses: tuple[str, ...], rule: str
) -> None:
    """Bj 44 forbids it, Shenzhen allows it within an amount that an adopted clause sets."""
    profile = profile_with("account.delegation", f'"{allowed}"')
    community = Community(flats("a1 a2"), profile=profile, clauses=clauses)
    poll = Poll(community, [motion(9, effect=polls.DELEGATION)], phone="phone_vote" in clauses)
    with refused_as(rule) if rule else nullcontext() as refusal:
        poll.call()
    if refusal is not None:
        assert refusal.value.context["basis"] == shipped("civil-code-2021").basis("account.delegation")
        Poll(community, [motion(9)], phone="phone_vote" in clauses).call()


def test_what_was_called_under_other_rules_goes_on() -> None:
    """Judged at the call: the owners are not told while they vote that what hangs may not be voted on."""
    community = Community(flats("a1 a2"))
    poll = Poll(community, [motion(9, effect=polls.DELEGATION)])
    poll.call()
    text = profile_with("account.delegation", '"forbidden"')
    community.act("profile.adopted/1", {"text": text, "source": digest_of("decision")}, by=BOTH)
    poll.post()
    with refused_as("effect.delegation_forbidden"):
        Poll(community, [motion(9, effect=polls.DELEGATION)]).call()


# --- ratification 追认 ---------------------------------------------------------------------------------------------------------


def ratify(*payments: str) -> dict[str, Any]:
    return {"type": "ratification", "payments": list(payments)}


def test_a_payment_without_authority_is_ratified_by_name(house: Treasury) -> None:
    _, row = house.take(("2026-01-04", -100, [spent(60), spent(40)]))
    check_effect(house.accounts, house.books.rules, house.past, 9, ratify(f"{row}#0"))
    house.grant(ratify(f"{row}#0"))
    assert house.fact(Founded).ref == f"{row}#0"
    assert set(house.accounts.unfounded) == {f"{row}#1"}
    with refused_as("effect.not_unfounded"):
        check_effect(house.accounts, house.books.rules, house.past, 9, ratify(f"{row}#0"))


def test_ratification_takes_the_matter_that_was_needed_beforehand(house: Treasury) -> None:
    _, row = house.take(("2026-01-04", -100, [spent(100, fund="maintenance", category="works")]))
    with refused_as("effect.matter"):
        check_effect(house.accounts, house.books.rules, house.past, 9, ratify(f"{row}#0"))
    check_effect(house.accounts, house.books.rules, house.past, 5, ratify(f"{row}#0"))


def test_a_payment_is_named_once(house: Treasury) -> None:
    """Named twice it would break the certificate of its meeting when that passes."""
    _, row = house.take(("2026-01-04", -100, [spent(100)]))
    with refused_as("effect.payment_twice"):
        check_effect(house.accounts, house.books.rules, house.past, 9, ratify(f"{row}#0", f"{row}#0"))


def test_a_payment_taken_back_meanwhile_is_passed_over(house: Treasury) -> None:
    _, row, other = house.take(("2026-01-04", -100, [spent(100)]), ("2026-01-04", -50, [spent(50)]))
    house.contra(row)
    house.grant(ratify(f"{row}#0", f"{other}#0"))
    assert house.fact(Founded).ref == f"{other}#0"
    assert not house.accounts.unfounded
