"""What is owed, by age: instalments that contracts promise, current accounts, money in suspense; contracts; petty cash.

Ages count from the day on which something fell due or came into being, up to the last of the days. What was paid settles what is
oldest first, which is how ageing is usually done; a receipt that says what it is for may say otherwise, and the checks then ask.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger import period
from ledger.accounts.records import CashCounted, ContractEntered
from ledger.audit.books.balances import held
from ledger.audit.books.journal import Posting, Span
from ledger.audit.checks import Acted, Dossier, leases

AGES: Final = (30, 90, 180, 365)
"""Days: up to the first, …, more than the last."""
CURRENT: Final = ("payable", "pass_through", "deposit_held")
"""Natures of money that is owed to somebody or by somebody."""


@dataclass(frozen=True, slots=True)
class Open:
    """What is open at the end: since when, signed fen."""

    since: str
    amount: int


@dataclass(frozen=True, slots=True)
class Aged:
    """Open amounts of one contract or party, oldest first."""

    items: tuple[Open, ...]

    @property
    def amount(self) -> int:
        """All of it."""
        return sum(item.amount for item in self.items)

    def by_age(self, last: str) -> tuple[int, ...]:
        """Fen by age on the last day, one more than :data:`AGES`.

        >>> Aged((Open("2019-01-01", 5), Open("2019-06-01", 7))).by_age("2019-06-30")
        (7, 0, 5, 0, 0)
        """
        sums = [0] * (len(AGES) + 1)
        for item in self.items:
            days = (period.parse_day(last) - period.parse_day(item.since)).days
            sums[next((n for n, age in enumerate(AGES) if days <= age), len(AGES))] += item.amount
        return tuple(sums)


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract with what was received and spent under it in the days."""

    act: Acted[ContractEntered]
    received: int
    spent: int


@dataclass(frozen=True, slots=True)
class Current:
    """One party's current account of one nature and fund."""

    nature: str
    fund: str
    party: str
    aged: Aged


@dataclass(frozen=True, slots=True)
class Box:
    """A petty-cash box: what it holds on the last day, what went in and out in the days, its last count."""

    code: str
    held: int
    received: int
    spent: int
    counted: Acted[CashCounted] | None


def contracts(case: Dossier, found: Iterable[Posting], span: Span) -> Iterator[Contract]:
    """All contracts in the order of entry, contra entries counted against what they take back."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for move, corrects in _moves(found, span):
        if move.move is not None and move.move.contract:
            way = (move.move.amount < 0) != corrects
            sums[move.move.contract][way] += -move.move.amount if way else move.move.amount
    for act in case.acts(ContractEntered):
        received, spent = sums[act.body.code]
        yield Contract(act, received, spent)


def receivables(case: Dossier, last: str) -> Iterator[tuple[Acted[ContractEntered], int, int, Aged]]:
    """Of each contract that promises fixed amounts: what had fallen due by the last day, what had come, what is open by age."""
    end = period.parse_day(last)
    for account in leases.accounts(case):
        due = sorted((account.due(one), one.amount) for one in account.instalments if account.due(one) <= end)
        came = sum(receipt.amount for receipt in account.receipts if receipt.on <= end)
        promised = sum(amount for _, amount in due)
        yield account.contract, promised, came, Aged(tuple(_unpaid(due, came)))


def currents(found: Iterable[Posting], last: str) -> Iterator[Current]:
    """The current accounts that are not even on the last day; positive: owed by us, for the money came in."""
    moved: defaultdict[tuple[str, str, str], list[Open]] = defaultdict(list)
    for posting in found:
        if posting.money and posting.move is not None and posting.day <= last and posting.move.nature in CURRENT:
            move = posting.move
            moved[move.nature, move.fund, move.party].append(Open(posting.voucher.on, move.amount))
    for (nature, fund, party), items in sorted(moved.items()):
        aged = Aged(open_items(items))
        if aged.items:
            yield Current(nature, fund, party, aged)


def open_items(moved: Sequence[Open]) -> tuple[Open, ...]:
    """What is left of movements in both directions, the newer settling the older.

    >>> open_items([Open("2019-01-01", 100), Open("2019-02-01", 50), Open("2019-03-01", -120)])
    (Open(since='2019-02-01', amount=30),)
    >>> open_items([Open("2019-01-01", 100), Open("2019-02-01", -130)])
    (Open(since='2019-02-01', amount=-30),)
    """
    waiting: list[Open] = []
    for item in sorted(moved, key=lambda one: one.since):
        left = item.amount
        while left and waiting and (waiting[0].amount > 0) != (left > 0):
            oldest = waiting.pop(0)
            rest = oldest.amount + left
            same = (rest > 0) == (oldest.amount > 0)
            left = 0 if same else rest
            if rest and same:
                waiting.insert(0, Open(oldest.since, rest))
        if left:
            waiting.append(Open(item.since, left))
    return tuple(waiting)


def boxes(case: Dossier, found: Sequence[Posting], span: Span) -> Iterator[Box]:
    """The petty-cash boxes."""
    balances = held(found, span.last)
    for code, account in sorted(case.books.accounts.accounts.items()):
        if account.nature != "petty":
            continue
        mine = [p for p in found if p.money and p.leg.account == code and p.within(span)]
        counts = [act for act in case.acts(CashCounted) if act.body.account == code and act.body.on <= span.last]
        yield Box(
            code,
            sum(amount for (account_code, _), amount in balances.items() if account_code == code),
            sum(posting.leg.debit for posting in mine),
            sum(posting.leg.credit for posting in mine),
            max(counts, key=lambda act: (act.body.on, act.seq)) if counts else None,
        )


def _moves(found: Iterable[Posting], span: Span) -> Iterator[tuple[Posting, bool]]:
    return ((posting, bool(posting.voucher.corrects)) for posting in found if posting.money and posting.within(span))


def _unpaid(due: Sequence[tuple[date, int]], came: int) -> Iterator[Open]:
    for day, amount in due:
        paid = min(amount, came)
        came -= paid
        if amount > paid:
            yield Open(day.isoformat(), amount - paid)
