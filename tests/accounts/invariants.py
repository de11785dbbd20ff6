"""What holds of the accounts after every entry, recomputed from the facts alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from ledger import canonical
from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.state import Accounts, Sum
from ledger.log import merkle


def check(accounts: Accounts, facts: Iterable[object]) -> None:
    """Fail on the first invariant that the accounts break; ``facts`` are all facts of the ledger."""
    lines = [fact for fact in facts if isinstance(fact, Line)]
    vouchers = [fact for fact in facts if isinstance(fact, VoucherBooked)]
    check_vouchers(vouchers, lines)
    check_balances(accounts, lines)
    check_periods(accounts, lines)
    if accounts.chart_text:
        check_legs(accounts, vouchers)
    assert not any(item.amount == 0 for item in accounts.suspense.values())


def check_vouchers(vouchers: list[VoucherBooked], lines: list[Line]) -> None:
    """Numbered without a gap in log order per month of the day booked; debits equal credits; lines name theirs."""
    last: defaultdict[str, int] = defaultdict(int)
    for voucher in vouchers:
        month, number = voucher.number[:7], voucher.number[8:]
        last[month] += 1
        assert voucher.booked.startswith(month)
        assert int(number) == last[month], voucher.number
        assert sum(leg.debit for leg in voucher.legs) == sum(leg.credit for leg in voucher.legs), voucher
        assert all(leg.debit >= 0 and leg.credit >= 0 and (leg.debit > 0) != (leg.credit > 0) for leg in voucher.legs)
    several = [(v.entry, v.number[:7] if v.kind == "bank.rejected/1" else "") for v in vouchers]
    assert several == sorted(set(several)), "one voucher an entry, or a month of a rejected file, in log order"
    named = {voucher.number: voucher for voucher in vouchers}
    for line in lines:
        voucher = named[line.voucher]
        assert (voucher.entry, voucher.booked, voucher.on) == (line.entry, line.booked, line.on)


def check_balances(accounts: Accounts, lines: list[Line]) -> None:
    """Σ funds + suspense in − suspense out = bank, for each account; no fund owes money."""
    held: defaultdict[str, int] = defaultdict(int)
    for (account, _), amount in accounts.balances.items():
        assert amount >= 0
        held[account] += amount
    for own in accounts.accounts.values():
        if own.nature == "petty":
            continue
        mine = [item.amount for item in accounts.suspense.values() if item.account == own.code]
        assert own.suspense_in == sum(amount for amount in mine if amount > 0)
        assert own.suspense_out == -sum(amount for amount in mine if amount < 0)
        assert held[own.code] + own.suspense_in - own.suspense_out == own.balance


def check_periods(accounts: Accounts, lines: list[Line]) -> None:
    """Sums, count and root of each open period are those of its lines; openings and lines make the balances."""
    by_period: defaultdict[str, list[Line]] = defaultdict(list)
    names = Counter((line.record, line.move.part) for line in lines if line.move.basis)
    assert set(names.values()) <= {1}, "digest#part names one payment"
    for line in lines:
        by_period[line.period].append(line)
    balances = {key: amount for key, amount in accounts.openings.items() if amount}
    for code, book in accounts.periods.items():
        own = by_period[code]
        assert [line.index for line in own] == list(range(book.lines.size))
        assert book.lines.root() == merkle.root(merkle.leaf_hashes(canonical.encode(line.leaf()) for line in own))
        sums: defaultdict[tuple[str, str, str, str], Sum] = defaultdict(Sum)
        for line in own:
            move, amount = line.move, line.move.amount
            key = (move.account, move.fund, move.nature, move.category)
            had = sums[key]
            sums[key] = Sum(had.received + max(amount, 0), had.spent + max(-amount, 0))
            place = (move.account, move.fund)
            balances[place] = balances.get(place, 0) + amount
            assert line.booked > accounts.closed_until
        assert dict(book.sums.items()) == sums
    assert {k: v for k, v in balances.items() if v} == {k: v for k, v in accounts.balances.items() if v}


def check_legs(accounts: Accounts, vouchers: list[VoucherBooked]) -> None:
    """The double entry says the same as the single: money and suspense by account."""
    chart = accounts.chart
    legs: defaultdict[tuple[str, str], int] = defaultdict(int)
    for voucher in vouchers:
        for leg in voucher.legs:
            legs[leg.code, leg.account] += leg.debit - leg.credit
    for account in accounts.accounts.values():
        held = sum(amount for (code, _), amount in accounts.balances.items() if code == account.code)
        money = legs[chart.money(account.nature), account.code]
        assert money == (held if account.nature == "petty" else account.balance), account.code
        assert -legs[chart.suspense(1), account.code] == account.suspense_in
        assert legs[chart.suspense(-1), account.code] == account.suspense_out
