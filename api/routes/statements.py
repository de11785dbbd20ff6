"""Statements over HTTP: which stand, each form of one by its ending, and the draft of the next.

``.json`` are the canonical bytes whose digest was signed: they can never differ. Every other form is made from them, one at
a time (:mod:`api.rendering`), in the reader's language.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import answers
from api.asking import Asking, may, rendering_of
from api.problems import described
from api.rendering import Key
from api.routes.asked import LEDGER, After, Limit, Newest, address
from ledger import canonical
from ledger.errors import Unavailable
from ledger.paper.printed import Unexplained
from ledger.store import printing
from ledger.store import statements as kept
from ledger.store.reading import statements

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["statements"])
Period = Annotated[
    str,
    InPath(
        pattern=r"^[0-9]{4}(H[12]|Q[1-4]|-(0[1-9]|1[0-2]))?$", description="a statement period", examples=["2026H1"]
    ),
]

MEDIA: Final = {
    "html": ("text/html; charset=utf-8", "The statement as one page without scripts."),
    "poster.pdf": ("application/pdf", "Its first sheet, to hang."),
    "pdf": ("application/pdf", "The whole print: poster, line pages, annexes."),
    "txt": ("text/plain; charset=utf-8", "The message for the owners' group, with the same hash."),
    "csv": ("text/csv; charset=utf-8", "Its lines as CSV that spreadsheets open (UTF-8 with byte order mark)."),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Its lines as a workbook; amounts are numbers of yuan.",
    ),
}
"""Endings, in the order in which paths are compared, with media type and what it is."""
ASKED: Final = frozenset({"html", "poster.pdf", "pdf"})
"""The forms that say how much the checks ask."""


class Draft(BaseModel):
    """The next statement as the books stand, and the body of the ``statement.published/1`` that would publish it."""

    statement: Annotated[dict[str, Any], Field(description="as in docs/format.md; amounts are fen")]
    body: dict[str, Any]


@ROUTER.get("/statements", response_model=statements.StatementItems, responses=described(404))
def all_of_them(
    request: Request, after: After = "", limit: Limit = 20, newest: Newest = True, asking: Asking = may("statements")
) -> Response:
    """Published statements, with who signed them and where they hang."""
    return answers.growing(request, statements.statements(asking.kept.store, after=after, limit=limit, newest=newest))


@ROUTER.get("/statements/draft", response_model=Draft, responses=described(401, 403, 404, 422))
async def draft(request: Request, asking: Asking = may("draft")) -> Response:
    """The next statement as the books stand, for those who are going to sign or check it."""
    store = asking.kept.store

    def drawn() -> bytes:
        made = kept.draft(store)
        return canonical.encode({"statement": made.statement, "body": made.body})

    key = ("draft", asking.kept.digest, str(asking.kept.books.head.size))
    return answers.private(await rendering_of(request).made(key, drawn))


@ROUTER.get(
    "/statements/{period}.json",
    response_class=Response,
    responses={
        **described(404, 422),
        200: {"content": {answers.JSON: {"schema": {"type": "object"}, "example": {"statement": 1, "count": 74}}}},
    },
)
def canonical_bytes(request: Request, period: Period, asking: Asking = may("statements")) -> Response:
    """The exact bytes whose SHA-256 was signed; the digest is the ETag."""
    store = asking.kept.store
    data = canonical.encode(kept.published(store, period))
    return answers.immutable(request, data, answers.JSON, tag=kept.stands(store, period).digest)


async def unexplained(request: Request, asking: Asking, period: str) -> Unexplained:
    """What the checks ask of the entries before a published statement; asked once. Raises NotFound ``statement.unknown``."""
    store = asking.kept.store

    def ask() -> bytes:
        return json.dumps(asdict(printing.asked(store, period))).encode()

    return Unexplained(**json.loads(await rendering_of(request).made(_about(asking, period), ask)))


def known(request: Request, asking: Asking, period: str) -> Unexplained | None:
    """The same, if it was asked before: a page does not wait for every check."""
    data = rendering_of(request).found(_about(asking, period))
    return Unexplained(**json.loads(data)) if data else None


async def find_out(request: Request, asking: Asking, period: str) -> None:
    """Have it asked for whoever comes next, unless others wait for what is made here."""
    with suppress(Unavailable):
        await unexplained(request, asking, period)


def _about(asking: Asking, period: str) -> Key:
    return "unexplained", asking.kept.digest, str(kept.stands(asking.kept.store, period).prefix)


def _form(name: str, media: str) -> Callable[..., Any]:
    async def made(request: Request, period: Period, asking: Asking = may("statements")) -> Response:
        store = asking.kept.store
        asked = await unexplained(request, asking, period) if name in ASKED else None
        printed = printing.printed_with(store, period, address(request, asking, f"statements/{period}"), asked)
        # What is printed beside it may change after the publication: days of the profile, a witness's first word.
        key = (asking.kept.digest, period, name, asking.locale, repr(printed))

        def print_it() -> bytes:
            return printing.form(kept.published(store, period), printed, name, asking.locale)

        data = await rendering_of(request).made(key, print_it)
        response = answers.growing(request, data, media)
        if name in ("csv", "xlsx"):
            response.headers["Content-Disposition"] = f'attachment; filename="{period}.{name}"'
        return response

    return made


for _name, (_media, _says) in MEDIA.items():
    ROUTER.add_api_route(
        f"/statements/{{period}}.{_name}",
        _form(_name, _media),
        name=f"statement_{_name}",
        operation_id=f"statement_{_name.replace('.', '_')}",
        description=_says,
        response_class=Response,
        responses={
            **described(404, 422),
            200: {
                "content": {
                    _media: {
                        "schema": {"type": "string"}
                        | ({"format": "binary"} if _media.endswith(("pdf", "sheet")) else {})
                    }
                }
            },
        },
    )


@ROUTER.get("/statements/{period}", response_model=statements.StatementItem, responses=described(404))
def one(request: Request, period: Period, asking: Asking = may("statements")) -> Response:
    """One statement: its digest, signers, totals; with an ending, the statement itself."""
    return answers.growing(request, statements.statement(asking.kept.store, period))
