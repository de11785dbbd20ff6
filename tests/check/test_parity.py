"""The modules of the browser and the verifier in Python give one answer to thousands of questions, most of them hostile.

Two verifiers that differ would be two ledgers: what Python accepts or refuses here is the norm, case by case, rule by rule.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from nacl import bindings as sodium

from ledger.canonical import check_text, decode, decode_base64, encode, encode_base64
from ledger.errors import Malformed, MingzhangError
from ledger.signatures import Ed25519Key, P256Key, check_public, verify, verify_der
from tests.check.node import answers

P25519 = 2**255 - 19
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def ours(call: Callable[..., Any], *arguments: Any) -> Any:
    """What Python answers, in the form of answers.mjs: its value, or the rule and the place of its refusal."""
    try:
        value = call(*arguments)
    except MingzhangError as refused:
        return {
            "rule": refused.rule,
            **{name: refused.context[name] for name in ("where", "offset") if name in refused.context},
        }
    return value.hex() if isinstance(value, bytes) else True if value is None else value


def fits(alg: str, public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        verify(alg, public, message, signature)
    except MingzhangError:
        return False
    return True


def damaged(chance: random.Random, data: bytes) -> bytes:
    """`data` with a bit or a byte changed, cut, doubled or put in."""
    at = chance.randrange(len(data) + 1)
    match chance.randrange(6):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + data[at + 1 :]
        case 2:
            return data[:at] + bytes([chance.randrange(256)]) + data[at:]
        case 3:
            return data[:at] + data[at : at + 3] + data[at:]
        case _:
            changed = bytearray(data or b"\x00")
            changed[at % len(changed)] ^= 1 << chance.randrange(8)
            return bytes(changed)


# --- hashes and texts -------------------------------------------------------------------------------------------------


def test_hashes() -> None:
    chance = random.Random(1)
    inputs = [chance.randbytes(chance.choice((length, chance.randrange(2000)))) for length in range(300)]
    inputs.append(chance.randbytes(100_000))
    for name in ("sha256", "sha512"):
        assert answers((f"sha2.{name}", data.hex()) for data in inputs) == [
            hashlib.new(name, data).hexdigest() for data in inputs
        ]
    for name, of in (("shake128", hashlib.shake_128), ("shake256", hashlib.shake_256)):
        assert answers((f"sha3.{name}", data.hex()) for data in inputs[:-1]) == [
            of(data).hexdigest(len(data) + 1) for data in inputs[:-1]
        ]


def test_base64() -> None:
    chance = random.Random(2)
    texts = []
    for _ in range(2000):
        text = encode_base64(chance.randbytes(chance.randrange(12)))
        texts.append(text if chance.random() < 0.2 else damaged(chance, text.encode()).decode("latin-1"))
    due = [ours(decode_base64, text, "bytes.base64") for text in texts]
    assert answers(("bytes.unbase64", text.encode().hex()) for text in texts) == due
    assert Counter(type(answer).__name__ for answer in due) == {"dict": 1160, "str": 840}


def test_texts_that_print_as_something_else() -> None:
    # Every character of the planes that have any; Node's Unicode may be newer, which matters to normalisation alone.
    texts = [chr(code) for code in range(0x30000) if not 0xD800 <= code <= 0xDFFF] + [
        chr(c) for c in range(0xE0000, 0xE1100)
    ]

    def refusal(text: str) -> Any:
        answer = ours(check_text, text, "field")
        return answer if answer is True else answer["rule"]

    given = answers(("canonical.check_text", text.encode().hex()) for text in texts)
    differ = [
        (ascii(text), answer)
        for text, answer in zip(texts, given, strict=True)
        if (answer if answer is True else answer["rule"]) != refusal(text)
    ]
    assert differ == []


# --- canonical JSON ---------------------------------------------------------------------------------------------------


def loose_json(chance: random.Random, depth: int) -> str:
    """Some JSON text, most of it in our subset, some of it in a form that canonical bytes do not have."""
    kind = chance.randrange(14 if depth else 10)
    match kind:
        case 0:
            return chance.choice(("true", "false", "null", "true", "false"))
        case 1 | 2 | 3:
            return str(chance.randrange(-(10 ** chance.randrange(1, 24)), 10 ** chance.randrange(1, 24)))
        case 4:
            return chance.choice(
                ("-0", "1.0", "0.5", "1e3", "1E400", "-1e-400", "01", "9007199254740992", "1e", "+1", "NaN")
            )
        case 5 | 6 | 7 | 8 | 9:
            return json.dumps(chance.choice(TEXTS), ensure_ascii=chance.random() < 0.1)
        case 10 | 11:
            return "[" + ",".join(loose_json(chance, depth - 1) for _ in range(chance.randrange(4))) + "]"
        case _:
            keys = [chance.choice(KEYS) for _ in range(chance.randrange(5))]
            if chance.random() < 0.9:
                keys = sorted(set(keys))
            members = [f"{json.dumps(key)}:{loose_json(chance, depth - 1)}" for key in keys]
            return "{" + chance.choice((",",) * 19 + (", ",)).join(members) + "}"


TEXTS = ("", "a", "业主大会", "\n\t\b\f\r", '"\\/', "\x00\x1f\x7f", "😂", "A\u030a", "\ufeff", "\u2028")
KEYS = ("a", "b", "fen", "9", "10", "at", "__proto__", "constructor", "A", "a_1", "zz", "0")


def test_canonical_json() -> None:
    chance = random.Random(3)
    cases = []
    for _ in range(6000):
        data = loose_json(chance, 5).encode()
        if chance.random() < 0.5:
            data = damaged(chance, data)
        cases.append(data)
    cases += [b"[" * depth + b"]" * depth for depth in (15, 16, 17, 1023, 1024, 1025, 1026)]
    cases += [b'{"a":' * depth + b"1" + b"}" * depth for depth in (16, 17, 1024, 1025)]
    cases += [
        b"1" * 309,
        b"1" * 310,
        b"-" + b"9" * 400,
        b"9223372036854775808",
        b"-9223372036854775809",
        b"-9223372036854775808",
    ]
    cases += [
        b"18446744073709551615",
        b"18446744073709551616",
        b"1\x00",
        b"\x00",
        b"\x0c1",
        b"\xc2\xa01",
        b"\xef\xbb\xbf1",
    ]
    cases += [json.dumps(text).encode() for text in TEXTS]
    due = [ours(lambda data: encode(decode(data)), data) for data in cases]
    given = answers(("canonical.decode", data.hex()) for data in cases)
    assert [case for case in zip(cases, given, due, strict=True) if case[1] != case[2]] == []
    rules = Counter(answer["rule"] if isinstance(answer, dict) else "accepted" for answer in due)
    wanted = ("accepted", "not_json", "not_canonical", "null", "fraction", "integer", "key", "depth")
    assert {rule.rpartition(".")[2] for rule in rules} == set(wanted)
    assert rules["accepted"] > 1000


# --- Ed25519 ----------------------------------------------------------------------------------------------------------


# Two of the four points of order 8; the others have the opposite sign.
EIGHTH = (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)


def torsion() -> list[bytes]:
    """The encodings of the points of small order, canonical and not."""
    ys = [0, 1, P25519 - 1, P25519, P25519 + 1, *(int.from_bytes(bytes.fromhex(text), "little") for text in EIGHTH)]
    return [(y + sign).to_bytes(32, "little") for y in ys for sign in (0, 2**255)]


def test_ed25519_decides_every_case_of_cctv_as_libsodium_does(shared: Path) -> None:
    cases = json.loads((shared / "vectors" / "cctv-ed25519" / "ed25519vectors.json").read_bytes())
    questions = [(bytes.fromhex(case["key"]), case["msg"].encode(), bytes.fromhex(case["sig"])) for case in cases]
    due = [fits("ed25519", *question) for question in questions]
    given = answers(("ed25519.verify", *(part.hex() for part in question)) for question in questions)
    assert [case["number"] for case, one, other in zip(cases, given, due, strict=True) if one is not other] == []
    assert Counter(due) == {True: 43, False: 871}
    keys = sorted({case["key"] for case in cases})
    acceptable = [sodium.crypto_core_ed25519_is_valid_point(bytes.fromhex(key)) for key in keys]
    assert answers(("ed25519.acceptable", key) for key in keys) == acceptable


def test_ed25519_decides_random_and_damaged_signatures_as_libsodium_does() -> None:
    chance = random.Random(4)
    small = torsion()
    questions = []
    for number in range(3000):
        key = Ed25519Key(chance.randbytes(32))
        message = chance.randbytes(chance.randrange(200))
        public, signature = key.public, key.sign(message)
        match number % 10:
            case 0 | 1 | 2 | 3:
                pass
            case 4:
                signature = damaged(chance, signature)
            case 5:
                public = damaged(chance, public)
            case 6:
                message = damaged(chance, message)
            case 7:
                s = int.from_bytes(signature[32:], "little") + chance.randrange(16) * ED25519_ORDER
                signature = signature[:32] + (s % 2**256).to_bytes(32, "little")
            case 8:
                public = chance.choice(small)
                signature = chance.choice((signature[:32], *small)) + chance.choice((bytes(32), signature[32:]))
            case 9:
                public = chance.randbytes(32)
        questions.append((public, message, signature))
    questions += [(key, b"m", r + bytes(32)) for key in small for r in small]
    due = [fits("ed25519", *question) for question in questions]
    given = answers(("ed25519.verify", *(part.hex() for part in question)) for question in questions)
    assert [case for case in zip(questions, given, due, strict=True) if case[1] is not case[2]] == []
    assert Counter(due) == {True: 1233, False: 1963}


def test_ed25519_takes_the_keys_that_libsodium_takes() -> None:
    chance = random.Random(5)
    small = torsion()
    # A proper key plus a point of small order is of mixed order: it verifies, but is not to be enrolled.
    keys = [Ed25519Key(chance.randbytes(32)).public for _ in range(100)]
    mixed = [sodium.crypto_core_ed25519_add(key, bytes.fromhex(EIGHTH[0])) for key in keys]
    keys += mixed + small + [chance.randbytes(32) for _ in range(500)]
    keys += [(y + sign).to_bytes(32, "little") for y in range(P25519, 2**255) for sign in (0, 2**255)]
    keys += [(y + sign).to_bytes(32, "little") for y in range(100) for sign in (0, 2**255)]
    due = [sodium.crypto_core_ed25519_is_valid_point(key) for key in keys]
    assert answers(("ed25519.acceptable", key.hex()) for key in keys) == due
    assert due[:200] == [True] * 100 + [False] * 100
    assert 0 < sum(due[200:]) < 200


# --- P-256 ------------------------------------------------------------------------------------------------------------


def test_p256_decides_random_and_damaged_signatures_as_openssl_does() -> None:
    chance = random.Random(7)
    questions = []
    for number in range(3000):
        key = P256Key(chance.randrange(1, P256_ORDER).to_bytes(32))
        message = chance.randbytes(chance.randrange(200))
        public, signature = key.public, key.sign(message)
        match number % 8:
            case 0 | 1 | 2:
                pass
            case 3:
                signature = damaged(chance, signature)
            case 4:
                public = damaged(chance, public)
            case 5:
                message = damaged(chance, message)
            case 6:
                s = P256_ORDER - int.from_bytes(signature[32:])
                signature = signature[:32] + s.to_bytes(32)
            case 7:
                edges = [
                    bytes(32),
                    (1).to_bytes(32),
                    P256_ORDER.to_bytes(32),
                    (P256_ORDER - 1).to_bytes(32),
                    b"\xff" * 32,
                ]
                signature = chance.choice((signature[:32], *edges)) + chance.choice((signature[32:], *edges))
        questions.append((public, message, signature))
    due = [fits("p256", *question) for question in questions]
    given = answers(("p256.verify", *(part.hex() for part in question)) for question in questions)
    assert [case for case in zip(questions, given, due, strict=True) if case[1] is not case[2]] == []
    assert 1500 <= sum(due) < 1600
    keys = [public for public, _, _ in questions]
    assert answers(("p256.acceptable", key.hex()) for key in keys) == [is_p256_key(key) for key in keys]


def is_p256_key(public: bytes) -> bool:
    try:
        check_public("p256", public)
    except Malformed:
        return False
    return True


def test_the_der_of_passkeys_is_read_as_python_reads_it() -> None:
    chance = random.Random(8)
    key = P256Key(b"\x05" * 32)
    questions = []
    for number in range(4000):
        message = b"%d" % number
        raw = key.sign(message)
        r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
        match number % 8:
            case 0:
                der = encode_dss_signature(r, s)
            case 1 | 2 | 3:
                der = damaged(chance, encode_dss_signature(r, s))
            case 4:
                # Lengths and first bytes, where DER has its rules.
                changed = bytearray(encode_dss_signature(r, s))
                changed[chance.choice((0, 1, 2, 3, 4, 5, 4 + changed[3], 5 + changed[3], 6 + changed[3]))] = (
                    chance.randrange(256)
                )
                der = bytes(changed)
            case 5:
                sizes = (1, 31, 32, 33, 60, 64, 126, 128, 200, 300)
                der = encode_dss_signature(*(chance.getrandbits(8 * chance.choice(sizes)) for _ in "rs"))
            case 6:
                der = damaged(chance, encode_dss_signature(chance.getrandbits(8 * chance.choice((100, 200, 300))), s))
            case _:
                der = encode_dss_signature(r, chance.choice((0, s, P256_ORDER - s, P256_ORDER, s + P256_ORDER)))
        questions.append((key.public, message, der))
    due = [ours(verify_der, *question) for question in questions]
    given = [
        {"rule": "signature.invalid"} if answer is False else answer
        for answer in answers(("p256.verify_der", *(part.hex() for part in question)) for question in questions)
    ]
    assert [case for case in zip(questions, given, due, strict=True) if case[1] != case[2]] == []
    rules = Counter("accepted" if answer is True else answer["rule"] for answer in due)
    assert set(rules) == {"accepted", "signature.der", "signature.invalid"}
    assert min(rules.values()) > 500


# --- ML-DSA-44 --------------------------------------------------------------------------------------------------------


def test_ml_dsa_44_decides_random_and_damaged_signatures_as_openssl_does() -> None:
    chance = random.Random(6)
    keys = [MLDSA44PrivateKey.from_seed_bytes(chance.randbytes(32)) for _ in range(30)]
    questions = []
    for number in range(600):
        key = keys[number // 20]
        public = key.public_key().public_bytes_raw()
        message, context = chance.randbytes(chance.randrange(300)), chance.randbytes(chance.choice((0, 0, 1, 255)))
        signature = key.sign(message, context)
        match number % 6:
            case 0 | 1:
                pass
            case 2:
                signature = damaged(chance, signature)
            case 3:
                # Where small damage does most: the hints.
                hints = bytearray(signature)
                hints[-1 - chance.randrange(84)] ^= 1 << chance.randrange(8)
                signature = bytes(hints)
            case 4:
                message, context = damaged(chance, message), chance.choice((context, context + b"x", b""))
            case 5:
                public = damaged(chance, public)
        questions.append((public, message, context[:255], signature))
    due = [fits_ml_dsa(*question) for question in questions]
    given = answers(("mldsa44.verify", *(part.hex() for part in question)) for question in questions)
    assert [number for number, (one, other) in enumerate(zip(given, due, strict=True)) if one is not other] == []
    # The 200 that nobody touched; signing is random, so that damage now and then leaves a signature what it was.
    assert 200 <= sum(due) < 210


def fits_ml_dsa(public: bytes, message: bytes, context: bytes, signature: bytes) -> bool:
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message, context)
    except (ValueError, InvalidSignature):
        return False
    return True


@pytest.mark.parametrize("question", [("canonical.decode", b"[1.0]".hex())])
def test_a_refusal_tells_its_rule_and_place(question: tuple[str, ...]) -> None:
    assert answers([question]) == [{"rule": "canonical.fraction", "where": "/0"}]
    with pytest.raises(Malformed):
        decode(b"[1.0]")
