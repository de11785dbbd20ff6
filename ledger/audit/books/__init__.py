"""The books of account that an auditor opens first, as pure functions of a dossier: what the vouchers say, put in order.

===================  ===============================================================================================
:mod:`.journal`      the journal 序时账: every leg of every voucher with what stands beside it
:mod:`.balances`     the trial balance 科目余额表, and what each fund has in each account
:mod:`.ledgers`      general ledger 总账 and detail ledgers 明细账
:mod:`.bank`         each month's reconciliation, with the books' side computed from the legs alone
:mod:`.owed`         contracts, ages of what is owed, petty cash
:mod:`.budgets`      each authority with what was paid on it
:mod:`.plans`        each open budget beside what came of it
:mod:`.fund`         the maintenance fund's three sheets
:mod:`.recount`      certified meetings counted again from their ballots
:mod:`.hands`        who made, checked and moved what a voucher says
:mod:`.titles`       what codes are called
===================  ===============================================================================================

Statements are made of lines; these are made of legs. Where both speak of one thing they must agree to the fen, so that one is
the check of the other. A day is the day booked: a fact of a closed period stands where it was booked, as in a statement.
"""

from ledger.audit.books.journal import INPUTS, Posting, Span, postings

__all__ = ["INPUTS", "Posting", "Span", "postings"]
