"""Heads: signed once, on guard before they are served, cosigned, and never contradicted."""

import shutil
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import MingzhangError, NotFound, Refused, Unavailable
from ledger.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.log.entry import parse_entry
from ledger.log.merkle import EMPTY_ROOT, leaf_hash
from ledger.log.note import COSIGNATURE_ED25519, SigningKey, VerifierKey, split_note
from ledger.log.policy import Policy
from ledger.log.proof import check_proof, parse_proof
from ledger.log.source import check_tree, read_entries
from ledger.log.witness import Cosigned, LocalWitness, OtherSize, SqliteState
from ledger.store import Store, driver, publisher
from ledger.store.headguard import HeadGuard
from tests.store.settled import ORIGIN, Ended, Maker, created, ended, log_keys, opened


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def witness(maker: Maker, name: str = "street", ahead: int = 0, state: Any = None) -> LocalWitness:
    key = SigningKey(f"example.org/{name}", COSIGNATURE_ED25519, sha256(name.encode()).digest())
    return LocalWitness(
        [key], {ORIGIN: log_keys().vkeys}, state or SqliteState(":memory:"), lambda: maker.time // 1000 + ahead
    )


def head_file(path: Path) -> Path:
    return path.with_name("ledger.db.head")


def rows(path: Path, sql: str) -> list[Any]:
    with closing(driver.load().connect(path)) as connection:
        return list(connection.execute(sql).fetchall())


# --- signing ----------------------------------------------------------------------------------------------------------


def test_a_head_is_signed_once_and_served(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        assert store.published() is None
        store.submit(maker.persons(3))
        first = store.publish()
        maker.advance(minutes=1)
        again = store.publish()
        assert again.note == first.note
        served = store.published()
        assert served is not None
        assert (served.size, served.note) == (4, first.note)
        found = open_checkpoint(first.note, log_keys().vkeys).checkpoint
        assert found == first.head == parse_checkpoint(head_file(path).read_bytes())
        store.submit(maker.persons(1, "more"))
        assert store.publish().head.size == 5
    with opened(path, maker) as store:
        assert store.publish().head.size == 5
        with store.reading() as reader:
            assert reader.rows("SELECT size FROM checkpoint ORDER BY size") == [(4,), (5,)]


def test_the_guard_has_the_head_before_anybody_can_read_it(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    write = HeadGuard.write

    def watched(guard: HeadGuard, head: Checkpoint) -> None:
        with Store.open(path) as reader, reader.reading() as database:
            seen.append((head.size, reader.published(), database.rows("SELECT size FROM checkpoint")))
        write(guard, head)

    with created(path, maker) as store:
        monkeypatch.setattr(HeadGuard, "write", watched)
        store.publish()
    assert seen == [(1, None, [])]


def test_a_head_is_served_only_after_the_witnesses_were_asked(maker: Maker, path: Path) -> None:
    @dataclass
    class Watching:
        inner: LocalWitness
        found: list[Any] = field(default_factory=list)

        @property
        def name(self) -> str:
            return self.inner.name

        @property
        def vkeys(self) -> Sequence[VerifierKey]:
            return self.inner.vkeys

        def add_checkpoint(self, old_size: int, proof: Sequence[bytes], checkpoint: bytes) -> Cosigned | OtherSize:
            self.found.append(store.published())
            return self.inner.add_checkpoint(old_size, proof, checkpoint)

    with created(path, maker) as store:
        watching = Watching(witness(maker))
        given = store.publish([watching])
        assert watching.found == [None]
        lines = open_checkpoint(given.note, log_keys().vkeys, watching.vkeys).cosignatures
        assert [line.timestamp for line in lines] == [maker.time // 1000]


def test_two_publishers_sign_a_size_once(maker: Maker, path: Path) -> None:
    with created(path, maker) as one, opened(path, maker) as two:
        one.submit(maker.persons(2))
        notes: list[bytes] = []
        threads = [threading.Thread(target=lambda s=s: notes.append(s.publish().note)) for s in (one, two) * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(notes) == 6
        assert len(set(notes)) == 1


def test_a_publisher_waits_for_another_one_but_not_for_ever(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "WAIT_SECONDS", 0)
    with created(path, maker) as store:
        with publisher._one_at_a_time(path.with_name("ledger.db.publish")), pytest.raises(Unavailable) as refusal:
            store.publish()
        assert refusal.value.rule == "publisher.busy"
        assert store.publish().head.size == 1


# --- witnesses --------------------------------------------------------------------------------------------------------


def test_a_witness_that_remembers_another_size_is_asked_from_there(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        street, school = witness(maker), witness(maker, "school")
        assert store.publish([street]).refusals == ()
        store.submit(maker.persons(4))
        given = store.publish([street, school])
        assert given.refusals == ()
        both = open_checkpoint(given.note, log_keys().vkeys, [*street.vkeys, *school.vkeys])
        assert len(both.cosignatures) == 2
        with store.reading() as reader:
            assert reader.rows("SELECT size, count(*) FROM cosignature GROUP BY size") == [(1, 1), (5, 2)]


def test_a_witness_that_cannot_does_not_stop_the_head(maker: Maker, path: Path) -> None:
    @dataclass
    class Broken:
        error: MingzhangError | None = None
        answer: Cosigned | OtherSize = field(default_factory=lambda: OtherSize(3))
        name: str = "example.org/broken"
        vkeys: Sequence[VerifierKey] = ()

        def add_checkpoint(self, *_: Any) -> Cosigned | OtherSize:
            if self.error:
                raise self.error
            return self.answer

    stranger = witness(maker, "stranger")
    with created(path, maker) as store:
        store.publish()
        text = split_note(store.publish().note)[0]
        foreign = stranger.add_checkpoint(0, (), store.publish().note)
        for broken, rule in (
            (Broken(Unavailable("watch.unreachable")), "watch.unreachable"),
            (Broken(), "witness.ahead"),
            (Broken(answer=OtherSize(0)), "witness.unsteady"),
            (Broken(answer=foreign, vkeys=witness(maker).vkeys), "note.unverified"),
        ):
            given = store.publish([broken])
            assert [(name, error.rule) for name, error in given.refusals] == [("example.org/broken", rule)]
            assert split_note(given.note)[0] == text
            assert len(split_note(given.note)[1]) == 2


def test_a_clock_far_from_a_witness_stops_appending_until_they_agree(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        fast = witness(maker, "fast", ahead=301)
        store.publish([fast])
        one = maker.person("one")
        with pytest.raises(Unavailable) as refusal:
            store.submit([one])
        assert refusal.value.rule == "clock.differs"
        slow = witness(maker, "slow", ahead=-299)
        store.publish([slow])
        assert store.submit([one])[0].seq == 1


# --- the head guard ---------------------------------------------------------------------------------------------------


def test_without_its_guard_a_ledger_is_read_but_not_written(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        store.submit(maker.persons(3))
        note = store.publish().note
    head = parse_checkpoint(split_note(note)[0])
    head_file(path).unlink()
    with opened(path, maker) as store:
        one = maker.person("one")
        for act in (lambda: store.submit([one]), store.publish):
            with pytest.raises(Unavailable) as refusal:
                act()
            assert refusal.value.rule == "headguard.missing"
        assert store.receipt(2).proof.index == 2
        with pytest.raises(Refused) as refused:
            store.restore_guard(9, bytes(32))
        assert refused.value.rule == "headguard.rewound"
        with pytest.raises(Refused) as refused:
            store.restore_guard(3, bytes(32))
        assert refused.value.rule == "headguard.fork"
        with pytest.raises(Unavailable):
            store.submit([one])
        assert not head_file(path).exists()
        assert store.restore_guard(head.size, head.root) == head
        assert store.submit([one])[0].seq == 4
        assert store.publish().head.size == 5


def test_a_guard_restored_from_an_old_receipt_takes_the_newest_head_signed(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        old = store.publish().head
        store.submit(maker.persons(3))
        new = store.publish().head
    head_file(path).unlink()
    with opened(path, maker) as store:
        assert store.restore_guard(old.size, old.root) == new
    assert parse_checkpoint(head_file(path).read_bytes()) == new


def test_a_restored_backup_is_refused(maker: Maker, path: Path, tmp_path: Path) -> None:
    with created(path, maker) as store:
        store.submit(maker.persons(2))
        store.publish()
    backup = tmp_path / "backup.db"
    shutil.copy(path, backup)
    with opened(path, maker) as store:
        store.submit(maker.persons(3, "after"))
        store.publish()
    shutil.copy(backup, path)
    for keys in (log_keys(), None):
        with pytest.raises(Refused) as refusal:
            Store.open(path, keys, lambda: maker.time, fatal=ended)
        assert refusal.value.rule == "headguard.rewound"


def test_a_ledger_that_tells_another_story_is_refused(maker: Maker, path: Path, tmp_path: Path) -> None:
    with created(path, maker) as store:
        store.submit(maker.persons(2))
    shutil.copy(path, tmp_path / "fork.db")
    shutil.copy(path.with_name("ledger.db.key"), tmp_path / "fork.db.key")
    shutil.copy(head_file(path), tmp_path / "fork.db.head")
    with opened(path, maker) as store:
        store.submit(maker.persons(2, "here"))
        store.publish()
    with opened(tmp_path / "fork.db", maker) as store:
        store.submit(maker.persons(3, "there"))
    shutil.copy(tmp_path / "fork.db", path)
    with pytest.raises(Refused) as refusal:
        opened(path, maker)
    assert refusal.value.rule == "headguard.fork"


def test_what_a_witness_holds_must_be_in_the_ledger(maker: Maker, path: Path, tmp_path: Path) -> None:
    street = witness(maker)
    with created(path, maker) as store:
        store.submit(maker.persons(2))
        store.publish([street])
    shutil.copytree(tmp_path, backup := tmp_path.with_name(tmp_path.name + "-backup"))
    with opened(path, maker) as store:
        store.submit(maker.persons(3, "after"))
        store.publish([street])
        store.check_seen(street.latest(ORIGIN))
    # Database and guard put back together: only the witness knows.
    opened(backup / "ledger.db", maker).close()
    with pytest.raises(Refused) as refusal:
        opened(backup / "ledger.db", maker, seen=[street.latest(ORIGIN)])
    assert refusal.value.rule == "headguard.rewound"
    with opened(backup / "ledger.db", maker) as store:
        with pytest.raises(Refused):
            store.check_seen(street.latest(ORIGIN))
        with pytest.raises(Refused) as refusal:
            store.submit([maker.person("late")])
        assert refusal.value.rule == "headguard.rewound"


@pytest.mark.parametrize(
    "content", [b"", b"example.org/community\n1\n", b"\xff\xfe", b"example.org/community\n01\nAAAA\n"]
)
def test_a_damaged_guard_stops_writing(maker: Maker, path: Path, content: bytes) -> None:
    created(path, maker).close()
    head_file(path).write_bytes(content)
    with opened(path, maker) as store:
        with pytest.raises(Unavailable) as refusal:
            store.submit([maker.person("one")])
        assert refusal.value.rule == "headguard.damaged"


def test_the_guard_of_another_log_is_refused(maker: Maker, path: Path) -> None:
    created(path, maker).close()
    head_file(path).write_bytes(Checkpoint("example.org/other", 0, EMPTY_ROOT).text())
    with pytest.raises(Refused) as refusal:
        opened(path, maker)
    assert refusal.value.rule == "headguard.origin"


def test_no_new_ledger_is_begun_beside_the_guard_of_a_lost_one(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        store.publish()
    for name in ("ledger.db", "ledger.db.key"):
        path.with_name(name).unlink()
    with pytest.raises(Refused) as refusal:
        created(path, maker)
    assert refusal.value.rule == "headguard.rewound"


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_guard_that_cannot_be_written_ends_the_process(
    maker: Maker, path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def broken(*_: Any) -> None:
        raise OSError(5, "Input/output error")

    with created(path, maker) as store:
        before = head_file(path).read_bytes()
        with monkeypatch.context() as patch:
            if step == "fsync":
                patch.setattr("os.fsync", broken)
            else:
                patch.setattr(Path, "replace", broken)
            with pytest.raises(Ended):
                store.publish()
        assert head_file(path).read_bytes() == before
        assert rows(path, "SELECT count(*) FROM checkpoint") == [(0,)]


# --- receipts and the published log -----------------------------------------------------------------------------------


def test_a_receipt_proves_its_entry(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        accepted = store.submit(maker.persons(5))
        with pytest.raises(Unavailable) as refusal:
            store.receipt(accepted[0].seq)
        assert refusal.value.rule == "receipt.not_published"
        store.publish()
        store.submit(maker.persons(1, "later"))
        for one in accepted:
            receipt = store.receipt(one.seq)
            wire = receipt.json()
            trusted = check_proof(parse_proof(str(wire["proof"]).encode()), one.leaf, Policy(), log_keys().vkeys)
            assert trusted.checkpoint.size == 6
            assert leaf_hash(receipt.entry) == one.leaf
            assert [o.field for o in receipt.openings] == ["name"]
            assert receipt.openings == store.openings(parse_entry(receipt.entry).record.digest)
            assert store.receipt(one.seq, {"public"}).openings == ()
        with pytest.raises(Unavailable):
            store.receipt(6)
        with pytest.raises(NotFound) as unknown:
            store.receipt(7)
        assert unknown.value.rule == "entry.unknown"


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513])
def test_the_source_is_the_log_to_the_byte(maker: Maker, path: Path, size: int) -> None:
    with created(path, maker) as store:
        rest = maker.batch(maker.offices(size - 1)) if 1 < size <= 513 else []
        if rest:
            store.submit(rest)
        with pytest.raises(Unavailable) as refusal:
            _ = store.source
        assert refusal.value.rule == "source.not_published"
        given = store.publish()
        store.submit(maker.persons(2))
        source = store.source
        assert source.checkpoint() == given.note
        checked = check_tree(source, size, given.head.root)
        assert (checked.tree.size, checked.differences) == (size, ())
        assert list(read_entries(source, size)) == [entry.raw for entry, _b, _f in store.history()][:size]
        for level, index, width in (
            (0, size // 256, size % 256 + 1),
            (0, 9, None),
            (1, 0, 256),
            (64, 0, 1),
            (0, -1, 1),
        ):
            with pytest.raises(NotFound) as unknown:
                source.tile(level, index, width)
            assert unknown.value.rule == "source.file"
        with pytest.raises(NotFound):
            source.entries(size // 256, size % 256 + 1)


def test_a_guard_lost_while_the_process_runs_stops_writing(maker: Maker, path: Path) -> None:
    with created(path, maker) as store:
        one = maker.person("one")
        head_file(path).unlink()
        for act in (store.publish, lambda: store.submit([one]), store.publish):
            with pytest.raises(Unavailable) as refusal:
                act()
            assert refusal.value.rule == "headguard.missing"
        head = store.restore_guard(0, EMPTY_ROOT)
        assert head.size == 0
        assert store.submit([one])[0].seq == 1
