"""The rows below the header: which are movements, what else stands among them, and every mistake in them at once.

A row with a date in the date column is a movement (or the opening balance). Any other row is furniture: a total whose
figures are checked, a subtotal, a line of notes without figures. A row with figures but without a date is a mistake,
never furniture: nothing that could be money is skipped.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ledger.errors import Malformed, MingzhangError, Refused
from ledger.exchange.bank import cells as text_of
from ledger.exchange.bank.decode import Table
from ledger.exchange.bank.header import Header, is_header, normalise
from ledger.exchange.bank.layouts import IN_MARKS, OPENINGS, OUT_MARKS, RENMINBI, SUBTOTALS, TOTALS, Layout
from ledger.exchange.bank.layouts import Field as Column
from ledger.exchange.bank.summary import Said, speaks_of_itself, summary

_Value = TypeVar("_Value")
_COUNT = re.compile(r"[^0-9]*([0-9]+)[笔条](?:记录)?")
_FIGURES: tuple[Column, ...] = ("out", "in", "amount", "balance")


@dataclass(frozen=True)
class Line:
    """One movement as printed: ``value`` is the amount as the layout's names (or a printed sign) would have it."""

    row: int
    on: datetime.date
    time: str | None
    out: int
    into: int
    balance: int
    signed: bool
    cells: tuple[str, ...]

    @property
    def value(self) -> int:
        """Signed fen under the layout's own claim of what is in and out; whether it is so the chain decides."""
        return self.into - self.out


@dataclass(frozen=True)
class Footer:
    """The 合计 row: what it prints in the columns of money, and the number of rows if it says one."""

    row: int
    figures: Mapping[Column, int]
    count: int | None


@dataclass(frozen=True)
class Body:
    """A table read: its lines in the order of the file, and what it says of itself."""

    lines: tuple[Line, ...]
    said: Mapping[str, Said]
    opening: int | None
    footer: Footer | None
    account: str | None


@dataclass
class _Reader:
    header: Header
    layouts: Sequence[Layout]
    problems: list[MingzhangError] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    openings: list[tuple[int, int]] = field(default_factory=list)
    footer: Footer | None = None
    account: str | None = None

    def attempt(self, row: int, column: Column, cells: Sequence[str], parse: Callable[[str], _Value]) -> _Value | None:
        """The parsed cell, or None and the mistake noted with its place."""
        try:
            return parse(self.header.cell(cells, column))
        except MingzhangError as error:
            self.problems.append(type(error)(error.rule, error.value, error.accepted, row=row, column=column))
            return None

    def take(self, row: int, cells: tuple[str, ...]) -> None:
        """Put one row of the table where it belongs."""
        if all(text_of.is_blank(cell) for cell in cells):
            return
        if self._is_opening(cells):
            balance = self.attempt(row, "balance", cells, text_of.money)
            if balance is not None:
                self.openings.append((row, balance))
        elif _starts_with_day(self.header.cell(cells, "date")):
            if self.footer is not None:
                self.problems.append(Malformed("bank.several_tables", "合计", row=row))
            self._movement(row, cells)
        else:
            self._furniture(row, cells)

    def _is_opening(self, cells: Sequence[str]) -> bool:
        moved: tuple[Column, ...] = ("out", "in", "amount")
        if text_of.is_blank(self.header.cell(cells, "balance")):
            return False  # a label beside its value, which the notes take up
        return any(normalise(cell).startswith(OPENINGS) for cell in cells) and all(
            (text_of.is_blank(cell) or plain_zero(cell)) for cell in (self.header.cell(cells, name) for name in moved)
        )

    def _furniture(self, row: int, cells: tuple[str, ...]) -> None:
        lead = normalise(next(cell for cell in cells if not text_of.is_blank(cell)))
        if is_header(cells, self.layouts):
            self.problems.append(Malformed("bank.several_tables", lead, row=row))
        elif lead.startswith(SUBTOTALS):
            return
        elif lead.startswith(TOTALS):
            if self.footer is not None:
                self.problems.append(Malformed("bank.several_tables", lead, row=row))
            figures = {name: self.attempt(row, name, cells, text_of.money) for name in _FIGURES}
            counts = [found for cell in cells if (found := _COUNT.fullmatch(text_of.plain(cell)))]
            count = int(counts[0][1]) if len(counts) == 1 else None
            self.footer = Footer(row, {name: fen for name, fen in figures.items() if fen is not None}, count)
        elif all(text_of.is_blank(self.header.cell(cells, name)) for name in _FIGURES) or speaks_of_itself(cells):
            self.notes.append((row, cells))
        else:
            value = self.header.cell(cells, "date")
            self.problems.append(Malformed("bank.not_date", value, "2026-08-01", row=row, column="date"))

    def _movement(self, row: int, cells: tuple[str, ...]) -> None:
        before = len(self.problems)
        day = self.attempt(row, "date", cells, text_of.moment)
        balance = self.attempt(row, "balance", cells, text_of.money)
        sides = self._sides(row, cells)
        self._currency(row, cells)
        self._account(row, cells)
        if balance is None and len(self.problems) == before:
            self.problems.append(Malformed("bank.not_money", "", "1,234.56", row=row, column="balance"))
        if day is None or balance is None or sides is None or len(self.problems) > before:
            return
        on, clock = day
        out, into, signed = sides
        self.lines.append(Line(row, on, clock or self._time(on, cells), out, into, balance, signed, cells))

    def _sides(self, row: int, cells: Sequence[str]) -> tuple[int, int, bool] | None:
        """Fen out, fen in, and whether a sign was printed; None with a problem noted."""
        before = len(self.problems)
        if "amount" in self.header.layout.required:
            amount = self.attempt(row, "amount", cells, text_of.money)
            if amount is None:
                if len(self.problems) == before:
                    self.problems.append(Malformed("bank.not_money", "", "1,234.56", row=row, column="amount"))
                return None
            if "mark" not in self.header.layout.required:
                printed = text_of.plain(self.header.cell(cells, "amount")).startswith(("+", "-"))
                return 0, amount, printed
            mark = normalise(self.header.cell(cells, "mark")).replace(" ", "")
            if mark in OUT_MARKS:
                return amount, 0, True
            if mark in IN_MARKS:
                return 0, amount, True
            self.problems.append(Malformed("bank.no_direction", mark, "借, 贷", row=row, column="mark"))
            return None
        out = self.attempt(row, "out", cells, text_of.money)
        into = self.attempt(row, "in", cells, text_of.money)
        if len(self.problems) > before:
            return None
        if out is None and into is None:
            self.problems.append(Malformed("bank.not_money", "", "1,234.56", row=row, column="out"))
            return None
        if out and into:
            value = f"{text_of.yuan(out)} / {text_of.yuan(into)}"
            self.problems.append(Malformed("bank.both_sides", value, "0.00", row=row, column="out"))
            return None
        return out or 0, into or 0, True

    def _currency(self, row: int, cells: Sequence[str]) -> None:
        printed = self.header.cell(cells, "currency")
        currency = normalise(printed)
        if not text_of.is_blank(printed) and currency not in RENMINBI:
            self.problems.append(Refused("bank.foreign_currency", currency, "CNY", row=row, column="currency"))

    def _account(self, row: int, cells: Sequence[str]) -> None:
        number = text_of.account(self.header.cell(cells, "account"))
        if number and self.account is None:
            self.account = number
        if number and self.account is not None and not text_of.same_account(number, self.account):
            self.problems.append(Refused("bank.wrong_account", number, self.account, row=row, column="account"))

    def _time(self, on: datetime.date, cells: Sequence[str]) -> str | None:
        """The time of day where it is printed for the bank's day; a time of another day would mislead."""
        cell = self.header.cell(cells, "time")
        try:
            if not _starts_with_day(cell):
                return text_of.clock(cell)
            day, clock = text_of.moment(cell)
        except Malformed:
            return None
        return clock if day == on else None


def read_body(table: Table, header: Header, layouts: Sequence[Layout]) -> Body:
    """Read the rows below the header.

    Raises the first mistake met, :class:`Malformed` or :class:`Refused`, with the others in its context ``problems``.
    """
    reader = _Reader(header, layouts)
    for index in range(header.row + 1, len(table.rows)):
        reader.take(index + 1, table.rows[index])
    said = dict(summary(table.rows[: header.top], 1))
    for row, cells in reader.notes:
        said = {**summary([cells], row), **said}
    printed = _printed_opening(reader, said)
    raise_all(reader.problems)
    return Body(tuple(reader.lines), said, printed, reader.footer, reader.account)


def raise_all(problems: Sequence[MingzhangError]) -> None:
    """Raise the first of the problems, if any, with the others (a hundred at most) as ``problems`` in its context."""
    if problems:
        first = problems[0]
        context = {**first.context, "count": len(problems), "problems": tuple(problems[1:100])}
        raise type(first)(first.rule, first.value, first.accepted, **context)


def said_money(said: Mapping[str, Said], kind: str) -> int | None:
    """The amount that the file prints about itself; :class:`Malformed` with its row if it is none."""
    if kind not in said:
        return None
    try:
        return text_of.money(said[kind].text)
    except Malformed as error:
        raise Malformed(error.rule, error.value, error.accepted, row=said[kind].row, column=kind) from None


def plain_zero(cell: str) -> bool:
    """Whether a cell of money prints nothing but zero."""
    return re.fullmatch(r"0(?:\.0{1,2})?", text_of.plain(cell)) is not None


def _printed_opening(reader: _Reader, said: Mapping[str, Said]) -> int | None:
    found = list(reader.openings)
    try:
        above = said_money(said, "opening")
    except Malformed as error:
        reader.problems.append(error)
        return None
    if above is not None:
        found.insert(0, (said["opening"].row, above))
    for row, fen in found:
        if fen != found[0][1]:
            value, accepted = text_of.yuan(fen), text_of.yuan(found[0][1])
            reader.problems.append(Malformed("bank.several_tables", value, accepted, row=row))
    return found[0][1] if found else None


def _starts_with_day(cell: str) -> bool:
    """Whether the cell means to be a date: eight digits or a year and a separator (so that 20261301 is a mistake)."""
    return re.match(r"[0-9]{8}|[0-9]{4}[-/.年]", text_of.plain(cell)) is not None
