"""The parts of a bank row or cash payment: which effects each one has, and how they are done or taken back in turn.

A part settles a withdrawal's stage or a recorded deposit, gives back what was in suspense, or says fund, category and
nature itself. Money that goes out without an approved stage is booked as what it is and stands without authority 尚无依据
until it is ratified or returned; only a transfer whose other end is seen here, the box, needs none. A transfer to another
bank account is a withdrawal like any other: nobody sees from this row alone that it arrived with us.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.accounts import records, withdrawals
from ledger.accounts.booking import NO_BASIS, Movement, Suspended
from ledger.accounts.effects import Arrival, Classified, Effect, GivenBack, Saying, StagePayment
from ledger.accounts.records import MOST_PARTS
from ledger.accounts.state import Accounts, Pending
from ledger.errors import NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import recall

UNSAID: Final = "other_expense"
"""The category of a deduction of which the record does not say what it was; a chart that has none like it wants it said."""


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
            moves = (replace(m, amount=-m.amount, basis="", motion="", line_code="") for m in effect.moves)
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


def deposit_effects(accounts: Accounts, at: Saying, pending: Pending, number: int) -> tuple[Effect, ...]:
    """What a recorded deposit is once its money is here: the gross, and what the payer kept of it. Raises
    ``withdrawal.unknown``, ``deposit.cost_…``.
    """
    gross = Movement(
        pending.account,
        pending.fund,
        pending.category,
        pending.nature,
        pending.gross,
        number,
        party=pending.party,
        contract=pending.contract,
        document=pending.document,
        unit=pending.unit,
        covers=pending.covers,
    )
    came = Classified((gross,))
    return (came, _deduction(accounts, at, pending, MOST_PARTS + number)) if pending.cost else (came,)


def _deduction(accounts: Accounts, at: Saying, pending: Pending, number: int) -> Effect:
    """The payment that a deduction is: of an approved stage to whoever kept the money, else without authority.

    Debts are set off only between two who owe each other (CC 568), and what income cost is paid from where it goes
    (CC 282): else a stage approved for somebody else could be said to be paid by money that he never saw.
    """
    if not pending.cost_settles:
        move = Movement(
            pending.account,
            pending.fund,
            pending.cost_category,
            "expense",
            -pending.cost,
            number,
            party=pending.cost_party,
            document=pending.cost_evidence,
            basis=NO_BASIS,
        )
        return Classified((move,))
    asked = withdrawals.known(accounts, at.past, pending.cost_settles.partition("#")[0])
    if not pending.party or asked.party != pending.party:
        raise Refused("deposit.cost_party", pending.party, asked.party)
    if asked.fund != pending.fund:
        raise Refused("deposit.cost_fund", asked.fund, pending.fund)
    if asked.nature != "expense":
        raise Refused("deposit.cost_nature", asked.nature, "expense")
    moves = withdrawals.payment(accounts, asked, pending.account, -pending.cost, number)
    proven = tuple(replace(move, document=pending.cost_evidence) for move in moves)
    return StagePayment(proven, ref=pending.cost_settles, asked=asked)


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
        body.cost_evidence or "",
        body.cost_settles or "",
        body.cost_category or (UNSAID if body.cost and not body.cost_settles else ""),
        body.cost_party or "",
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
    return (Arrival(pending=pending), *deposit_effects(accounts, at, pending, number))


def _given_back(accounts: Accounts, at: Saying, part: records.Part, row: str) -> Effect:
    held = accounts.suspense.get(row)
    moved = held or recall(at.past, row, "bank.row/1", records.BankRow)
    if moved is None:
        raise NotFound("suspense.unknown", row)
    legs = Suspended(at.account, part.amount, -part.amount)
    document = part.document or ""
    return GivenBack(
        suspended=(legs,), row=row, file=moved.file, row_on=moved.on, amount=part.amount, document=document
    )


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
