"""The past of a ledger, asked of the database and of what is about to be committed.

``apply`` asks two things of the entries before the one it judges: was this name used, and what does entry n say. The
database answers from the index ``used``; entries of the running transaction answer from memory. Only what lies *before*
the position counts: when a process catches up with entries that another one wrote, the index knows their names already.

A :class:`DatabasePast` is layered: :meth:`~DatabasePast.fork` gives one for a single job of a group, whose names and
entries come into the group's only by :meth:`~DatabasePast.join`, so that a refused job leaves nothing behind.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Self

from ledger.errors import NotFound
from ledger.log.act import Used
from ledger.log.entry import Entry, parse_entry

Rows = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

USED: Final = "SELECT seq FROM used WHERE kind = ? AND key = ? AND seq < ?"
ENTRY: Final = "SELECT raw FROM entry WHERE seq = ?"


class DatabasePast:
    """What stands before position ``size``: ``committed`` entries in the database, the rest in memory."""

    def __init__(self, rows: Rows, committed: int) -> None:
        self._rows = rows
        self._committed = committed
        self._below: DatabasePast | None = None
        self._used: dict[tuple[str, str], int] = {}
        self._entries: dict[int, Entry] = {}

    def fork(self) -> Self:
        """A layer above this one."""
        layer = type(self)(self._rows, self._committed)
        layer._below = self
        return layer

    def join(self, layer: Self) -> None:
        """Take over what a layer above added."""
        self._used |= layer._used
        self._entries |= layer._entries

    def add(self, entry: Entry, facts: Iterable[object]) -> None:
        """An entry that was applied and is not committed yet, with the names it used."""
        self._entries[entry.seq] = entry
        for fact in facts:
            if isinstance(fact, Used):
                self._used[fact.kind, fact.key] = entry.seq

    def used(self, kind: str, key: str) -> int | None:
        """See :class:`ledger.log.act.Past`."""
        layer: DatabasePast | None = self
        while layer is not None:
            found = layer._used.get((kind, key))
            if found is not None:
                return found
            layer = layer._below
        rows = self._rows(USED, (kind, key, self._committed))
        return int(rows[0][0]) if rows else None

    def entry(self, seq: int) -> Entry:
        """See :class:`ledger.log.act.Past`. Raises NotFound ``entry.unknown``."""
        layer: DatabasePast | None = self
        while layer is not None:
            found = layer._entries.get(seq)
            if found is not None:
                return found
            layer = layer._below
        rows = self._rows(ENTRY, (seq,)) if 0 <= seq < self._committed else []
        if not rows:
            raise NotFound("entry.unknown", seq, f"0 to {self._committed - 1}, or a later one of this transaction")
        return parse_entry(rows[0][0])
