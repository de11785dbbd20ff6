"""Suspense 待查款项 on paper: every change of it in the period with the record that made it, and what is still open at its end.

Money of which nobody can yet say what it was is no line, so it stands on no line page; without these two tables it could
come and go between two statements unseen. They meet: carried in, plus what came, less what was explained or returned, is
what is still open. Amounts of receipts and of payments stand in columns of their own and are never netted.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from ledger.paper.naming import Names
from ledger.paper.phrases import NOTHING
from ledger.paper.printed import PrintedWith
from ledger.paper.table import Cells, Table, table

Change = Mapping[str, Any]


def passed(names: Names) -> Table:
    """What was carried in, what came, what became of it: one row a change, numbered by the bank's rows concerned."""
    phrases = names.phrases
    rows: list[Cells] = []
    total = {1: 0, -1: 0}
    for number, (row, carried, changes) in enumerate(_by_row(names.statement), 1):
        sign = 1 if (carried or changes[0]["amount"]) > 0 else -1
        account = next(change["account"] for change in (*changes, *_open(names.statement)) if change["row"] == row)
        no, where = phrases.text("statement.suspense_no", number=number), names.account(account)
        if carried:
            said = phrases.text("statement.suspense_carried")
            rows.append((no, NOTHING, where, said, *_sides(names, sign, carried), phrases.digest(row)))
        for change in changes:
            amounts, record = _sides(names, sign, change["amount"]), phrases.digest(change["by"])
            became = phrases.clauses((_what(names, change, sign), names.paper(change.get("document", ""))))
            rows.append((no, change["on"], where, became, *amounts, record))
        total[sign] += carried + sum(change["amount"] for change in changes)
    sums = (phrases.text("statement.suspense_left"), "", "", "", phrases.yuan(total[1]), phrases.yuan(-total[-1]), "")
    columns = (
        "suspense:short on:short account:text became:text received_suspense:money spent_suspense:money record:digest"
    )
    return table(names, "suspense_passed", columns, rows, sums if rows else ())


def still(names: Names, printed: PrintedWith) -> Table:
    """What nobody could say at the period's end, each row singly."""
    phrases = names.phrases
    rows = [
        (
            item["on"],
            names.account(item["account"]),
            phrases.yuan(item["amount"]) if item["amount"] > 0 else "",
            phrases.yuan(-item["amount"]) if item["amount"] < 0 else "",
            printed.remarks.get(item["row"], NOTHING),
            phrases.digest(item["row"]),
        )
        for item in _open(names.statement)
    ]
    columns = "on:short account:text received_suspense:money spent_suspense:money remark:text record:digest"
    return table(names, "suspense", columns, rows)


def _open(statement: Mapping[str, Any]) -> list[Change]:
    return list(statement["open"]["suspense"])


def _by_row(statement: Mapping[str, Any]) -> Iterator[tuple[str, int, list[Change]]]:
    """Row, what was carried in of it (what is left less what changed), and its changes by day; the oldest row first."""
    changes: defaultdict[str, list[Change]] = defaultdict(list)
    for change in statement["suspense"]:
        changes[change["row"]].append(change)
    left = {item["row"]: item for item in _open(statement)}
    began = {row: moved[0]["on"] for row, moved in changes.items()} | {row: item["on"] for row, item in left.items()}
    for row in sorted(began, key=lambda row: (began[row], row)):
        end = left[row]["amount"] if row in left else 0
        yield row, end - sum(change["amount"] for change in changes[row]), changes[row]


def _what(names: Names, change: Change, sign: int) -> str:
    phrases, became = names.phrases, _became(names, change, sign)
    if change["booked"] == change["on"]:
        return became
    return phrases.clauses((became, phrases.text("statement.earlier", day=change["booked"])))


def _became(names: Names, change: Change, sign: int) -> str:
    """What a change was: the row itself came, its file was taken back, lines explain it, it went back, or a contra made it
    suspense again.
    """
    phrases = names.phrases
    if any(file["record"] == change["by"] for file in names.statement["rejected"]):
        return phrases.text("statement.suspense_rejected")
    if change["by"] == change["row"]:
        return phrases.text("poster.item_bank_received" if sign > 0 else "poster.item_bank_paid")
    if change["amount"] * sign > 0:
        return phrases.text("statement.suspense_again")
    lines = [
        f"{names.category(line['category'])} {phrases.text('statement.line_no', number=number)}"
        for number, line in enumerate(names.statement["lines"], 1)
        if line["record"] == change["by"]
    ]
    if lines:
        return phrases.labelled(phrases.text("statement.suspense_explained"), phrases.join(lines))
    return phrases.text("statement.suspense_returned" if sign > 0 else "statement.suspense_came_back")


def _sides(names: Names, sign: int, amount: int) -> Cells:
    shown = names.phrases.yuan(sign * amount)
    return (shown, "") if sign > 0 else ("", shown)
