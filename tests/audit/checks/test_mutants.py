"""The arguments for changes that nobody can notice: each is for a line that stands and a change that is tried there."""

import ast
import tomllib
from collections import defaultdict
from functools import cache

import pytest

from tests.audit.checks.mutants import ARGUED, CHECKS, mutants

ARGUMENTS = tomllib.loads(ARGUED.read_text(encoding="utf-8"))["argued"]


@cache
def tried(family: str) -> dict[str, set[str]]:
    """What is tried on each line of a file, by its text."""
    source = (CHECKS / f"{family}.py").read_text(encoding="utf-8")
    lines, changes = source.splitlines(), defaultdict(set)
    for line, change in mutants(ast.parse(source)):
        changes[lines[line - 1].strip()].add(change)
    return changes


@pytest.mark.parametrize("argued", ARGUMENTS, ids=lambda one: f"{one['family']}: {one['line']}")
def test_an_argument_is_for_what_stands(argued: dict[str, str]) -> None:
    assert set(argued["changes"]) <= tried(argued["family"]).get(argued["line"], set())
    assert argued["reason"]


def test_nothing_is_argued_twice() -> None:
    every = [(one["family"], one["line"], change) for one in ARGUMENTS for change in one["changes"]]
    assert sorted(every) == sorted(set(every))
