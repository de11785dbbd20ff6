"""The bank's files of the example, read as any treasurer's, joined to what is there, taken over row by row, confirmed.

2018H2 and the first quarter of 2019 come as the bank's own text export (GB18030), the half-year 2019H1 as a workbook that
begins with the quarter's rows again; they are passed over. A row's parts settle approved stages and recorded deposits, or
say what the money was; three rows have none, since nobody can say, and stand in suspense.

What the bank prints beside the figures (narration, counterparty, account) is sealed, one commitment a row.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from ledger.example import figures, papers
from ledger.example.desk import Desk, Drafted, Step
from ledger.example.figures import Receipt
from ledger.example.payments import by_bank_row, stage
from ledger.exchange import taking
from ledger.exchange.bank import read_bank_file
from ledger.log import merkle
from ledger.period import parse_day

Source = Mapping[str, Any]


def steps() -> Iterable[Step]:
    """Deposits recorded on their day; each file taken over and confirmed."""
    for day in sorted({figures.receipts()[name][0].on for name in figures.settings()["recorded_deposits"]}):
        yield Step(f"{day}T17:30:00+08:00", "bank", partial(record, day=day))
    for source in figures.settings()["bank"]["files"]:
        yield Step(source["imported"], "bank", partial(take_over, source=source))
        yield Step(source["confirmed"], "bank", partial(confirm, source=source))


def record(desk: Desk, day: str) -> None:
    """The treasurer records what should have come in today; the bank's rows will settle it."""
    drafted = []
    for name in figures.settings()["recorded_deposits"]:
        (receipt,) = figures.receipts()[name]
        if receipt.on == day:
            said = _said(receipt) | {"account": "main", "on": day, "gross": receipt.amount, "net": receipt.amount}
            said.pop("amount")
            drafted.append(desk.draft("deposit.recorded/1", said, f"deposit {name}"))
    desk.hand_in(drafted, ["treasurer"])


def take_over(desk: Desk, source: Source) -> None:
    """The treasurer takes over a file: one signature for the file and all its rows."""
    data = figures.read(f"bank/{source['name']}")
    file = read_bank_file(data, source["name"], account=figures.settings()["bank"]["account"])
    papers.enter_parties(desk, _named(source))
    account = desk.books.accounts.account("main")
    joined = taking.fresh(account, file, known=lambda name: name in desk.digests)
    days = (parse_day(source["start"]), parse_day(source["end"]))
    imported = _draft(desk, taking.file_act(account, joined, *days), f"file {source['name']}")
    of = imported.record.digest
    rows = []
    for number, row in enumerate(joined.fresh, len(joined.known) + 1):
        name = f"{source['half']}#{number}"
        rows.append(_draft(desk, taking.row_act(of, row, _parts(desk, name)), f"row {name}"))
        desk.digests[taking.row_name(account.code, row)] = rows[-1].record.digest
        if name in by_bank_row() and by_bank_row()[name][1] == 0:
            desk.digests[f"paid {by_bank_row()[name][0].name}"] = rows[-1].record.digest
    desk.hand_in([imported, *rows], ["treasurer"])
    desk.roots[of] = merkle.root(merkle.leaf_hashes(drafted.record.raw for drafted in rows)).hex()


def confirm(desk: Desk, source: Source) -> None:
    """The supervisor, who saw the bank's own closing balance, confirms the rows."""
    of = desk.digests[f"file {source['name']}"]
    taken = desk.books.accounts.imports[of]
    body = {"file": of, "count": taken.count, "root": desk.roots[of], "closing": taken.closing}
    desk.act("bank.confirmed/1", body, ["supervisor"])


def _named(source: Source) -> Iterable[str]:
    """Whoever the rows name, each once; who is new is entered before them."""
    named = (r for name, parts in figures.receipts().items() if name.startswith(source["half"]) for r in parts)
    return dict.fromkeys(receipt.party for receipt in named if receipt.on <= source["end"])


def _draft(desk: Desk, act: taking.Drafted, name: str) -> Drafted:
    kind, body, private = act
    return desk.draft(kind, body, name, private=private)


def _parts(desk: Desk, name: str) -> list[dict[str, Any]]:
    if f"deposit {name}" in desk.digests:
        (receipt,) = figures.receipts()[name]
        return [{"amount": receipt.amount, "settles": desk.digests[f"deposit {name}"]}]
    if name in figures.receipts():
        return [_said(receipt) for receipt in figures.receipts()[name]]
    paid = by_bank_row().get(name)
    return [stage(desk, *paid)] if paid else []


def _said(receipt: Receipt) -> dict[str, Any]:
    said = {
        "amount": receipt.amount,
        "fund": receipt.fund,
        "category": receipt.category,
        "nature": receipt.nature,
        "party": receipt.party,
        "contract": receipt.contract,
        "covers": receipt.covers,
        "box": "box" if receipt.nature == "own_transfer" else "",
    }
    return {name: value for name, value in said.items() if value != ""}
