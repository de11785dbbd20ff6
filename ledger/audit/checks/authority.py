"""Whether what was spent had been decided: no decision, a refused one, more than was decided, planned or agreed.

Rows 2, 19 and 24 of the table. The machine refuses a withdrawal that its authority does not carry; what the bank paid all
the same is booked and stands without authority until it is ratified or returned.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from ledger.accounts.booking import Line
from ledger.accounts.facts import Founded, Granted
from ledger.accounts.records import (
    ContractEntered,
    DocumentEntered,
    PartyEntered,
    WithdrawalApplied,
    WithdrawalProposed,
)
from ledger.accounts.state import Authority
from ledger.audit.checks.dossier import Acted, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.spending import authorities, behind, body_limit, cite, cites, paid, promised, worth
from ledger.audit.checks.wording import plan_printed, same_matter, sealed
from ledger.people.records import LedgerOpened
from ledger.votes.facts import MotionDecided
from ledger.votes.records import MeetingCalled, Motion

SMALL_CHARGE: Final = 200_00
"""Fen: what a bank takes for a transfer or a month; a dearer one is asked for like any payment."""
_CHARGES: Final = re.compile(r"手续费|服务费|年费|工本费|\b(?:bank )?charges\b", re.IGNORECASE)
_BANK: Final = re.compile(r"银行|信用社|\bbank\b", re.IGNORECASE)


def without_authority(case: Dossier) -> Iterator[Found]:
    """A payment that stands without authority and on which the owners have not voted."""
    refused = _refused(case)
    for ref, noted in _open(case).items():
        if ref not in refused and not _taken_by_bank(case, noted):
            yield found(cite(case, noted), *behind(case, [noted]), **_figures(noted))


def bank_charges(case: Dossier) -> Iterator[Found]:
    """The small charges that the bank takes by itself, all of an account in one."""
    taken: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in _open(case).values():
        if _taken_by_bank(case, noted):
            taken[noted.fact.move.account].append(noted)
    for account, lines in taken.items():
        total = -sum(noted.fact.move.amount for noted in lines)
        yield found(*cites(case, lines), own_account=account, count=len(lines), amount_fen=total)


def refused_by_owners(case: Dossier) -> Iterator[Found]:
    """A payment that the owners voted not to ratify, and that was not returned."""
    refused = _refused(case)
    for ref, noted in _open(case).items():
        if ref in refused:
            vote = refused[ref]
            yield found(
                cite(case, noted),
                vote.cite(),
                *behind(case, [noted]),
                **_figures(noted),
                motion=vote.fact.title,
                refused_day=vote.fact.on,
            )


def sealed_projects(case: Dossier) -> Iterator[Found]:
    """A project form that the body sealed for more than it may decide, and no decision of the owners that fits it."""
    asked = {act.body.document for act in case.acts(WithdrawalApplied)}
    asked |= {noted.fact.move.document for noted in case.lines()}
    asked |= {act.body.document for act in case.acts(ContractEntered)}
    began = _began(case)
    alike: defaultdict[tuple[int, str], list[Acted[DocumentEntered]]] = defaultdict(list)
    for act in case.acts(DocumentEntered):
        body, total, day = act.body, act.body.total_printed, act.body.dated or act.day
        if body.kind != "form" or total is None or act.digest in asked or not sealed(body.approval_printed or ""):
            continue
        if day >= began and total > body_limit(case, day) and not _decided(case, act, total):
            alike[total, day].append(act)
    for (total, day), forms in alike.items():
        yield found(
            *(form.cite("approval_printed") for form in forms),
            subject=forms[0].body.subject,
            amount_fen=total,
            limit_fen=body_limit(case, day),
        )


def undecided_contracts(case: Dossier) -> Iterator[Found]:
    """A contract to pay more than the body may decide, under which no authority was used and which none fits."""
    proposed = {act.body.application for act in case.acts(WithdrawalProposed)}
    used = {act.body.contract for act in case.acts(WithdrawalApplied) if act.digest in proposed}
    used |= {noted.fact.move.contract for noted in paid(case) if noted.fact.move.basis != "none"}
    ratified = {noted.fact.ref for noted in case.facts(Founded)}
    used |= {n.fact.move.contract for n in paid(case) if f"{n.fact.record}#{n.fact.move.part}" in ratified}
    for act in case.acts(ContractEntered):
        body = act.body
        paper = case.documents().get(body.document or "")
        total, day = worth(body), min(body.start or act.day, (paper and paper.body.dated) or act.day)
        if body.direction != "out" or body.code in used or total <= body_limit(case, day) or day < _began(case):
            continue
        if any(_fits(authority, body) for authority in authorities(case)) or _decided(case, paper, total, body.object):
            continue
        yield found(
            act.cite(),
            *([paper.cite()] if paper else []),
            contract=body.code,
            object=body.object,
            amount_fen=total,
            limit_fen=body_limit(case, day),
        )


def over_contract(case: Dossier) -> Iterator[Found]:
    """More was paid under a contract than it says in all, by the overrun that wants a new decision, and none came.

    What it prints may be one year's of several: what it promises over its days counts where that is more. Where it measures,
    it says no total.
    """
    overrun = case.profile.ratio("fund.overrun")
    under: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in paid(case):
        under[noted.fact.move.contract].append(noted)
    for code, act in case.contracts().items():
        lines, agreed = under.get(code, []), max(worth(act.body), promised(act.body))
        spent = -sum(noted.fact.move.amount for noted in lines)
        decisions = {n.fact.move.motion for n in lines if n.fact.move.basis == "motion"}
        measured = any(expected.cycle in ("metered", "share") for expected in act.body.expected)
        if act.body.direction != "out" or measured or len(decisions) > 1:
            continue
        if overrun.holds(spent - agreed, agreed):
            yield found(
                act.cite("total_printed"),
                *cites(case, lines),
                contract=code,
                agreed_fen=agreed,
                spent_fen=spent,
                over_fen=spent - agreed,
            )


def over_plan(case: Dossier) -> Iterator[Found]:
    """A paper asks for more than it says was planned. Its own words, not an adopted budget: a weak sign."""
    overrun = case.profile.ratio("fund.overrun")
    for act in case.acts(DocumentEntered):
        texts = (act.body.subject, *(line.text for line in act.body.lines))
        planned = plan_printed("；".join(texts))
        total = act.body.total_printed
        if planned and total is not None and overrun.holds(total - planned, planned):
            yield found(act.cite("total_printed"), planned_fen=planned, total_fen=total, over_fen=total - planned)


def over_budget_line(case: Dossier) -> Iterator[Found]:
    """With what was paid without authority for the same purpose, more went out than a budget's line allows."""
    undecided, under = _open(case).values(), Counter[tuple[str, str]]()
    for noted in paid(case):
        under[noted.fact.move.motion, noted.fact.move.line_code] -= noted.fact.move.amount
    for granted in case.facts(Granted):
        line = granted.fact.authority
        beside = [noted for noted in undecided if _same_purpose(line, noted.fact)]
        spent = under[line.motion, line.line] - sum(noted.fact.move.amount for noted in beside)
        if spent > line.cap:
            yield found(
                *cites(case, beside),
                granted.cite(),
                line=line.line,
                cap_fen=line.cap,
                spent_fen=spent,
                over_fen=spent - line.cap,
            )


def _began(case: Dossier) -> str:
    """The day on which the ledger began: it cannot show how what is older was decided."""
    return case.acts(LedgerOpened)[0].day


def _open(case: Dossier) -> Mapping[str, Noted[Line]]:
    """The lines of payments that stand without authority now, by reference."""
    waiting = case.books.accounts.unfounded
    lines = {f"{n.fact.record}#{n.fact.move.part}": n for n in case.lines() if n.fact.move.amount < 0}
    return {ref: noted for ref, noted in lines.items() if ref in waiting}


def _taken_by_bank(case: Dossier, noted: Noted[Line]) -> bool:
    """Whether this is a charge so small, and for a category so called, that nobody else took it."""
    titles = case.books.accounts.chart.categories[noted.fact.move.category]  # a chart only grows
    charge = _CHARGES.search(f"{titles.zh} {titles.en}") is not None
    party = case.parties().get(noted.fact.move.party)
    by_bank = party is None or _BANK.search(party.body.title or "") is not None
    return charge and by_bank and -noted.fact.move.amount <= SMALL_CHARGE


def _refused(case: Dossier) -> Mapping[str, Noted[MotionDecided]]:
    """The last vote on ratifying each payment; what was ratified is open no more."""
    votes = {}
    for noted in case.facts(MotionDecided):
        effect = noted.fact.effect or {}
        if effect.get("type") == "ratification" and noted.fact.founds_authority:
            votes.update(dict.fromkeys(effect["payments"], noted))
    return votes


def _figures(noted: Noted[Line]) -> dict[str, int | str]:
    move = noted.fact.move
    return {
        "paid_day": noted.fact.on,
        "amount_fen": -move.amount,
        "payee_party": move.party,
        "purpose_category": move.category,
    }


def _fits(authority: Authority, contract: ContractEntered) -> bool:
    """Whether the owners gave an authority for a contract's payee, or for its purposes whoever is paid; a delegation names
    neither.
    """
    if authority.party:
        return authority.party == contract.party
    return bool({expected.category for expected in contract.expected} & set(authority.categories))


def _decided(case: Dossier, paper: Acted[DocumentEntered] | None, total: int, subject: str = "") -> bool:
    """Whether a motion put to the owners has this paper with it, its very amount, or speaks of the same matter."""
    digests = {paper.digest, paper.body.original, paper.body.redacted} if paper else set()
    subject = subject or (paper.body.subject if paper else "")
    return any(
        digests & set(motion.attachments)
        or (motion.effect or {}).get("cap") == total
        or same_matter(subject, _wording(motion))
        for act in case.acts(MeetingCalled)
        for motion in act.body.motions
    )


def _wording(motion: Motion) -> str:
    return f"{motion.title} {(motion.effect or {}).get('purpose', '')}"


def _same_purpose(line: Authority, booked: Line) -> bool:
    """Whether a payment is for what a budget's line is for; other authorities name no categories."""
    move = booked.move
    if move.fund not in line.funds or move.category not in line.categories:
        return False
    return line.party in ("", move.party) and line.start <= booked.on <= line.until


CHECKS: Final = (
    Check(
        "payment.no_authority",
        "2",
        "critical",
        ("CC 278", "CC 282"),
        (Line, MotionDecided, DocumentEntered, PartyEntered),
        without_authority,
    ),
    Check("payment.bank_charges", "2", "low", ("CC 278",), (Line, PartyEntered), bank_charges),
    Check(
        "payment.refused",
        "2",
        "critical",
        ("CC 278", "CC 280"),
        (Line, MotionDecided, DocumentEntered),
        refused_by_owners,
    ),
    # No money has moved yet: less than critical.
    Check(
        "project.no_decision",
        "2",
        "high",
        ("CC 278",),
        (LedgerOpened, DocumentEntered, ContractEntered, WithdrawalApplied, Line, Granted, MeetingCalled),
        sealed_projects,
    ),
    Check(
        "contract.no_decision",
        "2",
        "high",
        ("CC 278",),
        (
            LedgerOpened,
            ContractEntered,
            DocumentEntered,
            WithdrawalApplied,
            WithdrawalProposed,
            Line,
            Granted,
            Founded,
            MeetingCalled,
        ),
        undecided_contracts,
    ),
    Check("payment.over_contract", "19", "high", ("Hz 72",), (ContractEntered, Line), over_contract),
    Check("paper.over_plan", "19", "low", ("Hz 72",), (DocumentEntered,), over_plan, weak=True),
    Check(
        "budget.over_line",
        "24",
        "medium",
        ("CC 278(9)",),
        (Granted, Line, DocumentEntered),
        over_budget_line,
    ),
)
