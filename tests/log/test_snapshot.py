"""Snapshots: the same state gives the same bytes, the bytes the same state, and nothing else is read."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rpds import HashTrieMap

from ledger import canonical
from ledger.books import Books
from ledger.log import snapshot
from ledger.log.merkle import Range
from tests.accounts.treasury import fees, spent, treasury
from tests.community import Community, flats, refused_as
from tests.poll import Poll, motion


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    raw: bytes = b""
    sure: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    size: int
    leaf: Leaf
    leaves: tuple[Leaf, ...] = ()
    pair: tuple[str, int] = ("", 0)
    by_name: HashTrieMap[str, Leaf] = field(default_factory=HashTrieMap)
    by_pair: HashTrieMap[tuple[str, str], int] = field(default_factory=HashTrieMap)
    child: Tree | None = None


def test_the_bytes_are_those_of_the_manual() -> None:
    tree = Tree(
        1,
        Leaf("a", b"\xff", note="n"),
        (Leaf("b", sure=True),),
        by_name=HashTrieMap({"z": Leaf("z"), "é": Leaf("é"), "a": Leaf("a")}),
        by_pair=HashTrieMap({("b", "a"): 1, ("a", "b"): 2}),
    )
    assert (
        snapshot.dump(tree)
        == (
            '{"by_name":[["a",{"name":"a","raw":"","sure":false}],["z",{"name":"z","raw":"","sure":false}],'
            '["é",{"name":"é","raw":"","sure":false}]],"by_pair":[[["a","b"],2],[["b","a"],1]],'
            '"leaf":{"name":"a","note":"n","raw":"ff","sure":false},"leaves":[{"name":"b","raw":"","sure":true}],'
            '"pair":["",0],"size":1}'
        ).encode()
    )
    assert snapshot.load(Tree, snapshot.dump(tree)) == tree


LEAVES = st.builds(Leaf, st.text(max_size=3), st.binary(max_size=3), st.booleans(), st.none() | st.text(max_size=3))
TREES = st.recursive(
    st.builds(Tree, st.integers(0, 9), LEAVES),
    lambda inner: st.builds(
        Tree,
        st.integers(-9, 9),
        LEAVES,
        st.lists(LEAVES, max_size=2).map(tuple),
        st.tuples(st.text(max_size=2), st.integers(0, 9)),
        st.dictionaries(st.text(max_size=3), LEAVES, max_size=3).map(HashTrieMap),
        st.dictionaries(st.tuples(st.text(max_size=2), st.text(max_size=2)), st.integers(0, 9), max_size=3).map(
            HashTrieMap
        ),
        st.none() | inner,
    ),
    max_leaves=4,
)


@given(TREES)
def test_whatever_a_state_holds_it_reads_back(tree: Tree) -> None:
    assert snapshot.load(Tree, snapshot.dump(tree)) == tree
    assert snapshot.digest(tree) == snapshot.digest(snapshot.load(Tree, snapshot.dump(tree)))


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9)), max_size=6, unique_by=lambda row: row[0]))
def test_the_order_in_which_a_map_was_filled_does_not_show(rows: list[tuple[str, int]]) -> None:
    made: HashTrieMap[str, int] = HashTrieMap()
    for key, value in rows:
        made = made.insert(key, value)
    assert snapshot.dump(made) == snapshot.dump(HashTrieMap(reversed(rows)))


def test_what_has_no_form_is_a_mistake_of_ours() -> None:
    for value in (1.5, [1], {"a": 1}, {1}, object(), (None,)):
        with pytest.raises(TypeError):
            snapshot.dump(value)


GOOD = {"name": "a", "raw": "", "sure": False}


@pytest.mark.parametrize(
    "value",
    [
        {"name": "a", "raw": ""},
        GOOD | {"more": 1},
        GOOD | {"name": 1},
        GOOD | {"sure": 0},
        GOOD | {"raw": "f"},
        GOOD | {"raw": "FF"},
        GOOD | {"raw": "f f "},
        GOOD | {"note": 1},
        [],
        "a",
        1,
    ],
)
def test_bytes_that_are_no_state(value: object) -> None:
    with refused_as("snapshot.malformed"):
        snapshot.load(Leaf, canonical.encode(value))


@pytest.mark.parametrize(
    "rows",
    [
        [["b", GOOD | {"name": "b"}], ["a", GOOD]],
        [["a", GOOD], ["a", GOOD]],
        [["a"]],
        [["a", GOOD, 1]],
        {"a": GOOD},
        [[1, GOOD]],
    ],
)
def test_rows_of_a_map_ascend_each_once(rows: object) -> None:
    tree = {"size": 1, "leaf": GOOD, "leaves": [], "pair": ["", 0], "by_pair": [], "by_name": rows}
    with refused_as("snapshot.malformed"):
        snapshot.load(Tree, canonical.encode(tree))


def test_a_state_that_cannot_be_is_refused_by_its_own_class() -> None:
    with refused_as("merkle.range"):
        snapshot.load(Range, canonical.encode({"size": 3, "peaks": ["00" * 32]}))


# --- the books -------------------------------------------------------------------------------------------------------------------


def money() -> Community:
    """A community with something in every corner of the accounts."""
    house = treasury()
    house.budget()
    application = house.approved(100, 50)
    house.apply_for(7)
    house.deposit(5)
    settles = {"amount": -100, "settles": f"{application}#0"}
    house.take((house.day, 300, [fees(200)]), (house.day, -120, [settles]), (house.day, -9, [spent(9)]), confirmed=True)
    house.take((house.day, -1))
    return house


def votes() -> Community:
    """One with a meeting certified and another under way, units being entered and a batch half done."""
    community = Community(flats("a1 a2"))
    Poll.hold(community, [motion(9)], {"a1": "y", "a2": "n"})
    poll = Poll(community, [motion(9, "另一事项")])
    poll.prepare()
    poll.cast("a1", "y")
    office = {"nature": "office", "title": "办公室"}
    records = [community.record("person.entered/1", office) for _ in range(2)]
    community.submit(records[0], community.sign_batch(records, ["chair", "registrar"])[0])
    return community


@pytest.mark.parametrize("made", [money, votes], ids=["money", "votes"])
def test_whole_books_read_back(made: type) -> None:
    books: Books = made().books
    dumped = snapshot.dump(books)
    read = snapshot.load(Books, dumped)
    assert read == books
    assert snapshot.dump(read) == dumped


def test_books_go_on_from_a_snapshot() -> None:
    community = votes()
    resumed = snapshot.load(Books, snapshot.dump(community.books))
    for twin in (community.books, resumed):
        community.books = twin
        with refused_as("batch.interrupted"):
            community.act("person.entered/1", {"nature": "office", "title": "x"}, by=["chair", "registrar"])


@pytest.mark.parametrize("cut", ["ledger", "head", "accounts"])
def test_books_without_a_part_are_no_books(cut: str) -> None:
    whole = canonical.decode(snapshot.dump(Community().books))
    assert isinstance(whole, dict)
    del whole[cut]
    with refused_as("snapshot.malformed"):
        snapshot.load(Books, canonical.encode(whole))


def test_the_bytes_are_the_same_in_every_process() -> None:
    """Python's hashes differ from process to process, and with them the order in which a map is walked."""
    code = (
        "from rpds import HashTrieMap\n"
        "from ledger.log import snapshot\n"
        "print(snapshot.digest(HashTrieMap({(str(n), 'x'): n for n in range(200)})))\n"
    )
    root = Path(__file__).resolve().parents[2]
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1
