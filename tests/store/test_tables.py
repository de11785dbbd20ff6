"""What stands in the database: append-only whatever is tried, migrated, rebuilt equal, resumed equal."""

import inspect
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from ledger import books
from ledger.accounts import booking
from ledger.accounts import facts as account_facts
from ledger.books import MACHINE
from ledger.errors import Refused, Unavailable
from ledger.log.act import Used
from ledger.log.merkle import Range
from ledger.people import facts as people_facts
from ledger.publication import decide as publication_decide
from ledger.store import Store, driver, migrations, projection, queries, snapshots, starting, tables, triggers
from ledger.store.replay import State
from ledger.votes import facts as vote_facts
from tests.store.settled import Maker, created, log_keys, opened


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def filled(path: Path, maker: Maker) -> Path:
    """A closed ledger with a few of everything."""
    with created(path, maker) as store:
        store.submit(maker.persons(3))
        store.publish()
        store.add_document(b"a letter")
    return path


SQLITE = driver.load()
"""The library of the store: two SQLites in one process would drop each other's locks (POSIX locks are the process's)."""


def strange(path: Path) -> Any:
    """A stranger's connection: none of our settings."""
    return SQLITE.connect(path, isolation_level=None)


def dump(path: Path, names: list[str]) -> dict[str, list[Any]]:
    with closing(strange(path)) as database:
        return {name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


# --- append-only ------------------------------------------------------------------------------------------------------

KEYED = {
    "entry": ("seq", "0, x'00'"),
    "node": ("level", "0, 0, x'00'"),
    "checkpoint": ("size", "4, x'00'"),
    "served": ("size", "4"),
    "opening": ("record", "(SELECT record FROM opening LIMIT 1), 'name', 'public', x'00', NULL"),
    "document": ("digest", "(SELECT digest FROM document LIMIT 1), 'public', 'a/b', 1, x'00', NULL"),
    "head": ("id", "1, 99, x'00', 0"),
}


@pytest.mark.parametrize("table", KEYED)
@pytest.mark.parametrize("recursive", ["OFF", "ON"])
def test_no_row_of_the_log_is_changed_deleted_or_replaced(filled: Path, table: str, recursive: str) -> None:
    key, values = KEYED[table]
    before = dump(filled, [table])
    assert before[table]
    with closing(strange(filled)) as database:
        database.execute(f"PRAGMA recursive_triggers = {recursive}")
        for attack in (
            f"UPDATE {table} SET {key} = {key}",
            f"UPDATE OR REPLACE {table} SET {key} = {key}",
            f"DELETE FROM {table}",
            f"INSERT INTO {table} VALUES ({values})",
            f"INSERT OR REPLACE INTO {table} VALUES ({values})",
            f"REPLACE INTO {table} VALUES ({values})",
            f"INSERT INTO {table} VALUES ({values}) ON CONFLICT DO UPDATE SET {key} = excluded.{key}",
        ):
            with pytest.raises(SQLITE.Error):
                database.execute(attack)
    assert dump(filled, [table]) == before


def test_entries_have_no_gap_and_the_head_only_grows(filled: Path) -> None:
    with closing(strange(filled)) as database:
        for attack in (
            "INSERT INTO entry VALUES (9, x'00')",
            "INSERT INTO entry VALUES (-1, x'00')",
            "UPDATE head SET size = size - 1",
            "UPDATE head SET root = x'00'",
            "UPDATE head SET size = size + 1, time = time - 1",
            "INSERT INTO head VALUES (2, 99, x'00', 0)",
        ):
            with pytest.raises(SQLITE.Error):
                database.execute(attack)
        database.execute("UPDATE head SET size = size + 1")


def test_private_rows_are_emptied_once_and_nothing_else(filled: Path) -> None:
    with closing(strange(filled)) as database:
        for table in ("opening", "document"):
            for change in ("audience = 'public'", "box = x'00'", "box = NULL", "erased = 'x'"):
                with pytest.raises(SQLITE.Error):
                    database.execute(f"UPDATE {table} SET {change}")
            database.execute(f"UPDATE {table} SET box = NULL, erased = 'order'")
            with pytest.raises(SQLITE.Error):
                database.execute(f"UPDATE {table} SET box = NULL, erased = 'other'")


def test_dropped_triggers_come_back_when_a_writer_opens(filled: Path, maker: Maker) -> None:
    with closing(strange(filled)) as database:
        for name, _text in triggers.statements():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("CREATE TRIGGER mz_entry_update BEFORE UPDATE ON entry BEGIN SELECT 1; END")
        assert len(triggers.missing(lambda sql: database.execute(sql).fetchall())) == len(list(triggers.statements()))
    opened(filled, maker).close()
    with closing(strange(filled)) as database:
        assert triggers.missing(lambda sql: database.execute(sql).fetchall()) == []


def test_every_log_table_is_guarded() -> None:
    guarded = {table.name for table in (*tables.APPEND_ONLY, *tables.ERASABLE, tables.head)}
    # A snapshot may be deleted, what is not on the log yet is withdrawn, and `projection` says which read tables there are.
    assert guarded == set(tables.LOG.tables) - {"snapshot", "waiting", "invitation", "projection"}


# --- migrations -------------------------------------------------------------------------------------------------------


def test_migrations_leave_the_tables_that_the_code_knows(filled: Path) -> None:
    engine = create_engine(f"sqlite:///{filled}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        read = set(tables.READ.tables)
        differences = [
            found
            for found in compare_metadata(context, tables.LOG)
            if not (found[0] in ("remove_table", "remove_index") and getattr(found[1], "table", found[1]).name in read)
        ]
        assert differences == []
        assert migrations.current(connection) == migrations.HEAD == starting.SCHEMA
    engine.dispose()


def test_the_tables_are_those_of_a_fresh_definition(filled: Path) -> None:
    """Types, keys and options too, which Alembic's comparison passes over."""
    fresh = create_engine("sqlite://")
    with fresh.connect() as memory, closing(strange(filled)) as database:
        tables.LOG.create_all(memory)
        for name in tables.LOG.tables:
            for question in (f"PRAGMA table_xinfo({name})", f"PRAGMA foreign_key_list({name})"):
                assert database.execute(question).fetchall() == [tuple(r) for r in memory.exec_driver_sql(question)]
            (made,) = database.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (name,)).fetchone()
            assert (made,) == memory.exec_driver_sql("SELECT wr FROM pragma_table_list WHERE name = ?", (name,)).one()
    fresh.dispose()


def test_triggers_survive_a_migration_and_a_second_run(filled: Path, maker: Maker) -> None:
    before = dump(filled, list(tables.LOG.tables))
    store = opened(filled, maker)
    with store._database.migrating() as connection:
        migrations.upgrade(connection)
    store.close()
    assert dump(filled, list(tables.LOG.tables)) == before
    with closing(strange(filled)) as database:
        assert triggers.missing(lambda sql: database.execute(sql).fetchall()) == []


def test_a_newer_database_is_not_touched(filled: Path, maker: Maker) -> None:
    with closing(strange(filled)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for keys, rule in ((log_keys(), "store.newer_schema"), (None, "store.older_schema")):
        with pytest.raises(Unavailable) as refusal:
            Store.open(filled, keys)
        assert refusal.value.rule == rule


def test_newer_read_tables_are_not_touched(filled: Path, maker: Maker) -> None:
    with closing(strange(filled)) as database:
        database.execute("UPDATE projection SET version = version + 1, fingerprint = 'x'")
    for keys, rule in ((log_keys(), "store.newer_schema"), (None, "store.older_schema")):
        with pytest.raises(Unavailable) as refusal:
            Store.open(filled, keys)
        assert refusal.value.rule == rule


# --- read tables ------------------------------------------------------------------------------------------------------


def test_read_tables_rebuilt_are_equal(filled: Path, maker: Maker) -> None:
    names = list(tables.READ.tables)
    before = dump(filled, names)
    assert before["used"]
    with closing(strange(filled)) as database:
        for name in names:
            database.execute(f"DELETE FROM {name}")
        database.execute("UPDATE projection SET fingerprint = 'of an older program'")
    with pytest.raises(Unavailable) as refusal:
        Store.open(filled)
    assert refusal.value.rule == "store.older_schema"
    with opened(filled, maker) as store:
        assert store.books.people == maker.books.people
    assert dump(filled, names) == before


def facts_of(module: ModuleType) -> Iterator[type]:
    for _name, found in inspect.getmembers(module, inspect.isclass):
        if found.__module__ == module.__name__ and is_dataclass(found):
            yield found


def test_every_fact_of_every_room_has_a_writer() -> None:
    facts = {Used, booking.Line, booking.VoucherBooked}
    for module in (people_facts, account_facts, vote_facts, publication_decide):
        facts |= set(facts_of(module))
    assert facts - set(projection.WRITERS) == set()


def test_a_fact_without_writer_stops() -> None:
    with pytest.raises(Unavailable) as refusal:
        projection.rows(0, 0, object())
    assert refusal.value.rule == "projection.no_writer"


def test_a_replacing_verb_keeps_the_newest_row() -> None:
    verb = projection.replace(tables.voucher)
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE voucher (number PRIMARY KEY, seq, record, kind, booked, day, corrects)")
        for seq in (1, 2):
            database.execute(verb.sql, ("2026-01-0001", seq, "r", "k", "b", "d", ""))
        assert database.execute("SELECT number, seq FROM voucher").fetchall() == [("2026-01-0001", 2)]


# --- snapshots --------------------------------------------------------------------------------------------------------


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "EVERY", 2)


def replayed(path: Path, monkeypatch: pytest.MonkeyPatch, maker: Maker) -> int:
    """How many entries a start applies."""
    applied = []
    apply = books.apply

    def counted(*values: Any) -> Any:
        applied.append(1)
        return apply(*values)

    with monkeypatch.context() as patch:
        patch.setattr("ledger.audit.replay.apply", counted)
        with opened(path, maker) as store:
            assert store.books == maker.books
    return len(applied)


@pytest.mark.usefixtures("often")
def test_a_start_resumes_from_the_newest_snapshot(maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with created(path, maker) as store:
        for number in range(5):
            store.submit([maker.person(f"a {number}")])
    assert replayed(path, monkeypatch, maker) == 0
    with opened(path, maker) as store:
        store.submit([maker.person("one more")])
    assert replayed(path, monkeypatch, maker) == 1
    for number in range(9):
        with opened(path, maker) as store:
            store.submit([maker.person(f"b {number}")])
    with closing(strange(path)) as database:
        assert database.execute("SELECT count(*) FROM snapshot").fetchall() == [(snapshots.KEPT,)]


@pytest.mark.usefixtures("often")
def test_only_an_own_snapshot_is_resumed_from(maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with created(path, maker) as store:
        for number in range(5):
            store.submit([maker.person(f"a {number}")])
    with closing(strange(path)) as database:
        ((size, mark, data),) = database.execute("SELECT size, mark, data FROM snapshot").fetchall()
        assert size == 6
        for forged in (
            (6, mark, data.replace(b"treasurer", b"registrar")),
            (6, bytes(32), data),
            (5, mark, data),
            (6, mark, b"{}"),
        ):
            database.execute("DELETE FROM snapshot")
            database.execute("INSERT INTO snapshot VALUES (?, ?, ?)", forged)
            assert replayed(path, monkeypatch, maker) == 6
        database.execute("DELETE FROM snapshot")
        database.execute("INSERT INTO snapshot VALUES (?, ?, ?)", (6, mark, data))
        assert replayed(path, monkeypatch, maker) == 0
        monkeypatch.setattr(snapshots, "VERSION", snapshots.VERSION + 1)
        assert replayed(path, monkeypatch, maker) == 6


@pytest.mark.usefixtures("often")
def test_a_snapshot_of_another_shape_is_passed_over(maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with created(path, maker) as store:
        for number in range(5):
            store.submit([maker.person(f"a {number}")])
    with opened(path, maker) as store, store.reading() as reader:
        vault = store._vault
        assert vault is not None
        resumed = snapshots.resume(reader.rows, vault, 6)
        assert resumed.books == maker.books
        tree = Range.read(6, queries.StoredNodes(reader.rows))
        data = b'{"head":1}'
        mark = vault.mark(snapshots._marked(tree, data))
    with closing(strange(path)) as database:
        database.execute("DELETE FROM snapshot")
        database.execute("INSERT INTO snapshot VALUES (?, ?, ?)", (6, mark, data))
    assert replayed(path, monkeypatch, maker) == 6
    assert (MACHINE, State().size) == (2, 0)


# --- a database that lies ---------------------------------------------------------------------------------------------


def test_an_entry_changed_behind_the_triggers_is_found_at_the_start(filled: Path, maker: Maker) -> None:
    for attack, rule in (
        ("UPDATE entry SET raw = (SELECT raw FROM entry WHERE seq = 1) WHERE seq = 2", "entry.seq"),
        ("UPDATE head SET root = CAST(x'00' || substr(root, 2) AS BLOB)", "store.forked"),
        ("DELETE FROM entry WHERE seq = 3", "store.entry_missing"),
        ("DELETE FROM head", "store.no_head"),
    ):
        copy = filled.with_name("copy.db")
        shutil.copy(filled, copy)
        for suffix in (".key", ".head"):
            shutil.copy(filled.with_name(filled.name + suffix), copy.with_name(copy.name + suffix))
        with closing(strange(copy)) as database:
            for name, _text in triggers.statements():
                database.execute(f"DROP TRIGGER {name}")
            database.execute(attack)
        with pytest.raises(Refused) as refusal:
            opened(copy, maker)
        assert refusal.value.rule == rule
        with pytest.raises(Refused):
            Store.open(copy)


def test_the_writer_is_durable_and_readers_only_read(filled: Path, maker: Maker) -> None:
    with opened(filled, maker) as store:
        assert store._writer is not None
        for pragma, value in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("recursive_triggers", 1),
            ("foreign_keys", 1),
            ("secure_delete", 1),
        ):
            assert store._writer.rows(f"PRAGMA {pragma}") == [(value,)]
        with store.reading() as reader:
            assert reader.rows("PRAGMA query_only") == [(1,)]
            with pytest.raises(SQLITE.Error):
                reader.rows("INSERT INTO snapshot VALUES (1, x'00', x'00')")


def test_a_file_system_without_wal_is_refused(filled: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.database.WRITER_PRAGMAS", ("journal_mode = DELETE",))
    with pytest.raises(Unavailable) as refusal:
        opened(filled, maker)
    assert refusal.value.rule == "store.journal_mode"


def test_the_range_of_sqlite_versions(monkeypatch: pytest.MonkeyPatch, filled: Path, maker: Maker) -> None:
    for version, bad in (((3, 6, 23), False), ((3, 7, 0), True), ((3, 50, 7), True), ((3, 51, 3), False)):
        assert driver.affected(version) is bad
    driver.check_version((3, 53, 4))
    monkeypatch.setattr(driver, "affected", lambda _version: True)
    with pytest.raises(Unavailable) as refusal:
        opened(filled, maker)
    assert refusal.value.rule == "store.sqlite_version"
    with Store.open(filled) as reader:
        assert reader.books.head.size == 4


def test_without_pysqlite3_the_standard_library_serves(monkeypatch: pytest.MonkeyPatch, filled: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pysqlite3", None)
    assert driver.load() is sqlite3
    with Store.open(filled) as reader:
        assert reader.books.head.size == 4
