"""Statements from a kept ledger: the next one as the books stand, and the published ones.

A published statement is drawn up once, when it is handed in, and kept in a read table; one that is not there is drawn up
again at its prefix. Nothing is handed out whose bytes are not those of the digest on the ledger.
"""

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger import canonical
from ledger.audit.arithmetic import parse_statement
from ledger.audit.findings import FAULTS
from ledger.errors import MingzhangError, NotFound, Refused
from ledger.log.entry import parse_entry
from ledger.publication import statement
from ledger.publication.state import Published
from ledger.store import projection, queries, tables
from ledger.store.database import Writer
from ledger.store.past import Rows
from ledger.store.replay import apply_stored, from_the_first, read_head

if TYPE_CHECKING:
    from ledger.store.store import Store

KEPT: Final = "SELECT data FROM statement WHERE digest = ?"
OF_PERIOD: Final = "SELECT data FROM event WHERE name = 'StatementStands' AND ref = ?"
MOST_NAMED: Final = 12
"""Periods that a refusal names."""
KEEP: Final = projection.replace(tables.statement).sql


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
    with store.reading() as reader:
        return {one.period: one for one in _standing(reader.rows)}


def all_published(store: "Store") -> dict[str, bytes]:
    """The canonical bytes of every published statement by period.

    One whose digest is not what its entries give is left out: `verify` names it, and it must not block the others.
    """
    with store.reading() as reader:
        return dict(sorted(_read(reader.rows, _standing(reader.rows))))


def stands(store: "Store", period: str) -> Published:
    """A statement that was published, as its record says. Raises NotFound ``statement.unknown``."""
    with store.reading() as reader:
        found = reader.rows(OF_PERIOD, (period,))
        if not found:
            raise NotFound(
                "statement.unknown", period[:40], [one.period for one in _standing(reader.rows)][-MOST_NAMED:]
            )
    return Published(**json.loads(found[0][0])["statement"])


def published(store: "Store", period: str) -> dict[str, Any]:
    """A published statement. Raises ``statement.unknown``, ``statement.digest_differs``."""
    wanted = stands(store, period)
    with store.reading() as reader:
        found = dict(_read(reader.rows, [wanted]))
    if period not in found:
        raise Refused("statement.digest_differs", period, wanted.digest)
    return parse_statement(found[period])


def keep_all(writer: Writer) -> None:
    """Draw up and keep every published statement, into an empty table. In the caller's transaction."""
    drawn = _draw(writer.rows, _standing(writer.rows))
    keep(writer, [(one.digest, data) for one, data in drawn if data is not None and _is_signed(data, one)])


def keep(writer: Writer, statements: Sequence[tuple[str, bytes]]) -> None:
    """Keep statements, each by its digest. In the caller's transaction."""
    writer.write(KEEP, statements)


def _standing(rows: Rows) -> list[Published]:
    """The published statements in log order."""
    found = []
    for entry in map(parse_entry, queries.bytes_using(rows, "statement")):
        body = entry.record.body
        found.append(Published(entry.record.digest, body["period"], body["digest"], body["prefix"], entry.seq))
    return found


def _read(rows: Rows, wanted: Iterable[Published]) -> Iterator[tuple[str, bytes]]:
    """Period and bytes of each statement that is what was signed: kept when it was published, else drawn up again."""
    missing = []
    for stands in wanted:
        kept = rows(KEPT, (stands.digest,))
        if kept and _is_signed(kept[0][0], stands):
            yield stands.period, bytes(kept[0][0])
        else:
            missing.append(stands)
    for stands, drawn in _draw(rows, missing):
        if drawn is not None and _is_signed(drawn, stands):
            yield stands.period, drawn


def _is_signed(data: bytes, stands: Published) -> bool:
    return hashlib.sha256(data).hexdigest() == stands.digest


def _draw(rows: Rows, wanted: Iterable[Published]) -> Iterator[tuple[Published, bytes | None]]:
    """Draw statements up at their prefixes, in one replay that ends at the last of them; None where the entries give none."""
    due: defaultdict[int, list[Published]] = defaultdict(list)
    for stands in wanted:
        due[stands.prefix].append(stands)
    replay = from_the_first(rows)
    for _ in apply_stored(rows, replay, max(due, default=0)):
        for stands in due.get(replay.tree.size, ()):
            try:
                yield stands, canonical.encode(replay.draw_up())
            except (MingzhangError, *FAULTS):
                yield stands, None


def check(rows: Rows, stands: Published, size: int) -> bytes:
    """The bytes of a statement about to be published: it must be the one that its entries give.

    ``apply`` compares totals and lines, but cannot draw a statement up; published with another digest it would close its
    period and be wrong for ever. ``size``: of the log as committed. Raises Refused ``statement.prefix``,
    ``statement.digest_differ``.
    """
    if stands.prefix > size:
        raise Refused("statement.prefix", stands.prefix, f"{size} or less")
    ((_, data),) = _draw(rows, [stands])
    if data is None or not _is_signed(data, stands):
        own = None if data is None else hashlib.sha256(data).hexdigest()
        raise Refused("statement.digest_differ", stands.digest, own, prefix=stands.prefix)
    return data
