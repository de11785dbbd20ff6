"""``/c/<ledger>/waiting``: what waits for the reader's signature, and what he left waiting for others, each in plain words.

Of a key that waits to be enrolled it says whose it shall be; the comparison code beside it is computed in the reader's
browser from the record that he would sign (``static/sign/page_waiting.js``), not told by the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import Asking
from api.pages import site
from api.pages.titles import Titles
from api.routes import waiting
from api.routes.invitations import INVITING
from api.routes.waiting import ENROLMENT, WaitingActs
from ledger.errors import NotFound, Refused
from ledger.store.reading import units

ROUTER: Final = APIRouter(include_in_schema=False)
MOST: Final = 20
"""Shown whole on one page; the others come when these are done."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key it shall be: his name where the reader may see it, his units, the key's kind; ``replaces``: he had keys before."""

    name: str
    units: tuple[str, ...]
    alg: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What waits; ``yours``: the reader can sign it."""

    acts: WaitingActs
    yours: bool
    holder: Holder | None


@ROUTER.get("/c/{ledger}/waiting")
async def waits(request: Request, asking: Asking = site.may("waiting")) -> Response:
    """All of it."""
    now = request.app.state.clock()
    listed = await to_thread.run_sync(waiting.briefs, asking, now)
    shown = [one for brief in listed[:MOST] if (one := await _shown(asking, brief, now))]
    return site.page(
        request,
        "waiting.html",
        asking=asking,
        private=True,
        titles=Titles(asking),
        shown=shown,
        inviting=bool(asking.reader.roles & INVITING),
        more=max(0, len(listed) - MOST),
    )


async def _shown(asking: Asking, brief: waiting.WaitingBrief, now: int) -> Shown | None:
    """None where it was completed a moment ago."""
    try:
        found = asking.kept.store.waiting_room.find(brief.digest, now)
    except NotFound:
        return None
    record = found.submissions[0].record
    holder = _holder(asking, record.body) if record.kind == ENROLMENT else None
    return Shown(await waiting.whole(found, asking, now), brief.yours, holder)


def _holder(asking: Asking, body: Mapping[str, Any]) -> Holder:
    ref, alg = str(body["person"]), str(body["key"]["alg"])
    person = asking.kept.books.people.person(ref)
    return Holder(name_of(asking, ref), units_of(asking, ref), alg, bool(person.keys))


def name_of(asking: Asking, ref: str) -> str:
    """What a person is called, as far as the reader may see it; else empty."""
    person = asking.kept.books.people.person(ref)
    if person.title:
        return person.title
    record, _, number = ref.partition("#")
    field = f"persons/{number}/name" if number else "name"
    try:
        return str(asking.kept.store.opening(record, field, asking.reader.audiences).value)
    except (NotFound, Refused):
        return ""


def units_of(asking: Asking, ref: str) -> tuple[str, ...]:
    """A person's units: the room where the reader may see it, with the code."""
    store, people = asking.kept.store, asking.kept.books.people
    codes = sorted(unit.code for unit in people.units.values() if ref in unit.owners)
    rooms = [(units.label(store, code, asking.reader.audiences), code) for code in codes]
    return tuple(f"{room} ({code})" if room else code for room, code in rooms)


def count(asking: Asking, now: int) -> int:
    """How many wait for the reader's signature."""
    return sum(one.yours for one in waiting.briefs(asking, now)) if asking.reader.person else 0
