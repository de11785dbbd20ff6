"""Offline proofs: what one shows, and that no bit of it can change unnoticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, Refused
from ledger.log.checkpoint import Checkpoint, LogKeys
from ledger.log.merkle import Range, inclusion_plan, leaf_hash, leaf_hashes
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from ledger.log.policy import Log, Policy
from ledger.log.proof import HEADER, MAX_PATH, MAX_PROOF, Proof, check_proof, format_proof, parse_proof

KEYS = LogKeys(
    SigningKey("example.com/books", ED25519, b"\1" * 32),
    SigningKey("example.com/books", COSIGNATURE_ML_DSA_44, b"\2" * 32),
)
POLICY = Policy(tuple(Log(vkey) for vkey in KEYS.vkeys))
LEAVES = leaf_hashes(b"%d" % n for n in range(11))
TREE, NODES = Range().extend(LEAVES)
HEAD = KEYS.sign(Checkpoint(KEYS.origin, TREE.size, TREE.root()), 1_700_000_000)


def proof_of(index: int, extra: bytes | None = None) -> Proof:
    stored = {(level, at): value for level, at, value in NODES}
    return Proof(index, inclusion_plan(index, TREE.size).combine(stored), HEAD, extra)


@given(
    st.integers(0, 2**64 - 2),
    st.lists(st.binary(min_size=32, max_size=32), max_size=MAX_PATH),
    st.none() | st.binary(min_size=1),
)
def test_proofs_come_back(index: int, path: list[bytes], extra: bytes | None) -> None:
    proof = Proof(index, tuple(path), HEAD, extra)
    assert parse_proof(format_proof(proof)) == proof


def test_every_entry_can_be_proven_and_no_other() -> None:
    for index, leaf in enumerate(LEAVES):
        proof = parse_proof(format_proof(proof_of(index)))
        assert check_proof(proof, leaf, POLICY).checkpoint.size == TREE.size
        for other in {0, 5, 10} - {index}:
            with pytest.raises(Refused) as refusal:
                check_proof(proof, LEAVES[other], POLICY)
            assert refusal.value.rule == "merkle.inclusion"


def test_no_bit_of_a_proof_can_change() -> None:
    """Up to the head's long second signature, which the tests of checkpoints change."""
    data = format_proof(proof_of(6))
    end = data.rfind("— ".encode())
    for at in range(end):
        for bit in range(8):
            changed = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
            with pytest.raises((Malformed, Refused)):
                check_proof(parse_proof(changed), LEAVES[6], POLICY)


def test_extra_data_is_carried_and_not_vouched_for() -> None:
    for extra in (b"one", b"two"):
        proof = parse_proof(format_proof(proof_of(6, extra)))
        assert proof.extra == extra
        check_proof(proof, LEAVES[6], POLICY)


def test_an_index_outside_the_tree() -> None:
    proof = proof_of(6)
    for index in (11, 2**40):
        with pytest.raises(Malformed) as refusal:
            check_proof(Proof(index, proof.path, HEAD), LEAVES[6], POLICY)
        assert refusal.value.rule == "merkle.index"


def test_a_proof_against_keys_from_elsewhere() -> None:
    check_proof(proof_of(6), LEAVES[6], Policy(), KEYS.vkeys)
    with pytest.raises(Refused) as refusal:
        check_proof(proof_of(6), LEAVES[6], Policy())
    assert refusal.value.rule == "policy.unknown_log"
    with pytest.raises(Refused) as refusal:
        check_proof(proof_of(6), LEAVES[6], POLICY, LogKeys.generate(KEYS.origin).vkeys)
    assert refusal.value.rule == "note.unverified"


HASH = "A" * 43 + "="


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "proof.header"),
        ("c2sp.org/tlog-proof@v2\nindex 0\n\nhead\n", "proof.header"),
        (f"{HEADER} \nindex 0\n\nhead\n", "proof.header"),
        (f"{HEADER}\n", "proof.line"),
        (f"{HEADER}\nindex 0\n", "proof.line"),
        (f"{HEADER}\nindex 0\nhead\n", "proof.line"),
        (f"{HEADER}\n\nindex 0\n\nhead\n", "proof.line"),
        (f"{HEADER}\nindex 0\nextra QQ==\n\nhead\n", "proof.hash"),
        (f"{HEADER}\nextra QQ==\nextra QQ==\nindex 0\n\nhead\n", "proof.line"),
        (f"{HEADER}\nextra \nindex 0\n\nhead\n", "proof.extra"),
        (f"{HEADER}\nextra QR==\nindex 0\n\nhead\n", "proof.extra"),
        (f"{HEADER}\nindex\n\nhead\n", "proof.line"),
        (f"{HEADER}\nindex \n\nhead\n", "proof.index"),
        (f"{HEADER}\nindex 00\n\nhead\n", "proof.index"),
        (f"{HEADER}\nindex -1\n\nhead\n", "proof.index"),
        (f"{HEADER}\nindex {2**64 - 1}\n\nhead\n", "proof.index"),
        (f"{HEADER}\nindex 0\n{HASH}\n{HASH[:-1]}\n\nhead\n", "proof.hash"),
        (f"{HEADER}\nindex 0\nQQ==\n\nhead\n", "proof.hash"),
        (f"{HEADER}\nindex 0\n" + f"{HASH}\n" * 65 + "\nhead\n", "proof.path_length"),
        (f"{HEADER}\nindex 0\n\nhead", "proof.checkpoint"),
        (f"{HEADER}\nindex 0\n\n", "proof.checkpoint"),
        (f"{HEADER}\r\nindex 0\n\nhead\n", "note.control"),
        (HEADER + " " * MAX_PROOF, "proof.size"),
    ],
)
def test_malformed(text: str, rule: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse_proof(text.encode())
    assert refusal.value.rule == rule


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ((-1, (), b"head\n"), "proof.index"),
        ((2**64 - 1, (), b"head\n"), "proof.index"),
        ((0, (bytes(31),), b"head\n"), "proof.hash"),
        ((0, (bytes(32),) * 65, b"head\n"), "proof.path_length"),
        ((0, (), b""), "proof.checkpoint"),
        ((0, (), b"head\n", b""), "proof.extra"),
    ],
)
def test_other_parts_are_malformed(parts: tuple, rule: str) -> None:
    with pytest.raises(Malformed) as refusal:
        Proof(*parts)
    assert refusal.value.rule == rule


def test_the_longest_path() -> None:
    proof = Proof(2**64 - 2, (bytes(32),) * MAX_PATH, HEAD)
    assert parse_proof(format_proof(proof)) == proof


def test_an_entry_is_not_an_inner_node() -> None:
    """Leaves and nodes are hashed apart: the two hashes below a node, taken as an entry, prove nothing."""
    pair = LEAVES[0] + LEAVES[1]
    proof = proof_of(0)
    with pytest.raises((Malformed, Refused)):
        check_proof(Proof(0, proof.path[1:], HEAD), leaf_hash(pair), POLICY)
