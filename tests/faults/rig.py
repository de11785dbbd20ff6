"""What the fault tests share: ledgers to break, processes that append to them, and the check of a whole ledger."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ledger import canonical
from ledger.books import Books
from ledger.log.checkpoint import open_checkpoint
from ledger.log.entry import Submission, submission_json
from ledger.log.merkle import Range, leaf_hash
from ledger.store import Store, system_clock
from ledger.store.queries import StoredNodes
from tests.store.settled import Maker, created, log_keys, opened

APPENDER = Path(__file__).with_name("appender.py")
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Rig:
    """A ledger in a folder, and submissions for it. ``shift``: from the real time to the records'."""

    folder: Path
    maker: Maker = field(default_factory=Maker)
    shift: int = 0

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / "ledger.db"

    def prepare(self, people: int) -> None:
        """Create the ledger; write the log's keys, and a file of ``people`` submissions."""
        created(self.path, self.maker).close()
        (self.folder / "log.keys").write_bytes(log_keys().dump())
        lines = [canonical.encode(submission_json(s)) for s in self.maker.persons(people)]
        (self.folder / "submissions").write_bytes(b"\n".join(lines))
        self.shift = self.maker.time - system_clock()

    def command(self, first: int = 0, every: int = 0) -> list[str]:
        """The command line of an appender that begins at submission ``first`` and goes round."""
        files = [self.path, self.folder / "log.keys", self.folder / "submissions"]
        return [sys.executable, str(APPENDER), *map(str, files), str(every), str(first)]

    @property
    def environment(self) -> dict[str, str]:
        """The appender finds the product, and the time of the records."""
        return {**os.environ, "PYTHONPATH": str(ROOT), "CLOCK_SHIFT": str(self.shift)}

    def start(self, first: int = 0, every: int = 0) -> subprocess.Popen[bytes]:
        """An appender; its answers come through ``stdout``."""
        return subprocess.Popen(
            self.command(first, every), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment
        )

    def open(self) -> Store:
        """Open the ledger for writing, as the next start does."""
        return opened(self.path, self.maker)

    def check(self, answered: "Answers") -> Books:
        """Open the ledger and check the whole of it against what was answered. Gives its books."""
        with self.open() as store:
            check_whole(store, answered)
            return store.books


@dataclass
class Answers:
    """What processes said: places by record digest, and heads given out."""

    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    finished: bool = False

    def take(self, lines: Iterable[bytes]) -> None:
        """Read an appender's output; two answers for one record must agree."""
        for line in lines:
            if not line.endswith(b"\n"):
                continue
            match line.decode().split():
                case ["head", size, root]:
                    assert self.heads.setdefault(int(size), root) == root, "two heads of one size"
                case [seq, digest, leaf]:
                    place = int(seq), leaf
                    assert self.places.setdefault(digest, place) == place, "one record in two places"
                case ["done"]:
                    self.finished = True
                case _:
                    pass

    def take_all(self, stream: IO[bytes] | None) -> None:
        """Read a process's output to its end."""
        assert stream is not None
        self.take(stream.readlines())


def check_whole(store: Store, answered: Answers | None = None) -> None:
    """Every entry once, in order, linked; every node; every answer and head kept; the head guard not ahead."""
    raws: list[bytes] = []
    seen: dict[str, int] = {}
    books = Books()
    for entry, after, _facts in store.history():
        books = after
        assert entry.seq == len(raws)
        assert seen.setdefault(entry.record.digest, entry.seq) == entry.seq, "a record stands twice"
        assert store.seq_of(entry.record.digest) == entry.seq
        raws.append(entry.raw)
    assert books == store.books
    tree, nodes = Range().extend([leaf_hash(raw) for raw in raws])
    with store.reading() as reader:
        assert sorted(reader.rows("SELECT level, i, hash FROM node")) == sorted(nodes)
        assert reader.rows("SELECT size, root FROM head") == [(tree.size, tree.root())]
        for size, note in reader.rows("SELECT size, note FROM checkpoint"):
            signed = open_checkpoint(note, log_keys().vkeys).checkpoint
            assert (signed.size, signed.root) == (size, Range.read(size, StoredNodes(reader.rows)).root())
        assert reader.rows("PRAGMA integrity_check") == [("ok",)]
    for digest, (seq, leaf) in (answered.places if answered else {}).items():
        assert seen.get(digest) == seq, "an answered record was lost or moved"
        assert leaf_hash(raws[seq]).hex() == leaf, "an answered record changed"
    for size, root in (answered.heads if answered else {}).items():
        assert Range().extend([leaf_hash(raw) for raw in raws[:size]])[0].root().hex() == root, (
            "a head was contradicted"
        )


def parse_lines(text: bytes) -> Sequence[bytes]:
    """Lines with their newlines."""
    return [line + b"\n" for line in text.split(b"\n")[:-1]]


__all__ = ["APPENDER", "Answers", "Maker", "Rig", "Submission", "check_whole", "parse_lines"]
