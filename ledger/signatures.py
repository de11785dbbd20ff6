"""Raw signatures: one strict equation for each algorithm, and the bytes that are signed; no state, no people.

What is signed is the DSSE v1 pre-authentication encoding of a payload, so that no signature means anything in another
place:

>>> pae(RECORD_TYPE, b"{}")
b'DSSEv1 37 application/vnd.mingzhang.record+json 2 {}'

* ``ed25519``: key 32 bytes, signature 64 bytes; RFC 8032 without cofactor, S < L, A and R canonical and not of small
  order;
* ``p256``: key 65 bytes, the uncompressed point (SEC 1 §2.3.3); signature 64 bytes r ‖ s (IEEE P1363), ECDSA with
  SHA-256, r and s in 1..n−1, high s accepted;
* ``webauthn``: key as ``p256``; signature strict DER over authenticatorData ‖ SHA-256(clientDataJSON), the challenge
  being the SHA-256 of what is signed (WebAuthn level 3).

Ed25519 is checked by libsodium only. Other libraries decide edge cases differently (OpenSSL accepts the identity as a
key, under which one signature fits every message); two verifiers that differ would be two ledgers. An ECDSA signature
can always be changed into a second valid one (n − s), so nothing may be identified by its signature's bytes.

A key is looked at twice: :func:`check_public` at enrolment, where mixed-order Ed25519 keys are refused too;
:func:`verify` at each use, which takes for granted that the key was enrolled. Bytes that are not of the form raise
Malformed; a signature of the right form that does not fit raises Refused ``signature.invalid``.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl import bindings as sodium
from nacl.exceptions import BadSignatureError

from ledger.errors import Malformed, Refused

RECORD_TYPE: Final = "application/vnd.mingzhang.record+json"
BATCH_TYPE: Final = "application/vnd.mingzhang.batch+json"

ALGORITHMS: Final = ("ed25519", "p256", "webauthn")

WEBAUTHN_LIMIT: Final = 2048
"""Most bytes of authenticatorData, clientDataJSON and signature together."""

_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_CURVE: Final = ec.SECP256R1()
_ECDSA: Final = ec.ECDSA(SHA256())
_USER_PRESENT: Final = 0x01
_USER_VERIFIED: Final = 0x04


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes to be signed: DSSE v1, ``"DSSEv1" SP len(type) SP type SP len(payload) SP payload``."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def key_id(alg: str, public: bytes) -> str:
    """Return a key's name, hex SHA-256(alg ‖ 0x00 ‖ public key). Raises Malformed ``key.alg``."""
    if alg not in ALGORITHMS:
        raise Malformed("key.alg", alg, ", ".join(ALGORITHMS))
    return hashlib.sha256(alg.encode() + b"\x00" + public).hexdigest()


def check_public(alg: str, public: bytes) -> None:
    """Refuse a public key that must not be enrolled.

    Raises Malformed: ``key.alg``, ``key.length``, ``key.point`` (Ed25519: not canonical, small-order or mixed-order;
    P-256: compressed, at infinity or off the curve).
    """
    if alg == "ed25519":
        if len(public) != sodium.crypto_sign_PUBLICKEYBYTES:
            raise Malformed("key.length", len(public), "32 bytes")
        if not sodium.crypto_core_ed25519_is_valid_point(public):
            raise Malformed("key.point", public.hex(), "a canonical point of the prime-order subgroup")
    elif alg in ALGORITHMS:
        _p256_public(public)
    else:
        raise Malformed("key.alg", alg, ", ".join(ALGORITHMS))


def verify(alg: str, public: bytes, message: bytes, signature: bytes) -> None:
    """Check a signature of an enrolled ``ed25519`` or ``p256`` key; return if it fits.

    Raises Refused ``signature.invalid``; Malformed: ``key.alg``, ``key.length``, ``key.point``, ``signature.length``.
    """
    if len(signature) != 64:
        raise Malformed("signature.length", len(signature), "64 bytes")
    if alg == "ed25519":
        if len(public) != sodium.crypto_sign_PUBLICKEYBYTES:
            raise Malformed("key.length", len(public), "32 bytes")
        try:
            sodium.crypto_sign_open(signature + message, public)
        except BadSignatureError as error:
            raise Refused("signature.invalid", key_id(alg, public)) from error
    elif alg == "p256":
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        if not (0 < r < _P256_ORDER and 0 < s < _P256_ORDER):
            raise Refused("signature.invalid", key_id(alg, public), "r and s in 1..n-1")
        _verify_ecdsa(alg, public, message, encode_dss_signature(r, s))
    else:
        raise Malformed("key.alg", alg, "ed25519 or p256")


class Check(NamedTuple):
    """All that one signature is checked with; the last two are a passkey's, else empty."""

    alg: str
    public: bytes
    message: bytes
    signature: bytes
    authenticator_data: bytes = b""
    client_data: bytes = b""


def verify_check(check: Check, relying: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())) -> None:
    """Check a signature of any enrolled key; return if it fits. ``relying``: passkey RP ids and origins of the ledger.

    Raises as :func:`verify` and :func:`verify_webauthn`.
    """
    alg, public, message, signature, authenticator_data, client_data = check
    if alg == "webauthn":
        challenge = hashlib.sha256(message).digest()
        verify_webauthn(public, challenge, authenticator_data, client_data, signature, *relying)
    else:
        verify(alg, public, message, signature)


def verify_webauthn(
    public: bytes,
    challenge: bytes,
    authenticator_data: bytes,
    client_data: bytes,
    signature: bytes,
    rp_ids: tuple[str, ...],
    origins: tuple[str, ...],
) -> None:
    """Check a passkey's assertion over `challenge`, the SHA-256 of a PAE; return if it fits (WebAuthn 3 §7.2).

    `rp_ids` and `origins` are those that stand on the ledger. The counter is not judged: synced passkeys report 0.

    Raises Malformed: ``webauthn.challenge_length``, ``webauthn.size``, ``webauthn.client_data``,
    ``webauthn.authenticator_data``, ``key.length``, ``key.point``, ``signature.der``; Refused: ``webauthn.type``,
    ``webauthn.challenge``, ``webauthn.origin``, ``webauthn.cross_origin``, ``webauthn.rp_id``,
    ``webauthn.user_present``, ``webauthn.user_verified``, ``signature.invalid``.
    """
    if len(challenge) != 32:
        raise Malformed("webauthn.challenge_length", len(challenge), "32 bytes")
    size = len(authenticator_data) + len(client_data) + len(signature)
    if size > WEBAUTHN_LIMIT:
        raise Malformed("webauthn.size", size, f"at most {WEBAUTHN_LIMIT} bytes")
    _check_client_data(client_data, challenge, origins)
    _check_authenticator_data(authenticator_data, rp_ids)
    verify_der(public, authenticator_data + hashlib.sha256(client_data).digest(), signature)


def verify_der(public: bytes, message: bytes, signature: bytes) -> None:
    """Check an ECDSA P-256 signature in DER, as passkeys make it; one signature (r, s) has one encoding.

    Raises Refused ``signature.invalid``; Malformed: ``signature.der``, ``key.length``, ``key.point``.
    """
    try:
        r, s = decode_dss_signature(signature)
    except ValueError as error:
        raise Malformed("signature.der", signature.hex(), "DER of SEQUENCE {r INTEGER, s INTEGER}") from error
    if not (0 < r < _P256_ORDER and 0 < s < _P256_ORDER):
        raise Refused("signature.invalid", key_id("webauthn", public), "r and s in 1..n-1")
    if encode_dss_signature(r, s) != signature:
        raise Malformed("signature.der", signature.hex(), "DER, the shortest form")
    _verify_ecdsa("webauthn", public, message, signature)


class Signer(Protocol):
    """Whatever can sign for one key: a key in memory, a key ring, a card."""

    @property
    def alg(self) -> str:
        """One of :data:`ALGORITHMS`."""
        ...

    @property
    def public(self) -> bytes:
        """The public key, as :func:`check_public` takes it."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return a signature that :func:`verify` accepts."""
        ...


class Ed25519Key:
    """An Ed25519 private key in memory; `private` is the 32-byte seed of RFC 8032."""

    alg: ClassVar[str] = "ed25519"
    __slots__ = ("_secret", "public")

    def __init__(self, private: bytes) -> None:
        if len(private) != sodium.crypto_sign_SEEDBYTES:
            raise Malformed("key.private", len(private), "32 bytes")
        self.public, self._secret = sodium.crypto_sign_seed_keypair(private)

    @classmethod
    def generate(cls) -> Self:
        """Make a new key from the system's randomness."""
        _, secret = sodium.crypto_sign_keypair()
        return cls(sodium.crypto_sign_ed25519_sk_to_seed(secret))

    @classmethod
    def from_private(cls, private: bytes) -> Self:
        """Return the key of a stored seed. Raises Malformed ``key.private``."""
        return cls(private)

    @property
    def private(self) -> bytes:
        """The seed, for a key ring to keep."""
        return sodium.crypto_sign_ed25519_sk_to_seed(self._secret)

    @property
    def key(self) -> str:
        """The key's name, :func:`key_id`."""
        return key_id(self.alg, self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`."""
        return sodium.crypto_sign(message, self._secret)[:64]

    def __repr__(self) -> str:
        return f"Ed25519Key({self.key})"


class P256Key:
    """A P-256 private key in memory; `private` is the 32-byte scalar, big-endian. Signs by RFC 6979."""

    alg: ClassVar[str] = "p256"
    __slots__ = ("_secret", "public")

    def __init__(self, private: bytes) -> None:
        scalar = int.from_bytes(private)
        if len(private) != 32 or not 0 < scalar < _P256_ORDER:
            raise Malformed("key.private", len(private), "32 bytes, from 1 to n-1")
        self._secret = ec.derive_private_key(scalar, _CURVE)
        self.public = self._secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @classmethod
    def generate(cls) -> Self:
        """Make a new key from the system's randomness."""
        return cls(ec.generate_private_key(_CURVE).private_numbers().private_value.to_bytes(32))

    @classmethod
    def from_private(cls, private: bytes) -> Self:
        """Return the key of a stored scalar. Raises Malformed ``key.private``."""
        return cls(private)

    @property
    def private(self) -> bytes:
        """The scalar, for a key ring to keep."""
        return self._secret.private_numbers().private_value.to_bytes(32)

    @property
    def key(self) -> str:
        """The key's name, :func:`key_id`."""
        return key_id(self.alg, self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature r ‖ s of `message`."""
        r, s = decode_dss_signature(self._secret.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True)))
        return r.to_bytes(32) + s.to_bytes(32)

    def __repr__(self) -> str:
        return f"P256Key({self.key})"


@lru_cache(maxsize=4096)
def _p256_public(public: bytes) -> ec.EllipticCurvePublicKey:
    if len(public) != 65:
        raise Malformed("key.length", len(public), "65 bytes, the uncompressed point")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
    except ValueError as error:
        raise Malformed("key.point", public.hex(), "an uncompressed point of P-256") from error


def _verify_ecdsa(alg: str, public: bytes, message: bytes, der: bytes) -> None:
    try:
        _p256_public(public).verify(der, message, _ECDSA)
    except InvalidSignature as error:
        raise Refused("signature.invalid", key_id(alg, public)) from error


def _check_client_data(client_data: bytes, challenge: bytes, origins: tuple[str, ...]) -> None:
    try:
        collected = json.loads(client_data.decode(), object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise Malformed("webauthn.client_data", str(error), "a JSON object in UTF-8, each member once") from error
    if not isinstance(collected, dict):
        raise Malformed("webauthn.client_data", type(collected).__name__, "a JSON object")
    if collected.get("type") != "webauthn.get":
        raise Refused("webauthn.type", collected.get("type"), "webauthn.get")
    due = urlsafe_b64encode(challenge).rstrip(b"=").decode()
    if collected.get("challenge") != due:
        raise Refused("webauthn.challenge", collected.get("challenge"), due)
    if collected.get("origin") not in origins:
        raise Refused("webauthn.origin", collected.get("origin"), ", ".join(origins))
    if collected.get("crossOrigin", False) is not False or "topOrigin" in collected:
        raise Refused("webauthn.cross_origin", collected.get("crossOrigin"), "absent or false")


def _check_authenticator_data(data: bytes, rp_ids: tuple[str, ...]) -> None:
    if len(data) < 37:
        raise Malformed("webauthn.authenticator_data", len(data), "37 bytes or more")
    if data[:32] not in [hashlib.sha256(rp_id.encode()).digest() for rp_id in rp_ids]:
        raise Refused("webauthn.rp_id", data[:32].hex(), ", ".join(rp_ids))
    if not data[32] & _USER_PRESENT:
        raise Refused("webauthn.user_present", data[32], "the flag UP set")
    if not data[32] & _USER_VERIFIED:
        raise Refused("webauthn.user_verified", data[32], "the flag UV set")


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members
