"""Series of document numbers: which papers are numbered as one, though prefix or year may change on the way.

Papers with the same prefix and year are one series. Two such are one where the second goes on with the number after the first's
last, or fills the first's gaps, and few are missing then; never where they share a number, for then they are counted apart. Papers that others
number (invoices, receipts, bank papers) form no series here: theirs go on with other customers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

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
        """Whether three quarters of the numbers between first and last are here, so that a missing one says something: of a
        series of which the ledger has some papers only, most are missing for no reason.
        """
        holes = max(self.papers) - min(self.papers) + 1 - len(self.papers)
        return len(self.papers) >= max(LEAST, 3 * holes)


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
    return [Series(_by_number(group.papers)) for group in _join([_Group.of(papers) for papers in groups.values()])]


@dataclass(frozen=True, slots=True)
class _Group:
    """Papers counted as one, with what joining asks of them."""

    papers: tuple[Paper, ...]
    numbers: frozenset[int]
    prefixes: frozenset[str]
    low: int
    high: int

    @classmethod
    def of(cls, papers: Iterable[Paper]) -> Self:
        every = tuple(papers)
        numbers = frozenset(paper.number.number for paper in every)
        return cls(every, numbers, frozenset(paper.number.prefix for paper in every), min(numbers), max(numbers))

    def is_one_with(self, other: Self) -> bool:
        """Whether the two, of one family, go on after each other or fill each other's gaps, and are mostly here together."""
        if self.low > other.low:
            return other.is_one_with(self)
        goes_on = self.high + 1 == other.low >= _GOES_ON_FROM
        if not goes_on and other.low > self.high:
            return False
        size = len(self.numbers) + len(other.numbers)
        mostly = size >= max(_LEAST_JOINED, 3 * (max(self.high, other.high) - self.low + 1 - size))
        return mostly and self._of_one_family(other) and self.numbers.isdisjoint(other.numbers)

    def _of_one_family(self, other: Self) -> bool:
        """The same prefix, or two that begin alike and are both used more than once or twice."""
        alike = {prefix[0] for prefix in self.prefixes} & {prefix[0] for prefix in other.prefixes}
        often = min(len(self.papers), len(other.papers)) >= _LEAST_OTHER_PREFIX
        return bool(self.prefixes & other.prefixes) or (bool(alike) and often)


def _join(groups: list[_Group]) -> list[_Group]:
    """Join until no two are one."""
    joined = True
    while joined:
        joined, waiting, groups = False, groups, []
        while waiting:
            one, *others = waiting
            waiting = []
            for other in others:
                if one.is_one_with(other):
                    one, joined = _Group.of((*one.papers, *other.papers)), True
                else:
                    waiting.append(other)
            groups.append(one)
    return groups


def _by_number(papers: Iterable[Paper]) -> dict[int, tuple[Paper, ...]]:
    found: dict[int, list[Paper]] = {}
    for paper in sorted(papers, key=lambda paper: (paper.number.number, paper.act.seq)):
        found.setdefault(paper.number.number, []).append(paper)
    return {number: tuple(every) for number, every in found.items()}
