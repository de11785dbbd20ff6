"""Entries into books and journal, by the rules: what the server did once, anybody does again.

:func:`replay` yields a :class:`Step` for each entry, before it is applied: the books and the journal as they stood when
the entry came, and a way to apply it. It stops where an entry is refused; what follows it has no meaning then. The past
is a set of names and the entries themselves, read again from the source where a rule asks for one.

    for step in replay(source, size):
        statement = draw_up(step.books, step.journal, root)     # of the entries before this one
        facts = step.apply()
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ledger.books import Books, apply
from ledger.errors import NotFound
from ledger.log.act import Used
from ledger.log.entry import Entry, parse_entry
from ledger.log.source import Source, read_entries
from ledger.log.tiles import ENTRIES, WIDTH, Tile, decode_entries
from ledger.publication.journal import Journal


@dataclass(slots=True)
class IndexPast:
    """The past as names in a dictionary; entries are read where they lie (:class:`ledger.log.act.Past`)."""

    read: Callable[[int], bytes]
    size: int = 0
    names: dict[tuple[str, str], int] = field(default_factory=dict)

    def used(self, kind: str, key: str) -> int | None:
        """The entry that used a name."""
        return self.names.get((kind, key))

    def entry(self, seq: int) -> Entry:
        """An earlier entry. Raises NotFound ``entry.unknown``."""
        if not 0 <= seq < self.size:
            raise NotFound("entry.unknown", seq, f"0 to {self.size - 1}")
        return parse_entry(self.read(seq))

    def add(self, entry: Entry, facts: Iterable[object]) -> None:
        """Take in an applied entry with the names that it used."""
        self.size = entry.seq + 1
        for fact in facts:
            if isinstance(fact, Used):
                self.names.setdefault((fact.kind, fact.key), entry.seq)


class Replay:
    """Books, journal and past, moved on one entry at a time."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        """``read`` gives the bytes of an earlier entry."""
        self.books = Books()
        self.journal = Journal()
        self._past = IndexPast(read)

    def apply(self, entry: Entry) -> tuple[object, ...]:
        """Apply the next entry; the facts that followed. Raises what :func:`ledger.books.apply` raises."""
        self.books, facts = apply(self.books, entry, self._past)
        self._past.add(entry, facts)
        self.journal.add(entry, facts)
        return facts


@dataclass(frozen=True, slots=True)
class Step:
    """An entry about to be applied, and where the books stand before it."""

    entry: Entry
    _state: Replay

    @property
    def books(self) -> Books:
        """The books; before :meth:`apply` those that follow from the entries before this one."""
        return self._state.books

    @property
    def journal(self) -> Journal:
        """The journal, likewise. It grows in place: read it now, keep nothing of it."""
        return self._state.journal

    def apply(self) -> tuple[object, ...]:
        """Apply the entry. Raises what :func:`ledger.books.apply` raises."""
        return self._state.apply(self.entry)


def replay(source: Source, size: int) -> Iterator[Step]:
    """The steps of a log of ``size`` entries; an entry that the caller did not apply is applied before the next.

    Signatures and tree are not checked here (:func:`ledger.audit.verify`). Raises what reading and applying raise.
    """
    state = Replay(entry_reader(source, size))
    for raw in read_entries(source, size):
        entry = parse_entry(raw)
        yield Step(entry, state)
        if state.books.head.size == entry.seq:
            state.apply(entry)


def entry_reader(source: Source, size: int) -> Callable[[int], bytes]:
    """A function that gives the bytes of one entry of a log, with the last bundles it read kept at hand."""
    kept: dict[int, list[bytes]] = {}

    def read(seq: int) -> bytes:
        index = seq // WIDTH
        if index not in kept:
            if len(kept) >= _KEPT_BUNDLES:
                del kept[next(iter(kept))]
            width = Tile(ENTRIES, index, min(WIDTH, size - index * WIDTH)).width
            kept[index] = decode_entries(source.entries(index, None if width == WIDTH else width), width)
        return kept[index][seq % WIDTH]

    return read


_KEPT_BUNDLES = 8
