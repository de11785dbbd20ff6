"""A unit over HTTP, for its owners and whoever holds an office."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from api import access, answers
from api.asking import Asking, may
from api.problems import described
from api.routes.asked import LEDGER, Code
from ledger.store.reading import units

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["units"])


@ROUTER.get("/units/{code}", response_model=units.UnitItem, responses=described(401, 403, 404))
def one(code: Code, asking: Asking = may("unit")) -> Response:
    """A unit with its label, owners, votes and lines, as far as the reader may see them."""
    access.check_unit(asking.reader, code)
    return answers.private(units.unit(asking.kept.store, code, asking.reader.audiences))
