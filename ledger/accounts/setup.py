"""What must stand before money moves: accounts with their mandates, the chart, parties, documents, contracts, opening balances."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from ledger import period
from ledger.accounts import records
from ledger.accounts.booking import Leg, VoucherBooked
from ledger.accounts.chart import Chart
from ledger.accounts.state import Account, Span, Tier
from ledger.accounts.world import Decided, World
from ledger.errors import Conflict, NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Past, Used, read_body
from ledger.people.state import ROLES
from ledger.rules.state import Rules


def open_account(world: World, act: Act[records.AccountOpened]) -> Decided:
    """Register an own account under its mandate. Opened after the books it begins at zero, as its first file must say."""
    body, accounts = act.body, world.accounts
    if body.code in accounts.accounts:
        raise Conflict("account.opened_before", body.code)
    _check_holder(world.rules, body.holder)
    pairs = len(set(body.funds)) + sum(len(a.funds) for a in accounts.accounts.values())
    if pairs > records.MOST_TOTALS:
        raise Refused("account.too_many", pairs, records.MOST_TOTALS)
    return accounts.with_account(
        Account(
            body.code,
            body.nature,
            body.title,
            body.holder,
            body.bank or "",
            body.number or "",
            tuple(sorted(set(body.funds))),
            _mandate(body.mandate),
        )
    ), ()


def change_mandate(world: World, act: Act[records.MandateChanged]) -> Decided:
    """Another mandate; proposals under way are judged by the one in force when they are approved."""
    accounts = world.accounts
    account = accounts.account(act.body.account)
    return accounts.with_account(replace(account, mandate=_mandate(act.body.mandate))), ()


def adopt_chart(world: World, act: Act[records.ChartAdopted]) -> Decided:
    """Adopt a chart; a later one may only add: what was booked under a category must find its way back by contra."""
    chart = Chart.parse(act.body.text)
    accounts = world.accounts
    for code, before in accounts.chart.categories.items() if accounts.chart_text else ():
        after = chart.categories.get(code)
        if after is None:
            raise Refused("chart.category_gone", code, "every category of the chart before")
        if after.code != before.code or not set(before.natures) <= set(after.natures):
            raise Refused(
                "chart.category_changed", code, f"{before.code}: {', '.join(before.natures)}, or more natures"
            )
    return replace(accounts, chart_text=act.body.text), ()


def enter_party(world: World, act: Act[records.PartyEntered]) -> Decided:
    """Add a payer or payee."""
    body = act.body
    if act.past.used("party", body.code) is not None:
        raise Conflict("party.entered_before", body.code)
    for person in body.persons:
        world.people.person(person)
    return world.accounts, (Used("party", body.code),)


def enter_document(world: World, act: Act[records.DocumentEntered]) -> Decided:
    """Register a document as printed."""
    return world.accounts, (Used("document", act.digest),)


def enter_contract(world: World, act: Act[records.ContractEntered]) -> Decided:
    """Register a contract with what it promises."""
    body, accounts = act.body, world.accounts
    if act.past.used("contract", body.code) is not None:
        raise Conflict("contract.entered_before", body.code)
    check_party(act.past, body.party)
    check_document(act.past, body.document)
    if body.start and body.end and body.end < body.start:
        raise Refused("contract.ends_before_start", body.end, f"{body.start} or later; as printed if the paper says so")
    for expected in body.expected:
        accounts.chart.counter(expected.category, expected.nature)
    return accounts, (Used("contract", body.code),)


def open_books(world: World, act: Act[records.BooksOpened]) -> Decided:
    """Opening balances 期初建账, once; what no document proves stays 未经核实 on every statement."""
    body, accounts = act.body, world.accounts
    if accounts.opened_on:
        raise Conflict("books.opened_before", accounts.opened_on)
    if body.on > act.day.isoformat():
        raise Refused("day.future", body.on, f"{act.day.isoformat()} or earlier")
    chart = accounts.chart
    balances = accounts.balances
    totals: defaultdict[str, int] = defaultdict(int)
    legs: list[Leg] = []
    for part in body.parts:
        account = accounts.account(part.account)
        if part.fund not in account.funds:
            raise Refused("account.not_for_fund", part.fund, list(account.funds), account=account.code)
        if (part.account, part.fund) in balances:
            raise Conflict("opening.part_twice", f"{part.account}/{part.fund}")
        check_document(act.past, part.source)
        balances = balances.insert((part.account, part.fund), part.amount)
        totals[part.account] += part.amount
        if part.amount:
            legs += [
                Leg(chart.money(account.nature), part.amount, 0, part.account, part.fund),
                Leg(chart.fund(part.fund), 0, part.amount, part.account, part.fund),
            ]
    for code, total in totals.items():
        account = accounts.account(code)
        if account.nature != "petty":
            accounts = accounts.with_account(replace(account, balance=total))
    before = (period.parse_day(body.on) - timedelta(days=1)).isoformat()
    number = f"{body.on[:7]}-0001"
    return replace(
        accounts,
        opened_on=body.on,
        closed_until=before,
        spans=(Span(body.on, world.rules.profile.integer("statement.period_months")),),
        balances=balances,
        openings=balances,
        vouchers=accounts.vouchers.insert(body.on[:7], 1),
        unproven=tuple((p.account, p.fund, p.amount) for p in body.parts if not p.proven),
    ), (VoucherBooked(number, act.seq, act.digest, act.record.kind, body.on, body.on, "", tuple(legs)),)


def check_document(past: Past, digest: str | None) -> None:
    """A document that is named must be registered. Raises ``document.unknown``."""
    if digest is not None and past.used("document", digest) is None:
        raise NotFound("document.unknown", digest)


def check_contract(past: Past, code: str | None) -> None:
    """A contract that is named must be registered. Raises ``contract.unknown``."""
    if code is not None and past.used("contract", code) is None:
        raise NotFound("contract.unknown", code)


def check_party(past: Past, code: str | None) -> None:
    """A party that is named must be entered. Raises ``party.unknown``."""
    if code is not None and past.used("party", code) is None:
        raise NotFound("party.unknown", code)


def persons_of(past: Past, code: str) -> tuple[str, ...]:
    """Who of this ledger is a party or stands behind it. Raises ``party.unknown``."""
    seq = past.used("party", code)
    if seq is None:
        raise NotFound("party.unknown", code)
    record = past.entry(seq).record
    return read_body(records.PartyEntered, record.body, record.kind).persons


def _check_holder(rules: Rules, holder: str) -> None:
    """In whose name an account of co-owned money may stand. Raises ``account.holder``."""
    allowed, named = rules.profile.items("account.holders"), "caretaker_committee" if holder == "caretaker" else holder
    if named not in allowed:
        raise Refused("account.holder", holder, list(allowed), basis=rules.profile.basis("account.holders"))


def _mandate(tiers: Sequence[records.Tier]) -> tuple[Tier, ...]:
    levels = [tier.least for tier in tiers]
    if levels[0] != 1 or any(a >= b for a, b in pairwise(levels)):
        raise Refused("mandate.tiers", levels, "ascending, the first from 1 fen")
    unknown = sorted({role for tier in tiers for wanted in tier.seats for role in wanted} - ROLES)
    if unknown:
        raise Refused("mandate.unknown_role", unknown, sorted(ROLES))
    return tuple(Tier(t.least, tuple(tuple(sorted(set(s))) for s in t.seats), t.posting) for t in tiers)
