"""The view of a statement: everything that its prints say, worded and formatted, before any layout.

HTML and PDF are made from the same :class:`StatementView`, so they cannot say different things; a template only puts it
in its place. The view is a function of the statement's JSON, of :class:`~ledger.paper.printed.PrintedWith` and of the
language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger import period
from ledger.errors import Malformed
from ledger.paper.annexes import Reconciliation, reconciliations, tables
from ledger.paper.lines import AccountLines, account_lines
from ledger.paper.naming import Names
from ledger.paper.phrases import BLANK, NOTHING, Phrases
from ledger.paper.pointer import Pointer
from ledger.paper.poster import Pair, Poster, poster
from ledger.paper.printed import PrintedWith
from ledger.paper.table import Table
from ledger.publication.statement import digest_of

FORMAT: Final = 1
LATER: Final = PrintedWith()
"""Nothing known beside the statement yet: a draft to look at."""
CIVIL_CODE: Final = "2021-01-01"
"""The Civil Code is in force since this day: an example that plays before it says so."""


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement, ready to be laid out. ``particulars`` is the sheet of facts behind the hash (law.md §5, header)."""

    locale: str
    title: str
    example: str
    """What 示例 means here; empty on a real statement."""
    mark: str
    profile: str
    digest: str
    digest_grouped: str
    qr: str
    poster: Poster
    accounts: tuple[AccountLines, ...]
    tables: tuple[Table, ...]
    reconciliations: tuple[Reconciliation, ...]
    particulars: tuple[Pair, ...]
    mandates: tuple[Pair, ...]


def view(statement: Mapping[str, Any], printed: PrintedWith, locale: str) -> StatementView:
    """Word a statement. Raises ``paper.statement`` for a format that this code does not know, ``words.…``."""
    if statement.get("statement") != FORMAT:
        raise Malformed("paper.statement", statement.get("statement"), FORMAT)
    phrases = Phrases(locale)
    names = Names(statement, phrases)
    digest = digest_of(statement)
    example = bool(statement.get("example"))
    return StatementView(
        locale=locale,
        title=phrases.clauses((statement["name"], phrases.period(statement["period"]["code"]))),
        example=example_sentence(phrases, statement["profile"]["name"], statement["period"]["first"])
        if example
        else "",
        mark=phrases.text("term.example") if example else "",
        profile=phrases.text("statement.profile", profile=statement["profile"]["name"]),
        digest=digest,
        digest_grouped=phrases.digest(digest),
        qr=pointer(statement, digest, printed).text(),
        poster=poster(names, printed),
        accounts=account_lines(names),
        tables=tables(names, printed),
        reconciliations=reconciliations(names),
        particulars=tuple(Pair(label, text) for label, text in _particulars(names, printed, digest)),
        mandates=tuple(Pair(label, text) for label, text in _mandates(names)),
    )


def example_sentence(phrases: Phrases, profile: str, first: str) -> str:
    """What every print of an example says; one that plays before the Civil Code says under which rules it is shown."""
    if first < CIVIL_CODE and profile.startswith("civil-code"):
        return phrases.text("statement.example_before_code", year=first[:4], profile=profile)
    return phrases.text("statement.example")


def pointer(statement: Mapping[str, Any], digest: str, printed: PrintedWith) -> Pointer:
    """What the QR code says: the address and always the whole hash; without an address the log's name and the period."""
    where = printed.address or f"{statement['origin']}/{statement['period']['code']}"
    return Pointer(where, digest, printed.copy)


def _particulars(names: Names, printed: PrintedWith, digest: str) -> list[tuple[str, str]]:
    statement, phrases = names.statement, names.phrases
    signers = phrases.join(phrases.text(f"role.{role}") for role in printed.signers) or BLANK
    facts = [
        ("community", statement["name"]),
        ("origin", statement["origin"]),
        ("period", phrases.span_of_years(statement["period"]["first"], statement["period"]["last"])),
        ("range", phrases.text("statement.range", last=statement["prefix"] - 1, time=_time(statement["time"]))),
        ("root", phrases.digest(statement["root"])),
        ("ledger", phrases.digest(statement["ledger"])),
        ("lines", phrases.text("statement.lines_root", count=statement["count"])),
        ("lines_root", phrases.digest(statement["lines_root"])),
        ("rules", statement["profile"]["name"]),
        ("rules_digest", phrases.digest(statement["profile"]["digest"])),
        ("chart", statement["chart"]),
        ("machine", str(statement["machine"])),
        ("digest", phrases.digest(digest)),
        ("previous", phrases.digest(statement["previous"]) if "previous" in statement else NOTHING),
        ("record", phrases.digest(printed.record) if printed.record else BLANK),
        ("entry", phrases.text("term.entry", number=printed.entry) if printed.entry is not None else BLANK),
        ("signers", signers),
        ("published_on", printed.published_on or BLANK),
        ("media", phrases.join(printed.media) or BLANK),
    ]
    return [(phrases.text(f"statement.fact_{name}"), text) for name, text in facts]


def _time(log_time: str) -> str:
    """The log's time at the offset of the ledgers that this machine knows is not in the statement: UTC, as it stands."""
    return period.format_time(period.parse_time(log_time)).replace("T", " ")


def _mandates(names: Names) -> list[tuple[str, str]]:
    """Who must approve a payment, by account and amount 支付审批权限."""
    phrases = names.phrases
    said = []
    for account in names.statement["accounts"]:
        for tier in account["mandate"]:
            seats = (" / ".join(phrases.text(f"role.{role}") for role in seat) for seat in tier["seats"])
            text = phrases.text("statement.tier", amount=phrases.yuan(tier["least"]), seats=" ＋ ".join(seats))
            posted = phrases.text("statement.tier_posting", days=tier["posting"]) if tier["posting"] else ""
            said.append((names.account(account["code"]), phrases.clauses((text, posted))))
    return said
