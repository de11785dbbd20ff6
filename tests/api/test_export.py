"""The archive of a ledger: one a head, and none taken from under somebody who is being sent it."""

from pathlib import Path

from starlette.testclient import TestClient

from api.routes.export import Archives
from ledger import audit
from ledger.log.source import ZipSource
from tests.api.conftest import Served


def test_an_archive_on_its_way_outlives_the_next_head(client: TestClient, served: Served) -> None:
    archives = Archives()
    try:
        made: list[Path] = []
        for name in ("one", "two", "three"):
            served.append([served.maker.person(name)], client)
            made.append(archives.of(served.kept))
            assert archives.of(served.kept) == made[-1], "one a head"
            with ZipSource(made[-1]) as source:
                assert audit.verify(source, audit.Trust(genesis=served.kept.digest)).verdict == "agrees"
            if len(made) > 1:
                assert made[-2].exists()
        assert not made[0].exists()
    finally:
        archives.close()
