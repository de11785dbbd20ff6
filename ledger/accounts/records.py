"""The records of the accounts room. Amounts are integer fen, days ISO text; what a paper says stands *as printed*.

Fields that end in ``_printed`` repeat a document letter by letter, wrong sums and impossible dates included; nothing is
computed from them. Narration, counterparties and natural persons stand as commitments.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from ledger.log.act import Body, Code, Commitment, Day, Digest, Fen, Reference, Short

FundCode = Literal[
    "maintenance", "common_income", "service_fee", "committee_budget", "subsidy", "quality_deposit", "bond", "emergency"
]
Nature = Literal["income", "expense", "pass_through", "payable", "deposit_held", "own_transfer", "refund"]
"""Only ``income`` and ``expense`` are 收入 and 支出. ``payable``: owed to or by others, borrowed, lent, returned."""
MOST: Final = 10**13
"""Fen in one amount, sum or balance at most: a hundred thousand million yuan, far below what canonical JSON can hold."""
MOST_PARTS: Final = 32
"""Parts of one row or payment at most. What was deducted from the deposit of part n is booked as part 32 + n."""
MOST_TOTALS: Final = 128
"""Funds in accounts, pair by pair, at most: a statement's record names the totals of each."""
Money = Annotated[int, Fen(), Field(ge=-MOST, le=MOST)]
Positive = Annotated[int, Fen(), Field(ge=1, le=MOST)]
NotNegative = Annotated[int, Fen(), Field(ge=0, le=MOST)]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]
Printed = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Tier(Body):
    """From ``least`` fen on: one seat per needed approval (roles, any of which fills it), after ``posting`` days in public."""

    least: Positive
    seats: Annotated[
        tuple[Annotated[tuple[RoleName, ...], Field(min_length=1, max_length=8)], ...],
        Field(min_length=1, max_length=4),
    ]
    posting: Annotated[int, Field(ge=0, le=365)] = 0


class AccountOpened(Body):
    """``account.opened/1``: an own bank account, a petty-cash box, or an account kept by another (代管). Two-party.

    ``number`` is masked (尾号8816). ``mandate``: tiers ascending from 1 fen.
    """

    code: Code
    nature: Literal["bank", "petty", "kept"]
    title: Short
    bank: Short | None = None
    number: Short | None = None
    holder: Literal["assembly", "committee", "company_special", "caretaker"]
    funds: Annotated[tuple[FundCode, ...], Field(min_length=1, max_length=8)]
    mandate: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=8)]


class MandateChanged(Body):
    """``mandate.changed/1``: who must approve a payment, from here on. Two-party."""

    account: Code
    mandate: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=8)]
    source: Digest


class ChartAdopted(Body):
    """``chart.adopted/1``: the chart of accounts as full text (TOML, see :mod:`ledger.accounts.chart`). Two-party."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=32_768)]


class OpeningPart(Body):
    """What one fund had in one account when the books began. ``proven``: a bank document says the amount."""

    account: Code
    fund: FundCode
    amount: NotNegative
    source: Digest
    proven: bool


class BooksOpened(Body):
    """``books.opened/1`` 期初建账: every fund and account on the evening before ``on``; who handed over. Two-party, once."""

    on: Day
    handed_over_by: Short
    parts: Annotated[tuple[OpeningPart, ...], Field(max_length=64)]


class PartyEntered(Body):
    """``party.entered/1``: a payer or payee by code; a natural person by commitment. ``person``: the same as a person of
    this ledger, so that nobody approves a payment to himself.
    """

    code: Code
    nature: Literal["natural", "legal", "office"]
    name: Commitment | None = None
    title: Short | None = None
    credit_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{18}$")] | None = None
    persons: Annotated[tuple[Reference, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _one_name(self) -> "PartyEntered":
        if (self.nature == "natural") != (self.name is not None) or (self.name is None) == (self.title is None):
            raise ValueError("a natural person has a name by commitment, any other a title")
        return self


class DocumentLine(Body):
    """A line of a document as printed."""

    text: Printed
    quantity_printed: Printed | None = None
    unit_printed: Printed | None = None
    price_printed: Printed | None = None
    amount_printed: Money | None = None


class DocumentEntered(Body):
    """``document.entered/1``: a letter, form, contract or other paper as printed. ``original`` and ``redacted``: its files' digests."""

    kind: Literal[
        "letter",
        "form",
        "contract",
        "invoice",
        "receipt",
        "minutes",
        "budget",
        "report",
        "bank_paper",
        "quote",
        "rules",
        "other",
    ]
    subject: Short
    number_printed: Printed | None = None
    file_no: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    dated: Day | None = None
    saved: Day | None = None
    period_printed: Printed | None = None
    funding_printed: Printed | None = None
    approval_printed: Printed | None = None
    attachments_printed: Printed | None = None
    lines: Annotated[tuple[DocumentLine, ...], Field(max_length=100)] = ()
    total_printed: Money | None = None
    original: Digest | None = None
    redacted: Digest | None = None


class Expected(Body):
    """What a contract promises: ``amount`` each ``cycle``; ``metered`` and ``share`` promise no fixed amount."""

    cycle: Literal["once", "month", "quarter", "half_year", "year", "metered", "share"]
    amount: NotNegative
    fund: FundCode
    category: Code
    nature: Nature


class ContractEntered(Body):
    """``contract.entered/1``: who, what, from when to when as printed, what is expected. ``start`` and ``end`` where they are real days."""

    code: Code
    direction: Literal["in", "out"]
    object: Short
    party: Code | None = None
    document: Digest | None = None
    start: Day | None = None
    end: Day | None = None
    start_printed: Printed | None = None
    end_printed: Printed | None = None
    term_printed: Printed | None = None
    total_printed: Money | None = None
    deposit_printed: Printed | None = None
    notes: Short | None = None
    expected: Annotated[tuple[Expected, ...], Field(max_length=8)] = ()


class DepositRecorded(Body):
    """``deposit.recorded/1`` 收款: what was paid, gross; what the payer kept of it, by which evidence; what came in, net.

    Into a petty-cash box it books at once; into a bank account it is pending until the bank's row names it. What was kept
    is a payment like any other, netted and not wired (CC 282, 568; SPC 14): it settles the stage ``cost_settles``
    (``digest#n``) of a withdrawal to the payer, or says its ``cost_category`` and stands without authority.
    """

    account: Code
    on: Day
    fund: FundCode
    category: Code
    nature: Nature
    gross: Positive
    cost: NotNegative = 0
    cost_evidence: Digest | None = None
    cost_settles: Reference | None = None
    cost_category: Code | None = None
    cost_party: Code | None = None
    net: Positive
    party: Code | None = None
    contract: Code | None = None
    document: Digest | None = None
    unit: Code | None = None
    covers: Short | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> "DepositRecorded":
        if self.gross - self.cost != self.net:
            raise ValueError("gross less cost is net")
        if bool(self.cost) != (self.cost_evidence is not None):
            raise ValueError("a deduction has its evidence, and nothing else has one")
        said = self.cost_category is not None or self.cost_party is not None
        if (self.cost_settles is not None or said) and not self.cost:
            raise ValueError("what a deduction is stands beside its amount")
        if self.cost_settles is not None and (said or "#" not in self.cost_settles):
            raise ValueError("a deduction settles a withdrawal's stage, which says itself what it is")
        return self


class Part(Body):
    """What a part of a bank row or cash payment is. ``amount`` has the row's sign.

    ``settles``: ``digest#n`` of a withdrawal's stage, or a pending deposit's digest; it then says fund, category and
    nature itself. ``returns``: the bank row in suspense that this money gives back; money that goes out has a ``document``
    that says to whom and why. ``box``: for an own transfer, the petty-cash box at the other end. Everything else is
    classified here.
    """

    amount: Money
    settles: Reference | None = None
    returns: Digest | None = None
    box: Code | None = None
    fund: FundCode | None = None
    category: Code | None = None
    nature: Nature | None = None
    party: Code | None = None
    contract: Code | None = None
    document: Digest | None = None
    unit: Code | None = None
    covers: Short | None = None

    @model_validator(mode="after")
    def _said_once(self) -> "Part":
        if self.amount == 0:
            raise ValueError("a part moves money")
        classified = (self.fund, self.category, self.nature)
        if self.settles is None and self.returns is None:
            if None in classified:
                raise ValueError("a part settles something, returns something or says fund, category and nature")
        else:
            further = (self.box, self.party, self.contract, self.unit, self.covers, self.settles and self.document)
            if any(x is not None for x in (*classified, *further)) or (self.settles and self.returns):
                raise ValueError("what is settled or returned says itself what it was")
        if self.box is not None and self.nature != "own_transfer":
            raise ValueError("only an own transfer names a box")
        return self

    def classification(self) -> tuple[str, str, str]:
        """Fund, category and nature of a part that says them itself."""
        return self.fund or "", self.category or "", self.nature or ""


class BankImported(Body):
    """``bank.imported/1``: a bank file, its rows to come, as a rule in this same batch; its claim until a second person
    confirms it or one rejects it. The next file of the account ends one whose rows stopped coming.

    ``opening``: the balance before the first new row, equal to the last one known; ``file``: digest of the original.
    """

    account: Code
    file: Digest
    layout: Code
    start: Day
    end: Day
    opening: Money
    closing: Money
    count: Annotated[int, Field(ge=0, le=100_000)]


class BankRow(Body):
    """``bank.row/1``: one row of a file. The parts say what it is; what they leave is suspense. Key: (account, on, amount, balance, ordinal)."""

    file: Digest
    row: Annotated[int, Field(ge=1, le=1_000_000)]
    on: Day
    amount: Money
    balance: Money
    ordinal: Annotated[int, Field(ge=0, le=10_000)]
    narration: Commitment
    parts: Annotated[tuple[Part, ...], Field(max_length=MOST_PARTS)] = ()


class BankConfirmed(Body):
    """``bank.confirmed/1``: a second person saw the bank's own closing balance and these rows. Root: RFC 6962 over the row records' bytes."""

    file: Digest
    count: Annotated[int, Field(ge=0, le=100_000)]
    root: Digest
    closing: Money


class BankRejected(Body):
    """``bank.rejected/1`` 撤回: the newest file of its account, which nobody has confirmed, was wrong and counts no longer.
    ``file``: its import's record.
    """

    file: Digest
    reason: Short


class SuspenseCleared(Body):
    """``suspense.cleared/1``: with evidence, what a row in suspense was. The parts may clear a part of it."""

    row: Digest
    on: Day
    evidence: Digest
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=MOST_PARTS)]


class CashPaid(Body):
    """``cash.paid/1``: money out of a petty-cash box, as a rule for a withdrawal's stage."""

    account: Code
    on: Day
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=MOST_PARTS)]


class CashCounted(Body):
    """``cash.counted/1`` 盘点/清账: the box counted by two people, its advance settled up to here; a difference is refused."""

    account: Code
    on: Day
    counted: NotNegative
    documents: Annotated[tuple[Digest, ...], Field(max_length=64)] = ()


class Stage(Body):
    """One instalment of a withdrawal."""

    amount: Positive
    due: Day | None = None


class WithdrawalApplied(Body):
    """``withdrawal.applied/1`` 用款申请: what is asked for, by one signature; the applicant may be the payee.

    ``into``: for an own transfer, and only for one, the own account that receives it; a petty-cash box has it at once, a
    bank account by its own row.
    """

    party: Code
    fund: FundCode
    category: Code
    nature: Nature
    purpose: Short
    document: Digest | None = None
    contract: Code | None = None
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=60)]
    into: Code | None = None

    @model_validator(mode="after")
    def _own_transfer(self) -> "WithdrawalApplied":
        if (self.nature == "own_transfer") != (self.into is not None):
            raise ValueError("an own transfer names the own account that receives it, and nothing else does")
        return self


class Basis(Body):
    """The authority 用款依据 a payment rests on: a passed motion, and in a budget its line."""

    motion: Reference
    line: Code | None = None


class WithdrawalProposed(Body):
    """``withdrawal.proposed/1``: a role of the body proposes to pay an application from an account under an authority."""

    application: Digest
    account: Code
    basis: Basis


class WithdrawalApproved(Body):
    """``withdrawal.approved/1``: one approval under the account's mandate, for all stages."""

    proposal: Digest


class WithdrawalInstructed(Body):
    """``withdrawal.instructed/1``: a stage was handed to the bank; it is on its way until the bank's row names it."""

    stage: Reference
    on: Day
    slip: Short | None = None


class WithdrawalDropped(Body):
    """``withdrawal.dropped/1``: what is not paid yet will not be; its authority is free again."""

    application: Digest
    reason: Short


class ContraRecorded(Body):
    """``contra.recorded/1`` 冲销: books the exact inverse of a record's lines in the open period, once.

    A bank row is contra'd as to what it *was*: its money goes back to suspense, for the bank's balance stands.
    """

    corrects: Digest
    on: Day
    reason: Short


class PaymentEffect(Body):
    """Effect of a motion: pay ``party`` up to ``cap`` from ``fund`` until ``until``."""

    type: Literal["payment"]
    fund: FundCode
    party: Code
    purpose: Short
    cap: Positive
    start: Day
    until: Day


class BudgetLine(Body):
    """A line of a budget: up to ``cap`` for a category, and only to ``party`` where one is named."""

    line: Code
    fund: FundCode
    categories: Annotated[tuple[Code, ...], Field(min_length=1, max_length=16)]
    cap: Positive
    party: Code | None = None


class BudgetEffect(Body):
    """Effect of a motion: a budget for a span of days."""

    type: Literal["budget"]
    start: Day
    until: Day
    lines: Annotated[tuple[BudgetLine, ...], Field(min_length=1, max_length=64)]


class DelegationEffect(Body):
    """Effect of a motion: the body may decide payments up to ``each`` (included), ``total`` in all; never from the maintenance fund."""

    type: Literal["delegation"]
    funds: Annotated[tuple[FundCode, ...], Field(min_length=1, max_length=8)]
    each: Positive
    total: Positive
    start: Day
    until: Day


class RatificationEffect(Body):
    """Effect of a motion 追认: payments made without authority, each by the record that booked it."""

    type: Literal["ratification"]
    payments: Annotated[tuple[Reference, ...], Field(min_length=1, max_length=64)]


Effect = Annotated[PaymentEffect | BudgetEffect | DelegationEffect | RatificationEffect, Field(discriminator="type")]
