"""A log of ours before golang.org/x/mod: it rebuilds the tree, reads the tiles, opens a proof, and finds a change."""

from pathlib import Path

import pytest

from ledger.log.merkle import inclusion_plan
from ledger.log.note import ED25519, SigningKey
from ledger.log.proof import Proof, format_proof
from tests.conformance.go_peer import ask, build
from tests.log.published import KEYS, Published, published

pytestmark = pytest.mark.peers

VKEY = str(KEYS.vkeys[0])


@pytest.fixture(scope="module")
def gopeer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("gopeer"))


def well(log: Published) -> str:
    return f"ok {log.tree.size} {log.tree.root().hex()}"


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 1000])
def test_a_log(gopeer: Path, tmp_path: Path, size: int) -> None:
    log = published(size)
    assert ask(gopeer, "log", log.write(tmp_path), VKEY) == well(log)


def test_a_log_of_three_levels(gopeer: Path, tmp_path: Path) -> None:
    log = published(66_000)
    assert ask(gopeer, "log", log.write(tmp_path), VKEY) == well(log)


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"])
def test_a_changed_log(gopeer: Path, tmp_path: Path, path: str) -> None:
    log = published(300)
    data = bytearray(log.files[path])
    data[len(data) // 2 if path != "checkpoint" else 20] ^= 1
    log.files[path] = bytes(data)
    assert ask(gopeer, "log", log.write(tmp_path), VKEY) is None


def test_a_log_of_another_key(gopeer: Path, tmp_path: Path) -> None:
    other = str(SigningKey(KEYS.origin, ED25519, b"\7" * 32).vkey)
    assert ask(gopeer, "log", published(3).write(tmp_path), other) is None


@pytest.mark.parametrize("extra", [None, b"something"])
def test_offline_proofs(gopeer: Path, tmp_path: Path, extra: bytes | None) -> None:
    log = published(300)
    proof, entry = tmp_path / "one.tlog-proof", tmp_path / "entry"
    for index in (0, 7, 255, 256, 299):
        path = inclusion_plan(index, 300).combine(log.nodes)
        proof.write_bytes(format_proof(Proof(index, path, log.files["checkpoint"], extra)))
        entry.write_bytes(log.entries[index])
        assert ask(gopeer, "proof", proof, entry, VKEY) == well(log)
        entry.write_bytes(log.entries[index] + b" ")
        assert ask(gopeer, "proof", proof, entry, VKEY) is None
        entry.write_bytes(log.entries[index])
        proof.write_bytes(format_proof(Proof(index ^ 1, path, log.files["checkpoint"], extra)))
        assert ask(gopeer, "proof", proof, entry, VKEY) is None
