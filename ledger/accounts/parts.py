"""The parts of a bank row or cash payment: what each one is, and what that does.

A part settles a withdrawal's stage or a recorded deposit, gives back what was in suspense, or says fund, category and
nature itself. Money that goes out without an approved stage is booked as what it is and stands without authority 尚无依据
until it is ratified or returned; only a transfer whose other end is seen here, the box, needs none. A transfer to another
bank account is a withdrawal like any other: nobody sees from this row alone that it arrived with us.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.accounts import records, withdrawals
from ledger.accounts.booking import NO_BASIS, Movement, Suspended
from ledger.accounts.facts import Arrived, SuspenseMoved, UnfoundedPaid
from ledger.accounts.setup import check_contract, check_document
from ledger.accounts.state import Accounts, Pending, Suspense, Unfounded
from ledger.errors import NotFound, Refused


@dataclass(frozen=True, slots=True)
class Settled:
    """What parts do: the state so far, movements to book, money against suspense, facts."""

    accounts: Accounts
    moves: tuple[Movement, ...] = ()
    suspended: tuple[Suspended, ...] = ()
    facts: tuple[object, ...] = ()
    total: int = 0


def settle(
    accounts: Accounts, record: str, account: str, on: str, parts: Sequence[records.Part], said: str = ""
) -> Settled:
    """Work through the parts of one row or payment of ``account``. Raises the rule of the first part that does not fit.

    ``on`` is the day the money moved, ``said`` the day it was said what it was, where that is another.
    """
    state = Settled(accounts)
    for number, part in enumerate(parts):
        if part.settles is not None and "#" in part.settles:
            state = _stage(state, account, on, number, part, part.settles)
        elif part.settles is not None:
            state = _deposit(state, account, on, number, part, part.settles)
        elif part.returns is not None:
            state = _returned(state, record, account, said or on, part, part.returns)
        else:
            state = _classified(state, record, account, on, number, part)
        state = replace(state, total=state.total + part.amount)
    return state


def _stage(state: Settled, account: str, on: str, number: int, part: records.Part, ref: str) -> Settled:
    if part.amount > 0:
        raise Refused("part.sign", part.amount, "money out")
    accounts, moves, facts = withdrawals.pay_stage(state.accounts, ref, account, -part.amount, on, number)
    return replace(state, accounts=accounts, moves=(*state.moves, *moves), facts=(*state.facts, *facts))


def _deposit(state: Settled, account: str, on: str, number: int, part: records.Part, ref: str) -> Settled:
    pending = state.accounts.pending.get(ref)
    if pending is None:
        raise NotFound("deposit.not_pending", ref)
    if pending.account != account:
        raise Refused("deposit.wrong_account", account, pending.account)
    if part.amount != pending.net:
        raise Refused("deposit.wrong_amount", part.amount, pending.net)
    accounts = replace(state.accounts, pending=state.accounts.pending.remove(ref))
    return replace(
        state,
        accounts=accounts,
        moves=(*state.moves, deposit_move(pending, number)),
        facts=(*state.facts, Arrived(ref, on)),
    )


def pending_of(digest: str, body: records.DepositRecorded) -> Pending:
    """A recorded deposit as it waits for its bank row."""
    return Pending(
        digest,
        body.account,
        body.on,
        body.fund,
        body.category,
        body.nature,
        body.gross,
        body.cost,
        body.net,
        body.party or "",
        body.contract or "",
        body.document or "",
        body.unit or "",
        body.covers or "",
    )


def deposit_move(pending: Pending, number: int) -> Movement:
    """The movement that a recorded deposit becomes."""
    return Movement(
        pending.account,
        pending.fund,
        pending.category,
        pending.nature,
        pending.net,
        number,
        gross=pending.gross if pending.cost else 0,
        cost=pending.cost,
        party=pending.party,
        contract=pending.contract,
        document=pending.document,
        unit=pending.unit,
        covers=pending.covers,
    )


def _returned(state: Settled, record: str, account: str, on: str, part: records.Part, row: str) -> Settled:
    accounts, suspense = take_suspense(state.accounts, row, account, -part.amount)
    return replace(
        state,
        accounts=accounts,
        suspended=(*state.suspended, Suspended(account, part.amount, suspense.amount)),
        facts=(*state.facts, SuspenseMoved(row, account, on, part.amount, record)),
    )


def _classified(state: Settled, record: str, account: str, on: str, number: int, part: records.Part) -> Settled:
    accounts = state.accounts
    fund, category, _ = part.classification()
    if part.party is not None:
        accounts.party(part.party)
    check_contract(accounts, part.contract)
    check_document(accounts, part.document)
    if part.box is not None and accounts.account(part.box).nature != "petty":
        raise Refused("part.box", part.box, "a petty-cash box")
    moves, facts = classified_moves(part, account, number), state.facts
    if part.amount < 0:
        # Into the own box as well: who fills it at will has made every mandate idle.
        moves = tuple(replace(move, basis=NO_BASIS) if move.amount < 0 else move for move in moves)
        item = Unfounded(f"{record}#{number}", account, fund, category, part.party or "", on, -part.amount)
        accounts = replace(accounts, unfounded=accounts.unfounded.insert(item.ref, item))
        facts = (*facts, UnfoundedPaid(item))
    return replace(state, accounts=accounts, moves=(*state.moves, *moves), facts=facts)


def classified_moves(part: records.Part, account: str, number: int) -> tuple[Movement, ...]:
    """The movement of a part that says itself what it is, and the one at the other end where it names a box."""
    fund, category, nature = part.classification()
    move = Movement(
        account,
        fund,
        category,
        nature,
        part.amount,
        number,
        party=part.party or "",
        contract=part.contract or "",
        document=part.document or "",
        unit=part.unit or "",
        covers=part.covers or "",
    )
    return (move,) if part.box is None else (move, replace(move, account=part.box, amount=-part.amount))


def take_suspense(accounts: Accounts, row: str, account: str, amount: int) -> tuple[Accounts, Suspense]:
    """Take ``amount`` (signed like the row) from a row's suspense. Raises ``suspense.…`` when there is not so much."""
    held = accounts.suspense.get(row)
    if held is None:
        raise NotFound("suspense.unknown", row)
    if held.account != account:
        raise Refused("suspense.wrong_account", account, held.account)
    left = held.amount - amount
    if amount * held.amount <= 0 or left * held.amount < 0:
        raise Refused("suspense.not_so_much", amount, held.amount)
    return _with_suspense(accounts, replace(held, amount=left)), held


def put_suspense(accounts: Accounts, row: str, account: str, on: str, amount: int, since: str = "") -> Accounts:
    """Put ``amount`` (signed like the row) into a row's suspense; ``since`` the day of a contra that puts it back."""
    held = accounts.suspense.get(row) or Suspense(row, account, on, 0)
    return _with_suspense(accounts, replace(held, amount=held.amount + amount, since=max(held.since, since)))


def _with_suspense(accounts: Accounts, after: Suspense) -> Accounts:
    before = accounts.suspense.get(after.row)
    moved = after.amount - (before.amount if before else 0)
    account = accounts.account(after.account)
    if after.amount > 0 or (after.amount == 0 and moved < 0):
        account = replace(account, suspense_in=account.suspense_in + moved)
    else:
        account = replace(account, suspense_out=account.suspense_out - moved)
    kept = accounts.suspense.insert(after.row, after) if after.amount else accounts.suspense.discard(after.row)
    return replace(accounts.with_account(account), suspense=kept)
