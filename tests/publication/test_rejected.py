"""A bank file that was taken back, as statements tell it: that it was, when and why; and nothing of it where it is gone."""

from random import Random
from typing import Any

import pytest

from ledger.accounts.booking import VoucherBooked
from ledger.exchange.plaintext import account_name, assertions
from tests.accounts.treasury import OPENING, fees, spent
from tests.community import refused_as
from tests.publication.test_journal import drawn
from tests.publication.treasurer import Busy

START = sum(OPENING.values())


@pytest.fixture
def house() -> Busy:
    """In July 2026, the first half-year not published yet."""
    house = Busy(Random(0))
    house.set_clock("2026-07-10T09:00:00+08:00")
    return house


def bank(statement: dict[str, Any]) -> dict[str, Any]:
    """The bank account of a statement."""
    return next(account for account in statement["accounts"] if account["code"] == "bank")


def tables(statement: dict[str, Any]) -> dict[str, tuple[int, list[tuple[str, int]]]]:
    """By month: the bank's balance, and the items of the reconciliation."""
    return {
        table["month"]: (table["bank"], [(item["class"], item["amount"]) for item in table["items"]])
        for table in statement["reconciliation"]
        if table["account"] == "bank"
    }


def test_a_statement_lists_the_file_and_counts_it_no_longer(house: Busy) -> None:
    file, came, _said = house.take(("2026-05-20", 500), ("2026-06-02", 70, [fees(70)]))
    before = drawn(house)
    assert bank(before)["bank_balance"] == START + 570
    assert before["rejected"] == []
    house.unsay(file, on="2026-06-02")
    record = house.reject(file)
    after = drawn(house)
    assert after["rejected"] == [
        {
            "file": file,
            "account": "bank",
            "start": "2026-05-20",
            "end": "2026-06-02",
            "count": 2,
            "received": 570,
            "paid": 0,
            "on": "2026-07-10",
            "record": record,
            "reason": "导错了账户",
        }
    ]
    assert (bank(after)["bank_balance"], bank(after)["difference"], "rows_until" in bank(after)) == (START, 0, False)
    assert all(table == (START, []) for table in tables(after).values())
    assert after["open"]["suspense"] == after["open"]["unconfirmed"] == []
    moved = [(one["row"], one["on"], one["amount"], one["by"]) for one in after["suspense"]]
    assert (came, "2026-05-20", 500, came) in moved
    assert (came, "2026-05-20", -500, record) in moved
    assert sum(amount for _, _, amount, _ in moved) == 0
    assert [line["amount"] for line in after["lines"]] == [70, -70]


def test_a_statement_drawn_before_does_not_stand_after_it(house: Busy) -> None:
    """Whatever of its rows lies in the period: else people would sign what was known to be wrong."""
    file, *_ = house.take(("2026-06-30", 500), ("2026-07-02", 70))
    before = drawn(house)
    house.reject(file)
    with refused_as("statement.booked_since"):
        house.publish(before)
    house.publish(drawn(house))


def test_what_a_closed_period_said_is_taken_back_in_the_next(house: Busy) -> None:
    """The published one stands, with the file unconfirmed; the next says that it was taken back, and is right by itself."""
    file, came, said = house.take(("2026-06-20", 500), ("2026-06-21", 70, [fees(70)]))
    first = drawn(house)
    assert [item["file"] for item in first["open"]["unconfirmed"]] == [file]
    house.publish(first)
    contra = house.contra(said, on="2026-06-21")
    record = house.reject(file)
    house.take(("2026-06-20", 8, [fees(8)]), confirmed=True)
    house.take(("2026-07-05", 3, [fees(3)]), confirmed=True)
    second = drawn(house)
    assert second["period"]["code"] == "2026H2"
    assert [one["record"] for one in second["rejected"]] == [record]
    moved = {(one["row"], one["booked"], one["on"], one["amount"], one["by"]) for one in second["suspense"]}
    assert moved == {
        (came, "2026-07-01", "2026-07-01", -500, record),
        (said, "2026-07-01", "2026-06-21", 70, contra),
        (said, "2026-07-01", "2026-07-01", -70, record),
    }
    assert [(line["on"], line["booked"], line["amount"]) for line in second["lines"]] == [
        ("2026-06-21", "2026-07-01", -70),
        ("2026-06-20", "2026-07-01", 8),
        ("2026-07-05", "2026-07-05", 3),
    ]
    assert (bank(second)["bank_balance"], bank(second)["difference"]) == (START + 11, 0)
    assert all(table == (START + 11, []) for table in tables(second).values())
    house.set_clock("2027-01-10T09:00:00+08:00")
    house.publish(drawn(house))
    assert drawn(house)["rejected"] == [], "told once"


def test_until_it_was_taken_back_the_books_counted_it_and_the_table_says_so(house: Busy) -> None:
    """What was said in May was taken back by a contra of July only; the bank never had it."""
    file, *_, out = house.take(("2026-05-20", 70, [fees(70)]), ("2026-05-20", -20, [spent(5)]))
    house.unsay(file, on="2026-07-09")
    house.reject(file)
    house.take(("2026-05-21", 4, [fees(4)]), confirmed=True)
    statement = drawn(house)
    items = tables(statement)
    assert items["2026-04"] == (START, [])
    for month in ("2026-05", "2026-06"):
        assert items[month][0] == START + 4
        assert sorted(items[month][1]) == [("bank_paid", 15), ("rejected_paid", 20), ("rejected_received", 70)]
    assert bank(statement)["difference"] == -65 + 4 - 4
    assert [(s["row"], s["amount"]) for s in statement["open"]["suspense"]] == [(out, -15)]
    house.publish(statement)
    assert all(items == (START + 4, []) for items in tables(drawn(house)).values())


def test_a_file_without_rows_is_listed_too(house: Busy) -> None:
    file, *_ = house.take(file={"start": "2026-05-01", "end": "2026-07-01"})
    before = drawn(house)
    assert bank(before)["complete"]
    house.reject(file)
    with refused_as("statement.booked_since"):
        house.publish(before)
    statement = drawn(house)
    assert not bank(statement)["complete"]
    assert [(one["count"], one["received"], one["paid"]) for one in statement["rejected"]] == [(0, 0, 0)]


def test_it_is_told_where_its_days_lie_and_where_it_was_taken_back(house: Busy) -> None:
    file, *_ = house.take(("2026-07-02", 500))
    house.reject(file)
    assert drawn(house)["rejected"] == [], "of the second half-year only"
    house.publish(drawn(house))
    assert len(drawn(house)["rejected"]) == 1


@pytest.mark.parametrize("on", ["2026-07-02", "2026-07-09"])
def test_the_exported_books_hold_what_every_statement_says(house: Busy, on: str) -> None:
    """Vouchers take the rows out month by month, so that the bank's account is right at the end of each period."""
    file, *_ = house.take(
        ("2026-06-20", 500), ("2026-06-30", -7), ("2026-06-30", 6, [fees(6)]), ("2026-07-02", 70, [fees(70)])
    )
    house.unsay(file, on=on)
    house.reject(file)
    statements = [drawn(house)]
    house.publish(statements[0])
    house.set_clock("2027-01-10T09:00:00+08:00")
    statements.append(drawn(house))
    legs = [
        (fact.booked, account_name(house.chart, leg), leg.debit - leg.credit)
        for _, facts in house.history
        for fact in facts
        if isinstance(fact, VoucherBooked)
        for leg in fact.legs
    ]
    for asserted in assertions(statements, house.chart):
        held = sum(amount for day, name, amount in legs if name == asserted.account and day <= asserted.day)
        assert held == asserted.amount, asserted
