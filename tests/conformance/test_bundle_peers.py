"""The example's bundle before strangers: Go with golang.org/x/mod rebuilds the log and opens a receipt's proof."""

from pathlib import Path

import pytest

from ledger.example.run import DATABASE
from ledger.exchange import bundle
from ledger.log.note import parse_vkey
from ledger.log.policy import Log, Policy
from ledger.log.proof import format_proof
from ledger.store import statements
from ledger.store.store import Store
from tests.conformance.go_peer import ask, build
from tests.example.built import Year, build_or_find

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def gopeer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("gopeer"))


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="module")
def folder(example: Year, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("example") / "bundle"
    with Store.open(example.folder / DATABASE) as store:
        vkeys = [parse_vkey(text) for text in store.books.vkeys]
        drawn = statements.all_published(store)
        bundle.write_bundle(target, store.source, drawn, vkeys, Policy(logs=tuple(Log(key) for key in vkeys)))
    return target


def vkey(folder: Path) -> str:
    """The Ed25519 key, the kind that Go's library knows."""
    return (folder / "vkeys.txt").read_text().split("\n")[0]


def test_go_rebuilds_the_log(gopeer: Path, folder: Path, example: Year) -> None:
    answer = ask(gopeer, "log", folder, vkey(folder))
    assert answer is not None
    assert answer.startswith(f"ok {len(example.entries)} ")


@pytest.mark.parametrize("seq", [0, 255, 256, 1544])
def test_go_opens_a_receipts_proof(gopeer: Path, folder: Path, example: Year, tmp_path: Path, seq: int) -> None:
    with Store.open(example.folder / DATABASE) as store:
        receipt = store.receipt(seq)
    (tmp_path / "a.tlog-proof").write_bytes(format_proof(receipt.proof))
    (tmp_path / "entry").write_bytes(receipt.entry)
    (tmp_path / "other").write_bytes(example.entries[seq + 1].raw)
    assert ask(gopeer, "proof", tmp_path / "a.tlog-proof", tmp_path / "entry", vkey(folder)) is not None
    assert ask(gopeer, "proof", tmp_path / "a.tlog-proof", tmp_path / "other", vkey(folder)) is None
