"""Every page as its readers see it: phone and laptop, both languages, big type, dark, scripts off.

Screenshots go to the folder that ``SCREENSHOTS`` names; the ones in docs/ were made so and looked at.
"""

import os
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import LAPTOP, PHONE, Site, Watched, watched

PAGES: Final = {
    "community": "",
    "statements": "statements",
    "statement": "statements/2019H1",
}
"""Name -> address below the ledger's first page."""
SEEN: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "phone": (PHONE, "?lang=zh&size=plain"),
    "phone-large": (PHONE, "?lang=zh&size=large"),
    "phone-en": (PHONE, "?lang=en&size=plain"),
    "laptop": (LAPTOP, "?lang=zh&size=plain"),
    "laptop-en": (LAPTOP, "?lang=en&size=plain"),
    "laptop-large": (LAPTOP, "?lang=zh&size=large"),
    "phone-dark": ({**PHONE, "color_scheme": "dark"}, "?lang=zh&size=plain"),
    "phone-still": ({**PHONE, "java_script_enabled": False}, "?lang=zh&size=plain"),
}
"""How a page is looked at: name -> browser options, the reader's choices."""
OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FIRST_LOAD: Final = 150_000
"""Bytes over the wire of a first visit at most."""


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("name", PAGES)
def test_a_page(chromium: Browser, example: Site, name: str, seen: str) -> None:
    options, choices = SEEN[seen]
    with watched(chromium, example.origin, **options) as browser:
        page = browser.page(f"{example.home}{PAGES[name]}{choices}")
        _shoot(page, f"{name}-{seen}")
        if options.get("java_script_enabled", True):
            assert page.evaluate(OVERFLOW) <= 0, "wider than the screen"
            _accessible(page)
        assert page.locator("h1").count() == 1
        assert page.locator("main").inner_text().strip()


@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_is_light(phone: Watched, site: str, name: str) -> None:
    taken: list[int] = []
    page = phone.page()
    page.on("response", lambda response: taken.append(_wire_bytes(response)))
    page.goto(f"{site}{PAGES[name]}", wait_until="networkidle")
    assert 0 < sum(taken) <= FIRST_LOAD, sum(taken)


def test_language_and_size_are_kept(phone: Watched, site: str) -> None:
    page = phone.page(site)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Large type").click()
    page.goto(f"{site}statements")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("html").get_attribute("class") == "large"


def test_a_page_that_is_not_there_says_so(phone: Watched, site: str) -> None:
    phone.expected.add("404")
    page = phone.page(f"{site}statements/2099H1")
    assert page.get_by_role("heading", level=1).inner_text() == "没有找到"
    page.get_by_role("link", name="回首页").click()


def _wire_bytes(response: Any) -> int:
    sizes = response.request.sizes()
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])


def _shoot(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _accessible(page: Page) -> None:
    """No violation that axe-core finds; it runs from the test, past the page's own policy."""
    found = Axe().run(page)
    assert not found.response["violations"], [
        (one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found.response["violations"]
    ]
