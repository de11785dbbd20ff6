"""Migrations of the log tables, run by Alembic from the program itself; read tables are rebuilt instead.

``upgrade`` runs inside one immediate transaction of the connection it is given: several processes that open an old
database at once wait for the first and find the work done. A database of a newer program is refused, never downgraded.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ledger.errors import Unavailable

HEAD: Final = "0002"
"""The newest revision. Whoever adds one raises this."""


def current(connection: Connection) -> str | None:
    """The revision of a database; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection) -> None:
    """Bring a database to :data:`HEAD`. Raises Unavailable ``store.newer_schema``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    found = current(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise Unavailable("store.newer_schema", found, HEAD)
    command.upgrade(config, HEAD)
