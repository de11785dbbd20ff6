"""Postings 公示 of a statement: who says since when it hangs where, what the photographs show, and what is still missing.

Everything here is a claim of its signer (``posting.hung/1``). What can be known of it:

* a photograph in which the poster's code decodes shows that just this statement hung, after it was published;
* it hung before the claim was numbered: the log's day of the entry is the one day that nobody can choose afterwards, so a
  claim speaks for the day on which it was entered, and a photograph speaks once, for the claim that named it first.

Wanted are such claims on the first day, on the day that nobody chose (:mod:`ledger.publication.looking`) and on the last,
by two persons, of whom one is not on the committee.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from ledger import period
from ledger.books import Books
from ledger.log.entry import Entry
from ledger.people.state import BODY_ROLES
from ledger.publication.looking import look_day
from ledger.publication.state import Published
from ledger.store import statements, witnessed
from ledger.store.photographs import Looking, Photograph
from ledger.store.reading.shown import Day, Digest, Moment, Seq, Shown, entries_at, facts_about

if TYPE_CHECKING:
    from ledger.store.store import Store

Wanted = Literal["first", "look", "last", "two_persons", "outsider"]
State = Literal["done", "waits", "missing"]


class CopyItem(Shown):
    """A numbered copy, as its code says."""

    place: str
    number: int
    of: int


class PhotoItem(Shown):
    """A photograph by digest. ``shows``: this statement's code, only other codes, none; not readable, kept here or read yet.

    ``again``: an earlier claim has named it already.
    """

    digest: Digest
    shows: Annotated[str, Field(description="this, other, none, unreadable, absent or unread")]
    copies: tuple[CopyItem, ...] = ()
    again: bool = False


class ClaimItem(Shown):
    """What somebody says. ``day``: of its entry, by the log; ``counts``: a photograph of its own shows this statement."""

    record: Digest
    seq: Seq
    time: Moment
    day: Day
    start: Annotated[Day, Field(description="since when it hangs, as the signer says")]
    until: Annotated[Day, Field(description="until when, as the signer says")]
    places: tuple[str, ...]
    roles: Annotated[tuple[str, ...], Field(description="offices of the signers on that day")]
    committee: Annotated[bool, Field(description="every signer is on the committee")]
    photos: tuple[PhotoItem, ...]
    counts: bool


class PlaceItem(Shown):
    """A place with the claims that speak of it, by their entries."""

    place: str
    claims: tuple[Seq, ...]


class WantedItem(Shown):
    """A piece of evidence that is wanted: there, not due yet, or missing. ``day`` where it belongs to one."""

    wanted: Wanted
    state: State
    day: Day | None = None


class Postings(Shown):
    """The posting of one statement. ``chosen_by``: who made the day between unforeseeable: ``witness``, else only ``entry``."""

    statement: Digest
    record: Digest
    first: Day
    last: Day
    look: Day | None = None
    chosen_by: Literal["witness", "entry"]
    witness: str | None = None
    evidence: tuple[WantedItem, ...]
    places: tuple[PlaceItem, ...]
    claims: tuple[ClaimItem, ...]


def postings(store: "Store", code: str, today: date) -> Postings:
    """The posting of the statement of a period as it stands ``today``. Raises NotFound ``statement.unknown``."""
    books, stands = store.books, statements.stands(store, code)
    with store.reading() as reader:
        hung = facts_about(reader.rows, "Posted", stands.record)
        entries = entries_at(reader.rows, [stands.seq, *(seq for seq, _ in hung)])
        cosigned = witnessed.earliest(reader.rows, stands.seq)
    published = entries.pop(stands.seq)
    first, last = posting_days(books, published)
    look = look_day(stands.record, cosigned.data if cosigned else published.leaf, first, last)
    claims = tuple(_claims(books, Looking(store), stands, sorted(entries.values(), key=lambda entry: entry.seq)))
    return Postings(
        statement=stands.digest,
        record=stands.record,
        first=first.isoformat(),
        last=last.isoformat(),
        look=look.isoformat() if look else None,
        chosen_by="witness" if cosigned else "entry",
        witness=cosigned.witness if cosigned else None,
        evidence=tuple(_evidence(books, claims, entries, today, {"first": first, "look": look, "last": last})),
        places=_places(claims),
        claims=claims,
    )


def photograph(store: "Store", code: str, digest: str) -> PhotoItem:
    """What one photograph shows of the statement of a period, before anybody claims anything with it.

    Raises NotFound ``statement.unknown``.
    """
    return _photo(Looking(store).at(digest, statements.stands(store, code).digest), set())


def posting_days(books: Books, published: Entry) -> tuple[date, date]:
    """First and last day of the posting that begins with a publication, under the profile in force."""
    first = period.legal_day(published.time, books.offset)
    return first, period.add_days(first, books.rules.profile.days("statement.posting").count)


def _claims(books: Books, looking: Looking, stands: Published, entries: list[Entry]) -> Iterator[ClaimItem]:
    named: set[str] = set()
    for entry in entries:
        body, day = entry.record.body, period.legal_day(entry.time, books.offset).isoformat()
        photos = tuple(_photo(looking.at(one, stands.digest), named) for one in body.get("evidence", ()))
        named.update(body.get("evidence", ()))
        roles = [books.people.roles_of(person, day) for person in _signers(books, entry)]
        yield ClaimItem(
            record=entry.record.digest,
            seq=entry.seq,
            time=period.format_time(entry.time),
            day=day,
            start=body["start"],
            until=body["until"],
            places=tuple(body["places"]),
            roles=tuple(sorted(frozenset().union(*roles))),
            committee=all(held & BODY_ROLES for held in roles),
            photos=photos,
            counts=any(one.shows == "this" and not one.again for one in photos),
        )


def _signers(books: Books, entry: Entry) -> list[str]:
    return [books.people.keys[signature.key].person for signature in entry.signatures]


def _photo(seen: Photograph, named: set[str]) -> PhotoItem:
    copies = tuple(CopyItem(place=one.place, number=one.number, of=one.of) for one in seen.copies)
    return PhotoItem(digest=seen.digest, shows=seen.shows, copies=copies, again=seen.digest in named)


def _places(claims: tuple[ClaimItem, ...]) -> tuple[PlaceItem, ...]:
    """By the numbers of the copies that photographs show, then as claimed."""
    numbered = {copy.place: copy.number for claim in claims for photo in claim.photos for copy in photo.copies}
    spoken: dict[str, list[int]] = {}
    for claim in claims:
        shown = (copy.place for photo in claim.photos for copy in photo.copies)
        for place in dict.fromkeys((*claim.places, *shown)):
            spoken.setdefault(place, []).append(claim.seq)
    order = sorted(spoken, key=lambda place: (numbered.get(place, len(numbered) + 1), list(spoken).index(place)))
    return tuple(PlaceItem(place=place, claims=tuple(spoken[place])) for place in order)


def _evidence(
    books: Books,
    claims: tuple[ClaimItem, ...],
    entries: dict[int, Entry],
    today: date,
    days: dict[Any, date | None],
) -> Iterator[WantedItem]:
    counting = [claim for claim in claims if claim.counts]
    for wanted, day in days.items():
        if day is None:
            continue
        done = any(claim.day == day.isoformat() for claim in counting)
        state: State = "done" if done else "waits" if today <= day else "missing"
        yield WantedItem(wanted=wanted, state=state, day=day.isoformat())
    over: State = "missing" if today > max(day for day in days.values() if day) else "waits"
    persons = {person for claim in counting for person in _signers(books, entries[claim.seq])}
    yield WantedItem(wanted="two_persons", state="done" if len(persons) > 1 else over)
    yield WantedItem(wanted="outsider", state=over if all(claim.committee for claim in counting) else "done")
