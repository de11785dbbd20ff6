"""Entries into books, tree and journal, by the rules: what the server did once, anybody does again.

There is one replay. A verifier drives it over a source with a past of names in memory, the store over its database with a
past that asks the database; either may stop at any entry and have the statement drawn up that has its prefix there.

    replay = Replay(IndexPast(entry_reader(source, size)))
    for raw in read_entries(source, size):
        facts = replay.apply(parse_entry(raw))
    replay.draw_up()                                 # the statement of the next period, of all entries so far
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from ledger.books import Books, apply
from ledger.errors import NotFound, Refused
from ledger.log.act import Past, Used
from ledger.log.entry import Entry, parse_entry
from ledger.log.merkle import Range
from ledger.log.source import Source
from ledger.log.tiles import ENTRIES, WIDTH, Tile, decode_entries
from ledger.publication.journal import Journal
from ledger.publication.statement import draw_up


class GrowingPast(Past, Protocol):
    """A past that takes in each entry after it was applied."""

    def add(self, entry: Entry, facts: Iterable[object]) -> None:
        """Take in an applied entry with the names that it used."""


@dataclass(slots=True)
class IndexPast:
    """The past as names in a dictionary; entries are read where they lie (:class:`ledger.log.act.Past`)."""

    read: Callable[[int], bytes]
    size: int = 0
    names: dict[str, dict[str | bytes, int]] = field(default_factory=dict)
    """By kind: name -> the entry that used it. Digests and UUIDs, of which every entry has one, stand as their bytes."""

    def used(self, kind: str, key: str) -> int | None:
        """The entry that used a name."""
        return self.names.get(kind, {}).get(_packed(key))

    def entry(self, seq: int) -> Entry:
        """An earlier entry. Raises NotFound ``entry.unknown``."""
        if not 0 <= seq < self.size:
            raise NotFound("entry.unknown", seq, f"0 to {self.size - 1}")
        return parse_entry(self.read(seq))

    def add(self, entry: Entry, facts: Iterable[object]) -> None:
        """See :class:`GrowingPast`."""
        self.size = entry.seq + 1
        for fact in facts:
            if isinstance(fact, Used):
                self.name(fact.kind, fact.key, entry.seq)

    def name(self, kind: str, key: str, seq: int) -> None:
        """Remember who used a name first."""
        self.names.setdefault(kind, {}).setdefault(_packed(key), seq)


def _packed(name: str) -> str | bytes:
    """A name as it is kept: what is written in lower-case hex in half as many bytes.

    >>> _packed("01900000-0000-7000-8000-000000000000").hex(), _packed("lift")
    ('01900000000070008000000000000000', 'lift')
    """
    if len(name) == 64 and _DIGEST(name):
        return bytes.fromhex(name)
    return bytes.fromhex(name.replace("-", "")) if len(name) == 36 and _UUID(name) else name


@dataclass(slots=True)
class Replay:
    """Books, tree and journal after the entries applied so far.

    One that goes on from kept books and their tree has no journal (None) and draws up no statements.
    """

    past: GrowingPast
    books: Books = field(default_factory=Books)
    tree: Range = field(default_factory=Range)
    journal: Journal | None = field(default_factory=Journal)

    def apply(self, entry: Entry) -> tuple[object, ...]:
        """Apply the next entry; the facts that followed. Raises what :func:`ledger.books.apply` raises, and stays as it was."""
        self.books, facts = apply(self.books, entry, self.past)
        self.tree = self.tree.append(entry.leaf)
        self.past.add(entry, facts)
        if self.journal is not None:
            self.journal.add(entry, facts)
        return facts

    def draw_up(self) -> dict[str, Any]:
        """The next period's statement as the books stand. Raises as :func:`ledger.publication.statement.draw_up`."""
        if self.journal is None:
            raise Refused("statement.journal", None, "a replay from the first entry")
        return draw_up(self.books, self.journal, self.tree.root())


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


_DIGEST: Final = re.compile("[0-9a-f]{64}").fullmatch
_UUID: Final = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_KEPT_BUNDLES = 8
