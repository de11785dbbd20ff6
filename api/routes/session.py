"""Signing in and out: a challenge, its signature, a token; see :mod:`api.sessions`."""

import base64
import binascii
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api import answers, asking
from api.asking import Asking, may, sessions_of, settings_of, token_of
from api.problems import described
from ledger import period
from ledger.errors import Malformed

ROUTER: Final = APIRouter(prefix="/api/v1/ledgers/{ledger}/session", tags=["signing in"])

REFERENCE: Final = r"^[0-9a-f]{64}(#[0-9]{1,3})?$"
Base64 = Annotated[str, Field(max_length=4096, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]


class Challenge(BaseModel):
    """What the key signs: PAE of its canonical JSON under ``application/vnd.mingzhang.sign-in+json``."""

    model_config = ConfigDict(strict=True, extra="forbid")

    ledger: str
    site: Annotated[str, Field(examples=["https://books.example.org"])]
    nonce: str
    at: str


class Answer(BaseModel):
    """The challenge as it was given, and one signature over it, in the form that entries have."""

    model_config = ConfigDict(strict=True, extra="forbid")

    challenge: Challenge
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="key id")] = ""
    person: Annotated[
        str,
        Field(
            pattern=REFERENCE, description="instead of `key`: whose passkey it is, where only the device knows which"
        ),
    ] = ""
    sig: Base64
    authenticator_data: Base64 = ""
    client_data: Base64 = ""


class SignedIn(BaseModel):
    """A session. ``token`` goes into ``Authorization: Bearer``; browsers have it as a cookie that no script can read."""

    token: str
    ends: str


class Who(BaseModel):
    """Who is signed in."""

    person: str
    key: str
    roles: list[str]
    units: list[str]
    classes: list[str]


@ROUTER.post("/challenge", response_model=Challenge, responses=described(404))
def challenge(request: Request, asking: Asking = may("ledgers")) -> Response:
    """A challenge for a key of this ledger, good once and for two minutes."""
    return answers.private(Challenge(**sessions_of(request).challenge(asking.kept.digest)))


@ROUTER.post("", status_code=201, response_model=SignedIn, responses=described(404, 422))
def sign_in(request: Request, answer: Answer, asking: Asking = may("ledgers")) -> Response:
    """Sign in by a signed challenge."""
    made = tuple(_bytes(part) for part in (answer.authenticator_data, answer.client_data))
    token, session = sessions_of(request).sign_in(
        asking.kept.books,
        answer.challenge.model_dump(),
        [answer.key] if answer.key else _passkeys(asking, answer.person),
        _bytes(answer.sig),
        (made[0], made[1]),
    )
    response = answers.private(SignedIn(token=token, ends=period.format_time(session.ends)), status=201)
    _set_cookie(request, response, token, max_age=settings_of(request).session_minutes * 60)
    return response


@ROUTER.get("", response_model=Who, responses=described(401, 404))
def who(asking: Asking = may("session")) -> Response:
    """Who is signed in, with his offices and units as the books have them now."""
    reader = asking.reader
    return answers.private(
        Who(
            person=reader.person,
            key=reader.key,
            roles=sorted(reader.roles),
            units=list(reader.units),
            classes=sorted(reader.classes),
        )
    )


@ROUTER.delete("", status_code=204, response_class=Response, responses=described(401, 403, 404))
def sign_out(request: Request, everywhere: bool = False, asking: Asking = may("session")) -> Response:
    """End this session, or ``everywhere`` all of this key."""
    if everywhere:
        sessions_of(request).revoke(asking.kept.digest, asking.reader.key)
    sessions_of(request).sign_out(token_of(request)[0])
    response = Response(None, 204, {"Cache-Control": answers.PRIVATE})
    _set_cookie(request, response, "", max_age=0)
    return response


def _passkeys(asking: Asking, person: str) -> list[str]:
    """The passkeys of a person. Raises Malformed ``request.fields`` where nobody is named."""
    people = asking.kept.books.people
    if not person:
        raise Malformed("request.fields", "key", "key, or person")
    held = people.persons.get(person)
    return [key for key in (held.keys if held else ()) if people.keys[key].alg == "webauthn"]


def _set_cookie(request: Request, response: Response, token: str, *, max_age: int) -> None:
    secure = settings_of(request).secure
    name = asking.SECURE_COOKIE if secure else asking.COOKIE
    response.set_cookie(name, token, max_age=max_age, path="/", secure=secure, httponly=True, samesite="strict")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Malformed("signature.base64", text[:80], "base64 with padding") from None
