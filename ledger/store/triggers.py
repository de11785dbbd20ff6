"""Append-only in the database itself: triggers that stop accidents (witnesses stop people).

Three doors are shut for each log table: UPDATE, DELETE, and INSERT of a key that exists. The third is needed because
``INSERT OR REPLACE`` deletes without firing the delete trigger unless ``recursive_triggers`` is on, which a stranger's
connection need not have. Entries come without a gap, and the head only grows.

Triggers are no part of the migrations: whoever opens the database for writing installs what is missing, so that a
migration that rebuilds a table (Alembic's batch mode drops its triggers) cannot leave it open.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Table

from ledger.store import tables

Run = Callable[[str], Any]
"""Runs one statement and gives something that can be iterated for rows."""

PREFIX: Final = "mz_"


def statements() -> Iterator[tuple[str, str]]:
    """Name and text of every trigger."""
    for table in tables.APPEND_ONLY:
        yield _trigger(table, "update", "BEFORE UPDATE", "", "is append-only")
        yield _trigger(table, "delete", "BEFORE DELETE", "", "is append-only")
        yield _existing(table)
    for table in tables.ERASABLE:
        kept = [c.name for c in table.columns if c.name not in ("box", "erased")]
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in kept)
        erasing = f"{same} AND OLD.box IS NOT NULL AND NEW.box IS NULL AND NEW.erased IS NOT NULL"
        yield _trigger(table, "update", "BEFORE UPDATE", f"WHEN NOT ({erasing})", "can only be erased")
        yield _trigger(table, "delete", "BEFORE DELETE", "", "is never deleted")
        yield _existing(table)
    gap = "WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM entry)"
    yield _trigger(tables.entry, "gap", "BEFORE INSERT", gap, "has no gaps")
    yield _trigger(
        tables.head, "update", "BEFORE UPDATE", "WHEN NEW.size <= OLD.size OR NEW.time < OLD.time", "only grows"
    )
    yield _trigger(tables.head, "delete", "BEFORE DELETE", "", "only grows")
    yield _existing(tables.head)


def install(run: Run) -> None:
    """Create the triggers that are missing or differ."""
    present = {row[0]: row[1] for row in run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")}
    for name, text in statements():
        if present.get(name) != text:
            run(f"DROP TRIGGER IF EXISTS {name}")
            run(text)


def missing(run: Run) -> Sequence[str]:
    """The names of triggers that do not stand as they should."""
    present = {row[0]: row[1] for row in run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")}
    return [name for name, text in statements() if present.get(name) != text]


def _existing(table: Table) -> tuple[str, str]:
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in table.primary_key.columns)
    when = f"WHEN EXISTS (SELECT 1 FROM {table.name} WHERE {same})"  # noqa: S608 - names of our own tables
    return _trigger(table, "insert", "BEFORE INSERT", when, "has this row already")


def _trigger(table: Table, what: str, event: str, when: str, why: str) -> tuple[str, str]:
    name = f"{PREFIX}{table.name}_{what}"
    condition = f" {when}" if when else ""
    body = f"SELECT RAISE(ABORT, '{table.name} {why}')"
    return name, f"CREATE TRIGGER {name} {event} ON {table.name} FOR EACH ROW{condition} BEGIN {body}; END"
