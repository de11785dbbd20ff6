"""The entries one behind the other, followed without the rules of the books: number, link, time, ledger, batches, names that
may stand once.

The replay asks all of this too, and stops at the first break. Here a break is named wherever it is, and the browser's
checker, which has no rules, names it likewise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from ledger.audit.findings import Findings, Place
from ledger.books import AHEAD_MS, OLDEST_MS, Books
from ledger.errors import Malformed
from ledger.log.entry import ORIGIN_LINK, Entry, Record, batch_root
from ledger.log.entry import Place as BatchPlace
from ledger.period import format_time

FIRST: Final = 0
Used = Callable[[str, str], int | None]
"""The entry that used a name of a kind (``record``, ``id``), or None."""


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch of which not all records have come. ``root`` is None where a path led to none."""

    root: bytes | None
    count: int
    next: int


class Chain:
    """Takes entries in order. ``ledger``: the genesis digest; ``time``: the latest so far; ``open``: a batch at the end."""

    def __init__(self, findings: Findings, used: Used = lambda _kind, _name: None) -> None:
        """``findings`` gets the breaks. ``used`` knows the names of entries that somebody else remembers, as a replay does."""
        self.next = 0
        self.time = 0
        self.ledger: str | None = None
        self.open: OpenBatch | None = None
        self._link = ORIGIN_LINK
        self._seen: set[str] = set()
        self._used = used
        self._findings = findings

    @classmethod
    def after(cls, books: Books, findings: Findings, used: Used) -> Self:
        """One that has followed all entries of these books and found nothing."""
        head, chain = books.head, cls(findings, used)
        chain.next, chain.time, chain._link = head.size, head.time, head.leaf
        chain.ledger = books.ledger or None
        if head.batch is not None:
            chain.open = OpenBatch(bytes.fromhex(head.batch.root), head.batch.count, head.batch.next)
        return chain

    def follow(self, entry: Entry, where: Place) -> None:
        """The next entry that read as one."""
        due = self.next if where.entry is None else where.entry
        # After an entry that did not read there is no link to compare with, and perhaps a part of a batch is gone.
        linked = due == self.next
        self.next = due + 1
        if entry.seq != due:
            self._findings.add("chain.seq", where, value=entry.seq, accepted=due)
        if linked and entry.prev != self._link:
            self._findings.add("chain.prev", where, value=entry.prev, accepted=self._link)
        if entry.time < self.time:
            self._findings.add("chain.time", where, value=format_time(entry.time), accepted=format_time(self.time))
        self._link, self.time = entry.leaf.hex(), max(entry.time, self.time)
        self._follow_record(entry.record, entry.time, due, where)
        self._follow_batch(entry, linked, where)

    def remember(self, record: Record) -> None:
        """Keep the names of a record that was followed, where nobody else does."""
        self._seen |= {record.digest, record.id}

    def _follow_record(self, record: Record, time: int, due: int, where: Place) -> None:
        if due == FIRST:
            self.ledger = record.digest
        ledger = "" if due == FIRST else self.ledger
        if ledger is not None and record.ledger != ledger:
            self._findings.add("chain.ledger", where, value=record.ledger, accepted=ledger)
        if not time - OLDEST_MS <= record.at_ms <= time + AHEAD_MS:
            self._findings.add("chain.at", where, value=record.at, accepted=format_time(time))
        names = (("record", record.digest), ("id", record.id))
        if any(name in self._seen or self._used(kind, name) is not None for kind, name in names):
            self._findings.add("chain.twice", where, value=record.id)

    def _follow_batch(self, entry: Entry, linked: bool, where: Place) -> None:
        running, self.open = self.open if linked else None, None
        place = next((signature.batch for signature in entry.signatures if signature.batch), None)
        if place is None:
            if running is not None:
                self._findings.add("chain.batch", where, value="none", accepted=f"{running.next} of {running.count}")
            return
        root = _root_of(entry.record, place)
        due = running or OpenBatch(root, place.count, 0 if linked else place.index)
        if (root, place.count, place.index) != (due.root, due.count, due.next):
            found = f"{place.index} of {place.count}"
            self._findings.add("chain.batch", where, value=found, accepted=f"{due.next} of {due.count}")
        if root is not None and place.index + 1 < place.count:
            self.open = OpenBatch(root, place.count, place.index + 1)


def _root_of(record: Record, place: BatchPlace) -> bytes | None:
    """The root of a batch; None where the path has the wrong length, which the check of signatures says."""
    try:
        return batch_root(record, place)
    except Malformed:
        return None
