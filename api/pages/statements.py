"""``/c/<ledger>/statements``: 公示. The published statements, and one of them line by line."""

from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from api.asking import Asking
from api.asking import today as legal_today
from api.pages import site
from api.pages.drawn import drawn
from api.pages.posted import posted
from api.routes import statements as asked
from ledger import period as calendar
from ledger.errors import NotFound
from ledger.paper.phrases import Phrases
from ledger.paper.poster import unexplained
from ledger.publication.decide import Corrected
from ledger.store import statements
from ledger.store.reading import postings

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
DOOR: Final = "statements"


@ROUTER.get("/statements")
def listed(request: Request, asking: Asking = site.may("pages")) -> Response:
    """All statements, the newest first, and the correction notices beside them."""
    standing = sorted(statements.standing(asking.kept.store).values(), key=lambda one: -one.seq)
    notices = asking.kept.store.events(Corrected)
    return site.page(request, "statements.html", asking=asking, door=DOOR, statements=standing, notices=notices)


@ROUTER.get("/statements/{period}")
def one(request: Request, period: str, asking: Asking = site.may("pages")) -> Response:
    """One statement. Raises NotFound ``statement.unknown``."""
    standing = statements.standing(asking.kept.store)
    if period not in standing:
        raise NotFound("statement.unknown", period[:40], sorted(standing))
    shown = drawn(asking.kept, standing[period], asking.locale)
    found = asked.known(request, asking, period)
    hung = postings.postings(asking.kept.store, period, today(request, asking))
    page = site.page(
        request,
        "statement.html",
        asking=asking,
        door=DOOR,
        view=shown.view,
        records=shown.records,
        record=standing[period].record,
        period=period,
        posted=posted(hung, Phrases(asking.locale)),
        unexplained=tuple(unexplained(found, Phrases(asking.locale))),
    )
    if found is None:
        page.background = BackgroundTask(asked.find_out, request, asking, period)
    return page


def today(request: Request, asking: Asking) -> date:
    """The legal day of the ledger on which a page is asked for."""
    return calendar.parse_day(legal_today(request, asking.kept))
