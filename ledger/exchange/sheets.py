"""Tables for other people's spreadsheet programs: XLSX (ECMA-376) whose first row are the heads, with no clock in it.

A sheet's title is ``pack.sheet_<code>`` of the catalogues, its heads ``pack.head_<column>``; what has to be said about it
(``pack.note_<code>``, where there is such a text) stands below its rows, so that a program that reads from the first row on meets
nothing but the table. An amount is a number of yuan with two decimals; text never becomes a formula
(:func:`ledger.exchange.workbook.cell_of`).
"""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import openpyxl
from openpyxl.utils import get_column_letter

from ledger import words
from ledger.exchange.workbook import Cell, cell_of, timeless

NARROWEST: Final = 8
WIDEST: Final = 48
LONGEST_NAME: Final = 31
"""Characters that a sheet's name may have (ECMA-376)."""
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``name``: on its tab, where several tables have one code; ``last``: the sum row; ``notes``: further ones."""

    code: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    name: str = ""
    last: Row = ()
    notes: tuple[str, ...] = ()


def yuan(fen: int) -> Decimal:
    """An amount as a cell.

    >>> yuan(-123456), yuan(0)
    (Decimal('-1234.56'), Decimal('0.00'))
    """
    return Decimal(fen).scaleb(-2)


def workbook(sheets: Iterable[Sheet], locale: str) -> bytes:
    """The tables as one XLSX, a tab each. Raises ``words.…``."""
    book = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        tab = book.create_sheet(
            (sheet.name or words.text(f"pack.sheet_{sheet.code}", locale)).translate(_FORBIDDEN)[:LONGEST_NAME]
        )
        heads = [words.text(f"pack.head_{column}", locale) for column in sheet.columns]
        rows = [*sheet.rows, *([sheet.last] if sheet.last else [])]
        tab.freeze_panes = "A2"
        for number, width in enumerate(_widths(heads, rows), 1):
            tab.column_dimensions[get_column_letter(number)].width = width
        tab.append([cell_of(tab, head) for head in heads])
        for row in rows:
            tab.append([cell_of(tab, cell) for cell in row])
        note = f"pack.note_{sheet.code}"
        notes = [words.text(note, locale)] if words.has(note, locale) else []
        if notes or sheet.notes:
            tab.append([])
        for text in (*notes, *sheet.notes):
            tab.append([cell_of(tab, text)])
    made = io.BytesIO()
    book.save(made)
    return timeless(made.getvalue())


def _widths(heads: Sequence[str], rows: Iterable[Row]) -> list[int]:
    widths = [_width(head) for head in heads]
    for row in rows:
        for number, cell in enumerate(row[: len(widths)]):
            text = f"{cell:,.2f}" if isinstance(cell, Decimal) else str(cell)
            widths[number] = max(widths[number], _width(text))
    return [min(max(width + 2, NARROWEST), WIDEST) for width in widths]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
