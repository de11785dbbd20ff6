"""A community that has money: chart, a bank account, a petty-cash box, parties, papers, open books.

``treasury()`` gives a new one, made once and copied. After every act the accounts are checked against all facts so far
(:mod:`tests.accounts.invariants`). Motions need no vote here: ``house.grant({...})`` puts what one founds into the state,
as the books do when a meeting is certified. (A ledger with such a grant has no replay; the model's own votes.)
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from itertools import count
from typing import Any, Self

from ledger.accounts import authorities, periods
from ledger.accounts.chart import Chart
from ledger.accounts.rejection import still_said
from ledger.accounts.state import Account, Accounts, Authority, PeriodBook, Withdrawal
from ledger.log.entry import Record, Signature
from ledger.publication.decide import totals_of
from tests.accounts import invariants
from tests.community import BOTH, Community, Memory, Signatory, digest_of

CHART = (resources.files("ledger.accounts") / "data/charts/community.toml").read_text("utf-8")
MANDATE = [{"least": 1, "seats": [["chair", "vice_chair"]]}, {"least": 500_00, "seats": [["chair"], ["registrar"]]}]
"""Below 500 yuan the chair; from there on chair and registrar."""
OPENING = {"service_fee": 10_000_00, "common_income": 2_000_00, "maintenance": 5_000_00}

Row = tuple[str, int] | tuple[str, int, Sequence[Mapping[str, Any]]]
"""Day, signed fen, parts if any."""


class Treasury(Community):
    """See the module. ``party``, ``letter`` and ``contract`` are registered; people are named by their office."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.enter("zhang")
        self.act("chart.adopted/1", {"text": CHART}, by=BOTH)
        self.account("bank", "bank", ["service_fee", "common_income", "maintenance"])
        self.account("box", "petty", ["service_fee", "common_income"])
        self.letter = self.document()
        self.party("lift")
        self.party("zhao", persons=["zhang"])
        self.act(
            "contract.entered/1",
            {"code": "c1", "direction": "out", "object": "电梯维保", "party": "lift"},
            by=["chair"],
        )

    def open(self, on: str = "2026-01-01", opening: Mapping[str, int] = OPENING, **other: Any) -> str:
        """Open the books."""
        parts = [
            {"account": "bank", "fund": fund, "amount": amount, "source": self.letter, "proven": fund != "maintenance"}
            for fund, amount in opening.items()
        ]
        body = {"on": on, "handed_over_by": "前期物业", "parts": parts}
        return self.act("books.opened/1", body | other, by=BOTH)

    def submit(self, record: Record, signed: Sequence[Signature]) -> str:
        """As any community's, with every invariant checked after it; a refusal leaves the very same books."""
        digest = super().submit(record, signed)
        invariants.check(self.accounts, self.all_facts)
        return digest

    def fork(self) -> Self:
        """A copy that goes its own way."""
        number = next(self._numbers)
        self._numbers = count(number)
        twin = copy.copy(self)
        twin._numbers = count(number)
        twin.past = Memory(dict(self.past.names), list(self.past.entries), list(self.past.facts))
        twin.all_facts = list(self.all_facts)
        twin.refs, twin._keys = dict(self.refs), {name: list(keys) for name, keys in self._keys.items()}
        return twin

    # --- what stands -----------------------------------------------------------------------------------------------

    @property
    def accounts(self) -> Accounts:
        """The accounts as they are."""
        return self.books.accounts

    @property
    def bank(self) -> Account:
        """The bank account."""
        return self.accounts.account("bank")

    @property
    def chart(self) -> Chart:
        """The chart in force."""
        return self.accounts.chart

    def fund(self, fund: str, account: str = "bank") -> int:
        """What a fund has in an account."""
        return self.accounts.balances.get((account, fund)) or 0

    def withdrawal(self, application: str) -> Withdrawal:
        """A withdrawal on its way."""
        return self.accounts.withdrawals[application]

    def authority(self, motion: str, line: str = "") -> Authority:
        """An authority."""
        return self.accounts.authorities[motion, line]

    # --- what must stand before --------------------------------------------------------------------------------------

    def account(self, code: str, nature: str, funds: Sequence[str], **other: Any) -> str:
        """Open an account under the mandate above."""
        body = {"code": code, "nature": nature, "title": code, "holder": "committee", "funds": list(funds)}
        return self.act("account.opened/1", body | {"mandate": MANDATE} | other, by=BOTH)

    def document(self, subject: str = "函", **other: Any) -> str:
        """Register a paper."""
        return self.act("document.entered/1", {"kind": "letter", "subject": subject} | other, by=["chair"])

    def party(self, code: str, *, persons: Sequence[str] = (), **other: Any) -> str:
        """Enter a payer or payee; ``persons`` by name."""
        body: dict[str, Any] = {"code": code, "nature": "legal", "title": code}
        if persons:
            body["persons"] = [self.ref(name) for name in persons]
        return self.act("party.entered/1", body | other, by=["chair"])

    def grant(self, effect: Mapping[str, Any], matter: int = 9, name: str = "motion") -> str:
        """What a passed motion founds. Its reference."""
        motion = f"{digest_of(name)}#0"
        accounts, facts = authorities.grant(self.accounts, motion, matter, effect)
        self.books = replace(self.books, accounts=accounts)
        self.facts = facts
        self.all_facts += facts
        self.past.facts[-1] += (
            facts  # as if the newest entry had founded it: what follows from a ledger is read by entry
        )
        return motion

    def budget(self, cap: int = 5_000_00, name: str = "budget", **other: Any) -> str:
        """A budget for 2026 with one line for lifts from the service fees; its motion."""
        line = {"line": "lifts", "fund": "service_fee", "categories": ["lift", "access_control"], "cap": cap}
        effect = {"type": "budget", "start": "2026-01-01", "until": "2026-12-31", "lines": [line | other]}
        return self.grant(effect, name=name)

    def payment(self, cap: int = 1_000_00, fund: str = "service_fee", party: str = "lift", **other: Any) -> str:
        """The authority to pay one party; its motion."""
        effect = {"type": "payment", "fund": fund, "party": party, "purpose": "大修", "cap": cap}
        effect |= {"start": "2026-01-01", "until": "2026-12-31"}
        return self.grant(
            effect | other, matter=5 if fund == "maintenance" else 9, name=f"payment {fund} {party} {cap}"
        )

    def delegation(self, each: int = 300_00, total: int = 1_000_00, **other: Any) -> str:
        """Small payments left to the body; the motion."""
        effect = {"type": "delegation", "funds": ["service_fee", "common_income"], "each": each, "total": total}
        return self.grant(effect | {"start": "2026-01-01", "until": "2026-12-31"} | other, name="delegation")

    def close(self, code: str) -> None:
        """Close the next period's books, as publishing its statement does."""
        accounts, facts = periods.close(self.accounts, code)
        self.books = replace(self.books, accounts=accounts)
        self.all_facts += facts

    def statement_body(self) -> dict[str, Any]:
        """The body that publishes the next period's statement; its digest is nobody's business here."""
        code = periods.next_period(self.accounts).code
        book = self.accounts.periods.get(code) or PeriodBook()
        return {
            "period": code,
            "prefix": len(self.entries),
            "digest": digest_of(code),
            "totals": [total.model_dump() for total in totals_of(self.accounts, code)],
            "count": book.lines.size,
            "root": book.lines.root().hex(),
        }

    def publish_next(self) -> str:
        """Publish the next period's statement."""
        return self.act("statement.published/1", self.statement_body(), by=["treasurer", "chair"])

    # --- withdrawals --------------------------------------------------------------------------------------------------

    def apply_for(self, *amounts: int, by: Sequence[Signatory] = ("member",), **other: Any) -> str:
        """Ask for money in stages."""
        body = {"party": "lift", "fund": "service_fee", "category": "lift", "nature": "expense", "purpose": "维保"}
        return self.act("withdrawal.applied/1", body | {"stages": [{"amount": a} for a in amounts]} | other, by=by)

    def propose(
        self,
        application: str,
        motion: str,
        line: str = "lifts",
        *,
        account: str = "bank",
        by: Sequence[Signatory] = ("treasurer",),
    ) -> str:
        """Propose an application under an authority."""
        basis = {"motion": motion} | ({"line": line} if line else {})
        return self.act(
            "withdrawal.proposed/1", {"application": application, "account": account, "basis": basis}, by=by
        )

    def approve(self, proposal: str, by: Signatory = "chair") -> str:
        """One approval."""
        return self.act("withdrawal.approved/1", {"proposal": proposal}, by=[by])

    def approved(
        self, *amounts: int, motion: str = "", line: str = "lifts", account: str = "bank", **other: Any
    ) -> str:
        """A withdrawal that chair and, if needed, registrar approved, under a budget unless said otherwise."""
        application = self.apply_for(*amounts, **other)
        proposal = self.propose(application, motion or self.budget(name=f"b {application}"), line, account=account)
        self.approve(proposal)
        if not self.withdrawal(application).approved:
            self.approve(proposal, "registrar")
        assert self.withdrawal(application).approved
        return application

    # --- the bank and the box -------------------------------------------------------------------------------------------

    def file_body(self, rows: Sequence[Row], **other: Any) -> dict[str, Any]:
        """The body that begins a file with these rows."""
        account = self.accounts.account(other.get("account", "bank"))
        days = [row[0] for row in rows] or [self.day]
        return {
            "account": account.code,
            "file": digest_of(f"file {len(self.entries)} {rows}"),
            "layout": "generic",
            "start": days[0],
            "end": days[-1],
            "opening": account.balance,
            "closing": account.balance + sum(row[1] for row in rows),
            "count": len(rows),
            **other,
        }

    def row_body(self, file: str, number: int, row: Row, balance: int, **other: Any) -> dict[str, Any]:
        """The body of one row that leaves ``balance``."""
        narration, _ = self.commit("bank.row/1", "narration", f"narration {number}")
        return {
            "file": file,
            "row": number + 2,
            "on": row[0],
            "amount": row[1],
            "balance": balance,
            "ordinal": 0,
            "narration": narration,
            "parts": [dict(part) for part in row[2]] if len(row) == 3 else [],
            **other,
        }

    def take(
        self,
        *rows: Row,
        by: Signatory = "treasurer",
        file: Mapping[str, Any] | None = None,
        row: Mapping[str, Any] | None = None,
        confirmed: bool = False,
    ) -> list[str]:
        """Import a file with these rows in one batch: the digests of the import and of its rows.

        ``file`` and ``row`` replace fields of the bodies (``row`` those of the last one).
        """
        records = self.file_records(rows, file or {}, row or {})
        self.whole(records, [by])
        if confirmed:
            self.confirm(records[0].digest)
        return [record.digest for record in records]

    def file_records(
        self, rows: Sequence[Row], file: Mapping[str, Any] | None = None, row: Mapping[str, Any] | None = None
    ) -> list[Record]:
        """The records that import a file, made now and not yet signed."""
        self._tick(None)
        begun = self.record("bank.imported/1", self.file_body(rows, **(file or {})))
        records, balance = [begun], self.accounts.account(begun.body["account"]).balance
        for number, one in enumerate(rows):
            balance += one[1]
            last = row if row and number == len(rows) - 1 else {}
            records.append(self.record("bank.row/1", self.row_body(begun.digest, number, one, balance) | dict(last)))
        return records

    def whole(self, records: Sequence[Record], by: Sequence[Signatory]) -> None:
        """Apply a batch whole or not at all."""
        kept = self.books, self.past.names.copy(), len(self.entries), len(self.all_facts)
        facts: list[object] = []
        try:
            for record, signed in zip(records, self.sign_batch(records, by), strict=True):
                self.submit(record, signed)
                facts += self.facts
        except BaseException:
            self.books, self.past.names = kept[0], kept[1]
            del self.entries[kept[2] :], self.past.facts[kept[2] :], self.all_facts[kept[3] :]
            raise
        self.facts = tuple(facts)

    def confirm(self, file: str, by: Sequence[Signatory] = ("supervisor",), **other: Any) -> str:
        """Confirm a file with its own figures unless ``other`` says others."""
        taken = self.accounts.imports[file]
        body = {"file": file, "count": taken.count, "root": taken.range.root().hex(), "closing": taken.closing}
        return self.act("bank.confirmed/1", body | other, by=by)

    def reject(self, file: str, by: Sequence[Signatory] = ("treasurer",)) -> str:
        """Take a file back of which nothing is said any more."""
        return self.act("bank.rejected/1", {"file": file, "reason": "导错了账户"}, by=by)

    def unsay(self, file: str, **other: Any) -> list[str]:
        """Take back by contra what the rows of a file were said to be, in the order that the refusal names."""
        said = still_said(self.past, file, len(self.entries))
        for record in said:
            self.contra(record, **other)
        return said

    def deposit(self, net: int = 100_00, **other: Any) -> str:
        """Record a receipt for the bank account."""
        body = {"account": "bank", "on": self.day, "fund": "service_fee", "category": "service_fee", "nature": "income"}
        return self.act("deposit.recorded/1", body | {"gross": net, "net": net} | other, by=["treasurer"])

    def clear(self, row: str, *parts: Mapping[str, Any], **other: Any) -> str:
        """Say what a row in suspense was."""
        body = {"row": row, "on": self.day, "evidence": self.letter, "parts": [dict(p) for p in parts]}
        return self.act("suspense.cleared/1", body | other, by=["treasurer"])

    def pay_cash(self, *parts: Mapping[str, Any], **other: Any) -> str:
        """Pay out of the box."""
        body = {"account": "box", "on": self.day, "parts": [dict(p) for p in parts]}
        return self.act("cash.paid/1", body | other, by=["treasurer"])

    def contra(self, corrects: str, **other: Any) -> str:
        """Take back what a record said."""
        body = {"corrects": corrects, "on": self.day, "reason": "记错"}
        return self.act("contra.recorded/1", body | other, by=["treasurer"])


def fees(amount: int, **other: Any) -> dict[str, Any]:
    """A part that is service fees received."""
    return {"amount": amount, "fund": "service_fee", "category": "service_fee", "nature": "income"} | other


def spent(amount: int, **other: Any) -> dict[str, Any]:
    """A part that was spent on lifts (``amount`` positive) without saying on what it rests."""
    return {"amount": -amount, "fund": "service_fee", "category": "lift", "nature": "expense"} | other


def to_box(amount: int, **other: Any) -> dict[str, Any]:
    """A part that went to the petty-cash box (negative: came from it)."""
    moved = {"amount": -amount, "fund": "service_fee", "category": "own_transfer", "nature": "own_transfer"}
    return moved | {"box": "box"} | other


@cache
def _made(opened: bool) -> Treasury:
    house = Treasury()
    if opened:
        house.open()
    return house


def treasury(*, opened: bool = True) -> Treasury:
    """A community with money, in January 2026; its books open unless said otherwise."""
    return _made(opened).fork()
