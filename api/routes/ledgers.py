"""``/api/v1/ledgers``: what this server keeps, and what each ledger is."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import answers
from api.asking import Asking, keeper_of, may, open_to_all
from api.keeper import Kept
from api.problems import described

ROUTER: Final = APIRouter(prefix="/api/v1/ledgers", tags=["ledgers"])


class Head(BaseModel):
    """The newest head given out. ``root`` is hex."""

    size: Annotated[int, Field(examples=[4032])]
    root: str


class Brief(BaseModel):
    """A ledger, in a list. ``ledger`` is its genesis digest."""

    ledger: str
    origin: Annotated[str, Field(examples=["example.org/jiangan"])]
    name: Annotated[str, Field(examples=["江岸花园小区"])]
    example: bool
    head: Head


class Ledgers(BaseModel):
    """All ledgers of the server, by name."""

    items: list[Brief]


class Profile(BaseModel):
    """The rules that it is kept under now, by name and digest."""

    name: str
    digest: str


class Whole(Brief):
    """A ledger: what somebody needs to check it from here on.

    ``vkeys`` are its two keys as this server says them: compare them with what you have from elsewhere.
    """

    machine: int
    offset_minutes: int
    vkeys: list[str]
    profile: Profile
    units: int
    area: Annotated[int, Field(description="whole area that counts, in 0.01 m²")]
    opened_on: Annotated[str | None, Field(description="first day of the books")]
    closed_until: Annotated[str | None, Field(description="last day of the last period that a statement closed")]
    witnesses: list[str]
    log: Annotated[str, Field(description="where its log lies as plain files")]


@ROUTER.get("", response_model=Ledgers, responses=described(), dependencies=[Depends(open_to_all("ledgers"))])
def all_of_them(request: Request) -> Response:
    """The ledgers that this server keeps."""
    kept = sorted(keeper_of(request).kept.values(), key=lambda one: (one.books.name, one.digest))
    return answers.growing(request, Ledgers(items=[_brief(one) for one in kept]))


@ROUTER.get("/{ledger}", response_model=Whole, responses=described(404))
def one(request: Request, asking: Asking = may("ledgers")) -> Response:
    """One ledger."""
    kept, books = asking.kept, asking.kept.books
    profile = books.rules.profile
    return answers.growing(
        request,
        Whole(
            **_brief(kept).model_dump(),
            machine=books.machine,
            offset_minutes=books.offset,
            vkeys=list(books.vkeys),
            profile=Profile(name=profile.name, digest=profile.digest),
            units=len(books.people.units),
            area=books.people.expected_area,
            opened_on=books.accounts.opened_on or None,
            closed_until=books.accounts.closed_until or None,
            witnesses=[witness.name for witness in kept.witnesses],
            log=f"/log/{kept.digest}/",
        ),
    )


def _brief(kept: Kept) -> Brief:
    books = kept.books
    return Brief(ledger=books.ledger, origin=books.origin, name=books.name, example=books.example, head=head_of(kept))


def head_of(kept: Kept) -> Head:
    """The newest head of a ledger. Raises Unavailable ``source.not_published``."""
    said = kept.head.checkpoint
    return Head(size=said.size, root=said.root.hex())
