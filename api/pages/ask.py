"""``/c/<ledger>/ask/<digest>``: 我要问. One screen: what is asked about in plain words, a text, a signature; and the way on paper.

Nobody has to be signed in to open it: whoever has a key in this browser signs in with it when he hands in. At the counter of
the community office the same screen takes in what came on paper, for the owner of a unit.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.asking import Asking, today
from api.pages import site, waiting
from api.pages.questions import asked_about, check
from api.pages.titles import Titles
from api.routes.entries import published
from ledger import period
from ledger.accounts import withdrawals
from ledger.paper.plain import Teller, Told
from ledger.publication.objections import COUNTER, due_day
from ledger.store.about import About, about
from ledger.store.known import Known
from ledger.store.private import PUBLIC
from ledger.store.reading import objections, units

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
PLAIN: Final = frozenset({"statement.published/1", "meeting.called/1"})
"""Kinds whose title says enough: their fields are digests and long lists."""

Item = Annotated[int | None, Query(ge=0, le=999)]


@dataclass(frozen=True, slots=True)
class Counter:
    """What the form of the counter has: the unit that was looked for, its owners, the next slip's number."""

    unit: str
    owners: tuple[tuple[str, str], ...]
    """Reference, name as far as the reader may see it."""
    slip: str


@ROUTER.get("/ask")
def find(
    request: Request, number: Annotated[str, Query(max_length=80)] = "", asking: Asking = site.may("pages")
) -> Response:
    """By the number on a print. Raises NotFound ``entry.unknown``, ``record.unknown``, ``objection.machine``."""
    check(asking)
    typed = number.strip().lower()
    if not typed:
        return site.page(request, "ask_find.html", asking=asking)
    digest = published(asking, int(typed)).record.digest if typed.isdecimal() and len(typed) < 16 else typed
    asking.kept.store.seq_of(digest)
    return RedirectResponse(f"{site.home(asking.kept)}ask/{digest}", headers={"Cache-Control": "no-cache"})


@ROUTER.get("/ask/{digest}")
def ask(
    request: Request,
    digest: str,
    item: Item = None,
    unit: Annotated[str, Query(max_length=80)] = "",
    asking: Asking = site.may("pages"),
) -> Response:
    """Ask about a record. Raises NotFound ``record.unknown``, ``objection.machine``."""
    check(asking)
    day, reader = today(request, asking.kept), asking.reader
    on = _about(asking, digest, item)
    return site.page(
        request,
        "ask.html",
        asking=asking,
        private=bool(reader.person),
        titles=Titles(asking),
        about=on,
        told=() if on.lines or on.kind in PLAIN else _told(asking, digest),
        due=due_day(asking.kept.books.rules, period.parse_day(day)).isoformat(),
        posted=_posted(asking, digest, day),
        before=asked_about(asking, day, [digest]),
        counter=_counter(asking, unit.strip(), day) if reader.roles & COUNTER else None,
    )


@ROUTER.get("/ask/{digest}/sheet")
def sheet(request: Request, digest: str, item: Item = None, asking: Asking = site.may("pages")) -> Response:
    """A sheet to fill in by hand and hand in at the counter. Raises NotFound ``record.unknown``, ``objection.machine``."""
    check(asking)
    days = asking.kept.books.rules.profile.days("statement.reply").count
    return site.page(request, "ask_sheet.html", asking=asking, about=_about(asking, digest, item), days=days)


def _about(asking: Asking, digest: str, item: int | None) -> About:
    return about(asking.kept.store, digest if item is None else f"{digest}#{item}", asking.locale)


def _told(asking: Asking, digest: str) -> tuple[Told, ...]:
    """What the record says, as everybody may read it."""
    store, allowed = asking.kept.store, frozenset({PUBLIC})
    record = published(asking, store.seq_of(digest)).record
    return Teller(asking.locale, Known(store, asking.locale, allowed)).tell(record, store.openings(digest, allowed))


def _posted(asking: Asking, digest: str, day: str) -> bool:
    """Whether it is a payment that hangs in public today."""
    books: Any = asking.kept.books
    found = books.accounts.withdrawals.get(books.accounts.proposals.get(digest) or digest)
    return found is not None and withdrawals.posted(books, found, period.parse_day(day))


def _counter(asking: Asking, typed: str, day: str) -> Counter:
    """The owners of a unit by its code, or by its room where the reader may see rooms."""
    people, store = asking.kept.books.people, asking.kept.store
    code = typed.lower()
    if typed and code not in people.units:
        labels = ((one, units.label(store, one, asking.reader.audiences)) for one in people.units)
        code = next((one for one, label in labels if label == typed), "")
    found = people.units.get(code) if code else None
    owners = tuple((ref, waiting.name_of(asking, ref)) for ref in found.owners) if found else ()
    return Counter(typed, owners, objections.next_slip(store, day))
