"""The pieces below the verdicts, question by question: what the browser's modules answer is what Python's answer."""

import base64
import json
import random
import re
import zlib
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest

from ledger import period
from ledger.books import KINDS
from ledger.errors import MingzhangError
from ledger.log import merkle
from ledger.log.policy import parse_policy
from ledger.signatures import P256Key, verify_webauthn
from tests.audit.specimen import OTHER_WITNESS, WITNESS
from tests.check.node import MODULES, answers

TREE = [merkle.leaf_hash(b"%d" % n) for n in range(70)]


def stored(size: int) -> merkle.Nodes:
    """The nodes of the tree of the first leaves."""
    _, new = merkle.Range().extend(TREE[:size])
    nodes = {(level, index): value for level, index, value in new}

    class Stored:
        def read(self, wanted: Any) -> Any:
            return {coordinate: nodes[coordinate] for coordinate in wanted}

    return Stored()


def rule_of(call: Any, *arguments: Any) -> Any:
    """True, or the rule that refuses."""
    try:
        call(*arguments)
    except MingzhangError as error:
        return error.rule
    return True


def harmed(chance: random.Random, path: list[bytes]) -> list[bytes]:
    """A path as it is, or cut, longer, turned, with a bit changed."""
    match chance.randrange(6):
        case 0:
            return path[:-1]
        case 1:
            return [*path, bytes(32)]
        case 2:
            return path[::-1]
        case 3 if path:
            at = chance.randrange(len(path))
            return [*path[:at], bytes([path[at][0] ^ 1]) + path[at][1:], *path[at + 1 :]]
        case _:
            return path


def asked(questions: Sequence[tuple[str, ...]], due: Sequence[Any]) -> None:
    """Ask, and compare: a refusal by its rule."""
    found = [answer["rule"] if isinstance(answer, dict) else answer for answer in answers(questions)]
    wrong = [(q, own, said) for q, own, said in zip(questions, due, found, strict=True) if own != said]
    assert wrong == []


def test_proofs_of_consistency() -> None:
    chance = random.Random(6962)
    questions: list[tuple[str, ...]] = []
    due: list[Any] = []
    for _ in range(600):
        new = chance.randrange(0, 70)
        old = chance.randrange(0, new + 1)
        path = harmed(chance, list(merkle.consistency_path(old, new, stored(new))))
        if chance.random() < 0.1:
            old = chance.randrange(0, 80)
        roots = [merkle.root(TREE[:size]) if chance.random() > 0.05 else bytes(32) for size in (old, new)]
        questions.append(
            ("merkle.consistency", str(old).encode().hex(), roots[0].hex(), str(new).encode().hex(), roots[1].hex(),
             b"".join(path).hex())
        )  # fmt: skip
        due.append(rule_of(merkle.check_consistency, old, roots[0], new, roots[1], path))
    assert due.count(True) > 100
    asked(questions, due)


def test_proofs_of_inclusion() -> None:
    chance = random.Random(9162)
    questions: list[tuple[str, ...]] = []
    due: list[Any] = []
    for _ in range(400):
        size = chance.randrange(1, 70)
        index = chance.randrange(size)
        path = harmed(chance, list(merkle.inclusion_path(index, size, stored(size))))
        at = index if chance.random() < 0.8 else chance.choice([0, size, 2**63, 2**64 - 1])
        root = merkle.root(TREE[:size])
        questions.append(
            ("merkle.inclusion", TREE[index].hex(), str(at).encode().hex(), str(size).encode().hex(),
             b"".join(path).hex(), root.hex())
        )  # fmt: skip
        due.append(rule_of(merkle.check_inclusion, TREE[index], at, size, path, root))
    assert due.count(True) > 100
    asked(questions, due)


TIMES = [
    "2026-06-30T08:00:00.000Z", "2026-06-30T08:00:00Z", "2026-06-30T08:00:00+08:00", "2026-06-30T08:00:00.1-23:59",
    "2026-06-30T24:00:00Z", "2026-06-30T23:59:60Z", "2026-02-29T00:00:00.000Z", "2024-02-29T00:00:00.000Z",
    "0000-01-01T00:00:00.000Z", "0099-12-31T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z",
    "1970-01-01T07:59:59+08:00", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999-00:01", "2026-13-01T00:00:00.000Z",
    "2026-06-31T00:00:00.000Z", "2026-06-30T08:00:00.0000Z", "2026-06-30t08:00:00.000z", "2026-06-30T08:00:00-00:00",
    "2026-06-30T08:00:00+24:00", "2026-06-30T08:00:00.000Z\n", "２026-06-30T08:00:00.000Z", "",
]  # fmt: skip


@pytest.mark.parametrize("name", ["time", "rfc3339"])
def test_instants(name: str) -> None:
    parse = {"time": period.parse_time, "rfc3339": period.parse_rfc3339}[name]
    due: list[Any] = []
    for text in TIMES:
        try:
            due.append(parse(text))
        except MingzhangError:
            due.append("period.time")
    asked([(f"instants.{name}", text.encode().hex()) for text in TIMES], due)


def test_what_zlib_packs_is_unpacked_and_no_more() -> None:
    chance = random.Random(1951)
    questions: list[tuple[str, ...]] = []
    due: list[Any] = []
    for level in range(10):
        for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):
            words = [chance.randbytes(chance.randrange(1, 9)) for _ in range(40)]
            data = b"".join(chance.choice(words) for _ in range(chance.randrange(2_000)))
            packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
            packed = packer.compress(data) + packer.flush()
            questions.append(("inflate", packed.hex(), str(len(data)).encode().hex()))
            due.append(data.hex())
            size = max(0, len(data) + chance.choice([-1, 1]))
            questions.append(("inflate", packed.hex(), str(size).encode().hex()))
            due.append("source.archive" if size != len(data) else data.hex())
            questions.append(("inflate", packed[:-1].hex(), str(len(data)).encode().hex()))
            due.append("source.archive")
    # A bomb: 1 KiB that says it is a hundred bytes and unpacks into a megabyte.
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    questions.append(("inflate", (bomb.compress(bytes(1 << 20)) + bomb.flush()).hex(), b"100".hex()))
    due.append("source.archive")
    asked(questions, due)


POLICIES = [
    "quorum none\n", "", "quorum none", "quorum a\n", "#x\n\n \t\nquorum none\n", "quorum none\nquorum none\n",
    "group g any a\nquorum g\n", "log x\nquorum none\n", "witness a b\nquorum none\n", "quorum  none\n", "more\n",
]  # fmt: skip


def test_policies() -> None:
    one, other = str(WITNESS.vkey), str(OTHER_WITNESS.vkey)
    both = f"witness a {one}\nwitness b {other} https://example.org/\n"
    ends = [
        "group g any a b\nquorum g\n", "group g all a b\nquorum g\n", "group g 2 a b\nquorum g\n", "quorum b\n",
        "group g 3 a b\nquorum g\n", "group g 1 a a\nquorum g\n", "group g 1 a\ngroup h 1 a\nquorum h\n",
        "group g 1 a\ngroup h 2 g b\nquorum h\n", "group a 1 b\nquorum a\n", "group all 1 b\nquorum none\n",
        "group g 0 a\nquorum g\n", "group g 01 a\nquorum g\n", f"witness c {one}\nquorum c\n",
    ]  # fmt: skip
    texts = [*POLICIES, *(both + end for end in ends)]
    questions: list[tuple[str, ...]] = []
    due: list[Any] = []
    for text in texts:
        for names in ("", "a", "b", "a b", "c"):
            questions.append(("policy.met", text.encode().hex(), names.encode().hex()))
            try:
                due.append(parse_policy(text.encode()).met_by(set(names.split())))
            except MingzhangError as error:
                due.append(error.rule)
    assert {True, False} < set(due)
    asked(questions, due)


RP, ORIGIN = "example.org", "https://example.org"


def client_data(challenge: bytes) -> list[bytes]:
    """Client data in every way that a browser, or somebody in its place, may write them."""
    due = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
    good = {"type": "webauthn.get", "challenge": due, "origin": ORIGIN, "crossOrigin": False}
    plain = json.dumps(good)
    return [
        plain.encode(),
        json.dumps(good, indent=1).encode(),
        plain.replace("/", "\\/").encode(),
        plain.replace("webauthn", "web\\u0061uthn").encode(),
        *(json.dumps(good | other).encode() for other in (
            {"more": [1, {"a": None}, True, 1.5e3, -0.0, []]}, {"type": "webauthn.create"}, {"challenge": due + "="},
            {"origin": "https://evil.example"}, {"crossOrigin": True}, {"crossOrigin": 0}, {"topOrigin": ORIGIN},
            {"crossOrigin": None}, {"origin": [ORIGIN]}, {"type": 1}, {"__proto__": {"a": 1}}, {"x": "\ud800"},
        )),
        (plain[:-1] + ', "origin": "https://example.org"}').encode(),
        (plain[:-1] + ', "x": {"a": 1, "a": 1}}').encode(),
        (plain[:-1] + ', "x": NaN, "y": -Infinity}').encode(),
        (plain[:-1] + ', "x": 01}').encode(),
        (plain[:-1] + ', "x": "\t"}').encode(),
        (plain[:-1] + ",}").encode(),
        b"\xef\xbb\xbf" + plain.encode(),
        plain.encode() + b" \n",
        plain.encode() + b"x",
        b"[" + plain.encode() + b"]",
        b"\xff",
        b"",
    ]  # fmt: skip


def test_passkeys() -> None:
    key, message = P256Key.from_private(sha256(b"passkey").digest()), b"message"
    good = sha256(RP.encode()).digest() + b"\x05" + bytes(4)
    every = [(good, data) for data in client_data(sha256(message).digest())]
    plain = every[0][1]
    every += [
        (data, plain)
        for data in (
            good[:-1],
            good + b"more",
            b"\0" * 37,
            good[:32] + b"\x01" + bytes(4),
            good[:32] + b"\x04" + bytes(4),
        )
    ]
    every.append((good + bytes(2048), plain))
    questions: list[tuple[str, ...]] = []
    due: list[Any] = []
    for data, client in every:
        der = der_of(key.sign(data + sha256(client).digest()))
        for sig in (der, der[:-1], der + b"\0", b"\x30\x81" + der[1:], der[:-1] + bytes([der[-1] ^ 1])):
            parts = (key.public, message, sig, data, client, RP.encode(), ORIGIN.encode())
            questions.append(("passkey.check", *(part.hex() for part in parts)))
            call = (key.public, sha256(message).digest(), data, client, sig, (RP,), (ORIGIN,))
            due.append(rule_of(verify_webauthn, *call) is True)
    assert due.count(True) >= 5
    found = [answer is True for answer in answers(questions)]
    assert [q for q, own, said in zip(questions, due, found, strict=True) if own != said] == []


def der_of(signature: bytes) -> bytes:
    """A signature r, s as passkeys write it."""
    parts = b""
    for half in (signature[:32], signature[32:]):
        number = half.lstrip(b"\0")
        number = b"\0" + number if number[:1] >= b"\x80" else number
        parts += b"\x02" + bytes([len(number)]) + number
    return b"\x30" + bytes([len(parts)]) + parts


def test_the_kinds_are_those_of_the_machine() -> None:
    source = (MODULES / "kinds.js").read_text("utf-8")
    assert set(re.findall(r"[a-z_]+\.[a-z_]+/\d+", source)) == set(KINDS)


def test_keys_are_brought_by_the_kinds_that_the_page_of_the_format_names() -> None:
    """The checkers without rules read keys of three kinds only; a fourth would make true signatures look wrong."""
    no_key = KINDS["role.ended/1"].new_keys
    assert {name for name, kind in KINDS.items() if kind.new_keys is not no_key} == {
        "ledger.opened/1",
        "person.entered/1",
        "key.enrolled/1",
    }
