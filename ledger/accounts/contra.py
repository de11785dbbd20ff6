"""Contra 冲销: the exact inverse of a record's lines in the open period, once; nothing is changed or deleted.

What a bank row moved stands, for it is the bank's; only what it was *said to be* is taken back, and the money is suspense
again until it is said anew. What the record had settled waits again: a stage may be paid, a deposit is awaited, a row that
was said to be returned is in suspense. A deposit that still waits for its row is simply no longer awaited. How each effect
is taken back stands beside the effect (:mod:`ledger.accounts.effects`).
"""

from collections.abc import Sequence
from typing import TypeVar

from ledger.accounts import parts, records, suspense
from ledger.accounts.booking import book, booking_day
from ledger.accounts.effects import Saying
from ledger.accounts.facts import Arrived, SuspenseMoved
from ledger.accounts.state import Accounts
from ledger.accounts.world import Decided, World
from ledger.errors import Conflict, NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Body, Past, Used, read_body, recall
from ledger.log.entry import Entry

B = TypeVar("B", bound=Body)


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
            row = _known(act.past, cleared.row, "bank.row/1", records.BankRow)
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
    at = _at(act, body.account, body.on)
    effects = parts.deposit_effects(accounts, at, parts.pending_of(digest, body), 0)
    return _book(world, act, parts.Settled(accounts).undoing(effects, at))


def _cash(world: World, act: Act[records.ContraRecorded], body: records.CashPaid) -> Decided:
    _check_day(world.accounts, act, body.on)
    at = _at(act, body.account, body.on)
    return _book(world, act, parts.take_back(world.accounts, at, body.parts))


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
    account = _known(act.past, row.file, "bank.imported/1", records.BankImported).account
    undone = parts.take_back(world.accounts, _at(act, account, row.on), said)
    total = sum(part.amount for part in said)
    accounts = suspense.put(undone.accounts, digest, account, row.file, row.on, total, act.body.on)
    moved = SuspenseMoved(digest, account, act.body.on, total, act.digest)
    return _book(world, act, replace(undone, accounts=accounts, facts=(moved, *undone.facts)), clearing=total)


def _at(act: Act[records.ContraRecorded], account: str, on: str) -> Saying:
    return Saying(act.body.corrects, act.digest, account, on, act.body.on, act.past)


def _book(world: World, act: Act[records.ContraRecorded], undone: parts.Settled, clearing: int = 0) -> Decided:
    accounts, booked = book(
        undone.accounts,
        act,
        act.body.on,
        undone.moves,
        undone.suspended,
        corrects=act.body.corrects,
        clearing=clearing,
    )
    return accounts, (*undone.facts, *booked)


def _check_day(accounts: Accounts, act: Act[records.ContraRecorded], earliest: str) -> None:
    booking_day(accounts, act, act.body.on)
    if act.body.on < earliest:
        raise Refused("contra.before_record", act.body.on, f"{earliest} or later")


def _known(past: Past, digest: str, kind: str, model: type[B]) -> B:
    body = recall(past, digest, kind, model)
    if body is None:
        raise NotFound("contra.unknown_record", digest)
    return body


def _read(entry: Entry, model: type[B]) -> B:
    return read_body(model, entry.record.body, entry.record.kind)
