"""Papers and contracts that do not add up: line by line, line by total, month by contract.

Row 12 of the table. What rounding explains is no error: it stands in a finding of its own, ranked low.
"""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from ledger import period
from ledger.accounts.records import MOST, ContractEntered, DocumentEntered, Expected
from ledger.audit.checks import figures
from ledger.audit.checks.adding import (
    YUAN,
    Reading,
    Row,
    is_rounding,
    read_sum,
    rows_of,
    subtotals_off,
    taxes_off,
    to_fen,
)
from ledger.audit.checks.dossier import Acted, Cited, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.spending import CYCLES

_CHANGING: Final = re.compile(
    "递增|递减|上浮|下浮|上调|增长|调整|免租|免费|优惠|escalat|increas|rent-free|discount", re.IGNORECASE
)


def lines_differ(case: Dossier) -> Iterator[Found]:
    """A line whose amount is another than its quantity times its price."""
    for act in case.acts(DocumentEntered):
        for row in rows_of(act.body):
            if row.off is not None and row.product is not None and not is_rounding(row.off, row.product, row.slack):
                yield found(
                    _at(act, row), paper=figures.name_of(act.body), **_told(row), difference_fen=to_fen(row.off)
                )


def quantity_is_price(case: Dossier) -> Iterator[Found]:
    """Quantity, price and amount are the same figure: a column was filled in twice."""
    for act in case.acts(DocumentEntered):
        for row in rows_of(act.body):
            if row.misplaced and row.quantity is not None and row.quantity * YUAN == row.price:
                yield found(_at(act, row), paper=figures.name_of(act.body), **_told(row))


def price_is_amount(case: Dossier) -> Iterator[Found]:
    """The price stands where the amount of several should."""
    for act in case.acts(DocumentEntered):
        for row in rows_of(act.body):
            if row.misplaced and row.quantity is not None and row.quantity * YUAN != row.price:
                yield found(_at(act, row), paper=figures.name_of(act.body), **_told(row))


def amounts_missing(case: Dossier) -> Iterator[Found]:
    """Lines without an amount on a paper whose other lines have theirs, where it can be told what is missing."""
    for act in case.acts(DocumentEntered):
        rows = [row for row in rows_of(act.body) if row.role in ("item", "less")]
        blank = [row for row in rows if row.amount is None]
        if not blank or len(blank) == len(rows):
            continue
        unknown = [row for row in blank if row.worth is None]
        missing = sum(row.worth or 0 for row in blank)
        if len(unknown) == 1 and act.body.total_printed is not None:
            rest = act.body.total_printed - sum(row.worth or 0 for row in rows_of(act.body) if row.role != "total")
            if rest <= 0:
                continue
            missing += rest
        elif unknown:
            continue
        yield found(
            *(_at(act, row) for row in blank),
            paper=figures.name_of(act.body),
            number=blank[0].place + 1,
            text=blank[0].line.text,
            count=len(blank),
            missing_fen=missing,
        )


def totals_differ(case: Dossier) -> Iterator[Found]:
    """A total that no reading of its lines adds up to."""
    for act in case.acts(DocumentEntered):
        reading = read_sum(act.body)
        if reading is not None and not is_rounding(reading.difference, reading.plain):
            yield found(
                act.cite("total_printed"),
                paper=figures.name_of(act.body),
                total_fen=reading.total,
                sum_fen=to_fen(reading.plain),
                difference_fen=to_fen(reading.difference),
            )
        for row, due in subtotals_off(act.body):
            amount = row.amount or 0
            yield found(
                _at(act, row),
                paper=figures.name_of(act.body),
                total_fen=amount,
                sum_fen=due,
                difference_fen=amount - due,
            )


def taxes_differ(case: Dossier) -> Iterator[Found]:
    """A tax line whose amount is another than its rate on the lines."""
    for act in case.acts(DocumentEntered):
        for row, due in taxes_off(act.body):
            difference = Fraction(row.amount or 0) - due
            if not is_rounding(difference, due):
                yield found(
                    _at(act, row),
                    paper=figures.name_of(act.body),
                    number=row.place + 1,
                    text=row.line.text,
                    amount_fen=row.amount or 0,
                    due_fen=to_fen(due),
                    difference_fen=to_fen(difference),
                )


def contracts_differ(case: Dossier) -> Iterator[Found]:
    """A contract whose total is another than what it promises a month, quarter or year, over its term."""
    for act in case.acts(ContractEntered):
        promised = _promised(act.body)
        if promised is not None and not is_rounding(promised.difference, promised.plain):
            yield found(
                act.cite("total_printed"),
                contract=act.body.code,
                total_fen=promised.total,
                sum_fen=to_fen(promised.plain),
                difference_fen=to_fen(promised.difference),
            )


def roundings(case: Dossier) -> Iterator[Found]:
    """Differences that rounding explains: all of a paper, or a contract's, in one finding."""
    for act in case.acts(DocumentEntered):
        met = [
            (_at(act, row), row.off)
            for row in rows_of(act.body)
            if row.off and row.product is not None and is_rounding(row.off, row.product, row.slack)
        ]
        taxes = [(row, Fraction(row.amount or 0) - due, due) for row, due in taxes_off(act.body)]
        met += [(_at(act, row), off) for row, off, due in taxes if is_rounding(off, due)]
        reading = read_sum(act.body)
        if reading and is_rounding(reading.difference, reading.plain):
            met.append((act.cite("total_printed"), reading.difference))
        if met:
            yield _rounding(met, figures.name_of(act.body))
    for contract in case.acts(ContractEntered):
        promised = _promised(contract.body)
        if promised is not None and is_rounding(promised.difference, promised.plain):
            yield _rounding([(contract.cite("total_printed"), promised.difference)], contract.body.object)


# --- sums --------------------------------------------------------------------------------------------------------------


_LONGEST: Final = 100
"""Years that a term may have: a longer one is a slip of the pen, and nothing follows from it."""


def _promised(body: ContractEntered) -> Reading | None:
    """A contract's total beside what it promises; None where they fit, or where it cannot be told."""
    total = body.total_printed
    fixed = [e for e in body.expected if e.cycle not in ("metered", "share")]
    if total is None or not fixed or body.start is None or body.end is None or _CHANGING.search(body.notes or ""):
        return None
    start, end = period.parse_day(body.start), period.parse_day(body.end)
    if end.year - start.year > _LONGEST or end.year == date.max.year:
        return None
    terms = [_over_term(expected, start, end) for expected in fixed]
    whole = _Term(*(sum(column) for column in zip(*terms, strict=True)))
    if any(term.fits(total) for term in (whole, *terms)) or whole.most > MOST:
        return None
    if len(fixed) < len(body.expected):
        return None  # the rest has no amount, and may be in the total
    nearest = min((whole.least, whole.most), key=lambda bound: abs(total - bound))
    return Reading(total, Fraction(nearest), Fraction(total - nearest))


class _Term(NamedTuple):
    """What a contract's term comes to: the last cycle may be begun. ``year``: what one year does, which a paper may print."""

    least: int
    most: int
    year: int
    cycles: int

    def fits(self, total: int) -> bool:
        """Whether a total may be this: an amount each cycle may have been rounded by a fen."""
        return self.least - self.cycles <= total <= self.most + self.cycles or total == self.year


def _over_term(expected: Expected, start: date, end: date) -> _Term:
    months = CYCLES.get(expected.cycle)
    if months is None:
        return _Term(expected.amount, expected.amount, expected.amount, 1)
    least, most = _cycles(start, end, months)
    return _Term(expected.amount * least, expected.amount * most, expected.amount * 12 // months, most)


def _cycles(start: date, end: date, months: int) -> tuple[int, int]:
    """How many cycles a term has, at least and at most: the last may be begun, and the last day be counted or not."""
    whole = 0
    while period.add_months(start, (whole + 1) * months) <= period.add_days(end, 1):
        whole += 1
    begun = period.add_months(start, whole * months)
    return whole, whole if begun in (end, period.add_days(end, 1)) else whole + 1


# --- what findings say ----------------------------------------------------------------------------------------------------


def _rounding(met: list[tuple[Cited, Fraction]], paper: str) -> Found:
    largest = max((off for _, off in met), key=abs)
    return Found(
        tuple(cited for cited, _ in met), {"paper": paper, "count": len(met), "difference_fen": to_fen(largest)}
    )


def _told(row: Row) -> dict[str, int | str]:
    return {
        "number": row.place + 1,
        "text": row.line.text,
        "quantity": row.line.quantity_printed or "",
        "price": row.line.price_printed or "",
        "amount_fen": row.amount or 0,
        "product_fen": to_fen(row.product or Fraction(0)),
    }


def _at(act: Acted[DocumentEntered], row: Row) -> Cited:
    return act.cite(f"lines/{row.place}")


_PAPER: Final = (DocumentEntered,)
_CONTRACT: Final = (ContractEntered,)

CHECKS: Final = (
    Check("sums.line", "12", "high", ("AL 14", "AL 17"), _PAPER, lines_differ),
    Check("sums.total", "12", "high", ("AL 14", "AL 17"), _PAPER, totals_differ),
    Check("sums.tax", "12", "high", ("AL 14", "AL 17"), _PAPER, taxes_differ),
    Check("sums.contract", "12", "high", ("AL 17", "CC 470"), _CONTRACT, contracts_differ),
    Check("sums.quantity_is_price", "12", "medium", ("AL 14",), _PAPER, quantity_is_price),
    Check("sums.price_is_amount", "12", "low", ("AL 14",), _PAPER, price_is_amount),
    Check("sums.amount_missing", "12", "low", ("AL 14",), _PAPER, amounts_missing),
    Check("sums.rounding", "12", "low", ("AL 17",), (DocumentEntered, ContractEntered), roundings),
)
