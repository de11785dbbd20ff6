"""General ledger 总账 (an account of the chart, month by month) and detail ledgers 明细账 (each own account and fund of it, leg
by leg with the balance after it).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.audit.books.balances import Balance, balances, by_code, by_place
from ledger.audit.books.journal import Posting, Span


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one account of the chart."""

    code: str
    month: str
    balance: Balance


@dataclass(frozen=True, slots=True)
class Detail:
    """One account of the chart, of one own account and fund (empty in suspense): opening, and its legs with the balance after."""

    code: str
    account: str
    fund: str
    opening: int
    rows: tuple[tuple[Posting, int], ...]

    @property
    def closing(self) -> int:
        """The balance at the end."""
        return self.rows[-1][1] if self.rows else self.opening


def general(found: Sequence[Posting], span: Span) -> Iterator[Month]:
    """Every account that ever had a balance or a turnover, each with all months of the span."""
    codes = tuple(balances(found, span, by_code))
    months = {month: balances(found, _within(month, span), by_code) for month in span.months}
    for code in codes:
        yield from (Month(code, month, months[month].get(code, Balance())) for month in span.months)


def details(found: Sequence[Posting], span: Span) -> Iterator[Detail]:
    """The detail ledgers, by code, own account and fund."""
    moved: defaultdict[tuple[str, str, str], list[Posting]] = defaultdict(list)
    for posting in found:
        if posting.within(span):
            moved[by_place(posting)].append(posting)
    for place, balance in balances(found, span, by_place).items():
        yield Detail(*place, balance.opening, tuple(_running(moved[place], balance.opening)))


def _running(mine: Iterable[Posting], balance: int) -> Iterator[tuple[Posting, int]]:
    for posting in mine:
        balance += posting.amount
        yield posting, balance


def _within(month: str, span: Span) -> Span:
    return Span(max(f"{month}-01", span.first), min(f"{month}-31", span.last))
