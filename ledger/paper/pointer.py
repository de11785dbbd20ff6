"""What the QR code of a print says: where the original is, its whole hash, and which of the hanging copies this is.

Everything stands behind ``#``, which no browser sends: whoever scans a poster tells no server which one he stands before.
The whole hash is there, so a photograph of the poster is evidence of *what* hung; the copy says where it was meant to.

>>> text = Pointer("https://example.org/2019H1", "ab" * 32, Copy("3栋大堂", 2, 8)).text()
>>> text.removeprefix("https://example.org/2019H1#sha256=" + "ab" * 32)
'&copy=2/8&place=3%E6%A0%8B%E5%A4%A7%E5%A0%82'
>>> read(text).copy
Copy(place='3栋大堂', number=2, of=8)
>>> read("https://example.org/") is None
True
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from ledger.errors import Malformed

MOST_COPIES: Final = 64
"""Places that one ``posting.hung/1`` may name."""
LONGEST_PLACE: Final = 30
"""Characters of a place: more would make the modules of the code too fine for a photograph."""
_POINTER: Final = re.compile(
    r"(?P<address>[^#\s]*)#sha256=(?P<digest>[0-9a-f]{64})"
    r"(?:&copy=(?P<number>[1-9]\d?)/(?P<of>[1-9]\d?)&place=(?P<place>[^&#\s]*))?"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """Which of the hanging copies a sheet is: where it hangs, its number, how many there are."""

    place: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Pointer:
    """Address (empty or a name where there is none), hash of the original in hex, the copy where there are several."""

    address: str
    digest: str
    copy: Copy | None = None

    def text(self) -> str:
        """What stands in the code."""
        copy = self.copy
        which = f"&copy={copy.number}/{copy.of}&place={quote(copy.place, safe='')}" if copy else ""
        return f"{self.address}#sha256={self.digest}{which}"


def read(text: str) -> Pointer | None:
    """The pointer of a code that was scanned; None where it is none of ours."""
    found = _POINTER.fullmatch(text)
    if found is None:
        return None
    copy = None
    if found["number"]:
        place, number, of = unquote(found["place"]), int(found["number"]), int(found["of"])
        if number > of or len(place) > LONGEST_PLACE or not place.isprintable():
            return None
        copy = Copy(place, number, of)
    return Pointer(found["address"], found["digest"], copy)


def copies(places: Sequence[str]) -> tuple[Copy, ...]:
    """One numbered copy a place. Raises ``paper.copies`` (none, or too many), ``paper.place`` (empty, too long, a control)."""
    if not 1 <= len(places) <= MOST_COPIES:
        raise Malformed("paper.copies", len(places), f"1 to {MOST_COPIES}")
    for place in places:
        if not place.strip() or len(place) > LONGEST_PLACE or not place.isprintable():
            raise Malformed("paper.place", place[:80], f"1 to {LONGEST_PLACE}")
    return tuple(Copy(place, number, len(places)) for number, place in enumerate(places, 1))


def places_of(lines: str) -> list[str]:
    """Places as people type them, one a line; empty lines are none."""
    return [" ".join(line.split()) for line in lines.splitlines() if line.strip()]
