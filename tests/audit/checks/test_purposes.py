"""What a fund must not pay, and what is not the owners' to pay, each case beside the nearest one in order."""

from typing import Any

import pytest

from ledger.audit.checks.purposes import routine
from tests.accounts.treasury import CHART, Treasury, fees, spent, treasury
from tests.audit.checks.asked import findings, found
from tests.community import BOTH


def pay(house: Treasury, amount: int = 100_00, **said: Any) -> str:
    house.advance(days=1)
    return house.take((house.day, -amount, [spent(amount, party="lift") | said]))[1]


def test_running_costs_from_the_maintenance_fund() -> None:
    """O165 18, 25: the fund repairs and renews common parts."""
    house = treasury()
    rows = [pay(house, fund="maintenance", category="power", document=house.letter) for _ in range(2)]
    pay(house, fund="maintenance", category="payroll")
    met, other = findings(house, "fund.wrong_purpose")
    assert [cited.record for cited in met.evidence] == [*rows, house.letter]
    assert met.figures == {"own_fund": "maintenance", "purpose_category": "power", "count": 2, "amount_fen": 200_00}
    assert other.figures["purpose_category"] == "payroll"


@pytest.mark.parametrize(
    ("fund", "category"),
    [
        ("maintenance", "lift"),
        ("maintenance", "works"),
        ("maintenance", "fire"),
        ("maintenance", "pump"),
        ("service_fee", "power"),
        ("common_income", "cleaning"),
    ],
)
def test_repairs_and_other_funds(fund: str, category: str) -> None:
    house = treasury()
    pay(house, fund=fund, category=category)
    assert found(house, "fund.wrong_purpose") == []


def test_a_refund_of_contributions_is_no_cost() -> None:
    house = treasury()
    pay(house, fund="maintenance", category="fee_refund", nature="refund")
    assert found(house, "fund.wrong_purpose") == []


def test_a_communitys_own_chart_is_read_by_its_words() -> None:
    house = treasury()
    own = CHART + '\nx1 = { zh = "公共照明电费", en = "", code = "5001", natures = ["expense"] }\n'
    house.act("chart.adopted/1", {"text": own}, by=BOTH)
    pay(house, fund="maintenance", category="x1")
    assert [met["purpose_category"] for met in found(house, "fund.wrong_purpose")] == ["x1"]


def test_money_of_a_fund_given_back_is_no_cost_whatever_its_category() -> None:
    house = treasury()
    own = CHART + '\nx1 = { zh = "电费", en = "", code = "5001", natures = ["expense", "refund"] }\n'
    house.act("chart.adopted/1", {"text": own}, by=BOTH)
    pay(house, fund="maintenance", category="x1", nature="refund")
    assert found(house, "fund.wrong_purpose") == []


@pytest.mark.parametrize(
    ("zh", "en", "met"),
    [
        ("电费", "Power", True),
        ("", "Cleaning", True),
        ("人员薪酬", "Pay", True),
        ("电梯", "Lifts", False),
        ("", "Repair of gas pipes", True),
        ("供水管网改造工程", "Water main works", False),
        ("屋面防水", "Roof waterproofing", False),
        ("", "Roof waterproofing", False),
        ("绿化改造工程", "", False),
        ("电梯", "Lifts of the office", False),  # the Chinese title decides where there is one
    ],
)
def test_categories_by_their_titles(zh: str, en: str, met: bool) -> None:
    assert routine(zh, en) is met


def lend(house: Treasury, amount: int = 100_00, **said: Any) -> str:
    return pay(house, amount, category="loan", nature="payable", **said)


def test_money_that_was_lent() -> None:
    house = treasury()
    row = lend(house, fund="common_income")
    (met,) = findings(house, "fund.lent")
    assert met.evidence[0].record == row
    assert met.figures == {"to_party": "lift", "own_fund": "common_income", "amount_fen": 100_00, "paid_day": house.day}


def test_a_loan_that_came_back_or_was_ours() -> None:
    house = treasury()
    lend(house)
    house.take((house.day, 100_00, [spent(-100_00, party="lift") | {"category": "loan", "nature": "payable"}]))
    assert found(house, "fund.lent") == []
    other = treasury()
    other.take((other.day, 100_00, [spent(-100_00, party="lift") | {"category": "loan", "nature": "payable"}]))
    lend(other)
    assert found(other, "fund.lent") == []


def test_money_that_was_borrowed_is_not_lent() -> None:
    house = treasury()
    house.take((house.day, 100_00, [spent(-100_00, party="lift") | {"category": "loan", "nature": "payable"}]))
    assert found(house, "fund.lent") == []


def test_a_debt_older_than_the_books_that_is_paid_back() -> None:
    house = treasury()
    lend(house, document=house.document("偿还借款"))
    assert found(house, "fund.lent") == []


def test_an_advance_is_no_loan() -> None:
    house = treasury()
    pay(house, category="current_account", nature="payable")
    assert found(house, "fund.lent") == []


def paper(house: Treasury, subject: str = "函", *texts: str, paid: bool = True) -> str:
    of = house.document(subject, lines=[{"text": text, "amount_printed": 10_00} for text in texts], total_printed=90_00)
    if paid:
        pay(house, document=of)
    return of


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("裙楼三块商业表电费（户名为商户甲）", 1),
        ("前物业10、11月水费", 1),
        ("代付原物业公司欠缴电费", 1),
        ("Power bill in the name of a shop", 1),
        ("前物业11月电费（已转来）", 0),  # recovered
        ("户名为本小区的电费", 0),
        ("电费（户名：甲物业服务中心）", 0),
        ("前期物业服务费", 0),  # the first contract's own
        ("12月电费", 0),
    ],
)
def test_a_paper_that_names_anothers_cost(text: str, met: int) -> None:
    house = treasury()
    by_line = paper(house, "函", "运费", text)
    by_subject = paper(house, text)
    cited = [(f.evidence[0].record, f.evidence[0].part) for f in findings(house, "cost.of_others")]
    assert sorted(cited) == sorted([(by_line, "lines/1"), (by_subject, "subject")] * met)
    assert sorted(f["amount_fen"] for f in found(house, "cost.of_others")) == [10_00, 90_00] * met


@pytest.mark.parametrize(
    ("amounts", "total", "sum_"),
    [
        ((10_00, 5_00), 90_00, 15_00),
        ((10_00, None), 90_00, 10_00),
        ((None, None), 90_00, 90_00),
        ((None, None), None, 0),
    ],
)
def test_what_such_a_paper_comes_to(amounts: tuple[int | None, ...], total: int | None, sum_: int) -> None:
    """Its lines where they have amounts, else all of it, else nothing that could be said."""
    house = treasury()
    lines = [{"text": "前物业水费"} | ({"amount_printed": amount} if amount else {}) for amount in amounts]
    of = house.document("函", lines=lines, **({"total_printed": total} if total else {}))
    pay(house, document=of)
    assert [met["amount_fen"] for met in found(house, "cost.of_others")] == [sum_]


def test_a_paper_on_which_money_came_in_cost_nobody() -> None:
    house = treasury()
    of = house.document("前物业水费")
    works(house)
    mended = house.document("屋面防水修补")
    for each in (of, mended):
        house.advance(days=1)
        house.take((house.day, 10_00, [fees(10_00, document=each)]))
    assert found(house, "cost.of_others") == found(house, "cost.in_warranty") == []


def test_a_paper_that_was_not_paid_costs_nobody() -> None:
    house = treasury()
    paper(house, "前物业水费", paid=False)
    assert found(house, "cost.of_others") == []


@pytest.mark.parametrize(
    ("text", "met"), [("物业公司标志贴", 1), ("管理公司工牌", 1), ("设备房标识", 0), ("物业服务费", 0)]
)
def test_a_paper_that_buys_what_serves_the_manager(text: str, met: int) -> None:
    house = treasury()
    paper(house, "标识标牌", "禁烟车贴", text)
    assert [f["said"] for f in found(house, "cost.of_company")] == [text] * met


def works(house: Treasury, **said: Any) -> None:
    body = {"code": "c9", "direction": "out", "object": "屋面防水工程", "notes": "保修18个月", "end": "2026-01-05"}
    house.act("contract.entered/1", {k: v for k, v in (body | said).items() if v is not None}, by=["chair"])


@pytest.mark.parametrize(("day", "met"), [("2026-01-05", 0), ("2026-01-06", 1), ("2027-07-05", 1), ("2027-07-06", 0)])
def test_work_mended_while_its_warranty_runs(day: str, met: int) -> None:
    house = treasury()
    works(house)
    of = house.document("函", lines=[{"text": "屋面防水修补"}])
    house.set_clock(f"{day}T18:00:00+08:00")
    row = house.take((day, -10_00, [spent(10_00, document=of)]))[1]
    cited = [[c.record for c in f.evidence] for f in findings(house, "cost.in_warranty")]
    assert [(c[0], c[2]) for c in cited] == [(of, row)] * met
    assert [f["until_day"] for f in found(house, "cost.in_warranty")] == ["2027-07-05"] * met


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ({"notes": "18个月"}, "屋面防水修补"),
        ({"direction": "in"}, "屋面防水修补"),
        ({"end": None}, "屋面防水修补"),
        ({}, "屋面防水材料"),
        ({}, "外墙修补"),
    ],
)
def test_other_work_or_no_warranty(said: dict[str, Any], subject: str) -> None:
    house = treasury()
    works(house, **said)
    pay(house, document=house.document(subject))
    assert found(house, "cost.in_warranty") == []


def test_the_contracts_own_payments_mend_nothing() -> None:
    house = treasury()
    works(house, term_printed="质保期：一年", notes=None, end=None, start="2026-01-01")
    pay(house, document=house.document("屋面防水修复尾款"), contract="c9")
    assert found(house, "cost.in_warranty") == []
    house.document("屋面防水修复")
    assert found(house, "cost.in_warranty") == []
    pay(house, document=house.document("屋面防水修复"))
    assert [met["until_day"] for met in found(house, "cost.in_warranty")] == ["2027-01-01"]
