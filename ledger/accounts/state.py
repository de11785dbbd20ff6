"""The accounts of one community at one point of its ledger. O(live): what is settled leaves, sums and watermarks stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from rpds import HashTrieMap

from ledger.accounts.chart import Chart
from ledger.errors import NotFound, Refused
from ledger.frozen import replace
from ledger.log.merkle import Range

INCOME_NATURES: Final = frozenset({"income"})
EXPENSE_NATURES: Final = frozenset({"expense"})


@dataclass(frozen=True, slots=True)
class Tier:
    """From ``least`` fen on: the seats to fill (sorted roles each) after ``posting`` days in public."""

    least: int
    seats: tuple[tuple[str, ...], ...]
    posting: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its mandate; for a bank account what the bank's rows left, for a box when it moved and was counted."""

    code: str
    nature: str
    title: str
    holder: str
    bank: str
    number: str
    funds: tuple[str, ...]
    mandate: tuple[Tier, ...]
    rows_until: str = ""
    """The day until which the bank's rows are here: that of the last one, or the end of its file once it is whole."""
    balance: int = 0
    newest: str = ""
    """The newest of its bank files, by the digest of its ``bank.imported/1``; empty before the first."""
    suspense_in: int = 0
    suspense_out: int = 0
    moved_on: str = ""
    """The latest day on which money moved in the box."""
    counted_on: str = ""
    """The day of the box's last count."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Where an account stood before a file: the file before, the day until which rows were here, the balance they left."""

    file: str
    rows_until: str
    balance: int


@dataclass(frozen=True, slots=True)
class Import:
    """A bank file being taken over (``taken`` < ``count``) or waiting for its confirmation; ``file``: its own digest.

    ``received`` and ``paid``: what its rows moved so far, both as positive fen.
    """

    digest: str
    file: str
    account: str
    importer: str
    start: str
    end: str
    count: int
    closing: int
    joins: Joint
    taken: int = 0
    received: int = 0
    paid: int = 0
    range: Range = field(default_factory=Range)


@dataclass(frozen=True, slots=True)
class Suspense:
    """What of a bank row nobody can yet say what it was; ``amount`` has the row's sign, ``file`` is its import's record."""

    row: str
    account: str
    file: str
    on: str
    amount: int
    since: str = ""
    """The day on which a contra put money back; what it was is not said for a day before it."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A deposit recorded for a bank account whose row has not come yet."""

    deposit: str
    account: str
    on: str
    fund: str
    category: str
    nature: str
    gross: int
    cost: int
    net: int
    party: str
    contract: str
    document: str
    unit: str
    covers: str
    cost_evidence: str = ""
    cost_settles: str = ""
    cost_category: str = ""
    cost_party: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """What a payment may rest on 用款依据. ``line`` names a budget's line; ``spent`` counts what is proposed or paid."""

    motion: str
    line: str
    kind: str
    matter: int
    funds: tuple[str, ...]
    categories: tuple[str, ...]
    party: str
    each: int
    cap: int
    start: str
    until: str
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """One instalment: ``paid`` in fen, ``instructed`` the day it went to the bank. A dropped one keeps its place, since
    others refer to stages by number.
    """

    amount: int
    due: str
    paid: int = 0
    instructed: str = ""
    dropped: bool = False

    @property
    def waiting(self) -> bool:
        """Neither paid nor dropped."""
        return not self.paid and not self.dropped


@dataclass(frozen=True, slots=True)
class Hold:
    """An owner's objection to a posted payment. One a person and payment: a second one is answered, but holds nothing."""

    person: str
    objection: str
    open: bool = True


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal on its way; it leaves the state when its last stage is paid or it is dropped."""

    application: str
    applicant: str
    party: str
    fund: str
    category: str
    nature: str
    document: str
    contract: str
    stages: tuple[Stage, ...]
    into: str = ""
    payees: tuple[str, ...] = ()
    """Persons of this ledger who are the party or stand behind it."""
    proposal: str = ""
    proposer: str = ""
    proposed_on: str = ""
    account: str = ""
    motion: str = ""
    line: str = ""
    kind: str = ""
    approvals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(person, roles held when approving)"""
    approved_on: str = ""
    """The legal day of the approval that filled the mandate; empty before."""
    holds: tuple[Hold, ...] | None = None
    """Objections raised while the payment was posted (from machine 2 on); None where nobody raised one."""

    @property
    def held_by(self) -> tuple[str, ...]:
        """The objections that nobody has answered yet: until then nobody approves."""
        return tuple(hold.objection for hold in self.holds or () if hold.open)

    @property
    def approved(self) -> bool:
        """Whether the stages may be paid."""
        return self.approved_on != ""


@dataclass(frozen=True, slots=True)
class Unfounded:
    """A payment booked without authority 尚无依据, by ``digest#part`` of the record that booked it."""

    ref: str
    account: str
    fund: str
    category: str
    party: str
    on: str
    amount: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Money in and out, both as positive fen."""

    received: int = 0
    spent: int = 0


@dataclass(frozen=True, slots=True)
class PeriodBook:
    """The lines booked into one open period: their tree, their sums by (account, fund, nature, category), the last entry
    that booked one.
    """

    last: int = 0
    lines: Range = field(default_factory=Range)
    sums: HashTrieMap[tuple[str, str, str, str], Sum] = field(default_factory=HashTrieMap)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` on, a day that begins a period, statement periods last ``months`` months."""

    start: str
    months: int


@dataclass(frozen=True)
class Accounts:
    """The room's state."""

    accounts: HashTrieMap[str, Account] = field(default_factory=HashTrieMap)
    chart_text: str = ""
    opened_on: str = ""
    """First day of the books; empty before ``books.opened/1``."""
    closed_until: str = ""
    """Watermark: the last day of the last period that a statement closed, or the day before the books began."""
    spans: tuple[Span, ...] = ()
    """How long statement periods are, ascending; the first begins at the watermark or before."""
    unproven: tuple[tuple[str, str, int], ...] = ()
    """(account, fund, amount) of the opening that no document proves 未经核实."""
    balances: HashTrieMap[tuple[str, str], int] = field(default_factory=HashTrieMap)
    """(account, fund) -> fen."""
    openings: HashTrieMap[tuple[str, str], int] = field(default_factory=HashTrieMap)
    """(account, fund) -> fen at the watermark's evening."""
    periods: HashTrieMap[str, PeriodBook] = field(default_factory=HashTrieMap)
    vouchers: HashTrieMap[str, int] = field(default_factory=HashTrieMap)
    """Month (2019-01) after the watermark -> last voucher number."""
    imports: HashTrieMap[str, Import] = field(default_factory=HashTrieMap)
    """Files not confirmed yet, by the digest of their ``bank.imported/1``."""
    suspense: HashTrieMap[str, Suspense] = field(default_factory=HashTrieMap)
    pending: HashTrieMap[str, Pending] = field(default_factory=HashTrieMap)
    authorities: HashTrieMap[tuple[str, str], Authority] = field(default_factory=HashTrieMap)
    """(motion, budget line or "") -> authority, until a period closes after its last day with no payment on its way."""
    withdrawals: HashTrieMap[str, Withdrawal] = field(default_factory=HashTrieMap)
    proposals: HashTrieMap[str, str] = field(default_factory=HashTrieMap)
    """Proposal record -> application record."""
    unfounded: HashTrieMap[str, Unfounded] = field(default_factory=HashTrieMap)

    @property
    def chart(self) -> Chart:
        """The chart of accounts adopted on the ledger. Raises ``chart.none``."""
        if not self.chart_text:
            raise Refused("chart.none", None, "chart.adopted/1 first")
        return Chart.parse(self.chart_text)

    def account(self, code: str) -> Account:
        """The account of a code. Raises ``account.unknown``."""
        found = self.accounts.get(code)
        if found is None:
            raise NotFound("account.unknown", code)
        return found

    def with_account(self, account: Account) -> Accounts:
        """With an account added or changed."""
        return replace(self, accounts=self.accounts.insert(account.code, account))

    def with_withdrawal(self, withdrawal: Withdrawal) -> Accounts:
        """With a withdrawal added or changed."""
        return replace(self, withdrawals=self.withdrawals.insert(withdrawal.application, withdrawal))
