"""Booking: one money act becomes lines 账行 of a period and one numbered voucher 记账凭证 with its legs.

A **line** is one movement of money: account, fund, category, nature, signed fen, day. Lines make the statements; the
lines of a period hash as an RFC 6962 tree in log order, leaf data being the canonical JSON of :meth:`Line.leaf`::

    {"line": 1, "account", "amount", "booked", "category", "entry", "fund", "nature", "on", "part", "record", "voucher", …}

with, where they apply, ``basis`` (motion, budget, delegation, ratified, none), ``contract``, ``corrects``, ``covers``,
``document``, ``line_code``, ``motion``, ``party``, ``unit``. Absent means "none". What a payer kept of a deposit is a line of
its own, right behind the gross.

A **voucher** carries the double entry of the same act: legs over the adopted chart whose debits equal its credits,
numbered gap-free in log order per month of the day booked (``2019-01-0007``). A day in a closed period is booked on the
first open day; line and voucher keep both days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rpds import HashTrieMap

from ledger import canonical, period
from ledger.accounts.periods import period_of
from ledger.accounts.records import MOST
from ledger.accounts.state import Account, Accounts, PeriodBook, Sum
from ledger.errors import Refused
from ledger.frozen import replace
from ledger.log.act import Act
from ledger.log.merkle import leaf_hash

NO_BASIS: Final = "none"


@dataclass(frozen=True, slots=True)
class Movement:
    """What one part of an act does, before it is booked. ``account`` is the own account's code."""

    account: str
    fund: str
    category: str
    nature: str
    amount: int
    part: int = 0
    party: str = ""
    contract: str = ""
    document: str = ""
    unit: str = ""
    covers: str = ""
    basis: str = ""
    motion: str = ""
    line_code: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Fact: a movement as booked. ``period`` is the code of the open period that holds it, ``index`` its place there."""

    entry: int
    record: str
    period: str
    index: int
    booked: str
    on: str
    voucher: str
    corrects: str
    move: Movement

    def leaf(self) -> dict[str, Any]:
        """The leaf data; empty fields are absent."""
        move = self.move
        leaf: dict[str, Any] = {
            "line": 1,
            "entry": self.entry,
            "record": self.record,
            "part": move.part,
            "booked": self.booked,
            "on": self.on,
            "voucher": self.voucher,
            "account": move.account,
            "fund": move.fund,
            "category": move.category,
            "nature": move.nature,
            "amount": move.amount,
        }
        further = {
            "corrects": self.corrects,
            "party": move.party,
            "contract": move.contract,
            "document": move.document,
            "unit": move.unit,
            "covers": move.covers,
            "basis": move.basis,
            "motion": move.motion,
            "line_code": move.line_code,
        }
        return leaf | {name: value for name, value in further.items() if value not in ("", 0)}


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a voucher: fen to the debit or to the credit of a chart account."""

    code: str
    debit: int
    credit: int
    account: str = ""
    fund: str = ""


@dataclass(frozen=True, slots=True)
class VoucherBooked:
    """Fact: a voucher; ``corrects`` names the record that it inverts."""

    number: str
    entry: int
    record: str
    kind: str
    booked: str
    on: str
    corrects: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Suspended:
    """Money that moves on an account against suspense: no line, but legs. ``row``: an amount with the sign of the row concerned."""

    account: str
    amount: int
    row: int


def booking_day(accounts: Accounts, act: Act[Any], on: str) -> str:
    """The day on which a fact of ``on`` is booked. Raises ``books.not_open``, ``day.future``, ``day.before_books``."""
    if not accounts.opened_on:
        raise Refused("books.not_open", None, "books.opened/1 first")
    today = act.day.isoformat()
    if on > today:
        raise Refused("day.future", on, f"{today} or earlier")
    if on < accounts.opened_on:
        raise Refused("day.before_books", on, f"{accounts.opened_on} or later")
    if on > accounts.closed_until:
        return on
    return period.day_after(accounts.closed_until)


def book(
    accounts: Accounts,
    act: Act[Any],
    on: str,
    moves: Sequence[Movement],
    suspended: Sequence[Suspended] = (),
    *,
    corrects: str = "",
    clearing: int = 0,
) -> tuple[Accounts, tuple[object, ...]]:
    """Book an act's movements: balances, period sums and tree, one voucher.

    ``clearing``: the amount of the bank row whose suspense the movements come from or go back to; the voucher then has
    the suspense account where the bank would stand, since the bank does not move.

    Raises ``balance.negative`` when a fund would owe money in an account, ``cash.before_count`` for a box that was counted
    later, ``account.not_for_fund``, ``category.…``.
    """
    booked = booking_day(accounts, act, on)
    number, accounts = _next_voucher(accounts, booked[:7])
    code = period_of(accounts, booked).code
    book_ = accounts.periods.get(code) or PeriodBook()
    facts: list[object] = []
    for move in moves:
        account = accounts.account(move.account)
        _check_move(accounts, account, move, on, corrects)
        line = Line(act.seq, act.digest, code, book_.lines.size, booked, on, number, corrects, move)
        book_ = PeriodBook(
            act.seq, book_.lines.append(leaf_hash(canonical.encode_trusted(line.leaf()))), _add(book_, move)
        )
        accounts = _move(accounts, account, move, on)
        facts.append(line)
    for account_code, fund in dict.fromkeys((m.account, m.fund) for m in moves):
        held = accounts.balances.get((account_code, fund)) or 0
        if held < 0:
            raise Refused("balance.negative", held, "0 or more", account=account_code, fund=fund)
    # Also when money moved against suspense alone: a statement drawn up before it would not show what happened.
    book_ = replace(book_, last=act.seq)
    legs = [leg for move in moves for leg in _legs(accounts, move, clearing)]
    legs += [leg for item in suspended for leg in _suspense_legs(accounts, item, clearing)]
    voucher = VoucherBooked(number, act.seq, act.digest, act.record.kind, booked, on, corrects, tuple(legs))
    return replace(accounts, periods=accounts.periods.insert(code, book_)), (voucher, *facts)


def mark(accounts: Accounts, act: Act[Any], on: str) -> Accounts:
    """Note that an act changes what the statement of a day says, though it books nothing: none drawn up before it stands."""
    code = period_of(accounts, booking_day(accounts, act, on)).code
    marked = replace(accounts.periods.get(code) or PeriodBook(), last=act.seq)
    return replace(accounts, periods=accounts.periods.insert(code, marked))


def _next_voucher(accounts: Accounts, month: str) -> tuple[str, Accounts]:
    number = (accounts.vouchers.get(month) or 0) + 1
    return f"{month}-{number:04d}", replace(accounts, vouchers=accounts.vouchers.insert(month, number))


def _check_move(accounts: Accounts, account: Account, move: Movement, on: str, corrects: str) -> None:
    if move.fund not in account.funds:
        raise Refused("account.not_for_fund", move.fund, list(account.funds), account=account.code)
    if on < account.counted_on:
        raise Refused("cash.before_count", on, f"{account.counted_on} or later", account=account.code)
    accounts.chart.counter(move.category, move.nature)
    if move.nature == "income" and move.amount < 0 and not corrects:
        raise Refused("line.income_out", move.amount, "money in; give back as refund")
    if move.nature == "expense" and move.amount > 0 and not corrects:
        raise Refused("line.expense_in", move.amount, "money out")


def _add(book_: PeriodBook, move: Movement) -> HashTrieMap[tuple[str, str, str, str], Sum]:
    key = (move.account, move.fund, move.nature, move.category)
    had = book_.sums.get(key) or Sum()
    after = Sum(had.received + max(move.amount, 0), had.spent - min(move.amount, 0))
    if max(after.received, after.spent) > MOST:
        raise Refused("sum.too_large", max(after.received, after.spent), MOST)
    return book_.sums.insert(key, after)


def _move(accounts: Accounts, account: Account, move: Movement, on: str) -> Accounts:
    key = (move.account, move.fund)
    held = (accounts.balances.get(key) or 0) + move.amount
    if held > MOST:
        raise Refused("sum.too_large", held, MOST)
    if account.nature == "petty" and on > account.moved_on:
        accounts = accounts.with_account(replace(account, moved_on=on))
    return replace(accounts, balances=accounts.balances.insert(key, held))


def _legs(accounts: Accounts, move: Movement, clearing: int) -> tuple[Leg, Leg]:
    money = _money(accounts, move.account, clearing)
    return _pair(money, accounts.chart.counter(move.category, move.nature), move.amount, move.account, move.fund)


def _suspense_legs(accounts: Accounts, item: Suspended, clearing: int) -> tuple[Leg, Leg]:
    money = _money(accounts, item.account, clearing)
    return _pair(money, accounts.chart.suspense(item.row), item.amount, item.account, "")


def _money(accounts: Accounts, account: str, clearing: int) -> str:
    """Where the money of a movement stands: on the account, or in suspense if it is the bank's that is only being said."""
    nature = accounts.account(account).nature
    return accounts.chart.suspense(clearing) if clearing and nature != "petty" else accounts.chart.money(nature)


def _pair(money: str, other: str, amount: int, account: str, fund: str) -> tuple[Leg, Leg]:
    size = abs(amount)
    if amount > 0:
        return Leg(money, size, 0, account, fund), Leg(other, 0, size, account, fund)
    return Leg(money, 0, size, account, fund), Leg(other, size, 0, account, fund)
