"""``/log/<ledger>/…``: the log as plain files (C2SP tlog-tiles v0.1.0), for any client of such logs.

``checkpoint`` is kept for seconds, a tile for ever, a document for as long as nobody has it erased. A tile is there as wide as
the newest head lets it be, and every narrower one that an earlier head named; nothing beyond the head is.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import answers
from api.asking import Asking, may
from api.problems import described
from ledger.errors import Malformed, NotFound
from ledger.log.tiles import ENTRIES, WIDTH, parse_path

ROUTER: Final = APIRouter(prefix="/log/{ledger}", tags=["log"])
TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
SECONDS: Final = "public, max-age=2"
FROM_ANYWHERE: Final = {"Access-Control-Allow-Origin": "*"}


@ROUTER.get("/checkpoint", responses={**described(404), 200: {"content": {TEXT: {}}}}, response_class=Response)
async def checkpoint(asking: Asking = may("log")) -> Response:
    """The newest head, with the log's own two lines and its witnesses' (signed note)."""
    return Response(asking.kept.head.note, 200, {"Cache-Control": SECONDS, **FROM_ANYWHERE}, TEXT)


@ROUTER.get("/{path:path}", responses={**described(404), 200: {"content": {BYTES: {}}}}, response_class=Response)
def file(request: Request, path: str, asking: Asking = may("log")) -> Response:
    """A hash tile, an entry bundle, or a public document ``documents/<digest>``."""
    source = asking.kept.store.source
    if path.startswith("documents/"):
        # Never another under this digest, but none once an order had it erased: whoever keeps it asks each time.
        response = answers.growing(request, source.attachment(path), BYTES)
        response.headers.update(FROM_ANYWHERE)
        return response
    try:
        tile = parse_path(path)
    except Malformed:
        raise NotFound(
            "source.file", path[:200], "checkpoint, tile/<L>/<N>[.p/<W>], tile/entries/<N>[.p/<W>]"
        ) from None
    width = None if tile.width == WIDTH else tile.width
    data = source.entries(tile.index, width) if tile.level == ENTRIES else source.tile(tile.level, tile.index, width)
    return answers.immutable(request, data, BYTES, FROM_ANYWHERE)
