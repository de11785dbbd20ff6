"""Objections 异议 as they are read: about what, since when, due when, what was answered, each text for whom it is meant.

What is asked about, the days and the answer are public. The text of a question is for ``supervisors`` (the body and whoever
watches it) and for the asker himself; who asked stands beside it only for them. The state says which wait; facts say the rest.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from ledger import period
from ledger.books import Books
from ledger.errors import NotFound, Refused
from ledger.log.entry import Entry
from ledger.store.past import Rows
from ledger.store.private import EVERYBODY, PUBLIC, SUPERVISORS
from ledger.store.reading import units
from ledger.store.reading.shown import (
    Code,
    Day,
    Digest,
    Next,
    Ref,
    Seq,
    Shown,
    absent,
    cursor,
    entries_at,
    read_cursor,
)

if TYPE_CHECKING:
    from ledger.store.store import Store

Standing = Literal["waiting", "answered", "taken_back"]
Outcome = Literal["satisfied", "taken_back", "street", "not_mine"]

NEWEST: Final = "SELECT objection, seq FROM question WHERE {where} ORDER BY seq DESC LIMIT ?"
FOUND: Final = "SELECT objection, seq FROM question WHERE objection IN ({marks})"
FACTS: Final = (
    "SELECT ref, name, seq, data FROM event "
    "WHERE name IN ('QuestionAsked', 'QuestionAnswered', 'QuestionConcluded') AND ref IN ({marks}) ORDER BY seq"
)
SLIPS: Final = "SELECT key FROM used WHERE kind = 'objection_slip' AND key > ? AND key < ?"
SLIP_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who reads: the person that signed in, if any, and the audiences that he is in."""

    person: str = ""
    audiences: Collection[str] = frozenset({PUBLIC})


ANYBODY: Final = ReadBy()


class AskerItem(Shown):
    """Who asked, for whom it is meant. ``rooms``: what he owns now, by label or code."""

    person: Ref
    name: str | None = None
    rooms: tuple[str, ...]


class AnswerItem(Shown):
    """The answer. ``text`` is absent only where an order had it erased; ``late``: it came after the day."""

    record: Digest
    seq: Seq
    on: Day
    late: bool
    text: str | None = None
    evidence: tuple[Digest, ...] = ()


class QuestionItem(Shown):
    """One objection. ``text`` and ``asker`` stand there for whom they are meant; ``mine``: the reader asked."""

    objection: Digest
    seq: Seq
    about: Ref
    about_seq: Seq
    about_kind: Annotated[str, Field(examples=["bank.row/1"])]
    on: Day
    due: Annotated[Day, Field(description="by when an answer is due")]
    standing: Standing
    days_left: Annotated[int | None, Field(description="of one that waits; negative: days overdue")] = None
    overdue: bool
    on_paper: bool
    slip: Annotated[Code | None, Field(description="number of the slip that the asker of a paper one was given")] = None
    holds: Annotated[Digest | None, Field(description="the application of the payment that waits for the answer")] = (
        None
    )
    held: Annotated[Digest | None, Field(description="the posted payment that it was about, while that was posted")] = (
        None
    )
    answer: AnswerItem | None = None
    outcome: Annotated[Outcome | None, Field(description="what the asker made of it")] = None
    outcome_on: Day | None = None
    mine: bool
    text: str | None = None
    asker: AskerItem | None = None


class QuestionItems(Shown):
    """Some objections; ``waiting`` and ``overdue`` count all of the ledger that have no answer."""

    waiting: int
    overdue: int
    items: tuple[QuestionItem, ...]
    next: Next = None


def objections(
    store: "Store",
    today: str,
    reader: ReadBy = ANYBODY,
    *,
    about: Collection[str] = (),
    owner: str = "",
    after: str = "",
    limit: int = 50,
) -> QuestionItems:
    """Objections, the newest first: to any of the records ``about`` or holding one of them, asked by ``owner``; or all.

    Raises Malformed ``request.cursor``.
    """
    named: list[tuple[str, Any]] = []
    if about:
        records = [ref.partition("#")[0] for ref in about]
        named.append((f"(about IN ({_marks(about)}) OR application IN ({_marks(about)}))", [*records, *records]))
    if owner:
        named.append(("owner = ?", [owner]))
    if after:
        named.append(("seq < ?", list(read_cursor(after, int))))
    where = " AND ".join(sql for sql, _ in named) or "1 = 1"
    values = [value for _, part in named for value in part]
    with store.reading() as reading:
        found = reading.rows(NEWEST.format(where=where), (*values, limit + 1))
        read = list(_read(reading.rows, found[:limit]))
    items = tuple(_shown(store, today, reader, read))
    return _counted(store.books, today, items, cursor(found[limit - 1][1]) if len(found) > limit else None)


def waiting(store: "Store", today: str, reader: ReadBy = ANYBODY, *, after: str = "", limit: int = 50) -> QuestionItems:
    """Those without an answer, the most urgent first. Raises Malformed ``request.cursor``."""
    place = read_cursor(after, str, str, str) if after else ()
    found = [one for one in store.books.publication.waiting if not place or (one.due, one.on, one.record) > place]
    items = _by_record(store, today, reader, [one.record for one in found[:limit]])
    last = found[limit - 1] if len(found) > limit else None
    return _counted(store.books, today, items, cursor(last.due, last.on, last.record) if last else None)


def totals(store: "Store", today: str) -> QuestionItems:
    """How many wait and how many of them are overdue, and no objection."""
    return _counted(store.books, today, (), None)


def objection(store: "Store", record: str, today: str, reader: ReadBy = ANYBODY) -> QuestionItem:
    """One objection. Raises NotFound ``objection.unknown``."""
    found = _by_record(store, today, reader, [record])
    if not found:
        raise NotFound("objection.unknown", record[:80])
    return found[0]


def next_slip(store: "Store", today: str) -> str:
    """The number that the next slip of a year may have, after those that were given: ``2026-0007``."""
    year = f"{today[:4]}-"
    with store.reading() as reading:
        given = [key.removeprefix(year) for (key,) in reading.rows(SLIPS, (year, f"{year}~"))]
    last = max((int(one) for one in given if one.isdecimal() and len(one) <= SLIP_DIGITS), default=0)
    return f"{year}{last + 1:0{SLIP_DIGITS}}"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the log says of an objection: its entry, what it is about, and the facts by the name of their class."""

    entry: Entry
    about: Entry
    facts: dict[str, tuple[int, dict[str, Any]]]
    evidence: tuple[str, ...]

    @property
    def asked(self) -> dict[str, Any]:
        return self.facts["QuestionAsked"][1]


def _by_record(store: "Store", today: str, reader: ReadBy, records: Sequence[str]) -> tuple[QuestionItem, ...]:
    """Objections in the order in which they are named; what is none is left out."""
    if not records:
        return ()
    with store.reading() as reading:
        places: dict[str, int] = dict(reading.rows(FOUND.format(marks=_marks(records)), tuple(records)))
        read = list(_read(reading.rows, [(record, places[record]) for record in records if record in places]))
    return tuple(_shown(store, today, reader, read))


def _read(rows: Rows, found: Sequence[tuple[str, int]]) -> Iterator[_Facts]:
    """In a reader of the caller: a handful of statements however many are asked for."""
    if not found:
        return
    records = [record for record, _ in found]
    facts: defaultdict[str, dict[str, tuple[int, dict[str, Any]]]] = defaultdict(dict)
    for ref, name, seq, data in rows(FACTS.format(marks=_marks(records)), tuple(records)):
        facts[ref][name] = (seq, json.loads(data))
    abouts = {of["QuestionAsked"][1]["about"].partition("#")[0] for of in facts.values()}
    sql = f"SELECT key, seq FROM used WHERE kind = 'record' AND key IN ({_marks(abouts)})"  # noqa: S608 - question marks
    places: dict[str, int] = dict(rows(sql, tuple(sorted(abouts))))
    answers = [of["QuestionAnswered"][0] for of in facts.values() if "QuestionAnswered" in of]
    entries = entries_at(rows, [*(seq for _, seq in found), *places.values(), *answers])
    for record, seq in found:
        of = facts[record]
        answered = entries[of["QuestionAnswered"][0]].record.body if "QuestionAnswered" in of else {}
        about = places[of["QuestionAsked"][1]["about"].partition("#")[0]]
        yield _Facts(entries[seq], entries[about], of, tuple(answered.get("evidence", ())))


def _shown(store: "Store", today: str, reader: ReadBy, read: Sequence[_Facts]) -> Iterator[QuestionItem]:
    open_ = {one.record for one in store.books.publication.waiting}
    for one in read:
        yield _item(store, today, reader, one, waits=one.entry.record.digest in open_)


def _item(store: "Store", today: str, reader: ReadBy, one: _Facts, *, waits: bool) -> QuestionItem:
    asked, record = one.asked, one.entry.record.digest
    mine = bool(reader.person) and reader.person == asked["owner"]
    meant = mine or SUPERVISORS in reader.audiences
    left = (period.parse_day(asked["due"]) - period.parse_day(today)).days
    answer = _answer(store, one)
    concluded = one.facts.get("QuestionConcluded", (0, {}))[1]
    return QuestionItem(
        objection=record,
        seq=one.entry.seq,
        about=asked["about"],
        about_seq=one.about.seq,
        about_kind=one.about.record.kind,
        on=asked["on"],
        due=asked["due"],
        standing="waiting" if waits else "answered" if answer else "taken_back",
        days_left=left if waits else None,
        overdue=waits and left < 0,
        on_paper=bool(asked["slip"]),
        slip=absent(asked["slip"]),
        holds=absent(asked["application"]) if waits and _holds(store.books, asked["application"], record) else None,
        held=absent(asked["application"]),
        answer=answer,
        outcome=concluded.get("outcome"),
        outcome_on=concluded.get("on"),
        mine=mine,
        text=_text(store, record, EVERYBODY if mine else reader.audiences),
        asker=_asker(store, asked["owner"], reader.audiences) if meant else None,
    )


def _holds(books: Books, application: str, record: str) -> bool:
    """Whether a payment waits for this answer; one that was dropped, or that the asker held before, does not."""
    asked = books.accounts.withdrawals.get(application)
    return asked is not None and record in asked.held_by


def _answer(store: "Store", one: _Facts) -> AnswerItem | None:
    if "QuestionAnswered" not in one.facts:
        return None
    seq, fact = one.facts["QuestionAnswered"]
    return AnswerItem(
        record=fact["answer"],
        seq=seq,
        on=fact["on"],
        late=fact["on"] > fact["due"],
        text=_text(store, fact["answer"], {PUBLIC}),
        evidence=one.evidence,
    )


def _asker(store: "Store", person: str, audiences: Collection[str]) -> AskerItem:
    record, _, number = person.partition("#")
    codes = sorted(unit.code for unit in store.books.people.units.values() if person in unit.owners)
    return AskerItem(
        person=person,
        name=_text(store, record, audiences, f"persons/{number}/name" if number else "name"),
        rooms=tuple(units.label(store, code, audiences) or code for code in codes),
    )


def _text(store: "Store", record: str, audiences: Collection[str], field: str = "text") -> str | None:
    """A private text; None where it is not the reader's, was withdrawn, or is not kept here."""
    try:
        return str(store.opening(record, field, audiences).value)
    except (NotFound, Refused):
        return None


def _counted(books: Books, today: str, items: tuple[QuestionItem, ...], follows: str | None) -> QuestionItems:
    open_ = books.publication.waiting
    return QuestionItems(waiting=len(open_), overdue=sum(one.due < today for one in open_), items=items, next=follows)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
