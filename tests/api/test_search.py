"""Search: what somebody holds in his hand is found for what it is, and where it says, there it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ledger.store import statements
from tests.accounts.treasury import fees, spent
from tests.api.house import House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in

__all__ = ["base", "client"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    house = House()
    house.take(
        ("2026-01-05", 300_00, [fees(300_00, unit="a1")]),
        ("2026-01-06", -300_00, [spent(300_00, party="lift", contract="c1")]),
        ("2026-01-06", 17_00, [fees(17_00)]),
        confirmed=True,
    )
    house.set_clock("2026-07-02T09:00:00+08:00")
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        house.act("statement.published/1", statements.draft(home.store).body, by=["treasurer", "chair"])
        home.follow()
        yield home


def hits(client: TestClient, base: str, q: str, headers: dict[str, str] | None = None) -> list[tuple[str, str]]:
    answer = client.get(f"{base}/search", params={"q": q}, headers=headers or {})
    assert answer.status_code == 200, answer.text
    return [(one["what"], one["path"]) for one in answer.json()["items"]]


def test_numbers_and_codes(client: TestClient, base: str) -> None:
    assert hits(client, base, " 2026-01-0002 ") == [("voucher", "vouchers/2026-01-0002")]
    assert hits(client, base, "2026H1") == [("statement", "statements/2026H1")]
    assert hits(client, base, "lift") == [("party", "parties/lift")]
    assert hits(client, base, "c1") == [("contract", "contracts/c1")]
    assert hits(client, base, "bank") == [("account", "accounts/bank")]
    assert hits(client, base, "a1") == [("unit", "units/a1")]
    assert hits(client, base, "nothing") == hits(client, base, "没有") == hits(client, base, "%") == []


def test_amounts_with_and_without_a_sign(client: TestClient, base: str, home: Living) -> None:
    found = client.get(f"{base}/search", params={"q": "300.00"}).json()["items"]
    assert [(one["what"], one["amount"]) for one in found] == [("line", -300_00), ("line", 300_00)]
    for q, amounts in (("-300", [-300_00]), ("+300", [300_00]), ("￥300", [-300_00, 300_00]), ("300.01", [])):
        items = client.get(f"{base}/search", params={"q": q}).json()["items"]
        assert [one["amount"] for one in items if one["what"] == "line"] == amounts, q
    # One text may be two things.
    assert [one[0] for one in hits(client, base, "17")] == ["entry", "line"]


def test_digests(client: TestClient, base: str, home: Living) -> None:
    row = get(client, f"{base}/lines", party="lift")["items"][0]["record"]
    stands = statements.stands(home.store, "2026H1")
    assert hits(client, base, row) == [("record", f"payments/{row}")]
    assert hits(client, base, row.upper()) == [("record", f"payments/{row}")]
    assert hits(client, base, f"{row}#0") == [("item", f"payments/{row}")]
    assert hits(client, base, stands.digest) == [("statement", "statements/2026H1")]
    assert hits(client, base, stands.record) == [("record", "statements/2026H1")]
    letter = home.house.letter
    assert hits(client, base, letter) == [("record", f"records/{letter}")]
    key = home.house.key("chair").key
    assert hits(client, base, key) == [("key", "entries/0")]
    assert hits(client, base, "0" * 64) == []


def test_every_place_is_there(client: TestClient, base: str, home: Living) -> None:
    application = home.house.apply_for(100_00)
    poll = home.house.voted()
    home.follow()
    officer = bearer(signed_in(client, base, "chair"))
    asked: list[Any] = ["2026-01-0001", "2026H1", "3", "lift", "c1", "bank", "a1", "300", application]
    asked += [poll.called, poll.ballots["a1"], statements.stands(home.store, "2026H1").digest, f"{poll.called}#0"]
    for q in asked:
        found = hits(client, base, q)
        assert found, q
        for _what, path in found:
            assert client.get(f"{base}/{path}", headers=officer).status_code == 200, (q, path)


def test_a_private_document_is_not_found_by_whom_it_is_not_for(client: TestClient, base: str, home: Living) -> None:
    digest = home.store.add_document(b"%PDF-1", audience="supervisors", media="application/pdf")
    case = home.store.add_document(b"%PDF-2", audience="case", media="application/pdf")
    assert hits(client, base, digest) == []
    officer = bearer(signed_in(client, base, "chair"))
    assert hits(client, base, digest, officer) == [("document", f"documents/{digest}")]
    assert hits(client, base, case, officer) == []


@pytest.mark.parametrize("q", ["", " ", "x" * 81])
def test_what_is_no_text_is_refused(client: TestClient, base: str, q: str) -> None:
    assert client.get(f"{base}/search", params={"q": q}).status_code == 400
