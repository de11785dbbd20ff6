"""A witness in a street office: a small server that keeps to C2SP tlog-witness, over a real socket."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ledger.errors import MingzhangError, NotFound
from ledger.log.note import SigningKey, VerifierKey
from ledger.log.witness import (
    SIZE_CONTENT_TYPE,
    STATUS,
    Cosigned,
    LocalWitness,
    SqliteState,
    format_cosigned,
    format_size,
    origin_hash,
    parse_request,
)
from ledger.watch.witness import HttpWitness

PREFIX = "/street"


class Street(BaseHTTPRequestHandler):
    """The other end: a witness that checks signatures and consistency and remembers what it has cosigned."""

    witness: LocalWitness

    def do_POST(self) -> None:
        assert self.path == f"{PREFIX}/add-checkpoint"
        try:
            asked = parse_request(self.rfile.read(int(self.headers["Content-Length"])))
            found = self.witness.add_checkpoint(asked.old_size, asked.proof, asked.checkpoint)
        except MingzhangError as error:
            self._answer(STATUS[error.rule], "text/plain", b"")
            return
        if isinstance(found, Cosigned):
            self._answer(200, "text/plain", format_cosigned(found))
        else:
            self._answer(409, SIZE_CONTENT_TYPE, format_size(found))

    def do_GET(self) -> None:
        (origin,) = self.witness.logs
        assert self.path == f"{PREFIX}/{origin_hash(origin)}/checkpoint"
        try:
            self._answer(200, "text/plain", self.witness.latest(origin))
        except NotFound:
            self._answer(404, "text/plain", b"")

    def _answer(self, status: int, media: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def street(log: Sequence[VerifierKey], clock: Callable[[], int], keys: Sequence[SigningKey]) -> Iterator[HttpWitness]:
    """A witness of one log at an address of this machine; ``clock`` in milliseconds."""
    local = LocalWitness(keys, {log[0].name: log}, SqliteState(":memory:"), lambda: clock() // 1000)
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Street,), {"witness": local})) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield HttpWitness(f"http://127.0.0.1:{server.server_port}{PREFIX}/", local.vkeys)
        finally:
            server.shutdown()
            thread.join()
