"""``mingzhang proof``: receipts and proofs, made and checked."""

from pathlib import Path

import click

from ledger.cli import acts, told
from ledger.cli.console import Console
from ledger.cli.session import Session
from ledger.errors import Conflict


def command() -> click.Group:
    """The group."""
    return told.group("proof", (receipt, inclusion, consistency))


@told.command("proof", "receipt")
@click.argument("seq", type=click.IntRange(min=0))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="option.file_to_write")
@acts.session_options
@click.pass_obj
def receipt(console: Console, seq: int, out: Path, ledger: str, keys: tuple[str, ...]) -> None:
    """Write the receipt of an entry (public openings only) and its .tlog-proof beside it."""
    from ledger.log.proof import format_proof
    from ledger.store.private import PUBLIC

    beside = out.with_suffix(".tlog-proof")
    for path in (out, beside):
        if path.exists():
            raise Conflict("cli.file_exists", str(path))
    with Session.of(console, ledger, keys).reading() as store:
        made = store.receipt(seq, (PUBLIC,))
    out.write_bytes(made.dump())
    beside.write_bytes(format_proof(made.proof))
    console.data({"receipt": str(out), "proof": str(beside), "seq": seq})


@told.command("proof", "inclusion")
@click.argument("seq", type=click.IntRange(min=0))
@click.option("--size", type=click.IntRange(min=1), default=None, help="option.size_of_the_tree")
@acts.session_options
@click.pass_obj
def inclusion(console: Console, seq: int, size: int | None, ledger: str, keys: tuple[str, ...]) -> None:
    """The hashes that prove an entry to a head."""
    with Session.of(console, ledger, keys).reading() as store:
        whole = size or store.books.head.size
        path = store.inclusion(seq, whole)
        leaf = store.entry(seq).leaf
    console.data({"seq": seq, "size": whole, "leaf": leaf.hex(), "path": [h.hex() for h in path]})


@told.command("proof", "consistency")
@click.argument("old", type=click.IntRange(min=0))
@click.argument("new", type=click.IntRange(min=0))
@acts.session_options
@click.pass_obj
def consistency(console: Console, old: int, new: int, ledger: str, keys: tuple[str, ...]) -> None:
    """The hashes that prove that the tree of NEW entries extends that of OLD."""
    with Session.of(console, ledger, keys).reading() as store:
        path = store.consistency(old, new)
    console.data({"old": old, "new": new, "path": [h.hex() for h in path]})
