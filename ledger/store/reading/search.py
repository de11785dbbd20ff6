"""What something is that somebody holds in his hand: a digest, a number, a code, an amount; and where it stands.

Exact, never by a part: each sort of thing is one look into an index. A text may be several things at once (``300`` is entry
300 and an amount of 300 yuan); all of them are given. ``path`` is where the service has it, below the ledger's own.

=====================  ========================================================================================
text                   may be
=====================  ========================================================================================
64 hex digits          a record, a statement, a document's file, an enrolled key; with ``#n`` the nth item of a record
``2026-03-0007``       a voucher
``2026H1``             a statement's period
``17``                 an entry
``-1,200.50``          lines of that many yuan; without a sign those that came in and those that went out
``lift``               a party, a contract, an own account, a unit
=====================  ========================================================================================
"""

import json
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from ledger.books import Books
from ledger.errors import Malformed
from ledger.log.entry import Entry
from ledger.money import parse_yuan
from ledger.store.past import Rows
from ledger.store.reading.registers import named
from ledger.store.reading.shown import Day, Fen, Seq, Shown, entries_at

if TYPE_CHECKING:
    from ledger.store.store import Store

LONGEST: Final = 80
LINES: Final = 20
"""Lines of one amount at most, the newest."""
LARGEST: Final = 2**53
DIGEST: Final = re.compile(r"([0-9a-f]{64})(?:#(0|[1-9][0-9]{0,2}))?")
VOUCHER: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{4,9}")
PERIOD: Final = re.compile(r"[0-9]{4}(H[12]|Q[1-4]|-[0-9]{2})?")
NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}")
CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

OWN_PATHS: Final = {
    "meeting.called/1": "meetings",
    "ballot.cast/1": "ballots",
    "withdrawal.applied/1": "withdrawals",
}
"""Kinds of records that the service shows as what they began."""


class Hit(Shown):
    """One thing that the text is."""

    what: Annotated[
        str,
        Field(
            description="record, item, statement, document, key, voucher, entry, line, party, contract, account or unit",
            examples=["record"],
        ),
    ]
    path: Annotated[str, Field(description="below the ledger's path", examples=["entries/17"])]
    kind: Annotated[str | None, Field(description="kind of the record that it is or stands in")] = None
    seq: Seq | None = None
    amount: Fen | None = None
    on: Day | None = None


class Found(Shown):
    """All that a text is; empty where it is nothing on this ledger."""

    q: str
    items: tuple[Hit, ...]


def search(store: "Store", text: str, audiences: Collection[str]) -> Found:
    """What a text is on this ledger, for a reader of these audiences. Raises Malformed ``search.text``."""
    q = text.strip()
    if not 0 < len(q) <= LONGEST:
        raise Malformed("search.text", len(q), f"1 to {LONGEST}")
    books = store.books
    with store.reading() as reader:
        return Found(q=q, items=tuple(_hits(reader.rows, books, q, audiences)))


def _hits(rows: Rows, books: Books, q: str, audiences: Collection[str]) -> Iterator[Hit]:
    if match := DIGEST.fullmatch(q.lower()):
        yield from _by_digest(rows, match[1], match[2], audiences)
        return
    if VOUCHER.fullmatch(q) and (found := rows("SELECT seq, kind, day FROM voucher WHERE number = ?", (q,))):
        seq, kind, day = found[0]
        yield Hit(what="voucher", path=f"vouchers/{q}", kind=kind, seq=seq, on=day)
    if PERIOD.fullmatch(q) and (
        found := rows("SELECT seq FROM event WHERE name = 'StatementStands' AND ref = ?", (q,))
    ):
        yield Hit(what="statement", path=f"statements/{q}", seq=found[0][0])
    if NUMBER.fullmatch(q) and int(q) < books.head.size:
        entry = entries_at(rows, [int(q)])[int(q)]
        yield Hit(what="entry", path=f"entries/{q}", kind=entry.record.kind, seq=entry.seq)
    if CODE.fullmatch(q):
        yield from _by_code(rows, books, q)
    yield from _by_amount(rows, q)


def _by_digest(rows: Rows, digest: str, item: str | None, audiences: Collection[str]) -> Iterator[Hit]:
    seq = named(rows, "record", digest)
    if seq is not None:
        entry = entries_at(rows, [seq])[seq]
        path = _path(rows, entry)
        yield Hit(what="item" if item else "record", path=path, kind=entry.record.kind, seq=seq)
    if item:
        return
    if found := rows("SELECT data FROM statement WHERE digest = ?", (digest,)):
        period = json.loads(found[0][0])["period"]["code"]
        yield Hit(what="statement", path=f"statements/{period}")
    stored = rows("SELECT audience FROM document WHERE digest = ? AND box IS NOT NULL", (digest,))
    if stored and stored[0][0] in audiences:
        yield Hit(what="document", path=f"documents/{digest}")
    key = named(rows, "key", digest)
    if key is not None:
        yield Hit(what="key", path=f"entries/{key}", kind=entries_at(rows, [key])[key].record.kind, seq=key)


def _path(rows: Rows, entry: Entry) -> str:
    record = entry.record
    if record.kind in OWN_PATHS:
        return f"{OWN_PATHS[record.kind]}/{record.digest}"
    if record.kind == "statement.published/1":
        return f"statements/{record.body['period']}"
    booked = rows("SELECT 1 FROM voucher WHERE seq = ? LIMIT 1", (entry.seq,))
    return f"{'payments' if booked else 'records'}/{record.digest}"


def _by_code(rows: Rows, books: Books, code: str) -> Iterator[Hit]:
    for what, path in (("party", "parties"), ("contract", "contracts")):
        seq = named(rows, what, code)
        if seq is not None:
            yield Hit(what=what, path=f"{path}/{code}", seq=seq)
    if code in books.accounts.accounts:
        yield Hit(what="account", path=f"accounts/{code}")
    if code in books.people.units:
        yield Hit(what="unit", path=f"units/{code}")


def _by_amount(rows: Rows, q: str) -> Iterator[Hit]:
    try:
        fen = parse_yuan(q)
    except Malformed:
        return
    signed = q[0] in "+-"
    found = []
    for amount in [fen] if signed or not fen else [fen, -fen]:
        sql = (
            "SELECT seq, i, record, amount, day FROM line INDEXED BY line_amount "
            "WHERE amount = ? ORDER BY seq DESC, i DESC LIMIT ?"
        )
        found += rows(sql, (amount, LINES))
    for seq, _i, record, amount, day in sorted(found, reverse=True)[:LINES]:
        yield Hit(what="line", path=f"payments/{record}", seq=seq, amount=amount, on=day)
