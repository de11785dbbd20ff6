"""What was published so far."""

from __future__ import annotations

from dataclasses import dataclass

from rpds import HashTrieMap


@dataclass(frozen=True, slots=True)
class Published:
    """A statement that stands: its record, period, digest of its JSON, prefix and entry."""

    record: str
    period: str
    digest: str
    prefix: int
    seq: int


@dataclass(frozen=True, slots=True)
class Objection:
    """A question that nobody has answered yet. ``application``: the posted payment that waits for the answer, or empty;
    ``slip``: the number of the slip where it came on paper.
    """

    record: str
    about: str
    owner: str
    on: str
    due: str
    slip: str = ""
    application: str = ""


@dataclass(frozen=True)
class Publication:
    """The room's state."""

    latest: Published | None = None
    """The newest statement; the next names it and begins after it."""
    objections: HashTrieMap[str, Objection] | None = None
    """Those without an answer, by their record; None before the first (machine 1 knows none)."""

    @property
    def waiting(self) -> tuple[Objection, ...]:
        """Those without an answer, the most urgent first."""
        found = () if self.objections is None else self.objections.values()
        return tuple(sorted(found, key=lambda one: (one.due, one.on, one.record)))
