"""``mingzhang audit report``: an audit drawn up from a ledger, on the terminal, as JSON, as a print."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from ledger.cli import told
from ledger.cli.console import Console, visible
from ledger.cli.verify import show, trust_options
from ledger.errors import Conflict
from ledger.publication.audited import AuditSort

if TYPE_CHECKING:
    from ledger.audit import Trust
    from ledger.audit.draw import Drawn
    from ledger.paper.audit import AuditView


@told.command("audit", "report", "bundle --sort trust --from 2026-01-01 --to 2026-12-31 --pdf report.pdf")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--sort", type=click.Choice(get_args(AuditSort)), required=True, help="option.sort_of_audit")
@click.option("--from", "start", required=True, metavar="DAY", help="option.first_day")
@click.option("--to", "until", required=True, metavar="DAY", help="option.last_day")
@click.option("--prefix", type=click.IntRange(min=1), help="option.prefix")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="option.report_to_write")
@click.option("--pdf", "print_", type=click.Path(path_type=Path, dir_okay=False), help="option.print_to_write")
@trust_options
@click.pass_obj
def report(
    console: Console,
    path: Path,
    sort: AuditSort,
    start: str,
    until: str,
    prefix: int | None,
    out: Path | None,
    print_: Path | None,
    trust: "Trust",
) -> int:
    """Verify a ledger and draw up an audit report. Exit code 0 where it verified; the report's findings do not change it."""
    from ledger.audit.draw import draw
    from ledger.cli.audit import log_at

    for file in (out, print_):
        if file is not None and file.exists():
            raise Conflict("cli.file_exists", str(file))
    with log_at(path) as (source, bundle), console.progress("verify.progress") as step:
        drawn = draw(
            source,
            sort,
            start,
            until,
            trust,
            lambda _what, done, whole: step(done, whole),
            bundle=bundle,
            prefix=prefix,
        )
    if out is not None:
        out.write_bytes(drawn.raw)
    seen = _worded(console, drawn)
    if print_ is not None:
        from ledger.paper.auditprint import render_pdf

        print_.write_bytes(render_pdf(seen, console.locale))
    _show(console, drawn, seen)
    return drawn.review.verification.exit_code


def _worded(console: Console, drawn: "Drawn") -> "AuditView":
    from ledger.paper.audit import Spoken, view
    from ledger.paper.findings import Registers
    from ledger.paper.phrases import Phrases

    spoken = Spoken(Phrases(console.locale), Registers.of(drawn.review.dossier))
    return view(
        drawn.report,
        spoken,
        drawn.signed,
        rules=drawn.review.dossier.profile.name,
        verified=_whole(drawn),
        others=drawn.others,
    )


def _whole(drawn: "Drawn") -> bool:
    return drawn.review.verification.verdict == "agrees"


def _show(console: Console, drawn: "Drawn", seen: "AuditView") -> None:
    """The first page and the sections; the findings are told by ``audit run``, and stand in file and print."""
    if console.json:
        console.data({"verification": drawn.review.verification.json(), "report": dict(drawn.report)})
        return
    show(console, drawn.review.verification)
    click.echo(f"\n{seen.title} · {visible(seen.community)}\n{seen.span}")
    for line in filter(None, (*seen.warnings, visible(seen.opinion))):
        click.echo(line)
    for part, answer in zip(drawn.report["sections"], seen.parts, strict=True):
        state = console.text(f"audited.state.{part['state']}")
        click.echo(f"\n{answer.title} [{state}]")
        for said in answer.said:
            click.echo(f"  {said.standing} · {visible(said.text)}")
        if answer.belonging:
            click.echo(f"  {answer.belonging}")
    click.echo("")
    for line in seen.counts:
        click.echo(line)
    click.echo(console.text("audited.digest", digest=drawn.digest))
    if drawn.signed is None:
        made = {"checks": drawn.report["checks"], "form": drawn.report["audit"], "size": drawn.report["size"]}
        click.echo(console.text("audited.to_sign", **made))
