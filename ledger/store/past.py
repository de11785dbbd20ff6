"""The past of a ledger, asked of the database and of what is about to be committed.

``apply`` asks two things of the entries before the one it judges: was this name used, and what does entry n say. The
database answers from the index ``used``; entries of the running transaction answer from memory. Only what lies *before*
the position counts: when a process catches up with entries that another one wrote, the index knows their names already.

Each name is looked up once. Whoever knows what will be asked says so before (:meth:`~DatabasePast.expect`): one statement
then answers for a whole group, where one a name took longer than applying its entry.

A refused job leaves nothing behind: :meth:`~DatabasePast.take_back` forgets what it had added.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from ledger.errors import NotFound
from ledger.log.act import Used
from ledger.log.entry import Entry, Record, parse_entry

Rows = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

Name = tuple[str, str]
"""Kind and key, as the fact ``Used`` has them."""

AT_ONCE: Final = 1024
"""Names in one statement at most; SQLite takes 32,766 values."""
ENTERED: Final = {"document.entered/1": "document", "party.entered/1": "party", "contract.entered/1": "contract"}
"""Kinds that come by the hundred and use a name of their own."""
ENTRY: Final = "SELECT raw FROM entry WHERE seq = ?"


class DatabasePast:
    """What stands before position ``size``: ``committed`` entries in the database, the rest in memory."""

    def __init__(self, rows: Rows, committed: int) -> None:
        self._rows = rows
        self._committed = committed
        self._used: dict[Name, int] = {}
        self._looked_up: dict[Name, int | None] = {}
        self._entries: dict[int, Entry] = {}

    def add(self, entry: Entry, facts: Iterable[object]) -> None:
        """An entry that was applied and is not committed yet, with the names it used."""
        self._entries[entry.seq] = entry
        for fact in facts:
            if isinstance(fact, Used):
                self._used[fact.kind, fact.key] = entry.seq

    def take_back(self, size: int) -> None:
        """Forget the entries from number ``size`` on; names and entries came in their order."""
        while self._entries and next(reversed(self._entries)) >= size:
            self._entries.popitem()
        while self._used and next(reversed(self._used.values())) >= size:
            self._used.popitem()

    def expect(self, names: Iterable[Name]) -> None:
        """Look up names that are about to be asked for. What is committed does not change under the community's lock, nor
        under a reader's: an answer stays true.
        """
        left = [name for name in names if name not in self._looked_up]
        for start in range(0, len(left), AT_ONCE):
            some = left[start : start + AT_ONCE]
            self._looked_up |= dict.fromkeys(some)
            values = [part for name in some for part in name]
            for kind, key, seq in self._rows(_used_sql(len(some)), [*values, self._committed]):
                self._looked_up[kind, key] = int(seq)

    def used(self, kind: str, key: str) -> int | None:
        """See :class:`ledger.log.act.Past`."""
        name = (kind, key)
        found = self._used.get(name)
        if found is not None:
            return found
        if name not in self._looked_up:
            self.expect([name])
        return self._looked_up[name]

    def entry(self, seq: int) -> Entry:
        """See :class:`ledger.log.act.Past`. Raises NotFound ``entry.unknown``."""
        found = self._entries.get(seq)
        if found is not None:
            return found
        rows = self._rows(ENTRY, (seq,)) if 0 <= seq < self._committed else []
        if not rows:
            raise NotFound("entry.unknown", seq, f"0 to {self._committed - 1}, or a later one of this transaction")
        return parse_entry(rows[0][0])


def names_of(records: Iterable[Record]) -> list[Name]:
    """The names that records are going to use: those of every record, and what is entered, by its code or by its digest."""
    names = []
    for record in records:
        names += [("record", record.digest), ("id", record.id)]
        if record.kind in ENTERED:
            # The body is not judged yet: what is no code is found nowhere.
            names.append((ENTERED[record.kind], str(record.body.get("code", record.digest))))
    return names


@functools.lru_cache(maxsize=256)
def _used_sql(count: int) -> str:
    wanted = ", ".join(["(?, ?)"] * count)
    # CROSS JOIN keeps SQLite from walking the whole table: each wanted name is looked up in the key.
    return (
        f"WITH wanted (kind, key) AS (VALUES {wanted}) "  # noqa: S608 - question marks only
        "SELECT u.kind, u.key, u.seq FROM wanted w CROSS JOIN used u ON u.kind = w.kind AND u.key = w.key WHERE u.seq < ?"
    )
