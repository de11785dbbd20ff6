"""Entries and proofs: what the log holds, by number or by digest, and that it stands there."""

from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import answers
from api.asking import Asking, may
from api.problems import described
from ledger import canonical, period
from ledger.errors import NotFound
from ledger.log.entry import Entry, parse_entry
from ledger.log.merkle import leaf_hash
from ledger.log.proof import format_proof
from ledger.store import queries
from ledger.store.reading.shown import CURSOR_LIMIT, cursor, read_cursor

ROUTER: Final = APIRouter(prefix="/api/v1/ledgers/{ledger}", tags=["entries and proofs"])
PROOF: Final = "text/plain; charset=utf-8"
Seq = Annotated[int, Field(ge=0, le=2**53 - 1, examples=[0], description="number of an entry, 0 first")]
Size = Annotated[int, Query(ge=0, le=2**53 - 1, examples=[1])]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
MOST: Final = 500


class EntryItem(BaseModel):
    """An entry. ``leaf`` is its leaf hash, ``digest`` its record's identity; ``entry`` is the whole of it, decoded."""

    seq: Seq
    time: str
    kind: Annotated[str, Field(examples=["deposit.recorded/1"])]
    digest: Digest
    leaf: Digest
    entry: dict[str, Any]


class Entries(BaseModel):
    """Some entries in log order; ``next`` asks for what follows, absent at the end."""

    items: list[EntryItem]
    next: str | None = None


class Path(BaseModel):
    """A proof's hashes in hex, in RFC 6962's order."""

    path: list[str]


class Inclusion(Path):
    """That entry ``seq`` stands in the tree of ``size``: hash up from ``leaf``."""

    seq: int
    size: int
    leaf: str


class Consistency(Path):
    """That the tree of ``new`` begins with the tree of ``old``."""

    old: int
    new: int


def item(entry: Entry) -> EntryItem:
    """An entry as the API shows it."""
    return EntryItem(
        seq=entry.seq,
        time=period.format_time(entry.time),
        kind=entry.record.kind,
        digest=entry.record.digest,
        leaf=entry.leaf.hex(),
        entry=cast(dict[str, Any], canonical.decode(entry.raw)),
    )


@ROUTER.get("/entries", response_model=Entries, responses=described(404))
def some(
    request: Request,
    after: Annotated[str, Query(max_length=CURSOR_LIMIT, description="`next` of an earlier answer")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    asking: Asking = may("entries"),
) -> Response:
    """Entries under the newest head, in order."""
    size = asking.kept.size
    first = read_cursor(after, int)[0] if after else 0
    end = min(first + limit, size)
    with asking.kept.store.reading() as reader:
        found = [parse_entry(raw) for raw in queries.entries_bytes(reader.rows, first, end)]
    follows = cursor(end) if end < size else None
    return answers.growing(request, Entries(items=[item(entry) for entry in found], next=follows))


@ROUTER.get(
    "/entries/{seq}",
    response_class=Response,
    responses={
        **described(404),
        200: {"content": {answers.JSON: {"schema": {"type": "object"}, "example": {"entry": 1, "seq": 0}}}},
    },
)
def by_number(request: Request, seq: Seq, asking: Asking = may("entries")) -> Response:
    """The bytes of one entry: canonical JSON, what its leaf hash is made of."""
    return answers.immutable(request, published_bytes(asking, seq), answers.JSON)


@ROUTER.get("/records/{digest}", response_model=EntryItem, responses=described(404))
def by_digest(request: Request, digest: Digest, asking: Asking = may("entries")) -> Response:
    """The entry of a record."""
    found = item(published(asking, asking.kept.store.seq_of(digest)))
    return answers.immutable(request, found.model_dump_json().encode(), answers.JSON)


@ROUTER.get("/proofs/inclusion", response_model=Inclusion, responses=described(404))
def inclusion(
    request: Request,
    seq: Annotated[int, Query(ge=0, le=2**53 - 1)],
    size: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None,
    asking: Asking = may("proofs"),
) -> Response:
    """The inclusion proof of an entry (RFC 6962 §2.1.1), in the newest tree or one of ``size``."""
    of = _within(asking, asking.kept.size if size is None else size)
    leaf = leaf_hash(published_bytes(asking, seq)).hex()
    path = asking.kept.store.inclusion(seq, of)
    proof = Inclusion(seq=seq, size=of, leaf=leaf, path=[one.hex() for one in path])
    if size is None:
        return answers.growing(request, proof)
    return answers.immutable(request, proof.model_dump_json().encode(), answers.JSON)


@ROUTER.get("/proofs/consistency", response_model=Consistency, responses=described(404))
def consistency(
    request: Request, old: Size, new: Annotated[int | None, Query(ge=0)] = None, asking: Asking = may("proofs")
) -> Response:
    """The consistency proof between two trees (RFC 6962 §2.1.2); ``new`` is the newest where it is left out."""
    of = _within(asking, asking.kept.size if new is None else new)
    path = [one.hex() for one in asking.kept.store.consistency(old, of)]
    proof = Consistency(old=old, new=of, path=path)
    if new is None:
        return answers.growing(request, proof)
    return answers.immutable(request, proof.model_dump_json().encode(), answers.JSON)


@ROUTER.get(
    "/entries/{seq}/proof",
    response_class=Response,
    responses={**described(404), 200: {"content": {PROOF: {"schema": {"type": "string"}}}}},
)
def tlog_proof(request: Request, seq: Seq, asking: Asking = may("proofs")) -> Response:
    """The entry's proof under the newest head, as a ``.tlog-proof`` file (C2SP tlog-proof v1)."""
    _check_published(asking, seq)
    (proof,) = asking.kept.store.proofs([seq])
    return answers.growing(request, format_proof(proof), PROOF)


@ROUTER.get(
    "/entries/{seq}/receipt",
    response_class=Response,
    responses={
        **described(404),
        200: {"content": {answers.JSON: {"schema": {"type": "object"}, "example": {"receipt": 1, "openings": []}}}},
    },
)
def receipt(seq: Seq, asking: Asking = may("receipts")) -> Response:
    """The entry with its proof, and the private texts that the reader may see."""
    _check_published(asking, seq)
    return answers.private(asking.kept.store.receipt(seq, asking.reader.audiences).dump())


def published(asking: Asking, seq: int) -> Entry:
    """An entry that a head covers. Raises NotFound ``entry.unknown``."""
    return parse_entry(published_bytes(asking, seq))


def published_bytes(asking: Asking, seq: int) -> bytes:
    """The bytes of such an entry. Raises NotFound ``entry.unknown``."""
    _check_published(asking, seq)
    return asking.kept.store.entry_bytes(seq)


def _check_published(asking: Asking, seq: int) -> None:
    if seq >= asking.kept.size:
        raise NotFound("entry.unknown", seq, f"0 to {asking.kept.size - 1}")


def _within(asking: Asking, size: int) -> int:
    if size > asking.kept.size:
        raise NotFound("source.file", size, f"a tree of at most {asking.kept.size} entries")
    return size
