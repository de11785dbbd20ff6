"""The PDF of a statement: the same bytes everywhere, every line carried from page to page, hostile text as text."""

import json
import re
import subprocess
import sys
import time
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typst

from ledger import words
from ledger.paper import pdf
from ledger.paper.pdf import PIECE, ZERO_WIDTH_SPACE, compile_pdf
from ledger.paper.phrases import Phrases
from ledger.paper.printed import PrintedWith
from ledger.paper.qr import code
from ledger.paper.slip import Slip
from ledger.paper.slip import render_pdf as render_slip
from ledger.paper.statement import render_pdf, render_poster
from ledger.paper.view import view
from tests.community import refused_as
from tests.paper.made import half_year
from tests.paper.test_html import HOSTILE, hostile, hostile_print

ROOT = Path(__file__).parents[2]
PAGES = re.compile(rb"/Type\s*/Page\b")


def queried(statement: dict[str, Any], selector: str, printed: PrintedWith | None = None) -> list[dict[str, Any]]:
    """The elements of a typeset statement that a selector finds."""
    seen, phrases = view(statement, printed or PrintedWith(), "zh_CN"), Phrases("zh_CN")
    data = {
        "locale": "zh_CN",
        "view": asdict(seen),
        "words": phrases.plain(*pdf.SPOKEN),
        "qr": code("x"),
        "coded": False,
        "whole": True,
    }
    data |= {"page": phrases.pattern("poster.page")}
    found = typst.query(
        str(pdf.TEMPLATES / "statement.typ"), selector, root=str(pdf.TEMPLATES), font_paths=pdf._fonts(),
        sys_inputs={"data": json.dumps(data)},
    )  # fmt: skip
    return list(json.loads(found))


def test_two_processes_make_the_same_bytes(tmp_path: Path) -> None:
    statement = tmp_path / "statement.json"
    statement.write_text(json.dumps(half_year()))
    program = (
        "import hashlib, json, sys; from ledger.paper.statement import render_pdf, render_poster;"
        "of = json.load(open(sys.argv[1])); print(hashlib.sha256(render_pdf(of) + render_poster(of)).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program, str(statement)],
            cwd=ROOT, env={"TZ": zone, "LANG": "C.UTF-8", "PATH": ""}, capture_output=True, text=True, check=True,
        ).stdout.strip()
        for zone in ("Asia/Shanghai", "America/New_York")
    ]  # fmt: skip
    assert runs[0] == runs[1] == sha256(render_pdf(half_year()) + render_poster(half_year())).hexdigest()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("printed", [PrintedWith(), hostile_print()], ids=["nothing", "all"])
def test_poster_and_line_pages_are_there(locale: str, printed: PrintedWith) -> None:
    made = render_pdf(half_year(), printed, locale)
    assert made.startswith(b"%PDF-")
    assert len(PAGES.findall(made)) > 8


@pytest.mark.parametrize(("locale", "language"), [("zh_CN", b"/Lang(zh-CN)"), ("en", b"/Lang(en-GB)")])
def test_a_voice_can_read_what_hangs_and_what_is_handed_out(locale: str, language: bytes) -> None:
    whole, poster = render_pdf(half_year(), locale=locale), render_poster(half_year(), locale=locale)
    slip = render_slip(Slip("江岸花园", "0237", 77, "2026-01-01T00:00:00.000Z", "ab" * 32), locale)
    for made in (poster, slip):
        assert len(PAGES.findall(made)) == 1
        assert b"/MarkInfo<</Marked true" in made
        assert b"<pdfuaid:part>1</pdfuaid:part>" in made
        assert b"<dc:title><rdf:Alt>" in made
        assert language in made
    assert language in whole


def test_a_poster_stays_one_page_however_full_it_is() -> None:
    statement = hostile()
    statement["accounts"] += [{**statement["accounts"][0], "code": f"b{n}", "title": "共管账户" * 4} for n in range(4)]
    (first,) = queried(statement, "<first-line-page>", hostile_print())
    assert first["value"] == 2


def test_what_one_page_carries_out_the_next_carries_in() -> None:
    statement = half_year()
    carried = [found["value"] for found in queried(statement, "<carried>")]
    heads = [row for row in carried if not row["closing"]]
    feet = [row for row in carried if row["closing"]]
    assert len(heads) == len(feet) > 4
    assert (heads[0]["label"], heads[0]["sums"]) == ("期初余额", ["", "", "155,465.21"])
    assert {row["label"] for row in heads[1:]} == {"承前页"}
    assert [row["label"] for row in feet] == ["过次页"] * (len(feet) - 1) + ["本期合计、期末余额"]
    assert [row["sums"] for row in heads[1:]] == [row["sums"] for row in feet[:-1]]
    assert feet[-1]["sums"] == ["736,633.59", "607,808.63", "284,290.17"]


def test_hostile_text_makes_no_element() -> None:
    statement, printed = hostile(), hostile_print()
    assert HOSTILE in view(statement, printed, "zh_CN").poster.title
    for selector in ("strong", "emph", "math.equation", "raw", "heading", "link", "ref"):
        assert queried(statement, selector, printed) == [], selector


def test_a_hostile_statement_is_typeset() -> None:
    assert render_pdf(hostile(), hostile_print(), "en").startswith(b"%PDF-")


@pytest.mark.uncounted
def test_two_thousand_lines_are_typeset_in_time() -> None:
    statement = half_year(23)
    begun = time.process_time()
    made = render_pdf(statement)
    # On a quiet core it takes under three seconds; other work on the same core makes the clock run faster.
    assert time.process_time() - begun < 6
    assert len(PAGES.findall(made)) > 100


def test_long_words_get_places_to_break() -> None:
    broken = pdf._breakable({"a": ["2018-12-01..2019-11-30", "x" * 40, "<svg " + "y" * 40, 7, "物" * 40]})
    assert broken["a"][0] == f"2018-12-01..{ZERO_WIDTH_SPACE}2019-11-30"
    assert max(map(len, broken["a"][1].split(ZERO_WIDTH_SPACE))) == PIECE
    assert broken["a"][1].replace(ZERO_WIDTH_SPACE, "") == "x" * 40
    assert broken["a"][2:] == ["<svg " + "y" * 40, 7, "物" * 40]


def test_data_that_a_template_does_not_know_is_refused() -> None:
    with refused_as("paper.typst"):
        compile_pdf("statement.typ", {"locale": "zh_CN"})


def test_a_font_that_is_missing_is_no_print_without_letters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf, "_fonts", lambda: typst.Fonts(False, False, [str(tmp_path)]))
    with refused_as("paper.fonts"):
        render_pdf(half_year())


def test_a_code_too_long_to_be_read_is_refused() -> None:
    with refused_as("paper.code_too_long"):
        code("x" * 1001)


NAMED = re.compile(r"""\bt\(\s*"([a-z0-9_.]+)"\s*(~|\+|[,)])""")


@pytest.mark.parametrize("file", sorted(pdf.TEMPLATES.glob("*.*")), ids=lambda file: file.name)
def test_every_word_that_a_template_names_is_in_the_catalogues(file: Path) -> None:
    for key, after in NAMED.findall(file.read_text("utf-8")):
        for locale in words.locales():
            known = words.keys(locale)
            assert key in known or (after in "~+" and any(k.startswith(key) for k in known)), key
            if file.suffix == ".typ" and after not in "~+":
                assert not words.placeholders(known[key]), f"{key} has a value that typst cannot give"
