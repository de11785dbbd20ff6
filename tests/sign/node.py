"""The modules of api/pages/static/sign run by Node, question by question; a process stays open, as keys are kept in it."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


class Signer:
    """A browser without a screen."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, *question: Any) -> Any:
        """What the modules answer: the name of an operation of answers.mjs and its arguments."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the modules failed: see above"
        return json.loads(line)


@contextmanager
def signer() -> Iterator[Signer]:
    """Node with the modules; skip where it is not installed, which under CI is a failure."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("no node on this machine: the modules of the browser are not run")
    command = [program, "--no-warnings", str(HERE / "answers.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Signer(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)
