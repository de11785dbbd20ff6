"""What stands before every request: size, frequency, headers."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.guards import WRITING_COSTS, Buckets, address_of
from api.settings import Settings


class TestFrequency:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(requests=30, pause=0.01)

    def test_too_many_are_told_when_to_come_again(self, client: TestClient) -> None:
        answers = [client.get("/health") for _ in range(31)]
        assert [a.status_code for a in answers[:30]] == [200] * 30
        refused = answers[-1]
        assert (refused.status_code, refused.json()["rule"]) == (429, "request.too_many")
        assert int(refused.headers["retry-after"]) >= 1
        assert "content-security-policy" in refused.headers

    def test_writing_weighs_more(self, client: TestClient, base: str) -> None:
        codes = [client.post(f"{base}/submissions", content=b"").status_code for _ in range(4)]
        assert codes == [415, 415, 415, 429]


def test_a_bucket_runs_out_with_time() -> None:
    now = 0.0
    buckets = Buckets(60, lambda: now)
    assert all(buckets.take("a", WRITING_COSTS) == 0 for _ in range(6))
    assert buckets.take("a", 1) == pytest.approx(1)
    assert buckets.take("b", 1) == 0
    now = 1.0
    assert buckets.take("a", 1) == 0
    assert buckets.take("a", 1) > 0


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no:address", "no:address"),
    ],
)
def test_who_has_a_whole_network_is_one(said: str, counted: str) -> None:
    def scope(client: str, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
        return {"type": "http", "client": (client, 1), "headers": headers}

    assert address_of(scope("192.0.2.1", (b"x-forwarded-for", said.encode())), proxy=True) == counted
    assert address_of(scope(said.rpartition(", ")[2]), proxy=False) == counted


def test_what_stands_before_the_proxys_own_word_is_not_believed() -> None:
    lines = [(b"x-forwarded-for", b"192.0.2.1"), (b"x-forwarded-for", b"192.0.2.2, 192.0.2.3")]
    assert address_of({"headers": lines, "client": ("10.0.0.1", 1)}, proxy=True) == "192.0.2.3"


def test_addresses_are_forgotten_rather_than_memory_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.guards.MOST_ADDRESSES", 10)
    buckets = Buckets(60)
    for number in range(100):
        buckets.take(f"10.0.0.{number}", 1)
    assert len(buckets._held) == 10


@pytest.mark.parametrize("path", ["/health", "/nothing", "/api/v1/ledgers", "/api/v1/openapi.json"])
def test_browsers_are_told_to_be_strict(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["submissions", "session", "enrolments/look"])
def test_a_body_whose_length_is_not_said_is_counted(client: TestClient, base: str, path: str) -> None:
    def flood() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * (1 << 16)

    answer = client.post(f"{base}/{path}", content=flood(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["rule"]) == (413, "request.too_large")


@pytest.mark.parametrize("length", ["x", "-1", "99999999999", "0" * 5_000])
def test_a_length_that_makes_no_sense(client: TestClient, base: str, length: str) -> None:
    answer = client.post(f"{base}/submissions", content=b"{}", headers={"Content-Length": length})
    assert answer.status_code == 413
