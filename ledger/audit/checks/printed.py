"""Printed text 印文, read: the days that a receipt covers, where a thing is, how large, at what price.

People print the same thing in many ways. What is read here is read surely; anything else is nothing, never a guess.

>>> [str(span) for span in spans("2018-12 2019-01-01..2019-01-07")]
['2018-12-01..2018-12-31', '2019-01-01..2019-01-07']
>>> str(spans("2019年1月至3月")[0]), str(spans("2019年上半年")[0]), spans("2018-11及以前"), spans("2019-13")
('2019-01-01..2019-03-31', '2019-01-01..2019-06-30', (), ())
>>> area("裙楼一、二层机房各一间（各约13㎡）"), area("杂物间"), fen("2,100.5")
(Area(hundredths=1300, each=True), None, 210050)
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from ledger import period
from ledger.errors import Malformed
from ledger.money import parse_yuan

_DIGITS: Final = "零一二三四五六七八九十"
_POINT: Final = r"([0-9]{4})(?:年|[-./])([0-9]{1,2})(?:(?:月|[-./])([0-9]{1,2})日?|月份?)?"
_TO: Final = r"(?:\.\.\.?|至|到|[~—–-])"
_ONE: Final = re.compile(_POINT)
_RANGE: Final = re.compile(rf"{_POINT}{_TO}{_POINT}")
_RANGE_IN_YEAR: Final = re.compile(
    rf"([0-9]{{4}})年([0-9]{{1,2}})(?:月(?:([0-9]{{1,2}})日)?)?{_TO}([0-9]{{1,2}})月(?:份|([0-9]{{1,2}})日)?"
)
_YEAR: Final = re.compile(r"([0-9]{4})(?:年度?|年?(?:第?([一二三四1-4])季度|(上|下)半年))")
_APART: Final = re.compile(r"[\s、,;]+")
_FIRST: Final = 1900
_LAST: Final = 2199
"""Years that a community's paper means; another is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def meets(self, other: "Span") -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Area:
    """An area in 0.01 m²; ``each``: of every one of the things counted."""

    hundredths: int
    each: bool


def plain(text: str | None) -> str:
    """A printed text with full-width forms made narrow (``㎡`` becomes ``m2``)."""
    return unicodedata.normalize("NFKC", text or "").strip()


@lru_cache(maxsize=4096)
def spans(text: str | None) -> tuple[Span, ...]:
    """The spans of days that a text names and nothing else; none at all where any of it is not one."""
    found = []
    for word in _APART.split(plain(text)):
        span = _span(word)
        if span is None or not (span.first.year >= _FIRST and span.last.year <= _LAST):
            return ()
        found.append(span)
    return tuple(found)


def whole(text: str | None) -> Span | None:
    """From the first day of all that a text names to the last; None where it is unclear."""
    named = spans(text)
    return Span(min(s.first for s in named), max(s.last for s in named)) if named else None


def last_day(printed: str | None) -> date | None:
    """A printed last day; one that its month does not have counts as the month's last: 2023-11-31 is 30 November."""
    match = _ONE.fullmatch(plain(printed))
    if match is None or match[3] is None:
        return None
    month, day = whole(f"{match[1]}-{match[2]}"), int(match[3])
    return min(month.last, period.add_days(month.first, day - 1)) if month and 1 <= day <= 31 else None


def _span(word: str) -> Span | None:
    try:
        if re.fullmatch(r"[0-9]{4}(?:-[0-9]{2}|Q[1-4]|H[12])?", word):
            read = period.Period.parse(word)
            return Span(read.first, read.last)
        if match := _YEAR.fullmatch(word):
            return _part_of_year(int(match[1]), match[2], match[3])
        if match := _ONE.fullmatch(word):
            return _point(match[1], match[2], match[3])
        if match := _RANGE.fullmatch(word):
            return _joined(_point(*match.groups()[:3]), _point(*match.groups()[3:]))
        if match := _RANGE_IN_YEAR.fullmatch(word):
            year, month, day, last_month, last = match.groups()
            return _joined(_point(year, month, day), _point(year, last_month, last))
    except Malformed:
        return None
    return None


def _part_of_year(year: int, quarter: str | None, half: str | None) -> Span:
    months, number = 12, 1
    if quarter:
        months, number = 3, int(quarter) if quarter.isascii() else _DIGITS.index(quarter)
    elif half:
        months, number = 6, 1 if half == "上" else 2
    read = period.Period(year, months, number)
    return Span(read.first, read.last)


def _point(year: str, month: str, day: str | None) -> Span:
    if day is None:
        return _month(int(year), int(month))
    on = period.parse_day(f"{year}-{int(month):02}-{int(day):02}")
    return Span(on, on)


def _month(year: int, month: int) -> Span:
    read = period.Period(year, 1, month)
    return Span(read.first, read.last)


def _joined(start: Span, end: Span) -> Span | None:
    return Span(start.first, end.last) if start.first <= end.last else None


_AREA: Final = re.compile(
    r"(各|每[间处个套]?)?(?:约|大约)?(?<![0-9.])([0-9]{1,6})(?:\.([0-9]{1,2}))?(?:m2|m²|平方米|平米|平方|sqm|square met)"
)


def area(text: str | None) -> Area | None:
    """The one area that a text names, or None; it may say that it is that of each thing."""
    found = _AREA.findall(plain(text))
    if len(found) != 1:
        return None
    each, whole_part, decimals = found[0]
    return Area(int(whole_part) * 100 + int(f"{decimals:0<2}"), bool(each))


def fen(text: str) -> int | None:
    """An amount of yuan as printed, in fen."""
    try:
        return parse_yuan(text)
    except Malformed:
        return None
