"""Contra 冲销: the exact inverse of a record's lines in the open period, once; nothing is changed or deleted.

What a bank row moved stands, for it is the bank's; only what it was *said to be* is taken back, and the money is suspense
again until it is said anew. What the record had settled waits again: a stage may be paid, a deposit is awaited, a row that
was said to be returned is in suspense. A deposit that still waits for its row is simply no longer awaited.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ledger.accounts import parts, records, withdrawals
from ledger.accounts.booking import Movement, Suspended, book, booking_day
from ledger.accounts.facts import Arrived, Awaited, Founded, StagePaid, SuspenseMoved
from ledger.accounts.state import Accounts
from ledger.accounts.world import Decided, World
from ledger.errors import Conflict, NotFound, Refused
from ledger.log.act import Act, Body, Past, Used, read_body
from ledger.log.entry import Entry

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Undone:
    """What parts were, taken back: the state with all open again, their movements as they were booked, facts."""

    accounts: Accounts
    moves: tuple[Movement, ...] = ()
    suspended: tuple[Suspended, ...] = ()
    facts: tuple[object, ...] = ()


def record_contra(world: World, act: Act[records.ContraRecorded]) -> Decided:
    """Invert the lines of ``corrects``. Raises ``contra.…``; a second contra of the same record is a conflict."""
    body = act.body
    seq = act.past.used("record", body.corrects)
    if seq is None:
        raise NotFound("contra.unknown_record", body.corrects)
    if act.past.used("contra", body.corrects) is not None:
        raise Conflict("contra.used_before", body.corrects)
    entry = act.past.entry(seq)
    match entry.record.kind:
        case "deposit.recorded/1":
            accounts, facts = _deposit(world, act, _read(entry, records.DepositRecorded))
        case "cash.paid/1":
            accounts, facts = _cash(world, act, _read(entry, records.CashPaid))
        case "bank.row/1":
            row = _read(entry, records.BankRow)
            accounts, facts = _said(world, act, body.corrects, row, row.on, row.parts)
        case "suspense.cleared/1":
            cleared = _read(entry, records.SuspenseCleared)
            row = _body(act.past, cleared.row, records.BankRow)
            accounts, facts = _said(world, act, cleared.row, row, cleared.on, cleared.parts)
        case kind:
            raise Refused("contra.kind", kind, "deposit.recorded, cash.paid, bank.row, suspense.cleared")
    return accounts, (Used("contra", body.corrects), Used("contra_record", act.digest), *facts)


def _deposit(world: World, act: Act[records.ContraRecorded], body: records.DepositRecorded) -> Decided:
    accounts, digest = world.accounts, act.body.corrects
    _check_day(accounts, act, body.on)
    if digest in accounts.pending:
        return replace(accounts, pending=accounts.pending.remove(digest)), (Arrived(digest, ""),)
    if accounts.account(body.account).nature != "petty":
        raise Refused("contra.settled_deposit", digest, "the bank row that settled it")
    return _book(world, act, Undone(accounts, (parts.deposit_move(parts.pending_of(digest, body), 0),)), 0)


def _cash(world: World, act: Act[records.ContraRecorded], body: records.CashPaid) -> Decided:
    _check_day(world.accounts, act, body.on)
    return _book(world, act, _undo(world.accounts, act, body.account, body.parts), 0)


def _said(
    world: World,
    act: Act[records.ContraRecorded],
    digest: str,
    row: records.BankRow,
    on: str,
    said: Sequence[records.Part],
) -> Decided:
    """Take back what a row was said to be on ``on``, in the row itself or later: its money is suspense again."""
    _check_day(world.accounts, act, on)
    if not said:
        raise Refused("contra.nothing_said", act.body.corrects, "a row whose parts say something")
    account = _body(act.past, row.file, records.BankImported).account
    undone = _undo(world.accounts, act, account, said)
    total = sum(part.amount for part in said)
    accounts = parts.put_suspense(undone.accounts, digest, account, row.on, total, act.body.on)
    moved = SuspenseMoved(digest, account, act.body.on, total, act.digest)
    return _book(world, act, replace(undone, accounts=accounts, facts=(moved, *undone.facts)), total)


def _undo(accounts: Accounts, act: Act[records.ContraRecorded], account: str, said: Sequence[records.Part]) -> Undone:
    undone = Undone(accounts)
    for number, part in enumerate(said):
        if part.settles is not None and "#" in part.settles:
            undone = _unpaid(undone, act, account, number, part, part.settles)
        elif part.settles is not None:
            undone = _awaited(undone, act, number, part.settles)
        elif part.returns is not None:
            undone = _not_returned(undone, act, account, part, part.returns)
        else:
            undone = _unclassified(undone, act, account, number, part)
    return undone


def _unpaid(
    undone: Undone, act: Act[records.ContraRecorded], account: str, number: int, part: records.Part, ref: str
) -> Undone:
    application = ref.partition("#")[0]
    asked = _body(act.past, application, records.WithdrawalApplied)
    seq = act.past.used("proposal", application)
    if seq is None:
        raise NotFound("contra.unknown_record", application)
    basis = _read(act.past.entry(seq), records.WithdrawalProposed).basis
    move = Movement(
        account,
        asked.fund,
        asked.category,
        asked.nature,
        part.amount,
        number,
        party=asked.party,
        contract=asked.contract or "",
        document=asked.document or "",
    )
    return replace(
        undone,
        accounts=withdrawals.reopen_stage(undone.accounts, ref, (basis.motion, basis.line or ""), -part.amount),
        moves=(*undone.moves, *withdrawals.with_receiver(undone.accounts, move, asked.into)),
        facts=(*undone.facts, StagePaid(ref, act.body.on, part.amount)),
    )


def _awaited(undone: Undone, act: Act[records.ContraRecorded], number: int, deposit: str) -> Undone:
    pending = parts.pending_of(deposit, _body(act.past, deposit, records.DepositRecorded))
    return replace(
        undone,
        accounts=replace(undone.accounts, pending=undone.accounts.pending.insert(deposit, pending)),
        moves=(*undone.moves, parts.deposit_move(pending, number)),
        facts=(*undone.facts, Awaited(deposit, pending.account, act.body.on, pending.net)),
    )


def _not_returned(
    undone: Undone, act: Act[records.ContraRecorded], account: str, part: records.Part, row: str
) -> Undone:
    amount, on = -part.amount, _body(act.past, row, records.BankRow).on
    return replace(
        undone,
        accounts=parts.put_suspense(undone.accounts, row, account, on, amount, act.body.on),
        suspended=(*undone.suspended, Suspended(account, part.amount, amount)),
        facts=(*undone.facts, SuspenseMoved(row, account, act.body.on, amount, act.digest)),
    )


def _unclassified(
    undone: Undone, act: Act[records.ContraRecorded], account: str, number: int, part: records.Part
) -> Undone:
    accounts, facts = undone.accounts, undone.facts
    ref = f"{act.body.corrects}#{number}"
    if ref in accounts.unfounded:
        accounts = replace(accounts, unfounded=accounts.unfounded.remove(ref))
        facts = (*facts, Founded(ref, ""))
    return replace(
        undone,
        accounts=accounts,
        moves=(*undone.moves, *parts.classified_moves(part, account, number)),
        facts=facts,
    )


def _book(world: World, act: Act[records.ContraRecorded], undone: Undone, clearing: int) -> Decided:
    """Book the inverse. Its lines rest on nothing: they pay nothing, and what they correct is named by ``corrects``."""
    moves = [
        replace(m, amount=-m.amount, gross=-m.gross, cost=-m.cost, basis="", motion="", line_code="")
        for m in undone.moves
    ]
    suspended = [replace(s, amount=-s.amount) for s in undone.suspended]
    accounts, booked = book(
        undone.accounts,
        act,
        act.body.on,
        moves,
        suspended,
        corrects=act.body.corrects,
        clearing=clearing,
    )
    return accounts, (*undone.facts, *booked)


def _check_day(accounts: Accounts, act: Act[records.ContraRecorded], earliest: str) -> None:
    booking_day(accounts, act, act.body.on)
    if act.body.on < earliest:
        raise Refused("contra.before_record", act.body.on, f"{earliest} or later")


def _body(past: Past, digest: str, model: type[B]) -> B:
    seq = past.used("record", digest)
    if seq is None:
        raise NotFound("contra.unknown_record", digest)
    return _read(past.entry(seq), model)


def _read(entry: Entry, model: type[B]) -> B:
    return read_body(model, entry.record.body, entry.record.kind)
