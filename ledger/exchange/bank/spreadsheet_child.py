"""The other side of :mod:`ledger.exchange.bank.spreadsheet`: a process of its own that reads one hostile workbook.

Run as a file, never imported by the reader's process outside tests: bytes on standard input, one JSON object on
standard output, ``{"encoding", "sheets": [{"name", "rows": [[text, …], …]}]}`` or ``{"refused", "value", "accepted"}``.
It first gives up memory, processor time and files for good, so that a workbook which asks for terabytes (a 5 KB file
can) ends this process and nothing else. It needs the standard library and python-calamine, nothing of the ledger.

Numbers become text here, exactly: a spreadsheet stores 90420.15 as the nearest double, whose shortest form is
``90420.15`` again. What a person cannot see is refused or left out: formulas (the stored result need not be what the
sheet shows), macros, hidden sheets.
"""

import datetime
import io
import json
import re
import resource
import sys
import zipfile
import zlib
from decimal import Decimal

import python_calamine as calamine

MEMORY = 512 << 20
SECONDS = 20
MAX_PARTS = 512
MAX_UNPACKED = 48 << 20
MAX_ROWS = 50_000
MAX_COLUMNS = 256
MAX_CELLS = 1_000_000
MAX_TEXT = 4 << 20

_SHEET = re.compile(rb"<(?:\w+:)?worksheet[\s>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


class Refusal(Exception):
    """Why the workbook is not read: rule, value, accepted."""

    def __init__(self, rule: str, value: str, accepted: str) -> None:
        super().__init__(rule, value, accepted)
        self.rule, self.value, self.accepted = rule, value, accepted


def confine() -> None:
    """Give up memory, processor time and the writing of files, irrevocably for this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def inspect(data: bytes) -> None:
    """Look at the archive before anything interprets it: bounded parts, no macros, no formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise Refusal("bank.too_large", f"{len(parts)} parts", f"{MAX_PARTS} parts")
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED:
                raise Refusal("bank.too_large", f"{unpacked} bytes unpacked", f"{MAX_UNPACKED} bytes unpacked")
            names = [part.filename for part in parts]
            if len({name.lower() for name in names}) != len(names):
                raise Refusal("bank.unreadable", "a part stands twice in the archive", "XLSX")
            if "xl/workbook.xml" not in names:
                raise Refusal("bank.unreadable", "no xl/workbook.xml in the archive", "CSV, XLSX, XLS")
            if any("vbaproject" in name.lower() or "macrosheet" in name.lower() for name in names):
                raise Refusal("bank.macros", "macros", "XLSX without macros")
            for part in parts:
                body = archive.read(part)
                if _SHEET.search(body) and _FORMULA.search(body):
                    raise Refusal("bank.formula", part.filename, "values only")
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        zlib.error,
    ) as error:
        raise Refusal("bank.unreadable", f"broken archive: {error}", "CSV, XLSX, XLS") from None


def text_of(value: object) -> str:
    """A cell's value as text: exact decimals without exponent, ISO dates."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        figure = Decimal(repr(value))
        return format(figure.to_integral_value() if figure == figure.to_integral_value() else figure, "f")
    if isinstance(value, datetime.datetime):
        nearest = value + datetime.timedelta(microseconds=500_000)  # a day's fraction is never a whole second
        return nearest.replace(microsecond=0).isoformat(" ")
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)


def read_workbook(data: bytes) -> dict[str, object]:
    """Every visible worksheet of a workbook as rows of texts, row 1 being the sheet's first row."""
    old = data.startswith(b"\xd0\xcf\x11\xe0")
    if not old:
        inspect(data)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        budget = [MAX_CELLS, MAX_TEXT]
        for index, sheet in enumerate(book.sheets_metadata):
            if sheet.typ in (calamine.SheetTypeEnum.MacroSheet, calamine.SheetTypeEnum.Vba):
                raise Refusal("bank.macros", sheet.name, "a workbook without macros")
            if sheet.visible != calamine.SheetVisibleEnum.Visible or sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheets.append({"name": sheet.name, "rows": _rows(book.get_sheet_by_index(index), budget)})
    except calamine.PasswordError:
        raise Refusal("bank.unreadable", "the workbook is protected by a password", "no password") from None
    except calamine.CalamineError as error:
        raise Refusal("bank.unreadable", f"broken workbook: {error}", "CSV, XLSX, XLS") from None
    return {"encoding": "xls" if old else "xlsx", "sheets": sheets}


def _rows(sheet: calamine.CalamineSheet, budget: list[int]) -> list[list[str]]:
    end = sheet.end
    if end is None:
        return []
    height, width = end[0] + 1, end[1] + 1
    budget[0] -= height * width
    if height > MAX_ROWS or width > MAX_COLUMNS or budget[0] < 0:
        accepted = f"{MAX_ROWS} rows, {MAX_COLUMNS} columns, {MAX_CELLS} cells"
        raise Refusal("bank.too_large", f"{height} rows, {width} columns", accepted)
    rows = []
    for values in sheet.to_python(skip_empty_area=False):
        row = [text_of(value) for value in values]
        while row and not row[-1]:
            row.pop()
        budget[1] -= sum(len(cell) for cell in row)
        if budget[1] < 0:
            raise Refusal("bank.too_large", "text in cells", f"{MAX_TEXT} characters")
        rows.append(row)
    return rows


def main() -> None:
    """Read standard input, answer on standard output; a limit met ends the process by a signal."""
    try:
        confine()
        answer = read_workbook(sys.stdin.buffer.read())
    except Refusal as refusal:
        answer = {"refused": refusal.rule, "value": refusal.value, "accepted": refusal.accepted}
    except MemoryError:
        answer = {"refused": "bank.too_large", "value": "memory", "accepted": f"{MEMORY} bytes"}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main()
