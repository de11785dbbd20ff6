"""Where bank and books do not meet: row 32 of the table.

The machine joins every file to the last and makes both sides meet item by item; what is asked here is how long an item has
been open, and whether anybody but the importer has looked.
"""

from collections.abc import Iterator
from typing import Any, Final

from ledger import period
from ledger.accounts.facts import Arrived, Awaited, BankMoved
from ledger.accounts.records import AccountOpened, BankImported
from ledger.audit.checks.dossier import Cited, Dossier, Noted
from ledger.audit.checks.frame import Check, Found, found


def unexplained_receipts(case: Dossier) -> Iterator[Found]:
    """Money came to an account, and nobody has said what it is for longer than the profile lets it wait."""
    yield from _unexplained(case, came=True)


def unexplained_payments(case: Dossier) -> Iterator[Found]:
    """Money left an account, and nobody has said for what."""
    yield from _unexplained(case, came=False)


def missing_receipts(case: Dossier) -> Iterator[Found]:
    """A receipt was recorded, and the bank had none in that time."""
    yield from _awaited(case, came=True)


def missing_payments(case: Dossier) -> Iterator[Found]:
    """A payment was handed to the bank, and the bank made none in that time."""
    yield from _awaited(case, came=False)


def _unexplained(case: Dossier, *, came: bool) -> Iterator[Found]:
    rows = {noted.fact.row: noted for noted in case.facts(BankMoved)}
    for held in case.books.accounts.suspense.values():
        days = _age(case, held.on)
        if (held.amount > 0) is came and days > _most(case):
            figures = _figures(held.account, held.on, held.amount, days)
            yield found(rows[held.row].cite(), **figures)


def _awaited(case: Dossier, *, came: bool) -> Iterator[Found]:
    waiting: dict[str, tuple[Awaited, Cited]] = {}
    moved: list[Noted[Any]] = [*case.facts(Awaited), *case.facts(Arrived)]
    for noted in sorted(moved, key=lambda noted: noted.seq):
        if isinstance(noted.fact, Awaited):  # once more where a contra took its arrival back
            waiting[noted.fact.ref] = noted.fact, noted.cite()
        else:
            del waiting[noted.fact.ref]
    for fact, cited in waiting.values():
        days = _age(case, fact.on)
        if (fact.amount > 0) is came and days > _most(case):
            yield found(cited, **_figures(fact.account, fact.on, fact.amount, days))


def _figures(account: str, on: str, amount: int, days: int) -> dict[str, int | str]:
    return {"own_account": account, "since_day": on, "month": on[:7], "open_fen": abs(amount), "days": days}


def unconfirmed_files(case: Dossier) -> Iterator[Found]:
    """A bank file that only its importer has seen."""
    for act in case.acts(BankImported):
        days = _age(case, act.day)
        if act.digest in case.books.accounts.imports and days > _most(case):
            yield found(
                act.cite(), own_account=act.body.account, first_day=act.body.start, last_day=act.body.end, days=days
            )


def silent_accounts(case: Dossier) -> Iterator[Found]:
    """An account that holds money, and no bank rows for longer than books and bank may stay uncompared."""
    months = case.profile.months("fund.reconcile_months")
    newest = {act.body.code: act.cite() for act in case.acts(AccountOpened)}
    newest |= {noted.fact.account: noted.cite() for noted in case.facts(BankMoved)}
    for account in case.books.accounts.accounts.values():
        until = account.rows_until or case.books.accounts.opened_on
        if account.balance and months and case.day > period.add_months(period.parse_day(until), months):
            yield found(
                newest[account.code],
                own_account=account.code,
                until_day=until,
                held_fen=account.balance,
                months=months,
            )


def _age(case: Dossier, day: str) -> int:
    return (case.day - period.parse_day(day)).days


def _most(case: Dossier) -> int:
    return case.profile.integer("audit.unmatched_days")


_BASIS: Final = ("O165 30", "O165 31", "AL 17")
CHECKS: Final = (
    Check("bank.receipt_unexplained", "32", "high", _BASIS, (BankMoved,), unexplained_receipts),
    Check("bank.payment_unexplained", "32", "high", _BASIS, (BankMoved,), unexplained_payments),
    Check("bank.receipt_missing", "32", "high", _BASIS, (Awaited, Arrived), missing_receipts),
    Check("bank.payment_missing", "32", "high", _BASIS, (Awaited, Arrived), missing_payments),
    Check("bank.unconfirmed", "32", "medium", ("AL 17", "AL 27"), (BankImported,), unconfirmed_files),
    Check("bank.silent", "32", "high", _BASIS, (AccountOpened, BankMoved), silent_accounts),
)
