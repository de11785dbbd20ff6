"""So many wrong codes a minute on one ledger, then none is looked at for the rest of the minute, right or wrong.

A code has 95 bits: nobody guesses one at any rate. This keeps whoever tries from using the server for it, and shows him in
the log (``invitation.too_many``). It is counted in this process and forgotten with it.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from ledger.errors import Refused

MOST: Final = 30
WINDOW_MS: Final = 60_000


class Guesses:
    """The wrong codes of the last minute, by ledger."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._wrong: dict[str, deque[int]] = {}

    def check(self, ledger: str) -> None:
        """Before a code is looked at. Raises Refused ``invitation.too_many``."""
        wrong, now = self._wrong.get(ledger, deque()), self._clock()
        while wrong and wrong[0] <= now - WINDOW_MS:
            wrong.popleft()
        if len(wrong) >= MOST:
            raise Refused("invitation.too_many", len(wrong), MOST, retry_after=WINDOW_MS // 1000)

    def wrong(self, ledger: str) -> None:
        """One was wrong."""
        self._wrong.setdefault(ledger, deque(maxlen=MOST)).append(self._clock())
