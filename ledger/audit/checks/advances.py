"""Advances, debts and cash that stay open: row 26 of the table.

An advance is money that somebody brought or took to be settled later. The machine knows what came and what went back
(:mod:`.owed`); a petty-cash box is settled by two people who count it and name the papers that it paid.

>>> repaid_within("进驻后6个月归还"), repaid_within("垫资须于三个月内归还"), repaid_within("六个月保修")
(6, 3, None)
>>> repaid_within("to be repaid within 12 months")
12
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.records import CashCounted, ContractEntered, DocumentEntered
from ledger.audit.checks.days import months_on
from ledger.audit.checks.dossier import Dossier, Noted
from ledger.audit.checks.figures import whole_number
from ledger.audit.checks.frame import Check, Found, found
from ledger.audit.checks.owed import is_return, open_items
from ledger.audit.checks.spending import behind, cite, cites, first_tier, paid

PASSED_ON: Final = 7
"""Days within which a payment of the very amount is taken for what borrowed money was for."""
_LENT: Final = re.compile(r"垫资|垫付|借款|预付|预支|周转金|\b(?:advance|loan)\b", re.IGNORECASE)
_WITHIN: Final = re.compile(
    r"([0-9]{1,2}|[一二两三四五六七八九十]{1,2})个?月(?:之?内|以内)?(?:归还|退还|偿还|返还|还清|清偿|还款)"
    r"|(?:repaid|returned|repay) within ([0-9]{1,2}) months",
    re.IGNORECASE,
)
_CASH: Final = re.compile(
    r"(?:以|用|须|需|交|付|现场)现金|现金(?:支付|付款|交付|缴纳|缴费|结算|或支票)|付现|\b(?:in|by) cash\b", re.I
)


def repaid_within(text: str) -> int | None:
    """The months after which a text says that an advance is returned."""
    match = _WITHIN.search(text)
    return whole_number(match[1] or match[2]) if match else None


def owed_to_others(case: Dossier) -> Iterator[Found]:
    """Money borrowed from a party, or brought by it to be settled, that has not gone back for longer than an advance may."""
    equal: defaultdict[int, list[Noted[Line]]] = defaultdict(list)
    for noted in paid(case):
        if noted.fact.move.nature != "payable":
            equal[-noted.fact.move.amount].append(noted)
    for (party, category), items in open_items(case, "payable").items():
        late = [item for item in items if item.amount > 0 and _age(case, item.line.fact.on) > _most(case)]
        for item in late:
            came = item.line.fact
            used = [n for n in equal[came.move.amount] if 0 <= _days(came.on, n.fact.on) <= PASSED_ON]
            yield found(
                cite(case, item.line),
                *cites(case, used),
                *behind(case, [item.line, *used]),
                from_party=party,
                purpose_category=category,
                came_day=came.on,
                open_fen=item.amount,
                days=_age(case, came.on),
            )


def owed_by_others(case: Dossier) -> Iterator[Found]:
    """Money that went to a party as an advance or loan, and neither came back nor was settled."""
    for (party, category), items in open_items(case, "payable").items():
        for item in items:
            late = item.amount < 0 and _age(case, item.line.fact.on) > _most(case)
            if late and not is_return(case, item.line):
                yield found(
                    cite(case, item.line),
                    *behind(case, [item.line]),
                    to_party=party,
                    purpose_category=category,
                    paid_day=item.line.fact.on,
                    open_fen=-item.amount,
                    days=_age(case, item.line.fact.on),
                )


def overdue_by_contract(case: Dossier) -> Iterator[Found]:
    """A contract says that an advance goes back within months; they are over, and nothing was booked under it.

    From when the months count is often printed in words: the contract's first day, else its paper's day, and the days that
    any advance may stay open on top.
    """
    booked = {noted.fact.move.contract for noted in case.lines()}
    for act in case.acts(ContractEntered):
        body, paper = act.body, case.documents().get(act.body.document or "")
        texts = (body.object, body.term_printed or "", body.end_printed or "", body.notes or "")
        months = next((m for text in texts if (m := repaid_within(text))), None)
        if months is None or body.code in booked or not any(_LENT.search(text) for text in texts):
            continue
        start = period.parse_day(body.start or (paper and paper.body.dated) or act.day)
        due = months_on(start, months)
        if (case.day - due).days > _most(case):
            yield found(
                act.cite(),
                *([paper.cite()] if paper else []),
                contract=body.code,
                object=body.object,
                amount_fen=body.total_printed or 0,
                months=months,
                due_day=due.isoformat(),
            )


def uncounted_box(case: Dossier) -> Iterator[Found]:
    """A petty-cash box holds money that nobody has counted for longer than an advance may stay open."""
    for account, lines in _boxes(case).items():
        held = sum(noted.fact.move.amount for noted in lines)
        since = case.books.accounts.account(account).counted_on or lines[0].fact.on
        if held > 0 and _age(case, since) > _most(case):
            yield found(
                cite(case, lines[-1]), box_account=account, held_fen=held, since_day=since, days=_age(case, since)
            )


def unmatched_advance(case: Dossier) -> Iterator[Found]:
    """A box that a party's advance filled paid claims with papers of their own, which no count names as settled from it."""
    counted = {document for act in case.acts(CashCounted) for document in act.body.documents}
    for account, lines in _boxes(case).items():
        fills = [n for n in lines if n.fact.move.amount > 0 and n.fact.move.nature == "payable"]
        claims = [n for n in lines if n.fact.move.amount < 0 and n.fact.move.nature != "own_transfer"]
        claims = [n for n in claims if n.fact.move.document and n.fact.move.document not in counted]
        if fills and claims:
            repaid = [n for document in _papers(fills) for n in case.lines_of(document) if n.fact.move.amount < 0]
            advanced = sum(noted.fact.move.amount for noted in fills)
            claimed = -sum(noted.fact.move.amount for noted in claims)
            yield found(
                *cites(case, fills),
                *cites(case, repaid),
                *cites(case, claims),
                *behind(case, [*fills, *claims]),
                box_account=account,
                from_party=fills[0].fact.move.party,
                advanced_fen=advanced,
                claimed_fen=claimed,
                rest_fen=advanced - claimed,
                count=len(claims),
            )


def large_cash(case: Dossier) -> Iterator[Found]:
    """Cash for an amount that takes two to approve, or a paper of such an amount that wants cash."""
    least = first_tier(case) + 1
    told = set()
    for account, lines in _boxes(case).items():
        for noted in lines:
            move = noted.fact.move
            if -move.amount >= least and move.nature != "own_transfer":
                told.add(move.document)
                yield found(
                    cite(case, noted),
                    *behind(case, [noted]),
                    box_account=account,
                    paid_day=noted.fact.on,
                    amount_fen=-move.amount,
                )
    for act in case.acts(DocumentEntered):
        texts = (act.body.subject, *(line.text for line in act.body.lines))
        total = act.body.total_printed or 0
        if total >= least and act.digest not in told and any(_CASH.search(text) for text in texts):
            day = act.body.dated or act.day
            yield found(act.cite(), box_account="", paid_day=day, amount_fen=total)


def _boxes(case: Dossier) -> dict[str, list[Noted[Line]]]:
    """The lines of each petty-cash box, by day."""
    boxes: defaultdict[str, list[Noted[Line]]] = defaultdict(list)
    for noted in sorted(case.lines(), key=lambda n: (n.fact.on, n.seq)):
        if case.books.accounts.account(noted.fact.move.account).nature == "petty":
            boxes[noted.fact.move.account].append(noted)
    return boxes


def _papers(lines: list[Noted[Line]]) -> Iterator[str]:
    yield from dict.fromkeys(n.fact.move.document for n in lines if n.fact.move.document)


def _most(case: Dossier) -> int:
    return case.profile.integer("audit.advance_days")


def _age(case: Dossier, day: str) -> int:
    return (case.day - period.parse_day(day)).days


def _days(first: str, last: str) -> int:
    return (period.parse_day(last) - period.parse_day(first)).days


_OPEN: Final = (Line, DocumentEntered)
CHECKS: Final = (
    Check("owed.to_others", "26", "medium", ("AL 17", "CC 278(9)"), _OPEN, owed_to_others),
    Check("owed.by_others", "26", "medium", ("AL 17",), _OPEN, owed_by_others),
    Check("owed.by_contract", "26", "medium", ("AL 17", "CC 509"), (*_OPEN, ContractEntered), overdue_by_contract),
    Check("cash.uncounted", "26", "medium", ("AL 17",), (Line,), uncounted_box),
    Check("cash.unmatched_advance", "26", "medium", ("AL 17",), (*_OPEN, CashCounted), unmatched_advance),
    Check("cash.large", "26", "medium", ("AL 17",), _OPEN, large_cash),
)
