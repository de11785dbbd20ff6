"""Canonical JSON: the bytes of RFC 8785 for our subset, refusal of everything else, commitments, text at admission."""

import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger import canonical
from ledger.canonical import check_text, commitment, decode, digest, encode, encode_trusted
from ledger.errors import Malformed

VECTORS = Path(__file__).resolve().parents[1] / ".." / "shared" / "vectors" / "jcs-rfc8785"

# Each of RFC 8785's own cases holds something that we refuse: what the reader meets first, in it and in its result.
OUTSIDE_OUR_SUBSET = {
    "arrays.json": ("canonical.null", "canonical.null"),
    "french.json": ("canonical.key", "canonical.key"),
    "structures.json": ("canonical.key", "canonical.key"),
    "unicode.json": ("canonical.key", "canonical.key"),
    "values.json": ("canonical.fraction", "canonical.null"),
    "weird.json": ("canonical.key", "canonical.key"),
}

text = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=8)
integers = st.integers(-(2**53 - 1), 2**53 - 1)
values = st.recursive(
    st.booleans() | integers | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


def refusal(value: object) -> str:
    with pytest.raises(Malformed) as caught:
        encode(value)
    return caught.value.rule


def refusal_of_bytes(data: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        decode(data)
    return caught.value.rule


@pytest.mark.uncounted
@settings(max_examples=500)
@given(values)
def test_bytes_are_those_of_rfc_8785(value: Any) -> None:
    data = encode(value)
    assert data == rfc8785.dumps(value)
    assert data == encode_trusted(value)
    again = decode(data)
    assert again == value
    assert type(again) is type(value)


@settings(max_examples=500)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(max_size=2),
    lambda inner: st.lists(inner, max_size=3)
    | st.tuples(inner)
    | st.dictionaries(st.text(max_size=3) | keys | st.integers(), inner, max_size=3),
    max_leaves=8,
))  # fmt: skip
@pytest.mark.uncounted
@example({"a": {1: 2}})
@example({"": 1})
@example("\ud800")
@example({"\ud800": 1})
@example(2**53)
@example(10**6000)
def test_whatever_comes_is_encoded_as_rfc_8785_or_refused(value: Any) -> None:
    try:
        data = encode(value)
    except Malformed as refused:
        error = refused
    else:
        assert data == rfc8785.dumps(value)
        assert decode(data) == value
        return
    assert error.rule.startswith("canonical.")
    assert str(error)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (None, "canonical.null"),
        ({"a": [None]}, "canonical.null"),
        (1.0, "canonical.fraction"),
        ([1, float("nan")], "canonical.fraction"),
        (2**53, "canonical.integer"),
        ({"a": -(2**53)}, "canonical.integer"),
        (2**64, "canonical.integer"),
        ({"a": {"": 1}}, "canonical.key"),
        ({"A": 1}, "canonical.key"),
        ({"a-b": 1}, "canonical.key"),
        ({"a\n": 1}, "canonical.key"),
        ({"金额": 1}, "canonical.key"),
        ({"²": 1}, "canonical.key"),
        ({1: 1}, "canonical.key"),
        ({"a": 1, None: 1}, "canonical.key"),
        (["\ud800"], "canonical.text"),
        (nested(17), "canonical.depth"),
        ({"a": nested(16)}, "canonical.depth"),
        (nested(2000), "canonical.depth"),
        ((1, 2), "canonical.type"),
        ({"a": b"bytes"}, "canonical.type"),
        ([{1, 2}], "canonical.type"),
        (object(), "canonical.type"),
    ],
)
def test_what_is_outside_the_subset_is_refused_by_its_rule(value: object, rule: str) -> None:
    assert refusal(value) == rule


def test_values_that_orjson_would_serialize_by_itself_are_refused() -> None:
    from dataclasses import dataclass
    from datetime import UTC, datetime
    from enum import IntEnum, StrEnum
    from uuid import UUID

    class Colour(StrEnum):
        RED = "red"

    class Level(IntEnum):
        ONE = 1

    @dataclass
    class Point:
        x: int

    for value in (Colour.RED, Level.ONE, Point(1), datetime(2019, 6, 30, tzinfo=UTC), UUID(int=1)):
        orjson.dumps(value)
        assert refusal(value) == "canonical.type"
        assert refusal({"a": [value]}) == "canonical.type"


def test_sixteen_containers_are_accepted_and_the_path_to_a_fault_is_named() -> None:
    assert decode(encode(nested(16))) == nested(16)
    with pytest.raises(Malformed) as caught:
        encode({"record": {"items": [1, {"fen": 0.5}]}})
    assert caught.value.context == {"where": "/record/items/1/fen"}


def test_a_fault_is_called_by_its_own_name_however_deep_it_lies() -> None:
    value: Any = None
    for _ in range(16):
        value = {"a": value}
        assert refusal(value) == "canonical.null"
    assert refusal({"a": value}) == "canonical.depth"


def test_the_first_byte_that_differs_is_named() -> None:
    for data, offset in ((b'{"a": 1}', 5), (b"[1,2] ", 5), (b'{"a":1,"a":2}', 5)):
        with pytest.raises(Malformed) as caught:
            decode(data)
        assert caught.value.context == {"offset": offset}


def test_the_greatest_integers_are_accepted() -> None:
    assert encode([2**53 - 1, -(2**53 - 1)]) == b"[9007199254740991,-9007199254740991]"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "canonical.not_json"),
        (b"{", "canonical.not_json"),
        (b"\xef\xbb\xbf{}", "canonical.not_json"),
        (b'"\xff"', "canonical.not_json"),
        (b'"\xed\xa0\x80"', "canonical.not_json"),
        (b'"\\ud800"', "canonical.not_json"),
        (b"NaN", "canonical.not_json"),
        (b"{}{}", "canonical.not_json"),
        (b'{"a":1,}', "canonical.not_json"),
        (b"01", "canonical.not_json"),
        (b"[" * 100_000, "canonical.not_json"),
        (b"[" * 1000 + b"]" * 1000, "canonical.depth"),
        (b"null", "canonical.null"),
        (b'{"a":null}', "canonical.null"),
        (b"1.0", "canonical.fraction"),
        (b"1e3", "canonical.fraction"),
        (b"100000000000000000000", "canonical.fraction"),
        (b"9007199254740992", "canonical.integer"),
        (b'{"B":1}', "canonical.key"),
        (b"-0", "canonical.not_canonical"),
        (b" {}", "canonical.not_canonical"),
        (b"{}\n", "canonical.not_canonical"),
        (b'{"a": 1}', "canonical.not_canonical"),
        (b'{"b":1,"a":1}', "canonical.not_canonical"),
        (b'{"a":1,"a":1}', "canonical.not_canonical"),
        (b'{"a":1,"a":2}', "canonical.not_canonical"),
        (b'"\\u0061"', "canonical.not_canonical"),
        (b'"\\/"', "canonical.not_canonical"),
        (b'"\\u000A"', "canonical.not_canonical"),
        (b'"\\u001F"', "canonical.not_canonical"),
        (b'"\\u007f"', "canonical.not_canonical"),
        (b'"\\ud83d\\ude02"', "canonical.not_canonical"),
    ],
)
def test_the_reader_takes_only_the_one_form(data: bytes, rule: str) -> None:
    assert refusal_of_bytes(data) == rule


ENTRY = encode({"entry": 1, "on": "2019-06-30", "text": "丰巢租金\n€", "parts": [{"fen": -1}, {"fen": 2}], "ok": True})


def test_every_changed_byte_gives_another_value_or_none() -> None:
    original = decode(ENTRY)
    for position in range(len(ENTRY)):
        for byte in range(256):
            if byte == ENTRY[position]:
                continue
            changed = ENTRY[:position] + bytes([byte]) + ENTRY[position + 1 :]
            try:
                value = decode(changed)
            except Malformed:
                continue
            assert value != original
            assert encode(value) == changed


def test_every_substring_and_insertion_of_space_is_refused_or_another_value() -> None:
    for end in range(len(ENTRY)):
        assert refusal_of_bytes(ENTRY[:end]) == "canonical.not_json"
    for position in range(len(ENTRY) + 1):
        for space in b" \t\r\n":
            changed = ENTRY[:position] + bytes([space]) + ENTRY[position:]
            try:
                assert decode(changed) != decode(ENTRY)
            except Malformed:
                continue


def test_the_length_limit_is_judged_before_parsing() -> None:
    assert decode(b"[1,2]", limit=5) == [1, 2]
    with pytest.raises(Malformed) as caught:
        decode(b"[" * 6, limit=5)
    assert caught.value.rule == "canonical.length"


def test_normalisation_is_not_judged_by_the_reader() -> None:
    assert decode('"A\u030a"'.encode()) == "A\u030a"


def test_one_bad_key_is_refused_however_many_good_ones_were_seen() -> None:
    for number in range(6000):
        encode({f"key_{number}": number})
    assert len(canonical._known_keys) <= 4096
    assert refusal({"key_1": 1, "Key_1": 1}) == "canonical.key"
    assert encode({"a_key_never_seen": 1, "b" * 5000: 2}).startswith(b'{"a_key_never_seen":1,')


# --- published vectors ------------------------------------------------------------------------------------------------


def _loose(value: Any) -> Any:
    """Say a foreign value in our subset: keys in hex, fractions as text, null left out."""
    if isinstance(value, dict):
        members = [(f"k{key.encode().hex()}", item) for key, item in value.items() if item is not None]
        return {key: _loose(item) for key, item in members}
    if isinstance(value, list):
        return [_loose(item) for item in value if item is not None]
    return repr(value) if isinstance(value, float) else value


def test_the_cases_of_rfc_8785_are_refused_for_what_they_hold_and_agree_in_what_is_left() -> None:
    if not VECTORS.is_dir():
        pytest.skip("the published vectors are not beside this repository")
    cases = sorted(path.name for path in (VECTORS / "input").iterdir())
    assert len(cases) == 6
    assert set(cases) == set(OUTSIDE_OUR_SUBSET)
    strings = 0
    for name in cases:
        given_bytes = (VECTORS / "input" / name).read_bytes()
        expected = (VECTORS / "output" / name).read_bytes()
        assert bytes.fromhex((VECTORS / "outhex" / name.replace(".json", ".txt")).read_text()) == expected
        # None of the six lies in our subset, not even in its canonical form.
        assert (refusal_of_bytes(given_bytes), refusal_of_bytes(expected)) == OUTSIDE_OUR_SUBSET[name]
        assert rfc8785.dumps(json.loads(given_bytes)) == expected
        value = _loose(json.loads(given_bytes))
        assert encode(value) == rfc8785.dumps(value)
        # What does lie in it, keys and strings, is written as the case wants it.
        for string in _strings(json.loads(given_bytes)):
            assert encode(string) in expected
            strings += 1
    assert strings == 51


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in (key, *_strings(item))]
    if isinstance(value, list):
        return [found for item in value for found in _strings(item)]
    return [value] if isinstance(value, str) else []


# --- digests and commitments ------------------------------------------------------------------------------------------


def test_digest_is_sha_256_of_the_bytes() -> None:
    assert digest({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()
    with pytest.raises(Malformed):
        digest({"a": None})


def test_commitment_is_the_formula_of_the_format() -> None:
    salt = bytes(range(32))
    content = '{"field":"name","kind":"person.entered/1","ledger":"ab","value":"王芳"}'.encode()
    expected = hashlib.sha256(b"mingzhang/commit/1\x00" + salt + content).hexdigest()
    assert commitment("ab", "person.entered/1", "name", "王芳", salt) == expected


def test_a_commitment_opens_only_where_it_was_made() -> None:
    salt = bytes(32)
    made = {
        commitment("ab", "k/1", "name", "x", salt),
        commitment("ac", "k/1", "name", "x", salt),
        commitment("ab", "k/2", "name", "x", salt),
        commitment("ab", "k/1", "phone", "x", salt),
        commitment("ab", "k/1", "name", "y", salt),
        commitment("ab", "k/1", "name", ["x"], salt),
        commitment("ab", "k/1", "name", "x", bytes(31) + b"\x01"),
    }
    assert len(made) == 7


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_has_32_bytes(salt: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        commitment("ab", "k/1", "name", "x", salt)
    assert caught.value.rule == "commitment.salt"


# --- text at admission ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "good", ["", "二单元楼道灯更换", "第一行\n第二行", "Å café", "𠮷野家", "１２３　全角", "€ 5 – ½", "😂"]
)
def test_ordinary_text_is_admitted(good: str) -> None:
    check_text(good, "note")


@pytest.mark.parametrize(
    "code",
    [
        *(0x00, 0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F),  # controls
        *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # bidirectional
        *(0x2028, 0x2029, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x180E, 0x3164, 0xFE0F, 0xE0041, 0xE0100),
        *(0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0xFDD0),
    ],
)
def test_what_cannot_be_seen_is_refused(code: int) -> None:
    with pytest.raises(Malformed) as caught:
        check_text(f"账{chr(code)}目", "note")
    assert caught.value.rule == "text.unprintable"
    assert caught.value.context == {"field": "note", "at": 1}


@pytest.mark.parametrize("bad", ["A\u030a", "e\u0301", "\uf900", "\u212b"])
def test_text_that_is_not_nfc_is_refused(bad: str) -> None:
    with pytest.raises(Malformed) as caught:
        check_text(bad, "note")
    assert caught.value.rule == "text.not_nfc"


# Number and verse signs of Arabic, Syriac and Kaithi take room; so do joiners within Egyptian hieroglyphs.
FORMAT_CHARACTERS_THAT_SHOW = {
    *range(0x0600, 0x0606),
    *(0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD),
    *range(0x13430, 0x13440),
}


def test_every_other_control_and_format_character_of_unicode_is_refused() -> None:
    admitted = set()
    for code in range(0x110000):
        if unicodedata.category(chr(code)) in {"Cc", "Cf"}:
            try:
                check_text(chr(code), "note")
            except Malformed:
                continue
            admitted.add(code)
    assert admitted <= FORMAT_CHARACTERS_THAT_SHOW | {0x0A}


@given(st.binary(max_size=40))
def test_base64_has_one_spelling(data: bytes) -> None:
    text = canonical.encode_base64(data)
    assert canonical.decode_base64(text, "some.rule") == data
    for other in (
        data,
        text + "一",
        text + "=",
        text + "\n",
        " " + text,
        text.rstrip("=") if text.endswith("=") else "=" + text,
    ):
        with pytest.raises(Malformed) as refusal:
            canonical.decode_base64(other, "some.rule")
        assert refusal.value.rule == "some.rule"
