"""Consent: nothing is signed or entered that was not shown first, in plain words, and said yes to.

Every command that signs with a person's key or enters into the ledger comes here: acts, batches, waiting files, the genesis,
statements, the head guard. Where a batch is signed, each of its records is shown, and what they come to. ``--yes`` leaves
out the question, not the showing (``--quiet`` and ``--json`` do); where nobody can be asked and ``--yes`` was not said, the
command refuses. Commands that only write files of their own (prints, bundles, keys, kept papers) and ``log publish``, which
signs the head that the log has anyway, ask nothing.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Final

import click

from ledger.cli.console import Console, visible
from ledger.errors import Refused
from ledger.log.entry import Opening, Record
from ledger.paper.plain import Known, Nothing, Teller, sums

Act = tuple[Record, Sequence[Opening]]

AGREED: Final = frozenset({"y", "yes", "是", "好", "同意", "确认"})


def ask(
    console: Console,
    acts: Sequence[Act],
    question: str,
    *,
    yes: bool,
    trial: bool = False,
    known: Known | None = None,
    values: Mapping[str, object] | None = None,
) -> None:
    """Show ``acts`` and ask; ``trial``: they are only tried, so nothing is asked. ``question``: a key of the catalogues.

    Raises Refused ``cli.nobody_to_ask``; click's Abort when the answer is no.
    """
    if not (yes or trial) and (console.json or not attended()):
        raise Refused("cli.nobody_to_ask", len(acts), "--yes")
    if not console.json and not console.quiet:
        show(console, acts, known or Nothing())
    if (
        not (yes or trial)
        and answered(console.text(question, count=len(acts), **values or {})).strip().lower() not in AGREED
    ):
        raise click.Abort


def show(console: Console, acts: Sequence[Act], known: Known) -> None:
    """What is about to be signed or entered, on standard error."""
    teller = Teller(console.locale, known)
    for number, (record, openings) in enumerate(acts, 1):
        head = console.text("consent.act", number=number, count=len(acts), title=teller.title(record), kind=record.kind)
        told = teller.tell(record, openings)
        if len(acts) > 1:
            said = console.text("plain.joint").join(one.short(console.locale) for one in told)
            _echo(console.text("consent.row", act=head, said=said))
            continue
        _echo(head)
        for depth, label, text in (line for one in told for line in one.lines()):
            _echo(f"{'  ' * (depth + 1)}{console.text('plain.labelled', label=label, text=text).rstrip()}")
        _echo(f"  {console.text('plain.labelled', label=console.text('consent.digest'), text=record.digest)}")
    if len(acts) > 1:
        for label, text in sums(console.locale, [record for record, _ in acts]):
            _echo(console.text("plain.labelled", label=label, text=text))


def attended() -> bool:
    """Whether somebody sits at a terminal, who sees what is shown and can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def answered(question: str) -> str:
    """What he answers; nothing is no."""
    answer: str = click.prompt(question, default="", show_default=False, prompt_suffix=" ", err=True)
    return answer


def _echo(text: str) -> None:
    """A line; those of a long text stand behind a bar, so that none of them can look like one of ours."""
    first, *more = text.split("\n")
    click.echo(visible(first), err=True)
    for line in more:
        click.echo(f"    │ {visible(line)}", err=True)
