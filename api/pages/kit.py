"""``/c/<ledger>/statements/<period>/kit``: what is hung and handed round, for whoever does it: print, send, photograph."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import Asking
from api.pages import site
from api.pages.posted import posted
from api.pages.statements import DOOR, today
from api.routes.asked import address
from ledger.paper.message import message
from ledger.paper.phrases import Phrases
from ledger.paper.pointer import LONGEST_PLACE, MOST_COPIES
from ledger.store import printing, statements
from ledger.store.reading import postings

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)


@ROUTER.get("/statements/{period}/kit")
def kit(request: Request, period: str, asking: Asking = site.may("kit")) -> Response:
    """The kit of a published statement. Raises NotFound ``statement.unknown``."""
    store, phrases = asking.kept.store, Phrases(asking.locale)
    drawn = statements.published(store, period)
    printed = printing.printed_with(store, period, address(request, asking, f"statements/{period}"))
    found = postings.postings(store, period, today(request, asking))
    return site.page(
        request,
        "kit.html",
        asking=asking,
        door=DOOR,
        private=True,
        period=period,
        title=phrases.period(period),
        data=f"/api/v1/ledgers/{asking.kept.digest}/statements/{period}",
        message=message(drawn, printed, asking.locale),
        digest=phrases.digest(found.statement),
        posted=posted(found, phrases),
        most=MOST_COPIES,
        longest=LONGEST_PLACE,
    )
