"""How long contracts run: past their end, past the term of the body that made them, past what a lease may.

Row 15 of the table. Money that comes or goes after a contract's end is taken for what was still owed under it where it says
so, or where it says nothing and comes within one more cycle and ``audit.late_days``.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, DocumentEntered
from ledger.audit.checks.days import months_on
from ledger.audit.checks.dossier import Acted, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.motions import named_by_decisions
from ledger.audit.checks.printed import last_day, whole
from ledger.audit.checks.spending import CYCLES, cites
from ledger.people.records import Appointment, LedgerOpened, RoleAppointed
from ledger.people.state import BODY_ROLES
from ledger.votes.facts import MotionDecided
from ledger.votes.records import MeetingCalled

_LONGEST_LEASE: Final = 20
"""Years: a lease beyond twenty years is void as to the rest (CC 705)."""


def in_use_after_its_end(case: Dossier) -> Iterator[Found]:
    """Money still moves under a contract that has ended, and no other with the same party has taken its place."""
    for act in case.acts(ContractEntered):
        body = act.body
        if body.end is None:
            continue
        end = period.parse_day(body.end)
        later = [
            noted
            for noted in case.lines_under(body.code)
            if noted.fact.on > body.end
            and _for_later(case, body, end, noted)
            and not _renewed(case, body, noted.fact.on)
        ]
        if later:
            yield found(
                act.cite("end"),
                *cites(case, later),
                contract=body.code,
                end_day=body.end,
                count=len(later),
                last_day=max(noted.fact.on for noted in later),
                amount_fen=sum(abs(noted.fact.move.amount) for noted in later),
            )


def _for_later(case: Dossier, contract: ContractEntered, end: date, noted: Noted[Line]) -> bool:
    """Whether money after a contract's end is for days after it, by what line or paper say, else by how late it is."""
    paper = case.documents().get(noted.fact.move.document)
    covered = whole(noted.fact.move.covers) or (whole(paper.body.period_printed) if paper else None)
    if covered is not None:
        return covered.first > end
    months = max((CYCLES.get(promise.cycle, 0) for promise in contract.expected), default=0)
    settled = period.add_days(period.add_months(end, months), case.profile.integer("audit.late_days"))
    return months > 0 and noted.fact.on > settled.isoformat()


def _renewed(case: Dossier, ended: ContractEntered, on: str) -> bool:
    """Whether another contract with the same party, for the same thing or category, holds on a day after the end of this one."""
    categories = {promise.category for promise in ended.expected}
    return any(
        (body.object == ended.object or not categories.isdisjoint(promise.category for promise in body.expected))
        and (body.start or "") <= on <= (body.end or "9999")
        for body in (act.body for act in case.acts(ContractEntered))
        if (body.direction, body.party) == (ended.direction, ended.party)
    )


def beyond_the_office(case: Dossier) -> Iterator[Found]:
    """Contracts that bind beyond the term of the body in office when they came, without a decision of the owners that
    names them: one finding for each end of a term.
    """
    named = named_by_decisions(case)
    beyond: defaultdict[str, list[tuple[str, Acted[ContractEntered]]]] = defaultdict(list)
    for act in case.acts(ContractEntered):
        end = act.body.end or (printed.isoformat() if (printed := last_day(act.body.end_printed)) else "")
        until = _office_until(case, act.day)
        if end > until and not named(act):
            beyond[until].append((end, act))
    for until, contracts in beyond.items():
        latest = sorted(contracts, key=lambda one: (one[0], one[1].seq), reverse=True)
        yield found(
            *(act.cite() for _, act in latest),
            count=len(latest),
            term_day=until,
            latest_day=latest[0][0],
            latest_contract=latest[0][1].body.code,
        )


def _office_until(case: Dossier, day: str) -> str:
    """The last day in office, as appointed, of those who were the body on a day: somebody was, for it enters contracts."""
    terms: list[Appointment | RoleAppointed] = [act.body for act in case.acts(RoleAppointed)]
    terms += [held for act in case.acts(LedgerOpened) for founder in act.body.persons for held in founder.roles]
    return max(term.end for term in terms if term.role in BODY_ROLES and term.start <= day <= term.end)


def longer_than_a_lease_may(case: Dossier) -> Iterator[Found]:
    """A letting for more than twenty years."""
    for act in case.acts(ContractEntered):
        body = act.body
        if body.direction == "in" and body.start and body.end:
            longest = months_on(period.parse_day(body.start), _LONGEST_LEASE * 12).isoformat()
            if body.end > longest:
                yield found(
                    act.cite("end"), contract=body.code, start_day=body.start, end_day=body.end, longest_day=longest
                )


CHECKS: Final = (
    Check(
        "contract.after_its_end",
        "15",
        "medium",
        ("CC 557", "CC 734"),
        (ContractEntered, DocumentEntered, Line),
        in_use_after_its_end,
    ),
    Check(
        "contract.beyond_office",
        "15",
        "medium",
        ("CC 278(8)", "PMR 15"),
        (ContractEntered, DocumentEntered, LedgerOpened, RoleAppointed, MeetingCalled, MotionDecided),
        beyond_the_office,
    ),
    Check("contract.too_long", "15", "medium", ("CC 705",), (ContractEntered,), longer_than_a_lease_may),
)
