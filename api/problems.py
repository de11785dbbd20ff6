"""Refusals over HTTP: problem details (RFC 9457) with the rule, the value, what would be accepted, in the reader's language.

``type`` is ``/problems/<rule>`` and stable; ``detail`` is for people, everything else for programs.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.seen import Seen
from ledger import words
from ledger.errors import Conflict, Malformed, MingzhangError, NotFound, Refused, Unavailable

MEDIA: Final = "application/problem+json"

STATUS: Final[Mapping[type[MingzhangError], HTTPStatus]] = {
    Malformed: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What each sort of error answers with, unless :data:`OWN` names its rule."""

OWN: Final[Mapping[str, HTTPStatus]] = {
    "access.sign_in": HTTPStatus.UNAUTHORIZED,
    "access.session_over": HTTPStatus.UNAUTHORIZED,
    "access.not_yours": HTTPStatus.FORBIDDEN,
    "access.other_site": HTTPStatus.FORBIDDEN,
    "request.too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "request.too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "request.method": HTTPStatus.METHOD_NOT_ALLOWED,
    "request.media": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "invitation.too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "events.too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "quota.key_day": HTTPStatus.TOO_MANY_REQUESTS,
    "quota.documents_day": HTTPStatus.TOO_MANY_REQUESTS,
    "server.fault": HTTPStatus.INTERNAL_SERVER_ERROR,
}


class Problem(BaseModel):
    """A refusal (RFC 9457). ``rule`` is stable; ``value`` is what was met, ``accepted`` what would do."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "/problems/entry.unknown",
                "title": "not found",
                "status": 404,
                "detail": "没有第 99 号存证记录。",
                "rule": "entry.unknown",
                "value": "99",
            }
        }
    )

    type: str
    title: str
    status: int
    detail: str
    rule: str
    value: str | None = None
    accepted: str | None = None
    context: Annotated[dict[str, Any], Field(default_factory=dict)]


def status_of(error: MingzhangError) -> HTTPStatus:
    """The status that an error is answered with."""
    return OWN.get(error.rule) or next(status for kind, status in STATUS.items() if isinstance(error, kind))


def problem(error: MingzhangError, locale: str) -> Problem:
    """An error as problem details."""
    status = status_of(error)
    said = {
        name: str(value)
        for name, value in error.context.items()
        if not isinstance(value, tuple) or not any(isinstance(one, MingzhangError) for one in value)
    }
    return Problem(
        type=f"/problems/{error.rule}",
        title=status.phrase,
        status=status.value,
        detail=words.error_text(error, locale),
        rule=error.rule,
        value=None if error.value is None else str(error.value)[:1000],
        accepted=None if error.accepted is None else str(error.accepted)[:1000],
        context=said,
    )


def answer(error: MingzhangError, locale: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error as an answer."""
    found = problem(error, locale)
    more = dict(headers or {}) | {"Cache-Control": "no-store", "Content-Language": locale.replace("_", "-")}
    if found.status == HTTPStatus.UNAUTHORIZED:
        more["WWW-Authenticate"] = "Bearer"
    if found.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        more["Retry-After"] = str(error.context.get("retry_after", 1))
    return JSONResponse(found.model_dump(exclude_none=True), found.status, more, MEDIA)


def locale_of(request: Request) -> str:
    """The reader's language: ``lang`` in the query, else the first of Accept-Language that we speak, else Chinese."""
    asked = request.query_params.get("lang", "")
    listed = [asked] if asked else request.headers.get("accept-language", "").split(",")
    for part in listed:
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith("zh"):
            return words.CHINESE
        if tag.startswith("en"):
            return words.ENGLISH
    return words.CHINESE


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an operation's documentation says of the refusals it may answer with."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA: {"schema": _SCHEMA}}}
        for status in sorted({*statuses, 400, 429, 503})
    }


_SCHEMA: Final = {"$ref": "#/components/schemas/Problem"}

Pages = Callable[[Request, MingzhangError], Response | None]
"""What a person sees of a refusal; None for a program."""


class Faults:
    """The middleware that answers for faults of ours: a problem that says the request's id and nothing of what went wrong.

    The fault is raised on, to be logged by the server and seen by tests. Descriptions do not name its status: none of it is meant.
    """

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except ClientDisconnect:
            raise
        except Exception:
            # Of an answer that has begun nothing can be taken back: the connection ends.
            if scope["type"] == "http" and not begun:
                await self._said(Request(scope))(scope, receive, send)
            raise

    def _said(self, request: Request) -> Response:
        seen = Seen.of(request.scope)
        error = Unavailable("server.fault", request=seen.id)
        seen.rule = error.rule
        with suppress(Exception):  # a page may be what is out of order
            page = self._pages(request, error)
            if page is not None:
                return page
        return answer(error, locale_of(request))


def install(app: FastAPI, pages: Pages) -> None:
    """Let every refusal be answered as a problem, or by the page that ``pages`` has for a person."""

    def said(request: Request, error: MingzhangError, headers: Mapping[str, str] | None = None) -> Response:
        Seen.of(request.scope).rule = error.rule
        return pages(request, error) or answer(error, locale_of(request), headers)

    @app.exception_handler(MingzhangError)
    async def refused(request: Request, error: MingzhangError) -> Response:
        return said(request, error)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        wrong = [f"{'/'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors()]
        return said(request, Malformed("request.fields", wrong, "the parameters of this operation"))

    @app.exception_handler(HTTPException)
    async def unrouted(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, MingzhangError):
            # A refusal of ours while the body came, which the framework has wrapped.
            return said(request, error.__cause__)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = (error.headers or {}).get("Allow", "")
            return said(request, Malformed("request.method", request.method, allowed), error.headers)
        if error.status_code == HTTPStatus.NOT_FOUND:
            return said(request, NotFound("request.path", request.url.path[:200]))
        return said(request, Malformed("request.fields", error.detail))
