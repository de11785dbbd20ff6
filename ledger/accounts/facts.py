"""The facts of the accounts room beside lines and vouchers: what read tables and statements are written from.

``seq`` is not repeated here: a fact belongs to the entry whose decision returned it.
"""

from dataclasses import dataclass

from ledger.accounts.state import Authority, Unfounded


@dataclass(frozen=True, slots=True)
class BankMoved:
    """A bank row was taken over; ``open`` is what of it went to suspense (signed)."""

    row: str
    account: str
    on: str
    amount: int
    balance: int
    open: int


@dataclass(frozen=True, slots=True)
class SuspenseMoved:
    """Suspense of ``row`` changed by ``amount`` (signed like the row: negative takes from a receipt's suspense) on ``on``."""

    row: str
    account: str
    on: str
    amount: int
    by: str
    """The record that moved it: what cleared it, the row that gave it back, a contra."""
    document: str = ""
    """The paper that this rests on; money that comes in and a contra need none."""


@dataclass(frozen=True, slots=True)
class FileConfirmed:
    """A second person confirmed an imported file."""

    file: str
    account: str


@dataclass(frozen=True, slots=True)
class FileRejected:
    """A file that nobody had confirmed was taken back on ``on``, by ``record``: ``count`` of its rows had come."""

    file: str
    account: str
    start: str
    end: str
    count: int
    received: int
    paid: int
    on: str
    record: str
    reason: str


@dataclass(frozen=True, slots=True)
class RowTakenOut:
    """A row of a rejected file, ``amount`` signed: the bank never had it, our books from ``on`` to the day before ``until``."""

    row: str
    account: str
    on: str
    amount: int
    until: str
    by: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """A recorded deposit (positive) or an instructed payment (negative) waits for its bank row from ``on``; once more after
    a contra of the row that was said to be it.
    """

    ref: str
    account: str
    on: str
    amount: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """What was awaited stands in the bank since ``on``, or was dropped (``on`` empty)."""

    ref: str
    on: str


@dataclass(frozen=True, slots=True)
class Granted:
    """An authority now stands."""

    authority: Authority


@dataclass(frozen=True, slots=True)
class UnfoundedPaid:
    """A payment was booked without authority."""

    payment: Unfounded


@dataclass(frozen=True, slots=True)
class Founded:
    """A payment without authority was ratified by ``motion``, returned or contra'd (``motion`` empty)."""

    ref: str
    motion: str


@dataclass(frozen=True, slots=True)
class StagePaid:
    """A withdrawal's stage was paid; with a negative amount a contra took that back."""

    stage: str
    on: str
    amount: int


@dataclass(frozen=True, slots=True)
class WithdrawalMoved:
    """A withdrawal took a step: ``applied``, ``proposed``, ``approved`` (one approval), ``instructed`` or ``dropped``.

    ``stage``: the number of the one that went to the bank; ``whole``: the approval filled the mandate's last seat.
    """

    application: str
    step: str
    record: str
    person: str
    stage: int | None = None
    whole: bool = False
