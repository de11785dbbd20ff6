"""``mingzhang verify``: check everything, trusting nobody. Needs the base dependencies only.

Exit code 0 when nothing contradicts; 1 when something does, or could not be checked.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.cli.console import Console
from ledger.cli.told import Told
from ledger.errors import Malformed, NotFound, Unavailable

if TYPE_CHECKING:
    from ledger.audit import Finding, Report, Trust
    from ledger.log.source import Source

LARGEST_TEXT = 1 << 20
LONGEST_KEY = 80


def command() -> click.Command:
    """The command."""
    return verify


def trust_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``command(…, trust=…)``: what the reader knows from elsewhere, as options."""

    @functools.wraps(command)
    def call(
        *,
        genesis: str,
        vkeys: tuple[str, ...],
        policy: Path | None,
        heads: tuple[Path, ...],
        registrar: tuple[str, ...],
        **options: Any,
    ) -> Any:
        return command(**options, trust=_trust(genesis, vkeys, policy, heads, registrar))

    file = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option("--registrar", multiple=True, metavar="KEYID", help="option.key_of_the_registrar"),
        click.option("--head", "heads", multiple=True, type=file, help="option.a_checkpoint_seen_before"),
        click.option("--policy", type=file, help="option.tlog_policy_logs_and_witnesses"),
        click.option("--vkey", "vkeys", multiple=True, metavar="VKEY|@FILE", help="option.a_key_of_the_log_or"),
        click.option("--genesis", default="", metavar="HEX", help="option.genesis_digest_as_on_the_poster"),
    ):
        call = option(call)
    return call


@click.command("verify", cls=Told, key="cli.verify")
@click.argument("path", type=click.Path(path_type=Path))
@trust_options
@click.option(
    "--receipt",
    type=click.Path(path_type=Path, dir_okay=False),
    help="option.receipt_of_a_statement_publication",
)
@click.pass_obj
def verify(console: Console, path: Path, receipt: Path | None, trust: "Trust") -> int:
    """Check a bundle (a folder or .zip), a receipt or a statement (.json): bytes, tree, chain, both head
    signatures, every record signature, every rule by replay, every statement byte for byte. Without keys from
    elsewhere the answer begins with 自洽，未验明来源: consistent, origin not established.
    """
    from ledger import audit

    if path.is_file() and path.suffix == ".json":
        data = _read(path)
        if _is_statement(data):
            report = audit.verify_statement(data, _read(receipt) if receipt else None, trust)
        else:
            report = audit.verify_receipt(data, trust)
    else:
        with source_at(path) as source, console.progress("verify.progress") as step:
            report = audit.verify(source, trust, lambda _what, done, whole: step(done, whole))
    show(console, report)
    return report.exit_code


def show(console: Console, report: "Report") -> None:
    """The verdict in words, the findings with their places, what was checked with whose keys."""
    if console.json:
        console.data(report.json())
        return
    for finding in report.findings:
        click.echo(_line(console, finding))
    for code, count in report.omitted.items():
        click.echo(console.text("verify.omitted", code=code, count=count))
    click.echo(console.text(f"verify.verdict.{report.verdict}"))
    # The machine told is the ledger's; which ones this program reads stands in `--json`.
    versions = {name: version for name, version in report.versions.items() if name not in report.subject}
    console.data({**report.subject, **{f"n_{name}": count for name, count in report.counts.items()}, **versions})
    for key in report.keys:
        whose = console.text(f"verify.whose.{key.whose}")
        click.echo(console.text(f"verify.key.{key.source}", whose=whose, name=key.name, id=_short(key.key)))


def _line(console: Console, finding: "Finding") -> str:
    place = f" — {finding.where}" if str(finding.where) else ""
    met = "; ".join(f"{name}: {value}" for name, value in finding.context.items())
    title = console.text(f"finding.{finding.code}.title")
    return f"{_mark(finding.severity)} {title} [{finding.code}]{place}{f' ({met})' if met else ''}"


def _mark(severity: str) -> str:
    return {"differs": "✗", "unchecked": "?", "notice": "·"}[severity]


def _is_statement(data: bytes) -> bool:
    """Which of the two files for owners this is: asked of the raw bytes, since one that was changed may not parse."""
    return b'"statement":' in data and b'"receipt":' not in data


def _trust(
    genesis: str, vkeys: tuple[str, ...], policy: Path | None, heads: tuple[Path, ...], registrar: tuple[str, ...]
) -> "Trust":
    from ledger.audit import Trust
    from ledger.log.checkpoint import parse_checkpoint
    from ledger.log.policy import parse_policy

    texts: list[str] = []
    for named in vkeys:
        texts += (
            [line for line in _read(Path(named[1:])).decode().split("\n") if line.strip()]
            if named.startswith("@")
            else [named]
        )
    known = Trust(
        genesis=genesis or None,
        policy=parse_policy(_read(policy)) if policy else None,
        registrar=frozenset(registrar),
        # Not opened: the reader vouches for where he has it from. Only the text before the signatures counts.
        heads=tuple(parse_checkpoint(data[: data.rfind(b"\n\n") + 1]) for data in map(_read, heads)),
    )
    return known.with_vkeys(texts)


@contextmanager
def source_at(path: Path) -> "Iterator[Source]":
    """The bundle at a path. Raises ``verify.no_bundle``."""
    from ledger.log.source import DirectorySource, ZipSource

    if path.is_dir():
        yield DirectorySource(path)
    elif path.is_file():
        with ZipSource(path) as source:
            yield source
    else:
        raise NotFound("verify.no_bundle", str(path))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_TEXT + 1)
    except OSError as error:
        raise Unavailable("cli.unreadable", str(path), reason=error.strerror) from None
    if len(data) > LARGEST_TEXT:
        raise Malformed("cli.too_large", str(path), LARGEST_TEXT)
    return data


def _short(key: str) -> str:
    """A key for the eye: name, key id and the beginning; ``--json`` has all of it."""
    return key if len(key) <= LONGEST_KEY else f"{key[:LONGEST_KEY]}…"
