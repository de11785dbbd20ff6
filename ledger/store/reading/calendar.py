"""The ledger's days as a calendar: votes, postings, the days by which something has to be done.

An event's ``uid`` is made of the digest of the record that it comes from, so a telephone that subscribed knows it again when
more of it is known; ``sequence`` counts the acts that came after.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ledger import period
from ledger.books import Books
from ledger.exchange.icalendar import Event
from ledger.log.entry import Entry
from ledger.paper.phrases import Phrases
from ledger.store.reading.outbox import objections_until, statement_due, unlinked
from ledger.store.reading.postings import posting_days
from ledger.store.reading.shown import entries_at

if TYPE_CHECKING:
    from ledger.store.store import Store

ACTS: Final = ("MeetingCalled", "NoticePosted", "RollFrozen", "MeetingOpened", "MeetingWithdrawn", "MeetingCertified")
EVENTS: Final = "SELECT seq, name, ref FROM event WHERE name IN ({marks}) ORDER BY seq, i"


def events(store: "Store", home: str, locale: str) -> tuple[Event, ...]:
    """The events of a ledger. ``home``: address of its first page."""
    books, phrases = store.books, Phrases(locale)
    names = (*ACTS, "StatementStands")
    with store.reading() as reader:
        marks = ", ".join("?" * len(names))
        found = reader.rows(EVENTS.format(marks=marks), names)
        entries = entries_at(reader.rows, [seq for seq, _name, _ref in found])
    meetings: dict[str, list[tuple[str, Entry]]] = {}
    made: list[Event] = []
    for seq, name, ref in found:
        if name == "StatementStands":
            made += _posting(books, entries[seq], home, phrases)
        else:
            meetings.setdefault(ref, []).append((name, entries[seq]))
    for acts in meetings.values():
        made += _meeting(books, acts, home, phrases)
    made += _due(books, home, phrases)
    return tuple(made)


def _meeting(books: Books, acts: list[tuple[str, Entry]], home: str, phrases: Phrases) -> Iterator[Event]:
    names = [name for name, _entry in acts]
    if names[0] != "MeetingCalled":
        return
    call, newest = acts[0][1], acts[-1][1]
    body, called = call.record.body, call.record.digest
    title, cancelled = unlinked(body["title"]), "MeetingWithdrawn" in names
    opens, closes = (period.parse_time(body[name]) for name in ("opens", "closes"))
    motions = "\n".join(f"{number}. {unlinked(one['title'])}" for number, one in enumerate(body["motions"], 1))
    for what, start, end in (("vote", opens, closes), ("closes", closes, None)):
        yield Event(
            uid=f"{called}.{what}@{books.origin}",
            summary=phrases.text(f"calendar.{what}", title=title),
            start=start,
            end=end,
            changed=newest.time,
            sequence=len(acts) - 1,
            description=motions,
            url=f"{home}votes/{called}",
            cancelled=cancelled,
        )


def _posting(books: Books, entry: Entry, home: str, phrases: Phrases) -> Iterator[Event]:
    record, code = entry.record.digest, entry.record.body["period"]
    first, last = posting_days(books, entry)
    until = objections_until(books, last)
    for what, start, end in (("posting", first, last), ("objections", until, None)):
        yield Event(
            uid=f"{record}.{what}@{books.origin}",
            summary=phrases.text(f"calendar.{what}", period=phrases.period(code)),
            start=start,
            end=end,
            changed=entry.time,
            url=f"{home}statements/{code}",
        )


def _due(books: Books, home: str, phrases: Phrases) -> Iterator[Event]:
    due = statement_due(books)
    if due is not None:
        code, day = due
        yield Event(
            uid=f"{books.ledger}.due.{code}@{books.origin}",
            summary=phrases.text("calendar.due", period=phrases.period(code)),
            start=day,
            changed=period.start_of_day(period.parse_day(books.accounts.closed_until), books.offset),
            url=f"{home}statements",
        )
