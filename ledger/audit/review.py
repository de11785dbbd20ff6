"""The review 核查报告: one pass over a published ledger that verifies everything and asks every check.

The report is a function of the entries and of the version of the checks, nothing else: the same prefix gives the same
bytes from a folder, a server or a database, on every machine. It is canonical JSON::

    {"review": 1, "checks": <version>, "ledger", "origin", "size", "root", "day", "machine", "profile",
     "asked": [<code>, …],                    every check that was asked, so that silence means "nothing was found"
     "failed"?: [<code>, …],                  those of them that could not cope with what they met: nothing is said of the rest
     "findings": [{"code", "key", "row", "severity", "weak"?, "at_once"?, "basis": […], "figures": {…},
                   "lowered"?: {"entry", "record", "reason"}, "answers"?: [{"entry", "record"}, …],
                   "evidence": [{"entry", "record", "part"?}, …]}, …],
     "proofs": {"<entry>": {"leaf", "path": […]}, …}}

Each entry cited has its inclusion proof (RFC 6962) under ``root``, the root of the tree of the first ``size`` entries: who
holds a checkpoint of that size needs nothing else to see that the evidence stands there. What the verification found, and
whose keys it used, is a report of its own (:mod:`.findings`): it depends on what its reader knows.

Findings are questions in plain figures. ``answers`` are the acts that answered one (``finding.answered/1``); ``lowered`` says that
the community lets its check speak as a notice, by which act and why (``check.lowered/1``): the finding stands all the same, and
where it stood. When findings become public is not decided here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ledger import canonical, period
from ledger.audit import checks as asked
from ledger.audit.checks import Acted, Check, Cited, Dossier, Finding, Gathering, Noted
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
from ledger.publication.audited import CheckLowered, Explained, Reported

FORMAT: Final = 1
SAID: Final = frozenset({CheckLowered, Explained})
"""What was said of checks and findings: gathered for every review."""


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
    leaves: tuple[bytes, ...]
    """The leaf hashes of the entries that it is about."""
    reported: tuple[Noted[Reported], ...] = ()
    """The audit reports that somebody signed, also behind the prefix."""

    @property
    def open(self) -> Sequence[Mapping[str, Any]]:
        """The findings, as the report has them, whose checks nobody lowered to notices."""
        return [finding for finding in self.report["findings"] if "lowered" not in finding]

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
    prefix: int | None = None,
) -> Review:
    """Verify a published ledger and ask every check of it. Raises ``review.nothing`` where no entry could be applied.

    ``also``: bodies and facts that the reader wants in the dossier beside what the checks ask for. ``prefix``: only the first so
    many entries are reviewed, though all are verified. Where the replay had to stop, the review speaks of the entries before;
    the verification says where and why.
    """
    followed = Followed(Gathering(asked.inputs_of(checks) | SAID | frozenset(also)), prefix)
    verification = verify(source, trust, progress, bundle=bundle, follow=followed.add, ended=followed.end)
    return concluded(verification, followed, checks)


def concluded(verification: Report, followed: "Followed", checks: Sequence[Check] = asked.CHECKS) -> Review:
    """The review of what was followed. Raises ``review.nothing``."""
    if not followed.leaves:
        raise Refused("review.nothing", 0, "a ledger of which an entry can be read")
    dossier = followed.gathering.close(followed.books)
    failed: list[str] = []
    findings = asked.run(dossier, checks, failed)
    report = dict(_report(dossier, followed.leaves, findings, checks))
    report |= {"failed": sorted(failed)} if failed else {}
    ended = (followed.replay, followed.statements)
    return Review(verification, dossier, findings, report, *ended, tuple(followed.leaves), tuple(followed.reported))


@dataclass(slots=True)
class Followed:
    """Rides along a replay: what the checks need, and the leaves that prove it."""

    gathering: Gathering
    prefix: int | None = None
    books: Books = field(default_factory=Books)
    leaves: list[bytes] = field(default_factory=list)
    reported: list[Noted[Reported]] = field(default_factory=list)
    replay: Replay = field(init=False)
    statements: tuple[Mapping[str, Any], ...] = ()

    def proofs(self, entries: Iterable[int]) -> dict[str, Any]:
        """The inclusion proofs of entries under the root of all that was taken in, as a report writes them."""
        return prove(self.leaves, entries)

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

    def end(self, replay: Replay, statements: Sequence[Mapping[str, Any]]) -> None:
        """Keep where the replay ended."""
        self.replay, self.statements = replay, tuple(statements)


def _report(
    dossier: Dossier, leaves: Sequence[bytes], findings: Sequence[Finding], checks: Sequence[Check]
) -> Mapping[str, Any]:
    books, by_code = dossier.books, {check.code: check for check in checks}
    tree, _ = merkle.Range().extend(leaves)
    said_of = _said_of(dossier.only(SAID))
    written = [_written(said_of, finding, by_code[finding.code]) for finding in findings]
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
    """By check who lowered it, by finding who answered it."""
    answers: defaultdict[str, list[Noted[Explained]]] = defaultdict(list)
    for noted in case.facts(Explained):
        answers[noted.fact.finding].append(noted)
    return _Remarks({act.body.check: act for act in case.acts(CheckLowered)}, answers)


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
