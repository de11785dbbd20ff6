r"""The bytes of a bank file as tables of texts, nothing interpreted.

===============================  ===================================================================================
begins with                      is read as
===============================  ===================================================================================
``PK``                           XLSX, each visible sheet a table (:mod:`~ledger.exchange.bank.spreadsheet`)
``D0 CF 11 E0``                  old XLS, likewise
``EF BB BF``                     UTF-8 text
``FF FE`` or ``FE FF``           UTF-16 text
anything else                    text in UTF-8 if that is valid throughout, else in GB18030 if that is, else refused
===============================  ===================================================================================

Text is comma- or tab-separated (``csv`` of the standard library, strict), each separator giving a table of its own to
look for a header in. A table's rows are numbered as a spreadsheet shows them: blank lines count, a quoted line break
does not begin a row.

>>> decode('日期,余额\r\n\r\n20260801,"1,000.00"\r\n'.encode("gb18030"))
Decoded(encoding='gb18030', readings=((Table(name='', rows=(('日期', '余额'), (), ('20260801', '1,000.00'))),),))
"""

import csv
import io
from dataclasses import dataclass

from ledger.errors import Malformed
from ledger.exchange.bank.spreadsheet import read_spreadsheet

MAX_BYTES = 1 << 20
MAX_ROWS = 50_000
MAX_COLUMNS = 256

_FORMATS = "CSV (UTF-8, GB18030, UTF-16), XLSX, XLS"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WIDE_BOMS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")


@dataclass(frozen=True)
class Table:
    """Rows of texts; ``name`` is the sheet's. Row ``n`` as a person counts is ``rows[n - 1]``."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Decoded:
    """``readings``: ways to cut the same bytes into tables, the likelier first; all tables of one reading coexist."""

    encoding: str
    readings: tuple[tuple[Table, ...], ...]


def decode(data: bytes) -> Decoded:
    """Cut the bytes into tables.

    Raises :class:`Malformed` ``bank.empty``, ``bank.too_large`` or ``bank.unreadable`` (and what
    :func:`~ledger.exchange.bank.spreadsheet.read_spreadsheet` raises).
    """
    if len(data) > MAX_BYTES:
        raise Malformed("bank.too_large", f"{len(data)} bytes", f"{MAX_BYTES} bytes")
    if not data.strip():
        raise Malformed("bank.empty", f"{len(data)} bytes", _FORMATS)
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        encoding, sheets = read_spreadsheet(data)
        tables = tuple(Table(name, tuple(tuple(row) for row in rows)) for name, rows in sheets)
        return Decoded(encoding, (tables,))
    encoding, text = _text(data)
    separators = ",\t" if "\t" in text else ","
    readings: list[tuple[Table, ...]] = []
    failures: list[Malformed] = []
    for separator in separators:
        try:
            readings.append((_cut(text, separator),))
        except Malformed as failure:
            failures.append(failure)
    if not readings:
        raise failures[0]
    return Decoded(encoding, tuple(readings))


def _text(data: bytes) -> tuple[str, str]:
    if data.startswith(_WIDE_BOMS):
        raise Malformed("bank.unreadable", "UTF-32", _FORMATS)
    announced = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    for encoding in announced or ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = next((char for char in text if char < " " and char not in "\t\r\n\v\f"), None)
        if strange is not None:
            where = text.count("\n", 0, text.index(strange)) + 1
            raise Malformed("bank.unreadable", f"U+{ord(strange):04X}", _FORMATS, row=where)
        return encoding.removesuffix("-sig"), text
    raise Malformed("bank.unreadable", "no known encoding", _FORMATS)


def _cut(text: str, separator: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[str, ...]] = []
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise Malformed("bank.too_large", f"{len(cells)} columns", f"{MAX_COLUMNS} columns", row=len(rows) + 1)
            if len(rows) == MAX_ROWS:
                raise Malformed("bank.too_large", f"over {MAX_ROWS} rows", f"{MAX_ROWS} rows")
            rows.append(tuple(cells))
    except csv.Error as error:
        raise Malformed("bank.unreadable", f"CSV: {error}", _FORMATS, row=len(rows) + 1) from None
    return Table("", tuple(rows))
