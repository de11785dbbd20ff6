"""The whole ledger to take away: a bundle as anybody can check it without us, and the books as plain text.

An archive lies in a folder of the server's own that goes with it, of each ledger the newest and the one before. They are made
one at a time, and while a ledger grows only for a tenth of the time: whoever asks meanwhile gets the last one, which is as true
as it was, and finds the newest head at ``/log/…/checkpoint``. Who has to wait holds no thread.
"""

import hashlib
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from api import answers
from api.asking import Asking, may
from api.keeper import Kept
from api.pages import offline
from api.problems import described
from ledger.errors import Refused, Unavailable
from ledger.exchange import bundle
from ledger.log.note import parse_vkey
from ledger.log.policy import introducing
from ledger.store import statements

ROUTER: Final = APIRouter(prefix="/api/v1/ledgers/{ledger}", tags=["taking away"])
ZIP: Final = "application/zip"
MOST: Final = 200_000
"""Entries of a ledger that is given out as one archive; a longer one is read as tiles."""
SHARE: Final = 9
"""An archive is good for so many times as long as it took to make."""
WAITING: Final = 32
"""Requests that wait for an archive at most."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive: where it lies, the head that it was made under, until when no newer one is made (monotonic seconds)."""

    path: Path
    note: bytes
    size: int
    good_until: float


@dataclass
class Archives:
    """The newest archive of each ledger of this server."""

    clock: Callable[[], float] = time.monotonic
    made: dict[str, Archive] = field(default_factory=dict)
    folder: tempfile.TemporaryDirectory[str] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    _waiting: int = 0
    _one: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))

    async def newest(self, kept: Kept) -> Archive:
        """The archive to give out now. Raises Unavailable ``rendering.busy``; as :meth:`of`."""
        found = self.made.get(kept.digest)
        if found and (found.note == kept.head.note or self.clock() < found.good_until):
            return found
        if self._waiting >= WAITING:
            raise Unavailable("rendering.busy", self._waiting, "again in a moment", retry_after=5)
        self._waiting += 1
        try:
            return await to_thread.run_sync(self.of, kept, limiter=self._one)
        finally:
            self._waiting -= 1

    def of(self, kept: Kept) -> Archive:
        """The archive under the newest head. Raises Refused ``export.too_large``; as reading a source."""
        if kept.size > MOST:
            raise Refused("export.too_large", kept.size, f"/log/{kept.digest}/")
        with self.lock:
            if self.folder is None:
                self.folder = tempfile.TemporaryDirectory("-mingzhang")
            folder = Path(self.folder.name)
            source = kept.store.source
            note, size = source.checkpoint(), source.size
            last = self.made.get(kept.digest)
            if last and last.note == note:
                return last
            began = self.clock()
            path = folder / f"{kept.digest}-{hashlib.sha256(note).hexdigest()}.zip"
            vkeys = [parse_vkey(text) for text in kept.books.vkeys]
            policy = introducing(vkeys, [key for witness in kept.witnesses for key in witness.vkeys])
            bundle.write_zip(path, source, statements.all_published(kept.store), vkeys, policy, offline.files())
            now = self.clock()
            made = self.made[kept.digest] = Archive(path, note, size, now + SHARE * (now - began))
            for older in folder.glob(f"{kept.digest}-*.zip"):
                # The last one may still be on its way to somebody: it goes with the next.
                if older not in (path, last and last.path):
                    older.unlink()
            return made

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
    made = await archives.newest(asking.kept)
    name = f"{asking.kept.digest[:16]}-{made.size}.zip"
    headers = {"Cache-Control": answers.GROWING}
    answer = FileResponse(made.path, media_type=ZIP, filename=name, headers=headers, stat_result=made.path.stat())
    tag = answer.headers["etag"]
    return Response(None, 304, headers | {"ETag": tag}) if answers.has(request, tag) else answer
