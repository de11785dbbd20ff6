"""A community with money and votes behind a server: what it does in memory goes into its store act by act, each at its time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.log.entry import Record, Signature
from ledger.store import Store, erasure
from tests.accounts.treasury import Treasury
from tests.api.conftest import SITE
from tests.community import Flat, flats
from tests.poll import Poll, motion
from tests.store.settled import Maker, ended, log_keys

BUDGET = {
    "type": "budget",
    "start": "2026-01-01",
    "until": "2026-12-31",
    "lines": [{"line": "lifts", "fund": "service_fee", "categories": ["lift"], "cap": 5_000_00}],
}


class House(Treasury, Maker):
    """Three owners, books open since January 2026; ``times`` are the moments of its submissions."""

    def __init__(self, units: Sequence[Flat] = flats("a1 a2 a3"), **options: Any) -> None:
        self.times: list[int] = []
        super().__init__(units=units, **options)
        self.open()
        self.set_clock("2026-01-12T09:00:00+08:00")

    def submit(self, record: Record, signed: Any) -> str:
        """As any maker's, with its moment."""
        digest = super().submit(record, list[Signature](signed))
        self.times.append(self.time)
        return digest

    def books_root(self, roll: str) -> str:
        """The root that a ``roll.frozen/1`` names."""
        return next(str(e.record.body["root"]) for e in self.entries if e.record.digest == roll)

    def voted(self) -> Poll:
        """A meeting that passed a budget for lifts with two of three."""
        return Poll.hold(self, [motion(effect=BUDGET)], {"a1": "y", "a2": "y", "a3": "n"})


@dataclass
class Living:
    """A house and its store, which follows it."""

    house: House
    store: Store
    clock: list[int]
    put: int = field(default=1)

    def follow(self) -> None:
        """Put into the store what the house has done since."""
        while self.put < len(self.house.submissions):
            batch = self.house.submissions[self.put].signatures[0].batch
            count = batch.count if batch else 1
            self.clock[0] = self.house.times[self.put + count - 1]
            self.store.submit(self.house.submissions[self.put : self.put + count])
            self.put += count
        self.clock[0] = self.house.time

    def erase(self, *texts: tuple[str, str], papers: Sequence[str] = ()) -> None:
        """Enter an order that lists these, and follow it."""
        listed = erasure.Listed(tuple(erasure.Text(*one) for one in texts), tuple(papers))
        kept = self.store.add_document(erasure.dump(listed, self.store.books.ledger))
        order = self.house.document(original=kept)
        self.follow()
        self.store.erase(order)


def living(path: Path, house: House) -> Living:
    """The house in a new store."""
    clock = [house.times[0]]
    store = Store.create(path, house.submissions[0], log_keys(), lambda: clock[0], fatal=ended)
    living = Living(house, store, clock)
    living.follow()
    return living


@pytest.fixture
def client(home: Living, settings: Settings) -> Iterator[TestClient]:
    """A browser at the house's server; the module that asks has a fixture ``home``."""
    kept = Kept(home.store, writable=True, pause=0.01)
    with TestClient(create_app(Keeper.of([kept]), settings, lambda: home.house.time), base_url=SITE) as client:
        yield client


@pytest.fixture
def base(home: Living) -> str:
    """Where the ledger lies in the API."""
    return f"/api/v1/ledgers/{home.store.books.ledger}"


def get(client: TestClient, path: str, **params: Any) -> Any:
    """What an operation answers."""
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()
