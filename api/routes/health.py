"""Whether the server lives, and whether it can do its work."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api import answers
from api.asking import keeper_of

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


@ROUTER.get("/health", response_model=None)
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
