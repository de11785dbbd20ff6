"""An owner votes on his phone: plain words, one touch, a receipt unasked, turnout that moves, nothing of what was chosen."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ledger import audit
from tests.browser.conftest import LAPTOP, PHONE, Watched, watched
from tests.browser.signing import Town, town
from tests.poll import Poll, motion


@pytest.fixture
def served() -> Iterator[Town]:
    with town() as made:
        yield made


@pytest.fixture
def handy(chromium: Browser, served: Town) -> Iterator[Watched]:
    with watched(chromium, served.site.origin, **PHONE) as found:
        yield found


def begun(served: Town, page: Page) -> Poll:
    """A meeting that ballots may come to, for whoever has enrolled before."""
    poll = Poll(served.house, [motion(title="更换电梯钢丝绳"), motion(title="修屋顶")])
    poll.prepare()
    served.follow()
    served.set_clock(page)
    return poll


def answer(page: Page, *words: str) -> None:
    """Choose, look, sign."""
    for number, word in enumerate(words, 1):
        page.locator(f"input[name=motion-{number}][value={word}]").check()
    page.locator("#vote button[type=submit]").click()
    dialog = page.locator("dialog.consent")
    dialog.wait_for()
    said = dialog.inner_text()
    for title in ("更换电梯钢丝绳", "修屋顶"):
        assert title in said
    dialog.locator("button[value=yes]").click()
    page.get_by_text("您的票已计入").wait_for()


@pytest.mark.parametrize("way", ["passkey", "browser_key"])
def test_an_owner_votes(served: Town, handy: Watched, chromium: Browser, tmp_path: Path, way: str) -> None:
    page = served.page(handy, passkeys=way == "passkey")
    served.enrol(page, "owner-a1", way)
    poll = begun(served, page)
    served.sign_in(page)
    page.goto(f"{served.site.home}me")
    page.get_by_role("link", name="去投票").click()
    with watched(chromium, served.site.origin, **LAPTOP) as other:
        onlooker = other.page(f"{served.site.home}votes/{poll.called}")
        assert "0 / 3 人" in onlooker.locator("#turnout").inner_text()
        answer(page, "yes", "no")
        onlooker.get_by_text("1 / 3 人").wait_for()
        seen = onlooker.content()
        assert "certificate" not in seen
        for words in ("同意，按", "弃权"):
            assert words not in onlooker.locator("main").inner_text()
    with page.expect_download() as saved:
        page.locator("#vote [data-part=receipts] button").click()
    receipt = tmp_path / "receipt.json"
    saved.value.save_as(receipt)
    trust = audit.Trust(genesis=served.house.ledger).with_vkeys(list(served.site.kept.books.vkeys))
    report = audit.verify_receipt(receipt.read_bytes(), trust)
    assert report.verdict == "agrees", report.json()
    (opening,) = json.loads(receipt.read_bytes())["openings"]
    assert opening["value"] == ["yes", "no"]
    page.reload()
    assert "您已经投过票" in page.locator("#vote").inner_text()
    answer(page, "no", "no")
    voting = served.site.kept.books.votes.meetings[poll.called].voting
    assert voting is not None
    assert voting.ballots["a1"].revision == 2
    assert (voting.heads, voting.ballots["a1"].choices) == (1, ())


def test_who_signed_in_votes_whoever_else_has_a_key_here(served: Town, handy: Watched) -> None:
    """A household with one phone, or the desk's own: the older key is another person's."""
    page = served.page(handy, passkeys=False)
    served.enrol(page, "owner-a1", "browser_key")
    served.house.advance(minutes=1)
    served.set_clock(page)
    served.enrol(page, "owner-a2", "browser_key")
    poll = begun(served, page)
    served.sign_in(page)
    page.goto(f"{served.site.home}votes/{poll.called}")
    answer(page, "yes", "no")
    voting = served.site.kept.books.votes.meetings[poll.called].voting
    assert voting is not None
    assert list(voting.ballots) == ["a2"]


def test_whoever_enrolled_after_the_roll_was_frozen_is_told_so(served: Town, handy: Watched) -> None:
    page = served.page(handy)
    begun(served, page)
    served.enrol(page, "owner-a2")
    served.sign_in(page)
    page.goto(f"{served.site.home}votes/{next(iter(served.site.kept.books.votes.meetings))}")
    assert page.locator("#vote button[type=submit]").count() == 0
    assert "名册" in page.locator("#vote .answer").inner_text()


def test_saying_no_in_the_dialog_hands_nothing_in(served: Town, handy: Watched) -> None:
    page = served.page(handy)
    served.enrol(page, "owner-a1")
    poll = begun(served, page)
    served.sign_in(page)
    page.goto(f"{served.site.home}votes/{poll.called}")
    before = served.site.kept.books.head.size
    for number in (1, 2):
        page.locator(f"input[name=motion-{number}][value=yes]").check()
    page.locator("#vote button[type=submit]").click()
    page.locator("dialog.consent").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog.consent").wait_for(state="hidden")
    assert served.site.kept.books.head.size == before


def test_a_stranger_is_led_to_sign_in(served: Town, handy: Watched) -> None:
    page = served.page(handy)
    poll = begun(served, page)
    page.goto(f"{served.site.home}votes/{poll.called}")
    page.get_by_role("link", name="登录去投票").click()
    assert "next=" in page.url
