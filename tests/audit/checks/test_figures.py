"""Reading what papers print: the common ways to print a thing, and silence about the rest."""

from datetime import date
from fractions import Fraction

import pytest

from ledger.accounts.records import DocumentEntered
from ledger.audit.checks import figures, printed
from ledger.audit.checks.figures import Numbered


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零三", 103),
        ("两千三百", 2300),
        ("二〇一九", 2019),
        ("一二", 12),
        ("①", None),
        ("壹拾贰", 12),
        ("二三十", None),  # twenty or thirty
        ("十十", None),
        ("十百", None),
        ("", None),
        ("x", None),
    ],
)
def test_whole_numbers(text: str, number: int | None) -> None:
    assert figures.whole_number(text) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１２", 12),
        ("1,000", 1000),
        ("9台", 9),
        ("60㎡", 60),
        ("2 sets", 2),
        ("2\u3000台", 2),
        ("1.5万", 15000),
        ("-3", -3),
        ("0.5", Fraction(1, 2)),
        ("1,23", None),
        ("5%", None),
        ("2~3", None),
        ("约90", None),
        ("", None),
        (None, None),
    ],
)
def test_quantities(text: str | None, value: int | Fraction | None) -> None:
    assert figures.figure(text) == value


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("22.1", 2210),
        ("0.335", Fraction(67, 2)),
        ("￥５．００", 500),
        ("RMB 5", 500),
        ("5 yuan", 500),
        ("4000元/年", 400_000),
        ("2.5万元", 2_500_000),
        ("1,234.56", 123_456),
        ("5元起", None),
        ("面议", None),
        (None, None),
    ],
)
def test_prices(text: str | None, fen: int | Fraction | None) -> None:
    assert figures.yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("甲物业字〔2018〕01号", Numbered("甲物业字", 2018, 1)),
        ("甲物业字（2018）第一号", Numbered("甲物业字", 2018, 1)),
        ("甲物业字 [ 2018 ] 1 号", Numbered("甲物业字", 2018, 1)),
        ("甲物业函2018年第12号", Numbered("甲物业函", 2018, 12)),
        ("〔2018〕5号", Numbered("", 2018, 5)),
        ("HT-2024-012", Numbered("HT", 2024, 12)),
        ("ht/2024/12", Numbered("HT", 2024, 12)),
        ("WY-2024-03-012", Numbered("WY-03", 2024, 12)),
        ("2024-012", Numbered("", 2024, 12)),
        ("物业字2024-12号", Numbered("物业字", 2024, 12)),
        ("物业字-2024-12", Numbered("物业字", 2024, 12)),
        ("2024年12号", Numbered("", 2024, 12)),
        ("XY20240312-01", Numbered("XY20240312", None, 1)),
        ("3号楼第5号", Numbered("3号楼", None, 5)),
        ("INV00012", Numbered("INV", None, 12)),
        ("编号：A-7", Numbered("A", None, 7)),
        ("No. 0012345", Numbered("", None, 12345)),
        ("发票号码：12345678", Numbered("", None, 12345678)),
        ("物业字第十二号", Numbered("物业字", None, 12)),
        ("物业字第5", Numbered("物业字", None, 5)),
        ("物业字5号", Numbered("物业字", None, 5)),
        ("物业字012", Numbered("物业字", None, 12)),
        ("编号：WNO-2024-012", Numbered("WNO", 2024, 12)),
        ("物业字12", None),
        ("物业字第二三十号", None),
        ("HT-2024-水泵", None),
        ("7", None),
        ("2024-03", None),  # a month
        ("2019-04-28", None),  # a day
        ("〔2019〕42号之一", None),
        ("（2019）粤01民终5号", None),
        ("补充协议2", None),  # a title
        ("立项-水泵", None),
        ("立项-排污管①", None),
        ("3号楼", None),
        ("", None),
        (None, None),
    ],
)
def test_document_numbers(text: str | None, number: Numbered | None) -> None:
    assert figures.document_number(text) == number


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2019", 12),
        ("2018-12", 1),
        ("2019-02", 1),
        ("2019-01..2019-03", 3),
        ("2019-01-15..2019-03-14", 2),
        ("2018-12..2019-01", 2),
        ("2018-12..2020-01", 14),
        ("2018-12-01..2018-12-11", None),
        ("2019-01-05..2019-02-05", None),
    ],
)
def test_whole_months(text: str, months: int | None) -> None:
    (span,) = printed.spans(text)
    assert figures.months_of(span) == months


def test_signatures_with_their_days() -> None:
    def read(text: str, near: date = date(2019, 4, 15)) -> list[tuple[str, str]]:
        return [(signed.who, signed.day.isoformat()) for signed in figures.signed_on(text, near)]

    assert read("业委会04-13；项目4月13日签字；分管 2019.4.30") == [
        ("业委会", "2019-04-13"),
        ("项目", "2019-04-13"),
        ("分管", "2019-04-30"),
    ]
    assert read("Chair signed 2019-04-13, manager 04-14") == [("Chair", "2019-04-13"), ("manager", "2019-04-14")]
    assert read("业委会12-30", date(2019, 1, 2)) == [("业委会", "2018-12-30")]
    assert read("业委会01-02", date(2018, 12, 30)) == [("业委会", "2019-01-02")]
    assert read("会计04-13；文员04-14") == [("会计", "2019-04-13"), ("文员", "2019-04-14")]
    # A day that another paper has, an amount, no day at all.
    assert (
        read("根据2018-12-20业主大会决议；见12月3日会议纪要；费用5.10；合计5.10；业委会盖章无日期；业委会02-30") == []
    )


def test_one_percentage() -> None:
    assert figures.percent("税金16%") == Fraction(4, 25)
    assert figures.percent("税点１．５％") == Fraction(3, 200)
    assert figures.percent("13%或9%") is None
    assert figures.percent("税金") is None
    assert figures.percent("100%") == 1
    assert figures.percent("100.1%") is None


@pytest.mark.parametrize(("text", "unit"), [("630元/台", "台"), ("1300 元／间·月", "间·月"), ("630", ""), (None, "")])
def test_what_a_price_is_for(text: str | None, unit: str) -> None:
    assert figures.unit_of_price(text) == unit


def test_how_a_paper_is_called() -> None:
    paper = DocumentEntered(kind="letter", subject="函")
    assert figures.name_of(paper) == "函"
    assert figures.name_of(paper.model_copy(update={"number_printed": "甲1号"})) == "甲1号"
