r"""The head guard: the newest head that may have left the house, kept outside the database.

A database can be rewound without a trace (a backup restored, a copy put back), and a log that then signs other entries
under a size it signed before is broken for ever. So before a head is given out, its size and root are written durably to
``<database>.head``; a database that does not extend the head in this file is not written to. The file is the text of a
checkpoint without signatures::

    example.com/books
    3
    NmQuc8JUCrEh46a/lUWwokmCzYMOsT080Z3jzmwCHsE=

It is replaced in one step: a temporary file is written and synced, renamed over the old one, and the folder synced.
Where the file is missing beside a ledger with entries, nobody can know what was given out: writing stops until the
operator says the last head he can vouch for, from a receipt, a checkpoint or a witness.

What it does not stop: somebody who puts back database and guard together. Witnesses do.
"""

import os
from pathlib import Path
from typing import Final

from ledger.errors import Malformed, Refused, Unavailable
from ledger.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.log.merkle import EMPTY_ROOT, Nodes, Range
from ledger.store.fatal import Fatal

SUFFIX: Final = ".head"


class HeadGuard:
    """The guard file of one database."""

    def __init__(self, database: Path, fatal: Fatal) -> None:
        self.path = database.with_name(database.name + SUFFIX)
        self._fatal = fatal

    def read(self) -> Checkpoint | None:
        """The head on guard, or None without a file. Raises Unavailable ``headguard.damaged``."""
        try:
            return parse_checkpoint(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (Malformed, OSError) as error:
            raise Unavailable("headguard.damaged", str(self.path), "the text of a checkpoint") from error

    def require(self) -> Checkpoint:
        """The head on guard. Raises Unavailable ``headguard.missing``, ``headguard.damaged``."""
        head = self.read()
        if head is None:
            raise Unavailable(
                "headguard.missing", str(self.path), "the last head, from a receipt, a checkpoint or a witness"
            )
        return head

    def write(self, head: Checkpoint) -> None:
        """Put a head on guard, durably. A failure ends the process: nobody knows which head is on the disk."""
        beside = self.path.with_name(self.path.name + ".new")
        try:
            _write_synced(beside, head.text())
            beside.replace(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            self._fatal("headguard.write_failed", error)


def check_extends(origin: str, size: int, nodes: Nodes, seen: Checkpoint, where: str) -> None:
    """Pass when the tree of ``size`` entries begins with the head ``seen`` at ``where``.

    Raises Refused ``headguard.origin`` (the head of another log), ``headguard.rewound`` (the database is older than the
    head), ``headguard.fork`` (it tells another story).
    """
    if seen.origin != origin:
        raise Refused("headguard.origin", seen.origin, origin, where=where)
    if seen.size > size:
        raise Refused("headguard.rewound", size, f"{seen.size} entries or more", where=where)
    root = Range.read(seen.size, nodes).root() if seen.size else EMPTY_ROOT
    if root != seen.root:
        raise Refused("headguard.fork", root.hex(), seen.root.hex(), size=seen.size, where=where)


def _write_synced(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
