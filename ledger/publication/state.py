"""What was published so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from rpds import HashTrieMap


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

    statements: HashTrieMap[str, Published] = field(default_factory=HashTrieMap)
    """Period -> statement."""
    latest: str = ""
    """Period of the newest statement."""
