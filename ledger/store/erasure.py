"""Erasing private texts and documents by a recorded order that names each of them.

What is to go stands in a list; an order is a ``document.entered/1`` whose ``original`` is the list's digest. So the ledger says
for ever who ordered it, when, and exactly what; and nobody who holds the keeper's files alone can have anything erased. The
list names records and fields, never what they say::

    {"documents": [<digest>, …], "erase": 1, "ledger": <genesis digest>, "texts": [{"field", "record"}, …]}

canonical JSON, at most 512 of both together, kept beside the ledger as any document. The commitments stay, so every proof and
every statement still verifies; whoever asks for a text is told that it was withdrawn, and by which order.

>>> listed = Listed((Text("ab" * 32, "name"),), ())
>>> parse(dump(listed, "cd" * 32), "cd" * 32) == listed
True
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger import canonical
from ledger.books import Books
from ledger.errors import Malformed, MingzhangError, NotFound, Refused
from ledger.log.entry import Entry, parse_entry
from ledger.store import documents, private, queries
from ledger.store.past import Rows
from ledger.store.private import EVERYBODY, Vault

MOST: Final = 512
ORDER: Final = "document.entered/1"
BALLOT: Final = "ballot.cast/1"
OPENING: Final = "SELECT audience, erased FROM opening WHERE record = ? AND field = ?"
DOCUMENT: Final = "SELECT audience, erased FROM document WHERE digest = ?"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """What opens one commitment: the record's digest and the field."""

    record: str
    field: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What an order has erased."""

    texts: tuple[Text, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list as it stands now; ``kind`` of its record, empty for a document; ``erased`` by which order."""

    kind: str
    record: str
    field: str
    audience: str
    erased: str | None


class _Text(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    record: Digest
    field: Annotated[str, Field(min_length=1, max_length=200)]


class _List(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    erase: Literal[1]
    ledger: Digest
    texts: list[_Text]
    documents: list[Digest]


def dump(listed: Listed, ledger: str) -> bytes:
    """A list as a file. Raises Malformed ``erasure.list`` for an empty or a longer one."""
    if not 1 <= len(listed.texts) + len(listed.documents) <= MOST:
        raise Malformed("erasure.list", len(listed.texts) + len(listed.documents), f"1 to {MOST}")
    return canonical.encode(
        {
            "erase": 1,
            "ledger": ledger,
            "texts": [{"record": one.record, "field": one.field} for one in sorted(set(listed.texts))],
            "documents": sorted(set(listed.documents)),
        }
    )


def parse(data: bytes, ledger: str) -> Listed:
    """Read a list. Raises Malformed ``erasure.list`` unless it is one, of this ledger."""
    try:
        found = _List.model_validate_json(data)
        listed = Listed(tuple(Text(one.record, one.field) for one in found.texts), tuple(found.documents))
        if found.ledger == ledger and dump(listed, ledger) == data:
            return listed
    except (ValidationError, MingzhangError):
        pass
    raise Malformed("erasure.list", len(data), "a list made for this ledger by: private list")


def ordered(rows: Rows, vault: Vault, books: Books, order: str) -> tuple[Item, ...]:
    """What an order has erased, as it stands now; all of it there, and none of it still needed.

    Raises NotFound ``record.unknown``, ``private.unknown``, ``document.unknown``; Refused ``erasure.order`` (not a paper
    with a list), ``erasure.itself``, ``erasure.open_ballot``, ``erasure.open_objection``; Malformed ``erasure.list``; and as
    :func:`ledger.store.documents.read`.
    """
    entry = _entry(rows, order)
    digest = entry.record.body.get("original")
    if entry.record.kind != ORDER or not isinstance(digest, str):
        raise Refused("erasure.order", entry.record.kind, ORDER)
    paper = documents.read(rows, vault, books.ledger, digest, EVERYBODY)
    listed = parse(paper.data, books.ledger)
    if digest in listed.documents:
        raise Refused("erasure.itself", digest, "anything but the list")
    return (*(_text(rows, books, one) for one in listed.texts), *(_document(rows, one) for one in listed.documents))


def texts_of(rows: Rows, record: str) -> Sequence[str]:
    """The fields of a record whose texts are kept. Raises NotFound ``private.unknown``."""
    found = [str(row[0]) for row in rows("SELECT field FROM opening WHERE record = ? AND box IS NOT NULL", (record,))]
    if not found:
        raise NotFound("private.unknown", record)
    return found


def statements(items: Sequence[Item], order: str) -> list[tuple[str, tuple[str, ...]]]:
    """The SQL that erases what still stands, each with its values."""
    return [
        (private.ERASE, (order, one.record, one.field)) if one.kind else (documents.ERASE, (order, one.record))
        for one in items
        if one.erased is None
    ]


def _text(rows: Rows, books: Books, text: Text) -> Item:
    found = rows(OPENING, (text.record, text.field))
    if not found:
        raise NotFound("private.unknown", text.record, field=text.field)
    entry = _entry(rows, text.record)
    if entry.record.kind == BALLOT:
        called = books.votes.opened.get(str(entry.record.body.get("meeting")))
        if called is not None and called in books.votes.meetings:
            # Without salt and answers a ballot that counts could never be opened: erasing would be a way to stop a vote.
            raise Refused("erasure.open_ballot", text.record, "after its meeting is certified")
    if text.record in (books.publication.objections or ()):
        # What nobody can read nobody can answer: erasing would be a way around a question.
        raise Refused("erasure.open_objection", text.record, "after its answer")
    return Item(entry.record.kind, text.record, text.field, *found[0])


def _document(rows: Rows, digest: str) -> Item:
    found = rows(DOCUMENT, (digest,))
    if not found:
        raise NotFound("document.unknown", digest)
    return Item("", digest, "", *found[0])


def _entry(rows: Rows, digest: str) -> Entry:
    return parse_entry(queries.entry_bytes(rows, queries.seq_of(rows, digest)))
