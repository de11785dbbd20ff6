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
    """
    seen = view(statement, printed, locale)
    return pdf.compile_sheet("statement.typ", locale, asdict(seen), seen.qr, coded=bool(printed.check_code))
