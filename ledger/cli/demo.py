"""``mingzhang demo``: the example community, from raw files to a checked bundle, through the product's own path."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli.console import Console
from ledger.cli.told import Told
from ledger.errors import Conflict

if TYPE_CHECKING:
    from ledger.example.run import Built
    from ledger.store.store import Store

RECEIPTS = 6
"""Owners' receipts written out, of the first meeting."""


def command() -> click.Command:
    """The command."""
    return demo


@click.command("demo", cls=Told, key="cli.demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("mingzhang-demo"))
@click.pass_obj
def demo(console: Console, folder: Path) -> int:
    """Build the example community into FOLDER, print it, bundle it, check it."""
    from ledger import audit
    from ledger.cli.verify import show
    from ledger.example import run
    from ledger.log.source import DirectorySource
    from ledger.store.store import Store

    if folder.exists() and any(folder.iterdir()):
        raise Conflict("demo.exists", str(folder), "rm -r, or another folder")
    console.say("demo.example")
    with console.progress("cli.demo.title") as step:
        built = run.build(folder, lambda _stage, done, whole: step(done, whole))
    with Store.open(built.database) as store:
        _print(console, folder, store, built)
        _bundle(console, folder, store, built)
    console.say("demo.stage.verify")
    with console.progress("verify.progress") as step:
        trust = audit.Trust(genesis=built.ledger)
        report = audit.verify(DirectorySource(folder / "bundle"), trust, lambda _what, done, whole: step(done, whole))
    show(console, report)
    _tour(console, folder, built)
    return report.exit_code


def _print(console: Console, folder: Path, store: "Store", built: "Built") -> None:
    from ledger.store.printing import forms

    console.say("demo.stage.paper")
    target = folder / "statements"
    target.mkdir(exist_ok=True)
    for period in built.statements:
        for name, data in forms(store, period, console.locale).items():
            (target / name).write_bytes(data)


def _bundle(console: Console, folder: Path, store: "Store", built: "Built") -> None:
    from ledger.exchange import bundle
    from ledger.log.note import parse_vkey
    from ledger.log.policy import Log, Policy
    from ledger.store.private import EVERYBODY

    console.say("demo.stage.bundle")
    vkeys = [parse_vkey(text) for text in store.books.vkeys]
    policy = Policy(logs=tuple(Log(key) for key in vkeys))
    source, statements = store.source, built.statements
    bundle.write_bundle(folder / "bundle", source, statements, vkeys, policy)
    bundle.write_zip(folder / "bundle.zip", source, statements, vkeys, policy)
    ballots = [digest for name, digest in built.digests.items() if name.startswith("ballot ")][:RECEIPTS]
    # An owner's receipt holds his own answers and salt: the example gives away what a real keeper gives to its owner only.
    bundle.write_receipts(folder / "receipts", [store.receipt(store.seq_of(digest), EVERYBODY) for digest in ballots])


def _tour(console: Console, folder: Path, built: "Built") -> None:
    if console.json:
        return
    echo: Callable[[str], None] = click.echo
    shown = folder if folder.is_absolute() else Path(os.path.relpath(folder))
    echo("")
    echo(console.text("demo.done", folder=str(shown)))
    echo(console.text("demo.open"))
    for period in built.statements:
        echo("  " + "   ".join(f"{shown}/statements/{period}.{form}" for form in ("html", "pdf", "poster.pdf")))
    echo(console.text("demo.check"))
    echo(f"  mingzhang verify {shown}/bundle --genesis {built.ledger}")
    echo(f"  mingzhang verify {shown}/bundle.zip --vkey @{shown}/bundle/vkeys.txt")
    first = next(iter(sorted((folder / "receipts").glob("*.receipt.json"))), None)
    if first is not None:
        # A receipt carries no keys of the log: the genesis digest alone says nothing about the head's signatures.
        echo(f"  mingzhang verify {shown}/receipts/{first.name} --vkey @{shown}/bundle/vkeys.txt")
    echo(f"  mingzhang log show --ledger {shown}/ledger.db")
