"""What a check answers with: a list of findings, never a bare yes or no, and what was looked at to make it.

A **finding** has a stable code (:data:`CODES` has all of them), a place, and the values met. Its code fixes its severity:

============  ==========================================================================================
differs       the evidence contradicts itself, the rules, or what the reader knows from elsewhere 对不上
unchecked     something could not be checked, so that nothing is said about it 没法核对
notice        worth knowing, changes no result
============  ==========================================================================================

The **verdict** of a report is the worst of them: ``differs``, ``cannot_be_checked``, else ``agrees`` 对得上. A report says
beside it what was counted and whose keys were used; who used only the keys that came with the bundle reads ``trust.self``
first: the bundle is consistent, its origin is not established 自洽，未验明来源.

>>> found = Findings()
>>> found.add("tile.differs", Place("tile/0/000.p/3", offset=32))
>>> report = found.report()
>>> report.verdict, report.exit_code, str(report.findings[0].where)
('differs', 1, 'tile/0/000.p/3@32')

At most :data:`MOST` findings of one code are kept; ``omitted`` counts the rest.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from ledger.errors import MingzhangError

VERSION: Final = 2
"""The version of the checks; they improve, so a report names it. Not part of the machine."""
MOST: Final = 100

Severity = Literal["differs", "unchecked", "notice"]
Verdict = Literal["differs", "cannot_be_checked", "agrees"]

_DIFFERS: Final = (
    # what the reader knows from elsewhere
    "trust.genesis",
    "trust.vkeys",
    "trust.unknown_log",
    "trust.registrar",
    "trust.head_older",
    "trust.head_forked",
    # files
    "manifest.missing",
    "manifest.malformed",
    "file.unlisted",
    "file.missing",
    "file.differs",
    "file.unreadable",
    "vkeys.malformed",
    "vkeys.differ",
    "policy.malformed",
    "policy.differs",
    # head
    "head.missing",
    "head.malformed",
    "head.signature",
    "head.origin",
    "head.unknown_line",
    "head.size",
    "head.root",
    "head.in_batch",
    "head.time",
    "witness.time",
    # log
    "tile.differs",
    "tile.missing",
    "tile.unknown",
    "entries.missing",
    "entries.malformed",
    "entries.changed",
    "entry.malformed",
    "chain.seq",
    "chain.prev",
    "chain.time",
    "chain.ledger",
    "chain.at",
    "chain.twice",
    "chain.batch",
    "genesis.vkeys",
    # records
    "record.signature",
    "record.revoked",
    "rule.refused",
    # statements
    "statement.missing",
    "statement.foreign",
    "statement.malformed",
    "statement.prefix",
    "statement.undrawable",
    "statement.digest",
    "statement.log",
    "statement.drawn",
    "statement.bytes",
    "statement.sum",
    "statement.root",
    "second.differs",
    # audit reports
    "audit.differs",
    # receipts
    "receipt.malformed",
    "receipt.proof",
    "receipt.place",
    "receipt.foreign",
    "receipt.opening",
)
_UNCHECKED: Final = (
    "trust.none",
    "trust.registrar_later",
    "log.empty",
    "log.too_large",
    "log.unread",
    "witness.quorum",
    "entry.unknown",
    "record.unknown_key",
    "rule.unknown",
    "replay.stopped",
    "reader.failed",
    "statement.unproven",
    "audit.too_many",
)
_NOTICES: Final = ("trust.self", "second.absent", "record.text", "receipt.signatures", "audit.other_version")

CODES: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        **dict.fromkeys(_DIFFERS, "differs"),
        **dict.fromkeys(_UNCHECKED, "unchecked"),
        **dict.fromkeys(_NOTICES, "notice"),
    }
)
"""Every finding there is, with its severity. ``finding.<code>.title`` is its sentence in the catalogues."""


NEEDS_MORE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rule.refused": "rules",
        "rule.unknown": "rules",
        "replay.stopped": "rules",
        "statement.prefix": "rules",
        "statement.undrawable": "rules",
        "statement.drawn": "rules",
        "statement.bytes": "rules",
        "audit.differs": "rules",
        "audit.too_many": "rules",
        "audit.other_version": "rules",
        "trust.registrar": "rules",
        "trust.registrar_later": "rules",
        "second.differs": "second opinion",
        "second.absent": "second opinion",
        "entries.changed": "second reading",
        "head.size": "second reading",
        "reader.failed": "program",
    }
)
"""What a verifier without the rules of the books does not find, and what it lacks for it. All else the browser's checker
finds too, at the same places: ``docs/verify.md`` has the table. ``reader.failed`` speaks of the program that says it.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where: a file and a byte in it, an entry by its number, or what is named in words of the format."""

    path: str = ""
    offset: int | None = None
    entry: int | None = None
    field: str = ""

    def __str__(self) -> str:
        said = self.path + ("" if self.offset is None else f"@{self.offset}")
        parts = [said, "" if self.entry is None else f"#{self.entry}", self.field]
        return " ".join(part for part in parts if part)

    def json(self) -> dict[str, Any]:
        """As a report writes it; what does not apply is absent."""
        named = {"path": self.path, "offset": self.offset, "entry": self.entry, "field": self.field}
        return {name: value for name, value in named.items() if value is not None and value != ""}


NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check has to say. ``context``: the values met, as texts and numbers."""

    code: str
    where: Place = NOWHERE
    context: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How much it weighs; fixed by the code."""
        return CODES[self.code]

    def json(self) -> dict[str, Any]:
        """As a report writes it."""
        value: dict[str, Any] = {"code": self.code, "severity": self.severity, "where": self.where.json()}
        return value | ({"context": dict(self.context)} if self.context else {})


@dataclass(frozen=True, slots=True)
class KeyUsed:
    """A key that a check leaned on: whose, which, and whether the reader brought it or it came with the evidence."""

    whose: Literal["log", "witness", "registrar"]
    name: str
    key: str
    source: Literal["outside", "bundle"]


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one check, ``trust.self`` first, and what they are about.

    ``subject``: what was checked (origin, ledger, size, root, time of the last entry, periods); ``counts``: how much of
    it, by a plain name; ``versions``: of the checks, the machine and the second opinion.
    """

    findings: tuple[Finding, ...] = ()
    subject: Mapping[str, str | int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    keys: tuple[KeyUsed, ...] = ()
    versions: Mapping[str, str | int] = field(default_factory=dict)
    omitted: Mapping[str, int] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst that was found."""
        worst = {finding.severity for finding in self.findings}
        if "differs" in worst:
            return "differs"
        return "cannot_be_checked" if "unchecked" in worst else "agrees"

    @property
    def exit_code(self) -> int:
        """0 where all that was checked agrees, also under the bundle's own keys; 1 where findings say otherwise."""
        return 0 if self.verdict == "agrees" else 1

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all findings."""
        return frozenset(finding.code for finding in self.findings)

    def json(self) -> dict[str, Any]:
        """The report as data."""
        return {
            "report": 1,
            "verdict": self.verdict,
            "findings": [finding.json() for finding in self.findings],
            "subject": dict(self.subject),
            "counts": dict(self.counts),
            "keys": [{"whose": k.whose, "name": k.name, "key": k.key, "source": k.source} for k in self.keys],
            "versions": dict(self.versions),
            "omitted": dict(self.omitted),
        }


@dataclass(slots=True)
class Findings:
    """Where the parts of one check put what they find, count and use."""

    found: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    subject: dict[str, str | int] = field(default_factory=dict)
    versions: dict[str, str | int] = field(default_factory=lambda: {"checks": VERSION})
    keys: list[KeyUsed] = field(default_factory=list)
    _times: Counter[str] = field(default_factory=Counter)

    def add(self, code: str, where: Place = NOWHERE, /, **context: object) -> None:
        """Note a finding."""
        if code not in CODES:
            raise AssertionError(f"findings: {code} is not in CODES")
        self._times[code] += 1
        if self._times[code] <= MOST:
            self.found.append(Finding(code, where, {name: _plain(v) for name, v in context.items() if v is not None}))

    def refuse(self, code: str, where: Place, error: MingzhangError, /, **context: object) -> None:
        """Note a finding that an error says: its rule, the value met, what would be accepted."""
        also = {name: value for name, value in error.context.items() if name not in ("rule", "value", "accepted")}
        said = also | {"rule": error.rule, "value": error.value, "accepted": error.accepted} | context
        self.add(code, where, **said)

    def fail(self, where: Place, error: BaseException) -> None:
        """Note that our own reader could not cope with this: nothing is said about the evidence."""
        self.add("reader.failed", where, error=type(error).__name__, value=str(error))

    def seen(self, code: str) -> bool:
        """Whether a code was noted."""
        return self._times[code] > 0

    def report(self) -> Report:
        """What was found, ``trust.self`` first, in the order found."""
        first = sorted(self.found, key=lambda finding: finding.code != "trust.self")
        omitted = {code: times - MOST for code, times in self._times.items() if times > MOST}
        return Report(
            tuple(first), dict(self.subject), dict(self.counts), tuple(self.keys), dict(self.versions), omitted
        )


FAULTS: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What our own code raises when it meets bytes that nobody thought of. It must not end a check, nor pass for a result:
it becomes ``reader.failed``, which cannot be mistaken for agreement.
"""

_LONGEST: Final = 300


def _plain(value: object) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value.bit_length() <= 64 else f"an integer of {value.bit_length()} bits"
    if isinstance(value, (bytes, bytearray)):
        value = value.decode("utf-8", "backslashreplace")
    if isinstance(value, (set, frozenset)):
        value = sorted(map(str, value))
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
