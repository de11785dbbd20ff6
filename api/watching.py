"""What is noted of each request: a line of the log and a few counts, neither of which says who asked, nor for whom.

A line is one JSON object: when, request id, method, route template, status, milliseconds, the first digits of the
ledger, the rule of a refusal. It holds no path as it was asked (a path may name a unit or a person), no query, cookie,
body, name. In place of the address stands ``client``: a keyed hash whose key is made at start-up and kept nowhere, so that a
flood from one place shows, and an address can be guessed by nobody who has the log.

The request id goes out as ``X-Request-Id``: what somebody reads off a page is found in the log.

>>> import json
>>> record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "odd %s", ("张三 13800000000",), None)
>>> sorted(json.loads(Lines().format(record))), json.loads(Lines().format(record))["event"]
(['event', 'level', 'time'], 'odd %s')
"""

import hmac
import json
import logging
import re
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.guards import address_of
from api.metrics import Metrics, label
from api.seen import KEY, NO_ROUTE, Seen
from api.settings import Settings

LOG: Final = logging.getLogger("mingzhang.request")
GONE: Final = 499
"""As proxies note who went away before he was answered."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OWN: Final = ("mingzhang", "uvicorn.error")
"""Whose messages are known to be constant; of others only the logger's name is written."""
FRAMES: Final = 12
_LEDGER: Final = re.compile(r"[0-9a-f]{16,64}")


class Watch:
    """The outermost middleware: everything that is answered passes here, refusals too."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._key = secrets.token_bytes(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through and note how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen, began = Seen(secrets.token_hex(8)), time.monotonic()

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", seen.id.encode())]
            await send(message)

        try:
            await self._app({**scope, KEY: seen}, receive, answered)
        except ClientDisconnect:
            seen.status = GONE
        except Exception:
            seen.status = HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        finally:
            self._note(scope, seen, time.monotonic() - began)

    def _note(self, scope: Scope, seen: Seen, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.requests.observe(seconds, seen.route)
        self._metrics.answers.add(1, seen.route, method, str(int(seen.status)))
        fault = seen.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if not fault and self._settings.log != "all":
            return
        noted: dict[str, Any] = {
            "request": seen.id,
            "method": method,
            "route": seen.route,
            "status": int(seen.status),
            "ms": round(seconds * 1000, 1),
            "client": self._client(scope),
        }
        noted |= {name: value for name, value in (("ledger", seen.ledger), ("rule", seen.rule)) if value}
        LOG.log(logging.ERROR if fault else logging.INFO, "request", extra={"noted": noted})

    def _client(self, scope: Scope) -> str:
        address = address_of(scope, proxy=self._settings.proxy)
        return hmac.digest(self._key, address.encode("utf-8", "surrogateescape"), "sha256").hex()[:8]


class Routed:
    """The innermost middleware: here the scope knows which route it took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the template of the route, and the ledger asked for."""
        try:
            await self._app(scope, receive, send)
        finally:
            seen = Seen.of(scope)
            seen.route = getattr(scope.get("route"), "path", NO_ROUTE)
            asked = str(scope.get("path_params", {}).get("ledger", ""))
            seen.ledger = label(asked) if _LEDGER.fullmatch(asked) else ""


class Lines(logging.Formatter):
    """A log record as one line of JSON: constant messages, named fields; of an error its class and where, never what it said."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        known = record.name.startswith(OWN)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            # The message without its arguments, which may be anything: a value that was refused, a path, a name.
            "event": record.msg if known and isinstance(record.msg, str) else record.name,
        }
        line |= getattr(record, "noted", {})
        if record.exc_info and record.exc_info[0] is not None:
            kind, _error, trace = record.exc_info
            line["error"] = kind.__name__
            line["at"] = [
                f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)[-FRAMES:]
            ]
        return json.dumps(line, ensure_ascii=False)


def log_to_standard_error(settings: Settings) -> None:
    """Let the whole process log by lines: what the service notes, and warnings of the libraries below it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("mingzhang").setLevel(logging.INFO if settings.log == "all" else logging.WARNING)
