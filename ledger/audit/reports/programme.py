"""The audit programme 审计资料: the fourteen inputs that an auditor asks for, what the ledger gives of each, and what is missing.

What is given is counted, with the first and the last entry that gives it: whoever wants all of it takes the journal. What a
ledger never holds (seals, bank confirmations, the originals themselves) is missing in every report, and says so::

    {"code": "contracts", "state": "part", "given": [{"what": "contracts", "count": 24, "first": 31, "last": 3702}],
     "missing": ["quotes"]}
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.facts import BankMoved, FileConfirmed, Granted
from ledger.accounts.records import (
    AccountOpened,
    BooksOpened,
    CashCounted,
    ContractEntered,
    DocumentEntered,
    MandateChanged,
    PartyEntered,
)
from ledger.accounts.trust import PlanAdopted, TrustAgreed, TrustDeducted
from ledger.audit.checks.dossier import Dossier
from ledger.audit.checks.offices import HAND_OVER
from ledger.people.records import LedgerOpened, RoleAppointed, RoleEnded
from ledger.publication.audited import FindingAnswered, PostingSeen
from ledger.publication.objections import QuestionAnswered, QuestionAsked
from ledger.publication.records import PostingHung, StatementPublished
from ledger.rules.records import BylawsAdopted, ProfileAdopted
from ledger.votes.records import MeetingCalled, MeetingCertified, NoticePosted


@dataclass(frozen=True, slots=True)
class Given:
    """Something the ledger gives: by which entries."""

    what: str
    entries: Sequence[int]

    def written(self) -> dict[str, Any]:
        """Count, first and last."""
        return {"what": self.what, "count": len(self.entries), "first": min(self.entries), "last": max(self.entries)}


@dataclass(frozen=True, slots=True)
class Input:
    """One of the fourteen. ``ask`` says what is given; ``beyond`` is never on a ledger."""

    code: str
    ask: Callable[[Dossier], Iterable[Given]]
    needed: tuple[str, ...]
    beyond: tuple[str, ...] = ()

    def written(self, case: Dossier) -> dict[str, Any]:
        """As it stands in a report. Whole: all that is needed is there, and nothing of it lies beyond a ledger."""
        given = [one for one in self.ask(case) if one.entries]
        there = {one.what for one in given}
        missing = [what for what in (*self.needed, *self.beyond) if what not in there]
        state = "missing" if not given else "part" if missing else "whole"
        return {
            "code": self.code,
            "state": state,
            "given": [one.written() for one in given],
            "missing": missing,
        }


def programme(case: Dossier) -> list[dict[str, Any]]:
    """The fourteen, in the order of ``law.md`` §7."""
    return [one.written(case) for one in PROGRAMME]


def _acts(case: Dossier, what: str, *models: type[Any]) -> Given:
    return Given(what, sorted(act.seq for model in models for act in case.acts(model)))


def _facts(case: Dossier, what: str, *kinds: type[Any]) -> Given:
    return Given(what, sorted({noted.seq for kind in kinds for noted in case.facts(kind)}))


def _papers(case: Dossier, what: str, fits: Callable[[DocumentEntered], object]) -> Given:
    return Given(what, [act.seq for act in case.acts(DocumentEntered) if fits(act.body)])


def _authority(case: Dossier) -> Iterator[Given]:
    yield _acts(case, "terms", LedgerOpened, RoleAppointed, RoleEnded)
    yield _acts(case, "rules", LedgerOpened, BylawsAdopted, ProfileAdopted)
    yield _acts(case, "mandates", AccountOpened, MandateChanged)


def _decisions(case: Dossier) -> Iterator[Given]:
    yield _acts(case, "meetings", MeetingCalled)
    yield _acts(case, "certificates", MeetingCertified)


def _ledger(case: Dossier) -> Iterator[Given]:
    yield Given("entries", range(case.books.head.size))
    yield _acts(case, "statements", StatementPublished)


def _reconciliation(case: Dossier) -> Iterator[Given]:
    yield _facts(case, "bank_rows", BankMoved)
    yield _facts(case, "confirmed_files", FileConfirmed)


def _vouchers(case: Dossier) -> Iterator[Given]:
    yield _facts(case, "vouchers", VoucherBooked)
    yield _papers(case, "papers", lambda paper: True)
    yield _papers(case, "file_digests", lambda paper: paper.original or paper.redacted)


def _contracts(case: Dossier) -> Iterator[Given]:
    yield _acts(case, "contracts", ContractEntered)
    yield _papers(case, "quotes", lambda paper: paper.kind == "quote")


def _budget(case: Dossier) -> Iterator[Given]:
    yield _acts(case, "plans", PlanAdopted)
    yield Given("budgets", sorted({n.seq for n in case.facts(Granted) if n.fact.authority.kind == "budget"}))


def _remuneration(case: Dossier) -> Iterator[Given]:
    yield _acts(case, "trust_terms", TrustAgreed)
    yield _acts(case, "trust_deductions", TrustDeducted)


def _fund(case: Dossier) -> Iterator[Given]:
    yield Given("fund_lines", sorted({n.seq for n in case.lines() if n.fact.move.fund == "maintenance"}))


def _postings(case: Dossier) -> Iterator[Given]:
    yield _acts(case, "postings", PostingHung, NoticePosted)
    yield _acts(case, "sightings", PostingSeen)
    yield _facts(case, "objections", QuestionAsked)
    yield _facts(case, "answers", QuestionAnswered)
    yield _acts(case, "finding_answers", FindingAnswered)


def _related(case: Dossier) -> Iterator[Given]:
    yield _acts(case, "parties", PartyEntered)
    yield Given("parties_of_people", [act.seq for act in case.acts(PartyEntered) if act.body.persons])


def _cash(case: Dossier) -> Iterator[Given]:
    boxes = [act for act in case.acts(AccountOpened) if act.body.nature == "petty"]
    codes = {act.body.code for act in boxes}
    yield Given("boxes", [act.seq for act in boxes])
    yield Given("cash_lines", sorted({n.seq for n in case.lines() if n.fact.move.account in codes}))
    yield _acts(case, "cash_counts", CashCounted)


def _allowances(case: Dossier) -> Iterator[Given]:
    own = "committee_budget"
    yield Given("allowance_cap", sorted({n.seq for n in case.facts(Granted) if own in n.fact.authority.funds}))
    yield Given("allowance_lines", sorted({n.seq for n in case.lines() if n.fact.move.fund == own}))


def _handover(case: Dossier) -> Iterator[Given]:
    yield _acts(case, "opening", BooksOpened)
    yield _papers(case, "handover_papers", lambda paper: HAND_OVER.search(paper.subject))


PROGRAMME: Final = (
    Input("authority", _authority, ("terms", "rules", "mandates"), ("filing", "seals")),
    Input("decisions", _decisions, ("meetings", "certificates"), ("paper_ballots",)),
    Input("ledger", _ledger, ("entries", "statements")),
    Input("reconciliation", _reconciliation, ("bank_rows", "confirmed_files"), ("bank_letters",)),
    Input("vouchers", _vouchers, ("vouchers", "papers", "file_digests"), ("originals",)),
    Input("contracts", _contracts, ("contracts", "quotes"), ("tenders",)),
    Input("budget", _budget, ("plans", "budgets")),
    Input("remuneration", _remuneration, ("trust_terms",)),
    Input("fund", _fund, ("fund_lines",), ("sub_accounts", "allocations", "emergencies")),
    Input("postings", _postings, ("postings",), ("boards",)),
    Input("related", _related, ("parties", "parties_of_people"), ("declarations",)),
    Input("cash", _cash, ("cash_counts",), ("cash_itself",)),
    Input("allowances", _allowances, ("allowance_cap",)),
    Input("handover", _handover, ("opening", "handover_papers"), ("handed_things",)),
)
INPUTS: Final = (
    AccountOpened,
    BankMoved,
    BooksOpened,
    BylawsAdopted,
    CashCounted,
    ContractEntered,
    DocumentEntered,
    FileConfirmed,
    FindingAnswered,
    Granted,
    LedgerOpened,
    Line,
    MandateChanged,
    MeetingCalled,
    MeetingCertified,
    NoticePosted,
    PartyEntered,
    PlanAdopted,
    PostingHung,
    PostingSeen,
    ProfileAdopted,
    QuestionAnswered,
    QuestionAsked,
    RoleAppointed,
    RoleEnded,
    StatementPublished,
    TrustAgreed,
    TrustDeducted,
    VoucherBooked,
)
