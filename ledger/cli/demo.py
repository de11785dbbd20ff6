"""``mingzhang demo``: the example community, from raw files to a checked bundle, through the product's own path; then served.

A folder that holds it already is not built again. It is built beside its place and moved there whole, so that a building
that was broken off leaves nothing that looks like the example.
"""

import os
import shutil
import sys
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
@click.option("--build", "only_build", is_flag=True, default=False, help="option.build_only")
@click.pass_obj
def demo(console: Console, folder: Path, only_build: bool) -> int:
    """Build the example community into FOLDER unless it stands there; serve it where somebody looks at a terminal."""
    from ledger.cli import serve
    from ledger.example import figures, run
    from ledger.people import keyring
    from ledger.store.store import Store

    code = 0
    if _stands(folder):
        console.done("demo.stands", folder=str(folder))
    else:
        code = _make(console, folder)
    ring = keyring.load(folder / run.KEYRING, figures.settings()["passphrase"])
    with Store.open(folder / run.DATABASE, ring.log) as store:
        if not console.json:
            _files(console, folder, store)
        if not only_build and not console.json:
            serve.show_round(console, store, listen=sys.stdout.isatty() and not os.environ.get("CI"))
    return code


def _stands(folder: Path) -> bool:
    """Whether the example stands in a folder. Raises Conflict ``demo.exists`` where something else does."""
    from ledger.example import run

    if all((folder / name).exists() for name in (run.DATABASE, run.KEYRING, "bundle", "receipts")):
        return True
    if folder.exists() and any(folder.iterdir()):
        raise Conflict("demo.exists", str(folder), "rm -r, or another folder")
    return False


def _make(console: Console, folder: Path) -> int:
    """Build the example, print it, bundle it, check it; the exit code of the check."""
    from ledger import audit
    from ledger.cli.verify import show
    from ledger.example import run
    from ledger.log.source import DirectorySource
    from ledger.store.store import Store

    beside = folder.absolute().with_name(f".{folder.absolute().name}.partial")
    shutil.rmtree(beside, ignore_errors=True)
    console.say("demo.example")
    with console.progress("cli.demo.title") as step:
        built = run.build(beside, lambda _stage, done, whole: step(done, whole))
    with Store.open(built.database) as store:
        _print(console, beside, store, built)
        _bundle(console, beside, store, built)
    beside.rename(folder)
    console.say("demo.stage.verify")
    with console.progress("verify.progress") as step:
        trust = audit.Trust(genesis=built.ledger)
        report = audit.verify(DirectorySource(folder / "bundle"), trust, lambda _what, done, whole: step(done, whole))
    show(console, report)
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
    from ledger.cli.checkpage import pages
    from ledger.exchange import bundle
    from ledger.log.note import parse_vkey
    from ledger.log.policy import Log, Policy
    from ledger.store.private import EVERYBODY

    console.say("demo.stage.bundle")
    vkeys = [parse_vkey(text) for text in store.books.vkeys]
    policy = Policy(logs=tuple(Log(key) for key in vkeys))
    source, statements = store.source, built.statements
    bundle.write_bundle(folder / "bundle", source, statements, vkeys, policy, pages())
    bundle.write_zip(folder / "bundle.zip", source, statements, vkeys, policy, pages())
    ballots = [digest for name, digest in built.digests.items() if name.startswith("ballot ")][:RECEIPTS]
    # An owner's receipt holds his own answers and salt: the example gives away what a real keeper gives to its owner only.
    bundle.write_receipts(folder / "receipts", [store.receipt(store.seq_of(digest), EVERYBODY) for digest in ballots])


def _files(console: Console, folder: Path, store: "Store") -> None:
    """What lies there to be opened, and how to check it."""
    shown = folder if folder.is_absolute() else Path(os.path.relpath(folder))
    ledger = store.books.ledger
    click.echo("")
    click.echo(console.text("demo.done", folder=str(shown)))
    click.echo(console.text("demo.open"))
    for period in sorted(path.stem for path in (folder / "statements").glob("*.json")):
        click.echo("  " + "   ".join(f"{shown}/statements/{period}.{form}" for form in ("html", "pdf", "poster.pdf")))
    click.echo(console.text("demo.check"))
    click.echo(f"  mingzhang verify {shown}/bundle --genesis {ledger}")
    click.echo(f"  mingzhang verify {shown}/bundle.zip --vkey @{shown}/bundle/vkeys.txt")
    first = next(iter(sorted((folder / "receipts").glob("*.receipt.json"))), None)
    if first is not None:
        # A receipt carries no keys of the log: the genesis digest alone says nothing about the head's signatures.
        click.echo(f"  mingzhang verify {shown}/receipts/{first.name} --vkey @{shown}/bundle/vkeys.txt")
    click.echo(f"  mingzhang log show --ledger {shown}/ledger.db")
