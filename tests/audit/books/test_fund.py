"""The maintenance fund's sheets: every line finds its item, and assets are net assets."""

import pytest

from ledger.accounts.booking import Movement
from ledger.audit.books import INPUTS, Span, fund, postings
from ledger.audit.checks import Gathering
from tests.accounts.treasury import OPENING, Treasury, treasury

JANUARY = Span("2026-01-01", "2026-01-31")


def sheets_of(house: Treasury, span: Span) -> fund.Sheets | None:
    gathering = Gathering(INPUTS)
    for entry, facts in zip(house.entries, house.past.facts, strict=True):
        gathering.add(house.books, entry, facts)
    return fund.sheets(postings(gathering.close(house.books)), span)


def part(amount: int, category: str, nature: str) -> dict[str, object]:
    return {"amount": amount, "fund": "maintenance", "category": category, "nature": nature}


@pytest.fixture
def house() -> Treasury:
    made = treasury()
    made.take(
        ("2026-01-02", 500_00, [part(500_00, "contribution", "income")]),
        ("2026-01-03", 7_00, [part(7_00, "interest", "income")]),
        ("2026-01-04", -90_00, [part(-90_00, "works", "expense")]),
    )
    return made


def test_each_line_stands_under_its_item_and_the_sheets_prove_themselves(house: Treasury) -> None:
    found = sheets_of(house, JANUARY)
    assert found is not None
    opening = OPENING["maintenance"]
    assert found.opening == {"bank": opening}
    assert found.closing == {"bank": opening + 417_00}
    assert {name: amount for name, amount in found.items.items() if amount} == {
        "contributions": 500_00,
        "interest": 7_00,
        "repairs": 90_00,
    }
    assert (found.income, found.expense) == (507_00, 90_00)
    assert found.principal == (opening, opening + 410_00)
    assert found.gains == (0, 7_00)
    assert found.proves


def test_gains_of_earlier_days_stand_in_the_opening(house: Treasury) -> None:
    found = sheets_of(house, Span("2026-01-04", "2026-01-31"))
    assert found is not None
    assert found.gains == (7_00, 7_00)
    assert found.principal == (OPENING["maintenance"] + 500_00, OPENING["maintenance"] + 410_00)
    assert found.proves


def test_a_fund_that_never_had_money_has_no_sheets() -> None:
    empty = treasury(opened=False)
    empty.open(opening={"service_fee": 5})
    assert sheets_of(empty, JANUARY) is None


@pytest.mark.parametrize(
    ("category", "nature", "item"),
    [
        ("contribution", "income", "contributions"),
        ("rent", "income", "letting"),
        ("lift", "income", "other_income"),
        ("unheard", "income", "other_income"),
        ("lift", "expense", "repairs"),
        ("interest", "expense", "other_expense"),
        ("fee_refund", "refund", "given_back"),
        ("own_transfer", "own_transfer", ""),
        ("loan", "payable", ""),
    ],
)
def test_items(category: str, nature: str, item: str) -> None:
    assert fund.item_of(Movement("bank", "maintenance", category, nature, 1)) == item
