"""A statement added up again from its own lines, by nothing that booked them: plain sums over plain JSON.

The books keep running sums while they book; a statement prints those. Here the printed lines are added and every printed
figure that follows from them is compared. What is added is written out, so that a reader can follow with a pencil:

* per account and fund: received = what came in, spent = what went out, closing = opening + received − spent;
* per account and fund, by nature and category, in the block of that nature; each block's own sums;
* over all: income = Σ income lines, expense = −Σ expense lines (what a correction gave back counts against its kind);
* per account: the sum of its funds; the bank's balance less the closing is the difference;
* a deduction: the line of what was paid and, behind it, that of what the payer kept, each listed once; gross − cost = net;
* a reconciliation: each side moved by its open items, both meeting or not;
* as many lines as counted, under the root that the ledger holds.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger import canonical
from ledger.audit.shape import Shape, check_shape
from ledger.errors import Malformed
from ledger.log import merkle

# Written out again on purpose, not taken from the room that printed it.
BLOCK_OF: Final[Mapping[str, str]] = {
    "income": "own",
    "expense": "own",
    "pass_through": "others",
    "payable": "others",
    "deposit_held": "others",
    "refund": "others",
    "own_transfer": "transfers",
}

DEDUCTED: Final = 32
"""What a payer kept of the money of part n is part 32 + n."""

Key = tuple[str, str]
"""Account and fund."""

_SIDES: Final[dict[str, Shape]] = {"received": int, "spent": int}
_FOUR: Final[dict[str, Shape]] = {"opening": int, "closing": int} | _SIDES
_ROW: Final[dict[str, Shape]] = {"nature": str, "category": str} | _SIDES
_LINE: Final[dict[str, Shape]] = {
    **dict.fromkeys(("account", "fund", "category", "nature", "record"), str),
    **dict.fromkeys(("amount", "part", "entry"), int),
    "document?": str,
}
_FUND: Final[dict[str, Shape]] = {"account": str, "fund": str, "blocks": {"*": {"rows": [_ROW], **_SIDES}}, **_FOUR}
_DEDUCTION: Final[dict[str, Shape]] = {
    **dict.fromkeys(("cost_line", "line", "gross", "cost", "net"), int),
    "evidence?": str,
}
STATEMENT: Final[Shape] = {
    **dict.fromkeys(("ledger", "origin", "name", "root", "time", "lines_root"), str),
    **dict.fromkeys(("prefix", "count"), int),
    "period": {"code": str},
    "lines": [_LINE],
    "deductions": [_DEDUCTION],
    "funds": [_FUND],
    "accounts": [{"code": str, "bank_balance?": int, "difference?": int, **_FOUR}],
    "totals": {"*": int},
    "reconciliation": [
        {"bank": int, "books": int, "adjusted": int, "agrees": bool, "items": [{"class": str, "amount": int}]}
    ],
}
"""What of a statement the sums need."""

PUBLISHED: Final[Shape] = {
    **dict.fromkeys(("period", "digest", "root"), str),
    **dict.fromkeys(("prefix", "count"), int),
    "totals": [{"account": str, "fund": str, **_FOUR}],
}
"""What ``statement.published/1`` says."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A printed figure that is not the sum of its parts; ``field`` is its path in the statement."""

    field: str
    said: object
    own: object


@dataclass(slots=True)
class _Moved:
    received: int = 0
    spent: int = 0

    def add(self, amount: int) -> None:
        if amount > 0:
            self.received += amount
        else:
            self.spent -= amount


def parse_statement(data: bytes) -> dict[str, Any]:
    """A statement's JSON. Raises Malformed ``canonical.…``, ``statement.version``."""
    value = canonical.decode(data)
    if not isinstance(value, dict) or value.get("statement") != 1 or value["statement"] is True:
        raise Malformed("statement.version", None, "a statement of format 1")
    return value


def lines_of(statement: Mapping[str, Any]) -> list[bytes]:
    """The leaves of its lines."""
    return [canonical.encode(line) for line in statement["lines"]]


def check_sums(statement: Mapping[str, Any]) -> list[Difference]:
    """Every printed figure that its parts contradict. Raises Malformed ``shape``."""
    check_shape(statement, STATEMENT)
    lines = statement["lines"]
    by_fund: defaultdict[Key, _Moved] = defaultdict(_Moved)
    by_row: defaultdict[tuple[str, str, str, str], _Moved] = defaultdict(_Moved)
    for line in lines:
        _check_nature(line["nature"])
        amount = line["amount"]
        by_fund[line["account"], line["fund"]].add(amount)
        by_row[line["account"], line["fund"], line["nature"], line["category"]].add(amount)
    found = [
        Difference("count", statement["count"], len(lines)),
        Difference("lines_root", statement["lines_root"], merkle.root(merkle.leaf_hashes(lines_of(statement))).hex()),
        *_deductions(statement["deductions"], lines),
        *_funds(statement["funds"], by_fund, by_row),
        *_accounts(statement["accounts"], statement["funds"]),
        *_totals(statement["totals"], statement["funds"], lines),
        *_reconciliation(statement["reconciliation"]),
    ]
    return [difference for difference in found if difference.said != difference.own]


def check_published(statement: Mapping[str, Any], body: Mapping[str, Any]) -> list[Difference]:
    """What the signed record says of the statement and the statement does not. Raises Malformed ``shape``."""
    check_shape(body, PUBLISHED)
    kept = ("account", "fund", "opening", "received", "spent", "closing")
    totals = [{name: fund[name] for name in kept} for fund in statement["funds"]]
    found = (
        Difference("period/code", statement["period"]["code"], body["period"]),
        Difference("prefix", statement["prefix"], body["prefix"]),
        Difference("count", statement["count"], body["count"]),
        Difference("lines_root", statement["lines_root"], body["root"]),
        Difference("funds", totals, [{name: fund[name] for name in kept} for fund in body["totals"]]),
    )
    return [difference for difference in found if difference.said != difference.own]


def check_carried(statement: Mapping[str, Any], before: Mapping[str, Any]) -> list[Difference]:
    """Each fund opens with what it closed with in the statement before."""
    closed = {(fund["account"], fund["fund"]): fund["closing"] for fund in before["funds"]}
    found = [
        Difference(f"funds/{n}/opening", fund["opening"], closed.pop((fund["account"], fund["fund"]), 0))
        for n, fund in enumerate(statement["funds"])
    ]
    found += [Difference("funds", f"{account}/{fund} left out", left) for (account, fund), left in closed.items()]
    return [difference for difference in found if difference.said != difference.own]


def _deductions(deductions: list[dict[str, Any]], lines: list[dict[str, Any]]) -> Iterator[Difference]:
    due = [n for n, line in enumerate(lines) if line["part"] >= DEDUCTED]
    yield Difference("deductions", [item["cost_line"] for item in deductions], due)
    for n, (item, at) in enumerate(zip(deductions, due, strict=False)):
        cost = lines[at]
        yield Difference(f"deductions/{n}/line", item["line"], at - 1)
        if at == 0:
            yield Difference("lines/0/part", cost["part"], "a line behind that of the whole amount")
            continue
        gross = lines[at - 1]
        yield Difference(
            f"lines/{at}/part", (cost["record"], cost["part"]), (gross["record"], gross["part"] + DEDUCTED)
        )
        yield Difference(f"deductions/{n}/gross", item["gross"], gross["amount"])
        yield Difference(f"deductions/{n}/cost", item["cost"], -cost["amount"])
        yield Difference(f"deductions/{n}/net", item["net"], gross["amount"] + cost["amount"])
        yield Difference(f"deductions/{n}/evidence", item.get("evidence"), cost.get("document"))


def _funds(
    funds: list[dict[str, Any]],
    by_fund: Mapping[Key, _Moved],
    by_row: Mapping[tuple[str, str, str, str], _Moved],
) -> Iterator[Difference]:
    left_funds, left_rows = set(by_fund), set(by_row)
    for n, fund in enumerate(funds):
        key = (fund["account"], fund["fund"])
        left_funds.discard(key)
        moved = by_fund.get(key) or _Moved()
        yield Difference(f"funds/{n}/received", fund["received"], moved.received)
        yield Difference(f"funds/{n}/spent", fund["spent"], moved.spent)
        yield Difference(f"funds/{n}/closing", fund["closing"], fund["opening"] + moved.received - moved.spent)
        for name, block in fund["blocks"].items():
            where = f"funds/{n}/blocks/{name}"
            for m, row in enumerate(block["rows"]):
                _check_nature(row["nature"])
                row_key = (*key, row["nature"], row["category"])
                own = by_row.get(row_key) or _Moved()
                if row_key in left_rows:
                    left_rows.remove(row_key)
                else:
                    yield Difference(
                        f"{where}/rows/{m}", f"{row['nature']}/{row['category']}", "a row with lines, once"
                    )
                yield Difference(f"{where}/rows/{m}/nature", name, BLOCK_OF[row["nature"]])
                yield Difference(f"{where}/rows/{m}/received", row["received"], own.received)
                yield Difference(f"{where}/rows/{m}/spent", row["spent"], own.spent)
            for side in ("received", "spent"):
                yield Difference(f"{where}/{side}", block[side], sum(row[side] for row in block["rows"]))
    for account, code in sorted(left_funds):
        yield Difference("funds", None, f"{account}/{code}")
    for row in sorted(left_rows):
        yield Difference("funds", None, "/".join(row))


def _accounts(accounts: list[dict[str, Any]], funds: list[dict[str, Any]]) -> Iterator[Difference]:
    for n, account in enumerate(accounts):
        held = [fund for fund in funds if fund["account"] == account["code"]]
        for name in ("opening", "received", "spent", "closing"):
            yield Difference(f"accounts/{n}/{name}", account[name], sum(fund[name] for fund in held))
        if "bank_balance" in account:
            difference = account["bank_balance"] - account["closing"]
            yield Difference(f"accounts/{n}/difference", account.get("difference"), difference)


def _totals(
    totals: Mapping[str, Any], funds: list[dict[str, Any]], lines: list[dict[str, Any]]
) -> Iterator[Difference]:
    own = {
        "opening": sum(fund["opening"] for fund in funds),
        "closing": sum(fund["closing"] for fund in funds),
        "income": sum(line["amount"] for line in lines if line["nature"] == "income"),
        "expense": -sum(line["amount"] for line in lines if line["nature"] == "expense"),
    }
    for block in ("others", "transfers"):
        amounts = [line["amount"] for line in lines if BLOCK_OF[line["nature"]] == block]
        own[f"{block}_received"] = sum(amount for amount in amounts if amount > 0)
        own[f"{block}_spent"] = -sum(amount for amount in amounts if amount < 0)
    for name in sorted(own.keys() | totals.keys()):
        yield Difference(f"totals/{name}", totals.get(name), own.get(name))


def _reconciliation(tables: list[dict[str, Any]]) -> Iterator[Difference]:
    for n, table in enumerate(tables):
        moved: defaultdict[str, int] = defaultdict(int)
        for item in table["items"]:
            moved[item["class"]] += item["amount"]
        bank = table["bank"] + moved["books_received"] - moved["books_paid"]
        books = table["books"] + moved["bank_received"] - moved["bank_paid"]
        books += moved["rejected_paid"] - moved["rejected_received"]
        yield Difference(f"reconciliation/{n}/adjusted", table["adjusted"], bank)
        yield Difference(f"reconciliation/{n}/agrees", table["agrees"], bank == books)


def _check_nature(nature: str) -> None:
    if nature not in BLOCK_OF:
        raise Malformed("shape", nature, sorted(BLOCK_OF))
