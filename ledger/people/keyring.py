"""Key rings: private keys in one encrypted file, opened by a passphrase.

Format: canonical JSON ``{"keyring": 1, "kdf": {"name": "argon2id", "salt", "memory_kib", "passes", "lanes"}, "nonce", "box"}``.
The passphrase (UTF-8, NFC) stretched by Argon2id gives a key for ChaCha20-Poly1305; ``box`` is the base64 of the
encrypted canonical JSON ``{"keys": [{"label", "alg", "private"}], "log"}``, with everything outside ``box`` as associated
data, so that weaker parameters cannot be put in front of an old box. ``log`` is the secret text of a log's two keys, or
empty. One ring may hold many keys: one stretching opens all.

Somebody who controls the file can destroy it or put back an older one, not read it; somebody who has the file and a weak
passphrase has the keys. Files are written whole or not at all, readable by their owner alone.
"""

import base64
import os
import secrets
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from ledger import canonical
from ledger.errors import Conflict, Malformed, NotFound, Refused, Unavailable
from ledger.log.checkpoint import LogKeys
from ledger.signatures import Ed25519Key, P256Key

PrivateKey = Ed25519Key | P256Key
MEMORY_KIB: Final = 65_536
PASSES: Final = 3
LANES: Final = 4
MOST_MEMORY_KIB: Final = 1 << 20
"""A file that asks for more is refused rather than obeyed."""
LARGEST_FILE: Final = 4 << 20
SHORTEST_PASSPHRASE: Final = 10
_MAKERS: Final[Mapping[str, type[Ed25519Key] | type[P256Key]]] = {"ed25519": Ed25519Key, "p256": P256Key}


@dataclass
class KeyRing:
    """Private keys by label, and the keys of a log where the ring is its keeper's."""

    keys: dict[str, PrivateKey] = field(default_factory=dict)
    log: LogKeys | None = None

    def add(self, label: str, key: PrivateKey) -> PrivateKey:
        """Put a key in under a new label. Raises :class:`Conflict` ``keyring.label_used``."""
        if label in self.keys:
            raise Conflict("keyring.label_used", label)
        self.keys[label] = key
        return key

    def key(self, label: str) -> PrivateKey:
        """The key of a label, or the only one of the ring for an empty label. Raises ``keyring.no_such_key``."""
        if not label and len(self.keys) == 1:
            return next(iter(self.keys.values()))
        if label not in self.keys:
            raise NotFound("keyring.no_such_key", label, sorted(self.keys)[:20])
        return self.keys[label]

    def holding(self, ids: Iterable[str]) -> Iterator[PrivateKey]:
        """The ring's keys that are among these key ids."""
        wanted = set(ids)
        return (key for key in self.keys.values() if key.key in wanted)


def save(ring: KeyRing, path: Path, passphrase: str, *, memory_kib: int = MEMORY_KIB, replace: bool = False) -> None:
    """Write a ring. Raises ``keyring.passphrase_short``, ``keyring.exists`` unless ``replace``."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused("keyring.passphrase_short", len(passphrase), f"{SHORTEST_PASSPHRASE} characters or more")
    if path.exists() and not replace:
        raise Conflict("keyring.exists", path.name)
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    header: dict[str, Any] = {
        "keyring": 1,
        "kdf": {"name": "argon2id", "salt": _b64(salt), "memory_kib": memory_kib, "passes": PASSES, "lanes": LANES},
        "nonce": _b64(nonce),
    }
    inside = canonical.encode(
        {
            "keys": [
                {"label": label, "alg": key.alg, "private": _b64(key.private)} for label, key in ring.keys.items()
            ],
            "log": ring.log.dump().decode() if ring.log else "",
        }
    )
    box = ChaCha20Poly1305(_stretch(passphrase, header["kdf"])).encrypt(nonce, inside, canonical.encode(header))
    _write(path, canonical.encode(header | {"box": _b64(box)}) + b"\n")


def load(path: Path, passphrase: str) -> KeyRing:
    """Open a ring. Raises ``keyring.not_found``, ``keyring.malformed``, ``keyring.passphrase_wrong``."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFound("keyring.not_found", path.name) from None
    except OSError as error:
        raise Unavailable("keyring.unreadable", path.name, reason=error.strerror) from None
    if len(data) > LARGEST_FILE:
        raise Malformed("keyring.too_large", len(data), LARGEST_FILE)
    value = canonical.decode(data.rstrip(b"\n"))
    try:
        header = cast(dict[str, Any], value)
        box = _unb64(header.pop("box"))
        if header["keyring"] != 1 or header["kdf"]["name"] != "argon2id":
            raise Malformed("keyring.malformed", header.get("keyring"), 1)
        nonce = _unb64(header["nonce"])
        key = _stretch(passphrase, header["kdf"])
        inside = ChaCha20Poly1305(key).decrypt(nonce, box, canonical.encode(header))
        stored = cast(dict[str, Any], canonical.decode(inside))
        return KeyRing(
            {k["label"]: _MAKERS[k["alg"]].from_private(_unb64(k["private"])) for k in stored["keys"]},
            LogKeys.load(stored["log"].encode()) if stored["log"] else None,
        )
    except InvalidTag:
        raise Refused("keyring.passphrase_wrong", path.name) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed("keyring.malformed", type(error).__name__, "a key ring of format 1") from None


def _stretch(passphrase: str, kdf: Mapping[str, Any]) -> bytes:
    if not 8 * kdf["lanes"] <= kdf["memory_kib"] <= MOST_MEMORY_KIB or not 1 <= kdf["passes"] <= 16:
        raise Malformed("keyring.kdf", kdf["memory_kib"], f"at most {MOST_MEMORY_KIB} KiB")
    return Argon2id(
        salt=_unb64(kdf["salt"]), length=32, iterations=kdf["passes"], lanes=kdf["lanes"], memory_cost=kdf["memory_kib"]
    ).derive(unicodedata.normalize("NFC", passphrase).encode())


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise Unavailable("keyring.unwritable", path.name, reason=error.strerror) from None


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
