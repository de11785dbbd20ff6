"""The bank's rows: taken over file by file, each booked at once, claimed by one person until a second confirms.

A row's identity is (account, bank date, amount with its sign, running balance, ordinal among equals that day): the same
from every layout, so equal twins stay two and no row counts twice. Each row chains from the balance before it. What the
parts do not explain goes to suspense, each row singly. A file may come in several batches; one that stops short is cut off
by the next file of its account.
"""

from ledger.accounts import parts, records, suspense
from ledger.accounts.booking import Suspended, book, booking_day
from ledger.accounts.effects import Saying
from ledger.accounts.facts import BankMoved, FileConfirmed, SuspenseMoved
from ledger.accounts.setup import check_document
from ledger.accounts.state import Account, Accounts, Import
from ledger.accounts.world import Decided, World
from ledger.errors import Conflict, NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Used
from ledger.log.merkle import leaf_hash


def take_file(world: World, act: Act[records.BankImported]) -> Decided:
    """Begin taking over a file; its rows follow."""
    body, accounts = act.body, world.accounts
    account = accounts.account(body.account)
    booking_day(accounts, act, body.end)
    if account.nature == "petty":
        raise Refused("bank.not_a_bank_account", account.code, "an account of nature bank or kept")
    key = _file_key(account.code, body.file)
    if act.past.used(*key) is not None:
        raise Conflict("bank_file.used_before", key[1])
    if body.opening != account.balance:
        raise Refused("bank.does_not_join", body.opening, account.balance)
    if body.end < body.start or body.start < accounts.opened_on or body.end < account.rows_until:
        raise Refused(
            "bank.days", f"{body.start}..{body.end}", f"from {accounts.opened_on} on, to {account.rows_until} or later"
        )
    if not body.count and body.closing != body.opening:
        raise Refused("bank.closing_differs", body.closing, body.opening)
    taking = Import(
        act.digest, body.file, account.code, act.signer.person, body.start, body.end, body.count, body.closing
    )
    accounts = _cut_off(accounts, account)
    accounts = replace(accounts, imports=accounts.imports.insert(act.digest, taking))
    if body.count:
        return accounts, ()
    return accounts.with_account(replace(account, rows_until=body.end)), (Used(*key),)


def _cut_off(accounts: Accounts, account: Account) -> Accounts:
    """End a file of the account whose rows stopped coming: it is what of it came. Else one wrong count or closing balance
    would lock the account for ever. What is missing comes with the next file, which must join.
    """
    imports = accounts.imports
    for begun in accounts.imports.values():
        if begun.account == account.code and begun.taken < begun.count:
            imports = imports.remove(begun.digest)
            if begun.taken:
                ended = replace(begun, count=begun.taken, closing=account.balance, end=account.rows_until)
                imports = imports.insert(begun.digest, ended)
    return replace(accounts, imports=imports)


def _file_key(account: str, file: str) -> tuple[str, str]:
    return "bank_file", f"{account}:{file}"


def take_row(world: World, act: Act[records.BankRow]) -> Decided:
    """Take over one row: it chains, it is new, its parts are what they say; the rest is suspense."""
    body, accounts = act.body, world.accounts
    taking = accounts.imports.get(body.file)
    if taking is None or taking.taken >= taking.count:
        raise NotFound("bank.no_open_file", body.file)
    if act.signer.person != taking.importer:
        raise Refused("bank.other_importer", act.signer.person, taking.importer)
    account = accounts.account(taking.account)
    first = max(taking.start, account.rows_until)
    if not first <= body.on <= taking.end:
        raise Refused("bank.row_day", body.on, f"{first}..{taking.end}", row=body.row)
    if body.amount == 0 or body.balance != account.balance + body.amount:
        raise Refused("bank.balance_breaks", body.balance, account.balance + body.amount, row=body.row)
    if body.ordinal and act.past.used("bank_row", _row_key(account.code, body, body.ordinal - 1)) is None:
        raise Refused("bank.ordinal", body.ordinal, "0 for the first such row of the day, then 1, 2, …", row=body.row)
    last = taking.taken + 1 == taking.count
    if last and body.balance != taking.closing:
        raise Refused("bank.closing_differs", body.balance, taking.closing)
    if any(part.amount * body.amount <= 0 for part in body.parts):
        raise Refused("part.sign", [p.amount for p in body.parts], "the row's own sign", row=body.row)
    at = Saying(act.digest, act.digest, account.code, body.on, body.on, act.past)
    settled = parts.settle(accounts, at, body.parts)
    total = sum(part.amount for part in body.parts)
    rest = body.amount - total
    if rest * body.amount < 0:
        raise Refused("bank.parts_over_row", total, body.amount, row=body.row)
    accounts, suspended = settled.accounts, settled.suspended
    if rest:
        accounts = suspense.put(accounts, act.digest, account.code, body.on, rest)
        suspended = (*suspended, Suspended(account.code, rest, rest))
    accounts = _moved(
        accounts, replace(taking, taken=taking.taken + 1, range=taking.range.append(leaf_hash(act.record.raw))), body
    )
    accounts, booked = book(accounts, act, body.on, settled.moves, suspended)
    moved = BankMoved(act.digest, account.code, body.on, body.amount, body.balance, rest)
    used = Used("bank_row", _row_key(account.code, body, body.ordinal))
    whole = (Used(*_file_key(account.code, taking.file)),) if last else ()
    return accounts, (used, *whole, moved, *settled.facts, *booked)


def _row_key(account: str, body: records.BankRow, ordinal: int) -> str:
    return f"{account}|{body.on}|{body.amount}|{body.balance}|{ordinal}"


def _moved(accounts: Accounts, taking: Import, body: records.BankRow) -> Accounts:
    rows_until = taking.end if taking.taken == taking.count else body.on
    account = replace(accounts.account(taking.account), balance=body.balance, rows_until=rows_until)
    return replace(accounts.with_account(account), imports=accounts.imports.insert(taking.digest, taking))


def confirm_file(world: World, act: Act[records.BankConfirmed]) -> Decided:
    """A second person, who saw the bank's own balance, confirms the rows."""
    body, accounts = act.body, world.accounts
    taken = accounts.imports.get(body.file)
    if taken is None or taken.taken < taken.count:
        raise NotFound("bank.no_file_to_confirm", body.file)
    if act.signer.person == taken.importer:
        raise Refused("bank.confirmed_by_importer", taken.importer, "a second person")
    for what, said, own in (
        ("count", body.count, taken.count),
        ("root", body.root, taken.range.root().hex()),
        ("closing", body.closing, taken.closing),
    ):
        if said != own:
            raise Refused(f"bank.{what}_differs", said, own)
    return replace(accounts, imports=accounts.imports.remove(body.file)), (FileConfirmed(body.file, taken.account),)


def clear_suspense(world: World, act: Act[records.SuspenseCleared]) -> Decided:
    """Say with evidence what a row in suspense was; an outflow then stands without authority unless a stage explains it."""
    body, accounts = act.body, world.accounts
    held = accounts.suspense.get(body.row)
    if held is None:
        raise NotFound("suspense.unknown", body.row)
    check_document(act.past, body.evidence)
    if any(part.amount * held.amount <= 0 for part in body.parts):
        raise Refused("part.sign", [p.amount for p in body.parts], "the row's own sign")
    earliest = max(held.on, held.since)
    if body.on < earliest:
        raise Refused("suspense.before_row", body.on, f"{earliest} or later")
    at = Saying(act.digest, act.digest, held.account, held.on, body.on, act.past, body.evidence)
    settled = parts.settle(accounts, at, body.parts)
    total = sum(part.amount for part in body.parts)
    accounts = suspense.take(settled.accounts, body.row, held.account, total)
    accounts, booked = book(accounts, act, body.on, settled.moves, settled.suspended, clearing=held.amount)
    moved = SuspenseMoved(body.row, held.account, body.on, -total, act.digest, body.evidence)
    return accounts, (moved, *settled.facts, *booked)
