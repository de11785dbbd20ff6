"""Which SQLite is spoken to, and whether it may be written with.

The published WAL-reset bug of SQLite (3.7.0 to 3.51.2, two connections writing and checkpointing at one moment) can lose
committed pages. ``pysqlite3`` brings a current SQLite where it has a wheel; elsewhere the standard library's is used.
With a version in the range a ledger can be read but not written: :func:`check_version` refuses.

>>> affected((3, 40, 1)), affected((3, 51, 2)), affected((3, 51, 3))
(True, True, False)
"""

import importlib
import sqlite3
from types import ModuleType
from typing import Final

from ledger.errors import Unavailable

Version = tuple[int, int, int]

BUG_FIRST: Final[Version] = (3, 7, 0)
BUG_LAST: Final[Version] = (3, 51, 2)


def load() -> ModuleType:
    """The DB-API module: ``pysqlite3`` where it can be imported, else the standard library's ``sqlite3``."""
    try:
        return importlib.import_module("pysqlite3")
    except ImportError:
        return sqlite3


def affected(version: Version) -> bool:
    """Whether a SQLite version has the WAL-reset bug."""
    return BUG_FIRST <= version <= BUG_LAST


def check_version(version: Version) -> None:
    """Refuse to write with a version in the range of the bug. Raises Unavailable ``store.sqlite_version``."""
    if affected(version):
        raise Unavailable(
            "store.sqlite_version",
            ".".join(map(str, version)),
            "SQLite 3.51.3 or newer for writing: install pysqlite3, or a Python linked with it",
        )
