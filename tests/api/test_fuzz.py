"""Every operation asked with whatever its own description allows, as every class of reader, by schemathesis.

No answer is a fault of ours, none has a status or a media type that the description does not name, and the ledger still
verifies afterwards. The default suite asks each operation a few times; ``make slow`` asks more than 20,000 times.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from starlette.testclient import TestClient

from api.access import ANYONE, CLASSES, OFFICER, OWNER, PERSON, WATCHER
from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger import audit
from tests.accounts.treasury import fees
from tests.api.conftest import SITE
from tests.api.house import House, Living, living
from tests.api.test_signing_in import bearer, signed_in

WHO = {PERSON: "guest", OWNER: "owner-a1", OFFICER: "chair", WATCHER: "registrar"}
LEFT_OUT = {("GET", "/events"): "never ends by itself", ("DELETE", "/session"): "would sign the reader out"}
"""Operations that are not asked, by method and end of path."""
SENT = ("method", "url", "headers", "params", "json", "data", "content")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """A house with money, votes, and a guest who owns nothing."""
    house = House()
    house.enter("guest")
    house.take(
        ("2026-01-05", 300_00, [fees(300_00, unit="a1", covers="2026-01")]), ("2026-01-05", 7_00), confirmed=True
    )
    house.voted()
    made = living(tmp_path / "ledger.db", house)
    yield made
    made.store.close()


@pytest.fixture
def client(home: Living) -> Iterator[TestClient]:
    """Its server, whose faults are answers here."""
    app = create_app(
        Keeper.of([Kept(home.store, writable=True, pause=0.01)]), Settings(requests=10**9), lambda: home.house.time
    )
    with TestClient(app, base_url=SITE, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("who", CLASSES)
def test_a_few_of_each(client: TestClient, home: Living, who: str) -> None:
    asked, wrong = fuzz(client, home, who, 2)
    assert wrong == {}
    assert asked.total() > 100


@pytest.mark.slow
@pytest.mark.parametrize("who", CLASSES)
def test_many_of_each(client: TestClient, home: Living, who: str) -> None:
    asked, wrong = fuzz(client, home, who, 90)
    assert wrong == {}
    assert asked.total() > 4_000
    trust = audit.Trust(genesis=home.store.books.ledger)
    home.store.publish()
    assert audit.verify(home.store.source, trust).verdict == "agrees"


def fuzz(client: TestClient, home: Living, who: str, examples: int) -> tuple[Counter[int], dict[Any, Any]]:
    """Ask; the answers by status, and what went wrong by operation."""
    ledger = home.store.books.ledger
    base = f"/api/v1/ledgers/{ledger}"
    headers = {} if who == ANYONE else bearer(signed_in(client, base, WHO[who]))
    asked: Counter[int] = Counter()
    wrong: dict[Any, Any] = {}
    schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]  # a description that is wrong raises here
        if any(operation.method.upper() == m and operation.path.endswith(end) for m, end in LEFT_OUT):
            continue

        @hypothesis.given(case=operation.as_strategy())
        @hypothesis.settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        def ask(case: Any) -> None:
            if "ledger" in (case.path_parameters or {}):
                case.path_parameters["ledger"] = ledger
            sent = case.as_transport_kwargs(base_url=SITE)
            sent = {name: value for name, value in sent.items() if name in SENT and value is not None}
            sent["headers"] = {**dict(sent.get("headers") or {}), **headers}
            if isinstance(sent.get("data"), (bytes, str)):
                sent["content"] = sent.pop("data")
            try:
                answer = client.request(**sent)
            except (UnicodeError, ValueError):
                return  # the client cannot put it on the wire
            asked[answer.status_code] += 1
            described = case.operation.definition.raw["responses"].get(str(answer.status_code))
            media = answer.headers.get("content-type", "").partition(";")[0]
            named = {one.partition(";")[0] for one in (described or {}).get("content", {})}
            if answer.status_code >= 500 or described is None or (named and media not in named):
                wrong.setdefault(
                    (case.operation.method, case.operation.path, answer.status_code, media), answer.text[:200]
                )

        ask()
    return asked, wrong
