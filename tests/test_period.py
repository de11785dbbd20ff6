"""Days, terms by the Civil Code, periods, instants."""

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.period import (
    DAY_MS,
    Period,
    add_days,
    add_months,
    days_after,
    format_day,
    format_time,
    legal_day,
    month_of,
    parse_day,
    parse_offset,
    parse_rfc3339,
    parse_time,
    start_of_day,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59)
days = st.dates()


def milliseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(milliseconds=1)


# --- days and terms ---------------------------------------------------------------------------------------------------


@given(days)
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert parse_day(format_day(day)) == day
    assert month_of(day) == format_day(day)[:7] == Period.of(day, 1).code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019-6-30",
        "20190630",
        "2019-06-31",
        "2019-02-29",
        "0000-01-01",
        "2019-13-01",
        "2019-00-01",
        "2019-01-00",
        "2019-06-30\n",
        " 2019-06-30",
        "２０１９-06-30",
        "2019-W26-7",
        "2019-06-30T00:00",
        "12019-06-30",
        "-2019-06-30",
    ],
)
def test_other_days_are_refused(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_day(text)
    assert caught.value.rule == "period.day"


@pytest.mark.parametrize(
    ("begin", "term", "end"),
    [
        ("2019-03-01", 15, "2019-03-16"),
        ("2020-02-14", 15, "2020-02-29"),
        ("2019-12-31", 1, "2020-01-01"),
        ("2019-03-01", 0, "2019-03-01"),
    ],
)
def test_the_first_day_is_not_counted(begin: str, term: int, end: str) -> None:
    assert days_after(parse_day(begin), term) == parse_day(end)


@pytest.mark.parametrize(
    ("begin", "months", "end"),
    [
        ("2019-08-31", 6, "2020-02-29"),
        ("2018-08-31", 6, "2019-02-28"),
        ("2019-03-31", 1, "2019-04-30"),
        ("2019-02-28", 1, "2019-03-28"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-02-29", 48, "2024-02-29"),
        ("2019-03-31", -1, "2019-02-28"),
        ("2019-01-15", -1, "2018-12-15"),
        ("1900-01-31", 1, "1900-02-28"),
        ("2000-01-31", 1, "2000-02-29"),
        ("9999-11-30", 1, "9999-12-30"),
        ("0001-02-28", -1, "0001-01-28"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(begin: str, months: int, end: str) -> None:
    assert add_months(parse_day(begin), months) == parse_day(end)


@given(st.dates(date(200, 1, 1), date(9000, 1, 1)), st.integers(-2000, 2000))
def test_a_term_of_months_never_leaves_its_month(day: date, months: int) -> None:
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == min(day.day, calendar.monthrange(end.year, end.month)[1])
    assert add_days(add_days(day, months), -months) == day


@pytest.mark.parametrize(
    ("act", "rule"),
    [
        (lambda: days_after(date(2019, 1, 1), -1), "period.term"),
        (lambda: add_days(date.max, 1), "period.range"),
        (lambda: add_days(date.min, -1), "period.range"),
        (lambda: add_days(date.max, 10**30), "period.range"),
        (lambda: add_months(date.max, 1), "period.range"),
        (lambda: add_months(date.min, -1), "period.range"),
        (lambda: legal_day(2**53, 0), "period.range"),
        (lambda: legal_day(-(2**53), 0), "period.range"),
        (lambda: legal_day(10**40, 0), "period.range"),
    ],
)
def test_what_leaves_the_calendar_is_refused(act: object, rule: str) -> None:
    assert callable(act)
    with pytest.raises(Malformed) as caught:
        act()
    assert caught.value.rule == rule


# --- periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "first", "last", "following", "before"),
    [
        ("2019", "2019-01-01", "2019-12-31", "2020", "2018"),
        ("2019H1", "2019-01-01", "2019-06-30", "2019H2", "2018H2"),
        ("2019H2", "2019-07-01", "2019-12-31", "2020H1", "2019H1"),
        ("2019Q1", "2019-01-01", "2019-03-31", "2019Q2", "2018Q4"),
        ("2019Q3", "2019-07-01", "2019-09-30", "2019Q4", "2019Q2"),
        ("2019Q4", "2019-10-01", "2019-12-31", "2020Q1", "2019Q3"),
        ("2019-06", "2019-06-01", "2019-06-30", "2019-07", "2019-05"),
        ("2019-12", "2019-12-01", "2019-12-31", "2020-01", "2019-11"),
        ("2020-02", "2020-02-01", "2020-02-29", "2020-03", "2020-01"),
        ("2019-02", "2019-02-01", "2019-02-28", "2019-03", "2019-01"),
    ],
)
def test_periods(code: str, first: str, last: str, following: str, before: str) -> None:
    period = Period.parse(code)
    assert period.code == str(period) == code
    assert (format_day(period.first), format_day(period.last)) == (first, last)
    assert (period.next().code, period.previous().code) == (following, before)


@given(days, st.sampled_from([1, 3, 6, 12]))
def test_every_day_lies_in_one_period_of_each_length(day: date, months: int) -> None:
    period = Period.of(day, months)
    assert period.first <= day <= period.last
    assert period.contains(day)
    assert Period.parse(period.code) == period
    assert Period.of(period.first, months) == Period.of(period.last, months) == period
    if day.year not in (1, 9999):
        assert period.next().previous() == period == period.previous().next()
        assert add_days(period.last, 1) == period.next().first
        assert add_days(period.first, -1) == period.previous().last
        assert not period.contains(period.next().first)
        assert not period.contains(period.previous().last)
        assert not period.contains(add_months(day, 12))


@pytest.mark.parametrize(
    "code",
    [
        "",
        "19",
        "2019H0",
        "2019H3",
        "2019Q0",
        "2019Q5",
        "2019-00",
        "2019-13",
        "2019-6",
        "2019h1",
        "2019-H1",
        "2019 ",
        "2019-06-30",
        "0000",
        "0000H1",
        "2019\n",
        "２０１９",
        "201906",
        "2019Q1H1",
        "12019",
    ],
)
def test_other_periods_are_refused(code: str) -> None:
    with pytest.raises(Malformed) as caught:
        Period.parse(code)
    assert caught.value.rule == "period.code"


@pytest.mark.parametrize("months", [-1, 0, 2, 4, 5, 7, 11, 13, 24])
def test_other_lengths_are_refused(months: int) -> None:
    with pytest.raises(Malformed) as caught:
        Period.of(date(2019, 1, 1), months)
    assert caught.value.rule == "period.code"


@pytest.mark.parametrize(
    ("first", "last"), [("0001", "9999"), ("0001H1", "9999H2"), ("0001Q1", "9999Q4"), ("0001-01", "9999-12")]
)
def test_the_calendar_ends(first: str, last: str) -> None:
    for leave in (Period.parse(first).previous, Period.parse(last).next):
        with pytest.raises(Malformed) as caught:
            leave()
        assert caught.value.rule == "period.code"


# --- instants ---------------------------------------------------------------------------------------------------------


@given(instants)
@example(EPOCH)
@example(datetime(2020, 2, 29, 23, 59, 59, 999000, tzinfo=UTC))
def test_the_logs_time_is_written_and_read(instant: datetime) -> None:
    time = milliseconds(instant)
    text = format_time(time)
    assert parse_time(text) == parse_rfc3339(text) == time
    assert text == instant.strftime("%Y-%m-%dT%H:%M:%S.").rjust(20, "0") + f"{instant.microsecond // 1000:03}Z"


@given(st.lists(instants, min_size=2, max_size=2))
def test_times_sort_as_their_texts(pair: list[datetime]) -> None:
    one, two = map(milliseconds, pair)
    assert (one < two) == (format_time(one) < format_time(two))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019-06-30T08:00:00Z",
        "2019-06-30T08:00:00.00Z",
        "2019-06-30T08:00:00.0000Z",
        "2019-06-30 08:00:00.000Z",
        "2019-06-30T08:00:00.000+00:00",
        "2019-06-30T08:00:00.000z",
        "2019-06-30t08:00:00.000Z",
        "2019-06-30T08:00:00.000",
        "2019-06-30T24:00:00.000Z",
        "2019-06-30T08:60:00.000Z",
        "2016-12-31T23:59:60.000Z",
        "2019-02-29T08:00:00.000Z",
        "1969-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00.000Z",
        "2019-06-30T08:00:00.000Z\n",
        "２019-06-30T08:00:00.000Z",
    ],
)
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_time(text)
    assert caught.value.rule == "period.time"


@pytest.mark.parametrize("time", [-1, 253402300800000, 2**53])
def test_times_outside_the_calendar_are_not_written(time: int) -> None:
    with pytest.raises(Malformed) as caught:
        format_time(time)
    assert caught.value.rule == "period.time"


def test_the_last_instant() -> None:
    assert parse_time(format_time(253402300799999)) == 253402300799999


@given(instants, offsets)
def test_a_signers_time_is_the_same_instant_at_any_offset(instant: datetime, offset: int) -> None:
    instant = instant.replace(microsecond=instant.microsecond // 1000 * 1000, year=max(instant.year, 1971))
    local = instant.astimezone(timezone(timedelta(minutes=offset)))
    assert parse_rfc3339(local.isoformat(timespec="milliseconds").replace("-00:00", "+00:00")) == milliseconds(instant)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2019-06-30T16:00:00+08:00", "2019-06-30T08:00:00.000Z"),
        ("2019-06-30T08:00:00Z", "2019-06-30T08:00:00.000Z"),
        ("2019-06-30T08:00:00.5Z", "2019-06-30T08:00:00.500Z"),
        ("2019-06-30T08:00:00.05Z", "2019-06-30T08:00:00.050Z"),
        ("2019-07-01T00:30:00+08:00", "2019-06-30T16:30:00.000Z"),
        ("2019-06-30T20:00:00.001-03:30", "2019-06-30T23:30:00.001Z"),
        ("1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00.000Z"),
        ("1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00.000Z"),
    ],
)
def test_signers_times(text: str, same: str) -> None:
    assert format_time(parse_rfc3339(text)) == same


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2019-06-30T08:00:00", "period.time"),
        ("2019-06-30T08:00Z", "period.time"),
        ("2019-06-30T08:00:00.Z", "period.time"),
        ("2019-06-30T08:00:00.0001Z", "period.time"),
        ("2019-06-30T08:00:00,5Z", "period.time"),
        ("2019-06-30T08:00:00+0800", "period.time"),
        ("2019-06-30T08:00:00+8:00", "period.time"),
        ("2019-06-30T08:00:00z", "period.time"),
        ("2019-06-30T08:00:60Z", "period.time"),
        ("2019-06-31T08:00:00Z", "period.time"),
        ("1970-01-01T00:00:00+00:01", "period.time"),
        ("2019-06-30T08:00:00-00:00", "period.offset"),
        ("2019-06-30T08:00:00+24:00", "period.offset"),
        ("2019-06-30T08:00:00+08:60", "period.offset"),
    ],
)
def test_other_signers_times_are_refused(text: str, rule: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_rfc3339(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize(("text", "minutes"), [("+08:00", 480), ("+00:00", 0), ("-03:30", -210), ("+05:45", 345)])
def test_offsets(text: str, minutes: int) -> None:
    assert parse_offset(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "Z", "08:00", "+8:00", "+0800", "-00:00", "+24:00", "+08:60", "+08:00 ", "+０8:00"]
)
def test_other_offsets_are_refused(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_offset(text)
    assert caught.value.rule == "period.offset"


@given(st.datetimes(datetime(1970, 1, 3), datetime(9999, 12, 30), timezones=st.just(UTC)), offsets)  # noqa: DTZ001
def test_a_legal_day_runs_from_midnight_to_midnight_at_the_offset(instant: datetime, offset: int) -> None:
    time = milliseconds(instant)
    day = legal_day(time, offset)
    assert day == instant.astimezone(timezone(timedelta(minutes=offset))).date()
    start = start_of_day(day, offset)
    assert start <= time < start + DAY_MS == start_of_day(add_days(day, 1), offset)
    assert legal_day(start, offset) == day
    assert legal_day(start - 1, offset) == add_days(day, -1)
