"""The large-type slip for somebody without a telephone: what was handed in is counted, and where it stands in the log.

The QR code carries the address, the entry's number and its whole leaf hash, which the slip prints too.
"""

from dataclasses import asdict, dataclass

from ledger.paper import html, pdf, qr
from ledger.paper.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Slip:
    """What the slip says. ``what``: in plain words (您的票 0237); ``time``: the log's; ``leaf``: hex."""

    community: str
    what: str
    entry: int
    time: str
    leaf: str
    address: str = ""
    offset: int = 480
    example: bool = False


@dataclass(frozen=True, slots=True)
class SlipView:
    """The slip, worded."""

    title: str
    community: str
    what: str
    counted: str
    entry: str
    time: str
    leaf: str
    keep: str
    mark: str
    example: str
    qr: str


def view(slip: Slip, locale: str) -> SlipView:
    """Word a slip. Raises ``period.time``, ``words.…``."""
    phrases = Phrases(locale)
    return SlipView(
        title=phrases.text("term.receipt"),
        community=slip.community,
        what=slip.what,
        counted=phrases.text("slip.counted"),
        entry=phrases.text("term.entry", number=slip.entry),
        time=phrases.moment(slip.time, slip.offset),
        leaf=phrases.digest(slip.leaf),
        keep=phrases.text("slip.keep"),
        mark=phrases.text("term.example") if slip.example else "",
        example=phrases.text("statement.example") if slip.example else "",
        qr=f"{slip.address or slip.community}#{slip.entry}.{slip.leaf}",
    )


def render_html(slip: Slip, locale: str = "zh_CN") -> str:
    """The slip as one HTML file."""
    seen = view(slip, locale)
    return html.render("slip.html", locale, v=seen, qr=html.trusted(qr.code(seen.qr)))


def render_pdf(slip: Slip, locale: str = "zh_CN") -> bytes:
    """The slip as PDF, A5."""
    seen = view(slip, locale)
    return pdf.compile_sheet("slip.typ", locale, asdict(seen), seen.qr)
