"""Statements handed in or tried: drawing one up takes a second of the server, so it is known for whom, and one at a time."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ledger.log.entry import signature_json
from ledger.store import Store, statements
from tests.accounts.treasury import fees
from tests.api.house import House, Living, base, client, living
from tests.api.test_signing_in import bearer, signed_in

__all__ = ["base", "client"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    house = House()
    house.take(("2026-01-05", 300_00, [fees(300_00)]), confirmed=True)
    house.set_clock("2026-07-02T09:00:00+08:00")
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        yield home


def publication(home: Living, **other: Any) -> dict[str, Any]:
    """A signed submission that publishes the next statement; ``other`` replaces fields of its body."""
    record = home.house.record("statement.published/1", statements.draft(home.store).body | other)
    signatures = [signature_json(one) for one in home.house.sign(record, ["treasurer", "chair"])]
    return {"record": json.loads(record.raw), "signatures": signatures, "openings": []}


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often a statement is drawn up."""
    drawn: list[str] = []
    check = statements.check

    def counting(rows: Any, stands: Any, size: int) -> bytes:
        drawn.append(stands.period)
        return check(rows, stands, size)

    monkeypatch.setattr(statements, "check", counting)
    return drawn


@pytest.mark.parametrize("signed", ["true", "false"])
def test_a_stranger_makes_nobody_draw_one_up(
    client: TestClient, base: str, home: Living, monkeypatch: pytest.MonkeyPatch, signed: str
) -> None:
    drawn, body = counted(monkeypatch), publication(home)
    other = body | {"record": body["record"] | {"kind": "party.entered/1"}}
    for asked in (body, [body], [other, body]):
        answer = client.post(f"{base}/submissions/try?signed={signed}", json=asked)
        assert (answer.status_code, answer.json()["rule"]) == (401, "access.sign_in")
    assert drawn == []
    # What draws nothing up is open to anybody as before.
    assert client.post(f"{base}/submissions/try", json=other).status_code == 200


def test_a_key_alone_makes_nobody_draw_one_up(
    client: TestClient, base: str, home: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An owner could do so all day, and whoever signs a statement waits for it."""
    body = publication(home)
    wanted = {"kind": "statement.published/1", "body": body["record"]["body"]}
    drawn, headers = counted(monkeypatch), bearer(signed_in(client, base, "owner-a1"))
    for path, asked in (
        ("submissions/try", body),
        ("submissions/try?signed=false", body),
        ("acts/prepare", {"items": [wanted]}),
    ):
        answer = client.post(f"{base}/{path}", json=asked, headers=headers)
        assert (answer.status_code, answer.json()["rule"]) == (403, "access.not_yours"), path
    assert drawn == []


def test_a_person_is_told_whether_it_would_stand(
    client: TestClient, base: str, home: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, headers = counted(monkeypatch), bearer(signed_in(client, base, "supervisor"))
    assert client.post(f"{base}/submissions/try", json=publication(home), headers=headers).json()["stands"]
    wrong = client.post(f"{base}/submissions/try", json=publication(home, digest="0" * 64), headers=headers).json()
    assert wrong["wrong"][0]["problem"]["rule"] == "statement.digest_differ"
    assert drawn == ["2026H1", "2026H1"]
    assert home.store.books.publication.latest is None


def test_one_at_a_time_and_others_are_told_to_come_again(
    client: TestClient, base: str, home: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    dry_run = Store.dry_run

    def slow(store: Store, *given: Any, **how: Any) -> Any:
        begun.set()
        assert go_on.wait(10)
        return dry_run(store, *given, **how)

    monkeypatch.setattr(Store, "dry_run", slow)
    body, headers = publication(home), bearer(signed_in(client, base, "supervisor"))
    with ThreadPoolExecutor() as others:
        first = others.submit(client.post, f"{base}/submissions/try", json=body, headers=headers)
        assert begun.wait(10)
        busy = client.post(f"{base}/submissions/try", json=body, headers=headers)
        assert (busy.status_code, busy.json()["rule"], busy.headers["retry-after"]) == (503, "try.busy", "2")
        # What is handed in waits for its turn: it is refused to nobody who has signed it.
        handed_in = others.submit(client.post, f"{base}/submissions", json=body)
        assert client.get("/health").status_code == 200
        go_on.set()
        assert first.result().json()["stands"]
        assert handed_in.result().status_code == 201
    assert client.get(f"{base}/statements/2026H1").status_code == 200


def test_a_list_of_statements_is_drawn_up_once(
    client: TestClient, base: str, home: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each further one would follow from entries that are not there yet."""
    home.house.set_clock("2027-07-02T09:00:00+08:00")
    home.follow()
    body = publication(home)
    drawn = []
    draw = statements._draw

    def drawing(rows: Any, wanted: Any) -> Any:
        drawn.append(wanted)
        return draw(rows, wanted)

    monkeypatch.setattr(statements, "_draw", drawing)
    later = [publication(home, period="2026H2", prefix=body["record"]["body"]["prefix"] + n) for n in (0, 1, 2)]
    drawn.clear()
    headers = bearer(signed_in(client, base, "supervisor"))
    answer = client.post(f"{base}/submissions/try", json=[body, *later], headers=headers).json()
    assert not answer["stands"]
    assert len(drawn) == 1
