"""What was published so far."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """A statement that stands: its record, period, digest of its JSON, prefix and entry."""

    record: str
    period: str
    digest: str
    prefix: int
    seq: int


@dataclass(frozen=True)
class Publication:
    """The room's state."""

    latest: Published | None = None
    """The newest statement; the next names it and begins after it."""
