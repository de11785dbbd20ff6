"""So many wrong codes a minute from one address, then none of his is looked at until a minute is over, right or wrong.

What keeps codes from being guessed is their length, not this: one has 95 bits. With 1,000 letters out at a time, a hundred
thousand addresses that try 30 codes a minute each, and do so for the 30 days that a letter is good, find one with a chance
of 1,000 · 10⁵ · 30 · 43,200 / 2⁹⁵, which is below 10⁻¹⁴. The limit keeps whoever tries from using the server for it, and shows
him in the log (``invitation.too_many``). It is his own alone: counted for all together it would let anybody keep everybody from
enrolling. Who shares an address with him (:func:`api.guards.address_of`) waits with him.
"""

from collections.abc import Callable
from typing import Final

from api.recent import Recent
from ledger.errors import Refused

MOST: Final = 30
WINDOW_MS: Final = 60_000


class Guesses:
    """The wrong codes of the last minute, by the address that they came from."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._wrong = Recent(WINDOW_MS, clock, MOST)

    def check(self, address: str) -> None:
        """Before a code is looked at. Raises Refused ``invitation.too_many``."""
        wrong = self._wrong.count(address)
        if wrong >= MOST:
            raise Refused("invitation.too_many", wrong, MOST, retry_after=WINDOW_MS // 1000)

    def wrong(self, address: str) -> None:
        """One was wrong."""
        self._wrong.add(address)
