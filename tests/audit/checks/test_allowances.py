"""Allowances above the community's own standard, each case beside the nearest one within it."""

from typing import Any

import pytest

from ledger.audit.checks.allowances import Billed, billed, standards
from tests.accounts.treasury import Treasury, fees, spent, treasury
from tests.audit.checks.asked import findings, found


def standard(house: Treasury, text: str = "维修员（餐补300）", unit: str = "人/月") -> str:
    return house.document("薪资标准", lines=[{"text": "经理"}, {"text": text, "unit_printed": unit}])


def bill(
    house: Treasury, amount: int | None = 9_360_00, text: str = "24人每日2餐共13天", *, paid: bool = True
) -> list[str]:
    """A bill for meals, and its payment; both records."""
    line: dict[str, Any] = {"text": text} | ({"amount_printed": amount} if amount is not None else {})
    paper = house.document("员工订餐", lines=[{"text": "茶水", "amount_printed": 5_00}, line])
    house.advance(days=1)
    rows = [house.take((house.day, -10_00, [spent(10_00, document=paper)]))[1]] if paid else []
    return [paper, *rows]


def test_meals_above_the_standard() -> None:
    """9,360.00 yuan for 24 people and 13 days are 900 a month each, where the pay list has 300."""
    house = treasury()
    records = [*bill(house), standard(house)]
    (met,) = findings(house, "allowance.over_standard")
    assert [(cited.record, cited.part) for cited in met.evidence] == list(
        zip(records, ("lines/1", "parts/0", "lines/1"), strict=True)
    )
    assert met.figures == {
        "amount_fen": 9_360_00,
        "people": 24,
        "days": 13,
        "month_fen": 900_00,
        "standard_fen": 300_00,
    }


@pytest.mark.parametrize(("amount", "met"), [(3_120_00, 0), (3_120_01, 1), (None, 0)])
def test_just_the_standard(amount: int | None, met: int) -> None:
    house = treasury()
    standard(house)
    bill(house, amount)
    assert len(found(house, "allowance.over_standard")) == met


def test_the_highest_standard_counts() -> None:
    house = treasury()
    standard(house, "经理（餐补900）")
    standard(house)
    bill(house)
    assert found(house, "allowance.over_standard") == []


@pytest.mark.parametrize(
    ("text", "unit"), [("维修员（餐补300）", "人"), ("维修员（交通补贴300）", "人/月"), ("保洁（无餐补）", "人/月")]
)
def test_no_monthly_standard_for_it(text: str, unit: str) -> None:
    house = treasury()
    standard(house, text, unit)
    bill(house)
    assert found(house, "allowance.over_standard") == []


def test_a_bill_that_is_not_paid_is_nothing_yet() -> None:
    house = treasury()
    standard(house)
    bill(house, paid=False)
    assert found(house, "allowance.over_standard") == []


def test_what_came_back_is_no_payment() -> None:
    house = treasury()
    standard(house)
    paper, row = bill(house)
    house.take((house.day, 10_00, [fees(10_00, document=paper)]))
    (met,) = findings(house, "allowance.over_standard")
    assert [cited.record for cited in met.evidence][:2] == [paper, row]
    assert len(met.evidence) == 3
    house.contra(row)
    assert found(house, "allowance.over_standard") == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("24人每日2餐共13天，15元/餐", Billed("meals", 24, 13)),
        ("十人伙食三天", Billed("meals", 10, 3)),
        ("Meals for 5 people, 2 days", Billed("meals", 5, 2)),
        ("24人订餐", None),
        ("订餐13天", None),
        ("24人13天", None),
        ("24人13天餐费及10人2天餐费", None),
        ("24人13天用餐和住宿", None),
        ("0人用餐3天", None),
        ("3人用餐0天", None),
    ],
)
def test_what_a_bill_says(text: str, read: Billed | None) -> None:
    assert billed(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("伙食补助：300元/人·月", {"meals": 300_00}),
        ("餐补300.5", {"meals": 300_50}),
        ("餐补30天", {}),
        ("餐补0", {}),
        ("meal allowance 300", {"meals": 300_00}),
    ],
)
def test_what_a_standard_says(text: str, read: dict[str, int]) -> None:
    assert standards(text) == read
