"""A bank file that waits for its second person: its rows as they stand, and what its confirmation must name."""

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from ledger import period
from ledger.accounts import records
from ledger.accounts.state import Import
from ledger.errors import NotFound
from ledger.log.act import read_body
from ledger.store.reading.shown import Code, Day, Digest, Fen, Moment, Ref, Seq, Shown, entries_at

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.store.store import Store

AT_ONCE: Final = 512
"""Entries read together while a file's rows are looked for; a batch holds no more."""


class RowPart(Shown):
    """What a part of a row was said to be; fields as in ``bank.row/1``."""

    amount: Fen
    settles: Ref | None = None
    returns: Digest | None = None
    box: Code | None = None
    fund: Code | None = None
    category: Code | None = None
    nature: str | None = None
    party: Code | None = None
    contract: Code | None = None
    document: Digest | None = None
    unit: Code | None = None
    covers: str | None = None


class RowItem(Shown):
    """A row of a file. ``narration``: name, account and text as the bank printed them, for whoever may see them."""

    record: Digest
    seq: Seq
    row: Annotated[int, Field(description="its number in the file")]
    on: Day
    amount: Fen
    balance: Fen
    parts: tuple[RowPart, ...]
    open: Annotated[int, Field(description="fen that no part explained")]
    narration: dict[str, str] | None = None


class FileWhole(Shown):
    """An unconfirmed file. ``importer``: the one who may not confirm it; ``newest``: it may be rejected."""

    record: Digest
    seq: Seq
    time: Moment
    account: Code
    importer: Ref
    start: Day
    end: Day
    count: int
    received: Fen
    paid: Fen
    newest: bool
    items: tuple[RowItem, ...]


def file(store: "Store", digest: str, *, audiences: "Collection[str]") -> FileWhole:
    """A file by its import's record. Raises NotFound ``bank.no_file_to_confirm`` for one that was confirmed or rejected."""
    accounts = store.books.accounts
    taken = accounts.imports.get(digest)
    if taken is None:
        raise NotFound("bank.no_file_to_confirm", digest, sorted(accounts.imports))
    seq = store.seq_of(digest)
    begun = store.entry(seq)
    return FileWhole(
        record=digest,
        seq=seq,
        time=period.format_time(begun.time),
        account=taken.account,
        importer=taken.importer,
        start=taken.start,
        end=taken.end,
        count=taken.count,
        received=taken.received,
        paid=taken.paid,
        newest=accounts.account(taken.account).newest == digest,
        items=_rows(store, taken, seq + 1, audiences),
    )


def narration(store: "Store", row: str, audiences: "Collection[str]") -> dict[str, str] | None:
    """What the bank printed beside a row, for a reader of these audiences; whoever signed it may have said it in any form."""
    opened = store.openings(row, audiences)
    value: Any = next((one.value for one in opened if one.field == "narration"), None)
    if isinstance(value, dict):
        return {name: str(text) for name, text in value.items()}
    return None if value is None else {"text": str(value)}


def _rows(store: "Store", taken: Import, start: int, audiences: "Collection[str]") -> tuple[RowItem, ...]:
    """The rows of a file: those taken follow its record, in one batch or several."""
    found: list[RowItem] = []
    size = store.books.head.size
    while len(found) < taken.taken and start < size:
        with store.reading() as reader:
            entries = entries_at(reader.rows, range(start, min(size, start + AT_ONCE)))
        for seq, entry in sorted(entries.items()):
            record = entry.record
            if record.kind == "bank.row/1" and record.body["file"] == taken.digest:
                body = read_body(records.BankRow, record.body, record.kind)
                parts = tuple(RowPart(**part.model_dump()) for part in body.parts)
                found.append(
                    RowItem(
                        record=record.digest,
                        seq=seq,
                        row=body.row,
                        on=body.on,
                        amount=body.amount,
                        balance=body.balance,
                        parts=parts,
                        open=body.amount - sum(part.amount for part in parts),
                        narration=narration(store, record.digest, audiences),
                    )
                )
        start += AT_ONCE
    return tuple(found)
