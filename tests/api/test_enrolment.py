"""A key by invitation: what a code is good for, what it is not, and that it binds nobody before role and registrar have signed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import guesses
from ledger import canonical, period
from ledger.log.entry import parse_submission, submission_json
from ledger.people import drafting
from ledger.signatures import key_id
from ledger.store import invitations
from ledger.store import waiting as waiting_room
from ledger.store.waiting import Waiting, WaitingRoom
from tests.api.conftest import Served
from tests.api.test_signing_in import bearer, signed_in
from tests.api.test_waiting import headers, joined, left
from tests.community import flats, key_of
from tests.store.settled import Maker

DAY = 86_400_000


@pytest.fixture
def maker() -> Maker:
    """A community with owners and a guest who owns nothing."""
    maker = Maker(units=flats("a1 a2"))
    maker.enter("guest")
    return maker


def invited(client: TestClient, base: str, who: str = "registrar", **asked: Any) -> list[Any]:
    """The codes that somebody made, for the owners of a1 unless said otherwise."""
    answer = client.post(f"{base}/invitations", json=asked or {"units": ["a1"]}, headers=headers(client, base, who))
    assert answer.status_code == 201, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def looked(client: TestClient, base: str, code: str) -> Any:
    return client.post(f"{base}/enrolments/look", json={"code": code})


def proposal(served: Served, person: str, name: str = "phone", *by: str) -> dict[str, Any]:
    """The record that enrols a new key, signed by it, as a browser makes it."""
    key = key_of(name)
    body = {"person": person, "key": {"alg": key.alg, "public": canonical.encode_base64(key.public)}}
    record = served.maker.record("key.enrolled/1", body)
    signed = drafting.sign(record, [key_of(one) for one in by or (name,)])
    return submission_json(drafting.submissions([record], [signed], [()])[0])


def enrolled(client: TestClient, base: str, code: str, submission: dict[str, Any]) -> Any:
    return client.post(f"{base}/enrolments", json={"code": code, "submission": submission})


def waiting(client: TestClient, base: str, who: str) -> list[Any]:
    found: list[Any] = client.get(f"{base}/waiting", headers=headers(client, base, who)).json()["items"]
    return found


def completed(client: TestClient, base: str, digest: str, *people: str) -> Any:
    """The answer to the last of these signatures, each made after looking at the whole."""
    path, answer = f"{base}/waiting/{digest}", None
    for who in people:
        whole = client.get(path, headers=headers(client, base, who)).json()
        assert whole["items"][0]["wrong"] == []
        answer = joined(client, base, whole, who)
    return answer


def test_a_key_comes_in_by_letter_role_and_registrar(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    said = looked(client, base, one["code"].lower().replace(" ", "-")).json()
    assert said["units"] == ["a1"]
    assert said["waits"] == 8
    before = served.store.books.head.size
    answer = enrolled(client, base, one["code"], proposal(served, said["person"]))
    assert answer.status_code == 201, answer.text
    assert answer.json()["missing"] == 2
    key = answer.json()["key"]
    assert key == key_id(key_of("phone").alg, key_of("phone").public)
    assert served.store.books.head.size == before
    for who in ("chair", "registrar"):
        (brief,) = waiting(client, base, who)
        assert (brief["digest"], brief["yours"]) == (answer.json()["waiting"], True)
    last = completed(client, base, answer.json()["waiting"], "chair", "registrar")
    assert last.status_code == 201, last.text
    held = served.store.books.people.keys[key]
    assert held.person == said["person"]
    assert held.start > served.maker.time + 6 * DAY, "he had a key, which did not sign"


def test_a_first_key_counts_at_once(client: TestClient, base: str, served: Served) -> None:
    submission = served.maker.person("newcomer", by=("chair", "registrar"))
    served.append([submission], client)
    (one,) = invited(client, base, persons=[submission.record.digest])
    assert looked(client, base, one["code"]).json()["waits"] == 0
    answer = enrolled(client, base, one["code"], proposal(served, submission.record.digest))
    last = completed(client, base, answer.json()["waiting"], "registrar", "treasurer")
    assert last.status_code == 201, last.text
    assert signed_in(client, base, "phone")


def test_an_older_key_vouches(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    submission = proposal(served, one["person"], "phone", "phone", "owner-a1")
    answer = enrolled(client, base, one["code"], submission)
    assert (answer.status_code, answer.json()["missing"]) == (201, 2)
    last = completed(client, base, answer.json()["waiting"], "registrar", "chair")
    assert last.status_code == 201, last.text
    assert signed_in(client, base, "phone")


def test_the_invitation_alone_binds_nothing(client: TestClient, base: str, served: Served) -> None:
    """Neither the key nor one office can make it stand, on any way in."""
    (one,) = invited(client, base, "chair")
    submission = proposal(served, one["person"])
    answer = enrolled(client, base, one["code"], submission)
    assert client.post(f"{base}/submissions", json=submission).status_code == 422
    path = f"{base}/waiting/{answer.json()['waiting']}"
    half = joined(client, base, client.get(path, headers=headers(client, base, "chair")).json(), "chair")
    assert half.status_code == 200
    read = parse_submission(canonical.encode(half.json()["items"][0]["submission"]))
    refused = client.post(f"{base}/submissions", json=submission_json(read))
    assert refused.status_code == 422, refused.text
    assert answer.json()["key"] not in served.store.books.people.keys
    challenge = client.post(f"{base}/session/challenge").json()
    assert challenge["ledger"] == served.store.books.ledger


def test_a_code_is_spent_by_its_use(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    assert enrolled(client, base, one["code"], proposal(served, one["person"])).status_code == 201
    for answer in (
        looked(client, base, one["code"]),
        enrolled(client, base, one["code"], proposal(served, one["person"], "other")),
    ):
        assert (answer.status_code, answer.json()["rule"]) == (404, "invitation.unknown")


def test_a_newer_letter_ends_the_older(client: TestClient, base: str) -> None:
    (old,), (new,) = invited(client, base), invited(client, base)
    assert looked(client, base, old["code"]).json()["rule"] == "invitation.unknown"
    assert looked(client, base, new["code"]).status_code == 200


def test_a_letter_is_over_after_its_days(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    assert period.parse_time(one["expires"]) == served.maker.time + 30 * DAY
    served.maker.time += 30 * DAY - 1
    assert looked(client, base, one["code"]).status_code == 200
    served.maker.time += 1
    answer = looked(client, base, one["code"])
    never = looked(client, base, invitations.make())
    assert answer.json() == never.json(), "what was and what never was are told apart by nobody"


def test_the_record_is_for_the_person_of_the_letter(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    answer = enrolled(client, base, one["code"], proposal(served, served.maker.ref("chair")))
    assert answer.json()["rule"] == "invitation.other_person"
    assert enrolled(client, base, one["code"], proposal(served, one["person"])).status_code == 201, "not spent by it"


def test_the_key_proves_its_possession(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    wrong = proposal(served, one["person"])
    wrong["signatures"][0]["sig"] = canonical.encode_base64(bytes(64))
    assert enrolled(client, base, one["code"], wrong).json()["rule"] == "signature.invalid"
    other = proposal(served, one["person"], "phone", "owner-a1")
    assert enrolled(client, base, one["code"], other).json()["rule"] == "signers.new_key_silent"
    stranger = proposal(served, one["person"], "phone", "phone", "nobody")
    assert enrolled(client, base, one["code"], stranger).json()["rule"] == "signature.unknown_key"


def test_a_key_that_stands_is_not_proposed_again(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    answer = enrolled(client, base, one["code"], proposal(served, one["person"], "owner-a2"))
    assert (answer.status_code, answer.json()["rule"]) == (409, "key.enrolled_before")


def test_a_code_lets_in_nothing_but_a_key(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    record = served.maker.record("key.revoked/1", {"key": "0" * 64, "reason": "lost"})
    signed = drafting.sign(record, [key_of("owner-a1")])
    submission = submission_json(drafting.submissions([record], [signed], [()])[0])
    assert enrolled(client, base, one["code"], submission).json()["rule"] == "invitation.kind"


def left_by_owner(client: TestClient, base: str, served: Served, owner: str, name: str) -> Any:
    """A further key, proposed without a letter by an owner's older key."""
    made = proposal(served, served.maker.ref(owner), name, name, owner)
    return client.post(f"{base}/waiting", json=made, headers=headers(client, base, owner))


def test_owners_do_not_take_the_offices_places(
    client: TestClient, base: str, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_room, "MOST_OF_OTHERS", 2)
    monkeypatch.setattr(waiting_room, "MOST", 3)
    assert [left_by_owner(client, base, served, "owner-a1", f"k{n}").status_code for n in range(2)] == [201, 201]
    assert left_by_owner(client, base, served, "owner-a1", "k2").json()["rule"] == "waiting.too_many"
    assert left_by_owner(client, base, served, "owner-a2", "k3").status_code == 201
    refused = left_by_owner(client, base, served, "owner-a2", "k4")
    assert (refused.status_code, refused.json()["rule"]) == (422, "waiting.full")
    left(client, base, "registrar")
    assert [len(waiting(client, base, who)) for who in ("owner-a1", "owner-a2", "guest", "chair")] == [2, 1, 0, 4]


def test_who_has_the_phone_does_not_keep_a_letter_out(
    client: TestClient, base: str, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_room, "MOST_OF_OTHERS", 1)
    assert left_by_owner(client, base, served, "owner-a1", "thief").status_code == 201
    assert left_by_owner(client, base, served, "owner-a1", "again").json()["rule"] == "waiting.too_many"
    for name, status in (("new", 201), ("newer", 201), ("newest", 422)):
        (one,) = invited(client, base)
        assert enrolled(client, base, one["code"], proposal(served, one["person"], name)).status_code == status


@pytest.mark.parametrize(("meanwhile", "rule"), [("registrar", None), ("treasurer", "waiting.unknown")])
def test_two_who_sign_at_once(
    client: TestClient, base: str, served: Served, monkeypatch: pytest.MonkeyPatch, meanwhile: str, rule: str | None
) -> None:
    """At two seats both count, and it stands; at one seat the first does, and the act is not spoilt by the second."""
    (one,) = invited(client, base)
    digest = enrolled(client, base, one["code"], proposal(served, one["person"])).json()["waiting"]
    real = WaitingRoom.sign
    met: list[object] = []

    def interrupted(room: WaitingRoom, seen: Waiting, signatures: Any, now: int) -> Waiting | None:
        if not met:
            met.append(real(room, seen, drafting.sign(seen.submissions[0].record, [key_of(meanwhile)]), now))
        return real(room, seen, signatures, now)

    monkeypatch.setattr(WaitingRoom, "sign", interrupted)
    answer = completed(client, base, digest, "chair")
    assert answer.json().get("rule") == rule
    if rule is not None:
        answer = completed(client, base, digest, "registrar")
    assert answer.status_code == 201, answer.text
    assert served.store.seq_of(digest) == served.store.books.head.size - 1


def test_who_guesses_shuts_out_himself_alone(
    client: TestClient, base: str, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client.app.state, "settings", replace(client.app.state.settings, proxy=True))  # type: ignore[attr-defined]
    (one,) = invited(client, base)

    def asked(code: str, *addresses: str) -> Any:
        named = [("X-Forwarded-For", address) for address in addresses]
        return client.post(f"{base}/enrolments/look", json={"code": code}, headers=named)

    for number in range(guesses.MOST):
        assert asked(invitations.make(), f"2001:db8:0:7::{number:x}").status_code == 404
    assert asked(one["code"], "2001:db8:0:7:ffff::1").json()["rule"] == "invitation.too_many"
    assert asked(one["code"], "192.0.2.1", "2001:db8:0:7::1").status_code == 429, (
        "what he wrote himself above the proxy's"
    )
    assert asked(one["code"], "2001:db8:0:8::1").status_code == 200
    assert asked(one["code"], "198.51.100.4, 192.0.2.1").status_code == 200


def test_guessing_is_shut_for_the_minute(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    for _ in range(guesses.MOST):
        assert looked(client, base, invitations.make()).json()["rule"] == "invitation.unknown"
    answer = looked(client, base, one["code"])
    assert (answer.status_code, answer.json()["rule"]) == (429, "invitation.too_many")
    assert answer.headers["retry-after"] == "60"
    assert enrolled(client, base, one["code"], proposal(served, one["person"])).status_code == 429
    served.maker.time += guesses.WINDOW_MS
    assert looked(client, base, one["code"]).status_code == 200


def test_a_slip_of_the_finger_is_told_and_not_counted(client: TestClient, base: str) -> None:
    (one,) = invited(client, base)
    code = one["code"].replace(" ", "")
    for place in range(invitations.LENGTH):
        other = "Z" if code[place] != "Z" else "Y"
        answer = looked(client, base, code[:place] + other + code[place + 1 :])
        assert (answer.status_code, answer.json()["rule"]) == (400, "invitation.mistyped")
        assert code not in answer.text
    for _ in range(guesses.MOST):
        looked(client, base, "short")
    assert looked(client, base, code).status_code == 200


@pytest.mark.parametrize("who", ["chair", "treasurer", "member", "registrar"])
def test_who_makes_letters(client: TestClient, base: str, who: str) -> None:
    assert len(invited(client, base, who, units=["a1", "a2"])) == 2


def test_who_does_not(client: TestClient, base: str) -> None:
    def answer(who: str) -> Any:
        path = f"{base}/invitations"
        return client.post(path, json={"units": ["a1"]}, headers=headers(client, base, who)).json()["rule"]

    assert answer("owner-a1") == answer("guest") == "access.not_yours"
    assert answer("supervisor") == "invitation.office"


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({}, "invitation.nobody"),
        ({"units": ["zz"]}, "unit.unknown"),
        ({"persons": ["0" * 64]}, "person.unknown"),
        ({"persons": ["x"]}, "request.fields"),
    ],
)
def test_whom_nobody_can_invite(client: TestClient, base: str, asked: Any, rule: str) -> None:
    answer = client.post(f"{base}/invitations", json=asked, headers=headers(client, base, "chair"))
    assert answer.json()["rule"] == rule


def test_codes_are_nowhere_but_in_the_answer(client: TestClient, base: str, served: Served) -> None:
    codes = [one["code"].replace(" ", "") for one in invited(client, base, units=["a1", "a2"])]
    written = b"".join(path.read_bytes() for path in Path(served.store.path).parent.glob("ledger.db*"))
    assert len(set(codes)) == 2
    assert not any(code.encode() in written for code in codes)


def test_letters_as_pdf(client: TestClient, base: str) -> None:
    accept = headers(client, base, "registrar") | {"Accept": "application/pdf"}
    answer = client.post(f"{base}/invitations", json={"units": ["a1", "a2"]}, headers=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["cache-control"] == "private, no-store"


def test_the_registrar_declines(client: TestClient, base: str, served: Served) -> None:
    (one,) = invited(client, base)
    path = f"{base}/waiting/{enrolled(client, base, one['code'], proposal(served, one['person'])).json()['waiting']}"
    assert client.delete(path, headers=headers(client, base, "chair")).json()["rule"] == "access.not_yours"
    assert client.delete(path, headers=headers(client, base, "registrar")).status_code == 204
    assert looked(client, base, one["code"]).status_code == 404, "a declined letter is not good again"


def test_the_page_of_what_waits(client: TestClient, base: str, served: Served) -> None:
    home = f"/c/{served.store.books.ledger[:16]}/"
    (one,) = invited(client, base)
    enrolled(client, base, one["code"], proposal(served, one["person"]))
    seen = {
        who: client.get(f"{home}waiting", headers=bearer(signed_in(client, base, who))).text
        for who in ("registrar", "owner-a1", "owner-a2")
    }
    assert 'data-act="sign"' in seen["registrar"]
    assert "(a1)" in seen["registrar"]
    assert 'data-act="sign"' not in seen["owner-a1"]
    assert 'data-act="withdraw"' in seen["owner-a1"]
    assert 'data-act="' not in seen["owner-a2"]
    chair = bearer(signed_in(client, base, "chair"))
    for page in ("me", "desk"):
        assert f"{home}waiting" in client.get(f"{home}{page}", headers=chair).text
    stranger = client.get(f"{home}waiting", headers={"Accept": "text/html"})
    assert stranger.status_code == 401
