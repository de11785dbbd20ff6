"""Periods: closed in order by their statement, by a watermark and not by a flag."""

from dataclasses import dataclass

from ledger import period
from ledger.accounts.state import Accounts, Span
from ledger.errors import Refused
from ledger.frozen import replace


@dataclass(frozen=True, slots=True)
class Closed:
    """Fact: a period's books are closed; ``closing``: (account, fund, fen) on its last evening."""

    period: str
    closing: tuple[tuple[str, str, int], ...]


def period_of(accounts: Accounts, day: str) -> period.Period:
    """The statement period that holds a day after the watermark."""
    span = next(span for span in reversed(accounts.spans) if span.start <= day)
    return period.Period.of(period.parse_day(day), span.months)


def next_period(accounts: Accounts) -> period.Period:
    """The period that the next statement closes. Raises ``books.not_open``."""
    if not accounts.opened_on:
        raise Refused("books.not_open", None, "books.opened/1 first")
    return period_of(accounts, period.day_after(accounts.closed_until))


def change_length(accounts: Accounts, months: int, today: str) -> Accounts:
    """Periods of another length, from the first day after ``today`` that begins a period of the old length and of the new.

    Nothing is booked later than today, so that no line stands in a period that the change would cut. A change that has
    not begun yet gives way to this one.
    """
    if not accounts.spans:
        return accounts
    spans = tuple(span for span in accounts.spans if span.start <= today)
    old = spans[-1].months
    if months != old:
        # Each length divides the longer ones: where a period of the longer begins, one of the shorter does.
        first = period.Period.of(period.parse_day(today), max(old, months)).next().first
        spans = (*spans, Span(first.isoformat(), months))
    return replace(accounts, spans=spans)


def closing_of(accounts: Accounts, code: str) -> dict[tuple[str, str], int]:
    """Each (account, fund) at the end of the next period: opening and what its lines moved."""
    closing = dict(accounts.openings.items())
    book = accounts.periods.get(code)
    for (account, fund, _, _), total in book.sums.items() if book else ():
        closing[(account, fund)] = closing.get((account, fund), 0) + total.received - total.spent
    return closing


def close(accounts: Accounts, code: str) -> tuple[Accounts, tuple[object, ...]]:
    """Close the next period. Raises ``period.not_next``."""
    closing_period = next_period(accounts)
    if code != closing_period.code:
        raise Refused("period.not_next", code, closing_period.code)
    closing = closing_of(accounts, code)
    openings = accounts.openings
    for key, amount in closing.items():
        openings = openings.insert(key, amount)
    after = replace(
        accounts,
        openings=openings,
        closed_until=closing_period.last.isoformat(),
        periods=accounts.periods.discard(code),
    )
    return _live(after), (Closed(code, tuple((a, f, amount) for (a, f), amount in sorted(closing.items()))),)


def _live(accounts: Accounts) -> Accounts:
    """Without what nothing booked after the watermark can touch: withdrawals that are settled, authorities past their days
    with no payment on its way, voucher numbers of months behind, lengths of periods behind.

    A settled withdrawal stays while a file of its account may still be rejected: the right file must find its stages waiting.
    What a contra later takes back of a payment that left, no authority past its days has again: nothing could be proposed
    under it any more.
    """
    withdrawals, proposals = accounts.withdrawals, accounts.proposals
    claimed = {file.account for file in accounts.imports.values()}
    for application, asked in withdrawals.items():
        if asked.account not in claimed and not any(stage.waiting for stage in asked.stages):
            withdrawals = withdrawals.remove(application)
            proposals = proposals.discard(asked.proposal)
    authorities = accounts.authorities
    leaned_on = {(asked.motion, asked.line) for asked in withdrawals.values()}
    for key, authority in authorities.items():
        if authority.until <= accounts.closed_until and key not in leaned_on:
            authorities = authorities.remove(key)
    vouchers = accounts.vouchers
    for month in vouchers:
        if month <= accounts.closed_until[:7]:
            vouchers = vouchers.remove(month)
    begun = sum(span.start <= period.day_after(accounts.closed_until) for span in accounts.spans)
    return replace(
        accounts,
        withdrawals=withdrawals,
        proposals=proposals,
        authorities=authorities,
        vouchers=vouchers,
        spans=accounts.spans[begun - 1 :],
    )
