"""The Merkle tree of RFC 6962: hashes, compact ranges, inclusion and consistency proofs.

Guarantees: a proof that :func:`check_inclusion` or :func:`check_consistency` lets pass binds its two ends under
SHA-256; a proof of the wrong length, with a hash of another size, or for an index outside the tree is refused before a
hash is computed. Proofs are made from *stored nodes*, those of complete subtrees, which never change once they exist.

Hashing (RFC 6962 §2.1)::

    leaf  = SHA-256(0x00 || data)
    node  = SHA-256(0x01 || left || right)      split at the largest power of two below the number of leaves
    empty = SHA-256("")

Coordinates: the node ``(level, index)`` covers the leaves ``index * 2**level`` up to, not including,
``(index + 1) * 2**level``; level 0 are the leaf hashes. Only complete subtrees have coordinates. A tree of three leaves
has the stored nodes (0,0) (0,1) (0,2) (1,0), and its root is ``node(node(0,0)+(0,1), (0,2))``:

>>> a, b, c = (leaf_hash(text) for text in (b"a", b"b", b"c"))
>>> tree, new = Range().extend([a, b, c])
>>> [(level, index) for level, index, _hash in new]
[(0, 0), (0, 1), (0, 2), (1, 0)]
>>> tree.root() == node_hash(node_hash(a, b), c) == root([a, b, c])
True
>>> print(tree.root().hex())
36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1

A :class:`Range` is all that must be kept of a tree to append to it: its size and the roots of its complete subtrees
from the left (its *peaks*, one for each 1 in the binary size). A database answers a proof with one statement: the
planner says which coordinates are needed, :meth:`Plan.combine` makes the proof of them.

>>> stored = {(level, index): value for level, index, value in new}
>>> plan = inclusion_plan(0, 3)
>>> plan.coordinates
((0, 1), (0, 2))
>>> check_inclusion(a, 0, 3, plan.combine(stored), tree.root())

Sizes are Python integers without an upper bound; formats that carry them set theirs.
Source: RFC 6962 §2.1 (hashes and both proofs), RFC 9162 §2.1.3.2 and §2.1.4.2 (the verifiers).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Protocol, Self

from ledger.errors import Malformed, NotFound, Refused
from ledger.frozen import replace

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

Coordinate = tuple[int, int]
"""``(level, index)`` of a complete subtree."""

Node = tuple[int, int, bytes]
"""``(level, index, hash)``: a complete subtree as it is stored."""


class Nodes(Protocol):
    """Where stored nodes are read: many in one call, so that a database needs one statement."""

    def read(self, wanted: Sequence[Coordinate]) -> Mapping[Coordinate, bytes]:
        """The hashes at ``wanted``; a coordinate that is not stored is left out."""


@dataclass(frozen=True, slots=True)
class LeafNodes:
    """The nodes of a tree whose leaf hashes are all at hand (:class:`Nodes`); one reading hashes each level once.

    >>> leaves = leaf_hashes([b"a", b"b", b"c"])
    >>> inclusion_path(0, 3, LeafNodes(leaves)) == (leaves[1], leaves[2])
    True
    """

    leaves: Sequence[bytes]

    def read(self, wanted: Sequence[Coordinate]) -> Mapping[Coordinate, bytes]:
        """See :class:`Nodes`; what the tree does not have is absent."""
        by_level: dict[int, set[int]] = {}
        for level, index in wanted:
            by_level.setdefault(level, set()).add(index)
        found: dict[Coordinate, bytes] = {}
        nodes = list(self.leaves)
        for level in range(max(by_level, default=-1) + 1):
            found |= {(level, index): nodes[index] for index in by_level.get(level, ()) if index < len(nodes)}
            nodes = [node_hash(nodes[at], nodes[at + 1]) for at in range(0, len(nodes) - 1, 2)]
        return found


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(b"\x00" + data).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The leaf hashes of many entries, in order."""
    return [sha256(b"\x00" + data).digest() for data in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf *hashes*; :data:`EMPTY_ROOT` for none. Raises Malformed ``merkle.hash_size``."""
    return Range().extend(leaves)[0].root()


@dataclass(frozen=True)
class Range:
    """The compact form of a tree: ``size`` leaves, and the roots of its complete subtrees from the left.

    Raises Malformed ``merkle.size`` or ``merkle.range`` when the peaks are not as many as the 1 bits of the size, and
    ``merkle.hash_size`` when one is not 32 bytes long.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        _check_size(self.size)
        if len(self.peaks) != self.size.bit_count():
            raise Malformed("merkle.range", len(self.peaks), self.size.bit_count(), size=self.size)
        _check_hashes(self.peaks)

    def append(self, leaf: bytes) -> Self:
        """The range with one more leaf hash. Raises Malformed ``merkle.hash_size``."""
        _check_hashes((leaf,))
        return self._with_leaf(leaf)[0]

    def extend(self, leaves: Iterable[bytes]) -> tuple[Self, list[Node]]:
        """The range with more leaf hashes, and the nodes that became complete by them, level by level.

        Raises Malformed ``merkle.hash_size``.
        """
        row = list(leaves)
        _check_hashes(row)
        if len(row) == 1:
            return self._with_leaf(row[0])
        size = self.size + len(row)
        by_level = dict(zip(_peak_levels(self.size), self.peaks, strict=True))
        new: list[Node] = []
        level, first = 0, self.size
        while row:
            new += [(level, index, value) for index, value in enumerate(row, first)]
            if first & 1:
                row.insert(0, by_level.pop(level))
                first -= 1
            if len(row) & 1:
                by_level[level] = row.pop()
            row = [sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
            level, first = level + 1, first >> 1
        return self._grown(size, tuple(by_level[level] for level in _peak_levels(size))), new

    def _with_leaf(self, leaf: bytes) -> tuple[Self, list[Node]]:
        peaks, level, index, value = list(self.peaks), 0, self.size, leaf
        new: list[Node] = [(0, index, leaf)]
        while index & 1:
            value = node_hash(peaks.pop(), value)
            level, index = level + 1, index >> 1
            new.append((level, index, value))
        return self._grown(self.size + 1, (*peaks, value)), new

    def _grown(self, size: int, peaks: tuple[bytes, ...]) -> Self:
        """Not checked again, as what comes from outside is: these are hashes of hashes that were."""
        return replace(self, size=size, peaks=peaks)

    def root(self) -> bytes:
        """The root of the tree; :data:`EMPTY_ROOT` for size 0."""
        return _root(self.peaks)

    def pack(self) -> dict[str, int | list[str]]:
        """The canonical form for snapshots: ``{"size": n, "peaks": [hex, …]}``, peaks from the left."""
        return {"size": self.size, "peaks": [peak.hex() for peak in self.peaks]}

    @classmethod
    def unpack(cls, packed: Mapping[str, object]) -> Self:
        """The inverse of :meth:`pack`. Raises Malformed ``merkle.range``."""
        size, peaks = packed.get("size"), packed.get("peaks")
        if len(packed) != 2 or type(size) is not int or not isinstance(peaks, list):
            raise Malformed("merkle.range", sorted(packed), '{"size": integer, "peaks": [hex, …]}')
        return cls(size, tuple(_from_hex(peak) for peak in peaks))

    @classmethod
    def read(cls, size: int, nodes: Nodes) -> Self:
        """The range of the first ``size`` leaves, from stored nodes. Raises NotFound ``merkle.node``."""
        wanted = peak_coordinates(size)
        return cls(size, tuple(_pick(nodes.read(wanted), wanted)) if wanted else ())


@dataclass(frozen=True, slots=True)
class Plan:
    """What a proof is made of: each group of coordinates folds, from the right, into one of its hashes."""

    groups: tuple[tuple[Coordinate, ...], ...]

    @property
    def coordinates(self) -> tuple[Coordinate, ...]:
        """Every coordinate needed, each once."""
        return tuple(coordinate for group in self.groups for coordinate in group)

    def combine(self, stored: Mapping[Coordinate, bytes]) -> tuple[bytes, ...]:
        """The proof, from the hashes at :attr:`coordinates`. Raises NotFound ``merkle.node``."""
        return tuple(_fold(_pick(stored, group)) for group in self.groups)


def peak_coordinates(size: int) -> tuple[Coordinate, ...]:
    """The complete subtrees that a tree of ``size`` leaves falls into, from the left."""
    _check_size(size)
    # The subtrees left of a peak cover `size` without its bits up to and including the peak's own.
    return tuple((level, (size >> level) - 1) for level in _peak_levels(size))


def inclusion_plan(index: int, size: int) -> Plan:
    """What the inclusion proof of leaf ``index`` in a tree of ``size`` is made of.

    Raises Malformed ``merkle.index``.
    """
    _check_index(index, size)
    return Plan(_path_groups(0, index, size))


def consistency_plan(old: int, new: int) -> Plan:
    """What the proof that the tree of ``old`` leaves begins the one of ``new`` is made of.

    Empty for ``old`` 0 (nothing to contradict) and for ``old == new``. Raises Malformed ``merkle.sizes``.
    """
    _check_sizes(old, new)
    if old in (0, new):
        return Plan(())
    # The old tree's last peak is the deepest node that both trees share; from it the path climbs as an inclusion
    # proof does. Where the old tree is that one peak its root is known to the verifier and left out (RFC 6962 §2.1.2).
    level = (old & -old).bit_length() - 1
    index = (old - 1) >> level
    path = _path_groups(level, index, new)
    return Plan(path if index == 0 else (((level, index),), *path))


def inclusion_path(index: int, size: int, nodes: Nodes) -> tuple[bytes, ...]:
    """The inclusion proof of leaf ``index`` in the tree of ``size``, leaf's sibling first.

    Raises Malformed ``merkle.index``, NotFound ``merkle.node``.
    """
    plan = inclusion_plan(index, size)
    return plan.combine(nodes.read(plan.coordinates)) if plan.groups else ()


def inclusion_paths(indexes: Iterable[int], size: int, nodes: Nodes) -> list[tuple[bytes, ...]]:
    """The inclusion proofs of several leaves in the tree of ``size``; what they share is read once.

    Raises as :func:`inclusion_path`.
    """
    plans = [inclusion_plan(index, size) for index in indexes]
    stored = nodes.read(sorted({coordinate for plan in plans for coordinate in plan.coordinates}))
    return [plan.combine(stored) for plan in plans]


def consistency_path(old: int, new: int, nodes: Nodes) -> tuple[bytes, ...]:
    """The consistency proof from size ``old`` to ``new``.

    Raises Malformed ``merkle.sizes``, NotFound ``merkle.node``.
    """
    plan = consistency_plan(old, new)
    return plan.combine(nodes.read(plan.coordinates)) if plan.groups else ()


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root of a tree of ``size`` leaves under which ``path`` puts the leaf hash at ``index``; to be compared.

    Raises Malformed ``merkle.index``, ``merkle.hash_size``, ``merkle.path_length``.
    """
    _check_index(index, size)
    _check_hashes((leaf, *path))
    inner, border = _path_shape(index, size)
    if len(path) != inner + border:
        raise Malformed("merkle.path_length", len(path), inner + border, index=index, size=size)
    value = leaf
    for level, sibling in enumerate(path[:inner]):
        value = node_hash(sibling, value) if index >> level & 1 else node_hash(value, sibling)
    for left in path[inner:]:
        value = node_hash(left, value)
    return value


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Pass when ``path`` proves that the leaf hash stands at ``index`` under ``root`` of a tree of ``size`` leaves.

    Raises Malformed as :func:`root_from_inclusion`; Refused ``merkle.inclusion``.
    """
    _check_hashes((root,))
    value = root_from_inclusion(index, size, leaf, path)
    if value != root:
        raise Refused("merkle.inclusion", value.hex(), root.hex(), index=index, size=size)


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Pass when ``path`` proves that the tree of ``old`` leaves is the beginning of the one of ``new`` leaves.

    From size 0 the proof is empty and anything follows (tlog-witness); the empty tree's root must still be its own.
    Raises Malformed ``merkle.sizes``, ``merkle.hash_size``, ``merkle.path_length``; Refused ``merkle.empty_root``,
    ``merkle.old_root``, ``merkle.new_root``.
    """
    _check_sizes(old, new)
    _check_hashes((old_root, new_root, *path))
    for size, value in ((old, old_root), (new, new_root)):
        if size == 0 and value != EMPTY_ROOT:
            raise Refused("merkle.empty_root", value.hex(), EMPTY_ROOT.hex())
    if old in (0, new):
        if path:
            raise Malformed("merkle.path_length", len(path), 0, old=old, new=new)
        if old == new and old_root != new_root:
            raise Refused("merkle.old_root", old_root.hex(), new_root.hex(), size=new)
        return
    level = (old & -old).bit_length() - 1
    index = (old - 1) >> level
    inner, border = _path_shape(index, ((new - 1) >> level) + 1)
    start = 0 if index == 0 else 1
    if len(path) != start + inner + border:
        raise Malformed("merkle.path_length", len(path), start + inner + border, old=old, new=new)
    old_value = new_value = path[0] if start else old_root
    for height, sibling in enumerate(path[start : start + inner]):
        if index >> height & 1:
            old_value, new_value = node_hash(sibling, old_value), node_hash(sibling, new_value)
        else:
            new_value = node_hash(new_value, sibling)
    for left in path[start + inner :]:
        old_value, new_value = node_hash(left, old_value), node_hash(left, new_value)
    if old_value != old_root:
        raise Refused("merkle.old_root", old_value.hex(), old_root.hex(), old=old, new=new)
    if new_value != new_root:
        raise Refused("merkle.new_root", new_value.hex(), new_root.hex(), old=old, new=new)


def _path_groups(level: int, index: int, size: int) -> tuple[tuple[Coordinate, ...], ...]:
    """From the complete subtree ``(level, index)`` to the root: within its peak, then all to the right, then left."""
    peaks = peak_coordinates(size)
    last_leaf = ((index + 1) << level) - 1
    own = next(place for place, (height, at) in enumerate(peaks) if last_leaf >> height == at)
    inside = tuple(((height, index >> (height - level) ^ 1),) for height in range(level, peaks[own][0]))
    right = (peaks[own + 1 :],) if own + 1 < len(peaks) else ()
    left = tuple((peak,) for peak in reversed(peaks[:own]))
    return inside + right + left


def _path_shape(index: int, size: int) -> tuple[int, int]:
    """How many hashes of a path have their side told by the bits of the index, and how many come from the left."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _peak_levels(size: int) -> list[int]:
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


@lru_cache(maxsize=64)
def _root(peaks: tuple[bytes, ...]) -> bytes:
    """Remembered: a log asks for the root of its newest tree at each of its steps."""
    return _fold(peaks) if peaks else EMPTY_ROOT


def _fold(hashes: Sequence[bytes]) -> bytes:
    value = hashes[-1]
    for left in hashes[-2::-1]:
        value = sha256(b"\x01" + left + value).digest()
    return value


def _pick(stored: Mapping[Coordinate, bytes], wanted: Sequence[Coordinate]) -> list[bytes]:
    try:
        return [stored[coordinate] for coordinate in wanted]
    except KeyError as missing:
        raise NotFound("merkle.node", missing.args[0], "a stored complete subtree") from None


def _check_size(size: int) -> None:
    if size < 0:
        raise Malformed("merkle.size", size, "0 or more")


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise Malformed("merkle.index", index, f"0 to {size - 1}" if size > 0 else "none: the tree is empty", size=size)


def _check_sizes(old: int, new: int) -> None:
    if not 0 <= old <= new:
        raise Malformed("merkle.sizes", (old, new), "0 <= old <= new")


def _check_hashes(hashes: Iterable[bytes]) -> None:
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise Malformed("merkle.hash_size", len(value), HASH_SIZE)


def _from_hex(text: object) -> bytes:
    if not isinstance(text, str) or len(text) != 2 * HASH_SIZE or not set(text) <= set("0123456789abcdef"):
        raise Malformed("merkle.range", text, "64 lowercase hexadecimal digits")
    return bytes.fromhex(text)
