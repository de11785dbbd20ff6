"""03 chart and opening, 04 journal, 05 trial balance, 06 ledgers, 07 bank reconciliation, as workbooks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from ledger.accounts.records import BooksOpened
from ledger.audit.books import balances, ledgers
from ledger.audit.books.balances import Balance, sides
from ledger.audit.books.bank import Month
from ledger.audit.books.journal import Posting
from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material
from ledger.exchange.sheets import Row, Sheet, workbook, yuan
from ledger.exchange.workbook import Cell

_SIDES: Final = ("opening_debit", "opening_credit", "moved_debit", "moved_credit", "closing_debit", "closing_credit")
_BANK_SIDE: Final[Mapping[str, int]] = {"books_received": 1, "books_paid": -1}
_BOOKS_SIDE: Final[Mapping[str, int]] = {
    "bank_received": 1,
    "bank_paid": -1,
    "rejected_paid": 1,
    "rejected_received": -1,
}
"""What an open item moves, and on which side (:mod:`ledger.publication.reconciliation`)."""


def files(material: Material, locale: str) -> dict[str, bytes]:
    """The five workbooks by name."""
    titles = Titles(material.case, locale)
    made = {
        "03": (chart(material, titles), opening(material, titles)),
        "04": (journal(material, titles),),
        "05": (trial(material, titles), by_fund(material, titles), agreed(material, titles)),
        "06": (general(material, titles), detail(material, titles)),
        "07": tuple(reconciliations(material, titles)),
    }
    return {titles.text(f"pack.file_{number}") + ".xlsx": workbook(sheets, locale) for number, sheets in made.items()}


def chart(material: Material, titles: Titles) -> Sheet:
    """03: the chart in force, with the categories that are booked to each account."""
    found = titles.chart
    listed = titles.text("plain.listed")
    rows = [
        (
            code,
            titles.code(code),
            titles.text(f"pack.side_{account.side}"),
            listed.join(titles.category(name) for name, category in found.categories.items() if category.code == code),
        )
        for code, account in sorted(found.accounts.items())
    ]
    return Sheet("chart", ("code", "code_title", "side", "categories"), rows, notes=(found.name,))


def opening(material: Material, titles: Titles) -> Sheet:
    """03: what was there when the books began, by which paper, and what of it no paper proves."""
    rows: list[Row] = [
        (
            act.body.on,
            titles.account(part.account),
            titles.fund(part.fund),
            yuan(part.amount),
            titles.text("pack.proven" if part.proven else "pack.unproven"),
            titles.paper(part.source),
            act.body.handed_over_by,
            act.seq,
        )
        for act in material.case.acts(BooksOpened)
        for part in act.body.parts
    ]
    columns = ("on", "account", "fund", "amount", "proof", "paper", "handed_over_by", "entry")
    return Sheet("opening", columns, rows, last=("", "", _total(titles), _sum(rows, 3)))


def journal(material: Material, titles: Titles) -> Sheet:
    """04: every leg that was booked in the days."""
    rows = [_leg(posting, titles) for posting in material.postings if material.span.holds(posting.day)]
    columns = ("on", "voucher", "summary", "code", "code_title", "debit", "credit", *_BESIDE, "papers", "entry")
    return Sheet("journal", columns, rows, last=("", "", "", "", _total(titles), _sum(rows, 5), _sum(rows, 6)))


def trial(material: Material, titles: Titles) -> Sheet:
    """05: the trial balance."""
    found = balances.balances(material.postings, material.span, balances.by_code)
    rows: list[Row] = [(code, titles.code(code), *_six(balance)) for code, balance in found.items()]
    return Sheet("trial", ("code", "code_title", *_SIDES), rows, last=("", _total(titles), *_sums(rows, 2)))


def by_fund(material: Material, titles: Titles) -> Sheet:
    """05: the same by own account and fund."""
    found = balances.balances(material.postings, material.span, balances.by_place)
    rows: list[Row] = [
        (code, titles.code(code), titles.account(account), titles.fund(fund), *_six(balance))
        for (code, account, fund), balance in found.items()
    ]
    columns = ("code", "code_title", "account", "fund", *_SIDES)
    return Sheet("by_fund", columns, rows, last=("", _total(titles), "", "", *_sums(rows, 4)))


def agreed(material: Material, titles: Titles) -> Sheet:
    """05: what each published statement says that a fund has in an account, beside what the vouchers come to."""
    rows: list[Row] = []
    for statement in material.statements:
        held = balances.held(material.postings, statement["period"]["last"])
        for fund in statement["funds"]:
            own = held.get((fund["account"], fund["fund"]), 0)
            rows.append(
                (
                    statement["period"]["code"],
                    titles.account(fund["account"]),
                    titles.fund(fund["fund"]),
                    yuan(fund["closing"]),
                    yuan(own),
                    yuan(fund["closing"] - own),
                )
            )
    return Sheet("agreed", ("period", "account", "fund", "by_statement", "by_vouchers", "difference"), rows)


def general(material: Material, titles: Titles) -> Sheet:
    """06: the general ledger."""
    rows: list[Row] = [
        (
            month.code,
            titles.code(month.code),
            month.month,
            yuan(month.balance.opening),
            yuan(month.balance.debit),
            yuan(month.balance.credit),
            *_direction(month.balance.closing, titles),
        )
        for month in ledgers.general(material.postings, material.span)
    ]
    columns = ("code", "code_title", "month", "opening", "debit", "credit", "direction", "balance")
    return Sheet("general", columns, rows)


def detail(material: Material, titles: Titles) -> Sheet:
    """06: the detail ledgers, one behind the other."""
    rows: list[Row] = []
    for one in ledgers.details(material.postings, material.span):
        place = (one.code, titles.code(one.code), titles.account(one.account), titles.fund(one.fund))
        nothing = yuan(0)
        rows.append(
            (*place, "", "", titles.text("pack.carried"), nothing, nothing, *_direction(one.opening, titles), "", "")
        )
        for posting, balance in one.rows:
            move = posting.move
            rows.append(
                (
                    *place,
                    posting.day,
                    posting.voucher.number,
                    titles.summary(posting),
                    yuan(posting.leg.debit),
                    yuan(posting.leg.credit),
                    *_direction(balance, titles),
                    titles.party(move.party if move else ""),
                    titles.contract(move.contract if move else ""),
                )
            )
    columns = ("code", "code_title", "account", "fund", "on", "voucher", "summary", "debit", "credit", "direction")
    return Sheet("detail", (*columns, "balance", "party", "contract"), rows)


def reconciliations(material: Material, titles: Titles) -> Iterator[Sheet]:
    """07: a sheet a month, the own bank accounts one below the other."""
    by_month: dict[str, list[Month]] = {}
    for month in material.months:
        by_month.setdefault(month.table["month"], []).append(month)
    for name, found in sorted(by_month.items()):
        rows = [row for month in found for row in _reconciled(month, titles)]
        notes = tuple(
            titles.text("pack.note_draft_month", account=titles.account(month.table["account"]))
            for month in found
            if not month.published
        )
        yield Sheet("reconciliation", ("account", "item", "on", "amount", "record"), rows, name=name, notes=notes)
    if not by_month:
        yield Sheet("reconciliation", ("account", "item", "on", "amount", "record"), [])


_BESIDE: Final = ("account", "fund", "contract", "party", "unit")


def _leg(posting: Posting, titles: Titles) -> Row:
    move = posting.move
    return (
        posting.day,
        posting.voucher.number,
        titles.summary(posting),
        posting.leg.code,
        titles.code(posting.leg.code),
        yuan(posting.leg.debit),
        yuan(posting.leg.credit),
        titles.account(posting.leg.account),
        titles.fund(posting.leg.fund),
        titles.contract(move.contract if move else ""),
        titles.party(move.party if move else ""),
        move.unit if move else "",
        posting.papers,
        posting.voucher.entry,
    )


def _reconciled(month: Month, titles: Titles) -> Iterator[Row]:
    """Bank's balance, what moves it, where it comes to; then ours; then what our own vouchers come to."""
    table, account = month.table, titles.account(month.table["account"])
    items = [
        (titles.text(f"pack.item_{i['class']}"), i["on"], i["amount"], i["record"], i["class"]) for i in table["items"]
    ]

    def row(item: str, amount: int, on: str = "", record: str = "") -> Row:
        return account, titles.text(f"pack.item_{item}"), on, yuan(amount), record

    def moved(side: Mapping[str, int]) -> Iterable[Row]:
        return (
            (account, text, on, yuan(side[kind] * amount), record)
            for text, on, amount, record, kind in items
            if kind in side
        )

    yield row("bank", table["bank"], table["day"])
    yield from moved(_BANK_SIDE)
    yield row("bank_adjusted", table["adjusted"])
    yield row("books", table["books"], table["day"])
    yield from moved(_BOOKS_SIDE)
    yield row("books_adjusted", table["books"] + _moves(table, _BOOKS_SIDE))
    yield row("vouchers", month.booked)
    yield account, titles.text("pack.item_agrees"), "", titles.text("pack.agree" if month.agrees else "pack.differ"), ""


def _moves(table: Mapping[str, Any], side: Mapping[str, int]) -> int:
    return sum(side.get(item["class"], 0) * item["amount"] for item in table["items"])


def _six(balance: Balance) -> tuple[Decimal, ...]:
    pairs = (*sides(balance.opening), balance.debit, balance.credit, *sides(balance.closing))
    return tuple(yuan(fen) for fen in pairs)


def _direction(balance: int, titles: Titles) -> tuple[str, Decimal]:
    side = "debit" if balance > 0 else "credit" if balance < 0 else "even"
    return titles.text(f"pack.side_{side}"), yuan(abs(balance))


def _total(titles: Titles) -> str:
    return titles.text("pack.total")


def _sum(rows: Sequence[Row], column: int) -> Decimal:
    return sum((_amount(row[column]) for row in rows), Decimal("0.00"))


def _sums(rows: Sequence[Row], column: int) -> tuple[Decimal, ...]:
    return tuple(_sum(rows, column + number) for number in range(len(_SIDES)))


def _amount(cell: Cell) -> Decimal:
    return cell if isinstance(cell, Decimal) else Decimal(0)
