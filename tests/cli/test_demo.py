"""``mingzhang demo``: built once, served again, ended by Ctrl+C; and every link of its tour leads somewhere."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.pages.tour import STOPS, tour
from api.settings import Settings
from ledger.store import Store
from tests.cli.desk import said
from tests.example.built import demo_or_find

DEMO = (sys.executable, "-c", "from ledger.cli import main; main()", "--lang", "en", "demo")
ADDRESS = re.compile(r"http://localhost:\d+/\S*")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the command left, to be served from."""
    folder = tmp_path_factory.mktemp("demo") / "example"
    # Whoever reads the example at this moment has its -wal open: there is nothing in it.
    shutil.copytree(
        demo_or_find(tmp_path_factory).folder, folder, ignore=shutil.ignore_patterns("*.db-wal", "*.db-shm")
    )
    return folder


def test_nothing_of_a_building_that_was_broken_off_is_taken_for_the_example(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    demo = demo_or_find(tmp_path_factory)
    assert demo.code == 0
    assert demo.beside == ["example"]
    assert (demo.folder / "ledger.db").read_bytes().startswith(b"SQLite format 3")
    assert not ADDRESS.search(demo.out)


def test_what_stands_is_not_built_again(folder: Path) -> None:
    before = (folder / "ledger.db").read_bytes()
    answer = said("--lang", "en", "demo", "--build", str(folder))
    assert (answer.code, answer.err) == (0, "")
    assert "stands in" in answer.out
    assert (folder / "ledger.db").read_bytes() == before


def test_nothing_else_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    answer = said("--json", "demo", str(tmp_path))
    assert (answer.code != 0, answer.rule) == (True, "demo.exists")
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("environment", [{}, {"CI": "true"}], ids=["no terminal", "CI"])
def test_without_anybody_at_a_terminal_it_prints_the_tour_and_ends(folder: Path, environment: dict[str, str]) -> None:
    with _at(folder, terminal=bool(environment), **environment) as (child, out):
        text = _until_end(out)
        assert child.wait(30) == 0, text
    assert len(ADDRESS.findall(text)) == len(STOPS) == 6


def test_at_a_terminal_it_serves_the_tour_until_ctrl_c(folder: Path) -> None:
    with _at(folder, terminal=True) as (child, out):
        text = ""
        while "Ctrl+C" not in text:
            text += os.read(out, 65536).decode()
        addresses = ADDRESS.findall(text)[: len(STOPS)]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for address in addresses:
            with opener.open(address, timeout=30) as answer:
                assert answer.status == 200
        child.send_signal(signal.SIGINT)
        assert child.wait(30) == 0
        rest = _until_end(out)
    assert "Traceback" not in rest, rest
    assert sorted(one.name for one in folder.iterdir() if "-wal" in one.name or "-shm" in one.name) == []


def test_every_stop_of_the_tour_is_a_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = demo_or_find(tmp_path_factory).folder
    settings = Settings(requests=1_000_000)
    with Store.open(folder / "ledger.db") as store:
        kept = Kept(store, writable=False)
        with TestClient(create_app(Keeper.of([kept]), settings), base_url=settings.site) as client:
            stops = tour(kept, settings.site)
            assert len({address for _key, address in stops}) == len(STOPS)
            for key, address in stops:
                answer = client.get(address, headers={"Accept": "text/html"}, follow_redirects=False)
                assert (key, answer.status_code) == (key, 200)
                assert answer.headers["content-type"].startswith("text/html")


@contextmanager
def _at(folder: Path, *, terminal: bool, **more: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command in a process of its own, with or without a terminal; what it prints."""
    mine, its = pty.openpty() if terminal else os.pipe()
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | more
    child = subprocess.Popen([*DEMO, str(folder)], stdin=subprocess.DEVNULL, stdout=its, stderr=its, env=environment)
    os.close(its)
    try:
        yield child, mine
    finally:
        child.kill()
        child.wait()
        os.close(mine)


def _until_end(out: int) -> str:
    text = b""
    while True:
        try:
            more = os.read(out, 65536)
        except OSError:  # how a terminal says that its other end is closed
            more = b""
        if not more:
            return text.decode()
        text += more
