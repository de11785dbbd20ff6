"""``mingzhang objection``: an owner's question, its answer, and what is still waiting for one."""

from typing import Any

import click

from ledger import period
from ledger.cli import acts, told
from ledger.cli.session import Session


def command() -> click.Group:
    """The group."""
    return told.group("objection", [*acts.commands("objection"), listing])


@told.command("objection", "list")
@acts.session_options
@click.pass_obj
def listing(console: Any, ledger: str, keys: tuple[str, ...]) -> None:
    """Questions without an answer, the most urgent first."""
    session = Session.of(console, ledger, keys)
    with session.reading() as store:
        today = period.legal_day(Session.clock(), store.books.offset).isoformat()
        waiting = store.books.publication.waiting
        rows = [
            (
                store.seq_of(one.record),
                one.on,
                one.due,
                console.text("objection.overdue" if one.due < today else "objection.waiting"),
                one.slip,
                one.about,
                one.record,
            )
            for one in waiting
        ]
    console.table(("seq", "on", "due", "status", "paper_slip", "about", "record"), rows, name="objections", right=(0,))
