"""The lines of a statement as a table for other people's programs: CSV that Excel opens as it is, and XLSX.

Both hold one row a line, in the statement's order: codes where programs compare, titles where people read. Amounts are
numbers of yuan with two decimals, signed: what came in is positive. From machine 2 on the workbook has a second sheet: the
owners' questions by their days, as the statement has them, which is without who asked and what. The bytes are the same for
the same statement, language and libraries: no clock goes in.

Text comes from papers and strangers. In a spreadsheet a cell that begins with ``= + - @`` (or a tab or a carriage return)
is a formula, so that such text stands behind an apostrophe in CSV and is marked as text in XLSX.

>>> quoted("=HYPERLINK(A1)"), quoted("电梯维保")
("'=HYPERLINK(A1)", '电梯维保')
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ledger import words

BOM: Final = "\ufeff"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
NUMBER: Final = "#,##0.00"
HEAD: Final = Font(bold=True)
COLUMNS: Final = (
    "number", "on", "booked", "voucher", "account", "fund", "category", "nature", "amount", "party", "contract",
    "unit", "covers", "basis", "motion", "document", "corrects", "entry", "record",
)  # fmt: skip
"""``workbook.<column>`` in the catalogues is its head."""
ASKED: Final = ("about", "asked_on", "due", "answered_on", "outcome", "slip", "about_record", "record")
"""Columns of the questions; ``statement.head_<column>`` is the head, as on the print."""
EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""The earliest moment that a ZIP archive can hold."""
MODIFIED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")

Cell = str | int | Decimal


def csv_of(statement: Mapping[str, Any], locale: str) -> bytes:
    """The lines as CSV (RFC 4180) in UTF-8 with byte order mark. Raises ``words.…``."""
    written = io.StringIO(newline="")
    written.write(BOM)
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_heads(locale))
    for row in _rows(statement, locale):
        writer.writerow(quoted(cell) if isinstance(cell, str) else cell for cell in row)
    return written.getvalue().encode()


def xlsx_of(statement: Mapping[str, Any], locale: str) -> bytes:
    """The lines as XLSX (ECMA-376), on a sheet named by the period, and the questions. Raises ``words.…``."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(statement["period"]["code"])
    begin(sheet, _heads(locale))
    for row in _rows(statement, locale):
        sheet.append([cell_of(sheet, cell) for cell in row])
    if "objections" in statement:
        asked = book.create_sheet(words.text("statement.annex_questions", locale))
        begin(asked, [words.text(f"statement.head_{column}", locale) for column in ASKED])
        for row in _questions(statement, locale):
            asked.append([cell_of(asked, cell) for cell in row])
    made = io.BytesIO()
    book.save(made)
    return timeless(made.getvalue())


def quoted(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _heads(locale: str) -> list[str]:
    return [words.text(f"workbook.{column}", locale) for column in COLUMNS]


def _rows(statement: Mapping[str, Any], locale: str) -> Iterator[list[Cell]]:
    title = "zh" if locale == words.CHINESE else "en"
    categories = {row["code"]: row[title] for row in statement["categories"]}
    parties = {row["code"]: row.get("title") or row["code"] for row in statement["parties"]}
    for number, line in enumerate(statement["lines"], 1):
        said: dict[str, Cell] = line | {
            "number": number,
            "fund": words.text(f"fund.{line['fund']}", locale),
            "category": categories.get(line["category"], line["category"]),
            "nature": words.text(f"nature.{line['nature']}", locale),
            "amount": Decimal(line["amount"]).scaleb(-2),
            "party": parties.get(line.get("party", ""), ""),
            "basis": words.text(f"authority.{line['basis']}", locale) if line.get("basis") else "",
        }
        yield [said.get(column, "") for column in COLUMNS]


def _questions(statement: Mapping[str, Any], locale: str) -> Iterator[list[Cell]]:
    """Each question: the line that it is about, if it is about one of this statement, its days, its end, the records."""
    lines = {line["record"]: number for number, line in enumerate(statement["lines"], 1)}
    for one in statement["objections"]:
        said: dict[str, Cell] = {
            "about": lines.get(one["about"].partition("#")[0], ""),
            "asked_on": one["on"],
            "due": one["due"],
            "answered_on": one.get("answered", ""),
            "outcome": words.text(f"statement.outcome_{one['outcome']}", locale) if "outcome" in one else "",
            "slip": one.get("slip", ""),
            "about_record": one["about"],
            "record": one["objection"],
        }
        yield [said[column] for column in ASKED]


def begin(sheet: Worksheet, heads: Sequence[str]) -> None:
    """The heads of a table, which stay in sight on a screen and stand on every page of a print: A4 across, as wide as the page
    and as long as it needs, the tab's name and the page's number below.
    """
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.gridLines = True
    footer = HeaderFooterItem()
    footer.left.text, footer.right.text = "&A", "&P / &N"
    sheet.HeaderFooter = HeaderFooter(oddFooter=footer)
    cells = [cell_of(sheet, head) for head in heads]
    for cell in cells:
        cell.font = HEAD
    sheet.append(cells)


def cell_of(sheet: Worksheet, value: Cell) -> Any:
    """A cell: text that is no formula, an amount with two decimals, a number."""
    if isinstance(value, str):
        # XML has no place for them: a paper's text that holds one must not keep a whole workbook from being written.
        value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)
    cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # openpyxl writes a Decimal as it is; its stubs do not say so
    if isinstance(value, str):
        # Else openpyxl itself makes a formula of what begins with "=".
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA)
    elif isinstance(value, Decimal):
        cell.number_format = NUMBER
    return cell


def timeless(data: bytes) -> bytes:
    """The archive without the time at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = given.read(name)
            if name == "docProps/core.xml":
                part = MODIFIED.sub(rb"\g<1>" + EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            place = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            place.compress_type, place.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            kept.writestr(place, part)
    return made.getvalue()
