"""One thing paid or claimed more than once, each case beside the nearest that is not."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.checks.asked import findings, found

CARDS: dict[str, Any] = {
    "text": "门禁卡",
    "quantity_printed": "200",
    "unit_printed": "张",
    "price_printed": "1",
    "amount_printed": 200_00,
}


def paper(house: Treasury, *lines: dict[str, Any], **said: Any) -> str:
    return house.document("函", lines=list(lines), **said)


def pay(house: Treasury, amount: int = 200_00, **said: Any) -> str:
    """A payment to the lift firm that the bank made; its row."""
    return house.take((house.day, -amount, [spent(amount, party="lift") | said]))[1]


def twice(house: Treasury, first: str, second: str, days: int = 0) -> list[str]:
    """Two payments on these papers (an empty text: on none), so many days apart."""
    rows = [pay(house, document=first) if first else pay(house)]
    house.advance(days=days)
    return [*rows, pay(house, document=second) if second else pay(house)]


def test_the_same_cards_eight_weeks_later() -> None:
    house = treasury()
    first, second = paper(house, CARDS, period_printed="2026-01"), paper(house, CARDS, period_printed="2026-03")
    rows = twice(house, first, second, days=58)
    (met,) = findings(house, "repeated.payment")
    assert [cited.record for cited in met.evidence] == [*reversed(rows), first, second]
    assert (met.figures["payee_party"], met.figures["amount_fen"], met.figures["count"]) == ("lift", 200_00, 2)
    assert (met.figures["first_day"], met.figures["last_day"]) == ("2026-01-05", house.day)


@pytest.mark.parametrize(("days", "met"), [(90, 1), (91, 0)])
def test_within_a_quarter(days: int, met: int) -> None:
    house = treasury()
    twice(house, paper(house, CARDS), paper(house, CARDS), days)
    assert len(found(house, "repeated.payment")) == met


@pytest.mark.parametrize(
    ("changed", "met"),
    [
        ({"text": "文件柜"}, 0),  # two things of one price
        ({"quantity_printed": "100"}, 0),
        ({"price_printed": "2"}, 0),
        ({}, 1),
    ],
)
def test_what_the_papers_say_must_be_the_same(changed: dict[str, str], met: int) -> None:
    house = treasury()
    twice(house, paper(house, CARDS), paper(house, CARDS | changed))
    assert len(found(house, "repeated.payment")) == met


def test_papers_without_lines_say_nothing() -> None:
    house = treasury()
    twice(house, paper(house), paper(house))
    assert found(house, "repeated.payment") == []


@pytest.mark.parametrize(
    ("unit", "periods", "met"),
    [
        ("月", ("2026-01", "2026-02"), 0),
        ("月", ("2026-01", "2026-01"), 1),
        ("月", ("2026-01", ""), 1),
        ("月", ("", "2026-01"), 1),
        ("车", ("2026-01", "2026-02"), 0),
        ("张", ("2026-01", "2026-02"), 1),
        ("", ("2026-01", "2026-02"), 0),
    ],
)
def test_a_service_for_another_time_is_another_thing(unit: str, periods: tuple[str, str], met: int) -> None:
    house = treasury()
    line = {name: value for name, value in (CARDS | {"unit_printed": unit}).items() if value}
    first, second = (paper(house, line, **({"period_printed": p} if p else {})) for p in periods)
    twice(house, first, second, days=30)
    assert len(found(house, "repeated.payment")) == met


@pytest.mark.parametrize(("other", "met"), [({}, 1), ({"party": "zhao"}, 0), ({"amount": 200_01}, 0)])
def test_payee_and_amount_must_be_the_same(other: dict[str, Any], met: int) -> None:
    house = treasury()
    pay(house, document=house.letter)
    pay(house, **({"document": house.letter} | other))
    assert len(found(house, "repeated.payment")) == met


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"kind": "letter"}, 1),
        ({"kind": "contract"}, 0),
        ({"total_printed": 399_99}, 1),
        ({"total_printed": 400_00}, 0),  # it is paid in two
    ],
)
def test_one_paper_paid_twice(said: dict[str, Any], met: int) -> None:
    house = treasury()
    of = house.document("维保", **said)
    twice(house, of, of)
    assert len(found(house, "repeated.payment")) == met


def test_payments_to_nobody_named_are_not_compared() -> None:
    house = treasury()
    for _ in range(2):
        house.advance(days=1)
        house.take((house.day, -200_00, [spent(200_00, document=house.letter)]))
    assert found(house, "repeated.payment") == []


def test_one_payment_with_a_paper_and_one_without() -> None:
    house = treasury()
    twice(house, house.letter, "", days=20)
    assert len(found(house, "repeated.payment")) == 1
    first = treasury()
    twice(first, "", first.letter, days=20)
    assert len(found(first, "repeated.payment")) == 1
    other = treasury()
    twice(other, "", "", days=20)
    assert found(other, "repeated.payment") == []


@pytest.mark.parametrize(("days", "met"), [(24, 1), (25, 0), (35, 0), (36, 1)])
def test_pay_month_by_month_is_not_repeated(days: int, met: int) -> None:
    house = treasury()
    twice(house, house.letter, "", days=days)
    house.advance(days=days)
    pay(house)
    assert len(found(house, "repeated.payment")) == met


def test_stages_of_one_application_and_instalments_are_not_repeated() -> None:
    house = treasury()
    application = house.approved(200_00, 200_00, document=house.letter)
    for stage in range(2):
        house.take((house.day, -200_00, [{"amount": -200_00, "settles": f"{application}#{stage}"}]))
    assert found(house, "repeated.payment") == []
    promise = {"cycle": "month", "amount": 200_00, "fund": "service_fee", "category": "lift", "nature": "expense"}
    body = {"code": "c9", "direction": "out", "object": "维保", "party": "lift", "expected": [promise]}
    house.act("contract.entered/1", body, by=["chair"])
    for _ in range(2):
        pay(house, document=house.letter, contract="c9")
    assert found(house, "repeated.payment") == []
    for _ in range(2):
        pay(house, 150_00, document=house.letter, contract="c9")
    assert len(found(house, "repeated.payment")) == 1


def test_what_a_contract_promises_once_is_repeated() -> None:
    house = treasury()
    promise = {"cycle": "once", "amount": 200_00, "fund": "service_fee", "category": "lift", "nature": "expense"}
    body = {"code": "c9", "direction": "out", "object": "清洗", "party": "lift", "expected": [promise]}
    house.act("contract.entered/1", body, by=["chair"])
    for _ in range(2):
        pay(house, document=house.letter, contract="c9")
    assert len(found(house, "repeated.payment")) == 1


def test_two_applications_on_one_paper_are_repeated() -> None:
    house = treasury()
    for _ in range(2):
        application = house.approved(200_00, document=house.letter)
        house.take((house.day, -200_00, [{"amount": -200_00, "settles": f"{application}#0"}]))
    assert len(found(house, "repeated.payment")) == 1


def test_three_payments_of_one_thing_are_one_finding() -> None:
    house = treasury()
    papers = [paper(house, CARDS) for _ in range(3)]
    for of in papers:
        pay(house, document=of)
        house.advance(days=10)
    assert [met["count"] for met in found(house, "repeated.payment")] == [3]


def test_what_was_taken_back_is_not_repeated() -> None:
    house = treasury()
    _, second = twice(house, house.letter, house.letter)
    house.contra(second)
    assert found(house, "repeated.payment") == []


@pytest.mark.parametrize(("amount", "days", "met"), [(200_00, 90, 1), (200_00, 91, 0), (200_01, 1, 0)])
def test_an_unexplained_row_of_the_amount_of_a_payment(amount: int, days: int, met: int) -> None:
    house = treasury()
    paid = pay(house, document=house.letter)
    house.advance(days=days)
    row = house.take((house.day, -amount))[1]
    cited = [[c.record for c in f.evidence] for f in findings(house, "repeated.unexplained")]
    assert cited == [[row, paid, house.letter]] * met


def test_an_unexplained_receipt_or_a_contracts_instalment_is_no_twin() -> None:
    house = treasury()
    pay(house)
    house.take((house.day, 200_00))
    assert found(house, "repeated.unexplained") == []
    promise = {"cycle": "month", "amount": 200_00, "fund": "service_fee", "category": "lift", "nature": "expense"}
    body = {"code": "c9", "direction": "out", "object": "维保", "expected": [promise]}
    house.act("contract.entered/1", body, by=["chair"])
    house.advance(days=1)
    house.take((house.day, -200_00))
    assert found(house, "repeated.unexplained") == []


def test_an_unexplained_row_of_what_a_contract_promises_once() -> None:
    house = treasury()
    promise = {"cycle": "once", "amount": 200_00, "fund": "service_fee", "category": "lift", "nature": "expense"}
    body = {"code": "c9", "direction": "out", "object": "清洗", "expected": [promise]}
    house.act("contract.entered/1", body, by=["chair"])
    pay(house, contract="c9")
    house.advance(days=1)
    house.take((house.day, -200_00))
    assert len(found(house, "repeated.unexplained")) == 1


def bill(house: Treasury, *lines: tuple[str, int], period: str = "2026-01", **said: Any) -> str:
    """A bill with lines, its total, and an application to pay it."""
    printed = [{"text": text, "amount_printed": amount} for text, amount in lines]
    total = sum(amount for _, amount in lines)
    of = paper(house, *printed, period_printed=period, total_printed=total)
    return house.apply_for(total, document=of, **said)


def drop(house: Treasury, application: str) -> None:
    house.act("withdrawal.dropped/1", {"application": application, "reason": "改报"}, by=["treasurer"])


def test_two_bills_for_the_same_time_and_meter() -> None:
    house = treasury()
    bill(house, ("11月电费", 100_00), ("12月电费", 90_00))
    bill(house, ("11月电费", 80_00), ("12月电费", 90_00))
    (met,) = findings(house, "repeated.claim")
    assert [cited.part for cited in met.evidence] == ["lines/0", "lines/0", "lines/1", "lines/1"]
    assert (met.figures["one_fen"], met.figures["other_fen"]) == (190_00, 170_00)
    assert found(house, "repeated.replaced") == []


@pytest.mark.parametrize("text", ["1月保洁费", "电费"])
def test_what_is_for_a_time_or_from_a_meter_is_billed(text: str) -> None:
    house = treasury()
    bill(house, (text, 100_00))
    bill(house, (text, 100_00))
    assert len(found(house, "repeated.claim")) == 1


def test_two_lines_of_one_bill_are_not_two_bills() -> None:
    house = treasury()
    bill(house, ("1月电费", 100_00), ("1月电费", 100_00))
    assert found(house, "repeated.claim") == []


@pytest.mark.parametrize(
    ("text", "met"), [("1月电费", 0), ("1月电费（户号：000123）", 1), ("1月电费（No. 000123）", 1)]
)
def test_bills_of_two_amounts_are_two_meters_unless_they_name_one(text: str, met: int) -> None:
    house = treasury()
    bill(house, (text, 100_00))
    bill(house, (text, 80_00))
    assert len(found(house, "repeated.claim")) == met


@pytest.mark.parametrize(
    "other",
    [
        {"period": "2026-02"},
        {"party": "zhao"},
        {"text": "1月电费（户号002）"},
        {"text": "2月电费"},
    ],
)
def test_bills_for_another_time_meter_or_supplier(other: dict[str, str]) -> None:
    house = treasury()
    bill(house, ("1月电费", 100_00))
    bill(house, (other.pop("text", "1月电费"), 100_00), **other)
    assert found(house, "repeated.claim") == []


def test_how_papers_are_named() -> None:
    house = treasury()
    line = {"text": "1月电费", "amount_printed": 100_00}
    papers = [
        paper(house, line, period_printed="2026-01", **said)
        for said in (
            {"number_printed": "甲1号", "total_printed": 100_00},
            {},
            {"number_printed": "乙2号", "total_printed": 90_00},
        )
    ]
    for of in papers:
        house.apply_for(100_00, document=of)
    first, second, third = found(house, "repeated.claim")
    assert first == {"one": "甲1号", "other": "函", "one_fen": 100_00, "other_fen": 0}
    assert second == {"one": "甲1号", "other": "乙2号", "one_fen": 100_00, "other_fen": 90_00}
    assert third == {"one": "函", "other": "乙2号", "one_fen": 0, "other_fen": 90_00}


def test_lines_without_an_amount_bill_nothing() -> None:
    house = treasury()
    for _ in range(2):
        house.apply_for(100_00, document=paper(house, {"text": "1月电费"}, period_printed="2026-01"))
    assert found(house, "repeated.claim") == []


def test_things_bought_twice_in_a_month_are_no_bill() -> None:
    house = treasury()
    bill(house, ("灯泡", 100_00))
    bill(house, ("灯泡", 100_00))
    assert found(house, "repeated.claim") == []


def test_a_bill_that_nobody_asked_to_pay_is_no_claim() -> None:
    house = treasury()
    bill(house, ("1月电费", 100_00))
    paper(house, {"text": "1月电费", "amount_printed": 100_00}, period_printed="2026-01")
    assert found(house, "repeated.claim") == []


def test_a_bill_paid_at_once_is_a_claim() -> None:
    house = treasury()
    bill(house, ("1月电费", 100_00))
    other = paper(house, {"text": "1月电费", "amount_printed": 100_00}, period_printed="2026-01")
    pay(house, 100_00, document=other)
    assert len(found(house, "repeated.claim")) == 1


@pytest.mark.parametrize(("second", "met"), [(95_00, 1), (100_00, 0)])
def test_a_claim_given_up_for_another_amount(second: int, met: int) -> None:
    house = treasury()
    first = bill(house, ("11月电费", 10_00), ("12月电费", 90_00))
    bill(house, ("11月电费", second - 90_00), ("12月电费", 90_00))
    drop(house, first)
    assert [f["one_fen"] for f in found(house, "repeated.replaced")] == [100_00] * met
    assert found(house, "repeated.claim") == []


def test_two_claims_given_up_are_nothing() -> None:
    house = treasury()
    for amount in (100_00, 80_00):
        drop(house, bill(house, ("12月电费", amount)))
    assert found(house, "repeated.replaced") == found(house, "repeated.claim") == []


def test_a_claim_given_up_once_and_made_again_stands() -> None:
    house = treasury()
    first = bill(house, ("12月电费", 100_00))
    drop(house, first)
    body = house.past.entries[-2].record.body
    house.apply_for(100_00, document=body["document"])
    bill(house, ("12月电费", 100_00))
    assert len(found(house, "repeated.claim")) == 1


def test_a_claim_given_up_whose_paper_was_paid_stands() -> None:
    house = treasury()
    first = bill(house, ("12月电费", 100_00))
    of = house.past.entries[-1].record.body["document"]
    drop(house, first)
    bill(house, ("12月电费", 100_00))
    assert found(house, "repeated.claim") == []
    pay(house, 100_00, document=of)
    assert len(found(house, "repeated.claim")) == 1


def form(house: Treasury, dated: str, subject: str = "外墙排污管修复", total: int = 200_00, kind: str = "form") -> str:
    return house.document(subject, kind=kind, dated=dated, total_printed=total)


def test_one_project_in_two_forms() -> None:
    house = treasury()
    letter = form(house, "2026-01-10", kind="letter")
    forms = [form(house, "2026-01-14"), form(house, "2026-01-28", "外墙排污管修复（二）")]
    row = pay(house, document=letter)
    (met,) = findings(house, "repeated.forms")
    assert [cited.record for cited in met.evidence] == [*forms, letter, row]
    assert met.figures == {"subject": "外墙排污管修复", "amount_fen": 200_00, "count": 2, "paid_count": 1}


def test_a_form_without_a_day_counts_from_its_entry() -> None:
    house = treasury()
    for _ in range(2):
        house.document("外墙排污管修复", kind="form", total_printed=200_00)
        house.advance(days=1)
    assert len(found(house, "repeated.forms")) == 1


def test_forms_without_an_amount_are_not_compared() -> None:
    house = treasury()
    for day in ("2026-01-14", "2026-01-28"):
        house.document("外墙排污管修复", kind="form", dated=day)
    assert found(house, "repeated.forms") == []


@pytest.mark.parametrize(
    ("second", "met"),
    [
        ({"dated": "2026-01-14"}, 0),  # the same form once more
        ({"dated": "2026-04-14"}, 1),
        ({"dated": "2026-04-15"}, 0),
        ({"dated": "2026-01-28", "kind": "letter"}, 0),  # a form and its letter
        ({"dated": "2026-01-28", "total": 200_01}, 0),
        ({"dated": "2026-01-28", "subject": "楼顶修复"}, 0),
    ],
)
def test_forms_that_are_not_several_of_one(second: dict[str, Any], met: int) -> None:
    house = treasury()
    form(house, "2026-01-14")
    form(house, **second)
    assert len(found(house, "repeated.forms")) == met
