"""Answers that stay open: server-sent events (HTML Standard §9.2), as many at a time as the settings let there be."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api import answers
from ledger.errors import Unavailable

MEDIA: Final = "text/event-stream"
ALIVE: Final = b": \n\n"
"""A comment: nothing happened, the line is there."""
RETRY: Final = b"retry: 2000\n\n"


@dataclass
class Streams:
    """The streams that are open."""

    most: int
    open: int = 0

    def take(self) -> None:
        """One more. Raises Unavailable ``events.full``."""
        if self.open >= self.most:
            raise Unavailable("events.full", self.open, self.most, retry_after=30)
        self.open += 1

    def give_back(self) -> None:
        """One less."""
        self.open -= 1


class Stream(StreamingResponse):
    """An open answer that counts among the server's streams until it ends, however it ends."""

    def __init__(self, streams: Streams, told: AsyncIterator[bytes]) -> None:
        """Raises Unavailable ``events.full``."""
        streams.take()
        self._streams = streams
        # "X-Accel-Buffering": a proxy in front must not hold events back.
        super().__init__(told, 200, {"Cache-Control": answers.PRIVATE, "X-Accel-Buffering": "no"}, MEDIA)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until there is nothing more to tell, or nobody to tell it to."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.give_back()


def event(name: str, number: int, data: bytes) -> bytes:
    """One event; whoever has seen ``number`` need not see it again."""
    return b"event: %b\nid: %d\ndata: %b\n\n" % (name.encode(), number, data)
