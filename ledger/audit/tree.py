"""The log's bytes: every entry bundle read, every leaf hashed, every tile and the root compared. Nothing is believed.

This is the first of two passes over the entries. It needs no keys and no rules, and it tells the second one what is known
only from further on: which prefixes statements and audit reports were drawn up at, and the roots of the tree there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger import canonical
from ledger.audit.evidence import Evidence
from ledger.audit.findings import Findings, Place
from ledger.errors import Malformed, NotFound
from ledger.log import merkle
from ledger.log.packed import Hashes
from ledger.log.source import MAX_FILES, Rebuild
from ledger.log.tiles import ENTRIES, WIDTH, Tile, decode_entries, parse_path

MAX_ENTRIES: Final = MAX_FILES * WIDTH
"""A source has no more files than this, so a head that claims more entries lies or is not for us."""

STATEMENT: Final = "statement.published/1"
AUDIT: Final = "audit.reported/1"

Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A published statement as far as its entry says so: where it stands and which prefix it names."""

    seq: int
    prefix: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """An audit report that somebody signed, as far as its entry says so: where that stands, and its body as it came."""

    seq: int
    body: Mapping[str, Any]


@dataclass(slots=True)
class Leaves:
    """What the first pass leaves: leaf hashes, entry 0, publications, signed audit reports, whether all entries were there."""

    hashes: Hashes = field(default_factory=Hashes)
    genesis: bytes | None = None
    publications: list[Publication] = field(default_factory=list)
    audits: list[Claimed] = field(default_factory=list)
    complete: bool = True

    def roots(self, sizes: Iterable[int]) -> dict[int, bytes]:
        """The root of the tree at each of these sizes that it reaches."""
        tree, found = merkle.Range(), {}
        for size in sorted({size for size in sizes if 0 <= size <= len(self.hashes)}):
            tree = self.hashes.tree(size, tree)
            found[size] = tree.root()
        return found


def bundle_at(index: int, size: int) -> Tile:
    """Entry bundle ``index`` of a log of ``size`` entries."""
    return Tile(ENTRIES, index, min(WIDTH, size - index * WIDTH))


def read_bundle(evidence: Evidence, bundle: Tile) -> list[bytes]:
    """Its entries. Raises NotFound ``source.file``, Malformed ``tiles.truncated``, ``tiles.width``."""
    data = evidence.entries(bundle.index, None if bundle.width == WIDTH else bundle.width)
    return decode_entries(data, bundle.width)


def place_of(seq: int, size: int, entries: Iterable[bytes], within: int = 0) -> Place:
    """Where entry ``seq`` lies: its bundle, and its first byte (or the byte ``within`` it) there.

    ``entries``: those of its bundle that stand before it.
    """
    offset = sum(2 + len(entry) for entry in entries) + 2 + within
    return Place(bundle_at(seq // WIDTH, size).path, offset=offset, entry=seq)


def size_by_names(evidence: Evidence) -> int:
    """How many entries the bundles' paths promise: what is left to go by when the head cannot be read."""
    largest = 0
    for name in evidence.names():
        if name.startswith("tile/entries/"):
            try:
                tile = parse_path(name)
            except Malformed:
                continue
            largest = max(largest, tile.index * WIDTH + tile.width)
    return largest


def read_tree(evidence: Evidence, size: int, root: bytes | None, findings: Findings, progress: Progress) -> Leaves:
    """Hash all entries of a log of ``size``, compare every tile, and ``root`` if there is one to compare."""
    leaves = Leaves()
    if size > MAX_ENTRIES:
        findings.add("log.too_large", Place("checkpoint"), size=size, most=MAX_ENTRIES)
        leaves.complete = False
        return leaves
    rebuild = Rebuild(evidence)
    for index in range(-(-size // WIDTH)):
        bundle = bundle_at(index, size)
        try:
            entries = read_bundle(evidence, bundle)
        except (NotFound, Malformed) as error:
            code = "entries.missing" if isinstance(error, NotFound) else "entries.malformed"
            findings.refuse(code, Place(bundle.path, entry=index * WIDTH), error)
            # Without these entries nothing behind them has a place in the tree.
            findings.add("log.unread", Place(bundle.path, entry=index * WIDTH), size=size)
            leaves.complete = False
            return leaves
        for seq, body in _bodies(STATEMENT, entries, index * WIDTH):
            prefix = body.get("prefix")
            if type(prefix) is int:
                leaves.publications.append(Publication(seq, prefix))
        leaves.audits += [Claimed(seq, body) for seq, body in _bodies(AUDIT, entries, index * WIDTH)]
        leaves.genesis = entries[0] if index == 0 else leaves.genesis
        leaves.hashes.extend(rebuild.add(entries))
        progress("tree", len(leaves.hashes), size)
    rebuilt = rebuild.finish(size, rebuild_root(leaves) if root is None else root)
    for difference in rebuilt.differences:
        differs = difference.rule == "source.tile"
        where = _where(evidence, difference.path, leaves) if differs else Place(difference.path)
        findings.add(_CODES[difference.rule], where)
    findings.counts["entries"] = size
    findings.counts["tiles"] = sum(1 for name in evidence.names() if name.startswith("tile/"))
    return leaves


def rebuild_root(leaves: Leaves) -> bytes:
    """The root over all leaves."""
    return leaves.hashes.tree(len(leaves.hashes)).root()


_CODES: Final = {
    "source.tile": "tile.differs",
    "source.tile_missing": "tile.missing",
    "source.tile_unknown": "tile.unknown",
    "source.size": "head.size",
    "source.root": "head.root",
}


def _where(evidence: Evidence, path: str, leaves: Leaves) -> Place:
    """The first hash of a differing tile that is not ours; at the lowest level that names the entry."""
    try:
        tile = parse_path(path)
        data = evidence.tile(tile.level, tile.index, None if tile.width == WIDTH else tile.width)
    except (Malformed, NotFound):
        return Place(path)
    if tile.level != 0:
        return Place(path)
    ours = b"".join(leaves.hashes[tile.index * WIDTH : tile.index * WIDTH + tile.width])
    offset = first_difference(data, ours)
    seq = tile.index * WIDTH + offset // merkle.HASH_SIZE
    return Place(path, offset=offset, entry=seq if seq < len(leaves.hashes) else None)


def first_difference(one: bytes, other: bytes) -> int:
    """The first byte at which two texts part; the length of the shorter where one begins the other."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _bodies(kind: str, entries: Iterable[bytes], first: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The bodies of the entries of a kind, with their numbers; nothing is checked of them."""
    mark = f'"kind":"{kind}"'.encode()
    for seq, raw in enumerate(entries, first):
        if mark in raw:
            try:
                value = canonical.decode(raw)
            except Malformed:
                continue  # the second pass names it
            record = value.get("record") if isinstance(value, dict) else None
            if isinstance(record, dict) and record.get("kind") == kind and isinstance(record.get("body"), dict):
                yield seq, record["body"]  # type: ignore[misc]  # asked in the line above
