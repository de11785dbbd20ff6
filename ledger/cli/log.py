"""``mingzhang log``: what stands in the log, its heads, and handing in what others signed."""

import base64
from pathlib import Path

import click

from ledger import canonical, period
from ledger.cli import acts, told, waiting
from ledger.cli.console import Console
from ledger.cli.session import Session, witnesses
from ledger.errors import Malformed, NotFound


def command() -> click.Group:
    """The group."""
    made = (show, entries, entry, checkpoint, publish, submit, restore_guard)
    return told.group("log", made)


@told.command("log", "show")
@acts.session_options
@click.pass_obj
def show(console: Console, ledger: str, keys: tuple[str, ...]) -> None:
    """Genesis digest, name, size, time, machine, the newest head given out."""
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


@told.command("log", "entries")
@click.option("--from", "first", type=click.IntRange(min=0), default=0, show_default=True, help="option.first")
@click.option("--count", type=click.IntRange(1, 10_000), default=50, show_default=True, help="option.how_many")
@click.option("--kind", default="", help="option.only_this_kind")
@acts.session_options
@click.pass_obj
def entries(console: Console, first: int, count: int, kind: str, ledger: str, keys: tuple[str, ...]) -> None:
    """Entries in log order."""
    rows: list[tuple[object, ...]] = []
    with Session.of(console, ledger, keys).reading() as store:
        for seq in range(first, store.books.head.size):
            found = store.entry(seq)
            if not kind or found.record.kind.partition("/")[0] == kind.partition("/")[0]:
                rows.append((found.seq, period.format_time(found.time), found.record.kind, found.record.digest))
            if len(rows) == count:
                break
    console.table(("seq", "time", "kind", "record"), rows, name="entries", right=(0,))


@told.command("log", "entry")
@click.argument("seq", type=click.IntRange(min=0))
@acts.session_options
@click.pass_obj
def entry(console: Console, seq: int, ledger: str, keys: tuple[str, ...]) -> None:
    """The canonical JSON of one entry."""
    with Session.of(console, ledger, keys).reading() as store:
        found = store.entry(seq)
    value = canonical.decode(found.raw)
    console.raw(value if isinstance(value, dict) else {}, found.record.digest)


@told.command("log", "checkpoint")
@acts.session_options
@click.pass_obj
def checkpoint(console: Console, ledger: str, keys: tuple[str, ...]) -> None:
    """The newest head given out, with all its signatures."""
    with Session.of(console, ledger, keys).reading() as store:
        head = store.published()
    if head is None:
        raise NotFound("checkpoint.none", str(store.path))
    if console.json:
        console.data({"size": head.size, "note": head.note.decode()})
    else:
        click.echo(head.note.decode(), nl=False)


@told.command("log", "publish")
@acts.session_options
@click.pass_obj
def publish(console: Console, ledger: str, keys: tuple[str, ...]) -> None:
    """Sign and give out the newest head."""
    with Session.of(console, ledger, keys).writing() as store:
        store.publish(witnesses())
        head = store.published()
    console.data({"size": head.size if head else 0})


@told.command("log", "submit")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@acts.consenting
@acts.session_options
@click.pass_obj
def submit(console: Console, files: tuple[Path, ...], yes: bool, ledger: str, keys: tuple[str, ...]) -> None:
    """Hand in files that carry all signatures they need; nothing is entered unless all of them would stand."""
    session = Session.of(console, ledger, keys, yes)
    jobs = [waiting.read(file) for file in files]
    whole = [one for job in jobs for one in job]
    with session.writing() as store:
        for _index, error in store.dry_run(whole).errors:
            raise error
        session.agree([(one.record, one.openings) for one in whole], "consent.enter", store)
        session.tell([place for job in jobs for place in session.submit(store, job)])


@told.command("log", "restore-guard")
@click.option("--size", type=click.IntRange(min=0), required=True, help="option.of_the_last_head_known")
@click.option("--root", required=True, help="option.its_root_base64_or_hex")
@acts.consenting
@acts.session_options
@click.pass_obj
def restore_guard(console: Console, size: int, root: str, yes: bool, ledger: str, keys: tuple[str, ...]) -> None:
    """Give the last head that left this house, from a receipt, a checkpoint or a witness."""
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
