"""Rolls leaf by leaf, and ballots: who may vote, who has voted, and once the ledger has opened them, what was said.

A ballot is sealed: its record holds a commitment. What it commits to is given to nobody before a ``ballot.opened/1``
stands on the ledger, which is after the close; from then on it is everybody's. Units stand by code.
"""

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from ledger.errors import NotFound
from ledger.store.past import Rows
from ledger.store.reading import meetings
from ledger.store.reading.shown import Area, Code, Digest, Next, Ref, Seq, Shown, cursor, entries_at, read_cursor

if TYPE_CHECKING:
    from ledger.store.store import Store

LEAVES: Final = "SELECT i, data FROM leaf WHERE roll = ? AND i > ? ORDER BY i LIMIT ?"
BALLOT: Final = (
    "SELECT b.seq, b.record, b.unit, b.revision, a.choices, a.seq, EXISTS("
    "SELECT 1 FROM ballot l WHERE l.opened = b.opened AND l.unit = b.unit AND l.revision > b.revision"
    ") FROM ballot b LEFT JOIN answer a ON a.ballot = b.record"
)
ON_ROLLS: Final = "SELECT seq, roll, leaf FROM member WHERE unit = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
LAST: Final = 2**53


class LeafItem(Shown):
    """One line of a roll: the units of one head group by their lowest code. ``head`` is 1, or 0 where it counts for none.

    With ``"roll": 1`` instead of ``index`` and without what is absent, its canonical JSON is the leaf of the roll's tree.
    """

    index: int
    unit: Code
    units: tuple[Code, ...]
    owners: tuple[Ref, ...]
    area: Area
    head: int
    voter: Annotated[
        Ref | None, Field(description="the owner who alone votes for it, where joint owners named one")
    ] = None


class Leaves(Shown):
    """Some leaves of a roll, by their place."""

    roll: Digest
    root: Digest
    items: tuple[LeafItem, ...]
    next: Next = None


class BallotItem(Shown):
    """A ballot. ``choices`` (yes, no, abstain or void, one a motion) and ``opened_seq`` once the ledger has opened it."""

    record: Digest
    seq: Seq
    unit: Annotated[Code, Field(description="lowest code of the roll's leaf")]
    revision: int
    superseded: Annotated[bool, Field(description="a later revision stands, and counts instead")]
    choices: tuple[str, ...] | None = None
    opened_seq: Seq | None = None


class BallotItems(Shown):
    """Some ballots of a meeting, in the order in which they came."""

    items: tuple[BallotItem, ...]
    next: Next = None


class UnitVote(Shown):
    """What a unit had in a meeting: its leaf of the roll, and the ballots that were cast for it."""

    meeting: Digest
    title: str
    opens: str
    closes: str
    standing: str
    roll: Digest
    leaf: Annotated[Code, Field(description="lowest code of its head group: what ballots name")]
    opened: Annotated[Digest | None, Field(description="what ballots name as their meeting, once it was opened")] = None
    ballots: tuple[BallotItem, ...]


class UnitVotes(Shown):
    """The meetings on whose roll a unit stands, the newest first."""

    unit: Code
    items: tuple[UnitVote, ...]
    next: Next = None


def leaves(store: "Store", called: str, *, after: str = "", limit: int = 200) -> Leaves:
    """The roll of a meeting. Raises NotFound ``meeting.unknown``, ``roll.none``; Malformed ``request.cursor``."""
    (last,) = read_cursor(after, int) if after else (-1,)
    with store.reading() as reader:
        meetings.opened_of(reader.rows, called)
        roll = meetings.roll_of(reader.rows, called)
        if roll is None:
            raise NotFound("roll.none", called, "a meeting whose roll was frozen")
        found = reader.rows(LEAVES, (roll.record, last, limit + 1))
    items = tuple(_leaf(i, json.loads(data)) for i, data in found[:limit])
    return Leaves(
        roll=roll.record, root=roll.root, items=items, next=cursor(items[-1].index) if len(found) > limit else None
    )


def ballots(store: "Store", called: str, *, after: str = "", limit: int = 200) -> BallotItems:
    """The ballots of a meeting; none before it was opened. Raises NotFound ``meeting.unknown``; Malformed ``request.cursor``."""
    (last,) = read_cursor(after, int) if after else (-1,)
    with store.reading() as reader:
        opened = meetings.opened_of(reader.rows, called)
        sql = f"{BALLOT} WHERE b.opened = ? AND b.seq > ? ORDER BY b.seq LIMIT ?"
        found = reader.rows(sql, (opened or "", last, limit + 1))
    items = tuple(map(_ballot, found[:limit]))
    return BallotItems(items=items, next=cursor(items[-1].seq) if len(found) > limit else None)


def ballot(store: "Store", record: str) -> BallotItem:
    """One ballot by its record. Raises NotFound ``ballot.unknown``."""
    with store.reading() as reader:
        found = reader.rows(f"{BALLOT} WHERE b.record = ?", (record,))
    if not found:
        raise NotFound("ballot.unknown", record, "the digest of a ballot")
    return _ballot(found[0])


def votes_of(store: "Store", unit: str, *, after: str = "", limit: int = 20) -> UnitVotes:
    """The meetings and ballots of a unit. Raises Malformed ``request.cursor``."""
    (before,) = read_cursor(after, int) if after else (LAST,)
    with store.reading() as reader:
        found = reader.rows(ON_ROLLS, (unit, before, limit + 1))
        of = [(seq, _meeting_of(reader.rows, seq), roll, leaf) for seq, roll, leaf in found[:limit]]
        cast = {roll: _cast(reader.rows, called, leaf) for _seq, called, roll, leaf in of}
    items = []
    for _seq, called, roll, leaf in of:
        held = meetings.meeting(store, called)
        items.append(
            UnitVote(
                meeting=called,
                title=held.title,
                opens=held.opens,
                closes=held.closes,
                standing=held.standing,
                roll=roll,
                leaf=leaf,
                opened=held.opened.record if held.opened else None,
                ballots=cast[roll],
            )
        )
    return UnitVotes(unit=unit, items=tuple(items), next=cursor(of[-1][0]) if len(found) > limit else None)


def _meeting_of(rows: Rows, roll_seq: int) -> str:
    return str(entries_at(rows, [roll_seq])[roll_seq].record.body["meeting"])


def _cast(rows: Rows, called: str, leaf: str) -> tuple[BallotItem, ...]:
    opened = meetings.opened_of(rows, called)
    found = rows(f"{BALLOT} WHERE b.opened = ? AND b.unit = ? ORDER BY b.revision", (opened or "", leaf))
    return tuple(map(_ballot, found))


def _leaf(index: int, data: dict[str, Any]) -> LeafItem:
    return LeafItem(
        index=index,
        unit=data["unit"],
        units=tuple(data["units"]),
        owners=tuple(data["owners"]),
        area=data["area"],
        head=data["head"],
        voter=data.get("voter"),
    )


def _ballot(row: tuple[Any, ...]) -> BallotItem:
    seq, record, unit, revision, choices, opened_seq, superseded = row
    return BallotItem(
        record=record,
        seq=seq,
        unit=unit,
        revision=revision,
        superseded=bool(superseded),
        choices=None if choices is None else tuple(json.loads(choices)),
        opened_seq=opened_seq,
    )
