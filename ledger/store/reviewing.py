"""The findings of a ledger that is kept, followed while it grows: what was replayed once is not replayed again.

A finding is shown to whoever watches or holds an office at once, and to everybody when its answer window is over: the
profile's ``statement.reply`` days after the newest entry that it cites. An answer on the ledger makes it public, with the
answer beside it; what concerns the integrity of the log is public at once. Nothing of this is kept: another reader of the
same entries comes to the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from ledger import period
from ledger.audit.checks import CHECKS, Check, Dossier, Finding, Gathering, inputs_of, run
from ledger.audit.replay import Replay
from ledger.audit.review import Followed
from ledger.paper.findings import NAMED
from ledger.publication.audited import FindingAnswered
from ledger.publication.objections import due_day
from ledger.store.past import DatabasePast
from ledger.store.replay import apply_stored

if TYPE_CHECKING:
    from ledger.store.store import Store

BY_CODE: Final[Mapping[str, Check]] = {check.code: check for check in CHECKS}


@dataclass(frozen=True)
class Reviewed:
    """What the checks find in the first ``size`` entries, the heaviest first."""

    size: int
    dossier: Dossier
    findings: tuple[Finding, ...]
    answered: Mapping[str, tuple[str, ...]]
    """Key of a finding -> the records that answer it, in log order."""
    failed: tuple[str, ...] = ()
    """Checks that could not cope with what they met: a fault of ours, told and not hidden."""

    def public_from(self, finding: Finding) -> str:
        """The legal day from which everybody sees it; empty where that is no matter of days any more."""
        if finding.key in self.answered or BY_CODE[finding.code].at_once:
            return ""
        return due_day(self.dossier.books.rules, period.parse_day(finding.since)).isoformat()

    def public(self, finding: Finding, today: str) -> bool:
        """Whether everybody sees it today: its answer was due before, or has come."""
        return self.public_from(finding) < today

    def finding(self, key: str) -> Finding | None:
        """The finding of a key."""
        return next((finding for finding in self.findings if finding.key == key), None)


@dataclass
class Reviewing:
    """Follows one store. Safe from several threads; one of them replays, the others wait for what it finds."""

    store: "Store"
    _lock: Lock = field(default_factory=Lock)
    _followed: Followed = field(init=False)
    _replay: Replay | None = None
    _made: Reviewed | None = None

    def __post_init__(self) -> None:
        self._followed = Followed(Gathering(inputs_of(CHECKS) | {FindingAnswered, *NAMED}))

    def at(self, size: int) -> Reviewed:
        """The findings in the first ``size`` entries, or in more where more were asked for before.

        Raises as :func:`ledger.store.replay.apply_stored`.
        """
        with self._lock:
            if self._made is None or self._made.size < size:
                self._follow(size)
                self._made = self._ask()
            return self._made

    def proofs(self, finding: Finding) -> Mapping[str, Any]:
        """The proofs of a finding's entries under the root of what was followed so far, and that root."""
        with self._lock:
            leaves = self._followed.leaves
            replay = self._replay
            root = replay.tree.root().hex() if replay else ""
            return {
                "size": len(leaves),
                "root": root,
                "proofs": self._followed.proofs(sorted({cited.seq for cited in finding.evidence})),
            }

    def _follow(self, size: int) -> None:
        with self.store.reading() as reader:
            replay = self._replay or Replay(DatabasePast(reader.rows, 0), journal=None)
            for entry, facts in apply_stored(reader.rows, replay, size):
                self._followed.add(replay.books, entry, tuple(facts))
            self._replay = replay

    def _ask(self) -> Reviewed:
        dossier = self._followed.gathering.close(self._followed.books)
        answered: dict[str, tuple[str, ...]] = {}
        for act in dossier.acts(FindingAnswered):
            answered[act.body.finding] = (*answered.get(act.body.finding, ()), act.digest)
        failed: list[str] = []
        findings = run(dossier, CHECKS, failed)
        return Reviewed(len(self._followed.leaves), dossier, findings, answered, tuple(failed))
