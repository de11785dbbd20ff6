"""``mingzhang log``: what stands in the log, its heads, and handing in what others signed."""

import base64
from pathlib import Path

import click

from ledger import canonical, period
from ledger.cli import acts, waiting
from ledger.cli.console import Console
from ledger.cli.session import Session
from ledger.cli.told import group
from ledger.errors import Malformed, NotFound


def command() -> click.Group:
    """The group."""
    made = (show, entries, entry, checkpoint, publish, submit, restore_guard)
    return group("log", made)


@click.command("show", short_help="where the ledger stands / 账本现状")
@acts.session_options
@click.pass_obj
def show(console: Console, ledger: str, keys: tuple[str, ...]) -> None:
    """Genesis digest, name, size, time, machine, the newest head given out. / 账本指纹、规模与最新校验点。"""
    with Session.of(console, ledger, keys).reading() as store:
        books, head = store.books, store.published()
    console.data(
        {
            "ledger": books.ledger,
            "origin": books.origin,
            "name": books.name,
            "machine": books.machine,
            "size": books.head.size,
            "time": period.format_time(books.head.time),
            "profile": books.rules.profile.name,
            "closed_until": books.accounts.closed_until,
            "published_size": head.size if head else 0,
            "example": books.example,
        }
    )


@click.command("entries", short_help="list entries / 列出存证记录")
@click.option("--from", "first", type=click.IntRange(min=0), default=0, show_default=True, help="first / 起")
@click.option("--count", type=click.IntRange(1, 10_000), default=50, show_default=True, help="how many / 条数")
@click.option("--kind", default="", help="only this kind / 只看此类")
@acts.session_options
@click.pass_obj
def entries(console: Console, first: int, count: int, kind: str, ledger: str, keys: tuple[str, ...]) -> None:
    """Entries in log order. / 按次序列出存证记录。"""
    rows: list[tuple[object, ...]] = []
    with Session.of(console, ledger, keys).reading() as store:
        for seq in range(first, store.books.head.size):
            found = store.entry(seq)
            if not kind or found.record.kind.partition("/")[0] == kind.partition("/")[0]:
                rows.append((found.seq, period.format_time(found.time), found.record.kind, found.record.digest))
            if len(rows) == count:
                break
    console.table(("seq", "time", "kind", "record"), rows, name="entries", right=(0,))


@click.command("entry", short_help="one entry whole / 一条记录全文")
@click.argument("seq", type=click.IntRange(min=0))
@acts.session_options
@click.pass_obj
def entry(console: Console, seq: int, ledger: str, keys: tuple[str, ...]) -> None:
    """The canonical JSON of one entry. / 一条存证记录的原文。"""
    with Session.of(console, ledger, keys).reading() as store:
        found = store.entry(seq)
    value = canonical.decode(found.raw)
    console.data(value if isinstance(value, dict) else {}, title=found.record.digest)


@click.command("checkpoint", short_help="newest head given out / 最新校验点")
@acts.session_options
@click.pass_obj
def checkpoint(console: Console, ledger: str, keys: tuple[str, ...]) -> None:
    """The newest head given out, with all its signatures. / 最新校验点及全部签名。"""
    with Session.of(console, ledger, keys).reading() as store:
        head = store.published()
    if head is None:
        raise NotFound("checkpoint.none", str(store.path))
    if console.json:
        console.data({"size": head.size, "note": head.note.decode()})
    else:
        click.echo(head.note.decode(), nl=False)


@click.command("publish", short_help="sign the newest head / 签发校验点")
@acts.session_options
@click.pass_obj
def publish(console: Console, ledger: str, keys: tuple[str, ...]) -> None:
    """Sign and give out the newest head. / 签发最新校验点。"""
    with Session.of(console, ledger, keys).writing() as store:
        store.publish()
        head = store.published()
    console.data({"size": head.size if head else 0})


@click.command("submit", short_help="hand in signed files / 提交已签文件")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@acts.consenting
@acts.session_options
@click.pass_obj
def submit(console: Console, files: tuple[Path, ...], yes: bool, ledger: str, keys: tuple[str, ...]) -> None:
    """Hand in files that carry all signatures they need; nothing is entered unless all of them would stand.
    / 提交签名齐全的文件；有一件不能入账，就全部不入账。
    """
    session = Session.of(console, ledger, keys, yes)
    jobs = [waiting.read(file) for file in files]
    whole = [one for job in jobs for one in job]
    with session.writing() as store:
        for _index, error in store.dry_run(whole).errors:
            raise error
        session.agree([(one.record, one.openings) for one in whole], "consent.enter", store)
        session.tell([place for job in jobs for place in session.submit(store, job)])


@click.command("restore-guard", short_help="put the head guard back / 恢复看守文件")
@click.option("--size", type=click.IntRange(min=0), required=True, help="of the last head known / 最后已知规模")
@click.option("--root", required=True, help="its root, base64 or hex / 其根")
@acts.consenting
@acts.session_options
@click.pass_obj
def restore_guard(console: Console, size: int, root: str, yes: bool, ledger: str, keys: tuple[str, ...]) -> None:
    """Give the last head that left this house, from a receipt, a checkpoint or a witness. / 由回执、校验点或见证方恢复看守文件。"""
    raw = read_root(root)
    session = Session.of(console, ledger, keys, yes)
    with session.writing() as store:
        session.agree([], "consent.guard", size=size, root=raw.hex())
        head = store.restore_guard(size, raw)
    console.data({"size": head.size, "root": head.root.hex()})


def read_root(text: str) -> bytes:
    """A root hash in hex or base64. Raises Malformed ``cli.root``."""
    try:
        raw = bytes.fromhex(text) if len(text) == 64 else base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise Malformed("cli.root", text[:80], "32 bytes in hex or base64")
    return raw
