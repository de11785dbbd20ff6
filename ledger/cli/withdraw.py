"""``mingzhang withdraw``: from an application to the money's leaving, and the petty-cash box."""

from typing import Any

import click

from ledger.cli import acts, told
from ledger.cli.session import Session
from ledger.money import format_yuan


def command() -> click.Group:
    """The group."""
    return told.group("withdraw", [*acts.commands("withdraw"), listing])


@told.command("withdraw", "list")
@acts.session_options
@click.pass_obj
def listing(console: Any, ledger: str, keys: tuple[str, ...]) -> None:
    """Withdrawals on their way, and payments that stand without authority."""
    session = Session.of(console, ledger, keys)
    with session.reading() as store:
        accounts = store.books.accounts
        numbers = {
            ref: store.seq_of(ref.partition("#")[0])
            for ref in (*accounts.withdrawals.keys(), *accounts.unfounded.keys())
        }
    rows: list[tuple[object, ...]] = [
        (
            numbers[asked.application],
            asked.party,
            asked.fund,
            format_yuan(sum(s.amount for s in asked.stages)),
            format_yuan(sum(s.paid for s in asked.stages)),
            asked.kind or "-",
            "approved" if asked.approved else "proposed" if asked.proposal else "applied",
            asked.application,
        )
        for asked in sorted(accounts.withdrawals.values(), key=lambda w: numbers[w.application])
    ]
    rows += [
        (numbers[u.ref], u.party, u.fund, format_yuan(u.amount), format_yuan(u.amount), "none", "unfounded", u.ref)
        for u in sorted(accounts.unfounded.values(), key=lambda u: (u.on, u.ref))
    ]
    columns = ("seq", "party", "fund", "amount", "paid", "basis", "status", "record")
    console.table(columns, rows, name="withdrawals", right=(0, 3, 4))
