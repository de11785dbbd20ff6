"""A year's kinds of acts through the store: the books of a community that never saw a database, and read tables of facts."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.facts import StagePaid, WithdrawalMoved
from ledger.log.act import Used
from ledger.log.entry import Entry, Submission
from ledger.store import Store, driver, snapshots, tables
from ledger.votes.facts import BallotOpened
from tests.accounts.treasury import Treasury
from tests.community import flats
from tests.poll import Poll, motion
from tests.store.settled import ORIGIN, ended, log_keys


@pytest.fixture(scope="module")
def house() -> Treasury:
    """A community with money, votes and a contra, nothing in it granted by hand."""
    genesis = {"vkeys": list(map(str, log_keys().vkeys)), "origin": ORIGIN}
    house = Treasury(units=flats("a1 a2"), genesis=genesis)
    house.open()
    house.deposit(120_00)
    fee = {"amount": 50_00, "fund": "service_fee", "category": "service_fee", "nature": "income"}
    house.take(("2026-01-05", 120_00), ("2026-01-05", -30_00), ("2026-01-05", 50_00, [fee]))
    wrong = house.deposit(7_00)
    house.contra(wrong)
    Poll.hold(house, [motion(9), motion(5)], {"a1": "yn", "a2": "ya"})
    return house


def jobs(house: Treasury) -> Iterator[tuple[int, list[Submission]]]:
    """The entries as they were handed in: a batch together, everything else alone."""

    def batch(entry: Entry) -> tuple[int, int]:
        place = next((s.batch for s in entry.signatures if s.batch), None)
        return (entry.seq - place.index, place.count) if place else (entry.seq, 1)

    for _batch, entries in groupby(house.entries, batch):
        job = list(entries)
        yield (
            job[0].time,
            [Submission(e.record, e.signatures, house.openings_of(e.record)) for e in job],
        )


Step = WithdrawalMoved | StagePaid


def withdrawal_of(fact: Step) -> str:
    """The withdrawal that a step belongs to."""
    return fact.application if isinstance(fact, WithdrawalMoved) else fact.stage.partition("#")[0]


def stored(house: Treasury, path: Path) -> Store:
    """All of it through a store, each job at its time."""
    clock = [0]
    made = iter(jobs(house))
    clock[0], (genesis,) = next(made)
    store = Store.create(path, genesis, log_keys(), lambda: clock[0], fatal=ended)
    for time, job in made:
        clock[0] = time
        store.submit(job)
    return store


def dump(path: Path) -> dict[str, list[Any]]:
    connection = driver.load().connect(path)
    try:
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for name in tables.READ.tables
        }
    finally:
        connection.close()


def test_the_books_and_the_tables(house: Treasury, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.db"
    with stored(house, path) as store:
        assert store.books == house.books
        assert [entry.raw for entry, _books, _facts in store.history()] == [e.raw for e in house.entries]
        assert [fact for _entry, _books, facts in store.history() for fact in facts] == house.all_facts
    before = dump(path)
    lines = [fact for fact in house.all_facts if isinstance(fact, Line)]
    vouchers = [fact for fact in house.all_facts if isinstance(fact, VoucherBooked)]
    others = [
        fact for fact in house.all_facts if not isinstance(fact, Line | VoucherBooked | Used | Step | BallotOpened)
    ]
    steps = [fact for fact in house.all_facts if isinstance(fact, Step)]
    assert lines
    assert vouchers
    assert sum(row[12] for row in before["line"]) == sum(line.move.amount for line in lines)
    assert {(row[0], row[1]) for row in before["line"]} == {(line.period, line.index) for line in lines}
    assert {row[0] for row in before["voucher"]} == {voucher.number for voucher in vouchers}
    for voucher in vouchers:
        legs = [(leg.code, leg.debit, leg.credit, leg.account, leg.fund) for leg in voucher.legs]
        assert [row[2:] for row in sorted(before["leg"]) if row[0] == voucher.number] == legs
    opened = [fact for fact in house.all_facts if isinstance(fact, BallotOpened)]
    assert [row[0] for row in before["answer"]] == sorted(fact.ballot for fact in opened)
    assert len(before["step"]) == len(steps)
    assert {row[0] for row in before["step"]} == {withdrawal_of(fact) for fact in steps}
    assert sorted(row[2] for row in before["event"]) == sorted(type(fact).__name__ for fact in others)
    used = [fact for fact in house.all_facts if isinstance(fact, Used)]
    assert {(row[0], row[1]) for row in before["used"]} == {(fact.kind, fact.key) for fact in used}

    with driver.load().connect(path) as connection:
        connection.execute("UPDATE projection SET fingerprint = 'of an older program'")
    connection.close()
    with Store.open(path, log_keys(), lambda: house.time, fatal=ended) as store:
        assert store.books == house.books
        monkeypatch.setattr(snapshots, "EVERY", 1)
    assert dump(path) == before
    with Store.open(path, log_keys(), lambda: house.time, fatal=ended) as store, store.reading() as reader:
        assert snapshots.newest(reader.rows) == len(house.entries)
        assert store.books == house.books
