"""A small log as it is published, for the tests of sources and of peers."""

from pathlib import Path

from ledger.log.checkpoint import Checkpoint, LogKeys
from ledger.log.merkle import Range, leaf_hashes
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from ledger.log.tiles import bundles_between, encode_entries, join, tiles_between

TIME = 1_700_000_000
KEYS = LogKeys(
    SigningKey("example.com/books", ED25519, b"\1" * 32),
    SigningKey("example.com/books", COSIGNATURE_ML_DSA_44, b"\2" * 32),
)


class Published:
    """The files of a log with these entries: ``files`` by path, and what they are made of."""

    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries
        self.leaves = leaf_hashes(entries)
        self.tree, nodes = Range().extend(self.leaves)
        self.nodes = {(level, index): value for level, index, value in nodes}
        self.head = Checkpoint(KEYS.origin, self.tree.size, self.tree.root())
        self.files = {"checkpoint": KEYS.sign(self.head, TIME)}
        for tile in tiles_between(0, len(entries)):
            level, first, end = tile.nodes
            self.files[tile.path] = join(tile, [self.nodes[level, index] for index in range(first, end)])
        for bundle in bundles_between(0, len(entries)):
            _, first, end = bundle.nodes
            self.files[bundle.path] = encode_entries(entries[first:end])

    def write(self, folder: Path) -> Path:
        """All files below ``folder``."""
        for path, data in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return folder


def published(size: int) -> Published:
    """A log of ``size`` entries of different lengths."""
    return Published([b"entry %d " % n + b"x" * (n % 90) for n in range(size)])
