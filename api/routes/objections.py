"""Objections over HTTP: what was asked about, by when an answer is due, the answer; each text for whom it is meant."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api import access, answers
from api.access import Reader
from api.asking import Asking, may, today
from api.problems import described
from api.routes.asked import LEDGER, After, Digest, Limit
from ledger.store.reading import objections
from ledger.store.reading.objections import QuestionItem, QuestionItems, ReadBy

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["objections"])
About = Annotated[
    str, Query(pattern=r"^$|^[0-9a-f]{64}(#[0-9]{1,3})?$", description="only those to this record, by its digest")
]
Waiting = Annotated[bool, Query(description="only those without an answer, the most urgent first")]
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


def read_by(reader: Reader) -> ReadBy:
    """Who reads, as the reading room knows him."""
    return ReadBy(reader.person, reader.audiences)


def _answered(request: Request, asking: Asking, found: BaseModel) -> Response:
    """What a stranger is answered is everybody's; to anybody else it may hold more."""
    return answers.private(found) if asking.reader.person else answers.growing(request, found)
