"""Contra 冲销: the exact inverse of a record's lines in the open period, once; nothing is changed or deleted.

What a bank row moved stands, for it is the bank's; only what it was *said to be* is taken back, and the money is suspense
again until it is said anew. A deposit that still waits for its row is simply no longer awaited.
"""

from dataclasses import replace
from typing import TypeVar

from ledger.accounts import parts, records, withdrawals
from ledger.accounts.booking import Movement, book
from ledger.accounts.facts import Arrived, Founded, SuspenseMoved
from ledger.accounts.state import Accounts, Pending
from ledger.accounts.world import Decided, World, months
from ledger.errors import NotFound, Refused
from ledger.log.act import Act, Body, Past, Used, read_body
from ledger.log.entry import Entry

B = TypeVar("B", bound=Body)


def record_contra(world: World, act: Act[records.ContraRecorded]) -> Decided:
    """Invert the lines of ``corrects``. Raises ``contra.…``; a second contra of the same record is a conflict."""
    body = act.body
    seq = act.past.used("record", body.corrects)
    if seq is None:
        raise NotFound("contra.unknown_record", body.corrects)
    entry = act.past.entry(seq)
    once = Used("contra", body.corrects), Used("contra_record", act.digest)
    match entry.record.kind:
        case "deposit.recorded/1":
            accounts, facts = _deposit(world, act, entry)
        case "cash.paid/1":
            accounts, facts = _cash(world, act, entry)
        case "bank.row/1":
            row = read_body(records.BankRow, entry.record.body, entry.record.kind)
            account = _account_of_row(act.past, row)
            accounts, facts = _said(world, act, entry, account, row.on, body.corrects, row.parts)
        case "suspense.cleared/1":
            cleared = read_body(records.SuspenseCleared, entry.record.body, entry.record.kind)
            row_entry = _entry(act.past, cleared.row)
            row = read_body(records.BankRow, row_entry.record.body, row_entry.record.kind)
            accounts, facts = _said(
                world, act, entry, _account_of_row(act.past, row), row.on, cleared.row, cleared.parts
            )
        case kind:
            raise Refused("contra.kind", kind, "deposit.recorded, cash.paid, bank.row, suspense.cleared")
    return accounts, (*once, *facts)


def _deposit(world: World, act: Act[records.ContraRecorded], entry: Entry) -> Decided:
    accounts, digest = world.accounts, entry.record.digest
    if digest in accounts.pending:
        return replace(accounts, pending=accounts.pending.remove(digest)), (Arrived(digest, ""),)
    pending = _pending_of(entry)
    if accounts.account(pending.account).nature != "petty":
        raise Refused("contra.settled_deposit", digest, "the bank row that settled it")
    return _book(world, act, accounts, [parts.deposit_move(pending, 0)], 0)


def _cash(world: World, act: Act[records.ContraRecorded], entry: Entry) -> Decided:
    paid = read_body(records.CashPaid, entry.record.body, entry.record.kind)
    accounts, moves, facts = _undo(world.accounts, act.past, entry.record.digest, paid.account, paid.parts)
    accounts, booked = _book(world, act, accounts, moves, 0)
    return accounts, (*facts, *booked)


def _said(
    world: World,
    act: Act[records.ContraRecorded],
    entry: Entry,
    account: str,
    on: str,
    row: str,
    said: tuple[records.Part, ...],
) -> Decided:
    if not said:
        raise Refused("contra.nothing_said", entry.record.digest, "a row whose parts say something")
    if any(part.returns is not None or part.box is not None for part in said):
        raise Refused("contra.returned", entry.record.digest, "a row without returns or own transfers to a box")
    accounts, moves, facts = _undo(world.accounts, act.past, entry.record.digest, account, said)
    total = sum(part.amount for part in said)
    accounts = parts.put_suspense(accounts, row, account, on, total)
    accounts, booked = _book(world, act, accounts, moves, total)
    return accounts, (SuspenseMoved(row, account, act.body.on, total), *facts, *booked)


def _undo(
    accounts: Accounts, past: Past, digest: str, account: str, said: tuple[records.Part, ...]
) -> tuple[Accounts, list[Movement], tuple[object, ...]]:
    """The movements that the parts were, with what they settled open again."""
    moves: list[Movement] = []
    facts: list[object] = []
    for number, part in enumerate(said):
        if part.settles is not None and "#" in part.settles:
            asked = _body(past, part.settles.partition("#")[0], records.WithdrawalApplied)
            moves.append(
                Movement(
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
            )
            accounts = withdrawals.reopen_stage(accounts, part.settles)
        elif part.settles is not None:
            moves.append(parts.deposit_move(_pending_of(_entry(past, part.settles)), number))
        else:
            fund, category, nature = part.classification()
            moves.append(
                Movement(
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
                )
            )
            ref = f"{digest}#{number}"
            if ref in accounts.unfounded:
                accounts = replace(accounts, unfounded=accounts.unfounded.remove(ref))
                facts.append(Founded(ref, ""))
    return accounts, moves, tuple(facts)


def _book(
    world: World, act: Act[records.ContraRecorded], accounts: Accounts, moves: list[Movement], clearing: int
) -> Decided:
    inverse = [replace(m, amount=-m.amount, gross=0, cost=0) for m in moves]
    return book(
        accounts, act, act.body.on, inverse, months=months(world), corrects=act.body.corrects, clearing=clearing
    )


def _pending_of(entry: Entry) -> Pending:
    body = read_body(records.DepositRecorded, entry.record.body, entry.record.kind)
    return Pending(
        entry.record.digest,
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


def _account_of_row(past: Past, row: records.BankRow) -> str:
    return _body(past, row.file, records.BankImported).account


def _entry(past: Past, digest: str) -> Entry:
    seq = past.used("record", digest)
    if seq is None:
        raise NotFound("contra.unknown_record", digest)
    return past.entry(seq)


def _body(past: Past, digest: str, model: type[B]) -> B:
    entry = _entry(past, digest)
    body = read_body(model, entry.record.body, entry.record.kind)
    return body
