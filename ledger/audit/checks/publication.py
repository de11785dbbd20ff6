"""Publication 公示: statements and results that are due, late or many at once, and how they hang. Rows 27 and 30 of the table.

The machine closes periods in order and lets no statement differ from the books. When it comes, and whether it hangs long
enough where people see it, is a matter of days and claims.

>>> amount("1,651.00元"), amount("1651"), amount("附件数 3")
(165100, 165100, None)
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from ledger import period
from ledger.accounts import periods
from ledger.accounts.records import BooksOpened
from ledger.audit.checks.days import last_day, overdue
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.errors import Refused
from ledger.people.records import LedgerOpened
from ledger.publication.records import CorrectionNoticed, PostingHung, StatementPublished
from ledger.rules.ratio import Days
from ledger.rules.records import ProfileAdopted
from ledger.votes.records import MeetingCertified, MeetingOpened, NoticePosted

AT_ONCE: Final = 3
AT_ONCE_DAYS: Final = 31
"""So many late statements within a month: what should have come over years comes when nobody can ask any more."""
HANG_WITHIN: Final = Days(7)
"""What is published hangs within a week (Hz 30 gives changes seven days; national law is silent)."""
_AMOUNT: Final = re.compile(
    r"(?:人民币|RMB|¥|￥)? ?([0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]{1,12})(?:\.([0-9]{1,2}))? ?(?:元|圆|yuan)?"
)


def amount(text: str) -> int | None:
    """The amount in fen that a text is, and nothing else; None where it says anything more."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    return int(re.sub("[,，]", "", match[1])) * 100 + int((match[2] or "").ljust(2, "0"))


# --- statements -------------------------------------------------------------------------------------------------------


def statements_overdue(case: Dossier) -> Iterator[Found]:
    """Periods are over, the days to publish them too, and there is no statement."""
    accounts, published = case.books.accounts, case.acts(StatementPublished)
    for opened in case.acts(BooksOpened):
        term = case.profile.days("statement.publish_within")
        due = periods.next_period(accounts)
        late: list[tuple[str, date]] = []
        while (last := _due(case, due, term)) is not None and case.day > last:
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
            due = _due(case, period.Period.parse(act.body.period), _term(case, act))
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


def not_posted(case: Dossier) -> Iterator[Found]:
    """A statement was published, and nothing says that it hangs anywhere."""
    hung = _hung(case)
    for act in case.acts(StatementPublished):
        if act.digest not in hung and _late(case, act):
            yield found(act.cite(), published=act.body.period, published_day=act.day)


def posted_late(case: Dossier) -> Iterator[Found]:
    """A statement hung only days after it was published."""
    hung = _hung(case)
    for act in case.acts(StatementPublished):
        starts = [one.body.start for one in hung.get(act.digest, ())]
        if starts and overdue(case.books, period.parse_day(act.day), HANG_WITHIN, period.parse_day(min(starts))):
            first = hung[act.digest][0]
            yield found(
                first.cite(), act.cite(), published=act.body.period, published_day=act.day, start_day=min(starts)
            )


def posted_short(case: Dossier) -> Iterator[Found]:
    """A statement hung, by all that is said of it, for fewer days than the profile wants; the first day counts here too."""
    hung = _hung(case)
    for act in case.acts(StatementPublished):
        claims = hung.get(act.digest, ())
        term = case.profile_at(act.seq).days("statement.posting")
        days = _days_hung(case, claims, term)
        if claims and days is not None and days < term.count:
            yield found(*(one.cite() for one in claims), published=act.body.period, days=days, wanted=term.count)


def fewer_places(case: Dossier) -> Iterator[Found]:
    """A statement hung at fewer places than the one before."""
    hung = _hung(case)
    before = 0
    for act in case.acts(StatementPublished):
        claims = hung.get(act.digest, ())
        places = len({place for one in claims for place in one.body.places})
        if 0 < places < before:
            yield found(
                *(one.cite("places") for one in claims), published=act.body.period, places=places, before=before
            )
        before = places or before


def no_photograph(case: Dossier) -> Iterator[Found]:
    """What is said to hang, a statement or the notice on which a vote rests, without a single photograph."""
    hung = _hung(case)
    for act in case.acts(StatementPublished):
        claims = hung.get(act.digest, ())
        if claims and not any(one.body.evidence for one in claims):
            yield found(*(one.cite() for one in claims))
    notices = {act.digest: act for act in case.acts(NoticePosted)}
    for opened in case.acts(MeetingOpened):
        notice = notices[opened.body.notice]
        if not notice.body.evidence:
            yield found(notice.cite())


def entered_after(case: Dossier) -> Iterator[Found]:
    """That something hung was entered only when it did not hang any more: nobody could go and look."""
    for act in case.acts(PostingHung):
        if act.day > act.body.until:
            yield found(act.cite(), start_day=act.body.start, until_day=act.body.until, entered_day=act.day)


# --- results and corrections ------------------------------------------------------------------------------------------


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
        since: date | None = closed
        if act.body.unopened:
            since = last_day(case.books, closed, rules.days("vote.unopened_after"))
        day = period.parse_day(act.day)
        if since is not None and overdue(case.books, since, rules.days("vote.result_post"), day):
            yield found(act.cite(), meeting.cite("closes"), closed_day=closed.isoformat(), certified_day=act.day)


def result_not_posted(case: Dossier) -> Iterator[Found]:
    """A vote that binds was certified, and nothing says that its result hangs."""
    hung = _hung(case)
    opened = {act.digest: act for act in case.acts(MeetingOpened)}
    for act in case.acts(MeetingCertified):
        meeting = opened[act.body.meeting]
        posted = {act.digest, meeting.digest, meeting.body.meeting} & hung.keys()
        term = case.profile_at(meeting.seq).days("vote.result_post")
        if act.body.founds_authority and not posted and overdue(case.books, period.parse_day(act.day), term, case.day):
            yield found(act.cite(), certified_day=act.day, days=term.count)


def correction_not_booked(case: Dossier) -> Iterator[Found]:
    """A correction notice changes an amount of a statement, and no contra says that the books were changed."""
    for act in case.acts(CorrectionNoticed):
        was, now = amount(act.body.was), amount(act.body.now)
        if act.body.contra is None and was is not None and now is not None and was != now:
            yield found(act.cite(), was_fen=was, now_fen=now)


def correction_not_posted(case: Dossier) -> Iterator[Found]:
    """A correction notice beside a statement that hung does not hang itself."""
    hung = _hung(case)
    for act in case.acts(CorrectionNoticed):
        if act.body.statement in hung and act.digest not in hung and _late(case, act):
            yield found(act.cite(), noticed_day=act.day)


# --- what they share --------------------------------------------------------------------------------------------------


def _due(case: Dossier, one: period.Period, term: Days) -> date | None:
    """The day until which the statement of a period is in time: its days run from the period's end, or from when the books
    were opened on this ledger if that was later.
    """
    opened = period.parse_day(case.acts(BooksOpened)[0].day)
    return last_day(case.books, max(one.last, opened), term)


def _term(case: Dossier, act: Acted[StatementPublished]) -> Days:
    return case.profile_at(act.seq).days("statement.publish_within")


def _groups(case: Dossier) -> Sequence[Sequence[Acted[StatementPublished]]]:
    """Statements that came after the days that follow their periods, those within a month from the first of them together."""
    groups: list[list[Acted[StatementPublished]]] = []
    for act in case.acts(StatementPublished):
        day, ended = period.parse_day(act.day), period.Period.parse(act.body.period).last
        if not overdue(case.books, ended, _term(case, act), day):
            continue
        if groups and (day - period.parse_day(groups[-1][0].day)).days <= AT_ONCE_DAYS:
            groups[-1].append(act)
        else:
            groups.append([act])
    return groups


def _hung(case: Dossier) -> Mapping[str, Sequence[Acted[PostingHung]]]:
    """What is said of each record that hangs, in log order."""
    hung: defaultdict[str, list[Acted[PostingHung]]] = defaultdict(list)
    for act in case.acts(PostingHung):
        hung[act.body.record].append(act)
    return dict(hung)


def _late(case: Dossier, act: Acted[StatementPublished] | Acted[CorrectionNoticed]) -> bool:
    return overdue(case.books, period.parse_day(act.day), HANG_WITHIN, case.day)


def _days_hung(case: Dossier, claims: Sequence[Acted[PostingHung]], term: Days) -> int | None:
    """On how many days something hung by these claims, working days where the term is of such; None where nobody can count."""
    days, until = 0, date.min
    for start, end in sorted((period.parse_day(c.body.start), period.parse_day(c.body.until)) for c in claims):
        before = max(period.add_days(start, -1), until)
        try:
            days += (
                case.books.rules.calendar(term).working_days(before, end)
                if term.working
                else max((end - before).days, 0)
            )
        except Refused:
            return None
        until = max(until, end)
    return days


_STATEMENTS: Final = (StatementPublished, LedgerOpened, ProfileAdopted)
_HANGS: Final = (StatementPublished, PostingHung)
_MEETINGS: Final = (MeetingOpened, MeetingCertified, LedgerOpened, ProfileAdopted)
_REGULARLY: Final = ("CC 281", "O165 30", "Hz 30")
_RESULT: Final = ("CC 278", "Bj 37")

CHECKS: Final = (
    Check("statement.overdue", "27", "high", _REGULARLY, (StatementPublished, BooksOpened), statements_overdue),
    Check("statement.late", "27", "medium", _REGULARLY, (*_STATEMENTS, BooksOpened), statement_late),
    Check("statement.many_at_once", "30", "high", ("CC 281",), _STATEMENTS, many_at_once),
    Check("statement.not_posted", "27", "high", _REGULARLY, _HANGS, not_posted),
    Check("statement.posted_late", "27", "medium", _REGULARLY, _HANGS, posted_late),
    Check("statement.posted_short", "27", "high", _REGULARLY, (*_STATEMENTS, PostingHung), posted_short),
    Check("statement.fewer_places", "27", "medium", ("Hz 8", "CC 281"), _HANGS, fewer_places),
    Check("posting.no_photograph", "27", "low", ("Hz 8",), (*_HANGS, NoticePosted, MeetingOpened), no_photograph),
    Check("posting.entered_after", "27", "medium", ("Hz 8",), (PostingHung,), entered_after),
    Check("result.missing", "27", "high", _RESULT, _MEETINGS, result_missing),
    Check("result.late", "27", "medium", _RESULT, _MEETINGS, result_late),
    Check("result.not_posted", "27", "medium", _RESULT, (*_MEETINGS, PostingHung), result_not_posted),
    Check("correction.not_booked", "27", "medium", ("AL 15",), (CorrectionNoticed,), correction_not_booked),
    Check("correction.not_posted", "27", "low", ("CC 281",), (CorrectionNoticed, PostingHung), correction_not_posted),
)
