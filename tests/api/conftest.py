"""A server over a real store in a folder of the test, asked in this process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.log.entry import Submission
from ledger.store import Store
from tests.store.settled import Maker, created

SITE = "http://localhost:8080"


@dataclass
class Served:
    """A community, its store, and the server's hold on it."""

    maker: Maker
    store: Store
    kept: Kept

    def append(self, submissions: Sequence[Submission], client: TestClient) -> None:
        """Append beside the server, as another process would, and wait until its head covers everything."""
        self.store.submit(submissions)
        assert client.portal is not None
        client.portal.call(self._seen)

    async def _seen(self) -> None:
        self.kept.want()
        assert await self.kept.covers(self.store.books.head.size - 1, 10)


def jobs(submissions: Sequence[Submission]) -> Iterator[list[Submission]]:
    """What stands or falls together: a batch, or one record."""
    left = list(submissions)
    while left:
        place = left[0].signatures[0].batch
        count = place.count if place else 1
        yield left[:count]
        left = left[count:]


@pytest.fixture
def maker() -> Maker:
    """A community whose records go through the store."""
    return Maker()


@pytest.fixture
def store(tmp_path: Path, maker: Maker) -> Iterator[Store]:
    """Its store, with all that the maker has made so far."""
    with created(tmp_path / "ledger.db", maker) as store:
        for job in jobs(maker.submissions[1:]):
            store.submit(job)
        yield store


@pytest.fixture
def settings() -> Settings:
    """As by default, without a limit that a fast test would meet."""
    return Settings(requests=1_000_000, pause=0.01)


@pytest.fixture
def served(store: Store, maker: Maker, settings: Settings) -> Served:
    """The ledger as the server holds it."""
    return Served(maker, store, Kept(store, writable=True, pause=settings.pause))


@pytest.fixture
def client(served: Served, settings: Settings) -> Iterator[TestClient]:
    """A browser at the server."""
    app = create_app(Keeper.of([served.kept]), settings, lambda: served.maker.time)
    with TestClient(app, base_url=SITE, raise_server_exceptions=True) as client:
        yield client


@pytest.fixture
def base(store: Store) -> str:
    """Where the ledger lies in the API."""
    return f"/api/v1/ledgers/{store.books.ledger}"


@pytest.fixture
def log(store: Store) -> str:
    """Where its log lies."""
    return f"/log/{store.books.ledger}"
