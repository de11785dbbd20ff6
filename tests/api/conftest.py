"""A server over a real store in a folder of the test, asked in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.store import Store
from tests.store.settled import Maker, created

SITE = "http://localhost:8080"


@pytest.fixture
def maker() -> Maker:
    """A community whose records go through the store."""
    return Maker()


@pytest.fixture
def store(tmp_path: Path, maker: Maker) -> Iterator[Store]:
    """Its store, with all that the maker has made so far."""
    with created(tmp_path / "ledger.db", maker) as store:
        for submission in maker.submissions[1:]:
            store.submit([submission])
        store.publish()
        yield store


@pytest.fixture
def client(store: Store, maker: Maker) -> Iterator[TestClient]:
    """A browser at the server."""
    app = create_app(Keeper.of([Kept(store, writable=True)]), Settings(), lambda: maker.time)
    with TestClient(app, base_url=SITE) as client:
        yield client


@pytest.fixture
def base(store: Store) -> str:
    """Where the ledger lies in the API."""
    return f"/api/v1/ledgers/{store.books.ledger}"
