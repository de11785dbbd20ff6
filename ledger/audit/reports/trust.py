"""What the law asks of a trustee 受托人, as far as a ledger shows it: property apart, no dealing with oneself, records, inspection.

The trustee is the party that trust terms name; where none stand on the ledger, the party of the contract that prints a
manager's pay. Whether a contract makes a trust in law is not decided here: the duties of TL 16, 20, 25–30, 33, 35, 36 and 49 are
taken by contract (``law.md`` §6), and the report says of each what the ledger shows and what it cannot show.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ledger.accounts.booking import NO_BASIS, Line, VoucherBooked
from ledger.accounts.records import BooksOpened, ContractEntered, PartyEntered
from ledger.accounts.trust import TrustAgreed
from ledger.audit.checks import promised, remuneration
from ledger.audit.checks.dossier import Noted
from ledger.audit.reports import money, pay, publicity
from ledger.audit.reports.frame import Case, Figures, Row, Said, Section, State, Table, asks, cite, ends, spent, worst
from ledger.publication.objections import QuestionAnswered, QuestionAsked
from ledger.publication.records import StatementPublished

INPUTS: Final = (
    *money.INPUTS,
    *promised.INPUTS,
    *publicity.INPUTS,
    BooksOpened,
    ContractEntered,
    Line,
    PartyEntered,
    QuestionAnswered,
    QuestionAsked,
    StatementPublished,
    TrustAgreed,
    VoucherBooked,
)
APART: Final = ("16",)
"""Rows of the irregularity table: money in accounts or hands that are not its own."""
RELATED: Final = ("8",)
_ACCOUNTS: Final = ("account", "nature", "holder", "funds", "closing_fen")
_TRUSTEE: Final = ("trustee_party", "category", "count", "amount_fen", "without_fen")


def trustees(case: Case) -> tuple[str, ...]:
    """The codes of the parties that manage: by trust terms, else by a contract that prints a manager's pay."""
    agreed = [act.body.trustee for act in pay.in_force(case)]
    printed = [act.body.party for act, _ in remuneration.paying(case.dossier) if act.body.party]
    return tuple(sorted(set(agreed or printed)))


def behind(case: Case, named: Sequence[str]) -> tuple[str, ...]:
    """The parties behind which the same person stands as behind one that manages: its branches, whoever collects for it."""
    persons = {act.body.code: frozenset(act.body.persons) for act in case.dossier.acts(PartyEntered)}
    own = frozenset[str]().union(*(persons.get(code, frozenset()) for code in named))
    return tuple(sorted(code for code, held in persons.items() if held & own and code not in named))


def separation(case: Case) -> Section:
    """Where the owners' money lies, and whether any lay elsewhere (TL 16, 27, 29)."""
    accounts = case.dossier.books.accounts
    closing = _closing(case)
    rows = []
    for code in sorted(accounts.accounts):
        account = accounts.accounts[code]
        cells: Figures = {"account": code, "nature": account.nature, "holder": account.holder}
        rows.append(Row(cells | {"funds": ",".join(account.funds), "closing_fen": closing.get(code, 0)}))
    found = case.found(*APART)
    figures: Figures = {"count": len(rows), "closing_fen": sum(int(row.cells["closing_fen"]) for row in rows)}
    figures |= {"several": sum(len(account.funds) > 1 for account in accounts.accounts.values())}
    said = [Said("accounts", "told" if rows else "absent", figures, basis=("TL 16", "TL 29"))]
    if found:
        said.append(Said("mixed", asks(found), {"count": len(found)}, basis=("TL 27", "TL 29")))
    else:
        said.append(Said("not_mixed", "agrees", basis=("TL 27", "TL 29")))
    table = Table("accounts", _ACCOUNTS, tuple(rows), total=("closing_fen",))
    return Section("separation", tuple(said), (table,), asks=("16", "17", "26"))


def self_dealing(case: Case) -> Section:
    """What the trustee was paid beside its pay, and what went to parties behind which somebody in office stands (TL 26, 28)."""
    named = trustees(case)
    basis = ("TL 26", "TL 28")
    said: list[Said] = []
    rows: list[Row] = []
    if not named:
        said.append(Said("no_trustee", "absent", basis=basis))
    as_pay = {noted for terms in pay.in_force(case) for noted in pay.paid_as_pay(case, terms)}
    if not as_pay:
        for act, _ in remuneration.paying(case.dossier):
            as_pay |= set(remuneration.paid_under(case.dossier, act.body))
    ratified = money.ratified_parts(case)
    for trustee in (*named, *behind(case, named)):
        lines = [n for n in case.spending if n.fact.move.party == trustee and n not in as_pay]
        rows += _by_category(trustee, lines, ratified)
        without = [noted for noted in lines if money.rests_on(noted, ratified) == NO_BASIS]
        figures: Figures = {"trustee_party": trustee, "count": len(lines), "amount_fen": spent(lines)}
        figures |= {"without_fen": spent(without)}
        if lines:
            state: State = "differs" if without else "open"
            said.append(Said("beside_pay" if trustee in named else "same_hands", state, figures, cite(lines), basis))
        elif trustee in named:
            said.append(Said("only_pay", "agrees", {"trustee_party": trustee}, basis=basis))
    if found := case.found(*RELATED):
        said.append(Said("related", asks(found), {"count": len(found)}, basis=basis))
    else:
        said.append(Said("no_related", "agrees", basis=basis))
    table = Table("trustee", _TRUSTEE, tuple(rows), total=("count", "amount_fen", "without_fen"))
    return Section("self_dealing", tuple(said), (table,), asks=RELATED)


def records(case: Case) -> Section:
    """Whether the books are whole: vouchers, papers, bank files confirmed by a second person, reports (TL 33, AL 14–17)."""
    vouchers = [n for n in case.dossier.facts(VoucherBooked) if case.within(n.fact.booked)]
    legs = [leg for noted in vouchers for leg in noted.fact.legs]
    debit, credit = sum(leg.debit for leg in legs), sum(leg.credit for leg in legs)
    figures: Figures = {"count": len(vouchers), "debit_fen": debit, "credit_fen": credit}
    state: State = "agrees" if vouchers and debit == credit else "differs" if vouchers else "absent"
    said = [Said("vouchers", state, figures, ends([n.cite() for n in vouchers]), ("AL 15", "AL 17", "TL 33"))]
    bare = [noted for noted in case.spending if not noted.fact.move.document]
    figures = {"count": len(bare), "amount_fen": spent(bare), "of": len(case.spending), "of_fen": spent(case.spending)}
    said.append(
        Said("without_paper", "open", figures, ends(cite(bare)), ("AL 14",))
        if bare
        else Said("with_paper", "agrees", figures, basis=("AL 14",))
    )
    unconfirmed = sorted(case.dossier.books.accounts.imports.values(), key=lambda one: (one.start, one.digest))
    said.append(
        Said("unconfirmed", "open", {"count": len(unconfirmed), "since_day": unconfirmed[0].start}, basis=("AL 27",))
        if unconfirmed
        else Said("confirmed", "agrees", basis=("AL 27",))
    )
    said += _reports(case)
    return Section("records", tuple(said), asks=("9", "11", "12", "29", "30", "32"))


def inspection(case: Case) -> Section:
    """Whether who asked was answered (TL 20, 49; CC 285)."""
    asked, answered = case.facts(QuestionAsked), case.facts(QuestionAnswered)
    late = [noted for noted in answered if noted.fact.on > noted.fact.due]
    waiting = case.dossier.books.publication.waiting
    overdue = [one for one in waiting if one.due < case.dossier.day.isoformat()]
    figures: Figures = {"asked": len(asked), "answered": len(answered), "late": len(late)}
    figures |= {"waiting": len(waiting), "overdue": len(overdue)}
    evidence = (*(noted.cite() for noted in asked), *(noted.cite() for noted in answered))
    basis = ("TL 20", "TL 49", "CC 285")
    if not asked and not waiting:
        said = Said("nobody_asked", "told", basis=basis)
    else:
        state: State = "differs" if overdue else "open" if late or waiting else "agrees"
        said = Said("questions", state, figures, evidence, basis)
    return Section("inspection", (said,), asks=("27", "28"))


DUTIES: Final[Mapping[str, Sequence[str]]] = {
    "tl16": ("separation",),
    "tl20": ("inspection",),
    "tl25": (),
    "tl26": ("self_dealing", "pay"),
    "tl27": ("separation",),
    "tl28": ("self_dealing",),
    "tl29": ("separation",),
    "tl30": (),
    "tl33": ("records",),
    "tl35": ("pay",),
    "tl36": ("pay",),
    "tl49": ("inspection",),
}
"""The duties of the checklist, each with the sections that show how it stands."""


def duties(case: Case, sections: Mapping[str, Section]) -> Section:
    """The statutory checklist, duty by duty: how it stands as far as the ledger shows it."""
    return Section("duties", tuple(_duties(case, sections)))


def _duties(case: Case, sections: Mapping[str, Section]) -> Iterator[Said]:
    named = trustees(case)
    heavy = [finding for finding in case.findings if finding["severity"] in ("critical", "high")]
    others = [act for act in case.dossier.acts(ContractEntered) if act.body.direction == "out"]
    others = [act for act in others if act.body.party not in named]
    for duty, shown_by in DUTIES.items():
        basis = (f"TL {duty[2:]}",)
        figures: Figures = {}
        state = worst(sections[code].state(case.findings) for code in shown_by)
        if duty == "tl25":
            figures, state = {"count": len(heavy)}, asks(heavy)
        elif duty == "tl30":
            figures, state = {"count": len(others)}, "told"
        elif not named and duty not in ("tl20", "tl33", "tl49"):
            state = "absent"
        yield Said(f"duty_{duty}", state, figures, basis=basis)


def _reports(case: Case) -> Iterator[Said]:
    """Statements published on the days audited, and whether the reports came that the terms promise about these days."""
    published, basis = case.acts(StatementPublished), ("TL 33", "CC 943")
    late = [act for act in published if publicity.is_late(case, act)]
    figures: Figures = {"count": len(published), "late": len(late)}
    state: State = "absent" if not published else "open" if late else "agrees"
    yield Said("reports", state, figures, tuple(act.cite() for act in published), basis)
    for terms in pay.in_force(case):
        due = [one for one in promised.spans(case.dossier, terms) if case.within(one.last.isoformat())]
        missing = [one for one in promised.unreported(case.dossier, terms) if one in due]
        figures = {"trust": terms.body.code, "months": terms.body.report_months}
        figures |= {"due": len(due), "missing": len(missing)}
        state = "differs" if missing else "agrees" if due else "told"
        yield Said("promised", state, figures, (terms.cite(),), basis)


def _by_category(trustee: str, lines: Sequence[Noted[Line]], ratified: frozenset[str]) -> Iterator[Row]:
    groups: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in lines:
        groups[noted.fact.move.category].append(noted)
    for category, own in sorted(groups.items()):
        without = [noted for noted in own if money.rests_on(noted, ratified) == NO_BASIS]
        cells: Figures = {"trustee_party": trustee, "category": category, "count": len(own)}
        cells |= {"amount_fen": spent(own), "without_fen": spent(without)}
        yield Row(cells, cite(own), "differs" if without else "open")


def _closing(case: Case) -> Mapping[str, int]:
    """What each account held on the evening of the last day audited, said and booked; suspense is not in it."""
    found: defaultdict[str, int] = defaultdict(int)
    for act in case.dossier.acts(BooksOpened):
        for part in act.body.parts:
            found[part.account] += part.amount
    for noted in case.dossier.facts(Line):
        if noted.fact.booked <= case.until:
            found[noted.fact.move.account] += noted.fact.move.amount
    return found
