"""What the service notes of its work: enough to run it, and nothing that says who asked or for whom."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.settings import Settings
from api.watching import Lines
from ledger import canonical
from ledger.log.entry import submission_json
from tests.api.conftest import Served
from tests.api.test_signing_in import bearer, signed_in
from tests.store.settled import Maker

TOKEN = "a token of the operator"
NAME, ROOM, PHONE = "张三丰", "3栋2单元1804", "13800138000"
SECRETS = (NAME, ROOM, PHONE, "%E5%BC%A0", "1804", "session=", "203.0.113.77", "testclient", "Mozilla/5.0 (Zhang)")


@pytest.fixture
def settings() -> Settings:
    return Settings(requests=1_000_000, pause=0.01, metrics=TOKEN, proxy=True)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the process logs, by the formatter that it logs with."""
    # A test that ran a server of its own has left uvicorn's loggers to themselves; `mingzhang serve` does not.
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines())
    root, own = logging.getLogger(), logging.getLogger("mingzhang")
    level = own.level
    root.addHandler(handler)
    own.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    own.setLevel(level)


def metrics(client: TestClient) -> dict[str, float]:
    """The metrics by name and labels."""
    text = client.get("/metrics", headers=bearer(TOKEN)).text
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}


def post(client: TestClient, base: str, *submissions: object) -> int:
    return client.post(
        f"{base}/submissions", content=canonical.encode(list(submissions)), headers={"Content-Type": "application/json"}
    ).status_code


def test_a_line_says_what_was_done_and_by_which_rule_it_was_refused(
    client: TestClient, base: str, lines: io.StringIO
) -> None:
    answer = client.get(f"{base}/entries/99")
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert {name: line[name] for name in ("level", "event", "method", "route", "status", "ledger", "rule")} == {
        "level": "info",
        "event": "request",
        "method": "GET",
        "route": "/api/v1/ledgers/{ledger}/entries/{seq}",
        "status": 404,
        "ledger": base.rpartition("/")[2][:8],
        "rule": "entry.unknown",
    }
    assert set(line) == {
        *("time", "level", "event", "request", "method", "route", "status", "ms", "client", "ledger", "rule")
    }
    assert answer.headers["x-request-id"] == line["request"]


def test_nothing_that_names_anybody_is_logged_wherever_it_is_sent(
    client: TestClient, base: str, served: Served, maker: Maker, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {
        "User-Agent": "Mozilla/5.0 (Zhang)",
        "X-Forwarded-For": "203.0.113.77",
        "Referer": f"http://localhost/{PHONE}",
        "X-Request-Id": PHONE,
    }
    client.cookies.set("lang", PHONE)
    home = f"/c/{served.kept.digest[:16]}/"
    for path in (
        f"/{NAME}", f"{home}statements/{NAME}", f"{home}?q={NAME}", f"{base}/entries?after={PHONE}", f"{base}/records/{PHONE}",
        f"/log/{served.kept.digest}/documents/{PHONE}", f"/api/v1/ledgers/{PHONE}/entries", f"{base}/entries/{ROOM}",
    ):  # fmt: skip
        client.get(path, headers=headers)
        client.get(path, headers={**headers, "Accept": "text/html"})
        client.request(f"GET{PHONE}", path, headers=headers)
    person = maker.person(NAME)
    body = submission_json(person)
    assert post(client, base, body) == 201
    assert post(client, base, {**body, "signatures": []}) >= 200
    for wrong in (NAME, {"record": {"kind": ROOM, "body": {"name": NAME}}, "signatures": [], "openings": []}):
        assert post(client, base, wrong) >= 400
    client.post(f"{base}/session", json={"challenge": NAME, "key": PHONE})

    def fails(*_: object) -> None:
        raise RuntimeError(f"{NAME} of {ROOM} called from {PHONE}")

    monkeypatch.setattr("ledger.store.queries.entries_bytes", fails)
    with pytest.raises(RuntimeError):
        client.get(f"{base}/entries", headers=headers)
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=RuntimeError(PHONE))
    logging.getLogger("some.library").warning(f"could not do it for {NAME}")
    text = lines.getvalue()
    decoded = [json.loads(line) for line in text.splitlines()]
    assert len(decoded) > 30
    assert "RuntimeError" in [line.get("error") for line in decoded]
    assert [secret for secret in SECRETS if secret in text or secret in json.dumps(decoded, ensure_ascii=False)] == []
    counted = client.get("/metrics", headers=bearer(TOKEN)).text
    assert [secret for secret in SECRETS if secret in counted] == []


def test_one_address_is_told_from_another_and_neither_can_be_read(client: TestClient, lines: io.StringIO) -> None:
    for address in ("203.0.113.77", "203.0.113.78", "203.0.113.77"):
        client.get("/health", headers={"X-Forwarded-For": address})
    first, second, third = (json.loads(line)["client"] for line in lines.getvalue().splitlines())
    assert first == third != second


class TestFaultsOnly:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(pause=0.01, log="faults")

    def test_what_is_answered_well_leaves_no_line(
        self, client: TestClient, served: Served, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.get("/health")
        client.get("/nothing")
        assert lines.getvalue() == ""
        monkeypatch.setattr(type(served.kept), "stopped", "publisher.ended")
        client.get("/ready")
        assert json.loads(lines.getvalue())["status"] == 503

    def test_without_a_token_there_are_no_metrics(self, client: TestClient) -> None:
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers=bearer("")).status_code == 404


def test_metrics_are_for_who_has_the_token(client: TestClient, base: str) -> None:
    for headers in ({}, bearer("a token of somebody"), bearer(TOKEN + "x"), bearer(signed_in(client, base, "chair"))):
        answer = client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.json()["rule"]) == (401, "access.sign_in")
    answer = client.get("/metrics", headers=bearer(TOKEN))
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_what_is_counted(client: TestClient, base: str, served: Served, maker: Maker) -> None:
    ledger = base.rpartition("/")[2][:8]
    size = served.store.books.head.size
    one = submission_json(maker.person("zhang"))
    assert [post(client, base, one), post(client, base, one)] == [201, 200]
    unsigned = submission_json(maker.person("li")) | {
        "signatures": [{"key": "0" * 64, "alg": "ed25519", "sig": "AAAA"}]
    }
    assert post(client, base, unsigned) == 422
    for seq in (0, 1, size + 9):
        client.get(f"{base}/entries/{seq}")
    signed_in(client, base, "chair")
    found = metrics(client)
    assert found[f'mingzhang_records_total{{ledger="{ledger}",outcome="accepted",rule=""}}'] == 1
    assert found[f'mingzhang_records_total{{ledger="{ledger}",outcome="again",rule=""}}'] == 1
    assert found[f'mingzhang_records_total{{ledger="{ledger}",outcome="refused",rule="signature"}}'] == 1
    assert found[f'mingzhang_entries{{ledger="{ledger}"}}'] == size + 1
    assert found[f'mingzhang_published_entries{{ledger="{ledger}"}}'] == size + 1
    assert 0 <= found[f'mingzhang_head_age_seconds{{ledger="{ledger}"}}'] < 60
    assert found[f'mingzhang_publish_failures_total{{ledger="{ledger}"}}'] == 0
    assert found[f'mingzhang_queued_jobs{{ledger="{ledger}"}}'] == 0
    assert found[f'mingzhang_ready{{ledger="{ledger}"}}'] == 1
    assert found[f'mingzhang_sqlite_bytes{{ledger="{ledger}",file="database"}}'] == served.store.path.stat().st_size
    assert found["mingzhang_sessions"] == 1
    assert found["process_resident_memory_bytes"] > 1 << 20
    route = "/api/v1/ledgers/{ledger}/entries/{seq}"
    assert found[f'mingzhang_request_seconds_count{{route="{route}"}}'] == 3
    assert found[f'mingzhang_answers_total{{route="{route}",method="GET",status="200"}}'] == 2


def test_strangers_do_not_make_new_series(client: TestClient, base: str) -> None:
    def ask(*numbers: int) -> None:
        for number in numbers:
            client.get(f"/{number}")
            client.get(f"/api/v1/ledgers/{number:064x}/entries")
            client.request(f"BREW{number}", "/health")

    ask(0)
    metrics(client)
    before = set(metrics(client))
    ask(*range(1, 50))
    assert set(metrics(client)) == before
