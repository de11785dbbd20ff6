"""Running Node on the modules of api/pages/static/check: what a reader's browser computes, computed here."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "api" / "pages" / "static" / "check"


def node(*arguments: str | Path, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Node; skip where it is not installed, which under CI is a failure."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("no node on this machine: the modules of the browser are not run")
    command = [program, *(str(argument) for argument in arguments)]
    return subprocess.run(
        command, input=given, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False
    )


def answers(questions: Iterable[tuple[str, ...]]) -> list[Any]:
    """What the modules answer to each question: the name of an operation of answers.mjs and its arguments in hex."""
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    run = node(HERE / "answers.mjs", given=lines)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]
