"""Answers that stay open: server-sent events (HTML Standard §9.2), as many at a time as the settings let there be.

>>> streams = Streams(most=3, each=2)
>>> streams.take("a"), streams.take("a"), streams.take("b"), streams.open
(None, None, None, 3)
>>> streams.give_back("a")
>>> streams.open
2
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api import answers
from ledger.errors import Refused, Unavailable

MEDIA: Final = "text/event-stream"
ALIVE: Final = b": \n\n"
"""A comment: nothing happened, the line is there."""
RETRY_AFTER: Final = 30
"""Seconds after which whoever was refused may try again."""
RETRY: Final = b"retry: 2000\n\n"


@dataclass
class Streams:
    """The streams that are open: ``most`` at a time, ``each`` to one address."""

    most: int
    each: int
    open: int = 0
    _held: Counter[str] = field(default_factory=Counter)

    def take(self, address: str) -> None:
        """One more. Raises Refused ``events.too_many`` (this address has its share), Unavailable ``events.full``."""
        if self._held[address] >= self.each:
            raise Refused("events.too_many", self._held[address], self.each, retry_after=RETRY_AFTER)
        if self.open >= self.most:
            raise Unavailable("events.full", self.open, self.most, retry_after=RETRY_AFTER)
        self.open += 1
        self._held[address] += 1

    def give_back(self, address: str) -> None:
        """One less; of an address without any nothing is kept."""
        self.open -= 1
        self._held[address] -= 1
        if not self._held[address]:
            del self._held[address]


class Stream(StreamingResponse):
    """An open answer that counts among the server's streams until it ends, however it ends."""

    def __init__(self, streams: Streams, address: str, told: AsyncIterator[bytes]) -> None:
        """Raises as :meth:`Streams.take`."""
        streams.take(address)
        self._streams, self._address = streams, address
        # "X-Accel-Buffering": a proxy in front must not hold events back.
        super().__init__(told, 200, {"Cache-Control": answers.PRIVATE, "X-Accel-Buffering": "no"}, MEDIA)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until there is nothing more to tell, or nobody to tell it to."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.give_back(self._address)


def event(name: str, number: int, data: bytes) -> bytes:
    """One event; whoever has seen ``number`` need not see it again."""
    return b"event: %b\nid: %d\ndata: %b\n\n" % (name.encode(), number, data)
