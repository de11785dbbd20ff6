"""A table of worded cells, so that HTML and PDF print the same thing. An empty one says so in words: what is missing from a
print cannot be told from what was left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.paper.naming import Names

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An annex. ``kinds`` says of each column what it holds: ``text``, ``short``, ``money`` or ``digest``.

    ``last`` is the sum row; ``note`` stands below; without rows ``empty`` is printed instead.
    """

    code: str
    title: str
    heads: Cells
    kinds: Cells
    rows: tuple[Cells, ...]
    last: Cells = ()
    note: str = ""
    empty: str = ""


def table(names: Names, code: str, columns: str, rows: Iterable[Sequence[str]], last: Sequence[str] = ()) -> Table:
    """``columns``: ``head:kind`` by blanks; heads are keys below ``statement.head_``."""
    phrases = names.phrases
    pairs = [column.split(":") for column in columns.split()]
    note = f"statement.note_{code}"
    noted = note in phrases.plain(note)
    return Table(
        code=code,
        title=phrases.text(f"statement.annex_{code}"),
        heads=tuple(phrases.text(f"statement.head_{head}") for head, _ in pairs),
        kinds=tuple(kind for _, kind in pairs),
        rows=tuple(tuple(row) for row in rows),
        last=tuple(last),
        note=phrases.text(note) if noted else "",
        empty=phrases.text(f"statement.empty_{code}"),
    )
