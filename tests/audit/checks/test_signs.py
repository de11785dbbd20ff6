"""Payments for voting, frequent draws, and what statistics notice, each case beside the nearest that is nothing."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from ledger.audit.checks.signs import chi_square
from ledger.rules.calendar import shipped_text
from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.checks.asked import findings, found


def pay(house: Treasury, *amounts: int, **said: Any) -> list[str]:
    """Payments of one day, one row each."""
    return house.take(*[(house.day, -amount, [spent(amount, party="lift") | said]) for amount in amounts])[1:]


def test_a_reward_for_voting() -> None:
    """CC 278(9): 13,260 yuan of gifts for those who vote were seen, on nobody's decision."""
    house = Treasury()
    house.open(opening={"service_fee": 20_000_00})
    paper = house.document("函", lines=[{"text": "参与投票业主礼品"}])
    (row,) = pay(house, 13_260_00, document=paper)
    (met,) = findings(house, "votes.reward")
    assert [cited.record for cited in met.evidence] == [row, paper]
    assert met.figures == {"amount_fen": 13_260_00, "paid_day": house.day}


@pytest.mark.parametrize("subject", ["购投票箱2个", "业主大会会场布置", "员工节日礼品", "选举工作人员补贴"])
def test_what_a_vote_needs_is_no_reward(subject: str) -> None:
    house = treasury()
    pay(house, 100_00, document=house.document(subject))
    assert found(house, "votes.reward") == []


@pytest.mark.parametrize(("by", "met"), [("delegation", 1), ("motion", 0), ("budget", 0)])
def test_a_reward_that_the_owners_decided(by: str, met: int) -> None:
    house = treasury()
    motion = house.delegation() if by == "delegation" else house.payment() if by == "motion" else house.budget()
    line = "lifts" if by == "budget" else ""
    application = house.approved(100_00, motion=motion, line=line, purpose="投票奖励")
    house.take((house.day, -100_00, [{"amount": -100_00, "settles": f"{application}#0"}]))
    assert len(found(house, "votes.reward")) == met


def test_another_payment_beside_an_application_for_a_reward() -> None:
    house = treasury()
    motion = house.delegation()
    house.approved(100_00, motion=motion, line="", purpose="投票奖励")
    application = house.approved(50_00, motion=motion, line="")
    house.take((house.day, -50_00, [{"amount": -50_00, "settles": f"{application}#0"}]))
    assert found(house, "votes.reward") == []


def test_rewards_of_one_paper_are_one_finding_and_those_without_one_each() -> None:
    house = treasury()
    paper = house.document("投票奖励")
    pay(house, 100_00, 50_00, document=paper)
    assert [met["amount_fen"] for met in found(house, "votes.reward")] == [150_00]
    house = treasury()
    motion = house.delegation()
    for amount in (70_00, 80_00):
        application = house.approved(amount, motion=motion, line="", purpose="投票奖励")
        house.take((house.day, -amount, [{"amount": -amount, "settles": f"{application}#0"}]))
    assert [met["amount_fen"] for met in found(house, "votes.reward")] == [70_00, 80_00]


def test_a_reward_that_the_owners_ratified() -> None:
    house = treasury()
    (row,) = pay(house, 100_00, document=house.document("投票奖励"))
    assert len(found(house, "votes.reward")) == 1
    house.grant({"type": "ratification", "payments": [f"{row}#0"]})
    assert found(house, "votes.reward") == []


def draws(house: Treasury, year: int, times: int, **said: Any) -> None:
    house.set_clock(f"{year}-03-01T09:00:00+08:00")
    pay(house, *range(1, times + 1), **({"fund": "maintenance"} | said))


@pytest.mark.parametrize(("times", "met"), [(6, 0), (7, 1)])
def test_a_year_with_many_draws(times: int, met: int) -> None:
    """More than three times as many as in the middle one of the other years: 2 (of 1, 2 and 3)."""
    house = treasury()
    for year, usual in ((2026, 1), (2027, 3), (2028, 2)):
        draws(house, year, usual)
    draws(house, 2029, times)
    assert found(house, "draws.frequent") == [{"year": 2029, "count": 7, "usual": 2, "factor": 3}] * met


def test_too_few_years_to_have_a_usual_number() -> None:
    house = treasury()
    for year in (2026, 2027):
        draws(house, year, 1)
    draws(house, 2028, 9)
    assert found(house, "draws.frequent") == []


@pytest.mark.parametrize("said", [{"fund": "service_fee"}, {"nature": "refund", "category": "fee_refund"}])
def test_other_payments_are_no_draws(said: dict[str, str]) -> None:
    house = treasury()
    for year in (2026, 2027, 2028):
        draws(house, year, 1)
    draws(house, 2029, 9, **said)
    assert found(house, "draws.frequent") == []


@pytest.mark.parametrize(("round_", "others", "met"), [(7, 13, 1), (6, 14, 0), (7, 12, 0), (7, 14, 1), (7, 15, 0)])
def test_many_whole_thousands(round_: int, others: int, met: int) -> None:
    house = Treasury()
    house.open(opening={"service_fee": 90_000_00})
    pay(house, *[1_000_00] * round_)
    house.advance(days=1)
    pay(house, *[1_000_00 + n for n in range(1, others + 1)], 500_00)
    assert found(house, "signs.round") == [{"count": round_, "of": round_ + others}] * met


@pytest.mark.parametrize(("cycle", "met"), [("month", 0), ("once", 1)])
def test_a_contracts_instalments_are_not_single_payments(cycle: str, met: int) -> None:
    house = Treasury()
    house.open(opening={"service_fee": 90_000_00})
    promise = {"cycle": cycle, "amount": 1_000_00, "fund": "service_fee", "category": "lift", "nature": "expense"}
    body = {"code": "c9", "direction": "out", "object": "维保", "party": "lift", "expected": [promise]}
    house.act("contract.entered/1", body, by=["chair"])
    pay(house, *[1_000_00] * 20, contract="c9")
    assert len(found(house, "signs.round")) == met
    assert found(house, "signs.rest_days") == []


def test_deposits_given_back_are_as_round_as_they_were() -> None:
    house = Treasury()
    house.open(opening={"service_fee": 90_000_00})
    pay(house, *[1_000_00] * 20, category="deposit_held", nature="deposit_held")
    assert found(house, "signs.round") == []


def on_days(house: Treasury, *days: str) -> None:
    house.set_clock("2026-03-01T09:00:00+08:00")
    house.take(*[(day, -n, [spent(n)]) for n, day in enumerate(sorted(days), 1)])


@pytest.mark.parametrize(("off", "work", "met"), [(7, 13, 1), (6, 14, 0), (7, 12, 0), (7, 14, 1), (7, 15, 0)])
def test_many_payments_on_days_off(off: int, work: int, met: int) -> None:
    house = treasury()
    adopt_calendar(house)
    on_days(house, *["2026-01-10"] * off, *["2026-01-09"] * work)  # a Saturday, a Friday
    assert found(house, "signs.rest_days") == [{"count": off, "of": off + work}] * met


def test_without_the_years_table_nobody_knows() -> None:
    house = treasury()
    on_days(house, *["2026-01-10"] * 20)
    assert found(house, "signs.rest_days") == []


def adopt_calendar(house: Treasury) -> None:
    house.act("calendar.adopted/1", {"year": 2026, "text": shipped_text(2026)}, by=["chair", "registrar"])


def spread(*counts: int) -> Treasury:
    """A community that paid so many different amounts that begin with 1, 2, …"""
    house = Treasury()
    house.open(opening={"service_fee": 90_000_00})
    in_parts(house, [int(f"{digit}{n:03}") for digit, count in enumerate(counts, 1) for n in range(count)])
    return house


def in_parts(house: Treasury, amounts: Sequence[int]) -> None:
    """Payments as parts of few rows, for there are many."""
    for start in range(0, len(amounts), 30):
        house.advance(days=1)
        parts = [spent(amount, party="lift") for amount in amounts[start : start + 30]]
        house.take((house.day, sum(int(str(part["amount"])) for part in parts), parts))


BENFORD = (90, 53, 37, 29, 24, 20, 18, 15, 14)


@pytest.mark.parametrize(("first", "last", "met"), [(90, 14, 0), (72, 32, 1), (73, 31, 0), (71, 32, 0)])
def test_leading_digits(first: int, last: int, met: int) -> None:
    """Chance reaches 26.12 once in a thousand times; 32 nines of 300 reach 28.01. Of 299 nothing is said."""
    house = spread(first, *BENFORD[1:8], last)
    assert found(house, "signs.first_digits") == [{"of": 300, "digit": 9, "count": 32}] * met


@pytest.mark.parametrize(("digit", "more"), [(1, 100), (2, 60)])
def test_the_digit_that_leads_too_often_is_told_with_its_payments(digit: int, more: int) -> None:
    counts = list(BENFORD)
    counts[digit - 1] += more
    (met,) = findings(spread(*counts), "signs.first_digits")
    assert met.figures == {"of": 300 + more, "digit": digit, "count": counts[digit - 1]}
    assert len(met.evidence) == counts[digit - 1]


def test_equal_amounts_to_one_payee_count_once() -> None:
    house = spread(*BENFORD)
    in_parts(house, [9_000] * 120)
    assert found(house, "signs.first_digits") == []


def test_no_amounts_are_spread_as_expected() -> None:
    assert chi_square([0] * 9) == Fraction(0)
