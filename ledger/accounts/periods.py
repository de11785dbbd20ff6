"""Periods: closed in order by their statement, by a watermark and not by a flag."""

from dataclasses import dataclass, replace

from ledger import period
from ledger.accounts.state import Accounts
from ledger.errors import Refused


@dataclass(frozen=True, slots=True)
class Closed:
    """Fact: a period's books are closed; ``closing``: (account, fund, fen) on its last evening."""

    period: str
    closing: tuple[tuple[str, str, int], ...]


def next_period(accounts: Accounts, months: int) -> period.Period:
    """The period that the next statement closes. Raises ``books.not_open``."""
    if not accounts.opened_on:
        raise Refused("books.not_open", None, "books.opened/1 first")
    first = period.parse_day(accounts.closed_until).toordinal() + 1
    return period.Period.of(type(period.parse_day(accounts.closed_until)).fromordinal(first), months)


def closing_of(accounts: Accounts, code: str) -> dict[tuple[str, str], int]:
    """Each (account, fund) at the end of the next period: opening and what its lines moved."""
    closing = dict(accounts.openings.items())
    book = accounts.periods.get(code)
    for (account, fund, _, _), total in book.sums.items() if book else ():
        closing[(account, fund)] = closing.get((account, fund), 0) + total.received - total.spent
    return closing


def close(accounts: Accounts, code: str, months: int) -> tuple[Accounts, tuple[object, ...]]:
    """Close the next period. Raises ``period.not_next``."""
    closing_period = next_period(accounts, months)
    if code != closing_period.code:
        raise Refused("period.not_next", code, closing_period.code)
    closing = closing_of(accounts, code)
    openings = accounts.openings
    for key, amount in closing.items():
        openings = openings.insert(key, amount)
    withdrawals, proposals = accounts.withdrawals, accounts.proposals
    for application, asked in withdrawals.items():
        if not any(stage.waiting for stage in asked.stages):
            withdrawals = withdrawals.remove(application)
            proposals = proposals.discard(asked.proposal)
    return replace(
        accounts,
        openings=openings,
        closed_until=closing_period.last.isoformat(),
        periods=accounts.periods.discard(code),
        withdrawals=withdrawals,
        proposals=proposals,
    ), (Closed(code, tuple((a, f, amount) for (a, f), amount in sorted(closing.items()))),)
