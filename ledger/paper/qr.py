"""QR codes as SVG: the same picture in HTML and in PDF, without a reference to anything outside.

>>> code("https://example.org/2019H1#sha256=" + "0" * 64).startswith("<svg ")
True
"""

import io
from typing import Final

import segno

from ledger.errors import Malformed

LONGEST: Final = 1000
"""Characters in a code: more cannot be read from a wall by an old telephone."""


def code(text: str) -> str:
    """The QR code of a text as an ``<svg>`` element with its own white background. Raises ``paper.code_too_long``."""
    if len(text) > LONGEST:
        raise Malformed("paper.code_too_long", len(text), LONGEST)
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, encoding="utf-8").save(
        out, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=4, dark="#000", light="#fff",
        svgclass=None, lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode()
