"""Who may do what: every cell of the table asked over HTTP, and no route outside it."""

from collections import defaultdict

import pytest
from starlette.testclient import TestClient

from api import access
from api.access import ANYONE, CLASSES, OFFICER, OWNER, PERSON, TABLE, WATCHER, Reader
from api.app import operations
from ledger.errors import Refused
from tests.api.conftest import Served
from tests.api.test_signing_in import bearer, signed_in
from tests.community import flats
from tests.store.settled import Maker

pytestmark = pytest.mark.uncounted  # quicker tests go through the same lines

PROGRAMS = ("/api/", "/log/", "/health", "/ready", "/metrics")
"""Where programs ask, which is described; everything else is a page."""
WITHOUT: dict[str, str] = {"/health": "says ok", "/ready": "says sizes", "/metrics": "asks for its own token"}
"""Routes that no row stands for, and why that is well."""
SOMEBODY: dict[str, str] = {PERSON: "guest", OWNER: "owner-a1", OFFICER: "chair", WATCHER: "registrar"}
"""For each class a person of the test who is in it and, but for ``person``, in no other."""


@pytest.fixture
def maker() -> Maker:
    """A community with an owner and a guest who owns nothing."""
    maker = Maker(units=flats("a1 a2"))
    maker.enter("guest")
    return maker


@pytest.fixture
def tokens(client: TestClient, base: str) -> dict[str, dict[str, str]]:
    """For each class the headers of somebody in it."""
    return {ANYONE: {}} | {name: bearer(signed_in(client, base, who)) for name, who in SOMEBODY.items()}


def test_every_route_has_its_row(client: TestClient) -> None:
    assert {path for (_method, path), operation in operations().items() if not operation} == set(WITHOUT)
    assert set(operations().values()) - {""} == set(TABLE)
    described = {
        (method.upper(), path)
        for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items()
        for method in methods
    }
    data = {one for one in operations() if one[1].startswith(PROGRAMS)}
    assert data == {(method, path.replace("{path}", "{path:path}")) for method, path in described}


def test_every_cell(client: TestClient, served: Served, tokens: dict[str, dict[str, str]]) -> None:
    """Who is let in gets something else than a refusal of access, whatever the parameters are worth."""
    known = {
        "ledger": served.store.books.ledger,
        "seq": "0",
        "path": "checkpoint",
        "period": "2026H1",
        "code": "a1",
        "number": "2026-01-0001",
        "version": "0",
    }
    asked = 0
    for (method, path), operation in sorted(operations().items()):
        if method == "DELETE" or not operation or operation == "events":
            continue  # would sign the reader out, would never end; tests/api/test_signing_in.py, test_events.py have them
        real = path.replace(":path", "").format_map(defaultdict(lambda: "0" * 64, known))
        for name in CLASSES:
            answer = client.request(method, real, headers=tokens[name])
            refused = answer.status_code in (401, 403)
            allowed = bool(TABLE[operation] & (access.CLASSES_OF[name]))
            assert refused != allowed, (method, path, name, answer.status_code)
            asked += 1
    assert asked > 50


@pytest.mark.parametrize("operation", sorted(TABLE))
def test_the_table_is_what_check_says(operation: str) -> None:
    readers = {
        ANYONE: Reader(),
        PERSON: Reader("p"),
        OWNER: Reader("p", units=("a1",)),
        OFFICER: Reader("p", roles=frozenset({"chair"})),
        WATCHER: Reader("p", roles=frozenset({"supervisor"})),
    }
    for name, reader in readers.items():
        assert reader.classes == access.CLASSES_OF[name]
        if reader.classes & TABLE[operation]:
            access.check(operation, reader)
        else:
            with pytest.raises(Refused) as refused:
                access.check(operation, reader)
            assert refused.value.rule == ("access.not_yours" if reader.person else "access.sign_in")


def test_no_reader_is_in_the_narrowest_audience() -> None:
    everything = Reader("p", units=("a1",), roles=frozenset({"chair", "registrar", "auditor", "treasurer"}))
    assert everything.audiences == {"public", "owners", "supervisors"}
    assert Reader().audiences == {"public"}
