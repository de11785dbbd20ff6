"""Rejecting a bank file 撤回: a file that was wrong, or of another account, or said a wrong last day, counts no longer.

Only one that nobody has confirmed: behind a confirmed one stands a second person who saw the bank's own balance. And only
the newest of its account, for whatever joined it would hang in the air. What its rows were *said to be* is taken back before
by contra (:mod:`ledger.accounts.contra`), so that every stage, deposit and payment they settled is open again; then the rows
leave suspense, and the account stands where it stood before the file.

Nothing leaves the log, and nothing is rejected unseen: the statement lists the file, with what it had moved, by whom and why
it was taken back. A row counts until the day from which its money was wholly in suspense, which is its own day as a rule;
where a statement has closed that day, until the first open one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.accounts import records, suspense
from ledger.accounts.booking import Suspended, book, booking_day, mark
from ledger.accounts.facts import FileRejected, RowTakenOut
from ledger.accounts.state import Accounts, Import, Suspense
from ledger.accounts.world import Decided, World
from ledger.errors import NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Past, Used

MOST_NAMED: Final = 20
"""Records named at once in a refusal; its ``count`` says how many there are."""


@dataclass(frozen=True, slots=True)
class _Out:
    """A row on its way out: the day from which its money was wholly in suspense, and the one on which that is booked."""

    held: Suspense
    on: str
    booked: str


def reject_file(world: World, act: Act[records.BankRejected]) -> Decided:
    """Take a file back. Raises ``bank.no_file_to_reject``, ``bank.not_newest``, and ``bank.still_said`` with the records
    that are to be contra'd before, in that order.
    """
    body, accounts = act.body, world.accounts
    file = rejectable(accounts, body.file)
    account = accounts.account(file.account)
    out = _rows(accounts, act, file)
    for row in out:
        accounts = suspense.take(accounts, row.held.row, account.code, row.held.amount)
    joins = file.joins
    before = replace(
        accounts.account(account.code), balance=joins.balance, rows_until=joins.rows_until, newest=joins.file
    )
    accounts = replace(accounts.with_account(before), imports=accounts.imports.remove(file.digest))
    accounts, vouchers = _vouchers(mark(accounts, act, file.start), act, out)
    rejected = FileRejected(
        file.digest,
        account.code,
        file.start,
        file.end,
        file.taken,
        file.received,
        file.paid,
        act.day.isoformat(),
        act.digest,
        body.reason,
    )
    gone = (RowTakenOut(r.held.row, account.code, r.held.on, r.held.amount, r.booked, act.digest) for r in out)
    return accounts, (Used("bank_rejected", file.digest), rejected, *gone, *vouchers)


def rejectable(accounts: Accounts, file: str) -> Import:
    """A file that may be taken back. Raises ``bank.no_file_to_reject``, ``bank.not_newest``."""
    found = accounts.imports.get(file)
    if found is None:
        raise NotFound("bank.no_file_to_reject", file, sorted(accounts.imports))
    newest = accounts.account(found.account).newest
    if file != newest:
        raise Refused("bank.not_newest", file, newest)
    return found


def still_said(past: Past, file: str, end: int) -> list[str]:
    """The records before entry ``end`` that say what rows of a file were, or give them back, and stand: the newest first, as
    they are to be contra'd, since what one brought a later one may have spent.
    """
    begun = past.used("record", file)
    if begun is None:
        raise NotFound("bank.no_file_to_reject", file)
    rows: set[str] = set()
    found: list[str] = []
    for seq in range(begun + 1, end):
        record = past.entry(seq).record
        said = False
        if record.kind == "bank.row/1" and record.body["file"] == file:
            rows.add(record.digest)
            said = bool(record.body.get("parts"))
        elif record.kind == "suspense.cleared/1":
            said = not rows.isdisjoint({record.body["row"], *(part.get("returns") for part in record.body["parts"])})
        if said and past.used("contra", record.digest) is None:
            found.append(record.digest)
    return found[::-1]


def _rows(accounts: Accounts, act: Act[records.BankRejected], file: Import) -> list[_Out]:
    """The rows of a file, all wholly in suspense. A row's suspense is never more than the row, so that the sums tell."""
    held = [item for item in accounts.suspense.values() if item.file == file.digest]
    received = sum(item.amount for item in held if item.amount > 0)
    paid = -sum(item.amount for item in held if item.amount < 0)
    if (received, paid) != (file.received, file.paid):
        said = still_said(act.past, file.digest, act.seq)
        raise Refused("bank.still_said", said[:MOST_NAMED], "contra.recorded/1 of each, in this order", count=len(said))
    out = [_Out(item, day := max(item.on, item.since), booking_day(accounts, act, day)) for item in held]
    return sorted(out, key=lambda row: (row.booked, row.on, row.held.row))


def _vouchers(
    accounts: Accounts, act: Act[records.BankRejected], out: Sequence[_Out]
) -> tuple[Accounts, tuple[object, ...]]:
    """One voucher a month: the bank's balance is right again at the end of each, and so of each period."""
    facts: list[object] = []
    for month in sorted({row.booked[:7] for row in out}):
        rows = [row for row in out if row.booked[:7] == month]
        sides = (
            sum(row.held.amount for row in rows if row.held.amount > 0),
            sum(row.held.amount for row in rows if row.held.amount < 0),
        )
        against = [Suspended(rows[0].held.account, -amount, amount) for amount in sides if amount]
        accounts, booked = book(accounts, act, rows[-1].on, (), against, corrects=act.body.file)
        facts += booked
    return accounts, tuple(facts)
