"""Periods: closed in order by a watermark; what is dated before it is booked on the first open day, and says both days."""

import pytest

from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.periods import Closed, next_period
from ledger.accounts.world import months
from tests.accounts.treasury import OPENING, Treasury, fees, spent, treasury
from tests.community import BOTH, digest_of, profile_with, refused_as


@pytest.fixture
def house() -> Treasury:
    """In July, with a receipt in the first half-year."""
    house = treasury()
    house.take(("2026-01-05", 300, [fees(300)]))
    house.set_clock("2026-07-02T09:00:00+08:00")
    return house


def test_periods_close_in_order(house: Treasury) -> None:
    with refused_as("period.not_next"):
        house.close("2026H2")
    house.close("2026H1")
    (closed,) = [f for f in house.all_facts if isinstance(f, Closed)]
    assert closed.closing == (
        ("bank", "common_income", OPENING["common_income"]),
        ("bank", "maintenance", OPENING["maintenance"]),
        ("bank", "service_fee", OPENING["service_fee"] + 300),
    )
    assert house.accounts.closed_until == "2026-06-30"
    assert house.accounts.openings["bank", "service_fee"] == OPENING["service_fee"] + 300
    assert not house.accounts.periods
    with refused_as("period.not_next"):
        house.close("2026H1")
    assert next_period(house.accounts, 6).code == "2026H2"


def test_books_that_are_not_open_have_no_next_period() -> None:
    with refused_as("books.not_open"):
        next_period(treasury(opened=False).accounts, 6)


def test_a_fact_of_a_closed_period_is_booked_on_the_first_open_day(house: Treasury) -> None:
    house.close("2026H1")
    house.take(("2026-06-20", 50, [fees(50)]), ("2026-07-02", 60, [fees(60)]))
    late, new = [f for f in house.facts if isinstance(f, Line)]
    assert (late.booked, late.on, late.period, late.voucher) == ("2026-07-01", "2026-06-20", "2026H2", "2026-07-0001")
    assert (new.booked, new.on, new.period, new.voucher) == ("2026-07-02", "2026-07-02", "2026H2", "2026-07-0002")


def test_vouchers_are_numbered_by_the_month_booked_and_in_log_order(house: Treasury) -> None:
    house.take(("2026-03-05", 1, [fees(1)]), ("2026-05-05", 1, [fees(1)]), ("2026-05-06", 1))
    deposit = house.deposit(5, account="box", on="2026-03-01")
    house.contra(deposit, on="2026-05-31")
    numbers = [f.number for f in house.all_facts if isinstance(f, VoucherBooked)]
    assert numbers == [
        "2026-01-0001",
        "2026-01-0002",
        "2026-03-0001",
        "2026-05-0001",
        "2026-05-0002",
        "2026-03-0002",
        "2026-05-0003",
    ]


def test_a_withdrawal_on_its_way_stays_over_the_close_and_a_paid_one_leaves(house: Treasury) -> None:
    paid, half, waiting = house.approved(100), house.approved(100, 50), house.approved(100)
    rows = [("2026-07-02", -100, [{"amount": -100, "settles": f"{a}#0"}]) for a in (paid, half)]
    house.take(*rows)
    house.act("withdrawal.dropped/1", {"application": half, "reason": "不再需要"}, by=["chair"])
    house.close("2026H1")
    assert set(house.accounts.withdrawals) == {waiting}
    assert set(house.accounts.proposals.values()) == {waiting}


def test_what_is_open_stays_over_the_close(house: Treasury) -> None:
    house.take(("2026-06-30", 7), ("2026-06-30", -9, [spent(9)]))
    deposit = house.deposit(5, on="2026-06-30")
    house.close("2026H1")
    assert deposit in house.accounts.pending
    assert len(house.accounts.suspense) == len(house.accounts.unfounded) == 1


def test_lines_of_the_next_period_are_not_in_the_one_that_closes(house: Treasury) -> None:
    house.take(("2026-07-01", 50, [fees(50)]))
    house.close("2026H1")
    assert house.accounts.openings["bank", "service_fee"] == OPENING["service_fee"] + 300
    assert house.fund("service_fee") == OPENING["service_fee"] + 350
    assert set(house.accounts.periods) == {"2026H2"}


def test_a_new_profile_cannot_leave_a_line_without_its_statement(house: Treasury) -> None:
    """Statements by quarter from here on: the half-year that has lines already is still closed as one."""
    text = profile_with("statement.period_months", "3")
    house.act("profile.adopted/1", {"text": text, "source": digest_of("vote")}, by=BOTH)
    assert months(house.books) == 6
    house.take(("2026-02-05", 50, [fees(50)]))
    assert house.fact(Line).period == "2026H1"
    with refused_as("period.not_next"):
        house.close("2026Q1")
    house.close("2026H1")
    assert months(house.books) == 3
    house.take(("2026-07-01", 50, [fees(50)]))
    assert house.fact(Line).period == "2026Q3"
