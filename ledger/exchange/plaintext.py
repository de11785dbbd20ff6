"""The books as plain-text accounting: beancount and hledger, so that other people's programs add them up again.

Each voucher becomes a transaction on the day it was booked, each leg a posting; account names are ASCII
(``Assets:C1002:Main``), titles stand beside them. At the end of each published period every own account is asserted to
hold what its statement says: closing by the books, plus what the bank had in suspense that evening.
Debits are positive. beancount tolerates half a unit of the last place unless told ``~ 0.00``; hledger compares exactly.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger import period
from ledger.accounts.booking import Leg, VoucherBooked
from ledger.accounts.chart import Chart
from ledger.errors import Refused
from ledger.money import format_yuan

CLASSES: Final[Mapping[str, str]] = {"1": "Assets", "2": "Liabilities", "3": "Equity", "4": "Income", "5": "Expenses"}
"""By the first digit of the chart's code."""
COMMODITY: Final = "CNY"


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an own account holds at the end of a day, in fen."""

    day: str
    account: str
    amount: int


def account_name(chart: Chart, leg: Leg) -> str:
    """The ASCII name of a leg's account. Raises ``plaintext.class`` for a chart numbered otherwise."""
    root = CLASSES.get(leg.code[:1])
    if root is None:
        raise Refused("plaintext.class", leg.code, "codes that begin with 1 to 5")
    own = leg.code in {chart.money(nature) for nature in ("bank", "petty", "kept")} and leg.account
    return f"{root}:C{leg.code}" + (f":{_slug(leg.account)}" if own else "")


def assertions(statements: Iterable[Mapping[str, Any]], chart: Chart) -> Iterator[Assertion]:
    """What each published statement says that each own account held."""
    for statement in statements:
        last = statement["period"]["last"]
        for account in statement["accounts"]:
            suspense = sum(s["amount"] for s in statement["open"]["suspense"] if s["account"] == account["code"])
            name = account_name(chart, Leg(chart.money(account["nature"]), 0, 0, account["code"]))
            yield Assertion(last, name, account["closing"] + suspense)


def beancount(vouchers: Sequence[VoucherBooked], chart: Chart, asserted: Sequence[Assertion], title: str) -> str:
    """The books as beancount text."""
    lines = [f'option "title" "{_plain(title)}"', f'option "operating_currency" "{COMMODITY}"', ""]
    first = min((v.booked for v in vouchers), default="1970-01-01")
    for name, code in sorted(_names(vouchers, chart)):
        lines.append(f'{first} open {name} {COMMODITY}\n  title: "{_plain(chart.accounts[code].zh)}"')
    lines.append("")
    for voucher in _ordered(vouchers):
        lines.append(f'{voucher.booked} * "{voucher.number}" "{_narration(voucher, chart)}"')
        lines.append(f'  entry: "{voucher.entry}"\n  record: "{voucher.record}"')
        lines += [
            f"  {account_name(chart, leg)}  {_amount(leg.debit - leg.credit)} {COMMODITY}" for leg in voucher.legs
        ]
        lines.append("")
    for item in asserted:
        lines.append(f"{period.day_after(item.day)} balance {item.account}  {_amount(item.amount)} ~ 0.00 {COMMODITY}")
    return "\n".join(lines) + "\n"


def hledger(vouchers: Sequence[VoucherBooked], chart: Chart, asserted: Sequence[Assertion], title: str) -> str:
    """The books as hledger journal text."""
    lines = [f"; {_plain(title)}", "decimal-mark .", f"commodity 1000.00 {COMMODITY}", ""]
    lines += [f"account {name}  ; {_plain(chart.accounts[code].zh)}" for name, code in sorted(_names(vouchers, chart))]
    lines.append("")
    ends = sorted({item.day for item in asserted})
    for voucher in _ordered(vouchers):
        while ends and voucher.booked > ends[0]:
            lines += _asserted(asserted, ends.pop(0))
        lines.append(
            f"{voucher.booked} * ({voucher.number}) {_narration(voucher, chart)}  ; entry: {voucher.entry}, record: {voucher.record}"
        )
        lines += [
            f"    {account_name(chart, leg)}  {_amount(leg.debit - leg.credit)} {COMMODITY}" for leg in voucher.legs
        ]
        lines.append("")
    for day in ends:
        lines += _asserted(asserted, day)
    return "\n".join(lines) + "\n"


def _asserted(asserted: Sequence[Assertion], day: str) -> list[str]:
    lines = [f"{day} * balance"]
    lines += [f"    {i.account}  0.00 {COMMODITY} = {_amount(i.amount)} {COMMODITY}" for i in asserted if i.day == day]
    return [*lines, ""]


def _ordered(vouchers: Sequence[VoucherBooked]) -> list[VoucherBooked]:
    """By day, in log order within a day; vouchers without legs (an empty opening) left out."""
    return sorted((v for v in vouchers if v.legs), key=lambda v: (v.booked, v.entry))


def _names(vouchers: Sequence[VoucherBooked], chart: Chart) -> set[tuple[str, str]]:
    return {(account_name(chart, leg), leg.code) for voucher in vouchers for leg in voucher.legs}


def _narration(voucher: VoucherBooked, chart: Chart) -> str:
    others = dict.fromkeys(chart.accounts[leg.code].zh for leg in voucher.legs[1::2])
    return _plain("、".join(others) + ("（冲销）" if voucher.corrects else ""))


def _amount(fen: int) -> str:
    return format_yuan(fen, grouping=False)


def _slug(code: str) -> str:
    """An account code as beancount takes it: a capital or digit first, then letters, digits and dashes."""
    return code.replace("_", "-").capitalize()


def _plain(text: str) -> str:
    """Without what would end a string, a comment or a line in either format."""
    return "".join(c for c in text if c not in '"\\;|\r\n')
