"""The line pages 逐笔明细: every line of the statement, account by account in order of booking, with the running balance.

``number`` is the line's place in the statement from 1 (the order of the log, in which the lines are hashed), so that
"line 31" names the same line on the wall, in the file and in the proof.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.paper.naming import Names
from ledger.paper.phrases import NOTHING


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it is printed; ``day`` and ``voucher`` go without the year where it is the period's. ``carried``: received, spent and balance up to
    and with it, for 过次页.
    """

    number: int
    on: str
    day: str
    voucher: str
    category: str
    summary: str
    party: str
    basis: str
    received: str
    spent: str
    balance: str
    papers: str
    remark: str
    carried: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class AccountLines:
    """The lines of one account between its opening and its closing."""

    code: str
    title: str
    opening: str
    received: str
    spent: str
    closing: str
    rows: tuple[Row, ...]


def account_lines(names: Names) -> tuple[AccountLines, ...]:
    """The line pages of a statement; accounts without movement and money are left out."""
    phrases = names.phrases
    by_account: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, line in enumerate(names.statement["lines"], 1):
        by_account.setdefault(line["account"], []).append((number, line))
    pages = []
    for account in names.statement["accounts"]:
        lines = sorted(by_account.get(account["code"], ()), key=lambda item: (item[1]["booked"], item[0]))
        if lines or account["opening"]:
            pages.append(
                AccountLines(
                    code=account["code"],
                    title=names.account(account["code"]),
                    opening=phrases.yuan(account["opening"]),
                    received=phrases.yuan(account["received"]),
                    spent=phrases.yuan(account["spent"]),
                    closing=phrases.yuan(account["closing"]),
                    rows=tuple(_rows(names, account["opening"], lines)),
                )
            )
    return tuple(pages)


def _rows(names: Names, opening: int, lines: list[tuple[int, Mapping[str, Any]]]) -> Iterator[Row]:
    phrases = names.phrases
    balance, received, spent = opening, 0, 0
    year = names.statement["period"]["first"][:4]
    for number, line in lines:
        amount = line["amount"]
        balance += amount
        received += max(0, amount)
        spent += max(0, -amount)
        yield Row(
            number=number,
            on=line["on"],
            day=line["on"][5:] if line["on"][:4] == year else line["on"],
            voucher=line["voucher"][5:] if line["voucher"][:4] == year else line["voucher"],
            category=names.category(line["category"]),
            summary=_summary(names, line),
            party=names.party(line.get("party", "")),
            basis=_basis(names, line),
            received=phrases.yuan(amount) if amount > 0 else "",
            spent=phrases.yuan(-amount) if amount < 0 else "",
            balance=phrases.yuan(balance),
            papers=names.paper(line.get("document", "")),
            remark=phrases.clauses(_remarks(names, number - 1, line)),
            carried=(phrases.yuan(received), phrases.yuan(spent), phrases.yuan(balance)),
        )


def _summary(names: Names, line: Mapping[str, Any]) -> str:
    """What the papers call it: the document's subject, else the contract's object, else the fund it moves."""
    document = names.documents.get(line.get("document", ""))
    subject = document[1]["subject"] if document else names.contract(line.get("contract", "")).get("object", "")
    return names.phrases.clauses((subject, line.get("covers", ""))) or names.fund(line["fund"])


def _basis(names: Names, line: Mapping[str, Any]) -> str:
    phrases = names.phrases
    parts = [phrases.text(f"authority.{line['basis']}")] if line.get("basis") else []
    if line.get("motion"):
        parts.append(names.decision(line["motion"], line.get("line_code", "")))
    if line.get("contract"):
        parts.append(phrases.text("statement.contract_no", code=line["contract"]))
    document = names.documents.get(line.get("document", ""))
    if document and document[1].get("number_printed"):
        parts.append(document[1]["number_printed"])
    return phrases.clauses(parts) or NOTHING


def _remarks(names: Names, index: int, line: Mapping[str, Any]) -> Iterator[str]:
    phrases = names.phrases
    if names.holds_several(line["account"]):
        yield names.fund(line["fund"])
    if line.get("corrects"):
        yield f"{phrases.text('term.contra')} {_corrected(names, line['corrects'])}"
    if line["nature"] not in ("income", "expense"):
        counted = "statement.not_income" if line["amount"] > 0 else "statement.not_expense"
        yield phrases.text(f"nature.{line['nature']}")
        yield phrases.text(counted)
    if line["booked"] != line["on"]:
        yield phrases.text("statement.earlier", day=line["booked"])
    kept = names.deductions.get(index)
    if kept is not None:
        key = "statement.deducted" if index == kept["line"] else "statement.deducted_from"
        numbers = {"line": kept["line"] + 1, "cost_line": kept["cost_line"] + 1}
        yield phrases.text(key, **numbers, **{what: phrases.yuan(kept[what]) for what in ("gross", "cost", "net")})
    if line.get("unit"):
        yield phrases.text("statement.unit_code", code=line["unit"])


def _corrected(names: Names, record: str) -> str:
    """The lines of a record that a contra takes back, or the beginning of its digest where they stand in another statement."""
    numbers = [n for n, line in enumerate(names.statement["lines"], 1) if line["record"] == record]
    return names.phrases.join(names.phrases.text("statement.line_no", number=n) for n in numbers) or record[:8]
