"""Drafting: making records, sealing what is private in them, signing them singly or as one batch.

Nothing here decides: what is drafted is judged when it is submitted. Times are milliseconds since 1970, UTC.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from ledger import canonical, period
from ledger.errors import Malformed, Refused
from ledger.log import merkle
from ledger.log.entry import MAX_BATCH, Opening, Place, Record, Signature, Submission, batch_pae, parse_record
from ledger.signatures import Signer, key_id

SALT_BYTES: Final = 32
UUID_RANDOM_BYTES: Final = 10


def draft(ledger: str, kind: str, body: Mapping[str, Any], at: int, *, random: bytes | None = None) -> Record:
    """A record of ``body`` signed at ``at``; ``random`` (10 bytes) fixes its id, for examples that must repeat.

    Raises ``canonical.…`` for a value that no record may hold, ``record.…`` for a malformed kind.
    """
    envelope = {
        "ledger": ledger,
        "kind": kind,
        "id": uuid7(at, random or secrets.token_bytes(UUID_RANDOM_BYTES)),
        "at": period.format_time(at),
        "body": dict(body),
    }
    return parse_record(canonical.decode(canonical.encode(envelope)))


def uuid7(ms: int, random: bytes) -> str:
    """A UUID version 7 (RFC 9562 §5.7) from a time and 10 bytes.

    >>> uuid7(0x017F22E279B0, bytes.fromhex("0cc3 18c4dc0c0c07398f"))
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'
    """
    if len(random) != UUID_RANDOM_BYTES:
        raise Malformed("record.id_random", len(random), UUID_RANDOM_BYTES)
    high = 0x7000 | int.from_bytes(random[:2]) & 0x0FFF
    low = 0x8000 | int.from_bytes(random[2:4]) & 0x3FFF
    stamp = f"{ms:012x}"
    return f"{stamp[:8]}-{stamp[8:]}-{high:04x}-{low:04x}-{random[4:].hex()}"


def seal(ledger: str, kind: str, field: str, value: canonical.Json, salt: bytes | None = None) -> tuple[str, Opening]:
    """A commitment to a private value of a record of ``kind``, and what opens it."""
    salt = salt or secrets.token_bytes(SALT_BYTES)
    return canonical.commitment(ledger, kind, field, value, salt), Opening(field, salt, value)


def draft_sealed(
    ledger: str, kind: str, body: Mapping[str, Any], private: Mapping[str, canonical.Json], at: int
) -> tuple[Record, tuple[Opening, ...]]:
    """A record with values sealed at their paths (``name``, ``parts/0/name``), and what opens them. Raises as :func:`draft`."""
    sealed = [seal(ledger, kind, path, value) for path, value in private.items()]
    whole: Mapping[str, Any] = body
    for commitment, opening in sealed:
        whole = with_value(whole, opening.field.split("/"), commitment)
    return draft(ledger, kind, whole, at), tuple(opening for _, opening in sealed)


def with_value(body: object, path: Sequence[str], put: str) -> Any:
    """A copy of a body with a value at a path."""
    step, rest = path[0], path[1:]
    if isinstance(body, list):
        items = list(body)
        items[int(step)] = with_value(items[int(step)], rest, put) if rest else put
        return items
    changed = dict(cast("Mapping[str, Any]", body))
    changed[step] = with_value(changed.get(step, {}), rest, put) if rest else put
    return changed


def sign(record: Record, signers: Iterable[Signer]) -> tuple[Signature, ...]:
    """A single signature of each signer, in the order that an entry wants."""
    return _ordered(Signature(key_id(s.alg, s.public), s.alg, s.sign(record.pae)) for s in signers)


def sign_batch(records: Sequence[Record], signers: Iterable[Signer]) -> list[tuple[Signature, ...]]:
    """One ceremony over 1 to 512 records: the signatures of each. Raises ``batch.size``, ``batch.times_differ``."""
    if not 1 <= len(records) <= MAX_BATCH:
        raise Refused("batch.size", len(records), f"1 to {MAX_BATCH}")
    first = records[0]
    if any((r.ledger, r.at) != (first.ledger, first.at) for r in records):
        raise Refused("batch.times_differ", sorted({r.at for r in records}), "one ledger, one time")
    tree, new = merkle.Range().extend(merkle.leaf_hashes(r.raw for r in records))
    nodes = {(level, index): value for level, index, value in new}
    message = batch_pae(first.ledger, len(records), tree.root(), first.at)
    made = [Signature(key_id(s.alg, s.public), s.alg, s.sign(message)) for s in signers]
    return [
        _ordered(
            replace(signature, batch=Place(index, len(records), _path(index, len(records), nodes)))
            for signature in made
        )
        for index in range(len(records))
    ]


def merged(record: Record, *parts: Sequence[Signature]) -> tuple[Signature, ...]:
    """Signatures of several people over one record, in the order that an entry wants. Raises ``signature.order``."""
    together = _ordered(signature for part in parts for signature in part)
    keys = [signature.key for signature in together]
    if len(set(keys)) != len(keys):
        raise Malformed("signature.order", keys, "each key once", record=record.digest)
    return together


def submissions(
    records: Sequence[Record],
    signed: Sequence[Sequence[Signature]],
    openings: Sequence[Sequence[Opening]] | None = None,
) -> list[Submission]:
    """What is handed in together."""
    opened = openings or [()] * len(records)
    return [
        Submission(record, tuple(by), tuple(private))
        for record, by, private in zip(records, signed, opened, strict=True)
    ]


def _path(index: int, count: int, nodes: Mapping[tuple[int, int], bytes]) -> tuple[bytes, ...]:
    plan = merkle.inclusion_plan(index, count)
    return plan.combine({at: nodes[at] for at in plan.coordinates}) if count > 1 else ()


def _ordered(signed: Iterable[Signature]) -> tuple[Signature, ...]:
    return tuple(sorted(signed, key=lambda signature: signature.key))
