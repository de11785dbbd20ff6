"""Photographs of the board: does the poster's QR code stand in them, and is it this statement's?

A photograph that decodes to the whole hash shows that just this text hung somewhere; where and when is what whoever handed
it in *claims*. A photograph is a stranger's file: it is decoded in a child process under 512 MiB and 20 seconds
(:mod:`ledger.confined`), and nothing but the texts of QR codes comes back.
"""

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ledger import confined
from ledger.errors import Malformed, Unavailable
from ledger.paper import pointer
from ledger.paper.pointer import Copy, Pointer

SECONDS: Final = 20.0
LIMITS: Final = "120 megapixels, 512 MiB, 20 s"
FORMATS: Final = "JPEG, PNG, WebP"
MAX_ANSWER: Final = 1 << 20
_CHILD: Final = Path(__file__).with_name("scan_child.py")

Found = Literal["this", "other", "none"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a photograph shows: ``this`` statement's code and the copies that it says, only ``other`` codes, or ``none``."""

    found: Found
    copies: tuple[Copy, ...] = ()


def read_codes(data: bytes) -> tuple[str, ...]:
    """The texts of all QR codes in a photograph, each once.

    Raises Malformed ``photo.unreadable``, ``photo.too_large``; Unavailable ``photo.no_reader`` where zxing-cpp or Pillow is
    not installed.
    """
    if any(importlib.util.find_spec(name) is None for name in ("zxingcpp", "PIL")):
        raise Unavailable("photo.no_reader", "QR", "zxing-cpp, pillow")
    try:
        answer = json.loads(confined.ask(_CHILD, data, seconds=SECONDS, most=MAX_ANSWER))
    except confined.Exceeded:
        raise Malformed("photo.too_large", len(data), LIMITS) from None
    except confined.Broken:
        raise Malformed("photo.unreadable", len(data), FORMATS) from None
    if "refused" in answer:
        raise Malformed(answer["refused"], answer["value"], LIMITS if answer["refused"].endswith("large") else FORMATS)
    return tuple(answer["codes"])


def pointers(codes: tuple[str, ...]) -> tuple[Pointer, ...]:
    """Those of the codes that prints of ours carry."""
    return tuple(found for found in map(pointer.read, codes) if found is not None)


def look(codes: tuple[str, ...], digest: str) -> Seen:
    """What a photograph with these codes shows of the statement of a digest.

    >>> look(("https://example.org/#sha256=" + "0" * 64,), "0" * 64), look(("a shop",), "0" * 64).found
    (Seen(found='this', copies=()), 'other')
    """
    of_this = [one for one in pointers(codes) if one.digest == digest]
    if of_this:
        return Seen("this", tuple(one.copy for one in of_this if one.copy is not None))
    return Seen("other" if codes else "none")
