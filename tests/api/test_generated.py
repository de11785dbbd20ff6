"""Requests made from the description, by the thousand: each answer is one that the description names, and breaks nothing.

Parameters and bodies come from schemathesis, half of them against their schema; names of what is there are put into half of
the paths, so that answers are read and not only refusals. What is answered must have a status, a media type, headers and a
body that the operation describes, and never be a fault of the server.
"""

import logging
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.audit import verify
from ledger.store import statements
from tests.accounts.treasury import fees, spent
from tests.api.conftest import SITE
from tests.api.house import House, Living, base, get, living
from tests.api.test_signing_in import bearer, signed_in

pytestmark = pytest.mark.uncounted  # quicker tests go through the same lines

__all__ = ["base"]

CHECKS: list[Any] = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
NOT_ASKED = {"/api/v1/ledgers/{ledger}/events": "never ends; tests/api/test_events.py has it"}
PARTS = 4
WHO = ("", "guest", "owner-a1", "chair", "treasurer", "registrar")
"""A stranger, and somebody in each class of the access table; the treasurer, because the desk is his."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """A year's first half: a vote, money in and out, a payment on its way, a published statement."""
    house = House()
    house.enter("guest")
    house.voted()
    house.take(
        ("2026-01-05", 300_00, [fees(300_00, unit="a1", covers="2026-01")]),
        ("2026-01-05", -12_34, [spent(12_34, party="lift")]),
        confirmed=True,
    )
    house.set_clock("2026-07-02T09:00:00+08:00")
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        house.act("statement.published/1", statements.draft(home.store).body, by=["treasurer", "chair"])
        house.apply_for(70_00)
        home.follow()
        yield home


@pytest.fixture
def client(home: Living) -> Iterator[TestClient]:
    """The house's server, whose faults are answers, as they are to people."""
    kept = Kept(home.store, writable=True, pause=0.01)
    app = create_app(Keeper.of([kept]), Settings(requests=100_000_000), lambda: home.house.time)
    with TestClient(app, base_url=SITE, raise_server_exceptions=False) as client:
        yield client


@dataclass
class Asked:
    """What was asked, and what was wrong with the answers: the first of each sort."""

    answers: Counter[int] = field(default_factory=Counter)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass
class Asker:
    """Asks one server as several people."""

    client: TestClient
    base: str
    known: dict[str, list[str]]
    found: Asked = field(default_factory=Asked)
    tokens: dict[str, dict[str, str]] = field(default_factory=lambda: {"": {}})

    def everything(self, cases: int, part: slice = slice(None)) -> Asked:
        """So many cases of each operation, or of a part of them."""
        schema = schemathesis.openapi.from_dict(self.client.get("/api/v1/openapi.json").json())
        operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
        assert len(operations) == sum(len(methods) for methods in schema.raw_schema["paths"].values()) > 60
        assert set(NOT_ASKED) <= {one.path for one in operations}
        for operation in operations[part]:
            if operation.path not in NOT_ASKED:
                self.one(operation, cases)
        return self.found

    def one(self, operation: Any, cases: int) -> None:
        """So many cases of one operation."""
        modes = [operation.as_strategy(mode) for mode in GenerationMode]

        @with_settings(
            max_examples=cases,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(modes), who=st.sampled_from(WHO), seed=st.integers(0, 2**32))
        def ask(case: Case, who: str, seed: int) -> None:
            self.ask(case, who, random.Random(seed))

        ask()

    def ask(self, case: Case, who: str, chance: random.Random) -> None:
        """One request, and what is wrong with its answer."""
        for name in case.path_parameters or {}:
            if name in self.known and chance.random() < (0.9 if name == "ledger" else 0.5):
                case.path_parameters[name] = chance.choice(self.known[name])
        if who not in self.tokens:
            self.tokens[who] = bearer(signed_in(self.client, self.base, who))
        asked = case.as_transport_kwargs(base_url=str(self.client.base_url), headers=self.tokens[who])
        asked.pop("cookies", None)
        if isinstance(asked.get("data"), bytes | str):
            asked["content"] = asked.pop("data")
        try:
            answer = self.client.request(**asked, follow_redirects=False)
        except httpx2.InvalidURL:
            return  # longer than the client sends; a server in front of a socket refuses it too
        self.client.cookies.clear()
        if case.method == "DELETE" or answer.status_code == 401:
            self.tokens.pop(who, None)
            self.tokens[""] = {}
        self.found.answers[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (FailureGroup, Failure) as failure:
            for one in getattr(failure, "exceptions", [failure]):
                said = f"{asked['method']} {asked['url']} as {who or 'a stranger'}: {one}"
                self.found.faults.setdefault((case.operation.label, f"{type(one).__name__} {answer.status_code}"), said)


@pytest.fixture
def asker(client: TestClient, base: str, home: Living) -> Asker:
    records = [entry.record.digest for entry in home.house.entries]
    vouchers = [one["number"] for one in get(client, f"{base}/vouchers")["items"]]
    known = {
        "ledger": [home.store.books.ledger],
        "digest": records,
        "record": records,
        "seq": [str(seq) for seq in range(len(records))],
        "code": ["a1", "bank", "box", "lift", "zhao", "c1"],
        "period": ["2026H1", "2026H2"],
        "number": vouchers,
        "form": ["notice", "roll", "result", "certificate"],
        "path": ["tile/0/000.p/9", "tile/entries/000.p/9"],
    }
    return Asker(client, base, known)


def still_stands(client: TestClient, base: str, home: Living) -> None:
    """The ledger verifies from its bytes alone, and answers."""
    report = verify(home.store.source, bundle=False)
    assert report.verdict == "agrees", report.codes
    assert report.subject["size"] == home.store.books.head.size
    assert get(client, f"{base}/entries")["items"]
    assert client.get("/ready").status_code == 200


def test_a_few_of_each(asker: Asker, home: Living) -> None:
    found = asker.everything(5)
    assert not found.faults, "\n\n".join(found.faults.values())
    assert found.answers.total() > 400
    assert found.answers[200] > 60
    still_stands(asker.client, asker.base, home)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_very_many_of_each(asker: Asker, home: Living, part: int) -> None:
    """More than 20,000 requests in all parts."""
    found = asker.everything(250, slice(part, None, PARTS))
    logging.getLogger(__name__).info("answers by status: %s", dict(sorted(found.answers.items())))
    assert not found.faults, "\n\n".join(found.faults.values())
    assert found.answers.total() >= 20_000 // PARTS
    still_stands(asker.client, asker.base, home)
