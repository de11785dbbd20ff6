"""The example, built once for all tests and all their processes by the command that builds it, and read back from its ledger.

What costs seconds is done once: a process replays the ledger once and reviews it once, whoever asks. Nobody writes into the
folder; who has to takes a copy.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.booking import Line, VoucherBooked
from ledger.books import Books
from ledger.example import run
from ledger.example.run import DATABASE
from ledger.log.entry import Entry
from ledger.store.store import Store
from tests.cli.desk import said
from tests.tracing import traced, untraced


@dataclass(frozen=True, eq=False)
class Year:
    """The built example: its folder, what its script called things, and the ledger's whole history."""

    folder: Path
    """Its ledger, statements, prints, bundle."""
    digests: dict[str, str]
    entries: list[Entry]
    facts: list[tuple[object, ...]]
    books: Books

    @cached_property
    def lines(self) -> list[Line]:
        """Every line of every period, in log order."""
        return [fact for facts in self.facts for fact in facts if isinstance(fact, Line)]

    @cached_property
    def vouchers(self) -> list[VoucherBooked]:
        """Every voucher, in log order."""
        return [fact for facts in self.facts for fact in facts if isinstance(fact, VoucherBooked)]

    def statement(self, period: str) -> dict[str, Any]:
        """A published statement as it was signed."""
        return dict(json.loads((self.folder / "statements" / f"{period}.json").read_bytes()))

    def called(self, digest: str) -> str:
        """What the script calls the record of a digest."""
        return self._names[digest]

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of all records of a kind."""
        return [dict(entry.record.body) for entry in self.entries if entry.record.kind == f"{kind}/1"]

    @cached_property
    def _names(self) -> dict[str, str]:
        # A payment's record has two names, the second for motions; the first says where it stands.
        return {digest: name for name, digest in reversed(self.digests.items())}


@dataclass(frozen=True, eq=False)
class Demo:
    """What ``mingzhang demo --build`` left and said, after a building that was broken off, and what the script calls the records."""

    folder: Path
    code: int
    out: str
    beside: list[str]
    """What lies in the folder's folder afterwards."""
    digests: dict[str, str]


def build_or_find(factory: pytest.TempPathFactory) -> Year:
    """The example, replayed."""
    return _read(demo_or_find(factory))


def demo_or_find(factory: pytest.TempPathFactory) -> Demo:
    """Run the command, or wait for the process that runs it."""
    here = factory.getbasetemp()
    shared = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
    return _built(shared)


@cache
def _built(shared: Path) -> Demo:
    folder, kept = shared / "demo" / "example", shared / "demo.json"
    with _alone(shared / "demo.lock"):
        if not kept.exists():
            kept.write_text(json.dumps(_build(folder)))
    return Demo(folder, **json.loads(kept.read_text()))


def _build(folder: Path) -> dict[str, Any]:
    broken = folder.with_name(f".{folder.name}.partial")
    broken.mkdir(parents=True)
    (broken / DATABASE).write_bytes(b"begun")
    made: list[run.Built] = []

    def build(target: Path, progress: run.Progress) -> run.Built:
        made.append(real(target, progress))
        return made[-1]

    real = run.build
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "build", build)
        with traced():
            answer = said("--lang", "en", "demo", "--build", str(folder))
    assert answer.code == 0, answer
    beside = [one.name for one in folder.parent.iterdir()]
    return {"code": answer.code, "out": answer.out, "beside": beside, "digests": dict(made[0].digests)}


@cache
def _read(demo: Demo) -> Year:
    """Uncounted: the machine has tests of its own."""
    entries, every, last = [], [], Books()
    with untraced(), Store.open(demo.folder / DATABASE) as store:
        for entry, books, facts in store.history():
            entries.append(entry)
            every.append(tuple(facts))
            last = books
    return Year(demo.folder, demo.digests, entries, every, last)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
