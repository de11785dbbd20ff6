"""Node's own tests of the modules that check in the reader's browser: one test here for each file of them."""

import re
from pathlib import Path

import pytest

from tests.check.node import HERE, node

FILES = sorted(HERE.glob("*.test.mjs"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.partition(".")[0])
def test_in_node(path: Path, request: pytest.FixtureRequest) -> None:
    """The published vectors are read in place, from the folder that the variable names."""
    environment = {}
    if "MINGZHANG_VECTORS" in path.read_text("utf-8"):
        environment["MINGZHANG_VECTORS"] = str(request.getfixturevalue("shared") / "vectors")
    run = node("--test", "--test-reporter=tap", path, **environment)
    assert run.returncode == 0, run.stdout + run.stderr
    counts = {name: int(count) for name, count in re.findall(r"^# (tests|pass|skipped|todo) (\d+)$", run.stdout, re.M)}
    assert counts["tests"] == counts["pass"] > 0
    assert counts["skipped"] == counts["todo"] == 0


def test_every_file_is_run() -> None:
    assert {path.name for path in HERE.glob("*.mjs") if path not in FILES} == {"answers.mjs", "verdicts.mjs"}
    assert len(FILES) >= 4
