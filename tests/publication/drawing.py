"""The next statement of a community of the tests, by replay from its entries alone."""

from typing import Any

from ledger.books import Books
from ledger.log.merkle import Range
from ledger.publication.journal import Journal
from ledger.publication.statement import draw_up
from tests.community import Community, Memory


def drawn(community: Community) -> dict[str, Any]:
    """As the server draws it up after the community's last entry."""
    books, journal, tree, past = Books(), Journal(), Range(), Memory()
    for entry in community.entries:
        books, facts = community.apply(books, entry, past)
        past.keep(entry, facts)
        journal.add(entry, facts)
        tree = tree.append(entry.leaf)
    return draw_up(books, journal, tree.root())
