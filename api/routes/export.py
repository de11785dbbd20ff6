"""The whole ledger to take away: a bundle as anybody can check it without us, and the books as plain text.

An archive is made once for each head and kept beside nothing: a folder of the server's own that goes with it. One at a
time; who asks meanwhile waits for it, and a flood of askers gets the one that is there.
"""

import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from api.asking import Asking, may
from api.keeper import Kept
from api.pages import offline
from api.problems import described
from ledger.errors import Refused
from ledger.exchange import bundle
from ledger.log.note import parse_vkey
from ledger.log.policy import Log, Policy
from ledger.store import statements

ROUTER: Final = APIRouter(prefix="/api/v1/ledgers/{ledger}", tags=["taking away"])
ZIP: Final = "application/zip"
MOST: Final = 200_000
"""Entries of a ledger that is given out as one archive; a longer one is read as tiles."""


@dataclass
class Archives:
    """The newest archive of each ledger of this server."""

    made: dict[str, tuple[bytes, Path]] = field(default_factory=dict)
    folder: tempfile.TemporaryDirectory[str] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, kept: Kept) -> Path:
        """The archive under the newest head. Raises Refused ``export.too_large``; as reading a source."""
        if kept.size > MOST:
            raise Refused("export.too_large", kept.size, f"/log/{kept.digest}/")
        with self.lock:
            if self.folder is None:
                self.folder = tempfile.TemporaryDirectory("-mingzhang")
            folder = Path(self.folder.name)
            source = kept.store.source
            note = source.checkpoint()
            known, path = self.made.get(kept.digest, (b"", Path()))
            if known != note:
                # The last one may still be on its way to somebody: it goes with the next.
                last, path = path, folder / f"{kept.digest}-{source.size}.zip"
                vkeys = [parse_vkey(text) for text in kept.books.vkeys]
                policy = Policy(logs=tuple(Log(key) for key in vkeys))
                published = statements.all_published(kept.store)
                bundle.write_zip(path, source, published, vkeys, policy, offline.files())
                for older in folder.glob(f"{kept.digest}-*.zip"):
                    if older not in (path, last):
                        older.unlink()
                self.made[kept.digest] = note, path
            return path

    def close(self) -> None:
        """Remove them."""
        with self.lock:
            if self.folder is not None:
                self.folder.cleanup()


@ROUTER.get(
    "/bundle.zip",
    response_class=Response,
    responses={**described(404, 422), 200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}},
    summary="The ledger as one archive",
)
async def archive(request: Request, asking: Asking = may("export")) -> Response:
    """Log, statements and keys as one archive for `mingzhang verify`: everything that hangs on the noticeboard."""
    archives: Archives = request.app.state.archives
    path = await to_thread.run_sync(archives.of, asking.kept)
    name = f"{asking.kept.digest[:16]}-{asking.kept.size}.zip"
    return FileResponse(path, media_type=ZIP, filename=name, headers={"Cache-Control": "public, no-cache"})
