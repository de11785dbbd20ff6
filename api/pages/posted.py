"""Where a statement hangs, worded for its page: what was said by whom on which day, what photographs show, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ledger.paper.phrases import Phrases
from ledger.store.reading.postings import ClaimItem, PhotoItem, Postings

Sign = Literal["agrees", "differs", "unknown"]
SIGNS: dict[str, Sign] = {"done": "agrees", "missing": "differs", "waits": "unknown"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence that is wanted, with its sign and the word for it."""

    sign: Sign
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """One claim about a place: the day of its entry, who, what its photographs show; ``sign`` where one shows this statement."""

    day: str
    who: str
    shows: str
    entry: int
    sign: Sign


@dataclass(frozen=True, slots=True)
class Place:
    """A place and what was said of it."""

    name: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """The section of the statement's page."""

    span: str
    chosen: str
    evidence: tuple[Evidence, ...]
    places: tuple[Place, ...]


def posted(found: Postings, phrases: Phrases) -> Posted:
    """Word a posting."""
    claims = {claim.seq: claim for claim in found.claims}
    return Posted(
        span=phrases.span(found.first, found.last),
        chosen=phrases.text(f"posting.chosen_by_{found.chosen_by}", witness=found.witness or "") if found.look else "",
        evidence=tuple(
            Evidence(
                SIGNS[one.state],
                phrases.text(f"posting.state_{one.state}"),
                phrases.text(f"posting.wanted_{one.wanted}", day=phrases.day(one.day) if one.day else ""),
            )
            for one in found.evidence
        ),
        places=tuple(
            Place(place.place, tuple(_said(claims[seq], place.place, phrases) for seq in place.claims))
            for place in found.places
        ),
    )


def _said(claim: ClaimItem, place: str, phrases: Phrases) -> Said:
    photos = [photo for photo in claim.photos if place in _places(photo, claim)]
    this = any(photo.shows == "this" and not photo.again for photo in photos)
    shown = [_shows(photo, place, phrases) for photo in photos]
    return Said(
        day=phrases.day(claim.day),
        who=phrases.join(phrases.text(f"role.{role}") for role in claim.roles) or phrases.text("posting.nobody"),
        shows=phrases.clauses(dict.fromkeys(shown)) or phrases.text("posting.no_photo"),
        entry=claim.seq,
        sign="agrees" if this else "unknown",
    )


def _places(photo: PhotoItem, claim: ClaimItem) -> Iterator[str]:
    """The places that a photograph speaks of: those of the copies in it, else all that the claim names."""
    named = [copy.place for copy in photo.copies]
    yield from named or claim.places


def _shows(photo: PhotoItem, place: str, phrases: Phrases) -> str:
    if photo.again:
        return phrases.text("posting.photo_again")
    copy = next((copy for copy in photo.copies if copy.place == place), None)
    if copy is not None:
        return phrases.text("posting.photo_copy", number=copy.number, of=copy.of)
    return phrases.text(f"posting.photo_{photo.shows}")
