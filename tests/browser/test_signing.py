"""Signing with a fingertip, in a real browser with a virtual authenticator, verified by Python."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.api.test_signing_in import answered
from tests.browser.conftest import PHONE, Watched, watched
from tests.browser.signing import Town, town


@pytest.fixture
def served() -> Iterator[Town]:
    """A community at a browser's address."""
    with town() as made:
        yield made


@pytest.fixture
def handy(chromium: Browser, served: Town) -> Iterator[Watched]:
    """A phone in front of it."""
    with watched(chromium, served.site.origin, **PHONE) as found:
        yield found


@pytest.mark.parametrize("way", ["passkey", "browser_key"])
def test_an_owner_signs_in_and_out(served: Town, handy: Watched, way: str) -> None:
    page = served.page(handy, passkeys=way == "passkey")
    key = served.enrol(page, "owner-a1", way)
    found = served.house.books.people.keys[key]
    assert found.alg == ("webauthn" if way == "passkey" else "ed25519")
    served.sign_in(page)
    assert "业主" in page.locator(".account").inner_text()
    page.locator("#sign-out").click()
    page.locator(".choices a[href$=sign-in]").wait_for()


def test_an_officer_is_shown_by_office(served: Town, handy: Watched) -> None:
    page = served.page(handy)
    served.enrol(page, "treasurer")
    served.sign_in(page)
    assert "财务委员" in page.locator(".account").inner_text()


SIGNER = """async () => {
  const at = document.querySelector("script[type=module]").src.replace(/[^/]+$/, "desk/carry.js");
  const { signer } = await import(at);
  return signer(document.querySelector("[data-page]")).then((key) => key.id, (error) => error.message);
}"""


def test_nobody_signs_in_the_place_of_whoever_is_signed_in(served: Town, handy: Watched) -> None:
    """The chair is signed in by a key that is elsewhere; the browser holds the treasurer's."""
    page = served.page(handy, passkeys=False)
    key = served.enrol(page, "treasurer", "browser_key")
    session = f"{served.site.origin}/api/v1/ledgers/{served.house.ledger}/session"
    challenge = page.request.post(f"{session}/challenge").json()
    assert page.request.post(session, data=answered(challenge, "chair")).status == 201
    page.goto(f"{served.site.home}desk/bank/bank")
    assert "主任" in page.locator(".account").inner_text()
    assert "没有您的签名钥匙" in page.evaluate(SIGNER)
    page.reload()
    assert "主任" in page.locator(".account").inner_text()
    served.sign_in(page)
    page.goto(f"{served.site.home}desk/bank/bank")
    assert page.evaluate(SIGNER) == key


def test_a_passkey_is_found_again_by_a_browser_that_forgot_it(served: Town, handy: Watched) -> None:
    page = served.page(handy)
    served.enrol(page, "owner-a2")
    page.evaluate("indexedDB.deleteDatabase('mingzhang')")
    page.goto(f"{served.site.home}sign-in")
    assert page.locator("[data-part=keys] button").count() == 0
    page.locator("[data-part=find]").click()
    page.locator("#sign-out").wait_for()
    page.goto(f"{served.site.home}sign-in")
    assert page.locator("[data-part=keys] button").count() == 1
