"""Which sort of file some bytes are, by how they begin: what a name or a browser says of them decides nothing.

What is taken is what a community keeps: papers, photographs, bank files, electronic invoices. What a browser would run (HTML,
SVG, scripts) is none of it.

>>> sort_of(b"%PDF-1.7 ...")
'application/pdf'
>>> sort_of(b"<!DOCTYPE html><script>")
Traceback (most recent call last):
ledger.errors.Malformed: document.type; ...
"""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

from ledger.errors import Malformed

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD: Final = "application/ofd"
ENDINGS: Final[Mapping[str, str]] = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    XLSX: "xlsx",
    "application/vnd.ms-excel": "xls",
    "text/csv": "csv",
    OFD: "ofd",
    "application/xml": "xml",
}
"""What is taken, with the ending that a file of it gets."""
SHOWN: Final = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
"""What a browser shows without running anything of it on our pages."""

_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-excel"),
)
_PARTS: Final = (("xl/workbook.xml", XLSX), ("OFD.xml", OFD))
_MACROS: Final = frozenset({"xl/vbaProject.bin"})
_MOST_PARTS: Final = 10_000
_LIVE: Final = re.compile(
    rb"<(?:!doctype\s+html|html|svg|script|[a-z]+:script|\?xml-stylesheet)|xhtml|/2000/svg", re.IGNORECASE
)
_UTF8: Final = b"\xef\xbb\xbf"


def sort_of(data: bytes) -> str:
    """The media type of some bytes. Raises Malformed ``document.type`` for what is not in :data:`ENDINGS`."""
    for beginning, media in _BEGINNINGS:
        if data.startswith(beginning):
            return media
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    found = _packed(data) if data.startswith(b"PK\x03\x04") else _text(data)
    if found is None:
        raise Malformed("document.type", data[:8].hex(), ", ".join(ENDINGS.values()))
    return found


def _packed(data: bytes) -> str | None:
    """By the names of an archive's parts, nothing unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {one.filename for one in archive.infolist()[:_MOST_PARTS]}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if _MACROS & names:
        return None
    return next((media for part, media in _PARTS if part in names), None)


def _text(data: bytes) -> str | None:
    """XML by its declaration, else a table if it is text with separated columns in every row."""
    body = data.removeprefix(_UTF8).lstrip()
    if _LIVE.search(data):
        return None
    if body.startswith(b"<"):
        return "application/xml" if body.startswith(b"<?xml") else None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            return None
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text):
        return None
    first = text.strip().partition("\n")[0]
    return "text/csv" if any(mark in first for mark in ",;\t") else None
