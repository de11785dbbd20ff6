"""The published notes, keys, tree heads and tile paths of golang.org/x/mod and of the C2SP texts."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.errors import Malformed, Refused
from ledger.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.log.merkle import EMPTY_ROOT, leaf_hash
from ledger.log.note import Ed25519Signer, Ed25519Verifier, SigningKey, open_note, parse_vkey, sign_note
from ledger.log.tiles import ENTRIES, Tile, _grown, bundles_between, parse_path, tiles_between


@pytest.fixture(scope="module")
def go(shared: Path) -> Path:
    return shared / "vectors" / "golang-mod"


@pytest.fixture(scope="module")
def notes(go: Path) -> dict:
    return json.loads((go / "note.json").read_bytes())


@pytest.fixture(scope="module")
def trees(go: Path) -> dict:
    return json.loads((go / "tlog.json").read_bytes())


@pytest.fixture(scope="module")
def texts(shared: Path) -> dict:
    return json.loads((shared / "vectors" / "c2sp-spec" / "examples.json").read_bytes())


def test_signing(notes: dict) -> None:
    key = SigningKey.parse(notes["signer_seed_key"])
    assert key.secret == notes["signer_seed_key"]
    signed = sign_note(notes["sign"]["text"].encode(), [Ed25519Signer(key)])
    assert signed.decode() == notes["sign"]["want"]


def test_verifier_keys(notes: dict, record_property) -> None:
    good, bad = 0, 0
    for case in notes["vkeys"]:
        if case.get("ok"):
            assert str(parse_vkey(case["vkey"])) == case["vkey"]
            good += 1
        elif "why" in case:
            with pytest.raises(Malformed):
                parse_vkey(case["vkey"])
            bad += 1
    whole = next(case["vkey"] for case in notes["vkeys"] if "rule" in case)
    parts = {whole[a:b] for a in range(len(whole)) for b in range(a, len(whole) + 1)} - {whole}
    changed = {whole[:at] + chr(ord(whole[at]) + 1) + whole[at + 1 :] for at in range(len(whole))}
    for text in parts | changed:
        with pytest.raises(Malformed):
            parse_vkey(text)
    record_property("cases", good + bad + len(parts | changed))
    assert (good, bad) == (2, 2)
    assert len(changed) == len(whole)


def test_opening(notes: dict, record_property) -> None:
    rules = {
        "no verifiable signatures": "note.unverified",
        "ambiguous verifier used": "note.ambiguous_key",
        "too many signatures (101)": "note.line_count",
        "invalid signature": "note.signature",
        "bad: no signature block": "note.no_blank_line",
        "bad: blank line only": "note.line",
        "bad: no final newline": "note.line",
        "bad: control character": "note.control",
        "bad: invalid utf-8": "note.utf8",
        "bad: space in name, no newline": "note.line",
        "bad: trailing text": "note.line",
    }
    opened = 0
    for case in notes["open"]:
        data = bytes.fromhex(case["note_hex"]) if "note_hex" in case else case["note"].encode()
        verifiers = [Ed25519Verifier(parse_vkey(vkey)) for vkey in case["vkeys"]]
        if case["ok"]:
            note = open_note(data, verifiers)
            assert [line.name for line in note.verified] == case["verified"], case["name"]
            assert [line.name for line in note.unknown] == case["unverified"], case["name"]
            opened += 1
        else:
            with pytest.raises((Malformed, Refused)) as refusal:
                open_note(data, verifiers)
            assert refusal.value.rule == rules.pop(case["name"]), case["name"]
    record_property("cases", len(notes["open"]))
    assert len(notes["open"]) == 15
    assert opened == 4
    assert not rules


def test_the_example_of_the_text(texts: dict) -> None:
    example = texts["signed_note"]
    note = open_note(example["note"].encode(), [Ed25519Verifier(parse_vkey(example["vkey"]))])
    assert note.text.decode() == example["note"].split("\n\n")[0] + "\n"


def test_tree_heads(trees: dict) -> None:
    case = trees["format_tree"]
    head = Checkpoint("go.sum database tree", case["n"], leaf_hash(case["record"].encode()))
    # Go writes the record's hash as a root here, whatever the size.
    assert head.text().decode() == case["want"]
    assert parse_checkpoint(case["want"].encode()) == head
    other, number, root = trees["parse_tree_bad"]
    # The first is refused in Go for its origin alone, which is a checkpoint's own affair.
    assert parse_checkpoint(other.encode()).origin == "not-go.sum database tree"
    with pytest.raises(Malformed) as refusal:
        parse_checkpoint(number.encode())
    assert refusal.value.rule == "checkpoint.size"
    with pytest.raises(Malformed) as refusal:
        parse_checkpoint(root.encode())
    assert refusal.value.rule == "checkpoint.root"
    assert EMPTY_ROOT.hex() == trees["empty_tree_hash_hex"]


def test_tile_numbers(trees: dict, record_property) -> None:
    """Go's paths begin with the tile height, which tlog-tiles fixes at 8 and leaves out; the rest is the same."""
    good = 0
    for case in trees["tile_paths"]:
        _, _height, level, rest = case["path"].split("/", 3)
        ours = f"tile/{'entries' if level == 'data' else level}/{rest}"
        if case["ok"]:
            tile = parse_path(ours)
            wide = 256 if case["W"] == 1 << case["H"] else case["W"]
            assert tile == Tile(ENTRIES if case["L"] == -1 else case["L"], case["N"], wide)
            assert tile.path == ours
            good += 1
        else:
            with pytest.raises(Malformed):
                parse_path(ours)
    record_property("cases", len(trees["tile_paths"]))
    assert (good, len(trees["tile_paths"])) == (6, 8)


def test_which_tiles_grow(trees: dict, record_property) -> None:
    for case in trees["new_tiles_h10"]:
        assert len(list(_grown(case["old"], case["new"], 10))) == case["want"], case
    record_property("cases", len(trees["new_tiles_h10"]))
    assert len(trees["new_tiles_h10"]) == 7


def test_the_tiles_of_the_text(texts: dict) -> None:
    assert Tile(0, texts["tile_path"]["index"]).path == f"tile/0/{texts['tile_path']['path']}"
    for size in (70_000, 256):
        want = dict(texts[f"tree_{size}"])
        for level in range(3):
            row = [tile for tile in tiles_between(0, size) if tile.level == level]
            assert sum(tile.width == 256 for tile in row) == want.pop(f"level{level}_full", 0)
            assert [tile.width for tile in row if tile.width < 256] == [
                width for width in [want.pop(f"level{level}_partial_width", None)] if width
            ]
        assert not want
        assert [tile.width for tile in bundles_between(0, size)] == [
            tile.width for tile in tiles_between(0, size) if tile.level == 0
        ]


def test_key_ids_are_as_the_text_computes_them(texts: dict) -> None:
    name, key_id, material = texts["signed_note"]["vkey"].split("+", 2)
    assert sha256(f"{name}\n".encode() + b64decode(material)).hexdigest()[:8] == key_id
