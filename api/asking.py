"""What a request asks for: which ledger, who asks, and whether he may; handed to routes as dependencies.

``Depends(may("lines"))`` is how a route says its row of the table (:mod:`ledger.api.access`); it gives an :class:`Asking`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import Depends, Path, Request

from api import access
from api.access import STRANGER, Reader
from api.guards import address_of
from api.keeper import Keeper, Kept
from api.problems import locale_of
from api.rendering import Share
from api.sessions import Sessions
from api.settings import Settings
from api.streams import Streams
from ledger import period
from ledger.errors import Refused

COOKIE: Final = "mingzhang"
SECURE_COOKIE: Final = "__Host-mingzhang"
BEARER: Final = "bearer "
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Ledger = Annotated[
    str,
    Path(
        pattern=r"^[0-9a-f]{64}$",
        description="genesis digest of the ledger",
        examples=["1d3e0581f10335cbf62b5ce2cdd519d1c0b52ebd841b399fa8070a504b59bb93"],
    ),
]


@dataclass(frozen=True, slots=True)
class Asking:
    """One request for one ledger by one reader."""

    kept: Kept
    reader: Reader
    locale: str


def keeper_of(request: Request) -> Keeper:
    """The server's ledgers."""
    found: Keeper = request.app.state.keeper
    return found


def sessions_of(request: Request) -> Sessions:
    """The server's sessions."""
    found: Sessions = request.app.state.sessions
    return found


def rendering_of(request: Request) -> Share:
    """What the server makes one at a time, for who asks."""
    return Share(request.app.state.rendering, address_of(request.scope, proxy=settings_of(request).proxy))


def streams_of(request: Request) -> Streams:
    """The server's open streams."""
    found: Streams = request.app.state.streams
    return found


def settings_of(request: Request) -> Settings:
    """The server's settings."""
    found: Settings = request.app.state.settings
    return found


def today(request: Request, kept: Kept) -> str:
    """The legal day of a ledger now; never before its head's."""
    now = max(request.app.state.clock(), kept.books.head.time)
    return period.legal_day(now, kept.books.offset).isoformat()


def token_of(request: Request) -> tuple[str, bool]:
    """The session's token, and whether a browser sent it of itself."""
    written = request.headers.get("authorization", "")
    if written.lower().startswith(BEARER):
        return written[len(BEARER) :].strip(), False
    name = SECURE_COOKIE if settings_of(request).secure else COOKIE
    return request.cookies.get(name, ""), True


def reader_of(request: Request, kept: Kept) -> Reader:
    """Who asks. A cookie that is over makes a stranger, since browsers send it of themselves; a token is refused.

    Raises Refused ``access.session_over``, ``access.other_site``, ``signature.key_revoked``.
    """
    token, by_cookie = token_of(request)
    if not token:
        return STRANGER
    if by_cookie and request.method not in SAFE:
        check_site(request)
    books = kept.books
    now = max(request.app.state.clock(), books.head.time)
    try:
        session = sessions_of(request).find(token, kept.digest)
        return access.reader_of(books, session.key, now, today(request, kept))
    except Refused:
        if by_cookie:
            return STRANGER
        raise


async def asked_by(request: Request, kept: Kept) -> Reader:
    """The same in the event loop: of strangers, who are most, nothing has to be looked up. Raises as :func:`reader_of`."""
    token, _by_cookie = token_of(request)
    return await to_thread.run_sync(reader_of, request, kept) if token else STRANGER


def check_site(request: Request) -> None:
    """What a browser sends of itself must come from a page of ours. Raises Refused ``access.other_site``."""
    site = settings_of(request).site
    sent = request.headers.get("origin") or request.headers.get("sec-fetch-site") or ""
    if sent not in (site, "same-origin"):
        raise Refused("access.other_site", sent[:200], site)


def may(operation: str) -> Any:
    """A dependency: the ledger asked for, if the reader may do this with it."""
    if operation not in access.TABLE:
        raise KeyError(operation)

    async def asked(request: Request, ledger: Ledger) -> Asking:
        kept = keeper_of(request).ledger(ledger)
        reader = await asked_by(request, kept)
        access.check(operation, reader)
        return Asking(kept, reader, locale_of(request))

    asked.operation = operation  # type: ignore[attr-defined]  # read by the test that walks every route
    return Depends(asked)


def open_to_all(operation: str) -> Callable[..., Awaitable[None]]:
    """Marks a route that asks for no ledger: its row of the table must let anybody in."""
    if access.ANYONE not in access.TABLE[operation]:
        raise KeyError(operation)

    async def asked() -> None:
        return None

    asked.operation = operation  # type: ignore[attr-defined]  # as above
    return asked
