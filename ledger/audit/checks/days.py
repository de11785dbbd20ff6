"""The last day of a term, as a check counts it: in doubt in favour of whoever had to act.

A term's last day rolls off rest days by the working-day tables that the ledger adopted (CC 203). Where the table of a year
is missing nobody can say how far, so the term is taken for :data:`LONGEST_REST` days longer; a term of working days
cannot be counted then, and no check speaks.
"""

from datetime import date
from typing import Final

from ledger import period
from ledger.books import Books
from ledger.errors import Malformed, Refused
from ledger.rules.ratio import Days

LONGEST_REST: Final = 10
"""Days that a term's end can move at most: the eight days of a national holiday with a weekend beside it."""


def months_on(day: date, months: int) -> date:
    """:func:`ledger.period.add_months`, no further than the calendar goes: people may print any day.

    >>> months_on(date(9999, 12, 31), 1), months_on(date(2026, 1, 31), 1)
    (datetime.date(9999, 12, 31), datetime.date(2026, 2, 28))
    """
    try:
        return period.add_months(day, months)
    except Malformed:
        return date.max if months > 0 else date.min


def days_on(day: date, days: int) -> date:
    """:func:`ledger.period.add_days`, no further than the calendar goes.

    >>> days_on(date(9999, 12, 31), 1), days_on(date(1, 1, 1), -1)
    (datetime.date(9999, 12, 31), datetime.date(1, 1, 1))
    """
    try:
        return period.add_days(day, days)
    except Malformed:
        return date.max if days > 0 else date.min


def last_day(books: Books, start: date, term: Days) -> date | None:
    """The day until which something is in time that is due ``term`` after ``start``; None where nobody can count it."""
    rules = books.rules
    try:
        # `Rules.calendar` reads the tables for working days only; a natural term rolls by them too.
        return rules.calendar(Days(term.count, working=True)).deadline(start, term)
    except Refused:
        return None if term.working else days_on(start, term.count + LONGEST_REST)
    except Malformed:
        return None


def overdue(books: Books, start: date, term: Days, today: date) -> bool:
    """Whether what is due ``term`` after ``start`` is late on ``today``."""
    last = last_day(books, start, term)
    return last is not None and today > last
