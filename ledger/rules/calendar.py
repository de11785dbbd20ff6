"""The legal calendar: rest days, working days and the last day of a term, Civil Code articles 200 to 204.

Which days are holidays 法定休假日 and which weekends are worked 调休 is not computable: the State Council says it in a
notice for each year. A :class:`WorkingDays` is one such notice as text, adopted on the ledger; a day that no adopted
table covers is refused (``calendar.year_missing``), never guessed. A notice may move days of the December before (the
notice for 2019 made Saturday 29 December 2018 a working day), so a day from 25 December on needs the next year's table
as well. Functions here are pure: of the tables, of the profile's ``calendar.rest_weekend``, and of their arguments.

The rules, in the order in which :meth:`LegalCalendar.deadline` applies them:

1. the first day is not counted (CC 201): 1 March and 15 days end on 16 March;
2. a term of months ends on the corresponding day, else on the month's last day (CC 202): that is
   :func:`ledger.period.add_months`, whose result :meth:`LegalCalendar.rolled` takes;
3. when the last day is a rest day, the term ends on the day after the rest (CC 203); a term of working days ends on one
   anyway; it ends at 24:00, or at the close of business (CC 203).

>>> calendar = LegalCalendar.of([shipped(2018), shipped(2019)], rest_weekend=True)
>>> calendar.deadline(date(2019, 3, 1), Days(15))       # 16 March 2019 is a Saturday
datetime.date(2019, 3, 18)
>>> calendar.deadline(date(2019, 4, 30), Days(3, working=True))   # 1 to 4 May rest, Sunday 5 May is worked
datetime.date(2019, 5, 7)
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import resources
from types import MappingProxyType
from typing import Final, Self

from ledger.errors import Conflict, Malformed, NotFound, Refused
from ledger.period import add_days
from ledger.rules import strict
from ledger.rules.profile import Profile
from ledger.rules.ratio import Days

_DAY: Final = timedelta(1)
_NEXT_YEARS_MATTER: Final = (12, 25)
_SHAPE: Final = "[calendar] year, sources; [holidays] name = [first, last]; [worked] days = [...]"


@dataclass(frozen=True)
class WorkingDays:
    """One year's table: days off work and weekends worked, as the notices in ``sources`` say."""

    text: str
    year: int = field(compare=False)
    sources: tuple[str, ...] = field(compare=False)
    holidays: Mapping[str, tuple[date, date]] = field(compare=False)
    rest: frozenset[date] = field(compare=False, repr=False)
    worked: frozenset[date] = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a table's text.

        Raises ``Malformed``: ``toml.…``, ``calendar.shape``, ``calendar.day`` (a day outside the year and the last week
        of December before it, a last day before the first, or more than 31 days), ``calendar.worked`` (a day worked
        that is no weekend day or stands among the holidays), ``calendar.repeated``.
        """
        tables = strict.read(text)
        head, holidays, worked = (tables.pop(name, None) for name in ("calendar", "holidays", "worked"))
        if tables or not isinstance(head, dict) or not isinstance(holidays, dict) or not isinstance(worked, dict):
            raise Malformed("calendar.shape", ", ".join(tables), _SHAPE)
        year, sources, days = head.get("year"), head.get("sources"), worked.get("days")
        if set(head) != {"year", "sources"} or not isinstance(year, int) or isinstance(year, bool):
            raise Malformed("calendar.shape", ", ".join(head), _SHAPE)
        if not 1949 < year < 9999 or not isinstance(sources, list) or not sources or set(worked) != {"days"}:
            raise Malformed("calendar.shape", year, _SHAPE)
        named = {name: _span(year, name, span) for name, span in holidays.items()}
        all_rest = [first + _DAY * n for first, last in named.values() for n in range((last - first).days + 1)]
        all_worked = _days(year, "worked", days)
        if len(set(all_rest)) != len(all_rest) or len(set(all_worked)) != len(all_worked):
            raise Malformed("calendar.repeated", year, "each day once")
        for day in all_worked:
            if day.weekday() < 5 or day in all_rest:
                raise Malformed("calendar.worked", day.isoformat(), "a Saturday or Sunday that is no holiday")
        return cls(
            text=text,
            year=year,
            sources=tuple(_source(source) for source in sources),
            holidays=MappingProxyType(named),
            rest=frozenset(all_rest),
            worked=frozenset(all_worked),
        )

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the text's UTF-8 bytes."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class LegalCalendar:
    """The tables in force, one a year, and whether a weekend is a rest day for the end of a term (CC 203 is silent)."""

    tables: Mapping[int, WorkingDays] = field(default_factory=lambda: MappingProxyType({}))
    rest_weekend: bool = True

    @classmethod
    def of(cls, tables: Iterable[WorkingDays], *, rest_weekend: bool) -> Self:
        """The calendar of ``tables``. Raises ``Conflict("calendar.year_twice")`` for two tables of one year."""
        by_year: dict[int, WorkingDays] = {}
        for table in tables:
            if by_year.setdefault(table.year, table) != table:
                raise Conflict("calendar.year_twice", table.year, "one table a year")
        return cls(MappingProxyType(by_year), rest_weekend)

    @classmethod
    def under(cls, tables: Iterable[WorkingDays], profile: Profile) -> Self:
        """The calendar of ``tables`` as ``profile`` reads it."""
        return cls.of(tables, rest_weekend=profile.flag("calendar.rest_weekend"))

    def is_working_day(self, day: date) -> bool:
        """Whether people work on ``day``. Raises ``Refused("calendar.year_missing")``."""
        return self._by_notice(day, weekend_works=False)

    def is_rest_day(self, day: date) -> bool:
        """Whether ``day`` is a rest day for CC 203. Raises ``Refused("calendar.year_missing")``."""
        return not self._by_notice(day, weekend_works=not self.rest_weekend)

    def rolled(self, day: date) -> date:
        """``day``, or the first day after it that is no rest day. Raises ``Refused("calendar.year_missing")``."""
        while self.is_rest_day(day):
            day = add_days(day, 1)
        return day

    def deadline(self, start: date, term: Days) -> date:
        """The last day of a term that begins with the event of ``start``; for 0 days ``start`` itself.

        Raises ``Refused("calendar.year_missing")``, ``Malformed("period.range")``.
        """
        if term.count == 0:
            return start
        if not term.working:
            return self.rolled(add_days(start, term.count))
        day, left = start, term.count
        while left:
            day = add_days(day, 1)
            left -= self.is_working_day(day)
        return day

    def notice_ok(self, open_day: date, notice_day: date, term: Days) -> bool:
        """Whether a vote that opens on ``open_day`` opens at least ``term`` after its notice of ``notice_day``.

        Counted backwards from an event, nothing rolls. Natural days need no table. Raises
        ``Refused("calendar.year_missing")`` for working days.
        """
        if not term.working:
            return (open_day - notice_day).days >= term.count
        if open_day < notice_day:
            return False
        return self.working_days(notice_day, open_day) >= term.count

    def working_days(self, after: date, until: date) -> int:
        """How many working days lie after ``after``, up to and with ``until``. Raises as :meth:`is_working_day`."""
        return sum(self.is_working_day(after + _DAY * n) for n in range(1, (until - after).days + 1))

    def _by_notice(self, day: date, *, weekend_works: bool) -> bool:
        tables = [self._table(day.year)]
        if (day.month, day.day) >= _NEXT_YEARS_MATTER:
            tables.append(self._table(day.year + 1))
        if any(day in table.worked for table in tables):
            return True
        if any(day in table.rest for table in tables):
            return False
        return day.weekday() < 5 or weekend_works

    def _table(self, year: int) -> WorkingDays:
        if year not in self.tables:
            have = ", ".join(map(str, sorted(self.tables))) or "none"
            raise Refused("calendar.year_missing", year, "the State Council's table for the year", have=have)
        return self.tables[year]


def notice_ok(open_day: date, notice_day: date, term: Days, calendar: LegalCalendar | None = None) -> bool:
    """:meth:`LegalCalendar.notice_ok` for those who have natural days only; working days need ``calendar``."""
    return (calendar or LegalCalendar()).notice_ok(open_day, notice_day, term)


def shipped_years() -> tuple[int, ...]:
    """The years whose tables come with this version."""
    folder = resources.files("ledger.rules") / "data" / "calendars"
    return tuple(sorted(int(file.name[:4]) for file in folder.iterdir() if file.name.endswith(".toml")))


def shipped_text(year: int) -> str:
    """The text of a table that comes with this version. Raises ``NotFound("calendar.year")``."""
    if year not in shipped_years():
        raise NotFound("calendar.year", year, ", ".join(map(str, shipped_years())))
    return (resources.files("ledger.rules") / "data" / "calendars" / f"{year}.toml").read_bytes().decode()


def shipped(year: int) -> WorkingDays:
    """A table that comes with this version, for a ledger to adopt. Raises ``NotFound("calendar.year")``."""
    return WorkingDays.parse(shipped_text(year))


def _span(year: int, name: str, written: object) -> tuple[date, date]:
    days = _days(year, name, written)
    if len(days) != 2 or not 0 <= (days[1] - days[0]).days <= 31:
        raise Malformed("calendar.day", name, "[first day, last day]")
    return days[0], days[1]


def _days(year: int, name: str, written: object) -> list[date]:
    if not isinstance(written, list):
        raise Malformed("calendar.shape", name, _SHAPE)
    days: list[date] = []
    for day in written:
        if not isinstance(day, date) or not date(year - 1, *_NEXT_YEARS_MATTER) <= day <= date(year, 12, 31):
            raise Malformed("calendar.day", str(day), f"{year - 1}-12-25…{year}-12-31", name=name)
        days.append(day)
    return days


def _source(written: object) -> str:
    if not isinstance(written, str) or not written.strip():
        raise Malformed("calendar.shape", str(written), "sources: the numbers of the notices")
    return written
