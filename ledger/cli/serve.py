"""``mingzhang serve``: the HTTP service over one or several ledgers, in this process, until it is stopped.

A ledger whose log's keys lie in one of the rings given with ``--keys`` is written and published here; without a ring it is
only read. Further settings come from the environment (:mod:`api.settings`, ``docs/service.md``).
"""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli.acts import reading
from ledger.cli.session import Session
from ledger.cli.told import Told
from ledger.errors import Refused

if TYPE_CHECKING:
    from ledger.store.store import Store


def command() -> click.Command:
    """The command."""
    return serve


@click.command("serve", cls=Told, key="cli.serve", example="--ledger ledger.db --keys keeper.ring")
@click.option("--also", metavar="FILE", multiple=True, help="option.further_ledgers")
@click.option("--check", is_flag=True, default=False, help="option.open_everything_then_end")
@reading
def serve(session: Session, also: Sequence[str], check: bool) -> None:
    """Serve until stopped. Raises ``setting.value``, ``serve.one_ledger_twice``, ``store.…``, ``keyring.…``."""
    import uvicorn

    from api.app import create_app
    from api.keeper import Keeper, Kept
    from api.settings import Settings

    settings = Settings.from_environment(os.environ)
    with ExitStack() as stack:
        kept = []
        for path in (session.ledger, *map(Path, also)):
            store = stack.enter_context(_opened(session, path))
            kept.append(Kept(store, writable=bool(session.rings), pause=settings.pause))
        keeper = Keeper.of(kept)
        if len(keeper.kept) != len(kept):
            raise Refused("serve.one_ledger_twice", [str(one.store.path) for one in kept], "each ledger once")
        session.console.table(
            ("ledger", "name", "entries", "writes"),
            [(one.digest, one.books.name, one.books.head.size, one.writable) for one in kept],
            name="ledgers",
            right=(2,),
        )
        if check:
            return
        session.console.say("serve.here", url=settings.url)
        uvicorn.run(
            create_app(keeper, settings),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=10,
        )


def _opened(session: Session, path: Path) -> "Store":
    """A ledger's store, with the log's keys if a ring has them."""
    from ledger.store.store import Store

    return Store.open(path, session.keys_for(path) if session.rings else None, session.now)
