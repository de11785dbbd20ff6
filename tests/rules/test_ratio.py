"""Ratios, shares and terms: the cases of the law, the laws of arithmetic, and what must not be read."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, Refused
from ledger.rules import Days, Ratio, Share

PARTICIPATION, ORDINARY, SPECIAL = (Ratio.parse(text) for text in (">=2/3", ">1/2", ">=3/4"))
FOLLOWED = Ratio.parse("<=1/3")

numbers = st.integers(0, 999_999_999)
ratios = st.builds(Ratio, st.sampled_from([">=", ">", "<=", "<"]), numbers, st.integers(1, 999_999_999))
amounts = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("test", "part", "whole", "passes"),
    [
        # Civil Code 278 with 1259: 以上 includes the number, 过半数 does not
        (PARTICIPATION, 340, 510, True),
        (PARTICIPATION, 339, 510, False),
        (ORDINARY, 170, 340, False),
        (ORDINARY, 171, 340, True),
        (SPECIAL, 255, 340, True),
        (SPECIAL, 254, 340, False),
        # 472 returned of 1,083; with the clause and 687 proven deliveries; with all delivered
        (PARTICIPATION, 472, 1083, False),
        (PARTICIPATION, 687, 1083, False),
        (PARTICIPATION, 1083, 1083, True),
        (PARTICIPATION, 1672, 2219, True),
        # 25 heads, 3,011.25 m², in 0.01 m²
        (PARTICIPATION, 17, 25, True),
        (PARTICIPATION, 16, 25, False),
        (PARTICIPATION, 200_750, 301_125, True),
        (PARTICIPATION, 200_749, 301_125, False),
        (ORDINARY, 9, 17, True),
        (ORDINARY, 8, 17, False),
        (SPECIAL, 13, 17, True),
        (SPECIAL, 12, 17, False),
        (ORDINARY, 100_376, 200_750, True),
        (ORDINARY, 100_375, 200_750, False),
        (SPECIAL, 150_563, 200_750, True),
        (SPECIAL, 150_562, 200_750, False),
        # 280 heads, 24,838.57 m²
        (PARTICIPATION, 187, 280, True),
        (PARTICIPATION, 186, 280, False),
        (PARTICIPATION, 1_655_905, 2_483_857, True),
        (PARTICIPATION, 1_655_904, 2_483_857, False),
        (ORDINARY, 94, 187, True),
        (SPECIAL, 141, 187, True),
        (SPECIAL, 140, 187, False),
        # the developer with 120 flats as one head, 80 owners; the 80 vote
        (PARTICIPATION, 80, 81, True),
        (PARTICIPATION, 80 * 100_00, 200 * 100_00, False),
        # a dissent vote passes when at most a third object
        (FOLLOWED, 170, 510, True),
        (FOLLOWED, 171, 510, False),
        # nothing of nothing
        (PARTICIPATION, 0, 0, False),
        (FOLLOWED, 0, 0, False),
    ],
)
def test_cases_of_the_law(test: Ratio, part: int, whole: int, passes: bool) -> None:
    assert test.holds(part, whole) is passes


@pytest.mark.parametrize(
    ("test", "whole", "least"),
    [(PARTICIPATION, 25, 17), (PARTICIPATION, 280, 187), (PARTICIPATION, 2_483_857, 1_655_905), (ORDINARY, 187, 94)],
)
def test_least_part_that_passes(test: Ratio, whole: int, least: int) -> None:
    assert test.least(whole) == least


def test_an_overdrawn_part_is_below_every_positive_share() -> None:
    assert Ratio.parse("<30/100").holds(-1, 100)
    assert not PARTICIPATION.holds(-100, 100)


@given(ratios, amounts, st.integers(1, 10**15))
def test_a_ratio_tests_as_the_fraction_does(test: Ratio, part: int, whole: int) -> None:
    left, right = Fraction(part, whole), Fraction(test.num, test.den)
    expected = {">=": left >= right, ">": left > right, "<=": left <= right, "<": left < right}[test.op]
    assert test.holds(part, whole) is expected


@given(ratios, st.integers(1, 10**15))
def test_the_least_part_passes_and_one_less_does_not(test: Ratio, whole: int) -> None:
    least = test.least(whole)
    if test.op in (">=", ">"):
        assert least is not None
        assert test.holds(least, whole)
        assert not test.holds(least - 1, whole)
    else:
        assert least is None


@given(ratios)
def test_a_ratio_is_written_as_it_is_read(test: Ratio) -> None:
    assert Ratio.parse(str(test)) == test


def test_a_negative_whole_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        ORDINARY.holds(1, -1)
    assert caught.value.rule == "ratio.whole"


@given(st.builds(Share, numbers, st.integers(1, 999_999_999)), amounts)
def test_a_share_is_rounded_half_away_from_zero(share: Share, amount: int) -> None:
    exact = abs(Fraction(amount * share.num, share.den))
    rounded = int(exact + Fraction(1, 2))
    assert share.of(amount) == (rounded if amount >= 0 else -rounded)
    assert Share.parse(str(share)) == share


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (">=2/0", "ratio.denominator"),
        ("=2/3", "ratio.text"),
        ("2/3", "ratio.text"),
        (">= 2/3", "ratio.text"),
        (">=2/3 ", "ratio.text"),
        (">=2/3\n", "ratio.text"),
        (">=02/3", "ratio.text"),
        (">=-2/3", "ratio.text"),
        (">=2/3/4", "ratio.text"),
        (">=0.66", "ratio.text"),
        (">=２/３", "ratio.text"),
        (">=1/1000000000", "ratio.text"),
        ("", "ratio.text"),
    ],
)
def test_what_is_no_ratio(text: str, rule: str) -> None:
    with pytest.raises(Malformed) as caught:
        Ratio.parse(text)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("text", "rule"), [("5/0", "ratio.denominator"), ("5%", "ratio.text"), (">=5/100", "ratio.text")]
)
def test_what_is_no_share(text: str, rule: str) -> None:
    with pytest.raises(Malformed) as caught:
        Share.parse(text)
    assert caught.value.rule == rule


def test_the_constructors_check_too() -> None:
    with pytest.raises(Malformed) as caught:
        Ratio("==", 1, 2)  # type: ignore[arg-type]
    assert caught.value.rule == "ratio.operator"
    with pytest.raises(Malformed) as caught:
        Share(-1, 2)
    assert caught.value.rule == "ratio.number"
    with pytest.raises(Malformed) as caught:
        Days(-1)
    assert caught.value.rule == "days.count"


@given(st.integers(0, 9999), st.booleans())
def test_a_term_is_written_as_it_is_read(count: int, working: bool) -> None:
    assert Days.parse(str(Days(count, working))) == Days(count, working)


@pytest.mark.parametrize("text", ["15", "15D", "d", "-1d", "1.5d", "015d", "15 d", "15wd ", "10000d", "٣d", ""])
def test_what_is_no_term(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        Days.parse(text)
    assert caught.value.rule == "days.text"
