"""Drawing up an audit report from a published ledger, and finding who signed it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger import canonical
from ledger.audit.checks import Noted
from ledger.audit.reports import INPUTS, report_of
from ledger.audit.review import Review, review
from ledger.audit.tree import Progress
from ledger.audit.trust import Trust
from ledger.log.source import Source
from ledger.publication.audited import AuditSort, Reported


@dataclass(frozen=True, slots=True)
class Drawn:
    """A report as drawn up, the review that it rests on, and who signed it, if somebody did."""

    review: Review
    report: Mapping[str, Any]
    signed: Noted[Reported] | None
    others: tuple[Noted[Reported], ...] = ()
    """Signed as reports of this sort over these days and entries, with another digest: by other versions, or not what these entries give."""

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
