"""The desk over HTTP: what is to be paid, what stands before the next statement, that statement as it would be."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import answers
from api.asking import Asking, may, rendering_of, today
from api.problems import described
from api.routes.asked import LEDGER, Digest
from ledger.store.reading import closing, due

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["the treasurer's desk"])


@ROUTER.get("/due", response_model=due.Due, responses=described(404))
def payments_due(request: Request, asking: Asking = may("money")) -> Response:
    """What is to be paid: applications on their way, and what contracts promise for the running cycle."""
    return answers.growing(request, due.due(asking.kept.store, today(request, asking.kept)))


@ROUTER.get("/withdrawals/{digest}/due", response_model=due.DueItem, responses=described(404))
def payment_due(request: Request, digest: Digest, asking: Asking = may("money")) -> Response:
    """One application with all that whoever decides needs beside it."""
    return answers.growing(request, due.one(asking.kept.store, digest, today(request, asking.kept)))


@ROUTER.get("/closing", response_model=closing.Closing, responses=described(404, 422))
def before_the_statement(request: Request, asking: Asking = may("money")) -> Response:
    """What stands before the next statement: the bank's reach, what is open, the boxes."""
    return answers.growing(request, closing.closing(asking.kept.store, today(request, asking.kept)))


@ROUTER.get("/closing/statement", response_model=closing.Drawn, responses=described(401, 403, 404, 422))
async def next_statement(request: Request, asking: Asking = may("draft")) -> Response:
    """The next statement as the books stand, what changed against the last, and the body that its signers sign."""
    return answers.private(await drawn(request, asking))


async def drawn(request: Request, asking: Asking) -> bytes:
    """The next statement in short, as JSON of :class:`~ledger.store.reading.closing.Drawn`: drawn up once for each size of the log."""
    key = ("closing", asking.kept.digest, str(asking.kept.books.head.size))
    return await rendering_of(request).made(key, lambda: closing.drawn(asking.kept.store).model_dump_json().encode())
