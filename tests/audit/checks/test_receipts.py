"""Income on its way to the bank: each finding, and the nearest ledger without one."""

from typing import Any

import pytest

from ledger.rules.calendar import shipped_text as calendar
from tests.accounts.treasury import Treasury, spent, to_box, treasury
from tests.audit.checks.asked import findings, found
from tests.community import BOTH, profile_with

THIRTY = profile_with("income.deduction_max", '"<=30/100"')


def house_of(profile: str | None = None) -> Treasury:
    """A community with the working days of 2026; fifteen of them after 5 January end on 26 January."""
    house = treasury() if profile is None else Treasury(profile=profile)
    if profile is not None:
        house.open()
    house.act("calendar.adopted/1", {"year": 2026, "text": calendar(2026)}, by=BOTH)
    return house


def kept(house: Treasury, cost: int, **other: Any) -> str:
    """A receipt of 100 yuan of which the payer kept some."""
    deducted = {"cost_evidence": house.letter, "cost_party": "lift", "gross": 100_00, "cost": cost}
    said = {"party": "lift"} | (deducted if cost else {"gross": 100_00}) | other
    return house.deposit(100_00 - cost, **{name: value for name, value in said.items() if value})


def arrive(house: Treasury, on: str, deposit: str = "", amount: int = 100_00) -> str:
    """The bank's row of a day: that of a deposit, or of something else."""
    house.set_clock(f"{on}T12:00:00+08:00")
    part = {"amount": amount} | ({"settles": deposit} if deposit else {})
    return house.take((on, amount, [part] if deposit else []))[1]


# --- what was kept ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cost", "met"), [(30_00, 0), (30_01, 1), (0, 0)])
def test_a_deduction_at_the_limit_and_above(cost: int, met: int) -> None:
    house = house_of(THIRTY)
    kept(house, cost)
    assert len(found(house, "income.kept_too_much")) == met


@pytest.mark.parametrize(("cost", "met"), [(1, 1), (0, 0)])
def test_where_nothing_may_be_kept_who_kept_nothing_is_not_named(cost: int, met: int) -> None:
    house = house_of(profile_with("income.deduction_max", '"<0/100"'))
    kept(house, cost)
    assert len(found(house, "income.kept_too_much")) == met


def test_deductions_of_one_payer_and_contract_are_one_finding() -> None:
    house = house_of(THIRTY)
    first = kept(house, 40_00)
    kept(house, 20_00)
    arrive(house, house.day, first, 60_00)
    kept(house, 50_00)
    kept(house, 50_00, contract="c1")
    kept(house, 31_00, party="")
    assert found(house, "income.kept_too_much") == [
        {"party": "lift", "contract": "", "count": 2, "gross_fen": 200_00, "cost_fen": 90_00, "limit": "30/100"},
        {"party": "lift", "contract": "c1", "count": 1, "gross_fen": 100_00, "cost_fen": 50_00, "limit": "30/100"},
        {"party": "", "contract": "", "count": 1, "gross_fen": 100_00, "cost_fen": 31_00, "limit": "30/100"},
    ]


def test_without_a_limit_nothing_is_above_it() -> None:
    house = house_of()
    kept(house, 90_00)
    assert found(house, "income.kept_too_much") == []


@pytest.mark.parametrize("account", ["bank", "box"])
def test_what_was_taken_back_was_not_kept(account: str) -> None:
    house = house_of(THIRTY)
    deposit = kept(house, 40_00, account=account)
    assert len(found(house, "income.kept_too_much")) == 1
    house.contra(deposit)
    assert found(house, "income.kept_too_much") == []


def test_what_is_owed_to_others_is_no_income() -> None:
    house = house_of(THIRTY)
    kept(house, 40_00, category="collected_for_others", nature="pass_through")
    assert found(house, "income.kept_too_much") == []


# --- to the bank ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "met"), [("2026-01-26", 0), ("2026-01-27", 1)])
def test_a_receipt_that_reached_the_bank_on_the_last_day_and_after_it(on: str, met: int) -> None:
    house = house_of()
    deposit = house.deposit(100_00)
    row = arrive(house, on, deposit)
    met_here = findings(house, "income.banked_late")
    assert [finding.figures for finding in met_here] == [
        {"account": "bank", "count": 1, "days": 22, "amount_fen": 100_00}
    ] * met
    assert [[cited.record for cited in finding.evidence] for finding in met_here] == [[deposit, row]] * met


def test_late_receipts_of_one_account_are_one_finding() -> None:
    house = house_of()
    deposits = [house.deposit(100_00) for _ in range(2)]
    arrive(house, "2026-01-27", deposits[0])
    arrive(house, "2026-01-29", deposits[1])
    assert found(house, "income.banked_late") == [{"account": "bank", "count": 2, "days": 24, "amount_fen": 200_00}]


def test_without_the_working_days_nobody_can_say_that_it_is_late() -> None:
    house = treasury()
    house.deposit(100_00, account="box")
    arrive(house, "2026-06-30", house.deposit(100_00))
    assert found(house, "income.banked_late") == found(house, "income.cash_not_banked") == []


def test_a_receipt_whose_row_was_taken_back_has_not_come() -> None:
    house = house_of()
    row = arrive(house, "2026-01-27", house.deposit(100_00))
    assert len(found(house, "income.banked_late")) == 1
    house.contra(row)
    assert found(house, "income.banked_late") == []


# --- cash ----------------------------------------------------------------------------------------------------------------


def test_cash_income_that_stays_in_the_box() -> None:
    house = house_of()
    house.set_clock("2026-01-05T12:00:00+08:00")
    deposits = [house.deposit(amount, account="box") for amount in (100_00, 1)]
    house.set_clock("2026-01-26T12:00:00+08:00")
    house.document()
    assert found(house, "income.cash_not_banked") == []
    house.set_clock("2026-01-27T12:00:00+08:00")
    house.document()
    (finding,) = findings(house, "income.cash_not_banked")
    assert finding.figures == {"account": "box", "count": 2, "first_day": "2026-01-05", "amount_fen": 100_01}
    assert [cited.record for cited in finding.evidence] == deposits
    assert found(house, "income.banked_late") == [], "nothing of it is on its way to a bank"


@pytest.mark.parametrize(
    ("on", "amount", "met"), [("2026-01-26", 100_00, 0), ("2026-01-27", 100_00, 1), ("2026-01-26", 99_99, 1)]
)
def test_cash_income_that_was_brought_to_the_bank(on: str, amount: int, met: int) -> None:
    house = house_of()
    house.deposit(100_00, account="box")
    house.set_clock(f"{on}T12:00:00+08:00")
    house.take((on, amount, [to_box(-amount)]))
    house.set_clock("2026-03-02T12:00:00+08:00")
    house.document()
    assert len(found(house, "income.cash_not_banked")) == met


def test_one_transfer_brings_the_older_income_first() -> None:
    house = house_of()
    house.deposit(100_00, account="box")
    second = house.deposit(50_00, account="box")
    house.take((house.day, 100_00, [to_box(-100_00)]))
    house.set_clock("2026-03-02T12:00:00+08:00")
    house.document()
    (finding,) = findings(house, "income.cash_not_banked")
    assert [cited.record for cited in finding.evidence] == [second]


def test_what_others_left_in_the_box_is_no_income() -> None:
    house = house_of()
    house.deposit(100_00, account="box", category="deposit_held", nature="deposit_held")
    house.set_clock("2026-03-02T12:00:00+08:00")
    house.document()
    assert found(house, "income.cash_not_banked") == []


def test_what_was_paid_out_of_the_box_was_not_banked() -> None:
    house = house_of()
    house.deposit(100_00, account="box")
    house.pay_cash(spent(40_00))
    house.take((house.day, 60_00, [to_box(-60_00)]))
    house.set_clock("2026-03-02T12:00:00+08:00")
    house.document()
    assert [(met["count"], met["amount_fen"]) for met in found(house, "income.cash_not_banked")] == [(1, 100_00)]


def test_what_filled_the_box_takes_nothing_off_what_was_banked() -> None:
    house = house_of()
    house.deposit(100_00, account="box")
    house.take((house.day, -50_00, [to_box(50_00)]), (house.day, 100_00, [to_box(-100_00)]))
    house.set_clock("2026-03-02T12:00:00+08:00")
    house.document()
    assert found(house, "income.cash_not_banked") == []
