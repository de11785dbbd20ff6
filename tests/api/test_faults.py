"""A fault of ours: answered like a refusal, and nothing of what went wrong in it."""

import pytest
from starlette.testclient import TestClient

from api.pages import site
from tests.api.conftest import Served

SECRET = "/srv/books/ledger.db of 张三"


@pytest.fixture(autouse=True)
def _fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("ledger.store.queries.entries_bytes", fails)
    monkeypatch.setattr("api.pages.community.latest", fails)


@pytest.fixture
def quiet(client: TestClient) -> TestClient:
    """A browser that is given what the server answered, as over a socket."""
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    return client


def test_a_program_gets_a_problem_with_the_id_of_its_request(quiet: TestClient, base: str) -> None:
    answer = quiet.get(f"{base}/entries", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    said = answer.json()
    assert (said["type"], said["rule"], said["status"]) == ("/problems/server.fault", "server.fault", 500)
    assert said["context"] == {"request": answer.headers["x-request-id"]}
    assert said["context"]["request"] in said["detail"]
    assert SECRET not in answer.text


def test_a_person_gets_a_page(quiet: TestClient, served: Served) -> None:
    answer = quiet.get(f"/c/{served.kept.digest[:16]}/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert answer.headers["x-request-id"] in answer.text
    assert SECRET not in answer.text


def test_where_no_page_can_be_made_a_person_gets_the_problem(
    quiet: TestClient, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(site, "templates", fails)
    answer = quiet.get(f"/c/{served.kept.digest[:16]}/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["rule"]) == (500, "server.fault")


def test_the_fault_is_raised_on_to_whoever_logs_it(client: TestClient, base: str) -> None:
    with pytest.raises(RuntimeError, match="of 张三"):
        client.get(f"{base}/entries")
