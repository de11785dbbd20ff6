"""Authorities 用款依据: what payments may rest on, by the motion that granted them and, of a budget, its line.

What of one is spent (proposed or paid) the books keep while money may still be paid under it; afterwards only what was
granted is said here, and each line that rests on it names its motion.
"""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from ledger.accounts.state import Accounts
from ledger.store.past import Rows
from ledger.store.reading.shown import (
    Code,
    Day,
    Fen,
    Next,
    Ref,
    Seq,
    Shown,
    absent,
    cursor,
    facts_about,
    facts_after,
    read_cursor,
)

if TYPE_CHECKING:
    from ledger.store.store import Store


class AuthorityItem(Shown):
    """One authority. ``live``: payments may still be proposed or paid under it; ``spent`` and ``left`` stand while they may."""

    motion: Ref
    line: Annotated[Code | None, Field(description="line of a budget")] = None
    seq: Annotated[Seq, Field(description="the entry that granted it: the certificate's")]
    kind: Annotated[str, Field(description="motion (one payment), budget or delegation")]
    matter: Annotated[int, Field(description="matter of art. 278 of the Civil Code that was voted on")]
    funds: tuple[Code, ...]
    categories: tuple[Code, ...]
    party: Code | None = None
    each: Annotated[int, Field(description="fen: most of one withdrawal")]
    cap: Annotated[int, Field(description="fen granted in all")]
    start: Day
    until: Day
    live: bool
    spent: Annotated[int | None, Field(description="fen proposed or paid")] = None
    left: Fen | None = None


class AuthorityItems(Shown):
    """Some authorities, in the order in which they were granted or the newest first."""

    items: tuple[AuthorityItem, ...]
    next: Next = None


def authorities(store: "Store", *, after: str = "", limit: int = 100, newest: bool = True) -> AuthorityItems:
    """What owners granted, newest first unless said otherwise. Raises Malformed ``request.cursor``."""
    place = read_cursor(after, int, int) if after else None
    accounts = store.books.accounts
    with store.reading() as reader:
        found = facts_after(reader.rows, "Granted", place, limit + 1, newest=newest)
    items = tuple(_item(accounts, seq, fact["authority"]) for seq, _i, fact in found[:limit])
    return AuthorityItems(items=items, next=cursor(*found[limit - 1][:2]) if len(found) > limit else None)


def of_motion(rows: Rows, accounts: Accounts, motion: str) -> tuple[AuthorityItem, ...]:
    """What a motion granted, in a reader of the caller."""
    return tuple(_item(accounts, seq, fact["authority"]) for seq, fact in facts_about(rows, "Granted", motion))


def _item(accounts: Accounts, seq: int, fact: dict[str, Any]) -> AuthorityItem:
    live = accounts.authorities.get((fact["motion"], fact["line"]))
    return AuthorityItem(
        motion=fact["motion"],
        line=absent(fact["line"]),
        seq=seq,
        kind=fact["kind"],
        matter=fact["matter"],
        funds=tuple(fact["funds"]),
        categories=tuple(fact["categories"]),
        party=absent(fact["party"]),
        each=fact["each"],
        cap=fact["cap"],
        start=fact["start"],
        until=fact["until"],
        live=live is not None,
        spent=None if live is None else live.spent,
        left=None if live is None else live.cap - live.spent,
    )
