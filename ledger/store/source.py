"""A published log, cut from the database: the same source that a folder, an archive or a server is.

Tiles are cut from stored nodes, entry bundles from stored entries, up to the newest head that was given out; what is
committed but not published is not there. Public documents lie at ``documents/<digest>``.

A source stays at the head it was made with, so that what is read from it fits together; make a new one for a newer head.
"""

from collections.abc import Sequence
from typing import Final

from ledger.errors import Malformed, NotFound
from ledger.log.tiles import ENTRIES, HEIGHT, WIDTH, Tile, bundles_between, encode_entries, join, tiles_between
from ledger.store import documents, queries
from ledger.store.database import Database
from ledger.store.private import PUBLIC, Vault
from ledger.store.queries import Published

DOCUMENTS: Final = "documents/"
PUBLIC_DOCUMENTS: Final = "SELECT digest FROM document WHERE audience = 'public' AND box IS NOT NULL ORDER BY digest"


class DatabaseSource:
    """See :class:`ledger.log.source.Source`."""

    def __init__(self, database: Database, head: Published, vault: Vault | None, ledger: str) -> None:
        self._database = database
        self._head = head
        self._vault = vault
        self._ledger = ledger

    @property
    def size(self) -> int:
        """The size of the head."""
        return self._head.size

    def checkpoint(self) -> bytes:
        """The head, with every line that stands for it."""
        return self._head.note

    def tile(self, level: int, index: int, width: int | None = None) -> bytes:
        """A hash tile. Raises NotFound ``source.file`` beyond the head."""
        tile = self._within(level, index, width)
        with self._database.reading() as reader:
            return join(tile, queries.tile_hashes(reader.rows, *tile.nodes))

    def entries(self, index: int, width: int | None = None) -> bytes:
        """An entry bundle. Raises NotFound ``source.file`` beyond the head."""
        _level, first, end = self._within(ENTRIES, index, width).nodes
        with self._database.reading() as reader:
            return encode_entries(queries.entries_bytes(reader.rows, first, end))

    def attachment(self, path: str) -> bytes:
        """A public document. Raises NotFound ``source.file``, ``document.unknown``; Refused ``document.…``."""
        digest = path.removeprefix(DOCUMENTS)
        if digest == path or self._vault is None:
            raise NotFound("source.file", path[:200], f"{DOCUMENTS}<digest>")
        with self._database.reading() as reader:
            return documents.read(reader.rows, self._vault, self._ledger, digest, {PUBLIC}).data

    def names(self) -> Sequence[str]:
        """The paths of all files, sorted."""
        tiles = [tile.path for tile in (*tiles_between(0, self.size), *bundles_between(0, self.size))]
        with self._database.reading() as reader:
            papers = [DOCUMENTS + row[0] for row in reader.rows(PUBLIC_DOCUMENTS)] if self._vault else []
        return sorted(["checkpoint", *tiles, *papers])

    def _within(self, level: int, index: int, width: int | None) -> Tile:
        """The tile, if the log of the head's size has so many hashes there."""
        try:
            tile = Tile(level, index, WIDTH if width is None else width)
        except Malformed as error:
            raise NotFound("source.file", (level, index, width), "a tile of this log") from error
        if tile.nodes[2] > self.size >> (HEIGHT * max(level, 0)):
            raise NotFound("source.file", tile.path, f"a tile of a log of {self.size} entries")
        return tile
