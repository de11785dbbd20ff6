"""Tiles: one path for each, and everything a log has stands in them once."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, NotFound
from ledger.log.merkle import (
    Range,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    leaf_hashes,
    root,
)
from ledger.log.tiles import (
    ENTRIES,
    MAX_ENTRY,
    MAX_LEVEL,
    Tile,
    TileNodes,
    bundles_between,
    decode_entries,
    encode_entries,
    join,
    parse_path,
    split,
    tile_at,
    tiles_between,
)

SIZE = 70_000
LEAVES = leaf_hashes(n.to_bytes(4) for n in range(SIZE))
TREE, NODES = Range().extend(LEAVES)


@pytest.fixture(scope="module")
def stored() -> Mapping[tuple[int, int], bytes]:
    return {(level, index): value for level, index, value in NODES}


@pytest.fixture(scope="module")
def files(stored: Mapping[tuple[int, int], bytes]) -> Mapping[str, bytes]:
    found = {}
    for tile in tiles_between(0, SIZE):
        level, first, end = tile.nodes
        found[tile.path] = join(tile, [stored[level, index] for index in range(first, end)])
    return found


@given(st.integers(ENTRIES, MAX_LEVEL), st.integers(0, 10**13), st.integers(1, 256))
def test_paths_come_back(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(63, 999, 1), "tile/63/999.p/1"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(0, 999_999), "tile/0/x999/999"),
        (Tile(ENTRIES, 1_000_000, 255), "tile/entries/x001/x000/000.p/255"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x001/x002",
        "tile/0/x000/001",
        "tile/00/001",
        "tile/01/001",
        "tile/-1/001",
        "tile/64/001",
        "tile/100/001",
        "tile/data/001",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/999",
        "tile/0/001.p/",
        "tile/0/001/",
        "tile/0/００１",
        "/tile/0/001",
        "tile/0/001\n",
        "tile/0/" + "x001/" * 100 + "000",
    ],
)
def test_other_paths_are_malformed(path: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse_path(path)
    assert refusal.value.rule in ("tiles.path", "tiles.coordinates")


@pytest.mark.parametrize("where", [(-2, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_other_coordinates_are_malformed(where: tuple[int, int, int]) -> None:
    with pytest.raises(Malformed) as refusal:
        Tile(*where)
    assert refusal.value.rule == "tiles.coordinates"


@given(st.integers(0, 200_000), st.integers(0, 70_000))
def test_growing_writes_what_changed_and_no_more(old: int, more: int) -> None:
    before, after = set(tiles_between(0, old)), set(tiles_between(0, old + more))
    written = set(tiles_between(old, old + more))
    assert written == after - before
    # What disappears from the list are partial tiles that a wider one replaces.
    assert all(tile.width < 256 for tile in before - after)
    assert {(tile.level, tile.index) for tile in before - after} <= {(tile.level, tile.index) for tile in written}
    bundles = {Tile(0, bundle.index, bundle.width) for bundle in bundles_between(old, old + more)}
    assert bundles == {tile for tile in written if tile.level == 0}


@given(st.integers(0, 10**5))
def test_widths_are_those_of_the_text(size: int) -> None:
    for tile in tiles_between(0, size):
        assert tile == tile_at(tile.level, tile.index, size)
        full = size // 256**tile.level
        assert tile.width == (256 if tile.index < full // 256 else full % 256)


def test_sizes_grow() -> None:
    for attempt in (lambda: tiles_between(2, 1), lambda: bundles_between(-1, 1)):
        with pytest.raises(Malformed) as refusal:
            attempt()
        assert refusal.value.rule == "tiles.sizes"


def test_every_tile_is_cut_from_stored_nodes(files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        tile = parse_path(path)
        span = 256**tile.level
        first = tile.index * 256
        hashes = split(tile, data)
        for place in {0, len(hashes) // 2, len(hashes) - 1}:
            start = (first + place) * span
            assert hashes[place] == root(LEAVES[start : start + span])


@pytest.mark.uncounted
@given(st.data())
def test_proofs_out_of_tiles(files: Mapping[str, bytes], data: st.DataObject) -> None:
    read: list[str] = []

    def read_tile(tile: Tile) -> bytes:
        read.append(tile.path)
        return files[tile.path]

    nodes = TileNodes(SIZE, read_tile)
    index = data.draw(st.integers(0, SIZE - 1))
    check_inclusion(LEAVES[index], index, SIZE, inclusion_path(index, SIZE, nodes), TREE.root())
    assert len(read) == len(set(read)) <= 6
    old = index + 1
    check_consistency(old, root(LEAVES[:old]), SIZE, TREE.root(), consistency_path(old, SIZE, nodes))
    assert Range.read(SIZE, nodes) == TREE


def test_a_node_beyond_the_tiles_is_left_out(files: Mapping[str, bytes]) -> None:
    nodes = TileNodes(SIZE, lambda tile: files[tile.path])
    assert set(nodes.read([(0, SIZE), (17, 0), (0, SIZE - 1), (1, SIZE // 2)])) == {(0, SIZE - 1)}
    with pytest.raises(NotFound):
        inclusion_path(3, SIZE + 1, nodes)


def test_a_tile_is_as_wide_as_its_path_says() -> None:
    tile = Tile(0, 0, 2)
    assert split(tile, join(tile, LEAVES[:2])) == LEAVES[:2]
    for data in (b"", bytes(63), bytes(65), bytes(96)):
        with pytest.raises(Malformed) as refusal:
            split(tile, data)
        assert refusal.value.rule == "tiles.width"
    for hashes, rule in ((LEAVES[:1], "tiles.width"), ([LEAVES[0], b"short"], "tiles.hash_size")):
        with pytest.raises(Malformed) as refusal:
            join(tile, hashes)
        assert refusal.value.rule == rule


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_come_back(entries: list[bytes]) -> None:
    assert decode_entries(encode_entries(entries), len(entries)) == entries


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=9), st.data())
def test_a_bundle_has_no_more_and_no_less(entries: list[bytes], data: st.DataObject) -> None:
    bundle = encode_entries(entries)
    for changed in (bundle + b"\0", bundle + b"\0\0", bundle[: data.draw(st.integers(0, len(bundle) - 1))]):
        with pytest.raises(Malformed) as refusal:
            decode_entries(changed, len(entries))
        assert refusal.value.rule in ("tiles.width", "tiles.truncated")


def test_the_largest_entry() -> None:
    assert decode_entries(encode_entries([bytes(MAX_ENTRY)]), 1) == [bytes(MAX_ENTRY)]
    with pytest.raises(Malformed) as refusal:
        encode_entries([bytes(MAX_ENTRY + 1)])
    assert refusal.value.rule == "tiles.entry_size"
    for count in (0, 257):
        with pytest.raises(Malformed) as refusal:
            encode_entries([b""] * count)
        assert refusal.value.rule == "tiles.width"
