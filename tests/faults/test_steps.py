"""Each step of an append and of a publication fails, once before it took effect and once after.

As a caller sees it a step that failed may well have happened. After each failure the ledger is opened again from the disk
and checked whole; then the same is asked again and must succeed, with the same place if the first attempt stood.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Unavailable
from ledger.log.checkpoint import parse_checkpoint
from ledger.store import Store, driver
from ledger.store.headguard import HeadGuard
from tests.faults.rig import check_whole
from tests.store.settled import Ended, Maker, created, opened

MODULE = driver.load()


def database_error(name: str) -> Exception:
    """An error as SQLite's binding raises it."""
    error: Exception = MODULE.OperationalError(f"injected: {name}")
    error.sqlite_errorname = name  # type: ignore[attr-defined]
    return error


@dataclass
class Fault:
    """Raises at one step: the nth call of ``name`` on the writer whose first argument mentions ``table``."""

    name: str
    table: str
    persisted: bool
    error: Callable[[], Exception]
    hit: int = 0

    def arm(self, target: Any, patch: pytest.MonkeyPatch) -> None:
        """Put the fault before the real step, or after it."""
        real = getattr(target, self.name)

        def faulty(*values: Any) -> Any:
            if self.hit or (self.table and self.table not in str(values[0])):
                return real(*values)
            self.hit += 1
            if self.persisted:
                real(*values)
            raise self.error()

        patch.setattr(target, self.name, faulty)


APPEND_STEPS = ["entry", "node", "used", "opening", "UPDATE head"]


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def append_again(path: Path, maker: Maker, submissions: list[Any], stood: bool) -> None:
    """The next start: whole, and the same submissions have one place each."""
    with opened(path, maker) as store:
        check_whole(store)
        assert store.books.head.size == (1 + len(submissions) if stood else 1)
        accepted = store.submit(submissions)
        assert [(a.seq, a.again) for a in accepted] == [(n, stood) for n in range(1, len(submissions) + 1)]
        check_whole(store)
        store.publish()
    with opened(path, maker) as store:
        check_whole(store)
        assert store.submit([maker.person("another")])[0].seq == len(submissions) + 1


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
@pytest.mark.parametrize("step", APPEND_STEPS)
def test_a_statement_of_an_append_fails(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch, step: str, persisted: bool
) -> None:
    store = created(path, maker)
    submissions = maker.persons(3)
    fault = Fault("write", step, persisted, lambda: database_error("SQLITE_FULL"))
    with monkeypatch.context() as patch:
        fault.arm(store._writer, patch)
        with pytest.raises(Unavailable) as refusal:
            store.submit(submissions)
    assert (fault.hit, refusal.value.rule) == (1, "store.database")
    # Harmless: the process goes on as if nothing had been asked.
    assert store.books.head.size == 1
    check_whole(store)
    assert [(a.seq, a.again) for a in store.submit(submissions)] == [(1, False), (2, False), (3, False)]
    check_whole(store)
    store.close()
    append_again(path, maker, submissions, stood=True)


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
@pytest.mark.parametrize("step", APPEND_STEPS)
def test_the_disk_fails_in_an_append(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch, step: str, persisted: bool
) -> None:
    store = created(path, maker)
    submissions = maker.persons(3)
    with monkeypatch.context() as patch:
        Fault("write", step, persisted, lambda: database_error("SQLITE_IOERR_WRITE")).arm(store._writer, patch)
        with pytest.raises(Ended, match=r"store\.disk_failed"):
            store.submit(submissions)
    store.abandon()
    append_again(path, maker, submissions, stood=False)


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
@pytest.mark.parametrize("error", ["SQLITE_FULL", "SQLITE_IOERR_FSYNC", "SQLITE_BUSY"])
def test_a_commit_fails(maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch, persisted: bool, error: str) -> None:
    store = created(path, maker)
    submissions = maker.persons(3)
    assert store._writer is not None
    real = store._writer._connection
    with monkeypatch.context() as patch:
        patch.setattr(store._writer, "_connection", FailingCommit(real, persisted, error))
        with pytest.raises(Ended, match=r"store\.commit_unknown"):
            store.submit(submissions)
        # Whatever happened, this process has not moved: it answers nothing more from memory.
        assert store._sequencer is not None
        assert store._sequencer.state.size == 1
    store.abandon()
    append_again(path, maker, submissions, stood=persisted)


class FailingCommit:
    """A connection whose COMMIT fails, having happened or not."""

    def __init__(self, real: Any, persisted: bool, error: str) -> None:
        self._real, self._persisted, self._error = real, persisted, error

    def execute(self, sql: str, *values: Any) -> Any:
        """Fail on COMMIT only."""
        if sql != "COMMIT":
            return self._real.execute(sql, *values)
        if self._persisted:
            self._real.execute(sql)
        raise database_error(self._error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def test_the_lock_is_not_had_in_time(maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.database.BUSY_SECONDS", 0)
    with created(path, maker) as store, opened(path, maker) as other:
        one = maker.person("one")
        assert other._writer is not None
        other._writer.begin()
        for act in (lambda: store.submit([one]), store.publish):
            with pytest.raises(Unavailable) as refusal:
                act()
            assert refusal.value.rule == "store.busy"
        other._writer.rollback()
        assert store.submit([one])[0].seq == 1


# --- publishing -------------------------------------------------------------------------------------------------------


def publish_again(path: Path, maker: Maker, signed: bytes | None) -> None:
    """The next start publishes the same size; a note that was stored is the one that is served."""
    with opened(path, maker) as store:
        check_whole(store)
        given = store.publish()
        assert given.head.size == 4
        assert signed is None or given.note == signed
        guard = HeadGuard(path, lambda rule, error: pytest.fail(rule)).require()
        assert guard == given.head
        check_whole(store)


def ready(path: Path, maker: Maker) -> Store:
    store = created(path, maker)
    store.publish()
    store.submit(maker.persons(3))
    return store


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
@pytest.mark.parametrize("step", ["checkpoint", "served"])
def test_a_statement_of_a_publication_fails(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch, step: str, persisted: bool
) -> None:
    store = ready(path, maker)
    with monkeypatch.context() as patch:
        fault = Fault("write", step, persisted, lambda: database_error("SQLITE_FULL"))
        fault.arm(store._writer, patch)
        with pytest.raises(Unavailable) as refusal:
            store.publish()
    assert (fault.hit, refusal.value.rule) == (1, "store.database")
    served = store.published()
    assert served is not None
    assert served.size == 1
    store.abandon()
    publish_again(path, maker, None)


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
@pytest.mark.parametrize("number", [1, 2], ids=["signing", "serving"])
def test_a_commit_of_a_publication_fails(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch, number: int, persisted: bool
) -> None:
    store = ready(path, maker)
    assert store._writer is not None
    real, commits = store._writer._connection, []

    class Nth(FailingCommit):
        def execute(self, sql: str, *values: Any) -> Any:
            if sql == "COMMIT":
                commits.append(1)
                if len(commits) != number:
                    return self._real.execute(sql)
            return super().execute(sql, *values)

    with monkeypatch.context() as patch:
        patch.setattr(store._writer, "_connection", Nth(real, persisted, "SQLITE_IOERR_FSYNC"))
        with pytest.raises(Ended, match=r"store\.commit_unknown"):
            store.publish()
    store.abandon()
    with opened(path, maker) as again, again.reading() as reader:
        notes = reader.rows("SELECT note FROM checkpoint WHERE size = 4")
        assert len(notes) == (0 if number == 1 and not persisted else 1)
        served = again.published()
        assert served is not None
        assert served.size == (4 if number == 2 and persisted else 1)
    publish_again(path, maker, notes[0][0] if notes else None)


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
def test_the_guard_fails(maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch, persisted: bool) -> None:
    store = ready(path, maker)
    with monkeypatch.context() as patch:
        if persisted:
            # The folder's sync comes last: the new guard is in place when it fails.
            def broken(_folder: Path) -> None:
                raise OSError(5, "Input/output error")

            patch.setattr("ledger.store.headguard.sync_folder", broken)
        else:
            patch.setattr("ledger.store.headguard._write_synced", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(Ended, match=r"headguard\.write_failed"):
            store.publish()
    guard = parse_checkpoint(path.with_name("ledger.db.head").read_bytes())
    assert guard.size == (4 if persisted else 1)
    store.abandon()
    publish_again(path, maker, None)


def test_a_guard_ahead_of_the_notes_is_not_ahead_of_the_log(maker: Maker, path: Path) -> None:
    """Why the guard may be written before the note is stored: the head it names was committed before."""
    store = ready(path, maker)
    sequencer = store._sequencer
    assert sequencer is not None
    state = sequencer.state
    assert state.size == 4
    store._guard.write(parse_checkpoint(f"{state.books.origin}\n4\n".encode() + _b64(state.tree.root()) + b"\n"))
    store.abandon()
    publish_again(path, maker, None)


def _b64(data: bytes) -> bytes:
    import base64

    return base64.b64encode(data)


# --- creating ---------------------------------------------------------------------------------------------------------

CREATE_STEPS = [
    "ledger.store.migrations.upgrade",
    "ledger.store.triggers.install",
    "ledger.store.private.make_key",
    "ledger.store.projection.create",
    "ledger.store.headguard.HeadGuard.write",
    "ledger.store.database.Database.sync_folder",
    "ledger.store.store.Store.submit",
]


@pytest.mark.parametrize("persisted", [False, True], ids=["failed", "failed-but-persisted"])
@pytest.mark.parametrize("step", CREATE_STEPS)
def test_creating_is_cut_off(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch, step: str, persisted: bool
) -> None:
    """The process ends at a step of the very first start; the same command then goes on."""
    hit: list[str] = []

    def cut(real: Callable[..., Any]) -> Callable[..., Any]:
        def cutting(*values: Any, **named: Any) -> Any:
            hit.append(step)
            if persisted:
                real(*values, **named)
            raise Ended(step)

        return cutting

    with monkeypatch.context() as patch:
        patch.setattr(step, cut(pkgutil.resolve_name(step)))
        with pytest.raises(Ended):
            created(path, maker)
    assert hit == [step]
    with created(path, maker) as store:
        check_whole(store)
        assert store.books.head.size == 1
        submissions = [maker.person("one")]
        assert store.submit(submissions)[0].seq == 1
        store.publish()
    with opened(path, maker) as store:
        check_whole(store)
