"""What records bring that later ones lean on, read from their bodies as far as that and no further.

Whether a body is whole, and whether a key may be enrolled, the replay judges by its kind. These readers need no kinds: they
are the page of the format (``docs/format.md``, "Whose key") in code, and the browser's checker has the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ledger import canonical
from ledger.errors import Malformed
from ledger.log.entry import Record
from ledger.signatures import ALGORITHMS, key_id

GENESIS: Final = "ledger.opened/1"


@dataclass(frozen=True, slots=True)
class Genesis:
    """What entry 0 says of its log. ``vkeys`` are texts; ``relying`` the RP ids and origins of passkeys."""

    digest: str
    origin: str
    name: str
    example: bool
    vkeys: tuple[str, ...]
    relying: tuple[tuple[str, ...], tuple[str, ...]]
    predecessor: str = ""


def read_genesis(record: Record) -> Genesis | None:
    """Entry 0's record, None where it is no genesis."""
    if record.kind != GENESIS:
        return None
    body = record.body
    passkeys = body.get("passkeys")
    passkeys = passkeys if isinstance(passkeys, dict) else {}
    before = body.get("predecessor")
    return Genesis(
        record.digest,
        _text(body.get("origin")),
        _text(body.get("name")),
        body.get("example") is True,
        _texts(body.get("vkeys")),
        (_texts(passkeys.get("rp_ids")), _texts(passkeys.get("origins"))),
        " ".join(str(before.get(name, "")) for name in ("origin", "size", "root")) if isinstance(before, dict) else "",
    )


def keys_brought(record: Record) -> Iterator[tuple[str, str, bytes]]:
    """Id, algorithm and public key of each key that a record brings with it."""
    holders: Any = []
    if record.kind == GENESIS:
        holders = record.body.get("persons")
    elif record.kind in ("person.entered/1", "key.enrolled/1"):
        holders = [record.body]
    for holder in holders if isinstance(holders, list) else []:
        key = holder.get("key") if isinstance(holder, dict) else None
        if isinstance(key, dict) and key.keys() == {"alg", "public"} and key["alg"] in ALGORITHMS:
            try:
                public = canonical.decode_base64(key["public"], "key.public")
            except Malformed:
                continue  # the replay refuses it
            yield key_id(key["alg"], public), key["alg"], public


def key_revoked(record: Record) -> str | None:
    """The id of a key that may sign no later entry, None for a record that revokes none."""
    key = record.body.get("key") if record.kind == "key.revoked/1" else None
    return key if isinstance(key, str) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
