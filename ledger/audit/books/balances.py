"""The trial balance 科目余额表: of each account of the chart the opening balance, the turnover on both sides, the closing one.

Debits equal credits in all three pairs, since they do in every voucher. Beside it what each fund has in each own account:
the sum of its legs where money stands (or in suspense, while the bank's money is only being said), which is the closing balance
that the statement gives it.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ledger.audit.books.journal import Posting, Span

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Balance:
    """Fen; balances are signed, debit positive, turnovers are not negative."""

    opening: int = 0
    debit: int = 0
    credit: int = 0

    @property
    def closing(self) -> int:
        """What is there at the end."""
        return self.opening + self.debit - self.credit

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(self.opening + other.opening, self.debit + other.debit, self.credit + other.credit)


def sides(amount: int) -> tuple[int, int]:
    """A signed balance as debit and credit.

    >>> sides(5), sides(-7), sides(0)
    ((5, 0), (0, 7), (0, 0))
    """
    return max(amount, 0), max(-amount, 0)


def balances(found: Iterable[Posting], span: Span, key: Callable[[Posting], K]) -> dict[K, Balance]:
    """The balances of all legs up to the end of a span, by what ``key`` says of each; in the order of the keys."""
    sums: defaultdict[K, Balance] = defaultdict(Balance)
    for posting in found:
        if posting.before(span):
            sums[key(posting)] += Balance(posting.amount)
        elif posting.within(span):
            sums[key(posting)] += Balance(0, posting.leg.debit, posting.leg.credit)
    return {one: sums[one] for one in sorted(sums)}  # type: ignore[type-var]  # keys are texts or tuples of texts


def by_code(posting: Posting) -> str:
    """By account of the chart."""
    return posting.leg.code


def by_place(posting: Posting) -> tuple[str, str, str]:
    """By account of the chart, own account, fund."""
    return posting.leg.code, posting.leg.account, posting.leg.fund


def held(found: Iterable[Posting], until: str) -> Mapping[tuple[str, str], int]:
    """What each fund has in each own account at the end of a day booked: (account, fund) -> fen."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for posting in found:
        if posting.money and posting.leg.fund and posting.day <= until:
            sums[posting.leg.account, posting.leg.fund] += posting.amount
    return dict(sorted(sums.items()))
