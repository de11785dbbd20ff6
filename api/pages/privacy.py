"""``/c/<ledger>/privacy``: 个人信息处理告知 (PIPL articles 7, 14, 17): who processes what, why, for how long, and how to say no.

The texts are a draft: who the processor is, how he is reached and how long private texts are kept, the operator says by
settings. Where he has not, the page says that it is missing, rather than nothing.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import Asking, settings_of
from api.pages import site

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
SECTIONS: Final = ("who", "public", "private", "never", "why", "kept", "rights", "withdraw")


@ROUTER.get("/privacy")
def privacy(request: Request, asking: Asking = site.may("pages")) -> Response:
    """What a person has to be told before he gives anything."""
    settings = settings_of(request)
    return site.page(
        request,
        "privacy.html",
        asking=asking,
        sections=SECTIONS,
        operator=settings.operator,
        contact=settings.contact,
        retention=settings.retention,
    )
