"""The log as plain files: what a client of C2SP tlog-tiles finds, and what it does not."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import leaf_hash
from ledger.log.note import parse_vkey
from ledger.log.tiles import bundles_between, decode_entries, split, tiles_between
from ledger.store import Store
from tests.api.conftest import SITE, Served, jobs
from tests.store.settled import Maker, created


def test_the_head_is_the_signed_note(client: TestClient, store: Store, log: str) -> None:
    answer = client.get(f"{log}/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=2"
    assert answer.headers["access-control-allow-origin"] == "*"
    head = open_checkpoint(answer.content, [parse_vkey(v) for v in store.books.vkeys]).checkpoint
    assert head.size == store.books.head.size


class TestThreeHundredEntries:
    """A log with a full tile and a partial one, which nobody writes to."""

    @pytest.fixture(scope="class")
    @classmethod
    def maker(cls) -> Maker:
        return Maker()

    @pytest.fixture(scope="class")
    @classmethod
    def store(cls, maker: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
        with created(tmp_path_factory.mktemp("log") / "ledger.db", maker) as store:
            for job in jobs(maker.submissions[1:]):
                store.submit(job)
            store.submit(maker.batch(maker.offices(300 - maker.books.head.size)))
            yield store

    @pytest.fixture(scope="class")
    @classmethod
    def served(cls, store: Store, maker: Maker) -> Served:
        return Served(maker, store, Kept(store, writable=True, pause=0.01))

    @pytest.fixture(scope="class")
    @classmethod
    def client(cls, served: Served) -> Iterator[TestClient]:
        app = create_app(Keeper.of([served.kept]), Settings(requests=1_000_000), lambda: served.maker.time)
        with TestClient(app, base_url=SITE) as client:
            yield client

    def test_every_tile_and_bundle_is_there_for_ever(self, served: Served, client: TestClient, log: str) -> None:
        entries: list[bytes] = []
        for tile in bundles_between(0, 300):
            answer = client.get(f"{log}/{tile.path}")
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["content-type"] == "application/octet-stream"
            entries += decode_entries(answer.content, tile.width)
        assert entries == [entry.raw for entry in served.maker.entries]
        leaves = [leaf_hash(raw) for raw in entries]
        for tile in tiles_between(0, 300):
            hashes = split(tile, client.get(f"{log}/{tile.path}").content)
            if tile.level == 0:
                assert hashes == leaves[tile.nodes[1] : tile.nodes[2]]

    def test_a_narrower_tile_of_an_earlier_head_stays(self, client: TestClient, log: str) -> None:
        wide = client.get(f"{log}/tile/0/001.p/44").content
        assert client.get(f"{log}/tile/0/001.p/43").content == wide[: 43 * 32]
        assert client.get(f"{log}/tile/0/000.p/7").content == client.get(f"{log}/tile/0/000").content[: 7 * 32]

    @pytest.mark.parametrize(
        "path",
        ["tile/0/001", "tile/0/001.p/45", "tile/0/002.p/1", "tile/2/000.p/1", "tile/0/1", "tile/0/000.p/0", "tile/0/000.p/256",
         "tile/64/000", "tile/0/x000/000", "tile/entries/001", "checkpoint/", "tile/0/000/", "nothing", "documents/00", ""],
    )  # fmt: skip
    def test_beyond_the_head_there_is_nothing(self, client: TestClient, log: str, path: str) -> None:
        answer = client.get(f"{log}/{path}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["cache-control"] == "no-store"


def test_whoever_has_a_tile_is_told_so(client: TestClient, log: str) -> None:
    first = client.get(f"{log}/tile/0/000.p/1")
    again = client.get(f"{log}/tile/0/000.p/1", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(f"{log}/tile/0/000.p/1").status_code == 200


def test_an_unknown_ledger(client: TestClient) -> None:
    answer = client.get(f"/log/{'0' * 64}/checkpoint")
    assert (answer.status_code, answer.json()["rule"]) == (404, "ledger.unknown")
    assert client.get("/log/short/checkpoint").status_code == 400
