"""Our trees, heads and tiles before two other implementations in Python; theirs before ours."""

import time
from pathlib import Path

import pytest

from ledger.errors import Refused
from ledger.log.checkpoint import Checkpoint, cosign, open_checkpoint
from ledger.log.merkle import Range, check_consistency, check_inclusion, consistency_plan, inclusion_plan, root
from ledger.log.note import COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44, ED25519, SigningKey, parse_vkey
from tests.log.published import KEYS, TIME, published

LOG = published(600)
SEED = b"\5" * 32


def test_pymerkle_hashes_the_same_tree() -> None:
    pymerkle = pytest.importorskip("pymerkle")
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for size, entry in enumerate(LOG.entries[:70], 1):
        tree.append_entry(entry)
        assert tree.get_root(size) == root(LOG.leaves[:size])
        for index in {0, size // 2, size - 1}:
            # It counts from one, and its path begins with the leaf itself.
            theirs = [bytes.fromhex(value) for value in tree.prove_inclusion(index + 1, size).serialize()["path"]]
            ours = inclusion_plan(index, size).combine(LOG.nodes)
            assert [LOG.leaves[index], *ours] == theirs


def test_scales_reads_our_log(tmp_path: Path) -> None:
    pytest.importorskip("tlog_scales")
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader
    from tlog_scales.signing import Vkey

    reader = TilesReader(LocalBackend(LOG.write(tmp_path)))
    head = reader.get_checkpoint()
    assert (head.origin, head.size, head.root_hash) == (KEYS.origin, 600, LOG.tree.root())
    for vkey in KEYS.vkeys:
        head.verify(Vkey.from_string(str(vkey)))
    assert reader.calculate_root_hash() == LOG.tree.root()
    assert [reader.get_entry(index) for index in (0, 255, 256, 599)] == [LOG.entries[n] for n in (0, 255, 256, 599)]
    for index in range(0, 600, 7):
        proof = reader.get_inclusion_proof(index, 600)
        assert tuple(proof.node_hashes) == inclusion_plan(index, 600).combine(LOG.nodes)
        proof.check(LOG.leaves[index], LOG.tree.root())
        check_inclusion(LOG.leaves[index], index, 600, proof.node_hashes, LOG.tree.root())
    for old in range(1, 600, 7):
        grown = reader.get_consistency_proof(old, 600)
        assert tuple(grown.node_hashes) == consistency_plan(old, 600).combine(LOG.nodes)
        old_root = Range().extend(LOG.leaves[:old])[0].root()
        grown.check(old_root, LOG.tree.root())
        check_consistency(old, old_root, 600, LOG.tree.root(), grown.node_hashes)


@pytest.mark.parametrize("kind", [COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44])
def test_scales_checks_our_cosignatures(kind: int) -> None:
    pytest.importorskip("tlog_scales")
    from tlog_scales.signing import Vkey
    from tlog_scales.tlog import Checkpoint as TheirCheckpoint

    witness = SigningKey("example.org/witness", kind, SEED)
    cosigned = LOG.files["checkpoint"] + bytes(cosign(witness, LOG.head.text(), TIME))
    TheirCheckpoint.from_text(cosigned.decode()).verify(Vkey.from_string(str(witness.vkey)))


def test_we_open_what_scales_signed() -> None:
    pytest.importorskip("tlog_scales")
    from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer
    from tlog_scales.tlog import Checkpoint as TheirCheckpoint

    plain, new = PlainEd25519Signer(KEYS.origin, SEED), MLDSA44CosignatureSigner(KEYS.origin, SEED)
    signed = TheirCheckpoint.make_signed(KEYS.origin, 600, LOG.tree.root(), [plain, new]).serialize().encode()
    vkeys = [parse_vkey(plain.vkey.serialize()), parse_vkey(new.vkey.serialize())]
    assert vkeys == [SigningKey(KEYS.origin, kind, SEED).vkey for kind in (ED25519, COSIGNATURE_ML_DSA_44)]
    assert open_checkpoint(signed, vkeys).checkpoint == Checkpoint(KEYS.origin, 600, LOG.tree.root())
    cosigned = open_checkpoint(signed, vkeys[:1], vkeys[1:]).cosignatures
    assert abs(cosigned[0].timestamp - time.time()) < 100
    with pytest.raises(Refused):
        open_checkpoint(signed, KEYS.vkeys)
