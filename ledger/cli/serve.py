"""``mingzhang serve``: the HTTP service over one or several ledgers, in this process, until it is stopped.

A ledger whose log's keys lie in one of the rings given with ``--keys`` is written and published here; without a ring it is
only read. Further settings come from the environment (:mod:`api.settings`, ``docs/service.md``).
"""

import os
import socket
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli.acts import reading
from ledger.cli.console import Console
from ledger.cli.session import Session, witnesses
from ledger.cli.told import Told
from ledger.errors import MingzhangError, Refused, Unavailable

if TYPE_CHECKING:
    from api.keeper import Kept
    from api.settings import Settings
    from ledger.store.store import Store
    from ledger.watch.witness import HttpWitness


def command() -> click.Command:
    """The command."""
    return serve


@click.command("serve", cls=Told, key="cli.serve", example="--ledger ledger.db --keys keeper.ring")
@click.option("--also", metavar="FILE", multiple=True, help="option.further_ledgers")
@click.option("--check", is_flag=True, default=False, help="option.open_everything_then_end")
@reading
def serve(session: Session, also: Sequence[str], check: bool) -> None:
    """Serve until stopped. Raises ``setting.value``, ``serve.…``, ``store.…``, ``keyring.…``."""
    from api.keeper import Kept
    from api.settings import Settings

    settings, asked = Settings.from_environment(os.environ), witnesses()
    with ExitStack() as stack:
        kept = []
        for path in (session.ledger, *map(Path, also)):
            store = stack.enter_context(_opened(session, path))
            _compare(session.console, store, asked)
            kept.append(Kept(store, writable=bool(session.rings), witnesses=asked, pause=settings.pause))
        if len({one.digest for one in kept}) != len(kept):
            raise Refused("serve.one_ledger_twice", [str(one.store.path) for one in kept], "each ledger once")
        session.console.table(
            ("ledger", "name", "entries", "writes"),
            [(one.digest, one.books.name, one.books.head.size, one.writable) for one in kept],
            name="ledgers",
            right=(2,),
        )
        if check:
            return
        with bound(settings) as listening:
            session.console.say("serve.here", url=settings.url)
            until_stopped(kept, settings, listening)


def show_round(console: Console, store: "Store", *, listen: bool) -> None:
    """Print the addresses worth a look in a ledger, and where ``listen`` serve it until stopped.

    Where no port was asked for and the usual one is taken, any free one will do. Raises ``setting.value``, ``serve.address``.
    """
    from api.keeper import Kept
    from api.settings import Settings, variable

    # Whoever looks round at a terminal sees the addresses, and lines only where something went wrong.
    given = {variable("log"): "faults", **os.environ}
    settings = Settings.from_environment(given)
    kept = Kept(store, writable=True, pause=settings.pause)
    if not listen:
        _addresses(console, "demo.pages_later", kept, settings)
        return
    with _bound_somewhere(settings) as listening:
        port = listening.getsockname()[1]
        settings = Settings.from_environment({**given, variable("port"): str(port)})
        _addresses(console, "demo.pages", kept, settings)
        console.say("serve.here", url=settings.url)
        until_stopped([kept], settings, listening)


def _addresses(console: Console, title: str, kept: "Kept", settings: "Settings") -> None:
    from api.pages.tour import tour

    click.echo(console.text(title))
    for key, address in tour(kept, settings.site):
        click.echo(f"  {address}  {console.text(key)}")


def _bound_somewhere(settings: "Settings") -> socket.socket:
    from api.settings import variable

    try:
        return bound(settings)
    except Unavailable:
        if variable("port") in os.environ:
            raise
        return bound(replace(settings, port=0))


def bound(settings: "Settings") -> socket.socket:
    """A socket at the address of the settings that waits with whoever comes before the server has started.

    To be closed by the caller. Raises Unavailable ``serve.address``.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((settings.host, settings.port))
        made.listen()
    except OSError as error:
        made.close()
        where = f"{settings.host}:{settings.port}"
        raise Unavailable("serve.address", where, "a free port", why=error.strerror) from error
    return made


def until_stopped(kept: Sequence["Kept"], settings: "Settings", listening: socket.socket) -> None:
    """Answer until the process is told to end; what is being answered then has ten seconds. Raises ``serve.not_started``."""
    from api.app import create_app
    from api.keeper import Keeper
    from api.server import Server, config
    from api.watching import log_to_standard_error

    log_to_standard_error(settings)
    keeper = Keeper.of(kept)
    server = Server(config(create_app(keeper, settings), settings), keeper)
    # Ctrl+C is how somebody at a terminal says that it is enough: the server has ended in order when it is raised again.
    with suppress(KeyboardInterrupt):
        server.run([listening])
    if not server.started:
        raise Unavailable("serve.not_started")


def _compare(console: Console, store: "Store", asked: Sequence["HttpWitness"]) -> None:
    """What witnesses have seen of this log, under its own signature, must be in it. Raises Refused ``headguard.…``.

    A ledger from an old backup says here that it is old, before anything is signed over what it has forgotten.
    """
    for witness in asked:
        try:
            store.check_seen(witness.latest(store.books.origin))
        except MingzhangError as error:
            if error.rule.startswith("headguard."):
                raise
            console.say("serve.witness_silent", witness=witness.name, rule=error.rule)


def _opened(session: Session, path: Path) -> "Store":
    """A ledger's store, with the log's keys if a ring has them."""
    from ledger.store.store import Store

    return Store.open(path, session.keys_for(path) if session.rings else None, session.now)
