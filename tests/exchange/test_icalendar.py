"""Calendars keep every rule of RFC 5545, whatever a title holds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.exchange.icalendar import Event, encode
from tests.exchange.calendars import read

HOUR = 3_600_000
TITLES = [
    "屋顶维修；3栋，4栋",
    "a\\b",
    "第一行\r\n第二行\r第三行\n",
    "DTSTART:1\r\nEND:VEVENT",
    "🏠" * 40,
    "x" * 75,
    " ",
    "\x00\x07\x7f",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_stays_a_title(title: str) -> None:
    event = Event("u@example.org", title, 0, 5 * HOUR, description=title)
    (found,) = read(encode(title, [event])).components
    plain = title.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(c for c in plain if c == "\n" or (c >= " " and c != "\x7f"))
    assert found.text("SUMMARY") == found.text("DESCRIPTION" if plain else "SUMMARY") == plain


@given(st.text(), st.integers(0, 2**42), st.integers(1, 10**9))
def test_any_text_at_any_time(title: str, start: int, length: int) -> None:
    event = Event("u", title, start // 1000 * 1000, (start // 1000 + length) * 1000, description=title)
    read(encode(title, [event]))


def test_moments_are_utc_and_the_last_day_belongs_to_the_event() -> None:
    moment = Event("1", "开始", 1_772_326_800_000, changed=1_000)
    days = Event("2", "公示", date(2019, 7, 15), date(2019, 8, 14))
    one_day = Event("3", "截止", date(2019, 8, 14), cancelled=True, sequence=2, url="https://example.org/c/1/")
    first, second, third = read(encode("x", [moment, days, one_day])).components
    assert first.value("DTSTART") == "20260301T010000Z"
    assert first.value("DTSTAMP") == "19700101T000001Z"
    assert (second.value("DTSTART"), second.value("DTEND")) == ("20190715", "20190815")
    assert (third.value("STATUS"), third.value("SEQUENCE")) == ("CANCELLED", "2")


def test_the_same_events_make_the_same_bytes() -> None:
    events = [Event("1", "开始", 0)]
    assert encode("x", events) == encode("x", events)
