"""Snapshots of the state: a start does not have to replay seventy years. Right without them, only slower.

A snapshot is the canonical bytes of the books after ``size`` entries (:mod:`ledger.log.snapshot`), with a keyed hash over
size, root, what this program makes of a state, and the bytes: only what this store wrote itself, with a program of the same
make, over the same entries, is resumed from. Anything else is passed over in silence and the entries are replayed.
"""

import hashlib
from typing import Final

from ledger.books import MACHINE, Books
from ledger.errors import Malformed
from ledger.log import snapshot
from ledger.log.merkle import Range
from ledger.store import tables
from ledger.store.database import Writer, insert_sql
from ledger.store.past import Rows
from ledger.store.private import Vault
from ledger.store.queries import StoredNodes
from ledger.store.replay import State

EVERY: Final = 500
"""Entries after which a new snapshot is worth its bytes."""
KEPT: Final = 2
VERSION: Final = 6
"""Raised with every change to what ``apply`` makes of a state that machine numbers do not tell (before a release)."""

STORED: Final = "SELECT size, mark, data FROM snapshot WHERE size <= ? ORDER BY size DESC"
SIZES: Final = "SELECT size FROM snapshot ORDER BY size DESC"
DELETE: Final = "DELETE FROM snapshot WHERE size = ?"
INSERT: Final = insert_sql(tables.snapshot)


def resume(rows: Rows, vault: Vault, size: int) -> State:
    """The state of the newest snapshot of our own at or before ``size`` entries; the empty state without one."""
    for stored, mark, data in rows(STORED, (size,)):
        tree = Range.read(stored, StoredNodes(rows))
        if vault.mark(_marked(tree, data)) != mark:
            continue
        try:
            books = snapshot.load(Books, bytes(data))
        except Malformed:
            continue
        if books.head.size == stored:
            return State(books, tree)
    return State()


def newest(rows: Rows) -> int:
    """The size of the newest snapshot; 0 without one."""
    found = rows(SIZES, ())
    return int(found[0][0]) if found else 0


def store(writer: Writer, vault: Vault, state: State) -> None:
    """Store a snapshot of a committed state and forget all but the newest. In the caller's transaction."""
    stored = [int(row[0]) for row in writer.rows(SIZES)]
    if state.size in stored:
        writer.write(DELETE, [(state.size,)])
    data = snapshot.dump(state.books)
    writer.write(INSERT, [(state.size, vault.mark(_marked(state.tree, data)), data)])
    kept = sorted({*stored, state.size}, reverse=True)[:KEPT]
    writer.write(DELETE, [(size,) for size in stored if size not in kept])


def _marked(tree: Range, data: bytes) -> bytes:
    made_by = f"{MACHINE}.{VERSION}.{tree.size}.{tree.root().hex()}."
    return made_by.encode() + hashlib.sha256(data).digest()
