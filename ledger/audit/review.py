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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.audit import checks as asked
from ledger.audit.checks import Check, Gathering, Noted
from ledger.audit.findings import Report
from ledger.audit.following import SAID, Concluded, Followed
from ledger.audit.replay import Replay
from ledger.audit.reported import GATHERED
from ledger.audit.tree import Progress
from ledger.audit.trust import Trust
from ledger.audit.verify import verify
from ledger.log.source import Source
from ledger.publication.audited import Reported


@dataclass(frozen=True, slots=True)
class Review(Concluded):
    """What was verified, what was found, and the report as it is written."""

    verification: Report
    replay: Replay
    """Where the replay stood at the end."""
    statements: tuple[Mapping[str, Any], ...]
    """The published statements, each as it was drawn up here, where they were asked for."""
    followed: Followed
    """All that was gathered on the way, and where the verification stood at its end."""
    reported: tuple[Noted[Reported], ...] = ()
    """The audit reports that somebody signed, also behind the prefix."""


def review(
    source: Source,
    trust: Trust | None = None,
    progress: Progress | None = None,
    *,
    bundle: bool = True,
    checks: Sequence[Check] = asked.CHECKS,
    also: Iterable[type] = (),
    prefix: int | None = None,
    statements: bool = False,
    begun: Followed | None = None,
) -> Review:
    """Verify a published ledger and ask every check of it. Raises ``review.nothing`` where no entry could be applied.

    ``also``: bodies and facts that the reader wants in the dossier beside what the checks ask for. ``prefix``: only the first so
    many entries are reviewed, though all are verified. ``statements``: they are wanted too. Where the replay had to stop, the
    review speaks of the entries before; the verification says where and why. ``begun``: what an earlier review of this very log
    with the same checks and inputs gathered (:mod:`.resuming`); this one goes on there, gives the same as a whole one, and
    raises as :meth:`.Standing.check` where it is another log.
    """
    if begun is not None and prefix is not None:
        raise AssertionError("review: what was gathered before is of all entries, and cannot be cut to a prefix")
    inputs = gathered(also, checks)
    followed = begun or Followed(Gathering(inputs), prefix)
    verification = verify(
        source,
        trust,
        progress,
        bundle=bundle,
        follow=followed.add,
        ended=followed.end,
        statements=statements,
        begun=None if begun is None else begun.standing,
        shared=followed if prefix is None and inputs >= GATHERED else None,
    )
    return concluded(verification, followed, checks, progress)


def gathered(also: Iterable[type] = (), checks: Sequence[Check] = asked.CHECKS) -> frozenset[type]:
    """The bodies and facts that a review gathers: for the checks, for what was said of them, and what its reader wants too."""
    return asked.inputs_of(checks) | SAID | frozenset(also)


def concluded(
    verification: Report,
    followed: Followed,
    checks: Sequence[Check] = asked.CHECKS,
    progress: Progress | None = None,
) -> Review:
    """The review of what was followed. Raises ``review.nothing``."""
    made = followed.conclude(checks, progress)
    found = (made.dossier, made.findings, made.report, made.leaves)
    return Review(*found, verification, followed.replay, followed.statements, followed, tuple(followed.reported))
