"""The owners' meetings of the example: called, posted, rolled, opened, voted in, counted, certified.

Who takes part and what he says derives from the seed: of all roll leaves the share that the meeting's ``turnout`` names (the
developer always), of those who take part the shares ``yes`` and ``no`` of each motion; the rest abstain. A ballot goes in at
a quarter past some hour while the vote is open, signed by its owner alone and sealed; about one voter in forty changes his
mind, and his higher revision counts. After the close the registrar enters all choices that count, in one batch.

A motion's effect is the example's own, as its title says. Ratifications name the payments by the records that booked them.
"""

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from ledger.example import figures
from ledger.example.community import DEVELOPER, person_of, text_digest
from ledger.example.desk import BOTH, Desk, Drafted, Step
from ledger.log.entry import Opening
from ledger.period import format_time, parse_rfc3339
from ledger.votes import certificate, roll
from ledger.votes.state import Leaf, Scope

Meeting = Mapping[str, Any]

HOURS: Final = (9, 13, 19)
QUARTER: Final = 15
CHANGE_OF_MIND: Final = 40
OPPOSITE: Final = {"yes": "no", "no": "yes", "abstain": "yes"}


@dataclass(frozen=True, slots=True)
class Cast:
    """One ballot to go in: at which hour, for which leaf, which revision, what it says."""

    at: str
    leaf: Leaf
    revision: int
    choices: tuple[str, ...]


@dataclass(slots=True)
class Poll:
    """What the seed lets the owners do in one meeting: voters by leaf and ballots by hour, drawn when it opens."""

    meeting: Meeting
    voters: dict[str, str] = field(default_factory=dict)
    by_hour: dict[str, list[Cast]] = field(default_factory=dict)

    def draw(self, desk: Desk) -> None:
        """Draw voters, hours and answers."""
        names = {ref: name for name, ref in desk.refs.items()}
        for cast in ballots(desk, self.meeting):
            self.voters[cast.leaf.unit] = names[cast.leaf.owners[0]]
            self.by_hour.setdefault(cast.at, []).append(cast)


def steps() -> Iterable[Step]:
    """Every sitting of every meeting."""
    for meeting in figures.settings()["meetings"]:
        poll = Poll(meeting)
        stage = f"meeting_{meeting['name']}"
        yield Step(meeting["called"], stage, partial(call, meeting=meeting))
        yield Step(meeting["posted"], stage, partial(post, meeting=meeting))
        yield Step(meeting["frozen"], stage, partial(freeze, meeting=meeting))
        yield Step(meeting["opened"], stage, partial(open_meeting, poll=poll))
        for hour in hours(meeting):
            yield Step(hour, stage, partial(vote, poll=poll, hour=hour))
        yield Step(meeting["counted"], stage, partial(count, meeting=meeting))
        yield Step(meeting["certified"], stage, partial(certify, meeting=meeting))


def motion_ref(desk: Desk, name: str) -> str:
    """The reference of a motion by its name in the settings."""
    for meeting in figures.settings()["meetings"]:
        for number, motion in enumerate(meeting["motions"]):
            if motion["name"] == name:
                return f"{desk.digests[meeting['name']]}#{number}"
    raise KeyError(name)


def call(desk: Desk, meeting: Meeting) -> None:
    """The chair calls the meeting with its motions."""
    desk.act(
        "meeting.called/1",
        {
            "title": meeting["title"],
            "session": "regular",
            "scope": {"level": "community"},
            "opens": _log_time(meeting["opens"]),
            "closes": _log_time(meeting["closes"]),
            "ways": ["phone"],
            "motions": [_motion(desk, motion) for motion in meeting["motions"]],
            "phone_vote": _clause(),
        },
        ["chair"],
        meeting["name"],
    )


def post(desk: Desk, meeting: Meeting) -> None:
    """The notice hangs in every lobby."""
    body = {"meeting": desk.digests[meeting["name"]], "on": meeting["posted"][:10], "places": meeting["places"]}
    desk.act("notice.posted/1", body, ["chair"], f"notice {meeting['name']}")


def freeze(desk: Desk, meeting: Meeting) -> None:
    """Chair and registrar freeze the roll."""
    leaves = roll_of(desk)
    desk.act(
        "roll.frozen/1",
        {
            "meeting": desk.digests[meeting["name"]],
            "units": sum(len(leaf.units) for leaf in leaves),
            "leaves": len(leaves),
            "heads": sum(leaf.head for leaf in leaves),
            "area": sum(leaf.area for leaf in leaves),
            "root": roll.root(leaves),
        },
        BOTH,
        f"roll {meeting['name']}",
    )


def open_meeting(desk: Desk, poll: Poll) -> None:
    """The chair opens it; everything a ballot names stands now."""
    meeting, name = poll.meeting, poll.meeting["name"]
    called = desk.digests[name]
    state = desk.books.votes.meeting(called)
    desk.act(
        "meeting.opened/1",
        {
            "meeting": called,
            "notice": desk.digests[f"notice {name}"],
            "roll": desk.digests[f"roll {name}"],
            "root": roll.root(roll_of(desk)),
            "profile": desk.books.rules.profile.digest,
            "motions": state.motions_digest,
            "opens": _log_time(meeting["opens"]),
            "closes": _log_time(meeting["closes"]),
            "phone_vote": _clause(),
        },
        ["chair"],
        f"opened {name}",
    )


def vote(desk: Desk, poll: Poll, hour: str) -> None:
    """The ballots that come in at this hour."""
    if not poll.by_hour:
        poll.draw(desk)
    name = poll.meeting["name"]
    signed: list[tuple[Drafted, str]] = []
    for cast in poll.by_hour.get(hour, ()):
        one = desk.draft(
            "ballot.cast/1",
            {"meeting": desk.digests[f"opened {name}"], "unit": cast.leaf.unit, "revision": cast.revision},
            f"ballot {name} {cast.leaf.unit}",
            private={"choices": list(cast.choices)},
        )
        desk.sealed[one.record.digest] = one.openings[0]
        signed.append((one, poll.voters[cast.leaf.unit]))
    if signed:
        desk.hand_in_singly(signed)


def count(desk: Desk, meeting: Meeting) -> None:
    """The registrar enters the choices of every ballot that counts."""
    _, _, voting = desk.books.votes.polled(desk.digests[f"opened {meeting['name']}"])
    counting = sorted(ballot.record for ballot in voting.ballots.values())
    desk.hand_in(
        [desk.draft("ballot.opened/1", _opening(record, desk.sealed[record])) for record in counting], ["registrar"]
    )


def certify(desk: Desk, meeting: Meeting) -> None:
    """Chair and registrar sign the certificate."""
    body = certificate.draft(desk.books.votes, desk.digests[f"opened {meeting['name']}"])
    desk.act("meeting.certified/1", body, BOTH, f"certificate {meeting['name']}")


def roll_of(desk: Desk) -> tuple[Leaf, ...]:
    """The leaves of the whole community as the profile merges heads."""
    books = desk.books
    units = roll.in_scope(books.people.units, Scope("community"))
    return roll.merge(units, books.rules.profile.choice("vote.head_merge"))


def hours(meeting: Meeting) -> Sequence[str]:
    """The moments at which ballots come in."""
    opens, closes = (datetime.fromisoformat(meeting[name]) for name in ("opens", "closes"))
    days = ((opens + timedelta(days=n)).replace(minute=QUARTER, second=0) for n in range((closes - opens).days + 2))
    moments = (day.replace(hour=hour) for day in days for hour in HOURS)
    return [moment.isoformat() for moment in moments if opens <= moment < closes]


def ballots(desk: Desk, meeting: Meeting) -> Iterable[Cast]:
    """Every ballot of a meeting, as the seed has it."""
    name, open_hours, leaves = meeting["name"], hours(meeting), roll_of(desk)
    developer = desk.refs[person_of(DEVELOPER)]

    def drawn(leaf: Leaf, of: str) -> int:
        return desk.share("poll", name, of, leaf.unit)

    by_turnout = sorted(leaves, key=lambda leaf: (developer not in leaf.owners, drawn(leaf, "turnout")))
    voters = by_turnout[: len(leaves) * meeting["turnout"] // 100]
    answers: defaultdict[str, list[str]] = defaultdict(list)
    for motion in meeting["motions"]:
        ranked = sorted(voters, key=lambda leaf: drawn(leaf, motion["name"]))
        for rank, leaf in enumerate(ranked):
            percent = rank * 100 // len(ranked)
            said = "yes" if percent < motion["yes"] else "no" if percent < motion["yes"] + motion["no"] else "abstain"
            answers[leaf.unit].append(said)
    for leaf in voters:
        choices, first = tuple(answers[leaf.unit]), drawn(leaf, "hour") % len(open_hours)
        if drawn(leaf, "mind") % CHANGE_OF_MIND == 0 and first + 1 < len(open_hours):
            yield Cast(open_hours[first], leaf, 1, tuple(OPPOSITE[choice] for choice in choices))
            yield Cast(open_hours[first + 1], leaf, 2, choices)
        else:
            yield Cast(open_hours[first], leaf, 1, choices)


def _motion(desk: Desk, motion: Mapping[str, Any]) -> dict[str, Any]:
    effect = dict(motion["effect"])
    if "payments" in motion:
        effect["payments"] = [f"{desk.digests[f'paid {paper}']}#0" for paper in motion["payments"]]
    return {"matter": 9, "title": motion["title"], "text": text_digest(motion["text"]), "effect": effect}


def _opening(record: str, sealed: Opening) -> dict[str, Any]:
    return {"ballot": record, "salt": base64.b64encode(sealed.salt).decode(), "choices": sealed.value}


def _clause() -> dict[str, str]:
    return {"document": text_digest("bylaws.txt"), "place": figures.settings()["phone_vote"]}


def _log_time(moment: str) -> str:
    return format_time(parse_rfc3339(moment))
