"""The slow model of a journal: all facts of all times, and what a statement prints of them, as the definitions say it.

:func:`fields` gives those fields of a statement that follow from what happened, made by walking through everything.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ledger.accounts import facts as money
from ledger.accounts.booking import NO_BASIS, Line
from ledger.accounts.periods import Closed
from ledger.accounts.state import Accounts
from ledger.log.entry import Entry
from ledger.period import Period
from ledger.publication.decide import Corrected
from ledger.votes.facts import MotionDecided


@dataclass
class Whole:
    """Every entry and fact so far."""

    entries: list[Entry] = field(default_factory=list)
    facts: list[object] = field(default_factory=list)

    def add(self, entry: Entry, facts: Iterable[object]) -> None:
        """One more."""
        self.entries.append(entry)
        self.facts += facts

    def all(self, kind: type) -> list[Any]:
        """The facts of a kind in log order."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def bodies(self, kind: str) -> dict[str, Any]:
        """The bodies of a kind of record by digest."""
        return {e.record.digest: e.record.body for e in self.entries if e.record.kind == kind}

    # --- what stood at the end of a day ------------------------------------------------------------------------------

    def opened_with(self, accounts: Accounts, account: str) -> int:
        """What an account held when the books began."""
        held = sum(amount for (code, _), amount in accounts.balances.items() if code == account)
        return held - sum(line.move.amount for line in self.all(Line) if line.move.account == account)

    def bank(self, accounts: Accounts, account: str, end: str) -> int:
        """The bank's balance."""
        wrong = {out.row for out in self.all(money.RowTakenOut)}
        rows = [r for r in self.all(money.BankMoved) if r.account == account and r.on <= end and r.row not in wrong]
        return int(rows[-1].balance) if rows else self.opened_with(accounts, account)

    def suspense(self, account: str, end: str) -> list[tuple[str, str, int]]:
        """(day it first came there, row, what is left) of each row in suspense."""
        left: dict[str, tuple[str, int]] = {}
        for fact in self.facts:
            match fact:
                case money.BankMoved(row=row, account=of, on=on, open=amount) if amount:
                    pass
                case money.SuspenseMoved(row=row, account=of, on=on, amount=amount):
                    pass
                case money.RowTakenOut(row=row, account=of, until=on, amount=moved):
                    amount = -moved
                case _:
                    continue
            if of == account and on <= end:
                first, so_far = left.get(row, (on, 0))
                left[row] = first, so_far + amount
        return sorted((on, row, amount) for row, (on, amount) in left.items() if amount)

    def counted(self, account: str, end: str) -> list[tuple[str, str, int]]:
        """(day, row, amount) of each row that the books counted and whose file was rejected later."""
        rows = [row for row in self.all(money.RowTakenOut) if row.account == account]
        return sorted((row.on, row.row, row.amount) for row in rows if row.on <= end < row.until)

    def awaited(self, account: str, end: str) -> list[tuple[str, str, int]]:
        """(day, record, amount) of each receipt and payment that the bank has no row for."""
        waiting: dict[str, money.Awaited] = {}
        came: dict[str, str] = {}
        for fact in self.facts:
            if isinstance(fact, money.Awaited):
                waiting[fact.ref] = fact
                came.pop(fact.ref, None)
            elif isinstance(fact, money.Arrived):
                came[fact.ref] = fact.on
        return sorted(
            (one.on, ref, one.amount)
            for ref, one in waiting.items()
            if one.account == account and one.on <= end and came.get(ref, "9999") > end
        )

    # --- fields -------------------------------------------------------------------------------------------------------

    def table(self, accounts: Accounts, account: str, end: str) -> dict[str, Any]:
        """The reconciliation of an account at the end of a day."""
        kinds = {(True, True): "bank_received", (True, False): "bank_paid"}
        kinds |= {(False, True): "books_received", (False, False): "books_paid"}
        suspense, awaited, wrong = (f(account, end) for f in (self.suspense, self.awaited, self.counted))
        items = [
            {"class": kinds[at_bank, amount > 0], "on": on, "amount": abs(amount), "record": ref}
            for at_bank, found in ((True, suspense), (False, awaited))
            for on, ref, amount in found
        ]
        items += [
            {
                "class": "rejected_received" if amount > 0 else "rejected_paid",
                "on": on,
                "amount": abs(amount),
                "record": ref,
            }
            for on, ref, amount in wrong
        ]
        bank = self.bank(accounts, account, end)
        lines = [line for line in self.all(Line) if line.move.account == account and line.on <= end]
        on_the_way = sum(amount for _, _, amount in awaited)
        books = self.opened_with(accounts, account) + sum(line.move.amount for line in lines) + on_the_way
        return {
            "account": account,
            "month": end[:7],
            "day": end,
            "bank": bank,
            "books": books,
            "items": sorted(items, key=lambda item: (item["on"], item["record"])),
            "adjusted": bank + on_the_way,
            "agrees": bank + on_the_way == books + sum(a for _, _, a in suspense) - sum(a for _, _, a in wrong),
        }

    def decisions(self, lines: Sequence[Line]) -> dict[str, Any]:
        """What was spent, by basis and by motion."""
        taken_back = {line.corrects for line in self.all(Line)}
        founded = {fact.ref: fact.motion for fact in self.all(money.Founded)}
        motions = {fact.motion: fact for fact in self.all(MotionDecided)}
        by_basis: defaultdict[str, list[int]] = defaultdict(list)
        by_motion: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for line in lines:
            basis, motion = line.move.basis, line.move.motion
            if basis and not line.corrects and line.record not in taken_back:
                if basis == NO_BASIS:
                    motion = founded.get(f"{line.record}#{line.move.part}", "")
                    basis = "ratified" if motion else NO_BASIS
                by_basis[basis].append(-line.move.amount)
                if motion:
                    by_motion[motion, line.move.line_code].append(-line.move.amount)
        order = ["motion", "budget", "delegation", "ratified", NO_BASIS]
        return {
            "by_basis": [
                {"basis": basis, "count": len(paid), "amount": sum(paid)}
                for basis, paid in sorted(by_basis.items(), key=lambda item: order.index(item[0]))
            ],
            "by_motion": [
                {"motion": motion, "title": motions[motion].title, "certificate": motions[motion].certificate}
                | ({"line_code": code} if code else {})
                | {"count": len(paid), "amount": sum(paid)}
                for (motion, code), paid in sorted(by_motion.items())
            ],
        }

    def suspense_moved(self, first: str, last: str) -> list[dict[str, Any]]:
        """What went into suspense and out of it, as booked in these days."""
        moved, open_from = [], ""
        for fact in self.facts:
            match fact:
                case Closed(period=code):
                    open_from = (Period.parse(code).last + timedelta(days=1)).isoformat()
                case money.BankMoved(on=on, row=row, account=account, open=amount) if amount:
                    moved.append((max(on, open_from), on, row, account, amount, row, ""))
                case money.SuspenseMoved(on=on, row=row, account=account, amount=amount, by=by, document=paper):
                    moved.append((max(on, open_from), on, row, account, amount, by, paper))
                case money.RowTakenOut(until=on, row=row, account=account, amount=amount, by=by):
                    moved.append((on, on, row, account, -amount, by, ""))
                case _:
                    pass
        names = ("booked", "on", "row", "account", "amount", "by", "document")
        told = (zip(names, one, strict=True) for one in sorted(moved) if first <= one[0] <= last)
        return [{name: value for name, value in one if value != ""} for one in told]

    def rejected(self, first: str, last: str) -> list[str]:
        """The records that took a file back, of which a day lies there: of its own, or the one it was taken back on."""
        return [file.record for file in self.all(money.FileRejected) if file.on >= first and file.start <= last]


def fields(drawn: dict[str, Any], whole: Whole, accounts: Accounts) -> dict[str, Any]:
    """The fields of a drawn statement that follow from what happened, as the model has them."""
    first, last = drawn["period"]["first"], drawn["period"]["last"]
    lines = [line for line in whole.all(Line) if line.period == drawn["period"]["code"]]
    banks = [code for code in sorted(accounts.accounts) if accounts.account(code).nature != "petty"]
    documents, contracts = whole.bodies("document.entered/1"), whole.bodies("contract.entered/1").values()
    printed = ("kind", "number_printed", "dated", "subject")
    return {
        "lines": [line.leaf() for line in lines],
        "reconciliation": [whole.table(accounts, table["account"], table["day"]) for table in drawn["reconciliation"]],
        "accounts": [
            account
            | ({"bank_balance": whole.bank(accounts, account["code"], last)} if "bank" in account["nature"] else {})
            for account in drawn["accounts"]
        ],
        "decisions": whole.decisions(lines),
        "suspense": whole.suspense_moved(first, last),
        "rejected": whole.rejected(first, last),
        "open": drawn["open"]
        | {
            "suspense": [
                {"row": row, "account": code, "on": on, "amount": amount}
                for code in banks
                for on, row, amount in whole.suspense(code, last)
            ],
            "awaited": [
                {"record": ref, "account": code, "on": on, "amount": amount}
                for code in banks
                for on, ref, amount in whole.awaited(code, last)
            ],
        },
        "contracts": [
            {name: value for name, value in body.items() if name not in ("document", "total_printed", "notes")}
            | {
                "received": sum(max(line.move.amount, 0) for line in lines if line.move.contract == body["code"]),
                "spent": -sum(min(line.move.amount, 0) for line in lines if line.move.contract == body["code"]),
            }
            for body in sorted(contracts, key=lambda body: body["code"])
        ],
        "documents": [
            {"digest": digest} | {name: value for name, value in documents[digest].items() if name in printed}
            for digest in sorted(
                {line.move.document for line in lines}
                | {moved.get("document", "") for moved in whole.suspense_moved(first, last)} - {""}
            )
            if digest
        ],
        "corrections": [c.notice for c in whole.all(Corrected)],
    }
