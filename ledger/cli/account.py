"""``mingzhang account``: own accounts under their mandates, opening balances, chart, parties, papers, contracts, contra.

An account's mandate is the profile's (``account.tiers``) unless ``--mandate`` says another. Opening balances are said part
by part: ``--part ACCOUNT FUND YUAN SOURCE proven|unproven``, where SOURCE is the entry (or digest) of the document that
says the amount. Papers named by ``@FILE`` are kept beside the ledger, encrypted; ``account keep`` keeps others.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from ledger.accounts.booking import VoucherBooked
from ledger.accounts.records import FundCode
from ledger.books import KINDS
from ledger.cli import acts, bodies, files, told
from ledger.cli.acts import Acting, Given
from ledger.cli.community import chart_text
from ledger.cli.session import Session
from ledger.money import format_yuan
from ledger.period import parse_day
from ledger.rules.profile import Profile

if TYPE_CHECKING:
    from ledger.store.store import Store


def command() -> click.Group:
    """The group."""
    opened = acts.generated("account.opened/1", complete=_with_mandate)
    plain = acts.commands("account", without={"open", "adopt-chart", "open-books"})
    return told.group("account", [listing, opened, adopt_chart, open_books, *plain, keep, vouchers])


@told.command("account", "list", "--ledger ledger.db")
@acts.reading
def listing(session: Session) -> None:
    """Balances by account and fund, suspense, and whether they add up to the bank's balance."""
    with session.reading() as store:
        accounts = store.books.accounts

    def said(key: str, code: str) -> str:
        return code if session.console.json else session.console.text(key)

    rows: list[tuple[object, ...]] = []
    for code in sorted(accounts.accounts):
        account = accounts.account(code)
        funds = {fund: accounts.balances.get((code, fund)) or 0 for fund in account.funds}
        rows += [(code, said(f"fund.{fund}", fund), format_yuan(amount), "") for fund, amount in funds.items()]
        whole = sum(funds.values())
        if account.nature == "petty":
            rows.append((code, said("cli.balance.total", "total"), format_yuan(whole), ""))
            continue
        rows += [
            (code, said("cli.balance.suspense_in", "suspense_in"), format_yuan(account.suspense_in), ""),
            (code, said("cli.balance.suspense_out", "suspense_out"), format_yuan(-account.suspense_out), ""),
        ]
        agrees = whole + account.suspense_in - account.suspense_out == account.balance
        check = said("cli.balance.agrees", "agrees") if agrees else said("cli.balance.differs", "differs")
        rows.append((code, said("cli.balance.total", "total"), format_yuan(account.balance), check))
    session.console.table(("account", "fund", "amount", "check"), rows, name="balances", right=(2,))


@told.command("account", "adopt-chart", "--as chair --as registrar")
@click.option("--file", "own", type=click.Path(path_type=Path, dir_okay=False), help="option.own_chart")
@acts.acting
def adopt_chart(act: Acting, own: Path | None) -> None:
    """Adopt a chart of accounts."""
    text = chart_text() if own is None else files.read_text(own)
    act.one("chart.adopted/1", lambda _store: Given({"text": text}))


@told.command(
    "account",
    "open-books",
    "--on 2026-01-01 --handed-over-by 前期物业 --part main service_fee 10000.00 12 unproven --as chair --as registrar",
)
@click.option("--on", metavar="DAY", required=True, help="option.first_day_of_the_books")
@click.option("--handed-over-by", required=True, help="option.who_handed_over")
@click.option(
    "--part",
    "parts",
    multiple=True,
    metavar="ACCOUNT FUND YUAN SOURCE proven|unproven",
    type=(str, click.Choice(get_args(FundCode)), str, str, click.Choice(["proven", "unproven"])),
    help="option.an_opening_balance",
)
@acts.acting
def open_books(act: Acting, on: str, handed_over_by: str, parts: tuple[tuple[str, ...], ...]) -> None:
    """Open the books with their opening balances."""
    parse_day(on)
    said = [
        {"account": account, "fund": fund, "amount": amount, "source": source, "proven": proven == "proven"}
        for account, fund, amount, source, proven in parts
    ]
    body = {"on": on, "handed_over_by": handed_over_by, "parts": said}
    act.one(
        "books.opened/1",
        lambda store: bodies.fill(KINDS["books.opened/1"], body, lambda seq: store.entry(seq).record.digest),
    )


@told.command("account", "keep", "contract.pdf minutes.pdf --keys keeper.ring")
@click.argument("papers", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@acts.reading
def keep(session: Session, papers: tuple[Path, ...]) -> None:
    """Keep papers beside the ledger."""
    for path in papers:
        files.read_bytes(path)
    with session.writing() as store:
        digests = session.keep(store, papers)
    session.console.table(
        ("file", "digest"), [(path.name, digest) for path, digest in zip(papers, digests, strict=True)], name="papers"
    )


@told.command("account", "vouchers", "--month 2026-01")
@click.option("--month", default="", help="option.only_this_month_2026_01")
@acts.reading
def vouchers(session: Session, month: str) -> None:
    """Numbered vouchers with their debit and credit legs."""
    rows: list[tuple[object, ...]] = []
    debits = credits = 0
    with session.reading() as store, session.console.progress("cli.reading") as step:
        size = store.books.head.size
        for entry, _books, facts in store.history():
            step(entry.seq + 1, size)
            for fact in facts:
                if isinstance(fact, VoucherBooked) and fact.number.startswith(month):
                    for leg in fact.legs:
                        debits, credits = debits + leg.debit, credits + leg.credit
                        amounts = (
                            format_yuan(leg.debit) if leg.debit else "",
                            format_yuan(leg.credit) if leg.credit else "",
                        )
                        rows.append((fact.number, fact.on, fact.entry, leg.code, *amounts, leg.account or "-"))
    rows.append(("=", "", "", "", format_yuan(debits), format_yuan(credits), ""))
    session.console.table(
        ("voucher", "on", "seq", "chart_account", "debit", "credit", "account"), rows, name="vouchers", right=(2, 4, 5)
    )


def default_mandate(profile: Profile) -> list[dict[str, Any]]:
    """The profile's tiers as a mandate: each approval a seat that any of the tier's roles fills."""
    return [
        {
            "least": max(tier.from_fen, 1),
            "seats": [list(tier.roles) for _ in range(tier.approvals)],
            "posting": tier.post.count,
        }
        for tier in profile.tiers()
    ]


def _with_mandate(store: "Store", typed: dict[str, Any]) -> None:
    typed.setdefault("mandate", default_mandate(store.books.rules.profile))
