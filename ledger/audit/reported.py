"""Every audit report that somebody signed, drawn up again from the entries before its prefix, and its digest compared.

``audit.reported/1`` names a sort, days, a prefix, the digest of the report, and the versions of the checks and of the form that it
was drawn up with. Who has the same versions has the same report to the byte, so another digest is a report that these
entries do not give. By other versions nothing can be said of it here: the program that made it draws it up again.

Asking every check costs about as much as a replay, so no more than :data:`MOST` reports are drawn up again, the newest; of the
others it is said that they were not. Where there is nothing to draw up, nothing is gathered.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from ledger.audit.checks import CHECKS, VERSION, Gathering, inputs_of
from ledger.audit.findings import FAULTS, Findings, Place
from ledger.audit.following import SAID, Followed
from ledger.audit.reports import FORM, INPUTS, digest_of, report_of
from ledger.audit.tree import AUDIT, Claimed
from ledger.books import Books
from ledger.errors import Malformed, MingzhangError
from ledger.log.act import read_body
from ledger.log.entry import Entry
from ledger.publication.audited import AuditReported, AuditSort, Reported

MOST: Final = 100
"""Reports of the same versions that are drawn up again: more than the years between two versions bring."""


GATHERED: Final = inputs_of(CHECKS) | SAID | INPUTS
"""What has to be gathered for them."""


class _Report(NamedTuple):
    """Which report: with the versions at hand it has one digest."""

    prefix: int
    sort: AuditSort
    start: str
    until: str


class ReportChecks:
    """Draws reports up at their prefixes while entries pass by."""

    def __init__(
        self, claims: Sequence[Claimed], findings: Findings, most: int = MOST, *, shared: Followed | None = None
    ) -> None:
        """``claims`` in log order, as the first pass found them; ``shared``: what another gathers while entries pass by, and
        takes in each right before :meth:`after`.
        """
        self._findings = findings
        self._due: dict[int, dict[_Report, int]] = {}
        wanted = {report: seq for report, seq in map(_readable, claims) if report is not None}
        for report, seq in list(wanted.items())[-most:]:
            self._due.setdefault(report.prefix, {})[report] = seq
        self._drawn: dict[_Report, str] = {}
        self._failed: set[_Report] = set()
        self._shared = shared is not None
        self._followed = (shared or Followed(Gathering(GATHERED))) if self._due else None

    def before(self, books: Books) -> None:
        """The books before the next entry: draw up the reports that have their prefix here."""
        due = self._due.pop(books.head.size, {})
        if due and self._followed is not None:
            self._draw(self._followed, due)
        if not self._due:
            self._followed = None

    def after(self, books: Books, entry: Entry, facts: tuple[object, ...], where: Place) -> None:
        """An entry that was applied: a report signed by it must be the one drawn up."""
        if self._followed is not None and not self._shared:
            self._followed.add(books, entry, facts)
        for fact in facts:
            if isinstance(fact, Reported):
                self._compare(fact, where)

    def _draw(self, followed: Followed, due: dict[_Report, int]) -> None:
        try:
            found = followed.conclude()
            for report in due:
                written = report_of(found, report.sort, report.start, report.until)
                self._drawn[report] = digest_of(written)
        except (MingzhangError, *FAULTS) as error:
            self._failed |= due.keys()
            self._findings.fail(Place(entry=min(due.values())), error)

    def _compare(self, said: Reported, where: Place) -> None:
        if (said.checks, said.form) != (VERSION, FORM):
            met = {"checks": said.checks, "form": said.form, "number": said.number}
            self._findings.add("audit.other_version", where, **met, accepted=f"checks {VERSION}, form {FORM}")
            return
        report = _Report(said.prefix, said.sort, said.start, said.until)
        own = self._drawn.get(report)
        self._findings.counts["audits"] += 1
        if own is None:
            if report not in self._failed:
                self._findings.add("audit.too_many", where, number=said.number)
        elif own != said.report:
            self._findings.add("audit.differs", where, value=said.report, accepted=own, number=said.number)


def _readable(claim: Claimed) -> tuple[_Report | None, int]:
    """Which report is claimed, if it is one of these versions; what is wrong with the entry itself the replay says."""
    try:
        body = read_body(AuditReported, claim.body, AUDIT)
    except Malformed:
        return None, claim.seq
    same = (body.checks, body.form) == (VERSION, FORM)
    return _Report(body.prefix, body.sort, body.start, body.until) if same else None, claim.seq
