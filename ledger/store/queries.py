"""Reads of the log: entries, heads, proofs. Each proof is one SQL statement over stored nodes.

Everything here reads append-only tables, so what is read once stays true; a function that needs two statements needs no
transaction around them. Read tables are read where they are shown.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.errors import NotFound
from ledger.log.merkle import Coordinate
from ledger.store.past import Rows

ENTRY: Final = "SELECT raw FROM entry WHERE seq = ?"
ENTRIES: Final = "SELECT raw FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq"
SEQ: Final = "SELECT seq FROM used WHERE kind = 'record' AND key = ?"
USING: Final = "SELECT e.raw FROM used u JOIN entry e ON e.seq = u.seq WHERE u.kind = ? ORDER BY u.seq"
EVENTS: Final = "SELECT data FROM event WHERE name = ? ORDER BY seq, i"
SERVED: Final = "SELECT c.size, c.note FROM served s JOIN checkpoint c ON c.size = s.size WHERE s.size <= ? ORDER BY s.size DESC LIMIT 1"
SIGNED: Final = "SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1"
COSIGNATURES: Final = "SELECT line FROM cosignature WHERE size = ? ORDER BY key"
TILE: Final = "SELECT hash FROM node WHERE level = ? AND i >= ? AND i < ? ORDER BY i"
LARGEST: Final = 2**62
AT_ONCE: Final = 1024
"""Coordinates in one statement at most; SQLite takes 32,766 values."""
FEW: Final = 64


@dataclass(frozen=True, slots=True)
class Published:
    """A head that may be given out: its size and the note with every line that stands for it."""

    size: int
    note: bytes


class StoredNodes:
    """The tree's nodes in the database (:class:`ledger.log.merkle.Nodes`): all that a proof needs in one statement."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def read(self, wanted: Sequence[Coordinate]) -> Mapping[Coordinate, bytes]:
        """See :class:`ledger.log.merkle.Nodes`."""
        # A coordinate that no integer of SQL can hold is one that is not stored.
        there = [coordinate for coordinate in wanted if coordinate[1] < LARGEST]
        found: dict[Coordinate, bytes] = {}
        for start in range(0, len(there), AT_ONCE):
            some = there[start : start + AT_ONCE]
            # Of large numbers only a few statements: asking twice for the last costs less than preparing another.
            count = len(some) if len(some) <= FEW else 1 << (len(some) - 1).bit_length()
            values = [number for coordinate in some for number in coordinate] + [*some[-1]] * (count - len(some))
            found |= {(level, i): value for level, i, value in self._rows(_nodes_sql(count), values)}
        return found


def entry_bytes(rows: Rows, seq: int) -> bytes:
    """The bytes of entry ``seq``. Raises NotFound ``entry.unknown``."""
    found = rows(ENTRY, (seq,)) if 0 <= seq < LARGEST else []
    if not found:
        raise NotFound("entry.unknown", seq)
    return bytes(found[0][0])


def entries_bytes(rows: Rows, start: int, end: int) -> list[bytes]:
    """The bytes of the entries from ``start`` up to, not including, ``end``, as far as there are any."""
    return [bytes(row[0]) for row in rows(ENTRIES, (start, end))]


def seq_of(rows: Rows, digest: str) -> int:
    """Where the record of this digest stands. Raises NotFound ``record.unknown``."""
    found = rows(SEQ, (digest,))
    if not found:
        raise NotFound("record.unknown", digest)
    return int(found[0][0])


def bytes_using(rows: Rows, kind: str) -> list[bytes]:
    """The bytes of the entries that used a name of a kind: all that registered a ``party``, a ``contract``, …"""
    return [bytes(row[0]) for row in rows(USING, (kind,))]


def events(rows: Rows, name: str) -> list[dict[str, Any]]:
    """The facts of a class, by its name, in log order."""
    return [json.loads(row[0]) for row in rows(EVENTS, (name,))]


def published(rows: Rows, at_most: int = LARGEST) -> Published | None:
    """The newest head that was given out, with the lines of witnesses; None before the first."""
    found = rows(SERVED, (at_most,))
    if not found:
        return None
    size, note = found[0]
    return Published(size, b"".join([note, *(row[0] for row in rows(COSIGNATURES, (size,)))]))


def last_signed(rows: Rows) -> Published | None:
    """The newest head that was signed, given out or not, with the log's own lines; None before the first."""
    found = rows(SIGNED, ())
    return Published(int(found[0][0]), bytes(found[0][1])) if found else None


def tile_hashes(rows: Rows, level: int, first: int, end: int) -> list[bytes]:
    """The hashes of one level from ``first`` up to, not including, ``end``."""
    return [bytes(row[0]) for row in rows(TILE, (level, first, end))]


@functools.lru_cache(maxsize=256)
def _nodes_sql(count: int) -> str:
    wanted = ", ".join(["(?, ?)"] * count)
    # CROSS JOIN keeps SQLite from walking the whole table: each wanted coordinate is looked up in the key.
    return (
        f"WITH wanted (level, i) AS (VALUES {wanted}) "  # noqa: S608 - question marks only
        "SELECT n.level, n.i, n.hash FROM wanted w CROSS JOIN node n ON n.level = w.level AND n.i = w.i"
    )
