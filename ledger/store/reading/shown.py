"""The base of all models of this package, the fields that recur, and how lists go on."""

import base64
import json
from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from ledger import canonical
from ledger.errors import Malformed
from ledger.log.entry import Entry, parse_entry
from ledger.store import queries
from ledger.store.past import Rows

CURSOR_LIMIT: Final = 400
MOST: Final = 200
"""Items of one answer at most."""


class Shown(BaseModel):
    """Base: strict, frozen, nothing extra."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


Fen = Annotated[int, Field(description="integer fen (0.01 yuan)", examples=[123456])]
Digest = Annotated[str, Field(description="64 hex digits", examples=["5e884898" * 8])]
Ref = Annotated[
    str, Field(description="a record's digest, or `digest#n`: its nth item, 0 first", examples=["5e884898" * 8])
]
Day = Annotated[str, Field(description="ISO date at the ledger's offset", examples=["2026-03-31"])]
Moment = Annotated[str, Field(description="log time in UTC", examples=["2026-03-31T01:02:03.000Z"])]
Seq = Annotated[int, Field(description="number of an entry, 0 first", examples=[17])]
Code = Annotated[str, Field(description="a code of this ledger", examples=["bank-main"])]
Next = Annotated[str | None, Field(description="asks for what follows, as `after`; absent at the end")]
Area = Annotated[int, Field(description="area in 0.01 m²", examples=[8912])]


class Weight(Shown):
    """Area and heads of a vote."""

    area: Area
    heads: int


def cursor(*place: str | int) -> str:
    """A place in a list, for whoever asks for what follows: opaque, stable while the list grows at its end."""
    return base64.urlsafe_b64encode(canonical.encode(list(place))).decode().rstrip("=")


def read_cursor(text: str, *shape: type) -> tuple[Any, ...]:
    """The place that :func:`cursor` wrote. Raises Malformed ``request.cursor``."""
    wrong = Malformed("request.cursor", text[:80], "the `next` of an earlier answer")
    if len(text) > CURSOR_LIMIT:
        raise wrong
    try:
        found = canonical.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, Malformed):
        raise wrong from None
    if not isinstance(found, list) or [type(part) for part in found] != list(shape):
        raise wrong
    return tuple(found)


def absent(text: str) -> str | None:
    """Read tables and state say "none" by an empty text; models by absence."""
    return text or None


def entries_at(rows: Rows, seqs: Sequence[int]) -> dict[int, Entry]:
    """Some entries by number, in one statement."""
    wanted = sorted(set(seqs))
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))
    found = rows(f"SELECT seq, raw FROM entry WHERE seq IN ({marks})", wanted)  # noqa: S608 - question marks only
    return {seq: parse_entry(bytes(raw)) for seq, raw in found}


def entry_of(rows: Rows, record: str) -> Entry:
    """The entry of a record. Raises NotFound ``record.unknown``."""
    return parse_entry(queries.entry_bytes(rows, queries.seq_of(rows, record)))


def facts_about(rows: Rows, name: str, ref: str) -> list[tuple[int, dict[str, Any]]]:
    """The facts of a class about one thing, with the entries that they came from, in log order."""
    found = rows("SELECT seq, data FROM event WHERE name = ? AND ref = ? ORDER BY seq, i", (name, ref))
    return [(seq, json.loads(data)) for seq, data in found]


def facts_after(
    rows: Rows, name: str, place: tuple[int, int] | None, limit: int, *, newest: bool = False
) -> list[tuple[int, int, dict[str, Any]]]:
    """Facts of a class in log order behind a place ``(seq, i)``, or the newest first before it."""
    down, sign = (" DESC", "<") if newest else ("", ">")
    where = f" AND (seq, i) {sign} (?, ?)" if place else ""
    found = rows(
        f"SELECT seq, i, data FROM event WHERE name = ?{where} "  # noqa: S608 - our own words only
        f"ORDER BY seq{down}, i{down} LIMIT ?",
        (name, *(place or ()), limit),
    )
    return [(seq, i, json.loads(data)) for seq, i, data in found]
