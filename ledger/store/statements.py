"""Statements from a kept ledger: the journal of all entries, the next statement as the books stand, the published ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.books import Books
from ledger.errors import NotFound, Refused
from ledger.log.merkle import Range
from ledger.publication import statement
from ledger.publication.journal import Journal
from ledger.publication.state import Published
from ledger.store.store import Store


@dataclass(frozen=True)
class Draft:
    """A statement not published yet, and the body of the record that would publish it."""

    statement: dict[str, Any]
    body: dict[str, Any]


def gather(store: Store, *, tell: Callable[[int], None] | None = None) -> tuple[Books, Journal, Range]:
    """The books, journal and tree of all entries, by replay. ``tell``: how far it came."""
    books, journal, tree = Books(), Journal(), Range()
    for entry, after, facts in store.history():
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


def all_published(store: Store) -> dict[str, dict[str, Any]]:
    """Every published statement by period, drawn up again at its prefix in one replay.

    One whose digest is not what its entries give is left out: `verify` names it, and it must not block the others.
    """
    due: dict[int, list[Published]] = {}
    for stands in store.books.publication.statements.values():
        due.setdefault(stands.prefix, []).append(stands)
    drawn: dict[str, dict[str, Any]] = {}
    journal, tree = Journal(), Range()
    for entry, after, facts in store.history():
        tree = tree.append(entry.leaf)
        journal.add(entry, facts)
        for stands in due.get(entry.seq + 1, ()):
            again = statement.draw_up(after, journal, tree.root())
            if statement.digest_of(again) == stands.digest:
                drawn[stands.period] = again
    return dict(sorted(drawn.items()))


def published(store: Store, period: str) -> dict[str, Any]:
    """A published statement. Raises ``statement.unknown``, ``statement.digest_differs``."""
    known = store.books.publication.statements
    if period not in known:
        raise NotFound("statement.unknown", period, sorted(known))
    drawn = all_published(store).get(period)
    if drawn is None:
        raise Refused("statement.digest_differs", period, known[period].digest)
    return drawn
