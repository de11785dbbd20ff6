"""``…/events``: what happens on a ledger, as it happens (server-sent events).

``head``     ``{"size", "root"}``: a new head was given out
``turnout``  ``{"meeting", "seq", "cast", "whole"}``: ballots were counted; area and heads, never what they say

Everything told is under a head that was given out. ``id`` counts entries: who comes back with ``Last-Event-ID`` is told what
has changed since, who comes without is told how things stand. Of many ballots under one head the last turnout is told.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from api.asking import Asking, may, settings_of, streams_of
from api.guards import address_of
from api.keeper import Kept
from api.problems import described
from api.routes.asked import LEDGER
from api.routes.ledgers import Head
from api.streams import ALIVE, MEDIA, RETRY, Stream, event
from ledger.errors import Unavailable
from ledger.store.reading import meetings

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["events"])
Seen = Annotated[
    str, Header(alias="Last-Event-ID", max_length=20, pattern="^[0-9]*$", description="`id` of the last event seen")
]
EXAMPLE: Final = 'event: head\nid: 4032\ndata: {"size":4032,"root":"5e88…"}\n\n'
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    **described(404),
    200: {"content": {MEDIA: {"schema": {"type": "string"}, "example": EXAMPLE}}},
}


@ROUTER.get("/events", response_class=Response, responses=ANSWERS)
async def events(request: Request, seen: Seen = "", asking: Asking = may("events")) -> Response:
    """New heads and turnouts as they come."""
    kept, silence = asking.kept, settings_of(request).keep_alive
    if not kept.size:
        raise Unavailable("source.not_published", None, "the first head, in a second or so")
    address = address_of(request.scope, proxy=settings_of(request).proxy)
    return Stream(streams_of(request), address, _told(kept, int(seen) if seen else -1, silence))


async def _told(kept: Kept, told: int, silence: float) -> AsyncIterator[bytes]:
    yield RETRY
    while not kept.ended:
        head = kept.head.checkpoint
        if head.size == told:
            if not await kept.grows(told, silence):
                yield ALIVE
            continue
        # A number that this log has not reached is of another one, or of before it was rewound: all is told anew.
        first = told if 0 <= told < head.size else 0
        for news in await to_thread.run_sync(meetings.turnouts, kept.store, first, head.size):
            yield event("turnout", news.seq + 1, news.model_dump_json().encode())
        yield event("head", head.size, Head(size=head.size, root=head.root.hex()).model_dump_json().encode())
        told = head.size
