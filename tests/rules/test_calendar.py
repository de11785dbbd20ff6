"""Rest days, working days and deadlines: Civil Code 200 to 204, and the State Council's notices."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Conflict, Malformed, NotFound, Refused
from ledger.period import add_months
from ledger.rules import Days, LegalCalendar, WorkingDays, notice_ok, shipped
from ledger.rules import calendar as legal

DAY = timedelta(1)
TABLES = [legal.shipped(year) for year in legal.shipped_years()]
CALENDAR = LegalCalendar.of(TABLES, rest_weekend=True)
covered = st.dates(date(2018, 1, 1), date(2025, 6, 1))


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "term", "last"),
    [
        ("2021-03-01", "15d", "2021-03-16"),  # the first day is not counted: a Tuesday
        ("2019-03-01", "15d", "2019-03-18"),  # 16 March is a Saturday
        ("2019-09-20", "11d", "2019-10-08"),  # 1 October is a holiday to the 7th
        ("2019-09-16", "13d", "2019-09-29"),  # a Sunday that is worked
        ("2019-01-28", "7d", "2019-02-11"),  # spring festival
        ("2018-12-14", "15d", "2018-12-29"),  # a Saturday worked by the next year's notice
        ("2018-12-15", "15d", "2019-01-02"),  # 30 December rests by the next year's notice
        ("2020-01-21", "10d", "2020-02-03"),  # the festival that was prolonged
        ("2019-05-01", "0d", "2019-05-01"),  # no term at all
        ("2019-04-30", "1wd", "2019-05-05"),
        ("2019-04-30", "3wd", "2019-05-07"),
        ("2019-09-27", "10wd", "2019-10-16"),
        ("2025-09-26", "1wd", "2025-09-28"),
        ("2018-12-28", "2wd", "2019-01-02"),
        ("2019-06-10", "15wd", "2019-07-01"),
    ],
)
def test_the_last_day_of_a_term(start: str, term: str, last: str) -> None:
    assert CALENDAR.deadline(d(start), Days.parse(term)) == d(last)


def test_terms_of_months_end_on_the_corresponding_day_or_the_months_end_and_then_roll() -> None:
    assert add_months(d("2018-08-31"), 6) == d("2019-02-28")
    assert add_months(d("2019-08-31"), 6) == d("2020-02-29")
    assert CALENDAR.rolled(add_months(d("2019-08-31"), 6)) == d("2020-03-02")  # 29 February 2020 is a Saturday


def test_without_weekend_rest_only_holidays_move_an_end() -> None:
    strict = LegalCalendar.of(TABLES, rest_weekend=False)
    assert strict.deadline(d("2019-03-01"), Days(15)) == d("2019-03-16")
    assert strict.deadline(d("2019-09-20"), Days(11)) == d("2019-10-08")
    assert strict.deadline(d("2019-03-15"), Days(1, working=True)) == d("2019-03-18")


@pytest.mark.parametrize(
    ("opens", "notice", "term", "early_enough"),
    [
        ("2019-03-16", "2019-03-01", "15d", True),
        ("2019-03-15", "2019-03-01", "15d", False),
        ("2019-03-01", "2019-03-16", "15d", False),
        ("2019-05-07", "2019-04-30", "3wd", True),
        ("2019-05-06", "2019-04-30", "3wd", False),
        ("2019-04-29", "2019-04-30", "0wd", False),
    ],
)
def test_a_notice_is_early_enough(opens: str, notice: str, term: str, early_enough: bool) -> None:
    assert notice_ok(d(opens), d(notice), Days.parse(term), CALENDAR) is early_enough


def test_a_notice_in_natural_days_needs_no_table() -> None:
    assert notice_ok(d("2031-03-16"), d("2031-03-01"), Days(15))
    with pytest.raises(Refused) as caught:
        notice_ok(d("2031-03-16"), d("2031-03-01"), Days(5, working=True))
    assert caught.value.rule == "calendar.year_missing"


@pytest.mark.parametrize(
    ("start", "term", "year"),
    [
        ("2017-12-01", "10d", 2017),
        ("2026-12-01", "40d", 2027),
        ("2026-12-18", "7d", 2027),  # a notice for 2027 may move the last days of December 2026
        ("2026-12-18", "5wd", 2027),
        ("2017-12-31", "1wd", None),
    ],
)
def test_a_year_without_a_table_is_refused_and_never_guessed(start: str, term: str, year: int | None) -> None:
    if year is None:
        assert CALENDAR.deadline(d(start), Days.parse(term)) == d("2018-01-02")
        return
    with pytest.raises(Refused) as caught:
        CALENDAR.deadline(d(start), Days.parse(term))
    assert (caught.value.rule, caught.value.value) == ("calendar.year_missing", year)


def test_december_before_its_last_week_needs_no_later_table() -> None:
    alone = LegalCalendar.of([legal.shipped(2018)], rest_weekend=True)
    assert alone.is_rest_day(d("2018-12-23"))
    assert not alone.is_rest_day(d("2018-12-24"))
    with pytest.raises(Refused) as caught:
        alone.is_rest_day(d("2018-12-25"))
    assert caught.value.value == 2019


def test_the_calendar_follows_the_profile() -> None:
    assert LegalCalendar.under(TABLES, shipped("civil-code-2021")) == CALENDAR


@given(covered, st.integers(1, 400))
def test_natural_days_end_on_a_working_day_with_only_rest_days_skipped(start: date, count: int) -> None:
    last = CALENDAR.deadline(start, Days(count))
    assert not CALENDAR.is_rest_day(last)
    counted = start + DAY * count
    assert counted <= last <= counted + DAY * 10
    assert all(CALENDAR.is_rest_day(counted + DAY * n) for n in range((last - counted).days))


@given(covered, st.integers(1, 60))
def test_working_days_are_counted_one_by_one(start: date, count: int) -> None:
    last = CALENDAR.deadline(start, Days(count, working=True))
    assert CALENDAR.is_working_day(last)
    assert CALENDAR.working_days(start, last) == count
    assert CALENDAR.working_days(start, last - DAY) == count - 1
    assert notice_ok(last, start, Days(count, working=True), CALENDAR)
    assert not notice_ok(last - DAY, start, Days(count, working=True), CALENDAR)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.year))
def test_shipped_tables_move_days_and_give_just_the_statutory_holidays(table: WorkingDays) -> None:
    """Days moved are worked elsewhere: what remains are 11 statutory holidays, 13 since 2025, and in 2020 two more."""
    off = sum(day.weekday() < 5 for day in table.rest) - len(table.worked)
    assert off == (13 if table.year >= 2025 or table.year == 2020 else 11)
    assert all(source.startswith("国办发明电〔20") for source in table.sources)
    assert table.text.startswith("#")
    assert date(table.year, 1, 1) in table.rest
    assert date(table.year, 10, 1) in table.rest


def test_the_years_of_the_example_and_of_today_are_there() -> None:
    assert {2018, 2019, 2025} <= set(legal.shipped_years())
    with pytest.raises(NotFound) as caught:
        legal.shipped(1999)
    assert caught.value.rule == "calendar.year"


TABLE = """[calendar]
year = 2019
sources = ["国办发明电〔2018〕15号"]

[holidays]
new_year = [2018-12-30, 2019-01-01]

[worked]
days = [2018-12-29]
"""


def test_a_table_is_read_from_its_text() -> None:
    table = WorkingDays.parse(TABLE)
    assert table.rest == {d("2018-12-30"), d("2018-12-31"), d("2019-01-01")}
    assert table.worked == {d("2018-12-29")}
    assert len(table.digest) == 64
    assert table != WorkingDays.parse(TABLE + "\n")


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ("year = 2019", 'year = "2019"', "calendar.shape"),
        ("year = 2019", "year = true", "calendar.shape"),
        ("year = 2019", "year = 19", "calendar.shape"),
        ("year = 2019", "year = 99999", "calendar.shape"),
        ("year = 2019", "year = 2020", "calendar.day"),
        ("year = 2019\n", "year = 2019\nnote = 1\n", "calendar.shape"),
        ('sources = ["国办发明电〔2018〕15号"]', "sources = []", "calendar.shape"),
        ('sources = ["国办发明电〔2018〕15号"]', 'sources = [" "]', "calendar.shape"),
        ('sources = ["国办发明电〔2018〕15号"]', "sources = [2018]", "calendar.shape"),
        ("[worked]\n", "[extra]\na = 1\n\n[worked]\n", "calendar.shape"),
        ("[worked]\ndays = [2018-12-29]\n", "", "calendar.shape"),
        ("days = [2018-12-29]", "days = 2018-12-29", "calendar.shape"),
        ("days = [2018-12-29]", "days = [2018-12-29]\nmore = 1", "calendar.shape"),
        ("[2018-12-29]", '["2018-12-29"]', "calendar.day"),
        ("[2018-12-29]", "[2018-12-24]", "calendar.day"),
        ("[2018-12-29]", "[2020-01-04]", "calendar.day"),
        ("[2018-12-30, 2019-01-01]", "[2019-01-01, 2018-12-30]", "calendar.day"),
        ("[2018-12-30, 2019-01-01]", "[2019-01-01]", "calendar.day"),
        ("[2018-12-30, 2019-01-01]", "[2019-01-01, 2019-12-31]", "calendar.day"),
        ("[2018-12-29]", "[2019-01-02]", "calendar.worked"),  # a Wednesday
        ("[2018-12-29]", "[2018-12-30]", "calendar.worked"),  # off by the same table
        ("[2018-12-29]", "[2018-12-29, 2018-12-29]", "calendar.repeated"),
        ("new_year = [", "eve = [2018-12-31, 2018-12-31]\nnew_year = [", "calendar.repeated"),
    ],
)
def test_what_is_no_table(was: str, becomes: str, rule: str) -> None:
    assert was in TABLE
    with pytest.raises(Malformed) as caught:
        WorkingDays.parse(TABLE.replace(was, becomes, 1))
    assert caught.value.rule == rule


def test_two_tables_of_one_year_are_a_conflict() -> None:
    twice = [WorkingDays.parse(TABLE), legal.shipped(2019)]
    with pytest.raises(Conflict) as caught:
        LegalCalendar.of(twice, rest_weekend=True)
    assert caught.value.rule == "calendar.year_twice"
    assert LegalCalendar.of([twice[0], WorkingDays.parse(TABLE)], rest_weekend=True).tables == {2019: twice[0]}
