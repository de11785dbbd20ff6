"""Every signature of every record, checked ahead of the replay and, on a long log, beside it.

A signature is checked with the key that its own record or an earlier one brought, and finds a key that was revoked before.
Whether that key was enrolled, in whose name and from when is judged by the replay, at the entry's place. On a long log
other processes check (:mod:`ledger.audit.checker`) while this one replays; what they have no time for is checked here.

The signature of a batch is checked once for all its records; that it covers each of them is the path's to prove.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from ledger.audit.brought import key_revoked, keys_brought, read_genesis
from ledger.audit.checker import Checker
from ledger.audit.findings import FAULTS, Findings, Place
from ledger.books import KINDS
from ledger.errors import MingzhangError
from ledger.log.entry import Entry
from ledger.people.signing import check_signatures, checks
from ledger.signatures import Check

LONG: Final = 2_048
"""Entries of a log from which on another process is worth its start."""
MOST: Final = 4
"""Processes beside this one at most: the replay is not faster than so many."""

Slice = Sequence[tuple[Entry, Place]]


@dataclass(slots=True)
class Keys:
    """What the entries so far brought. ``enrolled``: by key id since which entry, algorithm, public key; ``revoked``: from which
    entry on; ``strange``: the first entry of a kind that this program does not know; ``relying``: RP ids and origins of passkeys.
    """

    enrolled: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    revoked: dict[str, int] = field(default_factory=dict)
    strange: int | None = None
    relying: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


class SignatureChecks:
    """Takes entries in order; as a context manager it waits for all of them."""

    def __init__(self, findings: Findings, size: int, keys: Keys | None = None) -> None:
        """``findings`` gets what fails; ``size``: entries to check; ``keys``: what the entries before them brought."""
        self._findings = findings
        self.keys = keys or Keys()
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
        for entry, where in entries:
            self._learn(entry, where)
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
            entry, where = place
            try:
                found = list(checks(entry.record, entry.signatures, self._known_at(_seq(entry, where))))
            except (MingzhangError, *FAULTS):
                self._check([place])
                continue
            for check, _shared in found:
                handed.setdefault(check, []).append(place)
        self._slices += 1
        self._handed[self._slices] = list(handed.values())
        checker.ask(self._slices, list(handed), self.keys.relying)

    def _learn(self, entry: Entry, where: Place) -> None:
        """The keys that a record brings or takes away."""
        seq, record = _seq(entry, where), entry.record
        if record.kind not in KINDS and self.keys.strange is None:
            self.keys.strange = seq
        for name, alg, public in keys_brought(record):
            self.keys.enrolled.setdefault(name, (seq, alg, public))
        for signature in entry.signatures:
            if signature.key in self.keys.revoked:
                before = self.keys.revoked[signature.key]
                self._findings.add("record.revoked", where, value=signature.key, accepted=f"before entry {before}")
        revoked = key_revoked(record)
        if revoked is not None:
            self.keys.revoked.setdefault(revoked, seq)
        genesis = read_genesis(record) if seq == 0 else None
        if genesis is not None:
            self.keys.relying = genesis.relying

    def _known_at(self, seq: int) -> Callable[[str], tuple[str, bytes] | None]:
        """The keys that the entries up to this one brought."""

        def find(name: str) -> tuple[str, bytes] | None:
            since, alg, public = self.keys.enrolled.get(name, (seq + 1, "", b""))
            return (alg, public) if since <= seq else None

        return find

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
                check_signatures(entry.record, entry.signatures, self._known_at(_seq(entry, where)), self.keys.relying)
            except MingzhangError as error:
                # A key may have been brought by a kind that this program does not know: then nothing can be said.
                strange = self.keys.strange is not None and self.keys.strange <= _seq(entry, where)
                unknown = strange and error.rule == "signature.unknown_key"
                self._findings.refuse("record.unknown_key" if unknown else "record.signature", where, error)
            except FAULTS as error:
                self._findings.fail(where, error)


def _seq(entry: Entry, where: Place) -> int:
    """Where the entry stands, whatever it says of itself."""
    return entry.seq if where.entry is None else where.entry
