"""What several families ask of a payment: where it stands in its record, which paper is behind it, whether it is decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from ledger import period
from ledger.accounts.booking import Line
from ledger.accounts.facts import Granted, StagePaid
from ledger.accounts.records import MOST_PARTS, ContractEntered
from ledger.accounts.state import Authority
from ledger.audit.checks.days import days_on
from ledger.audit.checks.dossier import Cited, Dossier, Noted

Applications = Mapping[tuple[str, int], set[str]]
CYCLES: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""The months of a contract's cycles that come again."""


def cite(case: Dossier, noted: Noted[Line]) -> Cited:
    """The part of the record that booked a line. What a payer kept of a deposit stands in the part that settles it; a
    deposit into a box books itself and has no parts.
    """
    move = noted.fact.move
    into_box = case.books.accounts.account(move.account).nature == "petty" and move.nature != "own_transfer"
    if into_box and (move.amount > 0 or move.part >= MOST_PARTS):
        return noted.cite()
    return noted.cite(f"parts/{move.part % MOST_PARTS}")


def cites(case: Dossier, lines: Iterable[Noted[Line]]) -> tuple[Cited, ...]:
    """:func:`cite` for several."""
    return tuple(cite(case, noted) for noted in lines)


def behind(case: Dossier, lines: Iterable[Noted[Line]]) -> tuple[Cited, ...]:
    """The papers that lines rest on, each once."""
    papers = case.documents()
    named = dict.fromkeys(noted.fact.move.document for noted in lines)
    return tuple(papers[document].cite() for document in named if document in papers)


def paid(case: Dossier) -> Iterable[Noted[Line]]:
    """Standing lines by which money went out to others."""
    return (n for n in case.lines() if n.fact.move.amount < 0 and n.fact.move.nature != "own_transfer")


def applications(case: Dossier) -> Applications:
    """The applications of which a record paid a stage of an amount, by record and amount."""
    stages: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for noted in case.facts(StagePaid):
        stages[noted.record, noted.fact.amount].add(noted.fact.stage.partition("#")[0])
    return stages


def asked_by(stages: Applications, noted: Noted[Line]) -> set[str]:
    """The applications that a line may have paid a stage of."""
    return stages.get((noted.record, -noted.fact.move.amount), set())


def body_limit(case: Dossier, day: str) -> int:
    """Up to how many fen, included, the body may decide alone on a day: its delegation, and at least what the profile
    leaves to its first tier of approval, so that small things are no big project.
    """
    each = [a.each for a in authorities(case) if a.kind == "delegation" and a.start <= day <= a.until]
    return max([first_tier(case), *each])


def first_tier(case: Dossier) -> int:
    """Up to how many fen the profile's first tier of approval goes: there is always one for large payments above it."""
    return case.profile.tiers()[1].from_fen - 1


def authorities(case: Dossier) -> Iterable[Authority]:
    """Every authority that a motion founded."""
    return (noted.fact.authority for noted in case.facts(Granted))


def worth(contract: ContractEntered) -> int:
    """What a contract costs in all, in fen: as printed, else what it promises over its days; 0 where neither says it."""
    return promised(contract) if contract.total_printed is None else contract.total_printed


def promised(contract: ContractEntered) -> int:
    """What a contract promises by its cycles over its days, in fen; 0 where it has no days."""
    if contract.start is None or contract.end is None:
        return 0
    months = _months(contract.start, contract.end)
    return sum(e.amount * (months // CYCLES[e.cycle]) for e in contract.expected if e.cycle in CYCLES)


def _months(start: str, end: str) -> int:
    first, after = period.parse_day(start), days_on(period.parse_day(end), 1)
    months = (after.year - first.year) * 12 + after.month - first.month
    return max(0, months - (after.day < first.day))
