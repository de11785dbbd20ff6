"""Days, periods and instants, by arithmetic alone: no clock, no time-zone table, no holiday.

A *day* is a ``datetime.date``, on the ledger ``2019-06-30``. An *instant* is a whole number of milliseconds since
1970-01-01T00:00:00Z, on the ledger ``2019-06-30T08:00:00.000Z``. A *legal day* is the day that an instant falls on at
the ledger's fixed offset (+08:00), so that it is the same for every reader at every place.

Terms run by the Civil Code, arts. 200-204: the first day is not counted; a term of months ends on the corresponding
day, or on the last day of the month where there is none; the last day ends at 24:00. Moving an end off a rest day
needs the State Council's yearly table and belongs to the legal calendar, not here.

>>> days_after(parse_day("2019-03-01"), 15).isoformat()
'2019-03-16'
>>> add_months(parse_day("2019-08-31"), 6).isoformat()
'2020-02-29'
>>> half = Period.parse("2019H1")
>>> half.first.isoformat(), half.last.isoformat(), half.next().code
('2019-01-01', '2019-06-30', '2019H2')
>>> legal_day(parse_time("2019-06-30T16:00:00.000Z"), parse_offset("+08:00")).isoformat()
'2019-07-01'
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self, TypeAlias

from ledger.errors import Malformed

Day: TypeAlias = date
"""A day of the Gregorian calendar, at the ledger's offset."""

DAY_MS: Final = 86_400_000
MINUTE_MS: Final = 60_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MAX_TIME: Final = (date.max.toordinal() + 1 - _EPOCH) * DAY_MS - 1
_START: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC by definition; a zone would only be written out
_MILLISECOND: Final = timedelta(milliseconds=1)

_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PERIOD: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})|Q([1-4])|H([12]))?")
_SECOND: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_TIME: Final = re.compile(rf"{_SECOND}\.[0-9]{{3}}Z")
_RFC3339: Final = re.compile(rf"({_SECOND})(?:\.([0-9]{{1,3}}))?(Z|[+-][0-9]{{2}}:[0-9]{{2}})")
_OFFSET: Final = re.compile(r"([+-])([01][0-9]|2[0-3]):([0-5][0-9])")

_DAY_FORM: Final = "YYYY-MM-DD"
_TIME_FORM: Final = "YYYY-MM-DDTHH:MM:SS.mmmZ"
_RFC3339_FORM: Final = "YYYY-MM-DDTHH:MM:SS[.mmm] and Z or ±HH:MM"


def parse_day(text: str) -> Day:
    """Read ``2019-06-30``. Raises Malformed ``period.day``."""
    found = _DAY.fullmatch(text)
    if not found:
        raise Malformed("period.day", text, _DAY_FORM)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Malformed("period.day", text, "a day of the calendar") from error


def format_day(day: Day) -> str:
    """Write ``2019-06-30``."""
    return day.isoformat()


def month_of(day: Day) -> str:
    """Return the code of the month of `day`, ``2019-06``."""
    return day.isoformat()[:7]


def add_days(day: Day, days: int) -> Day:
    """Return the day `days` later, or earlier if negative. Raises Malformed ``period.range``."""
    try:
        return day + timedelta(days)
    except OverflowError as error:
        raise Malformed("period.range", days, "a day of the years 1 to 9999") from error


def day_after(day: str) -> str:
    """Return the day after one, both written ``2019-06-30``. Raises Malformed ``period.day``, ``period.range``."""
    return format_day(add_days(parse_day(day), 1))


def days_after(day: Day, days: int) -> Day:
    """Return the last day of a term of `days` days that begins on `day`, which is not counted (CC 201).

    Raises Malformed: ``period.term`` (a negative term), ``period.range``.
    """
    if days < 0:
        raise Malformed("period.term", days, "0 days or more")
    return add_days(day, days)


def add_months(day: Day, months: int) -> Day:
    """Return the corresponding day `months` later (earlier if negative), else the last day of that month (CC 202).

    A term of years is one of twelve months each. Raises Malformed ``period.range``.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise Malformed("period.range", months, "a day of the years 1 to 9999")
    return date(year, month + 1, min(day.day, _days_in_month(year, month + 1)))


@dataclass(frozen=True, slots=True)
class Period:
    """A year, half-year, quarter or month of the calendar: what a statement covers.

    ``months`` is its length (12, 6, 3, 1), ``number`` its place in the year from 1. Raises Malformed ``period.code``
    when no such period exists.
    """

    year: int
    months: int
    number: int

    def __post_init__(self) -> None:
        if self.months not in (1, 3, 6, 12) or not 1 <= self.number <= 12 // self.months or not 1 <= self.year <= 9999:
            raise Malformed("period.code", (self.year, self.months, self.number), "2019, 2019H1, 2019Q3 or 2019-06")

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read ``2019``, ``2019H1``, ``2019Q3`` or ``2019-06``. Raises Malformed ``period.code``."""
        found = _PERIOD.fullmatch(code)
        if not found:
            raise Malformed("period.code", code, "2019, 2019H1, 2019Q3 or 2019-06")
        year, month, quarter, half = found.groups()
        for months, number in ((1, month), (3, quarter), (6, half)):
            if number:
                return cls(int(year), months, int(number))
        return cls(int(year), 12, 1)

    @classmethod
    def of(cls, day: Day, months: int) -> Self:
        """Return the period of `months` months (1, 3, 6, 12) that holds `day`. Raises Malformed ``period.code``."""
        return cls(day.year, months, (day.month - 1) // months + 1 if months > 0 else 0)

    @property
    def code(self) -> str:
        """The period's name on the ledger, as :meth:`parse` reads it."""
        match self.months:
            case 12:
                return f"{self.year:04}"
            case 6:
                return f"{self.year:04}H{self.number}"
            case 3:
                return f"{self.year:04}Q{self.number}"
            case _:
                return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> Day:
        """Its first day."""
        return date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def last(self) -> Day:
        """Its last day."""
        month = self.number * self.months
        return date(self.year, month, _days_in_month(self.year, month))

    def contains(self, day: Day) -> bool:
        """Tell whether `day` lies in it."""
        return day.year == self.year and (day.month - 1) // self.months + 1 == self.number

    def next(self) -> Self:
        """Return the period of the same length that follows. Raises Malformed ``period.code`` after the year 9999."""
        last = self.number == 12 // self.months
        return type(self)(self.year + last, self.months, 1 if last else self.number + 1)

    def previous(self) -> Self:
        """Return the period of the same length before. Raises Malformed ``period.code`` before the year 1."""
        first = self.number == 1
        return type(self)(self.year - first, self.months, 12 // self.months if first else self.number - 1)

    def __str__(self) -> str:
        return self.code


def parse_time(text: str) -> int:
    """Read the log's time, exactly ``YYYY-MM-DDTHH:MM:SS.mmmZ``, as milliseconds since 1970.

    Raises Malformed ``period.time``.
    """
    if not _TIME.fullmatch(text):
        raise Malformed("period.time", text, _TIME_FORM)
    return _since_start(text, text[:-1], 0)


def format_time(time: int) -> str:
    """Write milliseconds since 1970 as ``2019-06-30T08:00:00.000Z``.

    Raises Malformed ``period.time`` outside the years 1970 to 9999.
    """
    if not 0 <= time <= _MAX_TIME:
        raise Malformed("period.time", time, "an instant of the years 1970 to 9999")
    return f"{(_START + time * _MILLISECOND).isoformat(timespec='milliseconds')}Z"


def parse_rfc3339(text: str) -> int:
    """Read a signer's time as milliseconds since 1970: RFC 3339 with at most three decimals of a second.

    Capital T and Z only, no leap second, not ``-00:00`` (an unknown offset is no claim). Raises Malformed:
    ``period.time``, ``period.offset``.
    """
    found = _RFC3339.fullmatch(text)
    if not found:
        raise Malformed("period.time", text, _RFC3339_FORM)
    offset = 0 if found[3] == "Z" else parse_offset(found[3])
    return _since_start(text, found[1], int((found[2] or "").ljust(3, "0")) - offset * MINUTE_MS)


def parse_offset(text: str) -> int:
    """Read an offset from UTC, ``+08:00``, as minutes. Raises Malformed ``period.offset``."""
    found = _OFFSET.fullmatch(text)
    if not found or text == "-00:00":
        raise Malformed("period.offset", text, "±HH:MM, +00:00 for UTC")
    minutes = int(found[2]) * 60 + int(found[3])
    return minutes if found[1] == "+" else -minutes


def legal_day(time: int, offset_minutes: int) -> Day:
    """Return the day on which the instant `time` falls at the offset. Raises Malformed ``period.range``."""
    try:
        return date.fromordinal(_EPOCH + (time + offset_minutes * MINUTE_MS) // DAY_MS)
    except (ValueError, OverflowError) as error:
        raise Malformed("period.range", time, "an instant of the years 1 to 9999") from error


def start_of_day(day: Day, offset_minutes: int) -> int:
    """Return the first instant of `day` at the offset; a term that ends on `day` ends before that of the day after."""
    return (day.toordinal() - _EPOCH) * DAY_MS - offset_minutes * MINUTE_MS


def _days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _since_start(text: str, local: str, more: int) -> int:
    """The milliseconds from 1970 to ``local``, and ``more``."""
    try:
        time = (datetime.fromisoformat(local) - _START) // _MILLISECOND + more
    except ValueError as error:
        raise Malformed("period.time", text, "a day of the calendar") from error
    if not 0 <= time <= _MAX_TIME:
        raise Malformed("period.time", text, "an instant of the years 1970 to 9999")
    return time
