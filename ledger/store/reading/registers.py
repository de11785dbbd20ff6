"""Registers: parties 往来单位 and contracts, by code, as they were entered.

The name of a natural person stands on the ledger as a commitment; it is given to whom its audience allows.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from ledger.accounts import records
from ledger.errors import NotFound
from ledger.log.act import read_body
from ledger.log.entry import Entry
from ledger.store.past import Rows
from ledger.store.private import PUBLIC
from ledger.store.reading.shown import Code, Day, Digest, Fen, Next, Ref, Seq, Shown, cursor, entries_at, read_cursor

if TYPE_CHECKING:
    from ledger.store.store import Store

EVERYBODY_READS: Final = frozenset({PUBLIC})
PAGE: Final = "SELECT key, seq FROM used WHERE kind = ? AND key > ? ORDER BY key LIMIT ?"
ONE: Final = "SELECT seq FROM used WHERE kind = ? AND key = ?"


class PartyItem(Shown):
    """A payer or payee. ``name``: of a natural person, where the reader may see it; others have a ``title``."""

    code: Code
    seq: Seq
    record: Digest
    nature: Annotated[str, Field(description="natural, legal or office")]
    title: str | None = None
    name: str | None = None
    credit_code: str | None = None
    persons: Annotated[tuple[Ref, ...], Field(description="persons of this ledger who are it or stand behind it")]


class PartyItems(Shown):
    """Some parties, by code."""

    items: tuple[PartyItem, ...]
    next: Next = None


class ExpectedItem(Shown):
    """What a contract promises each cycle."""

    cycle: str
    amount: Fen
    fund: Code
    category: Code
    nature: str


class ContractItem(Shown):
    """A contract as entered; fields that end in ``_printed`` repeat its paper letter by letter."""

    code: Code
    seq: Seq
    record: Digest
    direction: Annotated[str, Field(description="in: it brings money; out: it costs money")]
    object: str
    party: Code | None = None
    document: Digest | None = None
    start: Day | None = None
    end: Day | None = None
    start_printed: str | None = None
    end_printed: str | None = None
    term_printed: str | None = None
    total_printed: Fen | None = None
    deposit_printed: str | None = None
    notes: str | None = None
    expected: tuple[ExpectedItem, ...]


class ContractItems(Shown):
    """Some contracts, by code."""

    items: tuple[ContractItem, ...]
    next: Next = None


def parties(
    store: "Store", *, audiences: Collection[str] = EVERYBODY_READS, after: str = "", limit: int = 100
) -> PartyItems:
    """Parties by code, with the names that a reader of these audiences may see. Raises Malformed ``request.cursor``."""
    entries, follows = _page(store, "party", after, limit)
    return PartyItems(items=tuple(_party(store, entry, audiences) for entry in entries), next=follows)


def party(store: "Store", code: str, *, audiences: Collection[str] = EVERYBODY_READS) -> PartyItem:
    """One party. Raises NotFound ``party.unknown``."""
    return _party(store, _one(store, "party", code), audiences)


def contracts(store: "Store", *, after: str = "", limit: int = 100) -> ContractItems:
    """Contracts by code. Raises Malformed ``request.cursor``."""
    entries, follows = _page(store, "contract", after, limit)
    return ContractItems(items=tuple(map(contract_of, entries)), next=follows)


def contract(store: "Store", code: str) -> ContractItem:
    """One contract. Raises NotFound ``contract.unknown``."""
    return contract_of(_one(store, "contract", code))


def named(rows: Rows, kind: str, code: str) -> int | None:
    """The entry that entered a code of a register (``party``, ``contract``, …)."""
    found = rows(ONE, (kind, code))
    return int(found[0][0]) if found else None


def body_at(rows: Rows, seq: int) -> Mapping[str, Any]:
    """The body of the entry that entered something into a register."""
    return entries_at(rows, [seq])[seq].record.body


def _page(store: "Store", kind: str, after: str, limit: int) -> tuple[Sequence[Entry], str | None]:
    (last,) = read_cursor(after, str) if after else ("",)
    with store.reading() as reader:
        found = reader.rows(PAGE, (kind, last, limit + 1))
        entries = entries_at(reader.rows, [seq for _key, seq in found[:limit]])
    follows = cursor(found[limit - 1][0]) if len(found) > limit else None
    return [entries[seq] for _key, seq in found[:limit]], follows


def _one(store: "Store", kind: str, code: str) -> Entry:
    with store.reading() as reader:
        seq = named(reader.rows, kind, code)
        if seq is None:
            raise NotFound(f"{kind}.unknown", code[:80])
        return entries_at(reader.rows, [seq])[seq]


def _party(store: "Store", entry: Entry, audiences: Collection[str]) -> PartyItem:
    body = read_body(records.PartyEntered, entry.record.body, entry.record.kind)
    name = None
    if body.name is not None and set(audiences) > EVERYBODY_READS:
        name = next((str(o.value) for o in store.openings(entry.record.digest, audiences) if o.field == "name"), None)
    return PartyItem(
        code=body.code,
        seq=entry.seq,
        record=entry.record.digest,
        nature=body.nature,
        title=body.title,
        name=name,
        credit_code=body.credit_code,
        persons=body.persons,
    )


def contract_of(entry: Entry) -> ContractItem:
    """The contract that an entry entered."""
    body = read_body(records.ContractEntered, entry.record.body, entry.record.kind)
    said: dict[str, Any] = body.model_dump(exclude={"expected"})
    expected = tuple(ExpectedItem(**one.model_dump()) for one in body.expected)
    return ContractItem(seq=entry.seq, record=entry.record.digest, expected=expected, **said)
