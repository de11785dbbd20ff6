"""The annexes behind the line pages: groups, contracts, bank reconciliation, decisions, open points, corrections, papers.

Each is a :class:`~ledger.paper.table.Table`, or a reconciliation with its two sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.paper import suspense
from ledger.paper.naming import Names
from ledger.paper.phrases import NOTHING
from ledger.paper.poster import grouped
from ledger.paper.printed import PrintedWith
from ledger.paper.table import Table, table


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One month of one account, both sides with their items, each pair a label and an amount."""

    title: str
    books: tuple[tuple[str, str], ...]
    bank: tuple[tuple[str, str], ...]
    books_adjusted: str
    bank_adjusted: str
    agrees: bool
    verdict: str


def tables(names: Names, printed: PrintedWith) -> tuple[Table, ...]:
    """All annexes that are tables, in the order of printing."""
    return (
        _funds(names),
        _groups(names),
        _contracts(names),
        _decisions(names),
        suspense.passed(names),
        suspense.still(names, printed),
        _rejected(names),
        _unfounded(names),
        _pending(names),
        _deductions(names),
        _corrections(names),
        # From machine 2 on: a ledger that knows no questions prints no empty table of them.
        *((_questions(names),) if "objections" in names.statement else ()),
        _documents(names),
    )


# --- money by fund and by group -----------------------------------------------------------------------------------------


def _funds(names: Names) -> Table:
    """Per fund: opening, the three blocks by nature, closing."""
    phrases = names.phrases
    rows = []
    for fund in names.statement["funds"]:
        blocks = fund["blocks"]
        cells = [names.account(fund["account"]), names.fund(fund["fund"]), phrases.yuan(fund["opening"])]
        for block in ("own", "others", "transfers"):
            cells += [phrases.yuan(blocks[block]["received"]), phrases.yuan(blocks[block]["spent"])]
        cells.append(phrases.yuan(fund["closing"]))
        unproven = fund.get("unproven", 0)
        cells.append(phrases.text("statement.unproven", amount=phrases.yuan(unproven)) if unproven else NOTHING)
        rows.append(cells)
    columns = (
        "account:text fund:text opening:money own_in:money own_out:money others_in:money others_out:money "
        "transfers_in:money transfers_out:money closing:money remark:text"
    )
    return table(names, "funds", columns, rows)


def _groups(names: Names) -> Table:
    """Every category, so that what the poster merges into 其他 can be read."""
    phrases = names.phrases
    rows = []
    natures = {
        (row["nature"], row["category"])
        for fund in names.statement["funds"]
        for block in fund["blocks"].values()
        for row in block["rows"]
    }
    order = ("income", "expense", "pass_through", "payable", "deposit_held", "refund", "own_transfer")
    for nature in order:
        block = "own" if nature in order[:2] else "transfers" if nature == "own_transfer" else "others"
        sums = grouped(names.statement, block, nature)
        for category in sorted(
            (c for n, c in natures if n == nature), key=lambda c: (-abs(sums[c][0] - sums[c][1]), c)
        ):
            received, spent = sums[category]
            rows.append(
                (
                    phrases.text(f"nature.{nature}"),
                    names.category(category),
                    phrases.yuan(received),
                    phrases.yuan(spent),
                )
            )
    return table(names, "groups", "nature:text category:text received:money spent:money", rows)


# --- contracts ----------------------------------------------------------------------------------------------------------


def _contracts(names: Names) -> Table:
    phrases = names.phrases
    rows = []
    for contract in names.statement["contracts"]:
        first = contract.get("start") or contract.get("start_printed") or NOTHING
        until = contract.get("end") or contract.get("end_printed") or contract.get("term_printed") or NOTHING
        rows.append(
            (
                contract["code"],
                phrases.text(f"statement.direction_{contract['direction']}"),
                contract["object"],
                names.party(contract.get("party", "")),
                first,
                until,
                _expected(names, contract.get("expected", ())) or NOTHING,
                contract.get("deposit_printed") or NOTHING,
                phrases.yuan(contract["received"]),
                phrases.yuan(contract["spent"]),
            )
        )
    columns = (
        "contract:short direction:short object:text party:text start:short end:short price:text deposit:text "
        "received_now:money spent_now:money"
    )
    return table(names, "contracts", columns, rows)


def _expected(names: Names, expected: Sequence[Mapping[str, Any]]) -> str:
    """How often and how much; where a contract promises several things, also for what."""
    phrases = names.phrases
    said = []
    for item in expected:
        cycle = phrases.text(f"statement.cycle_{item['cycle']}")
        fixed = item["cycle"] not in ("metered", "share")
        amount = phrases.text("term.yuan", amount=phrases.yuan(item["amount"])) if fixed else ""
        what = names.category(item["category"]) if len(expected) > 1 else ""
        said.append(" ".join(part for part in (what, cycle, amount) if part))
    return phrases.clauses(said)


# --- the bank -----------------------------------------------------------------------------------------------------------

SIDES: Final[Mapping[str, tuple[str, int]]] = {
    "bank_received": ("books", 1),
    "bank_paid": ("books", -1),
    "books_received": ("bank", 1),
    "books_paid": ("bank", -1),
    "rejected_received": ("books", -1),
    "rejected_paid": ("books", 1),
}
"""Which side an item moves, and its sign there."""


def reconciliations(names: Names) -> tuple[Reconciliation, ...]:
    """银行存款余额调节表 of each account and month: both sides moved by their items must meet."""
    return tuple(_reconciliation(names, table) for table in names.statement["reconciliation"])


def _reconciliation(names: Names, table: Mapping[str, Any]) -> Reconciliation:
    phrases = names.phrases
    sides: dict[str, list[tuple[str, str]]] = {
        "books": [(phrases.text("statement.books_balance"), phrases.yuan(table["books"]))],
        "bank": [(phrases.text("statement.bank_balance"), phrases.yuan(table["bank"]))],
    }
    adjusted = {"books": table["books"], "bank": table["bank"]}
    for kind, (side, sign) in SIDES.items():
        items = [item for item in table["items"] if item["class"] == kind]
        if kind.startswith("rejected_") and not items:
            continue  # a file taken back is rare: where there is none, nobody needs two more lines of 0.00
        amount = sum(item["amount"] for item in items)
        adjusted[side] += sign * amount
        sides[side].append((phrases.text(f"statement.class_{kind}"), phrases.yuan(amount)))
        sides[side] += [
            (phrases.text("statement.item", day=item["on"], record=item["record"][:8]), phrases.yuan(item["amount"]))
            for item in items
        ]
    agrees = bool(table["agrees"]) and adjusted["books"] == adjusted["bank"] == table["adjusted"]
    return Reconciliation(
        title=phrases.clauses((names.account(table["account"]), phrases.month(table["month"]))),
        books=tuple(sides["books"]),
        bank=tuple(sides["bank"]),
        books_adjusted=phrases.yuan(adjusted["books"]),
        bank_adjusted=phrases.yuan(adjusted["bank"]),
        agrees=agrees,
        verdict=phrases.text("statement.sides_agree" if agrees else "statement.sides_differ"),
    )


def _rejected(names: Names) -> Table:
    """Bank files that were taken back: what they had moved, when and why."""
    phrases = names.phrases
    rows = [
        (
            file["on"],
            names.account(file["account"]),
            phrases.span_of_years(file["start"], file["end"]),
            str(file["count"]),
            phrases.yuan(file["received"]),
            phrases.yuan(file["paid"]),
            file["reason"],
            phrases.digest(file["file"]),
            phrases.digest(file["record"]),
        )
        for file in names.statement["rejected"]
    ]
    columns = (
        "rejected_on:short account:text days:text count:short received_suspense:money spent_suspense:money reason:text "
        "file:digest record:digest"
    )
    return table(names, "rejected", columns, rows)


# --- decisions and what is open -----------------------------------------------------------------------------------------


def _decisions(names: Names) -> Table:
    phrases = names.phrases
    rows = [
        (
            phrases.text("statement.decision_no", number=number),
            phrases.quoted(row["title"]),
            names.budget_line(row["motion"], row.get("line_code", "")),
            str(row["count"]),
            phrases.yuan(row["amount"]),
            phrases.digest(row["certificate"]),
        )
        for number, row in enumerate(names.statement["decisions"]["by_motion"], 1)
    ]
    return table(
        names,
        "decisions",
        "decision:short motion:text budget_line:text count:short amount:money certificate:digest",
        rows,
    )


def _unfounded(names: Names) -> Table:
    phrases = names.phrases
    found = names.statement["open"]["unfounded"]
    rows = [
        (
            item["on"],
            names.account(item["account"]),
            names.fund(item["fund"]),
            names.category(item["category"]),
            names.party(item.get("party", "")),
            phrases.yuan(item["amount"]),
            phrases.digest(item["payment"].partition("#")[0]),
        )
        for item in found
    ]
    total = (phrases.text("statement.total"), "", "", "", "", phrases.yuan(sum(i["amount"] for i in found)), "")
    columns = "on:short account:text fund:text category:text party:text amount:money record:digest"
    return table(names, "unfounded", columns, rows, total if rows else ())


def _pending(names: Names) -> Table:
    """What is approved, awaited or not yet confirmed, one row each."""
    phrases, pending = names.phrases, names.statement["open"]
    rows = [
        (
            phrases.text(f"poster.open_awaited_{'in' if item['amount'] > 0 else 'out'}"),
            item["on"],
            names.account(item["account"]),
            phrases.yuan(abs(item["amount"])),
            phrases.digest(item["record"].partition("#")[0]),
        )
        for item in pending["awaited"]
    ]
    rows += [
        (
            phrases.text("poster.open_approved_unpaid"),
            NOTHING,
            phrases.clauses((names.fund(item["fund"]), names.party(item.get("party", "")))),
            phrases.yuan(item["amount"]),
            phrases.digest(item["stage"].partition("#")[0]),
        )
        for item in pending["approved_unpaid"]
    ]
    rows += [
        (
            phrases.text("poster.open_unconfirmed"),
            item["end"],
            phrases.clauses((names.account(item["account"]), phrases.text("statement.rows", count=item["count"]))),
            NOTHING,
            phrases.digest(item["file"]),
        )
        for item in pending["unconfirmed"]
    ]
    return table(names, "pending", "what:text on:short where:text amount:money record:digest", rows)


def _deductions(names: Names) -> Table:
    phrases = names.phrases
    rows = [
        (
            str(item["line"] + 1),
            phrases.yuan(item["gross"]),
            str(item["cost_line"] + 1),
            phrases.yuan(item["cost"]),
            phrases.yuan(item["net"]),
            names.paper(item["evidence"]),
        )
        for item in names.statement["deductions"]
    ]
    return table(names, "deductions", "line:short gross:money cost_line:short cost:money net:money paper:short", rows)


def _corrections(names: Names) -> Table:
    phrases = names.phrases
    rows = [
        (
            str(item["line"] + 1) if "line" in item else NOTHING,
            item["was"],
            item["now"],
            item["reason"],
            phrases.digest(item["notice"]),
            phrases.digest(item["statement"]),
            phrases.digest(item["contra"]) if "contra" in item else NOTHING,
        )
        for item in names.statement["corrections"]
    ]
    columns = "line:short was:text now:text reason:text notice:digest statement:digest contra:digest"
    return table(names, "corrections", columns, rows)


def _questions(names: Names) -> Table:
    """Questions by what they are about and their days; who asked, and what, stands nowhere."""
    phrases = names.phrases
    lines = {line["record"]: number for number, line in enumerate(names.statement["lines"], 1)}
    rows = []
    for one in names.statement["objections"]:
        number = lines.get(one["about"].partition("#")[0])
        outcome = one.get("outcome")
        rows.append(
            (
                phrases.text("statement.about_line", number=number) if number else NOTHING,
                one["on"],
                one["due"],
                one.get("answered", NOTHING),
                phrases.text(f"statement.outcome_{outcome}") if outcome else NOTHING,
                one.get("slip", NOTHING),
                one["about"],
                phrases.digest(one["objection"]),
            )
        )
    columns = "about:text asked_on:short due:short answered_on:short outcome:short slip:short about_record:digest record:digest"
    return table(names, "questions", columns, rows)


def _documents(names: Names) -> Table:
    phrases = names.phrases
    rows = [
        (
            phrases.text("statement.paper_no", number=number),
            phrases.text(f"statement.document_{document['kind']}"),
            document.get("number_printed", NOTHING),
            document.get("dated", NOTHING),
            document["subject"],
            phrases.digest(digest),
        )
        for digest, (number, document) in names.documents.items()
    ]
    return table(
        names, "documents", "paper:short kind:short doc_number:text dated:short subject:text record:digest", rows
    )
