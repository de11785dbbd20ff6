"""Suspense: money on a bank account of which nobody can yet say what it was, by the row that moved it, never netted."""

from ledger.accounts.state import Accounts, Suspense
from ledger.errors import NotFound, Refused
from ledger.frozen import replace


def take(accounts: Accounts, row: str, account: str, amount: int) -> Accounts:
    """Take ``amount`` (signed like the row) from a row's suspense. Raises ``suspense.…`` when there is not so much."""
    held = accounts.suspense.get(row)
    if held is None:
        raise NotFound("suspense.unknown", row)
    if held.account != account:
        raise Refused("suspense.wrong_account", account, held.account)
    left = held.amount - amount
    if amount * held.amount <= 0 or left * held.amount < 0:
        raise Refused("suspense.not_so_much", amount, held.amount)
    return _with(accounts, replace(held, amount=left))


def put(accounts: Accounts, row: str, account: str, file: str, on: str, amount: int, since: str = "") -> Accounts:
    """Put ``amount`` (signed like the row) into a row's suspense; ``since`` the day of a contra that puts it back."""
    held = accounts.suspense.get(row) or Suspense(row, account, file, on, 0)
    return _with(accounts, replace(held, amount=held.amount + amount, since=max(held.since, since)))


def _with(accounts: Accounts, after: Suspense) -> Accounts:
    before = accounts.suspense.get(after.row)
    moved = after.amount - (before.amount if before else 0)
    account = accounts.account(after.account)
    if after.amount > 0 or (after.amount == 0 and moved < 0):
        account = replace(account, suspense_in=account.suspense_in + moved)
    else:
        account = replace(account, suspense_out=account.suspense_out - moved)
    kept = accounts.suspense.insert(after.row, after) if after.amount else accounts.suspense.discard(after.row)
    return replace(accounts.with_account(account), suspense=kept)
