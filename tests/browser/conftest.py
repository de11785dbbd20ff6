"""The example community served over a real socket, and Chromium in front of it.

A test asks for ``site`` (the address of the example's first page) and for ``phone`` or ``laptop``: a fresh browser context
each, so that no test finds another's cookies, keys or storage. Anything that a page asks of another host, and any error
in its console, fails the test that opened it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from ledger.store import Store
from tests.example.built import demo_or_find
from tests.serving import Site, running

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: Final = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP: Final = {"viewport": {"width": 1280, "height": 800}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built example, for this process to write into."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(demo_or_find(tmp_path_factory).folder, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def example(example_folder: Path) -> Iterator[Site]:
    """The example, read-only, over HTTP."""
    with Store.open(example_folder / "ledger.db") as store, ExitStack() as serving:
        site = serving.enter_context(running(store))
        yield site


@pytest.fixture(scope="session")
def site(example: Site) -> str:
    """The first page of the example."""
    return example.home


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium; the skip is a failure under CI."""
    path = os.environ.get("CHROMIUM") or next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
    yield browser
    browser.close()


@dataclass
class Watched:
    """A browser context, and what went wrong on its pages."""

    context: BrowserContext
    origin: str
    wrong: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)
    """Beginnings of console messages that a test means to provoke."""

    def page(self, address: str = "") -> Page:
        """A new page, at an address."""
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", self._request)
        if address:
            page.goto(address)
        return page

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.wrong.append(f"left the site: {request.url}")

    def check(self) -> None:
        """Nothing went wrong but what was expected."""
        left = [one for one in self.wrong if not any(word in one for word in self.expected)]
        assert not left, left


@contextmanager
def watched(browser: Browser, origin: str, **options: Any) -> Iterator[Watched]:
    """A fresh context in Chinese; its pages are checked when the block ends."""
    context = browser.new_context(**{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options})
    found = Watched(context, origin)
    try:
        yield found
        found.check()
    finally:
        context.close()


@pytest.fixture
def phone(chromium: Browser, example: Site) -> Iterator[Watched]:
    """A phone in front of the example."""
    with watched(chromium, example.origin, **PHONE) as found:
        yield found


@pytest.fixture
def laptop(chromium: Browser, example: Site) -> Iterator[Watched]:
    """A laptop in front of the example."""
    with watched(chromium, example.origin, **LAPTOP) as found:
        yield found
