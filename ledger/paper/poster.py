"""The poster: page 1, which hangs at the entrance and which somebody of eighty reads without a telephone.

Four questions in this order: how much is there, does it agree with the bank, where did it come from and go to, on what
did the spending rest and what is still open. The figures are the statement's; a difference is never hidden, an item
that nobody can explain stands by itself, never netted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ledger.paper.naming import Names
from ledger.paper.phrases import BLANK, Phrases
from ledger.paper.pointer import Copy
from ledger.paper.printed import PrintedWith, Unexplained
from ledger.publication.objections import DROPPED

GROUPS: Final = 8
"""Bars on each side of a poster at most, 其他 included."""
OTHERS: Final = 5
"""Kinds of money named one by one that are neither income nor expense."""
ITEMS: Final = 6
"""Open bank items on a poster; further ones are counted and stand in the reconciliation table."""
BASES: Final = ("motion", "budget", "delegation", "ratified", "none")

State = Literal["agrees", "differs", "unknown"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Something with its amount and, where they are counted, its number; ``strong`` where it asks for attention."""

    label: str
    amount: str
    count: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A group with its amount; ``share`` in thousandths of the longest bar."""

    label: str
    amount: str
    share: int


@dataclass(frozen=True, slots=True)
class Side:
    """Income or expenses: the total, its groups, and what is neither."""

    title: str
    total: str
    note: str
    bars: tuple[Bar, ...]
    others_title: str
    others_total: str
    others: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class FundRow:
    """One fund in one account, or one account in all."""

    title: str
    opening: str
    received: str
    spent: str
    closing: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class BankItem:
    """One item that the bank and the books do not share."""

    number: str
    text: str
    amount: str


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """和银行对得上吗？"""

    state: State
    text: str
    detail: str
    items: tuple[BankItem, ...]
    more: str
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One own account of the bank, or kept by another: what was there, what is there, what became of it."""

    title: str
    bank: str
    holder: str
    opening: str
    closing: str
    closing_label: str
    change: str
    change_label: str
    equation: str
    funds: tuple[FundRow, ...]
    funds_line: str
    answer: BankAnswer


@dataclass(frozen=True, slots=True)
class Poster:
    """Everything on page 1, worded."""

    title: str
    period: str
    span: str
    blocks: tuple[Block, ...]
    boxes: tuple[FundRow, ...]
    all_accounts: FundRow | None
    income: Side
    expense: Side
    sums: str
    decisions: tuple[Pair, ...]
    open: tuple[Pair, ...]
    code: str
    copy: str
    scan: str
    reading: str
    objections: str
    street: str
    posted: str
    seals: tuple[str, ...]
    dated: str


def poster(names: Names, printed: PrintedWith) -> Poster:
    """The poster of a statement."""
    statement, phrases = names.statement, names.phrases
    accounts = statement["accounts"]
    groups = {nature: _merged(names, _net(statement, nature), GROUPS) for nature in ("income", "expense")}
    longest = max((amount for bars in groups.values() for _, amount in bars), default=0)
    span = statement["period"]
    return Poster(
        title=phrases.text("poster.title", name=statement["name"]),
        period=phrases.period(span["code"]),
        span=phrases.span(span["first"], span["last"]),
        blocks=tuple(_block(names, account, printed) for account in accounts if account["nature"] != "petty"),
        boxes=tuple(
            _row(phrases, account["title"], account)
            for account in accounts
            if account["nature"] == "petty" and _moved(account)
        ),
        all_accounts=_all_accounts(names) if sum(map(_moved, accounts)) > 1 else None,
        income=_side(names, "income", groups["income"], longest),
        expense=_side(names, "expense", groups["expense"], longest),
        sums=_sums(statement, phrases),
        decisions=_decisions(statement["decisions"]["by_basis"], phrases),
        open=(*open_points(statement, phrases), *unexplained(printed.unexplained, phrases)),
        code=printed.check_code or phrases.text("term.not_witnessed"),
        copy=said_of(printed.copy, phrases),
        scan=phrases.text("poster.scan" if printed.address else "poster.scan_offline"),
        reading=phrases.text("poster.reading", where=printed.reading or BLANK * 2),
        objections=_objections(printed, phrases),
        street=phrases.text("poster.street_phone", phone=printed.street_phone or BLANK),
        posted=_posted(printed, phrases),
        seals=tuple(phrases.text("poster.seal", body=phrases.text(f"body.{body}")) for body in printed.seals),
        dated=phrases.full_day(printed.published_on) if printed.published_on else "",
    )


# --- what is there ----------------------------------------------------------------------------------------------------


def _block(names: Names, account: Mapping[str, Any], printed: PrintedWith) -> Block:
    phrases, last = names.phrases, names.statement["period"]["last"]
    change = account["closing"] - account["opening"]
    funds = [fund for fund in names.statement["funds"] if fund["account"] == account["code"]]
    rows = tuple(_fund_row(names, fund) for fund in funds)
    return Block(
        title=names.account(account["code"]),
        bank=account.get("bank", ""),
        holder=phrases.text(f"statement.holder_{account['holder']}"),
        opening=phrases.yuan(account["opening"]),
        closing=phrases.yuan(account["closing"]),
        closing_label=phrases.text("poster.now", day=phrases.day(last)),
        change=phrases.signed(change),
        change_label=phrases.text("poster.less" if change < 0 else "poster.more"),
        equation=phrases.text(
            "poster.equation", **{k: phrases.yuan(account[k]) for k in ("opening", "received", "spent", "closing")}
        ),
        funds=rows if len(rows) > 1 else (),
        funds_line=phrases.text("poster.holds_funds", funds=phrases.join(names.fund(f) for f in account["funds"])),
        answer=_answer(names, account, printed),
    )


def _fund_row(names: Names, fund: Mapping[str, Any]) -> FundRow:
    phrases = names.phrases
    unproven = fund.get("unproven", 0)
    mark = phrases.text("statement.unproven", amount=phrases.yuan(unproven)) if unproven else ""
    return _row(phrases, names.fund(fund["fund"]), fund, mark)


def _row(phrases: Phrases, title: str, moved: Mapping[str, Any], mark: str = "") -> FundRow:
    opening, received, spent, closing = (phrases.yuan(moved[k]) for k in ("opening", "received", "spent", "closing"))
    return FundRow(title, opening, received, spent, closing, mark)


def _moved(account: Mapping[str, Any]) -> bool:
    return any(account[field] for field in ("opening", "received", "spent", "closing"))


def _all_accounts(names: Names) -> FundRow:
    accounts = names.statement["accounts"]
    moved = {k: sum(account[k] for account in accounts) for k in ("opening", "received", "spent", "closing")}
    return _row(names.phrases, names.phrases.text("statement.all_accounts"), moved)


# --- the bank ---------------------------------------------------------------------------------------------------------


def _answer(names: Names, account: Mapping[str, Any], printed: PrintedWith) -> BankAnswer:
    phrases = names.phrases
    tables = [table for table in names.statement["reconciliation"] if table["account"] == account["code"]]
    listed: Sequence[Mapping[str, Any]] = max(tables, key=lambda table: str(table["day"]))["items"] if tables else ()
    items = [item for item in listed if not item["class"].startswith("books_")]
    difference = account["difference"]
    left = difference - sum(_signed(item) for item in items)
    state, text = _state(phrases, account, len(items) + (1 if left else 0))
    both = {"bank": phrases.yuan(account["bank_balance"]), "books": phrases.yuan(account["closing"])}
    shown = [_bank_item(names, number, item, printed) for number, item in enumerate(items, 1)]
    if left:
        unexplained = phrases.text("poster.unexplained")
        shown.append(BankItem(phrases.circled(len(shown) + 1), unexplained, phrases.signed(left)))
    hidden = len(shown) - ITEMS
    return BankAnswer(
        state=state,
        text=text,
        detail=phrases.text("poster.both_balances", **both) if difference else "",
        items=tuple(shown[:ITEMS]),
        more=phrases.text("poster.more_items", count=hidden) if hidden > 0 else "",
        cautions=tuple(_cautions(names, account, listed)),
    )


def _state(phrases: Phrases, account: Mapping[str, Any], count: int) -> tuple[State, str]:
    bank = phrases.yuan(account["bank_balance"])
    if account["difference"]:
        amount = phrases.yuan(abs(account["difference"]))
        return "differs", phrases.text("poster.differs", amount=amount, count=count)
    if count:
        return "differs", phrases.text("poster.same_but_open", count=count, bank=bank)
    if not account["complete"]:
        return "unknown", phrases.text("poster.bank_unknown", bank=bank)
    return "agrees", phrases.text("poster.agrees", bank=bank)


def _signed(item: Mapping[str, Any]) -> int:
    """What an item makes the bank's balance more than the books'."""
    return int(item["amount"]) if item["class"] in ("bank_received", "rejected_paid") else -int(item["amount"])


def _bank_item(names: Names, number: int, item: Mapping[str, Any], printed: PrintedWith) -> BankItem:
    phrases, on = names.phrases, item["on"]
    what = printed.remarks.get(item["record"]) or phrases.text(f"poster.item_{item['class']}")
    day = phrases.day(on) if on[:4] == names.statement["period"]["last"][:4] else phrases.full_day(on)
    return BankItem(phrases.circled(number), f"{day} {what}", phrases.signed(_signed(item)))


def _cautions(names: Names, account: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    phrases = names.phrases
    if not account["complete"]:
        until = account.get("rows_until")
        yield phrases.text("poster.rows_until", day=phrases.day(until)) if until else phrases.text("poster.no_rows")
    if not account["confirmed"]:
        yield phrases.text("poster.unconfirmed")
    on_the_way = [item for item in listed if item["class"].startswith("books_")]
    if on_the_way:
        amount = phrases.yuan(sum(item["amount"] for item in on_the_way))
        yield phrases.text("poster.on_the_way", count=len(on_the_way), amount=amount)
    unproven = sum(f.get("unproven", 0) for f in names.statement["funds"] if f["account"] == account["code"])
    if unproven:
        yield phrases.text("poster.unproven_opening", amount=phrases.yuan(unproven))


# --- where from, where to ---------------------------------------------------------------------------------------------


def grouped(statement: Mapping[str, Any], block: str, nature: str = "") -> dict[str, tuple[int, int]]:
    """Received and spent by category over all funds, of one block and, where named, one nature."""
    sums: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for fund in statement["funds"]:
        for row in fund["blocks"][block]["rows"]:
            if not nature or row["nature"] == nature:
                received, spent = sums[row["category"]]
                sums[row["category"]] = received + row["received"], spent + row["spent"]
    return dict(sums)


def _net(statement: Mapping[str, Any], nature: str) -> list[tuple[str, int]]:
    """Categories of income or expense with their net amounts, the largest first."""
    sign = 1 if nature == "income" else -1
    sums = grouped(statement, "own", nature)
    return sorted(((code, sign * (r - s)) for code, (r, s) in sums.items()), key=lambda item: (-item[1], item[0]))


def _merged(names: Names, groups: Sequence[tuple[str, int]], most: int) -> list[tuple[str, int]]:
    """Titles with amounts; what is more than ``most`` groups becomes 其他, with how many it stands for."""
    titled = [(names.category(code), amount) for code, amount in groups]
    if len(titled) <= most:
        return titled
    rest = titled[most - 1 :]
    other = names.phrases.text("poster.other_groups", count=len(rest))
    return [*titled[: most - 1], (other, sum(amount for _, amount in rest))]


def _side(names: Names, nature: str, bars: Iterable[tuple[str, int]], longest: int) -> Side:
    phrases, totals = names.phrases, names.statement["totals"]
    which, way = (0, "received") if nature == "income" else (1, "spent")
    others = [(code, moved[which]) for code, moved in grouped(names.statement, "others").items() if moved[which]]
    others.sort(key=lambda item: (-item[1], item[0]))
    return Side(
        title=phrases.text(f"poster.{nature}"),
        total=phrases.yuan(totals[nature]),
        note=phrases.text(f"poster.{nature}_note"),
        bars=tuple(
            Bar(label, phrases.yuan(amount), max(0, amount) * 1000 // max(1, longest)) for label, amount in bars
        ),
        others_title=phrases.text(f"poster.not_{nature}"),
        others_total=phrases.yuan(totals[f"others_{way}"]),
        others=tuple(Pair(label, phrases.yuan(amount)) for label, amount in _merged(names, others, OTHERS)),
    )


def _sums(statement: Mapping[str, Any], phrases: Phrases) -> str:
    totals = statement["totals"]
    change = totals["closing"] - totals["opening"]
    moved = totals["transfers_received"] - totals["transfers_spent"]
    named = {name: phrases.yuan(totals[name]) for name in ("income", "expense", "others_received", "others_spent")}
    text = phrases.text("poster.sums", change=phrases.signed(change), **named)
    if sum(map(_moved, statement["accounts"])) > 1:
        text = phrases.labelled(phrases.text("statement.all_accounts"), text)
    return phrases.clauses((text, phrases.text("poster.transfers", amount=phrases.signed(moved)) if moved else ""))


# --- on what it rests, what is open -----------------------------------------------------------------------------------


def _decisions(by_basis: Iterable[Mapping[str, Any]], phrases: Phrases) -> tuple[Pair, ...]:
    found = {row["basis"]: row for row in by_basis}
    pairs = []
    for basis in (*BASES, *(basis for basis in found if basis not in BASES)):
        count, amount = (found[basis]["count"], found[basis]["amount"]) if basis in found else (0, 0)
        strong = basis == "none" and count > 0
        pairs.append(_counted(phrases, f"authority.{basis}", count, amount, strong=strong))
    return tuple(pairs)


def open_points(statement: Mapping[str, Any], phrases: Phrases) -> tuple[Pair, ...]:
    """What is not settled, one pair a kind; what there is none of is left out."""
    pending = statement["open"]
    pairs = []
    for sign, suffix in ((1, "in"), (-1, "out")):
        amounts = _amounts(pending["suspense"], sign)
        pairs.append((f"suspense_{suffix}", len(amounts), sum(amounts)))
    pairs += [
        (key, len(pending[key]), sum(item["amount"] for item in pending[key]))
        for key in ("unfounded", "approved_unpaid")
    ]
    for sign, suffix in ((1, "in"), (-1, "out")):
        amounts = _amounts(pending["awaited"], sign)
        pairs.append((f"awaited_{suffix}", len(amounts), sum(amounts)))
    found = [
        _counted(phrases, f"poster.open_{key}", count, amount, strong=key == "unfounded")
        for key, count, amount in pairs
        if count
    ]
    if pending["unconfirmed"]:
        files = phrases.text("poster.count_files", count=len(pending["unconfirmed"]))
        found.append(Pair(phrases.text("poster.open_unconfirmed"), "", files))
    if "objections" in statement:
        found.append(_unanswered(statement, phrases))
    return tuple(found)


def _unanswered(statement: Mapping[str, Any], phrases: Phrases) -> Pair:
    """Questions without an answer, and how many of them were overdue at the statement's last entry, so that all its forms say
    the same.
    """
    day = statement["time"][:10]
    waiting = [one for one in statement["objections"] if "answered" not in one and one.get("outcome") not in DROPPED]
    overdue = sum(one["due"] < day for one in waiting)
    late = phrases.text("poster.count_overdue", count=overdue) if overdue else ""
    count = phrases.text("poster.count_objections", count=len(waiting))
    return Pair(phrases.text("poster.open_objections"), late, count, strong=overdue > 0)


def _amounts(items: Iterable[Mapping[str, Any]], sign: int) -> list[int]:
    return [sign * item["amount"] for item in items if sign * item["amount"] > 0]


def unexplained(found: Unexplained | None, phrases: Phrases) -> Iterator[Pair]:
    """What the checks ask, if anybody had them asked: no part of the statement, so the version of the checks is said."""
    if found is not None:
        heavy = phrases.text("poster.count_heavy", count=found.heavy) if found.heavy else ""
        count = phrases.text("poster.count_unexplained", count=found.count)
        label = phrases.text("poster.open_unexplained", checks=found.checks)
        yield Pair(label, heavy, count, strong=found.heavy > 0)


def _counted(phrases: Phrases, key: str, count: int, amount: int, *, strong: bool) -> Pair:
    worded = phrases.text("term.yuan", amount=phrases.yuan(amount))
    return Pair(phrases.text(key), worded, phrases.text("poster.count", count=count), strong)


# --- the foot ---------------------------------------------------------------------------------------------------------


def said_of(copy: Copy | None, phrases: Phrases) -> str:
    """Which copy a sheet is, in words; empty where it is the only one."""
    return phrases.text("poster.copy", place=copy.place, number=copy.number, of=copy.of) if copy else ""


def _objections(printed: PrintedWith, phrases: Phrases) -> str:
    until = phrases.day(printed.objections_until) if printed.objections_until else BLANK
    how = phrases.text("poster.objections", until=until, place=printed.objection_place or BLANK * 2)
    if printed.reply_days is None:
        return how
    return phrases.clauses((how, phrases.text("poster.reply_days", days=printed.reply_days)))


def _posted(printed: PrintedWith, phrases: Phrases) -> str:
    if printed.posted_from and printed.posted_until:
        return phrases.text("poster.posted", span=phrases.span(printed.posted_from, printed.posted_until))
    return phrases.text("poster.posted", span=f"{BLANK}—{BLANK}")
