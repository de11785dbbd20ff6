"""Before a statement is published: whether the bank is complete to the period's end, what is not settled, the boxes, and what
changed against the statement before.

Nothing here keeps a statement back: what is open it says itself, line by line. Whoever publishes sees it first, while it can
still be put right.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from ledger import period
from ledger.accounts import periods
from ledger.accounts.state import Account, Accounts
from ledger.store import statements
from ledger.store.reading import money
from ledger.store.reading.money import AwaitedItem, FileItem, SuspenseItem, UnfoundedItem
from ledger.store.reading.shown import Code, Day, Digest, Fen, Ref, Shown, absent

if TYPE_CHECKING:
    from ledger.store.store import Store


class BankReach(Shown):
    """How far a bank account's rows are here. ``complete``: to the period's end; ``bank``: the balance that they leave."""

    account: Code
    title: str
    rows_until: Day | None = None
    complete: bool
    bank: Fen
    unconfirmed: tuple[FileItem, ...]


class BoxCount(Shown):
    """A petty-cash box. ``counted``: since it last moved, and in the period where something is in it."""

    account: Code
    title: str
    held: Annotated[int, Field(description="fen of all its funds")]
    counted_on: Day | None = None
    moved_on: Day | None = None
    counted: bool


class AtBank(Shown):
    """A stage that was handed to the bank and has no row yet."""

    stage: Ref
    account: Code
    party: Code
    on: Day
    amount: Fen


class Closing(Shown):
    """The next period, and what stands before its statement. Lists hold what is dated to the period's end."""

    period: str
    first: Day
    last: Day
    over: Annotated[bool, Field(description="its last day has passed: it may be published")]
    banks: tuple[BankReach, ...]
    suspense: tuple[SuspenseItem, ...]
    suspense_in: Fen
    suspense_out: Annotated[int, Field(description="fen, positive")]
    awaited: tuple[AwaitedItem, ...]
    at_bank: tuple[AtBank, ...]
    unfounded: tuple[UnfoundedItem, ...]
    boxes: tuple[BoxCount, ...]
    clear: Annotated[bool, Field(description="nothing of the above is open")]


class Change(Shown):
    """Income or expense of a category: in the period, in the one before; signed so that more of it is positive."""

    nature: Annotated[str, Field(description="income or expense")]
    category: Code
    now: Fen
    before: Fen
    difference: Fen


class Drawn(Shown):
    """The next statement as the books stand. ``body`` is what its two signers sign (``statement.published/1``)."""

    period: str
    digest: Digest
    prefix: int
    count: Annotated[int, Field(description="lines")]
    totals: dict[str, int]
    before: Annotated[str | None, Field(description="code of the statement compared with")] = None
    changes: Annotated[tuple[Change, ...], Field(description="the largest difference first")]
    body: dict[str, Any]


def closing(store: "Store", today: str) -> Closing:
    """What stands before the next statement. Raises ``books.not_open``."""
    accounts = store.books.accounts
    span = periods.next_period(accounts)
    last = period.format_day(span.last)
    opened = money.open_items(store)
    suspense = tuple(one for one in opened.suspense if one.on <= last)
    awaited = tuple(one for one in opened.awaited if one.on <= last)
    unfounded = tuple(one for one in opened.unfounded if one.on <= last)
    own = [account for _code, account in sorted(accounts.accounts.items())]
    banks = tuple(_reach(account, last, opened.unconfirmed) for account in own if account.nature != "petty")
    boxes = tuple(_box(accounts, account, span) for account in own if account.nature == "petty")
    at_bank = _at_bank(accounts, last)
    settled = not (suspense or awaited or at_bank or unfounded)
    complete = all(one.complete and not one.unconfirmed for one in banks) and all(one.counted for one in boxes)
    return Closing(
        period=span.code,
        first=period.format_day(span.first),
        last=last,
        over=today > last,
        banks=banks,
        suspense=suspense,
        suspense_in=sum(one.amount for one in suspense if one.amount > 0),
        suspense_out=-sum(one.amount for one in suspense if one.amount < 0),
        awaited=awaited,
        at_bank=at_bank,
        unfounded=unfounded,
        boxes=boxes,
        clear=settled and complete,
    )


def drawn(store: "Store") -> Drawn:
    """The next statement, drawn up now. Raises ``books.not_open``."""
    draft, latest = statements.draft(store), store.books.publication.latest
    before = statements.published(store, latest.period) if latest else None
    now, then = _sums(draft.statement), _sums(before or {"funds": []})
    changes = [
        Change(nature=key[0], category=key[1], now=now[key], before=then[key], difference=now[key] - then[key])
        for key in sorted({*now, *then})
    ]
    return Drawn(
        period=draft.statement["period"]["code"],
        digest=draft.body["digest"],
        prefix=draft.body["prefix"],
        count=draft.body["count"],
        totals=draft.statement["totals"],
        before=latest.period if latest else None,
        changes=tuple(sorted(changes, key=lambda one: (-abs(one.difference), one.nature, one.category))),
        body=draft.body,
    )


def _reach(account: Account, last: str, unconfirmed: tuple[FileItem, ...]) -> BankReach:
    return BankReach(
        account=account.code,
        title=account.title,
        rows_until=absent(account.rows_until),
        complete=bool(account.rows_until) and account.rows_until >= last,
        bank=account.balance,
        unconfirmed=tuple(one for one in unconfirmed if one.account == account.code),
    )


def _box(accounts: Accounts, account: Account, span: period.Period) -> BoxCount:
    held = sum(amount for (code, _fund), amount in accounts.balances.items() if code == account.code)
    since_it_moved = account.counted_on >= account.moved_on
    counted = since_it_moved and (not held or account.counted_on >= period.format_day(span.first))
    return BoxCount(
        account=account.code,
        title=account.title,
        held=held,
        counted_on=absent(account.counted_on),
        moved_on=absent(account.moved_on),
        counted=counted,
    )


def _at_bank(accounts: Accounts, last: str) -> tuple[AtBank, ...]:
    found = (
        AtBank(
            stage=f"{one.application}#{number}",
            account=one.account,
            party=one.party,
            on=stage.instructed,
            amount=stage.amount,
        )
        for one in accounts.withdrawals.values()
        for number, stage in enumerate(one.stages)
        if stage.waiting and "" < stage.instructed <= last
    )
    return tuple(sorted(found, key=lambda one: (one.on, one.stage)))


def _sums(statement: Mapping[str, Any]) -> defaultdict[tuple[str, str], int]:
    """Income and expense of a statement by category, all funds together; contras count against what they correct."""
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for fund in statement["funds"]:
        for row in fund["blocks"]["own"]["rows"]:
            moved = row["received"] - row["spent"]
            found[row["nature"], row["category"]] += moved if row["nature"] == "income" else -moved
    return found
