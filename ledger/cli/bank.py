"""``mingzhang bank``: from the bank's file to booked rows, looked at before, signed once, confirmed by a second person.

``preview`` reads the file, proves it, and proposes what each row is; ``--plan FILE`` writes the proposal as JSON, one object a
row (``row``, ``parts``), to be edited. ``import`` takes it over, with the plan or the proposals, all or nothing. ``reject``
takes a wrong file back, with everything that its rows were said to be.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.cli import acts, bulk, polls, told
from ledger.cli.acts import Acting, Given
from ledger.cli.bulk import Item, Mistakes
from ledger.cli.console import Console
from ledger.cli.session import Draft, Session, claims
from ledger.errors import Conflict, Malformed, NotFound, Refused, Unavailable
from ledger.log.entry import Submission
from ledger.money import format_yuan
from ledger.period import parse_day

if TYPE_CHECKING:
    from ledger.exchange.bank import BankFile, JoinedFile
    from ledger.exchange.matching import Match
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
    with Session.of(console, ledger, keys).reading() as store:
        joined, matches = _look(store, account, _read(file, layout), start, end)
    if plan is not None:
        _write_plan(plan, joined.file.sha256, matches)
    _show(console, joined, matches)


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
    session = Session.of(console, ledger, keys, yes)
    read = _read(file, layout)
    with session.writing() as store:
        joined, matches = _look(store, account, read, start, end)
        planned = _read_plan(plan, joined) if plan else {m.row.row: m.parts for m in matches}
        drafted = _drafts(session, store, account, joined, planned, start, end)
        tried = [Submission(record, claims([session.key(signer)]), openings) for record, openings in drafted]
        trial = store.dry_run(tried, signed=False)
        if trial.errors:
            _report(console, trial.errors)
        if not console.json:
            _show(console, joined, [_as_planned(m, planned[m.row.row]) for m in matches])
        submissions = session.sign(drafted, [signer], store=store, together=True, trial=dry_run)
        for _index, error in store.dry_run(submissions).errors:
            raise error
        if dry_run:
            console.done("cli.rows_would_stand", count=len(joined.fresh))
            return
        places = session.submit(store, submissions)
        store.add_document(file.read_bytes())
    console.data(
        {
            "file": places[0]["record"],
            "entries": len(places),
            "first": places[0]["seq"],
            "closing": format_yuan(joined.closing),
        }
    )


@told.command("bank", "confirm")
@click.argument("file", metavar="DIGEST|NO")
@click.option("--closing", required=True, metavar="YUAN", help="option.the_bank_own_balance_as_you")
@acts.acting
def confirm(act: Acting, file: str, closing: str) -> None:
    """Confirm an imported file (its record, by digest or entry number): you saw the bank's own closing balance."""
    from ledger.money import parse_yuan

    def make(store: "Store") -> Given:
        imported, imports = polls.record_of(store, file), store.books.accounts.imports
        taken = imports.get(imported)
        if taken is None:
            raise NotFound("bank.no_file_to_confirm", imported, sorted(imports))
        root = taken.range.root().hex()
        return Given({"file": imported, "count": taken.count, "root": root, "closing": parse_yuan(closing)})

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
    from ledger.accounts import rejection
    from ledger.store.past import DatabasePast

    console = act.session.console
    with act.opened() as store:
        accounts, size = store.books.accounts, store.books.head.size
        wrong = rejection.rejectable(accounts, polls.record_of(store, file))
        with store.reading() as reader:
            said = rejection.still_said(DatabasePast(reader.rows, size), wrong.digest, size)
        items = [
            Item(n, "contra.recorded/1", {"corrects": digest, "on": on or _undone_on(store, digest), "reason": reason})
            for n, digest in enumerate(said, 1)
        ]
        items.append(Item(len(items) + 1, "bank.rejected/1", {"file": wrong.digest, "reason": reason}))
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
        rejected = {"seq": places[-1]["seq"], "record": places[-1]["record"]}
        console.data(rejected | {"file": wrong.digest, "contras": len(said)})


def _undone_on(store: "Store", digest: str) -> str:
    """The day for which a record is taken back: its own, but none before the last count of a box that it moved."""
    accounts, body = store.books.accounts, store.entry(store.seq_of(digest)).record.body
    days: list[str] = [body["on"]]
    for part in body["parts"]:
        box = part.get("box")
        if "#" in part.get("settles", ""):
            application = part["settles"].partition("#")[0]
            box = store.entry(store.seq_of(application)).record.body.get("into")
        if box is not None:
            days.append(accounts.account(box).counted_on)
    return max(days)


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


def _look(store: "Store", code: str, file: "BankFile", start: str, end: str) -> "tuple[JoinedFile, tuple[Match, ...]]":
    from ledger.accounts.bank import place
    from ledger.exchange import matching, taking
    from ledger.store.past import DatabasePast

    accounts = store.books.accounts
    account = accounts.account(code)
    with store.reading() as reader:
        past = DatabasePast(reader.rows, store.books.head.size)
        joined = taking.fresh(account, file, lambda name: place(past, "bank_row", name)[1])
    taking.file_act(account, joined, _day(start), _day(end))
    contracts, parties = ([e.record.body for e in store.using(kind)] for kind in ("contract", "party"))
    titles, promised = matching.titles(parties), matching.promises(contracts)
    return joined, matching.match(accounts, code, joined.fresh, titles, promised)


def _drafts(
    session: Session,
    store: "Store",
    code: str,
    joined: "JoinedFile",
    planned: Mapping[int, Sequence[Mapping[str, Any]]],
    start: str,
    end: str,
) -> list[Draft]:
    """The file's record and its rows'."""
    from ledger.exchange import taking

    at = session.now()
    kind, body, private = taking.file_act(store.books.accounts.account(code), joined, _day(start), _day(end))
    drafted = [session.draft(store, kind, body, private, at)]
    of = drafted[0][0].digest
    for row in joined.fresh:
        kind, body, private = taking.row_act(of, row, planned.get(row.row, ()))
        drafted.append(session.draft(store, kind, body, private, at))
    return drafted


def _report(console: Console, errors: Sequence[tuple[int, Any]]) -> None:
    """All errors, then the first as the command's own."""
    for index, error in errors[1:]:
        console.say("bank.error_at", row=index, text=str(error))
    raise errors[0][1]


def _as_planned(match: "Match", parts: Sequence[Mapping[str, Any]]) -> "Match":
    """What is shown is what is signed: where a plan says otherwise than we proposed, the plan."""
    return match if list(match.parts) == list(parts) else replace(match, parts=tuple(parts), reason="plan")


def _show(console: Console, joined: "JoinedFile", matches: "Sequence[Match]") -> None:
    rows = [
        (
            m.row.row,
            m.row.on.isoformat(),
            format_yuan(m.row.amount),
            m.row.counterparty,
            console.text(f"bank.reason.{m.reason}"),
            format_yuan(m.open),
        )
        for m in matches
    ]
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


def _write_plan(path: Path, file: str, matches: "Sequence[Match]") -> None:
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
        for m in matches
    ]
    path.write_text(json.dumps({"file": file, "rows": rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read_plan(path: Path, joined: "JoinedFile") -> dict[int, Sequence[Mapping[str, Any]]]:
    """Parts by row, from an edited plan. Raises ``bank.plan``, ``bank.plan_of_other_file``."""
    plan = acts.read_json(f"@{path}")
    try:
        if plan["file"] != joined.file.sha256:
            raise Refused("bank.plan_of_other_file", plan["file"], joined.file.sha256)
        rows: dict[int, Sequence[Mapping[str, Any]]] = {row["row"]: row["parts"] for row in plan["rows"]}
    except (KeyError, TypeError) as error:
        raise Malformed("bank.plan", str(error), "as bank preview --plan writes it") from None
    missing = {row.row for row in joined.fresh} ^ set(rows)
    if missing:
        raise Refused("bank.plan_rows", sorted(missing), "each new row of the file once")
    return rows


def _day(text: str) -> date | None:
    return parse_day(text) if text else None
