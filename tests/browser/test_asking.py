"""An owner asks about a line from his phone, the treasurer answers from his list, the owner reads it and is satisfied; a posted
payment is held and released on the screen; the counter takes in paper. Touches are counted.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from ledger.store import statements
from tests.accounts.treasury import fees, spent
from tests.browser.conftest import LAPTOP, PHONE, Watched, watched
from tests.browser.signing import Town, town
from tests.browser.test_desk import Person, at_work
from tests.browser.test_every_page import OVERFLOW, SEEN, _accessible, _shoot
from tests.poll import Poll, motion

WECHAT = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.47"
LARGE = 120_000_00
"""Over the profile's large payment: it hangs for ten days before anybody approves it."""
OVERHAUL = {
    "type": "payment", "fund": "service_fee", "party": "lift", "purpose": "大修", "cap": LARGE,
    "start": "2026-01-01", "until": "2026-12-31",
}  # fmt: skip
QUESTION = "电梯为什么修了两次？"
ANSWER = "是两部电梯，各修一次，验收单已附。"


@pytest.fixture
def served() -> Iterator[Town]:
    """A community whose first half of the year is published: one payment of 70.00 yuan stands in it."""
    with town() as made:
        house = made.house
        house.take(("2026-01-07", -70_00, [spent(70_00, party="lift")]), confirmed=True)
        made.follow()
        yield made


@pytest.fixture
def treasurer(chromium: Browser, served: Town) -> Iterator[Person]:
    """At a laptop."""
    with watched(chromium, served.site.origin, **LAPTOP) as found:
        yield at_work(served, found, "treasurer")


@pytest.fixture
def chair(chromium: Browser, served: Town) -> Iterator[Person]:
    """At a telephone."""
    with watched(chromium, served.site.origin, **PHONE) as found:
        yield at_work(served, found, "chair")


@pytest.fixture
def handy(chromium: Browser, served: Town) -> Iterator[Watched]:
    """A telephone, inside WeChat."""
    with watched(chromium, served.site.origin, **PHONE, user_agent=WECHAT) as found:
        found.expected.add("401")  # nobody is signed in yet: the page asks who it is
        yield found


def fill_and_sign(page: Page, scope: str, text: str) -> None:
    """Two touches: the button, and yes to what is shown."""
    page.locator(f"{scope} textarea[name=text]").fill(text)
    page.locator(f"{scope} form:has(textarea) button[data-act]").click()
    agree(page, text)
    page.locator(f"{scope} [data-part=told]:has(a)").wait_for()


def agree(page: Page, *said: str) -> None:
    """What is going to be signed is shown whole; yes."""
    dialog = page.locator("dialog.consent[open]")
    dialog.wait_for()
    _accessible(page)
    shown = dialog.inner_text()
    for text in said:
        assert text in shown
    dialog.locator("button[value=yes]").click()


def looked_at(page: Page, name: str) -> None:
    """Nothing is cut off and nothing is inaccessible; with a picture for whoever looks."""
    assert page.evaluate(OVERFLOW) <= 0, f"{name} is wider than the screen"
    _accessible(page)
    _shoot(page, name)


def test_from_a_line_to_the_answer(served: Town, handy: Watched, treasurer: Person) -> None:
    """Inside WeChat, without WebAuthn, not signed in: the key of this browser signs him in and signs."""
    house = served.house
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.take(file={"start": "2026-01-08", "end": "2026-06-30"}, confirmed=True)
    served.follow()
    body = statements.draft(served.living.store).body
    house.act("statement.published/1", body, by=["treasurer", "chair"])
    page = served.page(handy, passkeys=False)
    served.enrol(page, "owner-a1", "browser_key")
    served.set_clock(page)
    treasurer.sign_in()
    page.goto(f"{served.site.home}statements/2026H1")
    page.locator("#line-1").get_by_role("link", name="问这笔").click()
    assert "70.00" in page.locator("#about").inner_text()
    looked_at(page, "ask-phone")
    fill_and_sign(page, "#ask", QUESTION)
    (waiting,) = served.site.kept.books.publication.waiting
    assert waiting.owner == served.house.ref("owner-a1")
    treasurer.go("desk/questions")
    treasurer.shoot("inbox")
    treasurer.page.goto(f"{served.site.home}desk/questions?lang=zh&size=plain")
    treasurer.page.locator("#inbox a").click()
    treasurer.look("question")
    assert QUESTION in treasurer.page.locator("#asked").inner_text()
    assert treasurer.page.locator("a[href*='payments/']").count()
    fill_and_sign(treasurer.page, "#answering", ANSWER)
    assert treasurer.cost() == (2, 1)
    assert served.site.kept.books.publication.waiting == ()
    page.goto(f"{served.site.home}me")
    assert ANSWER in page.locator("main").inner_text()
    looked_at(page, "me-questions-phone")
    page.get_by_role("button", name="满意").click()
    agree(page)
    page.locator("[data-part=told]:has(a)").wait_for()
    page.goto(f"{served.site.home}questions")
    assert "提问人满意" in page.locator("#ended").inner_text()


def test_without_a_key_there_is_paper(served: Town, handy: Watched) -> None:
    page = served.page(handy, passkeys=False)
    page.goto(f"{served.site.home}ask/{served.house.letter}")
    page.locator("#ask [data-part=nokey]").wait_for()
    assert page.locator("#ask form").is_hidden()
    looked_at(page, "ask-without-key-phone")
    page.get_by_role("link", name="书面意见单").click()
    seq = served.house.past.used("record", served.house.letter)
    assert str(seq) in page.locator(".paper").inner_text()
    looked_at(page, "ask-sheet-phone")


def test_a_large_posted_payment_is_held_and_released(served: Town, handy: Watched, chair: Person) -> None:
    house = served.house
    house.take(("2026-01-12", LARGE, [fees(LARGE)]), confirmed=True)
    poll = Poll.hold(house, [motion(effect=OVERHAUL)], {"a1": "y", "a2": "y", "a3": "n"})
    asked = house.apply_for(LARGE)
    proposal = house.propose(asked, f"{poll.called}#0", "")
    served.follow()
    page = served.page(handy, passkeys=False)
    served.enrol(page, "owner-a2", "browser_key")
    served.set_clock(page)
    page.goto(f"{served.site.home}withdrawals/{asked}")
    page.get_by_role("link", name="我要问").click()
    assert "这笔付款正在公示" in page.locator("#about").inner_text()
    fill_and_sign(page, "#ask", QUESTION)
    house.advance(days=11)
    chair.sign_in()
    chair.go("desk/payments")
    assert "公示期间有异议，待答复" in chair.page.locator("#proposed").inner_text()
    chair.go(f"withdrawals/{asked}")
    assert "公示期间有异议，待答复" in chair.page.locator("#decide").inner_text()
    assert chair.page.locator("form[data-kind='withdrawal.approved/1']").count() == 0
    chair.shoot("held")
    chair.page.goto(f"{served.site.home}withdrawals/{asked}?lang=zh&size=plain")
    chair.page.locator("#decide").get_by_role("link", name="看这件意见").click()
    assert "逾期" in chair.page.locator("main").inner_text()
    chair.cost()
    fill_and_sign(chair.page, "#answering", ANSWER)
    chair.go(f"withdrawals/{asked}")
    assert "待答复" not in chair.page.locator("#decide").inner_text()
    assert "公示期间有异议，已答复" in chair.page.locator(".steps").inner_text()
    chair.agree(chair.page.locator("form[data-kind='withdrawal.approved/1'] button"))
    chair.stands()
    assert served.site.kept.books.accounts.withdrawals[asked].approvals
    assert chair.touches == 2
    assert served.site.kept.books.accounts.withdrawals[asked].proposal == proposal


def test_the_counter_takes_in_paper(served: Town, chromium: Browser) -> None:
    """By the number on the sheet, for an owner of a unit; the slip's number is proposed."""
    with watched(chromium, served.site.origin, **LAPTOP) as found:
        clerk = at_work(served, found, "registrar")
        page = clerk.page
        clerk.go("desk/questions")
        page.locator("#counter input[name=number]").fill(str(served.house.past.used("record", served.house.letter)))
        page.locator("#counter button").click()
        page.locator("#counter input[name=unit]").fill("zz")
        page.get_by_role("button", name="找这一户").click()
        assert "没有找到这一户" in page.locator("#counter").inner_text()
        page.locator("#counter input[name=unit]").fill("a2")
        page.get_by_role("button", name="找这一户").click()
        clerk.look("counter")
        assert page.locator("#counter input[name=slip]").input_value() == "2026-0001"
        _shoot(page, "counter-laptop")
        fill_and_sign(page, "#counter", QUESTION)
        (waiting,) = served.site.kept.books.publication.waiting
        assert (waiting.owner, waiting.slip) == (served.house.ref("owner-a2"), "2026-0001")
        page.locator("#counter a[data-record]").click()
        assert page.url.endswith(waiting.record)
        assert page.get_by_text("回条 2026-0001").count() == 1
        # Only who asked takes his question back, and nobody has answered it yet.
        assert page.locator("form[data-kind='objection.concluded/1']").count() == 0


PAGES = {
    "questions": "questions",
    "question": "questions/{overdue}",
    "question-answered": "questions/{answered}",
    "ask": "ask/{letter}",
    "ask-find": "ask",
    "ask-sheet": "ask/{letter}/sheet",
    "inbox": "desk/questions",
}


@pytest.mark.parametrize(
    "seen", [pytest.param(one, marks=() if one in ("phone", "phone-large") else (pytest.mark.slow,)) for one in SEEN]
)
def test_every_page(served: Town, chromium: Browser, seen: str) -> None:
    """As tests/browser/test_every_page.py looks at the example's, whose machine knows no questions."""
    house = served.house
    found = {"letter": house.letter, "answered": "", "overdue": ""}
    for name, by in (("overdue", "owner-a1"), ("answered", "owner-a2")):
        body = house.objection(house.letter, QUESTION)
        found[name] = house.act("objection.filed/1", body, by=[by])
    house.advance(days=9)
    house.act("objection.answered/1", house.answer(found["answered"], ANSWER), by=["treasurer"])
    served.follow()
    options, choices = SEEN[seen]
    with watched(chromium, served.site.origin, **options) as browser:
        page = browser.page()
        for name, path in PAGES.items():
            page.goto(f"{served.site.home}{path.format(**found)}{choices}")
            if options.get("java_script_enabled", True):
                looked_at(page, f"{name}-{seen}")
            assert page.locator("h1").count() == 1
            assert QUESTION not in page.content()


def test_what_is_overdue_stands_on_draft_poster_and_list(served: Town, treasurer: Person) -> None:
    """From the treasurer's draft to the statement's page and the text for the owners' group."""
    house = served.house
    house.act("objection.filed/1", house.objection(house.letter, QUESTION), by=["owner-a1"])
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.take(file={"start": "2026-01-08", "end": "2026-06-30"}, confirmed=True)
    served.follow()
    treasurer.sign_in()
    treasurer.go("desk/questions")
    assert "逾期 164 天" in treasurer.page.locator("#inbox").inner_text()
    treasurer.go("desk/statement/open")
    assert "未答复意见\n1\n其中逾期 1 件" in treasurer.page.locator("main").inner_text().replace("\t", "\n")
    treasurer.go("desk/statement/draft")
    assert "逾期未答" in treasurer.page.locator("main").inner_text()
    treasurer.shoot("draft-overdue")
    body = statements.draft(served.living.store).body
    house.act("statement.published/1", body, by=["treasurer", "chair"])
    served.follow()
    treasurer.sign_in()
    treasurer.go("statements/2026H1")
    row = treasurer.page.locator("li", has_text="未答复意见").first
    assert "1件" in row.inner_text()
    assert "逾期 1件" in row.inner_text()
    treasurer.shoot("statement-overdue")
    api = f"{served.site.origin}/api/v1/ledgers/{house.ledger}/statements/2026H1"
    text = treasurer.page.request.get(f"{api}.txt").text()
    assert "未答复意见 1件 逾期 1件" in text
    assert treasurer.page.request.get(f"{api}.poster.pdf").ok
