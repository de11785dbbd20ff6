"""Published statements as pages show them: read once, worded once a language, kept while they are asked for."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from api.keeper import Kept
from ledger.paper.view import LATER, StatementView, view
from ledger.publication.state import Published
from ledger.store import statements

MOST: Final = 64
"""Worded statements kept in memory."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statement with its words in one language; ``records``: what booked each line, by the line's number."""

    period: str
    statement: dict[str, Any]
    view: StatementView
    records: dict[int, str]


_kept: OrderedDict[tuple[str, str], Drawn] = OrderedDict()
_lock: Final = Lock()


def latest(kept: Kept, locale: str) -> Drawn | None:
    """The newest published statement; None before the first."""
    newest = kept.books.publication.latest
    return drawn(kept, newest, locale) if newest else None


def drawn(kept: Kept, published: Published, locale: str) -> Drawn:
    """A published statement. Raises ``statement.unknown``, ``statement.digest_differs``."""
    key = (published.digest, locale)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    statement = statements.published(kept.store, published.period)
    records = {number: line["record"] for number, line in enumerate(statement["lines"], 1)}
    made = Drawn(published.period, statement, view(statement, LATER, locale), records)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made
