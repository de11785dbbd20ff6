"""``/`` and ``/c/<ledger>/``: the ledgers kept here, and the first view of one: what is there, and whether it is right."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.asking import Asking, keeper_of, open_to_all, today
from api.pages import site
from api.pages.drawn import latest
from ledger import period
from ledger.books import Books
from ledger.paper.phrases import Phrases
from ledger.store.reading import objections

ROUTER: Final = APIRouter(include_in_schema=False)
DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Brief:
    """A ledger on the list."""

    home: str
    name: str
    origin: str
    example: bool


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is asked of whoever reads: what, until when, where, and the word on the button."""

    title: str
    until: str
    path: str
    act: str


@dataclass(frozen=True, slots=True)
class Month:
    """The balance at the end of a month; ``share`` in thousandths of the largest."""

    label: str
    amount: str
    share: int


@ROUTER.get("/", dependencies=[Depends(open_to_all("pages"))])
def ledgers(request: Request) -> Response:
    """The ledgers kept here; with one, straight to it."""
    kept = sorted(keeper_of(request).kept.values(), key=lambda one: (one.books.name, one.digest))
    if len(kept) == 1:
        return RedirectResponse(site.home(kept[0]), headers={"Cache-Control": "no-cache"})
    listed = [Brief(site.home(one), one.books.name, one.books.origin, one.books.example) for one in kept]
    return site.page(request, "home.html", ledgers=listed)


@ROUTER.get("/c/{ledger}/")
def community(request: Request, asking: Asking = site.may("pages")) -> Response:
    """The first view: balance with its date, the bank, in and out, what is asked, the biggest."""
    shown = latest(asking.kept, asking.locale)
    phrases = Phrases(asking.locale)
    now = max(request.app.state.clock(), asking.kept.books.head.time)
    statement: dict[str, Any] = shown.statement if shown else {}
    return site.page(
        request,
        "community.html",
        asking=asking,
        view=shown.view if shown else None,
        statement_home=f"{site.home(asking.kept)}statements/{shown.period}" if shown else "",
        difference=_difference(statement, phrases),
        months=_months(statement, phrases),
        tasks=_tasks(asking.kept.books, phrases, now),
        questions=objections.totals(asking.kept.store, today(request, asking.kept)),
    )


def _difference(statement: dict[str, Any], phrases: Phrases) -> str:
    return phrases.yuan(sum(abs(account.get("difference", 0)) for account in statement.get("accounts", ())))


def _months(statement: dict[str, Any], phrases: Phrases) -> list[Month]:
    """What the bank held at the end of each month, all reconciled accounts together."""
    held: dict[str, int] = {}
    for table in statement.get("reconciliation", ()):
        held[table["month"]] = held.get(table["month"], 0) + table["bank"]
    most = max(held.values(), default=0)
    return [
        Month(phrases.month(month), phrases.yuan(bank), max(0, bank) * 1000 // max(1, most))
        for month, bank in sorted(held.items())
    ]


def _tasks(books: Books, phrases: Phrases, now: int) -> list[Task]:
    """Open votes, the one that closes first on top."""
    running = [m for m in books.votes.meetings.values() if m.voting is not None and m.opens <= now < m.closes]
    return [
        Task(
            meeting.title,
            phrases.text(
                "page.days_left",
                days=-(-(meeting.closes - now) // DAY_MS),
                moment=phrases.moment(period.format_time(meeting.closes), books.offset),
            ),
            f"votes/{meeting.called}",
            phrases.text("page.vote_now"),
        )
        for meeting in sorted(running, key=lambda one: one.closes)
    ]
