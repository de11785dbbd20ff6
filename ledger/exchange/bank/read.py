"""From bytes to proven rows: decode, find the header, read the body, prove the chain, check the totals."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from ledger.errors import Malformed, MingzhangError, Refused
from ledger.exchange.bank.cells import account as account_of
from ledger.exchange.bank.cells import same_account, words, yuan
from ledger.exchange.bank.chain import Proven, prove
from ledger.exchange.bank.decode import Decoded, Table, decode
from ledger.exchange.bank.header import Header, find_header, normalise
from ledger.exchange.bank.layouts import LAYOUTS, RENMINBI, Layout
from ledger.exchange.bank.rows import BankFile, BankRow
from ledger.exchange.bank.summary import period
from ledger.exchange.bank.table import Body, Line, raise_all, read_body, said_money


def read_bank_file(data: bytes, name: str = "", *, layout: str | None = None, account: str | None = None) -> BankFile:
    """Read a bank's export and prove its rows by the running balance; nothing is changed, guessed or dropped.

    ``name`` only names the file in errors; ``layout`` asks for one of :data:`~ledger.exchange.bank.layouts.LAYOUTS`
    by name instead of trying all; ``account`` is the number (or its masked form) that the file must be of, if it
    prints one. Mistakes in rows are collected: the first is raised with the others as ``problems`` in its context and
    ``count``, their number; each has its ``row``, and its ``column`` as a field of the layout.

    Raises :class:`Malformed` ``bank.empty``, ``bank.too_large``, ``bank.unreadable``, ``bank.formula``,
    ``bank.macros``, ``bank.no_header``, ``bank.ambiguous_header``, ``bank.several_tables``, ``bank.unknown_layout``,
    ``bank.not_date``, ``bank.not_money``, ``bank.sub_fen``, ``bank.both_sides``, ``bank.no_direction``;
    :class:`Refused` ``bank.foreign_currency``, ``bank.wrong_account``, ``bank.balance_breaks``,
    ``bank.ambiguous_order``, ``bank.ambiguous_sign``, ``bank.footer_disagrees``; :class:`Unavailable`
    ``bank.no_reader``.
    """
    try:
        return _read(data, layout, account)
    except MingzhangError as error:
        if name:
            error.context["file"] = name
        raise


def _read(data: bytes, layout: str | None, account: str | None) -> BankFile:
    layouts = tuple(known for known in LAYOUTS if layout in (None, known.name))
    if not layouts:
        raise Malformed("bank.unknown_layout", layout, ", ".join(known.name for known in LAYOUTS))
    decoded = decode(data)
    table, header = _only_table(decoded, layouts)
    body = read_body(table, header, layouts)
    number = _account(body, account)
    _check_currency(body)
    if body.lines:
        proven = prove(body.lines, header.layout, body.opening, _closing(body))
    elif body.opening is not None:
        proven = Proven((), (), body.opening, body.opening, "chain")
    else:
        raise Malformed("bank.empty", "0 rows", "期初余额")
    raise_all(list(_disagreements(body, proven)))
    rows = tuple(_rows(body.lines, header, proven))
    days = [row.on for row in rows]
    covers = period(body.said["covers"].text) if "covers" in body.said else None
    if covers and not all(covers[0] <= day <= covers[1] for day in days):
        covers = None
    return BankFile(
        layout=header.layout.name,
        account=number,
        currency="CNY",
        opening=proven.opening,
        closing=proven.closing,
        first=min(days, default=None),
        last=max(days, default=None),
        rows=rows,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        encoding=decoded.encoding,
        proof=proven.proof,
        opening_printed=body.opening is not None,
        covers=covers,
        without_movement=tuple(line.row for line in body.lines if line.value == 0),
    )


def _only_table(decoded: Decoded, layouts: Sequence[Layout]) -> tuple[Table, Header]:
    for tables in decoded.readings:
        found = [(table, header) for table in tables if (header := find_header(table, layouts))]
        if len(found) > 1:
            raise Malformed("bank.several_tables", ", ".join(table.name for table, _ in found), "1")
        if found:
            return found[0]
    raise Malformed("bank.no_header", None, "交易日期, 借方发生额, 贷方发生额, 余额")


def _account(body: Body, wanted: str | None) -> str | None:
    above = account_of(body.said["account"].text) if "account" in body.said else ""
    above = above if any(char.isdigit() for char in above) else ""
    if above and body.account and not same_account(above, body.account):
        raise Refused("bank.wrong_account", body.account, above, row=body.said["account"].row)
    number = min(filter(None, (body.account, above)), key=lambda printed: printed.count("*"), default=None)
    for printed in (number, above):
        if printed and wanted and not same_account(account_of(wanted), printed):
            raise Refused("bank.wrong_account", printed, wanted)
    return number


def _check_currency(body: Body) -> None:
    if "currency" in body.said:
        said = body.said["currency"]
        if normalise(said.text) not in RENMINBI:
            raise Refused("bank.foreign_currency", said.text, "CNY", row=said.row)


def _closing(body: Body) -> int | None:
    if body.footer and "balance" in body.footer.figures:
        return body.footer.figures["balance"]
    return said_money(body.said, "closing")


def _disagreements(body: Body, proven: Proven) -> Iterator[Refused]:
    """Each total or count that the file prints and its rows do not give."""
    out, into = sum(line.out for line in body.lines), sum(line.into for line in body.lines)
    gross = sum(abs(line.value) for line in body.lines)
    net = sum(proven.amounts)
    sums = {"out": (out,), "in": (into,), "amount": (net, into - out, gross), "balance": (proven.closing,)}
    footer = body.footer
    if footer is not None:
        for column, fen in footer.figures.items():
            if fen not in sums[column]:
                yield _disagree(footer.row, column, fen, sums[column][0])
        if footer.count not in (None, len(body.lines)):
            yield _disagree_count(footer.row, "count", f"{footer.count}", len(body.lines))
    came = sum(amount for amount in proven.amounts if amount > 0)
    left = -sum(amount for amount in proven.amounts if amount < 0)
    # A printed red figure (a reversal in its own column) lowers that column's total instead of raising the other's.
    for kind, accepted in (("out", {out, left}), ("in", {into, came}), ("closing", {proven.closing})):
        printed = said_money(body.said, kind)
        if printed is not None and printed not in accepted:
            yield _disagree(body.said[kind].row, kind, printed, min(accepted))
    for kind, count in (
        ("out_count", sum(amount < 0 for amount in proven.amounts)),
        ("in_count", sum(amount > 0 for amount in proven.amounts)),
        ("count", len(body.lines)),
    ):
        if kind in body.said:
            digits = "".join(char for char in body.said[kind].text if char in "0123456789")
            if digits != str(count):
                yield _disagree_count(body.said[kind].row, kind, body.said[kind].text, count)


def _disagree(row: int, column: str, got: int, expected: int) -> Refused:
    return Refused(
        "bank.footer_disagrees", yuan(got), yuan(expected), row=row, column=column, expected=expected, got=got
    )


def _disagree_count(row: int, column: str, got: str, expected: int) -> Refused:
    return Refused("bank.footer_disagrees", got, str(expected), row=row, column=column)


def _rows(lines: Sequence[Line], header: Header, proven: Proven) -> Iterator[BankRow]:
    seen: Counter[tuple[object, ...]] = Counter()
    for index, amount in zip(proven.order, proven.amounts, strict=True):
        line = lines[index]
        if amount == 0:
            continue
        alike = (line.on, amount, line.balance)
        name, number = _other_side(header, line.cells, amount)
        texts = [words(line.cells[column]) for column in header.columns.get("text", ()) if column < len(line.cells)]
        yield BankRow(
            row=line.row,
            on=line.on,
            time=line.time,
            amount=amount,
            balance=line.balance,
            ordinal=seen[alike],
            counterparty=name,
            counter_account=number,
            narration=" / ".join(dict.fromkeys(text for text in texts if text)),
            serial=words(header.cell(line.cells, "serial")),
        )
        seen[alike] += 1


def _other_side(header: Header, cells: Sequence[str], amount: int) -> tuple[str, str]:
    if "payer" in header.layout.required:
        if amount > 0:
            return words(header.cell(cells, "payer")), account_of(header.cell(cells, "payer_account"))
        return words(header.cell(cells, "payee")), account_of(header.cell(cells, "payee_account"))
    return words(header.cell(cells, "counterparty")), account_of(header.cell(cells, "counter_account"))
