r"""Signed notes: a text, a blank line, and one line for each signature (C2SP signed-note v1.0.0).

Guarantees: :func:`open_note` returns only notes of which at least one line was checked under a key the caller gave,
and no line of such a key failed. The text may be read only then.

::

    <text, ending in a newline>
    <empty line>
    — <name> base64(key ID (4 bytes) || signature)       one or more; the dash is U+2014

The note is UTF-8 without control characters below U+0020 but the newline. The text may hold empty lines: the *last* one
separates. A name is not empty and has neither a Unicode space nor ``+``. A verifier key (*vkey*) is written
``name+hex(key ID)+base64(type || public key)``, its key ID is SHA-256(name || newline || type || public key)[:4]:

>>> seed = SigningKey("example.com/note", ED25519, bytes(range(32)))
>>> print(seed.vkey)
example.com/note+cf214398+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
>>> signed = sign_note("明账\n".encode(), [Ed25519Signer(seed)])
>>> print(signed.decode(), end="")
明账
<BLANKLINE>
— example.com/note zyFDmDghbtT80M1qxclYGEAzpFf4xAlyCwUa8kT/tU75553RNGt92HNss9WkUIBu/uvycMo2YEOYPxt+EPdQW0x44go=
>>> opened = open_note(signed, [Ed25519Verifier(parse_vkey(str(seed.vkey)))])
>>> opened.text.decode(), [line.name for line in opened.verified], opened.unknown
('明账\n', ['example.com/note'], ())

Where the text leaves a choice: every line of a known key is checked, also a repeated one, which counts once; the same
unknown line twice is kept once; base64 must be what we would write ourselves (one spelling for one signature); at most
:data:`MAX_LINES` lines and :data:`MAX_NOTE` bytes; two given keys of one name and key ID refuse a note that uses them.
Ed25519 is checked by libsodium alone (small-order and non-canonical points refused), and a vkey whose point is not of
the prime-order subgroup is not read at all. Types: 01 Ed25519 (here), 04 and 06 timestamped cosignatures
(:mod:`ledger.log.checkpoint`); every other type is unknown to us.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError

from ledger.canonical import decode_base64, encode_base64
from ledger.errors import Malformed, Refused

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04
COSIGNATURE_ML_DSA_44 = 0x06

PUBLIC_KEY_BYTES = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_ML_DSA_44: 1312}
SEED_BYTES = 32

MAX_LINES = 100
MAX_NOTE = 1_000_000

# White_Space of the Unicode Character Database, spelled out so that validity depends on no interpreter's tables.
_SPACES = frozenset("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}
_CONTROLS = bytes(set(range(0x20)) - {0x0A})
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_DASH = "— ".encode()
_SIGNING_KEY = "PRIVATE+KEY+"


class Verifier(Protocol):
    """Checks signatures of one key."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """The key's ID, 4 bytes."""

    def check(self, text: bytes, signature: bytes) -> None:
        """Pass when ``signature`` (without key ID) is the key's over the note text; else raise Refused or Malformed."""


class Signer(Protocol):
    """Makes signatures of one key."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """The key's ID, 4 bytes."""

    def sign(self, text: bytes) -> bytes:
        """The signature (without key ID) over the note text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One signature line."""

    name: str
    key_id: bytes
    signature: bytes

    def __bytes__(self) -> bytes:
        """The line as it stands in a note, with its newline."""
        return _DASH + f"{self.name} {encode_base64(self.key_id + self.signature)}\n".encode()


@dataclass(frozen=True, slots=True)
class Note:
    """An opened note: ``verified`` has one line for each known key that signed, ``unknown`` the lines of other keys."""

    text: bytes
    verified: tuple[Line, ...]
    unknown: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A vkey. Raises Malformed ``note.name``, ``note.key_type``, ``note.key_size``, ``note.weak_key``."""

    name: str
    type: int
    public: bytes
    key_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        size = PUBLIC_KEY_BYTES.get(self.type)
        if size is None:
            raise Malformed("note.key_type", self.type, "1, 4 or 6", name=self.name)
        if len(self.public) != size:
            raise Malformed("note.key_size", len(self.public), size, name=self.name)
        if size == 32 and not crypto_core_ed25519_is_valid_point(self.public):
            raise Malformed("note.weak_key", self.public.hex(), "a canonical point of the prime-order subgroup")
        key_id = sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]
        object.__setattr__(self, "key_id", key_id)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.type]) + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A named seed of 32 bytes, for any of the three types. Its text is a secret.

    Raises Malformed ``note.name``, ``note.key_type``, ``note.key_size``.
    """

    name: str
    type: int
    seed: bytes = field(repr=False)
    vkey: VerifierKey = field(init=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise Malformed("note.key_size", len(self.seed), SEED_BYTES, name=self.name)
        if self.type == COSIGNATURE_ML_DSA_44:
            public = MLDSA44PrivateKey.from_seed_bytes(self.seed).public_key().public_bytes_raw()
        else:
            public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        object.__setattr__(self, "vkey", VerifierKey(self.name, self.type, public))

    @property
    def secret(self) -> str:
        """The secret text: ``PRIVATE+KEY+name+hex(key ID)+base64(type || seed)``."""
        encoded = encode_base64(bytes([self.type]) + self.seed)
        return f"{_SIGNING_KEY}{self.name}+{self.vkey.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of :attr:`secret`, never shown by an error. Raises Malformed ``note.skey`` and the class's."""
        name, key_id, material = _split_key(text.removeprefix(_SIGNING_KEY), "note.skey")
        if not text.startswith(_SIGNING_KEY):
            raise Malformed("note.skey", None, "PRIVATE+KEY+name+hex+base64")
        key = cls(name, material[0], material[1:])
        if key.vkey.key_id != key_id:
            raise Malformed("note.key_id", key_id.hex(), key.vkey.key_id.hex(), name=name)
        return key


def parse_vkey(text: str) -> VerifierKey:
    """Read a vkey of type 01, 04 or 06.

    Raises Malformed ``note.vkey``, ``note.key_id`` (not that of its key) and those of :class:`VerifierKey`.
    """
    name, key_id, material = _split_key(text, "note.vkey")
    key = VerifierKey(name, material[0], material[1:])
    if key.key_id != key_id:
        raise Malformed("note.key_id", key_id.hex(), key.key_id.hex(), name=name)
    return key


def check_ed25519(public: bytes, message: bytes, signature: bytes) -> None:
    """Pass when the signature is right under libsodium's strict equation. Raises Refused ``note.signature``."""
    if len(signature) != 64:
        raise Refused("note.signature", len(signature), "64 bytes")
    try:
        crypto_sign_open(signature + message, public)
    except BadSignatureError:
        raise Refused("note.signature", signature[:8].hex(), "a signature by this key over this text") from None


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Type 01: Ed25519 over the note text. Raises Malformed ``note.key_type`` for a key of another type."""

    vkey: VerifierKey

    def __post_init__(self) -> None:
        if self.vkey.type != ED25519:
            raise Malformed("note.key_type", self.vkey.type, ED25519, name=self.vkey.name)

    @property
    def name(self) -> str:
        """The key's name."""
        return self.vkey.name

    @property
    def key_id(self) -> bytes:
        """The key's ID."""
        return self.vkey.key_id

    def check(self, text: bytes, signature: bytes) -> None:
        """See :class:`Verifier`. Raises Refused ``note.signature``."""
        check_ed25519(self.vkey.public, text, signature)


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Type 01: Ed25519 over the note text. Raises Malformed ``note.key_type`` for a key of another type."""

    key: SigningKey

    def __post_init__(self) -> None:
        if self.key.type != ED25519:
            raise Malformed("note.key_type", self.key.type, ED25519, name=self.key.name)

    @property
    def name(self) -> str:
        """The key's name."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """The key's ID."""
        return self.key.vkey.key_id

    def sign(self, text: bytes) -> bytes:
        """See :class:`Signer`."""
        return Ed25519PrivateKey.from_private_bytes(self.key.seed).sign(text)


def sign_note(text: bytes, signers: Iterable[Signer], lines: Iterable[Line] = ()) -> bytes:
    """The note of ``text`` with a line of each signer, after the ``lines`` it carries already.

    Raises Malformed ``note.text``, ``note.utf8``, ``note.control``, ``note.line_count``.
    """
    _check_text(text)
    every = [*lines, *(Line(signer.name, signer.key_id, signer.sign(text)) for signer in signers)]
    if not 1 <= len(every) <= MAX_LINES:
        raise Malformed("note.line_count", len(every), f"1 to {MAX_LINES}")
    return b"".join((text, b"\n", *map(bytes, every)))


def split_note(data: bytes) -> tuple[bytes, tuple[Line, ...]]:
    """The text and all lines, with nothing checked but the form: the text must not be trusted.

    Raises Malformed ``note.size``, ``note.utf8``, ``note.control``, ``note.no_blank_line``, ``note.line``,
    ``note.name``, ``note.base64``, ``note.line_count``.
    """
    if len(data) > MAX_NOTE:
        raise Malformed("note.size", len(data), f"at most {MAX_NOTE} bytes")
    check_characters(data)
    cut = data.rfind(b"\n\n")
    if cut < 0:
        raise Malformed("note.no_blank_line", None, "a text, an empty line, signature lines")
    return data[: cut + 1], parse_lines(data[cut + 2 :])


def parse_lines(data: bytes) -> tuple[Line, ...]:
    """Read signature lines as they stand in a note. Raises Malformed as :func:`split_note`."""
    lines = data.split(b"\n")
    if lines.pop() != b"" or not lines:
        raise Malformed("note.line", data[-40:], "one or more signature lines, each ending in a newline")
    if len(lines) > MAX_LINES:
        raise Malformed("note.line_count", len(lines), f"at most {MAX_LINES}")
    return tuple(map(_parse_line, lines))


def open_note(data: bytes, verifiers: Sequence[Verifier]) -> Note:
    """Check every line of a known key.

    Raises Malformed as :func:`split_note`; Refused ``note.ambiguous_key``, ``note.unverified`` (no line of a known
    key), and what the verifier of a failing line raises (``note.signature``).
    """
    text, lines = split_note(data)
    known: dict[tuple[str, bytes], list[Verifier]] = {}
    for verifier in verifiers:
        known.setdefault((verifier.name, verifier.key_id), []).append(verifier)
    verified: dict[tuple[str, bytes], Line] = {}
    unknown: dict[Line, None] = {}
    for line in lines:
        match known.get((line.name, line.key_id)):
            case None:
                unknown[line] = None
            case [verifier]:
                verifier.check(text, line.signature)
                verified.setdefault((line.name, line.key_id), line)
            case _:
                raise Refused("note.ambiguous_key", f"{line.name}+{line.key_id.hex()}", "one key of a name and ID")
    if not verified:
        raise Refused("note.unverified", [line.name for line in unknown], [name for name, _ in known])
    return Note(text, tuple(verified.values()), tuple(unknown))


def check_name(name: str) -> None:
    """Raise Malformed ``note.name`` unless ``name`` can be a key name."""
    if not name or "+" in name or any(c in _SPACES or c < " " for c in name) or not _encodable(name):
        raise Malformed("note.name", name[:80], "not empty, no Unicode space, no control character, no +")


def check_characters(data: bytes) -> None:
    """Raise Malformed ``note.utf8`` or ``note.control`` unless ``data`` is UTF-8 with newlines as its only control."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("note.utf8", error.start, "valid UTF-8") from None
    if len(data.translate(None, _CONTROLS)) != len(data):
        place = next(at for at, byte in enumerate(data) if byte in _CONTROLS)
        raise Malformed("note.control", place, "no control character below U+0020 but the newline")


def _parse_line(line: bytes) -> Line:
    if not line.startswith(_DASH):
        raise Malformed("note.line", line[:80], "an em dash, a space, a name, a space, base64")
    name, _, encoded = line[len(_DASH) :].decode().partition(" ")
    check_name(name)
    payload = decode_base64(encoded, "note.base64")
    if len(payload) < 5:
        raise Malformed("note.line", len(payload), "a key ID of 4 bytes and a signature")
    return Line(name, payload[:4], payload[4:])


def _split_key(text: str, rule: str) -> tuple[str, bytes, bytes]:
    parts = text.split("+", 2)
    if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
        raise Malformed(rule, None, "name+8 hexadecimal digits+base64")
    try:
        material = decode_base64(parts[2], rule)
    except Malformed:
        material = b""
    if not material:
        # No part of the text goes into the error: it may be a secret.
        raise Malformed(rule, None, "canonical base64 of a type byte and a key")
    return parts[0], bytes.fromhex(parts[1]), material


def _check_text(text: bytes) -> None:
    check_characters(text)
    if not text.endswith(b"\n"):
        raise Malformed("note.text", text[-40:], "a text that ends in a newline")


def _encodable(name: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in name)
