"""Work that a contract already pays for, each case beside the nearest that it does not."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.checks.asked import findings, found

PROMISE = {
    "cycle": "month", "amount": 23_100_00, "fund": "service_fee", "category": "cleaning", "nature": "expense",
}  # fmt: skip


def contract(house: Treasury, **said: Any) -> str:
    body = {
        "code": "c9",
        "direction": "out",
        "object": "清洁绿化消杀外包",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "expected": [PROMISE],
    }
    return house.act("contract.entered/1", body | said, by=["chair"])


def waste(house: Treasury, text: str = "4吨车清运绿化垃圾", day: str = "", **said: Any) -> tuple[str, str]:
    """A paper that bills a trip, and its payment."""
    paper = house.document(
        "函", lines=[{"text": "运费", "amount_printed": 1_00}, {"text": text, "amount_printed": 80_00}]
    )
    day = day or house.day
    return paper, house.take((day, -81_00, [spent(81_00, document=paper) | said]))[1]


def test_a_service_paid_beside_its_contract() -> None:
    house = treasury()
    agreed = contract(house)
    papers = [waste(house), waste(house, "垃圾清运")]
    (met,) = findings(house, "repeated.service")
    assert [cited.record for cited in met.evidence] == [agreed, *papers[0], *papers[1]]
    assert [cited.part for cited in met.evidence] == ["", "lines/1", "parts/0", "lines/1", "parts/0"]
    assert met.figures == {"contract": "c9", "object": "清洁绿化消杀外包", "amount_fen": 160_00}


@pytest.mark.parametrize("text", ["黄金叶苗", "垃圾桶", "电梯轿厢按钮", "消防应急柜", "装修垃圾清运"])
def test_goods_and_other_work_are_no_service_of_it(text: str) -> None:
    house = treasury()
    contract(house)
    waste(house, text)
    assert found(house, "repeated.service") == []


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({}, 1),
        ({"direction": "in"}, 0),
        ({"object": "消防维保"}, 0),
        ({"start": "2026-01-05"}, 1),
        ({"start": "2026-01-06"}, 0),
        ({"start": "2026-01-01", "end": "2026-01-05"}, 1),
        ({"start": "2026-01-01", "end": "2026-01-04"}, 0),
    ],
)
def test_while_the_contract_ran(said: dict[str, Any], met: int) -> None:
    house = treasury()
    contract(house, **said)
    waste(house, day="2026-01-05")
    assert len(found(house, "repeated.service")) == met


def test_a_contract_without_days_says_not_when_it_ran() -> None:
    house = treasury()
    body = {"code": "c9", "direction": "out", "object": "清洁绿化消杀外包"}
    house.act("contract.entered/1", body, by=["chair"])
    waste(house)
    assert found(house, "repeated.service") == []


def test_a_contract_without_an_end_says_not_until_when_it_ran() -> None:
    house = treasury()
    body = {"code": "c9", "direction": "out", "object": "清洁绿化消杀外包", "start": "2026-01-01"}
    house.act("contract.entered/1", body, by=["chair"])
    waste(house)
    assert len(found(house, "repeated.service")) == 1


def test_a_bill_whose_line_has_no_amount() -> None:
    house = treasury()
    contract(house)
    paper = house.document("函", lines=[{"text": "垃圾清运"}, {"text": "草坪修剪", "amount_printed": 7_00}])
    house.take((house.day, -81_00, [spent(81_00, document=paper)]))
    assert [met["amount_fen"] for met in found(house, "repeated.service")] == [7_00]


def test_what_is_paid_under_a_contract_is_its_own() -> None:
    house = treasury()
    contract(house)
    waste(house, contract="c1")
    assert found(house, "repeated.service") == []


@pytest.mark.parametrize(
    ("party", "amount", "met"), [("lift", 23_100_00, 0), ("lift", 81_00, 1), ("zhao", 23_100_00, 1)]
)
def test_the_contracts_own_instalment_without_its_code(party: str, amount: int, met: int) -> None:
    house = Treasury()
    house.open(opening={"service_fee": 90_000_00})
    contract(house, party="lift")
    paper = house.document("函", lines=[{"text": "保洁服务", "amount_printed": amount}])
    house.take((house.day, -amount, [spent(amount, document=paper, party=party)]))
    assert len(found(house, "repeated.service")) == met


def test_a_bill_that_is_not_paid_is_nothing_yet() -> None:
    house = treasury()
    contract(house)
    house.document("函", lines=[{"text": "垃圾清运", "amount_printed": 80_00}])
    assert found(house, "repeated.service") == []


def test_the_contracts_own_paper() -> None:
    house = treasury()
    paper, _ = waste(house, "清扫与垃圾清运")
    contract(house, document=paper)
    assert found(house, "repeated.service") == []


def staff(house: Treasury, text: str = "保洁（无餐补）", quantity: str = "7", price: str = "3300") -> str:
    line = {"text": text, "quantity_printed": quantity, "unit_printed": "人/月", "price_printed": price}
    return house.document("人员薪资标准", lines=[{"text": "经理"}, line])


def test_a_pay_list_at_just_the_price_of_a_contract() -> None:
    house = treasury()
    paper, agreed = staff(house), contract(house, document=house.letter)
    row = house.take((house.day, -5_00, [spent(5_00, contract="c9")]))[1]
    house.take((house.day, -6_00, [spent(6_00)]))
    (met,) = findings(house, "repeated.staff")
    assert [cited.record for cited in met.evidence] == [paper, agreed, house.letter, row]
    assert met.figures["amount_fen"] == 23_100_00


@pytest.mark.parametrize(
    "other",
    [{"text": "维修员"}, {"quantity": "6"}, {"price": "3300.01"}, {"price": "面议"}, {"quantity": "若干"}],
)
def test_a_pay_list_of_others_or_at_another_price(other: dict[str, str]) -> None:
    house = treasury()
    staff(house, **other)
    contract(house)
    assert found(house, "repeated.staff") == []


@pytest.mark.parametrize(
    "said", [{"direction": "in"}, {"object": "电梯维保"}, {"expected": []}, {"expected": [PROMISE | {"cycle": "year"}]}]
)
def test_a_contract_for_something_else(said: dict[str, Any]) -> None:
    house = treasury()
    staff(house)
    contract(house, **said)
    assert found(house, "repeated.staff") == []


def test_a_contract_of_no_fixed_amount_and_people_of_no_fixed_pay() -> None:
    house = treasury()
    staff(house, price="面议")
    contract(house, expected=[PROMISE | {"amount": 0}])
    assert found(house, "repeated.staff") == []


def test_a_contract_whose_paper_is_the_pay_list() -> None:
    house = treasury()
    contract(house, document=staff(house))
    assert found(house, "repeated.staff") == []


def lamp(house: Treasury, text: str, price: str = "15") -> str:
    return house.document("函", lines=[{"text": text, "price_printed": price}])


def test_one_price_for_two_measures() -> None:
    house = treasury()
    papers = [lamp(house, "LED灯泡7瓦"), lamp(house, "LED灯泡5瓦")]
    (met,) = findings(house, "repeated.price")
    assert [cited.record for cited in met.evidence] == papers
    assert met.figures == {"one": "LED灯泡5瓦", "other": "LED灯泡7瓦", "price_fen": 15_00}


def test_measures_without_a_price_have_none_in_common() -> None:
    house = treasury()
    for watts in (5, 7):
        house.document("函", lines=[{"text": f"LED灯泡{watts}瓦"}])
        lamp(house, f"LED灯管{watts}瓦", "面议")
    assert found(house, "repeated.price") == []


@pytest.mark.parametrize(
    ("text", "price"), [("LED灯泡7瓦", "15"), ("LED灯泡5瓦", "14"), ("LED灯管5瓦", "15"), ("LED灯泡5瓦", "面议")]
)
def test_one_kind_or_two_prices(text: str, price: str) -> None:
    house = treasury()
    lamp(house, "LED灯泡7瓦")
    lamp(house, text, price)
    assert found(house, "repeated.price") == []


def test_numbers_that_are_no_measure() -> None:
    house = treasury()
    lamp(house, "1栋门禁")
    lamp(house, "2栋门禁")
    assert found(house, "repeated.price") == []


def test_two_measures_on_one_paper() -> None:
    house = treasury()
    lines = [{"text": f"LED灯泡{n}瓦", "price_printed": "15"} for n in (5, 7)]
    house.document("函", lines=lines)
    assert found(house, "repeated.price") == []
