"""Printed texts as they are read, each beside the nearest that are not."""

from datetime import date

import pytest

from ledger.audit.checks import printed


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2019", ["2019-01-01..2019-12-31"]),
        ("2019年度", ["2019-01-01..2019-12-31"]),
        ("2019Q2", ["2019-04-01..2019-06-30"]),
        ("2019年第3季度", ["2019-07-01..2019-09-30"]),
        ("2019年四季度", ["2019-10-01..2019-12-31"]),
        ("2019年下半年", ["2019-07-01..2019-12-31"]),
        ("2019.3", ["2019-03-01..2019-03-31"]),
        ("2019年3月份", ["2019-03-01..2019-03-31"]),
        ("2019/3/5", ["2019-03-05..2019-03-05"]),
        ("２０１９－０３－０５", ["2019-03-05..2019-03-05"]),
        ("2019-03-05..2019-03-05", ["2019-03-05..2019-03-05"]),
        ("2019-03-05..2019-03-04", []),
        ("2019-03~2020-01", ["2019-03-01..2020-01-31"]),
        ("2019年3月5日至4月6日", ["2019-03-05..2019-04-06"]),
        ("2019-01、2019-03", ["2019-01-01..2019-01-31", "2019-03-01..2019-03-31"]),
        ("2019-01,起", []),  # any of it unread is all unread
        ("1900", ["1900-01-01..1900-12-31"]),
        ("1899", []),
        ("1899-12..1900-01", []),
        ("2199", ["2199-01-01..2199-12-31"]),
        ("2200", []),
        ("2199-12..2200-01", []),
        ("2019.12", ["2019-12-01..2019-12-31"]),
        ("2019.13", []),
        ("2019.0", []),
        ("0000.3", []),
        ("2019-02-30", []),
        ("", []),
        (None, []),
    ],
)
def test_spans(text: str | None, read: list[str]) -> None:
    assert [str(span) for span in printed.spans(text)] == read


@pytest.mark.parametrize(
    ("text", "read"),
    [("2019-03 2019-01", "2019-01-01..2019-03-31"), ("2019-01 2019-03-05", "2019-01-01..2019-03-05"), ("三月", "None")],
)
def test_all_that_a_text_names(text: str, read: str) -> None:
    assert str(printed.whole(text)) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2023-11-29", date(2023, 11, 29)),
        ("2023-11-31", date(2023, 11, 30)),
        ("2023年2月31日", date(2023, 2, 28)),
        ("2023-11-01", date(2023, 11, 1)),
        ("2023-11-00", None),
        ("2023-11-32", None),
        ("2023-13-01", None),
        ("2023-11", None),
        ("2023", None),
        ("1900-01-01", date(1900, 1, 1)),
        ("1899-12-31", None),
        ("2199-12-31", date(2199, 12, 31)),
        ("2200-01-01", None),
        (None, None),
    ],
)
def test_a_last_day(text: str | None, read: date | None) -> None:
    assert printed.last_day(text) == read


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [("2019-01", "2019-01-31", True), ("2019-01", "2019-02-01", False), ("2019-01", "2019", True)],
)
def test_spans_that_have_a_day_in_common(one: str, other: str, met: bool) -> None:
    (first,), (second,) = printed.spans(one), printed.spans(other)
    assert (first.meets(second), second.meets(first)) == (met, met)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("面积13.5㎡", printed.Area(1350, each=False)),
        ("每间13.05平方米", printed.Area(1305, each=True)),
        ("13平米，另20平米", None),
        ("", None),
        (None, None),
    ],
)
def test_an_area(text: str | None, read: printed.Area | None) -> None:
    assert printed.area(text) == read


@pytest.mark.parametrize(("text", "read"), [("2,100.05", 2100_05), ("0", 0), ("两千", None)])
def test_yuan_as_printed(text: str, read: int | None) -> None:
    assert printed.fen(text) == read
