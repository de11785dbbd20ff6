"""Periods, days and amounts as people read them, in both languages."""

import pytest

from ledger.paper.phrases import Phrases
from tests.community import refused_as


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("2019", "2019年", "2019"),
        ("2019H2", "2019年下半年", "second half of 2019"),
        ("2019Q3", "2019年第3季度", "quarter 3 of 2019"),
        ("2019-06", "2019年6月", "June 2019"),
    ],
)
def test_every_length_of_a_period_has_its_name(code: str, chinese: str, english: str) -> None:
    assert (Phrases("zh_CN").period(code), Phrases("en").period(code)) == (chinese, english)


def test_shares_never_round_up_to_a_threshold() -> None:
    phrases = Phrases("en")
    assert (phrases.percent(2, 3), phrases.percent(1, 2), phrases.percent(1, 0)) == ("66.66%", "50.00%", "—")


def test_amounts_use_a_minus_that_does_not_break() -> None:
    phrases = Phrases("zh_CN")
    assert (phrases.yuan(-5), phrases.signed(5), phrases.signed(-5)) == ("−0.05", "+0.05", "−0.05")
    assert phrases.hundredths(1_728_400) == "17,284.00"


def test_brackets_only_where_there_is_something_to_say() -> None:
    assert (Phrases("zh_CN").named("备用金", ""), Phrases("en").named("box", "8816")) == ("备用金", "box (8816)")


def test_moments_stand_at_the_ledgers_offset() -> None:
    assert Phrases("en").moment("2019-06-30T16:30:00.000Z") == "1 July 2019 00:30"


def test_a_pattern_keeps_its_places() -> None:
    assert Phrases("zh_CN").pattern("poster.page") == "第{page}页/共{pages}页"
    with refused_as("words.missing"):
        Phrases("zh_CN").pattern("poster.no_such_key")
