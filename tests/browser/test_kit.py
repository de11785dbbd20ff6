"""The publish kit in a browser, signed in: printing, copying, saving; with scripts off all but the copy button."""

import base64
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from api import sessions
from api.asking import COOKIE
from ledger.example import figures
from ledger.example.run import KEYRING
from ledger.paper.pointer import Copy
from ledger.paper.printed import PrintedWith
from ledger.paper.statement import render_picture
from ledger.people import keyring
from ledger.store import Store, statements
from tests.browser.conftest import PHONE, Watched, watched
from tests.browser.test_every_page import OVERFLOW, SEEN, _accessible, _shoot
from tests.paper.test_pdf import PAGES
from tests.serving import Site, running


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


def test_a_photograph_of_the_board_is_looked_at(
    chromium: Browser, example_folder: Path, ring: keyring.KeyRing, tmp_path: Path
) -> None:
    shutil.copytree(example_folder, tmp_path, dirs_exist_ok=True)
    with Store.open(tmp_path / "ledger.db") as store:
        now = store.books.head.time + 60_000
        drawn = statements.published(store, "2019H1")
    (tmp_path / "board.png").write_bytes(render_picture(drawn, PrintedWith(copy=Copy("3栋大堂", 2, 8))))
    with (
        Store.open(tmp_path / "ledger.db", ring.log, lambda: now) as store,
        running(store, writable=True, clock=lambda: now) as site,
        watched(chromium, site.origin, **PHONE) as browser,
    ):
        sign_in(browser.context, site, ring, "treasurer")
        page = browser.page(f"{site.home}statements/2019H1/kit")
        page.get_by_label("认一张照片").set_input_files(tmp_path / "board.png")
        page.get_by_role("status").get_by_text("照片认出本表 · 3栋大堂 2/8").wait_for()
        kept = page.locator("[data-digest]").inner_text()
        assert store.document(kept).data == (tmp_path / "board.png").read_bytes()
        _shoot(page, "kit-photo")
        _accessible(page)
