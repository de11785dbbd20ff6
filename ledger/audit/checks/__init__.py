"""The checks 核查: every irregularity that a ledger's own data can show, one small pure question each.

==================== ============================================================================================
:mod:`.frame`        what a check is, what it finds, how all are asked
:mod:`.dossier`      what they read: acts, facts and books of one ledger, gathered while it is replayed
:mod:`.printed`      printed text, read: days covered, areas, prices
:mod:`.places`       printed places, read: where two things may be at one place
:mod:`.motions`      which contracts a passed motion names
:mod:`.wording`      printed words, read: a plan, a seal, one matter in two titles
:mod:`.spending`     what several families ask of a payment
:mod:`.figures`      figures, document numbers and signatures, read
:mod:`.adding`       what the lines of a paper come to
:mod:`.series`       which papers are numbered as one
:mod:`.days`         the last day of a term, in doubt in favour of whoever had to act
:mod:`.agreements`   contracts that do not fit themselves, or do not say what a contract says
:mod:`.duration`     contracts past their end, past a term of office, past what a lease may last
:mod:`.letting`      common parts let: by whose decision, one place twice, at which price
:mod:`.leases`       income that contracts promise: missing, late, never agreed
:mod:`.vendors`      whom services are bought from: without a contract, from somebody else, with a gap
:mod:`.receipts`     income on its way to the bank: what was kept of it, how long it took
:mod:`.remuneration` the manager's pay beside what its terms say
:mod:`.authority`    whether what was spent had been decided
:mod:`.owed`         what is owed at the end, and since when
:mod:`.advances`     advances, debts and cash that stay open
:mod:`.custody`      co-owned money in hands or for ends that are not its own
:mod:`.purposes`     what a fund must not pay, and what is not the owners' to pay
:mod:`.bank`         where bank and books do not meet
:mod:`.signs`        payments for voting, frequent draws, and what statistics notice
:mod:`.repeated`     one thing paid or claimed more than once
:mod:`.services`     work that a contract already pays for
:mod:`.allowances`   allowances above the community's own standard
:mod:`.splits`       payments that stay below a limit and reach it together
:mod:`.sums`         papers and contracts that do not add up
:mod:`.decisions`    decisions of the owners that the law would not take as they came
:mod:`.numbering`    numbers of papers: twice, missing, of another year, with dates that run backward
:mod:`.ballots`      ballots that may not be the owners' own
:mod:`.payees`       who is paid: people in office, parties that may be one
:mod:`.dates`        days on papers and in the books that do not fit each other
:mod:`.periods`      periods that papers name, against what they count
:mod:`.offices`      who holds which office, until when, and what is handed over
:mod:`.publication`  statements and results that are due, late, many at once, and how they hang
:mod:`.beginnings`   what the books stand on: opening balances, units, keys of owners, calendars
:mod:`.enclosures`   what should be with a paper and is not
:mod:`.mandates`     whether approvals are as many as they should be, and stayed so
:mod:`.postings`     whether what is published hangs, long enough and where people see it
:mod:`.questions`    questions of owners without an answer in time, or that their owner never asked
:mod:`.promised`     what a manager's terms promise beside pay: reports at their times
==================== ============================================================================================
"""

from typing import Final

from ledger.audit.checks import (
    advances,
    agreements,
    allowances,
    authority,
    ballots,
    bank,
    beginnings,
    custody,
    dates,
    decisions,
    duration,
    enclosures,
    leases,
    letting,
    mandates,
    numbering,
    offices,
    payees,
    periods,
    postings,
    promised,
    publication,
    purposes,
    questions,
    receipts,
    remuneration,
    repeated,
    services,
    signs,
    splits,
    sums,
    vendors,
)
from ledger.audit.checks.dossier import Acted, Cited, Dossier, Gathering, Noted
from ledger.audit.checks.frame import SEVERITIES, Check, Finding, Found, Severity, inputs_of, run

CHECKS: Final[tuple[Check, ...]] = (
    *advances.CHECKS,
    *agreements.CHECKS,
    *allowances.CHECKS,
    *authority.CHECKS,
    *ballots.CHECKS,
    *bank.CHECKS,
    *beginnings.CHECKS,
    *custody.CHECKS,
    *dates.CHECKS,
    *decisions.CHECKS,
    *duration.CHECKS,
    *enclosures.CHECKS,
    *leases.CHECKS,
    *letting.CHECKS,
    *mandates.CHECKS,
    *numbering.CHECKS,
    *offices.CHECKS,
    *payees.CHECKS,
    *periods.CHECKS,
    *postings.CHECKS,
    *promised.CHECKS,
    *publication.CHECKS,
    *purposes.CHECKS,
    *questions.CHECKS,
    *receipts.CHECKS,
    *remuneration.CHECKS,
    *repeated.CHECKS,
    *services.CHECKS,
    *signs.CHECKS,
    *splits.CHECKS,
    *sums.CHECKS,
    *vendors.CHECKS,
)
"""All of them, family by family."""
VERSION: Final = 2
"""The version of the checks: they improve, so a report names it. Not part of the machine.

2: a tariff with tenths of a fen is read; a party that names a person twice is one party; of several offices of a party's title
it is asked to name those that hold or held something.
"""

__all__ = [
    "CHECKS",
    "SEVERITIES",
    "VERSION",
    "Acted",
    "Check",
    "Cited",
    "Dossier",
    "Finding",
    "Found",
    "Gathering",
    "Noted",
    "Severity",
    "inputs_of",
    "run",
]
