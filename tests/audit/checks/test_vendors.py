"""Whom services are bought from: each finding, and the nearest ledger without one."""

from typing import Any

import pytest

from tests.accounts.treasury import CHART, Treasury, fees, spent, treasury
from tests.audit.checks.asked import findings, found
from tests.community import BOTH, OFFICERS, Community

MONTHLY = {"cycle": "month", "amount": 100_00, "fund": "service_fee", "category": "fire", "nature": "expense"}


def house_with(*parties: str, **options: Any) -> Treasury:
    house = Treasury(**options) if options else treasury()
    if options:
        house.open()
    for code in parties:
        house.party(code)
    return house


def agree(house: Treasury, code: str = "c9", **said: Any) -> str:
    """A contract to maintain fire equipment from the first of January."""
    body = {"code": code, "direction": "out", "object": "消防维保", "party": "ping", "start": "2026-01-01"}
    body |= {"expected": [MONTHLY]} | said
    return house.act("contract.entered/1", {k: v for k, v in body.items() if v is not None}, by=["chair"])


def pay(house: Treasury, on: str, amount: int = 100_00, **other: str) -> str:
    house.set_clock(f"{on}T12:00:00+08:00")
    part = spent(amount, category="fire", party="ping") | other
    return house.take((on, -amount, [{k: v for k, v in part.items() if v}]))[1]


def now(house: Treasury, day: str) -> None:
    house.set_clock(f"{day}T12:00:00+08:00")
    house.document()


# --- no contract --------------------------------------------------------------------------------------------------------


def test_a_service_paid_in_three_months_without_a_contract() -> None:
    house = house_with("ping")
    rows = [pay(house, f"2026-0{m}-15", m * 100_00, category="cleaning") for m in (1, 2)]
    assert found(house, "contract.none") == []
    rows.append(pay(house, "2026-03-15", 300_00, category="cleaning"))
    (finding,) = findings(house, "contract.none")
    assert finding.figures == {
        "party": "ping",
        "category": "cleaning",
        "count": 3,
        "months": 3,
        "amount_fen": 600_00,
    }
    assert [cited.record for cited in finding.evidence] == rows


@pytest.mark.parametrize(
    ("category", "amounts", "met"),
    [
        ("materials", (100_00, 200_00, 300_00), 0),  # goods, each time as many as were needed
        ("materials", (100_00, 100_00, 100_00), 3),  # the same amount again and again is an agreement
        ("materials", (100_00, 100_00, 300_00, 100_00), 3),
        ("water", (100_00, 100_00, 100_00), 0),
        ("payroll", (100_00, 100_00, 100_00), 0),
        ("waste", (100_00, 200_00, 300_00), 3),
        ("waste", (100_00, 200_00), 0),
    ],
)
def test_what_is_a_service_and_what_is_not(category: str, amounts: tuple[int, ...], met: int) -> None:
    house = house_with("ping")
    for month, amount in enumerate(amounts, start=1):
        pay(house, f"2026-0{month}-15", amount, category=category)
    assert sum(int(figures["count"]) for figures in found(house, "contract.none")) == met


def test_three_times_in_one_month_is_not_three_months() -> None:
    house = house_with("ping")
    for day in ("06", "15", "25"):
        pay(house, f"2026-01-{day}", category="cleaning")
    assert found(house, "contract.none") == []


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({}, 0),
        ({"expected": []}, 0),
        ({"party": "lift"}, 1),
        ({"direction": "in"}, 1),
        ({"expected": [MONTHLY | {"category": "lift"}]}, 1),
        ({"start": None}, 0),
        ({"start": "2026-01-16"}, 0),  # paid once before it is nothing yet
        ({"start": "2026-03-15"}, 0),
        ({"start": "2026-03-16"}, 1),
    ],
)
def test_a_contract_explains_it(said: dict[str, Any], met: int) -> None:
    house = house_with("ping")
    agree(house, **said)
    for month in (1, 2, 3):
        pay(house, f"2026-0{month}-15")
    assert len(found(house, "contract.none")) == met


def test_what_is_given_back_is_no_service() -> None:
    house = house_with("ping")
    for month in (1, 2, 3):
        pay(house, f"2026-0{month}-15", category="deposit_held", nature="deposit_held")
    assert found(house, "contract.none") == []


def test_payments_to_nobody_in_particular_are_no_service_of_one() -> None:
    house = house_with("ping")
    for month in (1, 2, 3):
        pay(house, f"2026-0{month}-15", category="cleaning", party="")
    assert found(house, "contract.none") == []


def test_a_payment_that_names_contract_or_contract_paper_has_one() -> None:
    house = house_with("ping")
    agree(house, party="lift")
    paper = house.document(kind="contract")
    pay(house, "2026-01-15", contract="c9")
    pay(house, "2026-02-15", document=paper)
    pay(house, "2026-03-15")
    pay(house, "2026-04-15", party="")
    pay(house, "2026-05-15")
    assert found(house, "contract.none") == []
    pay(house, "2026-06-15", document=house.document())
    assert len(found(house, "contract.none")) == 1


def test_what_the_manager_lays_out_is_no_service_of_his() -> None:
    house = house_with("ping", officers=dict(OFFICERS) | {"company": ("company", "company")})
    house.party("manager", persons=["company"])
    for month in (1, 2, 3):
        pay(house, f"2026-0{month}-15", month * 100_00, category="cleaning", party="manager")
    assert found(house, "contract.none") == []
    house.party("cleaner", persons=["member"])
    for month in (4, 5, 6):
        pay(house, f"2026-0{month}-15", month * 100_00, category="cleaning", party="cleaner")
    assert [figures["party"] for figures in found(house, "contract.none")] == ["cleaner"]


# --- somebody else than the contract says --------------------------------------------------------------------------------


@pytest.mark.parametrize(("party", "met"), [("lift", 1), ("ping", 0), ("", 0)])
def test_money_under_a_contract_with_somebody_else(party: str, met: int) -> None:
    house = house_with("ping")
    agree(house)
    row = pay(house, "2026-01-15", contract="c9", party=party)
    met_here = findings(house, "contract.other_party")
    assert [(f.figures["agreed_party"], f.figures["other_party"]) for f in met_here] == [("ping", "lift")] * met
    assert [finding.evidence[1].record for finding in met_here] == [row] * met


def test_rent_that_somebody_else_pays_one_finding_each() -> None:
    house = house_with("ping")
    agree(house, direction="in", object="屋面")
    for party in ("lift", "zhao", "lift"):
        house.take((house.day, 100_00, [fees(100_00, contract="c9", party=party)]))
    figures = found(house, "contract.other_party")
    assert sorted((f["other_party"], f["count"], f["amount_fen"]) for f in figures) == [
        ("lift", 2, 200_00),
        ("zhao", 1, 100_00),
    ]


def test_a_contract_without_a_party_is_paid_by_nobody_else() -> None:
    house = house_with("ping")
    agree(house, party=None)
    pay(house, "2026-01-15", contract="c9")
    assert found(house, "contract.other_party") == []


@pytest.mark.parametrize(
    ("said", "paid", "met"),
    [
        ({}, {"party": "lift"}, 1),
        ({}, {}, 0),
        ({}, {"party": ""}, 0),
        ({}, {"party": "lift", "contract": "c1"}, 0),
        ({}, {"party": "lift", "category": "lift"}, 0),
        ({"end": "2026-03-14"}, {"party": "lift"}, 0),
        ({"end": "2026-03-15"}, {"party": "lift"}, 1),
        ({"start": "2026-03-16"}, {"party": "lift"}, 0),
        ({"start": "2026-03-15"}, {"party": "lift"}, 1),
        ({"start": None}, {"party": "lift"}, 0),
        ({"party": None}, {"party": "lift"}, 0),
        ({"direction": "in"}, {"party": "lift"}, 0),
        ({"expected": [MONTHLY | {"cycle": "once"}]}, {"party": "lift"}, 0),
    ],
)
def test_somebody_else_paid_while_a_contract_runs(said: dict[str, Any], paid: dict[str, str], met: int) -> None:
    house = house_with("ping")
    agree(house, **said)
    pay(house, "2026-03-15", 100_00, **paid)
    assert len(found(house, "contract.other_vendor")) == met


def test_papers_stand_beside_what_others_were_paid() -> None:
    house = house_with("ping")
    agreed = house.document("消防维保")
    contract = agree(house, document=agreed)
    bought = house.document("烟感更换")
    row = pay(house, "2026-03-15", party="lift", document=bought)
    (finding,) = findings(house, "contract.other_vendor")
    assert [cited.record for cited in finding.evidence] == [contract, agreed, bought, row]
    assert (finding.figures["count"], finding.figures["parties"], finding.figures["amount_fen"]) == (1, 1, 100_00)


def test_a_paper_of_both_is_cited_once() -> None:
    house = house_with("ping")
    agreed = house.document("消防维保及配件")
    agree(house, document=agreed)
    pay(house, "2026-03-15", party="lift", document=agreed)
    (finding,) = findings(house, "contract.other_vendor")
    assert [cited.record for cited in finding.evidence].count(agreed) == 1


def test_what_the_party_of_the_service_contract_lays_out_is_no_other_vendor() -> None:
    house = house_with("ping", "manager")
    agree(house)
    pay(house, "2026-03-15", party="manager")
    agree(house, "c7", object="物业服务用房出租", party="manager", direction="in", expected=[])
    assert len(found(house, "contract.other_vendor")) == 1
    agree(house, "c8", object="物业服务合同", party="manager", expected=[])
    assert found(house, "contract.other_vendor") == []


def chart_of_both(house: Treasury) -> None:
    """A chart of the community's own, with one category for lifts and fire equipment."""
    both = '[category.safety]\nzh = "电梯消防"\nen = "Lifts and fire"\ncode = "5003"\nnatures = ["expense"]\n'
    house.act("chart.adopted/1", {"text": CHART.rstrip() + "\n" + both}, by=BOTH)


def test_one_category_for_both_kinds_of_safety_is_one_finding() -> None:
    house = house_with("ping")
    chart_of_both(house)
    safety = [MONTHLY | {"category": "safety"}]
    agree(house, end="2026-01-31", expected=safety)
    agree(house, "c8", start="2026-02-14", end="2026-02-28", expected=safety)
    now(house, "2026-06-01")
    assert len(found(house, "service.gap")) == len(found(house, "service.not_renewed")) == 1


# --- gaps ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "days"), [("2026-04-01", []), ("2026-04-02", [1]), ("2026-04-14", [13])])
def test_days_between_two_maintenance_contracts(start: str, days: list[int]) -> None:
    house = house_with("ping")
    old = agree(house, end="2026-03-31")
    paper = house.document("消防维保")
    new = agree(house, "c8", start=start, party="lift", document=paper)
    met = findings(house, "service.gap")
    assert [finding.figures["days"] for finding in met] == days
    assert all([cited.record for cited in finding.evidence] == [old, new, paper] for finding in met)


def test_the_days_that_nobody_covers_are_named() -> None:
    house = house_with("ping")
    agree(house, end="2026-03-31")
    agree(house, "c8", start="2026-04-14")
    assert found(house, "service.gap") == [
        {
            "category": "fire",
            "before_contract": "c9",
            "after_contract": "c8",
            "first_day": "2026-04-01",
            "last_day": "2026-04-13",
            "days": 13,
        }
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"end": None}, {}),
        ({}, {"expected": [MONTHLY | {"category": "lift"}]}),
        ({}, {"expected": [MONTHLY | {"cycle": "once"}]}),
        ({}, {"expected": [], "object": "消防器材"}),
        ({}, {"expected": [], "object": "门禁维保"}),
        ({"expected": [MONTHLY | {"category": "cleaning"}]}, {"expected": [MONTHLY | {"category": "cleaning"}]}),
        ({}, {"start": None}),
        ({}, {"direction": "in", "expected": [MONTHLY | {"category": "rent", "nature": "income"}]}),
        ({}, {"direction": "in", "expected": []}),
    ],
)
def test_what_is_no_gap_in_safety(old: dict[str, Any], new: dict[str, Any]) -> None:
    house = house_with("ping")
    agree(house, **{"end": "2026-03-31"} | old)
    agree(house, "c8", **{"start": "2026-04-14"} | new)
    assert found(house, "service.gap") == []


@pytest.mark.parametrize(("called", "category"), [("电梯维护保养", "lift"), ("消防维护保养", "fire")])
def test_a_contract_that_promises_nothing_is_known_by_what_it_is_called(called: str, category: str) -> None:
    house = house_with("ping")
    agree(house, end="2026-03-31", object=called, expected=[])
    agree(house, "c8", start="2026-04-14", end="2027-03-31", expected=[MONTHLY | {"category": category}])
    assert [(f["category"], f["days"]) for f in found(house, "service.gap")] == [(category, 13)]


def test_a_contract_before_any_chart_has_no_category() -> None:
    community = Community()
    community.act("party.entered/1", {"code": "ping", "nature": "legal", "title": "平"}, by=["chair"])
    body = {"code": "c9", "direction": "out", "object": "电梯维护保养", "party": "ping", "start": "2026-01-01"}
    community.act("contract.entered/1", body | {"end": "2026-01-02"}, by=["chair"])
    community.advance(days=90)
    community.act("document.entered/1", {"kind": "letter", "subject": "函"}, by=["chair"])
    assert found(community, "service.not_renewed") == []


def test_the_first_of_two_contracts_that_end_on_one_day_is_named() -> None:
    house = house_with("ping")
    agree(house, end="2026-03-31")
    agree(house, "c8", start="2026-02-01", end="2026-03-31", party="lift")
    agree(house, "c7", start="2026-04-14")
    assert [figures["before_contract"] for figures in found(house, "service.gap")] == ["c9"]


def test_a_third_contract_may_cover_the_days_between_two() -> None:
    house = house_with("ping")
    agree(house, end="2026-12-31")
    agree(house, "c8", start="2026-02-01", end="2026-03-31", party="lift")
    agree(house, "c7", start="2026-06-01", party="lift")
    assert found(house, "service.gap") == []


def replaced(house: Treasury, **printed: str) -> str:
    """A contract until June whose maker was last paid for the first week of February; another's began on the 21st."""
    agree(house, end="2026-06-30")
    agree(house, "c8", start="2026-02-21", party="lift")
    house.set_clock("2026-02-28T12:00:00+08:00")
    paper = house.document(**{"period_printed": "2026-01 2026-02-01..2026-02-07"} | printed)
    pay(house, "2026-02-28", contract="c9", document=paper)
    return paper


def test_a_contract_that_another_replaced_before_its_end_lasts_as_long_as_it_was_paid_for() -> None:
    house = house_with("ping")
    paper = replaced(house)
    now(house, "2026-04-06")  # a month and thirty days after: it may still be paid for more
    assert found(house, "service.gap") == []
    now(house, "2026-04-07")
    (finding,) = findings(house, "service.gap")
    assert (finding.figures["first_day"], finding.figures["days"]) == ("2026-02-08", 13)
    assert paper in [cited.record for cited in finding.evidence]


@pytest.mark.parametrize("later", [{"covers": "2026-03"}, {"covers": "9999-12"}, {"document": ""}])
def test_one_that_is_paid_on_or_paid_for_unknown_days_lasts_to_its_end(later: dict[str, str]) -> None:
    house = house_with("ping")
    replaced(house)
    pay(house, "2026-04-01", 100_00, contract="c9", **later)
    now(house, "2026-12-01")
    assert found(house, "service.gap") == []


def test_what_a_payment_covers_is_believed_like_its_paper() -> None:
    house = house_with("ping")
    agree(house, end="2026-06-30")
    agree(house, "c8", start="2026-02-21", party="lift")
    pay(house, "2026-02-28", contract="c9", covers="2026-01")
    now(house, "2026-04-07")
    assert [(f["first_day"], f["days"]) for f in found(house, "service.gap")] == [("2026-02-01", 20)]


@pytest.mark.parametrize(("until", "met"), [("2026-02-20", 1), ("2026-02-21", 0)])
def test_one_that_is_paid_for_the_day_on_which_another_begins_lasts_to_its_end(until: str, met: int) -> None:
    house = house_with("ping")
    agree(house, end="2026-06-30")
    agree(house, "c8", start="2026-02-21", end="2026-03-31", party="lift")
    agree(house, "c7", start="2026-05-01", party="lift")
    pay(house, "2026-02-28", contract="c9", covers=f"2026-01-01..{until}")
    now(house, "2026-12-01")
    assert [figures["before_contract"] for figures in found(house, "service.gap")] == ["c8"] * met


def test_one_that_its_own_party_agreed_anew_lasts_to_its_end() -> None:
    house = house_with("ping")
    agree(house, end="2026-06-30")
    agree(house, "c8", start="2026-02-21")
    pay(house, "2026-02-28", contract="c9", covers="2026-01")
    now(house, "2026-12-01")
    assert found(house, "service.gap") == []


@pytest.mark.parametrize(("end", "met"), [("2026-02-20", 0), ("2026-02-21", 1)])
def test_one_that_nobody_else_replaced_lasts_to_its_end(end: str, met: int) -> None:
    house = house_with("ping")
    agree(house, end=end)
    agree(house, "c8", start="2026-02-21", party="lift")
    pay(house, "2026-02-28", contract="c9", covers="2026-01")
    now(house, "2026-12-01")
    assert len(found(house, "service.gap")) == met


def test_another_that_begins_on_the_same_day_replaces_nothing() -> None:
    house = house_with("ping")
    agree(house, end="2026-06-30")
    agree(house, "c8", end="2026-03-31", party="lift")
    agree(house, "c7", start="2026-07-01", party="lift")
    pay(house, "2026-02-28", contract="c9", covers="2025-12")
    now(house, "2026-12-01")
    assert found(house, "service.gap") == []


@pytest.mark.parametrize(
    ("day", "paid_on", "met"),
    [
        ("2026-04-30", "", 0),
        ("2026-05-01", "", 1),
        ("2026-07-01", "2026-05-30", 1),  # what is paid within a month and thirty days may be for the time before
        ("2026-07-01", "2026-05-31", 0),
    ],
)
def test_a_contract_that_ended_and_that_none_follows(day: str, paid_on: str, met: int) -> None:
    house = house_with("ping")
    agree(house, end="2026-03-31")
    if paid_on:
        pay(house, paid_on, party="lift")
    now(house, day)
    assert len(found(house, "service.not_renewed")) == met


def test_what_is_paid_for_another_service_renews_nothing() -> None:
    house = house_with("ping")
    agree(house, end="2026-03-31")
    pay(house, "2026-06-30", party="lift", category="cleaning")
    assert len(found(house, "service.not_renewed")) == 1


@pytest.mark.parametrize(("paid_on", "met"), [("2027-04-30", 1), ("2027-05-01", 0)])
def test_a_contract_that_promises_nothing_may_be_paid_for_a_year_later(paid_on: str, met: int) -> None:
    house = house_with("ping")
    agree(house, end="2026-03-31", expected=[])
    pay(house, paid_on, party="lift")
    assert len(found(house, "service.not_renewed")) == met


def test_a_contract_that_another_follows() -> None:
    house = house_with("ping")
    agree(house, end="2026-03-31")
    agree(house, "c8", start="2026-04-01", end="2026-12-31", party="lift")
    agree(house, "c7", start="2026-01-01", party="lift", expected=[MONTHLY | {"category": "lift"}])
    now(house, "2026-12-31")
    assert found(house, "service.not_renewed") == []
    now(house, "2027-03-01")
    assert [figures["contract"] for figures in found(house, "service.not_renewed")] == ["c8"]
