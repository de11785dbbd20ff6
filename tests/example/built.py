"""The example, built once for all tests and all their processes, and read back from its ledger alone."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from ledger.accounts.booking import Line, VoucherBooked
from ledger.books import Books
from ledger.example.run import DATABASE, build
from ledger.exchange.bundle import write_bundle
from ledger.log.entry import Entry
from ledger.log.note import parse_vkey
from ledger.log.policy import Log, Policy
from ledger.store.store import Store


@dataclass(frozen=True)
class Year:
    """The built example: its folder, what its script called things, and the ledger's whole history."""

    folder: Path
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


def build_or_find(factory: pytest.TempPathFactory) -> Year:
    """Build the example, or wait for the process that is building it."""
    here = factory.getbasetemp()
    folder = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "example"
    with _alone(folder.with_suffix(".lock")):
        names = folder / "digests.json"
        if not names.exists():
            built = build(folder)
            names.write_text(json.dumps(dict(built.digests)))
    return read(folder)


def read(folder: Path) -> Year:
    """A built example, replayed."""
    entries, every, last = [], [], Books()
    with Store.open(folder / DATABASE) as store:
        for entry, books, facts in store.history():
            entries.append(entry)
            every.append(tuple(facts))
            last = books
    return Year(folder, json.loads((folder / "digests.json").read_text()), entries, every, last)


def bundled(year: Year, folder: Path) -> Path:
    """The example's log and statements as a bundle in a folder."""
    with Store.open(year.folder / DATABASE) as store:
        statements = {file.stem: file.read_bytes() for file in sorted((year.folder / "statements").glob("*.json"))}
        vkeys = [parse_vkey(text) for text in store.books.vkeys]
        write_bundle(folder, store.source, statements, vkeys, Policy(tuple(Log(key) for key in vkeys)))
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
