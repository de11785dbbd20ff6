"""Hashes by the million: a sequence of 32-byte hashes in one piece of memory, a third of what a list of them takes.

>>> hashes = Hashes([b"a" * 32, b"b" * 32])
>>> hashes.append(b"c" * 32)
>>> len(hashes), hashes[2][:1], hashes[-1][:1], [one[:1] for one in hashes[1:]]
(3, b'c', b'c', [b'b', b'c'])
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, overload

from ledger.errors import Malformed
from ledger.log.merkle import HASH_SIZE, Range

_CHUNK: Final = 4_096
"""Hashes taken at a time: what a tree of millions keeps of its nodes meanwhile must not fill the memory."""


class Hashes(Sequence[bytes]):
    """Grows at its end; a slice is a list."""

    __slots__ = ("_data",)

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self._data = bytearray()
        self.extend(hashes)

    def append(self, one: bytes) -> None:
        """Add a hash. Raises Malformed ``merkle.hash_size``."""
        if len(one) != HASH_SIZE:
            raise Malformed("merkle.hash_size", len(one), HASH_SIZE)
        self._data += one

    def extend(self, hashes: Iterable[bytes]) -> None:
        """Add hashes. Raises Malformed ``merkle.hash_size``."""
        for one in hashes:
            self.append(one)

    def departs(self, other: "Hashes") -> int | None:
        """The first place at which the two differ, as far as both reach; None where the shorter begins the longer."""
        length = min(len(self._data), len(other._data))
        if self._data[:length] == other._data[:length]:
            return None
        return next(place for place in range(length // HASH_SIZE) if self[place] != other[place])

    def tree(self, size: int, begun: Range | None = None) -> Range:
        """The tree of the first ``size`` of them; ``begun``: the tree of fewer, where it is at hand."""
        tree = begun or Range()
        while tree.size < size:
            tree, _ = tree.extend(self[tree.size : min(size, tree.size + _CHUNK)])
        return tree

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> list[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | list[bytes]:
        """One hash, or a list of several. Raises IndexError."""
        if isinstance(at, slice):
            return [self._at(place) for place in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        return self._at(place)

    def __iter__(self) -> Iterator[bytes]:
        """Each hash, from the first."""
        return map(self._at, range(len(self)))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._data) // HASH_SIZE

    def __eq__(self, other: object) -> bool:
        """Whether the other one has the same hashes in the same order."""
        return isinstance(other, Hashes) and self._data == other._data

    __hash__ = None  # type: ignore[assignment]  # it grows

    def _at(self, place: int) -> bytes:
        return bytes(self._data[place * HASH_SIZE : (place + 1) * HASH_SIZE])
