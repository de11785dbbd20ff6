"""Photographs that are kept as documents: which QR codes stand in each, decoded once.

What a photograph shows follows from its bytes alone, so it is remembered by its digest. Decoding takes a child process a
moment; one question decodes a few at most, and says of the others that they were not read yet.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal

from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.paper import scan
from ledger.paper.pointer import Copy

if TYPE_CHECKING:
    from ledger.store.store import Store

MOST_KEPT: Final = 4096
AT_ONCE: Final = 6
"""Photographs that one question decodes."""

Shows = Literal["this", "other", "none", "unreadable", "absent", "unread"]
"""``absent``: the document is not kept here, or was withdrawn; ``unread``: ask again."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph by its digest, and what it shows of a statement."""

    digest: str
    shows: Shows
    copies: tuple[Copy, ...] = ()


_codes: OrderedDict[str, tuple[str, ...] | None] = OrderedDict()
_lock: Final = Lock()


class Looking:
    """One question about photographs."""

    def __init__(self, store: "Store", at_once: int = AT_ONCE) -> None:
        self._store = store
        self._left = at_once

    def at(self, digest: str, statement: str) -> Photograph:
        """What the photograph of a digest shows of the statement of another."""
        with _lock:
            known = digest in _codes
            codes = _codes.get(digest)
        if not known:
            if not self._left:
                return Photograph(digest, "unread")
            try:
                data = self._store.document(digest).data
            except (NotFound, Refused):
                return Photograph(digest, "absent")
            except Unavailable:
                return Photograph(digest, "unread")
            self._left -= 1
            try:
                codes = scan.read_codes(data)
            except Malformed:
                codes = None
            except Unavailable:
                return Photograph(digest, "unread")
            remember(digest, codes)
        if codes is None:
            return Photograph(digest, "unreadable")
        seen = scan.look(codes, statement)
        return Photograph(digest, seen.found, seen.copies)


def remember(digest: str, codes: tuple[str, ...] | None) -> None:
    """Keep what was decoded; None for what is no photograph."""
    with _lock:
        _codes[digest] = codes
        while len(_codes) > MOST_KEPT:
            _codes.popitem(last=False)
