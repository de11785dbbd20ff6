"""``/c/<ledger>/entries/<n>``: one entry 存证记录, in plain words, with its number, time, digest, signers and receipt."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from api.asking import Asking
from api.pages import site
from api.pages.titles import Titles
from api.routes.entries import published
from ledger import period
from ledger.log.entry import Entry
from ledger.paper.plain import Teller, Told
from ledger.store.known import Known
from ledger.store.private import PUBLIC

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)


@ROUTER.get("/entries/{seq}")
def entry(request: Request, seq: Annotated[int, Path(ge=0)], asking: Asking = site.may("pages")) -> Response:
    """One entry. Raises NotFound ``entry.unknown``."""
    found = published(asking, seq)
    titles = Titles(asking)
    time = period.format_time(found.time)
    keys = asking.kept.books.people.keys
    signers = [titles.office(keys[one.key].person if one.key in keys else "", time) for one in found.signatures]
    return site.page(
        request,
        "entry.html",
        asking=asking,
        titles=titles,
        entry=found,
        time=time,
        signers=signers,
        told=_told(asking, found),
    )


def _told(asking: Asking, entry: Entry) -> tuple[Told, ...]:
    """What the record says, with what of its sealed texts everybody may read."""
    store, allowed = asking.kept.store, frozenset({PUBLIC})
    opened = store.openings(entry.record.digest, allowed)
    return Teller(asking.locale, Known(store, asking.locale, allowed)).tell(entry.record, opened)


@ROUTER.get("/records/{digest}")
def record(digest: str, asking: Asking = site.may("pages")) -> Response:
    """Where the record of this digest stands. Raises NotFound ``record.unknown``."""
    seq = asking.kept.store.seq_of(digest)
    return RedirectResponse(f"{site.home(asking.kept)}entries/{seq}", headers={"Cache-Control": "no-cache"})
