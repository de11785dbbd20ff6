"""A unit 房屋 as its owners and whoever holds an office see it: area, owners, votes, lines that name it.

The room's label and the owners' names are private texts: each stands here only for whom its audience allows.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ledger.errors import NotFound, Refused
from ledger.store.reading import ballots, lines
from ledger.store.reading.ballots import UnitVotes
from ledger.store.reading.lines import LineFilter, Lines
from ledger.store.reading.shown import Area, Code, Digest, Ref, Seq, Shown, absent, facts_about

if TYPE_CHECKING:
    from ledger.store.store import Store


class OwnerItem(Shown):
    """An owner by his reference; ``name`` where the reader may see it, ``title`` of an office or company."""

    person: Ref
    name: str | None = None
    title: str | None = None


class UnitItem(Shown):
    """A unit. ``record`` is the one that last said what it is."""

    code: Code
    record: Digest
    seq: Seq
    label: Annotated[str | None, Field(description="the room, where the reader may see it", examples=["3-2-501"])] = (
        None
    )
    building: Code
    stack: Code | None = None
    use: str
    area: Area
    counts_area: bool
    counts_head: bool
    owners: tuple[OwnerItem, ...]
    voter: Annotated[Ref | None, Field(description="the owner whom joint owners named to vote")] = None
    votes: Annotated[UnitVotes, Field(description="its meetings and ballots, the newest; further ones by `next`")]
    lines: Annotated[Lines, Field(description="lines that name it, the newest; further ones by `next`")]


def unit(store: "Store", code: str, audiences: Collection[str], *, limit: int = 20) -> UnitItem:
    """A unit with what a reader of these audiences may see. Raises NotFound ``unit.unknown``."""
    people = store.books.people
    found = people.unit(code)
    with store.reading() as reader:
        seq, fact = facts_about(reader.rows, "UnitSaid", code)[-1]
    return UnitItem(
        code=code,
        record=fact["record"],
        seq=seq,
        label=_text(store, fact["record"], "label", audiences),
        building=found.building,
        stack=absent(found.stack),
        use=found.use,
        area=found.area,
        counts_area=found.counts_area,
        counts_head=found.counts_head,
        owners=tuple(_owner(store, ref, people.person(ref).title, audiences) for ref in found.owners),
        voter=absent(found.voter),
        votes=ballots.votes_of(store, code, limit=limit),
        lines=lines.lines(store, LineFilter(unit=code), limit=limit, order="newest"),
    )


def label(store: "Store", code: str, audiences: Collection[str]) -> str | None:
    """The room of a unit, where a reader of these audiences may see it; None for a unit that is no more."""
    with store.reading() as reader:
        said = facts_about(reader.rows, "UnitSaid", code)
    return _text(store, said[-1][1]["record"], "label", audiences) if said else None


def _owner(store: "Store", ref: str, title: str, audiences: Collection[str]) -> OwnerItem:
    record, _, number = ref.partition("#")
    name = None if title else _text(store, record, f"persons/{number}/name" if number else "name", audiences)
    return OwnerItem(person=ref, name=name, title=absent(title))


def _text(store: "Store", record: str, field: str, audiences: Collection[str]) -> str | None:
    """A private text; None where it is not the reader's, was withdrawn, or is not kept here."""
    try:
        return str(store.opening(record, field, audiences).value)
    except (NotFound, Refused):
        return None
