"""Periods that papers name, against what they count, each beside the nearest that fit."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import findings, found

ELEVEN = "2018-12-01..2018-12-11"


def paper(
    text: str = "费用", quantity: str | None = None, unit: str | None = None, period: str | None = ELEVEN, **other: Any
) -> Treasury:
    """A community with one more paper, of one line."""
    house = treasury()
    line = {"text": text, "quantity_printed": quantity, "unit_printed": unit} | other.pop("line", {})
    body = {"lines": [{k: v for k, v in line.items() if v is not None}], "period_printed": period} | other
    house.document(**{name: value for name, value in body.items() if value is not None})
    return house


@pytest.mark.parametrize(
    ("text", "period", "days"),
    [
        ("24人每日2餐共13天", ELEVEN, "13"),
        ("24人每日2餐共12天", ELEVEN, "12"),
        ("24人每日2餐共11天", ELEVEN, None),
        ("24人每日2餐共十三天", ELEVEN, "13"),
        ("meals for 13 days", ELEVEN, "13"),
        ("共十三四天", ELEVEN, None),  # one number or the other
        ("住宿3天", ELEVEN, None),  # some of its days
        ("工期40天", "2018-12", None),  # the month in which the letter was written
        ("付款期限40天", ELEVEN, None),
        ("共13天", "2018-12-01..2018-12-11 2018-12-20..2018-12-21", None),  # two periods
        ("共13天", None, None),
        ("13天内付款", ELEVEN, None),
        ("质保365天", ELEVEN, None),
        ("质保期365天", ELEVEN, None),
        ("为期13天", ELEVEN, "13"),
        ("第13天验收", ELEVEN, None),
        ("每13天一次", ELEVEN, None),
        ("甲组13天，乙组9天", ELEVEN, None),  # two numbers
        ("12月13日", ELEVEN, None),
    ],
)
def test_days_named_and_the_period(text: str, period: str | None, days: str | None) -> None:
    met = found(paper(text, period=period), "periods.days_over")
    assert [finding["counted"] for finding in met] == ([] if days is None else [days])


def test_the_subject_names_days_too() -> None:
    assert len(found(paper(subject="订餐13天"), "periods.days_over")) == 1
    assert found(paper("共11天", subject="订餐13天"), "periods.days_over") == []


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "days"),
    [
        ("保安", "13", "天", "13"),
        ("保安", "12.5", "days", "25/2"),
        ("保安", "11", "天", None),
        ("保安", "12", "天", "12"),
        ("保安", "13", "次", None),
        ("保安24人", "264", "天", None),  # as many days for each
        ("保安", "约13", "天", None),
    ],
)
def test_days_counted_and_the_period(text: str, quantity: str, unit: str, days: str | None) -> None:
    met = found(paper(text, quantity, unit), "periods.days_over")
    assert [finding["counted"] for finding in met] == ([] if days is None else [days])


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "period", "months"),
    [
        ("补贴", "4", "月", "2019-01..2019-03", "4"),
        ("补贴", "4", "个月", "2019-01..2019-03", "4"),
        ("补贴", "3", "月", "2019-01..2019-03", None),
        ("补贴", "2", "月", "2019-01..2019-03", None),  # a part of it
        ("补贴", "6", "月", "2019-01..2019-03", None),  # two things, three months each
        ("两台补贴", "4", "月", "2019-01..2019-03", None),
        ("补贴", "4", "次", "2019-01..2019-03", None),
        ("补贴", "4", "月", "2019-01-05..2019-03-30", None),  # no whole months
        ("补贴", "4", "月", None, None),
        ("补贴", None, "月", "2019-01..2019-03", None),
    ],
)
def test_months_counted_and_the_period(
    text: str, quantity: str | None, unit: str, period: str | None, months: str | None
) -> None:
    met = found(paper(text, quantity, unit, period), "periods.months_over")
    assert [finding["counted"] for finding in met] == ([] if months is None else [months])


def test_two_lines_of_months_may_be_of_different_ones() -> None:
    house = treasury()
    lines = [{"text": text, "quantity_printed": "4", "unit_printed": "月"} for text in ("甲", "乙")]
    house.document(lines=lines, period_printed="2019-01..2019-03")
    assert found(house, "periods.months_over") == []


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "amount", "days"),
    [
        ("住宿18间，每间150，写明三天", "18", "间", 2700_00, 3),
        ("住宿18间2晚", "18", "间", 2700_00, 2),
        ("住宿18间1晚", "18", "间", 2700_00, None),
        ("住宿6间三天", "18", "间", 2700_00, None),  # six for three days make eighteen
        ("住宿18间三天", "18", "间", 8100_00, None),  # counted in the amount
        ("住宿18间三天", "18", "间夜", 2700_00, None),
        ("住宿18间夜，三天", "18", "间", 2700_00, None),
        ("住宿18间", "18", "间", 2700_00, None),
        ("住宿18间，三天或四天", "18", "间", 2700_00, None),
        ("住宿18间，三天内结清", "18", "间", 2700_00, None),
        ("住宿18间三天", "18", None, 2700_00, None),
        ("住宿18间三天", None, "间", 2700_00, None),
    ],
)
def test_days_named_and_not_counted(
    text: str, quantity: str | None, unit: str | None, amount: int, days: int | None
) -> None:
    house = paper(text, quantity, unit, line={"price_printed": "150", "amount_printed": amount})
    met = found(house, "periods.days_uncounted")
    assert [finding["days"] for finding in met] == ([] if days is None else [days])


def test_days_not_counted_are_told_with_their_line() -> None:
    house = treasury()
    line = {
        "text": "住宿18间，每间150，写明三天",
        "quantity_printed": "18",
        "unit_printed": "间",
        "price_printed": "150",
    }
    house.document("会务", lines=[{"text": "会场"}, line | {"amount_printed": 2700_00}])
    (met,) = findings(house, "periods.days_uncounted")
    assert [cited.part for cited in met.evidence] == ["lines/1"]
    told = {"paper": "会务", "number": 2, "text": line["text"], "quantity": "18", "days": 3, "amount_fen": 2700_00}
    assert met.figures == told


def test_days_without_a_price() -> None:
    assert found(paper("住宿18间三天", "18", "间", line={"amount_printed": 100_00}), "periods.days_uncounted") == []


@pytest.mark.parametrize(
    ("quantity", "period", "dated", "met"),
    [
        ("3", "2019-01..2019-03", "2019-03-16", 1),
        ("3", "2019-01..2019-03", "2019-03-30", 1),
        ("3", "2019-01..2019-03", "2019-03-31", 0),
        ("3", "2019-01..2019-03", "2019-01-01", 1),
        ("3", "2019-01..2019-03", "2018-12-31", 0),  # asked for in advance altogether
        ("2", "2019-01..2019-03", "2019-03-16", 0),
        ("1", "2019-03", "2019-03-16", 0),  # this month's
        ("2", "2019-02..2019-03", "2019-03-16", 1),
        ("3", "2019-01-05..2019-03-30", "2019-03-16", 0),  # no whole months
        ("3", "2019-01..2019-03", None, 0),
        ("3", None, "2019-03-16", 0),
        (None, "2019-01..2019-03", "2019-03-16", 0),
    ],
)
def test_a_claim_for_months_that_are_not_over(
    quantity: str | None, period: str | None, dated: str | None, met: int
) -> None:
    house = paper("补贴", quantity, "月", period, dated=dated)
    assert len(found(house, "periods.not_over")) == met


def test_what_a_contract_has_paid_in_advance() -> None:
    house = paper("租金", "3", "月", "2019-01..2019-03", dated="2019-03-16")
    digest = house.entries[-1].record.digest
    assert len(found(house, "periods.not_over")) == 1
    body = {"code": "c9", "direction": "in", "object": "广告位", "document": digest}
    house.act("contract.entered/1", body, by=["chair"])
    assert found(house, "periods.not_over") == []


@pytest.mark.parametrize(("quantity", "days"), [("31", None), ("32", "32")])
def test_days_counted_and_a_month(quantity: str, days: str | None) -> None:
    met = found(paper("保安", quantity, "天", "2018-12"), "periods.days_over")
    assert [finding["counted"] for finding in met] == ([] if days is None else [days])


def test_periods_are_told_as_printed() -> None:
    over = paper("共13天", number_printed="甲字第10号")
    assert found(over, "periods.days_over") == [{"paper": "甲字第10号", "counted": "13", "days": 11, "period": ELEVEN}]
    months = paper("补贴", "4", "月", "2019-01..2019-03", subject="补贴")
    assert found(months, "periods.months_over") == [
        {"paper": "补贴", "counted": "4", "months": 3, "period": "2019-01..2019-03"}
    ]
    early = paper("补贴", "3", "月", "2019年1月至3月", dated="2019-03-16", subject="补贴")
    assert found(early, "periods.not_over") == [
        {
            "paper": "补贴",
            "period": "2019年1月至3月",
            "months": 3,
            "dated_day": "2019-03-16",
            "last_day": "2019-03-31",
        }
    ]
