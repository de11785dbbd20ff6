"""The slip in large type says what is counted and where, and carries the whole leaf hash."""

import re

import pytest

from ledger.paper import slip
from tests.paper.test_html import HOSTILE, Page

LEAF = "cd" * 32
SLIP = slip.Slip("江岸花园", "您的票 0237", 77, "2026-04-01T02:03:04.000Z", LEAF, "https://example.org/r", example=True)


def test_it_says_what_and_where() -> None:
    seen = slip.view(SLIP, "zh_CN")
    assert (seen.what, seen.entry, seen.time) == ("您的票 0237", "存证记录 第77号", "2026年4月1日 10:03")
    assert seen.qr == f"https://example.org/r#77.{LEAF}"
    assert seen.leaf.replace(" ", "") == LEAF


def test_without_an_address_the_code_names_the_community() -> None:
    assert slip.view(slip.Slip("x", "y", 1, "2026-04-01T02:03:04.000Z", LEAF), "en").qr == f"x#1.{LEAF}"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_it_is_printed_both_ways(locale: str) -> None:
    page = Page(slip.render_html(SLIP, locale))
    assert LEAF in re.sub(r"\s", "", page.text)
    assert slip.render_pdf(SLIP, locale) == slip.render_pdf(SLIP, locale)


def test_hostile_text_stays_text() -> None:
    attacking = slip.Slip(HOSTILE, HOSTILE, 1, "2026-04-01T02:03:04.000Z", LEAF)
    assert "script" not in Page(slip.render_html(attacking)).tags
    assert slip.render_pdf(attacking).startswith(b"%PDF-")
