"""08 记账凭证: the vouchers of a month as an accountant files them, A5, one below the other, with four hands and the sum in capitals.

What stands on them is the journal's: the same legs, the same words (:mod:`ledger.audit.books`). The fourth hand, 记账, is the
state machine, by the number of the entry that it booked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ledger.audit.books import journal
from ledger.audit.books.hands import Hands, hands, hands_of
from ledger.audit.books.journal import Posting
from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material
from ledger.money import format_capital
from ledger.paper import pdf
from ledger.paper.phrases import NOTHING, Phrases


@dataclass(frozen=True, slots=True)
class RowView:
    """A leg: what it is about, its account of the chart with own account and fund, its amount on one side."""

    summary: str
    account: str
    beside: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher, worded. ``hands``: label and who, four of them."""

    number: str
    day: str
    papers: str
    rows: tuple[RowView, ...]
    capital: str
    debit: str
    credit: str
    hands: tuple[tuple[str, str], ...]
    record: str


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month's vouchers."""

    title: str
    community: str
    month: str
    heads: tuple[str, ...]
    total: str
    vouchers: tuple[VoucherView, ...]
    mark: str
    example: str


def months(material: Material) -> dict[str, list[list[Posting]]]:
    """The vouchers that have legs, by the month booked, in their order."""
    found: dict[str, list[list[Posting]]] = {}
    inside = (posting for posting in material.postings if material.span.holds(posting.day))
    for legs in journal.vouchers(inside).values():
        found.setdefault(legs[0].day[:7], []).append(legs)
    return found


def view(material: Material, month: str, locale: str) -> MonthView:
    """Word a month's vouchers."""
    titles, phrases, found = Titles(material.case, locale), Phrases(locale), hands(material.case)
    vouchers = months(material).get(month, [])
    return MonthView(
        title=phrases.text("pack.voucher_title"),
        community=material.case.books.name,
        month=phrases.month(month),
        heads=tuple(phrases.text(f"pack.head_{head}") for head in ("summary", "code_title", "debit", "credit")),
        total=phrases.text("pack.total"),
        vouchers=tuple(_voucher(legs, titles, phrases, found) for legs in vouchers),
        mark=phrases.text("term.example") if material.case.books.example else "",
        example=phrases.text("statement.example") if material.case.books.example else "",
    )


def render_pdf(material: Material, month: str, locale: str) -> bytes:
    """A month's vouchers as PDF. Raises as :func:`ledger.paper.pdf.compile_pdf`."""
    data = {
        "locale": locale,
        "view": asdict(view(material, month, locale)),
        "page": Phrases(locale).pattern("poster.page"),
    }
    return pdf.compile_pdf("vouchers.typ", data | {"words": {}})


def _voucher(legs: Sequence[Posting], titles: Titles, phrases: Phrases, found: Mapping[str, Hands]) -> VoucherView:
    voucher = legs[0].voucher
    mine = hands_of(voucher, found)
    sums = sum(leg.leg.debit for leg in legs), sum(leg.leg.credit for leg in legs)
    by = (("made", mine.made), ("checked", mine.checked), ("moved", mine.moved))
    booked = phrases.text("pack.hand_machine", entry=voucher.entry)
    return VoucherView(
        number=phrases.text("pack.voucher_number", number=voucher.number),
        day=phrases.full_day(voucher.booked),
        papers=phrases.text("pack.voucher_papers", count=legs[0].papers),
        rows=tuple(_row(leg, titles, phrases) for leg in legs),
        capital=phrases.text("pack.voucher_capital", words=format_capital(sums[0])),
        debit=phrases.yuan(sums[0]),
        credit=phrases.yuan(sums[1]),
        hands=(
            *((phrases.text(f"pack.hand_{name}"), titles.hands(signers) or NOTHING) for name, signers in by),
            (phrases.text("pack.hand_booked"), booked),
        ),
        record=phrases.text("pack.voucher_record", digest=voucher.record),
    )


def _row(posting: Posting, titles: Titles, phrases: Phrases) -> RowView:
    leg, move = posting.leg, posting.move
    beside = [titles.account(leg.account) if leg.account else "", titles.fund(leg.fund)]
    beside += [titles.party(move.party), titles.contract(move.contract), move.unit] if move else []
    return RowView(
        summary=titles.summary(posting),
        account=f"{leg.code} {titles.code(leg.code)}",
        beside=phrases.clauses(beside),
        debit=phrases.yuan(leg.debit) if leg.debit else "",
        credit=phrases.yuan(leg.credit) if leg.credit else "",
    )
