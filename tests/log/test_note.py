"""Notes: what opens, what does not, and that nothing of a good one can be changed unnoticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, Refused
from ledger.log.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_ML_DSA_44,
    ED25519,
    MAX_LINES,
    MAX_NOTE,
    Ed25519Signer,
    Ed25519Verifier,
    Line,
    SigningKey,
    VerifierKey,
    open_note,
    parse_lines,
    parse_vkey,
    sign_note,
    split_note,
)

ONE, TWO, OTHER = (SigningKey(f"example.com/{n}", ED25519, bytes([n]) * 32) for n in (1, 2, 3))
KNOWN = [Ed25519Verifier(ONE.vkey), Ed25519Verifier(TWO.vkey)]
TEXT = "第一行\n\nthird line\n".encode()

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=60)


def signed(*keys: SigningKey, text: bytes = TEXT) -> bytes:
    return sign_note(text, map(Ed25519Signer, keys))


def refused(data: bytes, rule: str) -> None:
    with pytest.raises((Malformed, Refused)) as refusal:
        open_note(data, KNOWN)
    assert refusal.value.rule == rule


@given(TEXTS)
def test_what_was_signed_opens(text: str) -> None:
    note = open_note(signed(ONE, TWO, text=(text + "\n").encode()), KNOWN)
    assert note.text.decode() == text + "\n"
    assert [line.name for line in note.verified] == [ONE.name, TWO.name]


def test_the_last_blank_line_separates() -> None:
    text = signed(OTHER, text=b"a note in a note\n") + b"\nend\n"
    assert open_note(signed(ONE, text=text), KNOWN).text == text


def test_lines_of_unknown_keys_are_kept_aside_once() -> None:
    data = signed(OTHER, ONE)
    line = bytes(split_note(data)[1][0])
    note = open_note(data + line + line, KNOWN)
    assert [bytes(unknown) for unknown in note.unknown] == [line]
    assert [verified.name for verified in note.verified] == [ONE.name]


def test_a_known_key_counts_once() -> None:
    data = signed(ONE)
    line = bytes(split_note(data)[1][0])
    assert len(open_note(data + line, KNOWN).verified) == 1


def test_every_line_of_a_known_key_is_checked() -> None:
    """Go stops at the first; a second that fails is as much a sign of tampering."""
    bad = Line(ONE.name, ONE.vkey.key_id, bytes(64))
    refused(signed(ONE) + bytes(bad), "note.signature")
    refused(sign_note(TEXT, [Ed25519Signer(TWO)], [bad]), "note.signature")


def test_same_name_or_same_id_is_not_the_same_key() -> None:
    lines = [Line(ONE.name, TWO.vkey.key_id, b"x"), Line(TWO.name, ONE.vkey.key_id, b"x")]
    assert len(open_note(sign_note(TEXT, [Ed25519Signer(ONE)], lines), KNOWN).unknown) == 2


def test_without_a_known_line_nothing_opens() -> None:
    refused(signed(OTHER), "note.unverified")
    with pytest.raises(Refused) as refusal:
        open_note(signed(ONE), [])
    assert refusal.value.rule == "note.unverified"


def test_two_keys_of_one_name_and_id_refuse_the_note_that_uses_them() -> None:
    with pytest.raises(Refused) as refusal:
        open_note(signed(ONE), [KNOWN[0], KNOWN[0]])
    assert refusal.value.rule == "note.ambiguous_key"
    assert open_note(signed(TWO), [KNOWN[0], KNOWN[0], KNOWN[1]]).text == TEXT


def test_no_byte_can_change() -> None:
    data = signed(ONE)
    for at in range(len(data)):
        for bit in range(8):
            changed = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
            with pytest.raises((Malformed, Refused)):
                open_note(changed, KNOWN)


def test_no_part_of_a_note_is_a_note() -> None:
    data = signed(ONE)
    for start in range(len(data)):
        for end in range(start, len(data) + 1):
            if (start, end) != (0, len(data)):
                with pytest.raises((Malformed, Refused)):
                    open_note(data[start:end], KNOWN)


def test_from_16_to_100_lines() -> None:
    data = signed(ONE)
    lines = [bytes(Line(f"other{n}", b"abcd", b"signature")) for n in range(MAX_LINES)]
    assert len(open_note(data + b"".join(lines[: MAX_LINES - 1]), KNOWN).unknown) == MAX_LINES - 1
    refused(data + b"".join(lines), "note.line_count")
    with pytest.raises(Malformed) as refusal:
        sign_note(TEXT, [Ed25519Signer(ONE)], parse_lines(b"".join(lines)))
    assert refusal.value.rule == "note.line_count"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "note.no_blank_line"),
        (b"text\n", "note.no_blank_line"),
        (b"text\n\n", "note.line"),
        (b"text\n\n\n", "note.line"),
        ("\n— name aaaaaaaa\n".encode(), "note.no_blank_line"),
        (b"text\n\n- name aaaaaaaa\n", "note.line"),
        ("text\n\n—name aaaaaaaa\n".encode(), "note.line"),
        ("text\n\n— name\n".encode(), "note.line"),
        ("text\n\n— name \n".encode(), "note.line"),
        ("text\n\n—  aaaaaaaa\n".encode(), "note.name"),
        ("text\n\n— na+me aaaaaaaa\n".encode(), "note.name"),
        ("text\n\n— na\u3000me aaaaaaaa\n".encode(), "note.name"),
        ("text\n\n— na\u0085me aaaaaaaa\n".encode(), "note.name"),
        ("text\n\n— name AAAAAA==\n".encode(), "note.line"),
        ("text\n\n— name aaaaaaaab\n".encode(), "note.base64"),
        ("text\n\n— name aaaaaaaaaa\n".encode(), "note.base64"),
        ("text\n\n— name aaaaaaaaab==\n".encode(), "note.base64"),
        ("text\n\n— name aaaaaaaaaab=\n".encode(), "note.base64"),
        ("text\n\n— name aaaa aaaa\n".encode(), "note.base64"),
        ("text\n\n— name aaaa_aaa\n".encode(), "note.base64"),
        ("text\n\n— name aaaa——aa\n".encode(), "note.base64"),
        ("text\r\n\n— name aaaaaaaa\n".encode(), "note.control"),
        ("te\x00xt\n\n— name aaaaaaaa\n".encode(), "note.control"),
        ("text\n\n— name aaaa\taaaa\n".encode(), "note.control"),
        (b"\xed\xa0\x80\n\n", "note.utf8"),
        (b"\xc0\x80\n\n", "note.utf8"),
        (b"a" * MAX_NOTE + b"\n", "note.size"),
    ],
)
def test_malformed(data: bytes, rule: str) -> None:
    refused(data, rule)


def test_line_separators_of_other_alphabets_are_ordinary_characters() -> None:
    """U+0085, U+2028 and U+2029 end a line for `str.splitlines`; a note knows the newline alone."""
    text = "a\u0085b\u2028c\u2029d\x7f\n".encode()
    assert open_note(signed(ONE, text=text), KNOWN).text == text


@pytest.mark.parametrize(
    ("text", "rule"),
    [(b"no newline", "note.text"), (b"", "note.text"), (b"\t\n", "note.control"), (b"\xff\n", "note.utf8")],
)
def test_what_cannot_be_signed(text: bytes, rule: str) -> None:
    with pytest.raises(Malformed) as refusal:
        signed(ONE, text=text)
    assert refusal.value.rule == rule


def test_a_note_has_a_line() -> None:
    with pytest.raises(Malformed) as refusal:
        sign_note(TEXT, [])
    assert refusal.value.rule == "note.line_count"


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44])
def test_keys_come_back(kind: int) -> None:
    key = SigningKey("街道.example/明账", kind, bytes(range(32)))
    assert SigningKey.parse(key.secret) == key
    assert parse_vkey(str(key.vkey)) == key.vkey
    assert repr(key.seed) not in repr(key)


def test_one_seed_has_another_id_for_each_type() -> None:
    ids = {SigningKey("name", kind, bytes(32)).vkey.key_id for kind in (ED25519, COSIGNATURE_ED25519)}
    assert len(ids) == 2


SMALL_ORDER = [
    "01" + "00" * 31,
    "ec" + "ff" * 30 + "7f",
    "00" * 32,
    "00" * 31 + "80",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]
NOT_CANONICAL = ["ee" + "ff" * 30 + "7f", "01" + "00" * 30 + "80", "ff" * 32]


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE_ED25519])
@pytest.mark.parametrize("public", SMALL_ORDER + NOT_CANONICAL)
def test_weak_keys_are_not_read(kind: int, public: str) -> None:
    with pytest.raises(Malformed) as refusal:
        VerifierKey("name", kind, bytes.fromhex(public))
    assert refusal.value.rule == "note.weak_key"


@pytest.mark.parametrize(
    ("name", "kind", "size", "rule"),
    [
        ("", ED25519, 32, "note.name"),
        ("a b", ED25519, 32, "note.name"),
        ("a\nb", ED25519, 32, "note.name"),
        ("a\x1fb", ED25519, 32, "note.name"),
        ("a\ud800b", ED25519, 32, "note.name"),
        ("name", ED25519, 31, "note.key_size"),
        ("name", COSIGNATURE_ML_DSA_44, 32, "note.key_size"),
        ("name", 2, 32, "note.key_type"),
        ("name", 5, 32, "note.key_type"),
        ("name", 0xFF, 32, "note.key_type"),
    ],
)
def test_other_keys_are_malformed(name: str, kind: int, size: int, rule: str) -> None:
    with pytest.raises(Malformed) as refusal:
        VerifierKey(name, kind, bytes(size))
    assert refusal.value.rule == rule


@pytest.mark.parametrize(
    ("name", "kind", "size", "rule"),
    [("name", ED25519, 31, "note.key_size"), ("a+b", ED25519, 32, "note.name"), ("name", 2, 32, "note.key_type")],
)
def test_other_signing_keys_are_malformed(name: str, kind: int, size: int, rule: str) -> None:
    with pytest.raises(Malformed) as refusal:
        SigningKey(name, kind, bytes(size))
    assert refusal.value.rule == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY+",
        ONE.secret.removeprefix("PRIVATE+KEY+"),
        ONE.secret.replace("PRIVATE+KEY+", "private+key+"),
        ONE.secret[:-4],
        ONE.secret + "=",
        ONE.secret + "\n",
        ONE.secret.replace("+" + ONE.vkey.key_id.hex(), "+00000000"),
        ONE.secret.replace("+" + ONE.vkey.key_id.hex(), "+" + ONE.vkey.key_id.hex().upper()),
    ],
)
def test_a_changed_secret_is_not_read_and_not_shown(text: str) -> None:
    with pytest.raises(Malformed) as refusal:
        SigningKey.parse(text)
    assert refusal.value.rule in ("note.skey", "note.key_id", "note.key_size")
    assert ONE.secret.rsplit("+", 1)[1][:8] not in str(refusal.value)


def test_verifiers_take_keys_of_their_own_type() -> None:
    other = SigningKey("name", COSIGNATURE_ED25519, bytes(32))
    for attempt in (lambda: Ed25519Verifier(other.vkey), lambda: Ed25519Signer(other)):
        with pytest.raises(Malformed) as refusal:
            attempt()
        assert refusal.value.rule == "note.key_type"


def test_a_signature_of_another_length_is_refused() -> None:
    for size in (1, 63, 65):
        refused(sign_note(TEXT, [], [Line(ONE.name, ONE.vkey.key_id, bytes(size))]), "note.signature")
