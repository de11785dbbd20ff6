"""One payment with all that it rests on: from the bank's row down to the roll of the vote, each by digest and entry.

A payment is any record that booked lines: a bank row, cash paid from a box, a deposit, what was in suspense and is said.
Its withdrawals lead to the authority, the authority to the motion, the motion to meeting, ballots and roll. Where one of
these is missing it is missing on the ledger: nothing is invented for the past.
"""

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from ledger import period
from ledger.accounts.state import Accounts
from ledger.errors import NotFound
from ledger.store import queries
from ledger.store.past import Rows
from ledger.store.reading import authorities, lines, meetings, withdrawals
from ledger.store.reading.authorities import AuthorityItem
from ledger.store.reading.lines import LineItem, VoucherWhole
from ledger.store.reading.meetings import MotionRests
from ledger.store.reading.shown import Digest, Moment, Ref, Seq, Shown, entries_at
from ledger.store.reading.withdrawals import WithdrawalItem

if TYPE_CHECKING:
    from ledger.store.store import Store

PAYS: Final = "SELECT DISTINCT application FROM step WHERE seq = ? AND step = 'paid'"


class Payment(Shown):
    """The whole chain of one record that moved money. Lists are in log order."""

    record: Digest
    seq: Seq
    kind: Annotated[str, Field(examples=["bank.row/1"])]
    time: Moment
    lines: Annotated[tuple[LineItem, ...], Field(description="also inside its vouchers")]
    vouchers: tuple[VoucherWhole, ...]
    withdrawals: Annotated[tuple[WithdrawalItem, ...], Field(description="that it paid stages of")]
    authorities: Annotated[tuple[AuthorityItem, ...], Field(description="that they, or lines ratified later, rest on")]
    motions: Annotated[tuple[MotionRests, ...], Field(description="the owners' decisions behind them")]
    missing: Annotated[tuple[Ref, ...], Field(description="parts of it that rest on no decision 尚无依据")]


def payment(store: "Store", record: str) -> Payment:
    """The chain of a record. Raises NotFound ``record.unknown``, ``payment.none`` (it booked nothing)."""
    accounts = store.books.accounts
    with store.reading() as reader:
        return _chain(reader.rows, accounts, record)


def _chain(rows: Rows, accounts: Accounts, record: str) -> Payment:
    seq = queries.seq_of(rows, record)
    entry = entries_at(rows, [seq])[seq]
    vouchers = lines.vouchers_of(rows, accounts, seq)
    if not vouchers:
        raise NotFound("payment.none", record, "a record that booked money")
    booked = lines.lines_of(rows, accounts, seq)
    paid = tuple(withdrawals.read(rows, accounts, name) for (name,) in rows(PAYS, (seq,)))
    motions = dict.fromkeys(
        name
        for name in (
            *(line.motion for line in booked),
            *(line.founded_by for line in booked),
            *(one.motion for one in paid),
        )
        if name
    )
    used = {(one.motion, one.line) for one in paid} | {(line.motion, line.budget_line) for line in booked}
    granted = (item for name in motions for item in authorities.of_motion(rows, accounts, name))
    return Payment(
        record=record,
        seq=seq,
        kind=entry.record.kind,
        time=period.format_time(entry.time),
        lines=booked,
        vouchers=vouchers,
        withdrawals=paid,
        authorities=tuple(item for item in granted if (item.motion, item.line) in used),
        motions=tuple(meetings.rests(rows, name) for name in motions),
        missing=tuple(f"{line.record}#{line.part}" for line in booked if line.unfounded),
    )
