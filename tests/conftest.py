"""What holds for every test: no network beyond this machine, and where CI promises everything, a skip is a failure.

The guard works by an audit hook, below every library; it sees this process only. A test that starts another process
answers itself for what that one reaches.
"""

import gc
import ipaddress
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

TESTS: Final = Path(__file__).resolve().parent
ROOT: Final = TESTS.parent

# Time limits of single examples measure the machine, not the code: a busy core would fail a good build.
settings.register_profile("dev", deadline=None)
settings.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def _is_this_machine(host: object) -> bool:
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _loopback_only(event: str, args: tuple[object, ...]) -> None:
    if not event.startswith("socket."):
        return
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        # A tuple is an internet address; a path or bytes name a Unix socket; None is a socket connected before.
        target = args[1][0] if isinstance(args[1], tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        target = args[0]
    else:
        return
    if not _is_this_machine(target):
        raise RuntimeError(f"a test reached for {target!r} ({event})")


sys.addaudithook(_loopback_only)


def _skipping_fails(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test into a failure under CI."""
    report = yield
    _skipping_fails(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Likewise for a module that skips itself."""
    report = yield
    _skipping_fails(report)
    return report


# Thousands of collected tests stay in memory to the end; looking through them again and again took a fifth of the time.
gc.set_threshold(50_000, 10, 10)


def pytest_collection_finish() -> None:
    """Nothing that was collected is garbage."""
    gc.collect()
    gc.freeze()


ELSEWHERE: Final = frozenset({"browser", "check"})
"""Folders of tests that go through rooms which have quicker tests; a traced test takes up to twice as long."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage counts neither a folder that tests what is counted elsewhere, nor a test with the marker ``uncounted``, with
    what is set up for it.
    """
    folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
    if sys.gettrace() is None or not (folder in ELSEWHERE or item.get_closest_marker("uncounted")):
        return (yield)
    from tests.tracing import untraced

    with untraced():
        return (yield)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published vectors and source figures; it lies beside the repository and is no part of it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder `shared` beside the repository: the published vectors are not here")
    return folder
