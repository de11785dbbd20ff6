"""Published statements in the database: drawn up once, when they go in; never handed out but as they were signed."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger import canonical
from ledger.log.entry import Submission
from ledger.store import Store, driver, statements
from tests.accounts.treasury import Treasury, fees
from tests.community import digest_of, refused_as
from tests.store.settled import ORIGIN, ended, log_keys
from tests.store.test_projection import dump, stored

SIGNERS = ("treasurer", "chair")


@pytest.fixture
def house() -> Treasury:
    """Fees came in; the half-year is over."""
    house = Treasury(genesis={"vkeys": list(map(str, log_keys().vkeys)), "origin": ORIGIN})
    house.open()
    house.take(("2026-01-05", 50_00, [fees(50_00)]), ("2026-01-05", 7_00), confirmed=True)
    house.set_clock("2026-07-02T09:00:00+08:00")
    return house


@contextmanager
def kept(house: Treasury, path: Path) -> Iterator[Store]:
    """The ledger in a database whose clock is the house's from then on."""
    stored(house, path).close()
    with opened(house, path) as store:
        yield store


def opened(house: Treasury, path: Path) -> Store:
    return Store.open(path, log_keys(), lambda: house.time, fatal=ended)


def publication(house: Treasury, store: Store, **other: Any) -> Submission:
    """A signed record that publishes the next statement; ``other`` replaces fields of its body."""
    house.advance(minutes=1)
    record = house.record("statement.published/1", statements.draft(store).body | other)
    return Submission(record, tuple(house.sign(record, SIGNERS)))


def publish(house: Treasury, store: Store) -> bytes:
    """Publish the next statement; its bytes as they were drawn up before."""
    data = canonical.encode(statements.draft(store).statement)
    store.submit([publication(house, store)])
    return data


@contextmanager
def database(path: Path) -> Iterator[Any]:
    with closing(driver.load().connect(path)) as connection:
        yield connection
        connection.commit()


def test_it_is_drawn_up_once(house: Treasury, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.db"
    with kept(house, path) as store:
        drawn = publish(house, store)
        house.set_clock("2027-01-02T09:00:00+08:00")
        later = publish(house, store)
    monkeypatch.setattr("ledger.audit.replay.draw_up", lambda *_: pytest.fail("it is kept"))
    with Store.open(path) as reader:
        assert statements.all_published(reader) == {"2026H1": drawn, "2026H2": later}
        assert canonical.encode(statements.published(reader, "2026H1")) == drawn


def test_what_is_not_kept_as_it_was_signed_is_drawn_up_again(house: Treasury, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with kept(house, path) as store:
        drawn = publish(house, store)
    for spoil in ("UPDATE statement SET data = CAST(replace(data, '5000', '5001') AS BLOB)", "DELETE FROM statement"):
        with database(path) as connection:
            connection.execute(spoil)
        with Store.open(path) as reader:
            assert statements.all_published(reader) == {"2026H1": drawn}
            assert canonical.encode(statements.published(reader, "2026H1")) == drawn


def test_rebuilt_read_tables_hold_the_same_statements(house: Treasury, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with kept(house, path) as store:
        drawn = publish(house, store)
    before = dump(path)
    assert before["statement"] == [(sha256(drawn).hexdigest(), drawn)]
    with database(path) as connection:
        connection.execute("UPDATE projection SET fingerprint = 'of an older program'")
    opened(house, path).close()
    assert dump(path) == before


def test_none_goes_in_but_as_its_entries_give_it(house: Treasury, tmp_path: Path) -> None:
    with kept(house, tmp_path / "ledger.db") as store:
        size = store.books.head.size
        for wrong, rule in (
            ({"digest": digest_of("another")}, "statement.digest_differ"),
            ({"prefix": size - 1}, "statement.digest_differ"),
            ({"totals": []}, "statement.totals_differ"),
        ):
            submission = publication(house, store, **wrong)
            with refused_as(rule):
                store.submit([submission])
            assert [(index, error.rule) for index, error in store.dry_run([submission]).errors] == [(0, rule)]
        assert store.books.head.size == size
        right = publication(house, store)
        (first,) = store.submit([right])
        (again,) = store.submit([right])
        assert (again.seq, again.again) == (first.seq, True)


def test_nobody_signs_a_statement_of_entries_that_are_not_there_yet(house: Treasury, tmp_path: Path) -> None:
    with kept(house, tmp_path / "ledger.db") as store:
        size = store.books.head.size
        house.advance(minutes=1)
        record = house.record("person.entered/1", {"nature": "office", "title": "office"})
        before = Submission(record, tuple(house.sign(record, ("chair", "registrar"))))
        ahead = publication(house, store, prefix=size + 1)
        with refused_as("statement.prefix"):
            store.submit([before, ahead])
        assert store.books.head.size == size


@pytest.mark.parametrize("fault", [False, True], ids=["another digest", "cannot be drawn up"])
def test_one_that_is_wrong_does_not_block_the_others(
    house: Treasury, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fault: bool
) -> None:
    path = tmp_path / "ledger.db"
    with kept(house, path) as store:
        assert store._sequencer is not None
        # As another program would write it, past the check.
        store._sequencer.append([publication(house, store, digest=digest_of("wrong"))])
        house.set_clock("2027-01-02T09:00:00+08:00")
        later = publish(house, store)
    if fault:
        monkeypatch.setattr("ledger.audit.replay.draw_up", lambda *_: dict[str, Any]()["missing"])
    with Store.open(path) as reader:
        assert statements.all_published(reader) == {"2026H2": later}
        with refused_as("statement.digest_differs"):
            statements.published(reader, "2026H1")
        with refused_as("statement.unknown"):
            statements.published(reader, "2025H1")
    with database(path) as connection:
        connection.execute("UPDATE projection SET fingerprint = 'of an older program'")
    opened(house, path).close()


def test_no_bytes_are_no_statement(tmp_path: Path) -> None:
    """A period without a line may name a prefix before the books were opened: nothing follows there, not even nothing."""
    house = Treasury(genesis={"vkeys": list(map(str, log_keys().vkeys)), "origin": ORIGIN})
    house.open()
    house.set_clock("2026-07-02T09:00:00+08:00")
    with kept(house, tmp_path / "ledger.db") as store:
        submission = publication(house, store, prefix=2, digest=sha256(b"").hexdigest())
        with refused_as("statement.digest_differ"):
            store.submit([submission])
        assert store._sequencer is not None
        store._sequencer.append([submission])
        assert statements.all_published(store) == {}
