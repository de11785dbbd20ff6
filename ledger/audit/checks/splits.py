"""Payments that stay below a limit one by one and reach it together: row 1 of the table.

What counts is what was proposed, each application as a whole: the mandate's next tier is judged by it, and the amount up
to which the owners left payments to the body. In regular payments of a contract, or for periods that do not meet, nothing
is split.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ledger import period
from ledger.accounts.facts import Granted, StagePaid, WithdrawalMoved
from ledger.accounts.records import (
    AccountOpened,
    ContractEntered,
    DocumentEntered,
    MandateChanged,
    WithdrawalApplied,
    WithdrawalProposed,
)
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.printed import Span, spans
from ledger.audit.checks.spending import CYCLES

_METERED: Final = re.compile(
    r"水费|电费|水电|能耗|燃气|气费|热力|供热|税|社保|\b(?:water|power|electricity|gas|heating|tax\w*)\b", re.IGNORECASE
)
MONTHLY: Final = 25
"""Days between two payments that are a month's, early or late."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An application that was proposed, with the limits above it that were in force and the days that its paper is for.
    ``amount``: what of it was not dropped.
    """

    act: Acted[WithdrawalApplied]
    day: date
    amount: int
    limits: frozenset[int]
    spans: tuple[Span, ...]
    agreed: bool
    """Its paper is a contract."""


def split_payments(case: Dossier) -> Iterator[Found]:
    """Payments to one payee for one purpose, or of one paper, or close below the limit, each below it, together not."""
    groups: defaultdict[tuple[str, ...], list[Asked]] = defaultdict(list)
    for asked in _proposed(case):
        body = asked.act.body
        groups["purpose", body.party, body.fund, body.category].append(asked)
        groups["payee", body.party].append(asked)
        if body.document:
            groups["paper", body.document].append(asked)
    told: set[str] = set()
    for (kind, *_), group in sorted(groups.items(), key=lambda item: item[0][0] == "payee"):
        for limit in sorted({limit for asked in group for limit in asked.limits}, reverse=True):
            below = [a for a in group if limit in a.limits and a.act.digest not in told]
            if kind == "payee":
                near = case.profile.ratio("audit.near_limit")
                below = [a for a in below if near.holds(a.amount, limit)]
            for cluster in _clusters(below, limit, case.profile.integer("audit.split_days")):
                told |= {asked.act.digest for asked in cluster}
                total = sum(asked.amount for asked in cluster)
                yield found(
                    *(asked.act.cite() for asked in cluster),
                    payee_party=cluster[0].act.body.party,
                    count=len(cluster),
                    total_fen=total,
                    limit_fen=limit,
                    first_day=cluster[0].day.isoformat(),
                    last_day=cluster[-1].day.isoformat(),
                )


def _clusters(below: Iterable[Asked], limit: int, days: int) -> Iterator[Sequence[Asked]]:
    """What within so many days of the first reaches the limit together; each application in one cluster at most."""
    waiting = sorted(below, key=lambda asked: (asked.day, asked.act.seq))
    told: set[int] = set()
    for place, first in enumerate(waiting):
        end = bisect_right(waiting, first.day + timedelta(days), key=lambda asked: asked.day)
        window = [a for a in waiting[place:end] if a.act.seq not in told and _one_time(first, a)]
        if first.act.seq not in told and sum(asked.amount for asked in window) >= limit:
            told |= {asked.act.seq for asked in window}
            yield window


def _one_time(one: Asked, other: Asked) -> bool:
    """Whether two may be parts of one payment: not where their papers are for days that do not meet, as bills are, nor a
    month apart on the papers of contracts.
    """
    if one.spans and other.spans:
        return any(a.meets(b) for a in one.spans for b in other.spans)
    return not (one.agreed and other.agreed and (other.day - one.day).days >= MONTHLY)


def _proposed(case: Dossier) -> Iterator[Asked]:
    dropped = {noted.fact.application for noted in case.facts(WithdrawalMoved) if noted.fact.step == "dropped"}
    spent: Counter[str] = Counter()
    for noted in case.facts(StagePaid):
        spent[noted.fact.stage.partition("#")[0]] += noted.fact.amount
    applied = {act.digest: act for act in case.acts(WithdrawalApplied)}
    each = {n.fact.authority.motion: n.fact.authority.each for n in case.facts(Granted) if _delegates(n.fact)}
    for act in case.acts(WithdrawalProposed):
        application, proposal = applied[act.body.application], act.body
        amount = sum(stage.amount for stage in application.body.stages)
        left = spent[application.digest] if application.digest in dropped else amount
        if not left or _instalment(case, application.body, amount) or _metered(case, application.body.category):
            continue
        limits = {tier for tier in _tiers(case, proposal.account, act.seq) if tier > amount}
        if proposal.basis.motion in each:
            limits.add(each[proposal.basis.motion] + 1)  # up to it, included, the body decides
        paper = case.documents().get(application.body.document or "")
        covers = spans(paper.body.period_printed) if paper else ()
        agreed = paper is not None and paper.body.kind == "contract"
        yield Asked(application, period.parse_day(act.day), left, frozenset(limits), covers, agreed)


def _delegates(granted: Granted) -> bool:
    return granted.authority.kind == "delegation"


def _tiers(case: Dossier, account: str, seq: int) -> Sequence[int]:
    """Where the tiers of an account's mandate began when the entry ``seq`` came."""
    opened = [act for act in case.acts(AccountOpened) if act.body.code == account]
    changed = [act for act in case.acts(MandateChanged) if act.body.account == account and act.seq < seq]
    mandate = changed[-1].body.mandate if changed else opened[-1].body.mandate
    return [tier.least for tier in mandate]


def _metered(case: Dossier, category: str) -> bool:
    """Whether the amount is what a meter or a tax office says, by the category's titles: nobody can split it."""
    titles = case.books.accounts.chart.categories[category]  # a chart only grows
    return _METERED.search(f"{titles.zh} {titles.en}") is not None


def _instalment(case: Dossier, asked: WithdrawalApplied, amount: int) -> bool:
    """Whether this is what a contract promises again and again, or measures."""
    contract = case.contracts().get(asked.contract or "")
    return contract is not None and any(
        e.cycle in ("metered", "share") or (e.cycle in CYCLES and e.amount in (amount, asked.stages[0].amount))
        for e in contract.body.expected
    )


CHECKS = (
    Check(
        "payment.split",
        "1",
        "high",
        ("BL 4", "BL 49"),
        (
            WithdrawalApplied,
            WithdrawalProposed,
            WithdrawalMoved,
            StagePaid,
            Granted,
            AccountOpened,
            MandateChanged,
            ContractEntered,
            DocumentEntered,
        ),
        split_payments,
    ),
)
