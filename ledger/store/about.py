"""What an objection is about, in one line that an owner understands, and the page where one reads all of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger import words
from ledger.accounts.chart import Chart
from ledger.log.entry import Entry
from ledger.paper.phrases import Phrases
from ledger.store.reading import registers
from ledger.store.reading.lines import LineFilter, LineItem, lines

if TYPE_CHECKING:
    from ledger.store.store import Store

NAMED: Final = 3
"""Lines of a record that are named one by one."""


@dataclass(frozen=True, slots=True)
class About:
    """``title``: what it is; ``detail``: where it stands; ``path``: its page below the ledger's first; ``lines``: what it booked."""

    ref: str
    seq: int
    kind: str
    title: str
    detail: str
    path: str
    lines: tuple[LineItem, ...]


def about(store: "Store", ref: str, locale: str) -> About:
    """A record, or the nth item of one (``digest#n``). Raises NotFound ``record.unknown``."""
    record, _, item = ref.partition("#")
    entry, phrases = store.entry(store.seq_of(record)), Phrases(locale)
    booked = lines(store, LineFilter(record=record)).items
    shown = [line for line in booked if line.part == int(item)] if item else booked
    title, path = _titled(store, entry, item, tuple(shown or booked), phrases)
    kind = phrases.text(f"kind.{entry.record.kind.partition('/')[0]}.title")
    number = phrases.text("term.entry", number=entry.seq)
    return About(
        ref=ref,
        seq=entry.seq,
        kind=entry.record.kind,
        title=title,
        detail=number if title == kind else phrases.text("question.detail", kind=kind, entry=number),
        path=path,
        lines=tuple(shown or booked),
    )


def _titled(store: "Store", entry: Entry, item: str, booked: tuple[LineItem, ...], phrases: Phrases) -> tuple[str, str]:
    """Title and page."""
    body, record = entry.record.body, entry.record.digest
    if booked:
        return _lines(store, booked, phrases), f"payments/{record}"
    match entry.record.kind.partition("/")[0]:
        case "statement.published":
            said = phrases.text("question.about_statement", period=phrases.period(body["period"]))
            return said, f"statements/{body['period']}"
        case "meeting.called":
            motion = _motion(body, item)
            said = phrases.text("question.about_motion", title=motion) if motion else body["title"]
            return said, f"votes/{record}"
        case "withdrawal.applied":
            return _asked(body, phrases), f"withdrawals/{record}"
        case "withdrawal.proposed":
            applied = store.entry(store.seq_of(body["application"]))
            return _asked(applied.record.body, phrases), f"withdrawals/{body['application']}"
        case "document.entered":
            return phrases.labelled(
                phrases.text("kind.document.entered.title"), body["subject"]
            ), f"entries/{entry.seq}"
        case "objection.answered":
            return phrases.text("question.about_answer"), f"questions/{body['objection']}"
        case "objection.filed" | "objection.received":
            return phrases.text("question.about_question"), f"questions/{record}"
        case name:
            return phrases.text(f"kind.{name}.title"), f"entries/{entry.seq}"


def _motion(body: Any, item: str) -> str:
    motions = body["motions"]
    return str(motions[int(item)]["title"]) if item and int(item) < len(motions) else ""


def _asked(body: Any, phrases: Phrases) -> str:
    amount = phrases.yuan(sum(stage["amount"] for stage in body["stages"]))
    return phrases.text("question.about_payment", purpose=body["purpose"], amount=amount)


def _lines(store: "Store", booked: tuple[LineItem, ...], phrases: Phrases) -> str:
    """The lines of a record: the first few, and how many more there are."""
    chart = store.books.accounts.chart
    said = [_line(store, line, chart, phrases) for line in booked[:NAMED]]
    more = len(booked) - NAMED
    return phrases.clauses((*said, phrases.text("question.more_lines", count=more) if more > 0 else ""))


def _line(store: "Store", line: LineItem, chart: Chart, phrases: Phrases) -> str:
    named = chart.categories.get(line.category)
    category = line.category if named is None else named.zh if phrases.locale == words.CHINESE else named.en
    party = registers.party(store, line.party).title if line.party else None
    whom = party or (phrases.text("statement.private_person") if line.party else "")
    return phrases.text(
        "question.about_line",
        day=phrases.full_day(line.on),
        what=phrases.named(category, whom),
        amount=phrases.signed(line.amount),
    )
