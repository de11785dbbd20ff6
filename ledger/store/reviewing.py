"""The findings of a ledger that is kept, followed while it grows: what was replayed once is not replayed again.

A finding is shown to whoever watches or holds an office at once, and to everybody when its answer window is over: the
profile's ``statement.reply`` days after the newest entry that it cites. Nobody can keep it hidden by adding entries to it:
what could be found before, in the entries whose window is over, stays public while it grows. An answer on the ledger makes it
public, with the answer beside it; what concerns the integrity of the log is public at once. Nothing of this is kept: another
reader of the same entries comes to the same.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from ledger import period
from ledger.audit.checks import CHECKS, VERSION, Check, Dossier, Finding, Gathering, inputs_of, run
from ledger.audit.following import Followed
from ledger.audit.replay import Replay
from ledger.books import Books
from ledger.paper.findings import NAMED
from ledger.paper.printed import Unexplained
from ledger.publication.audited import CheckLowered, FindingAnswered
from ledger.publication.objections import due_day
from ledger.store.past import DatabasePast
from ledger.store.replay import apply_stored

if TYPE_CHECKING:
    from ledger.store.store import Store

HEAVY: Final = frozenset({"critical", "high"})
"""What a poster says apart."""
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
    before: tuple[Finding, ...] = ()
    """What could be found in those entries alone whose answer window is over."""
    _due: dict[str, str] = field(default_factory=dict)
    """Day -> the last day of an answer window that begins then: counted once, since many findings share few days."""

    def public_from(self, finding: Finding) -> str:
        """The legal day from which everybody sees it; empty where that is no matter of days any more."""
        if finding.key in self.answered or BY_CODE[finding.code].at_once or self._grew(finding):
            return ""
        if finding.since not in self._due:
            due = due_day(self.dossier.books.rules, period.parse_day(finding.since))
            self._due[finding.since] = due.isoformat()
        return self._due[finding.since]

    def public(self, finding: Finding, today: str) -> bool:
        """Whether everybody sees it today: its answer was due before, or has come."""
        return self.public_from(finding) < today

    def finding(self, key: str) -> Finding | None:
        """The finding of a key."""
        return next((finding for finding in self.findings if finding.key == key), None)

    def _grew(self, finding: Finding) -> bool:
        """Whether it is one that stood before, with places more."""
        places = _places(finding)
        return any(one.code == finding.code and _places(one) <= places for one in self.before)


@dataclass
class _Follower:
    """A replay that goes on where it stopped, and what the checks find there."""

    followed: Followed = field(
        default_factory=lambda: Followed(Gathering(inputs_of(CHECKS) | {FindingAnswered, CheckLowered, *NAMED}))
    )
    replay: Replay | None = None
    made: Reviewed | None = None
    days: list[str] = field(default_factory=list)
    """The legal days on which entries came, in order."""
    sizes: list[int] = field(default_factory=list)
    """How many entries there were at the end of each."""

    def reviewed(self, store: "Store", size: int) -> Reviewed:
        """What is found in so many entries, or in more where it has gone on already."""
        if self.made is None or self.made.size < size:
            self._follow(store, size)
            self.made = self._ask()
        return self.made

    def entries_until(self, day: str) -> int:
        """How many entries came up to the end of a legal day."""
        place = bisect_right(self.days, day)
        return self.sizes[place - 1] if place else 0

    def proofs(self, finding: Finding) -> Mapping[str, Any]:
        """See :meth:`Reviewing.proofs`."""
        return {
            "size": len(self.followed.leaves),
            "root": self.replay.tree.root().hex() if self.replay else "",
            "proofs": self.followed.proofs(sorted({cited.seq for cited in finding.evidence})),
        }

    def _follow(self, store: "Store", size: int) -> None:
        with store.reading() as reader:
            replay = self.replay or Replay(DatabasePast(reader.rows, 0), journal=None)
            for entry, facts in apply_stored(reader.rows, replay, size):
                self.followed.add(replay.books, entry, tuple(facts))
                day = period.legal_day(entry.time, replay.books.offset).isoformat()
                if not self.days or self.days[-1] != day:
                    self.days.append(day)
                    self.sizes.append(0)
                self.sizes[-1] = entry.seq + 1
            self.replay = replay

    def _ask(self) -> Reviewed:
        dossier = self.followed.gathering.close(self.followed.books)
        answered: dict[str, tuple[str, ...]] = {}
        for act in dossier.acts(FindingAnswered):
            answered[act.body.finding] = (*answered.get(act.body.finding, ()), act.digest)
        failed: list[str] = []
        findings = run(dossier, CHECKS, failed)
        return Reviewed(len(self.followed.leaves), dossier, findings, answered, tuple(failed))


@dataclass
class Reviewing:
    """Follows one store. Safe from several threads; one of them replays, the others wait for what it finds."""

    store: "Store"
    _lock: Lock = field(default_factory=Lock)
    _newest: _Follower = field(default_factory=_Follower)
    _before: _Follower = field(default_factory=_Follower)

    def at(self, size: int, today: str) -> Reviewed:
        """The findings in the first ``size`` entries, or in more where more were asked for before, as they stand ``today``.

        Raises as :func:`ledger.store.replay.apply_stored`.
        """
        with self._lock:
            found = self._newest.reviewed(self.store, size)
            if all(found.public(finding, today) for finding in found.findings):
                return found
            before = self._newest.entries_until(_answered_by(found.dossier.books, today))
            return replace(found, before=self._before.reviewed(self.store, before).findings) if before else found

    def proofs(self, finding: Finding) -> Mapping[str, Any]:
        """The proofs of a finding's entries under the root of what was followed so far, and that root."""
        with self._lock:
            return self._newest.proofs(finding)


def unexplained(store: "Store", prefix: int) -> Unexplained:
    """What was asked, public and without an answer at the last of the first ``prefix`` entries; lowered checks ask nothing more.

    It costs a replay and every check. Raises as :func:`ledger.store.replay.apply_stored`.
    """
    day = period.legal_day(store.entry(prefix - 1).time, store.books.offset).isoformat()
    reviewed = Reviewing(store).at(prefix, day)
    lowered = {act.body.check for act in reviewed.dossier.acts(CheckLowered)}
    left = [
        finding
        for finding in reviewed.findings
        if finding.key not in reviewed.answered and finding.code not in lowered and reviewed.public(finding, day)
    ]
    heavy = sum(finding.severity in HEAVY for finding in left)
    return Unexplained(len(left), heavy, VERSION)


def _places(finding: Finding) -> frozenset[tuple[str, str]]:
    return frozenset((cited.record, cited.part) for cited in finding.evidence)


def _answered_by(books: Books, today: str) -> str:
    """The last day whose questions had to be answered before ``today``."""
    day = period.parse_day(today)
    while due_day(books.rules, day).isoformat() >= today:
        day = period.add_days(day, -1)
    return day.isoformat()
