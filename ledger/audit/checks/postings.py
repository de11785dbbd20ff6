"""Postings 张贴: whether what is published hangs, long enough and where people see it, and what a correction leaves out. Row 27.

That something hangs is a claim of who says so (``posting.hung/1``), which photographs and owners' own sightings
(``posting.seen/1``) support.

>>> amount("1,651.00元"), amount("1651"), amount("附件数 3")
(165100, 165100, None)
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from ledger import period
from ledger.audit.checks.days import days_on, overdue
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.errors import Refused
from ledger.people.records import LedgerOpened
from ledger.publication.audited import AuditReported, PostingSeen
from ledger.publication.records import CorrectionNoticed, PostingHung, StatementPublished
from ledger.rules.ratio import Days
from ledger.rules.records import ProfileAdopted
from ledger.votes.records import MeetingCertified, MeetingOpened, NoticePosted

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


def not_posted(case: Dossier) -> Iterator[Found]:
    """A statement was published, and nothing says that it hangs anywhere."""
    posted = _hung(case).keys() | _seen(case)
    for act in case.acts(StatementPublished):
        if act.digest not in posted and _late(case, act):
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
    for act in case.acts(StatementPublished):
        yield from _short(case, act, case.profile_at(act.seq).days("statement.posting"), published=act.body.period)


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
    hung, seen = _hung(case), _seen(case)
    for act in case.acts(StatementPublished):
        claims = hung.get(act.digest, ())
        if claims and act.digest not in seen and not any(one.body.evidence for one in claims):
            yield found(*(one.cite() for one in claims))
    notices = {act.digest: act for act in case.acts(NoticePosted)}
    for opened in case.acts(MeetingOpened):
        notice = notices[opened.body.notice]
        if not notice.body.evidence and not {notice.digest, opened.body.meeting} & seen:
            yield found(notice.cite())


def entered_after(case: Dossier) -> Iterator[Found]:
    """That something hung was entered only when it did not hang any more: nobody could go and look."""
    for act in case.acts(PostingHung):
        if act.day > act.body.until:
            yield found(act.cite(), start_day=act.body.start, until_day=act.body.until, entered_day=act.day)


# --- results, reports, corrections ------------------------------------------------------------------------------------


def result_not_posted(case: Dossier) -> Iterator[Found]:
    """A vote that binds was certified, and nothing says that its result hangs."""
    posted = _hung(case).keys() | _seen(case)
    opened = {act.digest: act for act in case.acts(MeetingOpened)}
    for act in case.acts(MeetingCertified):
        meeting = opened[act.body.meeting]
        hangs = {act.digest, meeting.digest, meeting.body.meeting} & posted
        term = case.profile_at(meeting.seq).days("vote.result_post")
        if act.body.founds_authority and not hangs and overdue(case.books, period.parse_day(act.day), term, case.day):
            yield found(act.cite(), certified_day=act.day, days=term.count)


def report_not_posted(case: Dossier) -> Iterator[Found]:
    """An auditor reported, and nothing says that the report hangs."""
    posted = _hung(case).keys() | _seen(case)
    for act in case.acts(AuditReported):
        if act.digest not in posted and _late(case, act):
            yield found(act.cite(), reported_day=act.day)


def report_posted_short(case: Dossier) -> Iterator[Found]:
    """An auditor's report hung for fewer days than the profile wants."""
    for act in case.acts(AuditReported):
        yield from _short(case, act, case.profile_at(act.seq).days("audit.posting"), reported_day=act.day)


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
        if act.body.statement in hung and act.digest not in hung.keys() | _seen(case) and _late(case, act):
            yield found(act.cite(), noticed_day=act.day)


# --- what they share --------------------------------------------------------------------------------------------------


def _hung(case: Dossier) -> Mapping[str, Sequence[Acted[PostingHung]]]:
    """What is said of each record that hangs, in log order."""
    hung: defaultdict[str, list[Acted[PostingHung]]] = defaultdict(list)
    for act in case.acts(PostingHung):
        hung[act.body.record].append(act)
    return dict(hung)


def _seen(case: Dossier) -> frozenset[str]:
    """The records that somebody saw hang, each with a photograph."""
    return frozenset(act.body.record for act in case.acts(PostingSeen))


def _short(
    case: Dossier, act: Acted[StatementPublished] | Acted[AuditReported], term: Days, **named: str
) -> Iterator[Found]:
    claims = _hung(case).get(act.digest, ())
    days = _days_hung(case, claims, term)
    if claims and days is not None and days < term.count:
        yield found(*(one.cite() for one in claims), days=days, wanted=term.count, **named)


def _late(case: Dossier, act: Acted[StatementPublished] | Acted[CorrectionNoticed] | Acted[AuditReported]) -> bool:
    return overdue(case.books, period.parse_day(act.day), HANG_WITHIN, case.day)


def _days_hung(case: Dossier, claims: Sequence[Acted[PostingHung]], term: Days) -> int | None:
    """On how many days something hung by these claims, working days where the term is of such; None where nobody can count."""
    days, until = 0, date.min
    for start, end in sorted((period.parse_day(c.body.start), period.parse_day(c.body.until)) for c in claims):
        before = max(days_on(start, -1), until)
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
_HANGS: Final = (PostingHung, PostingSeen)
_REGULARLY: Final = ("CC 281", "O165 30", "Hz 30")
_AUDITS: Final = (AuditReported, LedgerOpened, ProfileAdopted)

CHECKS: Final = (
    Check("statement.not_posted", "27", "high", _REGULARLY, (StatementPublished, *_HANGS), not_posted),
    Check("statement.posted_late", "27", "medium", _REGULARLY, (StatementPublished, PostingHung), posted_late),
    Check("statement.posted_short", "27", "high", _REGULARLY, (*_STATEMENTS, PostingHung), posted_short),
    Check(
        "statement.fewer_places", "27", "medium", ("Hz 8", "CC 281"), (StatementPublished, PostingHung), fewer_places
    ),
    Check(
        "posting.no_photograph",
        "27",
        "low",
        ("Hz 8",),
        (StatementPublished, *_HANGS, NoticePosted, MeetingOpened),
        no_photograph,
    ),
    Check("posting.entered_after", "27", "medium", ("Hz 8",), (PostingHung,), entered_after),
    Check(
        "result.not_posted",
        "27",
        "medium",
        ("CC 278", "Bj 37"),
        (MeetingOpened, MeetingCertified, *_HANGS, LedgerOpened, ProfileAdopted),
        result_not_posted,
    ),
    Check("audit.not_posted", "27", "medium", ("Sh 67",), (AuditReported, *_HANGS), report_not_posted),
    Check("audit.posted_short", "27", "medium", ("Sh 67",), (*_AUDITS, PostingHung), report_posted_short),
    Check("correction.not_booked", "27", "medium", ("AL 15",), (CorrectionNoticed,), correction_not_booked),
    Check("correction.not_posted", "27", "low", ("CC 281",), (CorrectionNoticed, *_HANGS), correction_not_posted),
)
