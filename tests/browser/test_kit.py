"""The publish kit in a browser, signed in: printing, copying, saving; with scripts off all but the copy button."""

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from api import sessions
from api.asking import COOKIE
from ledger.example import figures
from ledger.example.run import KEYRING
from ledger.people import keyring
from tests.browser.conftest import Watched, watched
from tests.browser.test_every_page import OVERFLOW, SEEN, _accessible, _shoot
from tests.paper.test_pdf import PAGES
from tests.serving import Site


@pytest.fixture(scope="session")
def ring(example_folder: Path) -> keyring.KeyRing:
    """Everybody's keys in the example."""
    return keyring.load(example_folder / KEYRING, figures.settings()["passphrase"])


def sign_in(context: BrowserContext, example: Site, ring: keyring.KeyRing, label: str) -> None:
    """Sign in as a program would; the browser keeps the cookie."""
    base = f"{example.origin}/api/v1/ledgers/{example.kept.digest}/session"
    challenge: dict[str, Any] = context.request.post(f"{base}/challenge").json()
    key = ring.keys[label]
    sig = base64.b64encode(key.sign(sessions.signed_bytes(challenge))).decode()
    answer = context.request.post(base, data={"challenge": challenge, "key": key.key, "sig": sig})
    assert answer.status == 201, answer.text()
    assert COOKIE in {str(cookie.get("name")) for cookie in context.cookies()}


@pytest.mark.parametrize("seen", SEEN)
def test_the_page(chromium: Browser, example: Site, ring: keyring.KeyRing, seen: str) -> None:
    options, choices = SEEN[seen]
    with watched(chromium, example.origin, **options) as browser:
        sign_in(browser.context, example, ring, "treasurer")
        page = browser.page(f"{example.home}statements/2019H1/kit{choices}")
        page.wait_for_load_state("networkidle")
        _shoot(page, f"kit-{seen}")
        assert page.locator("h1").count() == 1
        if options.get("java_script_enabled", True):
            assert page.evaluate(OVERFLOW) <= 0, "wider than the screen"
            _accessible(page)
        else:
            assert page.locator("button[data-copies]").is_hidden()
            assert page.locator("#message").input_value().count("\n") > 5


def test_printing_from_typed_places(laptop: Watched, example: Site, ring: keyring.KeyRing) -> None:
    sign_in(laptop.context, example, ring, "treasurer")
    page = laptop.page(f"{example.home}statements/2019H1/kit")
    page.get_by_label("贴在哪里").fill("3栋大堂\n5栋大堂\n东门")
    address = page.evaluate(
        "() => { const form = document.querySelector('#print form');"
        " return form.action + '?' + new URLSearchParams(new FormData(form)); }"
    )
    answer = laptop.context.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert len(PAGES.findall(answer.body())) == 3


def test_copying_the_text(laptop: Watched, example: Site, ring: keyring.KeyRing) -> None:
    laptop.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=example.origin)
    sign_in(laptop.context, example, ring, "treasurer")
    page = laptop.page(f"{example.home}statements/2019H1/kit")
    page.get_by_role("button", name="复制文字").click()
    page.get_by_role("status").get_by_text("已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#message").input_value()
