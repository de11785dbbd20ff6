"""PDF by typst: the same bytes for the same data on every machine, so that a print can be compared by its digest.

Nothing of the machine goes in: no clock (``timestamp=0``), no font but the one that comes as a package, no file but the
templates. Data goes in as JSON and is printed as a value, never as markup, so hostile text stays text.
"""

import re
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
INCH: Final = 25.4
"""Millimetres."""
SPOKEN: Final = ("poster.", "statement.", "report.", "certificate.", "slip.", "notice.", "letter.", "term.", "audited.")
"""Texts that a template may name."""
PIECE: Final = 14
"""Letters of a long word that stay together."""
ZERO_WIDTH_SPACE: Final = "\u200b"
_LONG: Final = re.compile(r"[!-~]{17,}")
_JOINTS: Final = re.compile(r"(?<=[/_=&?])|(?<=\.\.)(?=[^.])")
_COMPILING: Final = threading.Lock()


def compile_pdf(template: str, data: Mapping[str, Any], *, spoken: bool = True) -> bytes:
    """Typeset ``data`` by a template. Raises ``paper.fonts`` (Unavailable), ``paper.typst``.

    ``spoken``: PDF/UA-1, with the tags by which a voice reads it in order.
    """
    return _compile(
        template, data, format="pdf", timestamp=0, pdf_tags=spoken, pdf_standards=["ua-1"] if spoken else []
    )


def compile_picture(template: str, data: Mapping[str, Any], *, width: float, pixels: int) -> bytes:
    """Typeset ``data`` that fills one sheet ``width`` mm wide, as PNG of so many pixels across. Raises as :func:`compile_pdf`."""
    return _compile(template, data, format="png", ppi=pixels * INCH / width)


def _compile(template: str, data: Mapping[str, Any], **how: Any) -> bytes:
    compiler = typst.Compiler(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"data": orjson.dumps(_breakable(data)).decode()},
    )
    try:
        with _COMPILING:
            made, warnings = compiler.compile_with_warnings(**how)
    except typst.TypstError as error:
        raise Malformed("paper.typst", error.message, "data that the template knows", template=template) from error
    unknown = [warning.message for warning in warnings if "font" in warning.message]
    if unknown or not isinstance(made, bytes):
        raise Unavailable("paper.fonts", "; ".join(unknown), FONT)
    return made


def compile_sheet(
    template: str, locale: str, view: Mapping[str, Any], code: str, *, spoken: bool = True, **more: object
) -> bytes:
    """Typeset a view with the words of its language and a QR code of ``code``. Raises as :func:`compile_pdf`."""
    return compile_pdf(template, sheet(locale, view, code, **more), spoken=spoken)


def sheet(locale: str, view: Mapping[str, Any], code: str, **more: object) -> dict[str, Any]:
    """What a template gets: a view, the words of its language, a QR code of ``code``. Raises ``paper.code_too_long``."""
    phrases = Phrases(locale)
    return {
        "locale": locale,
        "view": view,
        "words": phrases.plain(*SPOKEN),
        "page": phrases.pattern("poster.page"),
        "qr": qr.code(code),
        **more,
    }


def _breakable(value: Any) -> Any:
    """With places to break in words too long for a column: typst would let them run into the next one."""
    match value:
        case str():
            return value if value.startswith("<svg") else _LONG.sub(_broken, value)
        case Mapping():
            return {key: _breakable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_breakable(inner) for inner in value]
        case _:
            return value


def _broken(word: re.Match[str]) -> str:
    pieces = _JOINTS.split(word[0])
    parts = [piece[start : start + PIECE] for piece in pieces for start in range(0, len(piece), PIECE)]
    return ZERO_WIDTH_SPACE.join(parts)


@cache
def _fonts() -> typst.Fonts:
    folder = str(Path(noto_cjk_sans_otc.FONT_PATH).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
