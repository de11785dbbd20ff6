"""Series of document numbers: which papers are numbered as one, though prefix or year may change on the way.

Papers with the same prefix and year are one series. Two such are one where the second goes on with the number after the first's
last, or where each fills gaps of the other; never where they share a number, for then they are counted apart. Papers that others
number (invoices, receipts, bank papers) form no series here: theirs go on with other customers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ledger.accounts.records import DocumentEntered
from ledger.audit.checks.dossier import Acted, Dossier
from ledger.audit.checks.figures import Numbered, document_number

FROM_OTHERS: Final = frozenset({"invoice", "receipt", "bank_paper"})
"""Kinds of papers that whoever is paid, or the bank, makes and numbers."""

LEAST: Final = 5
"""Papers from which on a series is one: fewer may be numbered alike by chance."""
_LEAST_JOINED: Final = 10
_GOES_ON_FROM: Final = 10
"""Series of the same family that begin below this begin for themselves."""
_LEAST_OTHER_PREFIX: Final = 3


@dataclass(frozen=True, slots=True)
class Paper:
    """A numbered paper."""

    act: Acted[DocumentEntered]
    number: Numbered

    @property
    def printed(self) -> str:
        """The number as the paper has it."""
        return self.act.body.number_printed or ""


@dataclass(frozen=True, slots=True)
class Series:
    """Papers by number, ascending; several may have the same."""

    papers: Mapping[int, tuple[Paper, ...]]

    @property
    def prefixes(self) -> tuple[str, ...]:
        """In the order in which they come up."""
        return tuple(dict.fromkeys(paper.number.prefix for paper in self.first()))

    def first(self) -> Iterable[Paper]:
        """The first paper entered under each number."""
        return (papers[0] for papers in self.papers.values())

    @property
    def complete(self) -> bool:
        """Whether more than half of the numbers between first and last are here, so that a missing one says something."""
        return len(self.papers) >= LEAST and len(self.papers) > _holes(self.papers.keys())


def numbered(case: Dossier) -> list[Paper]:
    """Papers whose own number can be read, in log order."""
    read = ((act, document_number(act.body.number_printed)) for act in case.acts(DocumentEntered))
    return [Paper(act, number) for act, number in read if number is not None]


def series_of(case: Dossier) -> list[Series]:
    """All series, by their first papers in the log."""
    groups: dict[tuple[str, int | None], list[Paper]] = {}
    for paper in numbered(case):
        if paper.number.prefix and paper.act.body.kind not in FROM_OTHERS:
            groups.setdefault((paper.number.prefix, paper.number.year), []).append(paper)
    joined = _join(list(groups.values()))
    return [Series(_by_number(papers)) for papers in joined]


def _by_number(papers: Iterable[Paper]) -> dict[int, tuple[Paper, ...]]:
    found: dict[int, tuple[Paper, ...]] = {}
    for paper in sorted(papers, key=lambda paper: (paper.number.number, paper.act.seq)):
        found[paper.number.number] = (*found.get(paper.number.number, ()), paper)
    return found


def _join(groups: list[list[Paper]]) -> list[list[Paper]]:
    joined = True
    while joined:
        joined = False
        for place, one in enumerate(groups):
            other = next((group for group in groups[place + 1 :] if _are_one(one, group)), None)
            if other is not None:
                groups = [[*one, *other] if group is one else group for group in groups if group is not other]
                joined = True
                break
    return groups


def _are_one(one: list[Paper], other: list[Paper]) -> bool:
    a, b = ({paper.number.number for paper in papers} for papers in (one, other))
    if a & b or len(a | b) < _LEAST_JOINED or not _of_one_family(one, other):
        return False
    goes_on = max(a) + 1 == min(b) >= _GOES_ON_FROM or max(b) + 1 == min(a) >= _GOES_ON_FROM
    fills = min(a) < max(b) and min(b) < max(a) and _holes(a | b) < _holes(a) + _holes(b)
    return goes_on or fills


def _of_one_family(one: list[Paper], other: list[Paper]) -> bool:
    """The same prefix, or two that begin alike and are both used more than once or twice."""
    a, b = ({paper.number.prefix for paper in papers} for papers in (one, other))
    alike = {prefix[0] for prefix in a} & {prefix[0] for prefix in b}
    return bool(a & b) or bool(alike and min(len(one), len(other)) >= _LEAST_OTHER_PREFIX)


def _holes(numbers: Iterable[int]) -> int:
    every = set(numbers)
    return max(every) - min(every) + 1 - len(every)
