"""Meetings 业主大会会议: called, posted, roll frozen, opened, certified or withdrawn; their motions and what came of them.

Before the certificate nothing is said of how anybody voted: only the turnout, by area and heads. Times close a vote, not
people, so that ``standing`` says which acts have been done; whether ballots may come now follows from ``opens`` and
``closes``.
"""

import json
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from ledger import period
from ledger.books import Books
from ledger.errors import NotFound
from ledger.store.past import Rows
from ledger.store.reading.shown import (
    Code,
    Day,
    Digest,
    Moment,
    Next,
    Ref,
    Seq,
    Shown,
    Weight,
    absent,
    cursor,
    entries_at,
    facts_about,
    facts_after,
    read_cursor,
)
from ledger.votes import records
from ledger.votes.meetings import measure
from ledger.votes.state import Measure

if TYPE_CHECKING:
    from ledger.store.store import Store

LAST_BALLOT: Final = "SELECT MAX(seq) FROM ballot WHERE opened = ? AND seq >= ? AND seq < ?"
COUNTED: Final = "SELECT data FROM event WHERE seq = ? AND name = 'BallotCounted' AND ref = ?"

Standing = Literal["called", "posted", "frozen", "opened", "certified", "withdrawn"]


class ScopeItem(Shown):
    """Who decides 表决范围: what the level does not name is absent."""

    level: Annotated[str, Field(description="community, building, stack or units")]
    building: Code | None = None
    stack: Code | None = None
    units: tuple[Code, ...] = ()


class ThresholdItem(Shown):
    """What a motion needs. ``majority`` follows from its matter (Civil Code art. 278) under the profile; ratios as written
    there, of area and of heads alike.
    """

    majority: Literal["ordinary", "special"]
    participation: Annotated[str, Field(description="ratio of all that must take part", examples=[">= 2/3"])]
    consent: Annotated[str, Field(description="ratio that must agree", examples=["> 1/2"])]
    base: Annotated[str | None, Field(description="of what the consent is a ratio; absent once certified")] = None
    settled: Annotated[bool, Field(description="false before the meeting was opened: as the rules are now")]


class MotionItem(Shown):
    """A motion 表决事项. ``text`` is the digest of the full text that hangs. ``passed`` once certified."""

    ref: Ref
    matter: Annotated[int, Field(description="matter of art. 278 of the Civil Code, 1 to 9")]
    title: str
    text: Digest
    type: Annotated[
        str | None,
        Field(description="what it does to the books if it passes: payment, budget, delegation, ratification"),
    ] = None
    effect: Annotated[dict[str, Any] | None, Field(description="the same in full, as called; amounts are fen")] = None
    thresholds: ThresholdItem | None = None
    passed: bool | None = None


class MeetingItem(Shown):
    """A meeting, in a list. ``called`` is its name. ``founds_authority``: false for 意见征询, which binds nobody."""

    called: Digest
    seq: Seq
    time: Moment
    title: str
    session: Annotated[str, Field(description="regular or extraordinary")]
    scope: ScopeItem
    opens: Moment
    closes: Moment
    standing: Standing
    founds_authority: bool
    motions: tuple[MotionItem, ...]


class MeetingItems(Shown):
    """Some meetings, in the order in which they were called or the newest first."""

    items: tuple[MeetingItem, ...]
    next: Next = None


class NoticeItem(Shown):
    """A notice that hangs; the notice term runs from ``day``, the day of its entry."""

    record: Digest
    seq: Seq
    day: Day
    on: Annotated[Day, Field(description="since when it hangs, as its signer says")]
    places: int


class RollItem(Shown):
    """The frozen roll 名册: RFC 6962 root over its leaves."""

    record: Digest
    seq: Seq
    time: Moment
    root: Digest
    units: int
    whole: Annotated[Weight, Field(description="all that may be cast")]


class OpenedItem(Shown):
    """The record that ballots name."""

    record: Digest
    seq: Seq
    time: Moment


class TurnoutItem(Shown):
    """All that is visible before the certificate: what was cast, of what."""

    cast: Weight
    whole: Weight


class TurnoutNews(Shown):
    """The turnout of a meeting after the ballot of entry ``seq``."""

    meeting: Digest
    seq: Seq
    cast: Weight
    whole: Weight


class CertificateItem(Shown):
    """The certificate 表决结果报告. ``witnessed``: the registrar signed it; without him it is 未经第三方核验."""

    record: Digest
    seq: Seq
    on: Day
    witnessed: bool
    figures: Annotated[records.MeetingCertified, Field(description="every figure, as signed")]


class WithdrawnItem(Shown):
    """Why a meeting is not held."""

    seq: Seq
    reason: str


class MeetingWhole(MeetingItem):
    """A meeting with all that was done in it."""

    notices: tuple[NoticeItem, ...]
    roll: RollItem | None = None
    opened: OpenedItem | None = None
    turnout: TurnoutItem | None = None
    certificate: CertificateItem | None = None
    withdrawn: WithdrawnItem | None = None


class MotionRests(Shown):
    """A decided motion and what it rests on: each by digest and entry. Ballots are all that counted, opened or not."""

    ref: Ref
    title: str
    matter: int
    passed: bool
    founds_authority: bool
    on: Day
    meeting: Digest
    meeting_seq: Seq
    opened: OpenedItem
    roll: RollItem
    certificate: Digest
    certificate_seq: Seq
    witnessed: bool
    cast: Weight
    ballots: Annotated[int, Field(description="ballots opened, as certified")]
    ballots_root: Annotated[Digest, Field(description="RFC 6962 root over the records that opened them")]
    unopened: Annotated[int, Field(description="ballots that nobody could open 未能启封")]


def meetings(store: "Store", *, after: str = "", limit: int = 20, newest: bool = True) -> MeetingItems:
    """Meetings. Raises Malformed ``request.cursor``."""
    place = read_cursor(after, int, int) if after else None
    books = store.books
    with store.reading() as reader:
        found = facts_after(reader.rows, "MeetingCalled", place, limit + 1, newest=newest)
        items = tuple(MeetingItem(**_called(reader.rows, books, seq, fact)) for seq, _i, fact in found[:limit])
    return MeetingItems(items=items, next=cursor(*found[limit - 1][:2]) if len(found) > limit else None)


def meeting(store: "Store", called: str) -> MeetingWhole:
    """One meeting by the digest of its call. Raises NotFound ``meeting.unknown``."""
    books = store.books
    with store.reading() as reader:
        found = _about(reader.rows, called)
        seq, fact = found
        return MeetingWhole(**_called(reader.rows, books, seq, fact), **_acts(reader.rows, books, called))


def turnout(store: "Store", called: str) -> TurnoutItem:
    """What was cast in a meeting. Raises NotFound ``meeting.unknown``, ``meeting.not_open`` (no ballot could come yet)."""
    books = store.books
    with store.reading() as reader:
        _about(reader.rows, called)
        found = _turnout(reader.rows, books, called)
    if found is None:
        raise NotFound("meeting.not_open", called, "a meeting that was opened")
    return found


def turnouts(store: "Store", first: int, end: int) -> tuple[TurnoutNews, ...]:
    """Of each meeting under way the turnout after its last ballot among the entries from ``first`` to before ``end``."""
    found = []
    opened = store.books.votes.opened
    with store.reading() as reader:
        for record, called in opened.items():
            last = reader.rows(LAST_BALLOT, (record, first, end))[0][0]
            if last is not None:
                found.append((last, called, reader.rows(COUNTED, (last, record))[0][0]))
    return tuple(_news(seq, called, json.loads(data)["turnout"]) for seq, called, data in sorted(found))


def rests(rows: Rows, motion: str) -> MotionRests:
    """What a decided motion rests on, in a reader of the caller. Raises NotFound ``motion.unknown``."""
    decided = facts_about(rows, "MotionDecided", motion)
    if not decided:
        raise NotFound("motion.unknown", motion, "a motion that was decided")
    _seq, fact = decided[-1]
    called = fact["meeting"]
    certificate = _certificate(rows, called)
    roll, opened = roll_of(rows, called), _opened(rows, called)
    if certificate is None or roll is None or opened is None:
        raise NotFound("motion.unknown", motion, "a motion that was decided")
    figures = certificate.figures
    return MotionRests(
        ref=motion,
        title=fact["title"],
        matter=fact["matter"],
        passed=fact["passed"],
        founds_authority=fact["founds_authority"],
        on=fact["on"],
        meeting=called,
        meeting_seq=_about(rows, called)[0],
        opened=opened,
        roll=roll,
        certificate=certificate.record,
        certificate_seq=certificate.seq,
        witnessed=certificate.witnessed,
        cast=Weight(area=figures.cast.area, heads=figures.cast.heads),
        ballots=figures.opened.count,
        ballots_root=figures.opened.root,
        unopened=figures.unopened.count if figures.unopened else 0,
    )


def opened_of(rows: Rows, called: str) -> str | None:
    """The record that the ballots of a meeting name, once it was opened. Raises NotFound ``meeting.unknown``."""
    _about(rows, called)
    found = _opened(rows, called)
    return None if found is None else found.record


def roll_of(rows: Rows, called: str) -> RollItem | None:
    """The roll of a meeting, once frozen."""
    found = facts_about(rows, "RollFrozen", called)
    if not found:
        return None
    seq, fact = found[-1]
    return RollItem(
        record=fact["roll"],
        seq=seq,
        time=_time(rows, seq),
        root=fact["root"],
        units=fact["units"],
        whole=Weight(area=fact["area"], heads=fact["heads"]),
    )


def _news(seq: int, called: str, said: dict[str, int]) -> TurnoutNews:
    return TurnoutNews(
        meeting=called,
        seq=seq,
        cast=Weight(area=said["area"], heads=said["heads"]),
        whole=Weight(area=said["total_area"], heads=said["total_heads"]),
    )


def _about(rows: Rows, called: str) -> tuple[int, dict[str, Any]]:
    found = facts_about(rows, "MeetingCalled", called)
    if not found:
        raise NotFound("meeting.unknown", called, "the digest of a meeting's call")
    return found[0]


def _called(rows: Rows, books: Books, seq: int, fact: dict[str, Any]) -> dict[str, Any]:
    called, scope = fact["meeting"], fact["scope"]
    certificate = _certificate(rows, called)
    return {
        "called": called,
        "seq": seq,
        "time": _time(rows, seq),
        "title": fact["title"],
        "session": fact["session"],
        "scope": ScopeItem(
            level=scope["level"],
            building=absent(scope["building"]),
            stack=absent(scope["stack"]),
            units=tuple(scope["units"]),
        ),
        "opens": period.format_time(fact["opens"]),
        "closes": period.format_time(fact["closes"]),
        "standing": _standing(rows, called),
        "founds_authority": fact["founds_authority"],
        "motions": tuple(
            _motion(books, called, motion, certificate.figures.items[number] if certificate else None)
            for number, motion in enumerate(fact["motions"])
        ),
    }


def _motion(books: Books, called: str, motion: dict[str, Any], certified: records.Item | None) -> MotionItem:
    effect = json.loads(motion["effect"]) if motion["effect"] else None
    return MotionItem(
        ref=motion["ref"],
        matter=motion["matter"],
        title=motion["title"],
        text=motion["text"],
        type=effect["type"] if effect else None,
        effect=effect,
        thresholds=_thresholds(books, called, motion["matter"], certified),
        passed=certified.passed if certified else None,
    )


def _thresholds(books: Books, called: str, matter: int, certified: records.Item | None) -> ThresholdItem | None:
    """Of a certified meeting as certified, of an open one as measured, before as the rules are now; of a withdrawn one none."""
    if certified is not None:
        counted = certified.counted
        return ThresholdItem(
            majority=certified.majority,
            participation=counted.participation.ratio,
            consent=counted.consent.ratio,
            settled=True,
        )
    live = books.votes.meetings.get(called)
    if live is None:
        return None
    by: Measure = live.voting.measure if live.voting else measure(books.rules.profile, followers=live.followers)
    special = matter in by.special_items
    return ThresholdItem(
        majority="special" if special else "ordinary",
        participation=by.participation,
        consent=by.special if special else by.ordinary,
        base=by.base,
        settled=live.voting is not None,
    )


def _standing(rows: Rows, called: str) -> Standing:
    steps: tuple[tuple[str, Standing], ...] = (
        ("MeetingCertified", "certified"),
        ("MeetingWithdrawn", "withdrawn"),
        ("MeetingOpened", "opened"),
        ("RollFrozen", "frozen"),
        ("NoticePosted", "posted"),
    )
    return next((standing for name, standing in steps if facts_about(rows, name, called)), "called")


def _acts(rows: Rows, books: Books, called: str) -> dict[str, Any]:
    withdrawn = facts_about(rows, "MeetingWithdrawn", called)
    return {
        "notices": tuple(
            NoticeItem(record=fact["notice"], seq=seq, day=fact["day"], on=fact["on"], places=fact["places"])
            for seq, fact in facts_about(rows, "NoticePosted", called)
        ),
        "roll": roll_of(rows, called),
        "opened": _opened(rows, called),
        "turnout": _turnout(rows, books, called),
        "certificate": _certificate(rows, called),
        "withdrawn": WithdrawnItem(seq=withdrawn[0][0], reason=withdrawn[0][1]["reason"]) if withdrawn else None,
    }


def _opened(rows: Rows, called: str) -> OpenedItem | None:
    found = facts_about(rows, "MeetingOpened", called)
    return OpenedItem(record=found[0][1]["opened"], seq=found[0][0], time=_time(rows, found[0][0])) if found else None


def _turnout(rows: Rows, books: Books, called: str) -> TurnoutItem | None:
    """Of an open meeting as the books have it, of a certified one as certified."""
    live, certified = books.votes.meetings.get(called), facts_about(rows, "MeetingCertified", called)
    if live is not None and live.voting is not None:
        said = books.votes.turnout(live.voting.record)
        return TurnoutItem(
            cast=Weight(area=said.area, heads=said.heads), whole=Weight(area=said.total_area, heads=said.total_heads)
        )
    if not certified:
        return None
    cast = certified[0][1]["cast"]
    return TurnoutItem(
        cast=Weight(area=cast["area"], heads=cast["heads"]),
        whole=Weight(area=cast["total_area"], heads=cast["total_heads"]),
    )


def _certificate(rows: Rows, called: str) -> CertificateItem | None:
    found = facts_about(rows, "MeetingCertified", called)
    if not found:
        return None
    seq, fact = found[0]
    record = entries_at(rows, [seq])[seq].record
    return CertificateItem(
        record=record.digest,
        seq=seq,
        on=fact["on"],
        witnessed=fact["witnessed"],
        figures=records.MeetingCertified.model_validate_json(json.dumps(record.body)),
    )


def _time(rows: Rows, seq: int) -> str:
    return period.format_time(entries_at(rows, [seq])[seq].time)
