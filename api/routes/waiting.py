"""Acts that wait for further signatures: left by who signs first, seen by whoever can fill a seat, handed in when all have signed.

A waiting act binds nobody and is no entry. Whoever signs sees the whole of it, private texts included, and checks it as he
checks what he prepared himself. What waits can be fetched as a file and completed at the command line.
"""

from contextlib import nullcontext
from http import HTTPStatus
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api import answers
from api.access import Reader
from api.asking import Asking, may
from api.problems import described
from api.routes.acts import PreparedActs, shown_acts, title
from api.routes.asked import LEDGER, Digest
from api.routes.submissions import BODY, Places, accept, check_drawing, draws_up, read
from ledger import period
from ledger.errors import NotFound, Refused
from ledger.log import lines
from ledger.log.entry import Submission, parse_signatures
from ledger.people.state import REGISTRAR
from ledger.store import preparing
from ledger.store.preparing import Prepared
from ledger.store.waiting import Waiting, added

LINES: Final = "application/x-ndjson"
ROUTER: Final = APIRouter(prefix=f"{LEDGER}/waiting", tags=["acts"])
ENROLMENT: Final = "key.enrolled/1"


class WaitingActs(PreparedActs):
    """Acts that wait, told as when they were prepared. ``signatures`` in each submission are those so far."""

    digest: str
    expires: Annotated[str, Field(description="then its records are too old to be handed in")]
    first: Annotated[str, Field(description="the person who signed first")]
    mine: Annotated[bool, Field(description="whether you may withdraw it")]


class WaitingBrief(BaseModel):
    """Acts that wait, in a list."""

    digest: str
    title: str
    count: int
    expires: str
    first: str
    mine: bool
    yours: Annotated[bool, Field(description="whether your key can fill a seat that is empty")]
    missing: int


class WaitingList(BaseModel):
    """What waits for the reader, or was left by him; the soonest to expire first."""

    items: list[WaitingBrief]


class Signing(BaseModel):
    """One person's signatures: one for each act, in their order, all by one key."""

    model_config = ConfigDict(strict=True, extra="forbid")

    signatures: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=512)]


@ROUTER.get("", response_model=WaitingList, responses=described(401, 403, 404))
async def all_of_them(request: Request, asking: Asking = may("waiting")) -> Response:
    """What waits for your signature, and what you left waiting."""
    now = request.app.state.clock()
    found = await to_thread.run_sync(briefs, asking, now)
    return answers.private(WaitingList(items=found))


@ROUTER.post(
    "",
    status_code=201,
    response_model=WaitingActs,
    responses=described(401, 403, 404, 409, 413, 415, 422),
    openapi_extra=BODY,
)
async def leave(request: Request, asking: Asking = may("waiting")) -> Response:
    """Leave acts waiting that you have signed and others must sign too."""
    submissions, now, kept = await read(request), request.app.state.clock(), asking.kept
    signers = {key.person for key in map(kept.books.people.keys.get, _keys(submissions)) if key is not None}
    if signers != {asking.reader.person}:
        raise Refused("waiting.not_signed", sorted(signers), asking.reader.person)
    looked = await _checked(asking, submissions, now)
    if not any(one.missing for one in looked):
        raise Refused("waiting.complete", len(submissions), "POST …/submissions")
    found = await to_thread.run_sync(kept.store.waiting_room.leave, submissions, asking.reader.person, now)
    return answers.private(await whole(found, asking, now), status=HTTPStatus.CREATED)


@ROUTER.get("/{digest}", response_model=WaitingActs, responses=described(401, 403, 404))
async def one(request: Request, digest: Digest, asking: Asking = may("waiting")) -> Response:
    """One of them whole: what it says, who has signed, who must."""
    now = request.app.state.clock()
    found = await to_thread.run_sync(_find, asking, digest, now)
    return answers.private(await whole(found, asking, now))


@ROUTER.get(
    "/{digest}/file",
    response_class=Response,
    responses={
        **described(401, 403, 404),
        200: {
            "content": {
                LINES: {"schema": {"type": "string"}, "example": '{"openings":[],"record":{…},"signatures":[…]}\n'}
            }
        },
    },
)
async def file(request: Request, digest: Digest, asking: Asking = may("waiting")) -> Response:
    """The same as a waiting file: `mingzhang keys sign` shows and signs it, `mingzhang log submit` hands it in."""
    found = await to_thread.run_sync(_find, asking, digest, request.app.state.clock())
    response = answers.private(lines.write(found.submissions), LINES)
    response.headers["Content-Disposition"] = f'attachment; filename="{digest[:16]}.waiting.jsonl"'
    return response


@ROUTER.post(
    "/{digest}/signatures",
    response_model=WaitingActs,
    responses={**described(401, 403, 404, 409, 422), 201: {"model": Places}, 202: {"model": Places}},
)
async def sign(request: Request, digest: Digest, signing: Signing, asking: Asking = may("waiting")) -> Response:
    """Add your signature. When it was the last, the acts are handed in and their places answered."""
    now, kept = request.app.state.clock(), asking.kept
    room, more = kept.store.waiting_room, None
    made = [parse_signatures([one])[0] for one in signing.signatures]
    while more is None:  # somebody else may sign between looking and adding: then it is looked at again
        found = await to_thread.run_sync(_find, asking, digest, now)
        key = kept.books.people.keys.get(made[0].key)
        if key is None or key.person != asking.reader.person:
            raise Refused("waiting.not_signed", made[0].key, asking.reader.key)
        signed = list(added(found.submissions, made))
        looked = await _checked(asking, signed, now)
        if not any(one.missing for one in looked):
            # Handed in first: where that fails, it waits as before and its last signer can try again.
            places, status = await accept(request, kept, signed)
            await to_thread.run_sync(room.remove, digest)
            return answers.private(places, status=status)
        more = await to_thread.run_sync(room.sign, found, made, now)
    return answers.private(await whole(more, asking, now))


@ROUTER.delete("/{digest}", status_code=204, response_class=Response, responses=described(401, 403, 404))
async def withdraw(request: Request, digest: Digest, asking: Asking = may("waiting")) -> Response:
    """Withdraw what you left waiting. The registrar may decline a key that waits to be enrolled."""
    found = await to_thread.run_sync(_find, asking, digest, request.app.state.clock())
    if not _may_withdraw(found, asking.reader):
        raise Refused("access.not_yours", digest, "what you left waiting yourself")
    await to_thread.run_sync(asking.kept.store.waiting_room.remove, digest)
    return Response(None, 204, {"Cache-Control": answers.PRIVATE})


async def _checked(asking: Asking, submissions: list[Submission], now: int) -> list[Prepared]:
    """Raises as :func:`ledger.store.preparing.check_signed`, :func:`api.routes.submissions.check_drawing`."""
    kept = asking.kept
    check_drawing(submissions, asking.reader)
    async with kept.drawing if draws_up(submissions) else nullcontext():
        return await to_thread.run_sync(preparing.check_signed, kept.store, submissions, now)


async def whole(found: Waiting, asking: Asking, now: int) -> WaitingActs:
    """What waits, told and tried as the reader meets it."""
    told = await shown_acts(list(found.submissions), asking, now)
    return WaitingActs(
        **dict(told),
        digest=found.digest,
        expires=period.format_time(found.expires),
        first=found.person,
        mine=_may_withdraw(found, asking.reader),
    )


def _find(asking: Asking, digest: str, now: int) -> Waiting:
    """What waits, for those whom it concerns; to others it is not there. Raises NotFound ``waiting.unknown``."""
    found = asking.kept.store.waiting_room.find(digest, now)
    if not _concerns(found, asking, now):
        raise NotFound("waiting.unknown", digest)
    return found


def _concerns(found: Waiting, asking: Asking, now: int) -> bool:
    seats = preparing.seats(asking.kept.books, found.submissions, asking.reader.key, now)
    return found.person == asking.reader.person or all(seat.reader for seat in seats)


def briefs(asking: Asking, now: int) -> list[WaitingBrief]:
    """What concerns the reader, the soonest to expire first. Where the ledger is only read nothing can wait."""
    if not asking.kept.writable:
        return []
    books, reader, found = asking.kept.books, asking.reader, []
    # Only who holds an office can fill a seat that is empty: for anybody else the rest is not even unsealed.
    for one in asking.kept.store.waiting_room.everything(now, None if reader.roles else reader.person):
        seats = preparing.seats(books, one.submissions, reader.key, now)
        yours = all(seat.reader for seat in seats)
        if yours or one.person == reader.person:
            found.append(
                WaitingBrief(
                    digest=one.digest,
                    title=title(one.submissions[0].record.kind, asking.locale),
                    count=len(one.submissions),
                    expires=period.format_time(one.expires),
                    first=one.person,
                    mine=_may_withdraw(one, reader),
                    yours=yours,
                    missing=max(seat.missing for seat in seats),
                )
            )
    return found


def _may_withdraw(found: Waiting, reader: Reader) -> bool:
    enrols = found.submissions[0].record.kind == ENROLMENT
    return found.person == reader.person or (enrols and REGISTRAR in reader.roles)


def _keys(submissions: list[Submission]) -> set[str]:
    return {signature.key for one in submissions for signature in one.signatures}
