"""Refusals of pages: what a person sees where a program gets problem details."""

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from api import problems
from api.pages import site
from ledger import words
from ledger.errors import MingzhangError

DATA: Final = ("/api/", "/log/", "/static/")
"""Addresses that programs ask."""


def answer(request: Request, error: MingzhangError) -> Response | None:
    """A page that says why not and where to go on; None where a program asked."""
    if request.url.path.startswith(DATA) or "text/html" not in request.headers.get("accept", ""):
        return None
    locale = site.locale(request)
    found = problems.problem(error, locale)
    title = f"page.problem_{found.status}"
    key = title if words.has(title, locale) else "page.problem"
    return site.page(request, "problem.html", status=found.status, problem=found, title=words.text(key, locale))
