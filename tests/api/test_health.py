"""Whether the server can do its work: a publisher that fails or is gone must not look well."""

import asyncio
from typing import NoReturn

import pytest
from starlette.testclient import TestClient

from ledger.errors import Unavailable
from tests.api.conftest import Served
from tests.store.settled import Maker


def test_all_is_well(client: TestClient, served: Served) -> None:
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert answer.json()["ledgers"][0]["published"] == served.store.books.head.size
    assert client.get("/health").text == "ok\n"


@pytest.mark.parametrize(
    ("error", "rule"), [(Unavailable("headguard.missing", None), "headguard.missing"), (OSError(), "publisher.ended")]
)
def test_without_heads_it_is_not_ready(
    client: TestClient, served: Served, maker: Maker, monkeypatch: pytest.MonkeyPatch, error: Exception, rule: str
) -> None:
    def fails(_witnesses: object) -> NoReturn:
        raise error

    async def noticed() -> None:
        served.kept.want()
        async with asyncio.timeout(10):
            while served.kept.stopped is None:
                await asyncio.sleep(0)

    monkeypatch.setattr(served.store, "publish", fails)
    served.store.submit([maker.person("zhang")])
    assert client.portal is not None
    client.portal.call(noticed)
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["ledgers"][0]["stopped"]) == (503, rule)
    assert bool(served.kept.failures) == isinstance(error, Unavailable)
