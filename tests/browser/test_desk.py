"""The treasurer's month in a real browser: the bank's file by one touch, its second person, a payment from the list to the
approver, the half-year's statement by two. Screens and touches are counted against what each job may cost.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route

from ledger.exchange.matching import reference
from tests.accounts.treasury import fees
from tests.browser.conftest import LAPTOP, PHONE, Watched, watched
from tests.browser.signing import Town, town
from tests.browser.test_every_page import OVERFLOW, _accessible, _shoot

CSV = """账号,尾号8816
交易日期,借方发生额/元(支取),贷方发生额/元(收入),余额,对方户名,摘要
20260205,,3.12,17003.12,,批量结息
20260206,,500.00,17503.12,王五,转账
20260207,70.00,,17433.12,电梯,网银付款 {reference}
"""
WAYS = {"large": "size=large&lang=zh", "en": "size=plain&lang=en", "zh": "size=plain&lang=zh"}
COUNT = """(() => {
  const get = CredentialsContainer.prototype.get;
  CredentialsContainer.prototype.get = function (...asked) { window.touched(); return get.apply(this, asked); };
})()"""


@dataclass
class Person:
    """Somebody at a browser with a passkey, signed in; what a job costs him is counted."""

    town: Town
    browser: Watched
    page: Page
    touches: int = 0
    screens: list[str] = field(default_factory=list)

    def sign_in(self) -> None:
        """Sit down again: what that costs is no job's."""
        self.town.set_clock(self.page)
        self.town.sign_in(self.page)
        self.cost()

    def touch(self) -> None:
        """His finger was asked for."""
        self.touches += 1

    def go(self, path: str) -> None:
        """Open an address of the ledger: a screen."""
        self.town.set_clock(self.page)
        self.page.goto(f"{self.town.site.home}{path}")
        self.look(path)

    def look(self, name: str) -> None:
        """A screen on which he has something to do: nothing is cut off, nothing is inaccessible."""
        self.screens.append(name)
        assert self.page.evaluate(OVERFLOW) <= 0, f"{name} is wider than the screen"
        _accessible(self.page)

    def shoot(self, name: str) -> None:
        """The screen for whoever looks at the pictures: plain, in big type, in English."""
        here = self.page.url.partition("?")[0]
        if os.environ.get("SCREENSHOTS"):
            for way, chosen in WAYS.items():
                self.page.goto(f"{here}?{chosen}")
                _shoot(self.page, f"{name}-{way}")

    def agree(self, button: Locator) -> None:
        """Press a button, read what is going to be signed over the same screen, and touch."""
        button.click()
        dialog = self.page.locator("dialog.consent[open]")
        dialog.wait_for()
        _accessible(self.page)
        dialog.locator("button[value=yes]").click()

    def agree_by_keyboard(self, button: Locator) -> None:
        """The same without a mouse."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if button.evaluate("one => one === document.activeElement"):
                break
        self.page.keyboard.press("Enter")
        yes = self.page.locator("dialog.consent[open] button[value=yes]")
        yes.wait_for()
        for _ in range(10):
            self.page.keyboard.press("Tab")
            if yes.evaluate("one => one === document.activeElement"):
                break
        self.page.keyboard.press("Enter")

    def agree_not(self, button: Locator, told: str) -> None:
        """Press a button, and be told why it cannot be."""
        button.click()
        self.page.get_by_text(told).wait_for()

    def stands(self) -> str:
        """What the page says of the acts once they stand."""
        told = self.page.locator("[data-part=told]:has(a)")
        told.wait_for()
        return told.inner_text()

    def cost(self) -> tuple[int, int]:
        """Screens and touches since the last time."""
        found = len(self.screens), self.touches
        self.screens.clear()
        self.touches = 0
        return found


@pytest.fixture
def served() -> Iterator[Town]:
    """A community with a budget for lifts."""
    with town() as made:
        made.house.voted()
        made.follow()
        yield made


def at_work(served: Town, browser: Watched, name: str) -> Person:
    """Signed in with a passkey of his own."""
    person = Person(served, browser, served.page(browser))
    served.enrol(person.page, name)
    served.set_clock(person.page)
    served.sign_in(person.page)
    browser.context.expose_function("touched", person.touch)
    browser.context.add_init_script(COUNT)
    return person


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


def test_from_the_list_of_payments_to_the_bank_and_back(
    served: Town, treasurer: Person, chair: Person, tmp_path: Path
) -> None:
    """People.md, section 3: 2 screens and 2 touches for a payment, 3 screens and 1 touch for a month's file."""
    house = served.house
    application = house.apply_for(70_00, purpose="二月维保")
    served.follow()

    treasurer.go("desk/payments")
    treasurer.shoot("desk-payments-laptop")
    item = treasurer.page.locator("#applied [data-item]")
    assert "70.00" in item.inner_text()
    assert "lifts" in item.locator("select[name=basis]").inner_text()
    treasurer.agree(treasurer.page.get_by_role("button", name="签名提出勾选的付款"))
    treasurer.stands()
    assert treasurer.cost() == (1, 1)

    chair.go(f"withdrawals/{application}")
    chair.shoot("desk-approve-phone")
    shown = chair.page.locator("#decide").inner_text()
    assert all(said in shown for said in ("lift", "事项", "5,000.00", "4,930.00", "第一次付款"))
    assert not served.site.kept.books.accounts.withdrawals[application].approved, "the link signed nothing"
    chair.agree(chair.page.get_by_role("button", name="同意付款 70.00 元"))
    chair.stands()
    assert chair.cost() == (1, 1)
    assert served.site.kept.books.accounts.withdrawals[application].approved

    treasurer.go(f"withdrawals/{application}/slip")
    treasurer.shoot("desk-slip-laptop")
    code = treasurer.page.locator(".reference").input_value()
    assert code == reference(f"{application}#0")

    house.set_clock("2026-02-09T09:00:00+08:00")
    for person in (treasurer, chair):
        person.sign_in()
    file = tmp_path / "2026-02.csv"
    file.write_text(CSV.format(reference=code), "utf-8")
    treasurer.go("desk/bank/bank")
    treasurer.page.get_by_label("银行给的文件").set_input_files(file)
    treasurer.page.get_by_label("从哪天").fill("2026-02-05")
    treasurer.page.get_by_label("到哪天").fill("2026-02-07")
    treasurer.page.get_by_role("button", name="读取").click()
    rows = treasurer.page.locator("[data-row]")
    rows.nth(2).wait_for()
    assert "附言码相符" in rows.nth(2).inner_text()
    assert "待查" in rows.nth(1).inner_text()
    say_what_it_is(treasurer.page, rows.nth(1))
    treasurer.look("the rows")
    fits_a_phone(treasurer.page)
    _shoot(treasurer.page, "desk-rows-laptop")
    button = treasurer.page.get_by_role("button", name="签名入账（3 笔）")
    treasurer.agree(button)
    assert "已入账 4 条" in treasurer.stands()
    treasurer.look("the receipts")
    assert treasurer.cost() == (3, 1)
    accounts = served.site.kept.books.accounts
    assert accounts.account("bank").balance == 17_433_12
    assert not accounts.suspense.keys()
    assert not any(stage.waiting for stage in accounts.withdrawals[application].stages), "the import closed the payment"
    assert served.living.store.document(next(iter(accounts.imports.values())).file).data == file.read_bytes()

    chair.go(f"desk/files/{next(iter(accounts.imports.keys()))}")
    chair.shoot("desk-file-phone")
    chair.page.get_by_label("您在银行看到的余额").fill("17,433.12")
    chair.agree(chair.page.get_by_role("button", name="我已看过银行余额"))
    chair.stands()
    assert chair.cost() == (1, 1)
    assert not served.site.kept.books.accounts.imports.keys()


def fits_a_phone(page: Page) -> None:
    """The same screen on a telephone, plain and in big type."""
    page.set_viewport_size({"width": 390, "height": 844})
    for size in ("", "large"):
        page.evaluate("size => { document.documentElement.className = size }", size)
        assert page.evaluate(OVERFLOW) <= 0
        _shoot(page, f"desk-rows-phone-{size or 'zh'}")
    page.evaluate("document.documentElement.className = ''")
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_server_that_has_another_file_signed_is_found_out(served: Town, treasurer: Person, tmp_path: Path) -> None:
    def lying(route: Route) -> None:
        answer = route.fetch()
        digest = hashlib.sha256(CSV.encode()).hexdigest()
        assert digest in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(digest, "0" * 64))

    file = tmp_path / "2026-02.csv"
    file.write_text(CSV, "utf-8")
    treasurer.go("desk/bank/bank")
    treasurer.page.route("**/look", lying)
    treasurer.page.get_by_label("银行给的文件").set_input_files(file)
    treasurer.page.get_by_label("从哪天").fill("2026-02-05")
    treasurer.page.get_by_label("到哪天").fill("2026-02-07")
    treasurer.agree_not(treasurer.page.get_by_role("button", name="读取"), "服务器给出的内容与显示的不一致")
    assert treasurer.page.get_by_role("button", name="签名入账").count() == 0


def say_what_it_is(page: Page, row: Locator) -> None:
    """Open a row in suspense and say that it is a parking fee, in two parts."""
    row.locator("summary").click()
    row.get_by_role("button", name="加一项").click()
    first = row.locator("fieldset").first
    assert first.get_by_label("金额").input_value() == "500.00"
    first.get_by_label("金额").fill("300")
    first.locator("[name=category]").select_option("parking")
    first.locator("[name=fund]").select_option("common_income")
    row.get_by_role("button", name="加一项").click()
    second = row.locator("fieldset").nth(1)
    assert second.get_by_label("金额").input_value() == "200.00", "what the first part leaves"
    second.locator("[name=category]").select_option("service_fee")
    second.locator("[name=fund]").select_option("service_fee")
    assert page.locator("[data-part=suspense]").inner_text().startswith("留待查：收 0.00")


def test_what_a_contract_promises_is_asked_for_by_a_third_person(served: Town, chair: Person) -> None:
    """The chair asks here, and may then neither propose nor approve it."""
    house = served.house
    promised = {"cycle": "month", "amount": 100_00, "fund": "service_fee", "category": "lift", "nature": "expense"}
    said = {"code": "c2", "direction": "out", "object": "电梯年保", "party": "lift", "start": "2026-01-01"}
    house.act("contract.entered/1", said | {"end": "2026-12-31", "expected": [promised]}, by=["chair"])
    served.follow()
    chair.go("desk/payments")
    chair.shoot("desk-promised-phone")
    item = chair.page.locator("#promised [data-item]")
    item.locator("input[type=checkbox]").check()
    item.get_by_label("金额").fill("95.50")
    chair.agree(chair.page.get_by_role("button", name="签名申请勾选的用款"))
    chair.stands()
    assert chair.cost() == (1, 1)
    (asked,) = served.site.kept.books.accounts.withdrawals.values()
    assert (asked.stages[0].amount, asked.contract, asked.applicant) == (95_50, "c2", house.ref("chair"))


def test_a_row_in_suspense_is_said_with_new_evidence(served: Town, treasurer: Person, tmp_path: Path) -> None:
    house = served.house
    _file, row = house.take(("2026-02-04", 300_00))
    served.follow()
    treasurer.go(f"desk/suspense/{row}")
    treasurer.shoot("desk-suspense-laptop")
    page = treasurer.page
    page.locator("[name=amount]").fill("120")
    page.locator("[name=category]").select_option("parking")
    page.locator("[name=fund]").select_option("common_income")
    treasurer.agree_not(page.get_by_role("button", name="签名说明用途"), "请选一份已登记的单据")
    paper = tmp_path / "letter.pdf"
    paper.write_bytes(b"%PDF-1.7 a letter")
    page.locator("[data-part=file]").set_input_files(paper)
    page.locator("[data-part=subject]").fill("停车费说明函")
    treasurer.agree(page.get_by_role("button", name="签名说明用途"))
    treasurer.stands()
    assert treasurer.cost() == (1, 1)
    assert served.site.kept.books.accounts.suspense[row].amount == 180_00
    digest = served.living.store.entry(served.site.kept.books.head.size - 2).record.body["original"]
    assert served.living.store.document(digest).data == paper.read_bytes()


def test_a_wrong_file_is_taken_back_by_one_touch(served: Town, treasurer: Person) -> None:
    house = served.house
    file, *_rows = house.take(("2026-02-04", 300_00, [fees(300_00)]), ("2026-02-04", 5_00))
    served.follow()
    treasurer.go(f"desk/files/{file}")
    treasurer.page.get_by_text("这份流水不对").click()
    treasurer.page.get_by_label("原因").fill("导错了账户")
    treasurer.agree(treasurer.page.get_by_role("button", name="撤回这份流水"))
    assert "已入账 2 条" in treasurer.stands()
    assert treasurer.cost() == (1, 1)
    accounts = served.site.kept.books.accounts
    assert not accounts.imports.keys()
    assert accounts.account("bank").balance == 17_000_00


def test_the_approver_says_no(served: Town, chair: Person) -> None:
    house = served.house
    application = house.apply_for(70_00)
    (motion,) = {motion for motion, _line in house.accounts.authorities}
    house.propose(application, motion)
    served.follow()
    chair.go(f"withdrawals/{application}")
    chair.page.get_by_text("不同意", exact=True).click()
    chair.page.get_by_label("原因").fill("没有验收单")
    chair.agree(chair.page.get_by_role("button", name="不同意，签名退回"))
    chair.stands()
    assert chair.cost() == (1, 1)
    accounts = served.site.kept.books.accounts
    assert application not in accounts.withdrawals
    assert accounts.authorities[motion, "lifts"].spent == 0


def test_the_half_year_by_two_touches(served: Town, treasurer: Person, chair: Person) -> None:
    """People.md, section 3: 5 screens, 2 touches."""
    house = served.house
    house.take(("2026-02-04", 300_00, [fees(300_00)]), confirmed=True)
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.take(file={"start": "2026-02-04", "end": "2026-06-30"}, confirmed=True)
    served.follow()
    for person in (treasurer, chair):
        person.sign_in()

    treasurer.go("desk/statement")
    treasurer.shoot("desk-statement-bank-laptop")
    for title in ("还有没了结的吗？", "草稿：和上一期比，变了什么", "两个人各签一次"):
        treasurer.page.get_by_role("link", name="下一步").click()
        treasurer.page.get_by_role("heading", name=title).wait_for()
        treasurer.look(title)
    treasurer.shoot("desk-statement-sign-laptop")
    treasurer.agree(treasurer.page.get_by_role("button", name="签名", exact=True))
    treasurer.page.get_by_text("还要等另一位签名人").wait_for()
    assert treasurer.cost() == (4, 1)
    assert treasurer.page.locator("#ask").input_value().endswith(f"{served.site.home}desk/statement/sign")
    assert served.site.kept.books.publication.latest is None, "one of two is not enough"

    chair.go("desk/statement/sign")
    assert "财务委员已经签了" in chair.page.locator("main").inner_text()
    chair.shoot("desk-statement-sign-phone")
    chair.agree(chair.page.get_by_role("button", name="签名发布"))
    chair.stands()
    assert chair.cost() == (1, 1)
    latest = served.site.kept.books.publication.latest
    assert latest is not None
    assert latest.period == "2026H1"
    chair.page.get_by_role("link", name="打印、图片、文字").click()
    chair.page.wait_for_url("**/statements/2026H1/kit")


def test_a_booked_row_is_taken_back(served: Town, treasurer: Person) -> None:
    house = served.house
    _file, row = house.take(("2026-02-04", 300_00, [fees(300_00)]))
    served.follow()
    treasurer.go(f"payments/{row}")
    treasurer.page.get_by_text("记错了？冲销").click()
    treasurer.page.get_by_label("原因").fill("不是物业费")
    treasurer.agree(treasurer.page.get_by_role("button", name="签名冲销"))
    treasurer.stands()
    assert treasurer.cost() == (1, 1)
    assert served.site.kept.books.accounts.suspense[row].amount == 300_00


def test_whoever_is_not_signed_in_signs_in_by_the_same_button(served: Town, chair: Person) -> None:
    """A link from a chat: the session is over, so that the passkey is asked for twice. All of it without a mouse."""
    house = served.house
    application = house.apply_for(70_00)
    (motion,) = {motion for motion, _line in house.accounts.authorities}
    house.propose(application, motion)
    house.advance(hours=2)
    served.follow()
    chair.browser.expected.add("401")
    chair.go(f"withdrawals/{application}")
    chair.agree_by_keyboard(chair.page.get_by_role("button", name="同意付款"))
    chair.stands()
    assert chair.cost() == (1, 2)


def test_a_browser_without_a_key_says_where_to_go(served: Town, phone_of: Watched) -> None:
    house = served.house
    application = house.apply_for(70_00)
    (motion,) = {motion for motion, _line in house.accounts.authorities}
    house.propose(application, motion)
    served.follow()
    page = served.page(phone_of, f"withdrawals/{application}", passkeys=False)
    page.get_by_role("button", name="同意付款").click()
    page.get_by_text("没有您的签名钥匙").wait_for()


def test_with_scripts_off_everything_is_read_and_nothing_is_signed(chromium: Browser, served: Town) -> None:
    house = served.house
    application = house.apply_for(70_00)
    (motion,) = {motion for motion, _line in house.accounts.authorities}
    house.propose(application, motion)
    house.apply_for(30_00, purpose="三月维保")
    served.follow()
    with watched(chromium, served.site.origin, **PHONE, java_script_enabled=False) as browser:
        page = browser.page(f"{served.site.home}withdrawals/{application}")
        shown = page.locator("#decide").inner_text()
        assert "4,930.00" in shown
        assert "签名要在浏览器里打开脚本" in shown
        assert not page.get_by_role("button", name="同意付款").is_visible()
        page = browser.page(f"{served.site.home}desk/payments")
        assert "三月维保" in page.locator("#applied").inner_text()
        assert not page.get_by_role("button", name="签名提出勾选的付款").is_visible()


@pytest.fixture
def phone_of(chromium: Browser, served: Town) -> Iterator[Watched]:
    """A telephone that nobody ever signed in with."""
    with watched(chromium, served.site.origin, **PHONE) as found:
        yield found
