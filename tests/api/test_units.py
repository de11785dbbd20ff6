"""A unit's own page: its owner sees what is his, officers what their office lets them see, nobody else anything."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.accounts.treasury import fees
from tests.api.house import House, Living, base, client, living
from tests.api.test_signing_in import bearer, signed_in
from tests.community import Flat, digest_of, flats
from tests.poll import Poll, motion

__all__ = ["base", "client"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """A unit with its neighbour's co-owner, a paid fee and a ballot."""
    house = House((*flats("a1 a2"), Flat("a3", owners=("owner-a3", "wife-a3"), voter="owner-a3")))
    house.take(("2026-01-05", 300_00, [fees(300_00, unit="a1")]), ("2026-01-06", 20_00, [fees(20_00, unit="a2")]))
    poll = Poll(house, [motion()])
    poll.prepare()
    poll.cast("a1", "y")
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        yield home


def asked(client: TestClient, base: str, who: str, code: str = "a1") -> Any:
    headers = bearer(signed_in(client, base, who)) if who else {}
    answer = client.get(f"{base}/units/{code}", headers=headers)
    return answer.json() if answer.status_code == 200 else answer.status_code


def test_an_owner_sees_his_own(client: TestClient, base: str, home: Living) -> None:
    mine = asked(client, base, "owner-a1")
    assert (mine["code"], mine["label"], mine["area"]) == ("a1", "a1", 10_000)
    # A name is for supervisors; nobody is told another owner's, and his own he knows.
    assert mine["owners"] == [{"person": home.house.ref("owner-a1")}]
    assert [line["amount"] for line in mine["lines"]["items"]] == [300_00]
    (vote,) = mine["votes"]["items"]
    assert [one["unit"] for one in vote["ballots"]] == ["a1"]
    assert "choices" not in vote["ballots"][0]


def test_an_office_sees_names_too(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    for who in ("chair", "supervisor"):
        seen = asked(client, base, who, "a3")
        assert {one["name"] for one in seen["owners"]} == {"owner-a3", "wife-a3"}
        assert seen["voter"] == house.ref("owner-a3")


def test_nobody_else(client: TestClient, base: str) -> None:
    assert asked(client, base, "") == 401
    assert asked(client, base, "zhang") == 403
    assert asked(client, base, "owner-a2") == 403
    # Whether a code exists is not said to whom it is not.
    assert asked(client, base, "owner-a2", "nothing") == 403
    assert asked(client, base, "chair", "nothing") == 404


def test_what_changed_is_read_from_the_record_that_changed_it(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    changed = house.change_unit(Flat("a1", area=12_000, owners=("owner-a2",)))
    home.follow()
    seen = asked(client, base, "owner-a2")
    assert (seen["area"], seen["record"], seen["label"]) == (12_000, changed, "a1")
    assert asked(client, base, "owner-a1") == 403


def test_a_text_that_was_withdrawn_is_gone(client: TestClient, base: str, home: Living) -> None:
    record = asked(client, base, "owner-a1")["record"]
    home.erase((record, "label"))
    assert "label" not in asked(client, base, "owner-a1")
    assert digest_of("x") != record
