"""The worked examples of the docstrings are right."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["merkle", "note", "checkpoint", "tiles", "policy", "proof", "witness", "source"])
def test_examples(name: str) -> None:
    done = doctest.testmod(importlib.import_module(f"ledger.log.{name}"))
    assert done.failed == 0
    assert done.attempted >= 5
