"""``/c/<ledger>/enrol``: making a key by a letter's code, for whoever has the letter. ``/c/<ledger>/invite``: making letters, for the
registrar and the body. What is done is done by ``static/sign/page_enrol.js`` and ``page_invite.js`` through the API.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.asking import Asking, settings_of
from api.pages import site
from api.pages.waiting import name_of
from api.routes.invitations import MOST, check_inviting
from ledger.people.state import People

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)


@ROUTER.get("/enrol")
def enrol(request: Request, asking: Asking = site.may("pages")) -> Response:
    """The code is typed, or stands in the address after ``#``, where no server sees it."""
    return site.page(request, "enrol.html", asking=asking)


@ROUTER.get("/invite")
def invite(request: Request, asking: Asking = site.may("invite")) -> Response:
    """Units to choose, those whose owners have no key first; persons who own none. Raises Refused ``invitation.office``."""
    check_inviting(asking.reader)
    people = asking.kept.books.people
    owners = {ref for unit in people.units.values() for ref in unit.owners}
    others = [ref for ref in sorted(people.persons) if ref not in owners][:MOST]
    return site.page(
        request,
        "invite.html",
        asking=asking,
        private=True,
        keyless=sorted(
            code for code, unit in people.units.items() if any(not _held(people, one) for one in unit.owners)
        ),
        others=[(ref, name_of(asking, ref), _offices(people, ref), _held(people, ref)) for ref in others],
        days=settings_of(request).invitation_days,
    )


def _held(people: People, person: str) -> bool:
    """Whether a person has a key that is not revoked."""
    return any(people.keys[key].revoked is None for key in people.persons[person].keys)


def _offices(people: People, person: str) -> list[str]:
    return sorted({term.role for term in people.terms.get(person, ())})
