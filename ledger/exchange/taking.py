"""Taking a bank file over: from the file and what its rows are said to be, to the records that one signature covers.

All or nothing: a file's own record and those of its rows make one batch; a longer file makes several, the rows counting
only once the last of them stands (the file's record says how many there are).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from ledger import canonical
from ledger.accounts.state import Account
from ledger.errors import Refused
from ledger.exchange.bank import BankFile, BankRow, JoinedFile, join
from ledger.log.entry import MAX_BATCH
from ledger.period import parse_day

Sealed = Mapping[str, canonical.Json]
Drafted = tuple[str, dict[str, Any], Sealed]
"""Kind, body, and the private values to seal by field."""
FIRST_BATCH: Final = MAX_BATCH - 1
"""Rows beside the file's own record."""


def fresh(account: Account, file: BankFile, known: Callable[[str], bool]) -> JoinedFile:
    """What of a file is new to an account. ``known``: whether a row of this name stands. Raises ``bank.does_not_join``."""
    last = parse_day(account.rows_until) if account.rows_until else None
    return join(account.balance, last, file, known=lambda row: known(row_name(account.code, row)))


def row_name(account: str, row: BankRow) -> str:
    """The name by which the log knows a row (:mod:`ledger.accounts.bank`)."""
    return f"{account}|{row.on.isoformat()}|{row.amount}|{row.balance}|{row.ordinal}"


def file_act(account: Account, joined: JoinedFile, start: date | None = None, end: date | None = None) -> Drafted:
    """The record of the file. ``start``, ``end``: the days it covers where it does not print them itself.

    Raises ``bank.no_days`` when neither the file nor the caller says which days it covers.
    """
    covers = joined.file.covers
    first = start or (covers[0] if covers else joined.file.first)
    last = end or (covers[1] if covers else joined.file.last)
    if first is None or last is None:
        raise Refused("bank.no_days", joined.file.layout, "--start and --end")
    begin = max(first.isoformat(), account.rows_until) if account.rows_until and joined.known else first.isoformat()
    return (
        "bank.imported/1",
        {
            "account": account.code,
            "file": joined.file.sha256,
            "layout": joined.file.layout,
            "start": begin,
            "end": last.isoformat(),
            "opening": joined.opening,
            "closing": joined.closing,
            "count": len(joined.fresh),
        },
        {},
    )


def row_act(file: str, row: BankRow, parts: Sequence[Mapping[str, Any]]) -> Drafted:
    """The record of a row; narration and counterparty are sealed. ``file``: digest of the file's record."""
    narration = {"name": row.counterparty, "account": row.counter_account, "text": row.narration, "serial": row.serial}
    return (
        "bank.row/1",
        {
            "file": file,
            "row": row.row,
            "on": row.on.isoformat(),
            "amount": row.amount,
            "balance": row.balance,
            "ordinal": row.ordinal,
            "parts": [dict(part) for part in parts],
        },
        {"narration": {name: text for name, text in narration.items() if text}},
    )
