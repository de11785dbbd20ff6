"""The trustee's pay in a report: by both bases, cap and deductions, year by year, beside what was paid (TL 35, 36; law.md §6)."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, fees, spent, treasury
from tests.audit.reports.drawn import drawn, rows, said
from tests.community import BOTH, Flat


def agreed(house: Treasury, **other: Any) -> str:
    body: dict[str, Any] = {
        "code": "t1",
        "trustee": "lift",
        "document": house.letter,
        "start": "2026-01-01",
        "until": "2028-12-31",
    }
    body |= {"rate": "9/100", "base": "received", "categories": ["service_fee"]}
    return house.act("trust.agreed/1", body | {"fund": "service_fee", "category": "remuneration"} | other, by=BOTH)


def deducted(house: Treasury, amount: int, **other: Any) -> str:
    body = {"trust": "t1", "on": house.day, "amount": amount, "reason": "迟报", "evidence": house.letter}
    return house.act("trust.deducted/1", body | other, by=BOTH)


def test_terms_that_others_replace_end_the_day_before_and_deductions_go_with_their_days() -> None:
    house = treasury()
    house.set_clock("2026-03-02T09:00:00+08:00")
    agreed(house)
    received(house, 1_000_00)
    deducted(house, 7_00, on="2026-02-28")
    deducted(house, 5_00, on="2026-03-01")
    agreed(house, code="t2", rate="1/10", start="2026-03-01", until="2027-02-28", replaces="t1")
    report = drawn(house, "trust")
    assert "terms_overlap" not in said(report, "pay")
    years = [(y["trust"], y["from_day"], y["to_day"], y["deducted_fen"]) for y in rows(report, "pay", "pay_years")]
    assert years == [("t1", "2026-01-01", "2026-02-28", 7_00), ("t2", "2026-03-01", "2026-12-31", 5_00)]


def test_terms_that_were_replaced_whole_count_for_nothing() -> None:
    house = treasury()
    agreed(house)
    agreed(house, code="t2", rate="1/10", replaces="t1")
    assert {year["trust"] for year in rows(drawn(house, "trust"), "pay", "pay_years")} == {"t2"}


def test_a_deduction_that_was_corrected_counts_no_more() -> None:
    house = treasury()
    agreed(house)
    received(house, 1_000_00)
    wrong = deducted(house, 500_00)
    right = deducted(house, 5_00, corrects=wrong)
    report = drawn(house, "trust")
    assert [year["deducted_fen"] for year in rows(report, "pay", "pay_years")] == [5_00]
    assert said(report, "pay")["deductions"][1] == {"trust": "t1", "count": 1, "amount_fen": 5_00}
    deducted(house, 0, corrects=right)
    assert "no_deductions" in said(drawn(house, "trust"), "pay")


def received(house: Treasury, amount: int, **other: Any) -> str:
    return house.take((house.day, amount, [fees(amount) | other]))[1]


def paid(house: Treasury, amount: int, **other: Any) -> str:
    part = spent(amount, category="remuneration", party="lift") | other
    return house.take((house.day, -amount, [{k: v for k, v in part.items() if v}]))[1]


def test_the_law_s_figures_by_a_budget_s_items() -> None:
    """514,384.39 spent on the budget's items, at 9 %: 46,294.5951, so 46,294.60 (law.md §6; TL 35)."""
    house = treasury()
    house.take((house.day, 600_000_00, [fees(600_000_00)]))
    agreed(house, base="budget_items", categories=["lift", "cleaning"])
    house.take((house.day, -514_384_39, [spent(500_000_00), spent(14_384_39, category="cleaning")]))
    paid(house, 46_294_60)
    report = drawn(house, "trust")
    assert said(report, "pay")["paid_within"] == (
        "agrees",
        {
            "trust": "t1",
            "base": "budget_items",
            "paid_fen": 46_294_60,
            "due_fen": 46_294_60,
            "over_fen": 0,
            "left_fen": 0,
            "count": 1,
        },
    )
    (year,) = rows(report, "pay", "pay_years")
    assert (year["base_fen"], year["rate"], year["earned_fen"], year["due_fen"]) == (
        514_384_39,
        "9/100",
        46_294_60,
        46_294_60,
    )


@pytest.mark.parametrize(
    ("amount", "code", "over"), [(90_00, "paid_within", 0), (90_01, "paid_within", 1), (90_02, "paid_over", 2)]
)
def test_each_payment_may_be_rounded_by_itself(amount: int, code: str, over: int) -> None:
    house = treasury()
    agreed(house)
    received(house, 1_000_00)
    row = paid(house, amount)
    report = drawn(house, "trust")
    state, figures = said(report, "pay")[code]
    assert state == ("differs" if code == "paid_over" else "agrees")
    assert (figures["due_fen"], figures["over_fen"]) == (90_00, over)
    (payment,) = rows(report, "pay", "pay_paid")
    assert payment["amount_fen"] == amount
    cited = {place["record"] for one in report["sections"] for s in one["said"] for place in s.get("evidence", ())}
    assert row in cited


def test_deductions_come_off_and_the_cap_holds_for_each_year_of_the_terms() -> None:
    house = treasury()
    agreed(house, cap=80_00)
    received(house, 1_000_00)
    deducted(house, 5_00)
    house.set_clock("2027-02-01T09:00:00+08:00")
    received(house, 500_00)
    years = rows(drawn(house, "trust", "2026-01-01", "2027-12-31"), "pay", "pay_years")
    told = [
        (y["from_day"], y["to_day"], y["base_fen"], y["earned_fen"], y["deducted_fen"], y["cap_fen"], y["due_fen"])
        for y in years
    ]
    assert told == [
        ("2026-01-01", "2026-12-31", 1_000_00, 90_00, 5_00, 80_00, 80_00),
        ("2027-01-01", "2027-12-31", 500_00, 45_00, 0, 80_00, 45_00),
    ]


def test_terms_without_a_cap_say_so() -> None:
    capped, free = treasury(), treasury()
    agreed(capped, cap=5_00)
    agreed(free)
    assert said(drawn(capped, "trust"), "pay")["terms"][1]["cap_fen"] == 5_00
    assert "terms" not in said(drawn(free, "trust"), "pay")
    assert "cap_fen" not in said(drawn(free, "trust"), "pay")["terms_uncapped"][1]


def test_years_are_those_of_the_terms_cut_to_the_days_audited() -> None:
    house = treasury()
    agreed(house, start="2026-03-15", until="2027-03-14")
    received(house, 1_000_00)
    years = rows(drawn(house, "trust", "2026-01-01", "2028-12-31"), "pay", "pay_years")
    assert [(y["from_day"], y["to_day"], y["base_fen"]) for y in years] == [("2026-03-15", "2027-03-14", 0)]
    cut = rows(drawn(house, "trust", "2026-05-01", "2026-12-31"), "pay", "pay_years")
    assert [(y["from_day"], y["to_day"]) for y in cut] == [("2026-05-01", "2026-12-31")]
    later = drawn(house, "trust", "2027-03-15", "2027-12-31")
    assert "no_terms" in said(later, "pay")


def test_two_papers_two_bases_and_both_computed() -> None:
    """A flat of 100 m² at 3.20 owes 320.00 a month; of two whole months 640.00 is receivable."""
    house = Treasury(units=[Flat("a1", 10_000)])
    house.open()
    notes = {
        "code": "c9",
        "direction": "out",
        "object": "物业服务合同",
        "party": "lift",
        "notes": "酬金10%；公寓3.2元/㎡·月",
    }
    house.act("contract.entered/1", notes, by=["chair"])
    agreed(house, rate="1/10", other_base="receivable")
    received(house, 500_00)
    paid(house, 60_00)
    house.set_clock("2026-02-28T09:00:00+08:00")
    house.document()
    told = said(drawn(house, "trust"), "pay")
    assert told["paid_over"][1]["due_fen"] == 50_00
    assert told["paid_over"][1]["over_fen"] == 10_00
    assert told["other_within"][0] == "open"
    assert told["other_within"][1]["due_fen"] == 64_00
    assert "base_unknown" not in told


def test_months_that_are_not_over_are_not_receivable_yet() -> None:
    """The prefix ends in the middle of March: two months are over, though the whole year is audited."""
    house = Treasury(units=[Flat("a1", 10_000)])
    house.open()
    notes = {
        "code": "c9",
        "direction": "out",
        "object": "物业服务合同",
        "party": "lift",
        "notes": "酬金10%；公寓3.2元/㎡·月",
    }
    house.act("contract.entered/1", notes, by=["chair"])
    agreed(house, base="receivable")
    house.set_clock("2026-03-15T09:00:00+08:00")
    house.document()
    assert [year["base_fen"] for year in rows(drawn(house, "trust"), "pay", "pay_years")] == [640_00]


def test_a_base_that_the_ledger_does_not_say_is_no_figure() -> None:
    house = treasury()
    agreed(house, base="receivable")
    report = drawn(house, "trust")
    assert said(report, "pay")["base_unknown"][0] == "absent"
    assert [year["due_fen"] for year in rows(report, "pay", "pay_years")] == [""]


@pytest.mark.parametrize(
    ("other", "counted"),
    [({}, 1), ({"party": ""}, 1), ({"party": "zhao"}, 0), ({"category": "lift"}, 0), ({"fund": "common_income"}, 1)],
)
def test_what_counts_as_pay(other: dict[str, Any], counted: int) -> None:
    house = treasury()
    agreed(house)
    paid(house, 5_00, **other)
    report = drawn(house, "trust")
    assert len(rows(report, "pay", "pay_paid")) == counted
    assert ("other_fund" in said(report, "pay")) == ("fund" in other)


def test_what_a_contra_took_back_was_not_paid() -> None:
    house = treasury()
    agreed(house)
    row = paid(house, 5_00)
    house.contra(row)
    assert rows(drawn(house, "trust"), "pay", "pay_paid") == []


def test_without_terms_that_is_said_and_what_a_contract_prints_is_shown_as_printed() -> None:
    house = treasury()
    assert list(said(drawn(house, "trust"), "pay").items()) == [("no_terms", ("absent", {}))]
    notes = {"code": "c9", "direction": "out", "object": "物业服务合同", "party": "lift", "notes": "酬金按实收的10%"}
    house.act("contract.entered/1", notes, by=["chair"])
    received(house, 500_00)
    told = said(drawn(house, "trust"), "pay")
    assert told["no_terms"][0] == "absent"
    assert told["printed_terms"] == (
        "open",
        {
            "contract": "c9",
            "paid_fen": 0,
            "received_fen": 500_00,
            "rate": "10/100",
            "bases": "received",
            "on_received_fen": 50_00,
        },
    )


def test_a_payment_is_one_under_the_terms_that_began_last_before_it() -> None:
    """New terms follow old ones within a year: what is paid under the new ones is not too much under the old."""
    house = treasury()
    agreed(house, until="2026-01-31")
    agreed(house, code="t2", start="2026-02-01", rate="1/10")
    received(house, 1_000_00)
    paid(house, 90_00)
    house.set_clock("2026-02-01T09:00:00+08:00")
    received(house, 1_000_00)
    paid(house, 100_00)
    (pay,) = (one for one in drawn(house, "trust")["sections"] if one["code"] == "pay")
    beside = [s["figures"] for s in pay["said"] if s["code"] == "paid_within"]
    assert [(f["trust"], f["due_fen"], f["paid_fen"]) for f in beside] == [("t1", 90_00, 90_00), ("t2", 100_00, 100_00)]
    assert "terms_overlap" not in said(drawn(house, "trust"), "pay")


def test_terms_for_the_same_days_are_said() -> None:
    house = treasury()
    agreed(house, until="2026-03-31")
    agreed(house, code="t2", start="2026-03-31", rate="1/10")
    figures = {"trust": "t1", "other": "t2", "start_day": "2026-03-31", "end_day": "2026-03-31"}
    assert said(drawn(house, "trust"), "pay")["terms_overlap"] == ("open", figures)


def test_pay_is_no_part_of_the_base_that_it_is_a_share_of() -> None:
    house = treasury()
    agreed(house, base="budget_items", categories=["lift", "remuneration"])
    house.take((house.day, -100_00, [spent(100_00)]))
    paid(house, 9_00)
    assert [year["base_fen"] for year in rows(drawn(house, "trust"), "pay", "pay_years")] == [100_00]
