"""Every published statement computed again from the entries before its prefix, and compared byte for byte.

``statement.published/1`` names a prefix P, a digest, totals, count and root of the lines. Here the statement is drawn up
from the books at P; its digest must be the one that was signed, and the file beside the log must be those bytes. Its
lines are added up without the books (:mod:`.arithmetic`), and their root is computed a second time where there is a second
opinion. What can be said of the files without the rules says :mod:`.published`.

Between P and the publication no other statement may have been published: it would have closed the period that this one
speaks of. So at most one statement is drawn up for each that was accepted, whatever a hostile log claims.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger import canonical
from ledger.audit.arithmetic import lines_of
from ledger.audit.evidence import Evidence
from ledger.audit.findings import FAULTS, Findings, Place
from ledger.audit.published import note_sums, path_of
from ledger.audit.replay import Replay
from ledger.audit.secondopinion import SecondOpinion
from ledger.audit.tree import Publication, first_difference
from ledger.errors import MingzhangError
from ledger.log.entry import Entry
from ledger.publication.decide import StatementStands
from ledger.publication.state import Published


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statement as it follows from the entries, and its bytes."""

    statement: Mapping[str, Any]
    data: bytes

    @property
    def digest(self) -> str:
        """What must have been signed."""
        return hashlib.sha256(self.data).hexdigest()


Keep = Callable[[Mapping[str, Any]], None]
"""Told of each published statement as it was drawn up, in order."""


class StatementChecks:
    """Draws statements up at their prefixes while entries pass by."""

    def __init__(
        self,
        publications: Sequence[Publication],
        opinion: SecondOpinion,
        findings: Findings,
        evidence: Evidence | None = None,
        keep: Keep | None = None,
        last: Mapping[str, Any] | None = None,
    ) -> None:
        """``publications`` in log order; ``evidence``: where their files lie, if they have any; ``last``: the statement that was
        drawn up before them.

        A statement has a line for each line of its period, so none is held longer than it is needed; ``keep`` may.
        """
        before = [-1, *(publication.seq for publication in publications)]
        self._due = {p.prefix: p.seq for b, p in zip(before, publications, strict=False) if b < p.prefix <= p.seq}
        self._opinion = opinion
        self._findings = findings
        self._drawn: dict[int, Drawn] = {}
        self._evidence = evidence
        self._keep = keep
        self.last = last
        self._differ: list[tuple[Place, int, int]] = []

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

    def compare(self) -> None:
        """The files beside the log: each that is there must have the bytes of the statement that was drawn up."""
        for place, size, own in self._differ:
            self._findings.add("statement.bytes", place, size=size, own_size=own)

    def _compare(self, path: str, own: Drawn) -> None:
        data = self._evidence.find(path) if self._evidence is not None else None
        if data is not None and data != own.data:
            place = Place(path, offset=first_difference(data, own.data))
            self._differ.append((place, len(data), len(own.data)))

    def _published(self, published: Published, body: Mapping[str, Any], where: Place) -> None:
        findings = self._findings
        findings.counts["statements"] += 1
        own = self._drawn.pop(published.seq, None)
        last, self.last = self.last, None if own is None else own.statement
        if own is None:
            if self._due.get(published.prefix) != published.seq:
                findings.add("statement.prefix", where, value=published.prefix)
            return
        if own.digest != published.digest:
            findings.add("statement.drawn", where, value=published.digest, accepted=own.digest)
        findings.counts["lines"] += len(own.statement["lines"])
        if self._keep is not None:
            self._keep(own.statement)
        self._compare(path_of(published.period), own)
        note_sums(findings, path_of(published.period), own.statement, body, last)
        self._opinion.ask("lines", lines_of(own.statement), str(body["root"]), where)
