"""The manager's pay beside its terms: each finding, and the nearest ledger without one."""

from typing import Any

import pytest

from ledger.accounts.records import MOST
from ledger.audit.checks.remuneration import terms
from ledger.rules.ratio import Share
from tests.accounts.treasury import Treasury, fees, spent, treasury
from tests.audit.checks.asked import findings, found
from tests.community import BOTH, Flat, profile_with

BOTH_BASES = "10%酬金率；公寓3.2、裙楼15元/㎡·月；酬金按实收(合同)或应收(补充协议)"
OF_RECEIVED = "酬金按实收的10%计提"
OF_RECEIVABLE = "酬金按应收的10%计提；公寓2元/㎡·月"
SHARED = {"cycle": "share", "amount": 0, "fund": "service_fee", "category": "remuneration", "nature": "expense"}


def engage(house: Treasury, notes: str, **said: Any) -> str:
    """A service contract from the first of January 2026."""
    body: dict[str, Any] = {
        "code": "c9",
        "direction": "out",
        "object": "物业服务合同",
        "party": "lift",
        "start": "2026-01-01",
    }
    body |= {"notes": notes, "expected": [SHARED]} | said
    return house.act("contract.entered/1", {name: v for name, v in body.items() if v is not None}, by=["chair"])


def agree(house: Treasury, **other: Any) -> str:
    body: dict[str, Any] = {
        "code": "t1",
        "trustee": "lift",
        "document": house.letter,
        "start": "2026-01-01",
        "until": "2028-12-31",
    }
    body |= {"rate": "9/100", "base": "received", "categories": ["service_fee"], "fund": "service_fee"}
    return house.act("trust.agreed/1", body | {"category": "remuneration"} | other, by=BOTH)


def received(house: Treasury, amount: int, **other: Any) -> str:
    return house.take((house.day, amount, [fees(amount) | other]))[1]


def pay(house: Treasury, amount: int, **other: Any) -> str:
    part = spent(amount, category="remuneration", party="lift", contract="c9") | other
    return house.take((house.day, -amount, [{k: v for k, v in part.items() if v}]))[1]


@pytest.mark.parametrize(
    ("text", "rate", "bases"),
    [
        ("按实收的10%计提酬金", Share(10, 100), {"received"}),
        ("酬金率7.5%", Share(75, 1000), set()),
        ("酬金按应收9%", Share(9, 100), {"receivable"}),
        ("酬金按实收10%、应收8%", None, {"received", "receivable"}),
        ("酬金另议；税金6%", None, set()),
        ("remuneration: 9% of fees collected", Share(9, 100), {"received"}),
    ],
)
def test_printed_terms(text: str, rate: Share | None, bases: set[str]) -> None:
    read = terms(text)
    assert read is not None
    assert (read.rate, set(read.bases)) == (rate, bases)


@pytest.mark.parametrize("text", ["", None, "保洁费10%", "按实收结算"])
def test_a_text_that_speaks_of_no_pay(text: str | None) -> None:
    assert terms(text) is None


# --- two bases ----------------------------------------------------------------------------------------------------------


def test_two_bases_and_what_each_makes_so_far() -> None:
    """Two flats of 100 m² at 3.20 and a shop of 100 m² at 15.00 owe 2,140.00 a month; two months are over."""
    house = Treasury(units=[Flat("a1", 10_000), Flat("a2", 10_000), Flat("s1", 10_000, use="shop")])
    house.open()
    paper = house.document(kind="contract")
    contract = engage(house, BOTH_BASES, document=paper)
    received(house, 1_000_00)
    received(house, 5_00, fund="common_income", category="rent")
    house.set_clock("2026-02-28T12:00:00+08:00")
    received(house, 234_50)
    (finding,) = findings(house, "remuneration.two_bases")
    assert finding.figures == {
        "contract": "c9",
        "months": 2,
        "receivable_fen": 4_280_00,
        "received_fen": 1_234_50,
        "on_receivable_fen": 428_00,
        "on_received_fen": 123_45,
    }
    assert [cited.record for cited in finding.evidence] == [contract, paper]


@pytest.mark.parametrize(
    ("start", "months"),
    [
        ({"start": "2026-01-01"}, 1),
        ({"start": "2026-01-28"}, 1),
        ({"start": "2026-01-29"}, 0),
        ({"start": "2026-03-01"}, 0),
        ({}, 0),  # since when nobody says
    ],
)
def test_a_month_counts_when_it_is_over(start: dict[str, str], months: int) -> None:
    house = Treasury(units=[Flat("a1", 10_000)])
    house.open()
    engage(house, BOTH_BASES, **{"start": None} | start)
    house.set_clock("2026-02-27T12:00:00+08:00")
    received(house, 100_00)
    (figures,) = found(house, "remuneration.two_bases")
    assert (figures["months"], figures["receivable_fen"]) == (months, months * 320_00)
    assert figures["received_fen"] == (0 if start == {"start": "2026-03-01"} else 100_00)


def test_of_two_rates_nobody_knows_what_the_bases_make() -> None:
    house = Treasury(units=[Flat("a1", 10_000)])
    engage(house, "酬金按实收10%、应收8%；公寓3.2元/㎡·月", start="2025-12-05")
    (figures,) = found(house, "remuneration.two_bases")
    assert (figures["receivable_fen"], figures["on_receivable_fen"], figures["on_received_fen"]) == (320_00, "", "")


@pytest.mark.parametrize(
    "unit", [Flat("o1", 10_000, use="office"), Flat("x1", 10_000, use="other"), Flat("s1", 10_000, use="storage")]
)
def test_what_is_receivable_is_not_known_where_a_use_has_no_tariff(unit: Flat) -> None:
    house = Treasury(units=[Flat("a1", 10_000), unit])
    engage(house, BOTH_BASES)
    (figures,) = found(house, "remuneration.two_bases")
    assert (figures["receivable_fen"], figures["on_receivable_fen"], figures["on_received_fen"]) == ("", "", 0)


def test_spaces_that_do_not_count_owe_no_fee() -> None:
    house = Treasury(units=[Flat("a1", 10_000), Flat("p1", 1_000, use="parking", counts_area=False)])
    engage(house, BOTH_BASES, start="2025-12-05")
    house.set_clock("2026-01-05T12:00:00+08:00")
    house.document()
    assert [figures["receivable_fen"] for figures in found(house, "remuneration.two_bases")] == [320_00]


@pytest.mark.parametrize(
    ("area", "tariff", "fen"),
    [
        (49, "0.01", ""),
        (50, "0.01", 1),
        (10_000, "1000000", MOST // 1000),
        (10_000, "1000000.01", ""),  # more than any book can hold: a slip of the pen
    ],
)
def test_the_fees_of_a_month_to_the_fen(area: int, tariff: str, fen: int | str) -> None:
    house = Treasury(units=[Flat("a1", area)])
    engage(house, f"酬金10%，按实收或应收；公寓{tariff}元/㎡·月", start="2025-12-05")
    house.set_clock("2026-01-05T12:00:00+08:00")
    house.document()
    assert [figures["receivable_fen"] for figures in found(house, "remuneration.two_bases")] == [fen]


def test_two_tariffs_of_one_use_make_nothing_known() -> None:
    house = Treasury(units=[Flat("a1", 10_000)])
    engage(house, "酬金10%，按实收或应收；公寓3.2、住宅2元/㎡·月")
    assert [figures["receivable_fen"] for figures in found(house, "remuneration.two_bases")] == [""]


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        (OF_RECEIVED, {}),
        (OF_RECEIVABLE, {}),
        ("按实收或应收结算", {}),
        (BOTH_BASES, {"direction": "in", "expected": []}),
        ("佣金按实收或应收的10%", {"object": "广告招商代理"}),
    ],
)
def test_one_base_or_no_pay_of_a_manager(notes: str, said: dict[str, Any]) -> None:
    house = treasury()
    engage(house, notes, **said)
    assert found(house, "remuneration.two_bases") == []


# --- over the rate -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paid", "over"), [(100_00, []), (100_01, []), (100_02, [2])])
def test_pay_beside_the_rate_of_what_was_received(paid: int, over: list[int]) -> None:
    """Each payment may be rounded by itself: a fen for each is nothing."""
    house = treasury()
    engage(house, OF_RECEIVED)
    received(house, 1_000_00)
    pay(house, paid)
    assert [figures["over_fen"] for figures in found(house, "remuneration.over_rate")] == over


@pytest.mark.parametrize(
    ("agreed", "paid", "met"),
    [
        ({}, 90_01, []),
        ({}, 90_02, [90_00]),
        ({"rate": "12/100"}, 120_00, []),
        ({"base": "receivable"}, 90_02, []),
        ({"categories": ["rent"]}, 2, [0]),
        ({"categories": ["collected_for_others"]}, 2, [0]),
        ({"trustee": "zhao"}, 90_02, []),
        ({"cap": 50_00}, 50_01, []),
        ({"cap": 50_00}, 50_02, [50_00]),
    ],
)
def test_terms_on_the_ledger_go_before_printed_ones(agreed: dict[str, Any], paid: int, met: list[int]) -> None:
    """By the contract's two bases nothing is known; the terms say which one holds."""
    house = treasury()
    engage(house, "10%酬金率；酬金按实收(合同)或应收(补充协议)")
    agree(house, **agreed)
    received(house, 1_000_00)
    received(house, 500_00, category="collected_for_others", nature="pass_through")
    pay(house, paid)
    assert [figures["allowed_fen"] for figures in found(house, "remuneration.over_rate")] == met


def test_of_a_budgets_items_nobody_can_reckon_the_pay() -> None:
    house = Treasury(units=[Flat("a1", 10_000)])
    house.open()
    engage(house, BOTH_BASES)
    agree(house, base="budget_items")
    pay(house, 90_02)
    assert found(house, "remuneration.over_rate") == []


def test_what_was_deducted_is_not_paid() -> None:
    house = treasury()
    contract = engage(house, OF_RECEIVED)
    terms_, row = agree(house), received(house, 1_000_00)
    row = pay(house, 90_00)
    assert found(house, "remuneration.over_rate") == []
    body = {"trust": "t1", "on": house.day, "amount": 7_00, "reason": "电梯困人", "evidence": house.letter}
    deducted = house.act("trust.deducted/1", body, by=BOTH)
    (finding,) = findings(house, "remuneration.over_rate")
    assert (finding.figures["allowed_fen"], finding.figures["over_fen"]) == (83_00, 7_00)
    assert [cited.record for cited in finding.evidence] == [contract, terms_, deducted, row]
    house.act("trust.deducted/1", body | {"amount": 0, "corrects": deducted}, by=BOTH)
    assert found(house, "remuneration.over_rate") == [], "what was corrected takes nothing off"


def test_a_cap_is_of_each_year_that_began() -> None:
    house = treasury()
    engage(house, OF_RECEIVED)
    agree(house, cap=50_00)
    received(house, 10_000_00)
    house.set_clock("2027-01-01T12:00:00+08:00")
    pay(house, 100_01)
    assert found(house, "remuneration.over_rate") == []
    pay(house, 1_00)
    assert [figures["over_fen"] for figures in found(house, "remuneration.over_rate")] == [1_01]


def test_of_two_agreements_nobody_says_which_a_payment_is_of() -> None:
    house = treasury()
    engage(house, "10%酬金率；酬金按实收(合同)或应收(补充协议)")
    agree(house)
    agree(house, code="t2")
    pay(house, 90_02)
    assert found(house, "remuneration.over_rate") == []


def test_terms_whose_place_was_taken_whole_are_no_second_agreement() -> None:
    house = treasury()
    engage(house, "10%酬金率；酬金按实收(合同)或应收(补充协议)")
    agree(house)
    agree(house, code="t2", rate="5/100", replaces="t1")
    received(house, 1_000_00)
    pay(house, 90_00)
    assert [figures["allowed_fen"] for figures in found(house, "remuneration.over_rate")] == [50_00]


def test_the_figures_of_pay_over_its_rate() -> None:
    house = treasury()
    contract = engage(house, OF_RECEIVED)
    received(house, 1_000_00)
    rows = [pay(house, 100_00), pay(house, 50_00, contract="")]
    (finding,) = findings(house, "remuneration.over_rate")
    assert finding.figures == {
        "contract": "c9",
        "count": 2,
        "paid_fen": 150_00,
        "base_fen": 1_000_00,
        "rate": "10/100",
        "allowed_fen": 100_00,
        "over_fen": 50_00,
    }
    assert [cited.record for cited in finding.evidence] == [contract, *rows]


@pytest.mark.parametrize(
    ("other", "met"),
    [
        ({"contract": "", "party": "zhao"}, 0),
        ({"contract": "", "party": ""}, 0),
        ({"contract": "c1"}, 0),
        ({"category": "lift"}, 0),
        ({"party": "zhao"}, 1),
    ],
)
def test_what_counts_as_this_contracts_pay(other: dict[str, str], met: int) -> None:
    house = treasury()
    engage(house, OF_RECEIVED)
    pay(house, 50_00, **other)
    assert len(found(house, "remuneration.over_rate")) == met


@pytest.mark.parametrize(
    ("expected", "category", "met"),
    [
        ([], "remuneration", 1),
        ([SHARED | {"category": "payroll"}], "payroll", 1),
        ([SHARED | {"category": "payroll"}], "remuneration", 1),
        ([SHARED | {"category": "payroll", "cycle": "month", "amount": 1}], "payroll", 0),
    ],
)
def test_pay_is_what_is_called_so_or_promised_as_a_share(
    expected: list[dict[str, Any]], category: str, met: int
) -> None:
    house = treasury()
    engage(house, OF_RECEIVED, expected=expected)
    pay(house, 50_00, category=category)
    assert len(found(house, "remuneration.over_rate")) == met


def test_what_is_passed_on_to_others_is_no_pay() -> None:
    house = treasury()
    passed = {"category": "collected_for_others", "nature": "pass_through"}
    engage(house, OF_RECEIVED, expected=[SHARED | passed])
    received(house, 50_00, **passed)
    pay(house, 50_00, **passed)
    assert found(house, "remuneration.over_rate") == []


def test_fees_after_the_last_pay_or_before_the_contract_are_no_base_of_it() -> None:
    house = treasury()
    engage(house, OF_RECEIVED, start="2026-01-10")
    received(house, 1_000_00)
    house.set_clock("2026-01-10T12:00:00+08:00")
    received(house, 300_00)
    house.set_clock("2026-01-15T12:00:00+08:00")
    received(house, 20_00)
    pay(house, 50_00)
    house.set_clock("2026-01-16T12:00:00+08:00")
    received(house, 1_000_00)
    assert [figures["base_fen"] for figures in found(house, "remuneration.over_rate")] == [320_00]


@pytest.mark.parametrize(
    ("start", "paid", "met"),
    [
        ("2026-01-01", 40_00, 0),
        ("2026-01-01", 40_02, 1),
        (None, 20_00, 0),  # since when nobody says: a month
        (None, 20_02, 1),
    ],
)
def test_pay_beside_the_rate_of_what_is_receivable(start: str | None, paid: int, met: int) -> None:
    """200.00 a month; the second month has begun."""
    house = Treasury(units=[Flat("a1", 10_000)])
    house.open()
    engage(house, OF_RECEIVABLE, start=start)
    house.set_clock("2026-02-15T12:00:00+08:00")
    pay(house, paid)
    assert len(found(house, "remuneration.over_rate")) == met


@pytest.mark.parametrize("notes", [BOTH_BASES, "酬金10%", "酬金按实收", OF_RECEIVABLE])
def test_where_rate_or_base_are_not_known_nothing_is_over_it(notes: str) -> None:
    house = treasury()
    engage(house, notes)
    pay(house, 50_00)
    assert found(house, "remuneration.over_rate") == []


@pytest.mark.parametrize("notes", [BOTH_BASES, "费用另议"])
def test_the_communitys_own_rate_stands_before_a_printed_one(notes: str) -> None:
    house = Treasury(profile=profile_with("trust.rate", '"5/100"'))
    house.open()
    engage(house, notes)
    received(house, 1_000_00)
    pay(house, 100_00)
    (figures,) = found(house, "remuneration.over_rate")
    assert (figures["rate"], figures["allowed_fen"]) == ("5/100", 50_00)
