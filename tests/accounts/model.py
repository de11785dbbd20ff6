"""A second opinion on the accounts, as small as can be: plain dictionaries, no code of the ledger.

Each method does what one act should do, or raises :class:`Impossible`. Money is counted where it is: the bank's balance,
the funds in bank and box, each row in suspense. What a record said is kept as it was, so that it can be taken back.
"""

import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

BANK_FUNDS = {"service_fee", "common_income", "maintenance"}
BOX_FUNDS = {"service_fee", "common_income"}
CHAIR_ALONE_BELOW = 500_00

Part = dict[str, Any]
"""A part of a row or payment as its body has it."""


class Impossible(Exception):
    """The act must be refused."""


def must(condition: bool) -> None:
    """Refuse unless so."""
    if not condition:
        raise Impossible


@dataclass
class Stage:
    """An instalment."""

    amount: int
    paid: bool = False
    dropped: bool = False
    instructed: bool = False

    @property
    def waiting(self) -> bool:
        return not self.paid and not self.dropped


@dataclass
class Asked:
    """A withdrawal."""

    fund: str
    applicant: str
    stages: list[Stage]
    account: str = ""
    proposer: str = ""
    authority: str = ""
    approvers: tuple[str, ...] = ()
    approved_on: str = ""

    @property
    def total(self) -> int:
        return sum(stage.amount for stage in self.stages)


@dataclass
class Said:
    """What a record said of money: the row concerned if any, its day, and the parts."""

    account: str
    row: str
    parts: list[Part]


@dataclass
class File:
    """A bank file: its rows with their amounts, and where the bank stood before it."""

    digest: str
    rows: dict[str, int]
    bank: int
    last_day: str


@dataclass
class Authority:
    """What is left of an authority, what it may pay from, and how much at once."""

    funds: set[str]
    each: int
    left: int


@dataclass
class Model:
    """All money of the community, and what may be done with it."""

    bank: int
    held: Counter[tuple[str, str]]
    """(account, fund) -> fen."""
    authorities: dict[str, Authority]
    suspense: dict[str, int] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    """Bank row -> its day."""
    back_on: dict[str, str] = field(default_factory=dict)
    """Bank row in suspense -> the latest day for which a contra put money there."""
    pending: dict[str, tuple[str, int]] = field(default_factory=dict)
    deposits: dict[str, tuple[str, str, int, int, str]] = field(default_factory=dict)
    """Account, fund, net, what the payer kept, the stage that this pays."""
    asked: dict[str, Asked] = field(default_factory=dict)
    proposals: dict[str, str] = field(default_factory=dict)
    unfounded: dict[str, int] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    unconfirmed: set[str] = field(default_factory=set)
    files: list[File] = field(default_factory=list)
    last_day: str = ""
    booking: str = ""
    """The day for which the act under way books."""
    box_moved: str = ""
    box_counted: str = ""
    left_state: dict[str, Asked] = field(default_factory=dict)
    """Withdrawals that were settled when their period closed."""

    # --- parts -------------------------------------------------------------------------------------------------------

    def say(self, record: str, account: str, row: str, day: str, parts: list[Part]) -> int:
        """What parts do when they are said; their sum."""
        for number, part in enumerate(parts):
            amount = part["amount"]
            must(amount != 0)
            if "settles" in part and "#" in part["settles"]:
                must(amount < 0)
                self.pay(part["settles"], account, -amount, day)
            elif "settles" in part:
                must(part["settles"] in self.pending)
                _, net = self.pending.pop(part["settles"])
                must(account == "bank" and amount == net)
                self.receive(part["settles"], f"{record}#{32 + number}", day)
            elif "returns" in part:
                # Money that goes out has a paper: the part's own, or the evidence with which a row is cleared.
                must(amount > 0 or "document" in part or row != record)
                must(self.days.get(part["returns"], "") <= day)
                must(self.back_on.get(part["returns"], "") <= self.booking)
                self.take(part["returns"], -amount)
            else:
                self.move(account, part["fund"], amount)
                if "box" in part:
                    self.move("box", part["fund"], -amount)
                if amount < 0:
                    self.unfounded[f"{record}#{number}"] = -amount
        must(all(amount >= 0 for amount in self.held.values()))
        self.said[record] = Said(account, row, parts)
        return sum(part["amount"] for part in parts)

    def receive(self, deposit: str, ref: str, day: str) -> None:
        """A deposit is here: all of it came, and what was kept of it went, under a stage or as the payment ``ref``."""
        account, fund, net, kept, stage = self.deposits[deposit]
        self.move(account, fund, net + kept)
        if stage:
            must(stage.partition("#")[0] in self.asked and self.asked[stage.partition("#")[0]].fund == fund)
            self.pay(stage, account, kept, day)
        elif kept:
            self.move(account, fund, -kept)
            self.unfounded[ref] = kept

    def give_up(self, deposit: str, ref: str) -> None:
        """The inverse."""
        account, fund, net, kept, stage = self.deposits[deposit]
        self.move(account, fund, -net - kept)
        if stage:
            self.unpay(stage, account, -kept)
        elif kept:
            self.move(account, fund, kept)
            self.unfounded.pop(ref, None)

    def move(self, account: str, fund: str, amount: int) -> None:
        must(fund in (BOX_FUNDS if account == "box" else BANK_FUNDS))
        if account == "box":
            must(self.booking >= self.box_counted)
            self.box_moved = max(self.box_moved, self.booking)
        self.held[account, fund] += amount

    def pay(self, ref: str, account: str, amount: int, day: str) -> None:
        """A stage is paid: approved before that day, whole, once, from its account."""
        application, _, number = ref.partition("#")
        must(application in self.asked)
        asked = self.asked[application]
        must(int(number) < len(asked.stages))
        stage = asked.stages[int(number)]
        must(asked.approved_on != "" and asked.approved_on <= day)
        must(stage.waiting and asked.account == account and stage.amount == amount)
        stage.paid = True
        self.move(account, asked.fund, -amount)

    def take(self, row: str, amount: int) -> None:
        """Take an amount (with the row's sign) out of its suspense."""
        held = self.suspense.get(row, 0)
        must(held * amount > 0 and abs(amount) <= abs(held))
        self.suspense[row] = held - amount
        if held == amount:
            self.back_on.pop(row, None)

    def put_back(self, row: str, amount: int) -> None:
        """A contra puts it into suspense again."""
        self.put(row, amount)
        self.back_on[row] = max(self.back_on.get(row, ""), self.booking)

    def put(self, row: str, amount: int) -> None:
        self.suspense[row] = self.suspense.get(row, 0) + amount

    # --- acts ----------------------------------------------------------------------------------------------------------

    def begin(self, file: str) -> None:
        """A file of the bank, whose rows follow."""
        self.files.append(File(file, {}, self.bank, self.last_day))
        self.unconfirmed.add(file)

    def reject(self, file: str) -> None:
        """The newest file never was."""
        must(file in self.unconfirmed and self.files[-1].digest == file)
        gone = self.files.pop()
        must(all(self.suspense[row] == amount for row, amount in gone.rows.items()))
        for row in gone.rows:
            del self.suspense[row]
        self.bank, self.last_day = gone.bank, gone.last_day
        self.unconfirmed.remove(file)

    def row(self, record: str, day: str, amount: int, parts: list[Part]) -> None:
        """A row of the bank."""
        must(amount != 0 and day >= self.last_day and all(part["amount"] * amount > 0 for part in parts))
        self.booking = day
        total = self.say(record, "bank", record, day, parts)
        must((amount - total) * amount >= 0)
        self.bank += amount
        self.files[-1].rows[record] = amount
        self.days[record] = self.last_day = day
        self.put(record, amount - total)

    def clear(self, record: str, day: str, row: str, parts: list[Part]) -> None:
        """A row in suspense is said to be something."""
        held = self.suspense.get(row, 0)
        must(held != 0 and all(part["amount"] * held > 0 for part in parts))
        self.booking = day
        total = self.say(record, "bank", row, self.days[row], parts)
        self.take(row, total)

    def cash(self, record: str, day: str, parts: list[Part]) -> None:
        """Money out of the box."""
        must(all(part["amount"] < 0 and not {"box", "returns"} & part.keys() for part in parts))
        self.booking = day
        self.say(record, "box", "", day, parts)

    def count(self, day: str, counted: int) -> None:
        """The box is counted: all that moved until that day's evening, and nothing later."""
        must(counted == sum(amount for (account, _), amount in self.held.items() if account == "box"))
        must(day >= max(self.box_moved, self.box_counted))
        self.box_counted = day

    def deposit(self, record: str, day: str, account: str, fund: str, net: int, kept: int, stage: str) -> None:
        """A receipt is recorded, if it could be received as things stand."""
        self.booking = day
        self.deposits[record] = account, fund, net, kept, stage
        trial = self if account == "box" else copy.deepcopy(self)
        trial.receive(record, f"{record}#32", day)
        if account != "box":
            self.pending[record] = fund, net

    def contra(self, day: str, corrects: str) -> None:
        """What a record said is taken back, once."""
        self.booking = day
        must(corrects not in self.undone)
        if corrects in self.deposits:
            if self.deposits[corrects][0] == "box":
                self.give_up(corrects, f"{corrects}#32")
            else:
                must(corrects in self.pending)
                del self.pending[corrects]
        else:
            must(corrects in self.said and self.said[corrects].parts != [])
            self.unsay(corrects, self.said[corrects])
        must(all(amount >= 0 for amount in self.held.values()))
        self.undone.add(corrects)

    def unsay(self, record: str, said: Said) -> None:
        for number, part in enumerate(said.parts):
            amount = part["amount"]
            if "settles" in part and "#" in part["settles"]:
                self.unpay(part["settles"], said.account, amount)
            elif "settles" in part:
                _, fund, net, _, _ = self.deposits[part["settles"]]
                self.pending[part["settles"]] = fund, net
                self.give_up(part["settles"], f"{record}#{32 + number}")
            elif "returns" in part:
                self.put_back(part["returns"], -amount)
            else:
                self.move(said.account, part["fund"], -amount)
                if "box" in part:
                    self.move("box", part["fund"], amount)
                self.unfounded.pop(f"{record}#{number}", None)
        if said.row:
            self.put_back(said.row, sum(part["amount"] for part in said.parts))

    def unpay(self, ref: str, account: str, amount: int) -> None:
        application, _, number = ref.partition("#")
        asked = self.asked.get(application)
        if asked is None:
            asked = self.left_state[application]
            self.authorities[asked.authority].left -= amount
        else:
            stage = asked.stages[int(number)]
            stage.paid = False
        self.move(account, asked.fund, -amount)

    def apply_for(self, record: str, fund: str, applicant: str, amounts: list[int]) -> None:
        """Money is asked for."""
        self.asked[record] = Asked(fund, applicant, [Stage(amount) for amount in amounts])

    def propose(self, record: str, application: str, proposer: str, account: str, name: str) -> None:
        """An application is to be paid under an authority."""
        must(application in self.asked)
        asked = self.asked[application]
        must(not asked.proposer and proposer != asked.applicant and proposer in ("chair", "treasurer", "member"))
        must(asked.fund in (BOX_FUNDS if account == "box" else BANK_FUNDS))
        authority = self.authorities[name]
        must(asked.fund in authority.funds and asked.total <= min(authority.each, authority.left))
        blocked = -sum(amount for amount in self.suspense.values() if amount < 0) if account == "bank" else 0
        must(asked.stages[0].amount <= self.held[account, asked.fund] - blocked)
        authority.left -= asked.total
        asked.proposer, asked.account, asked.authority = proposer, account, name
        self.proposals[record] = application

    def approve(self, proposal: str, approver: str, day: str) -> None:
        """One approval; below 500 yuan the chair's, from there on chair's and registrar's."""
        must(proposal in self.proposals and self.proposals[proposal] in self.asked)
        asked = self.asked[self.proposals[proposal]]
        seats = {"chair"} if asked.total < CHAIR_ALONE_BELOW else {"chair", "registrar"}
        must(not asked.approved_on and approver in seats - set(asked.approvers) - {asked.proposer, asked.applicant})
        asked.approvers += (approver,)
        if set(asked.approvers) == seats:
            asked.approved_on = day

    def instruct(self, ref: str, day: str) -> None:
        """A stage went to the bank."""
        application, _, number = ref.partition("#")
        must(application in self.asked)
        asked = self.asked[application]
        stage = asked.stages[int(number)]
        must(asked.approved_on != "" and asked.approved_on <= day and stage.waiting and not stage.instructed)
        stage.instructed = True

    def drop(self, application: str) -> None:
        """What is unpaid will not be paid."""
        must(application in self.asked)
        asked = self.asked[application]
        waiting = [stage for stage in asked.stages if stage.waiting]
        must(waiting != [])
        if asked.authority:
            self.authorities[asked.authority].left += sum(stage.amount for stage in waiting)
        if not any(stage.paid for stage in asked.stages):
            del self.asked[application]
        for stage in waiting:
            stage.dropped, stage.instructed = True, False

    def close(self) -> None:
        """A period closes: what is settled leaves, but for what a file that may still be rejected says was paid."""
        for application, asked in list(self.asked.items()):
            claimed = asked.account == "bank" and self.unconfirmed
            if not claimed and not any(stage.waiting for stage in asked.stages):
                self.left_state[application] = self.asked.pop(application)

    # --- what must always hold ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """No fen came from nowhere and none is gone."""
        funds = sum(amount for (account, _), amount in self.held.items() if account == "bank")
        assert self.bank == funds + sum(self.suspense.values())
