"""Votes over HTTP: meetings, rolls, ballots; :mod:`ledger.store.reading` answered as it is."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from fastapi.responses import Response

from api import access, answers
from api.asking import Asking, may, rendering_of
from api.problems import described
from api.routes.asked import LEDGER, After, Code, Digest, Limit, Newest, address
from ledger.store import meeting_prints
from ledger.store.reading import ballots, meetings

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["votes"])
PDF: Final = "application/pdf"
Form = Annotated[
    str,
    InPath(pattern=r"^[a-z]{1,20}$", description="notice, roll, result or certificate", examples=["notice"]),
]


@ROUTER.get("/meetings", response_model=meetings.MeetingItems, responses=described(404))
def all_of_them(
    request: Request, after: After = "", limit: Limit = 20, newest: Newest = True, asking: Asking = may("votes")
) -> Response:
    """Meetings with their motions."""
    return answers.growing(request, meetings.meetings(asking.kept.store, after=after, limit=limit, newest=newest))


@ROUTER.get("/meetings/{digest}", response_model=meetings.MeetingWhole, responses=described(404))
def one(request: Request, digest: Digest, asking: Asking = may("votes")) -> Response:
    """One meeting by its call: notices, roll, turnout, and after the certificate its figures."""
    return answers.growing(request, meetings.meeting(asking.kept.store, digest))


@ROUTER.get("/meetings/{digest}/turnout", response_model=meetings.TurnoutItem, responses=described(404))
def turnout(request: Request, digest: Digest, asking: Asking = may("votes")) -> Response:
    """What was cast so far, by area and heads."""
    return answers.growing(request, meetings.turnout(asking.kept.store, digest))


@ROUTER.get("/meetings/{digest}/roll", response_model=ballots.Leaves, responses=described(404))
def roll(
    request: Request, digest: Digest, after: After = "", limit: Limit = 200, asking: Asking = may("votes")
) -> Response:
    """The frozen roll, leaf by leaf; units by code."""
    return answers.growing(request, ballots.leaves(asking.kept.store, digest, after=after, limit=limit))


@ROUTER.get("/meetings/{digest}/ballots", response_model=ballots.BallotItems, responses=described(404))
def cast(
    request: Request, digest: Digest, after: After = "", limit: Limit = 200, asking: Asking = may("votes")
) -> Response:
    """The ballots of a meeting; what they say once the ledger has opened them."""
    return answers.growing(request, ballots.ballots(asking.kept.store, digest, after=after, limit=limit))


@ROUTER.get(
    "/meetings/{digest}/print/{form}.pdf",
    response_class=Response,
    responses={**described(404, 422), 200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def printed(request: Request, digest: Digest, form: Form, asking: Asking = may("votes")) -> Response:
    """A print to hang: the notice, the roll (codes and areas), the result with the ballots' numbers, the certificate."""
    store, place = asking.kept.store, address(request, asking, f"votes/{digest}")

    def print_it() -> bytes:
        return meeting_prints.render(store, digest, form, place, asking.locale)

    # What hangs changes with the meeting's acts and the profile's words, all of which are entries.
    key = (asking.kept.digest, digest, form, asking.locale, place, str(asking.kept.books.head.size))
    return answers.growing(request, await rendering_of(request).made(key, print_it), PDF)


@ROUTER.get("/ballots/{digest}", response_model=ballots.BallotItem, responses=described(404))
def ballot(request: Request, digest: Digest, asking: Asking = may("votes")) -> Response:
    """One ballot by its record."""
    return answers.growing(request, ballots.ballot(asking.kept.store, digest))


@ROUTER.get("/ballots/of/{code}", response_model=ballots.UnitVotes, responses=described(401, 403, 404))
def of_unit(code: Code, after: After = "", limit: Limit = 20, asking: Asking = may("unit")) -> Response:
    """The meetings and ballots of a unit, for its owners and whoever holds an office."""
    access.check_unit(asking.reader, code)
    return answers.private(ballots.votes_of(asking.kept.store, code, after=after, limit=limit))
