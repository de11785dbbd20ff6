r"""Tiles and entry bundles: the files that a log is published as (C2SP tlog-tiles v0.1.0).

Guarantees: one path for one tile and back; a tile read is exactly as wide as its path says. Tiles are not evidence by
themselves: whoever reads one compares it with what the entries hash to, or checks a proof made of it against a head.

::

    checkpoint                          the newest head
    tile/<L>/<N>[.p/<W>]                hashes of level L, 32 bytes each, at most 256
    tile/entries/<N>[.p/<W>]            the entries under tile/0/<N>: (u16 big-endian length || entry)*

N is written in groups of three digits, all but the last after an ``x``. A *partial* tile, at the right edge, has 1 to
255 hashes and ``.p/`` with its width; it is never hashed upward. Hash i of tile n at level L is the root of the
complete subtree of 256^L leaves that begins at leaf (256 n + i) 256^L:

>>> Tile(0, 1234067).path, Tile(1, 5, 17).path, Tile(ENTRIES, 273, 112).path
('tile/0/x001/x234/067', 'tile/1/005.p/17', 'tile/entries/273.p/112')
>>> parse_path("tile/0/x001/x234/067")
Tile(level=0, index=1234067, width=256)
>>> Tile(1, 5, 17).nodes                # the stored nodes of merkle level 8 that this tile is cut from
(8, 1280, 1297)

A log of 70,000 entries is 273 full tiles and one of 112 hashes at level 0, one full and one of 17 at level 1, and one
of a single hash at level 2; of 256 entries, one full tile at level 0 and one of one hash at level 1:

>>> [tile.path for tile in tiles_between(0, 256)]
['tile/0/000', 'tile/1/000.p/1']
>>> [tile.path for tile in tiles_between(255, 257)]
['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1']

An entry has at most 65,535 bytes:

>>> encode_entries([b"ab", b""])
b'\x00\x02ab\x00\x00'
>>> decode_entries(b"\x00\x02ab\x00\x00", 2)
[b'ab', b'']
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledger.errors import Malformed
from ledger.log import merkle
from ledger.log.merkle import HASH_SIZE, Coordinate

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = -1
"""The level of entry bundles."""
MAX_LEVEL = 63
MAX_ENTRY = 65_535

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A tile, or with level :data:`ENTRIES` an entry bundle. Raises Malformed ``tiles.coordinates``."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (ENTRIES <= self.level <= MAX_LEVEL and self.index >= 0 and 1 <= self.width <= WIDTH):
            raise Malformed(
                "tiles.coordinates", (self.level, self.index, self.width), f"level to {MAX_LEVEL}, width 1 to {WIDTH}"
            )

    @property
    def path(self) -> str:
        """Where it lies below the log's prefix."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return f"tile/{level}/{number}" + ("" if self.width == WIDTH else f".p/{self.width}")

    @property
    def nodes(self) -> tuple[int, int, int]:
        """The merkle level, and the first and past-the-last index at it, that the tile is cut from."""
        first = self.index * WIDTH
        return max(self.level, 0) * HEIGHT, first, first + self.width


def parse_path(path: str) -> Tile:
    """The inverse of :attr:`Tile.path`. Raises Malformed ``tiles.path``, ``tiles.coordinates``."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise Malformed("tiles.path", path[:200], "tile/<level>/<groups of three digits>[.p/<width>]")
    level, number, width = match.groups()
    index = int(number.replace("x", "").replace("/", "")) if len(number) <= 40 else -1
    tile = Tile(ENTRIES if level == "entries" else int(level), index, int(width) if width else WIDTH)
    # `x000/001` and `.p/256` name a tile that has another path.
    if tile.path != path:
        raise Malformed("tiles.path", path[:200], tile.path)
    return tile


def tiles_between(old: int, new: int) -> list[Tile]:
    """The hash tiles to write when a log grows from ``old`` entries to ``new``; all of its tiles from ``old`` 0.

    Raises Malformed ``tiles.sizes``.
    """
    return [Tile(level, index, width) for level, index, width in _grown(old, new, HEIGHT)]


def bundles_between(old: int, new: int) -> list[Tile]:
    """The entry bundles to write when a log grows from ``old`` entries to ``new``. Raises Malformed ``tiles.sizes``."""
    return [Tile(ENTRIES, index, width) for level, index, width in _grown(old, new, HEIGHT) if level == 0]


def tile_at(level: int, index: int, size: int) -> Tile:
    """Tile ``index`` of a level as a log of ``size`` entries has it: full, or as wide as it is there.

    Raises Malformed ``tiles.coordinates`` where that log has no such tile.
    """
    return Tile(level, index, min(WIDTH, (size >> (HEIGHT * max(level, 0))) - index * WIDTH))


def join(tile: Tile, hashes: Sequence[bytes]) -> bytes:
    """The tile's bytes, of the hashes at :attr:`Tile.nodes`. Raises Malformed ``tiles.width``, ``tiles.hash_size``."""
    if len(hashes) != tile.width:
        raise Malformed("tiles.width", len(hashes), tile.width, path=tile.path)
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise Malformed("tiles.hash_size", len(value), HASH_SIZE, path=tile.path)
    return b"".join(hashes)


def split(tile: Tile, data: bytes) -> list[bytes]:
    """The tile's hashes. Raises Malformed ``tiles.width``."""
    if len(data) != tile.width * HASH_SIZE:
        raise Malformed("tiles.width", len(data), tile.width * HASH_SIZE, path=tile.path)
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """An entry bundle. Raises Malformed ``tiles.entry_size``, ``tiles.width`` (no entry, or more than 256)."""
    if not 1 <= len(entries) <= WIDTH:
        raise Malformed("tiles.width", len(entries), f"1 to {WIDTH} entries")
    for place, entry in enumerate(entries):
        if len(entry) > MAX_ENTRY:
            raise Malformed("tiles.entry_size", len(entry), f"at most {MAX_ENTRY} bytes", place=place)
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def decode_entries(data: bytes, width: int) -> list[bytes]:
    """The ``width`` entries of a bundle. Raises Malformed ``tiles.truncated``, ``tiles.width`` (bytes left over)."""
    entries, at = [], 0
    for place in range(width):
        start = at + 2
        at = start + int.from_bytes(data[at:start])
        if at > len(data):
            raise Malformed("tiles.truncated", len(data), f"{width} entries", place=place)
        entries.append(data[start:at])
    if at != len(data):
        raise Malformed("tiles.width", len(data) - at, f"no bytes after {width} entries")
    return entries


@dataclass(frozen=True, slots=True)
class TileNodes:
    """Stored nodes read from tiles (:class:`~ledger.log.merkle.Nodes`), for proofs out of a published log.

    ``read_tile`` gives a tile's bytes. What it gives is believed here; check the proof made of it against a head.
    """

    size: int
    read_tile: Callable[[Tile], bytes]

    def read(self, wanted: Sequence[Coordinate]) -> Mapping[Coordinate, bytes]:
        """See :class:`~ledger.log.merkle.Nodes`. Raises Malformed ``tiles.width``."""
        rows: dict[Tile, list[bytes]] = {}
        found = {}
        for level, index in wanted:
            if (index + 1) << level > self.size:
                continue
            row_level, above = divmod(level, HEIGHT)
            first = index << above
            tile = tile_at(row_level, first // WIDTH, self.size)
            if tile not in rows:
                rows[tile] = split(tile, self.read_tile(tile))
            start = first % WIDTH
            found[level, index] = merkle.root(rows[tile][start : start + (1 << above)])
        return found


def _grown(old: int, new: int, height: int) -> Iterator[tuple[int, int, int]]:
    """``(level, index, width)`` of each tile of ``2**height`` that is new or wider at size ``new`` than at ``old``."""
    if not 0 <= old <= new:
        raise Malformed("tiles.sizes", (old, new), "0 <= old <= new")
    level, full = 0, 1 << height
    while old != new:
        for index in range(old >> height, new >> height):
            yield level, index, full
        if new % full:
            yield level, new >> height, new % full
        level, old, new = level + 1, old >> height, new >> height
