"""One list of movements, written in any layout, encoding and order, reads back as the same rows."""

import datetime
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Refused
from ledger.exchange.bank import BankFile, read_bank_file
from ledger.exchange.bank.layouts import LAYOUTS as READERS
from tests.exchange.bank.writers import ENCODINGS, LAYOUTS, Movement, balances, comma, workbook

# What somebody who pays in could write to look like part of the table.
TRAPS = ["合计", "小计", "期初余额", "余额", "账号：1", "币种：美元", "借方发生额", "，\"'", "100.00", "20260801"]
NAMES = st.sampled_from(TRAPS) | st.text("江岸花园水电费甲乙丙（）·abc１2", min_size=1, max_size=8)
TIMED = {"ccb", "ccb-old", "icbc", "abc", "boc", "in-out"}
SERIAL = {"ccb", "boc"}


@st.composite
def stories(draw: st.DrawFn, least: int = 0) -> tuple[int, list[Movement]]:
    """An opening balance and movements with days and times that never go back."""
    size = draw(st.integers(least, 8))
    start = datetime.date(2026, 1, 1)
    days = sorted(draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)))
    clocks = sorted(draw(st.lists(st.integers(0, 86_399), min_size=size, max_size=size)))
    movements = []
    for n, (day, clock) in enumerate(zip(days, clocks, strict=True)):
        amount = draw(st.sampled_from([1, 100, 300_000]) | st.integers(1, 10**11)) * draw(st.sampled_from([1, -1]))
        time = f"{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"
        on = start + datetime.timedelta(days=day)
        number = draw(st.sampled_from(["4000****1039", "", "6217003810009999999"]))
        movements.append(Movement(on, time, amount, draw(NAMES), number, draw(NAMES), f"13835-{n}"))
    return draw(st.integers(-(10**10), 10**11)), movements


def ordered(rows: list[tuple[Movement, int]], order: str) -> list[tuple[Movement, int]]:
    if order == "up":
        return rows[::-1]
    if order == "days down":
        return sorted(rows, key=lambda row: row[0].on, reverse=True)
    return rows


def agrees(file: BankFile, layout: str, opening: int, movements: list[Movement]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    assert len(file.rows) == len(movements)
    assert (file.opening, file.closing) == (opening, opening + sum(m.amount for m in movements))
    for row, m, balance in zip(file.rows, movements, balances(opening, movements), strict=True):
        alike = (m.on, m.amount, balance)
        assert (row.on, row.amount, row.balance, row.ordinal) == (*alike, seen.get(alike, 0))
        seen[alike] = seen.get(alike, 0) + 1
    timed, serial = layout in TIMED, layout in SERIAL
    # Which of two twins wrote which narration nothing can tell if the rows read the same backwards: hence as a bag.
    assert Counter(
        (row.on, row.amount, row.balance, row.counterparty, row.counter_account, row.narration, row.time, row.serial)
        for row in file.rows
    ) == Counter(
        (m.on, m.amount, balance, m.name, m.number, m.narration, m.time * timed or None, m.serial * serial)
        for m, balance in zip(movements, balances(opening, movements), strict=True)
    )
    assert (file.first, file.last) == ((movements[0].on, movements[-1].on) if movements else (None, None))


@given(
    story=stories(),
    layout=st.sampled_from(sorted(LAYOUTS)),
    encoding=st.sampled_from(sorted(ENCODINGS)),
    order=st.sampled_from(["down", "up", "days down"]),
)
@settings(max_examples=400, deadline=None)
def test_a_file_with_its_opening_balance_reads_back_whole(
    story: tuple[int, list[Movement]], layout: str, encoding: str, order: str
) -> None:
    opening, movements = story
    expected, write = LAYOUTS[layout]
    rows = list(zip(movements, balances(opening, movements), strict=True))
    data = ENCODINGS[encoding](write(opening, ordered(rows, order)))
    try:
        file = read_bank_file(data)
    except Refused as refusal:
        # Amounts without signs can fit backwards too: 1, 1, 1 over -1, 0, 1 from 0.
        assert (layout, refusal.rule) == ("unsigned", "bank.ambiguous_order")
        assert len({m.on for m in movements}) < len(movements)
        return
    assert (file.layout, file.proof, file.opening_printed, file.currency) == (expected, "chain", True, "CNY")
    agrees(file, layout, opening, movements)


@given(
    story=stories(least=1),
    layout=st.sampled_from(sorted(set(LAYOUTS) - {"unsigned"})),
    order=st.sampled_from(["down", "up", "days down"]),
)
@settings(max_examples=400, deadline=None)
def test_a_file_without_opening_balance_reads_back_whole_or_is_refused_as_ambiguous(
    story: tuple[int, list[Movement]], layout: str, order: str
) -> None:
    opening, movements = story
    _, write = LAYOUTS[layout]
    rows = ordered(list(zip(movements, balances(opening, movements), strict=True)), order)
    try:
        file = read_bank_file(comma(write(None, rows)))
    except Refused as refusal:
        assert refusal.rule == "bank.ambiguous_order"
        # Only possible if the rows do not tell their order: no times, and the days do not settle it either.
        assert layout not in TIMED or len({m.time for m in movements}) < len(movements)
        assert len({m.on for m in movements}) < len(movements)
    else:
        agrees(file, layout, opening, movements)
        assert len(movements) > 1 or file.proof == "claimed"
        assert not file.opening_printed


@given(story=stories(), layout=st.sampled_from(sorted(LAYOUTS)), order=st.sampled_from(["down", "up"]))
@settings(max_examples=12, deadline=None)
def test_a_workbook_reads_back_whole(story: tuple[int, list[Movement]], layout: str, order: str) -> None:
    opening, movements = story
    expected, write = LAYOUTS[layout]
    rows = list(zip(movements, balances(opening, movements), strict=True))
    file = read_bank_file(workbook(write(opening, ordered(rows, order))))
    assert (file.layout, file.encoding, file.proof) == (expected, "xlsx", "chain")
    agrees(file, layout, opening, movements)


def test_every_layout_of_the_reader_has_a_writer() -> None:
    assert {expected for expected, _ in LAYOUTS.values()} == {layout.name for layout in READERS}


DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "jiangan"


@pytest.mark.skipif(not DATA.is_dir(), reason="the example's data stand beside the repository only where it is made")
@pytest.mark.parametrize(
    ("half", "count", "opening", "closing"),
    [("2018H2", 11, 86_420_15, 155_965_21), ("2019H1", 112, 155_965_21, 282_330_17)],
)
def test_the_files_of_the_example_say_the_same_in_every_form(half: str, count: int, opening: int, closing: int) -> None:
    files = {
        form: read_bank_file((DATA / f"bank_{half}.{form}").read_bytes())
        for form in ("csv", "gb18030.csv", "raw.gb18030.csv", "xlsx")
    }
    for file in files.values():
        assert (len(file.rows), file.opening, file.closing, file.proof) == (count, opening, closing, "chain")
    said = {
        form: [(row.key, row.counterparty, row.counter_account, row.narration) for row in file.rows]
        for form, file in files.items()
    }
    assert all(rows == said["csv"] for rows in said.values())
    assert [row.row for row in files["csv"].rows] == list(range(2, count + 2))
    assert [row.row for row in files["raw.gb18030.csv"].rows] == list(range(6, count + 6))
    whole = files["raw.gb18030.csv"]
    assert (whole.account, whole.opening_printed) == ("4420****8816", True)
    assert whole.covers is not None
    assert whole.covers[1] == (datetime.date(2018, 12, 31) if half == "2018H2" else datetime.date(2019, 6, 30))
    assert (files["xlsx"].encoding, files["gb18030.csv"].encoding, files["csv"].encoding) == (
        "xlsx",
        "gb18030",
        "utf-8",
    )
