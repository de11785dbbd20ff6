"""Where the money is: own accounts, funds, and what is not settled, as the books stand.

Amounts are the state machine's own. It keeps money by account *and* fund; a sum over one of the two, where the machine has
none, says so in its field's description.
"""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from ledger.accounts.state import Account, Accounts
from ledger.errors import NotFound
from ledger.store.reading.shown import Code, Day, Digest, Fen, Ref, Shown, absent

if TYPE_CHECKING:
    from ledger.store.store import Store


class Held(Shown):
    """What a fund has in an account. ``unproven``: what of its opening no document proves 未经核实."""

    account: Code
    fund: Code
    amount: Fen
    unproven: Fen | None = None


class TierItem(Shown):
    """From ``least`` fen on: one person for each seat, who holds one of its roles, after ``posting`` days in public."""

    least: Fen
    seats: tuple[tuple[str, ...], ...]
    posting: int


class AccountItem(Shown):
    """An own account. For a bank account ``bank`` is what the bank's rows leave, and equals ``held`` + ``suspense_in`` −
    ``suspense_out``.
    """

    code: Code
    nature: Annotated[str, Field(description="bank, petty (a box) or kept (代管, by another)")]
    title: str
    holder: str
    bank_name: str | None = None
    number: Annotated[str | None, Field(description="masked")] = None
    held: Annotated[int, Field(description="fen of all its funds: their sum, which the machine does not keep")]
    funds: tuple[Held, ...]
    bank: Annotated[int | None, Field(description="fen: the balance after the bank's last row here")] = None
    suspense_in: Annotated[int, Field(description="fen received of which nobody can yet say what they were")]
    suspense_out: Annotated[int, Field(description="fen paid of which nobody can yet say what they were")]
    rows_until: Annotated[str | None, Field(description="the day until which the bank's rows are here")] = None
    confirmed: Annotated[bool, Field(description="a second person confirmed every file of the bank's rows")]
    counted_on: Annotated[str | None, Field(description="day of a box's last count")] = None
    mandate: tuple[TierItem, ...]


class AccountItems(Shown):
    """All own accounts, by code."""

    items: tuple[AccountItem, ...]


class FundItem(Shown):
    """A fund over all accounts."""

    fund: Code
    amount: Annotated[int, Field(description="fen in all accounts: their sum, which the machine does not keep")]
    accounts: tuple[Held, ...]


class FundItems(Shown):
    """All funds, by code."""

    items: tuple[FundItem, ...]


class SuspenseItem(Shown):
    """What of a bank row nobody can yet say what it was; signed like the row."""

    row: Digest
    account: Code
    on: Day
    amount: Fen


class UnfoundedItem(Shown):
    """A payment without authority 尚无依据, by the record's part that booked it."""

    ref: Ref
    account: Code
    fund: Code
    category: Code
    party: Code | None = None
    on: Day
    amount: Fen


class AwaitedItem(Shown):
    """A deposit recorded, whose bank row has not come yet; ``amount`` is net fen."""

    deposit: Digest
    account: Code
    on: Day
    fund: Code
    category: Code
    amount: Fen
    party: Code | None = None


class FileItem(Shown):
    """A bank file that no second person has confirmed yet; sums of its rows so far as positive fen."""

    record: Digest
    account: Code
    start: Day
    end: Day
    rows: int
    taken: int
    received: Fen
    paid: Fen


class Open(Shown):
    """What is not settled. ``opened_on``: first day of the books; ``closed_until``: last day that a statement closed."""

    opened_on: Day | None = None
    closed_until: Day | None = None
    suspense: tuple[SuspenseItem, ...]
    unfounded: tuple[UnfoundedItem, ...]
    awaited: tuple[AwaitedItem, ...]
    unconfirmed: tuple[FileItem, ...]
    withdrawals: Annotated[int, Field(description="withdrawals on their way, not paid out or dropped")]


def accounts(store: "Store") -> AccountItems:
    """Every own account, by code."""
    state = store.books.accounts
    return AccountItems(items=tuple(_account(state, found) for _code, found in sorted(state.accounts.items())))


def account(store: "Store", code: str) -> AccountItem:
    """One own account. Raises NotFound ``account.unknown``."""
    state = store.books.accounts
    found = state.accounts.get(code)
    if found is None:
        raise NotFound("account.unknown", code[:80], ", ".join(sorted(state.accounts)))
    return _account(state, found)


def funds(store: "Store") -> FundItems:
    """Every fund with where it lies."""
    state = store.books.accounts
    by_fund: dict[str, list[Held]] = {}
    for (code, fund), amount in sorted(state.balances.items()):
        by_fund.setdefault(fund, []).append(_held(state, code, fund, amount))
    return FundItems(
        items=tuple(
            FundItem(fund=fund, amount=sum(one.amount for one in held), accounts=tuple(held))
            for fund, held in sorted(by_fund.items())
        )
    )


def open_items(store: "Store") -> Open:
    """What is not settled, each list by day."""
    state = store.books.accounts
    return Open(
        opened_on=absent(state.opened_on),
        closed_until=absent(state.closed_until),
        suspense=tuple(
            SuspenseItem(row=one.row, account=one.account, on=one.on, amount=one.amount)
            for one in sorted(state.suspense.values(), key=lambda one: (one.on, one.row))
        ),
        unfounded=tuple(
            UnfoundedItem(
                ref=one.ref,
                account=one.account,
                fund=one.fund,
                category=one.category,
                party=absent(one.party),
                on=one.on,
                amount=one.amount,
            )
            for one in sorted(state.unfounded.values(), key=lambda one: (one.on, one.ref))
        ),
        awaited=tuple(
            AwaitedItem(
                deposit=one.deposit,
                account=one.account,
                on=one.on,
                fund=one.fund,
                category=one.category,
                amount=one.net,
                party=absent(one.party),
            )
            for one in sorted(state.pending.values(), key=lambda one: (one.on, one.deposit))
        ),
        unconfirmed=tuple(
            FileItem(
                record=one.digest,
                account=one.account,
                start=one.start,
                end=one.end,
                rows=one.count,
                taken=one.taken,
                received=one.received,
                paid=one.paid,
            )
            for one in sorted(state.imports.values(), key=lambda one: (one.start, one.digest))
        ),
        withdrawals=sum(any(s.waiting for s in one.stages) for one in state.withdrawals.values()),
    )


def _account(state: Accounts, found: Account) -> AccountItem:
    held = tuple(
        _held(state, code, fund, amount)
        for (code, fund), amount in sorted(state.balances.items())
        if code == found.code
    )
    return AccountItem(
        code=found.code,
        nature=found.nature,
        title=found.title,
        holder=found.holder,
        bank_name=absent(found.bank),
        number=absent(found.number),
        held=sum(one.amount for one in held),
        funds=held,
        bank=None if found.nature == "petty" else found.balance,
        suspense_in=found.suspense_in,
        suspense_out=found.suspense_out,
        rows_until=absent(found.rows_until),
        confirmed=all(file.account != found.code for file in state.imports.values()),
        counted_on=absent(found.counted_on),
        mandate=tuple(TierItem(least=tier.least, seats=tier.seats, posting=tier.posting) for tier in found.mandate),
    )


def _held(state: Accounts, code: str, fund: str, amount: int) -> Held:
    unproven = [said for account, of, said in state.unproven if (account, of) == (code, fund)]
    return Held(account=code, fund=fund, amount=amount, unproven=unproven[0] if unproven else None)
