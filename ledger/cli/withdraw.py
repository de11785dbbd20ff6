"""``mingzhang withdraw``: from an application to the money's leaving, and the petty-cash box."""

from typing import Any

import click

from ledger.cli import acts
from ledger.cli.session import Session
from ledger.cli.told import group
from ledger.money import format_yuan


def command() -> click.Group:
    """The group."""
    return group("withdraw", [*acts.commands("withdraw"), listing])


@click.command("list", short_help="withdrawals on their way / 在途用款")
@acts.session_options
@click.pass_obj
def listing(console: Any, ledger: str, keys: tuple[str, ...]) -> None:
    """Withdrawals on their way, and payments that stand without authority. / 在途用款与尚无依据的付款。"""
    session = Session.of(console, ledger, keys)
    with session.reading() as store:
        accounts = store.books.accounts
    rows = [
        (
            asked.application,
            asked.party,
            asked.fund,
            format_yuan(sum(s.amount for s in asked.stages)),
            format_yuan(sum(s.paid for s in asked.stages)),
            asked.kind or "-",
            "approved" if asked.approved else "proposed" if asked.proposal else "applied",
        )
        for asked in sorted(accounts.withdrawals.values(), key=lambda w: w.application)
    ]
    rows += [
        (u.ref, u.party, u.fund, format_yuan(u.amount), format_yuan(u.amount), "none", "unfounded")
        for u in sorted(accounts.unfounded.values(), key=lambda u: (u.on, u.ref))
    ]
    console.table(
        ("record", "party", "fund", "amount", "paid", "basis", "status"), rows, name="withdrawals", right=(3, 4)
    )
