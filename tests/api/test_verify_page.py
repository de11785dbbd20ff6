"""The checking page over HTTP, and the same page as one file: what stands in them, and that nothing is missing from either."""

import base64
import hashlib
import json
import re

import pytest
from starlette.testclient import TestClient

from api.pages import offline, static
from api.pages.inlined import in_order, inlined
from ledger import words
from ledger.audit import CODES
from ledger.store import Store

STEPS = ("form", "files", "tree", "keys", "chain", "signatures", "place", "openings", "sums", "published")


def test_a_ledgers_page_names_its_addresses(client: TestClient, store: Store) -> None:
    digest = store.books.ledger
    page = client.get(f"/c/{digest[:16]}/check").text
    assert f'data-log="/log/{digest}/"' in page
    assert client.get(f"/log/{digest}/checkpoint").status_code == 200
    assert 'id="check-ledger"' in page
    assert 'id="check-ledger"' not in client.get("/check").text


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_single_file_is_given_out_as_its_digest_says(client: TestClient, locale: str) -> None:
    page = client.get(f"/check?lang={locale[:2]}").text
    name = offline.NAMES[locale]
    answer = client.get(f"/check/offline/{name}")
    assert hashlib.sha256(answer.content).hexdigest() == offline.digest(locale)
    assert offline.digest(locale) in page
    assert f'href="/check/offline/{name}"' in page
    assert "attachment" in answer.headers["content-disposition"]
    assert client.get("/check/offline/other.html").status_code in (400, 404, 422)


def test_the_single_file_allows_what_stands_in_it_and_nothing_else() -> None:
    page = offline.page("zh_CN").decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    said = policy[1].replace("&#39;", "'")
    script = re.search(r"<script>(.*)</script>", page, re.S)
    style = re.search(r"<style>(.*)</style>", page, re.S)
    assert script is not None
    assert style is not None
    for text in (script[1], style[1]):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in said
    assert said.startswith("default-src 'none';")
    assert "unsafe" not in said
    # Nothing is fetched: no other file, no other host.
    assert not re.search(r'(?:src|href)="', page)
    assert " style=" not in page


def test_the_single_file_is_the_same_every_time() -> None:
    first = offline.page("en")
    offline.page.cache_clear()
    assert offline.page("en") == first


def test_every_module_is_in_it_once() -> None:
    sources = {path: file.data.decode() for path, file in static.files().items() if path.endswith(".js")}
    order = in_order(offline.ENTRY, sources)
    assert len(order) == len(set(order))
    assert {path for path in sources if path.startswith("check/")} <= set(order)


@pytest.mark.parametrize(
    "source",
    ["export default 1;\n", 'import "./b.js";\n', "export { a };\n", 'import a from "./b.js";\n'],
)
def test_what_cannot_be_put_into_one_script_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"a\.js"):
        inlined("a.js", {"a.js": source, "b.js": "export const a = 1;\n"})


def test_a_circle_of_modules_is_refused() -> None:
    files = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(ValueError, match="needs itself"):
        in_order("a.js", files)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_there_are_words_for_every_step_and_finding(locale: str) -> None:
    said = json.loads(offline.words_json(locale))
    assert {f"check.{what}_{step}" for what in ("step", "wrong", "cannot") for step in STEPS} <= said.keys()
    assert {f"finding.{code}.title" for code in CODES} <= said.keys()
    used = "".join(
        file.data.decode()
        for path, file in static.files().items()
        if path.startswith("verify/") and path.endswith(".js")
    )
    assert set(re.findall(r'say\("(check\.[a-z_]+)"', used)) <= said.keys()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_no_word_of_the_trade_stands_before_the_fold(locale: str) -> None:
    trade = re.compile(r"merkle|hash|checkpoint|哈希|默克尔|校验点", re.IGNORECASE)
    behind = ("check.subject_", "check.source_", "check.key")
    before = {key: text for key, text in words.keys(locale).items() if key.startswith("check.")}
    found = [key for key, text in before.items() if trade.search(text) and not key.startswith(behind)]
    assert found == []
