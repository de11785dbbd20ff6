"""Reading the log back: the state that follows from the entries in the database.

Start-up, a process that catches up with another one's entries and a reader all take this one way, so that the rare case
runs the code of the common one. Signatures are not checked again here: whoever appended checked them, and
:mod:`ledger.audit` checks them all. The tree is: the entries' own hashes must give the root that was committed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ledger.audit.replay import Replay
from ledger.books import Books
from ledger.errors import Refused
from ledger.log.entry import Entry, parse_entry
from ledger.log.merkle import Range
from ledger.store.past import DatabasePast, Rows, names_of

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
    if size > state.size:
        replay = Replay(DatabasePast(rows, state.size), state.books, state.tree, journal=None)
        while replay.tree.size < size:
            steps = list(apply_stored(rows, replay, min(size, replay.tree.size + CHUNK)))
            if shown is not None:
                shown([(entry.seq, facts) for entry, facts in steps])
        state = State(replay.books, replay.tree)
    if state.tree.root() != root:
        raise Refused("store.forked", state.tree.root().hex(), root.hex(), size=size)
    return state


def from_the_first(rows: Rows) -> Replay:
    """A replay of this database that begins before its first entry; :func:`apply_stored` moves it on."""
    return Replay(DatabasePast(rows, 0))


def apply_stored(rows: Rows, replay: Replay, size: int) -> Iterator[tuple[Entry, Sequence[object]]]:
    """Apply the stored entries up to ``size``, each given with the facts that followed when it has just been applied.

    Raises as :func:`catch_up`.
    """
    for start in range(replay.tree.size, size, CHUNK):
        end = min(size, start + CHUNK)
        entries = [parse_entry(bytes(row[0])) for row in rows(ENTRIES, (start, end))]
        if len(entries) != end - start:
            raise Refused("store.entry_missing", len(entries), end - start, start=start)
        replay.past = past = DatabasePast(rows, start)
        past.expect(names_of(entry.record for entry in entries))
        for entry in entries:
            yield entry, replay.apply(entry)
