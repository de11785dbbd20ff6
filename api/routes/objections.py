"""Objections over HTTP: what was asked about, by when an answer is due, the answer; each text for whom it is meant."""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import Response
from pydantic import BaseModel

from api import access, answers
from api.access import Reader
from api.asking import Asking, may, rendering_of, today
from api.problems import described
from api.routes.asked import LEDGER, After, Digest, Limit, address
from ledger.store import question_prints
from ledger.store.reading import objections
from ledger.store.reading.objections import QuestionItem, QuestionItems, ReadBy

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["objections"])
About = Annotated[
    str,
    Query(
        pattern=r"^$|^[0-9a-f]{64}(#[0-9]{1,3})?$",
        description="only those to this record, by its digest; to an application also those that held the payment",
    ),
]
Waiting = Annotated[bool, Query(description="only those without an answer, the most urgent first")]
PDF: Final = "application/pdf"
Form = Annotated[str, InPath(pattern=r"^[a-z]{1,20}$", description="slip or answer", examples=["slip"])]
Mine = Annotated[bool, Query(description="only your own")]


@ROUTER.get("/objections", response_model=QuestionItems, responses=described(401, 404))
def listed(
    request: Request,
    about: About = "",
    waiting: Waiting = False,
    mine: Mine = False,
    after: After = "",
    limit: Limit = 50,
    asking: Asking = may("objections"),
) -> Response:
    """Objections, the newest first. Raises Refused ``access.sign_in`` where a stranger asks for his own."""
    store, day, reader = asking.kept.store, today(request, asking.kept), read_by(asking.reader)
    if mine:
        access.check("session", asking.reader)
    if waiting and not (mine or about):
        found = objections.waiting(store, day, reader, after=after, limit=limit)
    else:
        named = (about,) if about else ()
        owner = asking.reader.person if mine else ""
        found = objections.objections(store, day, reader, about=named, owner=owner, after=after, limit=limit)
        if waiting:
            found = found.model_copy(update={"items": tuple(one for one in found.items if one.standing == "waiting")})
    return _answered(request, asking, found)


@ROUTER.get("/objections/{digest}", response_model=QuestionItem, responses=described(404))
def one(request: Request, digest: Digest, asking: Asking = may("objections")) -> Response:
    """One objection by its record."""
    found = objections.objection(asking.kept.store, digest, today(request, asking.kept), read_by(asking.reader))
    return _answered(request, asking, found)


@ROUTER.get(
    "/objections/{digest}/print/{form}.pdf",
    response_class=Response,
    responses={**described(404), 200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def printed(request: Request, digest: Digest, form: Form, asking: Asking = may("objections")) -> Response:
    """For whoever asked on paper: the slip with its number and days, or the answer as a letter in big type. The question's text
    stands in the letter where the reader may see it.
    """
    kept, locale, day = asking.kept, asking.locale, today(request, asking.kept)
    place = address(request, asking, f"questions/{digest}")
    found = await to_thread.run_sync(objections.objection, kept.store, digest, day, read_by(asking.reader))
    # With the question's text it is another print: kept apart, so that nobody gets it who may not read it now.
    seen = "text" if found.text else ""
    key = ("question", kept.digest, digest, form, locale, place, str(kept.books.head.size), seen)
    data = await rendering_of(request).made(key, lambda: question_prints.render(kept.store, found, form, place, locale))
    return answers.private(data, PDF) if asking.reader.person else answers.growing(request, data, PDF)


def read_by(reader: Reader) -> ReadBy:
    """Who reads, as the reading room knows him."""
    return ReadBy(reader.person, reader.audiences)


def _answered(request: Request, asking: Asking, found: BaseModel) -> Response:
    """What a stranger is answered is everybody's; to anybody else it may hold more."""
    return answers.private(found) if asking.reader.person else answers.growing(request, found)
