"""Answers: what may be kept by caches and for how long, validators.

=============  ==================================================  =====================================================
answer         what it is                                          kept
=============  ==================================================  =====================================================
``immutable``  bytes that can never differ: full tiles, entries    a year, by everybody
``growing``    what grows with the log                             asked again by ETag each time
``private``    what depends on who asks                            not at all
=============  ==================================================  =====================================================

An ETag is weak: the same bytes go out packed or as they are, as a request likes, and a strong one would name only one of the two
(RFC 9110 section 8.8.3). ``If-None-Match`` compares weakly in any case (section 13.1.2).
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import orjson
from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from ledger import canonical
from ledger.errors import Malformed

IMMUTABLE: Final = "public, max-age=31536000, immutable"
GROWING: Final = "public, no-cache"
PRIVATE: Final = "private, no-store"
JSON: Final = "application/json"


def immutable(
    request: Request, data: bytes, media: str, headers: Mapping[str, str] | None = None, *, tag: str = ""
) -> Response:
    """Bytes that can never differ; ``tag``: a digest by which people know them, in the ETag."""
    return _with_tag(request, data, media, {"Cache-Control": IMMUTABLE, **(headers or {})}, tag)


def growing(request: Request, value: BaseModel | bytes, media: str = JSON) -> Response:
    """What grows with the log; 304 to whoever has just these bytes."""
    data = value if isinstance(value, bytes) else value.model_dump_json(exclude_none=True).encode()
    headers = {"Cache-Control": GROWING, "Vary": "Accept-Language, Accept-Encoding"}
    return _with_tag(request, data, media, headers)


def private(value: BaseModel | bytes, media: str = JSON, status: int = 200) -> Response:
    """What depends on who asks."""
    data = value if isinstance(value, bytes) else value.model_dump_json(exclude_none=True).encode()
    return Response(data, status, {"Cache-Control": PRIVATE, "Vary": "Authorization, Cookie, Accept-Language"}, media)


def has(request: Request, tag: str) -> bool:
    """Whether who asks has what a tag (without ``W/``) stands for."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return tag in known or "*" in known


def _with_tag(request: Request, data: bytes, media: str, headers: dict[str, str], digest: str = "") -> Response:
    tag = f'"{digest or hashlib.sha256(data).hexdigest()[:32]}"'
    headers["ETag"] = f"W/{tag}"
    if has(request, tag):
        return Response(None, 304, headers)
    return Response(data, 200, headers, media)


def read_json(data: bytes) -> canonical.Json:
    """The value of a request's body, however it is spaced and ordered: what counts is signed in its canonical form.

    Raises Malformed ``canonical.…``.
    """
    try:
        value: canonical.Json = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed("canonical.not_json", str(error), "RFC 8259 JSON in UTF-8 without byte order mark") from None
    canonical.encode(value)
    return value
