"""What a replay leaves behind for whoever asks of it: the dossier, the leaves that prove it, and what the checks find in it.

:class:`Followed` rides along a replay; at any entry :meth:`Followed.conclude` asks the checks of all that was taken in so far and
writes their findings as a review has them (:mod:`.review` says how it is written). A verifier does so at the prefix of each
audit report that somebody signed, a review at its end.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ledger import canonical, period
from ledger.audit import checks as asked
from ledger.audit.checks import Acted, Check, Cited, Dossier, Finding, Gathering, Noted
from ledger.audit.replay import Replay
from ledger.audit.standing import Standing
from ledger.audit.tree import Progress
from ledger.books import Books
from ledger.errors import Refused
from ledger.log import merkle
from ledger.log.entry import Entry
from ledger.log.packed import Hashes
from ledger.publication.audited import CheckLowered, Explained, Reported

FORMAT: Final = 1
SAID: Final = frozenset({CheckLowered, Explained})
"""What was said of checks and findings: gathered for every review."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What the checks find in the entries taken in so far, and how it is written."""

    dossier: Dossier
    findings: tuple[Finding, ...]
    report: Mapping[str, Any]
    leaves: Sequence[bytes]
    """The leaf hashes of the entries that it is about."""

    @property
    def open(self) -> Sequence[Mapping[str, Any]]:
        """The findings, as the report has them, whose checks nobody lowered to notices."""
        return [finding for finding in self.report["findings"] if "lowered" not in finding]

    @property
    def raw(self) -> bytes:
        """The report's canonical bytes."""
        return canonical.encode(dict(self.report))


@dataclass(slots=True)
class Followed:
    """Rides along a replay: what the checks need, and the leaves that prove it."""

    gathering: Gathering
    prefix: int | None = None
    books: Books = field(default_factory=Books)
    leaves: Hashes = field(default_factory=Hashes)
    reported: list[Noted[Reported]] = field(default_factory=list)
    replay: Replay = field(init=False, repr=False)
    standing: Standing = field(init=False)
    statements: tuple[Mapping[str, Any], ...] = ()

    def proofs(self, entries: Iterable[int]) -> dict[str, Any]:
        """The inclusion proofs of entries under the root of all that was taken in, as a report writes them."""
        return prove(self.leaves, entries)

    def conclude(self, checks: Sequence[Check] = asked.CHECKS, progress: Progress | None = None) -> Concluded:
        """Ask the checks of all that was taken in so far. Raises ``review.nothing`` where nothing was."""
        if not self.leaves:
            raise Refused("review.nothing", 0, "a ledger of which an entry can be read")
        dossier = self.gathering.close(self.books)
        failed: list[str] = []

        def told(number: int) -> None:
            if progress is not None:
                progress("checks", number, len(checks))

        findings = asked.run(dossier, checks, failed, told)
        report = dict(_report(dossier, self.leaves, findings, checks))
        report |= {"failed": sorted(failed)} if failed else {}
        return Concluded(dossier, findings, report, Hashes(self.leaves))

    def add(self, books: Books, entry: Entry, facts: tuple[object, ...]) -> None:
        """Take in an applied entry of the prefix, and from behind it the reports about it."""
        for fact in facts:
            if isinstance(fact, Reported):
                day = period.legal_day(entry.time, books.offset).isoformat()
                self.reported.append(Noted(entry.seq, day, entry.record.digest, fact))
        if self.prefix is not None and entry.seq >= self.prefix:
            return
        self.books = books
        self.leaves.append(entry.leaf)
        self.gathering.add(books, entry, facts)

    def end(self, standing: Standing, statements: Sequence[Mapping[str, Any]]) -> None:
        """Keep where the pass ended."""
        self.replay, self.standing, self.statements = standing.replay, standing, tuple(statements)


def _report(
    dossier: Dossier, leaves: Hashes, findings: Sequence[Finding], checks: Sequence[Check]
) -> Mapping[str, Any]:
    books, by_code = dossier.books, {check.code: check for check in checks}
    said_of = _said_of(dossier.only(SAID))
    written = [_written(said_of, finding, by_code[finding.code]) for finding in findings]
    said: dict[str, Any] = {
        "review": FORMAT,
        "checks": asked.VERSION,
        "ledger": books.ledger,
        "origin": books.origin,
        "size": len(leaves),
        "root": leaves.tree(len(leaves)).root().hex(),
        "day": dossier.day.isoformat(),
        "machine": books.machine,
        "profile": dossier.profile.digest,
        "asked": sorted(by_code),
        "findings": written,
        "proofs": prove(leaves, entries_of(written)),
    }
    return said | ({"example": True} if books.example else {})


def entries_of(findings: Iterable[Mapping[str, Any]]) -> set[int]:
    """The numbers of the entries that written findings name."""
    places = (
        place
        for finding in findings
        for place in (*finding["evidence"], *finding.get("answers", ()), *filter(None, [finding.get("lowered")]))
    )
    return {place["entry"] for place in places}


def prove(leaves: Sequence[bytes], entries: Iterable[int]) -> dict[str, Any]:
    """By entry number its leaf and the path that proves it (RFC 6962) in the tree of these leaves."""
    plans = {seq: merkle.inclusion_plan(seq, len(leaves)) for seq in sorted(entries)}
    nodes = merkle.LeafNodes(leaves).read([place for plan in plans.values() for place in plan.coordinates])
    return {
        str(seq): {"leaf": leaves[seq].hex(), "path": [node.hex() for node in plan.combine(nodes)]}
        for seq, plan in plans.items()
    }


@dataclass(frozen=True, slots=True)
class _Remarks:
    lowered: Mapping[str, Acted[CheckLowered]]
    answers: Mapping[str, Sequence[Noted[Explained]]]


def _said_of(case: Dossier) -> _Remarks:
    """By check who lowered it, if that holds on the last day, by finding who answered it."""
    answers: defaultdict[str, list[Noted[Explained]]] = defaultdict(list)
    for noted in case.facts(Explained):
        answers[noted.fact.finding].append(noted)
    newest = {act.body.check: act for act in case.acts(CheckLowered)}
    day = case.day.isoformat()
    holds = {check: act for check, act in newest.items() if act.body.until is None or act.body.until >= day}
    return _Remarks(holds, answers)


def _written(remarks: _Remarks, finding: Finding, check: Check) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": finding.code,
        "key": finding.key,
        "row": check.row,
        "severity": finding.severity,
        "basis": list(check.basis),
        "figures": dict(finding.figures),
        "evidence": [place(cited) for cited in finding.evidence],
    }
    lowered = remarks.lowered.get(finding.code)
    answers = [place(noted.cite()) for noted in remarks.answers.get(finding.key, ())]
    return (
        said
        | {name: True for name in ("weak", "at_once") if getattr(check, name)}
        | ({"lowered": place(lowered.cite()) | {"reason": lowered.body.reason}} if lowered else {})
        | ({"answers": answers} if answers else {})
    )


def place(cited: Cited) -> dict[str, Any]:
    """Evidence as it is written."""
    return {"entry": cited.seq, "record": cited.record} | ({"part": cited.part} if cited.part else {})
