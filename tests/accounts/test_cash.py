"""The petty-cash box: filled from the bank, paid from, counted by two, never deeper than empty."""

from typing import Any

import pytest

from ledger.accounts.booking import Line, VoucherBooked
from tests.accounts.treasury import OPENING, Treasury, fees, spent, to_box, treasury
from tests.community import digest_of, refused_as

DAY = "2026-01-05"


@pytest.fixture
def house() -> Treasury:
    """With 500 fen in the box."""
    house = treasury()
    house.take((DAY, -500, [to_box(500)]))
    return house


def count(house: Treasury, counted: int, *, by: tuple[str, ...] = ("treasurer", "chair"), **other: Any) -> str:
    return house.act("cash.counted/1", {"account": "box", "on": house.day, "counted": counted} | other, by=by)


def test_a_bank_row_fills_the_box_at_both_ends(house: Treasury) -> None:
    assert house.fund("service_fee", "box") == 500
    assert house.fund("service_fee") == OPENING["service_fee"] - 500
    lines = [f for f in house.facts if isinstance(f, Line)]
    assert [(line.move.account, line.move.amount, line.move.nature) for line in lines] == [
        ("bank", -500, "own_transfer"),
        ("box", 500, "own_transfer"),
    ]
    (voucher,) = [f for f in house.facts if isinstance(f, VoucherBooked)]
    assert [(leg.code, leg.debit, leg.credit) for leg in voucher.legs] == [
        ("1002", 0, 500),
        ("1901", 500, 0),
        ("1001", 500, 0),
        ("1901", 0, 500),
    ]
    assert [line.move.basis for line in lines] == ["none", ""]
    assert [u.amount for u in house.accounts.unfounded.values()] == [500]


def test_what_is_left_goes_back_to_the_bank(house: Treasury) -> None:
    with refused_as("balance.negative"):
        house.take((DAY, 501, [to_box(-501)]))
    house.take((DAY, 500, [to_box(-500)]))
    assert house.fund("service_fee", "box") == 0
    assert house.fund("service_fee") == OPENING["service_fee"]


def test_cash_pays_stages_and_small_things(house: Treasury) -> None:
    application = house.approved(100, account="box")
    house.pay_cash({"amount": -100, "settles": f"{application}#0"}, spent(40, category="lift"))
    assert house.fund("service_fee", "box") == 360
    assert [f.move.basis for f in house.facts if isinstance(f, Line)] == ["budget", "none"]
    assert sorted(u.amount for u in house.accounts.unfounded.values()) == [40, 500]


@pytest.mark.parametrize(
    ("parts", "other", "rule"),
    [
        ([spent(501)], {}, "balance.negative"),
        ([spent(300), spent(201)], {}, "balance.negative"),
        ([spent(1, fund="common_income")], {}, "balance.negative"),
        ([spent(1, fund="maintenance")], {}, "account.not_for_fund"),
        ([fees(1)], {}, "part.sign"),
        ([{"amount": -1, "returns": digest_of("x")}], {}, "part.sign"),
        ([to_box(1)], {}, "part.sign"),
        ([{"amount": -1, "settles": digest_of("x")}], {}, "deposit.not_pending"),
        ([spent(1)], {"account": "bank"}, "cash.not_a_box"),
        ([spent(1)], {"on": "2026-01-06"}, "day.future"),
        ([spent(1)], {"on": "2025-12-31"}, "day.before_books"),
        ([], {}, "record.body"),
    ],
)
def test_what_a_payment_in_cash_may_not_be(
    house: Treasury, parts: list[dict[str, Any]], other: dict[str, Any], rule: str
) -> None:
    with refused_as(rule):
        house.pay_cash(*parts, **other)
    assert house.fund("service_fee", "box") == 500


def test_no_cash_leaves_unseen_as_a_transfer(house: Treasury) -> None:
    """Transfers need no authority, since both ends are ours: here nobody would see the other end."""
    part = to_box(500)
    del part["box"]
    with refused_as("cash.own_transfer"):
        house.pay_cash(part)
    with refused_as("deposit.nature"):
        house.deposit(100, account="box", category="own_transfer", nature="own_transfer")


def test_a_deposit_into_the_box_books_at_once(house: Treasury) -> None:
    house.deposit(70, account="box", fund="common_income", category="scrap")
    assert house.fund("common_income", "box") == 70
    assert not house.accounts.pending


def test_two_people_count_what_is_there(house: Treasury) -> None:
    house.deposit(70, account="box", fund="common_income", category="scrap")
    with refused_as("cash.count_differs"):
        count(house, 569)
    count(house, 570, documents=[house.letter])
    assert house.accounts.account("box").counted_on == DAY


def test_who_counts_and_when(house: Treasury) -> None:
    for by in (("treasurer",), ("chair", "member"), ("treasurer", "zhang"), ("treasurer", "chair", "member")):
        with refused_as("signers.seats"):
            count(house, 500, by=by)
    with refused_as("cash.not_a_box"):
        count(house, 500, account="bank")
    with refused_as("document.unknown"):
        count(house, 500, documents=[digest_of("x")])
    with refused_as("day.future"):
        count(house, 500, on="2026-01-06")
    count(house, 500)
    with refused_as("cash.counted_later"):
        count(house, 500, on="2026-01-04")


# --- a count speaks of its own day ------------------------------------------------------------------------------------------

MONTH_END = "2026-01-31"


@pytest.fixture
def counted(house: Treasury) -> Treasury:
    """Counted at the end of January, in February."""
    house.set_clock("2026-02-10T09:00:00+08:00")
    count(house, 500, on=MONTH_END)
    return house


def test_no_count_is_dated_before_what_moved_since(house: Treasury) -> None:
    """The 500 fen of today are not what lay in the box on the fourth."""
    with refused_as("cash.moved_later"):
        count(house, 500, on="2026-01-04")
    house.set_clock("2026-02-10T09:00:00+08:00")
    house.pay_cash(spent(40), on="2026-02-03")
    house.pay_cash(spent(60), on="2026-01-20")
    with refused_as("cash.moved_later"):
        count(house, 400, on="2026-02-02")
    count(house, 400, on="2026-02-03")


def test_no_movement_is_dated_before_the_count(counted: Treasury) -> None:
    """Whatever moves the box: else what two people counted would be made wrong afterwards."""
    house, before = counted, "2026-01-30"
    scrap = {"account": "box", "fund": "common_income", "category": "scrap"}
    with refused_as("cash.before_count"):
        house.pay_cash(spent(40), on=before)
    with refused_as("cash.before_count"):
        house.deposit(70, on=before, **scrap)
    house.pay_cash(spent(40), on=MONTH_END)
    house.deposit(70, on=MONTH_END, **scrap)
    assert house.fund("service_fee", "box") == 460
    count(house, 530, on=MONTH_END)


def test_what_was_counted_is_taken_back_on_the_day_of_the_count_or_later(house: Treasury) -> None:
    paid = house.pay_cash(spent(40))
    received = house.deposit(70, account="box", fund="common_income", category="scrap")
    house.set_clock("2026-02-10T09:00:00+08:00")
    count(house, 530, on=MONTH_END)
    for record in (paid, received):
        with refused_as("cash.before_count"):
            house.contra(record, on="2026-01-30")
        house.contra(record, on=MONTH_END)
    assert house.accounts.account("box").moved_on == MONTH_END


@pytest.mark.parametrize("amount", [-500, 500])
def test_a_row_is_taken_over_whatever_was_counted_and_said_later(counted: Treasury, amount: int) -> None:
    """Only its part is refused: the money waits in suspense for a day on which the box may move."""
    house, before = counted, "2026-01-30"
    with refused_as("cash.before_count"):
        house.take((before, amount, [to_box(-amount)]))
    _, row = house.take((before, amount))
    with refused_as("cash.before_count"):
        house.clear(row, to_box(-amount), on=before)
    house.clear(row, to_box(-amount), on=MONTH_END)
    assert house.fund("service_fee", "box") == 500 - amount
    assert not house.accounts.suspense


def test_a_stage_into_the_box_waits_for_the_count_too(house: Treasury) -> None:
    own = {"category": "own_transfer", "nature": "own_transfer", "into": "box"}
    application = house.approved(50, motion=house.delegation(), line="", **own)
    paid = {"amount": -50, "settles": f"{application}#0"}
    house.set_clock("2026-02-10T09:00:00+08:00")
    count(house, 500, on=MONTH_END)
    with refused_as("cash.before_count"):
        house.take(("2026-01-30", -50, [paid]))
    _, row = house.take(("2026-01-30", -50))
    house.clear(row, paid)
    assert house.fund("service_fee", "box") == 550


def test_a_bank_accounts_rows_and_a_boxs_counts_are_two_things(counted: Treasury) -> None:
    assert (counted.bank.rows_until, counted.bank.counted_on, counted.bank.moved_on) == (DAY, "", "")
    box = counted.accounts.account("box")
    assert (box.rows_until, box.counted_on, box.moved_on) == ("", MONTH_END, DAY)
