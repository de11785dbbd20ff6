"""Withdrawals 付款: applied for, proposed under an authority, approved by the mandate, paid by the bank's own row.

Applicant (who may be the payee), proposer and approver are three different persons; proposer and approver are not the
payee; judged by person, not by key. Nothing here decides what *happened*: a bank row that no approved stage explains is
booked all the same, without authority (:mod:`ledger.accounts.parts`).
"""

from datetime import date

from ledger.accounts import authorities, records
from ledger.accounts.booking import Movement
from ledger.accounts.facts import Arrived, Awaited, WithdrawalMoved
from ledger.accounts.setup import check_contract, check_document, persons_of
from ledger.accounts.state import Account, Accounts, Hold, Stage, Tier, Withdrawal
from ledger.accounts.world import Decided, World
from ledger.errors import Conflict, NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Past, Signer, Used, read_body, recall
from ledger.rules.ratio import Days
from ledger.rules.state import Rules


def apply_for(world: World, act: Act[records.WithdrawalApplied]) -> Decided:
    """Ask for money; one signature of whoever asks."""
    body, accounts = act.body, world.accounts
    signer = act.signer
    payees = persons_of(act.past, body.party)
    check_document(act.past, body.document)
    check_contract(act.past, body.contract)
    accounts.chart.counter(body.category, body.nature)
    if body.into is not None:
        accounts.account(body.into)
    if body.nature == "income":
        raise Refused(
            "withdrawal.nature", body.nature, "expense, refund, payable, pass_through, deposit_held, own_transfer"
        )
    applied = WithdrawalMoved(act.digest, "applied", act.digest, signer.person)
    return accounts.with_withdrawal(replace(asked_of(act.digest, signer.person, body), payees=payees)), (applied,)


def propose(world: World, act: Act[records.WithdrawalProposed]) -> Decided:
    """Propose an application for payment: takes its whole amount from the authority."""
    body, accounts = act.body, world.accounts
    signer, day = act.signer, act.day.isoformat()
    asked = find(accounts, body.application)
    if asked.proposal:
        raise Conflict("withdrawal.proposed_before", asked.proposal)
    _not_payee(asked, signer)
    if signer.person == asked.applicant:
        raise Refused("withdrawal.proposer_is_applicant", signer.person, "another person")
    if asked.into == body.account:
        raise Refused("withdrawal.into_itself", asked.into, "another own account")
    account = accounts.account(body.account)
    if asked.fund not in account.funds:
        raise Refused("withdrawal.wrong_fund", asked.fund, list(account.funds))
    accounts, authority = authorities.reserve(accounts, asked, body.basis.motion, body.basis.line or "", day)
    free = free_in(accounts, account, asked.fund)
    if asked.stages[0].amount > free:
        raise Refused("withdrawal.not_enough", asked.stages[0].amount, free, suspense_out=account.suspense_out)
    proposed = replace(
        asked,
        proposal=act.digest,
        proposer=signer.person,
        proposed_on=day,
        account=account.code,
        motion=authority.motion,
        line=authority.line,
        kind=authority.kind,
    )
    accounts = accounts.with_withdrawal(proposed)
    # A contra asks the past what a payment rested on, when its withdrawal has long left the state.
    once = Used("proposal", asked.application)
    moved = WithdrawalMoved(asked.application, "proposed", act.digest, signer.person)
    return replace(accounts, proposals=accounts.proposals.insert(act.digest, asked.application)), (once, moved)


def approve(world: World, act: Act[records.WithdrawalApproved]) -> Decided:
    """One approval; when the seats of the mandate's tier are filled by different persons, the stages may be paid."""
    accounts = world.accounts
    application = accounts.proposals.get(act.body.proposal)
    if application is None:
        raise NotFound("proposal.unknown", act.body.proposal)
    asked, signer = find(accounts, application), act.signer
    if asked.approved:
        raise Conflict("withdrawal.approved_before", asked.proposal)
    if asked.held_by:
        raise Refused("withdrawal.objection_open", list(asked.held_by), "an answer to each of them")
    if signer.person == asked.proposer:
        raise Refused("withdrawal.approver_is_proposer", signer.person, "another person")
    if signer.person == asked.applicant:
        raise Refused("withdrawal.approver_is_applicant", signer.person, "another person")
    _not_payee(asked, signer)
    if any(person == signer.person for person, _ in asked.approvals):
        raise Conflict("withdrawal.approved_twice", signer.person)
    whole = sum(s.amount for s in asked.stages)
    tier = tier_of(accounts.account(asked.account), whole)
    _check_posted(world.rules, tier, whole, asked.proposed_on, act.day)
    approvals = (*asked.approvals, (signer.person, tuple(sorted(signer.roles))))
    left = seats_left(tier, approvals)
    if left is None:
        raise Refused("withdrawal.not_in_mandate", sorted(signer.roles), [list(s) for s in tier.seats])
    approved_on = "" if left else act.day.isoformat()
    moved = WithdrawalMoved(application, "approved", act.digest, signer.person, whole=not left)
    return accounts.with_withdrawal(replace(asked, approvals=approvals, approved_on=approved_on)), (moved,)


def instruct(world: World, act: Act[records.WithdrawalInstructed]) -> Decided:
    """A stage went to the bank; until its row comes it is on its way."""
    accounts = world.accounts
    asked, number = stage_of(accounts, act.body.stage)
    if act.body.on > act.day.isoformat():
        raise Refused("day.future", act.body.on, f"{act.day.isoformat()} or earlier")
    stage = payable(asked, number, act.body.on)
    if stage.instructed:
        raise Conflict("withdrawal.instructed_before", act.body.stage)
    after = with_stage(asked, number, replace(stage, instructed=act.body.on))
    awaited = Awaited(act.body.stage, asked.account, act.body.on, -stage.amount)
    moved = WithdrawalMoved(asked.application, "instructed", act.digest, act.signer.person, number)
    return accounts.with_withdrawal(after), (awaited, moved)


def drop(world: World, act: Act[records.WithdrawalDropped]) -> Decided:
    """What is unpaid will not be paid; the authority has it back."""
    accounts = world.accounts
    asked = find(accounts, act.body.application)
    unpaid = [(n, s) for n, s in enumerate(asked.stages) if s.waiting]
    if not unpaid:
        raise Refused("withdrawal.paid_already", asked.application)
    dropped = WithdrawalMoved(asked.application, "dropped", act.digest, act.signer.person)
    facts = (dropped, *(Arrived(f"{asked.application}#{n}", "") for n, s in unpaid if s.instructed))
    if asked.proposal:
        accounts = authorities.release(accounts, asked.motion, asked.line, sum(s.amount for _, s in unpaid))
        accounts = replace(accounts, proposals=accounts.proposals.discard(asked.proposal))
    if any(s.paid for s in asked.stages):
        kept = tuple(replace(s, dropped=True, instructed="") if s.waiting else s for s in asked.stages)
        return accounts.with_withdrawal(replace(asked, stages=kept)), facts
    return replace(accounts, withdrawals=accounts.withdrawals.remove(asked.application)), facts


def asked_of(digest: str, applicant: str, body: records.WithdrawalApplied) -> Withdrawal:
    """An application as a withdrawal that nobody proposed yet."""
    return Withdrawal(
        digest,
        applicant,
        body.party,
        body.fund,
        body.category,
        body.nature,
        body.document or "",
        body.contract or "",
        tuple(Stage(s.amount, s.due or "") for s in body.stages),
        body.into or "",
    )


def known(accounts: Accounts, past: Past, application: str) -> Withdrawal:
    """A withdrawal as it is, or where it has left the state what it was for and the authority it rested on. Raises
    ``withdrawal.unknown``.
    """
    found = accounts.withdrawals.get(application)
    if found is not None:
        return found
    body = recall(past, application, "withdrawal.applied/1", records.WithdrawalApplied)
    if body is None:
        raise NotFound("withdrawal.unknown", application)
    asked, seq = asked_of(application, "", body), past.used("proposal", application)
    if seq is None:
        return asked
    proposed = past.entry(seq).record
    basis = read_body(records.WithdrawalProposed, proposed.body, proposed.kind).basis
    return replace(asked, motion=basis.motion, line=basis.line or "")


def payment(accounts: Accounts, asked: Withdrawal, account: str, amount: int, part: int) -> tuple[Movement, ...]:
    """The movement of ``amount`` (negative) that pays a withdrawal, and for an own transfer into a box the one at the other
    end; a bank account has it by its own row.
    """
    move = Movement(
        account,
        asked.fund,
        asked.category,
        asked.nature,
        amount,
        part,
        party=asked.party,
        contract=asked.contract,
        document=asked.document,
    )
    paid = replace(move, basis=asked.kind, motion=asked.motion, line_code=asked.line)
    if not asked.into or accounts.account(asked.into).nature != "petty":
        return (paid,)
    return paid, replace(move, account=asked.into, amount=-amount)


def find(accounts: Accounts, application: str) -> Withdrawal:
    """A withdrawal on its way. Raises ``withdrawal.unknown``."""
    found = accounts.withdrawals.get(application)
    if found is None:
        raise NotFound("withdrawal.unknown", application)
    return found


def free_in(accounts: Accounts, account: Account, fund: str) -> int:
    """What of a fund in an account may be proposed: outflows that nobody can explain block as much of the account."""
    return (accounts.balances.get((account.code, fund)) or 0) - account.suspense_out


def stage_of(accounts: Accounts, ref: str) -> tuple[Withdrawal, int]:
    """The withdrawal and stage number of ``digest#n``. Raises ``withdrawal.unknown``, ``withdrawal.no_stage``."""
    application, _, number = ref.partition("#")
    asked = find(accounts, application)
    if not number or int(number) >= len(asked.stages):
        raise NotFound("withdrawal.no_stage", ref, f"{application}#0 to #{len(asked.stages) - 1}")
    return asked, int(number)


def tier_of(account: Account, amount: int) -> Tier:
    """The mandate's tier for an amount."""
    return max((t for t in account.mandate if t.least <= amount), key=lambda t: t.least)


def payable(asked: Withdrawal, number: int, on: str) -> Stage:
    """The stage if it may be paid on that day: no approval reaches back to what was paid before it."""
    stage = asked.stages[number]
    if not asked.approved:
        raise Refused("withdrawal.not_approved", asked.application, "approved under the account's mandate")
    if on < asked.approved_on:
        raise Refused("withdrawal.approved_later", on, f"{asked.approved_on} or later")
    if stage.paid:
        raise Refused("withdrawal.stage_paid", f"{asked.application}#{number}", "a stage not paid yet")
    if stage.dropped:
        raise Refused("withdrawal.stage_dropped", f"{asked.application}#{number}", "a stage that was not dropped")
    return stage


def with_stage(asked: Withdrawal, number: int, stage: Stage) -> Withdrawal:
    """With the stage of a number changed."""
    return replace(asked, stages=(*asked.stages[:number], stage, *asked.stages[number + 1 :]))


def posted(world: World, asked: Withdrawal, today: date) -> bool:
    """Whether a proposed payment hangs in public today: while it does, owners object and nobody approves.

    Where the year's table is not adopted that would count its working days, nobody approves either; so it hangs still.
    """
    if not asked.proposal or asked.approved:
        return False
    whole = sum(stage.amount for stage in asked.stages)
    tier = tier_of(world.accounts.account(asked.account), whole)
    try:
        return _running(world.rules, tier, whole, asked.proposed_on, today) is not None
    except Refused:
        return True


def hold(accounts: Accounts, application: str, person: str, objection: str) -> Accounts:
    """A payment with an objection raised while it was posted (SZ-M 22); one a person, and only of a withdrawal under way."""
    asked = find(accounts, application)
    holds = asked.holds or ()
    if any(one.person == person for one in holds):
        return accounts
    return accounts.with_withdrawal(replace(asked, holds=(*holds, Hold(person, objection))))


def release_hold(accounts: Accounts, application: str, objection: str) -> Accounts:
    """A payment of which an objection was answered or taken back; one that left the state meanwhile waits for nothing."""
    asked = accounts.withdrawals.get(application)
    if asked is None:
        return accounts
    holds = tuple(replace(one, open=False) if one.objection == objection else one for one in asked.holds or ())
    return accounts.with_withdrawal(replace(asked, holds=holds or None))


def forget_hold(accounts: Accounts, application: str, objection: str) -> Accounts:
    """A payment of which an objection was nobody's: whoever was named by it may still hold it once."""
    asked = accounts.withdrawals.get(application)
    if asked is None:
        return accounts
    holds = tuple(one for one in asked.holds or () if one.objection != objection)
    return accounts.with_withdrawal(replace(asked, holds=holds or None))


def _check_posted(rules: Rules, tier: Tier, amount: int, proposed_on: str, today: date) -> None:
    """Raises ``withdrawal.posting_runs``."""
    term = _running(rules, tier, amount, proposed_on, today)
    if term is not None:
        raise Refused("withdrawal.posting_runs", today.isoformat(), f"{term} after {proposed_on}", days=term.count)


def _running(rules: Rules, tier: Tier, amount: int, proposed_on: str, today: date) -> Days | None:
    """The posting that still runs: the mandate's days, and for a large payment the profile's, whatever the mandate says
    (SZ-M 18, 22).
    """
    terms = [Days(tier.posting)]
    if amount >= rules.profile.fen("account.large_fen"):
        terms.append(rules.profile.days("account.large_post"))
    for term in terms:
        if not rules.calendar(term).notice_ok(today, date.fromisoformat(proposed_on), term):
            return term
    return None


def seats_left(tier: Tier, approvals: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[tuple[str, ...], ...] | None:
    """The seats that stay empty when each approval takes one; None when an approval finds no seat."""
    if not approvals:
        return tier.seats
    _, roles = approvals[0]
    best: tuple[tuple[str, ...], ...] | None = None
    for number, wanted in enumerate(tier.seats):
        if set(wanted) & set(roles):
            rest = seats_left(replace(tier, seats=(*tier.seats[:number], *tier.seats[number + 1 :])), approvals[1:])
            if rest is not None and (best is None or len(rest) < len(best)):
                best = rest
    return best


def _not_payee(asked: Withdrawal, signer: Signer) -> None:
    if signer.person in asked.payees:
        raise Refused("withdrawal.signer_is_payee", signer.person, "somebody who is not paid by it")
