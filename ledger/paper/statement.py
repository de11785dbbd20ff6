"""The statement 收支公示表 on paper: one self-contained page of HTML, and a PDF with the same bytes every time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from ledger.paper import html, pdf, qr
from ledger.paper.phrases import Phrases
from ledger.paper.pointer import copies
from ledger.paper.poster import said_of
from ledger.paper.printed import PrintedWith
from ledger.paper.view import LATER, pointer, view
from ledger.publication.statement import digest_of

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
A4_WIDTH: Final = 210.0
PIXELS: Final = (1080, 960, 840, 720)
"""Across a picture; a telephone shows 1080 as they are."""
PICTURE_BYTES: Final = 500_000


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


def render_copies(
    statement: Mapping[str, Any], printed: PrintedWith, places: Sequence[str], locale: str = "zh_CN"
) -> bytes:
    """The poster once a place, in one file: each with its place and number (3栋大堂 2/8), which its own QR code says too.

    Raises as :func:`render_pdf`, ``paper.copies``, ``paper.place``.
    """
    numbered, phrases = copies(places), Phrases(locale)
    seen, of = view(statement, printed, locale), pointer(statement, digest_of(statement), printed)
    sheets = [{"qr": qr.code(replace(of, copy=copy).text()), "said": said_of(copy, phrases)} for copy in numbered]
    return pdf.compile_sheet(
        "statement.typ", locale, asdict(seen), seen.qr, whole=False, coded=bool(printed.check_code), copies=sheets
    )


def render_picture(statement: Mapping[str, Any], printed: PrintedWith = LATER, locale: str = "zh_CN") -> bytes:
    """The poster as PNG for the owners' group: :data:`PIXELS` wide, less where it would be above :data:`PICTURE_BYTES`,
    which chats press together until small print is gone. Raises as :func:`render_pdf`.
    """
    seen, coded = view(statement, printed, locale), bool(printed.check_code)
    data = pdf.sheet(locale, asdict(seen), seen.qr, whole=False, coded=coded)
    *wider, least = PIXELS
    for pixels in wider:
        made = pdf.compile_picture("statement.typ", data, width=A4_WIDTH, pixels=pixels)
        if len(made) <= PICTURE_BYTES:
            return made
    return pdf.compile_picture("statement.typ", data, width=A4_WIDTH, pixels=least)


def _pdf(statement: Mapping[str, Any], printed: PrintedWith, locale: str, *, whole: bool) -> bytes:
    seen, coded = view(statement, printed, locale), bool(printed.check_code)
    return pdf.compile_sheet("statement.typ", locale, asdict(seen), seen.qr, spoken=not whole, whole=whole, coded=coded)
