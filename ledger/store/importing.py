"""Taking a bank file into a kept ledger: what of it is new, what each row most likely is, the records that one signature
covers, and the second person's confirmation.

Nothing is written here. The rows are proposed (:mod:`ledger.exchange.matching`), looked at and changed by the treasurer,
drafted with the file's own record at their head, and handed in like any other batch.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ledger.accounts.bank import place
from ledger.books import KINDS
from ledger.errors import NotFound, Refused
from ledger.exchange import matching, taking
from ledger.exchange.bank import BankFile, JoinedFile
from ledger.exchange.matching import Match
from ledger.log.act import read_body
from ledger.log.entry import Opening, Record
from ledger.money import parse_yuan
from ledger.people import drafting
from ledger.period import parse_day
from ledger.store.past import DatabasePast

if TYPE_CHECKING:
    from ledger.store.store import Store

Parts = Sequence[Mapping[str, Any]]
"""What a row is said to be: bodies of :class:`ledger.accounts.records.Part`."""
Draft = tuple[Record, tuple[Opening, ...]]
"""An unsigned record with what opens its commitments."""


@dataclass(frozen=True, slots=True)
class Look:
    """A file beside an account: its new rows, each with what is proposed; the record that would begin it."""

    account: str
    joined: JoinedFile
    matches: tuple[Match, ...]
    file: taking.Drafted

    @property
    def start(self) -> str:
        """The first day that the file would cover."""
        return str(self.file[1]["start"])

    @property
    def end(self) -> str:
        """The last day that it would cover."""
        return str(self.file[1]["end"])

    def acts(self, of: object) -> list[taking.Drafted]:
        """The file's act and its rows', which name it by ``of``: its digest, or what stands for it until it has one."""
        rows = (taking.row_act("", match.row, match.parts) for match in self.matches)
        return [self.file, *((kind, body | {"file": of}, private) for kind, body, private in rows)]

    @property
    def received(self) -> int:
        """Fen that its new rows bring."""
        return sum(row.amount for row in self.joined.fresh if row.amount > 0)

    @property
    def paid(self) -> int:
        """Fen that they cost, positive."""
        return -sum(row.amount for row in self.joined.fresh if row.amount < 0)

    def planned(self, rows: Mapping[int, Parts]) -> "Look":
        """With what somebody decided instead of what was proposed; every new row once, by its number in the file.

        Raises ``bank.plan_rows``.
        """
        missing = {match.row.row for match in self.matches} ^ set(rows)
        if missing:
            raise Refused("bank.plan_rows", sorted(missing), "each new row of the file once")
        return replace(self, matches=tuple(_as_planned(match, rows[match.row.row]) for match in self.matches))


def look(store: "Store", code: str, file: BankFile, start: str = "", end: str = "") -> Look:
    """What of a file is new to an account, and what it most likely is. ``start``, ``end``: the days it covers where it does
    not print them itself.

    Raises ``account.unknown``, ``bank.does_not_join``, ``bank.no_days``, ``period.day``.
    """
    accounts = store.books.accounts
    account = accounts.account(code)
    with store.reading() as reader:
        past = DatabasePast(reader.rows, store.books.head.size)
        joined = taking.fresh(account, file, lambda name: place(past, "bank_row", name)[1])
    begins = taking.file_act(account, joined, parse_day(start) if start else None, parse_day(end) if end else None)
    contracts, parties = (_bodies(store, kind) for kind in ("contract", "party"))
    titles, promised = matching.titles(parties), matching.promises(contracts)
    return Look(code, joined, matching.match(accounts, code, joined.fresh, titles, promised), begins)


def records(store: "Store", seen: Look, at: int) -> list[Draft]:
    """The file's record and its rows', as they are to be signed at ``at``. Raises ``record.body`` for parts that are none."""
    begun = _draft(store, seen.file, at)
    return [begun, *(_draft(store, act, at) for act in seen.acts(begun[0].digest)[1:])]


def confirmation(store: "Store", file: str, closing: str) -> dict[str, Any]:
    """The body by which a second person confirms a file: ``closing`` (yuan) is the balance that he saw at the bank.

    Raises ``bank.no_file_to_confirm``, ``money.…``.
    """
    imports = store.books.accounts.imports
    taken = imports.get(file)
    if taken is None:
        raise NotFound("bank.no_file_to_confirm", file, sorted(imports))
    return {"file": file, "count": taken.count, "root": taken.range.root().hex(), "closing": parse_yuan(closing)}


def _draft(store: "Store", act: taking.Drafted, at: int) -> Draft:
    kind, body, private = act
    record, openings = drafting.draft_sealed(store.books.ledger, kind, body, private, at)
    read_body(KINDS[kind].model, record.body, kind)
    return record, openings


def _as_planned(match: Match, parts: Parts) -> Match:
    """What is shown is what is signed: where a plan says otherwise than we proposed, the plan."""
    return match if list(match.parts) == list(parts) else replace(match, parts=tuple(parts), reason="plan")


def _bodies(store: "Store", kind: str) -> Iterable[Mapping[str, Any]]:
    return [entry.record.body for entry in store.using(kind)]
