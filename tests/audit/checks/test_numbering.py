"""Numbers of papers that do not run as numbers should, each beside the nearest that do."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import findings, found


def numbered(
    numbers: Iterable[int], prefix: str = "甲物业字", year: int = 2019, house: Treasury | None = None, **other: Any
) -> Treasury:
    """A community with letters of these numbers, each with a subject of its own."""
    house = house or treasury()
    for number in numbers:
        house.document(f"事由{prefix}{number}", number_printed=f"{prefix}〔{year}〕{number:02}号", **other)
    return house


def cited(house: Treasury, code: str) -> list[list[str]]:
    """The printed numbers (or subjects) of the papers that each finding cites."""
    bodies = {entry.record.digest: entry.record.body for entry in house.entries}
    papers = [[bodies[cited.record] for cited in finding.evidence] for finding in findings(house, code)]
    return [[str(body.get("number_printed", body["subject"])) for body in every] for every in papers]


def test_one_number_on_different_papers() -> None:
    house = numbered([1, 2])
    house.document("电费", number_printed="甲物业字(2019) 第2号")
    (met,) = found(house, "numbering.repeated")
    assert met == {"number": "甲物业字〔2019〕02号", "count": 2, "subject": "事由甲物业字2", "other": "电费"}
    assert found(house, "numbering.entered_twice") == []


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("甲物业字〔2019〕03号", "letter"),
        ("甲物业字〔2020〕02号", "letter"),
        ("乙物业字〔2019〕02号", "letter"),
        ("甲物业字〔2019〕02号", "form"),  # the form that belongs to the letter
        ("甲物业字〔2019〕02号", "contract"),
        ("甲物业字〔2019〕02号", "invoice"),
        ("甲物业字〔2019〕02号之一", "letter"),
    ],
)
def test_another_number_or_another_kind_of_paper(number: str, kind: str) -> None:
    house = numbered([1, 2])
    house.document("电费", number_printed=number, kind=kind)
    assert found(house, "numbering.repeated") == []


def test_numbers_that_do_not_say_whose_they_are() -> None:
    house = treasury()
    for subject in ("水费", "电费"):
        house.document(subject, number_printed="第2号")
        house.document(subject, number_printed="立项-水泵")
        house.document(subject)
    assert found(house, "numbering.repeated") == []


@pytest.mark.parametrize(
    ("kinds", "met"), [(("form", "form"), 1), (("letter", "report"), 1), (("form", "contract"), 0)]
)
def test_two_papers_of_these_kinds_with_one_number(kinds: tuple[str, str], met: int) -> None:
    house = treasury()
    for subject, kind in zip(("水费", "电费"), kinds, strict=True):
        house.document(subject, number_printed="甲立项〔2019〕2号", kind=kind)
    assert len(found(house, "numbering.repeated")) == met


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"saved": "2019-01-05", "file_no": 7}, True),
        ({"dated": "2019-01-05"}, False),
        ({"total_printed": 100}, False),
        ({"lines": [{"text": "一"}]}, False),
    ],
)
def test_one_paper_entered_twice(other: dict[str, Any], same: bool) -> None:
    house = numbered([1])
    house.document("事由甲物业字1", **{"number_printed": "甲物业字〔2019〕01号", **other})
    assert len(found(house, "numbering.entered_twice")) == same
    assert len(found(house, "numbering.repeated")) == (not same)


def test_a_paper_entered_twice_is_told_as_first_printed() -> None:
    house = numbered([1])
    house.document("事由甲物业字1", number_printed="甲物业字(2019)第1号")
    assert found(house, "numbering.entered_twice") == [
        {"number": "甲物业字〔2019〕01号", "count": 2, "subject": "事由甲物业字1"}
    ]


@pytest.mark.parametrize("mended", [{"approval_printed": "已签"}, {"attachments_printed": "发票1张"}])
def test_a_paper_entered_again_with_what_was_missing(mended: dict[str, str]) -> None:
    house = numbered([1])
    house.document("事由甲物业字1", number_printed="甲物业字〔2019〕01号", **mended)
    assert found(house, "numbering.entered_twice") == found(house, "numbering.repeated") == []


def test_the_first_that_differs_is_told() -> None:
    house = numbered([1], house=numbered([1]))
    house.document("电费", number_printed="甲物业字〔2019〕01号")
    (met,) = found(house, "numbering.repeated")
    assert (met["count"], met["subject"], met["other"]) == (3, "事由甲物业字1", "电费")


@pytest.mark.parametrize(
    ("numbers", "gaps"),
    [
        ([1, 2, 3, 4, 5, 6], []),
        ([1, 2, 3, 5, 6], [("4", 1)]),
        ([6, 5, 3, 2, 1], [("4", 1)]),  # in whatever order they came in
        ([1, 2, 3, 5], []),  # too few to be a series
        ([1, 2, 5, 6, 7, 9, 10, 11, 12], [("3–4", 2), ("8", 1)]),
        ([7, 8, 9, 10, 11], []),  # what was before the first nobody knows
        ([1, 2, 3, 4, 5, 9], []),  # a third missing: the ledger has some of them only
        ([1, 2, 3, 4, 5, 8], [("6–7", 2)]),  # a quarter
        ([3, 14, 15, 92, 65], []),  # numbers of whoever has other customers too
    ],
)
def test_a_missing_number(numbers: list[int], gaps: list[tuple[str, int]]) -> None:
    met = found(numbered(numbers), "numbering.gap")
    assert [(finding["missing"], finding["count"]) for finding in met] == gaps


def test_a_gap_is_cited_between_its_neighbours_with_what_is_filed_there() -> None:
    house = treasury()
    for number in (1, 2, 4, 5, 6, 7):
        house.document(f"事由{number}", number_printed=f"甲字〔2019〕{number}号", file_no=number)
    house.document("无号的表", kind="form", file_no=3)
    assert cited(house, "numbering.gap") == [["甲字〔2019〕2号", "无号的表", "甲字〔2019〕4号"]]


def test_files_that_are_not_numbered_like_the_papers() -> None:
    house = treasury()
    for number in (1, 2, 4, 5, 6, 7):
        house.document(f"事由{number}", number_printed=f"甲字〔2019〕{number}号", file_no=number + (number > 4) * 90)
    house.document("另一份", file_no=3)
    assert cited(house, "numbering.gap") == [["甲字〔2019〕2号", "甲字〔2019〕4号"]]


def test_others_number_for_other_customers_too() -> None:
    house = numbered([1, 2, 3, 5, 6], prefix="INV", kind="invoice")
    assert found(house, "numbering.gap") == []


ONE = [n for n in range(1, 15) if n not in (8, 9, 10)]


def test_a_series_under_two_prefixes_is_one() -> None:
    house = numbered([8, 9, 10], prefix="甲江字", house=numbered(ONE))
    assert found(house, "numbering.gap") == []
    assert found(house, "numbering.prefix_mixed") == [{"prefixes": "甲物业字、甲江字", "count": 2}]
    assert cited(house, "numbering.prefix_mixed") == [["甲物业字〔2019〕01号", "甲江字〔2019〕08号"]]


@pytest.mark.parametrize(
    ("prefix", "numbers"),
    [
        ("乙江字", [8, 9, 10]),  # of another family
        ("甲江字", [8, 9]),  # too few to be sure
        ("甲江字", [7, 8, 9, 10]),  # shares a number
        ("甲江字", [20, 21, 22]),  # fills nothing
        ("甲江字", [1, 2, 3]),
    ],
)
def test_two_series_of_their_own(prefix: str, numbers: list[int]) -> None:
    house = numbered(numbers, prefix=prefix, house=numbered(ONE))
    assert found(house, "numbering.prefix_mixed") == []
    assert [finding["missing"] for finding in found(house, "numbering.gap")] == ["8–10"]


@pytest.mark.parametrize(("last", "joined"), [(16, 1), (17, 0)])
def test_series_are_joined_where_few_numbers_are_missing_then(last: int, joined: int) -> None:
    house = numbered([8, 9, 10], prefix="甲江字", house=numbered([1, 2, 3, 4, 5, 6, 7, 11, last]))
    assert len(found(house, "numbering.prefix_mixed")) == joined


def test_numbers_without_a_prefix_are_nobodys_series() -> None:
    house = treasury()
    for number in (1, 2, 3, 5, 6, 7):
        house.document(f"事由{number}", number_printed=f"第{number}号", dated=f"2019-01-{20 - number}")
    assert found(house, "numbering.gap") == found(house, "numbering.backward") == []


def test_small_series_are_not_joined() -> None:
    house = numbered([3, 4, 7], prefix="甲江字", house=numbered([1, 2, 5, 6, 8, 9]))
    assert found(house, "numbering.prefix_mixed") == []  # nine in all
    numbered([10], house=house)
    assert len(found(house, "numbering.prefix_mixed")) == 1


@pytest.mark.parametrize(
    ("later", "missing"),
    [
        ([11, 12, 14, 15], ["13"]),  # goes on in the next year
        ([11, 13], ["12"]),  # however few
        ([12, 13, 15, 16], []),  # begins with a gap: one of its own, and too small
        ([1, 2, 3, 5, 6], ["4"]),  # begins anew
    ],
)
def test_a_new_year(later: list[int], missing: list[str]) -> None:
    house = numbered(later, year=2020, house=numbered(range(1, 11)))
    assert [finding["missing"] for finding in found(house, "numbering.gap")] == missing
    assert found(house, "numbering.prefix_mixed") == []


def test_a_series_of_the_same_family_that_begins_low_begins_for_itself() -> None:
    house = numbered([10, 11, 12], prefix="甲江字", house=numbered(range(1, 10)))
    assert len(found(house, "numbering.prefix_mixed")) == 1
    house = numbered([9, 10, 11], prefix="甲江字", house=numbered(range(1, 9)))
    assert found(house, "numbering.prefix_mixed") == []


@pytest.mark.parametrize(
    ("number", "dated", "met"),
    [
        ("甲字〔2018〕26号", "2019-01-07", 1),
        ("甲字〔2019〕26号", "2018-12-31", 1),
        ("甲字〔2019〕26号", "2019-01-07", 0),
        ("甲字第26号", "2019-01-07", 0),
        ("甲字〔2018〕26号", None, 0),
    ],
)
def test_the_year_in_a_number(number: str, dated: str | None, met: int) -> None:
    house = treasury()
    house.document(number_printed=number, **({"dated": dated} if dated else {}))
    assert found(house, "numbering.year_differs") == [{"number": number, "dated_day": dated}] * met


@pytest.mark.parametrize("kind", ["invoice", "receipt", "contract", "rules"])
def test_the_year_in_the_number_of_what_others_made_or_runs_on(kind: str) -> None:
    house = treasury()
    house.document(number_printed="甲字〔2018〕26号", dated="2019-01-07", kind=kind)
    assert found(house, "numbering.year_differs") == []


def dated(*days: int | None) -> Treasury:
    """Letters 1, 2, 3 … dated these days of January."""
    house = treasury()
    for number, day in enumerate(days, 1):
        on = {} if day is None else {"dated": f"2019-01-{day:02}"}
        house.document(f"事由{number}", number_printed=f"甲字〔2019〕{number}号", **on)
    return house


@pytest.mark.parametrize(
    ("days", "met"),
    [
        ((1, 2, 3, 4, 5), []),
        ((1, 1, 2, 2, 3), []),
        ((1, 5, 4, 4, 5), [(2, [3, 4])]),  # the same day is not before
        ((1, 5, 4, 6, 3), [(2, [3]), (4, [5])]),
        ((2, 5, 1, 5, 4), [(2, [3]), (4, [5])]),  # the latest of two that are ahead
        ((1, 9, None, 2, 3, 4), [(2, [4, 5, 6])]),
        ((1, 5, 4, 6), []),  # too few
        ((1, 5, 4, 6, None), []),
    ],
)
def test_dates_that_run_backward(days: tuple[int | None, ...], met: list[tuple[int, list[int]]]) -> None:
    wanted = [[f"甲字〔2019〕{number}号" for number in (first, *later)] for first, later in met]
    assert cited(dated(*days), "numbering.backward") == wanted


def test_dates_that_run_backward_are_told_with_the_first() -> None:
    (met,) = found(dated(1, 9, 3, 2, 5), "numbering.backward")
    assert met == {
        "number": "甲字〔2019〕2号",
        "dated_day": "2019-01-09",
        "other": "甲字〔2019〕3号",
        "other_day": "2019-01-03",
        "count": 3,
    }


@pytest.mark.parametrize(
    ("texts", "serials"),
    [
        (["1、经理", "2、会计", "3、保安", "5、保洁"], "4"),
        (["1.经理", "2.会计", "3.保安"], None),
        (["(1)经理", "（2）会计", "(2)保安"], "2"),
        (["①经理", "②会计", "④保安"], "3"),
        (["1、经理", "3、会计"], None),  # two lines are no list
        (["1、经理", "2、会计", "保安", "5、保洁"], None),  # a line without one
        (["1.5米灯笼", "2.5米灯笼", "4.5米灯笼"], None),
        (["1、2月电费", "4、5月电费", "7、8月电费"], None),
        (["1、经理", "2、会计", "9、保安"], None),  # codes, as it seems
        (["1、经理", "3、会计", "6、保安"], None),  # as many missing as here
    ],
)
def test_serial_numbers_of_lines(texts: list[str], serials: str | None) -> None:
    house = treasury()
    house.document("薪资表", lines=[{"text": text} for text in texts], number_printed="甲字第1号")
    met = found(house, "numbering.serials")
    assert met == ([] if serials is None else [{"paper": "甲字第1号", "serials": serials, "count": 1}])


def test_a_missing_serial_is_cited_where_the_next_one_stands() -> None:
    house = treasury()
    house.document(lines=[{"text": text} for text in ("1、经理", "2、会计", "4、保安", "5、保洁")])
    (met,) = findings(house, "numbering.serials")
    assert [cited.part for cited in met.evidence] == ["lines/2"]
