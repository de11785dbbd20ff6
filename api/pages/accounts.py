"""``/c/<ledger>/accounts``: 开户. Where the money lies, who must approve a payment, what nobody can yet explain."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import Asking
from api.pages import site
from api.pages.titles import Titles
from ledger.store.reading import authorities, money

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
GRANTED: Final = 50
"""Authorities shown; the newest first."""


@ROUTER.get("/accounts")
def accounts(request: Request, asking: Asking = site.may("pages")) -> Response:
    """All own accounts, the funds in them, their mandates, what is open, what owners have granted."""
    store = asking.kept.store
    return site.page(
        request,
        "accounts.html",
        asking=asking,
        door="accounts",
        titles=Titles(asking),
        accounts=money.accounts(store).items,
        open=money.open_items(store),
        authorities=authorities.authorities(store, limit=GRANTED).items,
    )
