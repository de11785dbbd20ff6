"""预算执行: each authority that the owners gave, with what was paid on it; and what was paid by what it rests on.

An authority keeps its cap for its whole time, so that what was paid before the days counts against it, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ledger.accounts.booking import NO_BASIS
from ledger.accounts.facts import Founded, Granted
from ledger.accounts.state import Authority
from ledger.audit.books.journal import Posting, Span
from ledger.audit.checks import Dossier
from ledger.votes.facts import MotionDecided


@dataclass(frozen=True, slots=True)
class Used:
    """An authority: fen paid on it in the days and up to their end, a contra taken off; the motion's title."""

    authority: Authority
    title: str
    entry: int
    within: int
    until: int

    @property
    def left(self) -> int:
        """What of the cap was not paid."""
        return self.authority.cap - self.until


def used(case: Dossier, found: Iterable[Posting], span: Span) -> Iterator[Used]:
    """Every authority in the order in which it was given."""
    titles = {noted.fact.motion: noted.fact.title for noted in case.facts(MotionDecided)}
    within: defaultdict[tuple[str, str], int] = defaultdict(int)
    until: defaultdict[tuple[str, str], int] = defaultdict(int)
    for motion, line, posting in _paid(found):
        if posting.day <= span.last:
            until[motion, line] -= posting.amount
            within[motion, line] -= posting.amount if posting.day >= span.first else 0
    for noted in case.facts(Granted):
        authority = noted.fact.authority
        key = (authority.motion, authority.line)
        yield Used(authority, titles.get(authority.motion, ""), noted.seq, within[key], until[key])


def by_basis(case: Dossier, found: Iterable[Posting], span: Span) -> Mapping[str, tuple[int, int]]:
    """Payments of the days by what they rest on: count and fen; contra entries and what they take back left out. A payment is
    ratified if the owners did so at any time before the log's end.
    """
    every = list(found)
    ratified = {noted.fact.ref for noted in case.facts(Founded) if noted.fact.motion}
    taken_back = {posting.voucher.corrects for posting in every} - {""}
    sums: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for posting in every:
        move, voucher = posting.move, posting.voucher
        if not posting.money or move is None or not move.basis or not posting.within(span):
            continue
        if not voucher.corrects and voucher.record not in taken_back:
            basis = "ratified" if f"{voucher.record}#{move.part}" in ratified else move.basis
            count, amount = sums[basis]
            sums[basis] = count + 1, amount - move.amount
    order = ("motion", "budget", "delegation", "ratified", NO_BASIS)
    return {basis: sums[basis] for basis in order if basis in sums}


def _paid(found: Iterable[Posting]) -> Iterator[tuple[str, str, Posting]]:
    """What moved on an authority: payments, and by the record that they correct the contra entries."""
    of: dict[tuple[str, int], tuple[str, str]] = {}
    for posting in found:
        move, voucher = posting.move, posting.voucher
        if not posting.money or move is None:
            continue
        if move.motion:
            of[voucher.record, move.part] = move.motion, move.line_code
            yield move.motion, move.line_code, posting
        elif (voucher.corrects, move.part) in of:
            yield *of[voucher.corrects, move.part], posting
