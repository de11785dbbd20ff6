"""Lines 账行 and vouchers 记账凭证, as the books booked them.

A line stands once, in the period that was open; what was learned later stands in further lines that name what they
correct, never in the line itself. What *is* so now is said by marks beside it:

============== ========================================================================================================
mark           the line …
============== ========================================================================================================
`unconfirmed`  comes from a bank file that no second person has confirmed yet 未经确认
`unfounded`    is a payment that still rests on no decision of the owners 尚无依据
`founded_by`   was such a payment, until this motion ratified it 追认
`earlier`      is of a day in a period that was closed already; booked on the first open day 以前期间
============== ========================================================================================================
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from ledger.accounts.booking import NO_BASIS
from ledger.accounts.state import Accounts
from ledger.errors import NotFound
from ledger.store.past import Rows
from ledger.store.reading.shown import (
    Code,
    Day,
    Digest,
    Fen,
    Next,
    Ref,
    Seq,
    Shown,
    absent,
    cursor,
    entries_at,
    entry_of,
    facts_about,
    read_cursor,
)
from ledger.store.tables import LINE_KEYS

if TYPE_CHECKING:
    from ledger.store.store import Store

Order = Literal["log", "newest"]
"""As the log has them, or the newest first."""
Money = Annotated[int | None, Field(ge=-(2**53) + 1, le=2**53 - 1)]
Named = Annotated[str, Field(max_length=80)]
Dated = Annotated[str, Field(pattern=r"^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]

COLUMNS: Final = (
    "period, i, seq, record, part, booked, day, voucher, account, fund, category, nature, amount, "
    "party, contract, document, unit, covers, basis, motion, line_code, corrects"
)
NARROW: Final = 2_000
"""Lines within days or amounts that are few enough to be put in order afterwards."""
VOUCHER: Final = "SELECT number, seq, record, kind, booked, day, corrects FROM voucher"
LEGS: Final = "SELECT code, debit, credit, account, fund FROM leg WHERE voucher = ? ORDER BY i"


class LineFilter(BaseModel):
    """Which lines: each field narrows. Amounts are signed fen, days are the business days of the lines."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Annotated[Named, Field(examples=["2026H1"])] = ""
    account: Named = ""
    fund: Named = ""
    category: Named = ""
    nature: Named = ""
    party: Named = ""
    contract: Named = ""
    unit: Named = ""
    basis: Annotated[Named, Field(description="motion, budget, delegation, ratified, none")] = ""
    motion: Annotated[Named, Field(description="the motion that it rests on, `digest#n`")] = ""
    record: Annotated[Named, Field(description="the record that booked it")] = ""
    least: Money = None
    most: Money = None
    first: Annotated[Dated, Field(description="no day before this one")] = ""
    last: Annotated[Dated, Field(description="no day after this one")] = ""


class LineItem(Shown):
    """One line 账行. `amount` is signed: what came in is positive. `booked` decides the period, `on` is the business day."""

    period: Annotated[str, Field(examples=["2026H1"])]
    index: Annotated[int, Field(description="its place among the period's lines: the leaf of the statement's tree")]
    seq: Seq
    record: Digest
    part: int
    voucher: Annotated[str, Field(examples=["2026-03-0007"])]
    booked: Day
    on: Day
    account: Code
    fund: Code
    category: Code
    nature: str
    amount: Fen
    party: Code | None = None
    contract: Code | None = None
    document: Digest | None = None
    unit: Code | None = None
    covers: str | None = None
    basis: Annotated[str | None, Field(description="motion, budget, delegation, ratified, or none 尚无依据")] = None
    motion: Ref | None = None
    budget_line: Code | None = None
    corrects: Digest | None = None
    unconfirmed: bool
    unfounded: bool
    founded_by: Ref | None = None
    earlier: bool


class Lines(Shown):
    """Some lines."""

    items: tuple[LineItem, ...]
    next: Next = None


class LegItem(Shown):
    """One side of a voucher, by an account of the chart. Fen to the debit or to the credit; the other is 0."""

    code: Annotated[str, Field(description="account of the chart")]
    debit: Fen
    credit: Fen
    account: Code | None = None
    fund: Code | None = None


class VoucherItem(Shown):
    """A voucher 记账凭证; the debits of its legs equal their credits."""

    number: Annotated[str, Field(examples=["2026-03-0007"])]
    seq: Seq
    record: Digest
    kind: Annotated[str, Field(description="kind of the record that it books")]
    booked: Day
    on: Day
    corrects: Digest | None = None
    legs: tuple[LegItem, ...]


class VoucherWhole(VoucherItem):
    """A voucher with the lines of its record and the number of the voucher that takes it back, if one does."""

    lines: tuple[LineItem, ...]
    corrected_by: str | None = None


class Vouchers(Shown):
    """Some vouchers, by number."""

    items: tuple[VoucherItem, ...]
    next: Next = None


def lines(store: "Store", wanted: LineFilter, *, after: str = "", limit: int = 100, order: Order = "log") -> Lines:
    """The lines that a filter lets through. Raises Malformed ``request.cursor``."""
    place = read_cursor(after, int, int) if after else None
    accounts = store.books.accounts
    with store.reading() as reader:
        sql, values = query(reader.rows, wanted, place, order)
        found = reader.rows(sql, [*values, limit + 1])
        items = shown(reader.rows, accounts, found[:limit])
    follows = cursor(items[-1].seq, items[-1].index) if len(found) > limit else None
    return Lines(items=items, next=follows)


def query(rows: Rows, wanted: LineFilter, place: tuple[int, ...] | None, order: Order) -> tuple[str, list[object]]:
    """The statement, without its limit. It names its index: SQLite does not know which of them finds the fewest lines.

    Days and amounts by themselves are looked up only where they are narrow; wide ones are met soon enough in log order.
    """
    equal = [name for name in LINE_KEYS if getattr(wanted, name)]
    where = [f"{name} = ?" for name in equal]
    values: list[object] = [getattr(wanted, name) for name in equal]
    index = f"line_{equal[0]}" if equal else "line_log"
    for column, least, most in (("day", wanted.first, wanted.last), ("amount", wanted.least, wanted.most)):
        bounds = [
            (f"{column} {sign} ?", value) for sign, value in ((">=", least), ("<=", most)) if value not in ("", None)
        ]
        where += [sql for sql, _value in bounds]
        values += [value for _sql, value in bounds]
        if bounds and _is_narrow(rows, column, bounds):
            index = f"line_{column}"
    if place is not None:
        where.append(f"(seq, i) {'>' if order == 'log' else '<'} (?, ?)")
        values += place
    down = "" if order == "log" else " DESC"
    sql = (
        f"SELECT {COLUMNS} FROM line INDEXED BY {index}{' WHERE ' if where else ''}{' AND '.join(where)} "  # noqa: S608 - ours
        f"ORDER BY seq{down}, i{down} LIMIT ?"
    )
    return sql, values


def _is_narrow(rows: Rows, column: str, bounds: Sequence[tuple[str, object]]) -> bool:
    within = " AND ".join(sql for sql, _value in bounds)
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM line INDEXED BY line_{column} WHERE {within} LIMIT ?)"  # noqa: S608 - ours
    found: int = rows(sql, [*(value for _sql, value in bounds), NARROW])[0][0]
    return found < NARROW


def lines_of(rows: Rows, accounts: Accounts, seq: int) -> tuple[LineItem, ...]:
    """The lines that an entry booked."""
    return shown(rows, accounts, rows(f"SELECT {COLUMNS} FROM line WHERE seq = ? ORDER BY i", (seq,)))  # noqa: S608 - ours


def shown(rows: Rows, accounts: Accounts, found: Sequence[tuple[Any, ...]]) -> tuple[LineItem, ...]:
    """Rows of the table as lines, with their marks."""
    unconfirmed = _unconfirmed(rows, accounts, found)
    return tuple(_line(rows, accounts, row, unconfirmed) for row in found)


def voucher(store: "Store", number: str) -> VoucherWhole:
    """A voucher by its number. Raises NotFound ``voucher.unknown``."""
    accounts = store.books.accounts
    with store.reading() as reader:
        found = reader.rows(f"{VOUCHER} WHERE number = ?", (number,))
        if not found:
            raise NotFound("voucher.unknown", number[:40], "a number such as 2026-03-0007")
        return whole_voucher(reader.rows, accounts, found[0])


def vouchers_of(rows: Rows, accounts: Accounts, seq: int) -> tuple[VoucherWhole, ...]:
    """The vouchers that an entry booked: one, but for the files that a rejection takes back."""
    found = rows(f"{VOUCHER} WHERE seq = ? ORDER BY number", (seq,))
    return tuple(whole_voucher(rows, accounts, row) for row in found)


def whole_voucher(rows: Rows, accounts: Accounts, row: tuple[Any, ...]) -> VoucherWhole:
    """A row of the table as a voucher with its lines."""
    item = _voucher(rows, row)
    contra = rows("SELECT number FROM voucher WHERE corrects = ? ORDER BY seq LIMIT 1", (item.record,))
    lines = tuple(line for line in lines_of(rows, accounts, item.seq) if line.voucher == item.number)
    return VoucherWhole(**dict(item), lines=lines, corrected_by=contra[0][0] if contra else None)


def vouchers(store: "Store", *, month: str = "", after: str = "", limit: int = 100) -> Vouchers:
    """Vouchers by number, all or those of a month (``2026-03``). Raises Malformed ``request.cursor``."""
    (last,) = read_cursor(after, str) if after else ("",)
    above, below = max(last, f"{month}-" if month else ""), f"{month}." if month else "~"
    with store.reading() as reader:
        found = reader.rows(
            f"{VOUCHER} WHERE number > ? AND number < ? ORDER BY number LIMIT ?", (above, below, limit + 1)
        )
        items = tuple(_voucher(reader.rows, row) for row in found[:limit])
    return Vouchers(items=items, next=cursor(items[-1].number) if len(found) > limit else None)


def _line(rows: Rows, accounts: Accounts, row: tuple[Any, ...], unconfirmed: Mapping[int, bool]) -> LineItem:
    (
        period, index, seq, record, part, booked, day, voucher, account, fund, category, nature, amount,
        party, contract, document, unit, covers, basis, motion, line_code, corrects,
    ) = row  # fmt: skip
    ref = f"{record}#{part}"
    settled = basis == NO_BASIS and ref not in accounts.unfounded
    founded = [fact["motion"] for _seq, fact in facts_about(rows, "Founded", ref)] if settled else []
    return LineItem(
        period=period,
        index=index,
        seq=seq,
        record=record,
        part=part,
        voucher=voucher,
        booked=booked,
        on=day,
        account=account,
        fund=fund,
        category=category,
        nature=nature,
        amount=amount,
        party=absent(party),
        contract=absent(contract),
        document=absent(document),
        unit=absent(unit),
        covers=absent(covers),
        basis=absent(basis),
        motion=absent(motion),
        budget_line=absent(line_code),
        corrects=absent(corrects),
        unconfirmed=unconfirmed.get(seq, False),
        unfounded=basis == NO_BASIS and ref in accounts.unfounded,
        founded_by=absent(founded[-1]) if founded else None,
        earlier=booked != day,
    )


def _unconfirmed(rows: Rows, accounts: Accounts, found: Sequence[tuple[Any, ...]]) -> dict[int, bool]:
    """Which of these entries tell of a bank file that waits for its second person; asked only while one does."""
    if not accounts.imports.keys():
        return {}
    told = {}
    for seq, entry in entries_at(rows, [row[2] for row in found]).items():
        record, kind = entry.record, entry.record.kind
        if kind == "suspense.cleared/1":
            record = entry_of(rows, str(record.body["row"])).record
        told[seq] = record.kind == "bank.row/1" and record.body["file"] in accounts.imports
    return told


def _voucher(rows: Rows, row: tuple[Any, ...]) -> VoucherItem:
    number, seq, record, kind, booked, day, corrects = row
    legs = tuple(
        LegItem(code=code, debit=debit, credit=credit, account=absent(account), fund=absent(fund))
        for code, debit, credit, account, fund in rows(LEGS, (number,))
    )
    return VoucherItem(
        number=number, seq=seq, record=record, kind=kind, booked=booked, on=day, corrects=absent(corrects), legs=legs
    )
