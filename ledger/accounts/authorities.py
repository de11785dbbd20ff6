"""Authorities 用款依据: what a payment may rest on, and how much of it is left.

A passed motion founds them by its *effect*: a payment, a budget with lines, a delegation within an amount, or the
ratification 追认 of payments made without one. The matter that the owners voted on must be the one the money needs:
the maintenance fund takes matter (5) of CC 278, all other co-owned money matter (9).
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from ledger import canonical
from ledger.accounts.facts import Founded, Granted
from ledger.accounts.records import (
    BudgetEffect,
    DelegationEffect,
    Effect,
    PaymentEffect,
    RatificationEffect,
)
from ledger.accounts.setup import check_party
from ledger.accounts.state import Accounts, Authority, Withdrawal
from ledger.accounts.world import Decided
from ledger.errors import Malformed, Refused
from ledger.frozen import replace
from ledger.log.act import Past
from ledger.rules.state import Rules

USE_OF_FUND: Final = 5
"""CC 278(5): use of the maintenance fund."""
OTHER_MAJOR: Final = 9
"""CC 278(9): other major matters, here spending co-owned money."""
_EFFECT: Final[TypeAdapter[Any]] = TypeAdapter(Effect)


def matter_of(fund: str) -> int:
    """The matter of CC 278 on which the owners must have voted before a fund is spent."""
    return USE_OF_FUND if fund == "maintenance" else OTHER_MAJOR


def check_effect(
    accounts: Accounts, rules: Rules, past: Past, matter: int, effect: Mapping[str, Any], *, whole: bool = True
) -> Effect:
    """Read a motion's effect and see that it could be granted as things stand, under the rules now in force.

    ``whole``: all owners vote. This machine keeps no balance by building or unit, so that a part of the owners could not be
    held to their own part of the money: they may decide, but found no authority over what belongs to all.

    Raises ``effect.malformed``, ``effect.matter``, ``effect.days``, ``effect.delegates_fund``, ``effect.delegation_forbidden``,
    ``effect.delegation_clause``, ``effect.payment_twice``, …
    """
    try:
        read: Effect = _EFFECT.validate_json(canonical.encode(dict(effect)), strict=True)
    except ValidationError as error:
        raise Malformed(
            "effect.malformed",
            effect.get("type"),
            "payment, budget, delegation or ratification",
            fields=[f"{'/'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_url=False)],
        ) from None
    if not whole:
        raise Refused("effect.scope", read.type, "a vote of the whole community")
    if isinstance(read, RatificationEffect):
        if len(set(read.payments)) != len(read.payments):
            raise Refused("effect.payment_twice", list(read.payments), "each payment once")
        for ref in read.payments:
            unfounded = accounts.unfounded.get(ref)
            if unfounded is None:
                raise Refused("effect.not_unfounded", ref, "a payment that stands without authority")
            _check_matter(matter, unfounded.fund)
        return read
    if read.until < read.start:
        raise Refused("effect.days", read.until, f"{read.start} or later")
    if isinstance(read, PaymentEffect):
        _check_matter(matter, read.fund)
        check_party(past, read.party)
    elif isinstance(read, BudgetEffect):
        codes = [line.line for line in read.lines]
        if len(set(codes)) != len(codes):
            raise Refused("effect.line_twice", codes)
        for line in read.lines:
            _check_matter(matter, line.fund)
            for category in line.categories:
                if category not in accounts.chart.categories:
                    raise Refused("category.unknown", category)
            check_party(past, line.party)
    else:
        _check_delegation(rules, matter, read)
    return read


def _check_delegation(rules: Rules, matter: int, effect: DelegationEffect) -> None:
    allowed, basis = rules.profile.choice("account.delegation"), rules.profile.basis("account.delegation")
    if allowed == "forbidden":
        raise Refused("effect.delegation_forbidden", effect.type, "payment, budget or ratification", basis=basis)
    if allowed == "within_amount" and rules.clause("delegation") is None:
        raise Refused("effect.delegation_clause", effect.total, "a clause in force named delegation", basis=basis)
    if "maintenance" in effect.funds:
        raise Refused("effect.delegates_fund", "maintenance", "any fund but the maintenance fund")
    if effect.each > effect.total:
        raise Refused("effect.each_over_total", effect.each, effect.total)
    for fund in effect.funds:
        _check_matter(matter, fund)


def _check_matter(matter: int, fund: str) -> None:
    if matter != matter_of(fund):
        raise Refused("effect.matter", matter, matter_of(fund), fund=fund)


def grant(accounts: Accounts, motion: str, matter: int, effect: Mapping[str, Any]) -> Decided:
    """What a passed motion founds. A ratified payment that meanwhile was returned is passed over."""
    read: Effect = _EFFECT.validate_json(canonical.encode(dict(effect)), strict=True)
    if isinstance(read, RatificationEffect):
        found = [ref for ref in read.payments if ref in accounts.unfounded]
        unfounded = accounts.unfounded
        for ref in found:
            unfounded = unfounded.remove(ref)
        return replace(accounts, unfounded=unfounded), tuple(Founded(ref, motion) for ref in found)
    granted: list[Authority] = []
    if isinstance(read, PaymentEffect):
        granted.append(
            Authority(
                motion, "", "motion", matter, (read.fund,), (), read.party, read.cap, read.cap, read.start, read.until
            )
        )
    elif isinstance(read, BudgetEffect):
        granted += [
            Authority(
                motion,
                line.line,
                "budget",
                matter,
                (line.fund,),
                tuple(sorted(line.categories)),
                line.party or "",
                line.cap,
                line.cap,
                read.start,
                read.until,
            )
            for line in read.lines
        ]
    else:
        funds = tuple(sorted(set(read.funds)))
        granted.append(
            Authority(motion, "", "delegation", matter, funds, (), "", read.each, read.total, read.start, read.until)
        )
    authorities = accounts.authorities
    for authority in granted:
        authorities = authorities.insert((authority.motion, authority.line), authority)
    return replace(accounts, authorities=authorities), tuple(Granted(authority) for authority in granted)


def reserve(accounts: Accounts, withdrawal: Withdrawal, motion: str, line: str, day: str) -> tuple[Accounts, Authority]:
    """Take a withdrawal's whole amount from an authority. Raises ``withdrawal.…`` when the authority does not carry it."""
    authority = accounts.authorities.get((motion, line))
    if authority is None:
        raise Refused(
            "withdrawal.no_authority", f"{motion}/{line}" if line else motion, "a passed motion, a line of its budget"
        )
    if withdrawal.fund not in authority.funds:
        raise Refused("withdrawal.wrong_fund", withdrawal.fund, list(authority.funds))
    if authority.party and authority.party != withdrawal.party:
        raise Refused("withdrawal.wrong_payee", withdrawal.party, authority.party)
    if authority.categories and withdrawal.category not in authority.categories:
        raise Refused("withdrawal.wrong_purpose", withdrawal.category, list(authority.categories))
    check_in_force(authority, day)
    total = sum(stage.amount for stage in withdrawal.stages)
    if total > authority.each:
        raise Refused("withdrawal.over_authority", total, authority.each)
    if total > authority.cap - authority.spent:
        raise Refused("withdrawal.over_authority", total, authority.cap - authority.spent)
    return _spend(accounts, authority, total), authority


def check_in_force(authority: Authority, day: str) -> None:
    """Raises ``withdrawal.authority_not_in_force`` outside the authority's days, both included."""
    if not authority.start <= day <= authority.until:
        raise Refused("withdrawal.authority_not_in_force", day, f"{authority.start}..{authority.until}")


def release(accounts: Accounts, motion: str, line: str, amount: int) -> Accounts:
    """Give back to an authority what will not be paid; one whose days are over may have left the state."""
    authority = accounts.authorities.get((motion, line))
    return accounts if authority is None else _spend(accounts, authority, -amount)


def _spend(accounts: Accounts, authority: Authority, amount: int) -> Accounts:
    after = replace(authority, spent=authority.spent + amount)
    return replace(accounts, authorities=accounts.authorities.insert((authority.motion, authority.line), after))
