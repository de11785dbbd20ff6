"""One key brings in so much a day and no more, whatever it signs and through whichever process; the books never hear of it."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.errors import MingzhangError, Unavailable
from ledger.log.entry import Submission
from ledger.period import format_time
from ledger.store import Quota, Store, projection
from ledger.store.quota import DAY_MS, Uses
from tests.accounts.treasury import CHART
from tests.community import BOTH, refused_as
from tests.store.settled import Maker, created, opened

FEW = Quota(others=3, in_office=6)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def maker() -> Maker:
    return Maker()


def asked(maker: Maker, count: int, by: str = "zhang") -> list[Submission]:
    """Applications for money: what anybody with a key may sign, as often as he likes."""
    made = []
    for _ in range(count):
        body = {"party": "lift", "fund": "service_fee", "category": "lift", "nature": "expense", "purpose": "维保"}
        maker.act("withdrawal.applied/1", body | {"stages": [{"amount": 1}]}, by=[by])
        made.append(maker.submissions[-1])
    return made


def house(path: Path, maker: Maker, quota: Quota = FEW) -> Store:
    """A store in which zhang has a key; a day later, so that nothing of it counts any more."""
    store = created(path, maker, quota=quota)
    maker.enter("zhang")
    maker.act("chart.adopted/1", {"text": CHART}, by=BOTH)
    maker.act("party.entered/1", {"code": "lift", "nature": "legal", "title": "lift"}, by=["treasurer"])
    store.submit(maker.submissions[1:])
    maker.advance(days=1, minutes=1)
    return store


def test_a_key_without_office_ends_at_its_limit_and_goes_on_a_day_after_its_first(path: Path, maker: Maker) -> None:
    with house(path, maker) as store:
        (first,) = store.submit(asked(maker, 1))
        maker.advance(hours=1)
        store.submit(asked(maker, 2))
        (late,) = asked(maker, 1)
        with refused_as("quota.key_day") as refusal:
            store.submit([late])
        error = refusal.value
        assert isinstance(error, Unavailable)
        assert (error.value, error.accepted) == (3, 3)
        assert error.context["again"] == format_time(first.time + DAY_MS)
        assert error.context["key"] == late.signatures[0].key
        size = store.books.head.size
        now, maker.time = maker.time, first.time + DAY_MS - 1
        with refused_as("quota.key_day"):
            store.submit([late])
        assert store.books.head.size == size
        maker.time = first.time + DAY_MS
        store.submit([late])
        assert now < maker.time


def test_in_office_it_is_more_and_out_of_office_no_more(path: Path) -> None:
    maker = Maker(term=("2026-01-01", "2026-01-07"))
    with house(path, maker) as store:
        store.submit(asked(maker, 6, "chair"))
        with refused_as("quota.key_day"):
            store.submit(asked(maker, 1, "chair"))
        maker.set_clock("2026-01-07T12:00:00+08:00")
        store.submit(asked(maker, 3, "member"))
        maker.set_clock("2026-01-08T09:00:00+08:00")
        with refused_as("quota.key_day"):
            store.submit(asked(maker, 1, "member"))


@pytest.mark.parametrize("quota", [Quota(others=0), Quota(others=0, in_office=0), Quota(in_office=0)])
def test_a_limit_of_none_at_all(path: Path, maker: Maker, quota: Quota) -> None:
    with house(path, maker, replace(FEW)) as _:
        pass
    with opened(path, maker, quota=quota) as store:
        for by, limit in (("zhang", quota.others), ("chair", quota.in_office)):
            if limit:
                store.submit(asked(maker, 1, by))
            else:
                with refused_as("quota.key_day"):
                    store.submit(asked(maker, 1, by))


def test_a_job_that_would_go_over_it_is_refused_whole(path: Path, maker: Maker) -> None:
    with house(path, maker) as store:
        size, four = store.books.head.size, asked(maker, 4)
        with refused_as("quota.key_day"):
            store.submit(four)
        assert store.books.head.size == size
        assert [e.rule for _, e in store.dry_run(four).errors] == ["quota.key_day"]
        store.submit(four[:3])


def test_each_signature_counts_for_its_own_key(path: Path, maker: Maker) -> None:
    with house(path, maker) as store:
        store.submit(maker.persons(6))
        with refused_as("quota.key_day") as refusal:
            store.submit([maker.person("one more")])
        assert refusal.value.context["key"] in {maker.key(name).key for name in BOTH}
        store.submit(asked(maker, 1, "treasurer"))


def test_what_stands_already_and_what_the_books_refuse_takes_nothing(path: Path, maker: Maker) -> None:
    with house(path, maker) as store:
        one, two, three = asked(maker, 3)
        for _ in range(9):
            store.submit([one])
            with refused_as("record.expired"):
                store.submit([_old(maker, one)])
        store.submit([two, three])


def _old(maker: Maker, one: Submission) -> Submission:
    record = maker.record(one.record.kind, one.record.body, at=format_time(maker.time - 40 * DAY_MS))
    return Submission(record, tuple(maker.sign(record, ["zhang"])))


def test_a_transaction_that_breaks_takes_nothing(path: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise Unavailable("store.database", "disk full")

    with house(path, maker) as store:
        three = asked(maker, 3)
        with monkeypatch.context() as patched:
            patched.setattr(projection, "store", broken)
            with refused_as("store.database"):
                store.submit(three)
        store.submit(three)
        with refused_as("quota.key_day"):
            store.submit(asked(maker, 1))


def test_whose_key_is_used_up_by_a_thief_revokes_it(path: Path, maker: Maker) -> None:
    with house(path, maker) as store:
        store.submit(asked(maker, 3))
        maker.revoke(maker.key("zhang"), by="zhang")
        store.submit([maker.submissions[-1]])


def test_two_processes_on_one_file_keep_one_count(path: Path, maker: Maker) -> None:
    with house(path, maker) as one, opened(path, maker, quota=FEW) as other:
        first, second, third, fourth = asked(maker, 4)
        one.submit([first])
        other.submit([second])
        one.submit([third])
        for store in (one, other):
            with refused_as("quota.key_day"):
                store.submit([fourth])
    with opened(path, maker, quota=FEW) as later, refused_as("quota.key_day"):
        later.submit([fourth])
    with Store.open(path, clock=lambda: maker.time, quota=FEW) as reader:
        assert [error.rule for _, error in reader.dry_run([fourth]).errors] == ["quota.key_day"]


def test_many_threads_bring_in_no_more_than_one(path: Path, maker: Maker) -> None:
    with house(path, maker) as store:
        size, refused = store.books.head.size, []

        def hand_in(one: Submission) -> None:
            try:
                store.submit([one])
            except MingzhangError as error:
                refused.append(error.rule)

        threads = [threading.Thread(target=hand_in, args=(one,)) for one in asked(maker, 12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.books.head.size == size + 3
        assert refused == ["quota.key_day"] * 9


def test_a_start_reads_the_last_day_and_no_further(path: Path, maker: Maker) -> None:
    """Longer than a chunk, so that the day begins in the middle of one."""
    plenty = Quota(others=700, in_office=10_000)
    with house(path, maker, plenty) as store:
        store.submit(asked(maker, 300))
        maker.advance(days=1)
        store.submit(asked(maker, 345))
        store.submit(asked(maker, 345))
    with opened(path, maker, quota=plenty) as store:
        store.submit(asked(maker, 10))
        with refused_as("quota.key_day"):
            store.submit(asked(maker, 1))


def test_the_books_know_nothing_of_it(path: Path, maker: Maker) -> None:
    """What stands is replayed under any limit: it is no rule of the machine."""
    with house(path, maker) as store:
        store.submit(asked(maker, 3))
        books = store.books
    with Store.open(path, clock=lambda: maker.time, quota=Quota(others=0, in_office=0)) as reader:
        assert reader.books == books
        assert list(reader.history())[-1][1] == books


def test_entries_that_are_gone_are_missed() -> None:
    with refused_as("store.entry_missing"):
        Uses(FEW).catch_up(lambda _sql, _values: [], 5, 0)
