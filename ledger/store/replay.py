"""Reading the log back: the state that follows from the entries in the database.

Start-up, a process that catches up with another one's entries and a reader all take this one way, so that the rare case
runs the code of the common one. Signatures are not checked again here: whoever appended checked them, and
:mod:`ledger.audit` checks them all. The tree is: the entries' own hashes must give the root that was committed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ledger.books import Books, apply
from ledger.errors import Refused
from ledger.log.entry import parse_entry
from ledger.log.merkle import Range, leaf_hash
from ledger.store.past import DatabasePast, Rows

CHUNK: Final = 512
HEAD: Final = "SELECT size, root FROM head WHERE id = 1"
ENTRIES: Final = "SELECT raw FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq"

Facts = Sequence[tuple[int, Sequence[object]]]


@dataclass(frozen=True, slots=True)
class State:
    """The books after ``tree.size`` entries, and the tree's peaks."""

    books: Books = field(default_factory=Books)
    tree: Range = field(default_factory=Range)

    @property
    def size(self) -> int:
        """How many entries it has seen."""
        return self.tree.size


def read_head(rows: Rows) -> tuple[int, bytes]:
    """Size and root as committed. Raises Refused ``store.no_head``."""
    found = rows(HEAD, ())
    if not found:
        raise Refused("store.no_head", None, "the row of the head")
    return int(found[0][0]), bytes(found[0][1])


def catch_up(rows: Rows, state: State, shown: Callable[[Facts], None] | None = None) -> State:
    """The state at the committed head. ``rows`` must read one committed state; ``shown`` gets the facts passed by.

    Raises Refused ``store.rewound`` (the database has fewer entries than this process has seen), ``store.forked`` (its
    root is not that of its entries), ``store.entry_missing``, and whatever ``apply`` says of an entry that it does not
    accept (``kind.unknown``: a newer program wrote it).
    """
    size, root = read_head(rows)
    if size < state.size:
        raise Refused("store.rewound", size, f"{state.size} entries or more")
    while state.size < size:
        state = _step(rows, state, min(size, state.size + CHUNK), shown)
    if state.tree.root() != root:
        raise Refused("store.forked", state.tree.root().hex(), root.hex(), size=size)
    return state


def _step(rows: Rows, state: State, upto: int, shown: Callable[[Facts], None] | None) -> State:
    found = [bytes(row[0]) for row in rows(ENTRIES, (state.size, upto))]
    if len(found) != upto - state.size:
        raise Refused("store.entry_missing", len(found), upto - state.size, start=state.size)
    books, past, facts = state.books, DatabasePast(rows, state.size), []
    for raw in found:
        entry = parse_entry(raw)
        books, given = apply(books, entry, past)
        past.add(entry, given)
        facts.append((entry.seq, given))
    if shown is not None:
        shown(facts)
    tree, _ = state.tree.extend([leaf_hash(raw) for raw in found])
    return State(books, tree)
