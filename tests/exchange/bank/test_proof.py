"""What the running balance proves: whatever is changed in a file is found and named, or makes no difference."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Malformed, MingzhangError, Refused
from ledger.exchange.bank import read_bank_file
from ledger.exchange.bank.rows import BankFile
from tests.exchange.bank.writers import Fen, Movement, Rows, balances, comma, plain, raw, unsigned

DAY = datetime.date(2026, 8, 1)


def story(*amounts: int, days: int = 1) -> list[Movement]:
    return [
        Movement(DAY + datetime.timedelta(days=n * days), "", amount, "甲", "", "款")
        for n, amount in enumerate(amounts)
    ]


def table(opening: int, movements: list[Movement], printed: bool = True) -> Rows:
    rows = list(zip(movements, balances(opening, movements), strict=True))
    return plain(opening if printed else None, rows)


def read(rows: Rows) -> BankFile:
    return read_bank_file(comma(rows))


def amounts(file: BankFile) -> list[int]:
    return [row.amount for row in file.rows]


def every(error: MingzhangError) -> list[MingzhangError]:
    others = error.context["problems"]
    assert isinstance(others, tuple)
    return [error, *others]


def refusal(rows: Rows) -> MingzhangError:
    with pytest.raises(MingzhangError) as caught:
        read(rows)
    return caught.value


STORY = story(400_000, -270_000, 300_000, -50_000, 12_345)


def test_a_removed_row_is_found_where_it_is_missing() -> None:
    rows = table(0, STORY)
    del rows[4]  # 300,000 came in
    error = refusal(rows)
    assert (error.rule, error.context["row"]) == ("bank.balance_breaks", 5)
    assert (error.context["expected"], error.context["got"]) == (80_000, 380_000)


def test_the_first_row_removed_is_found_by_the_opening_balance_only() -> None:
    rows = table(0, STORY)
    del rows[2]
    assert refusal(rows).rule == "bank.balance_breaks"
    del rows[0]
    assert read(rows).opening == 400_000


def test_an_altered_balance_breaks_before_and_after_it() -> None:
    rows = table(0, STORY)
    rows[3][6] = Fen(130_001)
    error = refusal(rows)
    assert [each.context["row"] for each in every(error)] == [4, 5]
    assert error.context["count"] == 2


def test_swapped_amounts_are_found() -> None:
    rows = table(0, story(100, 200, 300))
    rows[2][5], rows[3][5] = rows[3][5], rows[2][5]
    assert refusal(rows).rule == "bank.balance_breaks"


@given(place=st.integers(0, 4), column=st.integers(4, 6), by=st.integers(-10_000, 10_000).filter(bool))
def test_any_altered_figure_is_refused(place: int, column: int, by: int) -> None:
    rows = table(1_000_000, STORY)
    cell = rows[place + 2][column]
    rows[place + 2][column] = Fen(cell.fen + by) if isinstance(cell, Fen) else Fen(by)
    assert refusal(rows).rule in {"bank.balance_breaks", "bank.both_sides"}


@given(
    numbers=st.lists(st.integers(-500, 500).filter(bool), min_size=2, max_size=7),
    gone=st.integers(0, 5),
    printed=st.booleans(),
)
@settings(max_examples=300)
def test_a_row_cut_out_of_the_middle_is_refused(numbers: list[int], gone: int, printed: bool) -> None:
    movements = story(*numbers)
    rows = table(0, movements, printed)
    gone = gone % len(numbers)
    if gone in ({len(numbers) - 1} if printed else {0, len(numbers) - 1}):
        return  # the ends are the join's and the second person's to find
    del rows[gone + (2 if printed else 1)]
    error = refusal(rows)
    assert error.rule == "bank.balance_breaks" or (len(rows) < 4 and error.rule == "bank.ambiguous_order")


def test_debit_and_credit_of_our_own_books_are_turned_round_by_the_balance() -> None:
    rows = table(0, STORY)
    rows[1][4], rows[1][5] = rows[1][5], rows[1][4]
    file = read(rows)
    assert (amounts(file), file.proof) == ([m.amount for m in STORY], "chain")


def test_columns_that_name_in_and_out_are_not_turned_round() -> None:
    rows = table(0, STORY)
    rows[1][4], rows[1][5] = "收入", "支出"
    assert refusal(rows).rule == "bank.balance_breaks"


def test_a_reading_against_the_calendar_is_not_taken() -> None:
    # Read from the last day to the first, 100 out on each day would fit too.
    rows = table(0, story(100, 100, 100), printed=False)
    rows[0][4], rows[0][5] = "收入", "支出"
    assert refusal(rows).rule == "bank.balance_breaks"


def test_an_order_that_nothing_settles_is_refused() -> None:
    rows = table(0, story(100, -100, days=0), printed=False)
    assert refusal(rows).rule == "bank.ambiguous_order"
    assert amounts(read(table(0, story(100, -100, days=0)))) == [100, -100]
    assert amounts(read(table(0, story(100, -100, days=1), printed=False))) == [100, -100]


def test_a_printed_closing_balance_settles_the_order() -> None:
    rows = table(0, story(100, -100, days=0), printed=False)
    assert amounts(read([*rows, ["期末余额：", Fen(100)]])) == [-100, 100]
    assert amounts(read([*rows, ["合计", "", "", "", Fen(100), Fen(100), Fen(0)]])) == [100, -100]


def test_a_single_row_is_proven_by_an_opening_balance_and_else_only_claims() -> None:
    proven, claimed = read(table(500, story(100))), read(table(500, story(100), printed=False))
    assert (amounts(proven), proven.proof, proven.opening) == ([100], "chain", 500)
    assert (amounts(claimed), claimed.proof, claimed.opening) == ([100], "claimed", 500)


def test_equal_amounts_on_one_day_only_claim_their_sign() -> None:
    file = read(table(0, story(100, 100, days=0), printed=False))
    assert (amounts(file), file.proof) == ([100, 100], "claimed")


def test_unsigned_amounts_take_their_sign_from_the_balance() -> None:
    rows = list(zip(STORY, balances(7, STORY), strict=True))
    file = read(unsigned(7, rows))
    assert (amounts(file), file.proof) == ([m.amount for m in STORY], "chain")
    assert refusal(unsigned(None, rows)).rule == "bank.ambiguous_sign"
    assert refusal(unsigned(None, rows[:1])).rule == "bank.ambiguous_sign"


def test_genuine_twins_stay_two() -> None:
    file = read(table(0, story(100, -100, 100, -100, days=0)))
    assert [row.ordinal for row in file.rows] == [0, 0, 1, 1]
    assert len({row.key for row in file.rows}) == 4


def test_a_row_that_moves_nothing_is_named_and_left_out() -> None:
    rows = table(0, STORY)
    rows.insert(4, ["2026-08-02", "结息", "", "", "0.00", "0", Fen(130_000)])
    file = read(rows)
    assert (file.without_movement, amounts(file)) == ((5,), [m.amount for m in STORY])
    rows[4][6] = Fen(130_001)
    assert refusal(rows).rule == "bank.balance_breaks"


def test_a_red_figure_is_a_reversal() -> None:
    rows = table(0, story(100, -50))
    rows.append(["2026-08-03", "冲正", "", "", Fen(-50), "", Fen(100)])
    assert amounts(read(rows)) == [100, -50, 50]
    assert amounts(read([*rows, ["合计", "", "3笔", "", Fen(0), Fen(100), Fen(100)]])) == [100, -50, 50]


def test_a_file_without_rows_is_fine_if_it_says_the_balance() -> None:
    file = read(table(8_642_015, []))
    assert (file.opening, file.closing, file.rows, file.last) == (8_642_015, 8_642_015, (), None)
    error = refusal(table(0, [], printed=False))
    assert (type(error), error.rule) == (Malformed, "bank.empty")
    assert refusal([*table(8_642_015, []), ["期末余额", Fen(1)]]).rule == "bank.footer_disagrees"


@pytest.mark.parametrize(
    ("column", "cell"), [(2, "6笔"), (5, Fen(320_001)), (6, Fen(712_344)), (7, Fen(392_344)), (2, "共4条记录")]
)
def test_a_total_that_the_rows_do_not_give_is_refused(column: int, cell: str | Fen) -> None:
    rows = raw(0, list(zip(STORY, balances(0, STORY), strict=True)))
    rows[-1].append(Fen(392_345))
    assert read(rows).closing == 392_345
    rows[-1][column] = cell
    error = refusal(rows)
    assert (type(error), error.rule, error.context["row"]) == (Refused, "bank.footer_disagrees", len(rows))


@pytest.mark.parametrize(
    ("label", "good", "bad"),
    [
        ("借方合计：", "3,200.00", "3,200.01"),
        ("贷方发生额合计(元):", "7,123.45", "0.00"),
        ("期末余额", "3,923.45", "3,923.46"),
        ("借方笔数:", "2笔", "3笔"),
        ("贷方总笔数:", "3", "2"),
        ("总笔数", "5", "4"),
    ],
)
def test_totals_beside_their_labels_are_checked_above_and_below(label: str, good: str, bad: str) -> None:
    for place in (0, 99):
        for said, fine in ((good, True), (bad, False)):
            rows = table(0, STORY)
            rows.insert(place, [label, said])
            if fine:
                assert read(rows).closing == 392_345
            else:
                assert refusal(rows).rule == "bank.footer_disagrees"


def test_cutting_out_what_sums_to_nothing_is_found_by_the_totals() -> None:
    movements = story(1000, 500, -500, 200)
    rows = raw(0, list(zip(movements, balances(0, movements), strict=True)))
    del rows[6:8]
    error = refusal(rows)
    assert error.rule == "bank.footer_disagrees"
    assert [each.context["column"] for each in every(error)] == ["out", "in", "count"]
