"""Where the second pass of a verification stands between two entries: all that it must know to go on from there.

A verification that goes on reads every byte again (hashing them is quick) and asks first whether the log still begins with
the very entries that the pass has behind it: the leaf hashes say so, or the run ends with the first entry that is another.
The entries behind it are then neither parsed nor applied nor are their signatures checked again; all that the pass found out
about them stands here. It is only ever taken over from a run in which nothing was wrong.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.audit.chain import Chain
from ledger.audit.findings import Finding, Findings
from ledger.audit.published import Said
from ledger.audit.replay import Replay
from ledger.audit.secondopinion import SecondOpinion
from ledger.audit.signed import Keys
from ledger.audit.tree import Leaves
from ledger.errors import Refused
from ledger.log.packed import Hashes


@dataclass(slots=True)
class Standing:
    """The parts of a pass after ``size`` entries. What each of them notes goes into ``findings``."""

    findings: Findings
    replay: Replay
    chain: Chain
    said: Said
    keys: Keys
    opinion: SecondOpinion
    leaves: Hashes = field(default_factory=Hashes)
    """The leaf hashes of the entries behind it."""
    statement: Mapping[str, Any] | None = None
    """The last published statement as it was drawn up: the next one carries it on."""
    notices: tuple[Finding, ...] = ()
    """What was worth knowing of the entries behind it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    files: bool = False
    """Whether the files beside the log were checked too."""

    @property
    def size(self) -> int:
        """How many entries are behind it."""
        return self.replay.books.head.size

    def check(self, leaves: Leaves) -> None:
        """Whether a log still begins with these entries, and what is drawn up in it is drawn up from here on.

        Raises Refused ``audit.shorter`` (it has fewer entries, or not all of them can be read), ``audit.forked`` (another
        entry stands in a place), ``audit.drawn_before`` (a statement or a signed audit report of later says what the books
        were before).
        """
        if len(leaves.hashes) < self.size:
            raise Refused("audit.shorter", len(leaves.hashes), self.size)
        forked = leaves.hashes.departs(self.leaves)
        if forked is not None:
            raise Refused("audit.forked", leaves.hashes[forked].hex(), self.leaves[forked].hex(), entry=forked)
        for seq, prefix in self._drawn(leaves):
            if prefix < self.size <= seq:
                raise Refused("audit.drawn_before", prefix, self.size, entry=seq)

    @staticmethod
    def _drawn(leaves: Leaves) -> Iterator[tuple[int, int]]:
        for publication in leaves.publications:
            yield publication.seq, publication.prefix
        for claim in leaves.audits:
            prefix = claim.body.get("prefix")
            if type(prefix) is int:
                yield claim.seq, prefix
