"""One meeting of a test community, from its call to its certificate; each step may be taken with other figures.

    poll = Poll(community, [motion(9, effect={...})])
    poll.prepare()                          # called, posted, the days pass, roll frozen, opened
    poll.cast("a1", "y"), poll.cast("a2", "n")
    poll.close(), poll.unseal(), poll.certify()

or in one go: ``Poll.hold(community, [motion(9)], {"a1": "y", "a2": "n"})``. Answers are letters, one a motion: y, n, a.
Every step takes ``**other`` to replace fields of the body that it makes itself.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

import pytest

from ledger import canonical, period
from ledger.errors import MingzhangError
from ledger.votes import certificate, roll
from ledger.votes.facts import MotionDecided
from ledger.votes.state import Meeting, Scope
from tests.community import Community, Signatory, digest_of, salt_of
from tests.community import refused_as as community_refused_as

OWN_RULES = frozenset({"meeting", "notice", "roll", "ballot", "certificate", "motion", "tally", "signers"})
WORDS = {"y": "yes", "n": "no", "a": "abstain"}

DELEGATION = {
    "type": "delegation",
    "funds": ["service_fee"],
    "each": 500_000,
    "total": 1_000_000,
    "start": "2026-02-01",
    "until": "2026-12-31",
}
"""An effect that needs no account, party or budget."""


def motion(matter: int = 9, title: str = "事项", **more: Any) -> dict[str, Any]:
    """A motion on a matter of CC 278; ``effect`` and other fields by name."""
    return {"matter": matter, "title": title, "text": digest_of(title), **more}


def answers(letters: str) -> list[str]:
    """``"yna"`` as the answers of a ballot."""
    return [WORDS.get(letter, letter) for letter in letters]


@contextmanager
def refused_as(rule: str) -> Iterator[pytest.ExceptionInfo[MingzhangError]]:
    """As :func:`tests.community.refused_as`; a rule of the votes room must also say what it met and what it would take."""
    with community_refused_as(rule) as refusal:
        yield refusal
    # A figure may be wrong by being there at all, or by being left out.
    if rule.split(".", maxsplit=1)[0] in OWN_RULES and rule != "certificate.figure_wrong":
        assert refusal.value.value is not None, rule
        assert refusal.value.accepted is not None, rule


class Poll:
    """A meeting under way; ``called`` and ``opened`` are the digests that later acts name."""

    def __init__(
        self,
        community: Community,
        motions: Sequence[Mapping[str, Any]] = (),
        *,
        scope: Mapping[str, Any] | None = None,
        days: tuple[int, int] = (16, 7),
        phone: bool = True,
        followers: bool = False,
    ) -> None:
        """``days``: from now to the opening, and from there to the close."""
        self.community = community
        self.motions = [dict(m) for m in motions or [motion()]]
        self.scope = dict(scope or {"level": "community"})
        self.opens = community.moment(days=days[0])
        self.closes = community.moment(days=sum(days))
        self.clause = {"document": digest_of("bylaws"), "place": "第phone_vote条"} if phone else None
        self.followers = {"document": digest_of("bylaws"), "place": "第non_voters_follow条"} if followers else None
        self.called = self.notice = self.roll = self.opened = self.certificate = ""
        self.ballots: dict[str, str] = {}
        self.sealed: dict[str, tuple[bytes, list[str]]] = {}

    @classmethod
    def hold(
        cls, community: Community, motions: Sequence[Mapping[str, Any]], votes: Mapping[str, str], **how: Any
    ) -> Self:
        """A whole meeting with these answers by unit."""
        poll = cls(community, motions, **how)
        poll.prepare()
        for unit, letters in votes.items():
            poll.cast(unit, letters)
        poll.close()
        poll.unseal()
        poll.certify()
        return poll

    @property
    def meeting(self) -> Meeting:
        """The meeting as the books have it."""
        return self.community.books.votes.meeting(self.called)

    # --- before the vote -----------------------------------------------------------------------------------------

    def call(self, *, by: Sequence[Signatory] = ("chair",), **other: Any) -> str:
        """Call the meeting."""
        body = {
            "title": "业主大会会议",
            "session": "regular",
            "scope": self.scope,
            "opens": self.opens,
            "closes": self.closes,
            "ways": ["phone"],
            "motions": self.motions,
        }
        body |= {"phone_vote": self.clause} if self.clause else {}
        body |= {"non_voters": self.followers} if self.followers else {}
        self.called = self.community.act("meeting.called/1", body | other, by=by)
        return self.called

    def post(self, *, by: Signatory = "chair", **other: Any) -> str:
        """Hang the notice."""
        body = {"meeting": self.called, "on": self.community.day, "places": 3, "evidence": [digest_of("photo")]}
        self.notice = self.community.act("notice.posted/1", body | other, by=[by])
        return self.notice

    def freeze(self, *, by: Sequence[Signatory] = (), **other: Any) -> str:
        """Freeze the roll."""
        self.roll = self.community.act("roll.frozen/1", self.roll_body() | other, by=by or self.community.both)
        return self.roll

    def roll_body(self) -> dict[str, Any]:
        """The figures of the roll as the community is now."""
        books = self.community.books
        scope = self.scope
        read = Scope(scope["level"], scope.get("building", ""), scope.get("stack", ""), tuple(scope.get("units", ())))
        leaves = roll.merge(roll.in_scope(books.people.units, read), books.rules.profile.choice("vote.head_merge"))
        return {
            "meeting": self.called,
            "units": sum(len(leaf.units) for leaf in leaves),
            "leaves": len(leaves),
            "heads": sum(leaf.head for leaf in leaves),
            "area": sum(leaf.area for leaf in leaves),
            "root": roll.root(leaves),
        }

    def open(self, *, by: Sequence[Signatory] = ("chair",), **other: Any) -> str:
        """Open the meeting; ballots may come from ``opens`` on."""
        frozen = self.meeting.roll
        body: dict[str, Any] = {
            "meeting": self.called,
            "notice": self.notice,
            "roll": self.roll,
            "root": frozen.root if frozen else digest_of("no roll"),
            "profile": self.community.books.rules.profile.digest,
            "motions": canonical.digest(self.motions),
            "opens": self.opens,
            "closes": self.closes,
        }
        body |= {"phone_vote": self.clause} if self.clause else {}
        self.opened = self.community.act("meeting.opened/1", body | other, by=by)
        return self.opened

    def prepare(self) -> None:
        """Call, post, freeze, open, and wait until ballots may come."""
        self.call()
        self.post()
        self.freeze()
        self.open()
        self.wait_until(self.opens)

    def wait_until(self, moment: str) -> None:
        """Let time pass until a moment (nothing if it is past)."""
        self.community.time = max(self.community.time, period.parse_time(moment))

    # --- the vote ------------------------------------------------------------------------------------------------

    def cast(
        self,
        unit: str,
        letters: str,
        *,
        by: Sequence[Signatory] | None = None,
        revision: int = 1,
        at: str | None = None,
        **other: Any,
    ) -> str:
        """Cast a sealed ballot, by the unit's first owner unless said otherwise."""
        salt, choices = salt_of(f"{self.opened} {unit} {revision}"), answers(letters)
        commitment, _ = self.community.commit("ballot.cast/1", "choices", list(choices), salt)
        body = {"meeting": self.opened, "unit": unit, "revision": revision, "choices": commitment}
        if by is None:
            owner = self.community.books.people.unit(unit).owners[0]
            by = [next(name for name, ref in self.community.refs.items() if ref == owner)]
        ballot = self.community.act("ballot.cast/1", body | other, by=by, at=at)
        self.ballots[unit] = ballot
        self.sealed[ballot] = salt, choices
        return ballot

    def close(self) -> None:
        """Let the vote's end come."""
        self.wait_until(self.closes)

    def opening(self, ballot: str) -> dict[str, Any]:
        """The body that opens a ballot."""
        salt, choices = self.sealed[ballot]
        return {"ballot": ballot, "salt": base64.b64encode(salt).decode(), "choices": choices}

    def unseal(self, *units: str, by: Signatory = "chair") -> None:
        """Open the ballots of these units, or all that count, in batches of one signature."""
        chosen = [self.ballots[unit] for unit in units or self.ballots]
        for start in range(0, len(chosen), 512):
            items = [("ballot.opened/1", self.opening(ballot)) for ballot in chosen[start : start + 512]]
            self.community.acts(items, by=[by])

    def draft(self) -> dict[str, Any]:
        """The certificate's body as the machine has it."""
        return certificate.draft(self.community.books.votes, self.opened)

    def certify(self, body: Mapping[str, Any] | None = None, *, by: Sequence[Signatory] = ()) -> str:
        """Certify the meeting with the machine's figures, or with others."""
        self.certificate = self.community.act(
            "meeting.certified/1", self.draft() if body is None else body, by=by or self.community.both
        )
        return self.certificate

    def passed(self, number: int = 0) -> bool:
        """Whether a motion passed, once certified."""
        return self.decided(number).passed

    def decided(self, number: int = 0) -> MotionDecided:
        """What came of a motion, once certified."""
        ref = f"{self.called}#{number}"
        return next(f for f in self.community.all_facts if isinstance(f, MotionDecided) and f.motion == ref)
