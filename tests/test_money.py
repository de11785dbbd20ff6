"""Money: reading, writing, capitals, rounding, sharing."""

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.money import MAX_FEN, check_fen, divide, format_capital, format_yuan, parse_yuan, share

amounts = st.integers(-MAX_FEN, MAX_FEN) | st.integers(-100_000, 100_000)


@given(amounts, st.booleans())
@example(0, True)
@example(MAX_FEN, True)
@example(-MAX_FEN, True)
@example(-1, False)
def test_what_is_written_is_read_again(fen: int, grouping: bool) -> None:
    text = format_yuan(fen, grouping)
    assert parse_yuan(text) == fen
    assert Decimal(text.replace(",", "")) * 100 == fen
    assert re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})*\.[0-9]{2}" if grouping else r"-?[0-9]+\.[0-9]{2}", text)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.56", 123456),
        ("1234.56", 123456),
        ("0", 0),
        ("-0.00", 0),
        ("0.05", 5),
        ("7.5", 750),
        ("+18000", 1800000),
        ("-18,000.00", -1800000),
        ("￥1,234.56", 123456),
        ("¥5", 500),
        ("-¥5", -500),
        ("¥-5", -500),
        ("￥－５．０５", -505),
        ("１２，３４５．６７", 1234567),
        ("  1.00 ", 100),
        ("　１　", 100),
        ("90,071,992,547,409.91", MAX_FEN),
    ],
)
def test_amounts_as_people_and_banks_write_them(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *((text, "money.decimals") for text in ("1.234", "0.001", "1.230", "1,000.000")),
        *((text, "money.range") for text in ("90,071,992,547,409.92", "-90071992547409.92", "9" * 30)),
        *(
            (text, "money.text")
            for text in (
                *(
                    "",
                    " ",
                    "-",
                    "¥",
                    ".",
                    ".5",
                    "5.",
                    "1..2",
                    "1.2.3",
                    "--1",
                    "+-1",
                    "-¥-1",
                    "¥¥1",
                    "1-",
                    "(1.00)",
                    "1e3",
                ),
                *("12,34", "1,23,456", "1234,567", ",123", "1,234,", "0,123", "012", "00", "1 234", "1.2 3", "1_000"),
                *("10²", "①", "½", "٣", "一百", "1元", "0x10", "NaN", "inf", "−1", "1\n", "\t1", "1\u200b", "9" * 41),
                *("1\n2", "1,234．5６7,8"),
            )
        ),
    ],
)
def test_other_texts_are_refused(text: str, rule: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_yuan(text)
    assert caught.value.rule == rule


@given(st.text("0123456789,.+-¥￥ ０５，．－ー", max_size=12))
def test_whatever_is_read_is_the_number_that_stands_there(text: str) -> None:
    try:
        fen = parse_yuan(text)
    except Malformed:
        return
    plain = text.translate(str.maketrans("０５，．－", "05,.-", "¥￥ ")).replace(",", "")
    assert Decimal(plain) * 100 == fen


def test_zero_has_no_sign_and_a_text_at_most_forty_characters() -> None:
    assert format_yuan(0) == "0.00"
    assert parse_yuan("1.00".rjust(40)) == 100
    with pytest.raises(Malformed) as caught:
        parse_yuan("1.00".rjust(41))
    assert caught.value.rule == "money.text"


def test_bounds_are_those_of_canonical_json() -> None:
    assert check_fen(MAX_FEN) == MAX_FEN == 2**53 - 1
    for fen in (MAX_FEN + 1, -MAX_FEN - 1):
        for refuse in (check_fen, format_yuan, format_capital):
            with pytest.raises(Malformed) as caught:
                refuse(fen)
            assert caught.value.rule == "money.range"


# --- capitals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        # The rules' own examples.
        ("1,680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107,000.53", "壹拾万柒仟元零伍角叁分"),
        ("16,409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("6,007.14", "陆仟零柒元壹角肆分"),
        ("1,409.50", "壹仟肆佰零玖元伍角整"),
        # Zeros at each place.
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.12", "壹角贰分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.01", "壹拾元零壹分"),
        ("11.10", "壹拾壹元壹角整"),
        ("10.10", "壹拾元零壹角整"),
        ("101", "壹佰零壹元整"),
        ("110", "壹佰壹拾元整"),
        ("1,001", "壹仟零壹元整"),
        ("1,010", "壹仟零壹拾元整"),
        ("10,000", "壹万元整"),
        ("10,001", "壹万零壹元整"),
        ("10,010", "壹万零壹拾元整"),
        ("10,100", "壹万零壹佰元整"),
        ("10,950", "壹万零玖佰伍拾元整"),
        ("11,000", "壹万壹仟元整"),
        ("100,000", "壹拾万元整"),
        ("100,050", "壹拾万零伍拾元整"),
        ("1,000,000", "壹佰万元整"),
        ("10,050,000", "壹仟零伍万元整"),
        ("100,000,000", "壹亿元整"),
        ("100,000,005", "壹亿零伍元整"),
        ("100,007,000", "壹亿零柒仟元整"),
        ("100,070,000", "壹亿零柒万元整"),
        ("109,500,000", "壹亿零玖佰伍拾万元整"),
        ("110,000,000", "壹亿壹仟万元整"),
        ("1,000,000,000,000", "壹万亿元整"),
        ("1,000,000,000,001.01", "壹万亿零壹元零壹分"),
        ("-18,000", "负壹万捌仟元整"),
        ("90,071,992,547,409.91", "玖拾万零柒佰壹拾玖亿玖仟贰佰伍拾肆万柒仟肆佰零玖元玖角壹分"),
    ],
)
def test_capitals(yuan: str, words: str) -> None:
    assert format_capital(parse_yuan(yuan)) == words


DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"分": 1, "角": 10, "拾": 10, "佰": 100, "仟": 1000, "万": 10**4, "亿": 10**8}


def read_capital(words: str) -> int:
    """Read capitals as a clerk does, knowing nothing of how they were written."""
    sign = -1 if words.startswith("负") else 1
    yuan, _, rest = words.removeprefix("负").removesuffix("整").rpartition("元")
    total = section = digit = 0
    for word in yuan:
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in "拾佰仟":
            section, digit = section + digit * UNITS[word], 0
        else:
            base = total + section + digit if word == "亿" else section + digit
            total = base * UNITS[word] + (0 if word == "亿" else total)
            section = digit = 0
    cents = 0
    for word in rest:
        digit, cents = (DIGITS[word], cents) if word in DIGITS else (0, cents + digit * UNITS[word])
    # `digit` of the yuan part is its last single figure.
    last = DIGITS[yuan[-1]] if yuan and yuan[-1] in DIGITS else 0
    return sign * ((total + section + last) * 100 + cents)


@given(amounts | st.integers(0, 10**6).map(lambda n: n * 10**5) | st.integers(0, 99).map(lambda n: n * 10**9 + n))
def test_capitals_say_the_amount_and_never_two_zeros(fen: int) -> None:
    words = format_capital(fen)
    assert read_capital(words) == fen
    assert "零零" not in words
    assert not re.search("零[万亿]|[^负]零元|元$|角$", words)
    assert words.endswith("整") == (fen % 10 == 0)


def test_capitals_tell_all_amounts_below_a_thousand_yuan_apart() -> None:
    assert len({format_capital(fen) for fen in range(100_000)}) == 100_000


# --- division and shares ----------------------------------------------------------------------------------------------


@given(st.integers(-(10**20), 10**20), st.integers(-(10**6), 10**6).filter(bool))
@example(5, 2)
@example(-5, 2)
@example(5, -2)
@example(0, -7)
def test_division_rounds_half_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    result = divide(numerator, denominator)
    assert abs(result - exact) <= Fraction(1, 2)
    if abs(result - exact) == Fraction(1, 2):
        assert abs(result) > abs(exact)
    assert divide(-numerator, denominator) == -result


def test_division_agrees_with_decimal_on_every_half() -> None:
    for number in range(-50, 51):
        assert divide(number, 10) == int((Decimal(number) / 10).quantize(Decimal(1), ROUND_HALF_UP))


def test_division_by_zero_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        divide(1, 0)
    assert caught.value.rule == "money.divisor"


weights = st.dictionaries(st.text("abc12-", min_size=1, max_size=4), st.integers(0, 10**6), min_size=1, max_size=20)


@given(st.integers(-(10**12), 10**12), weights.filter(lambda items: sum(items.values()) > 0))
def test_shares_add_up_and_nobody_is_a_whole_fen_off(total: int, items: dict[str, int]) -> None:
    shares = share(total, list(items.items()))
    assert list(shares) == list(items)
    assert sum(shares.values()) == total
    whole = sum(items.values())
    for key, weight in items.items():
        assert abs(shares[key] - Fraction(total * weight, whole)) < 1
        if not weight:
            assert shares[key] == 0
    assert share(total, sorted(items.items(), reverse=True)) == shares
    assert share(-total, list(items.items())) == {key: -fen for key, fen in shares.items()}


@given(st.integers(0, 10**9), weights.filter(lambda items: sum(items.values()) > 0))
def test_no_smaller_remainder_is_served_before_a_larger(total: int, items: dict[str, int]) -> None:
    whole = sum(items.values())
    shares = share(total, list(items.items()))
    raised = {key for key, weight in items.items() if shares[key] > total * weight // whole}
    order = sorted(items, key=lambda key: (-(total * items[key] % whole), key))
    assert set(order[: len(raised)]) == raised


def test_a_hundred_yuan_on_three() -> None:
    assert share(10000, [("b", 1), ("c", 1), ("a", 1)]) == {"a": 3334, "b": 3333, "c": 3333}
    assert share(20000, [("a", 1), ("b", 1), ("c", 1)]) == {"a": 6667, "b": 6667, "c": 6666}
    assert share(1, [("10", 1), ("9", 1)]) == {"10": 1, "9": 0}
    assert share(0, [("a", 3)]) == {"a": 0}


@pytest.mark.parametrize(
    ("total", "items", "rule"),
    [
        (1, [], "money.share_weights"),
        (1, [("a", 0)], "money.share_weights"),
        (1, [("a", -1), ("b", 2)], "money.share_weights"),
        (1, [("a", 1), ("a", 1)], "money.share_keys"),
        (2**53, [("a", 1)], "money.range"),
    ],
)
def test_shares_that_make_no_sense_are_refused(total: int, items: list[tuple[str, int]], rule: str) -> None:
    with pytest.raises(Malformed) as caught:
        share(total, items)
    assert caught.value.rule == rule
