"""A committee's term 任期: who held which office, what the owners decided, what is left to whoever comes next.

Why a term is audited makes no difference to what is looked at: it ends (Sh 67, Hz 37), chair or finance member leaves (Jx 21,
Bj 34(8)), or owners ask for it (Jx, Lc 54). What the ledger shows of it is said first. A natural person stands by the office:
nobody's name is on a ledger.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ledger import period
from ledger.accounts.booking import VoucherBooked
from ledger.accounts.records import BooksOpened, ContractEntered, DocumentEntered
from ledger.audit.checks.dossier import Acted, Cited
from ledger.audit.checks.offices import HAND_OVER, Held, terms_held
from ledger.audit.reports.frame import Case, Figures, Row, Said, Section, State, Table
from ledger.people.records import LedgerOpened, RoleAppointed, RoleEnded
from ledger.people.state import BODY_ROLES
from ledger.publication.records import PostingHung, StatementPublished
from ledger.votes.facts import MotionDecided
from ledger.votes.records import MeetingCertified, NoticePosted

INPUTS: Final = (
    BooksOpened,
    ContractEntered,
    DocumentEntered,
    LedgerOpened,
    MeetingCertified,
    MotionDecided,
    NoticePosted,
    PostingHung,
    RoleAppointed,
    RoleEnded,
    StatementPublished,
    VoucherBooked,
)
LEAVING: Final = frozenset({"chair", "treasurer"})
"""Offices whose holder's leaving is audited."""
NOT_HELD: Final = ("seals", "keys", "equipment")
"""What is handed over and cannot stand on a ledger (Nb 37)."""
_OFFICES: Final = ("office_role", "body", "from_day", "to_day", "ended_day")
_DECISIONS: Final = ("decided_day", "motion_title", "matter", "result")
_HANDED: Final = ("handed", "number")


def offices(case: Case) -> Section:
    """The terms of the body that run on some day audited, and what makes this an audit: a term that ends, somebody who leaves."""
    held = [
        one
        for one in terms_held(case.dossier)
        if one.term.role in BODY_ROLES and one.term.start <= case.until and one.term.end >= case.start
    ]
    early: dict[tuple[str, str], Acted[RoleEnded]] = {
        (act.body.person, act.body.role): act for act in case.dossier.acts(RoleEnded)
    }
    rows = []
    for one in held:
        act = early.get((one.term.person, one.term.role))
        cut = act is not None and act.body.on == one.term.end
        cells: Figures = {"office_role": one.term.role, "body": one.term.body, "from_day": one.term.start}
        cells |= {"to_day": one.term.end, "ended_day": one.term.end if cut else ""}
        rows.append(Row(cells, (one.cited, *((act.cite(),) if cut and act else ()))))
    said = [
        Said("in_office", "told", {"count": len(held)}, _cited(held)) if held else Said("nobody_in_office", "absent")
    ]
    over = [one for one in held if one.term.end <= case.until]
    left = [row for row in rows if row.cells["ended_day"] and row.cells["office_role"] in LEAVING]
    if left:
        said += [Said("left", "told", dict(row.cells), row.evidence, ("Hz 37", "Jx 21", "Bj 34(8)")) for row in left]
    if over and len(over) == len(held):
        last = max(one.term.end for one in over)
        said.append(Said("term_over", "told", {"end_day": last}, _cited(over), ("Sh 67", "Hz 37")))
    if not left and len(over) < len(held):
        said.append(Said("nothing_ends", "told", basis=("Jx 21", "Lc 54")))
    return Section("offices", tuple(said), (Table("offices", _OFFICES, tuple(rows)),), asks=("25", "31", "31b"))


def decisions(case: Case) -> Section:
    """What the owners were asked, and what came of it."""
    decided = case.facts(MotionDecided)
    rows = [
        Row(
            {
                "decided_day": noted.fact.on,
                "motion_title": noted.fact.title,
                "matter": str(noted.fact.matter),
                "result": "passed" if noted.fact.passed else "failed",
            },
            (noted.cite(),),
        )
        for noted in decided
    ]
    passed = sum(noted.fact.passed for noted in decided)
    figures: Figures = {"count": len(decided), "passed": passed, "failed": len(decided) - passed}
    evidence = tuple(dict.fromkeys(noted.cite() for noted in decided))
    said = Said("decided", "told", figures, evidence, ("CC 278",)) if decided else Said("nothing_decided", "told")
    table = Table("decisions", _DECISIONS, tuple(rows))
    return Section("decisions", (said,), (table,), asks=("3", "4", "5", "33"))


def handover(case: Case) -> Section:
    """What is there to hand over on the last day audited, what is still open, and whether a paper says it was handed over."""
    papers = [
        act
        for act in case.dossier.acts(DocumentEntered)
        if HAND_OVER.search(act.body.subject) and max(act.day, act.body.dated or "") >= case.start
    ]
    basis = ("Hz 34", "Nb 37")
    said = [
        Said("handed_over", "told", {"count": len(papers)}, tuple(act.cite() for act in papers), basis)
        if papers
        else Said("not_handed_over", "absent", basis=basis)
    ]
    said += _open_matters(case)
    rows = [Row({"handed": what, "number": number}) for what, number in _handed(case)]
    rows += [Row({"handed": what, "number": ""}, state="absent") for what in NOT_HELD]
    return Section("handover", tuple(said), (Table("handover", _HANDED, tuple(rows)),), asks=("31",))


def _handed(case: Case) -> Iterator[tuple[str, int]]:
    """The list of Nb 37, as far as the ledger has it: things until the last day audited."""
    dossier, people = case.dossier, case.dossier.books.people
    yield "units", len(people.units)
    yield "owners", len({owner for unit in people.units.values() for owner in unit.owners})
    yield "accounts", len(dossier.books.accounts.accounts)
    yield "vouchers", sum(noted.fact.booked <= case.until for noted in dossier.facts(VoucherBooked))
    yield "papers", sum(act.day <= case.until for act in dossier.acts(DocumentEntered))
    running = (act.body for act in dossier.acts(ContractEntered) if act.day <= case.until)
    yield "contracts", sum((body.end or case.until) >= case.until for body in running)
    yield "certificates", sum(act.day <= case.until for act in dossier.acts(MeetingCertified))
    yield "statements", sum(act.day <= case.until for act in dossier.acts(StatementPublished))
    posted: Iterable[str] = (act.day for kind in (PostingHung, NoticePosted) for act in dossier.acts(kind))
    yield "postings", sum(day <= case.until for day in posted)


def _open_matters(case: Case) -> Iterator[Said]:
    """What waits at the end of the prefix: whoever takes over must know it."""
    books = case.dossier.books
    on_the_way = sum(stage.waiting for asked in books.accounts.withdrawals.values() for stage in asked.stages)
    unfounded = sum(item.amount for item in books.accounts.unfounded.values())
    figures: Figures = {"payments": on_the_way, "deposits": len(books.accounts.pending)}
    figures |= {"suspense": len(books.accounts.suspense), "questions": len(books.publication.waiting)}
    figures |= {"unfounded": len(books.accounts.unfounded), "unfounded_fen": unfounded}
    waits = any(figures[name] for name in ("payments", "deposits", "suspense", "questions", "unfounded"))
    state: State = "open" if waits else "agrees"
    yield Said("open_matters", state, figures) if waits else Said("no_open_matters", state)
    covered = max((act.body.period for act in case.dossier.acts(StatementPublished)), key=_last, default="")
    if not covered or _last(covered) < case.until:
        yield Said("not_closed", "open", {"until_day": case.until}, basis=("CC 281",))


def _last(code: str) -> str:
    return period.Period.parse(code).last.isoformat()


def _cited(held: Sequence[Held]) -> tuple[Cited, ...]:
    return tuple(dict.fromkeys(one.cited for one in held))
