"""Where the table begins: the header row, found by its names and never by its place.

>>> normalise("借方发生额／元（支取）"), normalise("交易日期[ Transaction Date ]"), normalise("账　　号")
('借方发生额/元(支取)', '交易日期', '账号')
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.errors import Malformed
from ledger.exchange.bank.decode import Table
from ledger.exchange.bank.layouts import Field, Layout

HEADER_ROWS = 200
"""How far down a header is looked for."""

_GLOSS = re.compile(r"\[.*\]$")
_SINGLE: frozenset[Field] = frozenset({"date", "out", "in", "amount", "balance"})


@dataclass(frozen=True)
class Header:
    """``top`` and ``row`` are the indices of the first and last header row; ``columns`` each field's, best first."""

    layout: Layout
    top: int
    row: int
    columns: Mapping[Field, tuple[int, ...]]

    def cell(self, cells: Sequence[str], field: Field) -> str:
        """The text of the field's first column in a row, empty where the row is too short or has no such column."""
        places = self.columns.get(field, ())
        return cells[places[0]] if places and places[0] < len(cells) else ""


def normalise(name: str) -> str:
    """A column name without what banks vary: width of characters, blanks, case, the English gloss in ``[ ]``."""
    folded = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
    return _GLOSS.sub("", folded)


def find_header(table: Table, layouts: Sequence[Layout]) -> Header | None:
    """The first row that names a layout's required fields, or the first two rows that do so together.

    Raises :class:`Malformed` ``bank.ambiguous_header`` where a column that must be one stands twice under one name.
    """
    named = [[normalise(cell) for cell in cells] for cells in table.rows[:HEADER_ROWS]]
    for row, names in enumerate(named):
        header = _match(names, row, row, layouts)
        below = named[row + 1] if row + 1 < len(named) else []
        # 发生额 above 借方 | 贷方: the lower name wins where there is one, if that says more than the upper row alone.
        width = max(len(names), len(below))
        both = [(_at(below, column) or _at(names, column)) for column in range(width)]
        more = layouts if header is None else layouts[: layouts.index(header.layout)]
        if not any(_covers(below, layout) for layout in layouts) and (pair := _match(both, row, row + 1, more)):
            return pair
        if header is not None:
            return header
    return None


def is_header(cells: Sequence[str], layouts: Sequence[Layout]) -> bool:
    """Whether a row could be the header of another table."""
    names = [normalise(cell) for cell in cells]
    return any(_covers(names, layout) for layout in layouts)


def _at(names: Sequence[str], column: int) -> str:
    return names[column] if column < len(names) else ""


def _covers(names: Sequence[str], layout: Layout) -> bool:
    present = set(names)
    return all(not present.isdisjoint(layout.names[field]) for field in layout.required)


def _match(names: Sequence[str], top: int, row: int, layouts: Sequence[Layout]) -> Header | None:
    layout = next((layout for layout in layouts if _covers(names, layout)), None)
    if layout is None:
        return None
    columns: dict[Field, tuple[int, ...]] = {}
    for field, aliases in layout.names.items():
        found = [column for alias in aliases for column, name in enumerate(names) if name == alias]
        if field in _SINGLE and len(found) > 1 and names[found[0]] == names[found[1]]:
            raise Malformed("bank.ambiguous_header", names[found[0]], row=row + 1)
        if found:
            columns[field] = tuple(found)
    return Header(layout, top, row, columns)
