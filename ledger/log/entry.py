"""Entries: records that the log has numbered, timed and linked. This page is their byte format.

A **record** is what a person signs, one act::

    {"ledger": genesis digest, "kind": "deposit.recorded/1", "id": UUIDv7, "at": RFC 3339, "body": {…}}

Its identity (its *digest*) is the SHA-256 of ``PAE("application/vnd.mingzhang.record+json", canonical bytes)``.
A reference to it names that digest, or ``digest#n`` for its nth item.

A **signature** is ``{"key", "alg", "sig"}``: ``key`` the key's id (:func:`ledger.signatures.key_id`), ``alg`` one of
``ed25519``, ``p256``, ``webauthn``, ``sig`` base64; ``webauthn`` adds ``authenticator_data`` and ``client_data`` in base64.
What is signed is the record's PAE. In a *batch* one ceremony signs up to 512 records: each signature then carries
``"batch": {"index", "count", "path"}`` (``path``: the RFC 6962 inclusion path, hex) and signs
``PAE("application/vnd.mingzhang.batch+json", {"ledger", "count", "root", "at"})``, ``root`` being the RFC 6962 root over the
records' canonical bytes and ``at`` the one time that all of them carry. All batch signatures of an entry share root,
index and count.

An **entry** is the canonical JSON of ``{"entry": 1, "seq", "time", "prev", "record", "signatures"}``, at most 65,535 bytes:
``seq`` its 0-based index in the tree, ``time`` the log's (``YYYY-MM-DDTHH:MM:SS.mmmZ``), ``prev`` the leaf hash of entry
``seq - 1`` in hex (64 zeros first), 1 to 8 signatures ascending by ``key``. A reader first parses, encodes and compares.

>>> record = {"ledger": "", "kind": "note.made/1", "id": "01900000-0000-7000-8000-000000000000",
...           "at": "2026-01-01T08:00:00+08:00", "body": {"text": "明账"}}
>>> read = parse_record(record)
>>> read.digest
'ab059716a718d5349891226138ce7050c5f76ef3acb8a33e30c8f0240deece22'
>>> raw = encode_entry(0, 0, ORIGIN_LINK, record, [{"key": "00" * 32, "alg": "ed25519", "sig": "AA=="}])
>>> parse_entry(raw).record.kind
'note.made/1'
"""

import hashlib
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ledger import canonical, period, signatures
from ledger.canonical import decode_base64, encode_base64
from ledger.errors import Malformed
from ledger.log import merkle

MAX_ENTRY: Final = 65_535
"""Bytes of an entry at most: the length prefix of an entry bundle has 16 bits."""
MAX_SIGNATURES: Final = 8
MAX_BATCH: Final = 512
ORIGIN_LINK: Final = "0" * 64
"""``prev`` of entry 0."""

_HEX64 = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*/[1-9][0-9]{0,3}")
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

_BEFORE_RECORD: Final = len(b'{"entry":1,"prev":"","record":') + 64
_ENTRY_FIELDS: Final = frozenset({"entry", "seq", "time", "prev", "record", "signatures"})
_RECORD_FIELDS: Final = frozenset({"ledger", "kind", "id", "at", "body"})
_SIGNATURE_FIELDS: Final = frozenset({"key", "alg", "sig"})
_PASSKEY_FIELDS: Final = _SIGNATURE_FIELDS | {"authenticator_data", "client_data"}
_BATCH: Final = frozenset({"batch"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in its batch, and the path that proves it."""

    index: int
    count: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature over a record or over the batch that holds it; not yet checked."""

    key: str
    alg: str
    sig: bytes
    authenticator_data: bytes = b""
    client_data: bytes = b""
    batch: Place | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What a person signed; ``raw`` are its canonical bytes."""

    ledger: str
    kind: str
    id: str
    at: str
    at_ms: int
    """``at`` in milliseconds since 1970, UTC."""
    body: Mapping[str, Any]
    raw: bytes
    digest: str
    """Its identity, hex."""

    @property
    def pae(self) -> bytes:
        """The bytes that a single signature covers."""
        return signatures.pae(signatures.RECORD_TYPE, self.raw)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in its place in the log; ``raw`` are the entry's bytes, ``time`` is in milliseconds since 1970, UTC."""

    seq: int
    time: int
    prev: str
    record: Record
    signatures: tuple[Signature, ...]
    raw: bytes
    leaf: bytes
    """Its hash in the log's tree."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A private value with the salt that opens its commitment; ``field`` is its path in the body (``persons/0/name``)."""

    field: str
    salt: bytes
    value: canonical.Json


@dataclass(frozen=True)
class Submission:
    """What is handed in: a record, its signatures so far, and the openings of its commitments."""

    record: Record
    signatures: tuple[Signature, ...]
    openings: tuple[Opening, ...] = ()


def parse_entry(raw: bytes) -> Entry:
    """Read an entry strictly. Raises :class:`Malformed` ``entry.…`` or ``canonical.…``."""
    value = _object(canonical.decode(raw, limit=MAX_ENTRY), "entry", _ENTRY_FIELDS)
    if value["entry"] != 1 or value["entry"] is True:
        raise Malformed("entry.version", value["entry"], 1)
    seq = _integer(value["seq"], "entry.seq", 0)
    time = period.parse_time(_string(value["time"], "entry.time"))
    prev = _hex(value["prev"], "entry.prev")
    signed = parse_signatures(value["signatures"])
    record = _record(value["record"], _record_bytes(raw, seq))
    return Entry(seq, time, prev, record, signed, raw, merkle.leaf_hash(raw))


def encode_entry(
    seq: int, time: int, prev: str, record: Mapping[str, Any], signed: Sequence[Mapping[str, Any]]
) -> bytes:
    """The bytes of an entry from the wire forms of its record and signatures. Raises ``entry.too_large``."""
    raw = canonical.encode(
        {
            "entry": 1,
            "seq": seq,
            "time": period.format_time(time),
            "prev": prev,
            "record": dict(record),
            "signatures": [dict(s) for s in signed],
        }
    )
    if len(raw) > MAX_ENTRY:
        raise Malformed("entry.too_large", len(raw), MAX_ENTRY)
    return raw


def parse_record(value: object) -> Record:
    """Read a record's envelope; its body is judged by its kind. Raises ``record.…``."""
    return _record(value, None)


def _record(value: object, raw: bytes | None) -> Record:
    """``raw``: the record's canonical bytes where they are at hand."""
    fields = _object(value, "record", _RECORD_FIELDS)
    kind = _string(fields["kind"], "record.kind")
    if not _KIND.fullmatch(kind):
        raise Malformed("record.kind", kind, "name.verb/version")
    ledger = _string(fields["ledger"], "record.ledger")
    if ledger and not _HEX64.fullmatch(ledger):
        raise Malformed("record.ledger", ledger, "64 hex digits, or nothing in a genesis")
    identifier = _string(fields["id"], "record.id")
    if not _UUID7.fullmatch(identifier):
        raise Malformed("record.id", identifier, "a UUID version 7 in lower case")
    if not isinstance(fields["body"], dict):
        raise Malformed("record.body", type(fields["body"]).__name__, "an object")
    at = _string(fields["at"], "record.at")
    at_ms = period.parse_rfc3339(at)
    raw = raw or canonical.encode_trusted(fields)
    digest = hashlib.sha256(signatures.pae(signatures.RECORD_TYPE, raw)).hexdigest()
    return Record(ledger, kind, identifier, at, at_ms, fields["body"], raw, digest)


def _record_bytes(raw: bytes, seq: int) -> bytes:
    """Where the record stands in the canonical bytes of an entry whose signatures have been read: they hold no such key."""
    return raw[_BEFORE_RECORD : raw.rindex(b',"seq":%d,"signatures":[' % seq)]


def parse_signatures(value: object) -> tuple[Signature, ...]:
    """Read 1 to 8 signatures, ascending by key. Raises ``signature.…``."""
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_SIGNATURES:
        raise Malformed(
            "signature.count", value if not isinstance(value, list) else len(value), f"1 to {MAX_SIGNATURES}"
        )
    read = tuple([_signature(item) for item in value])
    if len(read) == 1:
        return read
    keys = [s.key for s in read]
    if any(a >= b for a, b in pairwise(keys)):
        raise Malformed("signature.order", keys, "ascending by key, each once")
    # Equal paths at one place give equal roots, so that no entry stands in two batches at once.
    places = {s.batch for s in read if s.batch}
    if len(places) > 1:
        raise Malformed("signature.batches_differ", len(places), "one batch: the same index, count and path")
    return read


def signature_json(signature: Signature) -> dict[str, Any]:
    """The wire form of a signature."""
    value: dict[str, Any] = {"key": signature.key, "alg": signature.alg, "sig": encode_base64(signature.sig)}
    if signature.alg == "webauthn":
        value["authenticator_data"] = encode_base64(signature.authenticator_data)
        value["client_data"] = encode_base64(signature.client_data)
    if signature.batch:
        place = signature.batch
        value["batch"] = {"index": place.index, "count": place.count, "path": [h.hex() for h in place.path]}
    return value


def parse_submission(data: bytes, *, limit: int = 1 << 20) -> Submission:
    """Read a submission or a file that waits for a second signer: ``{"record", "signatures", "openings"}``.

    Signatures may still be missing (an empty list); openings are checked at admission. Raises ``submission.…``.
    """
    return read_submission(canonical.decode(data, limit=limit))


def read_submission(value: object) -> Submission:
    """The same from its value, which must be one that :func:`ledger.canonical.encode` takes. Raises ``submission.…``."""
    fields = _object(value, "submission", {"record", "signatures", "openings"})
    signed = fields["signatures"]
    if not isinstance(fields["openings"], list):
        raise Malformed("submission.openings", fields["openings"], "a list")
    return Submission(
        parse_record(fields["record"]),
        () if signed == [] else parse_signatures(signed),
        tuple(_opening(item) for item in fields["openings"]),
    )


def submission_json(submission: Submission) -> dict[str, Any]:
    """The wire form of a submission."""
    return {
        "record": canonical.decode(submission.record.raw),
        "signatures": [signature_json(s) for s in sorted(submission.signatures, key=lambda s: s.key)],
        "openings": [{"field": o.field, "salt": encode_base64(o.salt), "value": o.value} for o in submission.openings],
    }


def batch_pae(ledger: str, count: int, root: bytes, at: str) -> bytes:
    """The bytes that a batch signature covers."""
    return signatures.pae(
        signatures.BATCH_TYPE,
        canonical.encode_trusted({"ledger": ledger, "count": count, "root": root.hex(), "at": at}),
    )


def batch_root(record: Record, place: Place) -> bytes:
    """The root of the batch in which ``record`` stands at ``place``. Raises ``batch.path`` when the path has the wrong length."""
    return merkle.root_from_inclusion(place.index, place.count, merkle.leaf_hash(record.raw), place.path)


def _signature(value: object) -> Signature:
    if not isinstance(value, dict):
        raise Malformed("signature.shape", type(value).__name__, "an object")
    alg = value.get("alg")
    passkey = alg == "webauthn"
    fields = _object(value, "signature", _PASSKEY_FIELDS if passkey else _SIGNATURE_FIELDS, optional=_BATCH)
    if alg not in signatures.ALGORITHMS:
        raise Malformed("signature.alg", alg, ", ".join(signatures.ALGORITHMS))
    return Signature(
        key=_hex(fields["key"], "signature.key"),
        alg=alg,
        sig=decode_base64(fields["sig"], "signature.sig"),
        authenticator_data=decode_base64(fields["authenticator_data"], "signature.authenticator_data")
        if passkey
        else b"",
        client_data=decode_base64(fields["client_data"], "signature.client_data") if passkey else b"",
        batch=_place(fields["batch"]) if "batch" in fields else None,
    )


def _place(value: object) -> Place:
    fields = _object(value, "batch", {"index", "count", "path"})
    count = _integer(fields["count"], "batch.count", 1)
    index = _integer(fields["index"], "batch.index", 0)
    if count > MAX_BATCH or index >= count:
        raise Malformed("batch.place", f"{index} of {count}", f"at most {MAX_BATCH}, index below count")
    if not isinstance(fields["path"], list):
        raise Malformed("batch.path", fields["path"], "a list of hashes")
    return Place(index, count, tuple(bytes.fromhex(_hex(h, "batch.path")) for h in fields["path"]))


def _opening(value: object) -> Opening:
    fields = _object(value, "opening", {"field", "salt", "value"})
    salt = decode_base64(fields["salt"], "opening.salt")
    if len(salt) != 32:
        raise Malformed("opening.salt", len(salt), "32 bytes")
    return Opening(_string(fields["field"], "opening.field"), salt, fields["value"])


def _object(value: object, what: str, names: Set[str], optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{what}.shape", type(value).__name__, "an object")
    if value.keys() != names and value.keys() - optional != names:
        raise Malformed(f"{what}.fields", sorted(value), sorted(names))
    return value


def _string(value: object, rule: str) -> str:
    if not isinstance(value, str):
        raise Malformed(rule, type(value).__name__, "a string")
    return value


def _integer(value: object, rule: str, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Malformed(rule, value, f"an integer, {least} or more")
    return value


def _hex(value: object, rule: str) -> str:
    if not isinstance(value, str) or not _HEX64.fullmatch(value):
        raise Malformed(rule, value, "64 hex digits")
    return value
