"""What may be told beside a record in plain words: the records that it names, with as much of their private texts as the
reader may see, and what codes of the ledger stand for (:class:`ledger.paper.plain.Known`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger import words
from ledger.errors import MingzhangError
from ledger.log.entry import Opening, Record
from ledger.store.past import DatabasePast
from ledger.store.private import EVERYBODY

if TYPE_CHECKING:
    from ledger.store.store import Store


@dataclass(frozen=True)
class Known:
    """A ledger at hand, for a reader of these audiences."""

    store: "Store"
    locale: str
    audiences: Collection[str] = EVERYBODY

    def record(self, digest: str) -> tuple[int, Record, Sequence[Opening]] | None:
        """The record of a digest, if it stands here."""
        try:
            seq = self.store.seq_of(digest)
        except MingzhangError:
            return None
        return seq, self.store.entry(seq).record, self.store.openings(digest, self.audiences)

    def title(self, field: str, code: str) -> str:
        """Titles of accounts, parties and categories."""
        accounts = self.store.books.accounts
        match field:
            case "account" | "into" | "box" if code in accounts.accounts:
                return accounts.account(code).title
            case "party" | "cost_party":
                return self._party(code)
            case "category" | "categories" if code in accounts.chart.categories:
                named = accounts.chart.categories[code]
                return named.zh if self.locale == words.CHINESE else named.en
        return ""

    def _party(self, code: str) -> str:
        with self.store.reading() as reader:
            seq = DatabasePast(reader.rows, self.store.books.head.size).used("party", code)
        return "" if seq is None else str(self.store.entry(seq).record.body.get("title", ""))
