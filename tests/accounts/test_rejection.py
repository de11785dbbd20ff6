"""A wrong bank file is taken back: the account stands where it stood before, and the same rows may come again, rightly."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts.booking import VoucherBooked
from ledger.accounts.facts import FileRejected, RowTakenOut
from ledger.accounts.records import MOST
from ledger.accounts.rejection import MOST_NAMED, still_said
from ledger.errors import MingzhangError, Refused
from ledger.log import snapshot
from tests.accounts.treasury import OPENING, Row, Treasury, fees, spent, to_box, treasury
from tests.community import digest_of, refused_as

DAY = "2026-01-04"
START = sum(OPENING.values())
FEES = OPENING["service_fee"]


@pytest.fixture
def house() -> Treasury:
    return treasury()


def standing(house: Treasury) -> tuple[Any, ...]:
    """What a file may change of the accounts, but for the numbers of vouchers and periods' trees."""
    accounts = house.accounts
    return (
        dict(accounts.accounts.items()),
        {key: amount for key, amount in accounts.balances.items() if amount},
        dict(accounts.suspense.items()),
        dict(accounts.pending.items()),
        dict(accounts.withdrawals.items()),
        dict(accounts.unfounded.items()),
        dict(accounts.authorities.items()),
        dict(accounts.imports.items()),
    )


# --- which file, and when ---------------------------------------------------------------------------------------------------


def test_a_file_in_suspense_is_taken_back_whole(house: Treasury) -> None:
    before = standing(house)
    file, came, went = house.take((DAY, 500), (DAY, -200))
    record = house.reject(file)
    assert standing(house) == before
    fact = house.fact(FileRejected)
    assert (fact.file, fact.account, fact.start, fact.end, fact.count) == (file, "bank", DAY, DAY, 2)
    assert (fact.received, fact.paid) == (500, 200)
    assert (fact.on, fact.record, fact.reason) == (house.day, record, "导错了账户")
    out = {f.row: (f.on, f.amount, f.until, f.by) for f in house.facts if isinstance(f, RowTakenOut)}
    assert out == {came: (DAY, 500, DAY, record), went: (DAY, -200, DAY, record)}
    (voucher,) = [f for f in house.facts if isinstance(f, VoucherBooked)]
    assert [(leg.code, leg.debit, leg.credit) for leg in voucher.legs] == [
        ("1002", 0, 500),
        ("2241", 500, 0),
        ("1002", 200, 0),
        ("1221", 0, 200),
    ]
    assert (voucher.booked, voucher.corrects) == (DAY, file)


def test_a_file_is_taken_back_once(house: Treasury) -> None:
    file, *_ = house.take((DAY, 500))
    house.reject(file)
    for gone in (file, digest_of("nothing")):
        with refused_as("bank.no_file_to_reject"):
            house.reject(gone)


def test_what_a_second_person_confirmed_stands(house: Treasury) -> None:
    file, *_ = house.take((DAY, 500), confirmed=True)
    with refused_as("bank.no_file_to_reject"):
        house.reject(file)


def test_only_the_newest_file_of_its_account_goes(house: Treasury) -> None:
    """The later one joins its balance; once that is gone it goes too."""
    house.account("b2", "bank", ["subsidy"])
    before = house.bank
    first, *_ = house.take((DAY, 500))
    second, *_ = house.take((DAY, 7))
    house.take((DAY, 9), file={"account": "b2"})
    with refused_as("bank.not_newest"):
        house.reject(first)
    house.reject(second)
    house.reject(first)
    assert house.bank == before
    assert [item.amount for item in house.accounts.suspense.values()] == [9]


def test_a_file_under_a_confirmed_one_stands(house: Treasury) -> None:
    """Who saw the bank's balance after the later file saw it with what the earlier one moved."""
    first, *_ = house.take((DAY, 500))
    second, *_ = house.take((DAY, 7), confirmed=True)
    with refused_as("bank.not_newest") as refused:
        house.reject(first)
    assert refused.value.accepted == second


def test_a_wrong_last_day_goes_with_its_file(house: Treasury) -> None:
    """Else no row of the days until then could ever be taken over."""
    house.take(("2026-01-02", 3), confirmed=True)
    for rows in ((), ((DAY, 500),)):
        file, *_ = house.take(*rows, file={"start": "2026-01-02", "end": "2026-01-05"})
        with refused_as("bank.days"):
            house.take((DAY, 1))
        house.reject(file)
        assert house.bank.rows_until == "2026-01-02"
    house.take((DAY, 1))


def test_a_file_whose_rows_stopped_coming_goes_as_far_as_it_came(house: Treasury) -> None:
    before = standing(house)
    for taken in (0, 2):
        rows = house.file_records([(DAY, 500), (DAY, 7), (DAY, 9)])
        for record in rows[: taken + 1]:
            house.submit(record, house.sign(record, ["treasurer"]))
        house.reject(rows[0].digest)
        assert house.fact(FileRejected).count == taken
        assert standing(house) == before
        with refused_as("bank.no_open_file"):
            house.submit(rows[-1], house.sign(rows[-1], ["treasurer"]))


def test_a_file_that_the_next_one_cut_off_goes_after_it(house: Treasury) -> None:
    before = standing(house)
    cut = house.file_records([(DAY, 500), (DAY, 7)])
    never_came = house.file_records([(DAY, 500)], {"opening": START + 500, "closing": START + 1_000})
    for record in (*cut[:2], never_came[0]):
        house.submit(record, house.sign(record, ["treasurer"]))
    after, *_ = house.take((DAY, 9))
    house.reject(after)
    assert house.bank.newest == cut[0].digest, "of the one between nothing came"
    house.reject(cut[0].digest)
    assert standing(house) == before


@pytest.mark.parametrize("by", ["treasurer", "chair", "member", "registrar", "supervisor"])
def test_the_treasurer_or_whoever_could_confirm_it_rejects(house: Treasury, by: str) -> None:
    file, *_ = house.take((DAY, 5))
    with refused_as("signers.seats"):
        house.reject(file, ["zhang"])
    with refused_as("signers.seats"):
        house.reject(file, [by, "zhang"])
    house.reject(file, [by])


def test_a_file_moves_no_more_than_a_statement_can_say(house: Treasury) -> None:
    """Rows that go to and fro add up beyond every balance; a rejected file's sums stand in the statement that closes its days."""
    house.account("b2", "bank", ["subsidy"])
    for sign in (1, -1):
        most = [(DAY, sign * MOST), (DAY, -sign * MOST)]
        file, *_ = house.take(*most, file={"account": "b2"})
        house.reject(file)
        assert (house.fact(FileRejected).received, house.fact(FileRejected).paid) == (MOST, MOST)
        with refused_as("sum.too_large"):
            house.take(*most, (DAY, sign), file={"account": "b2"})


# --- what its rows were said to be ------------------------------------------------------------------------------------------


def said_in_every_way(house: Treasury) -> str:
    """A file with rows that pay a stage, bring a deposit, fill the box, give suspense back, are cleared, or are nothing."""
    _, old, older = house.take((DAY, 60), (DAY, 40), confirmed=True)
    deposit = house.deposit(100)
    paid = house.approved(30)
    file, *_, left = house.take(
        (house.day, 100, [{"amount": 100, "settles": deposit}]),
        (house.day, -30, [{"amount": -30, "settles": f"{paid}#0"}]),
        (house.day, -20, [to_box(15), spent(5)]),
        (house.day, -60, [{"amount": -60, "returns": old, "document": house.letter}]),
        (house.day, -40),
        (house.day, 80),
        (house.day, 7),
    )
    rows = [entry.record.digest for entry in house.entries[-3:]]
    house.clear(rows[1], fees(30), fees(50, category="interest"))
    house.clear(rows[0], {"amount": -40, "returns": older})
    assert left == rows[2]
    return file


def test_what_its_rows_were_said_to_be_is_taken_back_before(house: Treasury) -> None:
    file = said_in_every_way(house)
    with pytest.raises(Refused) as refused:
        house.reject(file)
    assert refused.value.rule == "bank.still_said"
    said = still_said(house.past, file, len(house.entries))
    assert refused.value.value == said
    assert refused.value.context["count"] == len(said) == 6
    assert house.unsay(file) == said
    house.reject(file)
    assert {held.amount for held in house.accounts.suspense.values()} == {60, 40}
    assert len(house.accounts.pending) == 1
    assert all(stage.waiting for w in house.accounts.withdrawals.values() for stage in w.stages)
    assert not house.accounts.unfounded
    assert house.bank.balance == START + 60 + 40
    assert (house.fund("service_fee"), house.fund("service_fee", "box")) == (FEES, 0)


def test_a_row_partly_in_suspense_is_not_taken_out(house: Treasury) -> None:
    file, row = house.take((DAY, 500))
    house.clear(row, fees(1))
    with refused_as("bank.still_said"):
        house.reject(file)


def test_the_refusal_names_so_many(house: Treasury) -> None:
    file, *_ = house.take(*[(DAY, n, [fees(n)]) for n in range(1, MOST_NAMED + 3)])
    with pytest.raises(Refused) as refused:
        house.reject(file)
    said = still_said(house.past, file, len(house.entries))
    assert refused.value.value == said[:MOST_NAMED]
    assert refused.value.context["count"] == len(said) == MOST_NAMED + 2


def test_a_row_that_is_gone_is_said_to_be_nothing_any_more(house: Treasury) -> None:
    file, row, said = house.take((DAY, 500), (DAY, 7, [fees(7)]))
    cleared = house.clear(row, fees(500))
    house.unsay(file)
    house.reject(file)
    for gone in (row, said):
        with refused_as("suspense.unknown"):
            house.clear(gone, fees(1))
        with refused_as("suspense.unknown"):
            house.take((DAY, -1, [{"amount": -1, "returns": gone, "document": house.letter}]))
    for gone in (said, cleared):
        with refused_as("contra.used_before"):
            house.contra(gone)
    with refused_as("contra.nothing_said"):
        house.contra(row)


# --- the same again -----------------------------------------------------------------------------------------------------------


def test_what_was_approved_is_paid_by_the_right_file_also_after_the_close(house: Treasury) -> None:
    """Else a payment that was decided and made would stand without authority, because a file was wrong."""
    paid = house.approved(30)
    row = (house.day, -30, [{"amount": -30, "settles": f"{paid}#0"}])
    file, *_ = house.take(row)
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.close("2026H1")
    house.unsay(file)
    house.reject(file)
    house.take(row, confirmed=True)
    assert house.withdrawal(paid).stages[0].paid == 30
    house.set_clock("2027-01-02T09:00:00+08:00")
    house.close("2026H2")
    assert paid not in house.accounts.withdrawals


def test_the_same_file_and_rows_come_again_and_only_once(house: Treasury) -> None:
    same, rows = {"file": digest_of("the file")}, [(DAY, 100), (DAY, -100), (DAY, 100)]
    for _ in range(3):
        file, *_ = house.take(*rows, file=same, row={"ordinal": 1})
        with refused_as("bank_file.used_before"):
            house.take((DAY, 5), file=same)
        with refused_as("bank_row.used_before"):
            house.take((DAY, -100), (DAY, 100))
        house.reject(file)
        with refused_as("bank.ordinal"):
            house.take((DAY, 100), row={"ordinal": 1})
        empty, *_ = house.take(file={**same, "start": DAY})
        with refused_as("bank_file.used_before"):
            house.take(file={**same, "start": DAY})
        house.reject(empty)
    house.take(*rows, file=same, row={"ordinal": 1}, confirmed=True)
    assert house.bank.balance == START + 100


def test_a_row_of_a_file_that_stands_does_not_come_again_because_another_was_rejected(house: Treasury) -> None:
    house.take((DAY, 100), (DAY, -100))
    for _ in range(2):
        file, *_ = house.take((DAY, 7))
        house.reject(file)
        with refused_as("bank_row.used_before"):
            house.take((DAY, 100))


Drawn = list[tuple[int, bool]]
"""Rows of one day: signed fen, and whether it is said what each one is."""
DRAWN: st.SearchStrategy[Drawn] = st.lists(st.tuples(st.sampled_from([-2, -1, 1, 2, 100]), st.booleans()), max_size=6)
Twins = Counter[tuple[int, int]]
"""(amount, balance) of the rows that stand -> how many are alike."""


def take(house: Treasury, name: str, drawn: Drawn, twins: Twins, off: int = 0) -> list[str]:
    """Import rows as a file of this name, each with its place among its twins; ``off`` puts the last one's wrong."""
    rows: list[Row] = [
        (DAY, amount, [fees(amount) if amount > 0 else spent(-amount)] if said else []) for amount, said in drawn
    ]
    body = house.file_body(rows, file=digest_of(name), start=DAY, end=DAY)
    records, balance = [house.record("bank.imported/1", body)], house.bank.balance
    for number, row in enumerate(rows):
        balance += row[1]
        ordinal = twins[row[1], balance] + (off if number == len(rows) - 1 else 0)
        twins[row[1], balance] += 1
        records.append(
            house.record("bank.row/1", house.row_body(records[0].digest, number, row, balance, ordinal=max(ordinal, 0)))
        )
    house.whole(records, ["treasurer"])
    return [record.digest for record in records]


def outcome(house: Treasury, drawn: Drawn, twins: Twins, off: int) -> str:
    """What becomes of a file: nothing, or the rule that refuses it."""
    try:
        take(house.fork(), "later", drawn, twins.copy(), off)
    except MingzhangError as error:
        return error.rule
    return ""


def money(house: Treasury) -> tuple[Any, ...]:
    """All that is anywhere, suspense by day and amount since rows that come again have another digest."""
    accounts = house.accounts
    suspended = sorted((s.on, s.amount, s.since) for s in accounts.suspense.values())
    bank = replace(house.bank, newest="")
    return bank, {key: amount for key, amount in accounts.balances.items() if amount}, suspended


@given(DRAWN, DRAWN, DRAWN, st.lists(st.tuples(DRAWN, st.sampled_from([0, 0, -1, 1])), max_size=3))
def test_taken_back_and_taken_again_is_taken_once(
    before: Drawn, wrong: Drawn, right: Drawn, later: list[tuple[Drawn, int]]
) -> None:
    """As to balances and suspense, and as to whatever may come after; every invariant is checked after each act."""
    house, twins = treasury(), Twins()
    take(house, "before", before, twins)
    once = house.fork()
    for drawn in (wrong, right):
        file, *rows = take(house, "the file", drawn, twins.copy())
        house.unsay(file)
        house.reject(file)
        assert not set(rows) & set(house.accounts.suspense)
    assert money(house) == money(once)
    take(house, "the file", right, twins.copy())
    take(once, "the file", right, twins)
    assert money(house) == money(once)
    for one in (house, once):
        with refused_as("bank_file.used_before"):
            take(one, "the file", [], Twins())
    for drawn, off in later:
        assert outcome(house, drawn, twins, off) == outcome(once, drawn, twins, off)
    assert snapshot.dump(house.replay()) == snapshot.dump(house.books)
