"""The example's figures, as the files in ``data`` give them: amounts in fen, areas in 0.01 m², days as text.

``units.csv``         label (a private room label), building, use, area, owner (a number; 0 the developer), counted
``papers.csv``        letters, forms and contracts as printed; ``received``: the day the treasurer had it
``paper_lines.csv``   their lines as printed; an empty amount was not printed
``contracts.csv``     who, what, until when as printed, and what is expected each cycle
``payments.csv``      what was paid for one letter: to whom, when, by which bank row (none: from the cash box), and under
                      what: a budget's line, ``delegation``, ``motion``, ``none``, or ``dropped`` (asked for, never paid)
``instalments.csv``   the same for monthly payments under a contract
``receipts.csv``      what each bank row that came in was
``community.toml``    everything else: offices, accounts, the manager's terms, meetings, questions, bank files, times

A bank row is named by its half-year and its number in the bank's order there: ``2019H1#66``. Rows that nothing here names
are the ones that nobody can explain.

>>> meals = papers()["L10"]
>>> meals.number, meals.total, [line.amount for line in meals.lines]
('澜物业字〔2018〕10号', 936000, [936000])
>>> sum(unit.area for unit in units() if unit.counted)
6059369
"""

import csv
import io
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from ledger.money import parse_yuan

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """A room, by its private label."""

    label: str
    building: str
    use: str
    area: int
    owner: int
    counted: bool


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as printed; texts are empty and the amount None where nothing was printed."""

    text: str
    quantity: str
    unit: str
    price: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter, form or contract as printed."""

    code: str
    file_no: int | None
    number: str
    dated: str
    saved: str
    received: str
    kind: str
    subject: str
    period: str
    total: int | None
    funding: str
    attachments: str
    approval: str
    lines: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract; ``start`` and ``end`` as printed, ``cycle`` empty where nothing is promised."""

    code: str
    direction: str
    object: str
    party: str
    paper: str
    start: str
    end: str
    term: str
    cycle: str
    amount: int
    category: str
    management_fee: int
    metered: bool
    total: int | None
    notes: str


@dataclass(frozen=True, slots=True)
class Instalment:
    """Money that left: ``bank_row`` is empty where it came out of the cash box."""

    amount: int
    paid_on: str
    bank_row: str
    covers: str


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid for a letter, or month by month under a contract. ``name``: the paper's or the contract's code."""

    name: str
    paper: str
    party: str
    category: str
    nature: str
    contract: str
    under: str
    instalments: tuple[Instalment, ...]

    @property
    def total(self) -> int:
        """All instalments together."""
        return sum(part.amount for part in self.instalments)

    @property
    def account(self) -> str:
        """The own account it was paid from."""
        return "main" if any(part.bank_row for part in self.instalments) else "box"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a part of a bank row that came in was."""

    on: str
    contract: str
    party: str
    fund: str
    category: str
    nature: str
    covers: str
    amount: int


@dataclass(frozen=True, slots=True)
class Party:
    """A payer or payee; a natural one's ``title`` is private."""

    code: str
    nature: str
    title: str


def read(name: str) -> bytes:
    """A file of the example's data, by its path there."""
    return (resources.files(__package__) / "data").joinpath(*name.split("/")).read_bytes()


@cache
def settings() -> Mapping[str, Any]:
    """``community.toml``."""
    return tomllib.loads(read("community.toml").decode())


@cache
def units() -> tuple[Unit, ...]:
    """All rooms."""
    return tuple(
        Unit(
            row["label"],
            row["building"],
            row["use"],
            parse_yuan(row["area_m2"]),  # two decimals, like money
            int(row["owner"]),
            row["counted"] == "1",
        )
        for row in _table("units.csv")
    )


@cache
def papers() -> Mapping[str, Paper]:
    """All papers by code, in the order of their register."""
    lines: defaultdict[str, list[PaperLine]] = defaultdict(list)
    for row in _table("paper_lines.csv"):
        line = PaperLine(row["text"], row["quantity"], row["unit"], row["price"], _fen(row["amount"]))
        lines[row["paper"]].append(line)
    return {
        row["paper"]: Paper(
            row["paper"],
            int(row["file_no"]) if row["file_no"] else None,
            row["number"],
            row["dated"],
            row["saved"],
            row["received"],
            row["kind"],
            row["subject"],
            row["period"],
            _fen(row["total"]),
            row["funding"],
            row["attachments"],
            row["approval"],
            tuple(lines[row["paper"]]),
        )
        for row in _table("papers.csv")
    }


@cache
def contracts() -> tuple[Contract, ...]:
    """All contracts."""
    return tuple(
        Contract(
            row["contract"],
            row["direction"],
            row["object"],
            row["party"],
            row["paper"],
            row["start"],
            row["end"],
            row["term"],
            row["cycle"],
            _fen(row["amount"]) or 0,
            row["category"],
            _fen(row["management_fee"]) or 0,
            row["metered"] == "1",
            _fen(row["total"]),
            row["notes"],
        )
        for row in _table("contracts.csv")
    )


@cache
def payments() -> tuple[Payment, ...]:
    """All payments: one a letter, then one a contract with its instalments."""
    once = [
        Payment(
            row["paper"],
            row["paper"],
            row["party"],
            row["category"],
            row["nature"],
            row["contract"],
            row["under"],
            (Instalment(parse_yuan(row["amount"]), row["paid_on"], row["bank_row"], ""),),
        )
        for row in _table("payments.csv")
    ]
    monthly: dict[str, Payment] = {}
    for row in _table("instalments.csv"):
        code = row["contract"]
        begun = monthly.get(
            code, Payment(code, row["paper"], row["party"], row["category"], "expense", code, row["under"], ())
        )
        part = Instalment(parse_yuan(row["amount"]), row["paid_on"], row["bank_row"], row["covers"])
        monthly[code] = replace(begun, instalments=(*begun.instalments, part))
    return (*once, *monthly.values())


@cache
def receipts() -> Mapping[str, tuple[Receipt, ...]]:
    """What came in, by bank row."""
    by_row: defaultdict[str, list[Receipt]] = defaultdict(list)
    for row in _table("receipts.csv"):
        by_row[row["bank_row"]].append(
            Receipt(
                row["on"],
                row["contract"],
                row["party"],
                row["fund"],
                row["category"],
                row["nature"],
                row["covers"],
                parse_yuan(row["amount"]),
            )
        )
    return {name: tuple(parts) for name, parts in by_row.items()}


@cache
def parties() -> Mapping[str, Party]:
    """All payers and payees by code."""
    return {row["party"]: Party(row["party"], row["nature"], row["title"]) for row in _table("parties.csv")}


def _table(name: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(read(name).decode(), newline="")))


def _fen(text: str) -> int | None:
    return parse_yuan(text) if text else None
