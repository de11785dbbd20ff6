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
from ledger.accounts.records import MOST, DocumentEntered, DocumentLine
from ledger.audit.checks import figures, printed

YUAN: Final = 100
ROUNDED_UP_TO: Final = 10 * YUAN
"""A difference this large or larger is no rounding; a smaller one from one yuan on only at a thousandth of the amount: sums are
rounded to the yuan, long ones to ten.
"""
_LEFT_OFF: Final = (10 * YUAN, 100 * YUAN)
"""What is left off to make an amount round (抹零): less than one of these, and a hundredth of the amount at most."""
_ONE_FEN: Final = 1
_MOST_SUMS: Final = 4096
"""Readings of one paper's sum at most: beyond that it is not clear enough to say anything."""

_TAX: Final = re.compile(r"税[点金额费款率]|增值税|附加税|VAT\b|tax\b", re.IGNORECASE)
_TOTAL: Final = re.compile(
    "(?:小计|合计|总计|共计|总价|总额|sub-?total|(?:grand )?total|sum)(?:$|[(（:：,，、 ]|大写|人民币|金额)"
    "|(?:小计|合计|总计)[:：]?$",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile("其中|含|不含税|未税|税前|of which|incl|excl", re.IGNORECASE)
_LESS: Final = re.compile(
    "优惠|折扣|折让|让利|抵扣|抵减|减免|扣除|扣减|已付|预付|discount|less|deduct|paid", re.IGNORECASE
)
_AGREED: Final = re.compile(
    "(?:优惠|折|议价|下浮|让利)后|折后|实付|实收|实结|after discount|net of discount", re.IGNORECASE
)
"""A sum that is no sum: what was agreed in its place."""
_RATE: Final = re.compile("[%％‰]|费率|税率|rate", re.IGNORECASE)
_COUNT: Final = re.compile(
    "([0-9]+|[一二两三四五六七八九十百]{1,4})(?:个月|[台套个间人次天日晚餐月年组栋层块户车倍桶箱处条件期份张位班]|"
    " ?(?:months?|days?|nights?|sets?|units?|persons?|people|times|years?)\\b)"
)
_VAT: Final = tuple(Fraction(100 + rate, 100) for rate in (1, 3, 5, 6, 9, 10, 11, 13, 16, 17))
"""Prices without the tax beside amounts with it: by one of the rates there have been."""
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
        unit, each = self.line.unit_printed or "", figures.unit_of_price(self.line.price_printed)
        if self.quantity is None or self.price is None or _RATE.search(unit):
            return None
        if (unit and each and unit != each) or re.search("[·/*×]", each):
            return None  # so much a hundred metres, and metres; so much each and month
        product = self.quantity * self.price
        return product if abs(product) <= MOST else None

    @property
    def slack(self) -> Fraction:
        """By how much the product may be off because price or quantity were rounded: a price to less than a fen, an average or
        an area to a hundredth.
        """
        price, quantity = (_decimals(text) for text in (self.line.price_printed, self.line.quantity_printed))
        slack = Fraction(0)
        if price > 2:
            slack += abs(self.quantity or Fraction(0)) * YUAN / (2 * 10**price)
        if quantity >= 2:
            slack += abs(self.price or Fraction(0)) / (2 * 10**quantity)
        return slack

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
        if self.price is None and (_TOTAL.match(text) or _TOTAL.search(text[-3:])):
            return "total"
        if _WITHIN.match(text):
            return "within"
        if _TAX.match(text) and self.price is None:
            return "tax"
        return "less" if _LESS.match(text) else "item"

    @property
    def misplaced(self) -> bool:
        """Whether the price stands as the amount of more or less than one, of the price's own unit."""
        return self.price == self.amount and self.quantity not in (1, -1) and self.product is not None

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


def is_rounding(difference: Fraction, of: Fraction, slack: Fraction = Fraction(0)) -> bool:
    """Whether an amount that differs so much ``of`` what it should be was rounded, or rounded down."""
    size, amount = abs(difference), of + difference
    left_off = any(size < unit and amount % unit == 0 for unit in _LEFT_OFF)
    if difference < 0 and left_off and size * 100 <= of:
        return True
    return size < YUAN or size <= slack or (size < ROUNDED_UP_TO and size * 1000 <= abs(of))


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
    if any(_AGREED.search(text) for text in (body.subject, *(line.text for line in body.lines))):
        return None
    sums: set[Fraction] = {Fraction(0)}
    for row in items:
        sums = {known + value for known in sums for value in _values(row)}
        if len(sums) > _MOST_SUMS:
            return None
    plain = sum((_known(row) for row in items), Fraction(0))
    for row in rows:
        if row.role == "within":
            sums |= {known + _known(row) for known in sums}
        elif row.role == "less":
            sums |= {known + change for known in sums for change in (_known(row), -_known(row))}
            plain -= abs(_known(row))
        elif row.role == "tax" and row.amount is not None:
            sums |= {known + row.amount for known in sums}
            plain += row.amount
        elif row.role == "tax":
            rate = figures.percent(row.line.text)
            if rate is None:
                return None
            sums |= {known + known * rate for known in sums}
            plain += plain * rate
        if len(sums) > _MOST_SUMS:
            return None
    if any(abs(total - known * times) < _ONE_FEN for known in sums for times in _times(body)):
        return None
    nearest = min(sums, key=lambda known: abs(total - known))
    if not is_rounding(total - nearest, nearest):
        nearest = plain
    return Reading(total, nearest, total - nearest) if abs(nearest) <= MOST else None


def _values(row: Row) -> Iterable[Fraction]:
    """What a line may count for: its amount, and the product where the line itself is in doubt."""
    worth, product = _known(row), row.product
    return (worth, product) if product is not None and (row.off is not None or row.misplaced) else (worth,)


def _known(row: Row) -> Fraction:
    """The worth of a line that has one."""
    return Fraction(row.worth or 0)


def _times(body: DocumentEntered) -> list[Fraction | int]:
    """How often a total may be the sum of its lines: once, with tax, for each month, or as its subject says."""
    months = [figures.months_of(span) for span in printed.spans(body.period_printed)]
    return [1, *_VAT, *(count for count in months if count), *_counts(body.subject)]


def subtotals_off(body: DocumentEntered) -> Iterator[tuple[Row, int]]:
    """Lines that say a sum, of those since the last one or of all before, and are neither."""
    rows = rows_of(body)
    begin = 0
    for row in rows:
        if row.role != "total" or row.amount is None or _AGREED.search(row.line.text):
            continue
        before = [other for other in rows[: row.place] if other.role != "total"]
        plain = all(o.role == "item" and o.worth is not None and o.off is None and not o.misplaced for o in before)
        if before and plain:
            sums = [sum(map(_known, some), Fraction(0)) for some in ([o for o in before if o.place >= begin], before)]
            if not any(is_rounding(row.amount - due, due) for due in sums):
                yield row, int(sums[0])
        begin = row.place + 1


def taxes_off(body: DocumentEntered) -> Iterator[tuple[Row, Fraction]]:
    """Tax lines that do not fit, with the tax due."""
    rows = rows_of(body)
    for row in rows:
        rate = figures.percent(row.line.text)
        others = [other for other in rows if other.role in ("item", "less")]
        if row.role != "tax" or row.amount is None or rate is None or any(other.worth is None for other in others):
            continue
        amount, above = row.amount, [other for other in others if other.place < row.place]
        bases = [sum(map(_known, some), Fraction(0)) for some in (others, above)]
        nearest = min(
            (base * share for base in bases for share in (rate, rate / (1 + rate))), key=lambda due: abs(amount - due)
        )
        if abs(amount - nearest) >= _ONE_FEN:
            yield row, nearest


def _factors(line: DocumentLine) -> Iterator[Fraction]:
    """What a line's own words may multiply its product with: counts, percentages, a discount (8折)."""
    text = f"{line.text} {line.unit_printed or ''}"
    counts = _counts(text)
    yield Fraction(1)
    yield from _VAT
    yield from (Fraction(count) for count in counts)
    yield from (Fraction(one * other) for place, one in enumerate(counts) for other in counts[place + 1 :])
    if (rate := figures.percent(text)) is not None:
        yield from (rate, 1 + rate, 1 - rate)
    if match := _DISCOUNT.search(text):
        word = match[1]
        yield Fraction(word) / 10 if word.isascii() else Fraction(figures.whole_number(word) or 0, 10 ** len(word))


def _decimals(printed: str | None) -> int:
    """How many digits of a figure are printed behind its point: two of 0.05, none of 5."""
    digits = re.search(r"\.([0-9]+)", figures.narrow(printed or ""))
    return len(digits[1]) if digits else 0


def _counts(text: str) -> list[int]:
    every = [figures.whole_number(word) for word in _COUNT.findall(figures.narrow(text))]
    return [number for number in every if number]


def to_fen(value: Fraction | int) -> int:
    """Whole fen, rounded half away from zero."""
    return money.divide(Fraction(value).numerator, Fraction(value).denominator)
