"""The trustee's pay 酬金: what the terms make of the money of the days audited, beside what was paid (TL 35, 36).

For each year of the terms that the audit reaches into: rate × base − deductions, at most the cap; once for the base that the
terms name, and once for the other where two papers name two. A base is

================  ================================================================================================
``received``      standing income in the terms' categories
``receivable``    the tariffs printed in the trustee's contract, by the areas of the units, a whole month at a time;
                  nothing where they do not say it
``budget_items``  standing expense in the terms' categories, the pay itself left out
================  ================================================================================================

Money counts on the day booked. Each payment may be rounded by itself, so a fen for each is no difference. Where no terms stand
on the ledger nothing is computed by terms; what a contract prints of them is shown as printed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, PartyEntered
from ledger.accounts.trust import Base, TrustAgreed, TrustDeducted, pay
from ledger.audit.checks import remuneration
from ledger.audit.checks.dossier import Acted, Noted
from ledger.audit.checks.entrusted import deductions, last_day, standing
from ledger.audit.checks.vendors import called
from ledger.audit.reports.frame import Case, Figures, Row, Said, Section, Table, cite, spent
from ledger.rules.ratio import Share

INPUTS: Final = (TrustAgreed, TrustDeducted, ContractEntered, PartyEntered, Line)
_BASIS: Final = ("TL 35", "TL 36")
_YEARS: Final = (
    "trust",
    "from_day",
    "to_day",
    "base",
    "base_fen",
    "rate",
    "earned_fen",
    "deducted_fen",
    "cap_fen",
    "due_fen",
)
_PAID: Final = ("on_day", "voucher", "fund", "basis", "amount_fen")


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the terms, or as much of it as is audited, by one base; ``due`` None where the base is not known."""

    start: str
    until: str
    base: Base
    of: int | None
    deducted: int
    due: int | None


def remunerated(case: Case) -> Section:
    """The section: terms, years by each base, payments, and what they come to side by side."""
    agreed = in_force(case)
    if not agreed:
        return Section("pay", (Said("no_terms", "absent", basis=_BASIS), *_printed(case)), asks=("23",))
    said: list[Said] = []
    years: list[Row] = []
    payments: list[Row] = []
    for terms in agreed:
        body, paid = terms.body, paid_as_pay(case, terms)
        said.append(_terms(case, terms))
        for base in (body.base, *((body.other_base,) if body.other_base else ())):
            of_base = list(by_year(case, terms, base))
            years += [_year_row(terms, year) for year in of_base]
            said.append(_beside(terms, base, of_base, paid))
        said += _deductions(case, terms)
        said += _elsewhere(terms, paid)
        payments += [_paid_row(noted) for noted in paid]
    said += _overlapping(case, agreed)
    tables = (
        Table("pay_years", _YEARS, tuple(years)),
        Table("pay_paid", _PAID, tuple(payments), total=("amount_fen",)),
    )
    return Section("pay", tuple(said), tables, asks=("23",))


def in_force(case: Case) -> list[Acted[TrustAgreed]]:
    """The terms that run on some day audited."""
    return [
        act
        for act in standing(case.dossier)
        if act.body.start <= case.until and last_day(case.dossier, act) >= case.start
    ]


def paid_as_pay(case: Case, terms: Acted[TrustAgreed]) -> list[Noted[Line]]:
    """What was spent as pay under these terms: in the pay's category, to the trustee or to nobody named, from whichever fund.

    Where several terms would take a payment, it is one under those that began last before it; before any began, under the first.
    """
    agreed = in_force(case)
    return [noted for noted in case.spending if _under(agreed, noted) is terms]


def _under(agreed: Sequence[Acted[TrustAgreed]], noted: Noted[Line]) -> Acted[TrustAgreed] | None:
    move = noted.fact.move
    fitting = [t for t in agreed if t.body.category == move.category and move.party in ("", t.body.trustee)]
    begun = [terms for terms in fitting if terms.body.start <= noted.fact.booked]
    if begun:
        return max(begun, key=lambda terms: (terms.body.start, terms.seq))
    return min(fitting, key=lambda terms: (terms.body.start, terms.seq), default=None)


def by_year(case: Case, terms: Acted[TrustAgreed], base: Base) -> Iterator[Year]:
    """Each year of the terms, cut to the days audited."""
    body, end = terms.body, last_day(case.dossier, terms)
    begins = period.parse_day(body.start)
    number = 0
    while (first := period.add_months(begins, 12 * number).isoformat()) <= min(end, case.until):
        number += 1
        last = period.add_days(period.add_months(begins, 12 * number), -1).isoformat()
        start, until = max(first, case.start), min(last, end, case.until)
        if until < start:
            continue
        deducted = sum(act.body.amount for act in deductions(case.dossier, terms) if start <= act.body.on <= until)
        of = base_of(case, terms, base, start, until)
        due = None if of is None else pay(of, Share.parse(body.rate), deductions=deducted, cap=body.cap)
        yield Year(start, until, base, of, deducted, due)


def base_of(case: Case, terms: Acted[TrustAgreed], base: Base, start: str, until: str) -> int | None:
    """The base in fen from a day to a day; None where the ledger does not say it."""
    body = terms.body
    moves = [n.fact.move for n in case.lines if start <= n.fact.booked <= until]
    match base:
        case "received":
            return sum(m.amount for m in moves if m.nature == "income" and m.category in body.categories)
        case "budget_items":
            counted = set(body.categories) - {body.category}
            return -sum(m.amount for m in moves if m.nature == "expense" and m.category in counted)
        case "receivable":
            contracts = [act.body for act in case.dossier.acts(ContractEntered) if act.body.party == body.trustee]
            monthly = {remuneration.fees_receivable(case.dossier, contract) for contract in contracts} - {0}
            if len(monthly) != 1:
                return None
            # What is not over yet at the end of the prefix is not receivable yet.
            last = min(period.parse_day(until), case.dossier.day)
            after = period.add_days(last, 1).isoformat()
            return monthly.pop() * remuneration.whole_months(start, after)


def _terms(case: Case, terms: Acted[TrustAgreed]) -> Said:
    body = terms.body
    figures: Figures = {
        "trust": body.code,
        "trustee_party": body.trustee,
        "start_day": body.start,
        "end_day": last_day(case.dossier, terms),
    }
    figures |= {"rate": body.rate, "base": body.base, "fund": body.fund}
    if body.cap is None:
        return Said("terms_uncapped", "told", figures, (terms.cite(),), _BASIS)
    return Said("terms", "told", figures | {"cap_fen": body.cap}, (terms.cite(),), _BASIS)


def _beside(terms: Acted[TrustAgreed], base: Base, years: Iterable[Year], paid: list[Noted[Line]]) -> Said:
    """What is due by a base, and what was paid."""
    due = [year.due for year in years]
    figures: Figures = {"trust": terms.body.code, "base": base, "paid_fen": spent(paid)}
    agreed = base == terms.body.base
    evidence = (terms.cite(), *cite(paid))
    known = [one for one in due if one is not None]
    if len(known) < len(due):
        return Said("base_unknown", "absent" if agreed else "open", figures, evidence, _BASIS)
    over = spent(paid) - sum(known)
    figures |= {"due_fen": sum(known), "over_fen": max(over, 0), "left_fen": max(-over, 0), "count": len(paid)}
    more = over > len(paid)
    if agreed:
        return Said("paid_over" if more else "paid_within", "differs" if more else "agrees", figures, evidence, _BASIS)
    # Two papers name two bases: that alone wants an explanation, whatever was paid.
    return Said("other_over" if more else "other_within", "open", figures, evidence, _BASIS)


def _overlapping(case: Case, agreed: Sequence[Acted[TrustAgreed]]) -> Iterator[Said]:
    """Terms that name the same pay for the same days: each was computed by itself, as if it were alone."""
    for one, other in combinations(agreed, 2):
        start, until = (
            max(one.body.start, other.body.start),
            min(last_day(case.dossier, one), last_day(case.dossier, other)),
        )
        if one.body.category == other.body.category and start <= until:
            figures: Figures = {"trust": one.body.code, "other": other.body.code, "start_day": start, "end_day": until}
            yield Said("terms_overlap", "open", figures, (one.cite(), other.cite()), ("TL 35",))


def _deductions(case: Case, terms: Acted[TrustAgreed]) -> Iterator[Said]:
    acts = [act for act in deductions(case.dossier, terms) if case.within(act.body.on)]
    if acts:
        figures: Figures = {
            "trust": terms.body.code,
            "count": len(acts),
            "amount_fen": sum(act.body.amount for act in acts),
        }
        yield Said("deductions", "told", figures, tuple(act.cite() for act in acts), ("TL 36",))
    else:
        yield Said("no_deductions", "told", {"trust": terms.body.code}, basis=("TL 36",))


def _elsewhere(terms: Acted[TrustAgreed], paid: list[Noted[Line]]) -> Iterator[Said]:
    """Pay out of another fund than the terms name."""
    other = [noted for noted in paid if noted.fact.move.fund != terms.body.fund]
    if other:
        figures: Figures = {"fund": terms.body.fund, "count": len(other), "amount_fen": spent(other)}
        yield Said("other_fund", "differs", figures, (terms.cite(), *cite(other)), ("TL 35",))


def _printed(case: Case) -> Iterator[Said]:
    """What contracts print of the manager's pay, where no terms were entered."""
    for act, printed in remuneration.paying(case.dossier):
        paid = [noted for noted in remuneration.paid_under(case.dossier, act.body) if case.within(noted.fact.booked)]
        fees = called(case.dossier, remuneration.FEES)
        received = sum(
            n.fact.move.amount for n in case.lines if n.fact.move.nature == "income" and n.fact.move.category in fees
        )
        figures: Figures = {"contract": act.body.code, "paid_fen": spent(paid), "received_fen": received}
        figures |= {"rate": str(printed.rate or ""), "bases": ",".join(sorted(printed.bases))}
        figures |= {"on_received_fen": pay(received, printed.rate) if printed.rate else ""}
        yield Said("printed_terms", "open", figures, (act.cite("notes"), *cite(paid)), ("TL 35",))


def _year_row(terms: Acted[TrustAgreed], year: Year) -> Row:
    rate = Share.parse(terms.body.rate)
    cells: Figures = {"trust": terms.body.code, "from_day": year.start, "to_day": year.until, "base": year.base}
    cells |= {"base_fen": "" if year.of is None else year.of, "rate": terms.body.rate}
    cells |= {"earned_fen": "" if year.of is None else rate.of(year.of), "deducted_fen": year.deducted}
    cells |= {"cap_fen": terms.body.cap or "", "due_fen": "" if year.due is None else year.due}
    return Row(cells)


def _paid_row(noted: Noted[Line]) -> Row:
    line, move = noted.fact, noted.fact.move
    cells: Figures = {"on_day": line.booked, "voucher": line.voucher, "fund": move.fund, "basis": move.basis}
    return Row(cells | {"amount_fen": -move.amount}, (noted.cite(),))
