"""What hangs of a meeting beside its certificate: the notice with its motions, the roll, the result with the ballots' numbers.

Everything is made from the bodies of ``meeting.called/1`` and ``meeting.certified/1``, the leaves of the frozen roll and the
numbers of ballots. Units stand by code, nobody by name, and no print says how anybody voted (noticeboard rule).

There is no ballot sheet: this machine counts ballots by telephone only (``meeting.way_not_counted``), since it has no record
of a paper handed in before two witnesses. A printed sheet would be a vote that cannot be counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import Any, Final

from ledger.errors import Malformed
from ledger.paper import certificate, pdf
from ledger.paper.certificate import CertifiedWith
from ledger.paper.phrases import BLANK, NOTHING, Phrases
from ledger.paper.pointer import Pointer
from ledger.paper.poster import Pair
from ledger.paper.table import Table
from ledger.paper.view import example_sentence

ACROSS: Final = 3
"""Ballots side by side in their list."""


@dataclass(frozen=True, slots=True)
class CalledWith:
    """What the call does not say itself. ``called``: its record; ``parties``: public titles by code."""

    community: str
    called: str
    profile: str
    offset: int = 480
    address: str = ""
    hung_on: str = ""
    objection_place: str = ""
    majorities: Sequence[str] = ()
    """``ordinary`` or ``special`` of each motion; empty where it is not settled."""
    parties: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    """Titles of the chart's categories."""
    example: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """One line of the roll as it hangs: its number from 1, the codes of its units, area in 0.01 m², head 1 or 0."""

    number: int
    units: tuple[str, ...]
    area: int
    head: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """A ballot that counts, by the number of its entry; ``opened``: what it said is in the figures."""

    entry: int
    record: str
    opened: bool


@dataclass(frozen=True, slots=True)
class MotionText:
    """A motion as it hangs: what is asked, what it does to the money, by which majority; or what came of it."""

    number: str
    title: str
    kind: str
    says: tuple[str, ...]
    verdict: str = ""
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """One print, worded."""

    title: str
    community: str
    meeting: str
    example: str
    mark: str
    warnings: tuple[str, ...]
    motions: tuple[MotionText, ...]
    facts: tuple[Pair, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    foot: str
    dated: str
    qr: str


def notice(called: Mapping[str, Any], known: CalledWith, locale: str) -> Announcement:
    """The notice of a meeting, to hang with its motions. Raises ``words.…``."""
    phrases = Phrases(locale)
    binding = "phone_vote" in called
    return _announcement(
        phrases,
        called,
        known,
        title=phrases.text("notice.title"),
        warnings=() if binding else (phrases.text("notice.opinion_poll"),),
        motions=tuple(
            MotionText(
                number=phrases.text("report.item", number=number),
                title=motion["title"],
                kind=_kind(phrases, motion, known, number - 1),
                says=tuple(_says(phrases, motion, known)),
            )
            for number, motion in enumerate(called["motions"], 1)
        ),
        notes=(phrases.text("notice.how"), phrases.text("notice.no_paper"), phrases.text("notice.whole_text")),
    )


def roll(called: Mapping[str, Any], leaves: Sequence[Leaf], root: str, known: CalledWith, locale: str) -> Announcement:
    """The roll as it hangs: codes and areas, whoever owns them. Raises ``words.…``."""
    phrases = Phrases(locale)
    rows = tuple(
        (str(leaf.number), " ".join(leaf.units), phrases.hundredths(leaf.area), str(leaf.head)) for leaf in leaves
    )
    area, heads = sum(leaf.area for leaf in leaves), sum(leaf.head for leaf in leaves)
    total = (phrases.text("notice.total"), "", phrases.hundredths(area), str(heads))
    table = _table(
        phrases, "roll", ("number", "units", "area", "heads"), ("short", "text", "money", "money"), rows, total
    )
    return _announcement(
        phrases,
        called,
        known,
        title=phrases.text("notice.roll_title"),
        facts=(Pair(phrases.text("report.fact_roll_root"), phrases.digest(root)),),
        tables=(table,),
        notes=(phrases.text("notice.roll_how"),),
    )


def result(
    called: Mapping[str, Any],
    certified: Mapping[str, Any],
    ballots: Sequence[Numbered],
    known: CalledWith,
    report: CertifiedWith,
    locale: str,
) -> Announcement:
    """The announcement of the result, and below it the numbers of all ballots that count.

    Raises ``paper.items`` when the bodies are not of one meeting, ``words.…``.
    """
    phrases = Phrases(locale)
    if len(called["motions"]) != len(certified["items"]):
        raise Malformed("paper.items", len(certified["items"]), len(called["motions"]))
    cells = [
        (str(one.entry), one.record[:8], phrases.text("notice.opened" if one.opened else "term.not_openable"))
        for one in ballots
    ]
    cells += [("", "", "")] * (-len(cells) % ACROSS)
    rows = tuple(tuple(chain(*cells[start : start + ACROSS])) for start in range(0, len(cells), ACROSS))
    heads, kinds = ("entry", "digits", "state") * ACROSS, ("short", "short", "text") * ACROSS
    table = _table(phrases, "ballots", heads, kinds, rows, count=len(ballots))
    return _announcement(
        phrases,
        called,
        known,
        title=phrases.text("term.result_announcement"),
        warnings=tuple(certificate.warnings(phrases, certified, report)),
        motions=tuple(_outcomes(phrases, called, certified)),
        tables=(table,),
        dated=phrases.full_day(report.certified_on) if report.certified_on else BLANK,
        notes=(phrases.text("notice.compare"), phrases.text("certificate.revocation")),
    )


def render_pdf(seen: Announcement, locale: str = "zh_CN") -> bytes:
    """An announcement as PDF, tagged for a voice, the same bytes every time. Raises ``paper.fonts``, ``paper.typst``."""
    return pdf.compile_sheet("announcement.typ", locale, asdict(seen), seen.qr)


def _announcement(phrases: Phrases, called: Mapping[str, Any], known: CalledWith, **said: Any) -> Announcement:
    return Announcement(
        **{
            "community": known.community,
            "meeting": called["title"],
            "example": example_sentence(phrases, known.profile, called["opens"][:10]) if known.example else "",
            "mark": phrases.text("term.example") if known.example else "",
            "warnings": (),
            "motions": (),
            "tables": (),
            "foot": phrases.text("poster.seal", body=phrases.text("body.committee")),
            "dated": phrases.full_day(known.hung_on) if known.hung_on else BLANK,
            "qr": Pointer(known.address or known.community, known.called).text(),
            **said,
            "facts": (*_facts(phrases, called, known), *said.get("facts", ())),
        }
    )


def _facts(phrases: Phrases, called: Mapping[str, Any], known: CalledWith) -> Iterator[Pair]:
    opens, closes = (phrases.moment(called[name], known.offset) for name in ("opens", "closes"))
    clause = called.get("phone_vote", {}).get("place", NOTHING)
    for key, value in (
        ("report.fact_session", phrases.text(f"session.{called['session']}")),
        ("report.fact_scope", certificate.scope_text(phrases, called["scope"])),
        ("report.fact_time", f"{opens} — {closes}"),
        ("report.fact_ways", phrases.join(phrases.text(f"way.{way}") for way in called["ways"])),
        ("report.fact_clause", clause),
        ("report.fact_profile", known.profile),
        ("report.fact_called", phrases.digest(known.called)),
    ):
        yield Pair(phrases.text(key), value)


def _kind(phrases: Phrases, motion: Mapping[str, Any], known: CalledWith, index: int) -> str:
    majority = known.majorities[index] if index < len(known.majorities) else ""
    named = phrases.text(f"majority.{majority}") if majority else ""
    return phrases.clauses((phrases.text(f"matter.{motion['matter']}"), named))


def _says(phrases: Phrases, motion: Mapping[str, Any], known: CalledWith) -> Iterator[str]:
    if "effect" in motion:
        yield from _effect(phrases, motion["effect"], known)
    yield phrases.labelled(phrases.text("notice.text"), phrases.digest(motion["text"]))
    for paper in motion.get("attachments", ()):
        yield phrases.labelled(phrases.text("notice.attachment"), phrases.digest(paper))


def _effect(phrases: Phrases, effect: Mapping[str, Any], known: CalledWith) -> Iterator[str]:
    """What a motion does to the money when it passes, one line a sum."""
    days = phrases.span_of_years(effect["start"], effect["until"]) if "start" in effect else ""
    match effect["type"]:
        case "payment":
            party = known.parties.get(effect["party"], effect["party"])
            cap, fund = phrases.yuan(effect["cap"]), phrases.text(f"fund.{effect['fund']}")
            yield phrases.text("notice.payment", party=party, purpose=effect["purpose"], cap=cap, fund=fund, days=days)
        case "budget":
            total = phrases.yuan(sum(line["cap"] for line in effect["lines"]))
            yield phrases.text("notice.budget", count=len(effect["lines"]), total=total, days=days)
            for line in effect["lines"]:
                fund = phrases.text(f"fund.{line['fund']}")
                titles = phrases.join(known.categories.get(code, code) for code in line["categories"])
                cap = phrases.yuan(line["cap"])
                yield phrases.text("notice.budget_line", line=phrases.named(titles, line["line"]), cap=cap, fund=fund)
        case "delegation":
            each, total = phrases.yuan(effect["each"]), phrases.yuan(effect["total"])
            funds = phrases.join(phrases.text(f"fund.{fund}") for fund in effect["funds"])
            yield phrases.text("notice.delegation", each=each, total=total, funds=funds, days=days)
        case _:
            yield phrases.text("notice.ratification", count=len(effect["payments"]))


def _outcomes(phrases: Phrases, called: Mapping[str, Any], certified: Mapping[str, Any]) -> Iterator[MotionText]:
    pairs = zip(called["motions"], certified["items"], strict=True)
    for number, (motion, item) in enumerate(pairs, 1):
        yield MotionText(
            number=phrases.text("report.item", number=number),
            title=motion["title"],
            kind=phrases.clauses(
                (phrases.text(f"matter.{item['matter']}"), phrases.text(f"majority.{item['majority']}"))
            ),
            says=tuple(_weights(phrases, item)),
            verdict=phrases.text("certificate.passed" if item["passed"] else "certificate.failed"),
            passed=bool(item["passed"]),
        )


def _weights(phrases: Phrases, item: Mapping[str, Any]) -> Iterator[str]:
    for answer in ("yes", "no", "abstain", "void"):
        area, heads = phrases.hundredths(item[answer]["area"]), item[answer]["heads"]
        weight = phrases.text("report.weight", area=area, heads=heads)
        yield phrases.labelled(phrases.text(f"answer.{answer}"), weight)


def _table(
    phrases: Phrases,
    code: str,
    heads: Iterable[str],
    kinds: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    last: tuple[str, ...] = (),
    count: int | None = None,
) -> Table:
    return Table(
        code,
        phrases.text(f"notice.table_{code}", count=len(rows) if count is None else count),
        tuple(phrases.text(f"notice.head_{head}") for head in heads),
        kinds,
        rows,
        last,
        empty=phrases.text(f"notice.empty_{code}"),
    )
