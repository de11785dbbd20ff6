"""The journal: what the entries of a ledger said, as far as statements still to come print it, gathered while they are applied.

Whoever applies entries (the server, a verifier, the example) hands each entry with its facts to :meth:`Journal.add`; a
statement is then a function of the state at its prefix and of this journal. Nothing is decided here.

It does not grow with the ledger's age. When a statement closes its period, what lies behind is folded: of each account the
bank's last balance, of each row what is left of it in suspense, what is still awaited. Lines of closed periods leave, for a
line's contra is never booked before the line itself. What a later line may name for the first time stays: documents,
contracts and parties (the fields that are printed), passed motions, correction notices; and of a row that left suspense the
day on which it first came there, should a contra put it back.

A rejected bank file is taken out of the bank's balances for all days; of each of its rows it stays known until when the books
counted it, as long as that is a day of an open period.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.accounts import facts as money
from ledger.accounts.booking import Line
from ledger.accounts.periods import Closed
from ledger.log.entry import Entry
from ledger.period import Period
from ledger.publication.decide import Corrected
from ledger.publication.questions import Questions
from ledger.votes.facts import MotionDecided

OF_DOCUMENT: Final = ("kind", "number_printed", "dated", "subject")
OF_CONTRACT: Final = (
    "code",
    "direction",
    "object",
    "party",
    "start",
    "end",
    "start_printed",
    "end_printed",
    "term_printed",
    "deposit_printed",
    "expected",
)
OF_PARTY: Final = ("code", "nature", "title")
"""The fields of their bodies that a statement prints."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Fen that went into the suspense of a row or out of it on a day, the day on which that was booked, the record that did
    it, and the paper it went on, if any.
    """

    on: str
    booked: str
    amount: int
    by: str
    document: str = ""


@dataclass(slots=True)
class Held:
    """The suspense of one bank row: what is left of folded movements, and those that came since, in log order.

    ``since``: the day of the first folded one; empty where none is.
    """

    account: str
    since: str = ""
    amount: int = 0
    moves: list[Moved] = field(default_factory=list)

    def at(self, end: str) -> tuple[str, int]:
        """The day on which it first came into suspense, and the fen left, signed like the row, at the end of a day."""
        since, amount = self.since, self.amount
        for move in self.moves:
            if move.on <= end:
                since, amount = since or move.on, amount + move.amount
        return since, amount

    def fold(self, until: str) -> None:
        """Take together what nobody asks for singly any more."""
        while self.moves and self.moves[0].booked <= until:
            move = self.moves.pop(0)
            self.since, self.amount = self.since or move.on, self.amount + move.amount


@dataclass(slots=True)
class Bank:
    """What the bank's rows say that an account holds: ``balance`` before those rows, each a day and signed fen in log order."""

    balance: int
    rows: list[tuple[str, int]] = field(default_factory=list)

    def at(self, end: str) -> int:
        """The balance at the end of a day of an open period."""
        return self.balance + sum(amount for on, amount in self.rows if on <= end)

    def fold(self, until: str) -> None:
        """Take together the rows that nobody asks for singly any more."""
        self.balance, self.rows = self.at(until), [row for row in self.rows if row[0] > until]


@dataclass(slots=True)
class Waiting:
    """A recorded deposit (positive) or an instructed payment (negative); ``came``: the day of its bank row, or empty."""

    account: str
    on: str
    amount: int
    came: str = ""


@dataclass
class Journal:
    """What is open, and what happened since the last period that was closed."""

    size: int = 0
    time: int = 0
    lines: dict[str, list[Line]] = field(default_factory=dict)
    """Open period -> its lines in log order."""
    banks: dict[str, Bank] = field(default_factory=dict)
    """Account -> what its bank's rows say, from the first of them on."""
    suspense: dict[str, Held] = field(default_factory=dict)
    """Bank row -> what of it is or was in suspense."""
    rejected: list[money.FileRejected] = field(default_factory=list)
    taken_out: list[money.RowTakenOut] = field(default_factory=list)
    """Rows of rejected files that the books counted for some days."""
    awaited: dict[str, Waiting] = field(default_factory=dict)
    founded: dict[str, str] = field(default_factory=dict)
    """Payment without authority -> the motion that ratified it; empty where it was taken back."""
    motions: dict[str, MotionDecided] = field(default_factory=dict)
    corrections: list[Corrected] = field(default_factory=list)
    objections: Questions = field(default_factory=Questions)
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    contracts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    parties: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _left: dict[str, str] = field(default_factory=dict)
    """Bank row that left suspense -> the day on which it first came there."""
    _open_from: str = ""
    """The first day that no statement has closed; empty before the first statement."""

    def add(self, entry: Entry, facts: Iterable[object]) -> None:
        """Take in one applied entry with the facts that followed."""
        self.size, self.time = entry.seq + 1, entry.time
        record = entry.record
        if record.kind == "document.entered/1":
            self.documents[record.digest] = _printed(record.body, OF_DOCUMENT)
        elif record.kind == "contract.entered/1":
            self.contracts[record.body["code"]] = _printed(record.body, OF_CONTRACT)
        elif record.kind == "party.entered/1":
            self.parties[record.body["code"]] = _printed(record.body, OF_PARTY)
        for fact in facts:
            self._take(fact)
            self.objections.take(fact, self.size)

    def taken_back(self) -> set[str]:
        """The records whose lines were contra'd in open periods."""
        return {line.corrects for lines in self.lines.values() for line in lines if line.corrects}

    def suspense_moved(self, first: str, last: str) -> Iterator[tuple[str, str, Moved]]:
        """What was booked as moved in suspense from one day to another, both in open periods: row, account, movement."""
        for row, held in self.suspense.items():
            for move in held.moves:
                if first <= move.booked <= last:
                    yield row, held.account, move

    def _take(self, fact: object) -> None:
        match fact:
            case Line():
                self.lines.setdefault(fact.period, []).append(fact)
            case money.BankMoved():
                bank = self.banks.setdefault(fact.account, Bank(fact.balance - fact.amount))
                bank.rows.append((fact.on, fact.amount))
                if fact.open:
                    self._suspend(fact.row, fact.account, fact.on, fact.open, fact.row)
            case money.SuspenseMoved():
                self._suspend(fact.row, fact.account, fact.on, fact.amount, fact.by, fact.document)
            case money.FileRejected():
                self.rejected.append(fact)
            case money.RowTakenOut():
                self.banks[fact.account].rows.append((fact.on, -fact.amount))
                self._suspend(fact.row, fact.account, fact.until, -fact.amount, fact.by)
                if fact.on < fact.until:
                    self.taken_out.append(fact)
            case money.Awaited():
                # Awaited once more where a contra took its arrival back.
                self.awaited[fact.ref] = Waiting(fact.account, fact.on, fact.amount)
            case money.Arrived(on=""):
                self.awaited.pop(fact.ref, None)
            case money.Arrived():
                self.awaited[fact.ref].came = fact.on
            case money.Founded():
                self.founded[fact.ref] = fact.motion
            case MotionDecided(passed=True):
                self.motions[fact.motion] = fact
            case Corrected():
                self.corrections.append(fact)
            case Closed():
                self._close(fact.period)
            case _:
                pass

    def _suspend(self, row: str, account: str, on: str, amount: int, by: str, document: str = "") -> None:
        held = self.suspense.get(row)
        if held is None:
            held = self.suspense[row] = Held(account, self._left.pop(row, ""))
        # As :func:`ledger.accounts.booking.booking_day` has it: what comes too late for its own statement stands in the next.
        held.moves.append(Moved(on, max(on, self._open_from), amount, by, document))

    def _close(self, period: str) -> None:
        closed = Period.parse(period)
        until, self._open_from = closed.last.isoformat(), closed.next().first.isoformat()
        self.lines.pop(period, None)
        for bank in self.banks.values():
            bank.fold(until)
        self.rejected = [file for file in self.rejected if file.on > until]
        self.taken_out = [row for row in self.taken_out if row.until > until]
        for row, held in list(self.suspense.items()):
            held.fold(until)
            if not held.moves and not held.amount:
                self._left[row] = held.since
                del self.suspense[row]
        self.awaited = {ref: one for ref, one in self.awaited.items() if not one.came or one.came > until}
        payments = {f"{line.record}#{line.move.part}" for lines in self.lines.values() for line in lines}
        self.founded = {ref: motion for ref, motion in self.founded.items() if ref in payments}


def _printed(body: Mapping[str, Any], fields: tuple[str, ...]) -> Mapping[str, Any]:
    return {name: body[name] for name in fields if name in body}
