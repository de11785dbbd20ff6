"""The letter that invites somebody to make a key: large type, one sheet each, the code in groups, a QR code that fills it in.

It names rooms and no person: it goes under a door. The QR code carries the code after ``#``, so that no server's log has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.paper import pdf, qr
from ledger.paper.phrases import Phrases

STEPS = ("scan", "make", "show")


@dataclass(frozen=True, slots=True)
class Letter:
    """``code`` in groups; ``until``: its last day; ``address``: of the page where it is typed."""

    rooms: tuple[str, ...]
    code: str
    until: str
    address: str


def render_pdf(community: str, letters: Sequence[Letter], locale: str = "zh_CN", *, example: bool = False) -> bytes:
    """All letters as one PDF, each on a sheet of A4. Raises as :func:`ledger.paper.pdf.compile_pdf`."""
    phrases = Phrases(locale)
    data = {
        "locale": locale,
        "words": phrases.plain(*pdf.SPOKEN),
        "page": phrases.pattern("poster.page"),
        "community": community,
        "mark": phrases.text("term.example") if example else "",
        "steps": [phrases.text(f"letter.{step}") for step in STEPS],
        "letters": [_view(letter, phrases) for letter in letters],
    }
    return pdf.compile_pdf("invitation.typ", data)


def _view(letter: Letter, phrases: Phrases) -> dict[str, str]:
    return {
        "rooms": phrases.join(letter.rooms),
        "code": letter.code,
        "until": phrases.text("letter.until", day=phrases.full_day(letter.until)),
        "address": letter.address,
        "qr": qr.code(f"{letter.address}#{letter.code.replace(' ', '')}"),
    }
