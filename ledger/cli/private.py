"""``mingzhang private``: erase private texts and documents by a recorded order.

Three steps, of which an officer takes the second: ``private list`` writes down what is to go; ``account document --original
@list.json`` enters the order, signed; ``private erase ORDER`` shows what it names and, when told yes, erases it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.cli import acts, consent, told
from ledger.cli.polls import record_of
from ledger.cli.session import Session
from ledger.errors import Conflict

if TYPE_CHECKING:
    from ledger.store.erasure import Item


def command() -> click.Group:
    """The group."""
    return told.group("private", [listing, erase])


@told.command("private", "list", "--text 5e88…/name --document 9f86… --out list.json")
@click.option("--text", "texts", multiple=True, metavar="DIGEST", help="option.erased_text")
@click.option("--document", "documents", multiple=True, metavar="DIGEST", help="option.erased_document")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="option.file_to_write")
@acts.reading
def listing(session: Session, texts: tuple[str, ...], documents: tuple[str, ...], out: Path) -> None:
    """Write down what is to be erased; a record without a field means all its texts. Nothing is erased yet."""
    from ledger.store import erasure

    if out.exists():
        raise Conflict("cli.file_exists", str(out))
    named: list[erasure.Text] = []
    with session.reading() as store, store.reading() as reader:
        for text in texts:
            record, _, field = text.partition("/")
            fields = [field] if field else erasure.texts_of(reader.rows, record)
            named += [erasure.Text(record, one) for one in fields]
        data = erasure.dump(erasure.Listed(tuple(named), documents), store.books.ledger)
    erasure.parse(data, store.books.ledger)
    out.write_bytes(data)
    session.console.data({"file": str(out), "texts": len(set(named)), "documents": len(set(documents))})


@told.command("private", "erase", "5e88… --keys keeper.ring")
@click.argument("order", metavar="DIGEST")
@click.option("--dry-run", is_flag=True, default=False, help="option.try_without_writing")
@acts.consenting
@acts.reading
def erase(session: Session, order: str, dry_run: bool, yes: bool) -> None:
    """Show what an order names; erase it for good, from the database's free pages too."""
    with session.reading() as store:
        order = record_of(store, order)
        items = store.ordered(order)
    if not session.console.json or dry_run:
        _show(session, items)
    if dry_run:
        return
    left = sum(one.erased is None for one in items)
    consent.ask(session.console, [], "consent.erase", yes=yes, values={"count": left})
    with session.writing() as store:
        erased = store.erase(order)
    session.console.data({"erased": erased, "order": order})


def _show(session: Session, items: "tuple[Item, ...]") -> None:
    rows: list[tuple[Any, ...]] = [
        (one.kind or "document", one.record, one.field, one.audience, one.erased or "") for one in items
    ]
    session.console.table(("kind", "record", "field", "audience", "erased_by"), rows, name="private")
