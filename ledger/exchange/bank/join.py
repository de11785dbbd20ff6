"""Joining a bank file to what the ledger already has of the account, without a gap and without counting twice.

Banks export whole days, and people export from the first of the month whatever they imported before. So a file may
begin with rows that stand on the ledger already (same :attr:`~ledger.exchange.bank.rows.BankRow.key`); they are passed
over. The first row that is new must begin with the balance that the last imported one left; everything after it follows
by the file's own chain. A file of old rows only is no mistake, it brings nothing new.

Rows that together come to nothing and are missing exactly between two files leave no trace in the balances; the
confirmation of each month's totals by a second person is what finds them.
"""

import datetime
from collections.abc import Callable

from ledger.errors import Refused
from ledger.exchange.bank.cells import yuan
from ledger.exchange.bank.rows import BankFile, BankRow, JoinedFile


def join(
    previous_closing: int, previous_last: datetime.date | None, file: BankFile, known: Callable[[BankRow], bool]
) -> JoinedFile:
    """What of the file is new, given the account's last imported balance and date.

    ``known`` tells whether a row's key, within this account, is on the ledger. Raises :class:`Refused`
    ``bank.does_not_join`` with the row (None for a file without rows): the first new row does not begin with
    ``previous_closing`` (a gap, an altered row, another account), lies before ``previous_last``, or stands before rows
    that are known.
    """
    old = 0
    while old < len(file.rows) and known(file.rows[old]):
        old += 1
    fresh = file.rows[old:]
    if not file.rows and file.opening != previous_closing:
        raise _does_not_join(None, file.opening, previous_closing)
    if fresh:
        first = fresh[0]
        if first.before != previous_closing:
            raise _does_not_join(first, first.before, previous_closing)
        if previous_last is not None and first.on < previous_last:
            raise _does_not_join(first, first.before, previous_closing, on=first.on, after=previous_last)
    for row in fresh:
        if known(row):
            raise _does_not_join(row, row.before, previous_closing)
    closing = fresh[-1].balance if fresh else previous_closing
    return JoinedFile(file, file.rows[:old], fresh, previous_closing, closing)


def _does_not_join(row: BankRow | None, got: int, expected: int, **context: object) -> Refused:
    place = None if row is None else row.row
    return Refused("bank.does_not_join", yuan(got), yuan(expected), row=place, expected=expected, got=got, **context)
