"""The guards of the suite itself: without them a green run would say less than it seems to."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = """
import pytest

def test_skips():
    pytest.skip("not here")

@pytest.mark.xfail(strict=True)
def test_known_fault():
    assert False

def test_needs_the_shared_folder(shared):
    pass
"""
SKIPPING_MODULE = """
import pytest

pytest.importorskip("a_module_that_nobody_has")
"""


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org", "0.0.0.0"])
def test_no_test_reaches_another_machine(host: str):
    with pytest.raises(RuntimeError, match="a test reached for"):
        socket.create_connection((host, 80), timeout=0.1)


def test_no_datagram_leaves_this_machine():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, pytest.raises(RuntimeError, match="192"):
        sock.sendto(b"x", ("192.0.2.1", 9))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_open(host: str):
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((host, server.getsockname()[1]), timeout=5) as client,
    ):
        assert client.getpeername()[0] == "127.0.0.1"


@pytest.mark.parametrize(("ci", "expected"), [("", "2 skipped, 1 xfailed"), ("true", "1 failed, 1 xfailed, 1 error")])
def test_a_skip_is_a_failure_under_ci(tmp_path: Path, ci: str, expected: str):
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(Path(__file__).with_name("conftest.py"), tests)
    (tests / "test_skipping.py").write_text(SKIPPING)
    assert _pytest(tests / "test_skipping.py", ci) == expected


def test_a_module_that_skips_itself_fails_under_ci(tmp_path: Path):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_module.py").write_text(SKIPPING_MODULE)
    assert _pytest(tmp_path, "") == "1 skipped"
    assert _pytest(tmp_path, "true") == "1 error"


CONFIGURED = """
[pytest]
pythonpath = .
addopts = --import-mode=importlib --cov=tests --cov-report=
markers = uncounted
"""
COUNTING = """
import sys
import pytest
from tests.tracing import traced

@pytest.fixture(scope="module")
def set_up():
    return sys.gettrace()

@pytest.mark.uncounted
def test_uncounted(set_up):
    assert set_up is None
    assert sys.gettrace() is None
    with traced():
        assert sys.gettrace()
    assert sys.gettrace() is None

def test_counted():
    assert sys.gettrace() is not None
"""


def test_what_is_marked_is_not_counted_nor_what_is_set_up_for_it(tmp_path: Path):
    tests = tmp_path / "tests"
    for folder, text in ((tests, COUNTING), (tests / "check", COUNTING.replace("is not None", "is None"))):
        folder.mkdir()
        (folder / f"test_{folder.name}.py").write_text(text)
    for name in ("conftest.py", "tracing.py"):
        shutil.copy(Path(__file__).with_name(name), tests)
    (tmp_path / "pytest.ini").write_text(CONFIGURED)
    assert _pytest(tests, "") == "4 passed"


def _pytest(what: Path, ci: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", str(what)]
    run = subprocess.run(
        command,
        cwd=what if what.is_dir() else what.parent,
        env=os.environ | {"CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.splitlines()[-1].partition(" in ")[0]
