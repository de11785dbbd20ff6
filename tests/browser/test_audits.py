"""An audit report as a supervisor's and an owner's browser show it: chosen, drawn up, read, printed; in all looks."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from ledger.people import keyring
from ledger.store import Store
from tests.browser.conftest import PHONE, Watched, watched
from tests.browser.test_every_page import OVERFLOW, SEEN, WALKED, _accessible, _shoot
from tests.browser.test_kit import ring, sign_in
from tests.serving import Site, running

__all__ = ["ring"]

DRAFT: Final = "audits/draft?sort=trust&start=2018-12-01&until=2019-06-30"


@pytest.fixture(scope="module")
def then(example_folder: Path) -> Iterator[Site]:
    """The example on the day of its last entry, when its supervisor was in office."""
    with Store.open(example_folder / "ledger.db") as store, ExitStack() as serving:
        site = serving.enter_context(running(store, clock=lambda: store.books.head.time))
        yield site


@pytest.fixture
def supervisor(chromium: Browser, then: Site, ring: keyring.KeyRing) -> Iterator[Watched]:
    """A supervisor's phone."""
    with watched(chromium, then.origin, **PHONE) as found:
        sign_in(found.context, then, ring, "supervisor")
        yield found


@pytest.mark.parametrize(
    "seen", [pytest.param(seen, marks=() if seen in WALKED else (pytest.mark.slow,)) for seen in SEEN]
)
def test_a_draft(chromium: Browser, then: Site, ring: keyring.KeyRing, seen: str) -> None:
    """The longest page there is: all sections, tables and findings of the example."""
    options, choices = SEEN[seen]
    with watched(chromium, then.origin, **options) as browser:
        sign_in(browser.context, then, ring, "supervisor")
        page = browser.page(f"{then.home}{DRAFT}&{choices[1:]}")
        _shoot(page, f"audit-draft-{seen}")
        assert page.locator("h1").count() == 1
        assert page.locator("#part-duties").count() == 1
        if options.get("java_script_enabled", True):
            assert page.evaluate(OVERFLOW) <= 0, "wider than the screen"
            _accessible(page)


def test_a_supervisor_chooses_reads_and_prints(supervisor: Watched, then: Site) -> None:
    page = supervisor.page(f"{then.home}statements")
    page.get_by_role("link", name="审计报告").click()
    page.get_by_label("审计类型").select_option("term")
    page.get_by_label("第一天").fill("2018-12-01")
    page.get_by_label("最后一天").fill("2019-06-30")
    page.get_by_role("button", name="编制").click()
    assert page.get_by_role("heading", level=1).inner_text() == "任期核查报告"
    page.locator("#answers").get_by_role("link").filter(has_text="资金收支与结余").click()
    assert "284,290.17" in page.locator("#part-funds").inner_text()
    href = page.get_by_role("link", name="打印版（PDF）").get_attribute("href")
    assert supervisor.context.request.get(f"{then.origin}{href}").headers["content-type"] == "application/pdf"
    page.locator("#part-funds").get_by_role("link", name="号").first.click()
    assert "/entries/" in page.url


def test_nobody_else_is_offered_a_draft(phone: Watched, example: Site) -> None:
    page = phone.page(f"{example.home}audits")
    assert page.locator("form").count() == 0
    phone.expected.add("401")
    page.goto(f"{example.home}{DRAFT}")
    assert page.locator("#answers").count() == 0
