"""Published statements 收支公示表: which stand, who signed them, where they hang, what was corrected since.

The statement itself is its canonical JSON (:func:`ledger.store.statements.published`); forms of it are made by
:mod:`ledger.store.printing`.
"""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ledger import period
from ledger.books import Books
from ledger.log.act import read_body
from ledger.publication.records import StatementPublished
from ledger.store import statements as kept
from ledger.store.past import Rows
from ledger.store.reading.shown import (
    Code,
    Day,
    Digest,
    Fen,
    Moment,
    Next,
    Ref,
    Seq,
    Shown,
    absent,
    cursor,
    entries_at,
    facts_about,
    facts_after,
    read_cursor,
)

if TYPE_CHECKING:
    from ledger.store.store import Store


class SignerItem(Shown):
    """Who signed, with the roles that he held on that day."""

    person: Ref
    roles: tuple[str, ...]


class TotalItem(Shown):
    """One fund in one account over the period, as signed; all in fen."""

    account: Code
    fund: Code
    opening: Fen
    received: Fen
    spent: Fen
    closing: Fen


class PostingItem(Shown):
    """Where it hangs 公示, as its signer says."""

    seq: Seq
    start: Day
    until: Day
    places: tuple[str, ...]


class CorrectionItem(Shown):
    """A correction notice 更正公告 beside it. ``line``: its place among the lines, 0 first."""

    notice: Digest
    seq: Seq
    line: int | None = None
    was: str
    now: str
    reason: str
    contra: Digest | None = None


class StatementItem(Shown):
    """A published statement. ``digest`` is SHA-256 of its canonical JSON; it follows from the entries before ``prefix``."""

    period: Annotated[str, Field(examples=["2026H1"])]
    digest: Digest
    record: Digest
    seq: Seq
    published: Moment
    prefix: int
    lines: int
    lines_root: Digest
    signers: tuple[SignerItem, ...]
    totals: tuple[TotalItem, ...]
    posted: tuple[PostingItem, ...]
    corrections: tuple[CorrectionItem, ...]


class StatementItems(Shown):
    """Some statements, the newest first unless asked otherwise."""

    items: tuple[StatementItem, ...]
    next: Next = None


def statements(store: "Store", *, after: str = "", limit: int = 20, newest: bool = True) -> StatementItems:
    """Published statements. Raises Malformed ``request.cursor``."""
    place = read_cursor(after, int, int) if after else None
    books = store.books
    with store.reading() as reader:
        found = facts_after(reader.rows, "StatementStands", place, limit + 1, newest=newest)
        items = tuple(_item(reader.rows, books, seq, fact["statement"]["digest"]) for seq, _i, fact in found[:limit])
    return StatementItems(items=items, next=cursor(*found[limit - 1][:2]) if len(found) > limit else None)


def statement(store: "Store", code: str) -> StatementItem:
    """The statement of a period. Raises NotFound ``statement.unknown``."""
    stands = kept.stands(store, code)
    books = store.books
    with store.reading() as reader:
        return _item(reader.rows, books, stands.seq, stands.digest)


def _item(rows: Rows, books: Books, seq: int, digest: str) -> StatementItem:
    entry = entries_at(rows, [seq])[seq]
    body = read_body(StatementPublished, entry.record.body, entry.record.kind)
    day = period.legal_day(entry.time, books.offset).isoformat()
    signers = [books.people.keys[signature.key].person for signature in entry.signatures]
    return StatementItem(
        period=body.period,
        digest=digest,
        record=entry.record.digest,
        seq=seq,
        published=period.format_time(entry.time),
        prefix=body.prefix,
        lines=body.count,
        lines_root=body.root,
        signers=tuple(
            SignerItem(person=person, roles=tuple(sorted(books.people.roles_of(person, day)))) for person in signers
        ),
        totals=tuple(TotalItem(**total.model_dump()) for total in body.totals),
        posted=tuple(
            PostingItem(seq=at, start=fact["start"], until=fact["until"], places=tuple(fact["places"]))
            for at, fact in facts_about(rows, "Posted", entry.record.digest)
        ),
        corrections=tuple(
            CorrectionItem(
                notice=fact["notice"],
                seq=at,
                line=fact.get("line"),
                was=fact["was"],
                now=fact["now"],
                reason=fact["reason"],
                contra=absent(fact["contra"]),
            )
            for at, fact in facts_about(rows, "Corrected", entry.record.digest)
        ),
    )
