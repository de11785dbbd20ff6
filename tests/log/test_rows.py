"""Rows: what is written is read back, and what was never written is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from ledger.log import rows
from ledger.log.packed import Hashes
from tests.community import refused_as


@dataclass(frozen=True)
class Inner:
    name: str
    amount: int
    flag: bool = False


@dataclass
class Outer:
    kind: Literal["a", "b"]
    inner: Inner
    raw: bytes = b""
    note: str | None = None
    many: tuple[Inner, ...] = ()
    pair: tuple[str, int] = ("", 0)
    names: list[str] = field(default_factory=list)
    roles: frozenset[str] = frozenset()
    by_name: dict[str, list[Inner]] = field(default_factory=dict)
    free: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class One:
    names: dict[tuple[str, str], int]


WHOLE = Outer(
    "a",
    Inner("x", 1, True),
    b"\x00\xff",
    "",
    (Inner("y", -2), Inner("z", 3)),
    ("p", 4),
    ["n", "m"],
    frozenset({"chair", "auditor"}),
    {"second": [Inner("q", 5)], "first": []},
    {"type": "budget", "lines": [1, {"a": True}]},
)


@pytest.mark.parametrize("value", [WHOLE, Outer("b", Inner("", 0))])
def test_what_is_written_is_read_back(value: Outer) -> None:
    row = rows.write(Outer, value)
    back = rows.read(Outer, row)
    assert back == value
    assert list(back.by_name) == list(value.by_name)
    assert rows.write(Outer, back) == row


def test_a_class_of_one_field_and_keys_of_several_parts() -> None:
    one = One({("a", "b"): 1})
    assert rows.read(One, rows.write(One, one)) == one == rows.reader(One)(rows.writer(One)(one))


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (Inner, ["x", 1]),
        (Inner, ["x", 1, False, 0]),
        (Inner, ["x", True, False]),
        (Inner, ["x", "1", False]),
        (Inner, "x1F"),
        (Inner, None),
        (tuple[str, ...], ["a", 1]),
        (tuple[str, ...], "ab"),
        (tuple[str, int], ["a"]),
        (bytes, "0g"),
        (One, [[["a", 1]]]),
        (One, []),
        (Outer, {"kind": "a"}),
    ],
)
def test_what_is_no_row_is_refused(model: Any, row: object) -> None:
    with refused_as("rows.malformed"):
        rows.read(model, row)


def test_an_optional_value_is_an_array_of_one_or_none() -> None:
    for row in (["a", ["x", 1, False], "", None], ["a", ["x", 1, False], "", ["", ""]]):
        with refused_as("rows.malformed"):
            rows.read(Outer, [*row, [], ["", 0], [], [], [], []])


@dataclass
class Measured:
    much: tuple[float, ...]


@pytest.mark.parametrize("model", [float, Measured, set[str]])
def test_a_type_without_a_row_is_a_fault_of_the_program(model: Any) -> None:
    for asked in (rows.shape, rows.reader):
        with pytest.raises(TypeError):
            asked(model)([[1.0]]) if asked is rows.reader else asked(model)


def test_a_shape_tells_what_its_parts_are_made_of() -> None:
    assert rows.shape(Inner) == "Inner(name: str, amount: int, flag: bool)"
    assert rows.shape(Inner) in rows.shape(Outer)


def test_packed_hashes_are_a_sequence_of_hashes() -> None:
    each = [n.to_bytes(2) * 16 for n in range(300)]
    hashes = Hashes(each)
    assert list(hashes) == each
    assert (len(hashes), hashes[0], hashes[-1], hashes[2:298:7]) == (300, each[0], each[-1], each[2:298:7])
    assert hashes == Hashes(each) != Hashes(each[:-1])
    assert hashes.tree(300) == hashes.tree(300, hashes.tree(17))
    assert hashes.tree(0).size == 0
    assert hashes.departs(Hashes(each[:200])) is Hashes(each[:200]).departs(hashes) is None
    assert hashes.departs(Hashes([*each[:77], each[0], *each[78:90]])) == 77
    for at in (300, -301):
        with pytest.raises(IndexError):
            hashes[at]
    with refused_as("merkle.hash_size"):
        hashes.append(b"short")
