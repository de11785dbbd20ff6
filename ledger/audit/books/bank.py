"""Each month's reconciliation 银行存款余额调节表, with the books' side computed once more from the legs of the vouchers alone.

The table is the statement's own (:mod:`ledger.publication.reconciliation`): a published one's, or of months that no statement has
closed yet the one that the books draw up as they stand. ``booked`` is what the legs come to. It has no part in the table, so
that a table that agrees with it was computed twice by two ways.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.audit.books.journal import Posting, Span


@dataclass(frozen=True, slots=True)
class Month:
    """One account's month. ``table``: as :func:`ledger.publication.reconciliation.reconcile` gives it; ``booked``: fen by the
    vouchers; ``published``: by a statement that stands.
    """

    table: Mapping[str, Any]
    booked: int
    published: bool

    @property
    def sums(self) -> Mapping[str, int]:
        """Fen of the open items by class."""
        found: dict[str, int] = {}
        for item in self.table["items"]:
            found[item["class"]] = found.get(item["class"], 0) + item["amount"]
        return found

    @property
    def agrees(self) -> bool:
        """Whether the vouchers come to what the table says our books hold."""
        sums = self.sums
        return bool(
            self.booked + sums.get("books_received", 0) - sums.get("books_paid", 0) == self.table["books"]
            and self.table["agrees"]
        )


def months(
    found: Sequence[Posting],
    statements: Iterable[Mapping[str, Any]],
    draft: Mapping[str, Any] | None,
    span: Span,
    today: str,
) -> Iterator[Month]:
    """The months of a span that were over before ``today``, by month and account."""
    every = [(statement, True) for statement in statements] + ([(draft, False)] if draft else [])
    for statement, published in every:
        begun = Span(statement["period"]["first"], statement["period"]["last"])
        tables = [t for t in statement["reconciliation"] if span.holds(t["day"]) and t["day"] < today]
        for table in sorted(tables, key=lambda t: (t["month"], t["account"])):
            yield Month(table, _booked(found, table["account"], begun, table["day"]), published)


def _booked(found: Iterable[Posting], account: str, begun: Span, day: str) -> int:
    """What the legs of the funds come to: all booked before the period, and of the period those of days up to ``day``."""
    return sum(
        posting.amount
        for posting in found
        if posting.leg.account == account
        and posting.leg.fund
        and posting.money
        and (posting.before(begun) or (posting.within(begun) and posting.voucher.on <= day))
    )
