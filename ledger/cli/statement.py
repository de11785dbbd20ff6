"""``mingzhang statement``: from the books to the notice board."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger import canonical
from ledger.cli import acts, files, told
from ledger.cli.acts import Acting, Given
from ledger.cli.console import Console
from ledger.cli.session import Session
from ledger.errors import Conflict
from ledger.money import format_yuan

if TYPE_CHECKING:
    from ledger.store.store import Store


def command() -> click.Group:
    """The group."""
    made = [*acts.commands("statement", without={"publish"}), draft, publish, render, print_kit, message]
    return told.group("statement", made)


@told.command("statement", "draft")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="option.write_the_json_here")
@acts.session_options
@click.pass_obj
def draft(console: Console, out: Path | None, ledger: str, keys: tuple[str, ...]) -> None:
    """Draw up the next period's statement as the books stand; nothing is written to the ledger."""
    from ledger.store import statements

    with Session.of(console, ledger, keys).reading() as store, console.progress("cli.reading"):
        drawn = statements.draft(store)
    if out is not None:
        _write(out, canonical.encode(drawn.statement))
    console.data(_summary(drawn.statement) | {"digest": drawn.body["digest"]})


@told.command("statement", "publish")
@acts.acting
def publish(act: Acting) -> None:
    """Publish the next statement: from then on its period is closed."""
    from ledger.store import statements

    def make(store: "Store") -> Given:
        with act.session.console.progress("cli.reading"):
            return Given(statements.draft(store).body)

    act.one("statement.published/1", make)


@told.command("statement", "render")
@click.argument("period")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@acts.session_options
@click.pass_obj
def render(console: Console, period: str, folder: Path, ledger: str, keys: tuple[str, ...]) -> None:
    """Write a published statement as JSON, HTML and PDF."""
    from ledger.store.printing import forms

    with Session.of(console, ledger, keys).reading() as store, console.progress("cli.reading"):
        made = forms(store, period, console.locale)
    _write_all(console, folder, made)


@told.command("statement", "print", "2026H1 wall --place 3栋大堂 --place 5栋大堂 --ledger ledger.db")
@click.argument("period")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--place", "places", multiple=True, help="option.where")
@click.option("--copies", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="option.places_one_a_line")
@click.option("--address", default="", help="option.address_of_the_statement")
@acts.session_options
@click.pass_obj
def print_kit(
    console: Console,
    period: str,
    folder: Path,
    places: tuple[str, ...],
    copies: Path | None,
    address: str,
    ledger: str,
    keys: tuple[str, ...],
) -> None:
    """Write what is hung and handed round: a numbered poster a place, picture and text for the group, data."""
    from ledger.paper.pointer import places_of
    from ledger.store.printing import kit

    listed = [*places, *(places_of(files.read_text(copies)) if copies else ())]
    with Session.of(console, ledger, keys).reading() as store, console.progress("cli.reading"):
        made = kit(store, period, listed, address, console.locale)
    _write_all(console, folder, made)


@told.command("statement", "message")
@click.argument("period")
@acts.session_options
@click.pass_obj
def message(console: Console, period: str, ledger: str, keys: tuple[str, ...]) -> None:
    """The short text for the owners' group, with the same hash as poster and page."""
    from ledger.paper.message import message as worded
    from ledger.store import statements
    from ledger.store.printing import printed_with

    with Session.of(console, ledger, keys).reading() as store:
        drawn = statements.published(store, period)
        text = worded(drawn, printed_with(store, period), console.locale)
    if console.json:
        console.data({"text": text})
    else:
        click.echo(text)


def _summary(statement: dict[str, Any]) -> dict[str, Any]:
    totals = statement["totals"]
    return {
        "period": statement["period"]["code"],
        "prefix": statement["prefix"],
        **{name: format_yuan(amount) for name, amount in totals.items()},
        "agrees": all(table["agrees"] for table in statement["reconciliation"]),
        "open": {name: len(rows) for name, rows in statement["open"].items()},
        "decisions": [row | {"amount": format_yuan(row["amount"])} for row in statement["decisions"]["by_basis"]],
    }


def _write_all(console: Console, folder: Path, made: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    console.data({name: len(data) for name, data in made.items()})


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        raise Conflict("cli.file_exists", str(path))
    path.write_bytes(data)
