"""Sheets of the maintenance fund 住宅专项维修资金 after 财会〔2020〕7号: 01 balance sheet, 02 income and expense, 03 changes of net assets.

The items are those of a public implementation of that rule, not of its official annex, and whether it binds an assembly that keeps its
own fund is open; a print says so. The fund's lines are put to the items by their category and nature, since a community's chart is
its own: what no item names stands under 其他. Deposits less repairs and what was given back are the fund; gains that nobody has
distributed yet stand apart (待分配累计收益). Money that moved without being income or expense is said beside both.

The fund is cash: its assets are the money that it has on each own account, so that the balance sheet proves itself, assets = net
assets, only where every line found its item.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ledger.accounts.booking import Movement
from ledger.audit.books.balances import held
from ledger.audit.books.journal import Posting, Span

FUND: Final = "maintenance"
INCOME: Final = ("contributions", "interest", "letting", "scrap", "other_income")
EXPENSE: Final = ("repairs", "given_back", "other_expense")
PRINCIPAL: Final = frozenset({"contributions", "repairs", "given_back"})
"""What changes the fund itself; the rest changes what it gained."""
_OF_CATEGORY: Final[Mapping[str, str]] = {
    "contribution": "contributions",
    "interest": "interest",
    "rent": "letting",
    "advert": "letting",
    "parking": "letting",
    "locker": "letting",
    "telecom": "letting",
    "charging": "letting",
    "scrap": "scrap",
    "works": "repairs",
    "materials": "repairs",
    "lift": "repairs",
    "fire": "repairs",
    "pump": "repairs",
    "access_control": "repairs",
    "surveillance": "repairs",
}


@dataclass(frozen=True, slots=True)
class Sheets:
    """The fund in the days. Fen. ``items``: income and expense, each positive; ``aside``: what moved and is neither."""

    opening: Mapping[str, int]
    """Own account -> what the fund had there before the first day."""
    closing: Mapping[str, int]
    items: Mapping[str, int]
    aside: int
    gained_before: int
    """Gains not distributed before the days, as far as the books go back."""

    @property
    def income(self) -> int:
        """All income."""
        return sum(self.items[name] for name in INCOME)

    @property
    def expense(self) -> int:
        """All expense."""
        return sum(self.items[name] for name in EXPENSE)

    @property
    def principal(self) -> tuple[int, int]:
        """The fund before and after, without gains."""
        before = sum(self.opening.values()) - self.gained_before
        moved = self.items["contributions"] - self.items["repairs"] - self.items["given_back"] + self.aside
        return before, before + moved

    @property
    def gains(self) -> tuple[int, int]:
        """Gains not distributed, before and after."""
        return self.gained_before, self.gained_before + _gain(self.items)

    @property
    def proves(self) -> bool:
        """Assets are net assets."""
        return sum(self.closing.values()) == self.principal[1] + self.gains[1]


def sheets(found: Iterable[Posting], span: Span) -> Sheets | None:
    """The sheets, None where the ledger never had money of the fund."""
    mine = [posting for posting in found if posting.money and posting.leg.fund == FUND and posting.day <= span.last]
    if not mine:
        return None
    items, before = _items(p for p in mine if p.within(span)), _items(p for p in mine if p.before(span))
    return Sheets(
        opening=_held(p for p in mine if p.before(span)),
        closing=_held(mine),
        items=items[0],
        aside=items[1],
        gained_before=_gain(before[0]),
    )


def item_of(move: Movement) -> str:
    """The item of a line; empty for what is neither income nor expense."""
    match move.nature:
        case "income":
            named = _OF_CATEGORY.get(move.category, "")
            return named if named in INCOME else "other_income"
        case "expense":
            named = _OF_CATEGORY.get(move.category, "")
            return named if named in EXPENSE else "other_expense"
        case "refund":
            return "given_back"
        case _:
            return ""


def _items(found: Iterable[Posting]) -> tuple[Mapping[str, int], int]:
    sums: defaultdict[str, int] = defaultdict(int)
    aside = 0
    for posting in found:
        name = item_of(posting.move) if posting.move else "opening"
        if name in EXPENSE:
            sums[name] -= posting.amount
        elif name:
            sums[name] += posting.amount
        else:
            aside += posting.amount
    return {name: sums[name] for name in (*INCOME, *EXPENSE)}, aside


def _gain(items: Mapping[str, int]) -> int:
    income = sum(items[name] for name in INCOME if name not in PRINCIPAL)
    return income - sum(items[name] for name in EXPENSE if name not in PRINCIPAL)


def _held(found: Iterable[Posting]) -> Mapping[str, int]:
    sums: defaultdict[str, int] = defaultdict(int)
    for (account, _), amount in held(found, "9999-12-31").items():
        sums[account] += amount
    return dict(sums)
