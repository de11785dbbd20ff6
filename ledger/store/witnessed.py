"""The earliest word of an outside witness on a head that covers an entry: what nobody at the keeper's could have chosen.

The 核对码 of a poster and the day on which the board is looked at come from it: whoever made the entry could not know it,
and no second try is to be had, since a witness signs a head at its own time with its own key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.log.checkpoint import timestamp_of
from ledger.log.note import parse_lines
from ledger.store.past import Rows

LINES: Final = "SELECT line FROM cosignature WHERE size > ? ORDER BY size, key LIMIT ?"
MOST: Final = 256
"""Lines that are looked at: the earliest is on one of the first heads, whichever of the witnesses was quicker."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A cosignature: whose, when (seconds since 1970), and its bytes: key id, timestamp, signature."""

    witness: str
    timestamp: int
    data: bytes


def earliest(rows: Rows, seq: int) -> Cosigned | None:
    """The earliest cosignature on a head that covers entry ``seq``; None where no outside witness has signed one."""
    return first(bytes(row[0]) for row in rows(LINES, (seq, MOST)))


def first(lines: Iterable[bytes]) -> Cosigned | None:
    """The earliest of some signature lines; of two of the same second the one with the lesser bytes."""
    found = [
        Cosigned(line.name, timestamp_of(line.signature), line.key_id + line.signature)
        for data in lines
        for line in parse_lines(data)
    ]
    return min(found, key=lambda one: (one.timestamp, one.data), default=None)
