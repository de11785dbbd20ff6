"""Payments below a limit that reach it together, each case beside the nearest one that does not."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import findings, found

LIMIT = 500_00
"""The treasury's mandate: from 500 yuan on two approve."""


def budget(house: Treasury) -> str:
    return house.budget(9_000_00, categories=["lift", "fire"], name="wide")


def propose(house: Treasury, *amounts: int, motion: str = "", line: str = "lifts", **said: Any) -> list[str]:
    """Propose these payments today; the applications."""
    motion = motion or budget(house)
    asked = [house.apply_for(amount, **said) for amount in amounts]
    for application in asked:
        house.propose(application, motion, line)
    return asked


def test_payments_below_a_limit_that_reach_it_together() -> None:
    house = treasury()
    asked = propose(house, 250_00, 250_00)
    (met,) = findings(house, "payment.split")
    assert [cited.record for cited in met.evidence] == asked
    assert met.figures == {
        "payee_party": "lift",
        "count": 2,
        "total_fen": 500_00,
        "limit_fen": LIMIT,
        "first_day": house.day,
        "last_day": house.day,
    }


def test_the_payments_of_the_reference_are_found() -> None:
    """BL 4, 49: 49,945.95 + 49,945.95 + 24,972.97 yuan on one day, where 50,000 wants more."""
    mandate = [{"least": 1, "seats": [["chair"]]}, {"least": 50_000_00, "seats": [["chair"], ["registrar"]]}]
    house = Treasury()
    house.account("large", "bank", ["service_fee"], mandate=mandate)
    part = {"account": "large", "fund": "service_fee", "amount": 200_000_00, "source": house.letter, "proven": True}
    house.open(parts=[part])
    motion = house.budget(200_000_00)
    for amount in (49_945_95, 49_945_95, 24_972_97):
        house.propose(house.apply_for(amount), motion, account="large")
    (met,) = found(house, "payment.split")
    assert (met["count"], met["total_fen"], met["limit_fen"]) == (3, 124_864_87, 50_000_00)


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ((250_00, 249_99), {}),
        ((500_00, 500_00), {}),  # each at the limit and approved as such
        ((499_99,), {}),
    ],
)
def test_payments_that_stay_below_or_do_not(amounts: tuple[int, ...], said: dict[str, Any]) -> None:
    house = treasury()
    propose(house, *amounts, **said)
    assert found(house, "payment.split") == []


@pytest.mark.parametrize(("days", "met"), [(30, 1), (31, 0)])
def test_within_the_days_of_the_profile(days: int, met: int) -> None:
    house = treasury()
    motion = budget(house)
    first = house.day
    propose(house, 300_00, motion=motion)
    house.advance(days=days)
    propose(house, 300_00, motion=motion)
    told = [(split["first_day"], split["last_day"]) for split in found(house, "payment.split")]
    assert told == [(first, house.day)] * met


def test_other_payees_or_purposes_are_no_split() -> None:
    house = treasury()
    motion = budget(house)
    propose(house, 300_00, motion=motion)
    propose(house, 300_00, motion=motion, party="zhao")
    propose(house, 300_00, motion=motion, category="fire")
    assert found(house, "payment.split") == []


@pytest.mark.parametrize(("amount", "met"), [(449_99, 0), (450_00, 1)])
def test_a_cluster_close_below_the_limit_whatever_for(amount: int, met: int) -> None:
    house = treasury()
    motion = budget(house)
    propose(house, 450_00, motion=motion)
    propose(house, amount, motion=motion, category="fire")
    assert len(found(house, "payment.split")) == met


def test_what_is_for_one_purpose_is_told_before_what_is_only_close_below_the_limit() -> None:
    house = treasury()
    motion = budget(house)
    propose(house, 450_00, motion=motion, category="fire")
    lifts = propose(house, 450_00, 100_00, motion=motion)
    (met,) = findings(house, "payment.split")
    assert [cited.record for cited in met.evidence] == lifts


def test_one_paper_paid_in_parts_to_two() -> None:
    house = treasury()
    motion = budget(house)
    propose(house, 300_00, motion=motion, document=house.letter)
    propose(house, 300_00, motion=motion, document=house.letter, party="zhao")
    assert [met["payee_party"] for met in found(house, "payment.split")] == ["lift"]


@pytest.mark.parametrize(("amount", "met"), [(300_00, 1), (300_01, 1), (150_00, 0)])
def test_below_what_the_owners_left_to_the_body(amount: int, met: int) -> None:
    """Up to 300 yuan each, included: 300 and 300 are within it, and one payment of 600 would not be."""
    house = treasury()
    delegation = house.delegation(each=300_00)
    if amount > 300_00:
        propose(house, 300_00, 1, motion=delegation, line="")
    else:
        propose(house, amount, 150_00, motion=delegation, line="")
    assert len(found(house, "payment.split")) == met


def test_a_budget_is_not_measured_by_a_delegation() -> None:
    house = treasury()
    house.delegation(each=100_00)
    propose(house, 80_00, 80_00)
    assert found(house, "payment.split") == []


def test_the_lines_of_a_budget_are_no_limits_of_one_another() -> None:
    house = treasury()
    lines = [
        {"line": code, "fund": "service_fee", "categories": ["lift"], "cap": cap}
        for code, cap in (("large", 9_000_00), ("small", 100_00))
    ]
    effect = {"type": "budget", "start": "2026-01-01", "until": "2026-12-31", "lines": lines}
    propose(house, 80_00, 80_00, motion=house.grant(effect), line="large")
    assert found(house, "payment.split") == []


def test_another_accounts_mandate_is_no_limit() -> None:
    house = treasury()
    house.account("other", "bank", ["service_fee"], mandate=[{"least": 1, "seats": [["chair"]]}])
    propose(house, 250_00, 250_00)
    assert len(found(house, "payment.split")) == 1
    mandate = [{"least": 1, "seats": [["registrar"]]}]
    change = {"account": "other", "mandate": mandate, "source": house.letter}
    house.act("mandate.changed/1", change, by=["chair", "registrar"])
    propose(house, 250_00, 250_00, motion=house.budget(name="second"))
    assert [met["count"] for met in found(house, "payment.split")] == [4]


def test_a_mandate_that_changed_is_judged_as_it_was() -> None:
    house = treasury()
    propose(house, 250_00, 250_00)
    mandate = [{"least": 1, "seats": [["chair"]]}]
    house.act(
        "mandate.changed/1", {"account": "bank", "mandate": mandate, "source": house.letter}, by=["chair", "registrar"]
    )
    assert len(found(house, "payment.split")) == 1
    propose(house, 250_00, 250_00, motion=house.budget(name="second"), line="lifts")
    assert [met["count"] for met in found(house, "payment.split")] == [2]


def test_dropped_applications_are_no_split() -> None:
    house = treasury()
    first, _ = propose(house, 250_00, 250_00)
    house.act("withdrawal.dropped/1", {"application": first, "reason": "不付"}, by=["treasurer"])
    assert found(house, "payment.split") == []
    propose(house, 250_00, motion=house.budget(9_000_00, categories=["lift", "fire"], name="second"))
    assert [met["count"] for met in found(house, "payment.split")] == [2]


def test_what_was_paid_before_the_rest_was_dropped_counts() -> None:
    house = treasury()
    motion = budget(house)
    application = house.approved(200_00, 200_00, motion=motion)
    house.take((house.day, -200_00, [{"amount": -200_00, "settles": f"{application}#0"}]))
    house.act("withdrawal.dropped/1", {"application": application, "reason": "不付"}, by=["treasurer"])
    propose(house, 299_99, motion=motion)
    assert found(house, "payment.split") == []
    propose(house, 1, motion=motion)
    assert [met["total_fen"] for met in found(house, "payment.split")] == [500_00]


@pytest.mark.parametrize(
    ("cycle", "amount", "met"), [("month", 300_00, 0), ("month", 200_00, 1), ("once", 300_00, 1), ("metered", 0, 0)]
)
def test_a_contracts_regular_payments_are_no_split(cycle: str, amount: int, met: int) -> None:
    house = treasury()
    promise = {"cycle": cycle, "amount": amount, "fund": "service_fee", "category": "lift", "nature": "expense"}
    body = {"code": "c9", "direction": "out", "object": "维保", "party": "lift", "expected": [promise]}
    house.act("contract.entered/1", body, by=["chair"])
    propose(house, 300_00, 300_00, contract="c9")
    assert len(found(house, "payment.split")) == met


@pytest.mark.parametrize(("category", "met"), [("power", 0), ("water", 0), ("tax", 0), ("lift", 1), ("works", 1)])
def test_what_a_meter_or_a_tax_office_says_is_no_split(category: str, met: int) -> None:
    house = treasury()
    motion = house.budget(9_000_00, categories=[category])
    propose(house, 300_00, 300_00, motion=motion, category=category)
    assert len(found(house, "payment.split")) == met


@pytest.mark.parametrize(
    ("periods", "met"),
    [
        (("2026-01", "2026-02"), 0),
        (("2026-01", "2026-01"), 1),
        (("2026-01..2026-02", "2026-02"), 1),
        (("1月", "2月"), 1),
        (("2026-01", "2月"), 1),
        (("1月", "2026-02"), 1),
    ],
)
def test_bills_for_different_months_are_no_split(periods: tuple[str, str], met: int) -> None:
    house = treasury()
    motion = budget(house)
    for period in periods:
        propose(house, 300_00, motion=motion, document=house.document(period_printed=period))
    assert len(found(house, "payment.split")) == met


def test_only_what_is_for_one_time_adds_up() -> None:
    house = treasury()
    motion = budget(house)
    asked = []
    for period, amount in (("2026-01", 200_00), ("2026-02", 250_00), ("2026-01", 250_00), ("2026-01", 50_00)):
        paper = house.document(period_printed=period)
        asked += propose(house, amount, motion=motion, document=paper)
    (met,) = findings(house, "payment.split")
    assert [cited.record for cited in met.evidence] == [asked[0], asked[2], asked[3]]


@pytest.mark.parametrize(
    "parts",
    [
        [("2026-01", 200_00), (None, 300_00), ("2026-02", 300_00), ("2026-03", 300_00)],
        [("2026-01", 200_00), ("2026-02", 300_00), (None, 300_00)],
    ],
)
def test_what_was_told_once_joins_no_other_split(parts: list[tuple[str | None, int]]) -> None:
    """A paper without a period may be for January, and was told beside it: it makes one of no other bills."""
    house = treasury()
    motion = budget(house)
    asked = {}
    for period, amount in parts:
        paper = house.document(**({"period_printed": period} if period else {}))
        (asked[period],) = propose(house, amount, motion=motion, document=paper)
    (met,) = findings(house, "payment.split")
    assert [cited.record for cited in met.evidence] == [asked["2026-01"], asked[None]]


@pytest.mark.parametrize(("kind", "days", "met"), [("contract", 25, 0), ("contract", 24, 1), ("letter", 25, 1)])
def test_a_contracts_paper_paid_month_by_month(kind: str, days: int, met: int) -> None:
    house = treasury()
    motion = budget(house)
    paper = house.document(kind=kind)
    propose(house, 300_00, motion=motion, document=paper)
    house.advance(days=days)
    propose(house, 300_00, motion=motion, document=paper)
    assert len(found(house, "payment.split")) == met


@pytest.mark.parametrize("kinds", [("contract", "letter"), ("letter", "contract"), ("letter", "letter")])
def test_a_contracts_paper_and_another_a_month_apart(kinds: tuple[str, str]) -> None:
    house = treasury()
    motion = budget(house)
    for kind in kinds:
        propose(house, 300_00, motion=motion, document=house.document(kind=kind))
        house.advance(days=25)
    assert len(found(house, "payment.split")) == 1
