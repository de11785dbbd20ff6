"""A load generator: HTTP/1.1 on keep-alive connections, no more of it than an answer with its length said needs.

A client of its own, since a general one (httpx) takes longer over a request than the servers that are measured here, and
would measure itself. Two sorts of load:

* :func:`as_fast_as_it_goes`: every connection asks again as soon as it is answered (closed loop), for throughput;
* :func:`arriving`: requests arrive at random moments at a given rate, whatever the server does (open loop), for latency.
  Each is measured from the moment at which it was to be sent: one that found no connection free, since the server was
  slow, has waited all the same (no coordinated omission).

What is not answered as it should be ends the load: a server that refuses quickly is not a fast one.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from ledger.errors import Unavailable

T = TypeVar("T")

WARM_UP: Final = 0.15
"""The share of a load's time whose arrivals are not counted."""
PATIENCE: Final = 60.0
"""Seconds after its end within which a load must be answered."""
HERE: Final = "127.0.0.1"
GOOD: Final = frozenset({200, 201, 202})
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SHOWN: Final = 200


def get(path: str) -> bytes:
    """The bytes of a GET request."""
    return b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n" % path.encode()


def post(path: str, body: bytes) -> bytes:
    """The bytes of a POST request of JSON."""
    head = b"POST %b HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % (path.encode(), len(body)) + body


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status and body."""

    status: int
    body: bytes


@dataclass(slots=True)
class Load:
    """What came of a load: how many were answered within ``seconds``, and with which statuses."""

    seconds: float = 0.0
    answered: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[int] = field(default_factory=list)
    """Nanoseconds from the moment at which a request was to be sent to the last byte of its answer (open loop only)."""
    processor: float = 0.0
    """Seconds of the processors that the server used for it."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds if self.seconds > 0 else 0.0

    @property
    def each(self) -> float:
        """Microseconds of the processors for each answer."""
        return self.processor * 1e6 / max(1, self.answered)


class Connection(asyncio.Protocol):
    """One keep-alive connection, with one request under way at most."""

    def __init__(self) -> None:
        self._got = bytearray()
        self._head = self._whole = self._status = 0
        self._waits: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    def ask(self, request: bytes) -> "asyncio.Future[Answer]":
        """Send a request. The answer raises ConnectionError where the server hangs up, Unavailable ``bench.no_answer``
        where it cannot be read.
        """
        transport = cast("asyncio.Transport", self._transport)
        self._waits = asyncio.get_running_loop().create_future()
        if transport.is_closing():
            self.connection_lost(None)
        else:
            transport.write(request)
        return self._waits

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server has gone."""
        if self._waits is not None and not self._waits.done():
            self._waits.set_exception(ConnectionResetError(str(exc or "closed")))

    def data_received(self, data: bytes) -> None:
        """Gather an answer."""
        self._got += data
        if not self._whole:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            length = _LENGTH.search(self._got, 0, end)
            if length is None:
                if self._waits is not None and not self._waits.done():
                    self._waits.set_exception(Unavailable("bench.no_answer", "no length"))
                return
            self._head, self._status = end + 4, int(self._got[9:12])
            self._whole = self._head + int(length[1])
        if len(self._got) >= self._whole and self._waits is not None:
            answer = Answer(self._status, bytes(self._got[self._head : self._whole]))
            self._got.clear()
            self._whole = 0
            if not self._waits.done():
                self._waits.set_result(answer)


class Line:
    """A connection that is made anew when the server has hung up between two requests, as servers do after some seconds."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: Connection | None = None

    async def connect(self) -> Connection:
        """Raises OSError."""
        self.close()
        _transport, made = await asyncio.get_running_loop().create_connection(Connection, HERE, self._port)
        self._connection = made
        return made

    async def ask(self, request: bytes) -> Answer:
        """The answer. Asking twice is safe: a record that stands already has its place. Raises OSError, Unavailable."""
        if self._connection is not None:
            with suppress(ConnectionError):
                return await self._connection.ask(request)
        return await (await self.connect()).ask(request)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()


async def ask(port: int, request: bytes) -> Answer:
    """One answer of a server on this machine. Raises Unavailable ``bench.no_answer``."""
    async with _connected(port, 1) as (line,):
        return await line.ask(request)


async def as_fast_as_it_goes(port: int, connections: int, requests: Iterable[bytes], seconds: float) -> Load:
    """Ask over and over on each connection until the time or the ``requests`` are over; then the last answers are awaited.

    The seconds go from the first request to the last answer, when most connections are silent again: a rate is a little less
    than what goes on between, the less the longer the load. Raises Unavailable ``bench.…``.
    """
    load, loop, left = Load(), asyncio.get_running_loop(), iter(requests)
    async with _connected(port, connections) as crowd:
        began = loop.time()

        async def one(line: Line) -> None:
            for request in left:
                if loop.time() >= began + seconds:
                    break
                _count(load, await line.ask(request), GOOD)

        await _all([one(line) for line in crowd], seconds)
        load.seconds = loop.time() - began
    load.answered = load.statuses.total()
    return load


async def arriving(port: int, connections: int, requests: Iterable[bytes], rate: float, seconds: float) -> Load:
    """Let requests arrive at random, ``rate`` a second on average, from the same seed each time. Raises Unavailable ``bench.…``."""
    load, loop, chance = Load(), asyncio.get_running_loop(), random.Random(0)  # noqa: S311 - arrivals, no secrets
    due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    async with _connected(port, connections) as crowd:
        began = loop.time()
        first = began + WARM_UP * seconds

        async def one(line: Line) -> None:
            while (arrived := await due.get()) is not None:
                at, request = arrived
                _count(load, await line.ask(request), GOOD)
                if at >= first:
                    load.latencies.append(round((loop.time() - at) * 1e9))

        async def arrive() -> None:
            at = began
            for request in requests:
                at += chance.expovariate(rate)
                if at >= began + seconds:
                    break
                if (early := at - loop.time()) > 0:
                    await asyncio.sleep(early)
                due.put_nowait((at, request))
            for _ in crowd:
                due.put_nowait(None)

        await _all([arrive(), *(one(line) for line in crowd)], seconds)
        load.seconds = loop.time() - first
    load.answered = len(load.latencies)
    return load


def run(load: Coroutine[Any, Any, T]) -> T:
    """Run a load in an event loop of its own, uvloop's where there is one: what the generator takes the server lacks."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(load)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ModuleNotFoundError:
        return None
    return uvloop.new_event_loop


def _count(load: Load, answer: Answer, good: Collection[int]) -> None:
    load.statuses[answer.status] += 1
    if answer.status not in good:
        said = answer.body[:_SHOWN].decode(errors="replace")
        raise Unavailable("bench.answer", answer.status, sorted(good), said=said)


@asynccontextmanager
async def _connected(port: int, connections: int) -> AsyncIterator[list[Line]]:
    crowd = [Line(port) for _ in range(connections)]
    try:
        for line in crowd:
            await line.connect()
        yield crowd
    except OSError as error:
        raise Unavailable("bench.no_answer", type(error).__name__) from error
    finally:
        for line in crowd:
            line.close()


async def _all(parts: Iterable[Coroutine[Any, Any, None]], seconds: float) -> None:
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        async with asyncio.timeout(seconds + PATIENCE):
            await asyncio.gather(*tasks)
    except TimeoutError:
        raise Unavailable("bench.no_answer", "timeout") from None
    finally:
        for task in tasks:
            task.cancel()
