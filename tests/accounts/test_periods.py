"""Periods: closed in order by a watermark; what is dated before it is booked on the first open day, and says both days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.periods import Closed, next_period, period_of
from ledger.accounts.state import Span
from ledger.period import Period, parse_day
from tests.accounts.treasury import OPENING, Treasury, fees, spent, treasury
from tests.community import BOTH, digest_of, profile_with, refused_as


@pytest.fixture
def house() -> Treasury:
    """In July, with a receipt in the first half-year."""
    house = treasury()
    house.take(("2026-01-05", 300, [fees(300)]), confirmed=True)
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
    assert next_period(house.accounts).code == "2026H2"


def test_books_that_are_not_open_have_no_next_period() -> None:
    with refused_as("books.not_open"):
        next_period(treasury(opened=False).accounts)


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
    house.take(*rows, confirmed=True)
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


# --- what leaves with a closed period -----------------------------------------------------------------------------------------


def test_an_authority_leaves_after_its_days_unless_a_payment_is_on_its_way(house: Treasury) -> None:
    house.set_clock("2026-06-30T09:00:00+08:00")
    over = [house.payment(100 + n, until="2026-06-30") for n in range(3)]
    going_on = house.payment(200, until="2026-07-01")
    paid, waiting = (house.approved(100, motion=motion, line="") for motion in over[:2])
    _, row = house.take(("2026-06-30", -100, [{"amount": -100, "settles": f"{paid}#0"}]), confirmed=True)
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.close("2026H1")
    assert {motion for motion, _ in house.accounts.authorities} == {over[1], going_on}
    late = house.take(("2026-06-30", -100, [{"amount": -100, "settles": f"{waiting}#0"}]), confirmed=True)[1]
    with refused_as("withdrawal.no_authority"):
        house.propose(house.apply_for(100), over[0], "")
    house.contra(row)
    assert over[0] not in {motion for motion, _ in house.accounts.authorities}, (
        "what is taken back founds nothing any more"
    )
    house.set_clock("2027-01-01T09:00:00+08:00")
    house.close("2026H2")
    assert not list(house.accounts.authorities)
    house.contra(late)


def test_an_authority_leaves_when_its_last_withdrawal_was_dropped(house: Treasury) -> None:
    motion = house.payment(100, until="2026-07-02")
    application = house.approved(100, motion=motion, line="")
    house.close("2026H1")
    house.act("withdrawal.dropped/1", {"application": application, "reason": "不再需要"}, by=["chair"])
    assert house.authority(motion).spent == 0
    house.set_clock("2027-01-01T09:00:00+08:00")
    house.close("2026H2")
    assert not list(house.accounts.authorities)


def test_voucher_numbers_are_kept_of_open_months(house: Treasury) -> None:
    house.take(("2026-07-01", 1, [fees(1)]))
    house.close("2026H1")
    assert dict(house.accounts.vouchers.items()) == {"2026-07": 1}
    house.take(("2026-07-02", 1, [fees(1)]))
    assert house.fact(VoucherBooked).number == "2026-07-0002"


# --- another length -----------------------------------------------------------------------------------------------------------

Step = tuple[int, str, int]
"""Days that pass, what is done then, and months or days back."""
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 250), st.just("adopt"), st.sampled_from([1, 3, 6, 12])),
        st.tuples(st.integers(0, 100), st.just("book"), st.integers(0, 400)),
        st.tuples(st.integers(0, 100), st.just("close"), st.just(0)),
    ),
    max_size=12,
)


def adopt(house: Treasury, months: int) -> None:
    """Another profile with periods of this length; its text is never the one before."""
    text = profile_with("statement.period_months", str(months)) + f"# {len(house.entries)}\n"
    house.act("profile.adopted/1", {"text": text, "source": digest_of("vote")}, by=BOTH)


def booked_by(house: Treasury, on: str) -> str:
    """The period into which cash of a day is booked."""
    house.deposit(1, account="box", on=on)
    return str(house.fact(Line).period)


def test_another_length_counts_where_a_period_of_both_begins(house: Treasury) -> None:
    """Statements by quarter: the half-years that have begun are still closed as such, whether lines stand in them or not."""
    adopt(house, 3)
    assert booked_by(house, "2026-02-05") == "2026H1"
    with refused_as("period.not_next"):
        house.close("2026Q1")
    house.close("2026H1")
    assert booked_by(house, "2026-07-02") == "2026H2"
    house.set_clock("2027-01-01T00:00:00+08:00")
    assert booked_by(house, "2026-12-31") == "2026H2"
    assert booked_by(house, "2027-01-01") == "2027Q1"
    house.close("2026H2")
    assert house.accounts.spans == (Span("2027-01-01", 3),)
    assert next_period(house.accounts).code == "2027Q1"


def test_a_longer_length_waits_for_its_own_period_to_begin(house: Treasury) -> None:
    adopt(house, 12)
    house.set_clock("2027-01-01T00:00:00+08:00")
    assert booked_by(house, "2026-12-31") == "2026H2"
    assert booked_by(house, "2027-01-01") == "2027"


def test_of_several_lengths_adopted_before_they_count_the_last_does(house: Treasury) -> None:
    adopt(house, 3)
    adopt(house, 1)
    assert [span.months for span in house.accounts.spans] == [6, 1]
    adopt(house, 6)
    assert house.accounts.spans == (Span("2026-01-01", 6),)
    adopt(house, 12)
    house.set_clock("2027-01-01T00:00:00+08:00")
    assert booked_by(house, "2027-01-01") == "2027"


def test_the_books_open_with_the_length_then_in_force() -> None:
    house = treasury(opened=False)
    adopt(house, 1)
    assert not house.accounts.spans
    house.open("2026-01-01")
    assert next_period(house.accounts).code == "2026-01"


@given(STEPS)
def test_periods_tile_time_whatever_is_adopted(steps: list[Step]) -> None:
    house = treasury()
    closed: list[Period] = []
    for days, what, number in steps:
        house.advance(days=days)
        today, due = today_of(house), next_period(house.accounts)
        if what == "adopt":
            adopt(house, number)
            assert next_period(house.accounts) == due
        elif what == "book":
            day = max(today - timedelta(days=number), parse_day("2026-01-01"))
            assert Period.parse(booked_by(house, day.isoformat())).first >= due.first
        elif today > due.last:
            house.close(due.code)
            closed.append(due)
    ahead = [next_period(house.accounts)]
    while ahead[-1].last < today_of(house) + timedelta(days=800):
        ahead.append(period_of(house.accounts, (ahead[-1].last + timedelta(days=1)).isoformat()))
    tiles = closed + ahead
    assert tiles[0].first == parse_day("2026-01-01")
    assert all(after.first == before.last + timedelta(days=1) for before, after in pairwise(tiles))
    for line in (fact for fact in house.all_facts if isinstance(fact, Line)):
        assert [p.code for p in tiles if p.contains(parse_day(line.booked))] == [line.period]
    assert set(house.accounts.periods) <= {p.code for p in ahead}


def today_of(house: Treasury) -> date:
    """The legal day of now."""
    return parse_day(house.day)
