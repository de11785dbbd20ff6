"""The archive of a ledger: one a head, none taken from under somebody who is being sent it, and not made for everybody anew."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.routes import export
from api.routes.export import SHARE, Archives
from api.settings import Settings
from ledger import audit
from ledger.errors import Unavailable
from ledger.exchange import bundle
from ledger.log.policy import parse_policy
from ledger.log.source import ZipSource
from ledger.store import Store
from tests.api.conftest import SITE, Served
from tests.api.test_keeping import Elsewhere, witness
from tests.store.settled import Maker

__all__ = ["witness"]


def test_an_archive_on_its_way_outlives_the_next_head(client: TestClient, served: Served) -> None:
    archives = Archives()
    try:
        made: list[Path] = []
        for name in ("one", "two", "three"):
            served.append([served.maker.person(name)], client)
            made.append(archives.of(served.kept).path)
            assert archives.of(served.kept).path == made[-1], "one a head"
            with ZipSource(made[-1]) as source:
                assert audit.verify(source, audit.Trust(genesis=served.kept.digest)).verdict == "agrees"
            if len(made) > 1:
                assert made[-2].exists()
        assert not made[0].exists()
        assert len(list(made[-1].parent.iterdir())) == 2, "that many lie on the disk"
    finally:
        archives.close()


def test_while_a_ledger_grows_the_last_archive_serves_for_a_while(
    client: TestClient, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, took = 100.0, 2.0
    archives = Archives(lambda: now)
    real = bundle.write_zip

    def slow(*given: object) -> object:
        nonlocal now
        now += took
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bundle, "write_zip", slow)
    assert client.portal is not None
    try:
        first = client.portal.call(archives.newest, served.kept)
        served.append([served.maker.person("one")], client)
        now += SHARE * took - 1
        assert client.portal.call(archives.newest, served.kept) == first
        now += 1
        second = client.portal.call(archives.newest, served.kept)
        assert (first.size + 1, second.size) == (served.kept.size, served.kept.size)
    finally:
        archives.close()


def test_too_many_who_would_wait_are_sent_away(client: TestClient, served: Served) -> None:
    archives = Archives()
    archives._waiting = export.WAITING
    assert client.portal is not None
    with pytest.raises(Unavailable) as refused:
        client.portal.call(archives.newest, served.kept)
    assert refused.value.rule == "rendering.busy"


def test_who_has_it_is_told_so_and_who_has_half_gets_the_rest(client: TestClient, base: str) -> None:
    whole = client.get(f"{base}/bundle.zip")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "application/zip")
    tag = whole.headers["etag"]
    again = client.get(f"{base}/bundle.zip", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    rest = client.get(
        f"{base}/bundle.zip", headers={"Range": "bytes=1000-", "If-Range": tag, "Accept-Encoding": "gzip"}
    )
    assert (rest.status_code, rest.content) == (206, whole.content[1000:])


def test_a_cosigned_ledger_names_its_witness_and_verifies(
    store: Store, maker: Maker, settings: Settings, witness: Elsewhere, tmp_path: Path
) -> None:
    kept = Kept(store, writable=True, witnesses=[witness], pause=0.01)
    with TestClient(create_app(Keeper.of([kept]), settings, lambda: maker.time), base_url=SITE) as client:
        assert kept.head.cosigned == {witness.name}
        (tmp_path / "b.zip").write_bytes(client.get(f"/api/v1/ledgers/{kept.digest}/bundle.zip").content)
    with ZipSource(tmp_path / "b.zip") as source:
        policy = parse_policy(source.attachment("policy.txt"))
        found = audit.verify(source, audit.Trust(genesis=kept.digest))
    assert [one.vkey for one in policy.witnesses] == list(witness.vkeys)
    assert policy.quorum is None
    assert "head.unknown_line" not in [one.code for one in found.findings]
    assert found.verdict == "agrees"
