"""The journal 序时账: the legs of all vouchers in the order of their days, each with the line that it comes from.

The legs of a voucher stand in pairs, that of the money first, one pair a line in the lines' order, then those of money that moved
against suspense alone (:mod:`ledger.accounts.booking`), which have no line; nor has an opening. The voucher that opens the books is no turnover: what
it says was there before the first day.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.accounts.booking import Leg, Line, Movement, VoucherBooked
from ledger.audit.checks import Dossier

OPENING: Final = "books.opened/1"
INPUTS: Final = (VoucherBooked, Line)
"""What a dossier must have gathered."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included, ISO."""

    first: str
    last: str

    def holds(self, day: str) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last

    @property
    def months(self) -> tuple[str, ...]:
        """Its months, ``2019-01``.

        >>> Span("2018-11-20", "2019-01-05").months
        ('2018-11', '2018-12', '2019-01')
        """
        found, month = [], self.first[:7]
        while month <= self.last[:7]:
            found.append(month)
            year, number = divmod(int(month[:4]) * 12 + int(month[5:7]), 12)
            month = f"{year:04}-{number + 1:02}"
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg of a voucher; ``move``: what its line says, None for an opening or money in suspense. ``money``: the leg of its
    pair where the money stands, on the account or in suspense; ``papers``: how many the whole voucher rests on.
    """

    voucher: VoucherBooked
    leg: Leg
    move: Movement | None
    money: bool
    papers: int

    @property
    def day(self) -> str:
        """The day booked."""
        return self.voucher.booked

    @property
    def amount(self) -> int:
        """Fen, debit positive."""
        return self.leg.debit - self.leg.credit

    @property
    def opens(self) -> bool:
        """Whether this is what was there before the books began."""
        return self.voucher.kind == OPENING

    def before(self, span: Span) -> bool:
        """Whether it makes the opening balance of a span."""
        return self.day < span.first or (self.opens and self.day <= span.last)

    def within(self, span: Span) -> bool:
        """Whether it is turnover of a span."""
        return span.holds(self.day) and not self.opens


def postings(case: Dossier) -> tuple[Posting, ...]:
    """All legs, by day booked, then as the log has them."""
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for noted in case.facts(Line):
        lines[noted.fact.voucher].append(noted.fact)
    vouchers = sorted((noted.fact for noted in case.facts(VoucherBooked)), key=lambda v: (v.booked, v.entry, v.number))
    return tuple(posting for voucher in vouchers for posting in _of(voucher, lines[voucher.number]))


def vouchers(found: Iterable[Posting]) -> dict[str, list[Posting]]:
    """The legs by voucher number, in their order."""
    by_number: dict[str, list[Posting]] = {}
    for posting in found:
        by_number.setdefault(posting.voucher.number, []).append(posting)
    return by_number


def _of(voucher: VoucherBooked, lines: Sequence[Line]) -> Iterable[Posting]:
    papers = len({line.move.document for line in lines} - {""})
    for number, leg in enumerate(voucher.legs):
        line = lines[number // 2] if number // 2 < len(lines) else None
        yield Posting(voucher, leg, line.move if line else None, not number % 2, papers)
