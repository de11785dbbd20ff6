"""The statement 收支公示表: a pure function of the entries before a prefix, for one period, as canonical JSON.

It holds codes and data, no sentences, and nothing later than its prefix: who signed it, when it hangs, what was objected
stand on prints only. Its SHA-256 is what people sign, compare and hang. Amounts are fen; ``received`` and ``spent``
are never negative.

=================  ================================================================================================
field              what
=================  ================================================================================================
``statement``      1, this format
``ledger`` …       genesis digest, origin, community's name, machine, ``example`` where it is one
``prefix`` …       the number of entries it follows from, the root of their tree, the time of the last
``period``         code, first and last day; ``previous``: digest of the statement before
``profile`` …      name and digest of the profile, name of the chart, titles of its categories used here
``accounts``       of each own account: what it is, opening, received, spent, closing; for a bank account the bank's
                   balance at the period's end, until which day rows are there and confirmed, the difference
``funds``          per account and fund: opening, three blocks by nature, closing, what of the opening is unproven
``totals``         over all own accounts: opening, income, expense, what is neither, transfers, closing
``lines``          every line booked into the period in log order, as its leaf; ``count``, ``root``
``reconciliation`` the table of each bank account at each month's end (:mod:`ledger.publication.reconciliation`)
``decisions``      what the spending rests on: count and amount by basis, and by motion
``open``           what is not settled: suspense, payments without authority, deposits awaited, files unconfirmed,
                   withdrawals approved and not paid
``suspense``       all that is booked in the period as gone into suspense or out of it, by which record and paper: late
                   rows too, so that nothing passes unseen
``rejected``       bank files taken back, in this period or of days in it: what they had moved, when, by which record, why
``contracts``      each contract with what it promised and what its lines brought or cost in the period
``deductions``     receipts of which the payer kept something: line and amount of gross and cost, net, the evidence
``documents``      number, date and subject as printed of each document that a line or suspense names; ``parties``: titles
``corrections``    correction notices to earlier statements
``objections``     from machine 2 on: each question that the statement before did not show as answered: what it is about, when it
                   was filed, until when an answer is due, when it came
=================  ================================================================================================
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from ledger import canonical, period
from ledger.accounts import periods
from ledger.accounts.booking import NO_BASIS, Line
from ledger.accounts.records import MOST_PARTS
from ledger.accounts.state import Accounts, PeriodBook
from ledger.errors import Refused
from ledger.publication.decide import World, totals_of
from ledger.publication.journal import Journal
from ledger.publication.reconciliation import bank_balance, items_open, month_ends, reconcile

BLOCKS: Final[Mapping[str, str]] = {
    "income": "own",
    "expense": "own",
    "pass_through": "others",
    "payable": "others",
    "deposit_held": "others",
    "refund": "others",
    "own_transfer": "transfers",
}
"""Block of each nature: ``own`` is 收入 and 支出; ``others`` is neither (代收代付、往来、押金、退款); ``transfers`` moves within."""


class StatementWorld(World, Protocol):
    """The books, seen by a statement: the publication room's world and the ledger's own names."""

    @property
    def ledger(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def machine(self) -> int: ...
    @property
    def example(self) -> bool: ...


def digest_of(statement: Mapping[str, Any]) -> str:
    """SHA-256 of a statement's canonical bytes, hex."""
    return hashlib.sha256(canonical.encode(dict(statement))).hexdigest()


def draw_up(world: StatementWorld, journal: Journal, root: bytes) -> dict[str, Any]:
    """The statement of the next period as the books stand. ``root``: of the log's tree at this prefix.

    Raises ``books.not_open``, ``statement.journal`` when the journal is not of these books.
    """
    accounts = world.accounts
    span = periods.next_period(accounts)
    book = accounts.periods.get(span.code) or PeriodBook()
    lines = journal.lines.get(span.code, [])
    if len(lines) != book.lines.size:
        raise Refused("statement.journal", len(lines), book.lines.size)
    suspense = _suspense(journal, span)
    latest = world.publication.latest
    statement: dict[str, Any] = {
        "statement": 1,
        "ledger": world.ledger,
        "origin": world.origin,
        "name": world.name,
        "machine": world.machine,
        "prefix": journal.size,
        "root": root.hex(),
        "time": period.format_time(journal.time),
        "period": {"code": span.code, "first": span.first.isoformat(), "last": span.last.isoformat()},
        "profile": {"name": world.rules.profile.name, "digest": world.rules.profile.digest},
        "chart": accounts.chart.name,
        "accounts": [_account(accounts, journal, code, span) for code in sorted(accounts.accounts)],
        "funds": _funds(accounts, span.code),
        "totals": _totals(accounts, span.code),
        "count": book.lines.size,
        "lines_root": book.lines.root().hex(),
        "lines": [line.leaf() for line in lines],
        "reconciliation": [
            reconcile(journal, code, _opening(accounts, code), lines, end.isoformat())
            for code in sorted(accounts.accounts)
            if accounts.account(code).nature != "petty"
            for end in month_ends(max(span.first, period.parse_day(accounts.opened_on)), span.last)
        ],
        "decisions": _decisions(journal, lines),
        "open": _open(accounts, journal, span.last.isoformat()),
        "suspense": suspense,
        "rejected": _rejected(journal, span),
        "contracts": _contracts(journal, lines),
        "deductions": _deductions(lines),
        "documents": _documents(journal, lines, suspense),
        "parties": _parties(accounts, journal, lines),
        "categories": [
            {"code": code, "zh": accounts.chart.categories[code].zh, "en": accounts.chart.categories[code].en}
            for code in sorted({line.move.category for line in lines})
        ],
        "corrections": [
            {"notice": c.notice, "statement": c.statement, "was": c.was, "now": c.now, "reason": c.reason}
            | ({} if c.line is None else {"line": c.line})
            | ({"contra": c.contra} if c.contra else {})
            for c in journal.corrections
        ],
    }
    if world.machine >= 2:
        statement["objections"] = journal.objections.shown()
    if latest is not None:
        statement["previous"] = latest.digest
    if world.example:
        statement["example"] = True
    return statement


def publication_body(statement: Mapping[str, Any], accounts: Accounts) -> dict[str, Any]:
    """The body of the ``statement.published/1`` that publishes a statement."""
    code = statement["period"]["code"]
    return {
        "period": code,
        "prefix": statement["prefix"],
        "digest": digest_of(statement),
        "totals": [total.model_dump() for total in totals_of(accounts, code)],
        "count": statement["count"],
        "root": statement["lines_root"],
    }


def _opening(accounts: Accounts, code: str) -> int:
    """What an account held when the next period began: while its bank has sent no row, the bank's balance too."""
    return sum(amount for (account, _), amount in accounts.openings.items() if account == code)


def _account(accounts: Accounts, journal: Journal, code: str, span: period.Period) -> dict[str, Any]:
    account = accounts.account(code)
    totals = [t for t in totals_of(accounts, span.code) if t.account == code]
    closing = sum(t.closing for t in totals)
    value: dict[str, Any] = {
        "code": code,
        "nature": account.nature,
        "title": account.title,
        "holder": account.holder,
        "funds": list(account.funds),
        "opening": sum(t.opening for t in totals),
        "received": sum(t.received for t in totals),
        "spent": sum(t.spent for t in totals),
        "closing": closing,
        "mandate": [
            {"least": tier.least, "seats": [list(wanted) for wanted in tier.seats], "posting": tier.posting}
            for tier in account.mandate
        ],
    }
    value |= {name: text for name, text in (("bank", account.bank), ("number", account.number)) if text}
    if account.nature == "petty":
        return value | ({"counted": account.counted_on} if account.counted_on else {})
    last = span.last.isoformat()
    balance = bank_balance(journal, code, _opening(accounts, code), last)
    unconfirmed = [i for i in accounts.imports.values() if i.account == code and i.start <= last]
    value |= {
        "bank_balance": balance,
        "difference": balance - closing,
        "complete": bool(account.rows_until) and account.rows_until >= last,
        "confirmed": not unconfirmed,
    }
    return value | ({"rows_until": min(account.rows_until, last)} if account.rows_until else {})


def _funds(accounts: Accounts, code: str) -> list[dict[str, Any]]:
    unproven = {(account, fund): amount for account, fund, amount in accounts.unproven}
    book = accounts.periods.get(code) or PeriodBook()
    funds = []
    for total in totals_of(accounts, code):
        blocks: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for (account, fund, nature, category), moved in sorted(book.sums.items()):
            if (account, fund) == (total.account, total.fund):
                blocks[BLOCKS[nature]].append(
                    {"nature": nature, "category": category, "received": moved.received, "spent": moved.spent}
                )
        value: dict[str, Any] = total.model_dump() | {
            "blocks": {
                name: {
                    "received": sum(row["received"] for row in rows),
                    "spent": sum(row["spent"] for row in rows),
                    "rows": rows,
                }
                for name, rows in ((name, blocks[name]) for name in ("own", "others", "transfers"))
            }
        }
        if (total.account, total.fund) in unproven:
            value["unproven"] = unproven[(total.account, total.fund)]
        funds.append(value)
    return funds


def _totals(accounts: Accounts, code: str) -> dict[str, Any]:
    """What a contra'd receipt gave back counts against income, not as an expense; likewise for expenses."""
    sums: defaultdict[str, int] = defaultdict(int)
    book = accounts.periods.get(code) or PeriodBook()
    for (_, _, nature, _), moved in book.sums.items():
        if nature == "income":
            sums["income"] += moved.received - moved.spent
        elif nature == "expense":
            sums["expense"] += moved.spent - moved.received
        else:
            sums[f"{BLOCKS[nature]}_received"] += moved.received
            sums[f"{BLOCKS[nature]}_spent"] += moved.spent
    totals = totals_of(accounts, code)
    names = ("income", "expense", "others_received", "others_spent", "transfers_received", "transfers_spent")
    return {
        "opening": sum(t.opening for t in totals),
        **{name: sums[name] for name in names},
        "closing": sum(t.closing for t in totals),
    }


def _decisions(journal: Journal, lines: Iterable[Line]) -> dict[str, Any]:
    """What went out by what it rests on, contra entries and the payments they take back left out."""
    taken_back = journal.taken_back()
    by_basis: defaultdict[str, list[int]] = defaultdict(list)
    by_motion: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for line in lines:
        move = line.move
        if not move.basis or line.corrects or line.record in taken_back:
            continue
        basis, motion = move.basis, move.motion
        if basis == NO_BASIS:
            motion = journal.founded.get(f"{line.record}#{move.part}", "")
            basis = "ratified" if motion else NO_BASIS
        by_basis[basis].append(-move.amount)
        if motion:
            by_motion[(motion, move.line_code)].append(-move.amount)
    return {
        "by_basis": [
            {"basis": basis, "count": len(by_basis[basis]), "amount": sum(by_basis[basis])}
            for basis in ("motion", "budget", "delegation", "ratified", NO_BASIS)
            if by_basis[basis]
        ],
        "by_motion": [
            {
                "motion": motion,
                "title": journal.motions[motion].title,
                "certificate": journal.motions[motion].certificate,
            }
            | ({"line_code": code} if code else {})
            | {"count": len(paid), "amount": sum(paid)}
            for (motion, code), paid in sorted(by_motion.items())
        ],
    }


def _open(accounts: Accounts, journal: Journal, last: str) -> dict[str, Any]:
    """What was not settled on the period's last evening; what lacks authority, still lacks it at the prefix."""
    waiting_items = [(code, item) for code in sorted(accounts.accounts) for item in items_open(journal, code, last)]
    waiting = [
        (asked, n, stage)
        for asked in accounts.withdrawals.values()
        if asked.approved
        for n, stage in enumerate(asked.stages)
        if stage.waiting
    ]
    return {
        "suspense": [
            {
                "row": item.ref,
                "account": code,
                "on": item.on,
                "amount": item.amount * (1 if item.kind == "bank_received" else -1),
            }
            for code, item in waiting_items
            if item.kind in ("bank_received", "bank_paid")
        ],
        "unfounded": [
            {
                "payment": u.ref,
                "account": u.account,
                "fund": u.fund,
                "category": u.category,
                "on": u.on,
                "amount": u.amount,
            }
            | ({"party": u.party} if u.party else {})
            for u in sorted(accounts.unfounded.values(), key=lambda u: (u.on, u.ref))
            if u.on <= last
        ],
        "awaited": [
            {
                "record": item.ref,
                "account": code,
                "on": item.on,
                "amount": item.amount * (1 if item.kind == "books_received" else -1),
            }
            for code, item in waiting_items
            if item.kind in ("books_received", "books_paid")
        ],
        "unconfirmed": [
            {"file": i.digest, "account": i.account, "count": i.count, "end": i.end}
            for i in sorted(accounts.imports.values(), key=lambda i: (i.start, i.digest))
        ],
        "approved_unpaid": [
            {"stage": f"{asked.application}#{n}", "party": asked.party, "fund": asked.fund, "amount": stage.amount}
            for asked, n, stage in sorted(waiting, key=lambda w: (w[0].application, w[1]))
        ],
    }


def _suspense(journal: Journal, span: period.Period) -> list[dict[str, Any]]:
    moved = [
        (move.booked, move.on, row, account, move.amount, move.by, move.document)
        for row, account, move in journal.suspense_moved(span.first.isoformat(), span.last.isoformat())
    ]
    return [
        {"row": row, "account": account, "booked": booked, "on": on, "amount": amount, "by": by}
        | ({"document": document} if document else {})
        for booked, on, row, account, amount, by, document in sorted(moved)
    ]


def _rejected(journal: Journal, span: period.Period) -> list[dict[str, Any]]:
    first, last = span.first.isoformat(), span.last.isoformat()
    return [
        {
            "file": file.file,
            "account": file.account,
            "start": file.start,
            "end": file.end,
            "count": file.count,
            "received": file.received,
            "paid": file.paid,
            "on": file.on,
            "record": file.record,
            "reason": file.reason,
        }
        for file in journal.rejected
        if file.start <= last and file.on >= first
    ]


def _contracts(journal: Journal, lines: Iterable[Line]) -> list[dict[str, Any]]:
    received: defaultdict[str, int] = defaultdict(int)
    spent: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        (received if line.move.amount > 0 else spent)[line.move.contract] += abs(line.move.amount)
    return [
        {**printed, "received": received[code], "spent": spent[code]}
        for code, printed in sorted(journal.contracts.items())
    ]


def _deductions(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Gross, cost and net together (CC 282; SPC 14). The line of the gross stands right before that of the deduction."""
    return [
        {
            "line": n - 1,
            "gross": lines[n - 1].move.amount,
            "cost_line": n,
            "cost": -line.move.amount,
            "net": lines[n - 1].move.amount + line.move.amount,
            "evidence": line.move.document,
        }
        for n, line in enumerate(lines)
        if line.move.part >= MOST_PARTS
    ]


def _documents(journal: Journal, lines: Iterable[Line], suspense: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    named = {line.move.document for line in lines} | {item.get("document", "") for item in suspense}
    return [{"digest": digest, **journal.documents[digest]} for digest in sorted(named - {""})]


def _parties(accounts: Accounts, journal: Journal, lines: Iterable[Line]) -> list[dict[str, Any]]:
    codes = {line.move.party for line in lines} | {printed.get("party", "") for printed in journal.contracts.values()}
    codes |= {u.party for u in accounts.unfounded.values()}
    return [dict(journal.parties[code]) for code in sorted(codes - {""})]
