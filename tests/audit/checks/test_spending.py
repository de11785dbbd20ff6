"""Where a payment stands, what is behind it and what a contract costs: each answer beside the nearest other one."""

from typing import Any

import pytest

from ledger.accounts.records import ContractEntered
from ledger.audit.checks.spending import (
    applications,
    asked_by,
    behind,
    body_limit,
    cite,
    cites,
    first_tier,
    paid,
    promised,
    worth,
)
from tests.accounts.treasury import Treasury, fees, spent, to_box, treasury
from tests.audit.checks.asked import dossier_of
from tests.community import profile_with

# --- lines ------------------------------------------------------------------------------------------------------------


def cited(house: Treasury, account: str) -> list[tuple[int, str]]:
    """Amount and place of each line of an account."""
    case = dossier_of(house)
    return [(n.fact.move.amount, cite(case, n).part) for n in case.lines() if n.fact.move.account == account]


def test_a_part_of_a_row_or_of_what_the_box_paid() -> None:
    house = treasury()
    file = house.take((house.day, -70_00, [spent(20_00), to_box(50_00)]))
    house.pay_cash(spent(1_00), spent(2_00))
    assert cited(house, "bank") == [(-20_00, "parts/0"), (-50_00, "parts/1")]
    assert cited(house, "box") == [(50_00, "parts/1"), (-1_00, "parts/0"), (-2_00, "parts/1")]
    assert {one.record for one in cites(dossier_of(house), dossier_of(house).lines())} == {
        file[1],
        house.entries[-1].record.digest,
    }


@pytest.mark.parametrize("net", [1, 90_00])
def test_a_deposit_into_the_box_has_no_parts_though_the_payer_kept_some(net: int) -> None:
    house = treasury()
    house.deposit(net, account="box", on=house.day)
    kept: dict[str, Any] = {"gross": net + 10_00, "cost": 10_00, "cost_evidence": house.letter}
    house.deposit(net, account="box", cost_category="lift", cost_party="lift", **kept)
    assert cited(house, "box") == [(net, ""), (net + 10_00, ""), (-10_00, "")]


def test_what_a_payer_kept_of_a_deposit_stands_in_the_part_that_settles_it() -> None:
    house = treasury()
    kept: dict[str, Any] = {"gross": 100_00, "cost": 10_00, "cost_evidence": house.letter}
    deposit = house.deposit(90_00, cost_category="lift", cost_party="lift", **kept)
    house.take((house.day, 95_00, [fees(5_00), {"amount": 90_00, "settles": deposit}]))
    assert cited(house, "bank") == [(5_00, "parts/0"), (100_00, "parts/1"), (-10_00, "parts/1")]


def test_money_that_went_out_to_others() -> None:
    house = treasury()
    house.take((house.day, -70_00, [spent(20_00), to_box(50_00)]), (house.day, 5_00, [fees(5_00)]))
    assert [noted.fact.move.amount for noted in paid(dossier_of(house))] == [-20_00]


def test_the_papers_behind_lines_are_each_cited_once() -> None:
    house = treasury()
    paper = house.document("报价")
    parts = [spent(1_00, document=paper), spent(2_00), spent(3_00, document=paper), spent(4_00, document=house.letter)]
    house.take((house.day, -10_00, parts))
    case = dossier_of(house)
    assert [one.record for one in behind(case, case.lines())] == [paper, house.letter]


def test_the_application_of_which_a_line_paid_a_stage() -> None:
    house = treasury()
    application = house.approved(20_00, 30_00)
    house.take((house.day, -60_00, [{"amount": -20_00, "settles": f"{application}#0"}, spent(40_00)]))
    case = dossier_of(house)
    asked = {noted.fact.move.amount: asked_by(applications(case), noted) for noted in case.lines()}
    assert asked == {-20_00: {application}, -40_00: set()}


# --- what the body decides alone --------------------------------------------------------------------------------------


def with_tiers(*levels: int) -> Treasury:
    """A community whose profile has tiers from these fen on, the last of them for large payments."""
    tiers = ", ".join(f'{{ from_fen = {fen}, approvals = 1, roles = ["chair"], post = "10d" }}' for fen in levels)
    text = profile_with("account.tiers", f"[{tiers}]")
    return Treasury(profile=text.replace("large_fen = { value = 10000000", f"large_fen = {{ value = {levels[-1]}"))


@pytest.mark.parametrize(("levels", "limit"), [((0, 100_00), 99_99), ((0, 50_00, 100_00), 49_99)])
def test_the_first_tier_ends_where_the_next_begins(levels: tuple[int, ...], limit: int) -> None:
    assert first_tier(dossier_of(with_tiers(*levels))) == limit


@pytest.mark.parametrize(
    ("day", "limit"),
    [("2026-01-31", 99_99), ("2026-02-01", 300_00), ("2026-03-31", 300_00), ("2026-04-01", 99_99)],
)
def test_a_delegation_raises_the_limit_while_it_is_in_force(day: str, limit: int) -> None:
    house = with_tiers(0, 100_00)
    house.open()
    house.budget(9_000_00)
    house.delegation(50_00)
    house.delegation(300_00, start="2026-02-01", until="2026-03-31")
    assert body_limit(dossier_of(house), day) == limit


# --- what a contract costs --------------------------------------------------------------------------------------------


def contract(*promises: tuple[str, int], **said: Any) -> ContractEntered:
    """A contract with these promises, by cycle and amount."""
    expected = [
        {"cycle": cycle, "amount": amount, "fund": "service_fee", "category": "lift", "nature": "expense"}
        for cycle, amount in promises
    ]
    return ContractEntered.model_validate(
        {"code": "c9", "direction": "out", "object": "维保", "expected": tuple(expected)} | said
    )


YEAR = {"start": "2026-01-15", "end": "2027-01-14"}


@pytest.mark.parametrize(
    ("cycle", "cost"), [("month", 12_00), ("quarter", 4_00), ("half_year", 2_00), ("year", 1_00), ("once", 0)]
)
def test_what_is_promised_over_a_year(cycle: str, cost: int) -> None:
    assert promised(contract((cycle, 1_00), ("month", 10_00), **YEAR)) == cost + 120_00


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-15", "2026-02-14", 1),
        ("2026-01-15", "2026-02-13", 0),
        ("2026-01-01", "2026-01-31", 1),
        ("2025-12-01", "2027-01-31", 14),
        ("2026-03-01", "2026-01-31", 0),  # a slip of the pen
        (None, "2026-01-31", 0),
        ("2026-01-01", None, 0),
    ],
)
def test_whole_months_count(start: str | None, end: str | None, months: int) -> None:
    assert promised(contract(("month", 1_00), start=start, end=end)) == months * 1_00


def test_a_printed_total_is_what_it_costs() -> None:
    assert worth(contract(("month", 1_00), total_printed=5_00, **YEAR)) == 5_00
    assert worth(contract(("month", 1_00), total_printed=0, **YEAR)) == 0
    assert worth(contract(("month", 1_00), **YEAR)) == 12_00
