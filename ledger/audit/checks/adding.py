"""What the lines of a paper come to, beside what it says they do.

A line is read as printed (:mod:`.figures`). Where its own words explain another amount (a number of lifts, a discount), where a unit
is a rate, or where what belongs to the sum is unclear, nothing is off.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger import money
from ledger.accounts.records import DocumentEntered, DocumentLine
from ledger.audit.checks import figures, printed

YUAN: Final = 100
ROUNDED_UP_TO: Final = 10 * YUAN
"""A difference this large or larger is no rounding; a smaller one from one yuan on only at a thousandth of the amount: sums are
rounded to the yuan, long ones to ten.
"""
_ONE_FEN: Final = 1
_MOST_SUMS: Final = 4096
"""Readings of one paper's sum at most: beyond that it is not clear enough to say anything."""

_TAX: Final = re.compile(r"税[点金额费款率]|增值税|附加税|VAT\b|tax\b", re.IGNORECASE)
_TOTAL: Final = re.compile(
    r"(小计|合计|总计|共计|总价|总额|sub-?total|(?:grand )?total|sum)(\(.*\)|（.*）)?[:：]?", re.IGNORECASE
)
_WITHIN: Final = re.compile("其中|含|of which|incl", re.IGNORECASE)
_LESS: Final = re.compile(
    "优惠|折扣|折让|让利|抵扣|抵减|减免|扣除|扣减|已付|预付|discount|less|deduct|paid", re.IGNORECASE
)
_RATE: Final = re.compile("[%％‰]|费率|税率|rate", re.IGNORECASE)
_COUNT: Final = re.compile(
    "([0-9]+|[一二两三四五六七八九十百]{1,4})(?:个月|[台套个间人次天日晚餐月年组栋层块户车倍桶箱处条件期份张位班]|"
    " ?(?:months?|days?|nights?|sets?|units?|persons?|people|times|years?)\\b)"
)
_DISCOUNT: Final = re.compile("([0-9](?:\\.[0-9])?|[一二三四五六七八九]{1,2})折")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a paper, as it can be read."""

    place: int
    line: DocumentLine
    quantity: Fraction | None
    price: Fraction | None

    @property
    def amount(self) -> int | None:
        """In fen, as printed."""
        return self.line.amount_printed

    @property
    def product(self) -> Fraction | None:
        """Quantity × price in fen, which may be a fraction of one; none for rates."""
        if self.quantity is None or self.price is None or _RATE.search(self.line.unit_printed or ""):
            return None
        return self.quantity * self.price

    @property
    def worth(self) -> int | None:
        """The amount, or the product where none is printed."""
        if self.amount is not None or self.product is None:
            return self.amount
        return to_fen(self.product)

    @property
    def role(self) -> str:
        """What it is to the sum: ``item``, ``tax``, ``total`` of those before it, ``within`` another, ``less``."""
        text = self.line.text.strip()
        if _TOTAL.fullmatch(text):
            return "total"
        if _WITHIN.match(text):
            return "within"
        if _TAX.match(text) and self.price is None:
            return "tax"
        return "less" if _LESS.match(text) else "item"

    @property
    def misplaced(self) -> bool:
        """Whether the price stands as the amount of more or less than one."""
        return self.amount is not None and self.price == self.amount and self.quantity not in (None, 1, -1)

    @property
    def off(self) -> Fraction | None:
        """Amount less product, where nothing explains the difference."""
        amount, product = self.amount, self.product
        if amount is None or product is None or self.misplaced:
            return None
        if any(abs(abs(amount) - abs(product * factor)) < _ONE_FEN for factor in _factors(self.line)):
            return None
        return amount - product


def rows_of(body: DocumentEntered) -> list[Row]:
    """The lines of a paper, read."""
    return [
        Row(place, line, figures.figure(line.quantity_printed), figures.yuan(line.price_printed))
        for place, line in enumerate(body.lines)
    ]


def is_rounding(difference: Fraction, of: Fraction) -> bool:
    """Whether a difference is small enough to come from rounding."""
    size = abs(difference)
    return size < YUAN or (size < ROUNDED_UP_TO and size * 1000 <= abs(of))


@dataclass(frozen=True, slots=True)
class Reading:
    """A total beside the sum it should be: ``difference`` is to the nearest of all readings, ``plain`` the nearest itself."""

    total: int
    plain: Fraction
    difference: Fraction


def read_sum(body: DocumentEntered) -> Reading | None:
    """How a paper's total differs from its lines; None where some reading fits, or none can be told."""
    rows = [row for row in rows_of(body) if row.role != "total"]
    items = [row for row in rows if row.role == "item"]
    total = body.total_printed
    if total is None or not items or any(row.worth is None for row in rows if row.role != "tax"):
        return None
    if body.kind == "quote" and len(items) > 1:
        return None  # its lines may be offers of which one is taken
    sums: set[Fraction] = {Fraction(0)}
    for row in items:
        sums = {known + value for known in sums for value in _values(row)}
        if len(sums) > _MOST_SUMS:
            return None
    plain = sum((Fraction(row.worth or 0) for row in items), Fraction(0))
    for row in rows:
        worth = Fraction(row.worth or 0)
        if row.role == "within":
            sums |= {known + worth for known in sums}
        elif row.role == "less":
            sums |= {known + change for known in sums for change in (worth, -worth)}
            plain -= abs(worth)
        elif row.role == "tax":
            rate = figures.percent(row.line.text)
            if row.amount is None and rate is None:
                return None
            sums |= {known + (worth if row.amount is not None or rate is None else known * rate) for known in sums}
            plain += worth if row.amount is not None or rate is None else plain * rate
        if len(sums) > _MOST_SUMS:
            return None
    if any(abs(total - known * times) < _ONE_FEN for known in sums for times in _times(body)):
        return None
    nearest = min(sums, key=lambda known: abs(total - known))
    if not is_rounding(total - nearest, nearest):
        nearest = plain
    return Reading(total, nearest, total - nearest)


def _values(row: Row) -> Iterable[Fraction]:
    """What a line may count for: its amount, and the product where the line itself is in doubt."""
    worth = Fraction(row.worth or 0)
    return (worth, row.product) if row.product is not None and (row.off is not None or row.misplaced) else (worth,)


def _times(body: DocumentEntered) -> list[int]:
    """How often a total may be the sum of its lines: once, for each month, or as its subject says."""
    months = [figures.months_of(span) for span in printed.spans(body.period_printed)]
    return [1, *(count for count in months if count), *_counts(body.subject)]


def subtotals_off(body: DocumentEntered) -> Iterator[tuple[Row, int]]:
    """Lines that say a sum, of those since the last one or of all before, and are neither."""
    rows = rows_of(body)
    begin = 0
    for row in rows:
        if row.role != "total" or row.amount is None:
            continue
        before = [other for other in rows if other.place < row.place and other.role != "total"]
        sums = [sum(o.worth or 0 for o in some) for some in ([o for o in before if o.place >= begin], before)]
        plain = all(o.role == "item" and o.worth is not None and o.off is None and not o.misplaced for o in before)
        if before and plain and not any(is_rounding(Fraction(row.amount - due), Fraction(due)) for due in sums):
            yield row, sums[0]
        begin = row.place + 1


def taxes_off(body: DocumentEntered) -> Iterator[tuple[Row, Fraction]]:
    """Tax lines that do not fit, with the tax due."""
    rows = rows_of(body)
    for row in rows:
        rate = figures.percent(row.line.text)
        others = [other for other in rows if other.role in ("item", "less")]
        if row.role != "tax" or row.amount is None or rate is None or any(other.worth is None for other in others):
            continue
        bases = [
            sum(other.worth or 0 for other in some) for some in (others, [o for o in others if o.place < row.place])
        ]
        dues = [Fraction(base) * share for base in bases for share in (rate, rate / (1 + rate))]
        if all(abs(row.amount - due) >= _ONE_FEN for due in dues):
            yield row, min(dues, key=lambda due: abs(Fraction(row.amount or 0) - due))


def _factors(line: DocumentLine) -> Iterator[Fraction]:
    """What a line's own words may multiply its product with: counts, percentages, a discount (8折)."""
    text = f"{line.text} {line.unit_printed or ''}"
    counts = _counts(text)
    yield Fraction(1)
    yield from (Fraction(count) for count in counts)
    yield from (Fraction(one * other) for place, one in enumerate(counts) for other in counts[place + 1 :])
    if (rate := figures.percent(text)) is not None:
        yield from (rate, 1 + rate, 1 - rate)
    if match := _DISCOUNT.search(text):
        digits = Fraction(match[1]) if match[1][0].isascii() else Fraction(figures.whole_number(match[1]) or 10)
        yield digits / 10 if digits < 10 else digits / 100


def _counts(text: str) -> list[int]:
    every = [figures.whole_number(word) for word in _COUNT.findall(figures.narrow(text))]
    return [number for number in every if number and number > 1]


def to_fen(value: Fraction | int) -> int:
    """Whole fen, rounded half away from zero."""
    return money.divide(Fraction(value).numerator, Fraction(value).denominator)
