"""Invitations to enrol a key, and what comes of them.

An officer or the registrar makes codes for persons of the ledger and prints them as letters. Whoever has a letter makes a key
on his own device, signs with it the record that would enrol it, and hands both in under the code: the record then waits for a
role of the body and the registrar, who see him. A code alone binds nobody, and is spent by its first use.
"""

from http import HTTPStatus
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api import answers
from api.access import Reader
from api.asking import Asking, may, rendering_of, settings_of
from api.guards import address_of
from api.guesses import Guesses
from api.problems import described
from api.routes.asked import LEDGER
from api.routes.session import REFERENCE
from api.routes.submissions import SubmissionBody
from api.routes.waiting import ENROLMENT
from ledger import canonical, period
from ledger.errors import NotFound, Refused
from ledger.log.entry import Submission, parse_submission
from ledger.paper import invitation as letters
from ledger.people.decide import LOST_KEY_DAYS
from ledger.people.state import BODY_ROLES, REGISTRAR
from ledger.store import preparing
from ledger.store.invitations import Invitation, read, written
from ledger.store.reading import units

PDF: Final = "application/pdf"
MOST: Final = 500
"""Letters of one request."""
DAY_MS: Final = 86_400_000
INVITING: Final = frozenset({REGISTRAR}) | BODY_ROLES
ROUTER: Final = APIRouter(prefix=LEDGER, tags=["enrolling"])

Typed = Annotated[str, Field(max_length=80, description="as on the letter; blanks, hyphens, small letters as you like")]


class Inviting(BaseModel):
    """Whom to invite: persons by reference, and all owners of units by code."""

    model_config = ConfigDict(strict=True, extra="forbid")

    persons: Annotated[list[Annotated[str, Field(pattern=REFERENCE)]], Field(max_length=MOST)] = []
    units: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=MOST)] = []


class Invited(BaseModel):
    """A code, answered this once."""

    person: str
    units: list[str]
    code: str
    expires: str


class InvitedList(BaseModel):
    """One for each person; his earlier letters are void."""

    items: list[Invited]


class Looking(BaseModel):
    """A code to look at."""

    model_config = ConfigDict(strict=True, extra="forbid")

    code: Typed


class Looked(BaseModel):
    """What a code is for: units by code, no names. ``person`` is a reference that names nobody."""

    person: str
    units: list[str]
    expires: str
    keys: Annotated[list[str], Field(description="ids of the person's keys that are not revoked")]
    waits: Annotated[int, Field(description="days until a key counts that none of these signs too; 0: at once")]


class Enrolling(BaseModel):
    """A code, and the record that enrols the key, signed by that key, and by an older key of the person's if he has one."""

    model_config = ConfigDict(strict=True, extra="forbid")

    code: Typed
    submission: SubmissionBody


class Enrolled(BaseModel):
    """It waits: ``key`` is the id of which both screens show the comparison code."""

    waiting: str
    key: str
    expires: str
    missing: Annotated[int, Field(description="signatures that are still due: role and registrar")]


@ROUTER.post(
    "/invitations",
    status_code=201,
    response_model=InvitedList,
    responses={
        **described(401, 403, 404, 422),
        201: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}},
    },
)
async def invite(request: Request, inviting: Inviting, asking: Asking = may("invite")) -> Response:
    """Make codes. With `Accept: application/pdf` the answer is their letters; nobody can print these again."""
    check_inviting(asking.reader)
    persons = _persons(asking, inviting)
    length = settings_of(request).invitation_days * DAY_MS
    now = request.app.state.clock()
    made = await to_thread.run_sync(asking.kept.store.invitations.invite, persons, now, length)
    if request.headers.get("accept", "").startswith(PDF):
        drawn = await rendering_of(request).made(("",), lambda: _letters(request, asking, made), keep=False)
        return answers.private(drawn, PDF, HTTPStatus.CREATED)
    items = [
        Invited(
            person=one.person,
            units=_codes(asking, one.person),
            code=written(one.code),
            expires=period.format_time(one.expires),
        )
        for one in made
    ]
    return answers.private(InvitedList(items=items), status=HTTPStatus.CREATED)


@ROUTER.post("/enrolments/look", response_model=Looked, responses=described(404, 422))
async def look(request: Request, looking: Looking, asking: Asking = may("enrol")) -> Response:
    """What a code is for. One that was used, replaced or is over answers as one that never was."""
    found = await _found(request, asking, looking.code)
    people = asking.kept.books.people
    held = people.person(found.person).keys
    return answers.private(
        Looked(
            person=found.person,
            units=_codes(asking, found.person),
            expires=period.format_time(found.expires),
            keys=[key for key in held if people.keys[key].revoked is None],
            waits=LOST_KEY_DAYS if held else 0,
        )
    )


@ROUTER.post("/enrolments", status_code=201, response_model=Enrolled, responses=described(404, 409, 422))
async def enrol(request: Request, enrolling: Enrolling, asking: Asking = may("enrol")) -> Response:
    """Propose a key: it waits for role and registrar. The code is spent; where anything is refused, it is not."""
    found = await _found(request, asking, enrolling.code)
    now, store = request.app.state.clock(), asking.kept.store
    submission = _proposed(parse_submission(canonical.encode(enrolling.submission.model_dump())), found)
    (looked,) = await to_thread.run_sync(preparing.check_signed, store, [submission], now)
    if looked.unproven:
        raise Refused("signers.new_key_silent", None, "a signature of the key that is enrolled")
    kept = await to_thread.run_sync(store.invitations.use, found.code, submission, now)
    own = [one.key for one in submission.signatures if one.key not in asking.kept.books.people.keys]
    said = Enrolled(
        waiting=kept.digest, key=own[0], expires=period.format_time(kept.expires), missing=looked.seating.missing
    )
    return answers.private(said, status=HTTPStatus.CREATED)


def check_inviting(reader: Reader) -> None:
    """Raises Refused ``invitation.office`` for who watches without registering."""
    if not reader.roles & INVITING:
        raise Refused("invitation.office", ", ".join(sorted(reader.roles)), ", ".join(sorted(INVITING)))


async def _found(request: Request, asking: Asking, typed: str) -> Invitation:
    """Raises Malformed ``invitation.mistyped``; NotFound ``invitation.unknown``; Refused ``invitation.too_many``."""
    guesses: Guesses = request.app.state.guesses
    address = address_of(request.scope, proxy=settings_of(request).proxy)
    guesses.check(address)
    code = read(typed)
    try:
        return await to_thread.run_sync(asking.kept.store.invitations.find, code, request.app.state.clock())
    except NotFound:
        guesses.wrong(address)
        raise


def _proposed(submission: Submission, found: Invitation) -> Submission:
    """Raises Refused ``invitation.kind``, ``invitation.other_person``."""
    record = submission.record
    if record.kind != ENROLMENT:
        raise Refused("invitation.kind", record.kind, ENROLMENT)
    if record.body.get("person") != found.person:
        raise Refused("invitation.other_person", str(record.body.get("person"))[:80], found.person)
    return submission


def _persons(asking: Asking, inviting: Inviting) -> list[str]:
    """Raises Refused ``invitation.nobody``, ``invitation.too_many_letters``; NotFound ``person.unknown``, ``unit.unknown``."""
    people = asking.kept.books.people
    persons = [people.person(ref).ref for ref in inviting.persons]
    persons += [owner for code in inviting.units for owner in people.unit(code).owners]
    unique = list(dict.fromkeys(persons))
    if not unique:
        raise Refused("invitation.nobody", 0, "persons, or units with owners")
    if len(unique) > MOST:
        raise Refused("invitation.too_many_letters", len(unique), MOST)
    return unique


def _codes(asking: Asking, person: str) -> list[str]:
    return sorted(unit.code for unit in asking.kept.books.people.units.values() if person in unit.owners)


def _letters(request: Request, asking: Asking, made: list[Invitation]) -> bytes:
    kept, audiences = asking.kept, asking.reader.audiences
    page = f"{settings_of(request).site}/c/{kept.digest[:16]}/enrol"
    drawn = [
        letters.Letter(
            rooms=tuple(units.label(kept.store, code, audiences) or code for code in _codes(asking, one.person)),
            code=written(one.code),
            until=period.legal_day(one.expires, kept.books.offset).isoformat(),
            address=page,
        )
        for one in made
    ]
    return letters.render_pdf(kept.books.name, drawn, asking.locale, example=kept.books.example)
