"""``/c/<ledger>/me``: 我家. Who is signed in: his offices, his units, his ballots and the lines that name them; nobody else's."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import access
from api.asking import Asking, today
from api.pages import site, waiting
from api.pages.questions import worded
from api.pages.titles import Titles
from api.pages.votes import phase
from api.routes.objections import read_by
from ledger.store.reading import meetings, objections, units

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
MOST: Final = 20
"""Units shown on one page: whoever owns more (a developer) goes through their own pages."""
QUESTIONS: Final = 20
"""Of his own questions, the newest."""


@ROUTER.get("/me")
def mine(request: Request, asking: Asking = site.may("session")) -> Response:
    """The signed-in person's own page."""
    store, reader = asking.kept.store, asking.reader
    shown = [units.unit(store, code, reader.audiences, limit=10) for code in reader.units[:MOST]]
    now = max(request.app.state.clock(), asking.kept.books.head.time)
    running = [
        held
        for called in asking.kept.books.votes.meetings
        if phase(held := meetings.meeting(store, called), now) == "voting"
    ]
    day = today(request, asking.kept)
    asked = objections.objections(store, day, read_by(reader), owner=reader.person, limit=QUESTIONS)
    return site.page(
        request,
        "me.html",
        asking=asking,
        private=True,
        titles=Titles(asking),
        units=shown,
        others=reader.units[MOST:],
        running=running,
        to_answer=objections.totals(store, day),
        mine=worded(asking, asked.items),
        waits=waiting.count(asking, request.app.state.clock()),
    )


@ROUTER.get("/units/{code}")
def unit(request: Request, code: str, asking: Asking = site.may("unit")) -> Response:
    """One unit. Raises Refused ``access.not_yours``; NotFound ``unit.unknown``."""
    access.check_unit(asking.reader, code)
    shown = units.unit(asking.kept.store, code, asking.reader.audiences)
    return site.page(request, "unit.html", asking=asking, private=True, titles=Titles(asking), unit=shown)
