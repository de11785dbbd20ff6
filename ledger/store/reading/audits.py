"""Audit reports that auditors signed: of what, with which opinion, and whether drawing them up again gives the same."""

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from ledger import period
from ledger.audit.checks import VERSION, Noted
from ledger.audit.reports import FORM
from ledger.books import Books
from ledger.errors import NotFound
from ledger.log.act import read_body
from ledger.publication.audited import AuditReported, AuditSort, Opinion, Reported
from ledger.store.auditing import About, Made
from ledger.store.past import Rows
from ledger.store.reading.shown import (
    Day,
    Digest,
    Next,
    Seq,
    Shown,
    cursor,
    entries_at,
    facts_about,
    facts_after,
    read_cursor,
)
from ledger.store.reading.statements import SignerItem

if TYPE_CHECKING:
    from ledger.store.store import Store

Standing = Literal["agrees", "differs", "other_version"]
COMPARED: Final = 1000
"""The newest signed reports that one is compared with, to tell of others over the same days and entries."""


class AuditItem(Shown):
    """A signed report, named by its ``record``. ``report``: SHA-256 of its canonical JSON, which follows from the first ``prefix``
    entries and from the versions of the checks and of its form.
    """

    record: Digest
    seq: Seq
    on: Day
    sort: AuditSort
    start: Day
    until: Day
    prefix: int
    report: Digest
    checks: Annotated[int, Field(description="version of the checks", examples=[1])]
    form: Annotated[int, Field(description="version of the report's form", examples=[1])]
    opinion: Opinion
    firm: str
    number: Annotated[str, Field(description="report code 报告编号, once a firm", examples=["2026-001"])]
    document: Annotated[Digest | None, Field(description="the report as the firm issued it")] = None
    signers: tuple[SignerItem, ...]

    @property
    def about(self) -> About:
        """What the report is about."""
        return About(self.sort, self.start, self.until, self.prefix)


class AuditItems(Shown):
    """Some signed reports, the newest first unless asked otherwise."""

    items: tuple[AuditItem, ...]
    next: Next = None


class AuditShown(AuditItem):
    """A signed report, and the same drawn up here. ``standing``: whether that has the digest that was signed; of a report made
    with other versions nothing can be said. ``drawn``: the digest of ``again``.
    """

    standing: Standing
    drawn: Digest
    again: Annotated[dict[str, Any], Field(description="the report as drawn up here; amounts are fen")]


def audits(store: "Store", *, after: str = "", limit: int = 20, newest: bool = True) -> AuditItems:
    """Signed reports. Raises Malformed ``request.cursor``."""
    place = read_cursor(after, int, int) if after else None
    with store.reading() as reader:
        found = facts_after(reader.rows, Reported.__name__, place, limit + 1, newest=newest)
        items = tuple(_item(reader.rows, store.books, seq) for seq, _i, _fact in found[:limit])
    return AuditItems(items=items, next=cursor(*found[limit - 1][:2]) if len(found) > limit else None)


def audit(store: "Store", record: str) -> AuditItem:
    """One of them. Raises NotFound ``audit.unknown``."""
    with store.reading() as reader:
        found = facts_about(reader.rows, Reported.__name__, record)
        if not found:
            raise NotFound("audit.unknown", record, "the record of a signed audit report")
        return _item(reader.rows, store.books, found[0][0])


def reported(store: "Store") -> list[Noted[Reported]]:
    """The newest signed reports as facts, in log order."""
    books = store.books
    with store.reading() as reader:
        found = facts_after(reader.rows, Reported.__name__, None, COMPARED, newest=True)[::-1]
        times = {seq: entry.time for seq, entry in entries_at(reader.rows, [seq for seq, _i, _fact in found]).items()}
    days = {seq: period.legal_day(time, books.offset).isoformat() for seq, time in times.items()}
    return [Noted(seq, days[seq], fact["record"], Reported(**fact)) for seq, _i, fact in found]


def shown(item: AuditItem, made: Made) -> AuditShown:
    """A signed report beside what is drawn up of the same."""
    digest = made.digest
    return AuditShown(**dict(item), standing=standing(item, digest), drawn=digest, again=dict(made.report))


def standing(item: AuditItem, drawn: str) -> Standing:
    """Whether what was signed is what is drawn up here."""
    if item.report == drawn:
        return "agrees"
    return "differs" if (item.checks, item.form) == (VERSION, FORM) else "other_version"


def _item(rows: Rows, books: Books, seq: int) -> AuditItem:
    entry = entries_at(rows, [seq])[seq]
    body = read_body(AuditReported, entry.record.body, entry.record.kind)
    day = period.legal_day(entry.time, books.offset).isoformat()
    signers = [books.people.keys[signature.key].person for signature in entry.signatures]
    said = body.model_dump(exclude={"report_number"}) | {"number": body.report_number}
    return AuditItem(
        record=entry.record.digest,
        seq=seq,
        on=day,
        signers=tuple(
            SignerItem(person=person, roles=tuple(sorted(books.people.roles_of(person, day)))) for person in signers
        ),
        **said,
    )
