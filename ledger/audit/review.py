"""The review 核查报告: one pass over a published ledger that verifies everything and asks every check.

The report is a function of the entries and of the version of the checks, nothing else: the same prefix gives the same
bytes from a folder, a server or a database, on every machine. It is canonical JSON::

    {"review": 1, "checks": <version>, "ledger", "origin", "size", "root", "day", "machine", "profile",
     "asked": [<code>, …],                    every check that was asked, so that silence means "nothing was found"
     "findings": [{"code", "key", "row", "severity", "weak"?, "at_once"?, "basis": […], "figures": {…},
                   "evidence": [{"entry", "record", "part"?}, …]}, …],
     "proofs": {"<entry>": {"leaf", "path": […]}, …}}

Each entry cited has its inclusion proof (RFC 6962) under ``root``, the root of the tree of the first ``size`` entries: who
holds a checkpoint of that size needs nothing else to see that the evidence stands there. What the verification found, and
whose keys it used, is a report of its own (:mod:`.findings`): it depends on what its reader knows.

Findings are questions in plain figures. Who answers them, and when they become public, is not decided here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ledger import canonical
from ledger.audit import checks as asked
from ledger.audit.checks import Check, Dossier, Finding, Gathering
from ledger.audit.findings import Report
from ledger.audit.replay import Replay
from ledger.audit.tree import Progress
from ledger.audit.trust import Trust
from ledger.audit.verify import verify
from ledger.books import Books
from ledger.errors import Refused
from ledger.log import merkle
from ledger.log.entry import Entry
from ledger.log.source import Source

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Review:
    """What was verified, what was found, and the report as it is written."""

    verification: Report
    dossier: Dossier
    findings: tuple[Finding, ...]
    report: Mapping[str, Any]
    replay: Replay
    """Where the replay stood at the end."""
    statements: tuple[Mapping[str, Any], ...]
    """The published statements, each as it was drawn up here."""

    @property
    def raw(self) -> bytes:
        """The report's canonical bytes."""
        return canonical.encode(dict(self.report))


def review(
    source: Source,
    trust: Trust | None = None,
    progress: Progress | None = None,
    *,
    bundle: bool = True,
    checks: Sequence[Check] = asked.CHECKS,
    also: Iterable[type] = (),
) -> Review:
    """Verify a published ledger and ask every check of it. Raises ``review.nothing`` where no entry could be applied.

    ``also``: bodies and facts that the reader wants in the dossier beside what the checks ask for. Where the replay had to
    stop, the review speaks of the entries before; the verification says where and why.
    """
    followed = Followed(Gathering(asked.inputs_of(checks) | frozenset(also)))
    verification = verify(source, trust, progress, bundle=bundle, follow=followed.add, ended=followed.end)
    if not followed.leaves:
        raise Refused("review.nothing", 0, "a ledger of which an entry can be read")
    dossier = followed.gathering.close(followed.books)
    findings = asked.run(dossier, checks)
    report = _report(dossier, followed.leaves, findings, checks)
    return Review(verification, dossier, findings, report, followed.replay, followed.statements)


@dataclass(slots=True)
class Followed:
    """Rides along a replay: what the checks need, and the leaves that prove it."""

    gathering: Gathering
    books: Books = field(default_factory=Books)
    leaves: list[bytes] = field(default_factory=list)
    replay: Replay = field(init=False)
    statements: tuple[Mapping[str, Any], ...] = ()

    def proofs(self, entries: Iterable[int]) -> dict[str, Any]:
        """The inclusion proofs of entries under the root of all that was taken in, as a report writes them."""
        return _proofs(self.leaves, entries)

    def add(self, books: Books, entry: Entry, facts: tuple[object, ...]) -> None:
        """Take in an applied entry."""
        self.books = books
        self.leaves.append(entry.leaf)
        self.gathering.add(books, entry, facts)

    def end(self, replay: Replay, statements: Sequence[Mapping[str, Any]]) -> None:
        """Keep where the replay ended."""
        self.replay, self.statements = replay, tuple(statements)


def _report(
    dossier: Dossier, leaves: Sequence[bytes], findings: Sequence[Finding], checks: Sequence[Check]
) -> Mapping[str, Any]:
    books, by_code = dossier.books, {check.code: check for check in checks}
    tree, _ = merkle.Range().extend(leaves)
    said: dict[str, Any] = {
        "review": FORMAT,
        "checks": asked.VERSION,
        "ledger": books.ledger,
        "origin": books.origin,
        "size": len(leaves),
        "root": tree.root().hex(),
        "day": dossier.day.isoformat(),
        "machine": books.machine,
        "profile": dossier.profile.digest,
        "asked": sorted(by_code),
        "findings": [_written(finding, by_code[finding.code]) for finding in findings],
        "proofs": _proofs(leaves, {cited.seq for finding in findings for cited in finding.evidence}),
    }
    return said | ({"example": True} if books.example else {})


def _proofs(leaves: Sequence[bytes], entries: Iterable[int]) -> dict[str, Any]:
    plans = {seq: merkle.inclusion_plan(seq, len(leaves)) for seq in sorted(entries)}
    nodes = merkle.LeafNodes(leaves).read([place for plan in plans.values() for place in plan.coordinates])
    return {
        str(seq): {"leaf": leaves[seq].hex(), "path": [node.hex() for node in plan.combine(nodes)]}
        for seq, plan in plans.items()
    }


def _written(finding: Finding, check: Check) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": finding.code,
        "key": finding.key,
        "row": check.row,
        "severity": finding.severity,
        "basis": list(check.basis),
        "figures": dict(finding.figures),
        "evidence": [
            {"entry": cited.seq, "record": cited.record} | ({"part": cited.part} if cited.part else {})
            for cited in finding.evidence
        ],
    }
    return said | {name: True for name in ("weak", "at_once") if getattr(check, name)}
