"""From facts to read tables: one small function a fact, in one written-out table.

To show something new:

1. enter its class in :data:`WRITERS`, as ``event("field")``: it then stands whole in the table ``event``, under the reference
   that the field holds. That is enough for most facts;
2. for one that is searched or summed by columns, add a table to ``READ`` in :mod:`ledger.store.tables` and write a function
   here, ``(seq, i, fact) -> rows``, that yields ``(verb, values in the order of the columns)`` with a verb made by
   :func:`insert` (a row that never comes twice) or :func:`replace` (the newest row of a key counts);
3. raise :data:`VERSION`. The next writer that opens a ledger drops the read tables and rebuilds them by replay.

No rule, sum or status is computed here or in SQL: a fact says what is to be shown. A fact without a writer stops its
entry (``projection.no_writer``); tests/store walks all facts of all rooms so that nobody meets this.

>>> [(verb.table.name, values) for verb, values in rows(7, 0, Used("id", "0190…"))]
[('used', ('id', '0190…', 7))]
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.schema import CreateTable

from ledger import canonical
from ledger.accounts import facts as money
from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.periods import Closed
from ledger.errors import Unavailable
from ledger.log.act import Used
from ledger.people.facts import UnitSaid
from ledger.publication import audited, objections
from ledger.publication.decide import Corrected, Posted, StatementStands
from ledger.rules.decide import ProfileStands
from ledger.store import tables
from ledger.store.database import Writer, insert_sql
from ledger.votes import facts as polls
from ledger.votes.roll import leaf_bytes

VERSION: Final = 12
"""Raised by whoever changes what a writer writes; an older program then refuses to write into newer tables."""


@dataclass(frozen=True)
class Verb:
    """One statement on one read table, compiled once."""

    table: Table
    sql: str


Row = tuple[Verb, tuple[object, ...]]
Write = Callable[[int, int, Any], Iterable[Row]]
"""``(seq, i, fact) -> rows``: what the ``i``-th fact of entry ``seq`` writes."""


def insert(table: Table) -> Verb:
    """A row that never comes twice."""
    return Verb(table, insert_sql(table))


def replace(table: Table) -> Verb:
    """The newest row of a key counts; all columns are given again."""
    statement = upsert(table)
    changed = {c.name: statement.excluded[c.name] for c in table.columns if not c.primary_key}
    return Verb(
        table,
        str(
            statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed).compile(
                dialect=sqlite.dialect()
            )
        ),
    )


_USED: Final = insert(tables.used)
_LINE: Final = insert(tables.line)
_VOUCHER: Final = insert(tables.voucher)
_LEG: Final = insert(tables.leg)
_STEP: Final = insert(tables.step)
_LEAF: Final = insert(tables.leaf)
_MEMBER: Final = insert(tables.member)
_BALLOT: Final = insert(tables.ballot)
_ANSWER: Final = insert(tables.answer)
_EVENT: Final = insert(tables.event)
_QUESTION: Final = insert(tables.question)


def name_used(seq: int, _i: int, fact: Used) -> Iterator[Row]:
    """A name that stands in the log once."""
    yield _USED, (fact.kind, fact.key, seq)


def line_booked(seq: int, _i: int, fact: Line) -> Iterator[Row]:
    """A line of a period."""
    move = fact.move
    yield (
        _LINE,
        (
            fact.period, fact.index, seq, fact.record, move.part, fact.booked, fact.on, fact.voucher,
            move.account, move.fund, move.category, move.nature, move.amount,
            move.party, move.contract, move.document, move.unit, move.covers,
            move.basis, move.motion, move.line_code, fact.corrects,
        ),
    )  # fmt: skip


def voucher_booked(seq: int, _i: int, fact: VoucherBooked) -> Iterator[Row]:
    """A voucher and its legs."""
    yield _VOUCHER, (fact.number, seq, fact.record, fact.kind, fact.booked, fact.on, fact.corrects)
    for i, leg in enumerate(fact.legs):
        yield _LEG, (fact.number, i, leg.code, leg.debit, leg.credit, leg.account, leg.fund)


def withdrawal_moved(seq: int, i: int, fact: money.WithdrawalMoved) -> Iterator[Row]:
    """A step of a withdrawal that a record of its own takes."""
    yield _STEP, (fact.application, seq, i, fact.step, fact.person, fact.stage, int(fact.whole), "", None)


def stage_paid(seq: int, i: int, fact: money.StagePaid) -> Iterator[Row]:
    """A withdrawal's stage was paid by an entry that may pay others too, or a contra took it back."""
    application, _, stage = fact.stage.partition("#")
    yield _STEP, (application, seq, i, "paid", "", int(stage), 0, fact.on, fact.amount)


def roll_frozen(seq: int, i: int, fact: polls.RollFrozen) -> Iterator[Row]:
    """A roll, and its leaves one by one: they grow with the community and leave the books with the meeting."""
    yield from event("meeting", without="leaves")(seq, i, fact)
    for place, leaf in enumerate(fact.leaves):
        yield _LEAF, (fact.roll, place, leaf_bytes(leaf).decode())
        for unit in leaf.units:
            yield _MEMBER, (unit, seq, fact.roll, leaf.unit)


def ballot_counted(seq: int, i: int, fact: polls.BallotCounted) -> Iterator[Row]:
    """A ballot was taken in, sealed."""
    yield _BALLOT, (fact.opened, fact.unit, fact.revision, seq, fact.ballot)
    yield from event("opened")(seq, i, fact)


def ballot_opened(seq: int, _i: int, fact: polls.BallotOpened) -> Iterator[Row]:
    """What a ballot said."""
    yield _ANSWER, (fact.ballot, seq, canonical.encode_trusted(list(fact.choices)).decode())


def question_asked(seq: int, i: int, fact: objections.QuestionAsked) -> Iterator[Row]:
    """An objection, found by what it is about, by who asked and by the payment that waits for its answer."""
    yield _QUESTION, (fact.objection, seq, fact.about.partition("#")[0], fact.owner, fact.application)
    yield from event("objection")(seq, i, fact)


def event(ref: str, *, without: str = "") -> Write:
    """A fact shown whole, as JSON, under the reference that its field ``ref`` holds (``a.b`` for a field's field).

    ``without`` leaves out a field that grows with the community and is asked of the books instead.
    """
    path = ref.split(".")

    def shown(seq: int, i: int, fact: Any) -> Iterator[Row]:
        value = fact
        for step in path:
            value = getattr(value, step)
        data = {name: part for name, part in _plain(fact).items() if name != without}
        yield _EVENT, (seq, i, type(fact).__name__, value, canonical.encode_trusted(data).decode())

    return shown


WRITERS: Final[Mapping[type, Write]] = {
    Used: name_used,
    # people
    UnitSaid: event("code"),
    # rules
    ProfileStands: event("profile"),
    # accounts
    Line: line_booked,
    VoucherBooked: voucher_booked,
    money.BankMoved: event("row"),
    money.SuspenseMoved: event("row"),
    money.FileConfirmed: event("file"),
    money.FileRejected: event("file"),
    money.RowTakenOut: event("row"),
    money.Awaited: event("ref"),
    money.Arrived: event("ref"),
    money.Granted: event("authority.motion"),
    money.UnfoundedPaid: event("payment.ref"),
    money.Founded: event("ref"),
    money.StagePaid: stage_paid,
    money.WithdrawalMoved: withdrawal_moved,
    Closed: event("period"),
    # votes
    polls.MeetingCalled: event("meeting"),
    polls.NoticePosted: event("meeting"),
    polls.RollFrozen: roll_frozen,
    polls.MeetingOpened: event("meeting"),
    polls.MeetingWithdrawn: event("meeting"),
    polls.BallotCounted: ballot_counted,
    polls.BallotOpened: ballot_opened,
    polls.MeetingCertified: event("meeting"),
    polls.MotionDecided: event("motion"),
    # publication
    StatementStands: event("statement.period"),
    Posted: event("record"),
    Corrected: event("statement"),
    objections.QuestionAsked: question_asked,
    objections.QuestionAnswered: event("objection"),
    objections.QuestionConcluded: event("objection"),
    audited.Reported: event("record"),
    audited.Explained: event("finding"),
    audited.Seen: event("record"),
}
"""Every fact and the function that shows it."""


def rows(seq: int, i: int, fact: object) -> Iterable[Row]:
    """The rows of one fact. Raises Unavailable ``projection.no_writer``."""
    write = WRITERS.get(type(fact))
    if write is None:
        raise Unavailable("projection.no_writer", type(fact).__qualname__, "a fact entered in projection.WRITERS")
    return write(seq, i, fact)


def store(writer: Writer, facts: Iterable[tuple[int, Sequence[object]]]) -> None:
    """Write the facts of entries. Rows of one statement go in the order of their facts, statements one after another:

    a read table must not refer to another.
    """
    pending: dict[str, list[tuple[object, ...]]] = {}
    for seq, found in facts:
        for i, fact in enumerate(found):
            for verb, values in rows(seq, i, fact):
                pending.setdefault(verb.sql, []).append(values)
    for sql, values_of in pending.items():
        writer.write(sql, values_of)


def fingerprint() -> str:
    """Which read tables this program writes: a hash over their definitions and :data:`VERSION`."""
    return hashlib.sha256("\n".join([str(VERSION), *_definitions()]).encode()).hexdigest()


@cache
def _definitions() -> tuple[str, ...]:
    # Writing them out took a tenth of the time of opening a small ledger.
    return tuple(str(CreateTable(table).compile(dialect=sqlite.dialect())) for table in tables.READ.sorted_tables)


def create(writer: Writer) -> None:
    """Drop all read tables and create them empty. In the caller's transaction."""
    for table in reversed(tables.READ.sorted_tables):
        writer.run(f"DROP TABLE IF EXISTS {table.name}")
    for table in tables.READ.sorted_tables:
        writer.run(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            columns = ", ".join(column.name for column in index.columns)
            writer.run(f"CREATE INDEX {index.name} ON {table.name} ({columns})")
    writer.run("DELETE FROM projection")
    writer.write(insert_sql(tables.projection), [(1, VERSION, fingerprint())])


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        named = ((f.name, getattr(value, f.name)) for f in fields(value))
        return {name: _plain(part) for name, part in named if part is not None}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return value.hex() if isinstance(value, bytes) else value
