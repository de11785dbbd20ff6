"""``/c/<ledger>/desk``: the treasurer's desk. What is to be paid, the month's bank file, the next statement; all to be read by
anybody, for it follows from the noticeboard; signed by whoever has the office.
"""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import Asking, settings_of, today
from api.pages import site, waiting
from api.pages.questions import worded
from api.pages.titles import Titles
from api.routes.desk import drawn
from api.routes.objections import read_by
from ledger import period
from ledger.errors import NotFound
from ledger.money import format_capital
from ledger.store.reading import closing, due, money, objections
from ledger.store.reading.closing import Drawn
from ledger.store.reading.due import DueItem
from ledger.store.store import PUBLISHED
from ledger.store.waiting import Waiting

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
STEPS: Final = ("bank", "open", "draft", "sign", "kit")
"""The screens of a statement, in order; the last is the statement's kit."""
LATE: Final = 20
"""Overdue questions that the draft's screen names."""


@ROUTER.get("/desk")
def desk(request: Request, asking: Asking = site.may("pages")) -> Response:
    """What there is to do: the bank, payments, the statement."""
    found = due.due(asking.kept.store, today(request, asking.kept))
    own = money.accounts(asking.kept.store).items
    opened = asking.kept.books.accounts.opened_on
    return site.page(
        request,
        "desk.html",
        asking=asking,
        titles=Titles(asking),
        banks=[one for one in own if one.nature != "petty"],
        files=money.open_items(asking.kept.store).unconfirmed,
        counted=_counted(found.items),
        questions=objections.totals(asking.kept.store, today(request, asking.kept)),
        closing=closing.closing(asking.kept.store, today(request, asking.kept)) if opened else None,
        waits=_half_signed(asking, request.app.state.clock()),
        waiting=waiting.count(asking, request.app.state.clock()),
    )


@ROUTER.get("/desk/payments")
def payments(request: Request, asking: Asking = site.may("pages")) -> Response:
    """What is to be paid, by how far it has come."""
    found = due.due(asking.kept.store, today(request, asking.kept))
    return site.page(
        request,
        "desk_payments.html",
        asking=asking,
        door="payments",
        titles=Titles(asking),
        on=found.on,
        by=_sorted(found.items),
        address=settings_of(request).site + site.home(asking.kept),
    )


@ROUTER.get("/withdrawals/{application}/slip")
def slip(request: Request, application: str, asking: Asking = site.may("pages")) -> Response:
    """What is told to the bank, for the printer. Raises NotFound ``withdrawal.unknown``, ``withdrawal.not_approved``."""
    found = due.one(asking.kept.store, application, today(request, asking.kept))
    if not found.transfers:
        raise NotFound("withdrawal.nothing_to_pay", application[:80], "a payment that is approved and not paid yet")
    return site.page(
        request, "slip.html", asking=asking, door="payments", titles=Titles(asking), item=found, capital=format_capital
    )


@ROUTER.get("/desk/statement")
def statement(request: Request, asking: Asking = site.may("pages")) -> Response:
    """First screen: whether the bank is complete to the period's end."""
    return _step(request, asking, "bank")


@ROUTER.get("/desk/statement/open")
def unsettled(request: Request, asking: Asking = site.may("pages")) -> Response:
    """Second screen: what is not settled; the boxes."""
    return _step(request, asking, "open")


@ROUTER.get("/desk/statement/draft")
async def draft(request: Request, asking: Asking = site.may("draft")) -> Response:
    """Third screen: the statement as it would be, and what changed."""
    return _step(request, asking, "draft", Drawn.model_validate_json(await drawn(request, asking)))


@ROUTER.get("/desk/statement/sign")
async def sign(request: Request, asking: Asking = site.may("draft")) -> Response:
    """Fourth screen: two touches."""
    found = Drawn.model_validate_json(await drawn(request, asking))
    return _step(request, asking, "sign", found, _signed(asking, found, request.app.state.clock()))


def _half_signed(asking: Asking, now: int) -> bool:
    """Whether a statement waits that one has signed and this reader has not."""
    return bool(asking.reader.roles) and any(one.person != asking.reader.person for one in _waiting(asking, now))


def _waiting(asking: Asking, now: int) -> list[Waiting]:
    """Statements that one has signed; where the ledger is only read, nothing can wait."""
    if not asking.kept.writable:
        return []
    found = asking.kept.store.waiting_room.everything(now)
    return [one for one in found if one.submissions[0].record.kind == PUBLISHED]


def _signed(asking: Asking, draft: Drawn, now: int) -> Waiting | None:
    """The same statement, signed by one already. Of one drawn up before the books moved on nothing is left to sign."""
    fitting = (one for one in _waiting(asking, now) if one.submissions[0].record.body["digest"] == draft.digest)
    return next(fitting, None)


def _step(
    request: Request, asking: Asking, step: str, draft: Drawn | None = None, signed: Waiting | None = None
) -> Response:
    waiting = objections.waiting(asking.kept.store, today(request, asking.kept), read_by(asking.reader), limit=LATE)
    return site.page(
        request,
        "desk_statement.html",
        asking=asking,
        door="statements",
        private=draft is not None,
        titles=Titles(asking),
        steps=STEPS,
        step=step,
        closing=closing.closing(asking.kept.store, today(request, asking.kept)),
        drawn=draft,
        signed=signed,
        questions=waiting,
        late=worded(asking, [one for one in waiting.items if one.overdue]),
        address=settings_of(request).site + site.home(asking.kept),
        now=period.format_time(max(request.app.state.clock(), asking.kept.books.head.time)),
    )


def _sorted(items: Sequence[DueItem]) -> dict[str, list[DueItem]]:
    """By how far each has come; what nobody has asked for yet under ``promised``."""
    found: dict[str, list[DueItem]] = {}
    for item in items:
        found.setdefault(item.withdrawal.standing if item.withdrawal else "promised", []).append(item)
    return found


def _counted(items: Sequence[DueItem]) -> dict[str, int]:
    return {standing: len(found) for standing, found in _sorted(items).items()}
