"""Income on its way to the bank: what was kept of it, and how long it took. Row 14 of the table.

A receipt that the treasurer records for a bank account waits for the bank's own row; one taken in cash stands in the box
until a transfer brings it to the bank. Both are late after ``income.bank_within`` (15 working days unless the community
chose otherwise). What never came to the bank is a difference between bank and books (:mod:`.bank`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.facts import Arrived
from ledger.accounts.records import DepositRecorded
from ledger.audit.checks.days import last_day
from ledger.audit.checks.dossier import Acted, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.spending import cites


def kept_too_much(case: Dossier) -> Iterator[Found]:
    """Payers kept more of what they owed than the community's rules let them: one finding for each payer and contract."""
    limit = case.profile.optional_ratio("income.deduction_max")
    if limit is None:
        return
    kept: defaultdict[tuple[str, str], list[Acted[DepositRecorded]]] = defaultdict(list)
    for act in _standing(case):
        body = act.body
        if body.cost and body.nature == "income" and not limit.holds(body.cost, body.gross):
            kept[body.party or "", body.contract or ""].append(act)
    for (party, contract), acts in kept.items():
        yield found(
            *(act.cite("cost") for act in acts),
            party=party,
            contract=contract,
            count=len(acts),
            gross_fen=sum(act.body.gross for act in acts),
            cost_fen=sum(act.body.cost for act in acts),
            limit=f"{limit.num}/{limit.den}",
        )


def banked_late(case: Dossier) -> Iterator[Found]:
    """What was recorded as received reached the bank later than it may: one finding for each account."""
    late: defaultdict[str, list[tuple[int, Acted[DepositRecorded], Noted[Arrived]]]] = defaultdict(list)
    arrived, due_of = _arrived(case), _due(case)
    pending = case.books.accounts.pending
    for act in case.acts(DepositRecorded):
        came = arrived.get(act.digest)
        due = due_of(act.body.on)
        if came and act.digest not in pending and due and came.fact.on > due.isoformat():
            late[act.body.account].append((_days(act.body.on, came.fact.on), act, came))
    for account, deposits in late.items():
        yield found(
            *(cited for _, act, came in deposits for cited in (act.cite("on"), came.cite())),
            account=account,
            count=len(deposits),
            days=max(days for days, _, _ in deposits),
            amount_fen=sum(act.body.net for _, act, _ in deposits),
        )


def cash_not_banked(case: Dossier) -> Iterator[Found]:
    """Income taken in cash was not brought to the bank in time: one finding for each box."""
    boxes: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    brought: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for noted in case.lines():
        line, move = noted.fact, noted.fact.move
        if case.books.accounts.account(move.account).nature != "petty":
            continue
        if move.nature == "income":
            boxes[move.account].append(noted)
        elif move.nature == "own_transfer" and move.amount < 0:
            brought[move.account].append((line.on, -move.amount))
    due_of = _due(case)
    for account, income in boxes.items():
        income.sort(key=lambda noted: (noted.fact.on, noted.seq))
        held, late = 0, []
        for noted in income:
            held += noted.fact.move.amount
            due = due_of(noted.fact.on)
            if due and case.day > due and sum(a for on, a in brought[account] if on <= due.isoformat()) < held:
                late.append(noted)
        if late:
            yield found(
                *cites(case, late),
                account=account,
                count=len(late),
                first_day=late[0].fact.on,
                amount_fen=sum(noted.fact.move.amount for noted in late),
            )


def _due(case: Dossier) -> Callable[[str], date | None]:
    """For a day, the last on which what was received then must be in the bank; None where nobody can count it."""
    term = case.profile.days("income.bank_within")
    return cache(lambda on: last_day(case.books, period.parse_day(on), term))


def _days(first: str, last: str) -> int:
    return (period.parse_day(last) - period.parse_day(first)).days


def _arrived(case: Dossier) -> dict[str, Noted[Arrived]]:
    """The last arrival of each deposit that came; what was dropped has none."""
    last = {noted.fact.ref: noted for noted in case.facts(Arrived)}
    return {ref: noted for ref, noted in last.items() if noted.fact.on}


def _standing(case: Dossier) -> Iterator[Acted[DepositRecorded]]:
    """The deposits that are in the bank, on their way to it, or in a box."""
    arrived, pending = _arrived(case), case.books.accounts.pending
    booked = {noted.record for noted in case.lines()}
    return (
        act for act in case.acts(DepositRecorded) if {act.digest} & (arrived.keys() | booked) or act.digest in pending
    )


_TERM: Final = ("CC 282", "profile income.bank_within")
CHECKS: Final = (
    Check(
        "income.kept_too_much",
        "14",
        "high",
        ("CC 282", "SPC 14", "profile income.deduction_max"),
        (DepositRecorded, Arrived, Line),
        kept_too_much,
    ),
    Check("income.banked_late", "14", "high", _TERM, (DepositRecorded, Arrived), banked_late),
    Check("income.cash_not_banked", "14", "high", _TERM, (Line,), cash_not_banked),
)
