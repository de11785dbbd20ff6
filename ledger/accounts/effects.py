"""Effects: what saying what money was does to the accounts, and how a contra takes just that back.

Each kind of effect is stated once: what it books (``moves``, ``suspended``), and side by side how it changes the state (``do``)
and how that is changed back (``undo``). Nobody else undoes anything, so that whoever adds to a kind adds to its inverse.
An effect is a value that follows from a record's body and from what the body refers to, in the state or, where that has
left it, in the past: a contra years later finds the same effect again.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from ledger.accounts import authorities, suspense, withdrawals
from ledger.accounts.booking import NO_BASIS, Movement, Suspended
from ledger.accounts.facts import Arrived, Awaited, Founded, StagePaid, SuspenseMoved, UnfoundedPaid
from ledger.accounts.setup import check_contract, check_document, check_party
from ledger.accounts.state import Accounts, Pending, Unfounded, Withdrawal
from ledger.errors import NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Past

Changed = tuple[Accounts, tuple[object, ...]]
"""The next state and the facts that follow."""


@dataclass(frozen=True, slots=True)
class Saying:
    """That a record says what money of ``account`` was, or that a contra takes it back.

    ``record`` is the one that says it, ``by`` the one that acts now: the same, or its contra. ``on`` is the day the money
    moved, ``said`` the day it is said or taken back; ``evidence`` a document that holds for all of it.
    """

    record: str
    by: str
    account: str
    on: str
    said: str
    past: Past
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Effect(ABC):
    """What one part does. ``moves`` become lines, ``suspended`` only legs; a contra books both with the other sign."""

    moves: tuple[Movement, ...] = ()
    suspended: tuple[Suspended, ...] = ()

    @abstractmethod
    def do(self, accounts: Accounts, at: Saying) -> Changed:
        """Let it happen. Raises the rule that does not allow it."""

    @abstractmethod
    def undo(self, accounts: Accounts, at: Saying) -> Changed:
        """Take back what :meth:`do` did; what was settled waits again."""


@dataclass(frozen=True, slots=True)
class Classified(Effect):
    """The record itself says fund, category and nature; the second movement, if any, is at the box at the other end.

    Money that goes out stands without authority 尚无依据, into the own box as well: who fills it at will has made every
    mandate idle.
    """

    def do(self, accounts: Accounts, at: Saying) -> Changed:
        """Raises ``party.unknown``, ``contract.unknown``, ``document.unknown``, ``part.box``."""
        move = self.moves[0]
        check_party(at.past, move.party or None)
        check_contract(at.past, move.contract or None)
        check_document(at.past, move.document or None)
        for other in self.moves[1:]:
            if accounts.account(other.account).nature != "petty":
                raise Refused("part.box", other.account, "a petty-cash box")
        if move.basis != NO_BASIS:
            return accounts, ()
        ref = f"{at.record}#{move.part}"
        item = Unfounded(ref, move.account, move.fund, move.category, move.party, at.on, -move.amount)
        return replace(accounts, unfounded=accounts.unfounded.insert(ref, item)), (UnfoundedPaid(item),)

    def undo(self, accounts: Accounts, at: Saying) -> Changed:
        """What the owners have ratified meanwhile is no longer without authority."""
        ref = f"{at.record}#{self.moves[0].part}"
        if ref not in accounts.unfounded:
            return accounts, ()
        return replace(accounts, unfounded=accounts.unfounded.remove(ref)), (Founded(ref, ""),)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePayment(Effect):
    """An approved withdrawal's stage is paid, or paid no longer; ``asked`` is the withdrawal as it is or last was."""

    ref: str
    asked: Withdrawal

    def do(self, accounts: Accounts, at: Saying) -> Changed:
        """Raises ``withdrawal.…`` when the stage is not approved, not in force or another one."""
        asked, number = withdrawals.stage_of(accounts, self.ref)
        stage, amount = withdrawals.payable(asked, number, at.on), -self.moves[0].amount
        if asked.account != at.account:
            raise Refused("withdrawal.wrong_account", at.account, asked.account)
        if amount != stage.amount:
            raise Refused("withdrawal.wrong_amount", amount, stage.amount)
        authorities.check_in_force(accounts.authorities[(asked.motion, asked.line)], at.on)
        facts = (StagePaid(self.ref, at.on, amount), *([Arrived(self.ref, at.on)] if stage.instructed else ()))
        paid = replace(stage, paid=amount)
        return accounts.with_withdrawal(withdrawals.with_stage(asked, number, paid)), facts

    def undo(self, accounts: Accounts, at: Saying) -> Changed:
        """Another row may pay it. Where its withdrawal has left the state with a closed period, the authority it rested on
        has the amount again, for a new one, unless its days are over.
        """
        amount = self.moves[0].amount
        taken_back = StagePaid(self.ref, at.said, amount)
        if self.asked.application not in accounts.withdrawals:
            return authorities.release(accounts, self.asked.motion, self.asked.line, -amount), (taken_back,)
        asked, number = withdrawals.stage_of(accounts, self.ref)
        stage = replace(asked.stages[number], paid=0)
        again = [Awaited(self.ref, at.account, at.said, amount)] if stage.instructed else ()
        return accounts.with_withdrawal(withdrawals.with_stage(asked, number, stage)), (taken_back, *again)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival(Effect):
    """The bank's row of a recorded deposit came. What the deposit is stands in effects of its own."""

    pending: Pending

    def do(self, accounts: Accounts, at: Saying) -> Changed:
        """Raises ``deposit.not_pending``, ``deposit.wrong_account``."""
        ref = self.pending.deposit
        if ref not in accounts.pending:
            raise NotFound("deposit.not_pending", ref)
        if self.pending.account != at.account:
            raise Refused("deposit.wrong_account", at.account, self.pending.account)
        return replace(accounts, pending=accounts.pending.remove(ref)), (Arrived(ref, at.on),)

    def undo(self, accounts: Accounts, at: Saying) -> Changed:
        """The deposit is awaited again."""
        waits = self.pending
        again = Awaited(waits.deposit, waits.account, at.said, waits.net)
        return replace(accounts, pending=accounts.pending.insert(waits.deposit, waits)), (again,)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack(Effect):
    """Money that gives back what stood in suspense: of ``row`` of ``file``, which moved on ``row_on``; ``amount`` is what
    moves now.

    It was never ours, so that giving it back needs no authority; but a paper, else it could go back to anybody. Nothing is
    given back before it came, nor said to be on a day before a contra put it there again: else a payment that nobody can
    explain would vanish behind whatever comes in after it.
    """

    row: str
    file: str
    row_on: str
    amount: int
    document: str

    def do(self, accounts: Accounts, at: Saying) -> Changed:
        """Raises ``part.returns_without_document``, ``document.unknown``, ``suspense.…``."""
        document = self.document or at.evidence
        if self.amount < 0 and not document:
            raise Refused("part.returns_without_document", self.amount, "the document that says to whom and why")
        check_document(at.past, document or None)
        if at.on < self.row_on:
            raise Refused("suspense.before_row", at.on, f"{self.row_on} or later")
        held = accounts.suspense.get(self.row)
        if held is not None and at.said < held.since:
            raise Refused("suspense.before_row", at.said, f"{held.since} or later")
        after = suspense.take(accounts, self.row, at.account, -self.amount)
        return after, (SuspenseMoved(self.row, at.account, at.said, self.amount, at.by, document),)

    def undo(self, accounts: Accounts, at: Saying) -> Changed:
        """It stands in suspense again."""
        after = suspense.put(accounts, self.row, at.account, self.file, self.row_on, -self.amount, at.said)
        return after, (SuspenseMoved(self.row, at.account, at.said, -self.amount, at.by),)
