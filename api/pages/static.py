"""Style sheets and ES modules, as they lie in ``static/``: no build step, no other host.

The address holds a digest of all files together. A file is therefore never stale, may be kept for ever, and modules that
import one another by relative paths always come from one version.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi import Path as PathParameter
from fastapi.responses import RedirectResponse, Response

from api import answers
from api.asking import open_to_all
from ledger.errors import NotFound

FOLDER: Final = Path(__file__).parent / "static"
MEDIA: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
VERSION_LENGTH: Final = 16
ROUTER: Final = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file with its media type, as it is and packed."""

    media: str
    data: bytes
    packed: bytes


@cache
def files() -> Mapping[str, File]:
    """All static files by their path below ``static/``; read once."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        media = MEDIA.get(path.suffix)
        if media is not None and path.is_file():
            data = path.read_bytes()
            found[path.relative_to(FOLDER).as_posix()] = File(media, data, gzip.compress(data, 9, mtime=0))
    return found


@cache
def version() -> str:
    """The digest of all files that stands in their address."""
    whole = hashlib.sha256()
    for path, file in files().items():
        whole.update(f"{path} {hashlib.sha256(file.data).hexdigest()}\n".encode())
    return whole.hexdigest()[:VERSION_LENGTH]


def address(path: str) -> str:
    """Where a static file lies. Raises KeyError for one that is not there."""
    files()[path]
    return f"/static/{version()}/{path}"


@ROUTER.get("/static/{version}/{path:path}", dependencies=[Depends(open_to_all("pages"))])
def static(request: Request, asked: Annotated[str, PathParameter(alias="version")], path: str) -> Response:
    """A file of this version; an address of another version leads to this one's."""
    file = files().get(path)
    if file is None:
        raise NotFound("request.path", request.url.path[:200])
    if asked != version():
        return RedirectResponse(address(path), headers={"Cache-Control": "no-store"})
    if "gzip" in request.headers.get("accept-encoding", ""):
        return answers.immutable(
            request, file.packed, file.media, {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        )
    return answers.immutable(request, file.data, file.media, {"Vary": "Accept-Encoding"})
