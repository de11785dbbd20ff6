"""Payments of the example: asked for by the company, proposed by the treasurer, approved by the mandate, paid.

The company's signatory asks on the evening of the day a letter came in; the treasurer proposes the next morning under
the budget's line, the delegation or a motion, when the owners have decided one; the chair approves at noon, above 5,000
yuan a member after him, from 100,000 on only after ten days in public, and while an owner's question of these days waits not
before its answer (:mod:`.questions`). A bank row then settles it (:mod:`.bank`); cash is paid here.

What was paid without any of this is not asked for afterwards: the row says what it was, and stands without authority.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from ledger.example import figures, questions
from ledger.example.desk import Desk, Step
from ledger.example.figures import Payment
from ledger.example.votes import motion_ref

BOX_FILLED: Final = "2018-12-17T17:00:00+08:00"
"""The advance of letter 14 comes into the box; before, nothing can be proposed from it."""
BOX_PROPOSED: Final = "2018-12-17T18:00:00+08:00"
BOX_COUNTED: Final = ("2018-12-31T17:00:00+08:00", "2019-06-28T17:00:00+08:00")
ASKED: Final = "17:00:00"
PROPOSED: Final = "09:30:00"
APPROVED: Final = "12:00:00"
SECONDED: Final = "12:30:00"
PAID: Final = "18:30:00"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approves a payment by the account's mandate, and after how many days in public."""

    approvers: tuple[str, ...]
    posting: int


def approval_of(payment: Payment) -> Approval:
    """The tier of the mandate for the payment's whole amount; of each seat the first role."""
    (account,) = (a for a in figures.settings()["accounts"] if a["code"] == payment.account)
    tier = [t for t in account["mandate"] if t["least"] <= payment.total][-1]
    return Approval(tuple(seat[0] for seat in tier["seats"]), tier.get("posting", 0))


def steps() -> Iterable[Step]:
    """Every sitting at which somebody asks, proposes, approves or pays cash, those of one moment together."""
    asked: defaultdict[str, list[Payment]] = defaultdict(list)
    proposed: defaultdict[str, list[Payment]] = defaultdict(list)
    approved: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
    for payment in figures.payments():
        received = figures.papers()[payment.paper].received
        if payment.under == "none":
            continue
        asked[_at(received, 0, ASKED)].append(payment)
        if payment.under == "dropped":
            continue
        moment = _proposal_moment(payment, received)
        proposed[moment].append(payment)
        decided = approval_of(payment)
        for n, (who, hour) in enumerate(zip(decided.approvers, (APPROVED, SECONDED), strict=False), 1):
            hung = _at(moment[:10], decided.posting, hour)
            noon = _at(max(hung[:10], questions.free_from(payment.name)), 0, hour)
            after = (datetime.fromisoformat(moment) + timedelta(hours=n)).isoformat()
            approved[(max(noon, after), who)].append(payment)
    for at, together in asked.items():
        yield Step(at, "payments", partial(ask, these=tuple(together)))
    for at, together in proposed.items():
        yield Step(at, "payments", partial(propose, these=tuple(together)))
    for (at, who), together in approved.items():
        yield Step(at, "payments", partial(approve, these=tuple(together), by=who))
    dropped = figures.settings()["dropped"]
    yield Step(dropped["at"], "payments", drop)
    yield from _cash()


def ask(desk: Desk, these: Iterable[Payment]) -> None:
    """The company's signatory asks for money."""
    desk.hand_in(
        [
            desk.draft("withdrawal.applied/1", _application(desk, payment), f"application {payment.name}")
            for payment in these
        ],
        ["company"],
    )


def propose(desk: Desk, these: Iterable[Payment]) -> None:
    """The treasurer proposes to pay, each under its authority."""
    desk.hand_in(
        [
            desk.draft(
                "withdrawal.proposed/1",
                {
                    "application": desk.digests[f"application {payment.name}"],
                    "account": payment.account,
                    "basis": _basis(desk, payment),
                },
                f"proposal {payment.name}",
            )
            for payment in these
        ],
        ["treasurer"],
    )


def approve(desk: Desk, these: Iterable[Payment], by: str) -> None:
    """One of the mandate's approvers agrees."""
    desk.hand_in(
        [
            desk.draft("withdrawal.approved/1", {"proposal": desk.digests[f"proposal {payment.name}"]})
            for payment in these
        ],
        [by],
    )


def drop(desk: Desk) -> None:
    """A letter that a later one replaced is not paid."""
    dropped = figures.settings()["dropped"]
    application = desk.digests[f"application {dropped['paper']}"]
    desk.act("withdrawal.dropped/1", {"application": application, "reason": dropped["reason"]}, ["treasurer"])


def stage(desk: Desk, payment: Payment, number: int) -> dict[str, Any]:
    """The part of a bank row or cash payment that pays an instalment: it settles an approved stage, or says what it was."""
    part = payment.instalments[number]
    if payment.under != "none":
        return {"amount": -part.amount, "settles": f"{desk.digests[f'application {payment.name}']}#{number}"}
    said: dict[str, Any] = {
        "amount": -part.amount,
        "fund": "service_fee",
        "category": payment.category,
        "nature": payment.nature,
        "party": payment.party,
        "document": desk.digests[payment.paper],
    }
    return said | ({"contract": payment.contract} if payment.contract else {})


def by_bank_row() -> Mapping[str, tuple[Payment, int]]:
    """Payment and instalment by the bank row that paid it."""
    return {
        part.bank_row: (payment, number)
        for payment in figures.payments()
        for number, part in enumerate(payment.instalments)
        if part.bank_row
    }


def _cash() -> Iterable[Step]:
    yield Step(BOX_FILLED, "cash", _fill_box)
    days: defaultdict[str, list[Payment]] = defaultdict(list)
    for payment in figures.payments():
        if payment.account == "box" and payment.under != "dropped":
            days[payment.instalments[0].paid_on].append(payment)
    for day, these in days.items():
        yield Step(_at(day, 0, PAID), "cash", partial(_pay_cash, these=tuple(these)))
    for at in BOX_COUNTED:
        yield Step(at, "cash", _count_box)


def _fill_box(desk: Desk) -> None:
    advance = figures.papers()["L14"]
    desk.act(
        "deposit.recorded/1",
        {
            "account": "box",
            "on": BOX_FILLED[:10],
            "fund": "service_fee",
            "category": "current_account",
            "nature": "payable",
            "gross": advance.total,
            "net": advance.total,
            "party": "lanyan",
            "document": desk.digests[advance.code],
        },
        ["treasurer"],
    )


def _pay_cash(desk: Desk, these: Iterable[Payment]) -> None:
    desk.hand_in(
        [
            desk.draft(
                "cash.paid/1",
                {"account": "box", "on": payment.instalments[0].paid_on, "parts": [stage(desk, payment, 0)]},
                f"paid {payment.name}",
            )
            for payment in these
        ],
        ["treasurer"],
    )


def _count_box(desk: Desk) -> None:
    held = sum(amount for (account, _), amount in desk.books.accounts.balances.items() if account == "box")
    on = datetime.fromtimestamp(desk.clock() / 1000, tz=datetime.fromisoformat(BOX_FILLED).tzinfo).date().isoformat()
    desk.act("cash.counted/1", {"account": "box", "on": on, "counted": held}, ["treasurer", "supervisor"])


def _application(desk: Desk, payment: Payment) -> dict[str, Any]:
    paper = figures.papers()[payment.paper]
    agreed = next((c for c in figures.contracts() if c.code == payment.contract), None)
    monthly = len(payment.instalments) > 1
    body: dict[str, Any] = {
        "party": payment.party,
        "fund": "service_fee",
        "category": payment.category,
        "nature": payment.nature,
        "purpose": agreed.object if agreed and monthly else paper.subject,
        "document": desk.digests[paper.code],
        "stages": [
            {"amount": part.amount} | ({"due": part.paid_on} if monthly else {}) for part in payment.instalments
        ],
    }
    return body | ({"contract": payment.contract} if payment.contract else {})


def _basis(desk: Desk, payment: Payment) -> dict[str, str]:
    if payment.under in ("delegation", "motion"):
        return {"motion": motion_ref(desk, "delegation" if payment.under == "delegation" else "lift")}
    return {"motion": motion_ref(desk, "budget"), "line": payment.under}


def _proposal_moment(payment: Payment, received: str) -> str:
    if payment.under == "motion":
        return str(figures.settings()["decided_payment_proposed"])
    return BOX_PROPOSED if payment.account == "box" else _at(received, 1, PROPOSED)


def _at(day: str, later: int, time: str) -> str:
    moment = datetime.fromisoformat(f"{day}T{time}+08:00") + timedelta(days=later)
    return moment.isoformat()
