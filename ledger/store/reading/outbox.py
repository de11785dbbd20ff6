"""The outbox: what has to be told to owners, as texts to copy, each due at a moment that the ledger itself gives.

A text names what happened and where one reads about it. It never leads to a place where something is signed: whoever gets
used to signing from a link in a message will sign from a forged one too. So a link goes to a page that is only read
(:data:`READ`), and titles that people typed are shown so that no chat makes a link of them.

Nothing is stored: the same ledger gives the same notices for the same span of time, so whoever sends them needs to
remember only how far he has come.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from ledger import period
from ledger.accounts import periods
from ledger.books import Books
from ledger.errors import Refused
from ledger.log.entry import Entry
from ledger.paper.phrases import Phrases
from ledger.rules.calendar import LegalCalendar, WorkingDays
from ledger.store import statements
from ledger.store.past import Rows
from ledger.store.reading import withdrawals
from ledger.store.reading.postings import posting_days
from ledger.store.reading.shown import Moment, Shown, entries_at
from ledger.words import CHINESE, ENGLISH

if TYPE_CHECKING:
    from ledger.store.store import Store

READ: Final = ("votes/", "statements", "withdrawals/")
"""Pages that a text may lead to, with all below them."""
QUESTIONS: Final = "questions"
"""The list of questions may be led to as well; below it they are answered and concluded."""
DAYS_LEFT: Final = (3, 1)
"""Days before the close of a vote on which it is told again."""
DUE_AHEAD: Final = 7
"""Days before a statement is due on which the treasurer is told."""
ANSWER_AHEAD: Final = 2
"""Days before the answer to an owner's question is due on which the committee is told."""
MORNING_MS: Final = 9 * 3_600_000
"""What is due on a day is told at nine, by the ledger's offset."""
APPROVED: Final = "SELECT seq, application FROM step WHERE step = 'approved' AND whole = 1 ORDER BY seq DESC LIMIT 200"
EVENTS: Final = "SELECT seq, name, ref, data FROM event WHERE name IN ({marks}) ORDER BY seq DESC, i DESC LIMIT 400"
TOLD: Final = (
    "MeetingCalled",
    "MeetingOpened",
    "MeetingWithdrawn",
    "MeetingCertified",
    "StatementStands",
    "Corrected",
    "QuestionAsked",
    "QuestionAnswered",
)
_LINKED: Final = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2})")

Kind = Literal[
    "meeting_called",
    "meeting_open",
    "meeting_left",
    "meeting_withdrawn",
    "meeting_result",
    "statement_published",
    "statement_corrected",
    "posting_ends",
    "statement_due",
    "payment_approved",
    "question_asked",
    "question_due",
    "question_overdue",
    "question_answered",
]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told. ``key`` stays the same for ever; ``due`` is when, in ms; ``path`` a page that is only read."""

    key: str
    kind: Kind
    due: int
    path: str
    days: dict[str, str] = field(default_factory=dict)
    """Days to be worded."""
    moments: dict[str, int] = field(default_factory=dict)
    """Moments to be worded."""
    sums: dict[str, int] = field(default_factory=dict)
    """Fen to be worded."""
    periods: dict[str, str] = field(default_factory=dict)
    """Statement periods to be worded."""
    said: dict[str, str] = field(default_factory=dict)
    """Typed texts and numbers."""

    def __post_init__(self) -> None:
        """A notice that leads to anything but a reading page is a fault of ours."""
        if not self.path.startswith(READ) and self.path != QUESTIONS:
            raise ValueError(self.path)


class TextItem(Shown):
    """One text, ready to be copied; ``subject`` is its first line where a letter has one."""

    subject: str
    text: str


class NoticeItem(Shown):
    """A notice in both languages. ``key`` never changes: whoever sends it twice can be told apart from two."""

    key: str
    kind: Kind
    due: Moment
    link: Annotated[str, Field(description="a page that is only read")]
    zh: TextItem
    en: TextItem


class Outbox(Shown):
    """Notices due within a span of time, the newest first."""

    items: tuple[NoticeItem, ...]


def outbox(store: "Store", home: str, until: int, *, after: int = 0, limit: int = 50) -> Outbox:
    """What is due after ``after`` and up to ``until`` (ms), the newest first. ``home``: address of the ledger's first page."""
    found = sorted(
        (one for one in notices(store) if after < one.due <= until), key=lambda one: (one.due, one.key), reverse=True
    )
    books = store.books
    return Outbox(items=tuple(item(one, books, home) for one in found[:limit]))


def item(notice: Notice, books: Books, home: str) -> NoticeItem:
    """A notice, worded."""
    link = f"{home}{notice.path}"
    return NoticeItem(
        key=notice.key,
        kind=notice.kind,
        due=period.format_time(notice.due),
        link=link,
        zh=_worded(notice, books, link, CHINESE),
        en=_worded(notice, books, link, ENGLISH),
    )


def notices(store: "Store") -> Iterator[Notice]:
    """Everything that the newest entries give to be told, past and to come, in no order."""
    books = store.books
    with store.reading() as reader:
        marks = ", ".join("?" * len(TOLD))
        events = reader.rows(EVENTS.format(marks=marks), TOLD)
        approved = reader.rows(APPROVED, ())
        entries = entries_at(reader.rows, [row[0] for row in (*events, *approved)])
        found = [(entries[seq], name, ref) for seq, name, ref, _data in events]
        calls = _calls(reader.rows, found)
    for entry, name, ref in found:
        if name == "StatementStands":
            yield from _published(books, entry)
        elif name == "Corrected":
            yield _corrected(store, entry, ref)
        elif name.startswith("Question"):
            yield _question(entry, name)
        else:
            yield from _meeting(calls[ref], entry, name)
    for seq, application in approved:
        yield _approved(store, entries[seq], application)
    yield from _due(books)
    yield from _unanswered(books)


def _calls(rows: Rows, found: list[tuple[Entry, str, str]]) -> dict[str, Entry]:
    """The call of each meeting that is spoken of."""
    wanted = {ref for _entry, name, ref in found if name.startswith("Meeting")}
    marks = ", ".join("?" * len(wanted))
    where = f"SELECT key, seq FROM used WHERE kind = 'record' AND key IN ({marks})"  # noqa: S608 - question marks only
    seqs: dict[str, int] = dict(rows(where, sorted(wanted))) if wanted else {}
    entries = entries_at(rows, list(seqs.values()))
    return {called: entries[seq] for called, seq in seqs.items()}


def _meeting(call: Entry, entry: Entry, name: str) -> Iterator[Notice]:
    body, called = call.record.body, call.record.digest
    path, said = f"votes/{called}", {"title": unlinked(body["title"]), "count": str(len(body["motions"]))}
    opens, closes = period.parse_time(body["opens"]), period.parse_time(body["closes"])
    moments = {"opens": opens, "closes": closes}
    match name:
        case "MeetingCalled":
            yield Notice(f"{called}.called", "meeting_called", entry.time, path, moments=moments, said=said)
        case "MeetingOpened":
            yield Notice(f"{called}.open", "meeting_open", max(entry.time, opens), path, moments=moments, said=said)
            for days in DAYS_LEFT:
                due = closes - days * period.DAY_MS
                if due > max(entry.time, opens):
                    left = {**said, "days": str(days)}
                    yield Notice(f"{called}.left{days}", "meeting_left", due, path, moments=moments, said=left)
        case "MeetingWithdrawn":
            reason = {**said, "reason": unlinked(entry.record.body["reason"])}
            yield Notice(f"{called}.withdrawn", "meeting_withdrawn", entry.time, path, said=reason)
        case _:
            items = entry.record.body["items"]
            passed = {**said, "passed": str(sum(one["passed"] for one in items))}
            yield Notice(f"{called}.result", "meeting_result", entry.time, path, said=passed)


def _published(books: Books, entry: Entry) -> Iterator[Notice]:
    body, record = entry.record.body, entry.record.digest
    path, of = f"statements/{body['period']}", {"period": body["period"]}
    _first, last = posting_days(books, entry)
    until = objections_until(books, last)
    days = {"last": last.isoformat(), "until": until.isoformat()}
    said = {"digest": body["digest"]}
    yield Notice(f"{record}.published", "statement_published", entry.time, path, days=days, periods=of, said=said)
    yield Notice(f"{record}.ends", "posting_ends", _morning(books, last), path, days=days, periods=of)


def _corrected(store: "Store", entry: Entry, statement: str) -> Notice:
    body = entry.record.body
    code = next(code for code, stands in statements.standing(store).items() if stands.record == statement)
    said = {name: unlinked(body[name]) for name in ("was", "now", "reason")}
    return Notice(
        f"{entry.record.digest}.corrected",
        "statement_corrected",
        entry.time,
        f"statements/{code}",
        periods={"period": code},
        said=said,
    )


def _approved(store: "Store", entry: Entry, application: str) -> Notice:
    asked = withdrawals.withdrawal(store, application)
    return Notice(
        f"{entry.record.digest}.approved",
        "payment_approved",
        entry.time,
        f"withdrawals/{application}",
        sums={"amount": asked.amount},
        said={"purpose": unlinked(asked.purpose)},
    )


def _due(books: Books) -> Iterator[Notice]:
    due = statement_due(books)
    if due is not None:
        code, day = due
        path, days = "statements", {"day": day.isoformat()}
        for key, told in (("ahead", day - timedelta(days=DUE_AHEAD)), ("due", day)):
            moment = _morning(books, told)
            yield Notice(
                f"{books.ledger}.{code}.{key}", "statement_due", moment, path, days=days, periods={"period": code}
            )


def _question(entry: Entry, name: str) -> Notice:
    kind: Kind = "question_asked" if name == "QuestionAsked" else "question_answered"
    return Notice(f"{entry.record.digest}.{kind}", kind, entry.time, QUESTIONS, said={"number": str(entry.seq)})


def _unanswered(books: Books) -> Iterator[Notice]:
    """What waits for an answer now: some days before it is due, and on the morning when it is overdue."""
    for one in books.publication.waiting:
        due = period.parse_day(one.due)
        ahead = max(period.parse_day(one.on), due - timedelta(days=ANSWER_AHEAD))
        days = {"day": one.due}
        told: tuple[tuple[Kind, date], ...] = (("question_due", ahead), ("question_overdue", due + timedelta(days=1)))
        for kind, day in told:
            yield Notice(f"{one.record}.{kind}", kind, _morning(books, day), QUESTIONS, days=days)


def statement_due(books: Books) -> tuple[str, date] | None:
    """The period that the next statement closes, and the last day on which the profile wants it published; None where no books
    are open or the day cannot be counted yet.
    """
    if not books.accounts.opened_on:
        return None
    due, term = periods.next_period(books.accounts), books.rules.profile.days("statement.publish_within")
    tables = [WorkingDays.parse(text) for text in books.rules.calendars.values()]
    try:
        return due.code, LegalCalendar.under(tables, books.rules.profile).deadline(due.last, term)
    except Refused:
        # A year whose table the ledger has not adopted yet: whether the last day rolls on (CC 203) nobody knows, so the day
        # told is the earlier one; working days cannot be counted at all.
        return None if term.working else (due.code, period.add_days(due.last, term.count))


def objections_until(books: Books, last: date) -> date:
    """The last day for objections to what hung until ``last``."""
    return period.add_days(last, books.rules.profile.days("statement.objection_extra").count)


def unlinked(typed: str) -> str:
    """A typed text in one line, so that no chat makes a link of anything in it.

    >>> unlinked("见 https://evil.example/sign")
    '见 https：//evil．example/sign'
    >>> unlinked("合计 5,000.00 元")
    '合计 5,000.00 元'
    """
    return _LINKED.sub("．", " ".join(typed.split()).replace("://", "：//"))


def _morning(books: Books, day: date) -> int:
    return period.start_of_day(day, books.offset) + MORNING_MS


def _worded(notice: Notice, books: Books, link: str, locale: str) -> TextItem:
    phrases = Phrases(locale)
    values: dict[str, str] = {
        "name": unlinked(books.name),
        **notice.said,
        **{name: phrases.full_day(day) for name, day in notice.days.items()},
        **{name: phrases.moment(period.format_time(moment), books.offset) for name, moment in notice.moments.items()},
        **{name: phrases.yuan(fen) for name, fen in notice.sums.items()},
        **{name: phrases.period(code) for name, code in notice.periods.items()},
    }
    lines = [
        *([phrases.text("outbox.example")] if books.example else []),
        phrases.text(f"outbox.{notice.kind}.text", **values),
        phrases.text("outbox.read", link=link),
        phrases.text("outbox.no_signing"),
    ]
    return TextItem(subject=phrases.text(f"outbox.{notice.kind}.subject", **values), text="\n".join(lines))
