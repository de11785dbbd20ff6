"""Which meeting a command means, and the bodies of a meeting's acts as the votes room itself computes them.

A person names a meeting by the digest or entry number of its call or of its opening; where only one is under way he need
not name it at all. Nothing is counted here: figures come from :mod:`ledger.votes`.
"""

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ledger import period
from ledger.books import Books
from ledger.cli.bulk import Item
from ledger.errors import NotFound, Refused
from ledger.votes import roll
from ledger.votes.ballots import unopened
from ledger.votes.state import Meeting, Roll, Voting

if TYPE_CHECKING:
    from ledger.store.store import Store


def find(store: "Store", named: str) -> Meeting:
    """The meeting under way that is meant. Raises NotFound ``meeting.unknown``, Refused ``cli.which_meeting``."""
    votes = store.books.votes
    if not named:
        under_way = sorted(votes.meetings.values(), key=lambda meeting: meeting.opens)
        if len(under_way) != 1:
            raise Refused("cli.which_meeting", len(under_way), [f"--meeting {m.called}" for m in under_way] or None)
        return under_way[0]
    digest = record_of(store, named)
    return votes.meeting(votes.opened.get(digest) or digest)


def find_opened(store: "Store", named: str) -> tuple[Meeting, Roll, Voting]:
    """The meeting meant, which is open. Raises as :func:`find`, and ``meeting.not_open``."""
    meeting = find(store, named)
    if meeting.roll is None or meeting.voting is None:
        raise NotFound("meeting.not_open", meeting.called, "a meeting that was opened")
    return meeting, meeting.roll, meeting.voting


def record_of(store: "Store", named: str) -> str:
    """A record's digest from itself or from its entry's number. Raises ``entry.unknown``."""
    short = named.isascii() and named.isdecimal() and len(named) < 10
    return store.entry(int(named)).record.digest if short else named


def roll_body(books: Books, meeting: Meeting) -> dict[str, Any]:
    """The body of ``roll.frozen/1``, as the machine counts now. Raises ``roll.…``."""
    roll.check_complete(books.people)
    leaves = roll.merge(roll.in_scope(books.people.units, meeting.scope), books.rules.profile.choice("vote.head_merge"))
    return {
        "meeting": meeting.called,
        "units": sum(len(leaf.units) for leaf in leaves),
        "leaves": len(leaves),
        "heads": sum(leaf.head for leaf in leaves),
        "area": sum(leaf.area for leaf in leaves),
        "root": roll.root(leaves),
    }


def opening_body(books: Books, meeting: Meeting) -> dict[str, Any]:
    """The body of ``meeting.opened/1``. Raises ``meeting.roll_not_frozen``, ``meeting.notice_unknown``."""
    if meeting.roll is None:
        raise Refused("meeting.roll_not_frozen", meeting.called, "roll.frozen/1 before the opening")
    if not meeting.notices:
        raise Refused("meeting.notice_unknown", None, "notice.posted/1 of this meeting")
    body: dict[str, Any] = {
        "meeting": meeting.called,
        "notice": min(meeting.notices, key=lambda notice: (meeting.notices[notice], notice)),
        "roll": meeting.roll.record,
        "root": meeting.roll.root,
        "profile": books.rules.profile.digest,
        "motions": meeting.motions_digest,
        "opens": period.format_time(meeting.opens),
        "closes": period.format_time(meeting.closes),
    }
    if meeting.phone_document:
        body["phone_vote"] = {"document": meeting.phone_document, "place": meeting.phone_place}
    return body


def ballot_openings(store: "Store", meeting: Meeting, frozen: Roll, voting: Voting, now: int) -> Iterator[Item | str]:
    """The acts that open what is still sealed, or the digest of a ballot of which no opening is kept here.

    Before the close nobody is shown what was sealed, so it is not even read. Raises ``ballot.opened_early``.
    """
    if now < meeting.closes:
        raise Refused("ballot.opened_early", period.format_time(now), period.format_time(meeting.closes))
    for number, (_leaf, ballot) in enumerate(unopened(frozen, voting), 1):
        try:
            opening = store.opening(ballot.record, "choices")
        except (NotFound, Refused):
            yield ballot.record
            continue
        salt = base64.b64encode(opening.salt).decode()
        yield Item(number, "ballot.opened/1", {"ballot": ballot.record, "salt": salt, "choices": opening.value})


def leaf_unit(frozen: Roll, unit: str) -> str:
    """The unit under which the head group of a unit votes: the lowest code of its group."""
    return next((leaf.unit for leaf in frozen.leaves.values() if unit in leaf.units), unit)


def standing(meeting: Meeting) -> str:
    """How far a meeting has come."""
    if meeting.voting is not None:
        return "opened"
    return "rolled" if meeting.roll is not None else "posted" if meeting.notices else "called"


def turnout(meeting: Meeting, frozen: Roll, voting: Voting) -> dict[str, Any]:
    """All that is visible before the close: what was cast, by area and heads."""
    return {
        "meeting": meeting.called,
        "opened": voting.record,
        "ballots": len(voting.ballots),
        "leaves": len(frozen.leaves),
        "area": voting.area,
        "area_of": frozen.area,
        "heads": voting.heads,
        "heads_of": frozen.heads,
    }
