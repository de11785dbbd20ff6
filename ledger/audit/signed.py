"""Every signature of every record, checked in parallel and ahead of the replay.

Cryptography needs no order: a key id is a hash of the key, so a key may be taken from wherever a record brings one.
Whether that key was enrolled, in whose name and until when is judged by the replay, at the entry's place. Checks run in
threads (libsodium and OpenSSL release the interpreter's lock) while the replay goes on behind them.

The signature of a batch is checked once for all its records; that it covers each of them is the path's to prove.
"""

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from ledger.audit.findings import FAULTS, Findings, Place
from ledger.books import GENESIS, KINDS
from ledger.errors import MingzhangError
from ledger.log.act import read_body
from ledger.log.entry import Entry
from ledger.people.records import LedgerOpened
from ledger.people.signing import check_signatures, new_key_ids

SLICE: Final = 64
"""Entries a thread takes at a time: handing over costs about as much as one check."""
WAITING: Final = 64
"""Slices that may wait for their result, so that memory stays bounded on a long log."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A record whose signatures are not right; ``error`` says which rule, or what our reader could not cope with."""

    seq: int
    error: BaseException


class SignatureChecks:
    """Takes entries in order; as a context manager it waits for all of them."""

    def __init__(self, findings: Findings) -> None:
        """``findings`` gets what fails."""
        self._findings = findings
        self._keys: dict[str, tuple[str, bytes]] = {}
        self._strange = False
        self._relying: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._pool = ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 8), thread_name_prefix="signatures")
        self._waiting: deque[tuple[Future[list[Failed]], dict[int, Place]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            while self._waiting and kind is None:
                self._take()
        finally:
            self._pool.shutdown(cancel_futures=kind is not None)

    def add(self, entries: Sequence[tuple[Entry, Place]]) -> None:
        """Have these checked; what fails becomes a finding in time."""
        for entry, _ in entries:
            self._learn(entry)
            self._findings.counts["records"] += 1
            self._findings.counts["signatures"] += len(entry.signatures)
        for start in range(0, len(entries), SLICE):
            part = entries[start : start + SLICE]
            places = {entry.seq: place for entry, place in part}
            self._waiting.append((self._pool.submit(self._check, [entry for entry, _ in part]), places))
            if len(self._waiting) > WAITING:
                self._take()

    def _learn(self, entry: Entry) -> None:
        """The keys that a record brings; one that does not even read is refused by the replay."""
        kind = KINDS.get(entry.record.kind)
        if kind is None:
            self._strange = True
            return
        if kind.new_keys is _NO_NEW_KEYS:
            return
        try:
            body = read_body(kind.model, entry.record.body, entry.record.kind)
            new = new_key_ids(kind.new_keys(body))
        except (MingzhangError, *FAULTS):
            return
        for name, key in new.items():
            self._keys.setdefault(name, (key.alg, key.public))
        if entry.seq == 0 and isinstance(body, LedgerOpened) and body.passkeys is not None:
            self._relying = (body.passkeys.rp_ids, body.passkeys.origins)

    def _check(self, entries: Sequence[Entry]) -> list[Failed]:
        failed = []
        for entry in entries:
            try:
                check_signatures(entry.record, entry.signatures, self._keys.get, self._relying)
            except (MingzhangError, *FAULTS) as error:
                failed.append(Failed(entry.seq, error))
        return failed

    def _take(self) -> None:
        future, places = self._waiting.popleft()
        for failed in future.result():
            if isinstance(failed.error, MingzhangError):
                # A key may have been brought by a kind that this program does not know: then nothing can be said.
                unknown = self._strange and failed.error.rule == "signature.unknown_key"
                self._findings.refuse(
                    "rule.unknown" if unknown else "record.signature", places[failed.seq], failed.error
                )
            else:
                self._findings.fail(places[failed.seq], failed.error)


# Kinds that bring no key share the dataclass's default, so most records need not be read for it.
_NO_NEW_KEYS: Final = KINDS["role.ended/1"].new_keys
assert KINDS[GENESIS].new_keys is not _NO_NEW_KEYS  # noqa: S101  # a kind that enrols must be read
