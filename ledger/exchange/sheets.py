"""Tables for other people's spreadsheet programs: XLSX (ECMA-376) whose first row are the heads, with no clock in it.

A sheet's title is ``pack.sheet_<code>`` of the catalogues, its heads ``pack.head_<column>``; what has to be said about it
(``pack.note_<code>``, where there is such a text) stands below its rows, so that a program that reads from the first row on meets
nothing but the table. An amount is a number of yuan with two decimals; text never becomes a formula
(:func:`ledger.exchange.workbook.cell_of`). Long text goes on in its own cell, not over the next, so that the table can be
printed as it stands; what no row is high enough for, a key of two thousand letters, is whole in the cell and cut on paper.
"""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ledger import words
from ledger.exchange.workbook import Cell, begin, cell_of, timeless

NARROWEST: Final = 8
WIDEST: Final = 40
HIGHEST: Final = 25
"""Lines of text that a row may show: no row is higher than 409 points."""
LINE: Final = 15
"""Height of a line of text in points."""
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

    def __post_init__(self) -> None:
        """Raises ValueError where a row has more cells than the table has columns: they would not be seen."""
        if any(len(row) > len(self.columns) for row in (*self.rows, self.last)):
            raise ValueError(f"a row of {self.code} is longer than its heads")


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
        _write(tab, sheet, locale)
    made = io.BytesIO()
    book.save(made)
    return timeless(made.getvalue())


def _write(tab: Worksheet, sheet: Sheet, locale: str) -> None:
    heads = [words.text(f"pack.head_{column}", locale) for column in sheet.columns]
    rows = [*sheet.rows, *([sheet.last] if sheet.last else [])]
    widths = _widths(heads, rows)
    for number, width in enumerate(widths, 1):
        tab.column_dimensions[get_column_letter(number)].width = width
    begin(tab, heads)
    for at, row in enumerate(rows, 2):
        held = list(zip(row, widths, strict=False))
        tab.row_dimensions[at].height = LINE * max((_shown(cell, width) for cell, width in held), default=1)
        tab.append([_held(cell_of(tab, cell), width) for cell, width in held])
    note = f"pack.note_{sheet.code}"
    notes = [words.text(note, locale)] if words.has(note, locale) else []
    notes += sheet.notes
    if notes:
        tab.append([])
    last, below = get_column_letter(len(heads)), 1 + len(rows) + bool(notes)
    for at, text in enumerate(notes, below + 1):
        tab.row_dimensions[at].height = LINE * _shown(text, sum(widths))
        tab.append([_held(cell_of(tab, text), sum(widths))])
        if len(heads) > 1:  # a program takes a join of one cell for damage
            tab.merged_cells.add(f"A{at}:{last}{at}")
    tab.print_area = f"A1:{last}{below + len(notes)}"


def _held(cell: Any, width: int) -> Any:
    """The cell with its text kept within its ``width``: on as many lines as it takes, or cut on paper."""
    cut = _lines(cell.value, width) > HIGHEST
    cell.alignment = Alignment(vertical="top", wrap_text=not cut, horizontal="fill" if cut else None)
    return cell


def _shown(cell: Cell, width: int) -> int:
    """How many lines of a cell a row shows: one of what is cut."""
    lines = _lines(cell, width)
    return lines if lines <= HIGHEST else 1


def _lines(cell: Cell, width: int) -> int:
    r"""How many lines a cell takes that is ``width`` wide. A line of Chinese or of words may end early.

    >>> _lines("电梯维保", 10), _lines("电梯维保", 6), _lines("甲\n乙", 8), _lines(7, 8)
    (1, 2, 2, 1)
    """
    parts = cell.split("\n") if isinstance(cell, str) else [""]
    return sum(max(1, -(-_width(part) // (width - 1))) for part in parts)


def _widths(heads: Sequence[str], rows: Iterable[Row]) -> list[int]:
    widths = [_width(head) for head in heads]
    for row in rows:
        for number, cell in enumerate(row[: len(widths)]):
            text = f"{cell:,.2f}" if isinstance(cell, Decimal) else str(cell)
            widths[number] = max(widths[number], _width(text))
    return [min(max(width + 2, NARROWEST), WIDEST) for width in widths]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
