"""The bank's rows: taken over file by file, each booked at once, claimed by one person until a second confirms.

A row's identity is (account, bank date, amount with its sign, running balance, ordinal among equals that day): the same
from every layout, so equal twins stay two and no row counts twice. Each row chains from the balance before it. What the
parts do not explain goes to suspense, each row singly. A file may come in several batches; one that stops short is cut off
by the next file of its account. A file that was rejected (:mod:`ledger.accounts.rejection`) may be taken over again, and so
may its rows: the log knows them by their name and how often it was taken back.
"""

from ledger.accounts import parts, records, suspense
from ledger.accounts.booking import Suspended, book, booking_day
from ledger.accounts.effects import Saying
from ledger.accounts.facts import BankMoved, FileConfirmed, SuspenseMoved
from ledger.accounts.setup import check_document
from ledger.accounts.state import Account, Accounts, Import, Joint
from ledger.accounts.world import Decided, World
from ledger.errors import Conflict, NotFound, Refused
from ledger.frozen import replace
from ledger.log.act import Act, Past, Used
from ledger.log.merkle import leaf_hash


def take_file(world: World, act: Act[records.BankImported]) -> Decided:
    """Begin taking over a file; its rows follow."""
    body, accounts = act.body, world.accounts
    account = accounts.account(body.account)
    booking_day(accounts, act, body.end)
    if account.nature == "petty":
        raise Refused("bank.not_a_bank_account", account.code, "an account of nature bank or kept")
    name, stands = place(act.past, *_file_key(account.code, body.file))
    if stands:
        raise Conflict("bank_file.used_before", body.file)
    if body.opening != account.balance:
        raise Refused("bank.does_not_join", body.opening, account.balance)
    if body.end < body.start or body.start < accounts.opened_on or body.end < account.rows_until:
        raise Refused(
            "bank.days", f"{body.start}..{body.end}", f"from {accounts.opened_on} on, to {account.rows_until} or later"
        )
    if not body.count and body.closing != body.opening:
        raise Refused("bank.closing_differs", body.closing, body.opening)
    accounts = _cut_off(accounts, account)
    account = accounts.account(account.code)
    taking = Import(
        act.digest,
        body.file,
        account.code,
        act.signer.person,
        body.start,
        body.end,
        body.count,
        body.closing,
        Joint(account.newest, account.rows_until, account.balance),
    )
    accounts = replace(accounts, imports=accounts.imports.insert(act.digest, taking))
    account = replace(account, newest=act.digest)
    if body.count:
        return accounts.with_account(account), ()
    return accounts.with_account(replace(account, rows_until=body.end)), (Used("bank_file", name),)


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
            else:
                account = replace(account, newest=begun.joins.file)
    return replace(accounts.with_account(account), imports=imports)


def place(past: Past, kind: str, key: str) -> tuple[str, bool]:
    """The name under which a row (``bank_row``) or file (``bank_file``) stands in the log, and true; else the name under
    which it would stand, and false. Names are used once, so that each time it was taken back gives it another.
    """
    name, times = key, 0
    while (seq := past.used(kind, name)) is not None:
        record = past.entry(seq).record
        file = record.body["file"] if record.kind == "bank.row/1" else record.digest
        if past.used("bank_rejected", file) is None:
            return name, True
        times += 1
        name = f"{key}|{times}"
    return name, False


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
    if body.ordinal and not place(act.past, "bank_row", _row_key(account.code, body, body.ordinal - 1))[1]:
        raise Refused("bank.ordinal", body.ordinal, "0 for the first such row of the day, then 1, 2, …", row=body.row)
    name, stands = place(act.past, "bank_row", _row_key(account.code, body, body.ordinal))
    if stands:
        raise Conflict("bank_row.used_before", name)
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
        accounts = suspense.put(accounts, act.digest, account.code, body.file, body.on, rest)
        suspended = (*suspended, Suspended(account.code, rest, rest))
    accounts = _moved(accounts, taking, act)
    accounts, booked = book(accounts, act, body.on, settled.moves, suspended)
    moved = BankMoved(act.digest, account.code, body.on, body.amount, body.balance, rest)
    whole = (Used("bank_file", place(act.past, *_file_key(account.code, taking.file))[0]),) if last else ()
    return accounts, (Used("bank_row", name), *whole, moved, *settled.facts, *booked)


def _row_key(account: str, body: records.BankRow, ordinal: int) -> str:
    return f"{account}|{body.on}|{body.amount}|{body.balance}|{ordinal}"


def _moved(accounts: Accounts, taking: Import, act: Act[records.BankRow]) -> Accounts:
    body = act.body
    taken = replace(
        taking,
        taken=taking.taken + 1,
        received=taking.received + max(body.amount, 0),
        paid=taking.paid - min(body.amount, 0),
        range=taking.range.append(leaf_hash(act.record.raw)),
    )
    if max(taken.received, taken.paid) > records.MOST:
        # Should it be rejected, a statement says these sums; one that it could not write would never close its period.
        raise Refused("sum.too_large", max(taken.received, taken.paid), records.MOST)
    rows_until = taken.end if taken.taken == taken.count else body.on
    account = replace(accounts.account(taken.account), balance=body.balance, rows_until=rows_until)
    return replace(accounts.with_account(account), imports=accounts.imports.insert(taken.digest, taken))


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
