"""``mingzhang bundle``: the ledger for others: a bundle to check, and plain-text accounting."""

import hashlib
from pathlib import Path

import click

from ledger.cli import acts, told
from ledger.cli.console import Console
from ledger.cli.session import Session, witnesses
from ledger.errors import Conflict


def command() -> click.Group:
    """The group."""
    return told.group("bundle", (write, page, beancount, hledger))


@told.command("bundle", "write")
@click.argument("target", type=click.Path(path_type=Path))
@acts.session_options
@click.pass_obj
def write(console: Console, target: Path, ledger: str, keys: tuple[str, ...]) -> None:
    """Write the published log with its statements as a folder, or as an archive if TARGET ends in .zip."""
    from ledger.cli.checkpage import pages
    from ledger.exchange import bundle
    from ledger.log.note import parse_vkey
    from ledger.log.policy import introducing
    from ledger.store import statements

    with Session.of(console, ledger, keys).reading() as store, console.progress("cli.reading"):
        vkeys = [parse_vkey(text) for text in store.books.vkeys]
        writer = bundle.write_zip if target.suffix == ".zip" else bundle.write_bundle
        written = writer(
            target,
            store.source,
            statements.all_published(store),
            vkeys,
            introducing(vkeys, [key for witness in witnesses() for key in witness.vkeys]),
            pages(),
        )
    console.data({"path": str(written.path), "files": written.files, "bytes": written.bytes, "size": written.size})


@told.command("bundle", "page")
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def page(console: Console, target: Path) -> None:
    """Write the page that checks without a network, one file a language, and print its digests to compare."""
    from api.pages import offline

    target.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, data in offline.files().items():
        if (target / name).exists():
            raise Conflict("cli.file_exists", str(target / name))
        (target / name).write_bytes(data)
        rows.append((name, len(data), hashlib.sha256(data).hexdigest()))
    console.table(("file", "bytes", "sha256"), rows, name="pages", right=(1,))


@told.command("bundle", "beancount")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@acts.session_options
@click.pass_obj
def beancount(console: Console, target: Path, ledger: str, keys: tuple[str, ...]) -> None:
    """The books as beancount text, with a balance at each statement's end."""
    from ledger.exchange import plaintext

    _plain(console, target, Session.of(console, ledger, keys), plaintext.beancount)


@told.command("bundle", "hledger")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@acts.session_options
@click.pass_obj
def hledger(console: Console, target: Path, ledger: str, keys: tuple[str, ...]) -> None:
    """The books as hledger text, with a balance at each statement's end."""
    from ledger.exchange import plaintext

    _plain(console, target, Session.of(console, ledger, keys), plaintext.hledger)


def _plain(console: Console, target: Path, session: Session, render: object) -> None:
    from ledger.accounts.booking import VoucherBooked
    from ledger.audit.arithmetic import parse_statement
    from ledger.exchange import plaintext
    from ledger.store import statements

    if target.exists():
        raise Conflict("cli.file_exists", str(target))
    with session.reading() as store, console.progress("cli.reading"):
        books = store.books
        vouchers = [fact for _, _, facts in store.history() for fact in facts if isinstance(fact, VoucherBooked)]
        drawn = [parse_statement(data) for data in statements.all_published(store).values()]
    chart = books.accounts.chart
    asserted = list(plaintext.assertions(drawn, chart))
    text = (plaintext.beancount if render is plaintext.beancount else plaintext.hledger)(
        vouchers, chart, asserted, books.name
    )
    target.write_text(text, encoding="utf-8")
    console.data({"file": str(target), "vouchers": len(vouchers), "balances": len(asserted)})
