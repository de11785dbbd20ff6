"""Every mistake in a file: its rule, its row, and all of them at once."""

import pytest

from ledger.errors import Malformed, MingzhangError, Refused
from ledger.exchange.bank import read_bank_file
from ledger.exchange.bank.cells import clock, moment, money, same_account

HEAD = "交易日期,币种,账号,借方发生额,贷方发生额,余额,摘要\n"
GOOD = "2026-08-01,人民币,62220001,,100.00,100.00,甲\n"


def every(error: MingzhangError) -> list[MingzhangError]:
    others = error.context["problems"]
    assert isinstance(others, tuple)
    return [error, *others]


def refusal(text: str, **options: str) -> MingzhangError:
    with pytest.raises(MingzhangError) as caught:
        read_bank_file(text.encode(), **options)
    return caught.value


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ("2026-08-02,人民币,62220001,,1o0.00,200.00,", "bank.not_money", "in"),
        ("2026-08-02,人民币,62220001,,\"1,00.00\",200.00,", "bank.not_money", "in"),
        ("2026-08-02,人民币,62220001,,100.00,,", "bank.not_money", "balance"),
        ("2026-08-02,人民币,62220001,,-,100.00,", "bank.not_money", "out"),
        ("2026-08-02,人民币,62220001,,100.005,200.00,", "bank.sub_fen", "in"),
        ("2026-08-02,人民币,62220001,,100.000,200.00,", "bank.sub_fen", "in"),
        ("2026-08-02,人民币,62220001,100.00,100.00,100.00,", "bank.both_sides", "out"),
        ("2026-13-02,人民币,62220001,,100.00,200.00,", "bank.not_date", "date"),
        (",人民币,62220001,,100.00,200.00,", "bank.not_date", "date"),
        ("八月二日,人民币,62220001,,,200.00,", "bank.not_date", "date"),
        ("2026-08-02,美元,62220001,,100.00,200.00,", "bank.foreign_currency", "currency"),
        ("2026-08-02,人民币,62220002,,100.00,200.00,", "bank.wrong_account", "account"),
        ("2026-08-02,人民币,62220001,,90071992547409.93,200.00,", "bank.not_money", "in"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_by_row_and_column(row: str, rule: str, column: str) -> None:
    error = refusal(HEAD + GOOD + row + "\n")
    assert (error.rule, error.context["row"], error.context["column"]) == (rule, 3, column)


def test_all_mistakes_are_told_at_once() -> None:
    error = refusal(HEAD + GOOD + "2026-08-02,,,x,,1.00,\n" + GOOD + "2026-08-03,美元,1,y,,0.001,\n", name="八月.csv")
    assert [(each.rule, each.context["row"]) for each in every(error)] == [
        ("bank.not_money", 3),
        ("bank.sub_fen", 5),
        ("bank.not_money", 5),
        ("bank.foreign_currency", 5),
        ("bank.wrong_account", 5),
    ]
    assert (error.context["count"], error.context["file"]) == (5, "八月.csv")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "bank.empty"),
        (" \r\n\t", "bank.empty"),
        ("a,b,c\n1,2,3\n", "bank.no_header"),
        ("交易日期,摘要,借方发生额,余额\n", "bank.no_header"),
        (HEAD, "bank.empty"),
        ("交易日期,借方,贷方,余额,余额\n", "bank.ambiguous_header"),
        (HEAD + GOOD + HEAD + GOOD, "bank.several_tables"),
        (HEAD + GOOD + "合计,,,,100.00,\n" + GOOD, "bank.several_tables"),
        (HEAD + GOOD + "合计,,,,100.00,\n合计,,,,100.00,\n", "bank.several_tables"),
        (HEAD + "期初余额,,,,,0.00,\n" + GOOD + "期初余额,,,,,1.00,\n", "bank.several_tables"),
        ("期初余额：一百\n" + HEAD + GOOD, "bank.not_money"),
        ("币种：USD\n" + HEAD + GOOD, "bank.foreign_currency"),
        ("账号：4420\n" + HEAD + GOOD, "bank.wrong_account"),
    ],
)
def test_a_file_that_is_not_one_table_of_ours_is_refused(text: str, rule: str) -> None:
    assert refusal(text).rule == rule


def test_a_mark_must_say_which_way() -> None:
    head = "日期,借贷,金额,余额\n"
    error = refusal(head + "20260801,贷,1.00,1.00\n20260802,?,1.00,2.00\n")
    assert (type(error), error.rule, error.context["row"]) == (Malformed, "bank.no_direction", 3)
    assert refusal(head + "20260801,贷,,1.00\n").rule == "bank.not_money"


def test_the_account_asked_for_must_be_the_one_printed() -> None:
    data = ("账号：4420****8816\n" + GOOD.join(["交易日期,币种,x,借,贷,余额,摘要\n", ""])).encode()
    assert read_bank_file(data, account="4420 1234 5678 8816").account == "4420****8816"
    assert read_bank_file(data).account == "4420****8816"
    error = refusal(data.decode(), account="44201234567889")
    assert (type(error), error.rule) == (Refused, "bank.wrong_account")


def test_a_layout_may_be_asked_for() -> None:
    text = HEAD + GOOD
    assert read_bank_file(text.encode(), layout="debit-credit").layout == "debit-credit"
    assert refusal(text, layout="icbc").rule == "bank.no_header"
    assert refusal(text, layout="hsbc").rule == "bank.unknown_layout"


def test_a_header_of_two_rows_is_one_header() -> None:
    text = (
        "户名,江岸花园\n账号,4420\n日期,摘要,发生额,,余额\n,,借方,贷方,\n20260801,甲,,1.00,1.00\n20260802,乙,0.4,,0.6\n"
    )
    file = read_bank_file(text.encode())
    assert [(row.row, row.amount) for row in file.rows] == [(5, 100), (6, -40)]
    assert file.account == "4420"


def test_furniture_among_the_rows_is_passed_over() -> None:
    text = (
        "对账单\n\n" + HEAD + GOOD + "\n本页合计,,,,100.00,100.00,\n第1页 共2页\n承前页,,,,,100.00,\n"
        "2026-08-02,CNY,62220001,30,,70,乙\n打印时间：2026-08-03 10:00:00\n"
    )
    assert [(row.row, row.amount) for row in read_bank_file(text.encode()).rows] == [(4, 10_000), (9, -3_000)]


def test_a_label_in_running_text_says_nothing() -> None:
    text = "请核对 期末余额,1.00\n" + HEAD + GOOD + "如有疑问请核对 期末余额\n"
    assert read_bank_file(text.encode()).closing == 10_000


def test_an_opening_balance_beside_its_label_below_the_header_counts() -> None:
    file = read_bank_file((HEAD + "期初余额：,0.00\n" + GOOD.replace("人民币", "-")).encode())
    assert (file.opening, file.opening_printed, file.proof) == (0, True, "chain")


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    text = '"标题\n第二行"\r\n\r\n' + HEAD + GOOD.replace("甲", '"甲\n乙"')
    (row,) = read_bank_file(text.encode()).rows
    assert (row.row, row.narration) == (4, "甲 乙")


def test_what_a_payer_writes_cannot_turn_the_screen_round() -> None:
    (row,) = read_bank_file((HEAD + GOOD.replace("甲", "\u202e租\u200b金\u2066")).encode()).rows
    assert row.narration == "租金"


def test_the_period_that_a_file_covers_is_told_where_its_rows_keep_to_it() -> None:
    covers = read_bank_file(("起止日期：2026年7月1日 至 2026年8月31日\n" + HEAD + GOOD).encode()).covers
    assert covers is not None
    assert [day.isoformat() for day in covers] == ["2026-07-01", "2026-08-31"]
    for said in ("20260701-20260731", "20260831-20260701", "20261301-20261401", "八月"):
        assert read_bank_file(f"起止日期,{said}\n{HEAD}{GOOD}".encode()).covers is None


def test_a_time_of_another_day_is_left_out() -> None:
    head = "交易时间,借方发生额/元(支取),贷方发生额/元(收入),余额,记账日期\n"
    rows = (
        "20260731 23:59:58,0,1.00,1.00,20260801\n2026-08-01-10.00.00.123456,0,1.00,2.00,20260801\n半夜,0,1,3,20260801\n"
    )
    assert [row.time for row in read_bank_file((head + rows).encode()).rows] == [None, "10:00:00", None]


@pytest.mark.parametrize(
    ("text", "fen"),
    [("0", 0), ("-0.00", 0), ("１，２３４．５", 123_450), ("\u22125.05", -505), ("CNY 7", 700), ("1.20元", 120)],
)
def test_money_in_the_forms_of_banks(text: str, fen: int) -> None:
    assert money(text) == fen


@pytest.mark.parametrize("text", ["1.", ".5", "1e3", "1,2345", "0x10", "٣", "(1.00)", "1-", "--1", "100%", "½", "Ⅻ"])
def test_what_is_not_money_is_not_read_as_money(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        money(text)
    assert caught.value.rule == "bank.not_money"


@pytest.mark.parametrize(
    "text", ["2026-8-32", "2026/08-01", "26-08-01", "2026-08-01x", "20260801 25:00:00", "202608011"]
)
def test_what_is_not_a_date_is_not_read_as_one(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        moment(text)
    assert caught.value.rule == "bank.not_date"


@pytest.mark.parametrize("text", ["10:60", "10:00:60", "1000", "24:00:00"])
def test_what_is_not_a_time_is_not_read_as_one(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        clock(text)
    assert caught.value.rule == "bank.not_date"


def test_stamps_of_digits_are_dates_with_times() -> None:
    assert moment("20260801152403") == moment("20260801152403123456") == moment("2026-08-01T15:24:03")


def test_masks_match_what_they_hide() -> None:
    assert same_account("4420****8816", "4420*8816")
    assert not same_account("4420****8816", "4421****8816")
    assert not same_account("4420", "44200")
