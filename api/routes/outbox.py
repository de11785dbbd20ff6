"""The outbox over HTTP: what is to be told, worded in both languages, with links that are only read."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api import answers
from api.asking import Asking, may, settings_of
from api.keeper import Kept
from api.problems import described
from api.routes.asked import LEDGER
from api.settings import Settings
from ledger import period
from ledger.store.reading import outbox

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["outbox"])
AHEAD_DAYS: Final = 14
SHORT: Final = 16
"""Digits of the genesis digest in an address that people read."""


@ROUTER.get("/outbox", response_model=outbox.Outbox, responses=described(404))
def to_be_told(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200, description="items at most")] = 50,
    asking: Asking = may("outbox"),
) -> Response:
    """Notices that are due, and those of the next two weeks, the newest first."""
    return answers.growing(request, told(request, asking, limit))


def told(request: Request, asking: Asking, limit: int) -> outbox.Outbox:
    """What the outbox holds now."""
    now = max(request.app.state.clock(), asking.kept.books.head.time)
    until = now + AHEAD_DAYS * period.DAY_MS
    return outbox.outbox(asking.kept.store, home_of(settings_of(request), asking.kept), until, limit=limit)


def home_of(settings: Settings, kept: Kept) -> str:
    """The address of a ledger's first page, as people get it in a message."""
    return f"{settings.site}/c/{kept.digest[:SHORT]}/"
