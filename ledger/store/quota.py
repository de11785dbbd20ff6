"""Quotas: how many records one key may bring into the log within 24 hours.

A key that was stolen, or an owner who means harm, could otherwise flood a ledger that must be kept and read for seventy years
(revisions of a ballot, applications for money). The limit is this server's policy and no rule of the books: ``apply``, replay
and verification know nothing of it, and another server may have another.

=============  =====================================================================================================
setting        what somebody who controls it could do
=============  =====================================================================================================
``others``     raised: flood the ledger with one stolen owner's key; lowered to 0: keep every owner from voting
``in_office``  raised: flood it with an officer's; lowered to 0: stop the books, for all to see
=============  =====================================================================================================

Neither setting lets in what the books refuse. What a key signs counts when it is accepted, for each key that signed; a
revocation never does, for whoever finds his key used up by a thief must be able to end that with it. A key that a record
brings with it is not asked: it can be brought once.

Uses are counted in memory and judged inside the lock, after catching up: several processes on one file keep one count. A
process reads the entries of the last day once, at its first append, and after that only what others wrote.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from ledger import period
from ledger.errors import Refused, Unavailable
from ledger.log.entry import Entry, Signature
from ledger.people.state import People
from ledger.store.past import Rows
from ledger.store.replay import CHUNK, ENTRIES

DAY_MS: Final = 86_400_000
REVOCATION: Final = "key.revoked/1"


@dataclass(frozen=True, slots=True)
class Quota:
    """Records a key and 24 hours. ``others``: of a person who holds no role in term."""

    others: int = 200
    in_office: int = 50_000


class Uses:
    """When each key signed what was accepted within the last day, the transaction under way included."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self._times: dict[str, deque[int]] = {}
        self._size = 0

    def catch_up(self, rows: Rows, size: int, time: int) -> None:
        """Count what was committed up to ``size``, as far as it is of the day before ``time``.

        Raises Refused ``store.entry_missing``.
        """
        chunks = []
        end, old = size, False
        while end > self._size and not old:
            start = max(self._size, end - CHUNK)
            chunks.append([_use(bytes(row[0])) for row in rows(ENTRIES, (start, end))])
            if len(chunks[-1]) != end - start:
                raise Refused("store.entry_missing", len(chunks[-1]), end - start, start=start)
            end, old = start, chunks[-1][0][1] <= time - DAY_MS
        for chunk in reversed(chunks):
            for keys, at in chunk:
                self._count(keys, at)
        self._size = size

    def add(self, entry: Entry) -> None:
        """Count an entry that this process is about to commit."""
        if entry.record.kind != REVOCATION:
            self._count([signature.key for signature in entry.signatures], entry.time)
        self._size += 1

    def take_back(self, entries: Sequence[Entry]) -> None:
        """Count these no more, the last that were added: they were refused, or the transaction broke."""
        for entry in entries:
            if entry.record.kind != REVOCATION:
                for signature in entry.signatures:
                    self._times[signature.key].pop()
        self._size -= len(entries)

    def check(self, kind: str, signatures: Sequence[Signature], people: People, offset: int, time: int) -> None:
        """See that one record more may be signed by these keys at ``time``. Raises Unavailable ``quota.key_day``."""
        if kind == REVOCATION:
            return
        quota = self._quota
        for signature in signatures:
            key = signature.key
            times = self._recent(key, time)
            count = len(times)
            if (count < quota.others and count < quota.in_office) or key not in people.keys:
                continue
            held = people.roles_of(people.keys[key].person, period.legal_day(time, offset).isoformat())
            limit = quota.in_office if held else quota.others
            if count >= limit:
                again = (times[count - limit] if limit else time) + DAY_MS
                raise Unavailable(
                    "quota.key_day", count, limit, key=key, again=period.format_time(again), hours=DAY_MS // 3_600_000
                )

    def _recent(self, key: str, time: int) -> deque[int]:
        times = self._times.get(key)
        if times is None:
            return deque()
        while times and times[0] <= time - DAY_MS:
            times.popleft()
        if not times:
            del self._times[key]
        return times

    def _count(self, keys: Iterable[str], time: int) -> None:
        for key in keys:
            times = self._times.get(key)
            if times is None:
                times = self._times[key] = deque()
            times.append(time)


def _use(raw: bytes) -> tuple[tuple[str, ...], int]:
    """Keys and time of an entry that this ledger holds: read as plain JSON, since every append may wait for it."""
    entry = orjson.loads(raw)
    keys: Iterator[str] = (signature["key"] for signature in entry["signatures"])
    return () if entry["record"]["kind"] == REVOCATION else tuple(keys), period.parse_time(entry["time"])
