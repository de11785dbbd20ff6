"""What is told over the network: a letter, and whoever carries it.

A carrier sends one letter or raises; it retries nothing and remembers nothing. A letter carries the key of its notice
(:mod:`ledger.store.reading.outbox`), so that what comes twice can be told from two.
"""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice: its stable key, subject and text for people, and everything of it for programs."""

    key: str
    subject: str
    text: str
    data: dict[str, Any]


class Carrier(Protocol):
    """Carries letters out of the house."""

    @property
    def name(self) -> str:
        """``mail`` or ``webhook``, for the log."""

    def carry(self, letter: Letter) -> None:
        """Send one. Raises :class:`ledger.errors.MingzhangError`."""
