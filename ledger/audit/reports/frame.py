"""What an audit report is made of: sections of statements in plain figures and of tables, each with the entries behind it.

A report holds no sentence. A **statement** is a code with figures, named as findings name theirs (``…_fen`` an amount, ``…_day``
a day, …), so that every language and every print says it from the same bytes; a **table** is columns of such figures. Each
says how it stands:

===========  =====================================================================================================
state        meaning
===========  =====================================================================================================
``agrees``   the ledger shows it, and it fits
``differs``  the ledger shows it, and it does not fit what was agreed, decided or is the law
``open``     the ledger shows something that somebody has to explain
``absent``   the ledger has nothing on it: neither that it was done nor that it was not
``told``     a figure, without a measure for it
===========  =====================================================================================================

A state is no opinion. The opinion is the auditor's, who also sees what is not on the ledger.

>>> Said("paid_within", "agrees", {"paid_fen": 1}).written(), worst(["told", "differs", "absent"])
({'code': 'paid_within', 'state': 'agrees', 'figures': {'paid_fen': 1}}, 'differs')
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, TypeVar

from ledger import period
from ledger.accounts.booking import Line
from ledger.audit.checks.dossier import Acted, Cited, Dossier, Noted
from ledger.audit.checks.frame import Figure
from ledger.audit.following import place
from ledger.errors import Refused
from ledger.log.act import Body
from ledger.publication.audited import AuditSort

Figures = dict[str, Figure]
B = TypeVar("B", bound=Body)
F = TypeVar("F")

State = Literal["agrees", "differs", "open", "absent", "told"]
WORST: Final[tuple[State, ...]] = ("differs", "open", "absent", "agrees", "told")
"""The states, the one first that a reader must see first."""


def worst(states: Iterable[State]) -> State:
    """The one that a reader must see first; ``told`` of none."""
    return min(states, key=WORST.index, default="told")


@dataclass(frozen=True, slots=True)
class Said:
    """A statement: its code, how it stands, its figures, the entries behind it, the articles that ask for it."""

    code: str
    state: State = "told"
    figures: Mapping[str, Figure] = field(default_factory=dict)
    evidence: tuple[Cited, ...] = ()
    basis: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """As it stands in a report."""
        said: dict[str, Any] = {"code": self.code, "state": self.state}
        said |= {"figures": dict(self.figures)} if self.figures else {}
        said |= {"basis": list(self.basis)} if self.basis else {}
        return said | _evidence(self.evidence)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a figure for each of its columns."""

    cells: Mapping[str, Figure]
    evidence: tuple[Cited, ...] = ()
    state: State = "told"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by the names of their figures, rows, and what some columns come to."""

    code: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: tuple[str, ...] = ()
    """The columns that are added up."""

    def written(self) -> dict[str, Any]:
        """As it stands in a report: each row a list in the order of the columns."""
        rows = [
            {"cells": [row.cells[column] for column in self.columns]}
            | ({} if row.state == "told" else {"state": row.state})
            | _evidence(row.evidence)
            for row in self.rows
        ]
        said: dict[str, Any] = {"code": self.code, "columns": list(self.columns), "rows": rows}
        sums = {column: sum(_whole(row.cells[column]) for row in self.rows) for column in self.total}
        return said | ({"total": sums} if sums and rows else {})


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report. ``asks``: the rows of the irregularity table whose findings belong to it."""

    code: str
    said: tuple[Said, ...]
    tables: tuple[Table, ...] = ()
    asks: tuple[str, ...] = ()

    def state(self, findings: Sequence[Mapping[str, Any]]) -> State:
        """The worst of what it says; where findings belong to it that are no notices, at best ``open``."""
        return worst([said.state for said in self.said] + [asks(f for f in findings if f["row"] in self.asks)])

    def written(self, findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """As it stands in a report, with the keys of those of the ``findings`` that belong to it."""
        keys = [finding["key"] for finding in findings if finding["row"] in self.asks]
        said: dict[str, Any] = {"code": self.code, "state": self.state(findings)}
        said |= {"said": [one.written() for one in self.said], "tables": [one.written() for one in self.tables]}
        return said | ({"findings": keys} if keys else {})


@dataclass(frozen=True)
class Case:
    """What is audited: a ledger's prefix, from a day to a day. ``findings``: as the review wrote them."""

    dossier: Dossier
    sort: AuditSort
    start: str
    until: str
    findings: Sequence[Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        """Raises ``period.…`` for what is no day, ``audit.days`` for days that do not follow each other."""
        if period.parse_day(self.until) < period.parse_day(self.start):
            raise Refused("audit.days", f"{self.start}..{self.until}", "a day to begin with and one after it")

    def within(self, day: str) -> bool:
        """Whether a day is one of those audited."""
        return self.start <= day <= self.until

    def acts(self, model: type[B]) -> Sequence[Acted[B]]:
        """The acts with this body that the log took in on one of the days audited."""
        return [act for act in self.dossier.acts(model) if self.within(act.day)]

    def facts(self, kind: type[F]) -> Sequence[Noted[F]]:
        """The facts of this type that followed on one of them."""
        return [noted for noted in self.dossier.facts(kind) if self.within(noted.day)]

    @cached_property
    def lines(self) -> Sequence[Noted[Line]]:
        """The standing lines booked on one of them: money counts on the day on which statements show it."""
        return [noted for noted in self.dossier.lines() if self.within(noted.fact.booked)]

    @cached_property
    def spending(self) -> Sequence[Noted[Line]]:
        """Those by which money was spent 支出."""
        return [n for n in self.lines if n.fact.move.nature == "expense" and n.fact.move.amount < 0]

    def found(self, *rows: str) -> Sequence[Mapping[str, Any]]:
        """The findings of some rows of the irregularity table, notices too: what was lowered was found all the same."""
        return [finding for finding in self.findings if finding["row"] in rows]


def asks(findings: Iterable[Mapping[str, Any]]) -> State:
    """How findings leave what they are about: to be explained, unless each is but a notice here."""
    return "open" if any("lowered" not in finding for finding in findings) else "told"


def spent(lines: Iterable[Noted[Line]]) -> int:
    """What went out by these lines, as positive fen."""
    return -sum(noted.fact.move.amount for noted in lines)


def cite(lines: Iterable[Noted[Line]]) -> tuple[Cited, ...]:
    """The entries that booked lines, each once."""
    return tuple(dict.fromkeys(noted.cite() for noted in lines))


def ends(cited: Sequence[Cited]) -> tuple[Cited, ...]:
    """The first and the last of many entries: where to look, without a list of all."""
    return tuple(cited) if len(cited) < 3 else (cited[0], cited[-1])


def _whole(figure: Figure) -> int:
    return figure if isinstance(figure, int) else 0


def _evidence(cited: Sequence[Cited]) -> dict[str, Any]:
    return {"evidence": [place(one) for one in cited]} if cited else {}
