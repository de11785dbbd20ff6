"""How many documents one key may hand in within 24 hours: a stolen officer's key must not fill the disk.

With ``MINGZHANG_DOCUMENT_BYTES`` it bounds what one key adds in a day. Whatever is handed in counts, taken or not, new or not:
reading it costs the server the same. It is counted in this process and forgotten with it, and it is this server's policy
and no rule of the books, as the quota of records is (:mod:`ledger.store.quota`); the command line on the keeper's machine is
not asked.
"""

from collections.abc import Callable
from typing import Final

from api.recent import Recent
from ledger import period
from ledger.errors import Unavailable

DAY_MS: Final = 86_400_000


class Uploads:
    """The documents of the last day, by the key that was signed in."""

    def __init__(self, most: int, clock: Callable[[], int]) -> None:
        self._most = most
        self._recent = Recent(DAY_MS, clock, most)

    def take(self, ledger: str, key: str) -> None:
        """One more. Raises Unavailable ``quota.documents_day``."""
        name = f"{ledger} {key}"
        count = self._recent.count(name)
        if count >= self._most:
            again = period.format_time(self._recent.free(name))
            raise Unavailable("quota.documents_day", count, self._most, again=again, hours=DAY_MS // 3_600_000)
        self._recent.add(name)
