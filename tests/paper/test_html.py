"""The HTML of a statement: one file that asks for nothing, runs nothing, and shows hostile text as text."""

import base64
import re
import time
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest

from ledger.paper.printed import PrintedWith
from ledger.paper.statement import render_html
from ledger.publication.statement import digest_of
from tests.paper.made import half_year

HOSTILE = '<script>alert(1)</script>#eval("1") *x* _y_ $z$ {{ 7*7 }} {% x %} " onload=\'x\' &amp; = h'
VOID = {"meta", "input", "path", "rect", "circle", "br"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; every tag that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.style = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.text += data


def hostile() -> dict[str, Any]:
    """A statement whose every text of a person is an attack."""
    statement = half_year()
    statement["name"] = HOSTILE
    for account in statement["accounts"]:
        account |= {"title": HOSTILE, "bank": HOSTILE, "number": HOSTILE}
    for document in statement["documents"]:
        document |= {"subject": HOSTILE, "number_printed": HOSTILE}
    for contract in statement["contracts"]:
        contract |= {"object": HOSTILE, "end_printed": HOSTILE, "deposit_printed": HOSTILE}
    for party in statement["parties"]:
        party["title"] = HOSTILE
    for category in statement["categories"]:
        category |= {"zh": HOSTILE, "en": HOSTILE}
    for motion in statement["decisions"]["by_motion"]:
        motion["title"] = HOSTILE
    statement["corrections"][0] |= {"was": HOSTILE, "now": HOSTILE, "reason": HOSTILE}
    for line in statement["lines"]:
        line["covers"] = HOSTILE
    return statement


def hostile_print() -> PrintedWith:
    """Later facts that attack too."""
    remarks = {item["row"]: HOSTILE for item in half_year()["open"]["suspense"]}
    return PrintedWith(
        check_code=HOSTILE,
        media=(HOSTILE,),
        remarks=remarks,
        reading=HOSTILE,
        objection_place=HOSTILE,
        street_phone=HOSTILE,
        address=HOSTILE,
    )


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_page_is_well_formed_and_asks_for_nothing(locale: str) -> None:
    page = Page(render_html(half_year(), locale=locale))
    assert not set(page.tags) & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "video"}
    assert not [name for _, name, _ in page.attributes if name in ("src", "style", "xlink:href", "action")]
    places = {value for _, name, value in page.attributes if name == "id"}
    links = [value for _, name, value in page.attributes if name == "href"]
    assert len(links) > 5
    assert {link.removeprefix("#") for link in links} <= places
    assert all(link.startswith("#") for link in links)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "url(" not in page.style
    assert "@import" not in page.style
    assert [value for _, name, value in page.attributes if "://" in value] == ["http://www.w3.org/2000/svg"]


def test_the_policy_names_the_style_sheet_and_nothing_else() -> None:
    page = Page(render_html(half_year()))
    (policy,) = [value for tag, name, value in page.attributes if tag == "meta" and "default-src" in value]
    style = base64.b64encode(sha256(page.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"


def test_every_figure_of_the_statement_is_on_the_page() -> None:
    statement = half_year()
    text = Page(render_html(statement)).text
    fen = [line["amount"] for line in statement["lines"]]
    fen += [total for total in statement["totals"].values() if total]
    fen += [statement["accounts"][0][name] for name in ("opening", "received", "spent", "closing", "bank_balance")]
    missing = [f for f in fen if f"{abs(f) // 100:,}.{abs(f) % 100:02}" not in text]
    assert missing == []


def test_the_whole_hash_stands_on_the_page() -> None:
    statement = half_year()
    text = Page(render_html(statement)).text
    assert digest_of(statement) in re.sub(r"\s", "", text)


def test_hostile_text_stays_text() -> None:
    page = Page(render_html(hostile(), hostile_print()))
    assert "script" not in page.tags
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert page.text.count(HOSTILE) > 200
    assert "49" not in re.findall(r"\{\{ (.*?) \}\}", page.text)


def test_the_bars_speak() -> None:
    text = render_html(half_year())
    assert text.count("<desc>") == text.count('class="bar"') == 12
    assert "<title>物业费 414,889.39</title>" in text


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_an_example_is_marked_on_every_sheet(locale: str) -> None:
    page = render_html(half_year(), locale=locale)
    assert page.count('class="mark"') == page.count('<section class="sheet') == 3
    real = {key: value for key, value in half_year().items() if key != "example"}
    assert 'class="mark"' not in render_html(real, locale=locale)


def test_large_text_needs_no_script() -> None:
    page = Page(render_html(half_year()))
    assert ("input", "type", "checkbox") in page.attributes
    assert "html:has(#large:checked)" in page.style


def test_english_has_no_chinese_of_its_own() -> None:
    statement = half_year() | {"name": "Riverbank", "chart": "chart"}
    statement["accounts"][0] |= {"title": "joint account", "bank": "bank", "number": "ending 8816"}
    statement["accounts"][1]["title"] = "petty cash"
    for row in (*statement["parties"], *statement["documents"], *statement["contracts"], *statement["corrections"]):
        row |= {name: "text" for name in row if name in ("title", "subject", "number_printed", "object", "was", "now")}
        row |= {name: "text" for name in row if name in ("reason", "term_printed", "deposit_printed")}
    for row in (*statement["lines"], *statement["decisions"]["by_motion"]):
        row |= {name: "text" for name in row if name in ("covers", "title")}
    for category in statement["categories"]:
        category["zh"] = "text"
    assert re.findall(r"[\u4e00-\u9fff]+", Page(render_html(statement, locale="en")).text) == []


def test_two_thousand_lines_render_in_time() -> None:
    statement = half_year(23)
    begun = time.process_time()
    text = render_html(statement)
    assert time.process_time() - begun < 3
    assert text.count("<tr>") > len(statement["lines"]) == 2024


def test_an_empty_period_has_its_page() -> None:
    statement = half_year()
    statement |= {"lines": [], "reconciliation": [], "contracts": [], "documents": [], "corrections": []}
    statement["accounts"] = []
    statement["funds"] = []
    statement["decisions"] = {"by_basis": [], "by_motion": []}
    statement["open"] = {key: [] for key in statement["open"]}
    statement["suspense"] = []
    text = Page(render_html(statement)).text
    for said in (
        "本期没有账行。",
        "没有挂着的事项。",
        "期末没有待查款项。",
        "本期没有待查款项进出。",
        "没有更正公告。",
        "没有银行账户。",
    ):
        assert said in text
