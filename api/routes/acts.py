"""Acts: what kinds there are, and preparing them, so that a person sees in plain words what he is about to sign.

The service drafts and tells; it signs nothing. Whoever signs computes every digest again from the record's own bytes and
compares what is told with what the record says (``static/sign/compare.js``).
"""

from contextlib import nullcontext
from functools import cache
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api import answers
from api.asking import Asking, may
from api.examples import EXAMPLES
from api.problems import Problem, described, problem
from api.routes.asked import LEDGER
from api.routes.submissions import check_drawing, draws_up
from ledger import period, words
from ledger.books import KINDS, signing_of
from ledger.log.act import Kind
from ledger.log.entry import MAX_BATCH, Submission, submission_json
from ledger.paper.plain import Teller, Told, label, sums
from ledger.store import preparing
from ledger.store.known import Known
from ledger.store.preparing import Asked, Prepared

ROUTER: Final = APIRouter(prefix=f"{LEDGER}/acts", tags=["acts"])


class Wanted(BaseModel):
    """An act: its kind, its body without what is sealed in it, and the texts to seal by their paths."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "party.entered/1",
                "body": {"code": "lift", "nature": "legal", "title": "江岸电梯服务有限公司"},
                "private": {},
            }
        },
    )

    kind: Annotated[str, Field(max_length=80)]
    body: dict[str, Any]
    private: dict[str, Any] = {}


class Preparing(BaseModel):
    """One list is one batch, signed in one ceremony."""

    model_config = ConfigDict(strict=True, extra="forbid")

    items: Annotated[list[Wanted], Field(min_length=1, max_length=MAX_BATCH)]


class Row(BaseModel):
    """A field of an act in plain words; ``within``: what it holds."""

    label: str
    text: str
    field: str | None = None
    within: list["Row"] = []


class SeatShown(BaseModel):
    """Who fills a seat: any of ``roles`` (with none: whoever's act it is). ``by``: ``signed``, ``reader``, ``other``, nobody."""

    roles: list[str]
    label: str
    by: str


class Item(BaseModel):
    """An act as it would be signed, what it says, who signs, and what is still wrong in it."""

    submission: Annotated[dict[str, Any], Field(description="as in docs/format.md; `signatures` so far")]
    digest: Annotated[str, Field(description="the record's digest; whoever signs computes it again")]
    title: str
    rows: list[Row]
    seats: list[SeatShown]
    yours: Annotated[bool, Field(description="whether your key can fill a seat")]
    missing: Annotated[int, Field(description="seats left to others once you have signed")]
    wrong: list[Problem]


class Sum(BaseModel):
    """How many acts of a kind, or what their amounts come to."""

    label: str
    text: str


class PreparedActs(BaseModel):
    """All items of one moment ``at``."""

    at: str
    items: list[Item]
    sums: list[Sum]


class Signers(BaseModel):
    """Who must sign under the rules in force: roles by seat; ``two_party`` adds a role of the body and the registrar."""

    seats: list[list[str]]
    two_party: bool
    free: Annotated[str | None, Field(description="`one`: a key of anybody; `in_office`: one or more in office")] = None


class FieldShown(BaseModel):
    """A field of a body: what it is called."""

    name: str
    label: str


class KindShown(BaseModel):
    """A kind of act."""

    kind: str
    title: str
    help: str
    signers: Signers
    fields: list[FieldShown]
    body: Annotated[dict[str, Any], Field(description="JSON Schema of the body")]
    example: Annotated[Wanted, Field(description="as `…/acts/prepare` takes it; what it names is made up")]


class Kinds(BaseModel):
    """All kinds that this ledger's machine accepts."""

    items: list[KindShown]


@ROUTER.get("/kinds", response_model=Kinds, responses=described(404))
def kinds(request: Request, asking: Asking = may("kinds")) -> Response:
    """What can be recorded, who signs it, and what its body holds."""
    rules = asking.kept.books.rules
    shown = []
    for name, kind in KINDS.items():
        if kind.since > asking.kept.books.machine:
            continue
        signing = signing_of(kind, rules)
        shown.append(
            KindShown(
                kind=name,
                title=title(name, asking.locale),
                help=words.text(f"kind.{name.partition('/')[0]}.help", asking.locale),
                signers=Signers(
                    seats=[sorted(seat) for seat in signing.seats],
                    two_party=signing.two_party,
                    free=signing.free.value if signing.free else None,
                ),
                fields=[FieldShown(name=field, label=label(field, asking.locale)) for field in kind.model.model_fields],
                body=_schema(name),
                example=Wanted(kind=name, body=dict(EXAMPLES[name].body), private=dict(EXAMPLES[name].private)),
            )
        )
    return answers.growing(request, Kinds(items=shown))


@cache
def _schema(kind: str) -> dict[str, Any]:
    """The schema of a kind's body, which takes milliseconds to make and never differs."""
    return KINDS[kind].model.model_json_schema()


@ROUTER.post("/prepare", response_model=PreparedActs, responses=described(401, 403, 404, 413, 422))
async def prepare(request: Request, wanted: Preparing, asking: Asking = may("prepare")) -> Response:
    """Draft acts, tell them in plain words, and try them as if you, and whoever else must, had signed."""
    kept, now = asking.kept, request.app.state.clock()
    asked = [Asked(one.kind, one.body, one.private) for one in wanted.items]
    drafted = preparing.draft(kept.digest, asked, now)
    return answers.private(await shown_acts(drafted, asking, now))


async def shown_acts(submissions: list[Submission], asking: Asking, now: int) -> PreparedActs:
    """Drafted or waiting acts tried and told. A statement is drawn up for it, which only one may ask for at a time.

    Raises as :func:`ledger.store.preparing.look`, :func:`api.routes.submissions.check_drawing`.
    """
    kept, key = asking.kept, asking.reader.key
    check_drawing(submissions, asking.reader)
    async with kept.drawing if draws_up(submissions) else nullcontext():
        prepared = await to_thread.run_sync(preparing.look, kept.store, submissions, key, now)
    return await to_thread.run_sync(_told, prepared, asking)


def _told(prepared: list[Prepared], asking: Asking) -> PreparedActs:
    """What is answered of them, in the reader's language, with what his audiences may see."""
    records = [one.submission.record for one in prepared]
    teller = Teller(asking.locale, Known(asking.kept.store, asking.locale, asking.reader.audiences))
    return PreparedActs(
        at=period.format_time(records[0].at_ms),
        items=[_item(one, teller) for one in prepared],
        sums=[Sum(label=name, text=text) for name, text in sums(asking.locale, records)],
    )


def _item(prepared: Prepared, teller: Teller) -> Item:
    record, locale = prepared.submission.record, teller.locale
    kind, seats = KINDS[record.kind], prepared.seating
    return Item(
        submission=submission_json(prepared.submission),
        digest=record.digest,
        title=title(record.kind, locale),
        rows=_rows(kind, prepared, teller) if prepared.whole else [],
        seats=[SeatShown(roles=sorted(one.roles), label=_seat(one.roles, locale), by=one.by) for one in seats.seats],
        yours=seats.reader,
        missing=prepared.missing,
        wrong=[problem(error, locale) for error in prepared.wrong],
    )


def _rows(kind: Kind, prepared: Prepared, teller: Teller) -> list[Row]:
    """One a field, named by it, so that a browser can compare each with the record."""
    record, openings = prepared.submission.record, prepared.submission.openings
    fields = [name for name in kind.model.model_fields if name in record.body]
    told = teller.tell(record, openings)
    return [_row(one, field) for field, one in zip(fields, told, strict=True)]


def _row(told: Told, field: str | None = None) -> Row:
    return Row(label=told.label, text=told.text, field=field, within=[_row(one) for one in told.within])


def _seat(roles: frozenset[str], locale: str) -> str:
    if not roles:
        return words.text("seat.anybody", locale)
    return words.text("seat.or", locale).join(words.text(f"role.{role}", locale) for role in sorted(roles))


def title(kind: str, locale: str) -> str:
    """What a kind of act is called."""
    return words.text(f"kind.{kind.partition('/')[0]}.title", locale)


__all__ = ["ROUTER", "PreparedActs", "shown_acts", "title"]
