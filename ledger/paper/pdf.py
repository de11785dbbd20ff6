"""PDF by typst: the same bytes for the same data on every machine, so that a print can be compared by its digest.

Nothing of the machine goes in: no clock (``timestamp=0``), no font but the one that comes as a package, no file but the
templates. Data goes in as JSON and is printed as a value, never as markup, so hostile text stays text.
"""

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import noto_cjk_sans_otc
import orjson
import typst

from ledger.errors import Malformed, Unavailable
from ledger.paper import qr
from ledger.paper.phrases import Phrases

TEMPLATES: Final = Path(__file__).parent / "templates"
FONT: Final = "Noto Sans CJK SC"
SPOKEN: Final = ("poster.", "statement.", "report.", "certificate.", "slip.", "term.")
"""Texts that a template may name."""
_COMPILING: Final = threading.Lock()


def compile_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Typeset ``data`` by a template. Raises ``paper.fonts`` (Unavailable), ``paper.typst``."""
    compiler = typst.Compiler(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"data": orjson.dumps(data).decode()},
    )
    try:
        with _COMPILING:
            pdf, warnings = compiler.compile_with_warnings(format="pdf", timestamp=0)
    except typst.TypstError as error:
        raise Malformed("paper.typst", error.message, "data that the template knows", template=template) from error
    unknown = [warning.message for warning in warnings if "font" in warning.message]
    if unknown or not isinstance(pdf, bytes):
        raise Unavailable("paper.fonts", "; ".join(unknown), FONT)
    return pdf


def compile_sheet(template: str, locale: str, view: Mapping[str, Any], code: str, **more: object) -> bytes:
    """Typeset a view with the words of its language and a QR code of ``code``. Raises as :func:`compile_pdf`."""
    phrases = Phrases(locale)
    return compile_pdf(
        template,
        {
            "locale": locale,
            "view": view,
            "words": phrases.plain(*SPOKEN),
            "page": phrases.pattern("poster.page"),
            "qr": qr.code(code),
            **more,
        },
    )


@cache
def _fonts() -> typst.Fonts:
    folder = str(Path(noto_cjk_sans_otc.FONT_PATH).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
