"""Drawing up an audit report from a published ledger, and finding who signed it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger import canonical
from ledger.audit.checks import Noted
from ledger.audit.reports import INPUTS, digest_of, report_of
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
        return digest_of(self.report)


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
    return drawn_from(review(source, trust, progress, bundle=bundle, also=INPUTS, prefix=prefix), sort, start, until)


def drawn_from(made: Review, sort: AuditSort, start: str, until: str) -> Drawn:
    """The report of a review that gathered :data:`~ledger.audit.reports.INPUTS`. Raises ``audit.days``, ``period.…``."""
    report = report_of(made, sort, start, until)
    return Drawn(made, report, *who_signed(report, made.reported))


def who_signed(
    report: Mapping[str, Any], reported: Iterable[Noted[Reported]]
) -> tuple[Noted[Reported] | None, tuple[Noted[Reported], ...]]:
    """Who signed this report first, and who signed one of the same sort over the same days and entries with another digest."""
    about, digest = (report["sort"], report["start"], report["until"], report["size"]), digest_of(report)
    signed = [n for n in reported if (n.fact.sort, n.fact.start, n.fact.until, n.fact.prefix) == about]
    same = (noted for noted in signed if noted.fact.report == digest)
    return next(same, None), tuple(noted for noted in signed if noted.fact.report != digest)
