"""``mingzhang proof``: receipts and proofs, made and checked."""

from pathlib import Path

import click

from ledger.cli import acts
from ledger.cli.console import Console
from ledger.cli.session import Session
from ledger.errors import Conflict


def command() -> click.Group:
    """The group."""
    return click.Group("proof", commands={c.name or "": c for c in (receipt, inclusion, consistency)})


@click.command("receipt", short_help="receipt of an entry / 回执")
@click.argument("seq", type=click.IntRange(min=0))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="file to write / 写入文件")
@acts.session_options
@click.pass_obj
def receipt(console: Console, seq: int, out: Path, ledger: str, keys: tuple[str, ...]) -> None:
    """Write the receipt of an entry (public openings only) and its .tlog-proof beside it. / 输出回执与证明文件。"""
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


@click.command("inclusion", short_help="an entry stands in the log / 包含证明")
@click.argument("seq", type=click.IntRange(min=0))
@click.option("--size", type=click.IntRange(min=1), default=None, help="size of the tree / 树的规模")
@acts.session_options
@click.pass_obj
def inclusion(console: Console, seq: int, size: int | None, ledger: str, keys: tuple[str, ...]) -> None:
    """The hashes that prove an entry to a head. / 证明某条记录在日志中。"""
    with Session.of(console, ledger, keys).reading() as store:
        whole = size or store.books.head.size
        path = store.inclusion(seq, whole)
        leaf = store.entry(seq).leaf
    console.data({"seq": seq, "size": whole, "leaf": leaf.hex(), "path": [h.hex() for h in path]})


@click.command("consistency", short_help="the log only grew / 一致性证明")
@click.argument("old", type=click.IntRange(min=0))
@click.argument("new", type=click.IntRange(min=0))
@acts.session_options
@click.pass_obj
def consistency(console: Console, old: int, new: int, ledger: str, keys: tuple[str, ...]) -> None:
    """The hashes that prove that the tree of NEW entries extends that of OLD. / 证明日志只增不改。"""
    with Session.of(console, ledger, keys).reading() as store:
        path = store.consistency(old, new)
    console.data({"old": old, "new": new, "path": [h.hex() for h in path]})
