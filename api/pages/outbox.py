"""``/c/<ledger>/outbox`` and ``/c/<ledger>/calendar.ics``: texts to copy, and the same days for a telephone's calendar."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import answers
from api.asking import Asking, settings_of
from api.pages import site
from api.pages.titles import Titles
from api.routes.outbox import home_of, told
from ledger.exchange import icalendar
from ledger.paper.phrases import Phrases
from ledger.store.reading import calendar

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
SHOWN: Final = 12


@ROUTER.get("/outbox")
def outbox(request: Request, asking: Asking = site.may("outbox")) -> Response:
    """What is to be told, each with its text in both languages."""
    return site.page(
        request, "outbox.html", asking=asking, titles=Titles(asking), items=told(request, asking, SHOWN).items
    )


@ROUTER.get("/calendar.ics")
def subscribed(request: Request, asking: Asking = site.may("outbox")) -> Response:
    """Votes, postings and days due, as a calendar that telephones subscribe to (RFC 5545)."""
    name = Phrases(asking.locale).text("calendar.name", name=asking.kept.books.name)
    found = calendar.events(asking.kept.store, home_of(settings_of(request), asking.kept), asking.locale)
    return answers.growing(request, icalendar.encode(name, found), icalendar.MEDIA)
