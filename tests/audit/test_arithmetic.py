"""Every printed figure of a statement that follows from its lines, changed by one fen: found, by its path."""

import copy
import re
from typing import Any

import pytest

from ledger.audit.arithmetic import BLOCK_OF, check_carried, check_published, check_sums, parse_statement
from ledger.errors import Malformed
from ledger.log.entry import parse_entry
from ledger.publication.statement import BLOCKS
from tests.audit.specimen import full, index_of

FIRST: dict[str, Any] = parse_statement(full().statements["2026H1"])
SECOND: dict[str, Any] = parse_statement(full().statements["2026H2"])
BODY: dict[str, Any] = parse_entry(full().entries[index_of(full(), "statement.published/1")]).record.body  # type: ignore[assignment]


def figures(value: Any, path: str = "") -> list[str]:
    """The path of every number."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if type(value) is int else []
    for step, inner in pairs:
        found += figures(inner, f"{path}/{step}" if path else str(step))
    return found


def moved(statement: dict[str, Any], path: str) -> dict[str, Any]:
    """The statement with a figure one fen up."""
    other = copy.deepcopy(statement)
    inner: Any = other
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    for step in steps:
        inner = inner[step]
    inner[last] += 1
    return other


NOT_SUMS = re.compile(
    "statement|machine|prefix|decisions/|open/|suspense/|contracts/|accounts/[0-9]+/mandate|funds/[0-9]+/unproven"
)
"""Not made of the lines: versions, the prefix, mandates; motions and open items, which the recomputation tells."""


@pytest.mark.parametrize("path", [p for p in figures(FIRST) if not NOT_SUMS.match(p)])
def test_a_figure_that_is_one_fen_off_is_found(path: str):
    assert check_sums(moved(FIRST, path)) != []


@pytest.mark.parametrize("statement", [FIRST, SECOND], ids=["first", "second"])
def test_what_was_published_adds_up(statement: dict[str, Any]):
    assert check_sums(statement) == []


def test_the_blocks_are_those_that_statements_are_printed_in():
    assert BLOCK_OF == BLOCKS


def test_an_opening_must_be_the_closing_before():
    assert check_carried(SECOND, FIRST) == []
    assert [d.field for d in check_carried(moved(SECOND, "funds/0/opening"), FIRST)] == ["funds/0/opening"]
    left_out = copy.deepcopy(SECOND)
    del left_out["funds"][0]
    assert "funds" in [d.field for d in check_carried(left_out, FIRST)]


def test_the_signed_record_must_say_the_same():
    assert check_published(FIRST, BODY) == []
    for path in ("prefix", "count", "funds/0/received", "funds/1/closing"):
        assert check_published(moved(FIRST, path), BODY) != []
    assert [d.field for d in check_published(FIRST, BODY | {"period": "2027H1"})] == ["period/code"]
    assert [d.field for d in check_published(FIRST, BODY | {"root": "0" * 64})] == ["lines_root"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda s: s["lines"].pop(),
        lambda s: s["lines"].append(s["lines"][0]),
        lambda s: s["lines"].reverse(),
        lambda s: s["lines"][0].update(on="2026-03-02"),
        lambda s: s["lines"][0].update(nature="refund"),
        lambda s: s["deductions"].pop(),
        lambda s: s["deductions"].append(s["deductions"][0]),
        lambda s: s["deductions"][0].update(evidence="0" * 64),
        lambda s: s["deductions"][0].update(line=0),
        lambda s: s["funds"].pop(),
        lambda s: s["funds"].append(s["funds"][0]),
        lambda s: s["funds"][1]["blocks"]["own"]["rows"].pop(),
        lambda s: s["funds"][1]["blocks"]["own"]["rows"].append(s["funds"][1]["blocks"]["own"]["rows"][0]),
        lambda s: s["funds"][1]["blocks"].update(others=s["funds"][1]["blocks"]["own"]),
        lambda s: s["totals"].update(more=1),
        lambda s: s["totals"].pop("income"),
        lambda s: s["reconciliation"][5].update(agrees=False),
        lambda s: s["reconciliation"][5]["items"].pop(),
    ],
)
def test_lines_and_rows_moved_about_are_found(harm: Any):
    other = copy.deepcopy(FIRST)
    harm(other)
    assert other != FIRST
    assert check_sums(other) != []


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"statement":2}', b'{"statement":true}', b'{"statement": 1}'])
def test_what_is_no_statement_is_malformed(data: bytes):
    with pytest.raises(Malformed):
        parse_statement(data)
