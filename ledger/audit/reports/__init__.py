"""Audit reports: what an accountant puts together from a ledger, drawn up from its entries alone, the same to the byte for everyone.

=================  ===========================================================================================
:mod:`.frame`      statements, tables, sections; what is audited
:mod:`.money`      funds: opening, in, out, closing; on what spending rested
:mod:`.pay`        the trustee's pay by its terms, beside what was paid
:mod:`.budget`     open budget and authorities, each line beside what came of it
:mod:`.trust`      property apart, no dealing with oneself, records, inspection: the statutory checklist
:mod:`.programme`  the fourteen inputs of an audit: given, missing
:mod:`.term`       offices, decisions, hand-over
:mod:`.publicity`  statements with their days, and how they hung
=================  ===========================================================================================

A report is canonical JSON, a function of the first ``size`` entries, of the sort, of the days and of the version of the checks::

    {"audit": 1, "sort", "start", "until", "name", "ledger", "origin", "size", "root", "day", "machine", "profile",
     "checks": <version>, "sections": [{"code", "state", "said": […], "tables": […], "findings"?: [<key>, …]}, …],
     "programme": [{"code", "state", "given": […], "missing": […]}, …],     the fourteen inputs
     "findings": […],                                                       as the review of the same prefix has them
     "proofs": {"<entry>": {"leaf", "path": […]}, …}}                       of every entry that it names

``audit.reported/1`` names the SHA-256 of these bytes: by it an auditor, with firm and report code, signs this report and gives the
opinion. Who draws it up again by the same checks and has another digest holds another report than the one that was signed.
The opinion stands there and not here; what a section says of itself is a state (:mod:`.frame`), no opinion.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ledger import canonical
from ledger.audit.checks import VERSION, Noted
from ledger.audit.reports import budget, money, pay, programme, publicity, term, trust
from ledger.audit.reports.frame import Case, Section
from ledger.audit.review import Review, prove, review
from ledger.audit.tree import Progress
from ledger.audit.trust import Trust
from ledger.log.source import Source
from ledger.publication.audited import AuditSort, Reported

FORMAT: Final = 1
_ROOMS: Final = (budget, money, pay, programme, publicity, term, trust)
INPUTS: Final = frozenset(kind for room in _ROOMS for kind in room.INPUTS)
"""What has to be gathered beside what the checks ask for."""

_TRUST: Final = (
    money.funds,
    money.basis,
    trust.separation,
    trust.self_dealing,
    pay.remunerated,
    budget.plans,
    trust.records,
    trust.inspection,
)
_ANNUAL: Final = (
    money.funds,
    money.basis,
    budget.plans,
    budget.authorities,
    pay.remunerated,
    trust.records,
    publicity.published,
    trust.inspection,
)
_TERM: Final = (
    term.offices,
    money.funds,
    money.basis,
    term.decisions,
    budget.authorities,
    budget.plans,
    trust.records,
    publicity.published,
    trust.inspection,
    term.handover,
)
_HANDOVER: Final = (term.offices, money.funds, trust.separation, trust.records, publicity.published, term.handover)
SECTIONS: Final[Mapping[AuditSort, Sequence[Callable[[Case], Section]]]] = {
    "trust": _TRUST,
    "term": _TERM,
    "annual": _ANNUAL,
    "handover": _HANDOVER,
}
"""What each sort of audit looks at, in this order. The statutory checklist of the trust model follows from its sections."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A report as drawn up, the review that it rests on, and who signed it, if somebody did."""

    review: Review
    report: Mapping[str, Any]
    signed: Noted[Reported] | None
    others: tuple[Noted[Reported], ...] = ()
    """Signed as reports of this sort over these days and entries, with another digest: by other checks, or not drawn up so."""

    @property
    def raw(self) -> bytes:
        """The report's canonical bytes."""
        return canonical.encode(dict(self.report))

    @property
    def digest(self) -> str:
        """SHA-256 of these bytes in hex: what ``audit.reported/1`` names."""
        return hashlib.sha256(self.raw).hexdigest()


def draw(
    source: Source,
    sort: AuditSort,
    start: str,
    until: str,
    trust: Trust | None = None,
    progress: Progress | None = None,
    *,
    bundle: bool = True,
    prefix: int | None = None,
) -> Drawn:
    """Verify a published ledger and draw up a report over its first ``prefix`` entries, or all of them.

    Raises ``audit.days``, ``period.…`` for days that make no sense, and as :func:`~ledger.audit.review.review`.
    """
    made = review(source, trust, progress, bundle=bundle, also=INPUTS, prefix=prefix)
    report = report_of(made, sort, start, until)
    drawn = Drawn(made, report, None)
    about = (sort, start, until, report["size"])
    signed = [n for n in made.reported if (n.fact.sort, n.fact.start, n.fact.until, n.fact.prefix) == about]
    same = [noted for noted in signed if noted.fact.report == drawn.digest]
    others = tuple(noted for noted in signed if noted.fact.report != drawn.digest)
    return replace(drawn, signed=same[0] if same else None, others=others)


def report_of(made: Review, sort: AuditSort, start: str, until: str) -> Mapping[str, Any]:
    """The report that follows from a review which gathered :data:`INPUTS`."""
    findings = made.report["findings"]
    dossier = made.dossier.only(INPUTS)
    sections = _sections(Case(dossier, sort, start, until, findings))
    written = [section.written(findings) for section in sections]
    listed = programme.programme(dossier)
    same = ("ledger", "origin", "size", "root", "day", "machine", "profile")
    said: dict[str, Any] = {
        "audit": FORMAT,
        "sort": sort,
        "start": start,
        "until": until,
        "name": made.dossier.books.name,
        **{name: made.report[name] for name in same},
        "checks": VERSION,
        "sections": written,
        "programme": listed,
        "findings": findings,
    }
    said |= {"example": True} if made.dossier.books.example else {}
    return said | {"proofs": prove(made.leaves, sorted(_named(said)))}


def _sections(case: Case) -> list[Section]:
    sections = [look(case) for look in SECTIONS[case.sort]]
    if case.sort == "trust":
        sections.append(trust.duties(case, {section.code: section for section in sections}))
    return sections


def _named(value: object) -> set[int]:
    """The numbers of all entries that a report names as evidence."""
    match value:
        case Mapping():
            own = {value["entry"]} if "entry" in value and "record" in value else set()
            return own.union(*map(_named, value.values()))
        case list() | tuple():
            return set().union(*map(_named, value))
        case _:
            return set()


__all__ = ["INPUTS", "SECTIONS", "Drawn", "draw", "report_of"]
