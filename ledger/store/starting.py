"""What happens when a ledger's file is opened: tables of this program's form, the private key, the state, the head guard.

A writer brings an older file's tables up to date and draws its read tables again where this program writes them otherwise; a
reader changes nothing and says what it cannot read. Both then replay what came after the newest snapshot, and compare the
state that follows with the head that was committed and with the one that was given out last.
"""

from pathlib import Path
from typing import Final

from ledger.errors import MingzhangError, NotFound, Unavailable
from ledger.store import private, projection, snapshots, statements, triggers
from ledger.store.database import Database, Reader, Writer
from ledger.store.headguard import HeadGuard, check_extends
from ledger.store.private import Vault
from ledger.store.queries import StoredNodes
from ledger.store.replay import State, catch_up, read_head

SCHEMA: Final = "0002"
"""The newest migration (:mod:`ledger.store.migrations`); asked before Alembic is loaded, which takes its time."""
REVISION: Final = "SELECT version_num FROM alembic_version"
HAS_TABLE: Final = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
PROJECTION: Final = "SELECT version, fingerprint FROM projection WHERE id = 1"
HAS_OPENINGS: Final = "SELECT 1 FROM opening UNION ALL SELECT 1 FROM document LIMIT 1"


def migrate(database: Database) -> None:
    """Bring the tables of an older program to this one's form. Raises as :mod:`ledger.store.migrations`."""
    with database.migrating() as connection:
        known = connection.exec_driver_sql(HAS_TABLE, ("alembic_version",)).fetchall()
        if known and [tuple(row) for row in connection.exec_driver_sql(REVISION)] == [(SCHEMA,)]:
            return
        # Loaded when there is something to migrate: Alembic takes longer than opening a ledger.
        from ledger.store import migrations  # noqa: PLC0415

        migrations.upgrade(connection)


def write(writer: Writer, path: Path) -> tuple[Vault, State]:
    """The vault and the state of a file that is written from now on, its read tables as this program writes them; in the
    caller's transaction.

    Raises Unavailable ``private.key_missing``, ``store.newer_schema``; as :func:`ledger.store.replay.catch_up`.
    """
    triggers.install(writer.run)
    vault = Vault(_private_key(path, writer))
    found = writer.rows(PROJECTION)
    if found and found[0][0] > projection.VERSION:
        raise Unavailable("store.newer_schema", found[0][0], projection.VERSION)
    if not found or found[0][1] != projection.fingerprint():
        projection.create(writer)
        state = catch_up(writer.rows, State(), lambda facts: projection.store(writer, facts))
        statements.keep_all(writer)
        return vault, state
    start = _newest(writer, vault)
    state = catch_up(writer.rows, start)
    if state.size - start.size >= snapshots.EVERY:
        snapshots.store(writer, vault, state)
    return vault, state


def read(reader: Reader, vault: Vault | None) -> State:
    """The state of a file that is only read.

    Raises NotFound ``store.no_database``; Unavailable ``store.older_schema``; as :func:`ledger.store.replay.catch_up`.
    """
    if not reader.rows(HAS_TABLE, ("alembic_version",)):
        raise NotFound("store.no_database", None, "a ledger's database")
    found = reader.rows(REVISION)
    if not found or found[0][0] != SCHEMA:
        raise Unavailable("store.older_schema", found, f"{SCHEMA}: open it for writing once")
    shown = reader.rows(PROJECTION)
    if not shown or shown[0][1] != projection.fingerprint():
        raise Unavailable("store.older_schema", "read tables", "open it for writing once")
    return catch_up(reader.rows, _newest(reader, vault) if vault else State())


def check_guard(reader: Reader, guard: HeadGuard, state: State) -> MingzhangError | None:
    """Compare with the head guard; what stops writing, if anything does. Raises Refused ``headguard.…``."""
    try:
        seen = guard.require()
    except Unavailable as error:
        return error if state.size else None
    if state.size:
        check_extends(state.books.origin, state.size, StoredNodes(reader.rows), seen, "head guard")
    return None


def _newest(reader: Reader, vault: Vault) -> State:
    size, _root = read_head(reader.rows)
    return snapshots.resume(reader.rows, vault, size)


def _private_key(path: Path, writer: Writer) -> bytes:
    key = private.read_key(path)
    if key is None and writer.rows(HAS_OPENINGS):
        raise Unavailable("private.key_missing", str(path), "the key file that belongs to this database")
    return key or private.make_key(path)
