"""Statements from a kept ledger: the journal of all entries, and the next statement as the books stand now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.books import Books
from ledger.errors import NotFound, Refused
from ledger.log.merkle import Range
from ledger.publication import statement
from ledger.publication.journal import Journal
from ledger.store.store import Store


@dataclass(frozen=True)
class Draft:
    """A statement not published yet, and the body of the record that would publish it."""

    statement: dict[str, Any]
    body: dict[str, Any]


def gather(
    store: Store, *, until: int | None = None, tell: Callable[[int], None] | None = None
) -> tuple[Books, Journal, Range]:
    """The books, journal and tree after the first ``until`` entries (all by default), by replay. ``tell``: how far it came."""
    books, journal, tree = Books(), Journal(), Range()
    for entry, after, facts in store.history():
        if until is not None and entry.seq >= until:
            break
        books, tree = after, tree.append(entry.leaf)
        journal.add(entry, facts)
        if tell is not None:
            tell(entry.seq + 1)
    return books, journal, tree


def draft(store: Store) -> Draft:
    """The next period's statement as the books stand. Raises ``books.not_open``."""
    books, journal, tree = gather(store)
    drawn = statement.draw_up(books, journal, tree.root())
    return Draft(drawn, statement.publication_body(drawn, books.accounts))


def published(store: Store, period: str) -> dict[str, Any]:
    """A published statement, drawn up again at its prefix. Raises ``statement.unknown``, ``statement.digest_differs``."""
    stands = store.books.publication.statements.get(period)
    if stands is None:
        raise NotFound("statement.unknown", period, sorted(store.books.publication.statements))
    books, journal, tree = gather(store, until=stands.prefix)
    drawn = statement.draw_up(books, journal, tree.root())
    if statement.digest_of(drawn) != stands.digest:
        raise Refused("statement.digest_differs", statement.digest_of(drawn), stands.digest)
    return drawn
