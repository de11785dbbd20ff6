"""``/supervise``: the ledgers of this server side by side, for whoever watches many; all of it is public."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.asking import keeper_of, open_to_all
from api.keeper import Kept
from api.pages import site
from ledger import period
from ledger.store.reading import money, objections

ROUTER: Final = APIRouter(include_in_schema=False)
QUIET_DAYS: Final = 92
"""A ledger without an entry for a quarter is shown as quiet: bank files are due every month."""


@dataclass(frozen=True, slots=True)
class Row:
    """One ledger as its supervisor sees it; amounts are fen."""

    home: str
    ledger: str
    name: str
    origin: str
    entries: int
    last: str
    quiet: bool
    statement: str
    unfounded: int
    unfounded_amount: int
    suspense: int
    unconfirmed: int
    running: int
    questions: int
    overdue: int
    stopped: str


@ROUTER.get("/supervise", dependencies=[Depends(open_to_all("pages"))])
def supervise(
    request: Request, q: Annotated[str, Query(max_length=80)] = "", order: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """All ledgers, those with something open first; ``q`` narrows by name."""
    now = request.app.state.clock()
    rows = [_row(kept, now) for kept in keeper_of(request).kept.values()]
    rows = [row for row in rows if q.casefold() in f"{row.name} {row.origin} {row.ledger}".casefold()]
    rows.sort(key=lambda row: (row.name, row.ledger) if order == "name" else (-_open(row), row.name, row.ledger))
    return site.page(request, "supervise.html", rows=rows, q=q, order=order)


def _row(kept: Kept, now: int) -> Row:
    books = kept.books
    found = money.open_items(kept.store)
    latest = books.publication.latest
    today = period.legal_day(max(now, books.head.time), books.offset).isoformat()
    asked = objections.totals(kept.store, today)
    return Row(
        home=site.home(kept),
        ledger=kept.digest,
        name=books.name,
        origin=books.origin,
        entries=kept.size,
        last=period.legal_day(books.head.time, books.offset).isoformat(),
        quiet=now - books.head.time > QUIET_DAYS * 86_400_000,
        statement=latest.period if latest else "",
        unfounded=len(found.unfounded),
        unfounded_amount=sum(abs(one.amount) for one in found.unfounded),
        suspense=len(found.suspense),
        unconfirmed=len(found.unconfirmed),
        running=found.withdrawals,
        questions=asked.waiting,
        overdue=asked.overdue,
        stopped=kept.stopped or "",
    )


def _open(row: Row) -> int:
    return row.unfounded + row.suspense + row.unconfirmed + row.overdue + bool(row.stopped) + row.quiet
