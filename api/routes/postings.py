"""What is hung and handed round of a statement, and what is said of its posting.

The three forms carry one hash: numbered posters, picture and text for the group, data. What photographs show is answered
under ``postings``, all of it as claims.
"""

from datetime import date
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api import answers
from api.asking import Asking, may, rendering_of
from api.problems import described
from api.routes.asked import LEDGER, Digest, address
from api.routes.statements import Period, unexplained
from ledger import period as calendar
from ledger.paper import statement as prints
from ledger.paper.pointer import places_of
from ledger.store import printing
from ledger.store import statements as kept
from ledger.store.reading import postings

ROUTER: Final = APIRouter(prefix=f"{LEDGER}/statements", tags=["statements"])
PDF: Final = "application/pdf"
PNG: Final = "image/png"
MOST_TYPED: Final = 8000
"""Characters of places in an address: more than a record's places need."""

BINARY: Final = {"type": "string", "format": "binary"}


@ROUTER.get("/{period}/postings", response_model=postings.Postings, responses=described(404))
def hung(request: Request, period: Period, asking: Asking = may("postings")) -> Response:
    """Who says since when it hangs where, what the photographs show, and what is missing."""
    now = max(request.app.state.clock(), asking.kept.books.head.time)
    today: date = calendar.legal_day(now, asking.kept.books.offset)
    return answers.growing(request, postings.postings(asking.kept.store, period, today))


@ROUTER.get("/{period}/photos/{digest}", response_model=postings.PhotoItem, responses=described(401, 404))
async def photograph(period: Period, digest: Digest, asking: Asking = may("kit")) -> Response:
    """What a photograph that was handed in as a document shows of a statement: its copies, another code, none."""
    store = asking.kept.store

    def looked() -> postings.PhotoItem:
        return postings.photograph(store, period, digest)

    return answers.private(await to_thread.run_sync(looked))


@ROUTER.get(
    "/{period}/copies.pdf",
    response_class=Response,
    responses={**described(401, 404, 422), 200: {"content": {PDF: {"schema": BINARY}}}},
)
async def copies(
    request: Request,
    period: Period,
    places: Annotated[
        str,
        Query(max_length=MOST_TYPED, description="where the copies hang, one a line", examples=["3栋大堂\n5栋大堂"]),
    ] = "",
    asking: Asking = may("kit"),
) -> Response:
    """A numbered poster for each place, in one file."""
    store, listed = asking.kept.store, places_of(places)
    asked = await unexplained(request, asking, period)
    printed = printing.printed_with(store, period, address(request, asking, f"statements/{period}"), asked)

    def print_them() -> bytes:
        return prints.render_copies(kept.published(store, period), printed, listed, asking.locale)

    key = (asking.kept.digest, period, "copies", asking.locale, repr(printed), "\n".join(listed))
    return answers.private(await rendering_of(request).made(key, print_them, keep=False), PDF)


@ROUTER.get(
    "/{period}/picture.png",
    response_class=Response,
    responses={**described(401, 404, 422), 200: {"content": {PNG: {"schema": BINARY}}}},
)
async def picture(request: Request, period: Period, asking: Asking = may("kit")) -> Response:
    """The poster as a picture for the owners' group."""
    store = asking.kept.store
    asked = await unexplained(request, asking, period)
    printed = printing.printed_with(store, period, address(request, asking, f"statements/{period}"), asked)

    def draw() -> bytes:
        return prints.render_picture(kept.published(store, period), printed, asking.locale)

    key = (asking.kept.digest, period, "picture", asking.locale, repr(printed))
    return answers.private(await rendering_of(request).made(key, draw), PNG)
