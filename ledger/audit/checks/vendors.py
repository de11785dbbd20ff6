"""Whom services are bought from 服务单位: without a contract, from somebody else than the contract says, with a gap between two.

Row 15 of the table. Which service a payment is for, its category says; goods and works of the same category may well be
bought elsewhere, so that another payee is only a weak sign. The manager's own purchases, for which it is paid back, are none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, DocumentEntered, PartyEntered
from ledger.audit.checks.dossier import Acted, Cited, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.printed import Span, plain, whole
from ledger.audit.checks.spending import CYCLES, behind, cites

_MONTHS_IN_A_ROW: Final = 3
"""Payments in so many different months are no chance: twice may be."""
_SERVICE: Final = re.compile(
    r"保洁|清洁|绿化|保安|安保|秩序|维保|保养|消杀|清运|外包|clean|green|garden|security|maintenance|waste|pest",
    re.IGNORECASE,
)
"""Categories of services that are agreed for a time."""
_NO_CONTRACT: Final = re.compile(
    r"水费|电费|燃气|煤气|供暖|暖气|热力|通讯|电话|宽带|税|手续费|保险|薪|工资|社保|津贴|补贴|餐|交通|住宿|退|利息"
    r"|\b(?:water|power|electricity|gas|heat(?:ing)?|telephone|tax(?:es)?|charges?|insurance|pay|wages?|meals?|travel|lodging)\b",
    re.IGNORECASE,
)
"""Categories that nobody enters a contract for: utilities under their standard terms, dues, staff."""
MANAGES: Final = re.compile(r"物业服务|物业管理|酬金|property (?:service|management)", re.IGNORECASE)
"""What a contract with the property manager is called."""
_SAFETY: Final[Mapping[str, re.Pattern[str]]] = {
    "lift": re.compile(r"电梯|\b(?:lifts?|elevators?)\b", re.IGNORECASE),
    "fire": re.compile(r"消防|\bfire\b", re.IGNORECASE),
}
"""Equipment that the law wants maintained without a break."""
_MAINTAINS: Final = re.compile(r"维保|维护|保养|maintenance|maintain", re.IGNORECASE)


def without_contract(case: Dossier) -> Iterator[Found]:
    """Somebody is paid for a service in three months or more, or the same amount in three, and there is no contract."""
    managers, papers = _managers(case), case.documents()
    services, apart = called(case, _SERVICE), called(case, _NO_CONTRACT)
    groups: defaultdict[tuple[str, str], list[Noted[Line]]] = defaultdict(list)
    for noted in _spent(case):
        move = noted.fact.move
        paper = papers.get(move.document)
        if (
            move.party
            and not move.contract
            and move.category not in apart
            and not (paper and paper.body.kind == "contract")
        ):
            groups[move.party, move.category].append(noted)
    for (party, category), lines in groups.items():
        alone = [noted for noted in lines if not _agreed(case, party, category, noted.fact.on)]
        if not (category in services and party not in managers and _months(alone) >= _MONTHS_IN_A_ROW):
            alone = _regular(alone)
        if alone:
            yield found(
                *cites(case, alone),
                party=party,
                category=category,
                count=len(alone),
                months=_months(alone),
                amount_fen=-sum(noted.fact.move.amount for noted in alone),
            )


def _regular(lines: Sequence[Noted[Line]]) -> list[Noted[Line]]:
    """The lines whose amount was paid in enough different months."""
    by_amount: defaultdict[int, list[Noted[Line]]] = defaultdict(list)
    for noted in lines:
        by_amount[noted.fact.move.amount].append(noted)
    return [noted for same in by_amount.values() if _months(same) >= _MONTHS_IN_A_ROW for noted in same]


def _months(lines: Sequence[Noted[Line]]) -> int:
    return len({noted.fact.on[:7] for noted in lines})


def _agreed(case: Dossier, party: str, category: str, on: str) -> bool:
    """Whether a contract with the party, for this category or for nothing in particular, had begun by a day."""
    his = (act.body for act in case.acts(ContractEntered) if act.body.party == party and act.body.direction == "out")
    return any(
        (body.start or "") <= on and (not body.expected or category in {promise.category for promise in body.expected})
        for body in his
    )


def another_party(case: Dossier) -> Iterator[Found]:
    """Money that is said to move under a contract comes from, or goes to, somebody who is not its party."""
    for act in case.acts(ContractEntered):
        agreed = act.body.party
        if agreed is None:
            continue
        others: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
        for noted in case.lines_under(act.body.code):
            if noted.fact.move.party not in ("", agreed):
                others[noted.fact.move.party].append(noted)
        for party, lines in others.items():
            yield found(
                act.cite("party"),
                *cites(case, lines),
                contract=act.body.code,
                agreed_party=agreed,
                other_party=party,
                count=len(lines),
                amount_fen=sum(abs(noted.fact.move.amount) for noted in lines),
            )


def another_vendor(case: Dossier) -> Iterator[Found]:
    """While a contract for a service runs, others are paid in its category under no contract: one finding a contract."""
    managers, papers = _managers(case), case.documents()
    loose: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in _spent(case):
        if noted.fact.move.party and not noted.fact.move.contract and noted.fact.move.party not in managers:
            loose[noted.fact.move.category].append(noted)
    for act in case.acts(ContractEntered):
        body = act.body
        categories = {promise.category for promise in body.expected if promise.cycle in CYCLES}
        others = [
            noted
            for category in sorted(categories)
            for noted in loose[category]
            if noted.fact.move.party != body.party and (body.start or "9999") <= noted.fact.on <= (body.end or "9999")
        ]
        if body.direction == "out" and body.party and others:
            paper = papers.get(body.document or "")
            papers_of_all = dict.fromkeys((*((paper.cite(),) if paper else ()), *behind(case, others)))
            yield found(
                act.cite(),
                *papers_of_all,
                *cites(case, others),
                contract=body.code,
                agreed_party=body.party,
                count=len(others),
                parties=len({noted.fact.move.party for noted in others}),
                amount_fen=-sum(noted.fact.move.amount for noted in others),
            )


@dataclass(frozen=True, slots=True)
class Service:
    """A maintenance contract of a safety kind, the days for which it held, and what shows that it ended before its day."""

    act: Acted[ContractEntered]
    category: str
    months: int
    span: Span
    shown_by: tuple[Cited, ...] = ()


def gap_between(case: Dossier) -> Iterator[Found]:
    """Between two contracts for the maintenance of lifts or fire equipment there are days that neither covers."""
    for services in _safety(case).values():
        until = services[0]
        for service in services[1:]:
            days = (service.span.first - until.span.last).days - 1
            if days > 0:
                paper = case.documents().get(service.act.body.document or "")
                yield found(
                    until.act.cite(),
                    service.act.cite("start"),
                    *until.shown_by,
                    *((paper.cite(),) if paper else ()),
                    category=service.category,
                    before_contract=until.act.body.code,
                    after_contract=service.act.body.code,
                    first_day=period.add_days(until.span.last, 1).isoformat(),
                    last_day=period.add_days(service.span.first, -1).isoformat(),
                    days=days,
                )
            if service.span.last > until.span.last:
                until = service


def not_renewed(case: Dossier) -> Iterator[Found]:
    """The last contract for the maintenance of lifts or fire equipment is over, and nobody is paid for it any more."""
    grace = case.profile.integer("audit.late_days")
    for services in _safety(case).values():
        last = max(services, key=lambda service: service.span.last)
        days = (case.day - last.span.last).days
        if days > grace and not any(
            noted.fact.move.category == last.category and noted.fact.on > _settled(last, grace)
            for noted in _spent(case)
        ):
            yield found(
                last.act.cite("end"),
                category=last.category,
                contract=last.act.body.code,
                end_day=last.span.last.isoformat(),
                days=days,
            )


def _settled(service: Service, grace: int) -> str:
    """The day until which what is paid may be for the time before a contract's end."""
    if service.span.last == date.max:
        return "9999"
    return period.add_days(period.add_months(service.span.last, service.months), grace).isoformat()


def _safety(case: Dossier) -> Mapping[str, Sequence[Service]]:
    """The maintenance contracts of each safety kind, by their first day."""
    kinds: defaultdict[str, list[Service]] = defaultdict(list)
    categories = {kind: called(case, pattern) for kind, pattern in _SAFETY.items()}
    for act in case.acts(ContractEntered):
        body = act.body
        if body.direction != "out" or body.start is None:
            continue
        span = Span(period.parse_day(body.start), period.parse_day(body.end) if body.end else date.max)
        for kind, named in categories.items():
            promised = (
                (p.category, CYCLES[p.cycle]) for p in body.expected if p.cycle in CYCLES and p.category in named
            )
            called_so = (
                not body.expected and named and _MAINTAINS.search(body.object) and _SAFETY[kind].search(body.object)
            )
            of = next(promised, (min(named), 12) if called_so else None)
            if of:
                kinds[kind].append(Service(act, *of, span))
                break
    return {
        kind: sorted((_as_paid(case, one, services) for one in services), key=lambda one: one.span.first)
        for kind, services in kinds.items()
    }


def _as_paid(case: Dossier, service: Service, all_of_kind: Sequence[Service]) -> Service:
    """A service whose contract somebody else's replaced before its end, up to the day that it was last paid for."""
    body = service.act.body
    replaced = [
        other.span.first
        for other in all_of_kind
        if service.span.first < other.span.first <= service.span.last and other.act.body.party != body.party
    ]
    lines, papers = case.lines_under(body.code), case.documents()
    covered = [
        whole(noted.fact.move.covers)
        or (whole(papers[noted.fact.move.document].body.period_printed) if noted.fact.move.document in papers else None)
        for noted in lines
    ]
    known = [span.last for span in covered if span]
    if not replaced or not known or len(known) < len(lines):
        return service
    paid_until = max(known)
    if paid_until >= min(*replaced, service.span.last, case.day):
        return service
    next_due = period.add_days(period.add_months(paid_until, service.months), case.profile.integer("audit.late_days"))
    if case.day <= next_due:
        return service
    span = Span(service.span.first, paid_until)
    return Service(service.act, service.category, service.months, span, behind(case, lines))


def _spent(case: Dossier) -> Iterator[Noted[Line]]:
    """Standing lines of expense."""
    return (noted for noted in case.lines() if noted.fact.move.nature == "expense")


def called(case: Dossier, pattern: re.Pattern[str]) -> frozenset[str]:
    """The categories whose title, in one language or the other, has what is looked for."""
    chart = case.books.accounts.chart.categories if case.books.accounts.chart_text else {}
    return frozenset(code for code, category in chart.items() if pattern.search(f"{category.zh} {category.en}"))


def _managers(case: Dossier) -> frozenset[str | None]:
    """The parties that are the property manager: behind whom its signatory stands, or with whom its contract is."""
    terms = case.books.people.terms
    company = {person for person, held in terms.items() if any(term.role == "company" for term in held)}
    behind_it = {act.body.code for act in case.acts(PartyEntered) if not company.isdisjoint(act.body.persons)}
    serving = {
        act.body.party
        for act in case.acts(ContractEntered)
        if act.body.direction == "out" and MANAGES.search(plain(act.body.object))
    }
    return frozenset(behind_it | serving)


_PAID: Final = (ContractEntered, DocumentEntered, PartyEntered, Line)
CHECKS: Final = (
    Check("contract.none", "15", "medium", ("CC 470",), _PAID, without_contract),
    Check("contract.other_party", "15", "medium", ("CC 465", "CC 509"), (ContractEntered, Line), another_party),
    Check("contract.other_vendor", "15", "low", ("CC 509",), _PAID, another_vendor, weak=True),
    Check("service.gap", "15", "high", ("CC 942",), (ContractEntered, DocumentEntered, Line), gap_between),
    Check("service.not_renewed", "15", "high", ("CC 942",), (ContractEntered, DocumentEntered, Line), not_renewed),
)
