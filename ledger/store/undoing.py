"""Undoing 冲销: the records that take back what was said, on a kept ledger. Nothing is changed or deleted by them.

A payment, a receipt, what a row was said to be: one contra. A bank file that nobody confirmed: the contras of everything
that its rows were said to be, then its rejection, as one batch (:mod:`ledger.accounts.rejection`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.accounts import rejection
from ledger.accounts.state import Import
from ledger.errors import Refused
from ledger.store.past import DatabasePast

if TYPE_CHECKING:
    from ledger.store.store import Store

Act = tuple[str, dict[str, Any]]
"""A kind and a body."""
UNDOABLE: Final = frozenset({"deposit.recorded/1", "cash.paid/1", "bank.row/1", "suspense.cleared/1"})
"""Kinds that a contra may correct (:mod:`ledger.accounts.contra`)."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """What takes a file back: contras, the newest first, then the rejection."""

    file: Import
    acts: tuple[Act, ...]

    @property
    def contras(self) -> int:
        """How many of the acts are contras."""
        return len(self.acts) - 1


def contra(store: "Store", digest: str, reason: str, on: str = "") -> Act:
    """The contra of a record; ``on``: its day, else the one for which it may be taken back.

    Raises ``record.unknown``, and ``contra.kind`` for a record that booked nothing.
    """
    record = store.entry(store.seq_of(digest)).record
    if record.kind not in UNDOABLE:
        raise Refused("contra.kind", record.kind, "deposit.recorded, cash.paid, bank.row, suspense.cleared")
    return "contra.recorded/1", {"corrects": digest, "on": on or _day(store, record.body), "reason": reason}


def reject(store: "Store", file: str, reason: str, on: str = "") -> Rejection:
    """What takes back a bank file (its import's record). Raises ``bank.no_file_to_reject``, ``bank.not_newest``."""
    size = store.books.head.size
    wrong = rejection.rejectable(store.books.accounts, file)
    with store.reading() as reader:
        said = rejection.still_said(DatabasePast(reader.rows, size), wrong.digest, size)
    acts = [contra(store, digest, reason, on) for digest in said]
    return Rejection(wrong, (*acts, ("bank.rejected/1", {"file": wrong.digest, "reason": reason})))


def _day(store: "Store", body: Mapping[str, Any]) -> str:
    """The day for which a record is taken back: its own, but none before the last count of a box that it moved."""
    accounts = store.books.accounts
    days = [str(body["on"])]
    boxes = [body.get("account"), *(part.get("box") for part in body.get("parts", ()))]
    for part in body.get("parts", ()):
        if "#" in part.get("settles", ""):
            application = part["settles"].partition("#")[0]
            boxes.append(store.entry(store.seq_of(application)).record.body.get("into"))
    days += [accounts.account(box).counted_on for box in boxes if box in accounts.accounts]
    return max(days)
