"""``/c/<ledger>/questions``: 意见与答复. What owners asked about, by when it is to be answered, what was answered.

Anybody reads it; the text of a question stands there only for whom it is meant. Where the ledger's machine knows no
objections there is no such page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.asking import Asking, today
from api.pages import site
from api.pages.titles import Titles
from api.routes.objections import read_by
from ledger.errors import NotFound
from ledger.people.state import BODY_ROLES
from ledger.publication.objections import COUNTER
from ledger.store.about import About, about
from ledger.store.reading import objections
from ledger.store.reading.objections import QuestionItem

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it is about in words."""

    one: QuestionItem
    about: About


@ROUTER.get("/questions")
def listed(
    request: Request, after: Annotated[str, Query(max_length=400)] = "", asking: Asking = site.may("pages")
) -> Response:
    """Those that wait, the most urgent first; below them the newest that are ended. Raises NotFound ``objection.machine``."""
    check(asking)
    store, day, reader = asking.kept.store, today(request, asking.kept), read_by(asking.reader)
    waiting = objections.waiting(store, day, reader, limit=PAGE)
    found = objections.objections(store, day, reader, after=after, limit=PAGE)
    return site.page(
        request,
        "questions.html",
        asking=asking,
        titles=Titles(asking),
        counted=waiting,
        waiting=() if after else worded(asking, waiting.items),
        ended=worded(asking, [one for one in found.items if one.standing != "waiting"]),
        next=found.next,
    )


@ROUTER.get("/questions/{record}")
def one(request: Request, record: str, asking: Asking = site.may("pages")) -> Response:
    """One question. Raises NotFound ``objection.unknown``, ``objection.machine``."""
    check(asking)
    found = objections.objection(asking.kept.store, record, today(request, asking.kept), read_by(asking.reader))
    (asked,) = worded(asking, [found])
    roles = asking.reader.roles
    return site.page(
        request,
        "question.html",
        asking=asking,
        titles=Titles(asking),
        asked=asked,
        answering=found.standing == "waiting" and bool(roles & BODY_ROLES),
        concluding=found.mine or (found.on_paper and bool(roles & COUNTER)),
    )


@ROUTER.get("/desk/questions")
def inbox(
    request: Request, after: Annotated[str, Query(max_length=400)] = "", asking: Asking = site.may("pages")
) -> Response:
    """What the body has to answer, by days left; the counter's way in. Raises NotFound ``objection.machine``."""
    check(asking)
    day = today(request, asking.kept)
    found = objections.waiting(asking.kept.store, day, read_by(asking.reader), after=after, limit=PAGE)
    return site.page(
        request,
        "desk_questions.html",
        asking=asking,
        titles=Titles(asking),
        counted=found,
        waiting=worded(asking, found.items),
        next=found.next,
        counter=bool(asking.reader.roles & COUNTER),
    )


def check(asking: Asking) -> None:
    """Raises NotFound ``objection.machine``."""
    if not site.asks(asking.kept):
        raise NotFound("objection.machine", asking.kept.books.machine, f"machine {site.ASKS_SINCE}")


def asked_about(asking: Asking, day: str, records: Sequence[str]) -> tuple[Asked, ...]:
    """The newest questions to any of these records."""
    reader = read_by(asking.reader)
    return worded(asking, objections.objections(asking.kept.store, day, reader, about=records, limit=PAGE).items)


def worded(asking: Asking, found: Sequence[QuestionItem]) -> tuple[Asked, ...]:
    """Questions with what they are about."""
    return tuple(Asked(one, about(asking.kept.store, one.about, asking.locale)) for one in found)
