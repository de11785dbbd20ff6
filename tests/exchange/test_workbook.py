"""Lines as CSV and XLSX: what a spreadsheet reads back is the statement, to the fen; and nothing in them is a formula."""

import csv
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from ledger.exchange import workbook
from ledger.exchange.workbook import ASKED, COLUMNS, csv_of, quoted, xlsx_of

LINE: dict[str, Any] = {
    "line": 1, "entry": 7, "record": "a" * 64, "part": 0, "booked": "2026-01-05", "on": "2026-01-05",
    "voucher": "2026-01-0001", "account": "bank", "fund": "service_fee", "category": "lift", "nature": "expense",
}  # fmt: skip
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")']


def statement(*lines: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "period": {"code": "2026H1"},
        "lines": [LINE | line for line in lines],
        "categories": [{"code": "lift", "zh": "电梯", "en": "Lifts"}],
        "parties": [{"code": "lift", "title": "电梯公司"}],
    } | other


def read_csv(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(text, newline="")))


def read_xlsx(data: bytes) -> list[tuple[Any, ...]]:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data))
    return list(sheet.iter_rows())


@pytest.mark.parametrize("fen", [1, -1, 10, -50_00, 123_456_789_01, -(10**13), 10**13])
def test_amounts_are_numbers_with_two_decimals(fen: int) -> None:
    made = statement({"amount": fen, "party": "lift", "basis": "none"})
    row = dict(zip(COLUMNS, read_csv(csv_of(made, "zh_CN"))[1], strict=True))
    assert Decimal(row["amount"]) * 100 == fen
    assert row["amount"][-3] == "."
    assert (row["category"], row["party"], row["motion"]) == ("电梯", "电梯公司", "")
    cell = dict(zip(COLUMNS, read_xlsx(xlsx_of(made, "en"))[1], strict=True))
    assert cell["amount"].data_type == "n"
    assert round(Decimal(str(cell["amount"].value)) * 100) == fen
    assert cell["amount"].number_format == "#,##0.00"
    assert cell["category"].value == "Lifts"


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_a_formula(text: str) -> None:
    made = statement({"amount": 1, "covers": text, "party": "x"}, parties=[{"code": "x", "title": text}])
    row = dict(zip(COLUMNS, read_csv(csv_of(made, "zh_CN"))[1], strict=True))
    assert row["covers"] == row["party"] == f"'{text}" == quoted(text)
    cell = dict(zip(COLUMNS, read_xlsx(xlsx_of(made, "zh_CN"))[1], strict=True))["covers"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    with zipfile.ZipFile(io.BytesIO(xlsx_of(made, "zh_CN"))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = statement({"amount": 1})
    first = xlsx_of(made, "zh_CN")
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01" in archive.read("docProps/core.xml")
        assert b"202" not in archive.read("docProps/core.xml")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert xlsx_of(made, "zh_CN") == first
    assert csv_of(made, "zh_CN") == csv_of(made, "zh_CN")
    assert workbook.EPOCH.year == 1980


def test_no_lines_make_a_table_with_heads() -> None:
    assert len(read_csv(csv_of(statement(), "en"))) == len(read_xlsx(xlsx_of(statement(), "en"))) == 1


def test_questions_stand_on_a_sheet_of_their_own() -> None:
    """By their days, as the statement has them; a statement of machine 1 knows none, and its workbook has one sheet."""
    about, question = "a" * 64, "b" * 64
    late = {"about": about, "objection": question, "on": "2026-02-01", "due": "2026-02-08", "answered": "2026-02-10"}
    paper = {"about": "c" * 64 + "#0", "objection": "d" * 64, "on": "2026-03-01", "due": "2026-03-08", "slip": "=1+1"}
    made = statement({"amount": 1}, objections=[late | {"outcome": "satisfied"}, paper])
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(made, "zh_CN")))
    assert book.sheetnames == ["2026H1", "意见与答复"]
    heads, *rows = book["意见与答复"].iter_rows()
    assert len({cell.value for cell in heads}) == len(ASKED)
    first, second = (dict(zip(ASKED, row, strict=True)) for row in rows)
    assert [first[name].value for name in ASKED] == [
        1, "2026-02-01", "2026-02-08", "2026-02-10", "满意", None, about, question,
    ]  # fmt: skip
    assert (second["about"].value, second["answered_on"].value, second["about_record"].value) == (
        None,
        None,
        "c" * 64 + "#0",
    )
    assert (second["slip"].value, second["slip"].data_type) == ("=1+1", "s")
    assert len(openpyxl.load_workbook(io.BytesIO(xlsx_of(statement(), "en"))).sheetnames) == 1
