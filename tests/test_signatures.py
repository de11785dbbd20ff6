"""Raw signatures: what is signed, whose keys are enrolled, and every published edge case of the three algorithms."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import example, given
from hypothesis import strategies as st

from ledger import signatures
from ledger.errors import Malformed, MingzhangError, Refused
from ledger.signatures import (
    ALGORITHMS,
    BATCH_TYPE,
    RECORD_TYPE,
    Ed25519Key,
    P256Key,
    Signer,
    check_public,
    key_id,
    pae,
    verify,
    verify_der,
    verify_webauthn,
)

VECTORS = Path(__file__).resolve().parents[1] / ".." / "shared" / "vectors"

P25519 = 2**255 - 19
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P256_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
IDENTITY = b"\x01" + bytes(31)


def vectors(path: str) -> Any:
    file = VECTORS / path
    if not file.is_file():
        pytest.skip("the published vectors are not beside this repository")
    return json.loads(file.read_bytes())


def accepts(alg: str, public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        verify(alg, public, message, signature)
    except MingzhangError as refused:
        error = refused
    else:
        return True
    assert error.rule in {"signature.invalid", "signature.length"}
    return False


def accepts_der(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        verify_der(public, message, signature)
    except MingzhangError as refused:
        error = refused
    else:
        return True
    assert error.rule in {"signature.invalid", "signature.der"}
    return False


# --- what is signed ---------------------------------------------------------------------------------------------------


def test_pae_is_that_of_dsse() -> None:
    # The example of the DSSE protocol.
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert pae("", b"") == b"DSSEv1 0  0 "
    assert pae("é", "账".encode()) == "DSSEv1 2 é 3 账".encode()
    assert (RECORD_TYPE, BATCH_TYPE) == (
        "application/vnd.mingzhang.record+json",
        "application/vnd.mingzhang.batch+json",
    )


@given(st.text(st.characters(codec="utf-8")), st.binary(), st.text(st.characters(codec="utf-8")), st.binary())
@example("a 1 b", b"c", "a", b"b 1 c")
@example("1 ", b"", "1", b" ")
def test_no_two_payloads_have_one_pae(type_1: str, payload_1: bytes, type_2: str, payload_2: bytes) -> None:
    assert (pae(type_1, payload_1) == pae(type_2, payload_2)) == ((type_1, payload_1) == (type_2, payload_2))


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_key_is_named_by_its_algorithm_and_bytes() -> None:
    assert key_id("ed25519", b"\x02" * 32) == hashlib.sha256(b"ed25519\x00" + b"\x02" * 32).hexdigest()
    public = P256Key.generate().public
    assert len({key_id(alg, public) for alg in ALGORITHMS}) == 3
    with pytest.raises(Malformed) as caught:
        key_id("rsa", b"")
    assert caught.value.rule == "key.alg"


@pytest.mark.parametrize("key", [Ed25519Key.generate(), P256Key.generate()], ids=["ed25519", "p256"])
def test_keys_sign_are_kept_and_come_back(key: Ed25519Key | P256Key) -> None:
    signer: Signer = key
    check_public(signer.alg, signer.public)
    signature = signer.sign(b"message")
    verify(signer.alg, signer.public, b"message", signature)
    again = type(key).from_private(key.private)
    assert (again.public, again.private, again.key) == (key.public, key.private, key_id(key.alg, key.public))
    assert again.sign(b"message") == signature
    assert key.private.hex() not in repr(key)
    assert type(key).generate().private != key.private


@pytest.mark.parametrize("alg", ["ed25519", "p256"])
def test_every_changed_bit_of_a_signature_a_message_or_a_key_is_refused(alg: str) -> None:
    key: Ed25519Key | P256Key = Ed25519Key(bytes(range(32))) if alg == "ed25519" else P256Key(bytes(range(32)))
    message = b"pay 100 to 2-101"
    signature = key.sign(message)
    for bit in range(512):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not accepts(alg, key.public, message, bytes(changed))
    for bit in range(len(message) * 8):
        changed = bytearray(message)
        changed[bit // 8] ^= 1 << bit % 8
        assert not accepts(alg, key.public, bytes(changed), signature)
    for bit in range(len(key.public) * 8):
        changed = bytearray(key.public)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(MingzhangError) as caught:
            verify(alg, bytes(changed), message, signature)
        assert caught.value.rule in {"signature.invalid", "key.point"}


@pytest.mark.parametrize("private", [b"", bytes(31), bytes(33)])
def test_a_private_key_has_32_bytes(private: bytes) -> None:
    for kind in (Ed25519Key, P256Key):
        with pytest.raises(Malformed) as caught:
            kind.from_private(private)
        assert caught.value.rule == "key.private"


@pytest.mark.parametrize("scalar", [0, P256_ORDER, P256_ORDER + 1, 2**256 - 1])
def test_a_p256_scalar_lies_below_the_order(scalar: int) -> None:
    with pytest.raises(Malformed) as caught:
        P256Key(scalar.to_bytes(32))
    assert caught.value.rule == "key.private"


def test_ed25519_keys_and_signatures_are_those_of_rfc_8032() -> None:
    # RFC 8032 §7.1, test 2.
    key = Ed25519Key(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    assert key.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert key.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_p256_signatures_are_those_of_rfc_6979() -> None:
    # RFC 6979 §A.2.5, SHA-256, "sample".
    key = P256Key(bytes.fromhex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"))
    assert key.public.hex() == (
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
        "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
    )
    assert key.sign(b"sample").hex() == (
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    )


def test_the_least_and_the_greatest_p256_scalar_sign() -> None:
    for scalar in (1, P256_ORDER - 1):
        key = P256Key(scalar.to_bytes(32))
        verify("p256", key.public, b"m", key.sign(b"m"))


def p256_point(x: int) -> bytes | None:
    square = (x**3 - 3 * x + P256_B) % P256_PRIME
    y = pow(square, (P256_PRIME + 1) // 4, P256_PRIME)
    return b"\x04" + x.to_bytes(32) + y.to_bytes(32) if y * y % P256_PRIME == square else None


@pytest.mark.parametrize("alg", ["p256", "webauthn"])
def test_p256_enrolment_takes_only_the_uncompressed_point_on_the_curve(alg: str) -> None:
    good = P256Key(b"\x07" * 32).public
    check_public(alg, good)
    odd = good[64] & 1
    for public in (b"", b"\x00", good[:-1], good + b"\x00", bytes([2 + odd]) + good[1:33]):
        with pytest.raises(Malformed) as caught:
            check_public(alg, public)
        assert caught.value.rule == "key.length"
    x = next(x for x in range(1, 100) if p256_point(x))
    small = p256_point(x)
    assert small is not None
    check_public(alg, small)
    for public in (
        bytes(65),
        b"\x04" + bytes(64),
        good[:64] + bytes([good[64] ^ 1]),
        bytes([6 + odd]) + good[1:],
        b"\x04" + (x + P256_PRIME).to_bytes(32) + small[33:],
        b"\x04" + b"\xff" * 64,
    ):
        with pytest.raises(Malformed) as caught:
            check_public(alg, public)
        assert caught.value.rule == "key.point"


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33), bytes(65)])
def test_ed25519_enrolment_takes_only_32_bytes(public: bytes) -> None:
    for act in (lambda: check_public("ed25519", public), lambda: verify("ed25519", public, b"", bytes(64))):
        with pytest.raises(Malformed) as caught:
            act()
        assert caught.value.rule == "key.length"


def test_unknown_algorithms_are_refused() -> None:
    with pytest.raises(Malformed) as caught:
        check_public("rsa", bytes(32))
    assert caught.value.rule == "key.alg"
    for alg in ("rsa", "webauthn", "Ed25519", ""):
        with pytest.raises(Malformed) as caught:
            verify(alg, bytes(32), b"", bytes(64))
        assert caught.value.rule == "key.alg"


# --- Ed25519 ----------------------------------------------------------------------------------------------------------


def test_ed25519_decides_wycheproof_as_it_wants() -> None:
    file = vectors("wycheproof/ed25519_test.json")
    decided: Counter[str] = Counter()
    for group in file["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        check_public("ed25519", public)
        for test in group["tests"]:
            accepted = accepts("ed25519", public, bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
            assert accepted == (test["result"] == "valid"), test["tcId"]
            decided[test["result"]] += 1
    assert decided == {"valid": 88, "invalid": 63}
    assert decided.total() == file["numberOfTests"] == 151


REFUSED_KEYS = {"low_order_A", "low_order_component_A", "non_canonical_A"}


def test_ed25519_enrolment_refuses_every_flawed_key_of_cctv() -> None:
    cases = vectors("cctv-ed25519/ed25519vectors.json")
    assert len(cases) == 914
    enrolled: Counter[bool] = Counter()
    for case in cases:
        rule = None
        try:
            check_public("ed25519", bytes.fromhex(case["key"]))
        except Malformed as refused:
            rule = refused.rule
        assert rule == ("key.point" if REFUSED_KEYS & set(case["flags"] or []) else None), case["number"]
        enrolled[rule is None] += 1
    assert enrolled == {False: 886, True: 28}


def test_ed25519_verifies_by_the_one_strict_equation() -> None:
    """Cofactorless, no small-order A or R, no other encoding: what is left are sound points and mixed-order ones."""
    cases = vectors("cctv-ed25519/ed25519vectors.json")
    decided: Counter[bool] = Counter()
    for case in cases:
        flags = set(case["flags"] or [])
        accepted = accepts("ed25519", bytes.fromhex(case["key"]), case["msg"].encode(), bytes.fromhex(case["sig"]))
        assert accepted == (flags <= {"low_order_component_A", "low_order_component_R"}), case["number"]
        decided[accepted] += 1
    assert decided == {True: 43, False: 871}


def test_the_identity_key_verifies_nothing() -> None:
    forged = IDENTITY + bytes(32)
    with pytest.raises(Malformed) as caught:
        check_public("ed25519", IDENTITY)
    assert caught.value.rule == "key.point"
    for number in range(64):
        assert not accepts("ed25519", IDENTITY, b"message %d" % number, forged)


def test_no_small_order_or_non_canonical_key_is_enrolled() -> None:
    # The fourteen encodings of the eight points of small order.
    small = [
        *(0, 2**255, 1, 2**255 + 1, P25519 - 1, 2**255 + P25519 - 1),
        *(P25519, 2**255 + P25519, P25519 + 1, 2**255 + P25519 + 1),
    ]
    encodings = [value.to_bytes(32, "little") for value in small]
    encodings += [
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc" + last) for last in ("05", "85")
    ]
    encodings += [
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03" + last) for last in ("7a", "fa")
    ]
    assert len(set(encodings)) == 14
    # And every encoding of y from p to 2^255 - 1, whatever its order.
    encodings += [(P25519 + y + sign).to_bytes(32, "little") for y in range(19) for sign in (0, 2**255)]
    for public in encodings:
        with pytest.raises(Malformed) as caught:
            check_public("ed25519", public)
        assert caught.value.rule == "key.point"
        assert not accepts("ed25519", public, b"m", IDENTITY + bytes(32))


def test_an_ed25519_signature_has_one_form() -> None:
    key = Ed25519Key.generate()
    signature = key.sign(b"m")
    s = int.from_bytes(signature[32:], "little")
    for more in range(1, 16):
        if s + more * ED25519_ORDER < 2**256:
            changed = signature[:32] + (s + more * ED25519_ORDER).to_bytes(32, "little")
            assert not accepts("ed25519", key.public, b"m", changed)
    for length in (0, 63, 65, 128):
        with pytest.raises(Malformed) as caught:
            verify("ed25519", key.public, b"m", (signature * 2)[:length])
        assert caught.value.rule == "signature.length"


# --- P-256 ------------------------------------------------------------------------------------------------------------


def test_p256_decides_wycheproof_p1363_as_it_wants() -> None:
    file = vectors("wycheproof/ecdsa_secp256r1_sha256_p1363_test.json")
    decided: Counter[str] = Counter()
    for group in file["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["uncompressed"])
        check_public("p256", public)
        for test in group["tests"]:
            accepted = accepts("p256", public, bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
            assert accepted == (test["result"] == "valid"), test["tcId"]
            decided[test["result"]] += 1
    assert decided == {"valid": 173, "invalid": 89}
    assert decided.total() == file["numberOfTests"] == 262


def test_the_der_of_passkeys_decides_wycheproof_as_it_wants() -> None:
    file = vectors("wycheproof/ecdsa_secp256r1_sha256_test.json")
    decided: Counter[str] = Counter()
    for group in file["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["uncompressed"])
        for test in group["tests"]:
            accepted = accepts_der(public, bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
            assert accepted == (test["result"] == "valid"), test["tcId"]
            decided[test["result"]] += 1
    assert decided == {"valid": 174, "invalid": 310}
    assert decided.total() == file["numberOfTests"] == 484


def test_p256_takes_high_s_and_nothing_outside_the_order() -> None:
    key = P256Key.generate()
    signature = key.sign(b"m")
    r, s = signature[:32], int.from_bytes(signature[32:])
    verify("p256", key.public, b"m", r + (P256_ORDER - s).to_bytes(32))
    for bad in (bytes(32), P256_ORDER.to_bytes(32), b"\xff" * 32):
        assert not accepts("p256", key.public, b"m", r + bad)
        assert not accepts("p256", key.public, b"m", bad + signature[32:])
    if s + P256_ORDER < 2**256:
        assert not accepts("p256", key.public, b"m", r + (s + P256_ORDER).to_bytes(32))


def test_the_cache_of_loaded_keys_is_bounded_and_keeps_no_refusal() -> None:
    limit = signatures._p256_public.cache_parameters()["maxsize"]
    assert limit is not None
    assert limit <= 4096
    for _ in range(2):
        with pytest.raises(Malformed):
            check_public("p256", b"\x04" + bytes(64))


# --- passkeys ---------------------------------------------------------------------------------------------------------

RP_IDS = ("ledger.example", "localhost")
ORIGINS = ("https://ledger.example", "http://localhost:8000")
UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


class Passkey:
    """A passkey and its browser, as faulty as a test wants them."""

    def __init__(self) -> None:
        self.key = P256Key(b"\x05" * 32)
        self.challenge = hashlib.sha256(pae(RECORD_TYPE, b"{}")).digest()
        self.rp_id = "ledger.example"
        self.flags = UP | UV
        self.tail = b""
        self.client: dict[str, Any] = {
            "type": "webauthn.get",
            "challenge": urlsafe_b64encode(self.challenge).rstrip(b"=").decode(),
            "origin": "https://ledger.example",
            "crossOrigin": False,
        }
        self.client_data: bytes | None = None

    def check(self, challenge: bytes | None = None) -> None:
        """Sign as set and verify."""
        authenticator = hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags]) + bytes(4) + self.tail
        client = self.client_data if self.client_data is not None else json.dumps(self.client).encode()
        raw = self.key.sign(authenticator + hashlib.sha256(client).digest())
        signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        verify_webauthn(self.key.public, challenge or self.challenge, authenticator, client, signature, RP_IDS, ORIGINS)

    def refused(self) -> str:
        """Return the rule by which the assertion is refused."""
        with pytest.raises(MingzhangError) as caught:
            self.check()
        return caught.value.rule


def test_a_passkeys_assertion_is_accepted() -> None:
    Passkey().check()
    for flags in (UP | UV | BE, UP | UV | BE | BS, 0xFF & ~AT & ~ED):
        passkey = Passkey()
        passkey.flags = flags
        passkey.check()


def test_a_second_origin_a_missing_member_and_an_unknown_one_are_accepted() -> None:
    passkey = Passkey()
    passkey.rp_id = "localhost"
    passkey.client |= {"origin": "http://localhost:8000", "other_keys_can_be_added_here": {"a": [None, 1.5]}}
    del passkey.client["crossOrigin"]
    passkey.check()


@pytest.mark.parametrize(
    ("member", "value", "rule"),
    [
        ("type", "webauthn.create", "webauthn.type"),
        ("type", None, "webauthn.type"),
        ("challenge", urlsafe_b64encode(bytes(32)).rstrip(b"=").decode(), "webauthn.challenge"),
        ("challenge", None, "webauthn.challenge"),
        ("challenge", [], "webauthn.challenge"),
        ("challenge", "", "webauthn.challenge"),
        ("origin", "https://evil.example", "webauthn.origin"),
        ("origin", "https://ledger.example/", "webauthn.origin"),
        ("origin", "http://ledger.example", "webauthn.origin"),
        ("origin", "https://ledger.example.evil.example", "webauthn.origin"),
        ("origin", None, "webauthn.origin"),
        ("origin", ["https://ledger.example"], "webauthn.origin"),
        ("crossOrigin", True, "webauthn.cross_origin"),
        ("crossOrigin", None, "webauthn.cross_origin"),
        ("crossOrigin", 0, "webauthn.cross_origin"),
        ("crossOrigin", "false", "webauthn.cross_origin"),
        ("topOrigin", "https://evil.example", "webauthn.cross_origin"),
    ],
)
def test_what_the_browser_says_must_be_ours(member: str, value: object, rule: str) -> None:
    passkey = Passkey()
    passkey.client[member] = value
    assert passkey.refused() == rule


@pytest.mark.parametrize("member", ["type", "challenge", "origin"])
def test_what_the_browser_must_say_is_not_left_out(member: str) -> None:
    passkey = Passkey()
    del passkey.client[member]
    assert passkey.refused() == f"webauthn.{member}"


def test_a_challenge_with_padding_or_of_the_other_alphabet_is_refused() -> None:
    passkey = Passkey()
    passkey.challenge = b"\xfb\xff" * 16
    good = urlsafe_b64encode(passkey.challenge).decode()
    passkey.client["challenge"] = good.rstrip("=")
    passkey.check()
    for other in (good, good.rstrip("=").replace("-", "+").replace("_", "/"), good.rstrip("=") + "A"):
        passkey.client["challenge"] = other
        assert passkey.refused() == "webauthn.challenge"


@pytest.mark.parametrize(
    "client_data",
    [
        b"",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b'{"type":"webauthn.get"}x',
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
        b"[" * 1800,
        b'{"a":' * 300,
        b'{"type":"webauthn.get","type":"webauthn.get"}',
        b'{"a":{"b":1,"b":1}}',
        '{"type":"webauthn.get"}'.encode("utf-16"),
    ],
)
def test_client_data_is_one_json_object_in_utf_8(client_data: bytes) -> None:
    passkey = Passkey()
    passkey.client_data = client_data
    assert passkey.refused() == "webauthn.client_data"


def test_the_second_of_two_equal_members_does_not_hide_the_first() -> None:
    passkey = Passkey()
    passkey.client_data = b'{"origin":"https://evil.example",' + json.dumps(passkey.client).encode()[1:]
    assert passkey.refused() == "webauthn.client_data"


@pytest.mark.parametrize(
    ("flags", "rule"),
    [
        (0, "webauthn.user_present"),
        (UV, "webauthn.user_present"),
        (UP, "webauthn.user_verified"),
        (0xFA, "webauthn.user_present"),
    ],
)
def test_the_person_was_there_and_was_verified(flags: int, rule: str) -> None:
    passkey = Passkey()
    passkey.flags = flags
    assert passkey.refused() == rule


def test_another_relying_party_is_refused() -> None:
    passkey = Passkey()
    passkey.rp_id = "evil.example"
    assert passkey.refused() == "webauthn.rp_id"


def test_extension_data_may_follow() -> None:
    passkey = Passkey()
    passkey.flags |= ED
    passkey.tail = b"\xa0"
    passkey.check()


def assertion(passkey: Passkey) -> tuple[bytes, bytes, bytes]:
    authenticator = hashlib.sha256(passkey.rp_id.encode()).digest() + bytes([passkey.flags]) + bytes(4)
    client = json.dumps(passkey.client, separators=(",", ":")).encode()
    raw = passkey.key.sign(authenticator + hashlib.sha256(client).digest())
    return authenticator, client, encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))


def test_every_changed_bit_of_an_assertion_is_refused() -> None:
    passkey = Passkey()
    parts = assertion(passkey)
    verify_webauthn(passkey.key.public, passkey.challenge, *parts, RP_IDS, ORIGINS)
    for number, part in enumerate(parts):
        attacks = [part[:end] for end in range(len(part))]
        for bit in range(len(part) * 8):
            changed = bytearray(part)
            changed[bit // 8] ^= 1 << bit % 8
            attacks.append(bytes(changed))
        for attack in attacks:
            authenticator, client, signature = (attack if n == number else kept for n, kept in enumerate(parts))
            with pytest.raises(MingzhangError):
                verify_webauthn(
                    passkey.key.public, passkey.challenge, authenticator, client, signature, RP_IDS, ORIGINS
                )


def test_an_assertion_of_another_key_or_another_record_is_refused() -> None:
    passkey = Passkey()
    parts = assertion(passkey)
    with pytest.raises(Refused) as caught:
        verify_webauthn(P256Key.generate().public, passkey.challenge, *parts, RP_IDS, ORIGINS)
    assert caught.value.rule == "signature.invalid"
    with pytest.raises(Refused) as caught:
        verify_webauthn(passkey.key.public, hashlib.sha256(b"other").digest(), *parts, RP_IDS, ORIGINS)
    assert caught.value.rule == "webauthn.challenge"


def test_without_listed_origins_or_relying_parties_nothing_is_accepted() -> None:
    passkey = Passkey()
    parts = assertion(passkey)
    for rp_ids, origins, rule in (((), ORIGINS, "webauthn.rp_id"), (RP_IDS, (), "webauthn.origin")):
        with pytest.raises(Refused) as caught:
            verify_webauthn(passkey.key.public, passkey.challenge, *parts, rp_ids, origins)
        assert caught.value.rule == rule


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_challenge_has_32_bytes(length: int) -> None:
    passkey = Passkey()
    with pytest.raises(Malformed) as caught:
        verify_webauthn(passkey.key.public, bytes(length), *assertion(passkey), RP_IDS, ORIGINS)
    assert caught.value.rule == "webauthn.challenge_length"


def test_authenticator_data_has_37_bytes_at_least() -> None:
    passkey = Passkey()
    authenticator, client, signature = assertion(passkey)
    with pytest.raises(Malformed) as caught:
        verify_webauthn(passkey.key.public, passkey.challenge, authenticator[:36], client, signature, RP_IDS, ORIGINS)
    assert caught.value.rule == "webauthn.authenticator_data"


def test_an_assertion_has_two_kibibytes_at_most() -> None:
    passkey = Passkey()
    by_size = {}
    # A DER signature has 70 to 72 bytes, so that some paddings must be tried to hit one size.
    for padding in range(1700, 1850):
        for letter in "abcdefgh":
            passkey.client["padding"] = letter * padding
            parts = assertion(passkey)
            by_size[sum(map(len, parts))] = parts
    verify_webauthn(passkey.key.public, passkey.challenge, *by_size[2048], RP_IDS, ORIGINS)
    with pytest.raises(Malformed) as caught:
        verify_webauthn(passkey.key.public, passkey.challenge, *by_size[2049], RP_IDS, ORIGINS)
    assert caught.value.rule == "webauthn.size"


def test_der_has_one_form() -> None:
    key = P256Key(b"\x09" * 32)
    raw = key.sign(b"m")
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    verify_der(key.public, b"m", der)
    r, s = decode_dss_signature(der)
    verify_der(key.public, b"m", encode_dss_signature(r, P256_ORDER - s))
    for changed in (der + b"\x00", b"\x30\x81" + der[1:], raw, b"", der[:2] + b"\x02\x01\x00" + der[2:]):
        with pytest.raises(Malformed) as caught:
            verify_der(key.public, b"m", changed)
        assert caught.value.rule == "signature.der"
    for bad in ((0, s), (r, 0), (P256_ORDER, s), (r, P256_ORDER), (r + P256_ORDER, s), (r, s + P256_ORDER)):
        with pytest.raises(Refused) as refusal:
            verify_der(key.public, b"m", encode_dss_signature(*bad))
        assert refusal.value.rule == "signature.invalid"
