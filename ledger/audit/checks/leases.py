"""Income that contracts promise 应收未收: instalments that did not come, came late, or were never agreed.

Row 13 of the table. A contract promises an amount each month, quarter, half-year or year from its start. Unless its paper
says otherwise, an instalment is due when its time is over (CC 721); a contract whose payer has always paid ahead is taken
at that. An instalment counts as outstanding ``audit.late_days`` after it was due. Sums decide: who paid in other pieces
than the contract says, or a little ahead, owes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Final

from ledger import period
from ledger.accounts.booking import Line, Movement
from ledger.accounts.records import ContractEntered, DepositRecorded, DocumentEntered
from ledger.audit.checks.dossier import Acted, Cited, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.places import thing
from ledger.audit.checks.printed import Span, plain, spans
from ledger.audit.checks.spending import CYCLES, cite

_SLACK: Final = 100
"""Fen that may be missing in all: instalments are rounded to whole yuan."""
_AHEAD: Final = re.compile(r"先付|预付|提前支付|期初付|按期先|in advance|prepaid|upfront", re.IGNORECASE)
_BEHIND: Final = re.compile(r"后付|期末付|期满付|到期付|in arrears|postpaid", re.IGNORECASE)
_SHARED: Final = re.compile(
    r"[0-9.]+ ?%|百分之|[0-9一二三四五六七八九]成"
    r"|(?<![0-9])[0-9一二三四五六七八九] ?[:比] ?[0-9一二三四五六七八九](?![0-9])"
    r"|[一二三四五六七八九]{2}(?:分|开)|对半|平分"
)
_CLAUSE: Final = re.compile(r"[;。；]|, ?")
_NOT_OURS: Final = re.compile(
    r"[对向]业主|业主收费|递增|递减|违约金|滞纳金|税|to owners|increase|penalty", re.IGNORECASE
)
"""Clauses that price something else than what the owners get: what their neighbours pay, increases, penalties."""
_PRICED: Final = re.compile(
    r"[0-9][0-9,.]* ?(?:元|yuan|rmb|cny)?(?:/|每| per | a )(?:[^0-9/]{1,4}[·.])?(?:天|日|月|季度?|半?年|day|month|quarter|year)"
    r"|(?:一次性|共计?|合计|总额)[0-9][0-9,.]*元?|[每一] ?(?:天|日|月|季度?|年)[0-9][0-9,.]*元",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Instalment:
    """What a contract promises for a span of days."""

    span: Span
    amount: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in under a contract: when, how much, for which days if it says so; ``cited`` where it is booked."""

    on: date
    amount: int
    covers: tuple[Span, ...]
    cited: Cited

    def covers_any(self, span: Span) -> bool:
        """Whether it was paid for a day of the span."""
        return any(one.meets(span) for one in self.covers)


@dataclass(frozen=True)
class Account:
    """One contract's instalments up to a day, and what came in: both by day."""

    contract: Acted[ContractEntered]
    instalments: tuple[Instalment, ...]
    receipts: tuple[Receipt, ...]
    late_after: int

    @property
    def said(self) -> bool:
        """Whether every receipt says for which days it is."""
        return all(receipt.covers for receipt in self.receipts)

    @cached_property
    def settled(self) -> tuple[date | None, ...]:
        """For each instalment the day on which it was paid, or None: by what receipts say they cover, else one by one."""
        if self.said:
            touching = [[r.on for r in self.receipts if r.covers_any(one.span)] for one in self.instalments]
            return tuple(min(days) if days else None for days in touching)
        return tuple(self._reached(wanted) for wanted in accumulate(one.amount for one in self.instalments))

    def _reached(self, wanted: int) -> date | None:
        """The day on which all receipts together reached a sum."""
        held = 0
        for receipt in self.receipts:
            held += receipt.amount
            if held >= wanted:
                return receipt.on
        return None

    @cached_property
    def _printed(self) -> str:
        return f"{plain(self.contract.body.notes)} {plain(self.contract.body.term_printed)}"

    def agreed(self, instalment: Instalment) -> date:
        """The day on which an instalment was due: when its time begins if that is printed, else when it is over."""
        ahead = _AHEAD.search(self._printed) and not _BEHIND.search(self._printed)
        return instalment.span.first if ahead else instalment.span.last

    @cached_property
    def _usual(self) -> int | None:
        """How many days into their time instalments were paid at the latest, if always in its first half."""
        paid = [(one.span, day) for one, day in zip(self.instalments, self.settled, strict=True) if day]
        early = all(day - span.first <= (span.last - span.first) / 2 for span, day in paid)
        return max(0, *((day - span.first).days for span, day in paid)) if paid and early else None

    def due(self, instalment: Instalment) -> date:
        """The day on which an instalment was to be expected: as agreed, or as always paid so far."""
        agreed = self.agreed(instalment)
        if self._usual is None or _BEHIND.search(self._printed):
            return agreed
        return min(agreed, period.add_days(instalment.span.first, self._usual))

    def outstanding_on(self, day: date) -> tuple[tuple[Instalment, date | None], ...]:
        """The instalments that should be here by ``day``, each with the day it was settled."""
        pairs = zip(self.instalments, self.settled, strict=True)
        return tuple((one, paid) for one, paid in pairs if (day - self.due(one)).days > self.late_after)


def instalments(contract: ContractEntered, opened: str, end: date, until: date) -> Iterator[Instalment]:
    """What a contract promises for times that begin after the books and no later than ``until``; a last time that the
    contract's end cuts short is left out, for contracts settle it in many ways.
    """
    if contract.start is None or not opened:
        return
    start = period.parse_day(contract.start)
    for promise in contract.expected:
        if promise.cycle == "once" and end < date.max and contract.start >= opened and promise.amount:
            yield Instalment(Span(start, end), promise.amount)
        months = CYCLES.get(promise.cycle)
        if months is None or not promise.amount:
            continue
        number = -(-_months(start, period.parse_day(opened)) // months)
        while (first := period.add_months(start, number * months)) <= min(until, end):
            number += 1
            last = period.add_days(period.add_months(start, number * months), -1)
            if (last - end).days <= 1:
                yield Instalment(Span(first, last), promise.amount)


def _months(start: date, until: date) -> int:
    """The months from a day after which it is no longer before another."""
    months = max(0, (until.year - start.year) * 12 + until.month - start.month)
    return months + (period.add_months(start, months) < until)


def accounts(case: Dossier) -> Iterator[Account]:
    """The account of each contract that promises fixed amounts to the owners."""
    receipts, ends = _receipts(case), _ends(case)
    for act in case.acts(ContractEntered):
        body = act.body
        promised = tuple(instalments(body, case.books.accounts.opened_on, ends[body.code], case.day))
        if body.direction != "in" or not promised:
            continue
        fixed = [promise for promise in body.expected if promise.cycle not in ("metered", "share")]
        other = {promise.category for promise in body.expected} - {promise.category for promise in fixed}
        natures = {promise.nature for promise in fixed}
        mine = [r for category, nature, r in receipts[body.code] if nature in natures and category not in other]
        yield Account(
            act,
            tuple(sorted(promised, key=lambda one: (one.span.first, one.span.last))),
            tuple(sorted(mine, key=lambda receipt: receipt.on)),
            case.profile.integer("audit.late_days"),
        )


def missing(case: Dossier) -> Iterator[Found]:
    """Less came in than was due; what was paid for later days does not count for earlier ones."""
    for account in accounts(case):
        due = account.outstanding_on(case.day)
        if not due:
            continue
        until = max(one.span.last for one, _ in due)
        counted = [r for r in account.receipts if not r.covers or any(span.first <= until for span in r.covers)]
        owed, came = sum(one.amount for one, _ in due), sum(receipt.amount for receipt in counted)
        if owed - came <= _SLACK:
            continue
        unpaid = [one for one, paid in due if paid is None]
        gaps = unpaid or [due[-1][0]]
        yield found(
            account.contract.cite(),
            *_before(account.receipts, gaps),
            contract=account.contract.body.code,
            count=len({one.span for one in gaps}),
            first_day=gaps[0].span.first.isoformat(),
            last_day=gaps[-1].span.last.isoformat(),
            due_fen=owed,
            received_fen=came,
            missing_fen=owed - came,
        )


def late(case: Dossier) -> Iterator[Found]:
    """It came, but later than ``audit.late_days`` after it was due."""
    for account in accounts(case):
        days = [
            (one.span, (paid - account.agreed(one)).days, paid)
            for one, paid in account.outstanding_on(case.day)
            if paid and (paid - account.agreed(one)).days > account.late_after
        ]
        if not days:
            continue
        cited = [r.cited for r in account.receipts if r.on in {paid for _, _, paid in days}]
        yield found(
            account.contract.cite(),
            *dict.fromkeys(cited),
            contract=account.contract.body.code,
            count=len({span for span, _, _ in days}),
            days=max(days_late for _, days_late, _ in days),
            limit_days=account.late_after,
        )


def nothing_yet(case: Dossier) -> Iterator[Found]:
    """A contract has run for a while and nothing came, although nothing may be due yet: its paper does not say when."""
    for account in accounts(case):
        first = account.instalments[0]
        days = (case.day - first.span.first).days
        due = (case.day - account.due(first)).days > account.late_after
        if not account.receipts and not due and days > account.late_after:
            yield found(
                account.contract.cite(),
                contract=account.contract.body.code,
                start_day=first.span.first.isoformat(),
                days=days,
                amount_fen=first.amount,
            )


def no_amount(case: Dossier) -> Iterator[Found]:
    """A thing of all owners is let, and neither an amount nor a share nor a meter says what they get for it."""
    for act in case.acts(ContractEntered):
        body = act.body
        if body.direction != "in" or body.total_printed or any(p.amount or p.cycle == "metered" for p in body.expected):
            continue
        clauses = [clause for clause in _CLAUSE.split(plain(body.notes)) if not _NOT_OURS.search(clause)]
        if not any(_SHARED.search(clause) or _PRICED.search(clause) for clause in clauses):
            paper = case.documents().get(body.document or "")
            papers = (paper.cite(),) if paper else ()
            yield found(act.cite(), *papers, contract=body.code)


def _ends(case: Dossier) -> dict[str, date]:
    """The day on which each contract ends, at the latest the day before the same thing is let anew."""
    starts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for act in case.acts(ContractEntered):
        if act.body.start:
            starts[act.body.direction, thing(act.body.object)].append(act.body.start)
    ends = {}
    for act in case.acts(ContractEntered):
        body = act.body
        end = period.parse_day(body.end) if body.end else date.max
        later = [start for start in starts[body.direction, thing(body.object)] if start > (body.start or "9999")]
        ends[body.code] = min([end, *(period.add_days(period.parse_day(start), -1) for start in later)])
    return ends


def _receipts(case: Dossier) -> defaultdict[str, list[tuple[str, str, Receipt]]]:
    """Money in by contract, with category and nature: what the bank has, and what is recorded and on its way to it."""
    by_contract: defaultdict[str, list[tuple[str, str, Receipt]]] = defaultdict(list)
    let: defaultdict[str | None, list[ContractEntered]] = defaultdict(list)
    for agreed in case.acts(ContractEntered):
        if agreed.body.direction == "in":
            let[agreed.body.party].append(agreed.body)

    def add(said: Movement | DepositRecorded, on: str, amount: int, cited: Cited) -> None:
        # Most money comes from owners, who are nobody's tenants: what is let is asked for before anything is read.
        if code := said.contract or _unnamed(let.get(said.party or "", ()), said.category, amount):
            receipt = Receipt(period.parse_day(on), amount, spans(said.covers), cited)
            by_contract[code].append((said.category, said.nature, receipt))

    for noted in case.lines():
        if noted.fact.move.amount > 0:
            add(noted.fact.move, noted.fact.on, noted.fact.move.amount, cite(case, noted))
    for act in case.acts(DepositRecorded):
        if act.digest in case.books.accounts.pending:
            add(act.body, act.body.on, act.body.gross, act.cite())
    return by_contract


def _unnamed(his: Sequence[ContractEntered], category: str, amount: int) -> str:
    """The contract of a payer who named none: the one that promises just this amount, else his first in that category."""
    fitting = [body for body in his if any(promise.category == category for promise in body.expected)]
    exact = [body for body in fitting if any(promise.amount == amount for promise in body.expected)]
    return next((body.code for body in (*exact, *fitting)), "")


def _before(receipts: Sequence[Receipt], gaps: Sequence[Instalment]) -> tuple[Cited, ...]:
    """Before each gap the last receipt: what the gap can be seen from, and no receipt that comes later changes."""
    cited: dict[Cited, None] = {}
    for gap in gaps:
        earlier = [r for r in receipts if (r.covers[0].first if r.covers else r.on) < gap.span.first]
        if earlier:
            cited[earlier[-1].cited] = None
    return tuple(cited)


_INPUTS: Final = (ContractEntered, DepositRecorded, Line)
CHECKS: Final = (
    Check("income.missing", "13", "high", ("CC 282", "CC 721"), _INPUTS, missing),
    Check("income.late", "13", "medium", ("CC 282", "CC 721"), _INPUTS, late),
    Check("income.nothing_yet", "13", "low", ("CC 282", "CC 721"), _INPUTS, nothing_yet, weak=True),
    Check("income.no_amount", "13", "high", ("CC 282", "CC 943"), (ContractEntered, DocumentEntered), no_amount),
)
