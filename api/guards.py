"""What stands before every request: its size, how many one address may ask, headers that browsers obey.

Plain ASGI, so that a refused request costs nothing but this.
"""

import ipaddress
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.seen import Seen
from api.settings import Settings
from ledger.errors import Malformed, MingzhangError, Refused

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICT_TRANSPORT: Final = "max-age=31536000"
WRITING_COSTS: Final = 10
"""A request that may write weighs as much as so many that read."""
MOST_ADDRESSES: Final = 50_000
LONGEST_LENGTH: Final = 19
"""Digits of Content-Length."""
NETWORK: Final = 64
"""Bits of an IPv6 address that say whose it is."""


LARGER: Final = ((re.compile(r"POST /api/v1/ledgers/[0-9a-f]{64}/documents"), "document_bytes"),)
"""Requests whose bodies have a limit of their own: the setting that says it."""


class Buckets:
    """A leaky bucket for each address: full, it refuses until enough has run out."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_minute = a_minute
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, weight: int) -> float:
        """0, or the seconds after which the address may ask again."""
        now = self._clock()
        filled, since = self._held.pop(address, (0.0, now))
        filled = max(0.0, filled - (now - since) * self._a_minute / 60)
        over = filled + weight - self._a_minute
        self._held[address] = (filled if over > 0 else filled + weight, now)
        while len(self._held) > MOST_ADDRESSES:
            self._held.popitem(last=False)
        return max(0.0, over * 60 / self._a_minute)


def _without_body(send: Send) -> Send:
    """HEAD is GET whose body is not sent (RFC 9110 section 9.3.2): the answer ends where a body would begin, however long that is."""
    ended = False

    async def sent(message: Message) -> None:
        nonlocal ended
        if message["type"] != "http.response.body":
            await send(message)
        elif not ended:
            ended = True
            await send({**message, "body": b"", "more_body": False})

    return sent


class Guards:
    """The middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._buckets = Buckets(settings.requests)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._settings.secure:
                    headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
            await send(message)

        reply: Send = answered
        if scope["method"] == "HEAD":
            scope, reply = {**scope, "method": "GET"}, _without_body(answered)
        refusal, wait = self._refusal(scope)
        if refusal is not None:
            Seen.of(scope).rule = refusal.rule
            request = Request(scope)
            response = problems.answer(refusal, problems.locale_of(request), wait)
            await response(scope, receive, reply)
            return
        await self._app(scope, self._limited(receive, self._most(scope)), reply)

    def _refusal(self, scope: Scope) -> tuple[MingzhangError | None, dict[str, str]]:
        headers = Headers(scope=scope)
        weight = 1 if scope["method"] in ("GET", "HEAD", "OPTIONS") else WRITING_COSTS
        wait = self._buckets.take(address_of(scope, proxy=self._settings.proxy), weight)
        if wait:
            seconds = str(int(wait) + 1)
            return Refused("request.too_many", None, f"again in {seconds} s", seconds=seconds), {"Retry-After": seconds}
        length = headers.get("content-length", "0")
        most = self._most(scope)
        # Longer than any number of bytes that could be meant: not to be read as a number either.
        if not length.isdecimal() or len(length) > LONGEST_LENGTH or int(length) > most:
            return Malformed("request.too_large", length[:40], most), {}
        return None, {}

    def _most(self, scope: Scope) -> int:
        """Bytes that the body of a request may have."""
        asked = f"{scope['method']} {scope['path']}"
        setting = next((name for pattern, name in LARGER if pattern.fullmatch(asked)), "body_bytes")
        most: int = getattr(self._settings, setting)
        return most

    def _limited(self, receive: Receive, most: int) -> Receive:
        """A body without its length said beforehand is counted as it comes."""
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise Malformed("request.too_large", taken, most)
            return message

        return counted


def address_of(scope: Scope, *, proxy: bool) -> str:
    """Who asks: the other end of the connection, or whom the proxy in front names last. Proxies append to the header or add one
    of their own below it: what stands before the last was written by whoever asks.

    Of IPv6 the network of 64 bits: a single subscriber has all 2^64 addresses in it, and could be somebody else at each request.
    """
    forwarded = Headers(scope=scope).getlist("x-forwarded-for") if proxy else []
    client = scope.get("client")
    said = forwarded[-1].rpartition(",")[2].strip()[:64] if forwarded else client[0] if client else ""
    return _network(said) if ":" in said else said


def _network(said: str) -> str:
    try:
        address = ipaddress.IPv6Address(said.partition("%")[0])
    except ValueError:
        return said
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, NETWORK), strict=False))
