"""Signatures that were made for something else, at every route that takes one: refused by name, and nothing is written.

A ledger's enemy has what was once signed: for a sister ledger, for another record, in a batch, by a key since revoked, too
long ago. Each is tried where records are handed in, tried, and left waiting; and where people sign in.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import sessions
from ledger.books import AHEAD_MS, OLDEST_MS
from ledger.log.entry import Record, Signature, Submission, submission_json
from ledger.period import format_time
from tests.api.conftest import Served
from tests.api.test_signing_in import answered, bearer, signed_in
from tests.api.test_waiting import headers, joined, left
from tests.community import BOTH, key_of
from tests.store.settled import Maker

KIND = "person.entered/1"
OTHER = "0" * 64
Forged = tuple[Record, Sequence[Signature]]
Forger = Callable[[Maker, Sequence[str]], list[Forged]]


def office(maker: Maker, title: str = "窗口", **envelope: str) -> Record:
    """A record that would stand."""
    return maker.record(KIND, {"nature": "office", "title": title}, **envelope)


def for_another_ledger(maker: Maker, by: Sequence[str]) -> list[Forged]:
    record = office(maker, ledger=OTHER)
    return [(record, maker.sign(record, by))]


def signed_for_another_ledger(maker: Maker, by: Sequence[str]) -> list[Forged]:
    record = office(maker)
    twin = office(maker, ledger=OTHER, id=record.id)
    return [(record, maker.sign(twin, by))]


def over_another_record(maker: Maker, by: Sequence[str]) -> list[Forged]:
    return [(office(maker, "甲"), maker.sign(office(maker, "乙"), by))]


def batched(maker: Maker, by: Sequence[str]) -> list[Forged]:
    records = [office(maker, "甲"), office(maker, "乙")]
    return list(zip(records, maker.sign_batch(records, by), strict=True))


def moved_in_a_batch(maker: Maker, by: Sequence[str]) -> list[Forged]:
    (_first, signed), second = batched(maker, by)
    return [(office(maker, "丙"), signed), second]


def changed_places_in_a_batch(maker: Maker, by: Sequence[str]) -> list[Forged]:
    (first, one), (second, two) = batched(maker, by)
    return [(second, one), (first, two)]


def taken_out_of_a_batch(maker: Maker, by: Sequence[str]) -> list[Forged]:
    return batched(maker, by)[:1]


def said_to_be_single(maker: Maker, by: Sequence[str]) -> list[Forged]:
    record, signed = batched(maker, by)[0]
    return [(record, [replace(one, batch=None) for one in signed])]


def of_a_sign_in(maker: Maker, by: Sequence[str]) -> list[Forged]:
    record = office(maker)
    challenge = {"ledger": record.ledger, "record": record.digest}
    sig = {key_of(who).key: key_of(who).sign(sessions.signed_bytes(challenge)) for who in by}
    return [(record, [replace(one, sig=sig[one.key]) for one in maker.sign(record, by)])]


def too_old(maker: Maker, by: Sequence[str]) -> list[Forged]:
    record = office(maker, at=format_time(maker.time - OLDEST_MS - 1))
    return [(record, maker.sign(record, by))]


def too_far_ahead(maker: Maker, by: Sequence[str]) -> list[Forged]:
    record = office(maker, at=format_time(maker.time + AHEAD_MS + 1))
    return [(record, maker.sign(record, by))]


def under_a_used_name(maker: Maker, by: Sequence[str]) -> list[Forged]:
    record = office(maker, id=maker.entries[-1].record.id)
    return [(record, maker.sign(record, by))]


def of_a_stranger(maker: Maker, by: Sequence[str]) -> list[Forged]:
    record, others = office(maker), [maker.key(who) for who in by][-1:]
    return [(record, maker.sign(record, [*others, key_of("stranger")]))]


FORGED: dict[Forger, str] = {
    for_another_ledger: "record.foreign_ledger",
    signed_for_another_ledger: "signature.invalid",
    over_another_record: "signature.invalid",
    moved_in_a_batch: "signature.invalid",
    changed_places_in_a_batch: "signature.invalid",
    taken_out_of_a_batch: "batch.incomplete",
    said_to_be_single: "signature.invalid",
    of_a_sign_in: "signature.invalid",
    too_old: "record.expired",
    too_far_ahead: "record.expired",
    under_a_used_name: "record.id_used",
    of_a_stranger: "signature.unknown_key",
}


def wire(forged: list[Forged]) -> Any:
    made = [submission_json(Submission(record, tuple(signed))) for record, signed in forged]
    return made if len(made) > 1 else made[0]


def rule_at(client: TestClient, base: str, route: str, body: Any) -> str:
    """The rule by which a route refuses."""
    who = headers(client, base, "registrar") if route == "waiting" else {}
    answer = client.post(f"{base}/{route}", json=body, headers=who)
    said = answer.json()
    if route == "submissions/try" and answer.status_code == 200:
        assert not said["stands"]
        return str(said["wrong"][0]["problem"]["rule"])
    assert answer.status_code in (400, 409, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(said["rule"])


@pytest.mark.parametrize("route", ["submissions", "submissions/try", "waiting"])
@pytest.mark.parametrize("forger", FORGED)
def test_it_is_refused(client: TestClient, base: str, served: Served, forger: Forger, route: str) -> None:
    size = served.store.books.head.size
    by = ["registrar"] if route == "waiting" else list(BOTH)
    assert rule_at(client, base, route, wire(forger(served.maker, by))) == FORGED[forger]
    assert served.store.books.head.size == size
    waits = client.get(f"{base}/waiting", headers=headers(client, base, "registrar")).json()["items"]
    assert waits == []


@pytest.mark.parametrize("route", ["submissions", "submissions/try"])
def test_a_revoked_key_signs_nothing(client: TestClient, base: str, served: Served, route: str) -> None:
    maker, before = served.maker, len(served.maker.submissions)
    record = office(maker)
    signed = maker.sign(record, BOTH)
    maker.revoke(key_of("chair"), by="registrar")
    served.append(maker.submissions[before:], client)
    assert rule_at(client, base, route, wire([(record, signed)])) == "signature.key_revoked"
    assert served.store.books.head.size == len(maker.entries)


def test_what_waits_takes_no_signature_over_something_else(client: TestClient, base: str, served: Served) -> None:
    one, other = left(client, base), left(client, base)
    size = served.store.books.head.size
    borrowed = {**one, "items": other["items"]}
    assert joined(client, base, borrowed, "chair").json()["rule"] == "signature.invalid"
    assert served.store.books.head.size == size
    assert joined(client, base, one, "chair").status_code == 201


@pytest.mark.parametrize(
    "changed", [{"ledger": OTHER}, {"site": "https://evil.example"}, {"at": "2026-01-01T00:00:00.000Z"}]
)
def test_a_challenge_signed_for_elsewhere_signs_nobody_in(
    client: TestClient, base: str, changed: dict[str, str]
) -> None:
    """The challenge is ours; what was signed is one that differs in a field."""
    challenge = client.post(f"{base}/session/challenge").json()
    answer = answered(challenge | changed) | {"challenge": challenge}
    refused = client.post(f"{base}/session", json=answer)
    assert (refused.status_code, refused.json()["rule"]) == (422, "signature.invalid")
    assert client.get(f"{base}/session").status_code == 401


def test_a_signature_over_a_record_signs_nobody_in(client: TestClient, base: str, maker: Maker) -> None:
    answer = answered(client.post(f"{base}/session/challenge").json())
    answer["sig"] = base64.b64encode(key_of("chair").sign(office(maker).pae)).decode()
    assert client.post(f"{base}/session", json=answer).json()["rule"] == "signature.invalid"


def test_a_revoked_key_signs_nobody_in(client: TestClient, base: str, served: Served, maker: Maker) -> None:
    answer = answered(client.post(f"{base}/session/challenge").json())
    before = len(maker.submissions)
    maker.revoke(key_of("chair"), by="registrar")
    served.append(maker.submissions[before:], client)
    assert client.post(f"{base}/session", json=answer).json()["rule"] == "signature.key_revoked"


@pytest.mark.parametrize("path", ["documents", "acts/prepare", "waiting", "bank/bank/look"])
def test_a_token_that_is_not_quite_one_lets_nobody_write(client: TestClient, base: str, path: str) -> None:
    token = signed_in(client, base, "chair")
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (bearer(flipped), {"Authorization": f"Basic {token}"}, {"Authorization": token}):
        refused = client.post(f"{base}/{path}", json={}, headers=wrong)
        assert refused.status_code == 401, refused.text
