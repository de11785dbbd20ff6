"""``/c/<ledger>/check``, ``/check``: checking in the reader's browser; ``/check/offline/…``: the same page as one file.

The server gives modules, words and addresses. What is checked never comes here, and what is found is computed there.
"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi import Path as InPath
from fastapi.responses import Response

from api import answers
from api.asking import Asking, open_to_all
from api.pages import offline, site

ROUTER: Final = APIRouter(include_in_schema=False)
Name = Annotated[Literal["check.zh.html", "check.en.html"], InPath()]


@ROUTER.get("/c/{ledger}/check")
def of_ledger(request: Request, asking: Asking = site.may("pages")) -> Response:
    """The page of one ledger: it, and files."""
    return _page(request, asking)


@ROUTER.get("/check", dependencies=[Depends(open_to_all("pages"))])
def of_files(request: Request) -> Response:
    """The page for files of any ledger."""
    return _page(request, None)


@ROUTER.get("/check/offline/{name}", dependencies=[Depends(open_to_all("pages"))])
def one_file(request: Request, name: Name) -> Response:
    """The page as one file, to keep."""
    locale = next(locale for locale, known in offline.NAMES.items() if known == name)
    answer = answers.growing(request, offline.page(locale), site.HTML)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(request: Request, asking: Asking | None) -> Response:
    locale = site.locale(request)
    return site.page(
        request,
        "verify.html",
        asking=asking,
        words=offline.words_json(locale),
        offline=offline.NAMES[locale],
        offline_digest=offline.digest(locale),
    )
