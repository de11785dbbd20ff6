r"""Checkpoints: the head of a log as a signed note, and the timestamped cosignatures on it.

Guarantees: :func:`open_checkpoint` returns a head only when **every** log key it was given has a line that verifies and
the origin is the keys' name. One line of two would do by the published text; but then most bits of the other line could
be changed into "a line of an unknown key", which readers ignore, so nobody would notice it breaking.

The note's text is three lines (C2SP tlog-checkpoint v1.0.0): the origin, the tree size, the root in base64. Lines after
these are opaque *extensions*, which we neither write nor read: witnesses refuse them and type 06 does not cover them.

>>> head = Checkpoint("example.com/books", 3, bytes.fromhex(
...     "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1"))
>>> print(head.text().decode(), end="")
example.com/books
3
NmQuc8JUCrEh46a/lUWwokmCzYMOsT080Z3jzmwCHsE=
>>> parse_checkpoint(head.text()) == head
True

Lines that we know:

====  ============  ==========================================================================================
type  whose         signature after the key ID
====  ============  ==========================================================================================
01    log           Ed25519 over the text (64 bytes)
06    log, witness  u64 time, then ML-DSA-44 (2,420 bytes, empty context) over the *subtree message*
04    witness       u64 time, then Ed25519 over ``cosignature/v1\ntime <decimal>\n`` and the text
====  ============  ==========================================================================================

subtree message (C2SP tlog-cosignature v1.1.0)::

    "subtree/v1\n\0"  u8 length, cosigner's name  u64 time  u8 length, origin  u64 start (0)  u64 end (size)  root (32)

Numbers are big-endian, times are POSIX seconds up to 2^63-1. A log signs with both its keys under one name, its origin,
so that a head stays good when one of the two algorithms falls:

>>> first, second = ED25519, COSIGNATURE_ML_DSA_44
>>> keys = LogKeys(SigningKey(head.origin, first, b"\1" * 32), SigningKey(head.origin, second, b"\2" * 32))
>>> signed = keys.sign(head, 1_700_000_000)
>>> opened = open_checkpoint(signed, keys.vkeys)
>>> opened.checkpoint == head, [len(line.signature) for line in opened.log], opened.cosignatures
(True, [64, 2428], ())
>>> witness = SigningKey("example.org/witness", COSIGNATURE_ED25519, b"\3" * 32)
>>> line = cosign(witness, head.text(), 1_700_000_060)
>>> [c.timestamp for c in open_checkpoint(signed + bytes(line), keys.vkeys, [witness.vkey]).cosignatures]
[1700000060]
"""

import re
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from ledger.canonical import decode_base64, encode_base64
from ledger.errors import Malformed, Refused
from ledger.log.merkle import EMPTY_ROOT, HASH_SIZE
from ledger.log.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_ML_DSA_44,
    ED25519,
    Ed25519Signer,
    Ed25519Verifier,
    Line,
    Signer,
    SigningKey,
    Verifier,
    VerifierKey,
    check_characters,
    check_ed25519,
    open_note,
    sign_note,
)

MAX_SIZE = 2**64 - 1
"""The largest tree that a subtree message can speak of."""
MAX_TIMESTAMP = 2**63 - 1

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,19}")
_ML_DSA_SIGNATURE = 2420


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log. Raises Malformed ``checkpoint.origin``, ``checkpoint.size``, ``checkpoint.root``."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or any(c < " " or "\ud800" <= c <= "\udfff" for c in self.origin):
            raise Malformed("checkpoint.origin", self.origin[:80], "one line, not empty")
        if not 0 <= self.size <= MAX_SIZE:
            raise Malformed("checkpoint.size", self.size, f"0 to {MAX_SIZE}")
        if len(self.root) != HASH_SIZE:
            raise Malformed("checkpoint.root", len(self.root), f"{HASH_SIZE} bytes")

    def text(self) -> bytes:
        """The note text."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n".encode()


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified line of a witness: by ``key`` at ``timestamp`` (POSIX seconds)."""

    key: VerifierKey
    timestamp: int
    line: Line


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified checkpoint: the log's own lines, the cosignatures of the given witnesses, and all other lines."""

    checkpoint: Checkpoint
    log: tuple[Line, ...]
    cosignatures: tuple[Cosignature, ...]
    unknown: tuple[Line, ...]


def parse_checkpoint(text: bytes) -> Checkpoint:
    """Read a note text of exactly three lines.

    Raises Malformed ``checkpoint.lines``, ``checkpoint.extension``, those of :class:`Checkpoint`, and ``note.utf8``,
    ``note.control``.
    """
    check_characters(text)
    lines = text.decode().split("\n")
    if lines.pop() != "" or len(lines) < 3:
        raise Malformed("checkpoint.lines", len(lines), "origin, size and root, each ending in a newline")
    if len(lines) > 3:
        raise Malformed("checkpoint.extension", lines[3][:80], "no extension lines")
    origin, size, root = lines
    return Checkpoint(origin, parse_decimal(size, "checkpoint.size", MAX_SIZE), decode_base64(root, "checkpoint.root"))


def parse_decimal(text: str, rule: str, largest: int) -> int:
    """An ASCII decimal without sign or leading zeros. Raises Malformed ``rule``."""
    number = int(text) if _DECIMAL.fullmatch(text) else -1
    if not 0 <= number <= largest:
        raise Malformed(rule, text[:80], f"a decimal from 0 to {largest}, without sign or leading zeros")
    return number


def subtree_message(name: str, timestamp: int, origin: str, start: int, end: int, root: bytes) -> bytes:
    """What a type 06 signature covers. Raises Malformed ``checkpoint.name_length`` for names over 255 bytes."""
    encoded = []
    for text in (name, origin):
        data = text.encode()
        if not 1 <= len(data) <= 255:
            raise Malformed("checkpoint.name_length", len(data), "1 to 255 bytes", name=text[:80])
        encoded.append(bytes([len(data)]) + data)
    cosigner, log = encoded
    return b"".join(
        (b"subtree/v1\n\0", cosigner, struct.pack(">Q", timestamp), log, struct.pack(">QQ", start, end), root)
    )


def cosignature_message(timestamp: int, text: bytes) -> bytes:
    """What a type 04 signature covers."""
    return b"cosignature/v1\ntime %d\n%b" % (timestamp, text)


def check_ml_dsa_44(public: bytes, message: bytes, signature: bytes) -> None:
    """Pass when the ML-DSA-44 signature (FIPS 204, empty context) is right.

    Raises Malformed ``note.key_size``, Refused ``note.signature``.
    """
    if len(public) != 1312:
        raise Malformed("note.key_size", len(public), 1312)
    if len(signature) != _ML_DSA_SIGNATURE:
        raise Refused("note.signature", len(signature), f"{_ML_DSA_SIGNATURE} bytes")
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        raise Refused("note.signature", signature[:8].hex(), "a signature by this key over this text") from None


def timestamp_of(signature: bytes) -> int:
    """The time in a signature of type 04 or 06. Raises Malformed ``checkpoint.timestamp``."""
    timestamp = int.from_bytes(signature[:8])
    if len(signature) < 8 or timestamp > MAX_TIMESTAMP:
        raise Malformed("checkpoint.timestamp", signature[:8].hex(), f"8 bytes, at most {MAX_TIMESTAMP}")
    return timestamp


@dataclass(frozen=True, slots=True)
class CosignatureVerifier:
    """Types 04 and 06. Raises Malformed ``note.key_type`` for a key of another type."""

    vkey: VerifierKey

    def __post_init__(self) -> None:
        if self.vkey.type not in (COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44):
            raise Malformed("note.key_type", self.vkey.type, "4 or 6", name=self.vkey.name)

    @property
    def name(self) -> str:
        """The key's name."""
        return self.vkey.name

    @property
    def key_id(self) -> bytes:
        """The key's ID."""
        return self.vkey.key_id

    def check(self, text: bytes, signature: bytes) -> None:
        """See :class:`~ledger.log.note.Verifier`.

        Raises Refused ``note.signature``; Malformed ``checkpoint.timestamp``, and for type 06 whatever keeps the text
        from being a checkpoint.
        """
        timestamp, value = timestamp_of(signature), signature[8:]
        if self.vkey.type == COSIGNATURE_ED25519:
            check_ed25519(self.vkey.public, cosignature_message(timestamp, text), value)
        else:
            head = parse_checkpoint(text)
            message = subtree_message(self.vkey.name, timestamp, head.origin, 0, head.size, head.root)
            check_ml_dsa_44(self.vkey.public, message, value)


@dataclass(frozen=True, slots=True)
class CosignatureSigner:
    """Types 04 and 06 at one moment. Raises Malformed ``note.key_type``, ``checkpoint.timestamp``."""

    key: SigningKey
    timestamp: int

    def __post_init__(self) -> None:
        if self.key.type not in (COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44):
            raise Malformed("note.key_type", self.key.type, "4 or 6", name=self.key.name)
        # 0 would say "no statement about when", which neither a log's head nor a witness may say (tlog-witness).
        if not 1 <= self.timestamp <= MAX_TIMESTAMP:
            raise Malformed("checkpoint.timestamp", self.timestamp, f"1 to {MAX_TIMESTAMP}")

    @property
    def name(self) -> str:
        """The key's name."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """The key's ID."""
        return self.key.vkey.key_id

    def sign(self, text: bytes) -> bytes:
        """See :class:`~ledger.log.note.Signer`. Raises Malformed when the text is no checkpoint."""
        head = parse_checkpoint(text)
        if self.key.type == COSIGNATURE_ED25519:
            message = cosignature_message(self.timestamp, text)
            value = Ed25519PrivateKey.from_private_bytes(self.key.seed).sign(message)
        else:
            message = subtree_message(self.key.name, self.timestamp, head.origin, 0, head.size, head.root)
            value = MLDSA44PrivateKey.from_seed_bytes(self.key.seed).sign(message)
        return struct.pack(">Q", self.timestamp) + value


def verifier(vkey: VerifierKey) -> Verifier:
    """The verifier for a key of any of the three types."""
    return Ed25519Verifier(vkey) if vkey.type == ED25519 else CosignatureVerifier(vkey)


def signer(key: SigningKey, timestamp: int) -> Signer:
    """The signer for a key of any of the three types; type 01 carries no time."""
    return Ed25519Signer(key) if key.type == ED25519 else CosignatureSigner(key, timestamp)


def cosign(key: SigningKey, text: bytes, timestamp: int) -> Line:
    """A witness's line on a checkpoint's text. Raises as :class:`CosignatureSigner`."""
    by = CosignatureSigner(key, timestamp)
    return Line(by.name, by.key_id, by.sign(text))


def open_checkpoint(data: bytes, log: Sequence[VerifierKey], witnesses: Sequence[VerifierKey] = ()) -> Opened:
    """Open a checkpoint of the log with these keys; all of them must have signed it.

    Raises as :func:`~ledger.log.note.open_note` and :func:`parse_checkpoint`; Refused ``checkpoint.no_log_key`` (none
    given), ``checkpoint.origin_key`` (a key by another name), ``checkpoint.log_line`` (a key has no line),
    ``checkpoint.empty_root`` (size 0 with a root).
    """
    if not log:
        raise Refused("checkpoint.no_log_key", 0, "one or more keys of the log")
    known = {(key.name, key.key_id): key for key in (*log, *witnesses)}
    note = open_note(data, [verifier(key) for key in dict.fromkeys((*log, *witnesses))])
    head = parse_checkpoint(note.text)
    for key in log:
        if key.name != head.origin:
            raise Refused("checkpoint.origin_key", head.origin, key.name)
    lines = {known[line.name, line.key_id]: line for line in note.verified}
    missing = [f"{key.name}+{key.key_id.hex()}" for key in log if key not in lines]
    if missing:
        raise Refused("checkpoint.log_line", missing, "a line of every key of the log")
    if head.size == 0 and head.root != EMPTY_ROOT:
        raise Refused("checkpoint.empty_root", head.root.hex(), EMPTY_ROOT.hex())
    cosignatures = tuple(
        Cosignature(key, timestamp_of(line.signature), line) for key, line in lines.items() if key in witnesses
    )
    return Opened(head, tuple(lines[key] for key in log), cosignatures, note.unknown)


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The two keys of a log, under one name: its origin.

    Raises Malformed ``checkpoint.log_keys`` when types or names are others.
    """

    ed25519: SigningKey
    ml_dsa_44: SigningKey

    def __post_init__(self) -> None:
        types = (self.ed25519.type, self.ml_dsa_44.type)
        if types != (ED25519, COSIGNATURE_ML_DSA_44) or self.ed25519.name != self.ml_dsa_44.name:
            raise Malformed("checkpoint.log_keys", types, "types 1 and 6 under one name")

    @classmethod
    def generate(cls, origin: str) -> Self:
        """New keys. Raises Malformed ``note.name`` when the origin cannot be a key name."""
        return cls(
            SigningKey(origin, ED25519, secrets.token_bytes(32)),
            SigningKey(origin, COSIGNATURE_ML_DSA_44, secrets.token_bytes(32)),
        )

    @property
    def origin(self) -> str:
        """The log's origin."""
        return self.ed25519.name

    @property
    def vkeys(self) -> tuple[VerifierKey, VerifierKey]:
        """What readers need."""
        return self.ed25519.vkey, self.ml_dsa_44.vkey

    def dump(self) -> bytes:
        """The plain bytes for an encrypted key file: the two secret texts, a line each."""
        return f"{self.ed25519.secret}\n{self.ml_dsa_44.secret}\n".encode()

    @classmethod
    def load(cls, data: bytes) -> Self:
        """The inverse of :meth:`dump`; a changed bit does not pass its key ID. Raises Malformed ``note.…``."""
        check_characters(data)
        lines = data.decode().split("\n")
        if len(lines) != 3 or lines[2]:
            raise Malformed("checkpoint.log_keys", len(lines) - 1, "two lines")
        return cls(SigningKey.parse(lines[0]), SigningKey.parse(lines[1]))

    def sign(self, checkpoint: Checkpoint, timestamp: int) -> bytes:
        """The checkpoint as a note with both lines.

        The caller never signs two heads that contradict each other, nor one size twice. What leaves was opened again
        here: logs have died of a flipped bit in a signature they published.
        Raises Refused ``checkpoint.origin_key``, Malformed ``checkpoint.timestamp``.
        """
        if checkpoint.origin != self.origin:
            raise Refused("checkpoint.origin_key", checkpoint.origin, self.origin)
        signers = (Ed25519Signer(self.ed25519), CosignatureSigner(self.ml_dsa_44, timestamp))
        signed = sign_note(checkpoint.text(), signers)
        open_checkpoint(signed, self.vkeys)
        return signed
