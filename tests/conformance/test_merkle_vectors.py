"""The published Merkle proofs of transparency-dev/merkle, and where we differ from them on purpose."""

import json
from base64 import b64decode
from pathlib import Path

import pytest

from ledger.errors import Malformed, Refused
from ledger.log.merkle import EMPTY_ROOT, check_consistency, check_inclusion, leaf_hash

# Their verifier compares two equal roots without asking whether they are SHA-256 hashes; we ask first.
STRICTER = {"additional/sizes-are-equal-one-and-proof-is-empty.json"}


def cases(folder: Path):
    for file in sorted(folder.rglob("*.json")):
        case = json.loads(file.read_bytes())
        yield file.relative_to(folder).as_posix(), case, [b64decode(value) for value in case["proof"] or []]


def decoded(case: dict, name: str) -> bytes:
    return b64decode(case[name] or "")


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors" / "transparency-dev-merkle"


def test_inclusion(folder: Path, record_property) -> None:
    good, bad = 0, 0
    for _name, case, proof in cases(folder / "inclusion"):
        arguments = (decoded(case, "leafHash"), case["leafIdx"], case["treeSize"], proof, decoded(case, "root"))
        if case["wantErr"]:
            with pytest.raises((Malformed, Refused)):
                check_inclusion(*arguments)
            bad += 1
        else:
            check_inclusion(*arguments)
            good += 1
    record_property("cases", good + bad)
    assert (good, bad) == (6, 92)


def test_consistency(folder: Path, record_property) -> None:
    good, bad, stricter = 0, 0, 0
    for name, case, proof in cases(folder / "consistency"):
        arguments = (case["size1"], decoded(case, "root1"), case["size2"], decoded(case, "root2"), proof)
        if case["wantErr"] or name in STRICTER:
            with pytest.raises((Malformed, Refused)) as refusal:
                check_consistency(*arguments)
            if name in STRICTER:
                assert not case["wantErr"]
                assert refusal.value.rule == "merkle.hash_size"
                stricter += 1
            else:
                bad += 1
        else:
            check_consistency(*arguments)
            good += 1
    record_property("cases", good + bad + stricter)
    assert (good, bad, stricter) == (5, 92, 1)


def test_some_sizes_are_beyond_64_bit_signed_integers(folder: Path) -> None:
    sizes = [case[name] for _, case, _ in cases(folder / "inclusion") for name in ("leafIdx", "treeSize")]
    assert sum(size >= 2**63 for size in sizes) >= 2


def test_from_the_empty_tree_the_empty_proof_is_fine() -> None:
    """Theirs refuses size 0 always; tlog-witness begins from it."""
    check_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, ())
    check_consistency(0, EMPTY_ROOT, 1, leaf_hash(b"first"), ())
