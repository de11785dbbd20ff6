"""``/c/<ledger>/sign-in``: signing in, by the keys that a browser holds; the scripts of ``static/sign/`` do the rest."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.asking import Asking
from api.pages import site

ROUTER: Final = APIRouter(include_in_schema=False)


@ROUTER.get("/c/{ledger}/sign-in")
def sign_in(
    request: Request,
    going: Annotated[str, Query(alias="next", max_length=300)] = "",
    asking: Asking = site.may("pages"),
) -> Response:
    """The keys of this browser; afterwards the page that was wanted, if it is one of this ledger."""
    home = site.home(asking.kept)
    return site.page(
        request, "sign_in.html", asking=asking, private=True, next=going if going.startswith(home) else home
    )
