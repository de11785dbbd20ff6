"""Papers of the example: parties, letters, forms and contracts, entered by the treasurer on the day they came in.

A paper stands *as printed*: its number, date and the date its file was saved, each line with quantity, price and amount
as they stand there, the total, where the money is to come from, what is attached, and which approval was seen on it.
Wrong products and sums stay; the end of contract c-in-12, 2023-11-31, is no day and stands as printed only.
"""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

from ledger.errors import Malformed
from ledger.example import figures
from ledger.example.desk import Desk, Drafted
from ledger.example.figures import Contract, Paper
from ledger.period import parse_day

Body = dict[str, Any]


def received() -> Mapping[str, tuple[Paper, ...]]:
    """All papers by the day on which the treasurer had them."""
    days: dict[str, list[Paper]] = {}
    for paper in figures.papers().values():
        days.setdefault(paper.received, []).append(paper)
    return {day: tuple(days[day]) for day in sorted(days)}


def enter(desk: Desk, papers: Iterable[Paper]) -> None:
    """One sitting of the treasurer: whoever is named for the first time, the papers, the contracts they speak of."""
    drafted: list[Drafted] = []
    for paper in papers:
        drafted += [_party(desk, code) for code in _named_by(paper) if f"party {code}" not in desk.digests]
        drafted.append(desk.draft("document.entered/1", document(paper), paper.code))
        drafted += [
            desk.draft("contract.entered/1", contract(agreed, desk.digests[paper.code]))
            for agreed in figures.contracts()
            if agreed.paper == paper.code
        ]
    desk.hand_in(drafted, ["treasurer"])


def enter_parties(desk: Desk, codes: Iterable[str]) -> None:
    """Parties that must stand before a motion or a bank row names them; nothing where all do."""
    new = [_party(desk, code) for code in codes if f"party {code}" not in desk.digests]
    if new:
        desk.hand_in(new, ["treasurer"])


def document(paper: Paper) -> Body:
    """The body of ``document.entered/1``."""
    lines = [
        _said(
            text=line.text,
            quantity_printed=line.quantity,
            unit_printed=line.unit,
            price_printed=line.price,
            amount_printed=line.amount,
        )
        for line in paper.lines
    ]
    return _said(
        kind=paper.kind,
        subject=paper.subject,
        number_printed=paper.number,
        file_no=paper.file_no,
        dated=paper.dated,
        saved=paper.saved,
        period_printed=paper.period,
        funding_printed=paper.funding,
        approval_printed=paper.approval,
        attachments_printed=paper.attachments,
        total_printed=paper.total,
    ) | ({"lines": lines} if lines else {})


def contract(agreed: Contract, document_digest: str) -> Body:
    """The body of ``contract.entered/1``; a date that is none stands as printed."""
    return _said(
        code=agreed.code,
        direction=agreed.direction,
        object=agreed.object,
        party=agreed.party,
        document=document_digest,
        start=_day(agreed.start),
        end=_day(agreed.end),
        start_printed=agreed.start,
        end_printed=agreed.end,
        term_printed=agreed.term,
        total_printed=agreed.total,
        notes=agreed.notes,
    ) | {"expected": list(_expected(agreed))}


def _expected(agreed: Contract) -> Iterable[Body]:
    ours = agreed.direction == "in"
    if agreed.cycle:
        nature = "expense" if not ours else "pass_through" if agreed.category == "utility_passed" else "income"
        fund = "common_income" if nature == "income" else "service_fee"
        yield _promise(agreed.cycle, agreed.amount, fund, agreed.category, nature)
    if agreed.management_fee:
        yield _promise("month", agreed.management_fee, "service_fee", "service_fee", "income")
    if agreed.metered:
        yield _promise("metered", 0, "service_fee", "utility_passed", "pass_through")


def _promise(cycle: str, amount: int, fund: str, category: str, nature: str) -> Body:
    return {"cycle": cycle, "amount": amount, "fund": fund, "category": category, "nature": nature}


def _named_by(paper: Paper) -> Iterable[str]:
    """Whoever this paper's contracts, payments and receipts name, each once."""
    agreed = [c for c in figures.contracts() if c.paper == paper.code]
    codes = {c.code for c in agreed}
    named = [c.party for c in agreed]
    named += [p.party for p in figures.payments() if p.paper == paper.code]
    named += [r.party for parts in figures.receipts().values() for r in parts if r.contract in codes]
    return dict.fromkeys(code for code in named if code)


def _party(desk: Desk, code: str) -> Drafted:
    party = figures.parties()[code]
    behind = figures.settings()["behind"].get(code)
    body: Body = {"code": code, "nature": party.nature} | ({"persons": [desk.refs[behind]]} if behind else {})
    if party.nature == "natural":
        return desk.draft("party.entered/1", body, f"party {code}", private={"name": party.title})
    return desk.draft("party.entered/1", body | {"title": party.title}, f"party {code}")


def _day(printed: str) -> str:
    with contextlib.suppress(Malformed):
        parse_day(printed)
        return printed
    return ""


def _said(**fields: object) -> Body:
    """Only what is there: an empty text or None was not printed."""
    return {name: value for name, value in fields.items() if value not in ("", None)}
