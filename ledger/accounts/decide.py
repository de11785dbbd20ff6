"""The kinds of the accounts room: bodies, who signs, what decides."""

from typing import Final

from ledger.accounts import bank, cash, contra, records, rejection, setup, trust, withdrawals
from ledger.log.act import Free, Kind, Signing, seat
from ledger.people.state import BODY_ROLES

TWO_PARTY: Final = Signing(two_party=True, alone=False)
"""Of the accounts nothing is ruled while no role of the body is in term."""
TREASURER: Final = Signing(seats=(seat("treasurer"),))
BODY: Final = Signing(seats=(BODY_ROLES,))
_SECOND = seat("chair", "vice_chair", "member", "caretaker", "registrar", "supervisor", "company", "auditor")
CONFIRMER: Final = Signing(seats=(_SECOND,))
REJECTER: Final = Signing(seats=(_SECOND | {"treasurer"},))
"""Until a second person confirms it a file is the word of one: he takes it back, or any who could have confirmed it does."""
TWO_COUNTERS: Final = Signing(
    seats=(seat("treasurer"), seat("chair", "vice_chair", "member", "caretaker", "registrar", "supervisor", "company"))
)
ANYBODY: Final = Signing(free=Free.ONE)

KINDS: Final[dict[str, Kind]] = {
    "account.opened/1": Kind("accounts", records.AccountOpened, TWO_PARTY, setup.open_account),
    "mandate.changed/1": Kind("accounts", records.MandateChanged, TWO_PARTY, setup.change_mandate),
    "chart.adopted/1": Kind("accounts", records.ChartAdopted, TWO_PARTY, setup.adopt_chart, limit=65_535),
    "books.opened/1": Kind("accounts", records.BooksOpened, TWO_PARTY, setup.open_books, limit=32_768),
    "party.entered/1": Kind("accounts", records.PartyEntered, BODY, setup.enter_party),
    "document.entered/1": Kind("accounts", records.DocumentEntered, BODY, setup.enter_document, limit=65_535),
    "contract.entered/1": Kind("accounts", records.ContractEntered, BODY, setup.enter_contract),
    "deposit.recorded/1": Kind("accounts", records.DepositRecorded, TREASURER, cash.record_deposit),
    "bank.imported/1": Kind("accounts", records.BankImported, TREASURER, bank.take_file),
    "bank.row/1": Kind("accounts", records.BankRow, TREASURER, bank.take_row),
    "bank.confirmed/1": Kind("accounts", records.BankConfirmed, CONFIRMER, bank.confirm_file),
    "bank.rejected/1": Kind("accounts", records.BankRejected, REJECTER, rejection.reject_file),
    "suspense.cleared/1": Kind("accounts", records.SuspenseCleared, TREASURER, bank.clear_suspense),
    "cash.paid/1": Kind("accounts", records.CashPaid, TREASURER, cash.pay_cash),
    "cash.counted/1": Kind("accounts", records.CashCounted, TWO_COUNTERS, cash.count_cash),
    "withdrawal.applied/1": Kind("accounts", records.WithdrawalApplied, ANYBODY, withdrawals.apply_for),
    "withdrawal.proposed/1": Kind("accounts", records.WithdrawalProposed, BODY, withdrawals.propose),
    "withdrawal.approved/1": Kind("accounts", records.WithdrawalApproved, ANYBODY, withdrawals.approve),
    "withdrawal.instructed/1": Kind("accounts", records.WithdrawalInstructed, TREASURER, withdrawals.instruct),
    "withdrawal.dropped/1": Kind("accounts", records.WithdrawalDropped, BODY, withdrawals.drop),
    "contra.recorded/1": Kind("accounts", records.ContraRecorded, TREASURER, contra.record_contra),
    **trust.KINDS,
}
