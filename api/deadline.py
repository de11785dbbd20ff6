"""Whoever sends slowly does not hold a place: a request comes whole within its seconds, and its head within its bytes.

uvicorn waits without end for the rest of a request, and keeps as many bytes of headers as come. This is its protocol with one
timer a connection: it runs from the first moment, and again from the first byte of each further request, until the
request has come whole; then the application has it, which has limits of its own. Between requests uvicorn's keep-alive rules.
"""

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 1 << 15
"""Bytes of a request's line and headers at most."""
LATE: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Deadline(HttpToolsProtocol):
    """uvicorn's protocol with a timer; a subclass by :func:`within` says how many seconds."""

    seconds: ClassVar[float] = 30.0

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._head: int | None = 0
        """Bytes of the head so far; None while a body comes or is answered."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Somebody is there: from now on he has his seconds."""
        super().connection_made(transport)
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody waits any more."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count the bytes of a head before they are kept."""
        if self._head is not None:
            self._head += len(data)
        super().data_received(data)
        if self._head is not None and self._head > HEAD_BYTES:
            self._end(LONG)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        if self._head is None:
            self._head = 0
        self._start()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._head = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All of it is there."""
        self._stop()
        super().on_message_complete()

    def _start(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.seconds, self._end, LATE)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self, answer: bytes) -> None:
        self._stop()
        if not self.transport.is_closing():
            # Where an answer has begun, another one in the middle of it would be read as its body.
            if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
                self.transport.write(answer)
            self.transport.close()


def within(seconds: float) -> type[Deadline]:
    """The protocol for requests that come whole within so many seconds."""
    return type("Deadline", (Deadline,), {"seconds": seconds})
