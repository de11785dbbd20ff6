"""Publication 公布: statements and results that are due, late or many at once. Rows 27 and 30 of the table.

The machine closes periods in order and lets no statement differ from the books. When it comes is a matter of days, which
are counted here; how it hangs is asked in :mod:`.postings`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from ledger import period
from ledger.accounts import periods
from ledger.accounts.records import BooksOpened
from ledger.audit.checks.days import last_day, overdue
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.people.records import LedgerOpened
from ledger.publication.records import StatementPublished
from ledger.rules.ratio import Days
from ledger.rules.records import ProfileAdopted
from ledger.votes.records import MeetingCertified, MeetingOpened

AT_ONCE: Final = 3
AT_ONCE_DAYS: Final = 31
"""So many late statements within a month: what should have come over years comes when nobody can ask any more."""
# --- statements -------------------------------------------------------------------------------------------------------


def statements_overdue(case: Dossier) -> Iterator[Found]:
    """Periods are over, the days to publish them too, and there is no statement."""
    accounts, published = case.books.accounts, case.acts(StatementPublished)
    for opened in case.acts(BooksOpened):
        term = case.profile.days("statement.publish_within")
        due = periods.next_period(accounts)
        late: list[tuple[str, date]] = []
        while (last := statement_due(case, due, term)) is not None and case.day > last:
            late.append((due.code, last))
            due = periods.period_of(accounts, due.next().first.isoformat())
        if late:
            first, day = late[0]
            since = published[-1].cite() if published else opened.cite()
            yield found(since, first=first, periods=len(late), due_day=day.isoformat())


def statement_late(case: Dossier) -> Iterator[Found]:
    """A statement came after its days; those of several late ones at once are said together."""
    for group in _groups(case):
        for act in group if len(group) < AT_ONCE else ():
            due = statement_due(case, period.Period.parse(act.body.period), publish_term(case, act))
            if due is not None and act.day > due.isoformat():
                yield found(act.cite(), published=act.body.period, due_day=due.isoformat(), published_day=act.day)


def many_at_once(case: Dossier) -> Iterator[Found]:
    """Several late statements came together."""
    for group in _groups(case):
        if len(group) >= AT_ONCE:
            yield found(
                *(act.cite() for act in group),
                statements=len(group),
                first=group[0].body.period,
                last=group[-1].body.period,
                published_day=group[0].day,
            )


# --- results ----------------------------------------------------------------------------------------------------------


def result_missing(case: Dossier) -> Iterator[Found]:
    """A vote is over and nobody has certified what came of it. While ballots may be sealed the profile's days for that are
    allowed too.
    """
    certified = {act.body.meeting for act in case.acts(MeetingCertified)}
    for act in case.acts(MeetingOpened):
        if act.digest in certified:
            continue
        closed = period.legal_day(period.parse_time(act.body.closes), case.books.offset)
        rules = case.profile_at(act.seq)
        opened = last_day(case.books, closed, rules.days("vote.unopened_after"))
        term = rules.days("vote.result_post")
        if opened is not None and overdue(case.books, opened, term, case.day):
            yield found(act.cite(), closed_day=closed.isoformat(), days=(case.day - closed).days)


def result_late(case: Dossier) -> Iterator[Found]:
    """What came of a vote was certified after the days that the profile leaves for telling it."""
    opened = {act.digest: act for act in case.acts(MeetingOpened)}
    for act in case.acts(MeetingCertified):
        meeting = opened[act.body.meeting]
        closed = period.legal_day(period.parse_time(meeting.body.closes), case.books.offset)
        rules = case.profile_at(meeting.seq)
        since = last_day(case.books, closed, rules.days("vote.unopened_after")) if act.body.unopened else closed
        day = period.parse_day(act.day)
        if since is not None and overdue(case.books, since, rules.days("vote.result_post"), day):
            yield found(act.cite(), meeting.cite("closes"), closed_day=closed.isoformat(), certified_day=act.day)


# --- what they share --------------------------------------------------------------------------------------------------


def statement_due(case: Dossier, one: period.Period, term: Days) -> date | None:
    """The day until which the statement of a period is in time: its days run from the period's end, or from when the books
    were opened on this ledger if that was later.
    """
    opened = period.parse_day(case.acts(BooksOpened)[0].day)
    return last_day(case.books, max(one.last, opened), term)


def publish_term(case: Dossier, act: Acted[StatementPublished]) -> Days:
    """How long after its period a statement may come, by the profile that judged it."""
    return case.profile_at(act.seq).days("statement.publish_within")


def _groups(case: Dossier) -> Sequence[Sequence[Acted[StatementPublished]]]:
    """Statements that came after the days that follow their periods, those within a month from the first of them together."""
    groups: list[list[Acted[StatementPublished]]] = []
    for act in case.acts(StatementPublished):
        day, ended = period.parse_day(act.day), period.Period.parse(act.body.period).last
        if not overdue(case.books, ended, publish_term(case, act), day):
            continue
        if groups and (day - period.parse_day(groups[-1][0].day)).days <= AT_ONCE_DAYS:
            groups[-1].append(act)
        else:
            groups.append([act])
    return groups


_STATEMENTS: Final = (StatementPublished, LedgerOpened, ProfileAdopted)
_MEETINGS: Final = (MeetingOpened, MeetingCertified, LedgerOpened, ProfileAdopted)
_REGULARLY: Final = ("CC 281", "O165 30", "Hz 30")
_RESULT: Final = ("CC 278", "Bj 37")

CHECKS: Final = (
    Check("statement.overdue", "27", "high", _REGULARLY, (StatementPublished, BooksOpened), statements_overdue),
    Check("statement.late", "27", "medium", _REGULARLY, (*_STATEMENTS, BooksOpened), statement_late),
    Check("statement.many_at_once", "30", "high", ("CC 281",), _STATEMENTS, many_at_once),
    Check("result.missing", "27", "high", _RESULT, _MEETINGS, result_missing),
    Check("result.late", "27", "medium", _RESULT, _MEETINGS, result_late),
)
