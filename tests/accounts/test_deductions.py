"""What a payer keeps of a deposit is a payment: booked in gross, under an authority or without one, never past the gate."""

from dataclasses import replace
from typing import Any

import pytest

from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.facts import Arrived, Founded, StagePaid, UnfoundedPaid
from ledger.accounts.records import MOST_PARTS
from tests.accounts.treasury import OPENING, Treasury, fees, treasury
from tests.community import digest_of, refused_as

DAY = "2026-01-05"
INCOME = OPENING["common_income"]
Moved = tuple[int, str, str, str, int, str, str]


@pytest.fixture
def house() -> Treasury:
    """``manager`` collects rents and keeps three tenths."""
    house = treasury()
    house.party("manager", title="物业公司")
    return house


def kept(house: Treasury, **other: Any) -> str:
    """A rent of 1,000 fen of which the manager keeps 300."""
    body = {"fund": "common_income", "category": "rent", "party": "manager", "gross": 1_000, "cost": 300}
    return house.deposit(700, **(body | {"cost_evidence": house.letter} | other))


def agreed(
    house: Treasury,
    *amounts: int,
    approved: bool = True,
    account: str = "bank",
    until: str = "2026-12-31",
    **other: Any,
) -> str:
    """A withdrawal of these stages to the manager, on its way under a delegation."""
    application = house.apply_for(
        *(amounts or (300,)), **({"party": "manager", "fund": "common_income", "category": "other_expense"} | other)
    )
    proposal = house.propose(application, house.delegation(until=until), "", account=account)
    if approved:
        house.approve(proposal)
    return application


def booked(house: Treasury) -> list[Moved]:
    """Of each line of the last act: part, category, nature, party, amount, basis, document."""
    moves = (fact.move for fact in house.facts if isinstance(fact, Line))
    return [(m.part, m.category, m.nature, m.party, m.amount, m.basis, m.document) for m in moves]


def test_the_gross_is_booked_and_what_was_kept_stands_without_authority(house: Treasury) -> None:
    deposit = kept(house, cost_category="remuneration", cost_party="manager", covers="1月", unit="a1", contract="c1")
    assert not house.accounts.unfounded, "nothing came yet"
    _, row = house.take((DAY, 1_000, [fees(300), {"amount": 700, "settles": deposit}]))
    assert booked(house) == [
        (0, "service_fee", "income", "", 300, "", ""),
        (1, "rent", "income", "manager", 1_000, "", ""),
        (MOST_PARTS + 1, "remuneration", "expense", "manager", -300, "none", house.letter),
    ]
    assert house.fund("common_income") == INCOME + 700
    ref = f"{row}#{MOST_PARTS + 1}"
    assert house.fact(UnfoundedPaid).payment == house.accounts.unfounded[ref]
    item = house.accounts.unfounded[ref]
    assert (item.account, item.fund, item.category, item.party) == ("bank", "common_income", "remuneration", "manager")
    assert (item.on, item.amount) == (DAY, 300)


def test_the_voucher_has_both(house: Treasury) -> None:
    deposit = kept(house, cost_category="tax")
    house.take((DAY, 700, [{"amount": 700, "settles": deposit}]))
    legs = [(leg.code, leg.debit, leg.credit) for leg in house.fact(VoucherBooked).legs]
    assert legs == [("1002", 1_000, 0), ("4002", 0, 1_000), ("1002", 0, 300), ("5006", 300, 0)]


def test_what_nobody_said_it_was_is_other_expense(house: Treasury) -> None:
    house.take((DAY, 700, [{"amount": 700, "settles": kept(house)}]))
    assert booked(house)[1][1:4] == ("other_expense", "expense", "")


def test_owners_ratify_it_as_any_payment(house: Treasury) -> None:
    _, row = house.take((DAY, 700, [{"amount": 700, "settles": kept(house)}]))
    motion = house.grant({"type": "ratification", "payments": [f"{row}#{MOST_PARTS}"]})
    assert house.fact(Founded).motion == motion
    assert not house.accounts.unfounded


def test_it_pays_an_approved_stage(house: Treasury) -> None:
    application = agreed(house, 300, 300)
    deposit = kept(house, cost_settles=f"{application}#1")
    assert house.withdrawal(application).stages[1].waiting, "until the money is here"
    house.act("withdrawal.instructed/1", {"stage": f"{application}#1", "on": DAY}, by=["treasurer"])
    house.take((DAY, 700, [{"amount": 700, "settles": deposit}]))
    assert [f.ref for f in house.facts if isinstance(f, Arrived)] == [deposit, f"{application}#1"]
    assert house.fact(StagePaid).amount == 300
    assert booked(house) == [
        (0, "rent", "income", "manager", 1_000, "", ""),
        (MOST_PARTS, "other_expense", "expense", "manager", -300, "delegation", house.letter),
    ]
    assert [s.paid for s in house.withdrawal(application).stages] == [0, 300]
    assert not house.accounts.unfounded
    with refused_as("withdrawal.stage_paid"):
        kept(house, cost_settles=f"{application}#1")


@pytest.mark.parametrize(
    ("asked", "deposit", "rule"),
    [
        ({}, {"party": "lift"}, "deposit.cost_party"),
        ({"party": "lift"}, {}, "deposit.cost_party"),
        ({"fund": "service_fee"}, {}, "deposit.cost_fund"),
        ({"nature": "refund", "category": "fee_refund"}, {}, "deposit.cost_nature"),
        ({"approved": False}, {}, "withdrawal.not_approved"),
        ({"account": "box"}, {}, "withdrawal.wrong_account"),
        ({}, {"gross": 999, "cost": 299}, "withdrawal.wrong_amount"),
        ({}, {"on": "2026-01-04"}, "withdrawal.approved_later"),
    ],
)
def test_what_a_stage_does_not_cover(
    house: Treasury, asked: dict[str, Any], deposit: dict[str, Any], rule: str
) -> None:
    if asked.get("account") == "box":
        house.deposit(500, account="box", fund="common_income", category="rent")
    application = agreed(house, **asked)
    with refused_as(rule):
        kept(house, cost_settles=f"{application}#0", **deposit)


def test_a_payer_must_be_named_for_it(house: Treasury) -> None:
    body = {"fund": "common_income", "category": "rent", "gross": 1_000, "cost": 300, "cost_evidence": house.letter}
    with refused_as("deposit.cost_party"):
        house.deposit(700, cost_settles=f"{agreed(house)}#0", **body)


def test_the_stage_is_judged_again_when_the_row_comes(house: Treasury) -> None:
    """Two deposits wait for one stage; the bank's rows come all the same, and the second says what it was without it."""
    application = agreed(house)
    settles = {"cost_settles": f"{application}#0"}
    first, second = kept(house, **settles), kept(house, covers="2月", **settles)
    house.take((DAY, 700, [{"amount": 700, "settles": first}]))
    with refused_as("withdrawal.stage_paid"):
        house.take((DAY, 700, [{"amount": 700, "settles": second}]))
    _, row = house.take((DAY, 700))
    house.contra(second)
    house.clear(row, {"amount": 700, "settles": kept(house, covers="2月")})
    assert house.fund("common_income") == INCOME + 1_400
    assert [u.amount for u in house.accounts.unfounded.values()] == [300]


def test_a_dropped_withdrawal_covers_nothing(house: Treasury) -> None:
    application = agreed(house)
    deposit = kept(house, cost_settles=f"{application}#0")
    house.act("withdrawal.dropped/1", {"application": application, "reason": "不再需要"}, by=["chair"])
    with refused_as("withdrawal.unknown"):
        house.take((DAY, 700, [{"amount": 700, "settles": deposit}]))


def test_a_later_row_falls_outside_the_authority(house: Treasury) -> None:
    deposit = kept(house, cost_settles=f"{agreed(house, until=DAY)}#0")
    house.advance(days=1)
    with refused_as("withdrawal.authority_not_in_force"):
        house.take((house.day, 700, [{"amount": 700, "settles": deposit}]))


def test_into_the_box(house: Treasury) -> None:
    house.deposit(500, account="box", fund="common_income", category="rent")
    application = agreed(house, account="box")
    kept(house, account="box", cost_settles=f"{application}#0")
    assert [line[0] for line in booked(house)] == [0, MOST_PARTS]
    assert house.fact(StagePaid).amount == 300
    plain = kept(house, account="box", cost_category="tax")
    assert set(house.accounts.unfounded) == {f"{plain}#{MOST_PARTS}"}
    assert house.fund("common_income", "box") == 500 + 1_400


def test_a_contra_gives_both_back(house: Treasury) -> None:
    application = agreed(house)
    deposit = kept(house, cost_settles=f"{application}#0")
    _, row = house.take((DAY, 700, [{"amount": 700, "settles": deposit}]))
    house.contra(row)
    assert booked(house) == [
        (0, "rent", "income", "manager", -1_000, "", ""),
        (MOST_PARTS, "other_expense", "expense", "manager", 300, "", house.letter),
    ]
    assert house.accounts.suspense[row].amount == 700
    assert house.withdrawal(application).stages[0].waiting
    assert house.accounts.pending[deposit].cost_settles == f"{application}#0"
    assert house.fund("common_income") == INCOME
    house.clear(row, {"amount": 700, "settles": deposit})
    assert house.withdrawal(application).stages[0].paid == 300


def test_a_contra_of_one_without_authority(house: Treasury) -> None:
    deposit = kept(house)
    _, row = house.take((DAY, 700, [{"amount": 700, "settles": deposit}]))
    house.contra(row)
    assert not house.accounts.unfounded
    boxed = kept(house, account="box")
    house.contra(boxed)
    assert not house.accounts.unfounded
    assert house.fund("common_income", "box") == 0


def test_a_chart_without_other_expense_wants_it_said(house: Treasury) -> None:
    """A category that no chart has to have is no reason to refuse: the treasurer says which one it is."""
    other = treasury()
    chart = other.accounts.chart_text.replace("other_expense =", "sundry =")
    other.books = replace(other.books, accounts=replace(other.accounts, chart_text=chart))
    other.party("manager")
    with refused_as("category.unknown"):
        kept(other)
    kept(other, cost_category="sundry")


def test_digest_of_nothing_settles_nothing(house: Treasury) -> None:
    with refused_as("withdrawal.unknown"):
        kept(house, cost_settles=f"{digest_of('nothing')}#0")
    with refused_as("withdrawal.no_stage"):
        kept(house, cost_settles=f"{agreed(house)}#7")
