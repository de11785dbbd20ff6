"""Handing in: whole or not at all, once, answered with receipts; and trying, which writes nothing."""

import base64
import copy
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from api.routes.submissions import SMALL
from api.settings import Settings
from ledger.log.entry import submission_json
from ledger.log.merkle import leaf_hash
from ledger.log.note import parse_vkey
from ledger.log.policy import Policy
from ledger.log.proof import check_proof, parse_proof
from ledger.store import Store
from tests.api.conftest import Served
from tests.community import Community
from tests.store.settled import Maker


def test_the_answer_is_the_receipt(client: TestClient, base: str, store: Store, maker: Maker) -> None:
    made = maker.person("zhang")
    answer = client.post(f"{base}/submissions", json=submission_json(made))
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "private, no-store"
    (placed,) = answer.json()["items"]
    assert (placed["record"], placed["again"]) == (made.record.digest, False)
    receipt = placed["receipt"]
    raw = base64.b64decode(receipt["entry"])
    assert raw == maker.entries[-1].raw
    check_proof(
        parse_proof(receipt["proof"].encode()), leaf_hash(raw), Policy(), [parse_vkey(v) for v in store.books.vkeys]
    )
    assert [one["value"] for one in receipt["openings"]] == ["zhang"]


def test_the_same_again_has_its_first_place(client: TestClient, base: str, maker: Maker) -> None:
    made = submission_json(maker.person("zhang"))
    first = client.post(f"{base}/submissions", json=made).json()["items"][0]
    answer = client.post(f"{base}/submissions", json=made)
    assert answer.status_code == 200
    again = answer.json()["items"][0]
    assert (again["seq"], again["leaf"], again["again"]) == (first["seq"], first["leaf"], True)


def test_a_batch_stands_or_falls_together(client: TestClient, base: str, store: Store, maker: Maker) -> None:
    batch = [submission_json(one) for one in maker.batch(maker.offices(3))]
    size = store.books.head.size
    for wrong in (batch[:2], [batch[1], batch[0], batch[2]]):
        answer = client.post(f"{base}/submissions", json=wrong)
        assert (answer.status_code, answer.json()["rule"].split(".")[0]) == (422, "batch")
    assert store.books.head.size == size
    assert client.post(f"{base}/submissions", json=batch).status_code == 201
    assert store.books.head.size == size + 3


def test_a_long_batch_is_read_and_proven_beside_the_event_loop(
    client: TestClient, base: str, store: Store, maker: Maker
) -> None:
    batch = [submission_json(one) for one in maker.batch(maker.offices(100))]
    body = orjson.dumps(batch)
    assert len(body) > SMALL
    headers = {"Content-Type": "application/json"}
    broken = client.post(f"{base}/submissions", content=body[:-1], headers=headers)
    assert (broken.status_code, broken.json()["rule"]) == (400, "canonical.not_json")
    answer = client.post(f"{base}/submissions", content=body, headers=headers)
    assert answer.status_code == 201
    keys = [parse_vkey(v) for v in store.books.vkeys]
    for placed, entry in zip(answer.json()["items"], maker.entries[-100:], strict=True):
        assert (placed["seq"], placed["leaf"]) == (entry.seq, entry.leaf.hex())
        check_proof(parse_proof(placed["receipt"]["proof"].encode()), entry.leaf, Policy(), keys)


def _without_signature(value: dict[str, Any]) -> None:
    value["signatures"] = []


def _other_body(value: dict[str, Any]) -> None:
    value["record"]["body"]["nature"] = "office"


def _other_ledger(value: dict[str, Any]) -> None:
    value["record"]["ledger"] = "0" * 64


def _broken_signature(value: dict[str, Any]) -> None:
    sig = bytearray(base64.b64decode(value["signatures"][0]["sig"]))
    sig[7] ^= 1
    value["signatures"][0]["sig"] = base64.b64encode(sig).decode()


def _unknown_field(value: dict[str, Any]) -> None:
    value["more"] = 1


def _float(value: dict[str, Any]) -> None:
    value["record"]["body"]["nature"] = 1.5


@pytest.mark.parametrize(
    "spoil", [_without_signature, _other_body, _other_ledger, _broken_signature, _unknown_field, _float]
)
def test_what_is_not_signed_so_does_not_stand(
    client: TestClient, base: str, store: Store, maker: Maker, spoil: Any
) -> None:
    value = copy.deepcopy(submission_json(maker.person("zhang")))
    spoil(value)
    size = store.books.head.size
    answer = client.post(f"{base}/submissions", json=value)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert store.books.head.size == size


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b"null", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b" " * (2 << 20), "application/json", 413),
    ],
)
def test_what_is_no_submission(client: TestClient, base: str, body: bytes, media: str, status: int) -> None:
    answer = client.post(f"{base}/submissions", content=body, headers={"Content-Type": media})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_trying_writes_nothing_and_says_all_that_is_wrong(
    client: TestClient, base: str, store: Store, maker: Maker
) -> None:
    size = store.books.head.size
    good, bad = submission_json(maker.person("zhang")), submission_json(maker.person("li"))
    _broken_signature(bad)
    answer = client.post(f"{base}/submissions/try", json=[bad, good]).json()
    assert answer["stands"] is False
    assert [(one["index"], one["problem"]["rule"]) for one in answer["wrong"]] == [(0, "signature.invalid")]
    assert client.post(f"{base}/submissions/try", json=good).json() == {"stands": True, "wrong": []}
    assert store.books.head.size == size


class TestWithoutAHead:
    """A head that does not come in time: 202 and a promise."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(requests=1_000_000, wait=0.000_001, pause=1)

    def test_number_and_leaf_are_promised(self, client: TestClient, base: str, served: Served, maker: Maker) -> None:
        made = maker.person("zhang")
        answer = client.post(f"{base}/submissions", json=submission_json(made))
        assert answer.status_code == 202
        (placed,) = answer.json()["items"]
        assert placed["leaf"] == maker.entries[-1].leaf.hex()
        assert "receipt" not in placed


def test_a_record_of_another_community(client: TestClient, base: str) -> None:
    other = Maker(genesis={"name": "另一个小区"})
    answer = client.post(f"{base}/submissions", json=submission_json(other.person("zhang")))
    assert answer.status_code == 422
    assert isinstance(other, Community)
