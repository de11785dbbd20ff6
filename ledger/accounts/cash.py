"""Deposits recorded by the treasurer, and the petty-cash box 备用金: paid from, counted, settled.

A box has no bank to say what it holds, so its books move by these records, and two people count it. A count speaks of its
own day's evening, so nothing is counted for a day before the last movement, nor booked for a day before the last count
(:func:`ledger.accounts.booking.book`): either would compare what was counted with another day's balance.
"""

from ledger.accounts import parts, records
from ledger.accounts.booking import book, booking_day
from ledger.accounts.effects import Saying
from ledger.accounts.facts import Awaited
from ledger.accounts.setup import check_document
from ledger.accounts.world import Decided, World
from ledger.errors import Refused
from ledger.frozen import replace
from ledger.log.act import Act


def record_deposit(world: World, act: Act[records.DepositRecorded]) -> Decided:
    """Record what came in: into a box it books at once, into a bank account it waits for the bank's row."""
    body, accounts = act.body, world.accounts
    account = accounts.account(body.account)
    if body.nature == "expense" or (body.nature == "own_transfer" and account.nature == "petty"):
        raise Refused(
            "deposit.nature", body.nature, "no expense; a transfer into a box stands in the bank row that it comes from"
        )
    check_document(act.past, body.cost_evidence)
    pending = parts.pending_of(act.digest, body)
    at = Saying(act.digest, act.digest, account.code, body.on, body.on, act.past)
    done = parts.Settled(accounts).doing(parts.deposit_effects(accounts, at, pending, 0), at)
    after, booked = book(done.accounts, act, body.on, done.moves)
    if account.nature == "petty":
        return after, (*done.facts, *booked)
    # Only tried: what could not be booked is refused now. The bank's row does it, and is judged as things then stand.
    accounts = replace(accounts, pending=accounts.pending.insert(act.digest, pending))
    return accounts, (Awaited(act.digest, account.code, body.on, body.net),)


def pay_cash(world: World, act: Act[records.CashPaid]) -> Decided:
    """Money out of a box."""
    body = act.body
    account = world.accounts.account(body.account)
    if account.nature != "petty":
        raise Refused("cash.not_a_box", account.code, "an account of nature petty")
    if any(part.amount > 0 or part.returns is not None or part.box is not None for part in body.parts):
        raise Refused("part.sign", [p.amount for p in body.parts], "money out of the box")
    if any(part.nature == "own_transfer" for part in body.parts):
        # The other end is a bank account, which moves by its own row: that row names the box.
        raise Refused("cash.own_transfer", account.code, "the bank row at the other end, with the box in its part")
    at = Saying(act.digest, act.digest, account.code, body.on, body.on, act.past)
    settled = parts.settle(world.accounts, at, body.parts)
    accounts, booked = book(settled.accounts, act, body.on, settled.moves)
    return accounts, (*settled.facts, *booked)


def count_cash(world: World, act: Act[records.CashCounted]) -> Decided:
    """Two people count the box; a difference must be booked as what it is before the count is taken."""
    body, accounts = act.body, world.accounts
    account = accounts.account(body.account)
    if account.nature != "petty":
        raise Refused("cash.not_a_box", account.code, "an account of nature petty")
    booking_day(accounts, act, body.on)
    if body.on < account.counted_on:
        raise Refused("cash.counted_later", body.on, f"{account.counted_on} or later")
    if body.on < account.moved_on:
        raise Refused("cash.moved_later", body.on, f"{account.moved_on} or later")
    for document in body.documents:
        check_document(act.past, document)
    held = sum(amount for (code, _), amount in accounts.balances.items() if code == account.code)
    if body.counted != held:
        raise Refused("cash.count_differs", body.counted, held)
    return accounts.with_account(replace(account, counted_on=body.on)), ()
