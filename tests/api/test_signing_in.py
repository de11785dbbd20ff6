"""Signing in: by the key that signs records, for this service, once; and what ends it."""

import base64
import sys
import threading
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import sessions
from api.sessions import CHALLENGE_MS
from ledger.signatures import key_id
from tests.api.conftest import SITE, Served
from tests.community import key_of
from tests.store.settled import Maker


def answered(challenge: dict[str, Any], who: str = "chair") -> dict[str, Any]:
    key = key_of(who)
    return {
        "challenge": challenge,
        "key": key_id(key.alg, key.public),
        "sig": base64.b64encode(key.sign(sessions.signed_bytes(challenge))).decode(),
    }


def signed_in(client: TestClient, base: str, who: str = "chair") -> str:
    challenge = client.post(f"{base}/session/challenge").json()
    answer = client.post(f"{base}/session", json=answered(challenge, who))
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    token: str = answer.json()["token"]
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_by_token(client: TestClient, base: str) -> None:
    token = signed_in(client, base)
    who = client.get(f"{base}/session", headers=bearer(token)).json()
    assert who["roles"] == ["chair"]
    assert who["classes"] == ["officer", "person"]
    assert client.delete(f"{base}/session", headers=bearer(token)).status_code == 204
    answer = client.get(f"{base}/session", headers=bearer(token))
    assert (answer.status_code, answer.json()["rule"]) == (401, "access.session_over")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_by_cookie_only_from_our_own_pages(client: TestClient, base: str) -> None:
    challenge = client.post(f"{base}/session/challenge").json()
    answer = client.post(f"{base}/session", json=answered(challenge))
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get(f"{base}/session").status_code == 200
    for origin in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        refused = client.delete(f"{base}/session", headers=origin)
        assert (refused.status_code, refused.json()["rule"]) == (403, "access.other_site")
    assert client.delete(f"{base}/session", headers={"Origin": SITE}).status_code == 204


def test_a_challenge_is_good_once(client: TestClient, base: str) -> None:
    challenge = client.post(f"{base}/session/challenge").json()
    answer = answered(challenge)
    assert client.post(f"{base}/session", json=answer).status_code == 201
    client.cookies.clear()
    refused = client.post(f"{base}/session", json=answer)
    assert (refused.status_code, refused.json()["rule"]) == (422, "access.challenge_unknown")


def test_a_wrong_answer_spends_it(client: TestClient, base: str) -> None:
    challenge = client.post(f"{base}/session/challenge").json()
    wrong = answered(challenge) | {"sig": base64.b64encode(bytes(64)).decode()}
    assert client.post(f"{base}/session", json=wrong).json()["rule"] == "signature.invalid"
    assert client.post(f"{base}/session", json=answered(challenge)).json()["rule"] == "access.challenge_unknown"


@pytest.mark.parametrize("field", ["site", "ledger", "at"])
def test_what_was_asked_elsewhere_signs_nobody_in(client: TestClient, base: str, field: str) -> None:
    """A site in between passes our nonce on under its own name."""
    challenge = client.post(f"{base}/session/challenge").json() | {field: "https://evil.example"}
    assert client.post(f"{base}/session", json=answered(challenge)).json()["rule"] == "access.challenge_unknown"


def test_a_challenge_does_not_wait(client: TestClient, base: str, maker: Maker) -> None:
    challenge = client.post(f"{base}/session/challenge").json()
    maker.time += CHALLENGE_MS
    assert client.post(f"{base}/session", json=answered(challenge)).json()["rule"] == "access.challenge_over"


def test_a_session_ends_by_itself(client: TestClient, base: str, maker: Maker) -> None:
    token = signed_in(client, base)
    maker.time += 30 * 60_000
    assert client.get(f"{base}/session", headers=bearer(token)).json()["rule"] == "access.session_over"


def test_an_old_cookie_shuts_no_door(client: TestClient, base: str, maker: Maker) -> None:
    challenge = client.post(f"{base}/session/challenge").json()
    assert client.post(f"{base}/session", json=answered(challenge)).status_code == 201
    maker.time += 31 * 60_000
    assert client.get(f"{base}/entries").status_code == 200
    assert client.get(f"{base}/session").json()["rule"] == "access.sign_in"


def test_a_session_ends_with_its_key(client: TestClient, base: str, served: Served, maker: Maker) -> None:
    token = signed_in(client, base, "chair")
    before = len(maker.submissions)
    maker.act("key.revoked/1", {"key": key_id("ed25519", key_of("chair").public), "reason": "stolen"}, by=["chair"])
    served.append(maker.submissions[before:], client)
    assert client.get(f"{base}/session", headers=bearer(token)).json()["rule"] == "signature.key_revoked"


def test_an_unknown_key(client: TestClient, base: str) -> None:
    challenge = client.post(f"{base}/session/challenge").json()
    assert (
        client.post(f"{base}/session", json=answered(challenge, "stranger")).json()["rule"] == "signature.unknown_key"
    )


def test_everywhere(client: TestClient, base: str) -> None:
    first, second = signed_in(client, base), signed_in(client, base)
    other = signed_in(client, base, "treasurer")
    assert client.delete(f"{base}/session?everywhere=true", headers=bearer(first)).status_code == 204
    assert client.get(f"{base}/session", headers=bearer(second)).status_code == 401
    assert client.get(f"{base}/session", headers=bearer(other)).status_code == 200


def test_sessions_end_while_others_begin() -> None:
    """Routes run in threads: whoever ends all of his sessions is not told of a fault because somebody else signs in."""
    kept, over = sessions.Sessions(SITE, 1, lambda: 0), threading.Event()
    for number in range(1_000):
        kept._open[b"%d" % number] = sessions.Session("ledger", "key", 0, 1)

    def come_and_go() -> None:
        while not over.is_set():
            kept._open[b"other"] = sessions.Session("ledger", "other", 0, 1)
            kept._open.pop(b"other")

    interval = sys.getswitchinterval()
    thread = threading.Thread(target=come_and_go)
    sys.setswitchinterval(1e-6)
    try:
        thread.start()
        assert [kept.revoke("ledger", "nobody's") for _ in range(200)] == [0] * 200
    finally:
        over.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert kept.revoke("ledger", "key") == 1_000


def test_a_signature_of_a_sign_in_signs_no_record() -> None:
    assert sessions.signed_bytes({"a": 1}).startswith(
        b"DSSEv1 %d application/vnd.mingzhang.sign-in+json " % len(sessions.TYPE)
    )
