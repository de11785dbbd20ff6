"""Periods that papers name, against what they count: more days or months than the period has, days named and not counted.

Row 12 of the table, but for the last, of row 11. A period is read where a paper names one and no more (:mod:`.printed`).
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from ledger import period
from ledger.accounts.records import ContractEntered, DocumentEntered, DocumentLine
from ledger.audit.checks import figures, printed
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.frame import Check, Found, found

_NUMBER: Final = "[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_BEFORE: Final = "(?<![第每近前后保效限0-9.])(?<!保修)(?<!保期)(?<!账期)"
"""Not a date, a warranty, a date of payment."""
_AFTER: Final = r"(?!以?内|之内|前|后|起|保|质保|到货|[^\s,，。;；、]{0,2}[/每])"
_DAYS: Final = re.compile(rf"{_BEFORE}({_NUMBER}) ?(?:天|days?\b){_AFTER}", re.IGNORECASE)
_NIGHTS: Final = re.compile(rf"{_BEFORE}({_NUMBER}) ?(?:天|晚|夜|days?\b|nights?\b){_AFTER}", re.IGNORECASE)
_BOTH: Final = re.compile("间夜|间天|人天|人次|人日|台班|房晚")
_DAY_UNITS: Final = frozenset({"天", "日", "day", "days"})
_MONTH_UNITS: Final = frozenset({"月", "个月", "month", "months"})


def days_over(case: Dossier) -> Iterator[Found]:
    """More days counted than the period has."""
    for act in case.acts(DocumentEntered):
        span = _span(act)
        if span is None:
            continue
        # A month is as a rule the one in which the paper was written; days that its text names need not be of that month.
        said = None if figures.months_of(span) else _days_said(act.body)
        counted = said or _counted(act.body, _DAY_UNITS)
        days = (span.last - span.first).days + 1
        if counted is not None and counted[0] > days:
            yield found(
                act.cite(counted[1]),
                paper=figures.name_of(act.body),
                counted=_said(counted[0]),
                days=days,
                period=act.body.period_printed or "",
            )


def months_over(case: Dossier) -> Iterator[Found]:
    """More months counted than the period has."""
    for act in case.acts(DocumentEntered):
        named, counted = _whole_months(act), _counted(act.body, _MONTH_UNITS)
        if named is None or counted is None:
            continue
        _, months = named
        # A multiple of the period's months is a number of things, each for all of them.
        if counted[0] > months and counted[0] % months:
            yield found(
                act.cite(counted[1]),
                paper=figures.name_of(act.body),
                counted=_said(counted[0]),
                months=months,
                period=act.body.period_printed or "",
            )


def days_uncounted(case: Dossier) -> Iterator[Found]:
    """A line that says for how many days so many things were taken, and counts the things only."""
    for act in case.acts(DocumentEntered):
        for place, line in enumerate(act.body.lines):
            quantity, price = figures.figure(line.quantity_printed), figures.yuan(line.price_printed)
            unit = line.unit_printed
            if quantity is None or price is None or not unit or _BOTH.search(line.text + unit):
                continue
            days, cost = _numbers(_NIGHTS, line.text), quantity * price
            things = _numbers(re.compile(rf"({_NUMBER}) ?{re.escape(unit)}"), line.text)
            if len(days) == 1 and days[0] >= 2 and quantity in things and line.amount_printed == cost:
                yield found(
                    act.cite(f"lines/{place}"),
                    paper=figures.name_of(act.body),
                    number=place + 1,
                    text=line.text,
                    quantity=_said(quantity),
                    days=days[0],
                    amount_fen=int(cost),
                )


def not_over(case: Dossier) -> Iterator[Found]:
    """A claim by the month, dated before the last of its months was over, and no contract that would have it paid ahead."""
    agreed = {act.body.document for act in case.acts(ContractEntered)}
    for act in case.acts(DocumentEntered):
        named, counted, dated = _whole_months(act), _counted(act.body, _MONTH_UNITS), act.body.dated
        if named is None or counted is None or dated is None or act.digest in agreed:
            continue
        span, months = named
        if counted[0] == months > 1 and span.first <= period.parse_day(dated) < span.last:
            yield found(
                act.cite("period_printed"),
                paper=figures.name_of(act.body),
                period=act.body.period_printed or "",
                months=months,
                dated_day=dated,
                last_day=span.last.isoformat(),
            )


def _span(act: Acted[DocumentEntered]) -> printed.Span | None:
    spans = printed.spans(act.body.period_printed)
    return spans[0] if len(spans) == 1 else None


def _whole_months(act: Acted[DocumentEntered]) -> tuple[printed.Span, int] | None:
    """The one period that a paper names, if it is of whole months, and how many."""
    span = _span(act)
    if span is None:
        return None
    months = figures.months_of(span)
    return None if months is None else (span, months)


def _days_said(body: DocumentEntered) -> tuple[Fraction, str] | None:
    """The one number of days that subject and lines name, and where."""
    texts = [("subject", body.subject), *((f"lines/{place}", line.text) for place, line in enumerate(body.lines))]
    said = [(number, where) for where, text in texts for number in _numbers(_DAYS, text)]
    numbers = {number for number, _ in said}
    return (Fraction(said[-1][0]), said[-1][1]) if len(numbers) == 1 else None


def _counted(body: DocumentEntered, units: frozenset[str]) -> tuple[Fraction, str] | None:
    """The quantity of the one line in these units, and where; none where its text names things that were counted too."""
    lines = [(place, line) for place, line in enumerate(body.lines) if (line.unit_printed or "").lower() in units]
    if len(lines) != 1:
        return None
    place, line = lines[0]
    quantity = figures.figure(line.quantity_printed)
    return None if quantity is None or _several(line) else (quantity, f"lines/{place}")


def _several(line: DocumentLine) -> bool:
    return (
        re.search(rf"({_NUMBER}) ?(?:[台套个间人组栋处辆户名位]|sets?\b|units?\b|persons?\b|people\b)", line.text)
        is not None
    )


def _numbers(pattern: re.Pattern[str], text: str) -> list[int]:
    every = [figures.whole_number(word) for word in pattern.findall(figures.narrow(text))]
    return [number for number in every if number is not None]


def _said(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


_PAPER: Final = (DocumentEntered,)

CHECKS: Final = (
    Check("periods.days_over", "12", "medium", ("AL 14",), _PAPER, days_over),
    Check("periods.months_over", "12", "medium", ("AL 14",), _PAPER, months_over),
    Check("periods.days_uncounted", "12", "low", ("AL 14",), _PAPER, days_uncounted, weak=True),
    Check("periods.not_over", "11", "low", ("AL 14",), (DocumentEntered, ContractEntered), not_over, weak=True),
)
