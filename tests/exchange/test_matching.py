"""Matching: each reason once, and nothing guessed where two things fit."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rpds import HashTrieMap

from ledger.accounts.state import Account, Accounts, Pending, Stage, Withdrawal
from ledger.exchange.bank import BankRow
from ledger.exchange.matching import Promise, match, promises, reference
from tests.accounts.treasury import CHART
from tests.community import digest_of

LIFT, RENT, OTHER = "lift", "locker", "other"
TITLES = {LIFT: "电梯（维保）公司", RENT: "快递柜公司", OTHER: "别的公司"}


def row(amount: int, name: str = "", said: str = "", number: int = 1) -> BankRow:
    return BankRow(number, date(2026, 1, number), None, amount, 0, 0, name, "", said, "")


def asked(party: str, *amounts: int, approved: bool = True, account: str = "main", name: str = "") -> Withdrawal:
    return Withdrawal(
        digest_of(name or f"{party} {amounts}"), "p", party, "service_fee", "lift", "expense", "", "",
        tuple(Stage(a, "") for a in amounts), account=account, approved_on="2026-01-01" if approved else "",
    )  # fmt: skip


def deposit(party: str, net: int, account: str = "main") -> Pending:
    return Pending(
        digest_of(f"d {party} {net}"),
        account,
        "2026-01-01",
        "common_income",
        "rent",
        "income",
        net,
        0,
        net,
        party,
        "",
        "",
        "",
        "",
    )


def books(*withdrawals: Withdrawal, pending: tuple[Pending, ...] = ()) -> Accounts:
    account = Account("main", "bank", "", "committee", "", "", ("common_income", "service_fee"), ())
    return Accounts(
        accounts=HashTrieMap({"main": account}),
        chart_text=CHART,
        withdrawals=HashTrieMap({w.application: w for w in withdrawals}),
        pending=HashTrieMap({p.deposit: p for p in pending}),
    )


def one(
    accounts: Accounts, a_row: BankRow, promised: tuple[Promise, ...] = ()
) -> tuple[str, list[dict[str, Any]], int]:
    (found,) = match(accounts, "main", [a_row], TITLES, promised)
    return found.reason, [dict(part) for part in found.parts], found.open


def test_an_approved_stage_of_the_counterparty() -> None:
    stage = asked(LIFT, 567_000)
    reason, parts, left = one(books(stage, asked(OTHER, 567_000)), row(-567_000, "电梯(维保) 公司"))
    assert (reason, parts, left) == ("stage", [{"amount": -567_000, "settles": f"{stage.application}#0"}], 0)


def test_the_only_stage_of_the_amount_under_another_name() -> None:
    stage = asked(LIFT, 567_000)
    assert one(books(stage), row(-567_000, "个人"))[0] == "stage_amount"


@pytest.mark.parametrize(
    "accounts",
    [
        books(),
        books(asked(LIFT, 567_000, approved=False)),
        books(asked(LIFT, 567_000, account="another")),
        books(asked(LIFT, 567_001)),
        books(asked(LIFT, 567_000), asked(OTHER, 567_000)),
        books(asked(LIFT, 567_000, name="one"), asked(LIFT, 567_000, name="two")),
    ],
    ids=["none", "not approved", "other account", "other amount", "two by amount", "two of one payee"],
)
def test_what_is_not_certain_stays_in_suspense(accounts: Accounts) -> None:
    name = (
        TITLES[LIFT]
        if len(accounts.withdrawals) == 2 and all(w.party == LIFT for w in accounts.withdrawals.values())
        else "个人"
    )
    assert one(accounts, row(-567_000, name)) == ("none", [], -567_000)


def test_what_went_into_a_box_that_was_counted_since_is_said_later() -> None:
    stage = replace(asked(LIFT, 500), into="box")
    accounts = books(stage)
    box = Account("box", "petty", "", "committee", "", "", ("service_fee",), (), counted_on="2026-01-02")
    with_box = accounts.with_account(box)
    found = match(with_box, "main", [row(-500, number=1), row(-500, number=2)], TITLES, ())
    assert [m.reason for m in found] == ["none", "stage_amount"]


def test_instalments_alike_are_paid_in_their_order_and_each_once() -> None:
    stage = asked(LIFT, 100, 100)
    rows = [row(-100, TITLES[LIFT], number=n) for n in (1, 2, 3)]
    found = match(books(stage), "main", rows, TITLES, ())
    settled = [part["settles"] for m in found for part in m.parts]
    assert settled == [f"{stage.application}#0", f"{stage.application}#1"]
    assert [m.reason for m in found] == ["stage", "stage", "none"]


def test_the_reference_in_the_banks_text_finds_its_stage_among_stages_alike() -> None:
    first, second = asked(OTHER, 567_000, name="one"), asked(OTHER, 567_000, name="two")
    said = f"网银转账 附言:{reference(f'{second.application}#0').lower()} 维保费"
    reason, parts, _ = one(books(first, second), row(-567_000, "个人", said))
    assert (reason, parts) == ("reference", [{"amount": -567_000, "settles": f"{second.application}#0"}])
    assert one(books(first, second), row(-567_001, "个人", said))[0] == "none", "the amount must be the stage's"


def test_a_reference_is_not_the_beginning_of_another() -> None:
    stage = asked(LIFT, *[100] * 11)
    reason, parts, _ = one(books(stage), row(-100, "个人", reference(f"{stage.application}#10")))
    assert (reason, parts[0]["settles"]) == ("reference", f"{stage.application}#10")


def test_a_recorded_deposit() -> None:
    waiting = deposit(RENT, 1_800_000)
    reason, parts, _ = one(books(pending=(waiting,)), row(1_800_000, "谁"))
    assert (reason, parts) == ("deposit", [{"amount": 1_800_000, "settles": waiting.deposit}])
    two = books(pending=(waiting, deposit(OTHER, 1_800_000)))
    assert one(two, row(1_800_000, TITLES[RENT]))[1] == parts
    assert one(two, row(1_800_000, "谁"))[0] == "none"


def test_a_stage_that_a_deposit_says_was_deducted_from_it_is_not_paid_by_a_row() -> None:
    stage = asked(LIFT, 300, 300)
    waiting = replace(deposit(RENT, 700), gross=1_000, cost=300, cost_settles=f"{stage.application}#0")
    _, parts, _ = one(books(stage, pending=(waiting,)), row(-300, TITLES[LIFT]))
    assert parts == [{"amount": -300, "settles": f"{stage.application}#1"}]


CONTRACTS: tuple[dict[str, Any], ...] = (
    {
        "code": "c1", "direction": "in", "party": RENT, "start": "2025-10-15",
        "expected": [
            {"cycle": "month", "amount": 260_000, "fund": "common_income", "category": "rent", "nature": "income"},
            {"cycle": "month", "amount": 40_000, "fund": "service_fee", "category": "service_fee", "nature": "income"},
            {"cycle": "metered", "amount": 0, "fund": "service_fee", "category": "utility_passed", "nature": "pass_through"},
        ],
    },
    {"code": "c2", "direction": "in", "object": "无承租人"},
    {
        "code": "c3", "direction": "out", "party": LIFT,
        "expected": [{"cycle": "month", "amount": 567_000, "fund": "service_fee", "category": "lift", "nature": "expense"}],
    },
)  # fmt: skip


def test_what_contracts_promise() -> None:
    found = promises(CONTRACTS)
    assert [(p.contract, p.amount) for p in found] == [("c1", 260_000), ("c1", 40_000), ("c3", -567_000)]
    reason, parts, left = one(books(), row(300_000, TITLES[RENT]), found)
    assert (reason, left) == ("contract", 0)
    assert [(p["contract"], p["category"], p["amount"], p["covers"]) for p in parts] == [
        ("c1", "rent", 260_000, "2025-12-15..2026-01-14"),
        ("c1", "service_fee", 40_000, "2025-12-15..2026-01-14"),
    ]
    assert one(books(), row(40_000, TITLES[RENT]), found)[0] == "contract"
    assert one(books(), row(300_000, TITLES[OTHER]), found)[0] == "none"
    assert one(books(), row(299_999, TITLES[RENT]), found)[0] == "none"


def test_money_out_is_never_explained_by_a_contract_alone() -> None:
    """It needs an approved stage; without one it would be proposed as a payment without authority."""
    assert one(books(), row(-567_000, TITLES[LIFT]), promises(CONTRACTS))[0] == "none"


def test_two_sums_that_fit_are_no_match() -> None:
    alike = tuple(Promise(c, RENT, 100, "common_income", "rent", "income") for c in ("a", "b"))
    assert one(books(), row(100, TITLES[RENT]), alike)[0] == "none"
    assert one(books(), row(200, TITLES[RENT]), alike)[0] == "contract"


def test_interest() -> None:
    reason, parts, _ = one(books(), row(3_611, "", "批量结息"))
    assert reason == "interest"
    assert parts == [{"amount": 3_611, "fund": "common_income", "category": "interest", "nature": "income"}]
    assert one(books(), row(-3_611, "", "利息"))[0] == "none"
