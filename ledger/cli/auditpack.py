"""``mingzhang audit pack``: the archive that an accountant opens first, made of the log alone.

The same entries give the same bytes, from a bundle and from the database; papers, which only a database keeps, come along where
they are asked for.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger.cli import told
from ledger.cli.console import Console
from ledger.cli.verify import trust_options
from ledger.errors import Conflict, NotFound, Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.audit import Trust
    from ledger.audit.pack import Material
    from ledger.exchange.pack.record import Say

SUFFIXES: Final = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/plain": ".txt"}
"""Of a paper's name by its media type, as whoever stored it said; any other is opened by nobody's double click."""


@told.command("audit", "pack", example="bundle.zip 2019H1.zip --from 2019-01-01 --to 2019-06-30")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "first", default="", metavar="DAY", help="option.pack_from")
@click.option("--to", "last", default="", metavar="DAY", help="option.pack_to")
@click.option("--papers", is_flag=True, help="option.pack_papers")
@click.option("--word", default="", metavar="TEXT", help="option.pack_word")
@trust_options
@click.pass_obj
def pack(
    console: Console, path: Path, out: Path, first: str, last: str, word: str, papers: bool, trust: "Trust"
) -> int:
    """Write the auditor's pack of a bundle or a ledger's database."""
    from ledger.audit.pack import gather
    from ledger.cli.audit import is_database, log_at
    from ledger.exchange.pack import archive

    if out.exists():
        raise Conflict("cli.file_exists", str(out))
    if papers and not is_database(path):
        raise Refused("pack.papers", str(path), "a ledger's database")
    with log_at(path) as (source, _bundle), console.progress("verify.progress") as step:
        material = gather(source, trust, lambda _what, done, whole: step(done, whole), first=first, last=last)
    given = redacted(path, material, console.locale) if papers else {}
    found = contents(material, console.locale, word, given)
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


def contents(
    material: "Material", locale: str, word: str = "", given: "Mapping[str, tuple[str, bytes]] | None" = None
) -> dict[str, bytes]:
    """All files of a pack by name: workbooks, prints, and the papers ``given`` (digest -> name, bytes)."""
    from ledger.exchange.pack import files

    papers = given or {}
    further = _prints(material, locale) | dict(papers.values())
    names = {digest: name for digest, (name, _) in papers.items()}
    return files(material, locale, _say(material, locale), word=word, further=further, papers=names)


def redacted(path: Path, material: "Material", locale: str) -> dict[str, tuple[str, bytes]]:
    """The redacted files that a ledger's database keeps, by digest: name in the pack, bytes. What is not there any more, or not
    yet, is left out, and the list of papers says so.
    """
    from ledger import words
    from ledger.accounts.records import DocumentEntered
    from ledger.store.store import Store

    found: dict[str, tuple[str, bytes]] = {}
    with Store.open(path) as store:
        for act in material.case.acts(DocumentEntered):
            digest = act.body.redacted
            if not digest or digest in found:
                continue
            try:
                paper = store.document(digest)
            except (NotFound, Refused):
                continue
            name = words.text("pack.file_08_paper", locale, entry=f"{act.seq:06}", digest=digest[:8])
            found[digest] = name + SUFFIXES.get(paper.media, ".bin"), paper.data
    return found


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
