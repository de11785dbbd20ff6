"""Offices 任职: who holds which, for how long, with whom, and what is handed over at the end. Rows 25 and 31 of the table.

The machine judges each signature by the terms of that day. Whether the terms themselves are sound (too long, in one
hand, running out, handed over, audited) is looked at here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise, zip_longest
from typing import Final

from ledger import period
from ledger.accounts.records import DocumentEntered
from ledger.audit.checks.days import days_on, months_on, overdue
from ledger.audit.checks.dossier import Cited, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.people.records import LedgerOpened, RoleAppointed
from ledger.people.state import BODY_ROLES, REGISTRAR, Term
from ledger.publication.audited import AuditReported
from ledger.rules.records import ProfileAdopted
from ledger.votes.meetings import ELECTION
from ledger.votes.records import MeetingCalled, MeetingWithdrawn

APART: Final = frozenset(
    {
        # Who keeps the books, and who approves or manages (AL 27).
        *(frozenset({"treasurer", other}) for other in ("chair", "vice_chair", "company")),
        # Who watches over the body, or audits it, and who belongs to it or is paid by it.
        *(frozenset({watching, other}) for watching in ("supervisor", "auditor") for other in (*BODY_ROLES, "company")),
        *(frozenset({"company", other}) for other in (*BODY_ROLES, REGISTRAR)),
    }
)
"""Pairs of offices that belong in different hands."""
HANDED: Final = ("chair", "treasurer", "company")
"""Offices that hold seals, books or money, which a successor must receive."""
BEFORE: Final = 30
"""Days before a new term in which its hand-over may be written down: an election and its filing take a month (PMR 16)."""
MONTHS_TO_AUDIT: Final = 6
"""Within half a year after somebody left: by then the period of his last statement is closed too. The law sets no days."""
_AUDIT: Final = re.compile("审计|audit", re.IGNORECASE)
HAND_OVER: Final = re.compile(
    r"移交|交接(?!班)|接管(?:清单|书|单|表|手续|资料|记录|协议)|hand(?:ed|ing)?[- ]?over|takeover", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Held:
    """A term of office as it stands after all endings, and the entry that began it."""

    term: Term
    cited: Cited


def incompatible(case: Dossier) -> Iterator[Found]:
    """One person holds two offices on the same days that belong in different hands."""
    by_person: defaultdict[str, list[Held]] = defaultdict(list)
    for held in terms_held(case):
        by_person[held.term.person].append(held)
    for terms in by_person.values():
        for one, other in combinations(terms, 2):
            start, end = max(one.term.start, other.term.start), min(one.term.end, other.term.end)
            if frozenset({one.term.role, other.term.role}) in APART and start <= end:
                yield found(
                    other.cited,
                    one.cited,
                    held_role=one.term.role,
                    other_role=other.term.role,
                    start_day=start,
                    end_day=end,
                )


def term_long(case: Dossier) -> Iterator[Found]:
    """A term of the body lasts longer than the profile in force when it began allows."""
    for held in terms_held(case):
        term = held.term
        rules = case.profile_at(held.cited.seq)
        caretaker = term.body == "caretaker_committee"
        years = rules.integer("committee.caretaker_years" if caretaker else "committee.term_years")
        if term.role not in BODY_ROLES or not years:
            continue
        last = days_on(months_on(period.parse_day(term.start), 12 * years), -1).isoformat()
        if term.end > last:
            yield found(held.cited, held_role=term.role, start_day=term.start, end_day=term.end, years=years)


def vacant(case: Dossier) -> Iterator[Found]:
    """All terms of the body are over, and nobody was elected in the days in which everything should be handed over."""
    terms = [held for held in terms_held(case) if held.term.role in BODY_ROLES]
    if any(_on(held, case.day) for held in terms):
        return
    over = [held for held in terms if held.term.end < case.day.isoformat()]
    last = max(held.term.end for held in over)  # there is one: no ledger begins without a body in office
    if _late(case, last):
        ended = [held.cited for held in over if held.term.end == last]
        yield found(*dict.fromkeys(ended), end_day=last, days=_days_since(case, last))


def unfilled(case: Dossier) -> Iterator[Found]:
    """The body goes on, but nobody is its chair or treasurer, which somebody was."""
    terms = [held for held in terms_held(case) if held.term.role in BODY_ROLES]
    in_office = {held.term.role for held in terms if _on(held, case.day)}
    if not in_office or "caretaker" in in_office:
        return
    for role in ("chair", "treasurer"):
        over = [h for h in terms if h.term.role == role and h.term.end < case.day.isoformat()]
        if role not in in_office and over:
            last = max(over, key=lambda held: held.term.end)
            if _late(case, last.term.end):
                days = _days_since(case, last.term.end)
                yield found(last.cited, vacant_role=role, end_day=last.term.end, days=days)


def term_ends(case: Dossier) -> Iterator[Found]:
    """The last term of the body is about to end, and no election was called."""
    months = case.profile.months("committee.report_months")
    terms = [held for held in terms_held(case) if held.term.role in BODY_ROLES]
    last = max((held.term.end for held in terms), default="")
    if not months or not any(_on(held, case.day) for held in terms):
        return
    since = months_on(period.parse_day(last), -months)
    withdrawn = {act.body.meeting for act in case.acts(MeetingWithdrawn)}
    called = any(
        act.day >= since.isoformat() and any(motion.matter == ELECTION for motion in act.body.motions)
        for act in case.acts(MeetingCalled)
        if act.digest not in withdrawn
    )
    if case.day >= since and not called:
        ending = [held.cited for held in terms if held.term.end == last]
        yield found(*dict.fromkeys(ending), end_day=last, months=months)


def no_handover(case: Dossier) -> Iterator[Found]:
    """Somebody else holds an office with seals, books or money, and no paper says what he was handed."""
    papers = [
        max(act.day, act.body.dated or "") for act in case.acts(DocumentEntered) if HAND_OVER.search(act.body.subject)
    ]
    changed: defaultdict[str, list[Held]] = defaultdict(list)
    for role in HANDED:
        terms = sorted((h for h in terms_held(case) if h.term.role == role), key=lambda held: held.term.start)
        for before, after in pairwise(terms):
            # Two may hold an office side by side, as signatories of a company do.
            if before.term.person != after.term.person and not _on(before, case.day):
                changed[after.term.start].append(after)
    for start, taking in changed.items():
        earliest = days_on(period.parse_day(start), -BEFORE).isoformat()
        term = case.profile.days("account.handover")
        late = overdue(case.books, period.parse_day(start), term, case.day)
        if late and not any(day >= earliest for day in papers):
            yield found(*(held.cited for held in taking), **_roles(taking), start_day=start, days=term.count)


def no_leaving_audit(case: Dossier) -> Iterator[Found]:
    """A chair or treasurer left half a year ago, and no audit report was entered since, where the profile wants one."""
    if not case.profile.flag("audit.leaving"):
        return
    papers = (act for act in case.acts(DocumentEntered) if act.body.kind == "report")
    reports = [act.day for act in papers if _AUDIT.search(act.body.subject)]
    reports += [act.day for act in case.acts(AuditReported) if act.body.sort in ("term", "handover")]
    left: defaultdict[str, list[Held]] = defaultdict(list)
    for role in ("chair", "treasurer"):
        terms = sorted((h for h in terms_held(case) if h.term.role == role), key=lambda held: held.term.start)
        for held, after in zip_longest(terms, terms[1:]):
            goes_on = after is not None and after.term.person == held.term.person
            due = months_on(period.parse_day(held.term.end), MONTHS_TO_AUDIT)
            if not goes_on and case.day > due and not any(day > held.term.end for day in reports):
                left[held.term.end].append(held)
    for end, ended in left.items():
        yield found(*(held.cited for held in ended), **_roles(ended), end_day=end, months=MONTHS_TO_AUDIT)


def without_key(case: Dossier) -> Iterator[Found]:
    """Chair, treasurer or registrar is in office and cannot sign: each of his keys was revoked."""
    people = case.books.people
    for held in terms_held(case):
        if held.term.role in ("chair", "treasurer", REGISTRAR) and _on(held, case.day):
            keys = [people.keys[key] for key in people.persons[held.term.person].keys]
            if all(key.revoked is not None for key in keys):
                yield found(held.cited, held_role=held.term.role, keys=len(keys))


def terms_held(case: Dossier) -> Sequence[Held]:
    """Every term, in the order in which they were begun."""
    people = case.books.people
    began: dict[tuple[str, str, str], Cited] = {}
    for act in case.acts(LedgerOpened):
        for number, founder in enumerate(act.body.persons):
            for place, given in enumerate(founder.roles):
                cited = act.cite(f"persons/{number}/roles/{place}")
                began[f"{act.digest}#{number}", given.role, given.start] = cited
    for appointed in case.acts(RoleAppointed):
        began[appointed.body.person, appointed.body.role, appointed.body.start] = appointed.cite()
    terms = (term for held in people.terms.values() for term in held)
    found_ = (Held(term, began[term.person, term.role, term.start]) for term in terms)
    return sorted(found_, key=lambda held: (held.cited.seq, held.cited.part, held.term.role))


def _roles(terms: Iterable[Held]) -> dict[str, int | str]:
    roles = sorted({held.term.role for held in terms})
    return {"offices": len(roles), "roles": ", ".join(roles)}


def _on(held: Held, day: date) -> bool:
    return held.term.start <= day.isoformat() <= held.term.end


def _late(case: Dossier, since: str) -> bool:
    return overdue(case.books, period.parse_day(since), case.profile.days("account.handover"), case.day)


def _days_since(case: Dossier, day: str) -> int:
    return (case.day - period.parse_day(day)).days


_TERMS: Final = (LedgerOpened, RoleAppointed)
_HANDOVER: Final = ("Hz 34", "Nb 37", "Sh 29")

CHECKS: Final = (
    Check("office.incompatible", "25", "medium", ("AL 27", "AL 37"), _TERMS, incompatible),
    Check("office.term_long", "31", "medium", ("Bj 41", "Hz 33"), (*_TERMS, ProfileAdopted), term_long),
    Check("office.vacant", "31", "high", _HANDOVER, _TERMS, vacant),
    Check("office.unfilled", "31", "medium", _HANDOVER, _TERMS, unfilled),
    Check("office.term_ends", "31", "low", ("Hz 33", "Bj 49"), (*_TERMS, MeetingCalled, MeetingWithdrawn), term_ends),
    Check("office.no_handover", "31", "high", _HANDOVER, (*_TERMS, DocumentEntered), no_handover),
    Check("office.without_key", "25", "medium", ("AL 27",), _TERMS, without_key),
    Check(
        "office.no_audit",
        "31",
        "medium",
        ("Hz 37", "Jx 21", "Bj 34(8)"),
        (*_TERMS, DocumentEntered, AuditReported),
        no_leaving_audit,
    ),
)
