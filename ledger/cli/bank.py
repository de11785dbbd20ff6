"""``mingzhang bank``: from the bank's file to booked rows, looked at before, signed once, confirmed by a second person.

``preview`` reads the file, proves it, and proposes what each row is; ``--plan FILE`` writes the proposal as JSON, one object a
row (``row``, ``parts``), to be edited. ``import`` takes it over, with the plan or the proposals, all or nothing. ``reject``
takes a wrong file back, with everything that its rows were said to be.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.cli import acts, bulk, polls, told
from ledger.cli.acts import Acting, Given
from ledger.cli.bulk import Item, Mistakes
from ledger.cli.console import Console
from ledger.cli.session import Session, claims
from ledger.errors import Conflict, Malformed, Refused, Unavailable
from ledger.log.entry import Submission
from ledger.money import format_yuan

if TYPE_CHECKING:
    from ledger.exchange.bank import BankFile
    from ledger.store.importing import Look
    from ledger.store.store import Store


def command() -> click.Group:
    """The group."""
    made = [*acts.commands("bank", without={"confirm", "reject"}), preview, take, confirm, reject, suspense]
    return told.group("bank", made)


def _file_options(command: Any) -> Any:
    for option in (
        click.argument("file", type=click.Path(path_type=Path, dir_okay=False)),
        click.option("--account", required=True, help="option.code_of_the_account"),
        click.option("--layout", default="", help="option.only_this_layout"),
        click.option("--start", default="", metavar="DAY", help="option.first_day_the_file_covers"),
        click.option("--end", default="", metavar="DAY", help="option.last_day_the_file_covers"),
    ):
        command = option(command)
    return command


@told.command("bank", "preview")
@_file_options
@click.option("--plan", type=click.Path(path_type=Path, dir_okay=False), help="option.write_the_proposal_here")
@acts.session_options
@click.pass_obj
def preview(
    console: Console,
    file: Path,
    account: str,
    layout: str,
    start: str,
    end: str,
    plan: Path | None,
    ledger: str,
    keys: tuple[str, ...],
) -> None:
    """Read a bank file, prove it by its balances, propose what each row is. Nothing is written."""
    from ledger.store import importing

    with Session.of(console, ledger, keys).reading() as store:
        seen = importing.look(store, account, _read(file, layout), start, end)
    if plan is not None:
        _write_plan(plan, seen)
    _show(console, seen)


@told.command("bank", "import")
@_file_options
@click.option("--plan", type=click.Path(path_type=Path, dir_okay=False), help="option.an_edited_proposal")
@click.option("--as", "signer", metavar="LABEL", required=True, help="option.the_treasurer")
@click.option("--dry-run", is_flag=True, help="option.try_without_writing")
@acts.consenting
@acts.session_options
@click.pass_obj
def take(
    console: Console,
    file: Path,
    account: str,
    layout: str,
    start: str,
    end: str,
    plan: Path | None,
    signer: str,
    yes: bool,
    dry_run: bool,
    ledger: str,
    keys: tuple[str, ...],
) -> None:
    """Take a bank file over: every row booked by one signature, all or nothing."""
    from ledger.store import importing

    session = Session.of(console, ledger, keys, yes)
    read = _read(file, layout)
    with session.writing() as store:
        seen = importing.look(store, account, read, start, end)
        if plan:
            seen = seen.planned(_read_plan(plan, read.sha256))
        drafted = importing.records(store, seen, session.now())
        tried = [Submission(record, claims([session.key(signer)]), openings) for record, openings in drafted]
        trial = store.dry_run(tried, signed=False)
        if trial.errors:
            _report(console, trial.errors)
        if not console.json:
            _show(console, seen)
        submissions = session.sign(drafted, [signer], store=store, together=True, trial=dry_run)
        for _index, error in store.dry_run(submissions).errors:
            raise error
        if dry_run:
            console.done("cli.rows_would_stand", count=len(seen.joined.fresh))
            return
        places = session.submit(store, submissions)
        store.add_document(file.read_bytes())
    console.data(
        {
            "file": places[0]["record"],
            "entries": len(places),
            "first": places[0]["seq"],
            "closing": format_yuan(seen.joined.closing),
        }
    )


@told.command("bank", "confirm")
@click.argument("file", metavar="DIGEST|NO")
@click.option("--closing", required=True, metavar="YUAN", help="option.the_bank_own_balance_as_you")
@acts.acting
def confirm(act: Acting, file: str, closing: str) -> None:
    """Confirm an imported file (its record, by digest or entry number): you saw the bank's own closing balance."""
    from ledger.store import importing

    def make(store: "Store") -> Given:
        return Given(importing.confirmation(store, polls.record_of(store, file), closing))

    act.one("bank.confirmed/1", make)


@told.command("bank", "reject", "32 --reason 张冠李戴 --as treasurer")
@click.argument("file", metavar="DIGEST|NO")
@click.option("--reason", required=True, metavar="TEXT", help="option.why")
@click.option("--on", default="", metavar="DAY", help="option.day_of_the_contras")
@acts.acting
def reject(act: Acting, file: str, reason: str, on: str) -> None:
    """Take back the newest file of an account that nobody confirmed (its record, by digest or entry number): what its rows
    were said to be is contra'd and the file rejected, all shown, signed once, all or nothing.
    """
    from ledger.store import undoing

    console = act.session.console
    with act.opened() as store:
        rejected = undoing.reject(store, polls.record_of(store, file), reason, on)
        wrong, items = rejected.file, [Item(n, *made) for n, made in enumerate(rejected.acts, 1)]
        console.say(
            "bank.rejecting",
            account=wrong.account,
            start=wrong.start,
            end=wrong.end,
            count=wrong.taken,
            received=format_yuan(wrong.received),
            paid=format_yuan(wrong.paid),
            opening=format_yuan(wrong.joins.balance),
        )
        places = bulk.hand_in(act, store, items, Mistakes())
    if act.dry:
        console.done("cli.rows_would_stand", count=len(items))
    elif places:
        stands = {"seq": places[-1]["seq"], "record": places[-1]["record"]}
        console.data(stands | {"file": wrong.digest, "contras": rejected.contras})


@told.command("bank", "suspense")
@acts.session_options
@click.pass_obj
def suspense(console: Console, ledger: str, keys: tuple[str, ...]) -> None:
    """Rows in suspense, and files not confirmed yet."""
    with Session.of(console, ledger, keys).reading() as store:
        accounts = store.books.accounts
        rows = [(s.on, s.account, format_yuan(s.amount), "suspense", s.row) for s in accounts.suspense.values()]
        rows += [(i.end, i.account, format_yuan(i.closing), "unconfirmed", i.digest) for i in accounts.imports.values()]
        numbered = [(store.seq_of(row[-1]), *row) for row in sorted(rows)]
    console.table(("seq", "on", "account", "amount", "status", "record"), numbered, name="open", right=(0, 3))


def _read(file: Path, layout: str) -> "BankFile":
    from ledger.exchange.bank import read_bank_file

    try:
        data = file.read_bytes()
    except OSError as error:
        raise Unavailable("bank.no_file", str(file), reason=error.strerror) from None
    return read_bank_file(data, file.name, layout=layout or None)


def _report(console: Console, errors: Sequence[tuple[int, Any]]) -> None:
    """All errors, then the first as the command's own."""
    for index, error in errors[1:]:
        console.say("bank.error_at", row=index, text=str(error))
    raise errors[0][1]


def _show(console: Console, seen: "Look") -> None:
    rows = [
        (
            m.row.row,
            m.row.on.isoformat(),
            format_yuan(m.row.amount),
            m.row.counterparty,
            console.text(f"bank.reason.{m.reason}"),
            format_yuan(m.open),
        )
        for m in seen.matches
    ]
    joined = seen.joined
    console.table(("row", "on", "amount", "counterparty", "reason", "open"), rows, name="rows", right=(0, 2, 5))
    console.say(
        "bank.summary",
        layout=joined.file.layout,
        proof=console.text(f"bank.proof.{joined.file.proof}"),
        fresh=len(joined.fresh),
        known=len(joined.known),
        opening=format_yuan(joined.opening),
        closing=format_yuan(joined.closing),
    )


def _write_plan(path: Path, seen: "Look") -> None:
    if path.exists():
        raise Conflict("cli.file_exists", str(path))
    rows = [
        {
            "row": m.row.row,
            "on": m.row.on.isoformat(),
            "amount": m.row.amount,
            "counterparty": m.row.counterparty,
            "narration": m.row.narration,
            "reason": m.reason,
            "parts": [dict(part) for part in m.parts],
        }
        for m in seen.matches
    ]
    plan = {"file": seen.joined.file.sha256, "rows": rows}
    path.write_text(json.dumps(plan, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read_plan(path: Path, file: str) -> dict[int, Sequence[Mapping[str, Any]]]:
    """Parts by row, from an edited plan. Raises ``bank.plan``, ``bank.plan_of_other_file``."""
    plan = acts.read_json(f"@{path}")
    try:
        if plan["file"] != file:
            raise Refused("bank.plan_of_other_file", plan["file"], file)
        return {row["row"]: row["parts"] for row in plan["rows"]}
    except (KeyError, TypeError) as error:
        raise Malformed("bank.plan", str(error), "as bank preview --plan writes it") from None
