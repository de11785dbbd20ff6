"""Every page as its readers see it: phone and laptop, both languages, big type, dark, scripts off.

Screenshots go to the folder that ``SCREENSHOTS`` names; the ones in docs/ were made so and looked at.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import pytest
from _pytest.mark import ParameterSet
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

from ledger.store.reading import audits, lines, meetings, objections, withdrawals
from tests.browser.conftest import LAPTOP, PHONE, Watched, watched
from tests.serving import Site

PAGES: Final = {
    "community": "{home}",
    "accounts": "{home}accounts",
    "income": "{home}income",
    "votes": "{home}votes",
    "meeting": "{home}votes/{meeting}",
    "ballots": "{home}votes/{meeting}/ballots",
    "payments": "{home}payments",
    "payment": "{home}payments/{payment}",
    "withdrawal": "{home}withdrawals/{withdrawal}",
    "statements": "{home}statements",
    "statement": "{home}statements/2019H1",
    "entry": "{home}entries/2000",
    "findings": "{home}findings",
    "audits": "{home}audits",
    "audit": "{home}audits/{audit}",
    "finding": "{home}findings/{finding}",
    "questions": "{home}questions",
    "question": "{home}questions/{question}",
    "ask": "{home}ask/{payment}",
    "genesis": "{home}entries/0",
    "outbox": "{home}outbox",
    "privacy": "{home}privacy",
    "supervise": "{origin}/supervise",
    "desk": "{home}desk",
    "desk-bank": "{home}desk/bank/main",
    "desk-statement": "{home}desk/statement/open",
    "check": "{home}check",
    "check-files": "{origin}/check",
    "sign-in": "{home}sign-in",
    "enrol": "{home}enrol",
}
"""Name -> address; what stands in braces is found on the example's ledger."""
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
WALKED: Final = ("phone",)
"""How the default suite looks at every page."""
FIRST: Final = ("community", "statement")
"""Pages that it looks at in all ways; `make slow` looks so at every one."""
TODAY: Final = "2019-07-19"
"""The example's last day."""
FIRST_LOAD: Final = 150_000
"""Bytes over the wire of a first visit at most."""


@pytest.fixture(scope="session")
def addresses(example: Site) -> dict[str, str]:
    """Where each page of the example is."""
    store = example.kept.store
    payment = lines.lines(store, lines.LineFilter(basis="motion")).items[0].record
    found = {
        "home": example.home,
        "origin": example.origin,
        "payment": payment,
        "meeting": meetings.meetings(store).items[0].called,
        "withdrawal": withdrawals.withdrawals(store).items[0].application,
        "audit": audits.audits(store, limit=1).items[0].record,
        "question": objections.objections(store, TODAY).items[1].objection,
        "finding": _first_finding(example),
    }
    return {name: address.format(**found) for name, address in PAGES.items()}


def _first_finding(example: Site) -> str:
    """The heaviest of those that anybody may see."""
    with urlopen(f"{example.origin}/api/v1/ledgers/{example.kept.digest}/findings") as answer:
        return str(json.load(answer)["items"][0]["key"])


def _every_look() -> Iterator[ParameterSet]:
    for name in PAGES:
        for seen in SEEN:
            marks = () if seen in WALKED or name in FIRST else (pytest.mark.slow,)
            yield pytest.param(name, seen, marks=marks)


@pytest.mark.parametrize(("name", "seen"), list(_every_look()))
def test_a_page(chromium: Browser, example: Site, addresses: dict[str, str], name: str, seen: str) -> None:
    options, choices = SEEN[seen]
    with watched(chromium, example.origin, **options) as browser:
        page = browser.page()
        responses: list[Response] = []
        page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - it wants a function of Python
        page.goto(f"{addresses[name]}{choices}")
        _shoot(page, f"{name}-{seen}")
        # Asked here, not while they come: the browser answers one question at a time.
        taken = sum(map(_wire_bytes, responses))
        assert 0 < taken <= FIRST_LOAD, taken
        if options.get("java_script_enabled", True):
            assert page.evaluate(OVERFLOW) <= 0, "wider than the screen"
            _accessible(page)
        assert page.locator("h1").count() == 1
        assert page.locator("main").inner_text().strip()


def test_no_link_is_dead(phone: Watched, addresses: dict[str, str], example: Site) -> None:
    """Every address that the pages of the example name answers."""
    page = phone.page()
    asked: set[str] = set()
    for address in addresses.values():
        page.goto(address)
        hrefs = page.eval_on_selector_all("a[href]", "links => links.map((link) => link.href)")
        asked |= {href.partition("#")[0] for href in hrefs if "?" not in href}
    sampled = sorted(asked)[:: max(1, len(asked) // 150)]
    assert len(sampled) > 30
    for href in sampled:
        assert href.startswith(example.origin), href
        # What only somebody signed in may see asks him to sign in; a dead link would be 404.
        assert page.request.get(href).status in (200, 401), href


def test_everything_is_reached_by_the_keyboard(laptop: Watched, site: str) -> None:
    page = laptop.page(site)
    wanted = set(page.eval_on_selector_all("a[href], button:not([hidden])", "all => all.map((one) => one.outerHTML)"))
    reached: set[str] = set()
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML"))
    assert wanted <= reached
    page.goto(site)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


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
