r"""Calendars that telephones subscribe to: iCalendar (RFC 5545) with events of a moment, of a span, or of whole days.

Moments are UTC (``DTSTART:20260301T010000Z``), so no time zone has to be shipped; days are ``VALUE=DATE`` with an end that
does not belong to them. An event's ``uid`` stays the same for ever; what changes about it raises ``sequence``. The same
events make the same bytes: ``DTSTAMP`` is when the event was last changed, not when the file was made.

>>> meeting = Event("0f@example.org", "表决, 屋顶", start=1_772_326_800_000, changed=1_771_000_000_000)
>>> print(encode("江岸花园", [meeting]).decode().replace("\r\n", "\n"))
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Mingzhang//calendar 1//ZH
CALSCALE:GREGORIAN
METHOD:PUBLISH
NAME:江岸花园
X-WR-CALNAME:江岸花园
REFRESH-INTERVAL;VALUE=DURATION:PT6H
BEGIN:VEVENT
UID:0f@example.org
DTSTAMP:20260213T162640Z
SEQUENCE:0
DTSTART:20260301T010000Z
SUMMARY:表决\, 屋顶
STATUS:CONFIRMED
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
<BLANKLINE>
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger import period

MEDIA: Final = "text/calendar; charset=utf-8"
OCTETS: Final = 75
"""Of a content line at most, without its line break (RFC 5545 section 3.1)."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``start`` and ``end``: both moments (ms since 1970 UTC, the end not included) or both days (included).

    ``changed``: when what is said here was said last, in ms. An event without end is a moment or one day.
    """

    uid: str
    summary: str
    start: int | date
    end: int | date | None = None
    changed: int = 0
    sequence: int = 0
    description: str = ""
    url: str = ""
    cancelled: bool = False


def encode(name: str, events: Iterable[Event]) -> bytes:
    """A calendar of this name."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mingzhang//calendar 1//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for event in events:
        lines += _lines(event)
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{text(event.uid)}"
    yield f"DTSTAMP:{_moment(event.changed)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART{_at(event.start)}"
    if isinstance(event.end, date):
        yield f"DTEND{_at(period.add_days(event.end, 1))}"
    elif event.end is not None:
        yield f"DTEND{_at(event.end)}"
    yield f"SUMMARY:{text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{text(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def text(value: str) -> str:
    r"""A TEXT value (section 3.3.11): four characters escaped, controls, which may not stand in one, left out.

    >>> text("a;b,c\\d\r\ne\x00")
    'a\\;b\\,c\\\\d\\ne'
    """
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return _CONTROLS.sub("", escaped)


def fold(line: str) -> bytes:
    r"""A content line with its break, folded so that no piece is above 75 octets and no character is cut.

    >>> [len(piece) for piece in fold("SUMMARY:" + "账" * 30).split(b"\r\n")]
    [74, 25, 0]
    """
    pieces, current = [], b""
    for character in line:
        octets = character.encode()
        if len(current) + len(octets) > OCTETS:
            pieces.append(current)
            current = b" "
        current += octets
    return b"\r\n".join([*pieces, current, b""])


def _at(when: int | date) -> str:
    if isinstance(when, date):
        return f";VALUE=DATE:{when:%Y%m%d}"
    return f":{_moment(when)}"


def _moment(ms: int) -> str:
    written = period.format_time(ms)
    return f"{written[:19].replace('-', '').replace(':', '')}Z"
