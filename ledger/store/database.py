"""One SQLite file: one connection that writes, a pool that can only read.

* The **writer** is one connection a process, in WAL mode with ``synchronous=FULL``: a commit that returned is on the disk.
  It alone checkpoints. A transaction begins with ``BEGIN IMMEDIATE``, which is the lock of the community across
  processes. The writer speaks plain DB-API with SQL that SQLAlchemy compiled once: on the hot path that is half the time.
* **Readers** are opened read-only by the file system's flags and by ``query_only``; a reader sees one committed state from
  its first statement to its last.

What goes wrong is sorted here, and only here: a failed COMMIT or an I/O error is fatal (:mod:`ledger.store.fatal`), a lock
not had in time is Unavailable ``store.busy``, everything else that the database refuses is Unavailable
``store.database``, after a rollback.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, PoolProxiedConnection, Table, create_engine, event, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from ledger.errors import NotFound, Unavailable
from ledger.store import driver
from ledger.store.fatal import Fatal
from ledger.store.headguard import sync_folder

BUSY_SECONDS: Final = 10
"""How long a writer waits for another process's transaction."""
READERS: Final = 16

WRITER_CACHE_KIB: Final = 8_192
"""Pages that a writer keeps: with 65,536 it appended no faster to 200,000 entries, and each ledger of a server took that much."""

WRITER_PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "recursive_triggers = ON",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "journal_size_limit = 67108864",
    f"cache_size = -{WRITER_CACHE_KIB}",
)
READER_PRAGMAS: Final = ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON")

Row = tuple[Any, ...]


class Database:
    """The file of one community. Raises NotFound ``store.no_database`` unless ``create``."""

    def __init__(self, path: Path, *, writable: bool, create: bool = False) -> None:
        if not create and not path.is_file():
            raise NotFound("store.no_database", str(path), "an existing ledger file")
        self.path = path
        self.module = driver.load()
        if writable:
            driver.check_version(self.module.sqlite_version_info)
        self._writing = _engine(path, self.module, "rwc" if create else "rw", WRITER_PRAGMAS) if writable else None
        self.readers = _engine(path, self.module, "ro", READER_PRAGMAS)
        """The engine whose connections only read, for SQLAlchemy Core too."""

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A SQLAlchemy connection in one immediate transaction, for migrations and DDL."""
        if self._writing is None:
            raise Unavailable("store.read_only", str(self.path), "a store opened for writing")
        try:
            with self._writing.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise _unavailable(cast("Exception", error.orig)) from error

    def writer(self, fatal: Fatal) -> "Writer":
        """The connection that writes. One a process. Raises Unavailable ``store.read_only``."""
        if self._writing is None:
            raise Unavailable("store.read_only", str(self.path), "a store opened for writing")
        return Writer(self._writing.raw_connection(), self.module, fatal)

    @contextmanager
    def reading(self) -> Iterator["Reader"]:
        """A reader for single statements; each sees what was committed before it. Raises Unavailable ``store.…``."""
        connection = self.readers.raw_connection()
        try:
            yield Reader(connection.driver_connection)
        except self.module.Error as error:
            raise _unavailable(error) from error
        finally:
            connection.close()

    @contextmanager
    def reading_at_once(self) -> Iterator["Reader"]:
        """A reader whose statements all see one committed state."""
        with self.reading() as reader:
            reader.rows("BEGIN")
            try:
                yield reader
            finally:
                reader.rows("ROLLBACK")

    def sync_folder(self) -> None:
        """Make the file's name durable, once, after it was created."""
        sync_folder(self.path.parent)

    def close(self) -> None:
        """Close the readers. A writer is closed after them: the last to close folds the WAL into the file."""
        self.readers.dispose()
        if self._writing is not None:
            self._writing.dispose()


class Reader:
    """Plain reads."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows of a statement."""
        found: list[Row] = self._connection.execute(sql, values).fetchall()
        return found


class Writer(Reader):
    """The one connection that writes. Not safe for threads: the sequencer's lock stands before it."""

    def __init__(self, pooled: PoolProxiedConnection, module: Any, fatal: Fatal) -> None:
        super().__init__(pooled.driver_connection)
        # Kept: the pool closes a connection whose handle is forgotten.
        self._pooled = pooled
        self._module = module
        self._fatal = fatal

    def transaction(self) -> "Transaction":
        """One immediate transaction: committed at the end, rolled back when anything is raised inside."""
        return Transaction(self)

    def begin(self) -> None:
        """Take the community's lock. Raises Unavailable ``store.busy``."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except self._module.Error as error:
            self.failed(error)

    def write(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each row."""
        self._connection.executemany(sql, rows)

    def run(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run one statement inside the transaction."""
        return self.rows(sql, values)

    def commit(self) -> None:
        """Make it durable. Whatever goes wrong here, nobody knows the outcome: fatal."""
        try:
            self._connection.execute("COMMIT")
        except self._module.Error as error:
            self._fatal("store.commit_unknown", error)

    def rollback(self) -> None:
        """Forget the transaction, if SQLite has not done so itself."""
        if self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except self._module.Error as error:
                self._fatal("store.rollback_failed", error)

    def fold(self) -> None:
        """Move everything from the WAL into the file and empty it, outside a transaction.

        Raises Unavailable ``store.not_folded`` when readers prevent it for too long.
        """
        if self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise Unavailable("store.not_folded", BUSY_SECONDS, "no reader at that moment: stop the service")

    def close(self) -> None:
        """Close; the last connection of all folds the WAL into the file."""
        self._pooled.close()

    def failed(self, error: BaseException | None) -> None:
        """Say in our own words what the database refused; of other errors nothing. Raises Unavailable ``store.…``."""
        if not isinstance(error, self._module.Error):
            return
        if _name(error).startswith("SQLITE_IOERR"):
            self._fatal("store.disk_failed", error)
        raise _unavailable(error) from error


class Transaction:
    """What :meth:`Writer.transaction` gives."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def __enter__(self) -> None:
        self._writer.begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._writer.commit()
            return
        try:
            self._writer.failed(error)
        finally:
            self._writer.rollback()


def _name(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", type(error).__name__))


def _unavailable(error: Exception) -> Unavailable:
    name = _name(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Unavailable("store.busy", name, f"the lock within {BUSY_SECONDS} s; try again")
    return Unavailable("store.database", f"{name}: {error}")


def insert_sql(table: Table) -> str:
    """The INSERT of all columns of ``table``, positional, for :meth:`Writer.write`."""
    return str(insert(table).compile(dialect=sqlite.dialect()))


def _engine(path: Path, module: Any, mode: str, pragmas: Sequence[str]) -> Engine:
    uri = f"file:{quote(str(path))}?mode={mode}"

    def connect() -> Any:
        options = {"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
        try:
            connection = module.connect(uri, uri=True, cached_statements=256, **options)
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
            (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        except module.Error as error:
            raise Unavailable("store.cannot_open", str(path), f"{_name(error)}: {error}") from error
        if mode != "ro" and journal != "wal":
            # Some file systems cannot do it; SQLite then goes on in another mode without a word.
            connection.close()
            raise Unavailable("store.journal_mode", journal, "a file system on which SQLite can use WAL")
        return connection

    pool: dict[str, Any] = (
        {"poolclass": QueuePool, "pool_size": READERS, "max_overflow": READERS, "pool_reset_on_return": None}
        if mode == "ro"
        else {"poolclass": NullPool}
    )
    engine = create_engine("sqlite://", module=module, creator=connect, **pool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if mode == "ro" else "BEGIN IMMEDIATE")

    return engine
