"""Refusals of pages: what a person sees where a program gets problem details."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from api import problems
from api.pages import site
from ledger import words
from ledger.errors import MingzhangError

DATA: Final = ("/api/", "/log/", "/static/")
"""Addresses that programs ask."""
PARTS: Final = 4
"""Of the path of a ledger's page: ``/c/<ledger>/…``."""


def answer(request: Request, error: MingzhangError) -> Response | None:
    """A page that says why not and where to go on; None where a program asked."""
    if request.url.path.startswith(DATA) or "text/html" not in request.headers.get("accept", ""):
        return None
    locale = site.locale(request)
    found = problems.problem(error, locale)
    title = f"page.problem_{found.status}"
    key = title if words.has(title, locale) else "page.problem"
    way_in = _sign_in(request) if found.status == HTTPStatus.UNAUTHORIZED else ""
    return site.page(
        request, "problem.html", status=found.status, problem=found, title=words.text(key, locale), way_in=way_in
    )


def _sign_in(request: Request) -> str:
    """Where to sign in for the page that was asked, and come back to it; empty where it is no ledger's."""
    parts = request.url.path.split("/")
    if len(parts) < PARTS or parts[1] != "c":
        return ""
    return f"/c/{parts[2]}/sign-in?{urlencode({'next': request.url.path})}"
