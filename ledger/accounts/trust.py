"""The trust model 信托制: its terms, what is taken off the trustee's pay, and the yearly open budget (from machine 2 on).

These acts move no money and hold no payment back. They say what was agreed, so that an audit can hold against it what was
paid: the company keeps the owners' money apart, is paid a share of a stated base less what it forfeits, and follows a budget
that anyone may read (law: 信托法 art. 16, 25–29, 33, 35, 36; the contract decides where the law of trusts does not apply).

==================  =====================================================================================================
``trust.agreed/1``  trustee, term, rate and base of the pay, its cap a year, the fund and category it is paid from
``trust.deducted``  违约扣减: an amount taken off the pay, with its reason and evidence
``plan.adopted/1``  开放式预算: what is to come in and go out in a year, line by line; an authority is the motion's, not its
==================  =====================================================================================================

What was entered wrongly, or agreed anew, is answered by another act: terms may take the place of others from their first day on, a
budget that of another whole, a deduction that of another or, with nothing taken off, of none.

Pay = rate × base − deductions, at most the cap, never below nothing; rounded half away from zero to the fen. Where two papers
name two bases, both stand here and both are computed (``other_base``).

>>> pay(51_438_439, Share(9, 100))
4629460
>>> pay(51_438_439, Share(9, 100), deductions=100_000, cap=4_500_000), pay(1_000, Share(1, 10), deductions=101)
(4500000, 0)
"""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from ledger.accounts.records import FundCode, NotNegative, Positive
from ledger.accounts.setup import check_document, persons_of
from ledger.accounts.world import Decided, World
from ledger.errors import Conflict, NotFound, Refused
from ledger.log.act import Act, Body, Code, Day, Digest, Kind, Past, Reference, Short, Signing, Used, read_body, recall
from ledger.rules.ratio import Share

Base = Literal["received", "receivable", "budget_items"]
"""``received``: what came in; ``receivable``: what was due; ``budget_items``: what was spent on the budget's lines."""
ShareText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}/[1-9][0-9]{0,5}$")]


class TrustAgreed(Body):
    """``trust.agreed/1``: the terms under which ``trustee`` manages from ``start`` to ``until``. Two-party.

    ``rate`` of ``base`` over ``categories``, paid from ``fund`` as ``category``, at most ``cap`` a year; ``other_base``: what another
    paper says the base is. ``supervisor`` 监察人 sees everything; a report is due every ``report_months``. ``replaces``: the terms
    that end the day before these begin.
    """

    code: Code
    trustee: Code
    document: Digest
    motion: Reference | None = None
    start: Day
    until: Day
    rate: ShareText
    base: Base
    other_base: Base | None = None
    categories: Annotated[tuple[Code, ...], Field(min_length=1, max_length=32)]
    cap: Positive | None = None
    fund: FundCode
    category: Code
    report_months: Annotated[int, Field(ge=1, le=12)] = 12
    supervisor: Reference | None = None
    replaces: Code | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> "TrustAgreed":
        if self.until < self.start:
            raise ValueError("a term ends after it begins")
        if self.other_base == self.base:
            raise ValueError("another base is another one")
        share = Share.parse(self.rate)
        if share.num > share.den:
            raise ValueError("a rate is at most the whole")
        return self


class TrustDeducted(Body):
    """``trust.deducted/1`` 违约扣减: taken off the trustee's pay for a breach, with the evidence for it. Two-party.

    ``corrects``: an earlier deduction that no longer counts; only then ``amount`` may be nothing. Breaches of one day that one
    paper shows are one deduction.
    """

    trust: Code
    on: Day
    amount: NotNegative
    reason: Short
    evidence: Digest
    corrects: Digest | None = None

    @model_validator(mode="after")
    def _takes_something(self) -> "TrustDeducted":
        if not self.amount and self.corrects is None:
            raise ValueError("a deduction takes something off")
        return self


class PlanLine(Body):
    """A line of an open budget: so much is to come in or go out under these categories."""

    line: Code
    direction: Literal["in", "out"]
    fund: FundCode
    categories: Annotated[tuple[Code, ...], Field(min_length=1, max_length=16)]
    amount: NotNegative


class PlanAdopted(Body):
    """``plan.adopted/1`` 开放式预算: what is to come in and go out from ``start`` to ``until``. Two-party; ``motion``: the decision
    of the owners, ``document`` the budget as it hung in public. No two lines of one direction claim the same fund and category.
    ``replaces``: the budget whose place it takes, which counts no more.
    """

    code: Code
    trust: Code | None = None
    start: Day
    until: Day
    motion: Reference | None = None
    document: Digest
    lines: Annotated[tuple[PlanLine, ...], Field(min_length=1, max_length=64)]
    replaces: Code | None = None

    @model_validator(mode="after")
    def _each_once(self) -> "PlanAdopted":
        if self.until < self.start:
            raise ValueError("a budget's year ends after it begins")
        claimed = [(line.direction, line.fund, category) for line in self.lines for category in line.categories]
        codes = [line.line for line in self.lines]
        if len(set(claimed)) != len(claimed) or len(set(codes)) != len(codes):
            raise ValueError("each line's code, and each fund and category of a direction, once")
        return self


def agree(world: World, act: Act[TrustAgreed]) -> Decided:
    """Enter the terms. Raises ``trust.agreed_before``, ``party.unknown``, ``document.unknown``, ``trust.unknown_motion``,
    ``category.unknown``, ``person.unknown``, ``trust.unknown``, ``trust.other_days``, ``trust_replaced.used_before``.
    """
    body = act.body
    if act.past.used("trust", body.code) is not None:
        raise Conflict("trust.agreed_before", body.code)
    persons_of(act.past, body.trustee)
    check_document(act.past, body.document)
    _check_motion(act.past, body.motion)
    _check_categories(world, (*body.categories, body.category))
    if body.supervisor is not None:
        world.people.person(body.supervisor)
    if body.replaces is None:
        return world.accounts, (Used("trust", body.code),)
    _check_within(_terms(act.past, body.replaces), body.start)
    return world.accounts, (Used("trust", body.code), Used("trust_replaced", body.replaces))


def deduct(world: World, act: Act[TrustDeducted]) -> Decided:
    """Enter a deduction. Raises ``trust.unknown``, ``trust.other_days``, ``trust.unknown_deduction``, ``document.unknown``,
    ``day.future``, ``trust_deducted.used_before``, ``trust_corrected.used_before``.
    """
    body = act.body
    _check_within(_terms(act.past, body.trust), body.on)
    if body.on > act.day.isoformat():
        raise Refused("day.future", body.on, f"{act.day.isoformat()} or earlier")
    check_document(act.past, body.evidence)
    once = Used("trust_deducted", f"{body.trust} {body.on} {body.evidence} {body.corrects or ''}")
    if body.corrects is None:
        return world.accounts, (once,)
    wrong = recall(act.past, body.corrects, DEDUCTED, TrustDeducted)
    if wrong is None or wrong.trust != body.trust:
        raise NotFound("trust.unknown_deduction", body.corrects, "a deduction under the same terms")
    return world.accounts, (once, Used("trust_corrected", body.corrects))


def adopt_plan(world: World, act: Act[PlanAdopted]) -> Decided:
    """Enter an open budget. Raises ``plan.adopted_before``, ``trust.unknown``, ``document.unknown``, ``trust.unknown_motion``,
    ``category.unknown``, ``plan.unknown``, ``plan_replaced.used_before``.
    """
    body = act.body
    if act.past.used("plan", body.code) is not None:
        raise Conflict("plan.adopted_before", body.code)
    if body.trust is not None and act.past.used("trust", body.trust) is None:
        raise NotFound("trust.unknown", body.trust)
    check_document(act.past, body.document)
    _check_motion(act.past, body.motion)
    _check_categories(world, (category for line in body.lines for category in line.categories))
    if body.replaces is None:
        return world.accounts, (Used("plan", body.code),)
    if act.past.used("plan", body.replaces) is None:
        raise NotFound("plan.unknown", body.replaces)
    return world.accounts, (Used("plan", body.code), Used("plan_replaced", body.replaces))


def pay(base: int, rate: Share, *, deductions: int = 0, cap: int | None = None) -> int:
    """What a trustee earns of ``base`` fen: rate × base, rounded, less ``deductions`` fen, at most ``cap`` fen; at least 0."""
    earned = rate.of(base) - deductions
    return max(0, earned if cap is None else min(earned, cap))


def _terms(past: Past, code: str) -> TrustAgreed:
    seq = past.used("trust", code)
    if seq is None:
        raise NotFound("trust.unknown", code)
    record = past.entry(seq).record
    return read_body(TrustAgreed, record.body, record.kind)


def _check_within(terms: TrustAgreed, day: str) -> None:
    if not terms.start <= day <= terms.until:
        raise Refused("trust.other_days", day, f"{terms.start}..{terms.until}", code=terms.code)


def _check_motion(past: Past, motion: str | None) -> None:
    """Accounts know nothing of votes: what a meeting asks is read from its record as it stands."""
    if motion is None:
        return
    meeting, _, number = motion.partition("#")
    seq = past.used("record", meeting)
    called = None if seq is None else past.entry(seq).record
    if called is None or called.kind != "meeting.called/1" or not number or int(number) >= len(called.body["motions"]):
        raise NotFound("trust.unknown_motion", motion, "a motion of a meeting on this ledger")


def _check_categories(world: World, codes: Iterable[str]) -> None:
    known = world.accounts.chart.categories
    for code in codes:
        if code not in known:
            raise NotFound("category.unknown", code, sorted(known))


DEDUCTED: Final = "trust.deducted/1"
_TWO_PARTY: Final = Signing(two_party=True, alone=False)

KINDS: Final[dict[str, Kind]] = {
    "trust.agreed/1": Kind("accounts", TrustAgreed, _TWO_PARTY, agree, since=2),
    DEDUCTED: Kind("accounts", TrustDeducted, _TWO_PARTY, deduct, since=2),
    "plan.adopted/1": Kind("accounts", PlanAdopted, _TWO_PARTY, adopt_plan, since=2),
}
