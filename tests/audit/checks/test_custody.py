"""Co-owned money in hands or for ends that are not its own, each case beside the nearest one that is in order."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.accounts.treasury import Treasury, fees, spent, to_box, treasury
from tests.audit.checks.asked import findings, found
from tests.community import flats


def person(house: Treasury, code: str = "someone") -> None:
    name, _ = house.commit("party.entered/1", "name", code)
    house.act("party.entered/1", {"code": code, "nature": "natural", "name": name}, by=["chair"])


def collected(house: Treasury, amounts: Sequence[int] = (1_000_00, 2_000_00, 3_000_00), **said: Any) -> list[str]:
    """Receipts of fees from one person for one half-year, a week apart; the rows."""
    rows = []
    for amount in amounts:
        part = fees(amount, party="someone", covers="2025-07..2025-12") | said
        part = {name: value for name, value in part.items() if value is not None}
        rows.append(house.take((house.day, amount, [part]))[1])
        house.advance(days=7)
    return rows


def test_a_person_who_passes_on_what_owners_owe() -> None:
    """Hz 60, TL 29: income goes into the account; 471,937.44 yuan through one person's WeChat account was seen."""
    house = treasury()
    person(house)
    rows = collected(house, (400_000_00, 71_000_00, 937_44))
    house.take((house.day, -50_00, [spent(50_00, party="lift")]))
    cost = house.take((house.day, -471_90, [spent(471_90, party="someone", document=house.letter)]))[1]
    (met,) = findings(house, "custody.collector")
    assert [cited.record for cited in met.evidence] == [*rows, cost, house.letter]
    assert met.figures == {
        "person_party": "someone",
        "amount_fen": 471_937_44,
        "count": 3,
        "first_day": "2026-01-05",
        "last_day": "2026-01-19",
    }


@pytest.mark.parametrize(
    ("said", "amounts"),
    [
        ({}, (3_000_00, 3_000_00)),  # an owner who pays in two
        ({}, (1_000_00, 2_000_00, 2_000_00)),  # no more than one household owes
        ({"party": "lift"}, (1_000_00, 2_000_00, 3_000_00)),  # a firm
        ({"party": None}, (1_000_00, 2_000_00, 3_000_00)),  # nobody named
        ({"category": "loan", "nature": "payable"}, (1_000_00, 2_000_00, 3_000_00)),
    ],
)
def test_somebody_who_pays_his_own(said: dict[str, Any], amounts: tuple[int, ...]) -> None:
    house = treasury()
    person(house)
    collected(house, amounts, **said)
    assert found(house, "custody.collector") == []


def test_an_owner_who_pays_month_by_month() -> None:
    house = treasury()
    person(house)
    for month in ("2025-11", "2025-12", "2026-01"):
        collected(house, [2_480_50], covers=month)
    assert found(house, "custody.collector") == []
    for _ in range(3):
        collected(house, [2_480_50], covers="当月")  # a time that nobody can read
    assert found(house, "custody.collector") == []


def test_several_receipts_of_one_day_are_one() -> None:
    house = treasury()
    person(house)
    part = fees(2_000_00, party="someone", covers="2026-01")
    house.take((house.day, 6_000_00, [part, part, part]))
    assert found(house, "custody.collector") == []


def test_receipts_for_a_unit_are_that_units() -> None:
    house = Treasury(units=flats("a1"))
    house.open()
    person(house)
    collected(house, unit="a1")
    assert found(house, "custody.collector") == []


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("个人微信代收提现手续费", 1),
        ("微信提现手续费", 1),
        ("转入经理私人账户", 1),
        ("personal WeChat withdrawal", 1),
        ("微信公众号年费", 0),
        ("业主个人账户分摊表", 0),
        ("维修资金个人账户", 0),
        ("社保个人账户", 0),
        ("个人防护用品", 0),
    ],
)
def test_a_paper_that_names_a_personal_account(text: str, met: int) -> None:
    house = treasury()
    house.document("函", lines=[{"text": text}])
    house.document(text)
    assert len(found(house, "custody.personal_account")) == 2 * met


def test_a_collectors_own_cost_is_told_once() -> None:
    house = treasury()
    person(house)
    collected(house)
    paper = house.document("微信提现手续费")
    house.take((house.day, -4_00, [spent(4_00, party="someone", document=paper)]))
    assert len(found(house, "custody.collector")) == 1
    assert found(house, "custody.personal_account") == []


def test_what_was_paid_to_a_firm_on_such_a_paper_stands_beside_it() -> None:
    house = treasury()
    paper = house.document("经理个人微信收款")
    row = house.take((house.day, -4_00, [spent(4_00, party="lift", document=paper)]))[1]
    (met,) = findings(house, "custody.personal_account")
    assert met.figures == {"said": "个人微信"}
    assert [cited.record for cited in met.evidence] == [paper, row]


def held_for_others(house: Treasury, amount: int = 3_000_00, **said: Any) -> str:
    part = {"fund": "common_income", "category": "collected_for_others", "nature": "payable", "party": "lift"}
    return house.take((house.day, amount, [part | {"amount": amount} | said]))[1]


@pytest.mark.parametrize(("out", "met"), [(2_000_00, 0), (2_000_01, 1)])
def test_less_is_left_than_is_held_for_others(out: int, met: int) -> None:
    """The fund began with 2,000 yuan of its own."""
    house = treasury()
    came = held_for_others(house)
    house.advance(days=1)
    went = house.take((house.day, -out, [spent(out, fund="common_income", document=house.letter)]))[1]
    assert [[c.record for c in f.evidence] for f in findings(house, "custody.spent_of_others")] == [
        [came, went, house.letter]
    ] * met
    figures = {"own_fund": "common_income", "owed_fen": 3_000_00, "held_fen": 2_999_99, "short_fen": 1}
    assert found(house, "custody.spent_of_others") == [figures] * met


def test_one_fen_of_others_is_held_too() -> None:
    house = treasury()
    held_for_others(house, 1)
    house.advance(days=1)
    house.take((house.day, -2_000_01, [spent(2_000_01, fund="common_income")]))
    assert [(f["owed_fen"], f["short_fen"]) for f in found(house, "custody.spent_of_others")] == [(1, 1)]


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ({"category": "loan"}, 0),  # borrowed to be spent
        ({"category": "deposit_held", "nature": "deposit_held"}, 1),
        ({"category": "utility_passed", "nature": "pass_through"}, 0),
    ],
)
def test_what_is_held_for_others(said: dict[str, Any], met: int) -> None:
    house = treasury()
    held_for_others(house, **said)
    house.advance(days=1)
    house.take((house.day, -2_500_00, [spent(2_500_00, fund="common_income")]))
    assert len(found(house, "custody.spent_of_others")) == met


def test_what_others_owe_lessens_nothing() -> None:
    house = treasury()
    held_for_others(house)
    house.advance(days=1)
    held_for_others(house, -2_000_01, party="zhao", category="current_account")
    assert [met["owed_fen"] for met in found(house, "custody.spent_of_others")] == [3_000_00]


def test_what_went_back_is_no_longer_held() -> None:
    house = treasury()
    held_for_others(house)
    held_for_others(house, -3_000_00)
    house.advance(days=1)
    house.take((house.day, -1_500_00, [spent(1_500_00, fund="common_income")]))
    assert found(house, "custody.spent_of_others") == []


def test_what_other_funds_do_is_not_looked_at() -> None:
    house = treasury()
    held_for_others(house)
    house.advance(days=1)
    went = house.take((house.day, -2_500_00, [spent(2_500_00, fund="common_income")]))[1]
    house.advance(days=1)
    house.take((house.day, -8_000_00, [spent(8_000_00)]))
    (met,) = findings(house, "custody.spent_of_others")
    assert met.evidence[1].record == went


def test_exactly_what_is_held_is_enough() -> None:
    house = treasury()
    held_for_others(house)
    rows = []
    for amount in (2_000_00, 1, 1):
        house.advance(days=1)
        rows.append(house.take((house.day, -amount, [spent(amount, fund="common_income")]))[1])
    (met,) = findings(house, "custody.spent_of_others")
    assert met.evidence[1].record == rows[1]


def test_the_payment_since_which_it_is_short() -> None:
    house = treasury()
    held_for_others(house)
    rows = []
    for amount in (2_500_00, -1_000_00, 1_000_00, 100_00):  # short, made good, short again
        house.advance(days=1)
        part = spent(amount, fund="common_income") if amount > 0 else fees(-amount, fund="common_income")
        rows.append(house.take((house.day, -amount, [part]))[1])
    (met,) = findings(house, "custody.spent_of_others")
    assert met.evidence[1].record == rows[2]


def transfer(house: Treasury, into: str, fund: str, amount: int = 100_00) -> None:
    """An own transfer of service fees from the account ``bank``, said to be ``fund`` where it arrives."""
    motion = house.budget(categories=["own_transfer"], name=f"transfer {into} {fund}")
    said = {"category": "own_transfer", "nature": "own_transfer", "into": into}
    application = house.approved(amount, motion=motion, **said)
    house.take((house.day, -amount, [{"amount": -amount, "settles": f"{application}#0"}]))
    part = {"amount": amount, "fund": fund, "category": "own_transfer", "nature": "own_transfer"}
    house.take((house.day, amount, [part]), file={"account": into})


@pytest.mark.parametrize(
    ("fund", "amount", "met"), [("service_fee", 100_00, 0), ("common_income", 100_00, 1), ("common_income", 1, 1)]
)
def test_a_transfer_that_arrives_as_another_fund(fund: str, amount: int, met: int) -> None:
    house = treasury()
    house.account("second", "bank", ["service_fee", "common_income"])
    transfer(house, "second", fund, amount)
    assert found(house, "custody.between_funds") == [{"to_fund": "common_income", "amount_fen": amount}] * met


def test_transfers_within_a_fund_are_beside_it() -> None:
    house = treasury()
    house.account("second", "bank", ["service_fee", "common_income"])
    house.account("third", "petty", ["maintenance"])
    within = house.take((house.day, -1, [to_box(1, fund="common_income")]))[1]
    given = house.take((house.day, -20_00, [to_box(20_00)]))[1]
    house.take((house.day, -30_00, [to_box(30_00, fund="maintenance", box="third")]))  # gains and loses nothing
    house.advance(days=1)
    transfer(house, "second", "common_income")
    (met,) = findings(house, "custody.between_funds")
    left, arrived = [entry.record.digest for entry in house.entries if entry.record.kind == "bank.row/1"][3:]
    assert [cited.record for cited in met.evidence] == [within, arrived, given, left]


def test_what_one_fund_earns_and_another_spends_is_no_transfer() -> None:
    house = treasury()
    house.take((house.day, 100_00, [fees(100_00, fund="common_income")]))
    house.advance(days=1)
    house.take((house.day, -100_00, [spent(100_00)]))
    house.advance(days=1)
    part = {"amount": 50_00, "fund": "common_income", "category": "own_transfer", "nature": "own_transfer"}
    house.take((house.day, 50_00, [part]))  # said to come from an own account, and none has it less
    assert found(house, "custody.between_funds") == []


def test_a_transfer_that_has_not_arrived_yet() -> None:
    house = treasury()
    house.account("second", "bank", ["service_fee"])
    motion = house.budget(categories=["own_transfer"])
    said = {"category": "own_transfer", "nature": "own_transfer", "into": "second"}
    application = house.approved(100_00, motion=motion, **said)
    house.take((house.day, -100_00, [{"amount": -100_00, "settles": f"{application}#0"}]))
    assert found(house, "custody.between_funds") == []
