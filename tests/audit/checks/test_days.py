"""The last day of a term: by the tables that a ledger adopted, in doubt later."""

from datetime import date

import pytest

from ledger.audit.checks.days import last_day, overdue
from ledger.rules.calendar import shipped_text
from ledger.rules.ratio import Days
from tests.community import Community

FRIDAY = date(2026, 1, 9)


def with_tables(*years: int) -> Community:
    community = Community()
    for year in years:
        community.act("calendar.adopted/1", {"year": year, "text": shipped_text(year)}, by=community.both)
    return community


@pytest.mark.parametrize(
    ("start", "term", "last"),
    [
        (FRIDAY, Days(3), date(2026, 1, 12)),
        (FRIDAY, Days(1), date(2026, 1, 12)),  # Saturday moves to Monday
        (FRIDAY, Days(3, working=True), date(2026, 1, 14)),
        (date(2026, 9, 30), Days(1), date(2026, 10, 8)),  # the national holiday
    ],
)
def test_a_term_by_the_tables(start: date, term: Days, last: date) -> None:
    books = with_tables(2026).books
    assert last_day(books, start, term) == last
    assert not overdue(books, start, term, last)
    assert overdue(books, start, term, date.fromordinal(last.toordinal() + 1))


def test_a_term_without_the_year_s_table() -> None:
    books = with_tables(2025).books
    assert last_day(books, FRIDAY, Days(3)) == date(2026, 1, 22)
    assert last_day(books, FRIDAY, Days(3, working=True)) is None
    assert not overdue(books, FRIDAY, Days(3, working=True), date(2030, 1, 1))
