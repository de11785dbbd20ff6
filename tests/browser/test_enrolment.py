"""A key by letter on a phone, role and registrar on laptops of their own: the same sixteen digits on all screens, then he signs in."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from api.routes.invitations import DAY_MS
from ledger import canonical
from ledger.people import drafting
from ledger.store.invitations import written
from tests.browser.conftest import LAPTOP, PHONE, Watched, watched
from tests.browser.signing import Town, town
from tests.browser.test_every_page import OVERFLOW, _accessible, _shoot
from tests.community import key_of


@pytest.fixture
def served() -> Iterator[Town]:
    with town() as made:
        yield made


@pytest.fixture
def handy(chromium: Browser, served: Town) -> Iterator[Watched]:
    with watched(chromium, served.site.origin, **PHONE) as found:
        yield found


def letter(served: Town, name: str) -> str:
    """The code of a letter for a person, as it stands on paper."""
    store, now = served.living.store, served.house.time
    (made,) = store.invitations.invite([served.house.ref(name)], now, 30 * DAY_MS)
    return written(made.code)


def fits(page: Page) -> None:
    """No wider than the screen, and nothing that axe-core finds."""
    _shoot(page, f"enrolment-{page.url.rpartition('/')[2].partition('#')[0]}")
    assert page.evaluate(OVERFLOW) <= 0
    _accessible(page)


def newcomer(served: Town) -> str:
    """A person without any key."""
    submission = served.house.person("newcomer")
    served.follow()
    return submission.record.digest


def sign(page: Page, served: Town, code: str) -> None:
    """On an officer's own browser: the digits, the consent, the touch."""
    page.goto(f"{served.site.home}waiting")
    page.locator("[data-part=code]").get_by_text(code, exact=True).wait_for()
    fits(page)
    _shoot(page, "enrolment-waiting-for-me")
    button = page.locator("button[data-act=sign]")
    button.focus()
    page.keyboard.press("Enter")
    page.locator("dialog.consent[open]").wait_for()
    page.locator("dialog.consent button[value=yes]").focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("way", ["passkey", "browser_key"])
def test_a_newcomer_gets_his_key(served: Town, handy: Watched, chromium: Browser, way: str) -> None:
    person = newcomer(served)
    (made,) = served.living.store.invitations.invite([person], served.house.time, DAY_MS)
    with ExitStack() as stack:
        officers = {}
        for office in ("chair", "registrar"):
            browser = stack.enter_context(watched(chromium, served.site.origin, **LAPTOP))
            officers[office] = served.page(browser)
            served.enrol(officers[office], office)
        page = served.page(handy, f"enrol#{made.code}", passkeys=way == "passkey")
        served.set_clock(page)
        expect(page.locator("input[name=code]")).to_have_value(made.code)
        assert "#" not in page.url, "the code stays in no history"
        page.locator("form button").click()
        page.locator("[data-part=making] h2").wait_for()
        fits(page)
        assert page.locator("[data-part=replaces]").is_hidden()
        if way == "browser_key":
            assert page.locator("button[data-way=passkey]").is_hidden()
        page.locator(f"button[data-way={way}]").click()
        page.locator("[data-part=made] h2").wait_for()
        code = page.locator("[data-part=made] output").inner_text()
        assert len(code.replace(" ", "")) == 16
        assert page.locator("[data-part=slip]").is_visible() == (way == "browser_key")
        fits(page)
        for office, said in (("chair", "还等别的人"), ("registrar", "签齐了")):
            served.set_clock(officers[office])
            served.sign_in(officers[office])
            sign(officers[office], served, code)
            officers[office].get_by_text(said).wait_for()
    served.sign_in(page)
    people = served.site.kept.books.people
    (key,) = people.persons[person].keys
    assert people.keys[key].alg == ("webauthn" if way == "passkey" else "ed25519")


def test_who_had_a_key_is_told_what_it_means(served: Town, handy: Watched) -> None:
    page = served.page(handy, "enrol")
    page.locator("input[name=code]").fill(letter(served, "owner-a1").lower())
    page.keyboard.press("Enter")
    page.locator("[data-part=making] h2").wait_for()
    assert "a1" in page.locator("[data-part=for]").inner_text()
    assert page.locator("[data-part=replaces]").is_visible()
    handy.expected.add("400")
    code = letter(served, "owner-a2")
    page.locator("input[name=code]").fill(code[:-1] + ("1" if code[-1] == "0" else "0"))
    page.locator("form button").click()
    page.locator("[data-part=told]").get_by_text("没有办成").wait_for()


def test_letters_are_made_on_a_page(served: Town, handy: Watched) -> None:
    page = served.page(handy)
    served.enrol(page, "registrar")
    newcomer(served)
    served.sign_in(page)
    page.goto(f"{served.site.home}waiting")
    fits(page)
    page.get_by_role("link", name="发邀请信").click()
    page.locator("textarea[name=units]").fill("a1、a2")
    fits(page)
    with page.expect_download() as saved:
        page.locator("form button[type=submit]").click()
    assert saved.value.path().read_bytes().startswith(b"%PDF-")
    page.get_by_text("invitations.pdf").wait_for()


def test_a_server_that_swaps_the_key_between_looking_and_signing_is_found_out(served: Town, handy: Watched) -> None:
    page = served.page(handy)
    served.enrol(page, "registrar")
    digests = [left(served, owner, key) for owner, key in (("owner-a1", "shown"), ("owner-a2", "slipped in"))]
    served.sign_in(page)
    page.goto(f"{served.site.home}waiting")
    section = page.locator(f"section[data-digest='{digests[0]}']")
    expect(section.locator("[data-part=code]")).not_to_have_text("…")
    page.route(f"**/waiting/{digests[0]}", lambda route: route.continue_(url=route.request.url.replace(*digests)))
    section.locator("button[data-act=sign]").click()
    section.locator("[data-part=told]").get_by_text("consent.code").wait_for()
    assert page.locator("dialog.consent[open]").count() == 0


def test_without_a_secure_context_the_office_is_named(served: Town, handy: Watched) -> None:
    page = handy.page()
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page.goto(f"{served.site.home}enrol")
    page.locator("[data-part=insecure]").get_by_text("签名台").wait_for()
    assert page.locator("input[name=code]").is_hidden()


def left(served: Town, owner: str, name: str) -> str:
    """A key of that name, proposed for an owner; what waits, by its digest."""
    key, house, room = key_of(name), served.house, served.living.store.invitations
    (made,) = room.invite([house.ref(owner)], house.time, DAY_MS)
    public = {"alg": key.alg, "public": canonical.encode_base64(key.public)}
    record = house.record("key.enrolled/1", {"person": house.ref(owner), "key": public})
    (submission,) = drafting.submissions([record], [drafting.sign(record, [key])], [()])
    return room.use(made.code, submission, house.time).digest
