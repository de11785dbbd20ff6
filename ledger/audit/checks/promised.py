"""What a manager's terms promise beside pay: reports, one after every so many months. Row 27 of the table.

A published statement that closes the months is such a report, and so is a paper registered as a report that hangs in public after
them; each in time while the days are not over that the profile leaves for a statement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger import period
from ledger.accounts.records import DocumentEntered
from ledger.accounts.trust import TrustAgreed
from ledger.audit.checks import entrusted
from ledger.audit.checks.days import days_on, last_day, months_on
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.people.records import LedgerOpened
from ledger.publication.records import PostingHung, StatementPublished
from ledger.rules.records import ProfileAdopted

INPUTS: Final = (TrustAgreed, StatementPublished, DocumentEntered, PostingHung, LedgerOpened, ProfileAdopted)


@dataclass(frozen=True, slots=True)
class Span:
    """Months that a report is due about, and until when."""

    first: date
    last: date
    due: date


def report_missing(case: Dossier) -> Iterator[Found]:
    """Reports that the terms promise did not come in time: all of one agreement's together."""
    for terms in case.acts(TrustAgreed):
        missing = unreported(case, terms)
        if missing:
            later = [act for act in case.acts(StatementPublished) if closes(act) >= missing[0].last]
            yield found(
                terms.cite(),
                *(act.cite() for act in later),
                trust=terms.body.code,
                months=terms.body.report_months,
                count=len(missing),
                start_day=missing[0].first.isoformat(),
                until_day=missing[-1].last.isoformat(),
            )


def unreported(case: Dossier, terms: Acted[TrustAgreed]) -> Sequence[Span]:
    """The months about which no report came in time, of those whose days are over."""
    return [one for one in spans(case, terms) if case.day > one.due and not _reported(case, one)]


def spans(case: Dossier, terms: Acted[TrustAgreed]) -> Iterator[Span]:
    """The months that each report is about, from when the terms stood on the ledger; what is not over yet is left out, and what
    nobody can count.
    """
    body, rules = terms.body, case.profile_at(terms.seq)
    begins, ends = period.parse_day(body.start), period.parse_day(entrusted.last_day(case, terms))
    number = 0
    while True:
        first = months_on(begins, body.report_months * number)
        number += 1
        last = days_on(months_on(begins, body.report_months * number), -1)
        if last > min(ends, case.day):
            return
        due = last_day(case.books, last, rules.days("statement.publish_within"))
        if last.isoformat() >= terms.day and due is not None:
            yield Span(first, last, due)


def closes(act: Acted[StatementPublished]) -> date:
    """The last day that a statement is about."""
    return period.Period.parse(act.body.period).last


def _reported(case: Dossier, span: Span) -> bool:
    """Periods close in order: a statement that closes the last day closes all before it."""
    due = span.due.isoformat()
    if any(act.day <= due and closes(act) >= span.last for act in case.acts(StatementPublished)):
        return True
    reports = {act.digest for act in case.acts(DocumentEntered) if act.body.kind == "report"}
    hung = (act.body for act in case.acts(PostingHung) if act.body.record in reports)
    return any(span.last.isoformat() < one.start <= due for one in hung)


CHECKS: Final = (Check("trust.report_missing", "27", "medium", ("TL 33", "CC 943"), INPUTS, report_missing),)
