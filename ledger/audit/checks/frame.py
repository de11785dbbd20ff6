"""A check 核查, and what it finds: one question asked of the whole ledger, with the law behind it and the entries before it.

A **check** is a pure function of the dossier. It says which row of the irregularity table it answers, on what legal basis,
what it reads, how much weight its findings have; what a finding says, and what would clear it, stand in the catalogues
(``audit.<code>.title``, ``.says``, ``.clears``), in neutral words: 待说明, 待核实, 与…不一致.

A **finding** 核查提示 cites the exact entries and the figures met. It is a question, not a verdict: figures are what the
entries say. Its ``key`` names it for ever, so that an answer can refer to it: the same code about the same places of the
same records is the same finding, whatever newer entries add.

========  ===========================================================================================
severity  meaning
========  ===========================================================================================
critical  money moved, was decided or recorded in a way that the law does not know
high      money is missing, paid twice, owed or undisclosed unless somebody explains it
medium    a rule of good order was not kept
low       small, or weak evidence: ranked last, and says so
========  ===========================================================================================

Figures are integers and texts. A name that ends in ``_fen`` is an amount in fen, in ``_day`` a day, in ``_party``,
``_category``, ``_account``, ``_contract``, ``_fund`` or ``_role`` a code of this ledger; prints show them as people write them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from ledger import canonical
from ledger.audit.checks.dossier import Cited, Dossier
from ledger.audit.findings import FAULTS
from ledger.errors import MingzhangError
from ledger.log.act import LARGEST

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "high", "medium", "low")

Figure = int | str


@dataclass(frozen=True, slots=True)
class Found:
    """What a check met: the entries, the most telling first, and the figures that its sentence needs."""

    evidence: tuple[Cited, ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)


def found(*evidence: Cited, **figures: Figure) -> Found:
    """Short for :class:`Found`."""
    return Found(evidence, figures)


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    ``row``: of the irregularity table (``docs/checks.md``), such as ``12`` or ``31b``. ``basis``: articles, by the abbreviations
    of that page. ``inputs``: the bodies and facts it reads. ``weak``: a statistical or circumstantial sign, which says so.
    ``at_once``: an integrity failure, public without an answer window.
    """

    code: str
    row: str
    severity: Severity
    basis: tuple[str, ...]
    inputs: tuple[type, ...]
    find: Callable[[Dossier], Iterable[Found]]
    weak: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A check's code with what it met."""

    code: str
    severity: Severity
    evidence: tuple[Cited, ...]
    figures: Mapping[str, Figure]

    @property
    def key(self) -> str:
        """SHA-256 in hex of code and places: what an answer names."""
        places = sorted([cited.record, cited.part] for cited in self.evidence)
        return hashlib.sha256(canonical.encode({"finding": 1, "code": self.code, "places": places})).hexdigest()

    @property
    def since(self) -> str:
        """The legal day since which it could be found: that of the newest entry that it cites."""
        return max(cited.day for cited in self.evidence)


def run(
    dossier: Dossier,
    checks: Iterable[Check],
    failed: list[str] | None = None,
    told: Callable[[int], None] = lambda _asked: None,
) -> tuple[Finding, ...]:
    """Ask every check. The findings, the heaviest first, then by code and by place in the log.

    A check that cannot cope with what somebody entered must not silence the others: with ``failed`` its code is noted there,
    and whoever reports says that it was not asked to its end. Without it the fault is raised. ``told``: how many were asked.
    """
    findings: dict[str, Finding] = {}
    for number, check in enumerate(checks):
        told(number)
        try:
            for finding in _findings(dossier, check):
                if findings.setdefault(finding.key, finding) is not finding:
                    raise AssertionError(f"{check.code}: found twice at the same places: {finding.evidence}")
        except (MingzhangError, *FAULTS):
            if failed is None:
                raise
            failed.append(check.code)
    return tuple(sorted(findings.values(), key=_order))


def _findings(dossier: Dossier, check: Check) -> Iterator[Finding]:
    for met in check.find(dossier.only(check.inputs)):
        if not met.evidence:
            raise AssertionError(f"{check.code}: a finding without evidence")
        yield Finding(check.code, check.severity, met.evidence, _held(met.figures))


def _held(figures: Mapping[str, Figure]) -> Mapping[str, Figure]:
    """Figures as a report can hold them: sums of what papers print may be larger than canonical JSON allows."""
    return {name: met if isinstance(met, str) else max(-LARGEST, min(LARGEST, met)) for name, met in figures.items()}


def inputs_of(checks: Iterable[Check]) -> frozenset[type]:
    """What has to be gathered for them."""
    return frozenset(kind for check in checks for kind in check.inputs)


def _order(finding: Finding) -> tuple[int, str, list[tuple[int, str]]]:
    places = [(cited.seq, cited.part) for cited in finding.evidence]
    return SEVERITIES.index(finding.severity), finding.code, places
