"""Documents by their digest: letters, forms, contracts, bank files as they came, kept encrypted beside the ledger.

A record names a document by the SHA-256 of its bytes, original and redacted being two documents. The bytes lie here
under the same key and the same audiences as private texts, can be erased by an order, and are given back only when
they still have their digest. A document may be stored before or after the record that names it.
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.store.past import Rows
from ledger.store.private import EVERYBODY, Vault

MAX_DOCUMENT: Final = 16 << 20
"""Bytes of one document."""

READ: Final = "SELECT audience, media, box, erased FROM document WHERE digest = ?"
ERASE: Final = "UPDATE document SET box = NULL, erased = ? WHERE digest = ? AND box IS NOT NULL"

_MEDIA = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document: ``media`` is its media type as the one who stored it said."""

    digest: str
    audience: str
    media: str
    data: bytes


def seal(vault: Vault, ledger: str, data: bytes, audience: str, media: str) -> tuple[str, tuple[object, ...]]:
    """Digest and row of a document.

    Raises Malformed ``document.empty``, ``document.too_large``, ``document.media``, ``document.audience``.
    """
    if not data:
        raise Malformed("document.empty", 0, "one byte or more")
    if len(data) > MAX_DOCUMENT:
        raise Malformed("document.too_large", len(data), MAX_DOCUMENT)
    if not _MEDIA.fullmatch(media):
        raise Malformed("document.media", media, "a media type without parameters, such as application/pdf")
    if audience not in EVERYBODY:
        raise Malformed("document.audience", audience, sorted(EVERYBODY))
    digest = hashlib.sha256(data).hexdigest()
    return digest, (digest, audience, media, len(data), vault.seal(data, _place(ledger, digest)), None)


def read(rows: Rows, vault: Vault, ledger: str, digest: str, allowed: Collection[str]) -> Document:
    """A document for a reader of the ``allowed`` audiences.

    Raises NotFound ``document.unknown``; Refused ``document.audience``, ``document.withdrawn``; Unavailable
    ``document.damaged``, ``private.key_differs``.
    """
    found = rows(READ, (digest,))
    if not found:
        raise NotFound("document.unknown", digest)
    audience, media, box, erased = found[0]
    if audience not in allowed:
        raise Refused("document.audience", sorted(allowed), audience, digest=digest)
    if box is None:
        raise Refused("document.withdrawn", digest, "a document that was not erased", order=erased)
    data = vault.unseal(box, _place(ledger, digest))
    if hashlib.sha256(data).hexdigest() != digest:
        raise Unavailable("document.damaged", digest, "the bytes of this digest")
    return Document(digest, audience, media, data)


def _place(ledger: str, digest: str) -> dict[str, str]:
    return {"ledger": ledger, "document": digest}
