"""Private texts: the openings of commitments, encrypted at rest, each with its audience, each erasable by an order.

What may not hang on the noticeboard (names, room labels, narrations, choices before the close) stands on the ledger as a
commitment; the text itself lies here. Box = nonce (12 bytes) || ChaCha20-Poly1305 ciphertext, associated data =
canonical ``{"field", "ledger", "record"}``, so that a box copied to another row does not open. The key is a file beside
the database, ``<database>.key``: a copied database tells nothing, and a database without its key file loses the private
texts and nothing else.

>>> vault = Vault(bytes(32))
>>> place = {"ledger": "aa", "record": "bb", "field": "name"}
>>> vault.unseal(vault.seal("张三".encode(), place), place).decode()
'张三'

Audiences: ``public``, ``owners``, ``supervisors``, ``case`` (only in the proceedings that it belongs to). An opening's is
told by its kind and field in :data:`AUDIENCES`; what is not listed there is ``case``, the narrowest.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger import canonical
from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.log.entry import Opening, Submission
from ledger.store.headguard import sync_folder
from ledger.store.past import Rows

SUFFIX: Final = ".key"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12

PUBLIC: Final = "public"
OWNERS: Final = "owners"
SUPERVISORS: Final = "supervisors"
CASE: Final = "case"
EVERYBODY: Final = frozenset({PUBLIC, OWNERS, SUPERVISORS, CASE})

AUDIENCES: Final[Mapping[tuple[str, str], str]] = {
    ("ledger.opened/1", "name"): OWNERS,
    ("person.entered/1", "name"): SUPERVISORS,
    ("unit.entered/1", "label"): OWNERS,
    ("unit.changed/1", "label"): OWNERS,
    ("party.entered/1", "name"): SUPERVISORS,
    ("bank.row/1", "narration"): SUPERVISORS,
    ("meeting.called/1", "explanation"): OWNERS,
    ("objection.filed/1", "text"): SUPERVISORS,
    ("objection.received/1", "text"): SUPERVISORS,
    ("objection.answered/1", "text"): PUBLIC,
    ("finding.answered/1", "text"): PUBLIC,
    ("posting.seen/1", "where"): PUBLIC,
    # Nobody's before the close; afterwards the choices stand on the ledger themselves.
    ("ballot.cast/1", "choices"): CASE,
}
"""Who may see what a commitment opens to, by kind and the last step of the field's path."""

READ: Final = "SELECT audience, box, erased FROM opening WHERE record = ? AND field = ?"
READ_ALL: Final = "SELECT field, audience, box FROM opening WHERE record = ? AND box IS NOT NULL ORDER BY field"
ERASE: Final = "UPDATE opening SET box = NULL, erased = ? WHERE record = ? AND field = ? AND box IS NOT NULL"


class Vault:
    """Seals and opens boxes; marks what only this store can have written."""

    def __init__(self, key: bytes) -> None:
        self._boxes = ChaCha20Poly1305(_derived(key, b"mingzhang/private/1"))
        self._marks = _derived(key, b"mingzhang/snapshot/1")
        self._codes = _derived(key, b"mingzhang/invitation/1")

    def seal(self, plain: bytes, place: Mapping[str, str]) -> bytes:
        """The box of ``plain`` for one place."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._boxes.encrypt(nonce, plain, canonical.encode_trusted(dict(place)))

    def unseal(self, box: bytes, place: Mapping[str, str]) -> bytes:
        """What a box holds. Raises Unavailable ``private.key_differs``."""
        try:
            return self._boxes.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], canonical.encode_trusted(dict(place)))
        except InvalidTag as error:
            raise Unavailable(
                "private.key_differs", dict(place), "the key file that belongs to this database"
            ) from error

    def mark(self, data: bytes) -> bytes:
        """A keyed hash."""
        return hmac.digest(self._marks, data, hashlib.sha256)

    def code(self, code: str) -> bytes:
        """The keyed hash under which the code of an invitation is kept."""
        return hmac.digest(self._codes, code.encode("ascii"), hashlib.sha256)


def read_key(database: Path) -> bytes | None:
    """The key beside a database, or None without a file. Raises Unavailable ``private.key_damaged``."""
    path = _key_path(database)
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError:
        return None
    except (ValueError, OSError) as error:
        raise Unavailable("private.key_damaged", str(path), f"{KEY_BYTES} bytes in hex") from error
    if len(key) != KEY_BYTES:
        raise Unavailable("private.key_damaged", str(path), f"{KEY_BYTES} bytes in hex")
    return key


def make_key(database: Path) -> bytes:
    """A new key file, readable by its owner only, durable before anything is sealed with it."""
    key = secrets.token_bytes(KEY_BYTES)
    beside = _key_path(database).with_suffix(f"{SUFFIX}.{secrets.token_hex(8)}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, f"{key.hex()}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        # A link, not a rename: two processes that create one database must end up with one key.
        os.link(beside, _key_path(database))
    except FileExistsError:
        return cast("bytes", read_key(database))
    finally:
        beside.unlink()
    sync_folder(database.parent)
    return key


def opening_rows(vault: Vault, ledger: str, submission: Submission) -> list[tuple[object, ...]]:
    """The rows of a submission's openings, for the table ``opening``."""
    record = submission.record
    return [
        (
            record.digest,
            o.field,
            audience(record.kind, o.field),
            vault.seal(_plain(o), _place(ledger, record.digest, o.field)),
            None,
        )
        for o in submission.openings
    ]


def audience(kind: str, field: str) -> str:
    """Who may see what opens a commitment."""
    return AUDIENCES.get((kind, field.rpartition("/")[2]), CASE)


def read_opening(rows: Rows, vault: Vault, ledger: str, record: str, field: str, allowed: Collection[str]) -> Opening:
    """One opening for a reader of the ``allowed`` audiences.

    Raises NotFound ``private.unknown``; Refused ``private.audience``, ``private.withdrawn``.
    """
    found = rows(READ, (record, field))
    if not found:
        raise NotFound("private.unknown", record, field=field)
    audience_of, box, erased = found[0]
    if audience_of not in allowed:
        raise Refused("private.audience", sorted(allowed), audience_of, field=field)
    if box is None:
        raise Refused("private.withdrawn", field, "a text that was not erased", order=erased)
    return _opened(vault.unseal(box, _place(ledger, record, field)), field)


def read_openings(rows: Rows, vault: Vault, ledger: str, record: str, allowed: Collection[str]) -> tuple[Opening, ...]:
    """All openings of a record that a reader of the ``allowed`` audiences may see."""
    return tuple(
        _opened(vault.unseal(box, _place(ledger, record, field)), field)
        for field, audience_of, box in rows(READ_ALL, (record,))
        if audience_of in allowed
    )


def opening_json(opening: Opening) -> dict[str, Any]:
    """The wire form of an opening, as in submissions and receipts."""
    return {"field": opening.field, "salt": base64.b64encode(opening.salt).decode(), "value": opening.value}


def _opened(plain: bytes, field: str) -> Opening:
    value = canonical.decode(plain)
    if not isinstance(value, dict) or not isinstance(value.get("salt"), str):
        raise Malformed("private.box", field, "salt and value")
    return Opening(field, base64.b64decode(cast("str", value["salt"])), value["value"])


def _plain(opening: Opening) -> bytes:
    return canonical.encode({"salt": base64.b64encode(opening.salt).decode(), "value": opening.value})


def _place(ledger: str, record: str, field: str) -> dict[str, str]:
    return {"ledger": ledger, "record": record, "field": field}


def _key_path(database: Path) -> Path:
    return database.with_name(database.name + SUFFIX)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, purpose).derive(key)


__all__: Sequence[str] = (
    "AUDIENCES",
    "CASE",
    "EVERYBODY",
    "OWNERS",
    "PUBLIC",
    "SUPERVISORS",
    "Vault",
    "audience",
    "make_key",
    "opening_json",
    "opening_rows",
    "read_key",
    "read_opening",
    "read_openings",
)
