"""The manager's pay 酬金 beside what its printed terms say. Row 23 of the table.

Terms are read from the contract's notes: a rate, and whether it is of fees received 实收 or receivable 应收. What is receivable
follows from the tariffs printed in the same notes and the areas of the units; where a use of units has no tariff, or several,
it is not known.

>>> terms("10%酬金率；酬金按实收计提").rate, sorted(terms("酬金按实收或应收计提").bases), terms("保洁费10%")
(Share(num=10, den=100), ['receivable', 'received'], None)
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger import period
from ledger.accounts.booking import Line, Movement
from ledger.accounts.records import MOST, ContractEntered, DocumentEntered
from ledger.accounts.remuneration import earned
from ledger.accounts.trust import TrustAgreed, TrustDeducted
from ledger.audit.checks.adding import to_fen
from ledger.audit.checks.dossier import Acted, Dossier, Noted
from ledger.audit.checks.entrusted import deductions, standing
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.letting import tariffs
from ledger.audit.checks.printed import plain
from ledger.audit.checks.spending import cites
from ledger.audit.checks.vendors import MANAGES, called
from ledger.rules.ratio import Share

_PAY: Final = re.compile(r"酬金|佣金|commission|remuneration", re.IGNORECASE)
_RATE: Final = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,3}))? ?%")
_BASES: Final[Mapping[str, re.Pattern[str]]] = {
    "received": re.compile(r"实收|实际收|\b(?:received|collected)\b", re.IGNORECASE),
    "receivable": re.compile(r"应收|\b(?:receivable|billed)\b", re.IGNORECASE),
}
_MOST_A_MONTH: Final = MOST // 1000
FEES: Final = re.compile(r"物业费|物业服务费|管理费|service fee|management fee", re.IGNORECASE)
_USES: Final[Mapping[str, re.Pattern[str]]] = {
    "flat": re.compile(r"公寓|住宅|高层|多层|洋房|别墅"),
    "shop": re.compile(r"裙楼|商铺|商业|店"),
    "office": re.compile(r"写字楼|办公"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract prints of the manager's pay; ``rate`` None where it prints none, or several."""

    rate: Share | None
    bases: frozenset[str]


def terms(text: str | None) -> Terms | None:
    """The terms of pay that a text prints; None where it speaks of none."""
    clauses = [clause for clause in re.split("[;。；]", plain(text)) if _PAY.search(clause)]
    if not clauses:
        return None
    rates = {match for clause in clauses for match in _RATE.findall(clause)}
    bases = frozenset(name for name, pattern in _BASES.items() if any(map(pattern.search, clauses)))
    if len(rates) != 1:
        return Terms(None, bases)
    ((whole, decimals),) = rates
    return Terms(Share(int(whole + decimals), 100 * 10 ** len(decimals)), bases)


def two_bases(case: Dossier) -> Iterator[Found]:
    """The pay is printed as a rate of what is received and of what is receivable: what each makes so far."""
    for act, printed in paying(case):
        if len(printed.bases) < len(_BASES):
            continue
        paper = case.documents().get(act.body.document or "")
        received, receivable = fees_received(case, act.body, case.day.isoformat()), fees_receivable(case, act.body)
        tomorrow = period.add_days(case.day, 1).isoformat()
        months = whole_months(act.body.start or tomorrow, tomorrow)
        yield found(
            act.cite("notes"),
            *((paper.cite(),) if paper else ()),
            contract=act.body.code,
            months=months,
            receivable_fen=receivable * months if receivable else "",
            received_fen=received,
            on_receivable_fen=earned(receivable * months, printed.rate) if receivable and printed.rate else "",
            on_received_fen=earned(received, printed.rate) if printed.rate else "",
        )


def more_than_its_rate(case: Dossier) -> Iterator[Found]:
    """More pay went out than the rate of its base makes; the community's own rate and base stand before those of terms on the
    ledger, and these before printed ones. What was deducted for a breach is not paid.
    """
    for act, printed in paying(case):
        paid = paid_under(case, act.body)
        agreed = _agreed(case, act.body)
        rate, base = _in_force(case, printed, agreed)
        if not paid or rate is None:
            continue
        until = max(noted.fact.on for noted in paid)
        if base == "received":
            of = fees_received(case, act.body, until, agreed)
        elif base == "receivable" and (monthly := fees_receivable(case, act.body)):
            # A month that has begun is counted whole: it may be paid ahead.
            of = monthly * (1 + whole_months(act.body.start or until, until))
        else:
            continue
        deducted = deductions(case, agreed) if agreed else []
        off = sum(one.body.amount for one in deducted)
        allowed = earned(of, rate, deductions=off, cap=_most(agreed, until))
        total = -sum(noted.fact.move.amount for noted in paid)
        if total - allowed > len(paid):  # each payment may be rounded by itself
            yield found(
                act.cite(),
                *((agreed.cite(),) if agreed else ()),
                *(one.cite() for one in deducted),
                *cites(case, paid),
                contract=act.body.code,
                count=len(paid),
                paid_fen=total,
                base_fen=of,
                rate=str(rate),
                allowed_fen=allowed,
                over_fen=total - allowed,
            )


def _most(agreed: Acted[TrustAgreed] | None, until: str) -> int:
    """What the yearly cap of terms lets out until a day, a year that has begun counted whole; 0 where there is none."""
    if agreed is None or agreed.body.cap is None:
        return 0
    return agreed.body.cap * (1 + whole_months(agreed.body.start, until) // 12)


def paying(case: Dossier) -> Iterator[tuple[Acted[ContractEntered], Terms]]:
    """The contracts that print terms of the manager's pay."""
    own = case.profile.optional_share("trust.rate")
    for act in case.acts(ContractEntered):
        text = f"{act.body.object};{plain(act.body.notes)}"
        # Where the community's own rules say the rate, no contract has to.
        printed = terms(text) or (Terms(None, frozenset()) if own else None)
        # An agent's commission is a share of something else than service fees.
        if act.body.direction == "out" and printed and MANAGES.search(plain(text)):
            yield act, printed


def _agreed(case: Dossier, contract: ContractEntered) -> Acted[TrustAgreed] | None:
    """The terms with a contract's party that stand on the ledger; None where none do, or several: whose days a payment is of, no
    paper says.
    """
    terms = [act for act in standing(case) if act.body.trustee == contract.party]
    return terms[0] if len(terms) == 1 else None


def _in_force(case: Dossier, printed: Terms, agreed: Acted[TrustAgreed] | None) -> tuple[Share | None, str]:
    """Rate and base: the profile's if it has a rate, else those of terms on the ledger, else those printed, where there is one of
    each.
    """
    own = case.profile.optional_share("trust.rate")
    if own:
        return own, case.profile.choice("trust.base")
    if agreed:
        return Share.parse(agreed.body.rate), agreed.body.base
    return printed.rate, next(iter(printed.bases)) if len(printed.bases) == 1 else ""


def fees_received(
    case: Dossier, contract: ContractEntered, until: str, agreed: Acted[TrustAgreed] | None = None
) -> int:
    """Service fees, or what terms on the ledger name instead, that came in from the contract's start to a day."""
    fees = frozenset(agreed.body.categories) if agreed else called(case, FEES)
    lines = (noted.fact for noted in case.lines() if noted.fact.move.nature == "income")
    came = (line for line in lines if line.move.category in fees)
    return sum(line.move.amount for line in came if (contract.start or "") <= line.on <= until)


def paid_under(case: Dossier, contract: ContractEntered) -> list[Noted[Line]]:
    """What was paid as pay under a contract, or to its party as pay under none."""
    pay = called(case, _PAY) | {promise.category for promise in contract.expected if promise.cycle == "share"}

    def is_pay(move: Movement) -> bool:
        return move.nature == "expense" and move.category in pay

    def is_its(move: Movement) -> bool:
        return move.contract == contract.code if move.contract else move.party == contract.party

    return [noted for noted in case.lines() if is_pay(noted.fact.move) and is_its(noted.fact.move)]


def fees_receivable(case: Dossier, contract: ContractEntered) -> int:
    """The fees of a month that the contract's tariffs make of the units' areas; 0 where a use has none, or several."""
    areas: dict[str, int] = {}
    for unit in case.books.people.units.values():
        if unit.counts_area:
            areas[unit.use] = areas.get(unit.use, 0) + unit.area
    rates, total = tariffs(contract.notes), Fraction(0)
    for use, hundredths in areas.items():
        fitting = {rate for word, rate in rates.items() if use in _USES and _USES[use].search(word)}
        if len(fitting) != 1:
            return 0
        total += hundredths * fitting.pop()
    # A tariff that makes more than any book can hold is a slip of the pen.
    return to_fen(total / 100) if total <= 100 * _MOST_A_MONTH else 0


def whole_months(start: str, until: str) -> int:
    """The months from one day that are over before another."""
    first, last = period.parse_day(start), period.parse_day(until)
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (last.day < first.day))


_INPUTS: Final = (ContractEntered, DocumentEntered, Line)
CHECKS: Final = (
    Check("remuneration.two_bases", "23", "high", ("TL 35",), _INPUTS, two_bases),
    Check(
        "remuneration.over_rate",
        "23",
        "high",
        ("TL 35", "TL 36"),
        (ContractEntered, Line, TrustAgreed, TrustDeducted),
        more_than_its_rate,
    ),
)
