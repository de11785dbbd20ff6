"""What is printed of a meeting, gathered from its ledger: notice, roll, result with the ballots' numbers, certificate."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger import period
from ledger.errors import NotFound, Refused
from ledger.paper import announcement, certificate
from ledger.paper.announcement import CalledWith, Leaf, Numbered
from ledger.paper.certificate import CertifiedWith
from ledger.store.reading import ballots, meetings, registers
from ledger.store.reading.meetings import MeetingWhole
from ledger.store.reading.shown import MOST
from ledger.words import CHINESE

if TYPE_CHECKING:
    from ledger.store.store import Store

BALLOT: Final = "ballot"
"""The sheet that is asked for and cannot be printed: machine 1 counts no paper."""


@dataclass(frozen=True)
class Meeting:
    """A meeting as it is read, the body of its call, and what prints say beside them."""

    store: "Store"
    whole: MeetingWhole
    body: Mapping[str, Any]
    known: CalledWith
    locale: str


def render(store: "Store", called: str, form: str, address: str, locale: str) -> bytes:
    """A print of a meeting as PDF; ``form`` is a key of :data:`FORMS`.

    Raises NotFound ``meeting.unknown``, ``print.form``, ``roll.none``, ``print.not_certified``; Refused
    ``print.no_paper_ballot``; what :mod:`ledger.paper` raises.
    """
    if form == BALLOT:
        raise Refused("print.no_paper_ballot", form, ", ".join(FORMS))
    if form not in FORMS:
        raise NotFound("print.form", form[:40], ", ".join(FORMS))
    return FORMS[form](_gathered(store, called, address, locale))


def forms(whole: MeetingWhole) -> tuple[str, ...]:
    """What can be printed of a meeting as it stands."""
    there = {"notice": True, "roll": whole.roll is not None}
    return tuple(form for form in FORMS if there.get(form, whole.certificate is not None))


def _gathered(store: "Store", called: str, address: str, locale: str) -> Meeting:
    whole, books = meetings.meeting(store, called), store.books
    body: Mapping[str, Any] = store.entry(whole.seq).record.body
    hung = whole.notices[0].on if whole.notices else ""
    certified = whole.certificate
    known = CalledWith(
        community=books.name,
        called=called,
        profile=certified.figures.profile.name if certified else books.rules.profile.name,
        offset=books.offset,
        address=address,
        hung_on=hung,
        majorities=tuple(motion.thresholds.majority if motion.thresholds else "" for motion in whole.motions),
        parties=dict(_parties(store, body)),
        categories={
            code: category.zh if locale == CHINESE else category.en
            for code, category in books.accounts.chart.categories.items()
        },
        example=books.example,
    )
    return Meeting(store, whole, body, known, locale)


def _parties(store: "Store", body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The public titles of those whom motions would pay; of a natural person there is none."""
    for motion in body["motions"]:
        code = motion.get("effect", {}).get("party")
        if code:
            title = registers.party(store, code).title
            if title:
                yield code, title


def _notice(of: Meeting) -> bytes:
    return announcement.render_pdf(announcement.notice(of.body, of.known, of.locale), of.locale)


def _roll(of: Meeting) -> bytes:
    leaves, after = [], ""
    while True:
        page = ballots.leaves(of.store, of.whole.called, after=after, limit=MOST)
        leaves += [Leaf(leaf.index + 1, leaf.units, leaf.area, leaf.head) for leaf in page.items]
        if page.next is None:
            break
        after = page.next
    return announcement.render_pdf(announcement.roll(of.body, leaves, page.root, of.known, of.locale), of.locale)


def _result(of: Meeting) -> bytes:
    figures, report = _certified(of)
    numbered, after = [], ""
    while True:
        page = ballots.ballots(of.store, of.whole.called, after=after, limit=MOST)
        numbered += [Numbered(one.seq, one.record, one.choices is not None) for one in page.items if not one.superseded]
        if page.next is None:
            break
        after = page.next
    seen = announcement.result(of.body, figures, numbered, of.known, report, of.locale)
    return announcement.render_pdf(seen, of.locale)


def _certificate(of: Meeting) -> bytes:
    figures, report = _certified(of)
    return certificate.render_pdf(of.body, figures, report, of.locale)


def _certified(of: Meeting) -> tuple[Mapping[str, Any], CertifiedWith]:
    found, books = of.whole.certificate, of.store.books
    if found is None:
        raise NotFound("print.not_certified", of.whole.called, "a meeting that was certified")
    entry = of.store.entry(found.seq)
    day = period.legal_day(entry.time, books.offset).isoformat()
    held = (sorted(books.people.roles_of(books.people.keys[one.key].person, day)) for one in entry.signatures)
    return entry.record.body, CertifiedWith(
        community=books.name,
        called=of.whole.called,
        certified=found.record,
        entry=found.seq,
        certified_on=found.on,
        witnessed=found.witnessed,
        signers=tuple(roles[0] for roles in held if roles),
        offset=books.offset,
        address=of.known.address,
        example=books.example,
    )


FORMS: Final[Mapping[str, Callable[[Meeting], bytes]]] = {
    "notice": _notice,
    "roll": _roll,
    "result": _result,
    "certificate": _certificate,
}
"""What can be printed, in the order of the meeting."""
