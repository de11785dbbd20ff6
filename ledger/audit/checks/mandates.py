"""Mandates 支付审批权限: whether the approvals of an account are as many as they should be, and stayed so. Row 25 of the table.

The machine judges a payment by the mandate in force when it is approved. So a mandate can ask for too little, or for less
just while a payment waits.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ledger.accounts.facts import WithdrawalMoved
from ledger.accounts.records import AccountOpened, MandateChanged, Tier, WithdrawalApplied, WithdrawalProposed
from ledger.audit.checks.dossier import Cited, Dossier
from ledger.audit.checks.frame import Check, Found, found

PREPARES: Final = frozenset({"clerk"})
"""Who prepares and signs nothing that decides: a seat that he may fill is no approval."""

Mandate = tuple[Cited, Sequence[Tier]]
"""A mandate with the entry that set it."""


def weak(case: Dossier) -> Iterator[Found]:
    """An account's mandate asks for fewer approvals of some amount than the profile does. A box holds no more than its advance."""
    accounts = case.books.accounts.accounts
    for code, mandates in _mandates(case).items():
        cited, tiers = mandates[-1]
        levels = {tier.least for tier in tiers} | {tier.from_fen for tier in case.profile.tiers()[1:]}
        for amount in sorted(levels) if accounts[code].nature != "petty" else ():
            wanted, seats = case.profile.tier(amount).approvals, _approvals(_tier(tiers, amount))
            if seats < wanted:
                yield found(cited, of_account=code, from_fen=amount, approvals=seats, wanted=wanted)
                break


def lowered(case: Dossier) -> Iterator[Found]:
    """While a payment waited for its approvals its account's mandate came to ask for fewer, or for fewer days in public, and
    the payment was approved by that.
    """
    amounts = {act.digest: sum(stage.amount for stage in act.body.stages) for act in case.acts(WithdrawalApplied)}
    approved = {noted.fact.application: noted for noted in case.facts(WithdrawalMoved) if noted.fact.whole}
    mandates = _mandates(case)
    for act in case.acts(WithdrawalProposed):
        whole = approved.get(act.body.application)
        if whole is None:
            continue
        amount = amounts[act.body.application]
        of_account = mandates[act.body.account]
        before, by = _mandate_at(of_account, act.seq), _mandate_at(of_account, whole.seq)
        had, has = _tier(before[1], amount), _tier(by[1], amount)
        if _approvals(has) < _approvals(had) or has.posting < had.posting:
            yield found(
                by[0],
                act.cite(),
                whole.cite(),
                of_account=act.body.account,
                amount_fen=amount,
                approvals=_approvals(has),
                before=_approvals(had),
                days=has.posting,
                days_before=had.posting,
            )


def _mandates(case: Dossier) -> Mapping[str, Sequence[Mandate]]:
    """Each account's mandates, the oldest first."""
    mandates: defaultdict[str, list[Mandate]] = defaultdict(list)
    for opened in case.acts(AccountOpened):
        mandates[opened.body.code].append((opened.cite("mandate"), opened.body.mandate))
    for changed in case.acts(MandateChanged):
        mandates[changed.body.account].append((changed.cite("mandate"), changed.body.mandate))
    return mandates


def _mandate_at(mandates: Sequence[Mandate], seq: int) -> Mandate:
    """The one in force when the entry ``seq`` came."""
    return [one for one in mandates if one[0].seq < seq][-1]


def _tier(tiers: Sequence[Tier], amount: int) -> Tier:
    return max((tier for tier in tiers if tier.least <= amount), key=lambda tier: tier.least)


def _approvals(tier: Tier) -> int:
    return sum(not PREPARES & set(seat) for seat in tier.seats)


_MANDATES: Final = (AccountOpened, MandateChanged)

CHECKS: Final = (
    Check("mandate.weak", "25", "medium", ("AL 27", "SZ-M 18"), _MANDATES, weak),
    Check(
        "mandate.lowered",
        "25",
        "high",
        ("AL 27", "SZ-M 18", "SZ-M 22"),
        (*_MANDATES, WithdrawalApplied, WithdrawalProposed, WithdrawalMoved),
        lowered,
    ),
)
