"""Floors: what this machine needs at least for the work that a ledger cannot do without, by the bare libraries.

* :class:`RawCommits`: one durable transaction of given rows into tables of the same shape, by the database driver alone,
  with the product's pragmas and without its triggers; with a signature check before it the floor of an append;
* :func:`check_signatures`: bare Ed25519 checks, by as many threads as are said;
* :func:`hash_files`: SHA-256 over the leaves and nodes of a tree, and over every file once more, as its manifest asks.

A floor knows no record, no rule, no state: it is a yardstick, and nothing in the product calls it.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from nacl import bindings as sodium

from ledger.store import driver
from ledger.store.database import WRITER_PRAGMAS

Rows = Mapping[str, Sequence[tuple[object, ...]]]
"""Rows by table, as they stand in the database."""
Signed = tuple[bytes, bytes]
"""A signature with its message behind it, and the public key: what libsodium takes."""

SHAPES: Final = "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC"
SLICE: Final = 64
"""Signatures that a thread takes at a time."""


class RawCommits:
    """A second database of the same shape, written by the bare driver."""

    def __init__(self, path: Path, like: Path) -> None:
        """Make ``path`` with the tables of the database ``like``."""
        module = driver.load()
        self._connection = module.connect(str(path), isolation_level=None)
        for pragma in WRITER_PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        source = module.connect(f"file:{like}?mode=ro", uri=True)
        try:
            for (sql,) in source.execute(SHAPES):
                self._connection.execute(sql)
        finally:
            source.close()
        self._connection.execute("INSERT INTO head VALUES (1, 0, x'', 0)")

    def commit(self, rows: Rows, head: tuple[object, ...]) -> None:
        """One durable transaction: ``rows`` inserted, the head's row set to (size, root, time)."""
        run: Any = self._connection
        run.execute("BEGIN IMMEDIATE")
        for table, values in rows.items():
            marks = ", ".join("?" * len(values[0]))  # every table here is written whole
            run.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - names of our own tables
        run.execute("UPDATE head SET size = ?, root = ?, time = ? WHERE id = 1", head)
        run.execute("COMMIT")

    def append(self, signed: Signed, rows: Rows, head: tuple[object, ...]) -> None:
        """What an append cannot do without: one bare signature check, one durable commit."""
        _check([signed])
        self.commit(rows, head)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def check_signatures(signed: Sequence[Signed], threads: int) -> None:
    """Check bare signatures; raises ``nacl.exceptions.BadSignatureError`` for one that does not fit."""
    if threads == 1:
        _check(signed)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(_check, (signed[at : at + SLICE] for at in range(0, len(signed), SLICE))))


def _check(signed: Sequence[Signed]) -> None:
    for message, public in signed:
        sodium.crypto_sign_open(message, public)


def hash_files(files: Sequence[bytes], entries: Sequence[bytes]) -> bytes:
    """Hash every file, every entry as a leaf, and the nodes above; the last hash, so that nothing is left out unseen."""
    for data in files:
        sha256(data).digest()
    row = [sha256(b"\x00" + entry).digest() for entry in entries]
    while len(row) > 1:
        odd = row[len(row) & ~1 :]
        row = [sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row) - 1, 2)] + odd
    return row[0] if row else b""


def files_below(folder: Path) -> Iterator[bytes]:
    """The bytes of every file below ``folder``."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.read_bytes()
