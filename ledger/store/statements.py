"""Statements from a kept ledger: the next one as the books stand, and the published ones, drawn up again at their prefixes."""

import hashlib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger import canonical
from ledger.audit.arithmetic import parse_statement
from ledger.errors import NotFound, Refused
from ledger.publication import statement
from ledger.publication.state import Published
from ledger.store.past import Rows
from ledger.store.replay import apply_stored, from_the_first, read_head

if TYPE_CHECKING:
    from ledger.store.store import Store


@dataclass(frozen=True)
class Draft:
    """A statement not published yet, and the body of the record that would publish it."""

    statement: dict[str, Any]
    body: dict[str, Any]


def draft(store: "Store") -> Draft:
    """The next period's statement as the books stand. Raises ``books.not_open``."""
    with store.reading() as reader:
        size, _root = read_head(reader.rows)
        replay = from_the_first(reader.rows)
        deque(apply_stored(reader.rows, replay, size), maxlen=0)
    drawn = replay.draw_up()
    return Draft(drawn, statement.publication_body(drawn, replay.books.accounts))


def standing(store: "Store") -> dict[str, Published]:
    """The statements that were published, by period."""
    entries = store.using("statement")
    return {
        (body := entry.record.body)["period"]: Published(
            entry.record.digest, body["period"], body["digest"], body["prefix"], entry.seq
        )
        for entry in entries
    }


def all_published(store: "Store") -> dict[str, bytes]:
    """The canonical bytes of every published statement by period.

    One whose digest is not what its entries give is left out: `verify` names it, and it must not block the others.
    """
    published = standing(store).values()
    with store.reading() as reader:
        return dict(sorted(_read(reader.rows, published)))


def published(store: "Store", period: str) -> dict[str, Any]:
    """A published statement. Raises ``statement.unknown``, ``statement.digest_differs``."""
    known = standing(store)
    if period not in known:
        raise NotFound("statement.unknown", period, sorted(known))
    with store.reading() as reader:
        found = dict(_read(reader.rows, [known[period]]))
    if period not in found:
        raise Refused("statement.digest_differs", period, known[period].digest)
    return parse_statement(found[period])


def _read(rows: Rows, wanted: Iterable[Published]) -> Iterator[tuple[str, bytes]]:
    """Period and bytes of each statement that is what was signed."""
    for stands, data in draw(rows, wanted):
        if hashlib.sha256(data).hexdigest() == stands.digest:
            yield stands.period, data


def draw(rows: Rows, wanted: Iterable[Published]) -> Iterator[tuple[Published, bytes]]:
    """Draw statements up at their prefixes, in one replay that ends at the last of them; their canonical bytes."""
    due: defaultdict[int, list[Published]] = defaultdict(list)
    for stands in wanted:
        due[stands.prefix].append(stands)
    replay = from_the_first(rows)
    for _ in apply_stored(rows, replay, max(due, default=0)):
        for stands in due.get(replay.tree.size, ()):
            yield stands, canonical.encode(replay.draw_up())
