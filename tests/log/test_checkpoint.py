"""Heads under two keys, and cosignatures: what opens, and that no bit of it can change unnoticed."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, Refused
from ledger.log.checkpoint import (
    MAX_SIZE,
    MAX_TIMESTAMP,
    Checkpoint,
    CosignatureSigner,
    CosignatureVerifier,
    LogKeys,
    check_ml_dsa_44,
    cosign,
    cosignature_message,
    open_checkpoint,
    parse_checkpoint,
    signer,
    subtree_message,
    verifier,
)
from ledger.log.merkle import EMPTY_ROOT, leaf_hash
from ledger.log.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_ML_DSA_44,
    ED25519,
    Ed25519Signer,
    Line,
    SigningKey,
    sign_note,
    split_note,
)

ORIGIN = "example.com/小区/books"
TIME = 1_700_000_000
KEYS = LogKeys(SigningKey(ORIGIN, ED25519, b"\1" * 32), SigningKey(ORIGIN, COSIGNATURE_ML_DSA_44, b"\2" * 32))
HEAD = Checkpoint(ORIGIN, 7, leaf_hash(b"root"))
SIGNED = KEYS.sign(HEAD, TIME)
OLD_WITNESS = SigningKey("example.org/w", COSIGNATURE_ED25519, b"\3" * 32)
NEW_WITNESS = SigningKey("example.org/w", COSIGNATURE_ML_DSA_44, b"\4" * 32)


def refused(rule: str, data: bytes, log=KEYS.vkeys, witnesses=()) -> None:
    with pytest.raises((Malformed, Refused)) as refusal:
        open_checkpoint(data, log, witnesses)
    assert refusal.value.rule == rule


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1),
    st.integers(0, MAX_SIZE),
    st.binary(min_size=32, max_size=32),
)
def test_texts_come_back(origin: str, size: int, root: bytes) -> None:
    head = Checkpoint(origin, size, root)
    assert parse_checkpoint(head.text()) == head


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "checkpoint.lines"),
        ("o\n1\n", "checkpoint.lines"),
        ("o\n1\nROOT", "checkpoint.lines"),
        ("\n1\nROOT\n", "checkpoint.origin"),
        ("o\n1\nROOT\nmore\n", "checkpoint.extension"),
        ("o\n1\nROOT\n\n", "checkpoint.extension"),
        ("o\n01\nROOT\n", "checkpoint.size"),
        ("o\n\nROOT\n", "checkpoint.size"),
        ("o\n-1\nROOT\n", "checkpoint.size"),
        ("o\n+1\nROOT\n", "checkpoint.size"),
        ("o\n 1\nROOT\n", "checkpoint.size"),
        ("o\n1_0\nROOT\n", "checkpoint.size"),
        ("o\n１\nROOT\n", "checkpoint.size"),
        ("o\n0x1\nROOT\n", "checkpoint.size"),
        (f"o\n{MAX_SIZE + 1}\nROOT\n", "checkpoint.size"),
        ("o\n" + "9" * 5000 + "\nROOT\n", "checkpoint.size"),
        ("o\n1\nAAAA\n", "checkpoint.root"),
        ("o\n1\n\n", "checkpoint.root"),
        ("o\n1\nROOT=\n", "checkpoint.root"),
        ("o\n1\r\nROOT\n", "note.control"),
    ],
)
def test_other_texts_are_malformed(text: str, rule: str) -> None:
    root = HEAD.text().decode().split("\n")[2]
    with pytest.raises(Malformed) as refusal:
        parse_checkpoint(text.replace("ROOT", root).encode())
    assert refusal.value.rule == rule


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        (("", 0, EMPTY_ROOT), "checkpoint.origin"),
        (("a\nb", 0, EMPTY_ROOT), "checkpoint.origin"),
        (("a\ud800", 0, EMPTY_ROOT), "checkpoint.origin"),
        (("a", -1, EMPTY_ROOT), "checkpoint.size"),
        (("a", MAX_SIZE + 1, EMPTY_ROOT), "checkpoint.size"),
        (("a", 1, b""), "checkpoint.root"),
    ],
)
def test_other_heads_are_malformed(head: tuple, rule: str) -> None:
    with pytest.raises(Malformed) as refusal:
        Checkpoint(*head)
    assert refusal.value.rule == rule


def test_a_head_opens_under_both_keys() -> None:
    opened = open_checkpoint(SIGNED, KEYS.vkeys)
    assert opened.checkpoint == HEAD
    assert [line.key_id for line in opened.log] == [vkey.key_id for vkey in KEYS.vkeys]
    assert opened.unknown == ()


@pytest.mark.parametrize("place", [0, 1])
def test_each_given_key_must_have_signed(place: int) -> None:
    text, lines = split_note(SIGNED)
    alone = sign_note(text, [], [lines[place]])
    refused("checkpoint.log_line", alone)
    assert open_checkpoint(alone, [KEYS.vkeys[place]]).checkpoint == HEAD
    refused("note.unverified", alone, [KEYS.vkeys[1 - place]])


def test_no_bit_of_a_head_can_change() -> None:
    """The text and the first line are tried bit by bit, the long second line a bit of each byte."""
    start = SIGNED.rfind("— ".encode())
    for at in range(len(SIGNED)):
        for bit in range(8) if at < start + 60 else (at % 7,):
            changed = SIGNED[:at] + bytes([SIGNED[at] ^ 1 << bit]) + SIGNED[at + 1 :]
            with pytest.raises((Malformed, Refused)):
                open_checkpoint(changed, KEYS.vkeys)


def test_no_part_of_a_head_opens() -> None:
    for end in range(len(SIGNED)):
        with pytest.raises((Malformed, Refused)):
            open_checkpoint(SIGNED[:end], KEYS.vkeys)
    for start in range(1, 200):
        with pytest.raises((Malformed, Refused)):
            open_checkpoint(SIGNED[start:], KEYS.vkeys)


def test_a_key_opens_heads_of_its_own_name_only() -> None:
    foreign = Checkpoint("example.com/other", 7, HEAD.root)
    signed = sign_note(foreign.text(), [Ed25519Signer(KEYS.ed25519), CosignatureSigner(KEYS.ml_dsa_44, TIME)])
    refused("checkpoint.origin_key", signed)


def test_without_log_keys_nothing_opens() -> None:
    cosigned = SIGNED + bytes(cosign(NEW_WITNESS, HEAD.text(), TIME))
    refused("checkpoint.no_log_key", cosigned, (), [NEW_WITNESS.vkey])


def test_extension_lines_are_refused_though_signed() -> None:
    text = HEAD.text() + b"extension\n"
    refused("checkpoint.extension", sign_note(text, [Ed25519Signer(KEYS.ed25519)]), KEYS.vkeys[:1])


def test_the_empty_log_has_the_empty_root() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert open_checkpoint(KEYS.sign(empty, TIME), KEYS.vkeys).checkpoint == empty
    signed = sign_note(Checkpoint(ORIGIN, 0, HEAD.root).text(), [Ed25519Signer(KEYS.ed25519)])
    refused("checkpoint.empty_root", signed, KEYS.vkeys[:1])


@pytest.mark.parametrize("key", [OLD_WITNESS, NEW_WITNESS])
def test_cosignatures(key: SigningKey) -> None:
    line = cosign(key, HEAD.text(), TIME + 5)
    opened = open_checkpoint(SIGNED + bytes(line), KEYS.vkeys, [OLD_WITNESS.vkey, NEW_WITNESS.vkey])
    assert [(c.key, c.timestamp, c.line) for c in opened.cosignatures] == [(key.vkey, TIME + 5, line)]
    assert open_checkpoint(SIGNED + bytes(line), KEYS.vkeys).unknown == (line,)


@pytest.mark.parametrize("key", [OLD_WITNESS, NEW_WITNESS])
def test_a_cosignature_is_for_one_head_at_one_time(key: SigningKey) -> None:
    line = cosign(key, HEAD.text(), TIME)
    later = Line(line.name, line.key_id, struct.pack(">Q", TIME + 1) + line.signature[8:])
    refused("note.signature", SIGNED + bytes(later), witnesses=[key.vkey])
    for other in (Checkpoint(ORIGIN, 8, HEAD.root), Checkpoint(ORIGIN, 7, leaf_hash(b"other"))):
        refused("note.signature", KEYS.sign(other, TIME) + bytes(line), witnesses=[key.vkey])


def test_the_new_type_commits_to_the_name_and_the_old_does_not() -> None:
    for key, moved in ((OLD_WITNESS, True), (NEW_WITNESS, False)):
        other = SigningKey("example.org/other", key.type, key.seed)
        line = Line(other.name, other.vkey.key_id, cosign(key, HEAD.text(), TIME).signature)
        if moved:
            assert open_checkpoint(SIGNED + bytes(line), KEYS.vkeys, [other.vkey]).cosignatures
        else:
            refused("note.signature", SIGNED + bytes(line), witnesses=[other.vkey])


@pytest.mark.parametrize("key", [OLD_WITNESS, NEW_WITNESS])
def test_times(key: SigningKey) -> None:
    for time in (0, -1, MAX_TIMESTAMP + 1):
        with pytest.raises(Malformed) as refusal:
            cosign(key, HEAD.text(), time)
        assert refusal.value.rule == "checkpoint.timestamp"
    assert cosign(key, HEAD.text(), MAX_TIMESTAMP).signature[:8] == b"\x7f" + b"\xff" * 7
    for start in (b"\x80" + bytes(7 + 64), b"\x00" * 7):
        late = Line(key.name, key.vkey.key_id, start)
        refused("checkpoint.timestamp", SIGNED + bytes(late), witnesses=[key.vkey])


@pytest.mark.parametrize("key", [OLD_WITNESS, NEW_WITNESS])
def test_signatures_of_another_length(key: SigningKey) -> None:
    whole = cosign(key, HEAD.text(), TIME)
    for signature in (whole.signature[:-1], whole.signature + b"\0", whole.signature[:8]):
        refused("note.signature", SIGNED + bytes(Line(key.name, key.vkey.key_id, signature)), witnesses=[key.vkey])


def test_messages_to_the_byte() -> None:
    assert cosignature_message(1679315147, b"o\n1\nr\n") == b"cosignature/v1\ntime 1679315147\no\n1\nr\n"
    assert subtree_message("ab", 1, "xyz", 0, 258, b"\xee" * 32) == (
        b"subtree/v1\n\0" + b"\x02ab" + bytes(7) + b"\1" + b"\x03xyz" + bytes(8) + bytes(6) + b"\1\2" + b"\xee" * 32
    )


@pytest.mark.parametrize("names", [("", "o"), ("n", ""), ("n" * 256, "o"), ("n", "书" * 86)])
def test_names_fit_a_byte_of_length(names: tuple[str, str]) -> None:
    with pytest.raises(Malformed) as refusal:
        subtree_message(names[0], TIME, names[1], 0, 1, HEAD.root)
    assert refusal.value.rule == "checkpoint.name_length"
    assert len(subtree_message("n" * 255, TIME, "o" * 255, 0, 1, HEAD.root)) == 12 + 2 * 256 + 24 + 32


def test_public_keys_of_another_length() -> None:
    with pytest.raises(Malformed) as refusal:
        check_ml_dsa_44(bytes(1311), b"", bytes(2420))
    assert refusal.value.rule == "note.key_size"


def test_a_witness_signs_checkpoints_only() -> None:
    for key in (OLD_WITNESS, NEW_WITNESS):
        with pytest.raises(Malformed):
            cosign(key, b"some text\n", TIME)


def test_types_have_their_signers() -> None:
    for key in (KEYS.ed25519, KEYS.ml_dsa_44, OLD_WITNESS):
        verifier(key.vkey).check(HEAD.text(), signer(key, TIME).sign(HEAD.text()))
    for attempt in (lambda: CosignatureVerifier(KEYS.vkeys[0]), lambda: CosignatureSigner(KEYS.ed25519, TIME)):
        with pytest.raises(Malformed) as refusal:
            attempt()
        assert refusal.value.rule == "note.key_type"


def test_log_keys_come_back() -> None:
    keys = LogKeys.generate(ORIGIN)
    assert LogKeys.load(keys.dump()) == keys
    assert keys != LogKeys.generate(ORIGIN)
    assert keys.origin == ORIGIN


def test_a_damaged_key_file_is_noticed() -> None:
    data = KEYS.dump()
    for at in range(len(data)):
        with pytest.raises(Malformed):
            LogKeys.load(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    for changed in (b"", data[:-1], data + b"\n", data.split(b"\n")[0] + b"\n"):
        with pytest.raises(Malformed) as refusal:
            LogKeys.load(changed)
        assert refusal.value.rule == "checkpoint.log_keys"


def test_log_keys_are_two_of_one_name() -> None:
    for pair in (
        (KEYS.ml_dsa_44, KEYS.ed25519),
        (KEYS.ed25519, KEYS.ed25519),
        (KEYS.ed25519, SigningKey("other", COSIGNATURE_ML_DSA_44, b"\2" * 32)),
    ):
        with pytest.raises(Malformed) as refusal:
            LogKeys(*pair)
        assert refusal.value.rule == "checkpoint.log_keys"


def test_a_log_signs_its_own_heads_only() -> None:
    with pytest.raises(Refused) as refusal:
        KEYS.sign(Checkpoint("example.com/other", 1, HEAD.root), TIME)
    assert refusal.value.rule == "checkpoint.origin_key"
