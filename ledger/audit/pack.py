"""What the auditor's pack 审计资料包 is made of: one review of a ledger, and the days that the pack is about.

The pack is a function of the entries before a prefix and of its days: a folder, an archive and a database of the same log
give the same bytes. So the verification in it speaks of the log alone; the files beside a bundle's log are checked by ``verify``.

The days, where nobody says them, are those that published statements closed: what they say can no more be changed. Before
the first statement they are all until the last entry's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.facts import Founded, Granted
from ledger.accounts.records import CashCounted, WithdrawalApplied
from ledger.accounts.trust import PlanAdopted
from ledger.audit import books
from ledger.audit.books import bank, hands, titles
from ledger.audit.books.journal import Posting, Span
from ledger.audit.checks import Dossier
from ledger.audit.review import Review, review
from ledger.audit.tree import Progress
from ledger.audit.trust import Trust
from ledger.errors import MingzhangError, Refused
from ledger.log.source import Source
from ledger.people.records import LedgerOpened
from ledger.publication.audited import Explained
from ledger.publication.objections import QuestionAnswered, QuestionAsked, QuestionConcluded
from ledger.publication.records import CorrectionNoticed, PostingHung, StatementPublished
from ledger.rules.records import ProfileAdopted
from ledger.votes import facts as votes
from ledger.votes.records import MeetingCertified

ASKED: Final[tuple[type, ...]] = (
    *books.INPUTS,
    *hands.INPUTS,
    *titles.INPUTS,
    CashCounted,
    CorrectionNoticed,
    Explained,
    Founded,
    Granted,
    LedgerOpened,
    Line,
    MeetingCertified,
    PlanAdopted,
    PostingHung,
    ProfileAdopted,
    QuestionAnswered,
    QuestionAsked,
    QuestionConcluded,
    StatementPublished,
    WithdrawalApplied,
    votes.BallotOpened,
    votes.MeetingCalled,
    votes.MeetingOpened,
    votes.MotionDecided,
    votes.RollFrozen,
)
"""Bodies and facts that the pack reads beside what the checks ask for."""


@dataclass(frozen=True)
class Material:
    """A review and the days of the pack."""

    made: Review
    case: Dossier
    span: Span

    @property
    def today(self) -> str:
        """The legal day of the last entry."""
        return self.case.day.isoformat()

    @cached_property
    def postings(self) -> tuple[Posting, ...]:
        """All legs of all vouchers."""
        return books.postings(self.case)

    @property
    def statements(self) -> Sequence[Mapping[str, Any]]:
        """The published statements whose period lies in the days, whole."""
        inside = (one for one in self.made.statements if self.span.holds(one["period"]["last"]))
        return tuple(one for one in inside if self.span.holds(max(one["period"]["first"], self._opened)))

    @cached_property
    def draft(self) -> Mapping[str, Any] | None:
        """The next statement as the books stand, None where none could be drawn up."""
        try:
            return self.made.replay.draw_up()
        except MingzhangError:
            return None

    @cached_property
    def months(self) -> Sequence[bank.Month]:
        """Each account's reconciliation of each month that is over."""
        return tuple(bank.months(self.postings, self.made.statements, self.draft, self.span, self.today))

    @property
    def _opened(self) -> str:
        return self.case.books.accounts.opened_on


def gather(
    source: Source,
    trust: Trust | None = None,
    progress: Progress | None = None,
    *,
    first: str = "",
    last: str = "",
) -> Material:
    """Review a log and say which days the pack is about. Raises as :func:`about`, and ``review.nothing``.

    Days that cannot be right are refused before anything is verified, which takes its time.
    """
    for day in filter(None, (first, last)):
        period.parse_day(day)
    if first and last and last < first:
        raise Refused("pack.days", f"{first} – {last}", f"{last} – {first}")
    made = review(source, trust, progress, bundle=False, also=ASKED, statements=True)
    return about(made, first=first, last=last)


def about(made: Review, *, first: str = "", last: str = "") -> Material:
    """The material of a review that gathered :data:`ASKED` and the statements.

    Raises ``books.not_open`` where no money was ever booked; ``pack.days`` for days that end before they begin, lie before the
    books or behind the last entry.
    """
    accounts, today = made.dossier.books.accounts, made.dossier.day.isoformat()
    if not accounts.opened_on:
        raise Refused("books.not_open", None, "books.opened/1 first")
    closed = accounts.closed_until if accounts.closed_until >= accounts.opened_on else today
    span = Span(first or accounts.opened_on, last or max(closed, first))
    if not accounts.opened_on <= span.first <= span.last <= today:
        raise Refused("pack.days", f"{span.first} – {span.last}", f"{accounts.opened_on} – {today}")
    return Material(made, made.dossier, span)
