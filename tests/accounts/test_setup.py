"""What must stand before money moves: accounts, mandates, the chart, parties, papers, contracts, opening balances."""

from typing import Any

import pytest

from ledger.accounts.booking import VoucherBooked
from ledger.accounts.records import MOST, MOST_TOTALS
from tests.accounts.treasury import CHART, MANDATE, OPENING, Treasury, fees, treasury
from tests.community import BOTH, Community, digest_of, profile_with, refused_as


@pytest.fixture
def house() -> Treasury:
    return treasury(opened=False)


# --- accounts and mandates ---------------------------------------------------------------------------------------------


def test_an_account_is_opened_once(house: Treasury) -> None:
    with refused_as("account.opened_before"):
        house.account("bank", "bank", ["subsidy"])
    assert house.bank.funds == ("common_income", "maintenance", "service_fee")
    assert house.bank.mandate[1].seats == (("chair",), ("registrar",))
    assert (house.bank.bank, house.bank.number) == ("", "")
    house.account("b2", "bank", ["subsidy"], bank="示例银行", number="尾号8816")
    other = house.accounts.account("b2")
    assert (other.bank, other.number, other.holder, other.title) == ("示例银行", "尾号8816", "committee", "b2")


@pytest.mark.parametrize(
    "mandate",
    [
        [{"least": 2, "seats": [["chair"]]}],
        [{"least": 1, "seats": [["chair"]]}, {"least": 1, "seats": [["member"]]}],
        [{"least": 1, "seats": [["chair"]]}, {"least": 50, "seats": [["chair"]]}, {"least": 9, "seats": [["chair"]]}],
    ],
)
def test_a_mandate_covers_every_amount_once(house: Treasury, mandate: list[dict[str, Any]]) -> None:
    with refused_as("mandate.tiers"):
        house.account("b2", "bank", ["subsidy"], mandate=mandate)
    with refused_as("mandate.tiers"):
        house.act("mandate.changed/1", {"account": "bank", "mandate": mandate, "source": digest_of("vote")}, by=BOTH)


def test_a_mandate_asks_for_roles_that_there_are(house: Treasury) -> None:
    with refused_as("mandate.unknown_role"):
        house.account("b2", "bank", ["subsidy"], mandate=[{"least": 1, "seats": [["chair"], ["chiar"]]}])


def test_an_account_stands_in_a_name_that_the_profile_allows(house: Treasury) -> None:
    with refused_as("account.holder") as refusal:
        house.account("b2", "bank", ["subsidy"], holder="caretaker")
    assert refusal.value.context["basis"] == "CC 278, 282; O165 10"
    text = profile_with("account.holders", '["caretaker_committee"]')
    house.act("profile.adopted/1", {"text": text, "source": digest_of("vote")}, by=BOTH)
    house.account("b2", "bank", ["subsidy"], holder="caretaker")
    with refused_as("account.holder"):
        house.account("b3", "bank", ["subsidy"])


def test_a_mandate_is_changed_by_two_parties(house: Treasury) -> None:
    body = {"account": "bank", "mandate": [{"least": 1, "seats": [["member"]]}], "source": digest_of("vote")}
    with refused_as("signers.seats"):
        house.act("mandate.changed/1", body, by=["chair", "treasurer"])
    house.act("mandate.changed/1", body, by=BOTH)
    assert house.bank.mandate[0].seats == (("member",),)
    with refused_as("account.unknown"):
        house.act("mandate.changed/1", body | {"account": "nowhere"}, by=BOTH)


def test_of_the_accounts_nothing_is_ruled_while_the_body_has_no_term() -> None:
    alone = Treasury(term=("2026-01-01", "2026-06-30"))
    alone.act(
        "role.appointed/1",
        {
            "person": alone.ref("registrar"),
            "role": "registrar",
            "body": "street",
            "start": "2026-07-01",
            "end": "2030-12-31",
            "source": digest_of("letter"),
        },
        by=BOTH,
    )
    alone.advance(days=200)
    alone.act("person.entered/1", {"nature": "office", "title": "街道"}, by=["registrar"])
    body = {"account": "bank", "mandate": MANDATE, "source": digest_of("vote")}
    with refused_as("signers.seats"):
        alone.act("mandate.changed/1", body, by=["registrar"])


def test_an_account_opened_later_begins_at_zero() -> None:
    house = treasury()
    house.account("b2", "bank", ["subsidy"])
    with refused_as("bank.does_not_join"):
        house.take(("2026-01-04", 100), file={"account": "b2", "opening": 5, "closing": 105})
    house.take(("2026-01-04", 100), file={"account": "b2"})
    assert house.accounts.account("b2").suspense_in == 100


# --- the chart ---------------------------------------------------------------------------------------------------------


def adopt(house: Treasury, text: str) -> None:
    house.act("chart.adopted/1", {"text": text}, by=BOTH)


LIFT = 'lift = { zh = "电梯", en = "Lifts", code = "5003", natures = ["expense"] }'


def test_a_later_chart_may_add(house: Treasury) -> None:
    assert LIFT in CHART
    more = LIFT.replace('["expense"]', '["expense", "payable"]')
    adopt(house, CHART.replace(LIFT, f"{more}\n{LIFT.replace('lift =', 'lift_two =')}"))
    assert house.chart.counter("lift", "payable") == house.chart.counter("lift_two", "expense") == "5003"


@pytest.mark.parametrize(
    ("instead", "rule"),
    [
        ("", "chart.category_gone"),
        (LIFT.replace('"expense"', '"payable"'), "chart.category_changed"),
        (LIFT.replace("5003", "5004"), "chart.category_changed"),
        (LIFT.replace("5003", "5999"), "chart.unknown_account"),
        (LIFT.replace("expense", "expenses"), "chart.malformed"),
        (LIFT.replace("{ zh", "{zh"), "toml.spelling"),
        ("lift = 1", "chart.malformed"),
    ],
)
def test_a_later_chart_may_not_take_away(house: Treasury, instead: str, rule: str) -> None:
    with refused_as(rule):
        adopt(house, CHART.replace(LIFT, instead))


def test_a_fund_that_the_chart_does_not_know_is_not_opened() -> None:
    house = treasury(opened=False)
    adopt(house, CHART.replace('maintenance = "3001"\n', ""))
    with refused_as("chart.no_fund"):
        house.open()
    house.open(opening={"service_fee": 1, "maintenance": 0})
    assert house.chart.name in CHART
    assert house.chart.accounts["1002"].side == "debit"


def test_without_a_chart_nothing_is_classified() -> None:
    community = Community()
    with refused_as("chart.none"):
        community.act("books.opened/1", {"on": "2026-01-01", "handed_over_by": "x", "parts": []}, by=BOTH)


# --- parties, papers, contracts ------------------------------------------------------------------------------------------


def test_a_party_is_entered_once_with_people_that_are_known(house: Treasury) -> None:
    with refused_as("party.entered_before"):
        house.party("lift")
    with refused_as("person.unknown"):
        body = {"code": "p2", "nature": "legal", "title": "x", "persons": [digest_of("nobody")]}
        house.act("party.entered/1", body, by=["chair"])


@pytest.mark.parametrize(
    "body",
    [
        {"code": "p2", "nature": "natural", "title": "张三"},
        {"code": "p2", "nature": "legal", "name": digest_of("name")},
        {"code": "p2", "nature": "legal"},
        {"code": "p2", "nature": "legal", "title": "x", "name": digest_of("name")},
        {"code": "P2", "nature": "legal", "title": "x"},
        {"code": "p2", "nature": "legal", "title": "x", "credit_code": "1"},
    ],
)
def test_a_natural_person_is_no_public_title(house: Treasury, body: dict[str, Any]) -> None:
    with refused_as("record.body"):
        house.act("party.entered/1", body, by=["chair"])


def test_a_contract_names_what_is_known(house: Treasury) -> None:
    body = {"code": "c2", "direction": "out", "object": "保洁", "start": "2026-01-01", "end": "2026-12-31"}
    expected = {"cycle": "month", "amount": 1, "fund": "service_fee", "category": "cleaning", "nature": "expense"}
    for other, rule in (
        ({"code": "c1"}, "contract.entered_before"),
        ({"party": "nobody"}, "party.unknown"),
        ({"document": digest_of("paper")}, "document.unknown"),
        ({"end": "2025-12-31"}, "contract.ends_before_start"),
        ({"end": "2026-02-30"}, "record.body"),
        ({"expected": [expected | {"category": "clening"}]}, "category.unknown"),
        ({"expected": [expected | {"nature": "income"}]}, "category.nature"),
    ):
        with refused_as(rule):
            house.act("contract.entered/1", body | other, by=["chair"])
    house.act("contract.entered/1", body | {"document": house.letter, "expected": [expected]}, by=["chair"])
    assert house.past.used("contract", "c2") == len(house.entries) - 1


def test_what_a_paper_prints_is_kept_and_never_computed_with(house: Treasury) -> None:
    line = {"text": "维保", "quantity_printed": "一", "amount_printed": -5}
    digest = house.document(lines=[line], total_printed=999, period_printed="2月30日至3月1日")
    assert house.past.used("document", digest) == len(house.entries) - 1


# --- opening the books ---------------------------------------------------------------------------------------------------


def test_the_books_are_opened_once(house: Treasury) -> None:
    house.open()
    assert house.fact(VoucherBooked).number == "2026-01-0001"
    assert house.bank.balance == sum(OPENING.values())
    assert house.accounts.unproven == (("bank", "maintenance", 5_000_00),)
    assert house.accounts.closed_until == "2025-12-31"
    with refused_as("books.opened_before"):
        house.open()


def test_what_a_box_holds_is_its_funds_alone(house: Treasury) -> None:
    part = {"account": "box", "fund": "service_fee", "amount": 300_00, "source": house.letter, "proven": True}
    house.open(parts=[part])
    assert house.fund("service_fee", "box") == 300_00
    assert house.accounts.account("box").balance == 0, "a box has no bank that says its balance"


def test_an_opening_names_funds_and_papers_that_are_known(house: Treasury) -> None:
    good = {"account": "bank", "fund": "service_fee", "amount": 1, "source": house.letter, "proven": True}
    for parts, rule in (
        ([good | {"account": "nowhere"}], "account.unknown"),
        ([good | {"fund": "bond"}], "account.not_for_fund"),
        ([good, good], "opening.part_twice"),
        ([good | {"source": digest_of("paper")}], "document.unknown"),
        ([good | {"amount": -1}], "record.body"),
        ([good | {"amount": True}], "record.body"),
        ([good | {"amount": "1"}], "record.body"),
    ):
        with refused_as(rule):
            house.open(parts=parts)
    with refused_as("day.future"):
        house.open("2026-01-06")
    with refused_as("signers.seats"):
        house.act("books.opened/1", {"on": "2026-01-01", "handed_over_by": "x", "parts": []}, by=["chair", "treasurer"])


def test_no_money_moves_before_the_books_are_open(house: Treasury) -> None:
    with refused_as("books.not_open"):
        house.take(("2026-01-02", 1))
    with refused_as("books.not_open"):
        house.deposit()
    with refused_as("books.not_open"):
        house.pay_cash(fees(-1))
    house.open("2026-01-03")
    with refused_as("day.before_books"):
        house.deposit(on="2026-01-02")
    with refused_as("bank.days"):
        house.take(("2026-01-02", 1), ("2026-01-03", 1))
    with refused_as("day.before_books"):
        house.take(("2026-01-02", 1))


def test_sums_and_balances_have_a_bound() -> None:
    """A statement could not be drawn up of more, and no contra would heal it."""
    house = treasury()
    paid_in = {"account": "box", "on": house.day, "fund": "service_fee", "category": "service_fee", "nature": "income"}
    house.act("deposit.recorded/1", {**paid_in, "gross": MOST, "net": MOST}, by=["treasurer"])
    with refused_as("sum.too_large"):
        house.act("deposit.recorded/1", {**paid_in, "gross": 1, "net": 1}, by=["treasurer"])


def test_there_are_not_more_totals_than_a_statement_names(house: Treasury) -> None:
    funds = [
        "maintenance",
        "common_income",
        "service_fee",
        "committee_budget",
        "subsidy",
        "quality_deposit",
        "bond",
        "emergency",
    ]
    with refused_as("account.too_many"):
        for number in range(MOST_TOTALS):
            house.account(f"b{number}", "bank", funds)
    assert sum(len(account.funds) for account in house.accounts.accounts.values()) <= MOST_TOTALS
