"""Files made to hurt: each is refused with a reason, within the limits, and this process lives on."""

import base64
import datetime
import io
import json
import os
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Malformed, MingzhangError, Unavailable
from ledger.exchange.bank import decode, read_bank_file, spreadsheet, spreadsheet_child
from tests.exchange.bank.writers import Fen, Rows, workbook

TABLE: Rows = [
    ["交易日期", "摘要", "借方发生额", "贷方发生额", "余额"],
    ["2026-08-01", "甲", "", Fen(100), Fen(9_042_015)],
    ["2026-08-02", "乙", Fen(42_015), "", Fen(9_000_000)],
]
WHOLE = workbook(TABLE)
# Two rows in the layout of 建行, written by a public library as an old XLS with dates as numbers; deflated.
OLD = (
    r"c-rk)T}V_x6#nM!U3WEI*S}B$U4;Bgk&3beT{Ft3Hq9WdptQYW*lMgA*n>ZrP>^6qV37}kJ@jJrQb`5%5<LWFK|v6?2EFtYSQMz+"
    r"nRD-MY6UKoVBGIAXU;h@^Ud7(zxTyt!u05!^Z=Hj3>GW|qY<^pCn!XR3@0c(7?f%#wo?e2SW}3$(?CX9@gVNGO^%@)?*J6sR-cdr"
    r"W+)uRX?R*&G}kJkg4<9pWE)CJ3S1|T18Ll<M3yI5Cb7K5IUlktXU_o3Qp!6m4r9{o$=_kj;#wt((;Sez_qfbk_H0H9p2=C<Jt*|N"
    r"R_yYhtUtBJ5;D|SjDZHUQftxt(oV$<>M3**3Vpspuh-SoRO0iMw6#qmnMQpKUxF@RHnhASyG;M;`US}UZK>b(2fv+0bGd&=QGp%="
    r"kMnBjM=TmunW6|s<I}D=oIwm(GN=$^o}|XF+U%8e5SdjI+Eh(u$H;IIc30=3NPAtA2TCX&Seme1)2j32lBwH2GE5xbk4$LA4RHs_"
    r"Q|s-$C?K|Ukp8}N>N4qd9@4jU>>Q9a>bs0{$u1Met1p(M7xAno@EUZ|+s)nl{BmDImHQZbdiZ3~&!3I*EfGYoEJ1}GoMJ(UHJ?jt"
    r"VtI~PH?W@0GMN?##o1LUhO)Ph^PK0@Y^rA~<CQySk)BI>|EKEv8T}vJd8Ch52F@mrzj2Qui_SwYm6uN+3Pgdpc2#1+9g2mqSG{AI"
    r"_RGFySDZ%MgT^5nk9i&?P=841mh2r7wiKhUbjw1PC2Xl=sbR}Xmer_7EUU*ty(f4#ovE9;&_49B{1H<5U3B&Y>PIQN138L?`2@2^"
    r"8SH}DZ3esY8+LuKmbhfF>*L%#sD$gN=(0j*SD4*yuq(_i?;B-GBJRq}w6p(23{03XVZww76DCYV4#Brc{RXY_eNn$h+l>D@^Ar}$"
    r"-z5Jn4xp8ucKVjwgBFVY=!|IotcO*ExWo#}g#H&w9HQF&Xhs9KqdDUFOJ7%F@%yZ}p!4r7p-Agrh@_qWxc(oLGyvi"
)


def rule(data: bytes) -> str:
    began = time.monotonic()
    with pytest.raises(MingzhangError) as caught:
        read_bank_file(data)
    assert time.monotonic() - began < spreadsheet.SECONDS + 5
    return caught.value.rule


def rezip(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name, body in more.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return made.getvalue()


def sheet(change: Callable[[bytes], bytes]) -> bytes:
    return rezip(workbook(TABLE), lambda name, body: change(body) if name == "xl/worksheets/sheet1.xml" else body)


def test_the_workbook_that_the_attacks_start_from_is_read() -> None:
    for data in (workbook(TABLE), sheet(lambda body: body)):
        file = read_bank_file(data)
        assert [row.amount for row in file.rows] == [100, -42_015]
        assert (file.size, file.closing) == (len(data), 9_000_000)


def test_an_old_workbook_is_read() -> None:
    data = zlib.decompress(base64.b85decode("".join(OLD)))
    file = read_bank_file(data)
    assert (file.layout, file.encoding) == ("ccb", "xls")
    assert [(row.on.isoformat(), row.time, row.amount, row.balance) for row in file.rows] == [
        ("2026-08-01", "15:24:03", 10, 9_042_015),
        ("2026-08-02", "09:00:00", -42_015, 9_000_000),
    ]
    for cut in (8, 600, 2000, 5000):
        assert rule(data[:cut]) in {"bank.unreadable", "bank.too_large"}


def test_a_sheet_as_large_as_a_sheet_can_be_costs_nothing() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "交易日期"
    book.active["XFD1048576"] = 1
    data = io.BytesIO()
    book.save(data)
    assert len(data.getvalue()) < 10_000
    assert rule(data.getvalue()) == "bank.too_large"


@pytest.mark.parametrize("act", ["bytearray(600 << 20)", "open('/dev/shm/x', 'xb', 0).write(b'x')", "1 / 0"])
def test_the_child_gives_up_memory_and_files_for_good(act: str, tmp_path: Path) -> None:
    act = act.replace("/dev/shm", str(tmp_path))
    script = f"import runpy; runpy.run_path({spreadsheet_child.__file__!r})['confine'](); {act}"
    ended = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False)
    expected = {"b": "MemoryError", "o": "File too large", "1": "ZeroDivisionError"}[act[0]]
    assert expected in ended.stderr


@pytest.mark.parametrize(("script", "expected"), [("raise SystemExit(3)", "unreadable"), ("1 / 0", "unreadable")])
def test_a_child_that_fails_before_it_reads_is_an_unreadable_file(
    script: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "child.py").write_text(script)
    monkeypatch.setattr(spreadsheet, "_CHILD", tmp_path / "child.py")
    assert rule(b"PK" + os.urandom(500_000)) == f"bank.{expected}"


def test_a_tall_sheet_within_memory_is_refused_by_its_size() -> None:
    def grow(body: bytes) -> bytes:
        return body.replace(b"</sheetData>", b'<row r="60000"><c r="A60000"><v>1</v></c></row></sheetData>')

    assert rule(sheet(grow)) == "bank.too_large"


def test_a_wide_sheet_is_refused_by_its_size() -> None:
    def grow(body: bytes) -> bytes:
        return body.replace(b"</sheetData>", b'<row r="9"><c r="ZZ9"><v>1</v></c></row></sheetData>')

    assert rule(sheet(grow)) == "bank.too_large"


def test_texts_that_unpack_to_more_than_the_limit_are_refused() -> None:
    bomb = rezip(workbook(TABLE), lambda name, body: body, xl__more_dot_xml=b"<x>" + b"a" * (60 << 20))
    assert len(bomb) < 100_000
    assert rule(bomb) == "bank.too_large"


def test_one_shared_text_repeated_in_every_cell_is_refused() -> None:
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c></row>' % (n, n, b"a" * 1000)
        for n in range(10, 10_000)
    )
    assert rule(sheet(lambda body: body.replace(b"</sheetData>", cells + b"</sheetData>"))) == "bank.too_large"


def test_a_part_that_lies_about_its_length_cannot_exceed_the_limits() -> None:
    bomb = bytearray(
        rezip(workbook(TABLE), lambda name, body: body, xl__sharedStrings_dot_xml=b"<sst>" + b" " * (40 << 20))
    )
    true = struct.pack("<I", (40 << 20) + 5)
    assert bomb.count(true) == 2
    assert rule(bytes(bomb.replace(true, struct.pack("<I", 5)))) in {"bank.unreadable", "bank.too_large"}


def test_very_many_parts_are_refused() -> None:
    parts = {f"xl__p{n}": b"" for n in range(600)}
    assert rule(rezip(workbook(TABLE), lambda name, body: body, **parts)) == "bank.too_large"


def test_nested_entities_are_not_expanded() -> None:
    levels = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    bomb = b'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">' + levels + b"]>"

    def expand(body: bytes) -> bytes:
        return bomb + body.replace("甲".encode(), b"&e11;")

    data = sheet(expand)
    try:
        file = read_bank_file(data)
    except MingzhangError as error:
        assert error.rule in {"bank.unreadable", "bank.too_large"}
    else:
        assert all(len(row.narration) < 100 for row in file.rows)


def test_formulas_are_refused_whatever_they_show() -> None:
    table: Rows = [*TABLE, ["2026-08-03", "丙", "", "=1+1", Fen(9_000_200)]]
    assert rule(workbook(table)) == "bank.formula"
    assert rule(sheet(lambda body: body.replace(b"<v>1</v>", b"<f>B1</f><v>1</v>", 1))) == "bank.formula"


def test_macros_are_refused() -> None:
    assert rule(rezip(workbook(TABLE), lambda name, body: body, xl__vbaProject_dot_bin=b"x")) == "bank.macros"


def test_what_a_person_does_not_see_is_not_read() -> None:
    other: Rows = [TABLE[0], ["2026-08-01", "假", "", Fen(777), Fen(777)]]
    assert [row.amount for row in read_bank_file(workbook(TABLE, hidden=other)).rows] == [100, -42_015]
    assert rule(workbook([["空"]], hidden=other)) == "bank.no_header"


def test_two_tables_in_one_workbook_are_refused() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(TABLE)))
    book.create_chartsheet("图", 0)
    book.create_sheet("空")
    data = io.BytesIO()
    book.save(data)
    assert len(read_bank_file(data.getvalue()).rows) == 2
    book.copy_worksheet(book.worksheets[0])
    book.save(data)
    assert rule(data.getvalue()) == "bank.several_tables"


def test_other_archives_are_refused() -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert rule(plain.getvalue()) == "bank.unreadable"
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = rezip(workbook(TABLE), lambda name, body: body, xl__workbook_dot_xml=b"<workbook/>")
    assert rule(twice) == "bank.unreadable"
    assert rule(b"PK\x03\x04 and nothing more") == "bank.unreadable"
    assert rule(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing more") == "bank.unreadable"


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_damaged_workbook_is_read_as_it_was_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(2, len(WHOLE) - 1))] = data.draw(st.integers(0, 255))
    try:
        file = read_bank_file(bytes(damaged))
    except MingzhangError as error:
        assert error.rule.startswith("bank.")
    else:
        assert [row.amount for row in file.rows] == [100, -42_015]


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "SECONDS", 0.01)
    assert rule(workbook(TABLE)) == "bank.too_large"


def test_an_answer_that_is_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ANSWER", 100)
    assert rule(workbook(TABLE)) == "bank.too_large"


def test_without_the_reader_a_workbook_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Unavailable) as caught:
        read_bank_file(workbook(TABLE))
    assert caught.value.rule == "bank.no_reader"


def more(name: str, body: bytes = b"x") -> bytes:
    return rezip(WHOLE, lambda _, old: old, **{name: body})


FORMULA = sheet(lambda body: body.replace(b"<v>1</v>", b"<f>B1</f><v>1</v>", 1))
WIDE = sheet(lambda body: body.replace(b"</sheetData>", b'<row r="9"><c r="ZZ9"><v>1</v></c></row></sheetData>'))
BROKEN = sheet(lambda body: body[: len(body) // 2])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (more("xl__vbaProject_dot_bin"), "bank.macros"),
        (more("xl__macrosheets__sheet1_dot_xml"), "bank.macros"),
        (more("xl__more", b"a" * (50 << 20)), "bank.too_large"),
        (rezip(WHOLE, lambda _, old: old, **{f"p{n}": b"" for n in range(600)}), "bank.too_large"),
        (more("XL__WORKBOOK_dot_XML"), "bank.unreadable"),
        (
            rezip(workbook(TABLE), lambda name, old: old).replace(b"xl/workbook.xml", b"xl/workbook.bin"),
            "bank.unreadable",
        ),
        (FORMULA, "bank.formula"),
        (WIDE, "bank.too_large"),
        (BROKEN, "bank.unreadable"),
        (b"PK", "bank.unreadable"),
        (b"\xd0\xcf\x11\xe0", "bank.unreadable"),
    ],
)
def test_the_child_refuses_by_itself_what_it_can_see(
    data: bytes, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(spreadsheet_child.Refusal) as caught:
        spreadsheet_child.read_workbook(data)
    assert caught.value.rule == expected
    assert say(data, monkeypatch) == {
        "refused": expected, "value": caught.value.value, "accepted": caught.value.accepted
    }  # fmt: skip


def say(data: bytes, monkeypatch: pytest.MonkeyPatch) -> object:
    """What the child prints, run here without giving up this process's rights."""
    said = io.TextIOWrapper(io.BytesIO())
    with monkeypatch.context() as here:
        here.setattr(spreadsheet_child, "confine", lambda: None)
        here.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        here.setattr("sys.stdout", said)
        spreadsheet_child.main()
    return json.loads(said.buffer.getvalue())


def test_a_child_without_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(data: bytes) -> dict[str, object]:
        raise MemoryError

    monkeypatch.setattr(spreadsheet_child, "read_workbook", exhausted)
    answer = say(WHOLE, monkeypatch)
    assert isinstance(answer, dict)
    assert answer["refused"] == "bank.too_large"


def test_texts_beyond_the_budget_are_refused_by_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet_child, "MAX_TEXT", 20)
    with pytest.raises(spreadsheet_child.Refusal) as caught:
        spreadsheet_child.read_workbook(WHOLE)
    assert caught.value.rule == "bank.too_large"


def test_limits_are_set_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr("resource.setrlimit", limits.__setitem__)
    spreadsheet_child.confine()
    assert limits[resource.RLIMIT_AS] == (512 << 20, 512 << 20)
    assert limits[resource.RLIMIT_CPU] == (20, 20)
    assert limits[resource.RLIMIT_FSIZE] == limits[resource.RLIMIT_CORE] == (0, 0)


def test_the_child_reads_in_process_as_it_does_outside() -> None:
    answer = spreadsheet_child.read_workbook(workbook(TABLE))
    assert answer == {"encoding": "xlsx", "sheets": [{"name": "Sheet", "rows": [
        ["交易日期", "摘要", "借方发生额", "贷方发生额", "余额"],
        ["2026-08-01", "甲", "", "1", "90420.15"],
        ["2026-08-02", "乙", "420.15", "", "90000"],
    ]}]}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (20260801.0, "20260801"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (True, "TRUE"),
        (7, "7"),
        ("甲", "甲"),
        (datetime.date(2026, 8, 1), "2026-08-01"),
        (datetime.datetime(2026, 8, 1, 15, 24, 2, 999_999), "2026-08-01 15:24:03"),  # noqa: DTZ001
        (datetime.time(15, 24, 3), "15:24:03"),
        (datetime.timedelta(hours=25), "1 day, 1:00:00"),
    ],
)
def test_numbers_become_exact_text(value: object, text: str) -> None:
    assert spreadsheet_child.text_of(value) == text


def test_a_number_that_is_not_whole_fen_is_refused() -> None:
    table: Rows = [TABLE[0], ["2026-08-01", "甲", "", Fen(100), Fen(100)]]
    data = rezip(workbook(table), lambda name, body: body.replace(b"<v>1</v>", b"<v>1.0000000000000002</v>"))
    assert rule(data) == "bank.sub_fen"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a" * ((1 << 20) + 1), "bank.too_large"),
        (b"," * 1_000_000, "bank.too_large"),
        (b"\n" * 60_000 + b"x", "bank.too_large"),
        (b"a,b\x00c\n", "bank.unreadable"),
        ("日期,余额".encode("utf-16-le"), "bank.unreadable"),
        ("日期,余额".encode("utf-32"), "bank.unreadable"),
        (b"\xef\xbb\xbf\xff", "bank.unreadable"),
        (b"\xff\xfea", "bank.unreadable"),
        (b"\xff\xff\xff", "bank.unreadable"),
        ('日期,余额\n"20260801,1\n'.encode(), "bank.unreadable"),
        ('日期,余额\n"a"b,1\n'.encode(), "bank.unreadable"),
        ("日期,余额\n".encode() + b"a" * 200_000, "bank.unreadable"),
        (b"=cmd|' /C calc'!A0\n", "bank.no_header"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "bank.no_header"),
    ],
)
def test_hostile_text_is_refused(data: bytes, expected: str) -> None:
    assert rule(data) == expected


def test_an_unclosed_quote_cannot_swallow_rows_unseen() -> None:
    text = '日期,借方,贷方,余额,摘要\n20260801,,1,1,甲\n20260802,,1,2,"乙\n20260803,,1,3,丙\n'
    with pytest.raises(Malformed) as caught:
        read_bank_file(text.encode())
    assert (caught.value.rule, caught.value.context["row"]) == ("bank.unreadable", 3)


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused_in_our_words(data: bytes) -> None:
    with pytest.raises(MingzhangError) as caught:
        read_bank_file(data)
    assert caught.value.rule.startswith("bank.")


@given(
    st.lists(st.lists(st.sampled_from(["20260801", "1", "-", "", "合计", "甲", "1笔", "期初余额", "余额"]), max_size=7))
)
@settings(max_examples=300, deadline=None)
def test_any_rows_below_a_header_chain_or_are_refused(rows: list[list[str]]) -> None:
    text = "日期,摘要,借方,贷方,余额,对方户名,币种\n" + "\n".join(",".join(row) for row in rows)
    try:
        file = read_bank_file(text.encode())
    except MingzhangError as error:
        assert error.rule.startswith("bank.")
    else:
        balance = file.opening
        for row in file.rows:
            balance += row.amount
            assert balance == row.balance
        assert balance == file.closing


def test_the_limits_are_those_of_the_house() -> None:
    assert (spreadsheet_child.MEMORY, spreadsheet_child.SECONDS, spreadsheet.SECONDS) == (512 << 20, 20, 20)
    assert decode.MAX_BYTES == 1 << 20
