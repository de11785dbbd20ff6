"""The rows of a bank file, as proven: what every layout comes down to.

Money is integer fen, signed from our side: ``+`` came in, ``-`` went out. A row's :attr:`BankRow.key` is the same from
every layout that the bank offers for the same movement; the bank's own serial number is data only, since most
corporate layouts print none. Two payments equal in all but their place are two rows: they differ by running balance,
or, where the balance came back to the same figure within a day, by ordinal.

>>> day = datetime.date(2026, 8, 1)
>>> row = BankRow(5, day, "15:24:03", -567_000, 28_233_017, 0, "桦昇机电", "4000****8046", "服务费", "")
>>> row.direction, row.before, row.key
('out', 28800017, (datetime.date(2026, 8, 1), 'out', 567000, 28233017, 0))
"""

import datetime
from dataclasses import dataclass
from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["in", "out"]
Proof: TypeAlias = Literal["chain", "claimed"]
RowKey: TypeAlias = tuple[datetime.date, Direction, int, int, int]


@dataclass(frozen=True)
class BankRow:
    """One movement on the bank's account.

    ``row`` is the 1-based row of the original table as a person sees it in a spreadsheet; ``on`` the bank's date;
    ``time`` ``HH:MM:SS`` where printed for that day; ``amount`` signed fen, never 0; ``balance`` fen after the row;
    ``ordinal`` counts from 0 among rows of the file with equal date, direction, amount and balance.
    Texts are cleaned for the eye (no control, bidi or zero-width characters, NFC) and otherwise as printed.
    """

    row: int
    on: datetime.date
    time: str | None
    amount: int
    balance: int
    ordinal: int
    counterparty: str
    counter_account: str
    narration: str
    serial: str

    @property
    def direction(self) -> Direction:
        """``in`` for money that came to us, ``out`` for money that left."""
        return "in" if self.amount > 0 else "out"

    @property
    def before(self) -> int:
        """The balance before the row, in fen."""
        return self.balance - self.amount

    @property
    def key(self) -> RowKey:
        """What identifies the row within its account, whatever layout it was read from."""
        return (self.on, self.direction, abs(self.amount), self.balance, self.ordinal)


@dataclass(frozen=True)
class BankFile:
    """A whole bank file, its rows in the order in which they happened.

    ``proof`` says what the file itself establishes:

    ``chain``
        exactly one order and one reading of the signs makes every balance follow from the one before. Every row after
        the first is proven to stand where it stands with its amount and sign; the first one too where
        ``opening_printed``, else by :func:`~ledger.exchange.bank.join.join` only.
    ``claimed``
        the balances follow, but so they would with other signs (a single row without printed opening balance, or
        amounts that are all alike): that money went in or out rests on the layout's column names or the printed sign.

    Neither proves that the bank wrote the file; a second person who saw the bank's own balance does that.
    ``account`` is what the file prints (often masked), ``covers`` the period it says it covers, where it says so and
    no row contradicts it; ``without_movement`` lists the rows that print an amount of 0.00 and move nothing.
    """

    layout: str
    account: str | None
    currency: str
    opening: int
    closing: int
    first: datetime.date | None
    last: datetime.date | None
    rows: tuple[BankRow, ...]
    sha256: str
    size: int
    encoding: str
    proof: Proof
    opening_printed: bool
    covers: tuple[datetime.date, datetime.date] | None = None
    without_movement: tuple[int, ...] = ()


@dataclass(frozen=True)
class JoinedFile:
    """A bank file beside what the ledger already has: ``fresh`` rows continue it, ``known`` ones stand there."""

    file: BankFile
    known: tuple[BankRow, ...]
    fresh: tuple[BankRow, ...]
    opening: int
    closing: int
