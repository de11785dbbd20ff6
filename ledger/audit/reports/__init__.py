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

A report is canonical JSON, a function of the first ``size`` entries, of the sort, of the days, of the version of the checks and of
the number of its own form::

    {"audit": <form>, "sort", "start", "until", "name", "ledger", "origin", "size", "root", "day", "machine", "profile",
     "checks": <version>, "sections": [{"code", "state", "said": […], "tables": […], "findings"?: [<key>, …]}, …],
     "programme": [{"code", "state", "given": […], "missing": […]}, …],     the fourteen inputs
     "findings": […], "failed"?: […],                                       as the review of the same prefix has them
     "proofs": {"<entry>": {"leaf", "path": […]}, …}}                       of every entry that it names

``audit.reported/1`` names the SHA-256 of these bytes and both numbers: by it an auditor, with firm and report code, signs this
report and gives the opinion. ``verify`` draws it up again by the same numbers and says where another digest was signed.
The opinion stands there and not here; what a section says of itself is a state (:mod:`.frame`), no opinion.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ledger import canonical
from ledger.audit.checks import VERSION
from ledger.audit.following import Concluded, prove
from ledger.audit.reports import budget, money, pay, programme, publicity, term, trust
from ledger.audit.reports.frame import Case, Section
from ledger.publication.audited import AuditSort

FORM: Final = 1
"""The number of the report's form. It rises with any change by which the same entries and checks would give other bytes: sections,
statements, figures, and how a review writes findings."""
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


def report_of(made: Concluded, sort: AuditSort, start: str, until: str) -> Mapping[str, Any]:
    """The report that follows from what was gathered, :data:`INPUTS` among it."""
    findings = made.report["findings"]
    dossier = made.dossier.only(INPUTS)
    sections = _sections(Case(dossier, sort, start, until, findings))
    written = [section.written(findings) for section in sections]
    listed = programme.programme(dossier)
    same = ("ledger", "origin", "size", "root", "day", "machine", "profile")
    said: dict[str, Any] = {
        "audit": FORM,
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
    said |= {"failed": made.report["failed"]} if "failed" in made.report else {}
    said |= {"example": True} if made.dossier.books.example else {}
    return said | {"proofs": prove(made.leaves, sorted(_named(said)))}


def digest_of(report: Mapping[str, Any]) -> str:
    """SHA-256 of a report's canonical bytes in hex: what ``audit.reported/1`` names."""
    return hashlib.sha256(canonical.encode(dict(report))).hexdigest()


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


__all__ = ["FORM", "INPUTS", "SECTIONS", "digest_of", "report_of"]
