"""``…/search?q=``: what something is, by :mod:`ledger.store.reading.search`."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api import answers
from api.asking import Asking, may
from api.problems import described
from api.routes.asked import LEDGER
from ledger.store.reading import search

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["search"])
Text = Annotated[
    str,
    Query(
        min_length=1,
        max_length=search.LONGEST,
        description="a digest, an entry's or voucher's number, a period, a code, or an amount in yuan; exactly",
        examples=["2026-03-0007"],
    ),
]


@ROUTER.get("/search", response_model=search.Found, responses=described(404))
def find(q: Text, asking: Asking = may("search")) -> Response:
    """What a digest, number, code or amount is on this ledger, and where."""
    return answers.private(search.search(asking.kept.store, q, asking.reader.audiences))
