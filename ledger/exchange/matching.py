"""Matching: what a bank row most likely is, with the reason, for a treasurer to look at before she signs.

Only a proposal: nothing is booked by it, and a row for which nothing fits is left to suspense rather than guessed. In this
order, each withdrawal stage, deposit and promise being proposed for one row only:

==================  =======================================================================================
reason              the row
==================  =======================================================================================
``reference``       pays an approved stage of this account: same amount, and the bank's text carries the stage's reference
                    附言码 (:func:`reference`)
``stage``           pays an approved stage of this account: same amount, payee is the counterparty; not one that a
                    recorded deposit says was deducted from it
``stage_amount``    pays the only approved stage of this amount, the counterparty's name is another
``deposit``         brings a recorded deposit: same net amount, same payer (or the only one of the amount)
``contract``        brings or costs what contracts with the counterparty promise: one of them or a sum; for the cycle that
                    holds the row's day (:mod:`ledger.exchange.cycles`)
``interest``        is the bank's interest
``none``            nothing fits, or more than one thing does: suspense
==================  =======================================================================================
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from ledger.accounts.state import Accounts, Pending, Stage, Withdrawal
from ledger.exchange import cycles
from ledger.exchange.bank import BankRow

MOST_SUMMED: Final = 4
"""Promises summed up to make one row; more make any amount fit something."""
INTEREST_WORDS: Final = ("结息", "利息", "interest")
REFERENCE_DIGITS: Final = 10
"""Hex digits of a stage's reference: short enough to type into a bank's form; it only ever finds."""


@dataclass(frozen=True, slots=True)
class Match:
    """A row with the parts proposed for it (bodies of :class:`ledger.accounts.records.Part`) and the reason's code."""

    row: BankRow
    parts: tuple[Mapping[str, Any], ...]
    reason: str

    @property
    def open(self) -> int:
        """What the parts leave to suspense, in fen."""
        explained: int = sum(part["amount"] for part in self.parts)
        return self.row.amount - explained


@dataclass(frozen=True, slots=True)
class Promise:
    """What a contract expects each cycle."""

    contract: str
    party: str
    amount: int
    fund: str
    category: str
    nature: str
    cycle: str = ""
    start: str = ""


@dataclass
class _Left:
    """What may still be proposed."""

    stages: dict[str, tuple[Withdrawal, Stage]]
    pending: dict[str, Pending]
    titles: Mapping[str, str]
    promises: Sequence[Promise]
    used: set[str] = field(default_factory=set)


def promises(contracts: Iterable[Mapping[str, Any]]) -> tuple[Promise, ...]:
    """The fixed amounts that contracts promise (bodies of ``contract.entered/1``)."""
    return tuple(
        Promise(
            body["code"],
            body["party"],
            e["amount"] * (1 if body["direction"] == "in" else -1),
            e["fund"],
            e["category"],
            e["nature"],
            e["cycle"],
            body.get("start", ""),
        )
        for body in contracts
        if "party" in body
        for e in body.get("expected", ())
        if e["amount"]
    )


def reference(stage: str) -> str:
    """What is typed into the bank's remark 附言 when a stage (``digest#n``) is paid, so that its row is known again.

    >>> reference("ab" * 32 + "#1")
    'MZABABABABAB1'
    """
    application, _, number = stage.partition("#")
    return f"MZ{application[:REFERENCE_DIGITS].upper()}{number}"


def titles(parties: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The public titles of parties (bodies of ``party.entered/1``) by code."""
    return {body["code"]: body["title"] for body in parties if "title" in body}


def match(
    accounts: Accounts, account: str, rows: Iterable[BankRow], named: Mapping[str, str], promised: Sequence[Promise]
) -> tuple[Match, ...]:
    """Propose parts for each row of an account, in the rows' order. ``named``: the parties' public titles by code."""
    netted = {p.cost_settles for p in accounts.pending.values()}
    left = _Left(
        {
            ref: (asked, stage)
            for asked in sorted(accounts.withdrawals.values(), key=lambda w: (w.proposed_on, w.application))
            if asked.approved and asked.account == account
            for number, stage in enumerate(asked.stages)
            if stage.waiting and (ref := f"{asked.application}#{number}") not in netted
        },
        {p.deposit: p for p in accounts.pending.values() if p.account == account},
        named,
        promised,
    )
    return tuple(_match(accounts, row, left) for row in rows)


def _match(accounts: Accounts, row: BankRow, left: _Left) -> Match:
    names = {code for code, title in left.titles.items() if _same(title, row.counterparty)}
    for found in (
        _stage(accounts, row, left, names) if row.amount < 0 else _deposit(row, left, names),
        _promised(row, left, names) if row.amount > 0 else None,
        _interest(accounts, row),
    ):
        if found is not None:
            return found
    return Match(row, (), "none")


def _stage(accounts: Accounts, row: BankRow, left: _Left, names: set[str]) -> Match | None:
    fitting = [
        (ref, asked)
        for ref, (asked, stage) in left.stages.items()
        if stage.amount == -row.amount and not _counted_since(accounts, asked.into, row)
    ]
    said = "".join(row.narration.split()).upper()
    coded = [(ref, asked) for ref, asked in fitting if _says(said, reference(ref))]
    named = [(ref, asked) for ref, asked in fitting if asked.party in names]
    # Instalments of one withdrawal are alike: the first unpaid one is meant. Two withdrawals alike are ambiguous.
    if len(coded) == 1:
        chosen, reason = coded[0], "reference"
    elif named and len({asked.application for _, asked in named}) == 1:
        chosen, reason = named[0], "stage"
    elif not named and len(fitting) == 1:
        chosen, reason = fitting[0], "stage_amount"
    else:
        return None
    del left.stages[chosen[0]]
    return Match(row, ({"amount": row.amount, "settles": chosen[0]},), reason)


def _says(text: str, code: str) -> bool:
    """Whether a text has a code, and not the beginning of a longer number: stage 1 is not stage 12."""
    _before, found, after = text.partition(code)
    return bool(found) and not after[:1].isdecimal()


def _counted_since(accounts: Accounts, into: str, row: BankRow) -> bool:
    """Whether a box was counted later than the row: what the row brought there is said on the day of the count or later."""
    return into in accounts.accounts and row.on.isoformat() < accounts.account(into).counted_on


def _deposit(row: BankRow, left: _Left, names: set[str]) -> Match | None:
    fitting = [p for p in left.pending.values() if p.net == row.amount]
    named = [p for p in fitting if p.party in names] or fitting
    if len(named) != 1:
        return None
    del left.pending[named[0].deposit]
    return Match(row, ({"amount": row.amount, "settles": named[0].deposit},), "deposit")


def _promised(row: BankRow, left: _Left, names: set[str]) -> Match | None:
    theirs = [p for p in left.promises if p.party in names and p.amount * row.amount > 0]
    sums = [
        chosen
        for size in range(1, min(MOST_SUMMED, len(theirs)) + 1)
        for chosen in combinations(theirs, size)
        if sum(p.amount for p in chosen) == row.amount
    ]
    if not sums or (len(sums) > 1 and len(sums[0]) == len(sums[1])):
        return None
    return Match(row, tuple(_part(p, row) for p in sums[0]), "contract")


def _part(promise: Promise, row: BankRow) -> dict[str, Any]:
    covers = cycles.written(cycles.span(promise.cycle, promise.start, row.on))
    part = {
        "amount": promise.amount,
        "fund": promise.fund,
        "category": promise.category,
        "nature": promise.nature,
        "party": promise.party,
        "contract": promise.contract,
    }
    return part | ({"covers": covers} if covers else {})


def _interest(accounts: Accounts, row: BankRow) -> Match | None:
    said = row.narration.lower()
    if (
        row.amount <= 0
        or not any(word in said for word in INTEREST_WORDS)
        or "interest" not in accounts.chart.categories
    ):
        return None
    funds = {fund for a in accounts.accounts.values() for fund in a.funds}
    fund = "common_income" if "common_income" in funds else sorted(funds)[0]
    return Match(row, ({"amount": row.amount, "fund": fund, "category": "interest", "nature": "income"},), "interest")


def _same(title: str, counterparty: str) -> bool:
    return _bare(title) == _bare(counterparty)


def _bare(text: str) -> str:
    return "".join(c for c in text if c not in " \u3000()（）").casefold()
