"""Votes over HTTP: who may, who has, how many; and never what, before the ledger itself says so."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import operations
from ledger.log import merkle
from ledger.store.reading import ballots
from ledger.store.reading.ballots import LeafItem
from ledger.votes.roll import leaf_bytes
from ledger.votes.state import Leaf
from tests.api.house import BUDGET, House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in
from tests.community import Flat, flats
from tests.poll import Poll, motion

CONSENT = b'<button value="yes">'
"""The button of a dialog in which whoever is about to sign agrees; it says nothing of a vote."""

__all__ = ["base", "client"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    home = living(tmp_path / "ledger.db", House())
    with home.store:
        yield home


@pytest.fixture
def poll(home: Living) -> Poll:
    """A meeting under way: three of three have voted, one of them twice."""
    poll = Poll(home.house, [motion(effect=BUDGET), motion(5, "修电梯")])
    poll.prepare()
    poll.cast("a1", "yy")
    poll.cast("a2", "yn")
    poll.cast("a3", "nn")
    poll.cast("a1", "ya", revision=2)
    home.follow()
    return poll


def leaf_of(item: dict[str, object]) -> bytes:
    read = LeafItem.model_validate_json(json.dumps(item))
    return leaf_bytes(Leaf(read.unit, read.units, read.owners, read.area, read.head, read.voter or ""))


def test_each_act_shows_as_it_is_done(client: TestClient, base: str, home: Living) -> None:
    poll = Poll(home.house, [motion(effect=BUDGET), motion(5, "修电梯")])

    def standing() -> str:
        home.follow()
        return str(get(client, f"{base}/meetings/{poll.called}")["standing"])

    poll.call()
    assert standing() == "called"
    now = get(client, f"{base}/meetings/{poll.called}")
    assert [one["thresholds"]["majority"] for one in now["motions"]] == ["ordinary", "ordinary"]
    assert not now["motions"][0]["thresholds"]["settled"]
    assert (now["motions"][0]["type"], now["motions"][0]["effect"]) == ("budget", BUDGET)
    assert client.get(f"{base}/meetings/{poll.called}/turnout").json()["rule"] == "meeting.not_open"
    assert client.get(f"{base}/meetings/{poll.called}/roll").json()["rule"] == "roll.none"
    assert get(client, f"{base}/meetings/{poll.called}/ballots")["items"] == []
    poll.post()
    assert standing() == "posted"
    poll.freeze()
    assert standing() == "frozen"
    poll.open()
    assert standing() == "opened"
    whole = get(client, f"{base}/meetings/{poll.called}")
    assert whole["motions"][0]["thresholds"]["settled"]
    assert (whole["notices"][0]["record"], whole["roll"]["record"], whole["opened"]["record"]) == (
        poll.notice, poll.roll, poll.opened,
    )  # fmt: skip
    assert whole["turnout"] == {"cast": {"area": 0, "heads": 0}, "whole": {"area": 30_000, "heads": 3}}


def test_turnout_grows_by_leaf_and_not_by_revision(client: TestClient, base: str, poll: Poll) -> None:
    assert get(client, f"{base}/meetings/{poll.called}/turnout")["cast"] == {"area": 30_000, "heads": 3}
    items = get(client, f"{base}/meetings/{poll.called}/ballots")["items"]
    assert [(one["unit"], one["revision"], one["superseded"]) for one in items] == [
        ("a1", 1, True), ("a2", 1, False), ("a3", 1, False), ("a1", 2, False),
    ]  # fmt: skip
    page = get(client, f"{base}/meetings/{poll.called}/ballots", limit=3)
    assert get(client, f"{base}/meetings/{poll.called}/ballots", after=page["next"])["items"] == items[3:]
    assert get(client, f"{base}/ballots/{items[1]['record']}") == items[1]


@pytest.mark.uncounted
def test_before_the_close_nobody_is_told_what_anybody_chose(
    client: TestClient, base: str, home: Living, poll: Poll
) -> None:
    """Every operation that reads, with everything that it could be asked about, as everybody."""
    secrets = [base64.b64encode(salt) for salt, _choices in poll.sealed.values()] + [
        b'"choices":["',
        b'"yes"',
        b'"abstain"',
    ]
    sealed = list(poll.sealed)
    values: dict[str, list[Any]] = {
        "ledger": [home.store.books.ledger],
        "seq": [home.store.seq_of(ballot) for ballot in sealed],
        "digest": [*sealed, poll.called, poll.opened],
        "code": ["a1", "a2", "a3"],
        "path": ["checkpoint", f"tile/entries/000.p/{home.store.books.head.size}", "tile/0/000.p/30"],
        "period": ["2026H1"],
        "number": ["2026-01-0001"],
    }
    readers: list[dict[str, str]] = [
        {},
        *(bearer(signed_in(client, base, who)) for who in ("owner-a1", "owner-a2", "chair", "registrar")),
    ]
    asked = answered = 0
    for method, path in operations():
        name = next((one for one in values if one != "ledger" and f"{{{one}" in path), "ledger")
        if method != "GET" or path.endswith(("/events", "/acts/kinds")):
            continue  # events: see test_events.py; the schemas of bodies say what may be answered
        for value in values[name]:
            real = path.replace(":path", "").format_map(
                defaultdict(lambda: "0", {"ledger": values["ledger"][0], name: value})
            )
            for headers in readers:
                answer = client.get(real, headers=headers, params={"limit": 200} if path.endswith("s") else {})
                asked, answered = asked + 1, answered + answer.is_success
                shown = answer.content.replace(CONSENT, b"")
                assert not [secret for secret in secrets if secret in shown], real
    assert answered > 100
    assert asked > answered


def test_after_the_certificate_everything_is_said(client: TestClient, base: str, home: Living, poll: Poll) -> None:
    poll.close()
    poll.unseal()
    home.follow()
    items = get(client, f"{base}/meetings/{poll.called}/ballots")["items"]
    assert [one.get("choices") for one in items] == [None, ["yes", "no"], ["no", "no"], ["yes", "abstain"]]
    assert get(client, f"{base}/meetings/{poll.called}")["standing"] == "opened"
    poll.certify()
    home.follow()
    whole = get(client, f"{base}/meetings/{poll.called}")
    assert (whole["standing"], whole["certificate"]["record"]) == ("certified", poll.certificate)
    assert [one["passed"] for one in whole["motions"]] == [poll.passed(0), poll.passed(1)] == [True, False]
    assert whole["certificate"]["figures"]["items"][0]["yes"] == {"area": 20_000, "heads": 2}
    assert whole["certificate"]["witnessed"] is True
    assert whole["turnout"]["cast"] == whole["certificate"]["figures"]["cast"]
    # All of it stays when the meeting has left the books.
    roll = get(client, f"{base}/meetings/{poll.called}/roll")
    assert merkle.root(merkle.leaf_hashes(leaf_of(one) for one in roll["items"])).hex() == roll["root"]
    assert get(client, f"{base}/meetings/{poll.called}/ballots")["items"] == items
    assert [one["called"] for one in get(client, f"{base}/meetings")["items"]] == [poll.called]


def test_a_roll_of_head_groups_goes_on_and_gives_its_root(tmp_path: Path) -> None:
    house = House((*flats("a1 a3 a5"), Flat("a2", owners=("owner-a1",)), Flat("a4", owners=("x", "y"), voter="x")))
    home = living(tmp_path / "ledger.db", house)
    poll = Poll(house, [motion()])
    poll.prepare()
    home.follow()
    with home.store as store:
        first = ballots.leaves(store, poll.called, limit=2)
        rest = ballots.leaves(store, poll.called, limit=2, after=first.next or "")
        items = [*first.items, *rest.items]
        assert [one.units for one in items] == [("a1", "a2"), ("a3",), ("a4",), ("a5",)]
        assert rest.next is None
        assert items[2].voter == house.ref("x")
        assert merkle.root(merkle.leaf_hashes(leaf_of(one.model_dump()) for one in items)).hex() == first.root
        poll.cast("a1", "y")
        home.follow()
        # The second unit of the group finds what was cast for the group.
        (vote,) = ballots.votes_of(store, "a2").items
        assert (vote.leaf, [one.unit for one in vote.ballots]) == ("a1", ["a1"])


def test_a_units_ballots_are_for_its_owner(client: TestClient, base: str, poll: Poll) -> None:
    for who, status in (("owner-a1", 200), ("owner-a2", 403), ("chair", 200), ("supervisor", 200), ("", 401)):
        headers = bearer(signed_in(client, base, who)) if who else {}
        answer = client.get(f"{base}/ballots/of/a1", headers=headers)
        assert answer.status_code == status, who
        if status == 200:
            (vote,) = answer.json()["items"]
            assert (vote["meeting"], vote["opened"], vote["leaf"]) == (poll.called, poll.opened, "a1")
            assert [(one["revision"], one["superseded"]) for one in vote["ballots"]] == [(1, True), (2, False)]


def test_a_withdrawn_meeting_says_why(client: TestClient, base: str, home: Living) -> None:
    poll = Poll(home.house, [motion()])
    poll.call()
    home.house.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": "改期"}, by=["chair"])
    home.follow()
    whole = get(client, f"{base}/meetings/{poll.called}")
    assert (whole["standing"], whole["withdrawn"]["reason"]) == ("withdrawn", "改期")
    assert "thresholds" not in whole["motions"][0]
    for path in ("meetings/{}", "meetings/{}/roll", "meetings/{}/ballots", "meetings/{}/turnout"):
        assert client.get(f"{base}/{path.format('0' * 64)}").json()["rule"] == "meeting.unknown"
    assert client.get(f"{base}/ballots/{'0' * 64}").json()["rule"] == "ballot.unknown"
