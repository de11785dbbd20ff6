"""The bank reconciliation table 银行存款余额调节表: for each own bank account and month, why book and bank differ, item by item.

======================  =====================================================  ===========
class                   what it is                                             moves
======================  =====================================================  ===========
``bank_received``       the bank received, we cannot say yet what (银收企未收)   books +
``bank_paid``           the bank paid, we cannot say yet what (银付企未付)       books −
``books_received``      we recorded, the bank has no row yet (企收银未收)        bank +
``books_paid``          we instructed, the bank has no row yet (企付银未付)      bank −
``rejected_received``   a receipt by a file that was rejected later (误导入的收)  books −
``rejected_paid``       a payment by a file that was rejected later (误导入的付)  books +
======================  =====================================================  ===========

``books`` is what our own papers say: the lines, plus what was recorded, less what was instructed. Both sides, moved by
their items, must meet: ``adjusted`` is the sum, ``agrees`` whether it is one. The bank never had the rows of a rejected file,
so that ``bank`` is without them on every day; our books had, until what they were said to be was taken back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.publication.journal import Journal

CLASSES: Final = ("bank_received", "bank_paid", "books_received", "books_paid", "rejected_received", "rejected_paid")


@dataclass(frozen=True, slots=True)
class Item:
    """One open item: its class, day, fen (always positive), and the record concerned."""

    kind: str
    on: str
    amount: int
    ref: str

    def json(self) -> dict[str, Any]:
        """As a statement writes it."""
        return {"class": self.kind, "on": self.on, "amount": self.amount, "record": self.ref}


def month_ends(first: date, last: date) -> Iterator[date]:
    """The last day of each month from ``first`` to ``last``."""
    day = first
    while day <= last:
        end = period.add_months(day.replace(day=1), 1) - timedelta(days=1)
        yield min(end, last)
        day = end + timedelta(days=1)


def reconcile(journal: Journal, account: str, opening: int, lines: Sequence[Line], end: str) -> dict[str, Any]:
    """The table of one account at the end of a day. ``opening``: what it held when the period began; ``lines``: of the period."""
    items = items_open(journal, account, end)
    sums = {kind: sum(i.amount for i in items if i.kind == kind) for kind in CLASSES}
    bank = bank_balance(journal, account, opening, end)
    booked = opening + sum(line.move.amount for line in lines if line.move.account == account and line.on <= end)
    books = booked + sums["books_received"] - sums["books_paid"]
    adjusted_bank = bank + sums["books_received"] - sums["books_paid"]
    adjusted_books = books + sums["bank_received"] - sums["bank_paid"]
    adjusted_books += sums["rejected_paid"] - sums["rejected_received"]
    return {
        "account": account,
        "month": end[:7],
        "day": end,
        "bank": bank,
        "books": books,
        "items": [item.json() for item in items],
        "adjusted": adjusted_bank,
        "agrees": adjusted_bank == adjusted_books,
    }


def bank_balance(journal: Journal, account: str, opening: int, end: str) -> int:
    """What the bank says that an account holds at the end of a day: before its first row, what the books began with."""
    bank = journal.banks.get(account)
    return opening if bank is None else bank.at(end)


def items_open(journal: Journal, account: str, end: str) -> list[Item]:
    """What stood between an account's books and its bank at the end of a day, by day and record."""
    return sorted(_items(journal, account, end), key=lambda item: (item.on, item.ref))


def _items(journal: Journal, account: str, end: str) -> Iterator[Item]:
    for row, held in journal.suspense.items():
        since, amount = held.at(end)
        if held.account == account and amount:
            yield Item("bank_received" if amount > 0 else "bank_paid", since, abs(amount), row)
    for out in journal.taken_out:
        if out.account == account and out.on <= end < out.until:
            yield Item("rejected_received" if out.amount > 0 else "rejected_paid", out.on, abs(out.amount), out.row)
    for ref, awaited in journal.awaited.items():
        if awaited.account == account and awaited.on <= end and not "" < awaited.came <= end:
            kind = "books_received" if awaited.amount > 0 else "books_paid"
            yield Item(kind, awaited.on, abs(awaited.amount), ref)
