"""Entries and proofs: lists that go on, bytes that hash, proofs that a checker of its own accepts."""

import hashlib

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.log import merkle
from ledger.log.merkle import check_consistency, check_inclusion
from ledger.log.note import parse_vkey
from ledger.log.policy import Policy
from ledger.log.proof import check_proof, parse_proof
from ledger.store import Store
from tests.api.conftest import SITE, Served
from tests.store.settled import Maker


@pytest.fixture(autouse=True)
def grown(served: Served, client: TestClient, maker: Maker) -> None:
    """Some twenty entries."""
    served.append(maker.batch(maker.offices(20)), client)


def test_lists_go_on_to_the_end_each_entry_once(client: TestClient, base: str, maker: Maker) -> None:
    seen, after = [], ""
    while True:
        page = client.get(f"{base}/entries", params={"limit": 7, "after": after}).json()
        seen += page["items"]
        if "next" not in page:
            break
        after = page["next"]
    assert [one["seq"] for one in seen] == list(range(maker.books.head.size))
    assert [one["digest"] for one in seen] == [entry.record.digest for entry in maker.entries]
    assert [one["leaf"] for one in seen] == [entry.leaf.hex() for entry in maker.entries]


def test_before_a_head_covers_it_an_entry_is_nowhere(store: Store, maker: Maker, settings: Settings) -> None:
    store.publish()
    kept = Kept(store, writable=False)
    with TestClient(create_app(Keeper.of([kept]), settings, lambda: maker.time), base_url=SITE) as client:
        store.submit([maker.person("late")])
        seq, digest = kept.size, store.entry(kept.size).record.digest
        assert store.books.head.size == seq + 1
        base, page = f"/api/v1/ledgers/{kept.digest}", f"/c/{kept.digest[:16]}"
        for path in ("entries", "records"):
            name = digest if path == "records" else seq
            assert client.get(f"{base}/{path}/{name}").json()["rule"] == "entry.unknown"
        assert client.get(f"{page}/records/{digest}").json()["rule"] == "entry.unknown", "and no page shows it"
        assert client.get(f"{page}/entries/{seq - 1}").status_code == 200


@pytest.mark.parametrize("after", ["x", "WyJhIl0", "W10", "A" * 401, "%00", "WzEsMl0"])
def test_a_made_up_place_is_refused(client: TestClient, base: str, after: str) -> None:
    answer = client.get(f"{base}/entries", params={"after": after})
    assert answer.status_code == 400
    assert answer.json()["rule"] in ("request.cursor", "request.fields")


def test_an_entrys_bytes_are_what_its_leaf_is_made_of(client: TestClient, base: str, maker: Maker) -> None:
    for entry in maker.entries[:3]:
        raw = client.get(f"{base}/entries/{entry.seq}").content
        assert hashlib.sha256(b"\0" + raw).digest() == entry.leaf
        assert client.get(f"{base}/records/{entry.record.digest}").json()["seq"] == entry.seq


def test_inclusion_and_consistency(client: TestClient, base: str, store: Store, maker: Maker) -> None:
    head = client.get(base).json()["head"]
    for seq in (0, 5, head["size"] - 1):
        proof = client.get(f"{base}/proofs/inclusion", params={"seq": seq}).json()
        path = [bytes.fromhex(one) for one in proof["path"]]
        check_inclusion(bytes.fromhex(proof["leaf"]), seq, proof["size"], path, bytes.fromhex(head["root"]))
    old = 7
    proof = client.get(f"{base}/proofs/consistency", params={"old": old}).json()
    tree = [entry.leaf for entry in maker.entries]
    check_consistency(
        old,
        merkle.root(tree[:old]),
        proof["new"],
        bytes.fromhex(head["root"]),
        [bytes.fromhex(one) for one in proof["path"]],
    )
    text = client.get(f"{base}/entries/5/proof").content
    check_proof(parse_proof(text), maker.entries[5].leaf, Policy(), [parse_vkey(v) for v in store.books.vkeys])


@pytest.mark.parametrize(
    "path",
    ["entries/9999", "records/" + "0" * 64, "proofs/inclusion?seq=9999", "proofs/inclusion?seq=0&size=9999",
     "proofs/consistency?old=3&new=9999", "entries/9999/proof", "entries/9999/receipt", "nothing"],
)  # fmt: skip
def test_what_is_not_there_is_said_so(client: TestClient, base: str, path: str) -> None:
    answer = client.get(f"{base}/{path}")
    assert answer.status_code == 404
    assert answer.json()["type"] == f"/problems/{answer.json()['rule']}"


@pytest.mark.parametrize(
    "path",
    ["entries/-1", "entries/x", "records/x", "proofs/inclusion", "proofs/inclusion?seq=-1", "entries?limit=0",
     "entries?limit=501", "proofs/consistency?old=9&new=3", "proofs/inclusion?seq=7&size=3"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(client: TestClient, base: str, path: str) -> None:
    answer = client.get(f"{base}/{path}")
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_refusals_speak_the_readers_language(client: TestClient, base: str) -> None:
    chinese = client.get(f"{base}/entries/9999").json()["detail"]
    english = client.get(f"{base}/entries/9999", headers={"Accept-Language": "fr, en-GB;q=0.8"}).json()["detail"]
    assert "存证记录" in chinese
    assert english.isascii()
    assert client.get(f"{base}/entries/9999?lang=en").json()["detail"] == english
