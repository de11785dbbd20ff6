"""What is to be paid, with everything beside it that whoever decides needs: contract, document, the last payment to the same
payee, the authorities that would carry it, the accounts that could pay it.

Two sorts: applications on their way (applied for, proposed, approved, at the bank), and what contracts promise for the cycle
that runs and nobody has asked for yet. The second is a suggestion and nothing more; whether money is owed, its payee says.
Which authority carries a payment is asked of the machine itself (:func:`ledger.accounts.authorities.reserve`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from ledger.accounts import authorities as granting
from ledger.accounts import records
from ledger.accounts.state import Accounts, Authority, Withdrawal
from ledger.accounts.withdrawals import asked_of, free_in
from ledger.errors import NotFound, Refused
from ledger.exchange import cycles, matching
from ledger.log.act import read_body
from ledger.period import parse_day
from ledger.store.past import Rows
from ledger.store.reading import meetings, registers, withdrawals
from ledger.store.reading.registers import ContractItem, ExpectedItem
from ledger.store.reading.shown import MOST, Code, Day, Digest, Fen, Ref, Seq, Shown, absent, entry_of
from ledger.store.reading.withdrawals import WithdrawalItem

if TYPE_CHECKING:
    from ledger.store.store import Store

TO_PAYEE: Final = (
    "SELECT seq, record, day, amount, category, contract, corrects FROM line WHERE party = ? AND amount < 0 "
    "ORDER BY seq DESC, i DESC LIMIT 60"
)
UNDER_CONTRACT: Final = "SELECT amount FROM line WHERE contract = ? AND category = ? AND day >= ? AND day <= ?"
TAKEN_BACK: Final = "SELECT 1 FROM used WHERE kind = 'contra' AND key = ?"


class LastPaid(Shown):
    """The last payment to the same payee: under the same contract, else for the same category."""

    record: Digest
    seq: Seq
    on: Day
    amount: Annotated[int, Field(description="fen, positive")]
    same_contract: bool


class Carrier(Shown):
    """An authority. ``left``: what is neither proposed nor paid under it now."""

    motion: Ref
    line: Annotated[Code | None, Field(description="line of a budget")] = None
    title: str
    meeting: Annotated[Digest, Field(description="the call of the meeting that decided it")]
    kind: Annotated[str, Field(description="motion, budget or delegation")]
    cap: Fen
    left: Fen
    until: Day


class Source(Shown):
    """An own account that keeps the fund. ``free``: what may be proposed from it; ``enough`` for the first stage."""

    account: Code
    title: str
    free: Fen
    enough: bool


class Paper(Shown):
    """The document behind it, as printed."""

    record: Digest
    seq: Seq
    kind: str
    subject: str
    number_printed: str | None = None
    dated: Day | None = None
    total_printed: Fen | None = None
    redacted: Annotated[Digest | None, Field(description="its public file")] = None


class Stretch(Shown):
    """A cycle of a contract, both days included."""

    first: Day
    last: Day


class Asking(Shown):
    """What an application for it would say (fields of ``withdrawal.applied/1``)."""

    party: Code
    fund: Code
    category: Code
    nature: str
    purpose: str
    contract: Code
    amount: Fen


class Transfer(Shown):
    """A stage that may be paid: what to tell the bank. ``reference`` 附言 lets the bank's row find it again."""

    stage: Ref
    amount: Fen
    due: Day | None = None
    reference: Annotated[str, Field(examples=["MZ5E88489800"])]
    instructed: Day | None = None


class DueItem(Shown):
    """One payment. ``withdrawal`` once somebody has applied for it, else ``asking``; ``cycle`` of its contract that runs.

    ``difference``: fen more than the last payment, negative for less.
    """

    amount: Annotated[int, Field(description="fen still to be paid")]
    payee: str
    withdrawal: WithdrawalItem | None = None
    asking: Asking | None = None
    contract: ContractItem | None = None
    cycle: Stretch | None = None
    document: Paper | None = None
    last: LastPaid | None = None
    difference: Fen | None = None
    carriers: Annotated[
        tuple[Carrier, ...], Field(description="authorities that would carry it, before it is proposed")
    ]
    rests: Annotated[
        Carrier | None, Field(description="the one that it was proposed under, while that has days left")
    ] = None
    sources: tuple[Source, ...]
    transfers: tuple[Transfer, ...] = ()


class Due(Shown):
    """What is to be paid on a day."""

    on: Day
    items: tuple[DueItem, ...]


def due(store: "Store", today: str) -> Due:
    """Everything that waits to be paid on a day: first what was applied for, then what contracts promise."""
    accounts = store.books.accounts
    contracts = [registers.contract_of(entry) for entry in store.using("contract")]
    items = withdrawals.withdrawals(store, live=True, limit=MOST, newest=False).items
    with store.reading() as reader:
        view = _View(reader.rows, accounts, today, {one.code: one for one in contracts})
        found = [*(view.applied(one) for one in items), *view.promised()]
    return Due(on=today, items=tuple(found))


def one(store: "Store", application: str, today: str) -> DueItem:
    """One application with everything beside it. Raises NotFound ``withdrawal.unknown``."""
    accounts = store.books.accounts
    contracts = {entry.record.body["code"]: entry for entry in store.using("contract")}
    with store.reading() as reader:
        item = withdrawals.read(reader.rows, accounts, application)
        known = {item.contract: registers.contract_of(contracts[item.contract])} if item.contract else {}
        return _View(reader.rows, accounts, today, known).applied(item)


class _View:
    """The books on a day, in a reader of the caller."""

    def __init__(self, rows: Rows, accounts: Accounts, today: str, contracts: dict[str, ContractItem]) -> None:
        self._rows = rows
        self._accounts = accounts
        self._today = today
        self._contracts = contracts

    def applied(self, item: WithdrawalItem) -> DueItem:
        """An application on its way, or one that is settled."""
        live = self._accounts.withdrawals.get(item.application)
        waiting = [stage for stage in live.stages if stage.waiting] if live else []
        contract = self._contracts.get(item.contract or "")
        return self._item(
            sum(stage.amount for stage in waiting),
            item.party,
            item.category,
            contract,
            carriers=self._carriers(live) if live and not live.proposal else (),
            rests=self._rests(live),
            sources=self._sources(item.fund, waiting[0].amount if waiting else 0, item.account),
            withdrawal=item,
            cycle=self._cycle(contract, item.category),
            document=self._paper(item.document) if item.document else None,
            transfers=tuple(_transfers(live)) if live and live.approved else (),
        )

    def promised(self) -> Iterator[DueItem]:
        """What contracts promise for the cycle that runs, less what was paid or asked for."""
        for contract in self._contracts.values():
            if contract.direction != "out" or contract.party is None or not _runs(contract, self._today):
                continue
            for expected in contract.expected:
                left = self._left(contract, expected)
                if left > 0:
                    yield self._suggested(contract, contract.party, expected, left)

    def _suggested(self, contract: ContractItem, party: str, expected: ExpectedItem, amount: int) -> DueItem:
        said = {"party": party, "fund": expected.fund, "category": expected.category, "nature": expected.nature}
        body = records.WithdrawalApplied.model_validate(
            said | {"purpose": contract.object, "contract": contract.code, "stages": [{"amount": amount}]}, strict=False
        )
        return self._item(
            amount,
            party,
            expected.category,
            contract,
            carriers=self._carriers(asked_of("", "", body)),
            sources=self._sources(expected.fund, amount, None),
            asking=Asking(**said, purpose=contract.object, contract=contract.code, amount=amount),
            cycle=self._cycle(contract, expected.category),
        )

    def _left(self, contract: ContractItem, expected: ExpectedItem) -> int:
        """Fen of a promise that the running cycle still lacks; 0 for what has no cycle or no fixed amount."""
        span = cycles.span(expected.cycle, contract.start or "", parse_day(self._today))
        if not expected.amount or span is None:
            return 0
        days = (span[0].isoformat(), span[1].isoformat())
        moved = sum(amount for (amount,) in self._rows(UNDER_CONTRACT, (contract.code, expected.category, *days)))
        asked = sum(
            stage.amount
            for one in self._accounts.withdrawals.values()
            if (one.contract, one.category) == (contract.code, expected.category)
            for stage in one.stages
            if stage.waiting
        )
        return max(0, expected.amount + int(moved) - asked)

    def _item(self, amount: int, party: str, category: str, contract: ContractItem | None, **more: object) -> DueItem:
        last = self._last(party, category, contract.code if contract else "")
        return DueItem(
            amount=amount,
            payee=self._title(party),
            contract=contract,
            last=last,
            difference=amount - last.amount if last and amount else None,
            **more,  # type: ignore[arg-type]  # fields of the model, which checks them
        )

    def _title(self, party: str) -> str:
        """The public title of a payee; a natural person's code."""
        seq = registers.named(self._rows, "party", party)
        if seq is None:
            raise NotFound("party.unknown", party[:80])
        return str(registers.body_at(self._rows, seq).get("title", party))

    def _last(self, party: str, category: str, contract: str) -> LastPaid | None:
        rows = self._rows(TO_PAYEE, (party,))
        best: LastPaid | None = None
        for seq, record, day, amount, of, under, corrects in rows:
            same = bool(contract) and under == contract
            fits = same or (of == category and best is None)
            if fits and not corrects and not self._rows(TAKEN_BACK, (record,)):
                best = LastPaid(record=record, seq=seq, on=day, amount=-amount, same_contract=same)
                if same or not contract:
                    break
        return best

    def _carriers(self, asked: Withdrawal) -> tuple[Carrier, ...]:
        """The authorities that the machine would take the payment from today, the narrowest first."""
        fitting = []
        for (motion, line), authority in self._accounts.authorities.items():
            try:
                granting.reserve(self._accounts, asked, motion, line, self._today)
            except Refused:
                continue
            fitting.append(authority)
        fitting.sort(key=lambda a: (not a.party, not a.categories, a.kind, a.until, a.motion, a.line))
        return tuple(self._carrier(authority) for authority in fitting)

    def _rests(self, live: Withdrawal | None) -> Carrier | None:
        authority = self._accounts.authorities.get((live.motion, live.line)) if live else None
        return self._carrier(authority) if authority else None

    def _carrier(self, authority: Authority) -> Carrier:
        decided = meetings.rests(self._rows, authority.motion)
        return Carrier(
            motion=authority.motion,
            line=absent(authority.line),
            title=decided.title,
            meeting=decided.meeting,
            kind=authority.kind,
            cap=authority.cap,
            left=authority.cap - authority.spent,
            until=authority.until,
        )

    def _sources(self, fund: str, first: int, chosen: str | None) -> tuple[Source, ...]:
        return tuple(
            Source(account=code, title=account.title, free=(free := free_in(self._accounts, account, fund)), enough=free >= first)
            for code, account in sorted(self._accounts.accounts.items())
            if fund in account.funds and chosen in (None, code)
        )  # fmt: skip

    def _paper(self, record: str) -> Paper:
        entry = entry_of(self._rows, record)
        body = read_body(records.DocumentEntered, entry.record.body, entry.record.kind)
        return Paper(
            record=record,
            seq=entry.seq,
            kind=body.kind,
            subject=body.subject,
            number_printed=body.number_printed,
            dated=body.dated,
            total_printed=body.total_printed,
            redacted=body.redacted,
        )

    def _cycle(self, contract: ContractItem | None, category: str) -> Stretch | None:
        if contract is None:
            return None
        found = _cycles(contract, category, parse_day(self._today))
        return Stretch(first=found[0].isoformat(), last=found[1].isoformat()) if found else None


def _transfers(live: Withdrawal) -> Iterator[Transfer]:
    for number, stage in enumerate(live.stages):
        if stage.waiting:
            ref = f"{live.application}#{number}"
            yield Transfer(
                stage=ref,
                amount=stage.amount,
                due=absent(stage.due),
                reference=matching.reference(ref),
                instructed=absent(stage.instructed),
            )


def _runs(contract: ContractItem, day: str) -> bool:
    return (contract.start or day) <= day <= (contract.end or day)


def _cycles(contract: ContractItem, category: str, day: date) -> cycles.Span | None:
    spans: Sequence[cycles.Span | None] = [
        cycles.span(one.cycle, contract.start or "", day) for one in contract.expected if one.category == category
    ]
    return next((span for span in spans if span), None)
