"""Every published statement computed again from the entries before its prefix, and compared byte for byte.

``statement.published/1`` names a prefix P, a digest, totals, count and root of the lines. Here the statement is drawn up
from the books at P; its digest must be the one that was signed, and the file beside the log must be those bytes. Its
lines are added up without the books (:mod:`.arithmetic`), and their root is computed a second time where there is a second
opinion. Only ``.json`` is evidence; pages and prints beside it are not read.

Between P and the publication no other statement may have been published: it would have closed the period that this one
speaks of. So at most one statement is drawn up for each that was accepted, whatever a hostile log claims.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger import canonical
from ledger.audit.arithmetic import Difference, check_carried, check_published, check_sums, lines_of, parse_statement
from ledger.audit.evidence import Evidence
from ledger.audit.findings import FAULTS, Findings, Place
from ledger.audit.replay import Replay
from ledger.audit.secondopinion import SecondOpinion
from ledger.audit.tree import Publication, first_difference
from ledger.errors import MingzhangError
from ledger.log.entry import Entry
from ledger.publication.decide import StatementStands
from ledger.publication.state import Published

FOLDER: Final = "statements/"
SUFFIX: Final = ".json"


def path_of(period: str) -> str:
    """Where a bundle keeps the statement of a period."""
    return f"{FOLDER}{period}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statement as it follows from the entries, and its bytes."""

    statement: Mapping[str, Any]
    data: bytes

    @property
    def digest(self) -> str:
        """What must have been signed."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A published statement: what its record says, and the statement as it follows from the entries."""

    published: Published
    body: Mapping[str, Any]
    where: Place
    own: Drawn | None


class StatementChecks:
    """Draws statements up at their prefixes while entries pass by."""

    def __init__(
        self,
        publications: Sequence[Publication],
        opinion: SecondOpinion,
        findings: Findings,
    ) -> None:
        """``publications`` in log order."""
        before = [-1, *(publication.seq for publication in publications)]
        self._due = {p.prefix: p.seq for b, p in zip(before, publications, strict=False) if b < p.prefix <= p.seq}
        self._opinion = opinion
        self._findings = findings
        self._drawn: dict[int, Drawn] = {}
        self.recomputed: list[Recomputed] = []

    def before(self, replay: Replay) -> None:
        """The books before the next entry: draw up the statement that has its prefix here."""
        seq = self._due.get(replay.books.head.size)
        if seq is None:
            return
        try:
            statement = replay.draw_up()
            self._drawn[seq] = Drawn(statement, canonical.encode(statement))
        except MingzhangError as error:
            self._findings.refuse("statement.undrawable", Place(entry=seq), error)
        except FAULTS as error:
            self._findings.fail(Place(entry=seq), error)

    def after(self, entry: Entry, facts: Iterable[object], where: Place) -> None:
        """An entry that was applied: a statement published by it must be the one drawn up."""
        for fact in facts:
            if isinstance(fact, StatementStands):
                self._published(fact.statement, entry.record.body, where)

    def compare(self, evidence: Evidence, *, whole: bool) -> None:
        """The files beside the log: each statement's bytes, none missing, none foreign.

        ``whole``: all entries were applied; else a statement that is not known here may be one published further on.
        """
        known = {path_of(r.published.period): r for r in self.recomputed}
        for name in evidence.names() if whole else ():
            if name.startswith(FOLDER) and name.endswith(SUFFIX) and name not in known:
                self._findings.add("statement.foreign", Place(name))
        for path, recomputed in known.items():
            data, own = evidence.find(path), recomputed.own
            if data is None:
                self._findings.add("statement.missing", Place(path, entry=recomputed.published.seq))
            elif own is None:
                self._add_up(path, data, recomputed)
            elif data != own.data:
                place = Place(path, offset=first_difference(data, own.data))
                self._findings.add("statement.bytes", place, size=len(data), own_size=len(own.data))

    def _published(self, published: Published, body: Mapping[str, Any], where: Place) -> None:
        findings = self._findings
        findings.counts["statements"] += 1
        own = self._drawn.pop(published.seq, None)
        recomputed = Recomputed(published, body, where, own)
        last = self.recomputed[-1].own if self.recomputed else None
        self.recomputed.append(recomputed)
        if own is None:
            if self._due.get(published.prefix) != published.seq:
                findings.add("statement.prefix", where, value=published.prefix)
            return
        if own.digest != published.digest:
            findings.add("statement.digest", where, value=published.digest, accepted=own.digest)
        findings.counts["lines"] += len(own.statement["lines"])
        note_sums(findings, path_of(published.period), own.statement, body, last.statement if last else None)
        self._opinion.ask("lines", lines_of(own.statement), str(body["root"]), where)

    def _add_up(self, path: str, data: bytes, recomputed: Recomputed) -> None:
        """A statement that could not be drawn up is at least added up as it lies there."""
        try:
            note_sums(self._findings, path, parse_statement(data), recomputed.body)
        except MingzhangError as error:
            self._findings.refuse("statement.malformed", Place(path), error)


def note_sums(
    findings: Findings,
    path: str,
    statement: Mapping[str, Any],
    body: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> None:
    """Add a statement up; compare it with the record that published it, and with the statement before it."""
    try:
        found: list[Difference] = check_sums(statement)
        found += check_published(statement, body) if body is not None else []
        found += check_carried(statement, before) if before is not None else []
    except (MingzhangError, *FAULTS) as error:
        findings.add("statement.malformed", Place(path), error=type(error).__name__, value=str(error))
        return
    for difference in found:
        code = "statement.root" if difference.field == "lines_root" else "statement.sum"
        findings.add(code, Place(path, field=difference.field), value=difference.said, accepted=difference.own)


__all__ = ["Recomputed", "StatementChecks", "note_sums", "path_of"]
