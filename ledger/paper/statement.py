"""The statement 收支公示表 on paper: one self-contained page of HTML, and a PDF with the same bytes every time."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from ledger.paper import html, pdf, qr
from ledger.paper.phrases import Phrases
from ledger.paper.printed import PrintedWith
from ledger.paper.view import LATER, view

HEADS: Final = (
    "number",
    "on",
    "voucher",
    "category",
    "summary",
    "party",
    "basis",
    "received",
    "spent",
    "balance",
    "papers",
    "remark",
)
"""Columns of the line pages."""


def render_html(statement: Mapping[str, Any], printed: PrintedWith = LATER, locale: str = "zh_CN") -> str:
    """The statement as one HTML file: no script, nothing from outside. Raises ``paper.statement``, ``words.…``."""
    seen, phrases = view(statement, printed, locale), Phrases(locale)
    names = {head: phrases.text(f"statement.head_{head}") for head in HEADS}
    return html.render(
        "statement.html", locale, v=seen, p=seen.poster, heads=HEADS, names=names, qr=html.trusted(qr.code(seen.qr))
    )


def render_pdf(statement: Mapping[str, Any], printed: PrintedWith = LATER, locale: str = "zh_CN") -> bytes:
    """The statement as PDF: the poster, then line pages and annexes across the sheet. Raises as :func:`render_html`,
    and ``paper.fonts``, ``paper.typst``.

    Without tags for a voice: in tables of a thousand cells they make the file four times as large, nine times with two
    thousand lines. The same lines can be heard from the HTML, whose tables say their heads; the poster has its own file.
    """
    return _pdf(statement, printed, locale, whole=True)


def render_poster(statement: Mapping[str, Any], printed: PrintedWith = LATER, locale: str = "zh_CN") -> bytes:
    """The poster alone, to hang in as many copies as there are boards, tagged for a voice. Raises as :func:`render_pdf`."""
    return _pdf(statement, printed, locale, whole=False)


def _pdf(statement: Mapping[str, Any], printed: PrintedWith, locale: str, *, whole: bool) -> bytes:
    seen, coded = view(statement, printed, locale), bool(printed.check_code)
    return pdf.compile_sheet("statement.typ", locale, asdict(seen), seen.qr, spoken=not whole, whole=whole, coded=coded)
