"""Parameters that many operations take, and the addresses that their prints carry."""

from typing import Annotated, Final

from fastapi import Path as InPath
from fastapi import Query, Request

from api.asking import Asking, settings_of
from ledger.store.reading.shown import CURSOR_LIMIT, MOST

After = Annotated[str, Query(max_length=CURSOR_LIMIT, description="`next` of an earlier answer")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="items at most")]
Newest = Annotated[bool, Query(description="the newest first")]
Digest = Annotated[str, InPath(pattern=r"^[0-9a-f]{64}$", description="a record's digest", examples=["5e884898" * 8])]
Code = Annotated[str, InPath(max_length=40, pattern=r"^[a-z0-9][a-z0-9_-]*$", description="a code of this ledger")]
LEDGER: Final = "/api/v1/ledgers/{ledger}"


def address(request: Request, asking: Asking, path: str) -> str:
    """Where a print's QR code leads: to a page of the ledger, where people can reach this service at all."""
    settings = settings_of(request)
    return f"{settings.site}/c/{asking.kept.digest}/{path}" if settings.secure else ""
