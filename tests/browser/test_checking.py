"""Checking in a real browser: the whole ledger over the network, files without one, and servers that lie."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from api.pages import offline
from ledger import canonical
from ledger.exchange import bundle
from ledger.log.note import parse_vkey
from ledger.log.policy import Log, Policy
from ledger.store import statements
from ledger.store.private import EVERYBODY
from tests.browser.conftest import PHONE, Watched, watched
from tests.serving import Site

LONG = 180_000
"""Milliseconds that a whole ledger may take on a busy machine."""
Change = Callable[[bytes], bytes]


def run(page: Page) -> str:
    """Check the ledger; what the page says of it."""
    before = page.locator("#check-results > section").count()
    page.locator("#check-ledger").click()
    expect(page.locator("#check-results > section")).to_have_count(before + 1, timeout=LONG)
    return page.locator("#check-results > section").first.inner_text()


def opened(phone: Watched, example: Site) -> Page:
    """The checking page of the example."""
    return phone.page(f"{example.home}check?lang=zh")


def lied(page: Page, pattern: str, change: Change) -> None:
    """Have the server answer with something else."""

    def answer(route: Route) -> None:
        true = route.fetch()
        route.fulfill(response=true, body=change(true.body()))

    page.route(pattern, answer)


def another_digit(behind: bytes) -> Change:
    """The first digit or letter behind a text is another."""

    def change(data: bytes) -> bytes:
        at = data.index(behind) + len(behind)
        return data[:at] + (b"7" if data[at : at + 1] != b"7" else b"8") + data[at + 1 :]

    return change


def test_the_whole_ledger_is_checked_and_remembered(phone: Watched, example: Site) -> None:
    page = opened(phone, example)
    said = run(page)
    assert "对得上" in said
    assert "对不上" not in said
    assert "自洽，未验明来源" in said
    assert f"{example.kept.size} 条记录" in said
    assert "第一次核对" in said
    assert "mingzhang verify" in said
    # With the fingerprint from the poster the origin is established.
    page.get_by_text("我从别处知道的").click()
    page.locator("[name=genesis]").fill(example.kept.digest)
    said = run(page)
    assert "自洽，未验明来源" not in said
    assert "验明来源" in said
    assert "是同一本账" in said


@pytest.mark.parametrize(
    ("pattern", "change", "step"),
    [
        ("**/log/*/tile/0/003", lambda data: bytes([data[0] ^ 1]) + data[1:], "记录和总账合不起来"),
        ("**/log/*/tile/entries/011", another_digit(b'"amount":'), "不是本人签的"),
        ("**/log/*/tile/entries/011", another_digit(b'"sig":"'), "不是本人签的"),
        ("**/statements/2019H1.json", another_digit(b'"income":'), "加起来和写的总数不一样"),
    ],
)
def test_a_server_that_lies_is_caught(phone: Watched, example: Site, pattern: str, change: Change, step: str) -> None:
    page = opened(phone, example)
    lied(page, pattern, change)
    said = run(page)
    assert "对不上" in said
    assert step in said


def test_a_server_with_two_histories_is_caught(phone: Watched, example: Site) -> None:
    page = opened(phone, example)
    kept = {"origin": example.kept.books.origin, "size": "100", "root": "ab" * 32, "when": "2026-06-01"}
    page.evaluate(
        "([key, kept]) => localStorage.setItem(key, JSON.stringify(kept))",
        [f"mingzhang.seen.{example.kept.digest}", kept],
    )
    said = run(page)
    assert "不是同一本" in said
    assert "对不上" in said
    # What was seen is not overwritten by what contradicts it.
    assert "不是同一本" in run(page)


def test_a_network_that_fails_is_no_verdict(phone: Watched, example: Site) -> None:
    phone.expected.add("Failed to load resource")
    page = opened(phone, example)
    page.route("**/log/*/tile/entries/002", lambda route: route.abort())
    said = run(page)
    assert "没有核对完" in said
    assert "对不上" not in said


@pytest.fixture
def single(chromium: Browser, tmp_path: Path) -> object:
    """The page as one file, opened from a stick: no server, no secure context."""
    path = tmp_path / "check.zh.html"
    path.write_bytes(offline.page("zh_CN"))
    with watched(chromium, "file://", **PHONE) as found:
        found.context.set_offline(True)
        yield found.page(path.as_uri())


@pytest.fixture(scope="module")
def given_out(example: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the keeper gives out: the bundle as an archive, a statement, the keys, a receipt."""
    folder, store = tmp_path_factory.mktemp("given out"), example.kept.store
    vkeys = [parse_vkey(text) for text in store.books.vkeys]
    drawn = statements.all_published(store)
    policy = Policy(logs=tuple(Log(key) for key in vkeys))
    bundle.write_zip(folder / "bundle.zip", store.source, drawn, vkeys, policy, offline.files())
    (folder / "statement.json").write_bytes(drawn["2019H1"])
    (folder / "vkeys.txt").write_text("".join(f"{key}\n" for key in vkeys))
    (folder / "receipt.json").write_bytes(store.receipt(1544, EVERYBODY).dump())
    return folder


def chosen(page: Page, *files: Path) -> str:
    """Choose files; what the page says of the last."""
    before = page.locator("#check-results > section").count()
    page.locator("#check-choose").set_input_files(list(files))
    expect(page.locator("#check-results > section")).to_have_count(before + 1, timeout=LONG)
    return page.locator("#check-results > section").first.inner_text()


def test_files_are_checked_without_any_server(single: Page, given_out: Path, tmp_path: Path) -> None:
    receipt = given_out / "receipt.json"
    assert "没法核对：缺见证，或者没有来自别处的依据" in chosen(single, receipt)
    single.get_by_text("我从别处知道的").click()
    single.locator("[name=vkeys]").fill((given_out / "vkeys.txt").read_text())
    said = chosen(single, receipt)
    assert "对得上" in said
    assert "对不上" not in said
    assert "用时" in said
    harmed = tmp_path / "harmed.receipt.json"
    data = receipt.read_bytes()
    harmed.write_bytes(data.replace(b'"value":', b'"value" :', 1))
    assert "对不上：文件坏了" in chosen(single, harmed)
    wrong = tmp_path / "wrong.json"
    wrong.write_bytes(b"hello")
    assert "认不出这是什么" in chosen(single, wrong)


def test_a_statement_that_does_not_add_up_names_its_place(single: Page, given_out: Path, tmp_path: Path) -> None:
    data = (given_out / "statement.json").read_bytes()
    harmed = tmp_path / "statement.json"
    harmed.write_bytes(data.replace(b'"income":', b'"income":1', 1))
    said = chosen(single, harmed)
    assert "对不上：加起来和写的总数不一样" in said
    single.get_by_text("看过程").first.click()
    assert "statement.sum" in single.locator("#check-results > section").first.inner_text()


def test_a_whole_bundle_is_checked_without_any_server(single: Page, given_out: Path) -> None:
    said = chosen(single, given_out / "bundle.zip")
    assert "对得上" in said
    assert "对不上" not in said
    assert "自洽，未验明来源" in said


def test_a_pasted_receipt_is_checked(single: Page, given_out: Path) -> None:
    receipt = given_out / "receipt.json"
    single.locator("#check-paste").fill(f"\n{receipt.read_text()}\n")
    single.locator("#check-pasted").click()
    expect(single.locator("#check-results > section")).to_have_count(1, timeout=LONG)
    assert "没法核对" in single.locator("#check-results > section").first.inner_text()


def test_a_statement_from_a_chat_is_held_against_the_published_one(
    phone: Watched, example: Site, given_out: Path, tmp_path: Path
) -> None:
    page = opened(phone, example)
    assert "对不上" not in chosen(page, given_out / "statement.json")
    value = canonical.decode((given_out / "statement.json").read_bytes())
    assert isinstance(value, dict)
    value["lines"][30]["amount"] += 100  # type: ignore[index,call-overload,operator]
    harmed = tmp_path / "statement.json"
    harmed.write_bytes(canonical.encode(value))
    assert "对不上：不是签名公布的那一份公示表（第31笔）" in chosen(page, harmed)


def test_what_cannot_be_read_of_the_readers_own_knowledge_is_said(phone: Watched, example: Site) -> None:
    page = opened(phone, example)
    page.get_by_text("我从别处知道的").click()
    page.locator("[name=genesis]").fill("12 34")
    assert "读不懂" in run(page)


def test_a_result_is_looked_at(phone: Watched, example: Site, given_out: Path) -> None:
    """By everybody: no fault for a screen reader in it, nothing wider than the phone."""
    page = opened(phone, example)
    chosen(page, given_out / "receipt.json")
    page.get_by_text("看过程").first.click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "check-result.png", full_page=True)
