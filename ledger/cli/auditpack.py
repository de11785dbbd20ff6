"""``mingzhang audit pack``: the archive that an accountant opens first, made of the log alone.

The same entries give the same bytes, from a bundle and from the database.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.cli import told
from ledger.cli.console import Console
from ledger.cli.verify import trust_options
from ledger.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.audit import Trust
    from ledger.audit.pack import Material
    from ledger.exchange.pack.record import Say


@told.command("audit", "pack", example="bundle.zip 2019H1.zip --from 2019-01-01 --to 2019-06-30")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "first", default="", metavar="DAY", help="option.pack_from")
@click.option("--to", "last", default="", metavar="DAY", help="option.pack_to")
@click.option("--word", default="", metavar="TEXT", help="option.pack_word")
@trust_options
@click.pass_obj
def pack(console: Console, path: Path, out: Path, first: str, last: str, word: str, trust: "Trust") -> int:
    """Write the auditor's pack of a bundle or a ledger's database."""
    from ledger.audit.pack import gather
    from ledger.cli.audit import log_at
    from ledger.exchange.pack import archive

    if out.exists():
        raise Conflict("cli.file_exists", str(out))
    with log_at(path) as (source, _bundle), console.progress("verify.progress") as step:
        material = gather(source, trust, lambda _what, done, whole: step(done, whole), first=first, last=last)
    found = contents(material, console.locale, word)
    data = archive(found)
    try:
        with out.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise Unavailable("bundle.write", str(out), cause=error.strerror) from error
    verified = material.made.verification
    said = {"path": str(out), "files": len(found), "bytes": len(data), "size": material.made.report["size"]}
    console.data(said | {"first": material.span.first, "last": material.span.last, "verdict": verified.verdict})
    return verified.exit_code


def contents(material: "Material", locale: str, word: str = "") -> dict[str, bytes]:
    """All files of a pack by name: workbooks and prints."""
    from ledger.exchange.pack import files

    return files(material, locale, _say(material, locale), word=word, further=_prints(material, locale))


def _say(material: "Material", locale: str) -> "Say":
    """How a finding reads in a language."""
    from ledger.exchange.pack import Told
    from ledger.paper.findings import Findings, Registers
    from ledger.paper.phrases import Phrases

    spoken = Findings(Phrases(locale), Registers.of(material.case))

    def say(finding: "Mapping[str, Any]") -> Told:
        code = finding["code"]
        return Told(spoken.title(code), spoken.says(code, finding["figures"]), spoken.clears(code))

    return say


def _prints(material: "Material", locale: str) -> dict[str, bytes]:
    """What is paper: the vouchers month by month, a letter to each bank, the declaration."""
    from ledger import words
    from ledger.paper import letters, vouchers

    def name(key: str, **values: str) -> str:
        return words.text(f"pack.file_{key}", locale, **values) + ".pdf"

    found = {
        name("08", month=month): vouchers.render_pdf(material, month, locale) for month in vouchers.months(material)
    }
    for code, letter in letters.confirmations(material, locale):
        found[name("07_letter", account=code)] = letters.render_pdf(letter, locale)
    return found | {name("16"): letters.render_pdf(letters.declaration(material, locale), locale)}
