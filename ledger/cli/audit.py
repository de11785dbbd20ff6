"""``mingzhang audit``: every question that a ledger's own data can be asked. Needs the base dependencies only.

Exit code 0 when everything verified and nothing was found; 1 otherwise. A finding is a question, not a verdict.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger.cli import acts, auditpack, auditreport, told
from ledger.cli.console import Console, visible
from ledger.cli.verify import show, source_at, trust_options
from ledger.errors import Conflict, MingzhangError

if TYPE_CHECKING:
    from ledger.audit import Trust
    from ledger.audit.resuming import Snapshot
    from ledger.audit.review import Review
    from ledger.log.source import Source

SQLITE: Final = b"SQLite format 3\x00"


def command() -> click.Group:
    """The group."""
    return told.group("audit", [checks, run, auditreport.report, auditpack.pack, *acts.commands("audit")])


@told.command("audit", "checks")
@click.pass_obj
def checks(console: Console) -> None:
    """Every check there is: code, row of the table, weight, legal basis."""
    from ledger.audit.checks import CHECKS

    rows = [
        (
            check.code,
            check.row,
            console.text(f"audit.severity.{check.severity}"),
            console.text(f"audit.{check.code}.title"),
            ", ".join(check.basis),
        )
        for check in CHECKS
    ]
    console.table(("code", "table_row", "severity", "title", "law"), rows, name="checks")


@told.command("audit", "run")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="option.report_to_write")
@click.option("--keep", type=click.Path(path_type=Path, dir_okay=False), help="option.snapshot_to_write")
@click.option("--resume", type=click.Path(path_type=Path, dir_okay=False), help="option.snapshot_of_ones_own")
@click.option("--noted", default="", metavar="HEX", help="option.digest_of_the_snapshot")
@trust_options
@click.pass_obj
def run(
    console: Console,
    path: Path,
    out: Path | None,
    keep: Path | None,
    resume: Path | None,
    noted: str,
    trust: "Trust",
) -> int:
    """Verify a bundle or a ledger's database and ask every check of it; ``--keep`` and ``--resume``: from where one's own last
    audit ended.
    """
    from ledger.audit import reports, resuming
    from ledger.audit.review import gathered, review
    from ledger.paper.findings import NAMED

    if out is not None and out.exists():
        raise Conflict("cli.file_exists", str(out))
    # What is kept must do for the audit reports, too, that somebody signs before the next time.
    also = (*NAMED, *reports.INPUTS) if keep or resume else NAMED
    with log_at(path) as (source, bundle), console.progress("verify.progress") as step:

        def told(_what: str, done: int, whole: int) -> None:
            step(done, whole)

        begun, snapshot = resuming.resume(resume, gathered(also), noted) if resume else (None, None)
        made = review(source, trust, told, bundle=bundle, also=also, begun=begun)
    if out is not None:
        out.write_bytes(made.raw)
    kept, failed = None, None
    try:
        kept = resuming.keep(keep, made) if keep else None
    except MingzhangError as error:  # what was found has to be seen first
        failed = error
    _show(console, made, {"resumed": snapshot, "kept": kept})
    if failed is not None:
        raise failed
    return made.verification.exit_code or (1 if made.open or "failed" in made.report else 0)


@contextmanager
def log_at(path: Path) -> "Iterator[tuple[Source, bool]]":
    """The log at a path, and whether files lie beside it: a bundle's do, a database has only its log."""
    if is_database(path):
        from ledger.store.store import Store

        with Store.open(path) as store:
            yield store.source, False
    else:
        with source_at(path) as source:
            yield source, True


def is_database(path: Path) -> bool:
    """Whether a path is a ledger's database."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(SQLITE)) == SQLITE


def _show(console: Console, made: "Review", snapshots: "Mapping[str, Snapshot | None]") -> None:
    used = {name: snapshot.json() for name, snapshot in snapshots.items() if snapshot is not None}
    if console.json:
        console.data({"verification": made.verification.json(), "review": dict(made.report), **used})
        return
    from ledger.paper.findings import Findings, Registers
    from ledger.paper.phrases import Phrases

    show(console, made.verification)
    spoken = Findings(Phrases(console.locale), Registers.of(made.dossier))
    for number, finding in enumerate(made.report["findings"], 1):
        code, weight = finding["code"], console.text(f"audit.severity.{finding['severity']}")
        click.echo(f"\n{number}. {weight} · {spoken.title(code)} [{code}]")
        click.echo(f"   {visible(spoken.says(code, finding['figures']))}")
        click.echo(f"   {console.text('audit.evidence', places=', '.join(map(_place, finding['evidence'])))}")
        for said in spoken.remarks(finding):
            click.echo(f"   {visible(said)}")
        click.echo(f"   {console.text('audit.basis', basis=', '.join(finding['basis']))}")
        click.echo(f"   {console.text('audit.clears', how=spoken.clears(code))}")
    if failed := made.report.get("failed"):
        click.echo(console.text("audit.failed", codes=", ".join(failed)))
    click.echo(console.text("audit.summary", count=len(made.findings), asked=len(made.report["asked"])))
    for name, snapshot in used.items():
        click.echo(console.text(f"audit.{name}", **snapshot))


def _place(cited: Mapping[str, Any]) -> str:
    return f"#{cited['entry']}" + (f" {cited['part']}" if "part" in cited else "")
