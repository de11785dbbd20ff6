"""Documents over HTTP: handed in by officers and watchers, given to whom their audience allows, by the SHA-256 of their bytes.

They come from strangers. What sort a file is, its own bytes say; a browser gets it in a sandbox, with no right to run or
load anything, as a file to keep unless it is a picture or a PDF.
"""

from typing import Annotated, Any, Final, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import access, answers
from api.asking import Asking, may
from api.problems import described
from api.routes.asked import LEDGER, Digest
from api.uploads import Uploads
from ledger.errors import Refused
from ledger.store import sorts

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["documents"])
Audience = Annotated[
    Literal["public", "owners", "supervisors", "case"],
    Query(description="who may read it: everybody, owners, officers and watchers, nobody over HTTP"),
]
BYTES: Final = "application/octet-stream"
SANDBOX: Final = "default-src 'none'; sandbox"
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in sorts.ENDINGS},
    }
}


class Kept(BaseModel):
    """A document as it is kept. ``audience`` and ``media`` are those of the first time that these bytes were handed in."""

    digest: Annotated[str, Field(description="SHA-256 of its bytes, hex: what records name")]
    audience: str
    media: str
    length: int


@ROUTER.post(
    "/documents",
    status_code=201,
    response_model=Kept,
    responses=described(401, 403, 404, 413, 422),
    openapi_extra=BODY,
)
async def hand_in(request: Request, audience: Audience, asking: Asking = may("upload")) -> Response:
    """Hand in a document: the bytes of the file themselves. The same bytes again change nothing."""
    uploads: Uploads = request.app.state.uploads
    uploads.take(asking.kept.digest, asking.reader.key)
    data, store = await request.body(), asking.kept.store

    def keep() -> Kept:
        digest = store.add_document(data, audience=audience, media=sorts.sort_of(data))
        found = store.document(digest)
        return Kept(digest=digest, audience=found.audience, media=found.media, length=len(found.data))

    return answers.private(await to_thread.run_sync(keep), status=201)


@ROUTER.get(
    "/documents/{digest}",
    response_class=Response,
    responses={
        **described(401, 403, 404, 422),
        200: {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}},
    },
)
def one(digest: Digest, asking: Asking = may("documents")) -> Response:
    """A document's bytes, for whom its audience allows."""
    try:
        found = asking.kept.store.document(digest, asking.reader.audiences)
    except Refused as error:
        if error.rule != "document.audience":
            raise
        raise access.not_for(asking.reader, digest, str(error.accepted)) from None
    response = answers.private(found.data, found.media if found.media in sorts.ENDINGS else BYTES)
    ending = sorts.ENDINGS.get(found.media, "bin")
    way = "inline" if found.media in sorts.SHOWN else "attachment"
    response.headers["Content-Disposition"] = f'{way}; filename="{digest[:16]}.{ending}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
