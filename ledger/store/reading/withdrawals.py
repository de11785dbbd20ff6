"""Withdrawals 付款, step by step: applied for, proposed, approved, sent to the bank, paid or dropped.

Each step names the record that took it, who signed and when; what is still needed is said by the mandate of the account.
One that is settled leaves the books' state; its steps stay.
"""

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from ledger import period
from ledger.accounts import records
from ledger.accounts.state import Accounts, Withdrawal
from ledger.accounts.withdrawals import seats_left, tier_of
from ledger.errors import NotFound
from ledger.log.act import read_body
from ledger.log.entry import Entry
from ledger.store.past import Rows
from ledger.store.reading.shown import (
    Code,
    Day,
    Digest,
    Fen,
    Moment,
    Next,
    Ref,
    Seq,
    Shown,
    cursor,
    entries_at,
    read_cursor,
)

if TYPE_CHECKING:
    from ledger.store.store import Store

Standing = Literal["applied", "proposed", "approved", "instructed", "paid", "dropped"]

STEPS: Final = "SELECT seq, step, person, stage, whole, day, amount FROM step WHERE application = ? ORDER BY seq, i"
APPLIED: Final = "SELECT seq, application FROM step WHERE step = 'applied'"


class StepItem(Shown):
    """One step. ``stage``: of ``instructed`` and ``paid``, 0 first. ``whole``: this approval filled the mandate.

    ``amount``: of ``paid``, fen; negative where a contra took the payment back.
    """

    step: Annotated[str, Field(description="applied, proposed, approved, instructed, paid, dropped")]
    record: Digest
    seq: Seq
    time: Moment
    person: Annotated[str | None, Field(description="who signed; absent of `paid`, which the bank's row says")] = None
    stage: int | None = None
    whole: bool | None = None
    on: Day | None = None
    amount: Fen | None = None


class StageItem(Shown):
    """One instalment as applied for."""

    amount: Fen
    due: Day | None = None


class WithdrawalItem(Shown):
    """A withdrawal. ``application`` is its name. What it rests on (``motion``, ``line``) stands from its proposal on."""

    application: Digest
    seq: Seq
    standing: Annotated[Standing, Field(description="the last that happened; `paid` once no stage waits")]
    applicant: Ref
    party: Code
    fund: Code
    category: Code
    nature: str
    purpose: str
    amount: Annotated[int, Field(description="fen asked for: the sum of the stages")]
    stages: tuple[StageItem, ...]
    document: Digest | None = None
    contract: Code | None = None
    into: Code | None = None
    proposal: Digest | None = None
    account: Code | None = None
    motion: Ref | None = None
    line: Annotated[Code | None, Field(description="line of a budget")] = None
    needed: Annotated[
        tuple[tuple[str, ...], ...],
        Field(description="seats of the mandate still empty: for each, the roles of which one must approve"),
    ] = ()
    held_by: Annotated[
        tuple[Digest, ...],
        Field(description="objections raised while it was posted: until they are answered nobody approves"),
    ] = ()
    steps: tuple[StepItem, ...]


class WithdrawalItems(Shown):
    """Some withdrawals, in the order in which they were applied for or the newest first."""

    items: tuple[WithdrawalItem, ...]
    next: Next = None


def withdrawals(
    store: "Store", *, after: str = "", limit: int = 50, newest: bool = True, live: bool = False
) -> WithdrawalItems:
    """Withdrawals; ``live``: only those with a stage that waits. Raises Malformed ``request.cursor``."""
    place = read_cursor(after, int) if after else ()
    accounts = store.books.accounts
    with store.reading() as reader:
        if live:
            # Few by nature: what is settled leaves the state.
            waiting = [one.application for one in accounts.withdrawals.values() if any(s.waiting for s in one.stages)]
            found = sorted(((_placed(reader.rows, name), name) for name in waiting), reverse=newest)
            found = [one for one in found if not place or (one[0] < place[0] if newest else one[0] > place[0])]
        else:
            bound = f" AND seq {'<' if newest else '>'} ?" if place else ""
            sql = f"{APPLIED}{bound} ORDER BY seq{' DESC' if newest else ''} LIMIT ?"
            found = reader.rows(sql, (*place, limit + 1))
        items = tuple(_read(reader.rows, accounts, name) for _seq, name in found[:limit])
    return WithdrawalItems(items=items, next=cursor(items[-1].seq) if len(found) > limit else None)


def withdrawal(store: "Store", application: str) -> WithdrawalItem:
    """One withdrawal. Raises NotFound ``withdrawal.unknown``."""
    accounts = store.books.accounts
    with store.reading() as reader:
        return read(reader.rows, accounts, application)


def read(rows: Rows, accounts: Accounts, application: str) -> WithdrawalItem:
    """One withdrawal, in a reader of the caller. Raises NotFound ``withdrawal.unknown``."""
    if not rows(STEPS, (application,)):
        raise NotFound("withdrawal.unknown", application)
    return _read(rows, accounts, application)


def _placed(rows: Rows, application: str) -> int:
    return int(rows(STEPS, (application,))[0][0])


def _read(rows: Rows, accounts: Accounts, application: str) -> WithdrawalItem:
    found = rows(STEPS, (application,))
    entries = entries_at(rows, [row[0] for row in found])
    steps = tuple(_step(row, entries[row[0]]) for row in found)
    record = entries[found[0][0]].record
    body = read_body(records.WithdrawalApplied, record.body, record.kind)
    live = accounts.withdrawals.get(application)
    proposal = next((entries[one.seq].record for one in steps if one.step == "proposed"), None)
    said: dict[str, Any] = {}
    if proposal is not None:
        proposed = read_body(records.WithdrawalProposed, proposal.body, proposal.kind)
        basis = proposed.basis
        said = {"proposal": proposal.digest, "account": proposed.account, "motion": basis.motion, "line": basis.line}
    return WithdrawalItem(
        application=application,
        seq=found[0][0],
        standing=_standing(live, steps),
        applicant=found[0][2],
        party=body.party,
        fund=body.fund,
        category=body.category,
        nature=body.nature,
        purpose=body.purpose,
        amount=sum(stage.amount for stage in body.stages),
        stages=tuple(StageItem(amount=stage.amount, due=stage.due) for stage in body.stages),
        document=body.document,
        contract=body.contract,
        into=body.into,
        needed=_needed(accounts, live),
        held_by=live.held_by if live else (),
        steps=steps,
        **said,
    )


def _step(row: tuple[Any, ...], entry: Entry) -> StepItem:
    seq, step, person, stage, whole, day, amount = row
    return StepItem(
        step=step,
        record=entry.record.digest,
        seq=seq,
        time=period.format_time(entry.time),
        person=person or None,
        stage=stage,
        whole=bool(whole) if step == "approved" else None,
        on=day or None,
        amount=amount,
    )


def _needed(accounts: Accounts, live: Withdrawal | None) -> tuple[tuple[str, ...], ...]:
    if live is None or not live.proposal or live.approved or not any(stage.waiting for stage in live.stages):
        return ()
    tier = tier_of(accounts.account(live.account), sum(stage.amount for stage in live.stages))
    # None where the mandate was changed so that an approval given before has no seat any more: then all are needed.
    left = seats_left(tier, live.approvals)
    return tier.seats if left is None else left


def _standing(live: Withdrawal | None, steps: tuple[StepItem, ...]) -> Standing:
    """Of one on its way by the state; of one that has left it by its steps."""
    if live is not None and any(stage.waiting for stage in live.stages):
        if any(stage.instructed and stage.waiting for stage in live.stages):
            return "instructed"
        return "approved" if live.approved else "proposed" if live.proposal else "applied"
    paid = (
        sum(one.amount or 0 for one in steps if one.step == "paid")
        if live is None
        else any(s.paid for s in live.stages)
    )
    return "paid" if paid else "dropped"
