"""Whether the server lives, whether it can do its work, and how much of it.

What it counts is nobody's but the operator's: it is given to whoever has the token of the setting. Asking only for a
request from this machine would not do, since behind a proxy on the same machine everybody comes from there.
"""

import hmac
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel

from api import answers
from api import metrics as counted
from api.asking import keeper_of, sessions_of, settings_of, streams_of, token_of
from api.problems import described
from ledger.errors import NotFound, Refused

ROUTER: Final = APIRouter(tags=["health"])


class State(BaseModel):
    """One ledger: entries committed, entries under the newest head, and the rule that stops its publisher, if any."""

    ledger: str
    committed: int
    published: int
    writable: bool
    stopped: str | None = None


class Ready(BaseModel):
    """Whether every ledger can be read, and written where it is kept here."""

    ready: bool
    ledgers: list[State]


@ROUTER.get("/health", response_class=PlainTextResponse)
def health() -> Response:
    """The process answers."""
    return Response("ok\n", 200, {"Cache-Control": "no-store"}, "text/plain; charset=utf-8")


@ROUTER.get("/ready", response_model=Ready, responses={503: {"model": Ready}})
def ready(request: Request) -> Response:
    """The ledgers can be read, and heads are given out."""
    states = [
        State(
            ledger=one.digest,
            committed=one.books.head.size,
            published=one.size,
            writable=one.writable,
            stopped=one.stopped,
        )
        for one in keeper_of(request).kept.values()
    ]
    well = all(state.stopped is None and state.published for state in states)
    return answers.private(Ready(ready=well, ledgers=states), status=200 if well else 503)


@ROUTER.get(
    "/metrics",
    response_class=Response,
    responses={**described(401, 404), 200: {"content": {counted.MEDIA: {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """What the server has counted (Prometheus text format 0.0.4), for who has the token."""
    wanted = settings_of(request).metrics
    if not wanted:
        raise NotFound("request.path", "/metrics")
    if not hmac.compare_digest(token_of(request)[0].encode("utf-8", "surrogateescape"), wanted.encode()):
        raise Refused("access.sign_in", "metrics", "Authorization: Bearer")
    said = request.app.state.metrics.text(keeper_of(request), sessions_of(request), streams_of(request))
    return Response(said, 200, {"Cache-Control": answers.PRIVATE}, counted.MEDIA)
