"""A bank's file over HTTP: read and proven, each new row with what it most likely is, as acts to be prepared and signed.

Nothing is kept of a file that is only looked at. The acts are changed as the treasurer decides (their ``parts``), prepared and
signed like any others (``…/acts/prepare``): the rows name their file as ``{"$record": 0}``. A second person then confirms the
file, or it is rejected; the acts for both are composed here.
"""

import base64
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api import answers
from api.asking import Asking, may
from api.problems import described
from api.routes.asked import LEDGER, Code, Digest
from ledger.errors import Malformed
from ledger.exchange.bank import read_bank_file
from ledger.exchange.taking import Drafted
from ledger.store import importing, undoing
from ledger.store.importing import Look
from ledger.store.reading import files
from ledger.store.undoing import Act

ROUTER: Final = APIRouter(prefix=LEDGER, tags=["the treasurer's desk"])
FILE: Final = {"$record": 0}
"""What stands in each row for its file's record, which has no digest before it is drafted."""

DayOrNone = Annotated[str, Field(pattern=r"^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Reason = Annotated[str, Query(min_length=1, max_length=200, description="why, on the ledger for ever")]
On = Annotated[
    str, Query(pattern=r"^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="day of the contras; absent: as it must be")
]


class FileBody(BaseModel):
    """A bank's file. ``start``, ``end``: the days that it covers where it does not print them itself."""

    model_config = ConfigDict(strict=True, extra="forbid")

    name: Annotated[str, Field(max_length=200, examples=["2026-06.csv"])]
    data: Annotated[str, Field(description="the file's bytes in base64")]
    layout: Annotated[str, Field(max_length=40, description="only this layout")] = ""
    start: DayOrNone = ""
    end: DayOrNone = ""


class ActItem(BaseModel):
    """An act to be prepared: its kind, body, and texts to seal by their place in it."""

    kind: Annotated[str, Field(examples=["bank.row/1"])]
    body: dict[str, Any]
    private: dict[str, Any] = {}


class Acts(BaseModel):
    """Acts that are signed together, in this order."""

    items: list[ActItem]


class RowSeen(BaseModel):
    """A new row as the bank prints it, why it is proposed as what it is (``reason``), and the fen left to suspense."""

    row: int
    on: str
    amount: int
    balance: int
    counterparty: str
    counter_account: str
    narration: str
    reason: Annotated[str, Field(description="reference, stage, stage_amount, deposit, contract, interest, none")]
    open: int


class Seen(BaseModel):
    """What of a file is new; sums are fen. ``acts``: the file's own, then each row's, in the order of ``rows``."""

    file: Annotated[str, Field(description="SHA-256 of the file")]
    account: str
    layout: str
    proof: Annotated[str, Field(description="chain: its balances prove each row; claimed: signs rest on column names")]
    start: str
    end: str
    opening: int
    closing: int
    received: int
    paid: int
    known: Annotated[int, Field(description="rows that stand on the ledger already")]
    rows: list[RowSeen]
    acts: list[ActItem]


@ROUTER.post("/bank/{code}/look", response_model=Seen, responses=described(401, 403, 404, 413, 422))
async def look(body: FileBody, code: Code, asking: Asking = may("bank")) -> Response:
    """Read a bank's file beside an account: what is new, what each row most likely is. Nothing is written or kept."""
    seen = await to_thread.run_sync(look_at, asking, code, body)
    return answers.private(shown(seen))


@ROUTER.get("/bank/files/{digest}", response_model=files.FileWhole, responses=described(401, 404))
def file(digest: Digest, asking: Asking = may("desk")) -> Response:
    """A file that waits for its second person, with its rows."""
    return answers.private(files.file(asking.kept.store, digest, audiences=asking.reader.audiences))


@ROUTER.get("/bank/files/{digest}/confirmation", response_model=Acts, responses=described(401, 404))
def confirmation(
    digest: Digest,
    closing: Annotated[
        str, Query(max_length=40, description="yuan, as you saw it at the bank", examples=["15,420.50"])
    ],
    asking: Asking = may("desk"),
) -> Response:
    """The act that confirms a file, for a second person who saw the bank's own closing balance."""
    body = importing.confirmation(asking.kept.store, digest, closing)
    return answers.private(acts([("bank.confirmed/1", body)]))


@ROUTER.get("/bank/files/{digest}/rejection", response_model=Acts, responses=described(401, 404, 422))
def rejection(digest: Digest, reason: Reason, on: On = "", asking: Asking = may("desk")) -> Response:
    """The acts that take a file back: contras of all that its rows were said to be, then its rejection."""
    return answers.private(acts(undoing.reject(asking.kept.store, digest, reason, on).acts))


@ROUTER.get("/records/{digest}/undoing", response_model=Acts, responses=described(401, 404, 422))
def undo(digest: Digest, reason: Reason, on: On = "", asking: Asking = may("desk")) -> Response:
    """The act that takes back what a record booked 冲销."""
    return answers.private(acts([undoing.contra(asking.kept.store, digest, reason, on)]))


def acts(made: "list[Act] | tuple[Act, ...]") -> Acts:
    """Acts as an answer."""
    return Acts(items=[ActItem(kind=kind, body=body) for kind, body in made])


def shown(seen: Look) -> Seen:
    """What was seen of a file as an answer."""
    joined = seen.joined
    return Seen(
        file=joined.file.sha256,
        account=seen.account,
        layout=joined.file.layout,
        proof=joined.file.proof,
        start=seen.start,
        end=seen.end,
        opening=joined.opening,
        closing=joined.closing,
        received=seen.received,
        paid=seen.paid,
        known=len(joined.known),
        rows=[
            RowSeen(
                row=match.row.row,
                on=match.row.on.isoformat(),
                amount=match.row.amount,
                balance=match.row.balance,
                counterparty=match.row.counterparty,
                counter_account=match.row.counter_account,
                narration=match.row.narration,
                reason=match.reason,
                open=match.open,
            )
            for match in seen.matches
        ],
        acts=[_act(made) for made in seen.acts(FILE)],
    )


def read(body: FileBody) -> bytes:
    """The file's bytes. Raises Malformed ``request.base64``."""
    try:
        return base64.b64decode(body.data, validate=True)
    except ValueError:  # binascii.Error, or a character that is not ASCII
        raise Malformed("request.base64", body.data[:40], "base64 with padding") from None


def look_at(asking: Asking, code: str, body: FileBody) -> Look:
    """A file of a request beside an account. Raises ``bank.…``, ``account.unknown``."""
    file = read_bank_file(read(body), body.name, layout=body.layout or None)
    return importing.look(asking.kept.store, code, file, body.start, body.end)


def _act(made: Drafted) -> ActItem:
    kind, body, private = made
    return ActItem(kind=kind, body=body, private=dict(private))
