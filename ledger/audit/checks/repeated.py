"""One thing paid or claimed more than once: row 10 of the table.

Two payments are taken for one where payee and amount are the same and so is what the papers say, or the paper itself, or
where one of them has none. Two papers are taken for one claim where they bill the same time of the same thing. Two things
with one price, two meters of one supplier, a contract's instalments are none of that.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.facts import BankMoved, StagePaid, WithdrawalMoved
from ledger.accounts.records import ContractEntered, DocumentEntered, DocumentLine, WithdrawalApplied
from ledger.audit.checks.dossier import Acted, Cited, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.printed import spans
from ledger.audit.checks.spending import CYCLES, Applications, applications, asked_by, behind, cites, paid
from ledger.audit.checks.wording import bare

WITHIN: Final = 90
"""Days between two payments of one thing: a quarter. The same cards were bought again eight weeks later."""
LOOK_BACK: Final = 12
"""Equal payments or lines before one that it is compared with: what is repeated, is repeated soon."""
MONTH: Final = (25, 35)
"""Days between the payments of two months, early or late."""
_SERVED: Final = re.compile(
    "(?:人/)?[月年季期天日周项笔次批车趟工人户]|季度|(?:month|year|quarter|day|week|job|time)s?"
)
"""Units by which a service is counted that may well come again."""
_TIMED: Final = re.compile(
    r"[0-9一二三四五六七八九十]月|季度|年度?|上半年|下半年|\b(?:month|quarter|year|january|february)", re.I
)
_METERED: Final = re.compile(r"水费|电费|气费|燃气|暖|热力|排污|\b(?:water|power|gas|electricity|heating)\b", re.I)
_METER: Final = re.compile(r"(?:户号|表号|账号|No\.?)[:： ]*[0-9]{3,}", re.I)

Paper = Acted[DocumentEntered]


def paid_twice(case: Dossier) -> Iterator[Found]:
    """Equal payments to one payee for what the papers call one thing."""
    equal: defaultdict[tuple[str, int], list[Noted[Line]]] = defaultdict(list)
    for noted in paid(case):
        if noted.fact.move.party and not _promised(case, noted.fact.move.contract, noted.fact.move.amount):
            equal[noted.fact.move.party, noted.fact.move.amount].append(noted)
    stages = applications(case)
    for (party, amount), lines in equal.items():
        together: list[list[Noted[Line]]] = []
        recent: deque[tuple[Noted[Line], list[Noted[Line]]]] = deque(maxlen=LOOK_BACK)
        for noted in sorted(lines, key=lambda n: (n.fact.on, n.seq)):
            group = next((group for other, group in recent if _one_thing(case, stages, noted, other)), None)
            if group is None:
                together.append(group := [])
            group.append(noted)
            recent.append((noted, group))
        for group in together:
            if len(group) > 1 and not _monthly(group):
                yield found(
                    *cites(case, reversed(group)),
                    *behind(case, group),
                    payee_party=party,
                    amount_fen=-amount,
                    count=len(group),
                    first_day=group[0].fact.on,
                    last_day=group[-1].fact.on,
                )


def unexplained_twin(case: Dossier) -> Iterator[Found]:
    """The bank paid out, nobody can say for what, the very amount of a payment that stands."""
    promised = {e.amount for act in case.acts(ContractEntered) for e in act.body.expected if e.cycle in CYCLES}
    rows = {noted.fact.row: noted for noted in case.facts(BankMoved)}
    equal: defaultdict[int, list[Noted[Line]]] = defaultdict(list)
    for noted in paid(case):
        equal[noted.fact.move.amount].append(noted)
    for held in case.books.accounts.suspense.values():
        twins = [n for n in equal[held.amount] if _near(n.fact.on, held.on)]
        if twins and -held.amount not in promised:
            yield found(
                rows[held.row].cite(),
                *cites(case, twins),
                *behind(case, twins),
                amount_fen=-held.amount,
                row_day=held.on,
                paid_day=twins[0].fact.on,
                payee_party=twins[0].fact.move.party,
            )


def claimed_twice(case: Dossier) -> Iterator[Found]:
    """Two papers on which money was asked for, and neither given up, bill the same."""
    dropped = _dropped(case)
    for one, other, lines in _twin_claims(case):
        if not {one.digest, other.digest} & dropped.keys():
            yield found(*_places(one, other, lines), **_totals(one, other))


def replaced_claim(case: Dossier) -> Iterator[Found]:
    """A claim was given up for another of the same thing, which comes to another amount."""
    dropped = _dropped(case)
    for one, other, lines in _twin_claims(case):
        given_up = [dropped[p.digest] for p in (one, other) if p.digest in dropped]
        if len(given_up) == 1 and one.body.total_printed != other.body.total_printed:
            yield found(*_places(one, other, lines), given_up[0].cite(), **_totals(one, other))


def several_forms(case: Dossier) -> Iterator[Found]:
    """One project stands in several forms of different days, whatever else has its title and amount beside them."""
    alike: defaultdict[tuple[str, int], list[Paper]] = defaultdict(list)
    for act in case.acts(DocumentEntered):
        if act.body.total_printed:
            alike[bare(act.body.subject), act.body.total_printed].append(act)
    for (_, total), papers in alike.items():
        forms = [act for act in papers if act.body.kind == "form"]
        days = {act.body.dated or act.day for act in forms}
        if len(days) > 1 and _near(min(days), max(days)):
            lines = [noted for act in papers for noted in case.lines_of(act.digest)]
            others = [act for act in papers if act.body.kind != "form"]
            yield found(
                *(act.cite() for act in forms),
                *(act.cite() for act in others),
                *cites(case, lines),
                subject=forms[0].body.subject,
                amount_fen=total,
                count=len(forms),
                paid_count=len(lines),
            )


def _monthly(group: Sequence[Noted[Line]]) -> bool:
    """Whether these are three or more payments month by month, as pay and fees are."""
    days = [period.parse_day(noted.fact.on) for noted in group]
    return len(days) > 2 and all(MONTH[0] <= (b - a).days <= MONTH[1] for a, b in pairwise(days))


def _one_thing(case: Dossier, stages: Applications, one: Noted[Line], other: Noted[Line]) -> bool:
    if not _near(one.fact.on, other.fact.on) or asked_by(stages, one) & asked_by(stages, other):
        return False
    first, second = (case.documents().get(noted.fact.move.document) for noted in (one, other))
    if first is None or second is None:
        return first is not second
    if first is second:
        total = first.body.total_printed or 0
        return first.body.kind != "contract" and -one.fact.move.amount - other.fact.move.amount > total
    return _same_things(first.body, second.body)


def _same_things(one: DocumentEntered, other: DocumentEntered) -> bool:
    """Whether two papers list the same; what is served again at another time is another thing."""
    if not one.lines or [_item(line) for line in one.lines] != [_item(line) for line in other.lines]:
        return False
    if spans(one.period_printed) and spans(other.period_printed) and not _times_meet(one, other):
        return all(line.unit_printed and not _SERVED.fullmatch(line.unit_printed) for line in one.lines)
    return True


def _item(line: DocumentLine) -> tuple[object, ...]:
    return line.text, line.quantity_printed, line.unit_printed, line.price_printed, line.amount_printed


def _near(one: str, other: str) -> bool:
    return abs((period.parse_day(one) - period.parse_day(other)).days) <= WITHIN


def _promised(case: Dossier, contract: str, amount: int) -> bool:
    """Whether a contract promises this amount again and again."""
    agreed = case.contracts().get(contract)
    return agreed is not None and any(e.cycle in CYCLES and e.amount == -amount for e in agreed.body.expected)


def _twin_claims(case: Dossier) -> Iterator[tuple[Paper, Paper, Sequence[tuple[int, int]]]]:
    """Pairs of papers on which money was asked for that bill the same, with the places of the lines that do."""
    payees: defaultdict[str, set[str]] = defaultdict(set)
    for act in case.acts(WithdrawalApplied):
        payees[act.body.document or ""].add(act.body.party)
    for noted in paid(case):
        payees[noted.fact.move.document].add(noted.fact.move.party)
    billed: defaultdict[tuple[str, str], list[tuple[Paper, int]]] = defaultdict(list)
    for paper in case.acts(DocumentEntered):
        for n, line in enumerate(paper.body.lines):
            if line.amount_printed and (_TIMED.search(line.text) or _METERED.search(line.text)):
                for party in payees[paper.digest]:
                    billed[party, line.text].append((paper, n))
    twins: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    papers = {paper.seq: paper for claims in billed.values() for paper, _ in claims}
    for claims in billed.values():
        for place, (other, m) in enumerate(claims):
            for one, n in claims[max(0, place - LOOK_BACK) : place]:
                if one is not other and _times_meet(one.body, other.body):
                    twins[one.seq, other.seq].append((n, m))
    for (first, second), lines in twins.items():
        one, other = papers[first], papers[second]
        if any(_surely_one(one.body.lines[n], other.body.lines[m]) for n, m in lines):
            yield one, other, lines


def _surely_one(one: DocumentLine, other: DocumentLine) -> bool:
    """Whether two lines of one text are one bill: two meters have two amounts, unless the text says which meter."""
    return one.amount_printed == other.amount_printed or _METER.search(one.text) is not None


def _times_meet(one: DocumentEntered, other: DocumentEntered) -> bool:
    return any(a.meets(b) for a in spans(one.period_printed) for b in spans(other.period_printed))


def _dropped(case: Dossier) -> Mapping[str, Noted[WithdrawalMoved]]:
    """The papers of which every claim was given up unpaid, with the last that was."""
    given_up = {noted.fact.application: noted for noted in case.facts(WithdrawalMoved) if noted.fact.step == "dropped"}
    asked: defaultdict[str, list[str]] = defaultdict(list)
    for act in case.acts(WithdrawalApplied):
        asked[act.body.document or ""].append(act.digest)
    return {
        paper: given_up[applications[-1]]
        for paper, applications in asked.items()
        if given_up.keys() >= set(applications) and not case.lines_of(paper)
    }


def _places(one: Paper, other: Paper, lines: Sequence[tuple[int, int]]) -> Iterator[Cited]:
    for n, m in lines:
        yield other.cite(f"lines/{m}")
        yield one.cite(f"lines/{n}")


def _totals(one: Paper, other: Paper) -> dict[str, int | str]:
    return {
        "one": one.body.number_printed or one.body.subject,
        "other": other.body.number_printed or other.body.subject,
        "one_fen": one.body.total_printed or 0,
        "other_fen": other.body.total_printed or 0,
    }


_PAID: Final = (Line, StagePaid, DocumentEntered, ContractEntered)
_CLAIMED: Final = (Line, DocumentEntered, WithdrawalApplied, WithdrawalMoved)
CHECKS: Final = (
    Check("repeated.payment", "10", "high", ("AL 17",), _PAID, paid_twice),
    Check("repeated.unexplained", "10", "high", ("AL 17",), (*_PAID, BankMoved), unexplained_twin),
    Check("repeated.claim", "10", "high", ("AL 17",), _CLAIMED, claimed_twice),
    # Nothing is paid twice here; what is left is to explain why the amounts differ, or which form counts.
    Check("repeated.replaced", "10", "medium", ("AL 17",), _CLAIMED, replaced_claim),
    Check("repeated.forms", "10", "medium", ("AL 17",), (DocumentEntered, Line), several_forms),
)
