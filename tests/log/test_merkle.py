"""The tree against RFC 6962's own recursion, and its proofs against change."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.errors import Malformed, NotFound, Refused
from ledger.log.merkle import (
    EMPTY_ROOT,
    Coordinate,
    Plan,
    Range,
    check_consistency,
    check_inclusion,
    consistency_path,
    consistency_plan,
    inclusion_path,
    inclusion_plan,
    leaf_hash,
    leaf_hashes,
    node_hash,
    peak_coordinates,
    root,
    root_from_inclusion,
)

LEAVES = leaf_hashes(b"entry %d" % n for n in range(300))
SIZES = st.integers(1, len(LEAVES))


def naive_root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:])).digest()


def naive_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return [*naive_path(index, leaves[:half]), naive_root(leaves[half:])]
    return [*naive_path(index - half, leaves[half:]), naive_root(leaves[:half])]


def naive_proof(old: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962 §2.1.2."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= half:
        return [*naive_proof(old, leaves[:half], whole), naive_root(leaves[half:])]
    return [*naive_proof(old - half, leaves[half:], False), naive_root(leaves[:half])]


class Stored:
    """Every node of the tree of all leaves; counts how often it is asked."""

    def __init__(self) -> None:
        self.nodes = {(level, index): value for level, index, value in Range().extend(LEAVES)[1]}
        self.asked = 0

    def read(self, wanted: Sequence[Coordinate]) -> Mapping[Coordinate, bytes]:
        self.asked += 1
        return {coordinate: self.nodes[coordinate] for coordinate in wanted if coordinate in self.nodes}


STORED = Stored()


def flipped(value: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(value))


def test_hashes_are_the_rfc_s() -> None:
    assert sha256(b"").digest() == EMPTY_ROOT == root([]) == Range().root()
    assert leaf_hash(b"a") == sha256(b"\x00a").digest()
    assert node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()


def test_roots_of_every_size() -> None:
    tree = Range()
    for size in range(len(LEAVES)):
        assert tree.root() == root(LEAVES[:size]) == naive_root(LEAVES[:size])
        assert Range.read(size, STORED) == tree
        tree = tree.append(LEAVES[size])


@given(st.lists(st.integers(0, 40), max_size=12))
def test_growing_in_pieces_is_growing_at_once(pieces: list[int]) -> None:
    tree, nodes, size = Range(), [], 0
    for piece in pieces:
        part = LEAVES[size : size + piece]
        size += len(part)
        tree, new = tree.extend(part)
        nodes += new
    whole, every = Range().extend(LEAVES[:size])
    assert tree == whole
    assert sorted(nodes) == sorted(every)


def test_new_nodes_are_each_complete_subtree_once() -> None:
    _, nodes = Range().extend(LEAVES)
    assert len({(level, index) for level, index, _ in nodes}) == len(nodes)
    for level, index, value in nodes:
        assert value == naive_root(LEAVES[index << level : index + 1 << level])
    assert len(nodes) == sum(len(LEAVES) >> level for level in range(9))


@given(SIZES, st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, STORED)
    assert list(path) == naive_path(index, LEAVES[:size])
    check_inclusion(LEAVES[index], index, size, path, naive_root(LEAVES[:size]))


@given(SIZES, st.data())
def test_consistency(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    path = consistency_path(old, new, STORED)
    assert list(path) == naive_proof(old, LEAVES[:new])
    check_consistency(old, naive_root(LEAVES[:old]), new, naive_root(LEAVES[:new]), path)


def test_one_reading_of_the_store_is_enough() -> None:
    stored = Stored()
    inclusion_path(100, 299, stored)
    consistency_path(100, 299, stored)
    Range.read(299, stored)
    assert stored.asked == 3


@pytest.mark.parametrize(("index", "size"), [(0, 1), (4, 5), (6, 7), (100, 257)])
def test_every_bit_of_an_inclusion_proof_counts(index: int, size: int) -> None:
    path, head = inclusion_path(index, size, STORED), root(LEAVES[:size])
    for place in range(len(path)):
        for bit in range(256):
            changed = (*path[:place], flipped(path[place], bit), *path[place + 1 :])
            with pytest.raises(Refused) as refusal:
                check_inclusion(LEAVES[index], index, size, changed, head)
            assert refusal.value.rule == "merkle.inclusion"
    for bit in range(256):
        with pytest.raises(Refused):
            check_inclusion(flipped(LEAVES[index], bit), index, size, path, head)
        with pytest.raises(Refused):
            check_inclusion(LEAVES[index], index, size, path, flipped(head, bit))


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 7), (6, 8), (100, 257), (128, 256)])
def test_every_bit_of_a_consistency_proof_counts(old: int, new: int) -> None:
    path = consistency_path(old, new, STORED)
    heads = root(LEAVES[:old]), root(LEAVES[:new])
    for place in range(len(path)):
        for bit in range(256):
            changed = (*path[:place], flipped(path[place], bit), *path[place + 1 :])
            with pytest.raises(Refused):
                check_consistency(old, heads[0], new, heads[1], changed)
    for bit in range(256):
        with pytest.raises(Refused) as refusal:
            check_consistency(old, flipped(heads[0], bit), new, heads[1], path)
        assert refusal.value.rule in ("merkle.old_root", "merkle.new_root")
        with pytest.raises(Refused) as refusal:
            check_consistency(old, heads[0], new, flipped(heads[1], bit), path)
        assert refusal.value.rule == "merkle.new_root"


@given(SIZES, st.data())
def test_a_proof_fits_one_place_only(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size).filter(lambda n: n != index))
    path = inclusion_path(index, size, STORED)
    with pytest.raises((Malformed, Refused)):
        check_inclusion(LEAVES[index], other, size, path, root(LEAVES[:size]))


@given(SIZES, st.data())
def test_a_longer_or_shorter_proof_is_malformed(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path, head = inclusion_path(index, size, STORED), root(LEAVES[:size])
    for changed in ((*path, head), (head, *path), path[1:] if path else (head,), path[:-1] if path else (head,)):
        with pytest.raises(Malformed) as refusal:
            check_inclusion(LEAVES[index], index, size, changed, head)
        assert refusal.value.rule == "merkle.path_length"
    old = index + 1
    proof = consistency_path(old, size, STORED)
    for changed in ((*proof, head), proof[1:] if proof else (head,)):
        with pytest.raises(Malformed) as refusal:
            check_consistency(old, root(LEAVES[:old]), size, head, changed)
        assert refusal.value.rule == "merkle.path_length"


@pytest.mark.parametrize(
    ("index", "size", "rule"),
    [(0, 0, "merkle.index"), (1, 1, "merkle.index"), (-1, 4, "merkle.index"), (0, -1, "merkle.index")],
)
def test_no_leaf_outside_the_tree(index: int, size: int, rule: str) -> None:
    for attempt in (
        lambda: inclusion_plan(index, size),
        lambda: check_inclusion(LEAVES[0], index, size, (), LEAVES[0]),
        lambda: root_from_inclusion(index, size, LEAVES[0], ()),
    ):
        with pytest.raises(Malformed) as refusal:
            attempt()
        assert refusal.value.rule == rule


@pytest.mark.parametrize(("old", "new"), [(2, 1), (-1, 1), (-2, -1)])
def test_no_tree_shrinks(old: int, new: int) -> None:
    for attempt in (
        lambda: consistency_plan(old, new),
        lambda: check_consistency(old, LEAVES[0], new, LEAVES[0], ()),
    ):
        with pytest.raises(Malformed) as refusal:
            attempt()
        assert refusal.value.rule == "merkle.sizes"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_hashes_have_32_bytes(size: int) -> None:
    short = b"\x00" * size
    for attempt in (
        lambda: check_inclusion(short, 0, 2, (LEAVES[1],), LEAVES[0]),
        lambda: check_inclusion(LEAVES[0], 0, 2, (short,), LEAVES[0]),
        lambda: check_inclusion(LEAVES[0], 0, 2, (LEAVES[1],), short),
        lambda: check_consistency(1, short, 2, LEAVES[0], (LEAVES[1],)),
        lambda: check_consistency(1, LEAVES[0], 2, short, (LEAVES[1],)),
        lambda: check_consistency(1, LEAVES[0], 2, LEAVES[0], (short,)),
        lambda: Range().append(short),
        lambda: Range().append(LEAVES[0]).append(short),
        lambda: Range().extend([LEAVES[0], short]),
        lambda: Range(1, (short,)),
    ):
        with pytest.raises(Malformed) as refusal:
            attempt()
        assert refusal.value.rule == "merkle.hash_size"


def test_the_empty_tree_has_its_own_root() -> None:
    check_consistency(0, EMPTY_ROOT, 7, root(LEAVES[:7]), ())
    for old, new in (((0, LEAVES[0]), (7, LEAVES[0])), ((0, EMPTY_ROOT), (0, LEAVES[0]))):
        with pytest.raises(Refused) as refusal:
            check_consistency(*old, *new, ())
        assert refusal.value.rule == "merkle.empty_root"
    with pytest.raises(Malformed) as malformed:
        check_consistency(0, EMPTY_ROOT, 1, LEAVES[0], (LEAVES[0],))
    assert malformed.value.rule == "merkle.path_length"


def test_equal_sizes_need_equal_roots() -> None:
    check_consistency(5, LEAVES[0], 5, LEAVES[0], ())
    with pytest.raises(Refused) as refusal:
        check_consistency(5, LEAVES[0], 5, LEAVES[1], ())
    assert refusal.value.rule == "merkle.old_root"


@given(st.integers(1, 2**70), st.data())
@example(2**64, None)
@example(2**63 + 1, None)
def test_plans_of_any_size_name_complete_subtrees_only(size: int, data: st.DataObject | None) -> None:
    index = data.draw(st.integers(0, size - 1)) if data else size // 2
    for plan in (inclusion_plan(index, size), consistency_plan(index, size)):
        assert all((at + 1) << level <= size for level, at in plan.coordinates)
        assert len(plan.groups) <= size.bit_length() + 1
        assert len(set(plan.coordinates)) == len(plan.coordinates)
    assert sum(1 << level for level, _ in peak_coordinates(size)) == size


def test_a_node_that_is_not_stored_is_named() -> None:
    with pytest.raises(NotFound) as missing:
        Plan((((3, 4),),)).combine({})
    assert (missing.value.rule, missing.value.value) == ("merkle.node", (3, 4))
    with pytest.raises(NotFound):
        inclusion_path(0, 301, STORED)


@given(st.integers(0, 300))
def test_packed_ranges_come_back(size: int) -> None:
    tree = Range().extend(LEAVES[:size])[0]
    assert Range.unpack(tree.pack()) == tree


@pytest.mark.parametrize(
    "packed",
    [
        {},
        {"size": 1},
        {"size": 1, "peaks": []},
        {"size": 3, "peaks": ["00" * 32]},
        {"size": True, "peaks": ["00" * 32]},
        {"size": "1", "peaks": ["00" * 32]},
        {"size": 1, "peaks": ["00" * 31]},
        {"size": 1, "peaks": ["AA" * 32]},
        {"size": 1, "peaks": [" 0" * 32]},
        {"size": 1, "peaks": [0]},
        {"size": 1, "peaks": "00" * 32},
        {"size": 0, "peaks": [], "root": ""},
    ],
)
def test_other_packed_ranges_are_malformed(packed: dict) -> None:
    with pytest.raises(Malformed) as refusal:
        Range.unpack(packed)
    assert refusal.value.rule == "merkle.range"


def test_a_range_has_a_size() -> None:
    with pytest.raises(Malformed) as refusal:
        Range(-1)
    assert refusal.value.rule == "merkle.size"
