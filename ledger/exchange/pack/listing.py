"""01 资料清单: what an auditor asks for, what the pack gives, what is missing; and every paper that the ledger names.

A ledger holds the digests of papers, not the papers. Who packs from a database may give the redacted files along; a list says of
each paper whether it is there, so that nothing is missing in silence.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from ledger.accounts.records import BankImported, DocumentEntered
from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material
from ledger.exchange.sheets import Row, Sheet

NUMBERS: Final = tuple(f"{number:02}" for number in range(1, 18))
"""What an accountant takes away, by number."""
ELSEWHERE: Final = ("seals", "specimen", "bank_originals", "invoices", "minutes")
"""What no ledger can give: originals that are asked for at the community or its bank."""


def asked(material: Material, titles: Titles, names: Collection[str]) -> Sheet:
    """What was asked for, number by number. ``names``: of the pack's other files."""
    rows: list[Row] = []
    for number in NUMBERS:
        mine = [name for name in sorted(names) if name.startswith(number)]
        given = bool(mine) or number == "01"
        rows.append((number, titles.text(f"pack.asked_{number}"), _given(given, titles), "; ".join(mine)))
    rows += (("", titles.text(f"pack.asked_{item}"), titles.text("pack.elsewhere"), "") for item in ELSEWHERE)
    about = material.made.report
    notes = (
        titles.text("pack.about", name=material.case.books.name, ledger=material.case.books.ledger),
        titles.text("pack.about_days", first=material.span.first, last=material.span.last),
        titles.text("pack.about_prefix", size=about["size"], root=about["root"], day=about["day"]),
        *([titles.text("statement.example")] if material.case.books.example else []),
    )
    return Sheet("asked", ("number", "asked", "given", "files"), rows, notes=notes)


def papers(material: Material, titles: Titles, given: Mapping[str, str]) -> Sheet:
    """Every paper with its files' digests. ``given``: digest -> name in the pack."""
    rows: list[Row] = [
        (
            act.seq,
            titles.text(f"statement.document_{act.body.kind}"),
            act.body.subject,
            act.body.number_printed or "",
            act.body.dated or "",
            act.body.original or "",
            act.body.redacted or "",
            *_file((act.body.redacted, act.body.original), given, titles),
        )
        for act in material.case.acts(DocumentEntered)
    ]
    rows += (
        (
            act.seq,
            titles.text("pack.paper_bank_file"),
            titles.named(titles.account(act.body.account), f"{act.body.start} – {act.body.end}"),
            "",
            act.body.end,
            act.body.file,
            "",
            *_file((act.body.file,), given, titles),
        )
        for act in material.case.acts(BankImported)
    )
    columns = ("entry", "paper_kind", "subject", "paper_number", "dated", "original", "redacted", "given", "files")
    return Sheet("papers", columns, sorted(rows, key=lambda row: int(str(row[0]))))


def _file(digests: Iterable[str | None], given: Mapping[str, str], titles: Titles) -> tuple[str, str]:
    known = [digest for digest in digests if digest]
    name = next((given[digest] for digest in known if digest in given), "")
    if name:
        return titles.text("pack.yes"), name
    return titles.text("pack.digest_only" if known else "pack.no"), ""


def _given(given: bool, titles: Titles) -> str:
    return titles.text("pack.yes" if given else "pack.no")
