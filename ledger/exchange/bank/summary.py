"""What a bank file prints about itself: account, currency, opening balance, totals, above its table and below it.

A label and its value stand in one cell (``账号：4420****8816``), in neighbours (``账　　号``, then the number, perhaps
two cells to the right), or several in one cell:

>>> rows = [("账　　号", "", "4420****8816"), ("币种：人民币  期初余额（元）: 86,420.15",), ("对方账号：1",)]
>>> {kind: (said.row, said.text) for kind, said in summary(rows, 1).items()}
{'account': (1, '4420****8816'), 'currency': (2, '人民币'), 'opening': (2, '86,420.15')}
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.errors import Malformed
from ledger.exchange.bank.cells import moment, plain
from ledger.exchange.bank.layouts import SUMMARY

_KINDS = {label: kind for kind, labels in SUMMARY.items() for label in labels}
_NAMES = "|".join(r"\s*".join(label) for label in sorted(_KINDS, key=len, reverse=True))
_LABEL = re.compile(rf"(?<!\w)(?P<name>{_NAMES})\s*(?:\([^()]*\)|\[[^\[\]]*\])*\s*(?P<end>:|$)")
_NEXT = re.compile(r"\s+[^\s:]+\s*:")
_DAYS = re.compile(r"[0-9]{8}|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")


@dataclass(frozen=True)
class Said:
    """A value that the file prints about itself and its 1-based row."""

    row: int
    text: str


def summary(rows: Sequence[Sequence[str]], first: int) -> Mapping[str, Said]:
    """The values by kind (the keys of :data:`~ledger.exchange.bank.layouts.SUMMARY`), the first mention of each.

    ``first`` is the 1-based number of the first of the rows.
    """
    said: dict[str, Said] = {}
    for number, cells in enumerate(rows, first):
        texts = [plain(cell) for cell in cells]
        for column, text in enumerate(texts):
            for label in _LABEL.finditer(text):
                if label["end"] != ":" and label.start() > 0:
                    continue
                kind = _KINDS["".join(label["name"].split())]
                rest = text[label.end() :].strip()
                beside = next((cell for cell in texts[column + 1 :] if cell), "")
                value = rest or ("" if ":" in beside and kind != "covers" else beside)
                if kind != "covers":
                    value = _NEXT.split(f" {value}" if value.endswith(":") else value)[0].strip()
                if value:
                    said.setdefault(kind, Said(number, value))
    return said


def speaks_of_itself(cells: Sequence[str]) -> bool:
    """Whether a row holds one of the labels, so that it is no movement."""
    return bool(summary([cells], 1))


def period(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The two dates of ``20181101-20181231`` and the like, None if there are not two in order."""
    try:
        days = [moment(day)[0] for day in _DAYS.findall(plain(text))]
    except Malformed:
        return None
    return (days[0], days[1]) if len(days) == 2 and days[0] <= days[1] else None
