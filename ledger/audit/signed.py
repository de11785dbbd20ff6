"""Every signature of every record, checked ahead of the replay and, on a long log, beside it.

Cryptography needs no order: a key id is a hash of the key, so a key may be taken from wherever a record brings one.
Whether that key was enrolled, in whose name and until when is judged by the replay, at the entry's place. On a long log
other processes check (:mod:`ledger.audit.checker`) while this one replays; what they have no time for is checked here.

The signature of a batch is checked once for all its records; that it covers each of them is the path's to prove.
"""

import os
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from ledger.audit.checker import Checker
from ledger.audit.findings import FAULTS, Findings, Place
from ledger.books import GENESIS, KINDS
from ledger.errors import MingzhangError
from ledger.log.act import read_body
from ledger.log.entry import Entry
from ledger.people.records import LedgerOpened
from ledger.people.signing import check_signatures, checks, new_key_ids
from ledger.signatures import Check

LONG: Final = 2_048
"""Entries of a log from which on another process is worth its start."""
MOST: Final = 4
"""Processes beside this one at most: the replay is not faster than so many."""

Slice = Sequence[tuple[Entry, Place]]


class SignatureChecks:
    """Takes entries in order; as a context manager it waits for all of them."""

    def __init__(self, findings: Findings, size: int) -> None:
        """``findings`` gets what fails; ``size``: entries of the log."""
        self._findings = findings
        self._keys: dict[str, tuple[str, bytes]] = {}
        self._strange = False
        self._relying: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        beside = min((os.cpu_count() or 1) - 1, MOST) if size >= LONG else 0
        self._checkers = [Checker() for _ in range(beside)]
        self._handed: dict[int, list[list[tuple[Entry, Place]]]] = {}
        self._slices = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._take(wait=True)
        finally:
            for checker in self._checkers:
                checker.close()

    def add(self, entries: Slice) -> None:
        """Have these checked; what fails becomes a finding in time."""
        for entry, _ in entries:
            self._learn(entry)
        self._findings.counts["records"] += len(entries)
        self._findings.counts["signatures"] += sum([len(entry.signatures) for entry, _ in entries])
        self._take(wait=False)
        free = [checker for checker in self._checkers if checker.free]
        if free:
            self._hand_over(entries, min(free, key=lambda checker: len(checker.waiting)))
        else:
            self._check(entries)

    def _hand_over(self, entries: Slice, checker: Checker) -> None:
        # What a batch shares comes again with each of its records, and is asked once.
        handed: dict[Check, list[tuple[Entry, Place]]] = {}
        for place in entries:
            entry, _ = place
            try:
                found = list(checks(entry.record, entry.signatures, self._keys.get))
            except (MingzhangError, *FAULTS):
                self._check([place])
                continue
            for check, _shared in found:
                handed.setdefault(check, []).append(place)
        self._slices += 1
        self._handed[self._slices] = list(handed.values())
        checker.ask(self._slices, list(handed), self._relying)

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

    def _take(self, *, wait: bool) -> None:
        for checker in self._checkers:
            for slice_, wrong in checker.answers(wait=wait):
                handed = self._handed.pop(slice_)
                again = handed if wrong is None else [handed[place] for place in wrong]
                # An entry with several signatures is in several places, and is looked at once.
                self._check(list({id(place): place for places in again for place in places}.values()))

    def _check(self, entries: Slice) -> None:
        for entry, where in entries:
            try:
                check_signatures(entry.record, entry.signatures, self._keys.get, self._relying)
            except MingzhangError as error:
                # A key may have been brought by a kind that this program does not know: then nothing can be said.
                unknown = self._strange and error.rule == "signature.unknown_key"
                self._findings.refuse("rule.unknown" if unknown else "record.signature", where, error)
            except FAULTS as error:
                self._findings.fail(where, error)


# Kinds that bring no key share the dataclass's default, so most records need not be read for it.
_NO_NEW_KEYS: Final = KINDS["role.ended/1"].new_keys
assert KINDS[GENESIS].new_keys is not _NO_NEW_KEYS  # noqa: S101  # a kind that enrols must be read
