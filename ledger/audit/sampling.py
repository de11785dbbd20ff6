"""A sample 抽样 that neither side chose: vouchers drawn by a head of the log that came after the books were frozen.

The **pool** are the numbers of the vouchers of closed days, ascending: a statement froze them at its prefix. The **seed** comes
from a head behind that prefix, so that nobody who booked could know it, and it is fixed by the log, so that no auditor can draw
until he likes what he sees::

    seed  = SHA-256("mingzhang/sample/1" ‖ 0x00 ‖ canonical JSON of {"origin", "size", "root"[, "word"]})
    rank  = SHA-256(seed ‖ number in ASCII)
    drawn = the first n numbers by rank, ascending

Whoever keeps the log alone and appends at will could try heads until one suits him. Against that there is ``word``: what the auditor
says once the head is public, such as a dated line of a newspaper. Who leaves it out relies on the witnesses of the head.

>>> seed = seed_of("example.org/books", 65, "ab" * 32, frozen=60)
>>> seed.hex()[:16]
'c4b2baa700b0615e'
>>> pool = [f"2019-01-{n:04}" for n in range(1, 30)]
>>> draw(pool, seed, 4)
('2019-01-0001', '2019-01-0007', '2019-01-0018', '2019-01-0021')
>>> draw(pool[:3], seed, 25)
('2019-01-0001', '2019-01-0002', '2019-01-0003')
"""

import hashlib
import math
from collections.abc import Iterable
from typing import Final

from ledger import canonical
from ledger.errors import Refused

DOMAIN: Final = b"mingzhang/sample/1\0"
LEAST: Final = 25


def seed_of(origin: str, size: int, root: str, *, frozen: int, word: str = "") -> bytes:
    """The seed of a head of ``size`` entries. Raises Refused ``sample.too_early`` where the pool was not frozen before it:
    ``frozen`` is the statement's prefix.
    """
    if size <= frozen:
        raise Refused("sample.too_early", size, f"a head of more than {frozen} entries")
    said: dict[str, canonical.Json] = {"origin": origin, "size": size, "root": root}
    if word:
        said["word"] = word
    return hashlib.sha256(DOMAIN + canonical.encode(said)).digest()


def draw(pool: Iterable[str], seed: bytes, count: int) -> tuple[str, ...]:
    """``count`` numbers of the pool, all where there are no more; ascending."""
    ranked = sorted(set(pool), key=lambda number: (hashlib.sha256(seed + number.encode("ascii")).digest(), number))
    return tuple(sorted(ranked[:count]))


def wanted(pool: int) -> int:
    """How many to draw of so many: the root of three times as many, at least 25. The auditor's judgement may ask for more.

    >>> wanted(10), wanted(130), wanted(1200), wanted(100_000)
    (10, 25, 60, 548)
    """
    return min(pool, max(LEAST, math.isqrt(max(3 * pool - 1, 0)) + 1))
