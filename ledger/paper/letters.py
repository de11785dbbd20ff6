"""Letters that an auditor sends or takes back signed, drafted: to each bank 银行询证函, and the body's declaration 声明书.

Drafts: places that only people know are left to be filled in by hand, and each sheet says that it is a draft.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material
from ledger.money import format_capital
from ledger.paper import pdf
from ledger.paper.phrases import BLANK, Phrases

CLAUSES = 8
"""Of the declaration: ``pack.declares_1`` to ``_8``."""


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter, worded. ``pairs``: what it asks to compare, label and value; ``boxes``: answers to tick and sign."""

    title: str
    draft: str
    to: str
    before: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    after: tuple[str, ...]
    boxes: tuple[str, ...]
    signed: tuple[str, ...]
    mark: str
    example: str


def confirmations(material: Material, locale: str) -> Iterator[tuple[str, LetterView]]:
    """One letter an own bank account: its code, the letter. The balance is the bank's on the last evening of the days."""
    phrases, titles = Phrases(locale), Titles(material.case, locale)
    for code, account in sorted(material.case.books.accounts.accounts.items()):
        if account.nature == "petty":
            continue
        known = [month.table for month in material.months if month.table["account"] == code]
        table: Mapping[str, Any] | None = known[-1] if known else None
        balance = phrases.text("pack.money", amount=phrases.yuan(table["bank"])) if table else BLANK
        pairs = (
            (phrases.text("pack.confirm_account"), titles.account(code)),
            (phrases.text("pack.confirm_holder"), material.case.books.name),
            (phrases.text("pack.confirm_day"), phrases.full_day(table["day"] if table else material.span.last)),
            (phrases.text("pack.confirm_balance"), balance),
            (phrases.text("pack.confirm_capital"), format_capital(table["bank"]) if table else BLANK),
        )
        yield (
            code,
            _letter(
                material,
                phrases,
                title="pack.confirm_title",
                to=phrases.text("pack.confirm_to", bank=account.bank or BLANK),
                before=(phrases.text("pack.confirm_why"),),
                pairs=pairs,
                after=(phrases.text("pack.confirm_back"),),
                boxes=(phrases.text("pack.confirm_agrees"), phrases.text("pack.confirm_differs")),
                signed=(phrases.text("pack.confirm_signed"), phrases.text("pack.confirm_bank_signed")),
            ),
        )


def declaration(material: Material, locale: str) -> LetterView:
    """What the body declares to the auditor, with the prefix of the log that it speaks of."""
    phrases, about = Phrases(locale), material.made.report
    pairs = (
        (phrases.text("pack.declare_ledger"), material.case.books.ledger),
        (phrases.text("pack.declare_days"), phrases.span_of_years(material.span.first, material.span.last)),
        (phrases.text("pack.declare_prefix"), phrases.text("pack.declare_size", size=about["size"])),
        (phrases.text("pack.declare_root"), about["root"]),
    )
    return _letter(
        material,
        phrases,
        title="pack.declare_title",
        to=phrases.text("pack.declare_to", firm=BLANK),
        before=(phrases.text("pack.declare_why", name=material.case.books.name),),
        pairs=pairs,
        after=tuple(phrases.text(f"pack.declares_{number}") for number in range(1, CLAUSES + 1)),
        boxes=(),
        signed=(phrases.text("pack.declare_chair"), phrases.text("pack.declare_treasurer")),
    )


def render_pdf(letter: LetterView, locale: str) -> bytes:
    """A letter as PDF, A4. Raises as :func:`ledger.paper.pdf.compile_pdf`."""
    data = {"locale": locale, "view": asdict(letter), "page": Phrases(locale).pattern("poster.page"), "words": {}}
    return pdf.compile_pdf("letter.typ", data)


def _letter(material: Material, phrases: Phrases, *, title: str, **said: Any) -> LetterView:
    return LetterView(
        title=phrases.text(title),
        draft=phrases.text("pack.draft"),
        mark=phrases.text("term.example") if material.case.books.example else "",
        example=phrases.text("statement.example") if material.case.books.example else "",
        **said,
    )
