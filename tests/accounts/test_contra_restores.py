"""A contra undoes what was done, whatever was done: drawn acts, accepted, taken back, compared with what stood before.

What a bank row moved stands, so that a row is compared with the same row of which nobody said what it was. Left out are
only what a contra adds: its voucher and lines, and the day from which money put back is in suspense.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

from ledger.errors import MingzhangError
from tests.accounts.treasury import Treasury, treasury

Part = dict[str, Any]
OPENED = "2026-01-05"


@dataclass(frozen=True)
class Standing:
    """A house where everything waits that a part can settle, and by what it is named."""

    house: Treasury
    stages: tuple[str, ...]
    deposits: tuple[tuple[str, int], ...]
    came: tuple[str, ...]
    went: tuple[str, ...]


@cache
def standing() -> Standing:
    """Stages of the bank account and of the box, one of them on its way; deposits with and without a deduction; suspense."""
    house = treasury()
    house.deposit(2_000, account="box", fund="common_income", category="rent")
    house.deposit(2_000, account="box")
    motion, small = house.budget(), house.delegation()
    thrice = house.approved(100, 200, 300, motion=motion)
    stages = [f"{thrice}#{n}" for n in range(3)]
    stages.append(f"{house.approved(50, motion=motion, account='box', document=house.letter)}#0")
    rents = {"fund": "common_income", "category": "other_expense"}
    netted = house.apply_for(40, **rents)
    house.approve(house.propose(netted, small, ""))
    filled = house.apply_for(80, category="own_transfer", nature="own_transfer", into="box")
    house.approve(house.propose(filled, small, ""))
    stages.append(f"{filled}#0")
    house.act("withdrawal.instructed/1", {"stage": stages[0], "on": house.day}, by=["treasurer"])
    income = {"fund": "common_income", "category": "rent", "party": "lift"}
    kept = {"gross": 140, "cost": 40, "cost_evidence": house.letter}
    deposits = (
        (house.deposit(100, **income, covers="1月"), 100),
        (house.deposit(100, **income, **kept), 100),
        (house.deposit(100, **income, **kept, cost_settles=f"{netted}#0", covers="2月"), 100),
    )
    _, *rows = house.take((house.day, 500), (house.day, -400), (house.day, 300), (house.day, -200))
    return Standing(house, tuple(stages), deposits, (rows[0], rows[2]), (rows[1], rows[3]))


def restored(house: Treasury, named: Mapping[str, str]) -> dict[str, Any]:
    """What a contra must give back; a row stands under the name that ``named`` gives it."""
    accounts = house.accounts
    return {
        "balances": {key: held for key, held in accounts.balances.items() if held},
        "own": {code: (a.balance, a.suspense_in, a.suspense_out) for code, a in accounts.accounts.items()},
        "suspense": {named.get(row, row): (s.account, s.on, s.amount) for row, s in accounts.suspense.items()},
        "pending": dict(accounts.pending.items()),
        "withdrawals": dict(accounts.withdrawals.items()),
        "unfounded": dict(accounts.unfounded.items()),
        "authorities": dict(accounts.authorities.items()),
    }


@st.composite
def parts(draw: st.DrawFn, sign: int, box: bool = False) -> list[Part]:
    """Parts of one act, each of any kind that money of this sign may be."""
    here = standing()
    chosen: list[Part] = []
    for _ in range(draw(st.integers(1, 4))):
        amount = sign * draw(st.integers(1, 90))
        fund = draw(st.sampled_from(["common_income", "service_fee"] if not box else ["common_income"]))
        said = {"amount": amount, "fund": fund, "document": here.house.letter, "contract": "c1", "covers": "一月"}
        plain = said | (
            {"category": "rent", "nature": "income"} if sign > 0 else {"category": "tax", "nature": "expense"}
        )
        kinds: list[Part] = [plain]
        if sign < 0:
            account = "box" if box else "bank"
            of = (
                (ref, here.house.withdrawal(ref.partition("#")[0]), int(ref.partition("#")[2])) for ref in here.stages
            )
            kinds += [{"amount": -w.stages[n].amount, "settles": ref} for ref, w, n in of if w.account == account]
        else:
            kinds += [{"amount": net, "settles": deposit} for deposit, net in here.deposits]
        if not box:
            rows = here.went if sign > 0 else here.came
            kinds += [{"amount": amount, "returns": row, "document": here.house.letter} for row in rows]
            moved = {"category": "own_transfer", "nature": "own_transfer", "box": "box", "fund": "common_income"}
            kinds.append({"amount": amount} | moved)
        chosen.append(draw(st.sampled_from(kinds)))
    return chosen


def accepted(act: Any, *said: Any, **other: Any) -> Any:
    """What the act gives, if it is accepted; if not, this is no example."""
    try:
        return act(*said, **other)
    except MingzhangError as error:
        event(f"refused: {error.rule}")
        assume(False)


@given(data=st.data(), sign=st.sampled_from([1, -1]), rest=st.sampled_from([0, 0, 33]))
def test_a_row(data: st.DataObject, sign: int, rest: int) -> None:
    said = data.draw(parts(sign))
    amount = sum(part["amount"] for part in said) + sign * rest
    house, twin = standing().house.fork(), standing().house.fork()
    _, row = accepted(house.take, (house.day, amount, said))
    house.advance(days=3)
    house.contra(row)
    _, bare = twin.take((OPENED, amount))
    assert restored(house, {row: "row"}) == restored(twin, {bare: "row"})


@given(data=st.data(), sign=st.sampled_from([1, -1]), index=st.integers(0, 1))
def test_a_clearing(data: st.DataObject, sign: int, index: int) -> None:
    house = standing().house.fork()
    row = (standing().came if sign > 0 else standing().went)[index]
    before = restored(house, {})
    cleared = accepted(house.clear, row, *data.draw(parts(sign)))
    house.advance(days=3)
    house.contra(cleared)
    assert restored(house, {}) == before


@given(data=st.data())
def test_cash(data: st.DataObject) -> None:
    house = standing().house.fork()
    before = restored(house, {})
    paid = accepted(house.pay_cash, *data.draw(parts(-1, box=True)))
    house.contra(paid)
    assert restored(house, {}) == before


@given(
    account=st.sampled_from(["bank", "box"]),
    cost=st.integers(0, 50),
    category=st.sampled_from(["", "tax"]),
    settles=st.booleans(),
)
def test_a_deposit(account: str, cost: int, category: str, settles: bool) -> None:
    """Into the box it is booked, into the bank account it waits: both are as if it had not been."""
    house = standing().house.fork()
    application = house.apply_for(max(cost, 1), fund="common_income", category="other_expense")
    house.approve(house.propose(application, house.delegation(), "", account=account))
    before = restored(house, {})
    kept = {"cost": cost, "cost_evidence": house.letter} if cost else {}
    if cost and settles:
        kept |= {"cost_settles": f"{application}#0"}
    elif cost and category:
        kept |= {"cost_category": category}
    body = {"account": account, "fund": "common_income", "category": "rent", "party": "lift", "gross": 60 + cost}
    house.contra(house.deposit(60, **body, **kept))
    assert restored(house, {}) == before
