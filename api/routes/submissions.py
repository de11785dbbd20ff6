"""Handing in: one signed record or a batch of them, whole or not at all; or only trying what would come of it.

The answer is the receipt of each record, or, where no head covers them in time, 202 with number and leaf hash: a promise
that whoever keeps it can hold against the log. The same record again gives its first place. No sign-in: a record carries
its own signatures.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final

import orjson
from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import access, answers
from api.access import Reader
from api.asking import Asking, may, settings_of
from api.keeper import Kept
from api.metrics import Family, label, rule_class
from api.problems import Problem, described, problem
from ledger import period
from ledger.errors import Malformed, MingzhangError, Unavailable
from ledger.log.entry import MAX_BATCH, Submission, read_submission
from ledger.log.proof import Proof
from ledger.store.receipt import Receipt
from ledger.store.sequencer import Accepted
from ledger.store.store import PUBLISHED

ROUTER: Final = APIRouter(prefix="/api/v1/ledgers/{ledger}", tags=["handing in"])
MEDIA: Final = answers.JSON
FEW: Final = 16
"""Receipts that are written in the event loop; for more, a thread."""
SMALL: Final = 1 << 16
"""Bytes that are read in the event loop; for more, a thread."""


class Placed(BaseModel):
    """Where a record stands. ``again``: it stood there before. ``receipt`` once a head covers it."""

    seq: int
    time: str
    record: Annotated[str, Field(description="the record's digest")]
    leaf: Annotated[str, Field(description="leaf hash of the entry")]
    again: bool
    receipt: dict[str, Any] | None = None


class Places(BaseModel):
    """The places of what was handed in, in its order."""

    items: list[Placed]


class Wrong(BaseModel):
    """Why the record at ``index`` would be refused."""

    index: int
    problem: Problem


class Tried(BaseModel):
    """What handing in would do: nothing wrong, or everything that is."""

    stands: bool
    wrong: list[Wrong]


BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA: {
                "schema": {
                    "oneOf": [
                        {"$ref": "#/components/schemas/SubmissionBody"},
                        {
                            "type": "array",
                            "items": {"$ref": "#/components/schemas/SubmissionBody"},
                            "minItems": 1,
                            "maxItems": MAX_BATCH,
                        },
                    ]
                }
            }
        },
    }
}


class SubmissionBody(BaseModel):
    """``{"record", "signatures", "openings"}`` as in docs/format.md, one or a list of up to 512."""

    record: dict[str, Any]
    signatures: list[dict[str, Any]]
    openings: list[dict[str, Any]] = []


@ROUTER.post(
    "/submissions",
    status_code=201,
    response_model=Places,
    responses={**described(404, 409, 413, 415, 422), 200: {"model": Places}, 202: {"model": Places}},
    openapi_extra=BODY,
)
async def hand_in(request: Request, asking: Asking = may("submit")) -> Response:
    """Append what was signed, all or none. 201 with receipts, 200 if all of it stood already, 202 without receipts yet."""
    places, status = await accept(request, asking.kept, await read(request))
    return answers.private(places, status=status)


async def accept(request: Request, kept: Kept, submissions: list[Submission]) -> tuple[bytes, HTTPStatus]:
    """Append, wait for the head that covers it, and say where it stands: :class:`Places` as JSON.

    Raises as :meth:`ledger.store.store.Store.submit`.
    """
    if not kept.writable:
        raise Unavailable("store.read_only", None, "the server that keeps this ledger")
    submitted: Family = request.app.state.metrics.submitted
    try:
        if draws_up(submissions):
            async with kept.drawing:
                accepted = await to_thread.run_sync(kept.store.submit, submissions)
            kept.want()
        else:
            accepted = await kept.submit(submissions)
    except MingzhangError as error:
        submitted.add(len(submissions), label(kept.digest), "refused", rule_class(error.rule))
        raise
    for one in accepted:
        submitted.add(1, label(kept.digest), "again" if one.again else "accepted", "")
    seqs = [one.seq for one in accepted]
    covered = await kept.covers(max(seqs), settings_of(request).wait)
    proofs = await kept.proofs(seqs) if covered else None
    if len(accepted) > FEW:
        places = await to_thread.run_sync(_places, accepted, submissions, proofs)
    else:
        places = _places(accepted, submissions, proofs)
    again = all(one.again for one in accepted)
    status = HTTPStatus.ACCEPTED if not covered else HTTPStatus.OK if again else HTTPStatus.CREATED
    return places, status


@ROUTER.post(
    "/submissions/try",
    response_model=Tried,
    responses=described(401, 403, 404, 413, 415, 422),
    openapi_extra=BODY,
)
async def attempt(
    request: Request,
    signed: Annotated[
        bool, Query(description="whether signatures are there already; else their keys say who will sign")
    ] = True,
    asking: Asking = may("try"),
) -> Response:
    """What handing in would do; nothing is written. A statement is tried for who may see a draft, one at a time."""
    submissions = await read(request)
    kept = asking.kept
    if not draws_up(submissions):
        return await _tried(asking, submissions, signed=signed)
    check_drawing(submissions, asking.reader)
    if kept.drawing.locked():
        raise Unavailable("try.busy", PUBLISHED, "again in a moment", retry_after=2)
    async with kept.drawing:
        return await _tried(asking, submissions, signed=signed)


async def _tried(asking: Asking, submissions: list[Submission], *, signed: bool) -> Response:
    trial = await to_thread.run_sync(lambda: asking.kept.store.dry_run(submissions, signed=signed))
    wrong = [Wrong(index=index, problem=problem(error, asking.locale)) for index, error in trial.errors]
    return answers.private(Tried(stands=not wrong, wrong=wrong))


def draws_up(submissions: list[Submission]) -> bool:
    """Whether one of them publishes a statement, which is drawn up for it."""
    return any(submission.record.kind == PUBLISHED for submission in submissions)


def check_drawing(submissions: list[Submission], reader: Reader) -> None:
    """Drawing a statement up reads the whole ledger again, one at a time: only whoever may see a draft can have that done before
    all have signed, or anybody with a key could keep the signers waiting.

    Raises Refused ``access.sign_in``, ``access.not_yours``.
    """
    if draws_up(submissions):
        access.check("draft", reader)


def _places(accepted: Sequence[Accepted], submissions: Sequence[Submission], proofs: Sequence[Proof] | None) -> bytes:
    """:class:`Places` as JSON, written without the models: they are thousands a second."""
    items: list[dict[str, object]] = []
    for number, (one, submission) in enumerate(zip(accepted, submissions, strict=True)):
        placed: dict[str, object] = {
            "seq": one.seq,
            "time": period.format_time(one.time),
            "record": one.digest,
            "leaf": one.leaf.hex(),
            "again": one.again,
        }
        if proofs is not None:
            # The openings are the submitter's own: he sent them a moment ago.
            placed["receipt"] = Receipt(one.raw, proofs[number], submission.openings).json()
        items.append(placed)
    return orjson.dumps({"items": items})


async def read(request: Request) -> list[Submission]:
    """One submission or a list. Raises Malformed ``request.media``, ``submission.…``, ``canonical.…``."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != MEDIA:
        raise Malformed("request.media", media or None, MEDIA)
    body = await request.body()
    return _read(body) if len(body) <= SMALL else await to_thread.run_sync(_read, body)


def _read(body: bytes) -> list[Submission]:
    value = answers.read_json(body)
    listed = value if isinstance(value, list) else [value]
    if not 1 <= len(listed) <= MAX_BATCH:
        raise Malformed("submission.too_many", len(listed), f"1 to {MAX_BATCH}")
    return [read_submission(one) for one in listed]
