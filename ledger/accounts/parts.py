"""The parts of a bank row or cash payment: which effects each one has, and how they are done or taken back in turn.

A part settles a withdrawal's stage or a recorded deposit, gives back what was in suspense, or says fund, category and
nature itself. Money that goes out without an approved stage is booked as what it is and stands without authority 尚无依据
until it is ratified or returned; only a transfer whose other end is seen here, the box, needs none. A transfer to another
bank account is a withdrawal like any other: nobody sees from this row alone that it arrived with us.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.accounts import records, withdrawals
from ledger.accounts.booking import NO_BASIS, Movement, Suspended
from ledger.accounts.effects import Arrival, Classified, Effect, GivenBack, Saying, StagePayment
from ledger.accounts.state import Accounts, Pending
from ledger.errors import NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import recall


@dataclass(frozen=True, slots=True)
class Settled:
    """What effects did, one after another: the state so far, what is to be booked, facts."""

    accounts: Accounts
    moves: tuple[Movement, ...] = ()
    suspended: tuple[Suspended, ...] = ()
    facts: tuple[object, ...] = ()

    def doing(self, effects: Iterable[Effect], at: Saying) -> "Settled":
        """With these effects done. Raises the rule of the first that does not fit."""
        done = self
        for effect in effects:
            accounts, facts = effect.do(done.accounts, at)
            done = Settled(
                accounts,
                (*done.moves, *effect.moves),
                (*done.suspended, *effect.suspended),
                (*done.facts, *facts),
            )
        return done

    def undoing(self, effects: Iterable[Effect], at: Saying) -> "Settled":
        """With these effects taken back. Their lines rest on nothing: they pay nothing, ``corrects`` names what they mean."""
        done = self
        for effect in effects:
            accounts, facts = effect.undo(done.accounts, at)
            moves = (
                replace(m, amount=-m.amount, gross=-m.gross, cost=-m.cost, basis="", motion="", line_code="")
                for m in effect.moves
            )
            suspended = (replace(s, amount=-s.amount) for s in effect.suspended)
            done = Settled(accounts, (*done.moves, *moves), (*done.suspended, *suspended), (*done.facts, *facts))
        return done


def settle(accounts: Accounts, at: Saying, said: Sequence[records.Part]) -> Settled:
    """Work through the parts of one row or payment. Raises the rule of the first part that does not fit."""
    done = Settled(accounts)
    for number, part in enumerate(said):
        done = done.doing(effects_of(done.accounts, at, number, part), at)
    return done


def take_back(accounts: Accounts, at: Saying, said: Sequence[records.Part]) -> Settled:
    """Take back what :func:`settle` did."""
    undone = Settled(accounts)
    for number, part in enumerate(said):
        undone = undone.undoing(effects_of(undone.accounts, at, number, part), at)
    return undone


def effects_of(accounts: Accounts, at: Saying, number: int, part: records.Part) -> tuple[Effect, ...]:
    """What the part of a number does. Raises ``withdrawal.unknown``, ``deposit.not_pending``, ``suspense.unknown``, ``part.sign``."""
    if part.settles is not None and "#" in part.settles:
        return (_payment(accounts, at, number, part, part.settles),)
    if part.settles is not None:
        return _arrival(accounts, at, number, part, part.settles)
    if part.returns is not None:
        return (_given_back(accounts, at, part, part.returns),)
    return (_classified(at, number, part),)


def deposit_effects(pending: Pending, number: int) -> tuple[Effect, ...]:
    """What a recorded deposit is once its money is here."""
    return (
        Classified(
            (
                Movement(
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
                ),
            )
        ),
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


def _payment(accounts: Accounts, at: Saying, number: int, part: records.Part, ref: str) -> Effect:
    if part.amount > 0:
        raise Refused("part.sign", part.amount, "money out")
    asked = withdrawals.known(accounts, at.past, ref.partition("#")[0])
    moves = withdrawals.payment(accounts, asked, at.account, part.amount, number)
    return StagePayment(moves, ref=ref, asked=asked)


def _arrival(accounts: Accounts, at: Saying, number: int, part: records.Part, ref: str) -> tuple[Effect, ...]:
    pending = accounts.pending.get(ref)
    if pending is None:
        body = recall(at.past, ref, "deposit.recorded/1", records.DepositRecorded)
        if body is None:
            raise NotFound("deposit.not_pending", ref)
        pending = pending_of(ref, body)
    if part.amount != pending.net:
        raise Refused("deposit.wrong_amount", part.amount, pending.net)
    return (Arrival(pending=pending), *deposit_effects(pending, number))


def _given_back(accounts: Accounts, at: Saying, part: records.Part, row: str) -> Effect:
    held = accounts.suspense.get(row)
    moved = held or recall(at.past, row, "bank.row/1", records.BankRow)
    if moved is None:
        raise NotFound("suspense.unknown", row)
    legs = Suspended(at.account, part.amount, -part.amount)
    return GivenBack(suspended=(legs,), row=row, row_on=moved.on, amount=part.amount, document=part.document or "")


def _classified(at: Saying, number: int, part: records.Part) -> Effect:
    fund, category, nature = part.classification()
    move = Movement(
        at.account,
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
    out = replace(move, basis=NO_BASIS) if part.amount < 0 else move
    return Classified((out,) if part.box is None else (out, replace(move, account=part.box, amount=-part.amount)))
