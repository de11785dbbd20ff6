"""``/c/<ledger>/votes``: 表决. Meetings, and one of them: what is asked, until when, who has voted, what came of it.

Before the certificate nothing is shown of how anybody voted: only the turnout, against what is needed.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.asking import Asking
from api.pages import site, voting
from api.pages.titles import Titles
from ledger import period
from ledger.paper.phrases import Phrases
from ledger.rules.ratio import Ratio
from ledger.store import meeting_prints
from ledger.store.reading import ballots, meetings
from ledger.store.reading.meetings import MeetingItem, MeetingWhole, MotionItem
from ledger.votes.records import Result, Weight

ROUTER: Final = APIRouter(prefix="/c/{ledger}", include_in_schema=False)
DOOR: Final = "votes"
PAGE: Final = 20
BALLOTS: Final = 200
WAYS: Final = ("area", "heads")


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar: a part of a whole against the ratio that is needed; ``share`` and ``need`` in thousandths."""

    label: str
    said: str
    share: int
    need: int
    needed: str
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A motion as it is shown: its words, what it needs, its figures once certified."""

    number: int
    motion: MotionItem
    needs: str
    meters: tuple[Meter, ...] = ()
    answers: tuple[tuple[str, str, str], ...] = ()
    """Answer, area, heads."""


@ROUTER.get("/votes")
def listed(
    request: Request, after: Annotated[str, Query(max_length=400)] = "", asking: Asking = site.may("pages")
) -> Response:
    """The meetings, the newest first."""
    found = meetings.meetings(asking.kept.store, after=after, limit=PAGE)
    now = max(request.app.state.clock(), asking.kept.books.head.time)
    rows = [(one, phase(one, now)) for one in found.items]
    return site.page(request, "votes.html", asking=asking, door=DOOR, titles=Titles(asking), rows=rows, next=found.next)


@ROUTER.get("/votes/{called}")
def meeting(request: Request, called: str, asking: Asking = site.may("pages")) -> Response:
    """One meeting. Raises NotFound ``meeting.unknown``."""
    store = asking.kept.store
    found = meetings.meeting(store, called)
    phrases = Phrases(asking.locale)
    now = max(request.app.state.clock(), asking.kept.books.head.time)
    return site.page(
        request,
        "meeting.html",
        asking=asking,
        door=DOOR,
        private=bool(asking.reader.person),
        seats=voting.seats(asking, called),
        titles=Titles(asking),
        meeting=found,
        phase=phase(found, now),
        turnout=_turnout(found, phrases),
        prints=meeting_prints.forms(found),
        asked=[_asked(number, motion, found, phrases) for number, motion in enumerate(found.motions, 1)],
    )


@ROUTER.get("/votes/{called}/ballots")
def cast(
    request: Request,
    called: str,
    after: Annotated[str, Query(max_length=400)] = "",
    asking: Asking = site.may("pages"),
) -> Response:
    """The ballots of a meeting by number; what they say only once the ledger has opened them."""
    found = ballots.ballots(asking.kept.store, called, after=after, limit=BALLOTS)
    held = meetings.meeting(asking.kept.store, called)
    return site.page(
        request, "ballots.html", asking=asking, door=DOOR, titles=Titles(asking), meeting=held, ballots=found
    )


def phase(meeting: MeetingItem, now: int) -> str:
    """Where a meeting is now: its last act, or by the clock whether ballots may come."""
    if meeting.standing != "opened":
        return meeting.standing
    if now < period.parse_time(meeting.opens):
        return "frozen"
    return "voting" if now < period.parse_time(meeting.closes) else "closed"


def _turnout(meeting: MeetingWhole, phrases: Phrases) -> tuple[Meter, ...]:
    """What was cast, against the largest participation that any motion needs."""
    if meeting.turnout is None:
        return ()
    needed = [Ratio.parse(one.thresholds.participation) for one in meeting.motions if one.thresholds]
    most = max(needed, key=lambda ratio: ratio.num * 1000 // ratio.den, default=None)
    cast, whole = meeting.turnout.cast, meeting.turnout.whole
    return tuple(_meter(phrases, way, getattr(cast, way), getattr(whole, way), most) for way in WAYS)


def _meter(phrases: Phrases, way: str, part: int, whole: int, ratio: Ratio | None, *, key: str = "turnout") -> Meter:
    shown = phrases.hundredths if way == "area" else str
    return Meter(
        label=phrases.text(f"page.{key}_{way}"),
        said=phrases.text(f"page.of_{way}", part=shown(part), whole=shown(whole), percent=phrases.percent(part, whole)),
        share=min(1000, part * 1000 // max(1, whole)),
        need=0 if ratio is None else ratio.num * 1000 // ratio.den,
        needed="" if ratio is None else phrases.text("page.needed", ratio=ratio_text(ratio, phrases)),
        met=None if ratio is None else ratio.holds(part, whole),
    )


def ratio_text(ratio: Ratio, phrases: Phrases) -> str:
    """A threshold in words: 2/3以上, 超过1/2."""
    key = {">=": "at_least", ">": "more_than", "<=": "at_most", "<": "less_than"}[ratio.op]
    return phrases.text(f"page.ratio_{key}", share=f"{ratio.num}/{ratio.den}")


def _asked(number: int, motion: MotionItem, meeting: MeetingWhole, phrases: Phrases) -> Asked:
    by = motion.thresholds
    needs = ""
    if by is not None:
        needs = phrases.text(
            "page.needs_ratio",
            participation=ratio_text(Ratio.parse(by.participation), phrases),
            consent=ratio_text(Ratio.parse(by.consent), phrases),
        )
    if meeting.certificate is None:
        return Asked(number, motion, needs)
    item = meeting.certificate.figures.items[number - 1]
    counted = item.if_followed if meeting.certificate.figures.non_voters == "follow_majority" else item.counted
    answers = tuple(
        (phrases.text(f"answer.{name}"), phrases.hundredths(weight.area), str(weight.heads))
        for name in ("yes", "no", "abstain", "void")
        if isinstance(weight := getattr(item, name), Weight)
    )
    return Asked(number, motion, needs, tuple(_counted(counted, phrases)), answers)


def _counted(result: Result, phrases: Phrases) -> list[Meter]:
    """Consent by area and heads, of what the profile takes it of."""
    ratio = Ratio.parse(result.consent.ratio)
    whole = result.participating
    return [
        _meter(phrases, way, getattr(result.agreeing, way), getattr(whole, way), ratio, key="consent") for way in WAYS
    ]
