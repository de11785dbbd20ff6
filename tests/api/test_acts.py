"""Preparing acts over HTTP: drafted whole, told in plain words, tried as if everybody had signed; nothing is written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ledger import canonical
from ledger.books import KINDS
from ledger.log import commitments
from ledger.log.entry import parse_submission
from ledger.people import drafting
from tests.api.house import House, Living, base, client, living
from tests.api.test_signing_in import bearer, signed_in
from tests.community import key_of

__all__ = ["base", "client"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """A house that has voted."""
    house = House()
    house.voted()
    home = living(Path(tmp_path_factory.mktemp("house")) / "ledger.db", house)
    yield home
    home.store.close()


def party(code: str = "paint", title: str = "江岸电梯服务有限公司") -> dict[str, Any]:
    """An act of one signature."""
    return {"kind": "party.entered/1", "body": {"code": code, "nature": "legal", "title": title}}


def prepared(client: TestClient, base: str, *items: dict[str, Any], who: str = "treasurer", lang: str = "en") -> Any:
    """What preparing answers."""
    headers = bearer(signed_in(client, base, who)) | {"Accept-Language": lang}
    answer = client.post(f"{base}/acts/prepare", json={"items": list(items)}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def again(entry: Any, home: Living) -> dict[str, Any]:
    """An entry's act, asked for once more: its commitments are texts to seal again."""
    body = dict(canonical.decode(entry.record.raw)["body"])  # type: ignore[arg-type,call-overload,index]
    found = commitments.find(KINDS[entry.record.kind].model, body)
    texts = {one.field: one.value for one in home.store.openings(entry.record.digest)}
    return {"kind": entry.record.kind, "body": body, "private": {field: texts[field] for field in found}}


def test_one_act_is_whole_and_can_be_signed_and_handed_in(client: TestClient, base: str, home: Living) -> None:
    answer = prepared(client, base, party())
    (item,) = answer["items"]
    assert [row["field"] for row in item["rows"]] == ["code", "nature", "title"]
    assert {row["text"] for row in item["rows"]} >= {"江岸电梯服务有限公司"}
    assert item["title"] == "Enter a party"
    assert (item["wrong"], item["yours"], item["missing"]) == ([], True, 0)
    before = home.store.books.head.size
    submission = parse_submission(canonical.encode(item["submission"]))
    assert submission.record.digest == item["digest"]
    assert home.store.books.head.size == before, "preparing writes nothing"
    (signed,) = drafting.submissions([submission.record], [drafting.sign(submission.record, [key_of("treasurer")])])
    trial = home.store.dry_run([signed])
    assert trial.errors == ()


def test_what_is_wrong_is_said_item_by_item(client: TestClient, base: str) -> None:
    answer = prepared(client, base, party("ok"), party("Not A Code"), party("ok", "another"))
    assert [[one["rule"] for one in item["wrong"]] for item in answer["items"]] == [
        [],
        ["record.body"],
        ["party.entered_before"],
    ]
    assert answer["items"][1]["rows"] == []
    assert len({item["submission"]["record"]["at"] for item in answer["items"]}) == 1


def test_a_later_item_names_an_earlier_one(client: TestClient, base: str) -> None:
    document = {"kind": "document.entered/1", "body": {"kind": "contract", "subject": "电梯维保合同"}}
    contract = {
        "kind": "contract.entered/1",
        "body": {
            "code": "c9",
            "direction": "out",
            "object": "电梯维保",
            "party": "paint",
            "document": {"$record": 1},
            "start": "2026-01-01",
            "end": "2026-12-31",
        },
    }
    answer = prepared(client, base, party(), document, contract)
    assert answer["items"][2]["submission"]["record"]["body"]["document"] == answer["items"][1]["digest"]
    assert [item["wrong"] for item in answer["items"]] == [[], [], []]


@pytest.mark.parametrize("reference", [{"$record": 1}, {"$record": -1}, {"$record": True}, {"$record": 0, "x": 1}])
def test_a_reference_must_go_back(client: TestClient, base: str, reference: dict[str, Any]) -> None:
    item = party() | {"body": {"code": reference, "nature": "legal", "title": "x"}}
    headers = bearer(signed_in(client, base, "treasurer"))
    answer = client.post(f"{base}/acts/prepare", json={"items": [party("a"), item][1:]}, headers=headers)
    assert answer.json()["rule"] == "prepare.placeholder"


def test_private_texts_are_sealed_and_told(client: TestClient, base: str) -> None:
    person = {"kind": "person.entered/1", "body": {"nature": "natural"}, "private": {"name": "张三"}}
    answer = prepared(client, base, person, who="registrar")
    (item,) = answer["items"]
    assert item["submission"]["record"]["body"]["name"] != "张三"
    assert item["submission"]["openings"][0]["value"] == "张三"
    assert any("张三" in row["text"] for row in item["rows"])
    assert (item["yours"], item["missing"], item["wrong"]) == (True, 1, [])
    assert [seat["by"] for seat in item["seats"]] == ["other", "reader"]


@pytest.mark.parametrize("path", ["nature/0", "0", "name/x"])
def test_a_private_path_that_leads_nowhere(client: TestClient, base: str, path: str) -> None:
    person = {"kind": "person.entered/1", "body": {"nature": "natural"}, "private": {path: "张三"}}
    headers = bearer(signed_in(client, base, "registrar"))
    answer = client.post(f"{base}/acts/prepare", json={"items": [person]}, headers=headers)
    wrong = [answer.json()] if answer.status_code != 200 else answer.json()["items"][0]["wrong"]
    assert wrong, answer.text
    assert answer.status_code < 500


def test_who_cannot_sign_is_told_who_can(client: TestClient, base: str) -> None:
    answer = prepared(client, base, party(), who="supervisor")
    (item,) = answer["items"]
    assert (item["yours"], item["missing"]) == (False, 1)
    assert item["wrong"] == [], "nothing is wrong with the act itself"


def test_sums_are_told(client: TestClient, base: str) -> None:
    row = {"file": "0" * 64, "on": "2026-01-04", "balance": 0, "ordinal": 0, "narration": "x"}
    rows = [
        {"kind": "bank.row/1", "body": row | {"row": n, "amount": amount}} for n, amount in ((1, 100), (2, -30), (3, 5))
    ]
    answer = prepared(client, base, *rows)
    assert any("1.05" in one["text"] for one in answer["sums"])
    assert any("0.30" in one["text"] for one in answer["sums"])


def test_every_kind_can_be_prepared(client: TestClient, base: str, home: Living) -> None:
    """Those that the house has met with what it said then, all others empty; the answer is never a fault of ours."""
    met = {entry.record.kind: entry for entry in home.house.entries[1:]}
    for kind in KINDS:
        item = again(met[kind], home) if kind in met else {"kind": kind, "body": {}}
        answer = prepared(client, base, item, who="chair")
        (found,) = answer["items"]
        assert found["title"]
        assert bool(found["rows"]) == (kind in met), kind
        if kind not in met:
            assert found["wrong"], kind
    assert len(met) > 15


def test_the_kinds(client: TestClient, base: str) -> None:
    for language in ("zh", "en"):
        items = client.get(f"{base}/acts/kinds", headers={"Accept-Language": language}).json()["items"]
        assert [item["kind"] for item in items] == list(KINDS)
        for item in items:
            assert item["title"]
            assert item["help"]
            assert {field["name"] for field in item["fields"]} == set(item["body"].get("properties", {}))
            assert all(field["label"] for field in item["fields"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_has_its_form(client: TestClient, base: str, kind: str) -> None:
    items = client.get(f"{base}/acts/kinds").json()["items"]
    (example,) = [item["example"] for item in items if item["kind"] == kind]
    assert example["kind"] == kind
    (item,) = prepared(client, base, example)["items"]
    assert {row["field"] for row in item["rows"]} == set(item["submission"]["record"]["body"]), (
        "told whole: the form is right"
    )
    assert [one["rule"] for one in item["wrong"] if one["rule"].partition(".")[0] in ("record", "opening")] == []


def test_an_item_that_a_record_does_not_have_is_refused_and_no_fault(
    client: TestClient, base: str, home: Living
) -> None:
    calls = [entry for entry, _books, _facts in home.store.history() if entry.record.kind == "meeting.called/1"]
    founded = home.store.entry(0).record.digest
    for digest in (calls[0].record.digest, founded):
        for item in ("#7", "#999"):
            wanted = {
                "kind": "role.ended/1",
                "body": {"person": digest + item, "role": "chair", "on": "2026-06-30", "source": digest},
            }
            (found,) = prepared(client, base, wanted)["items"]
            assert found["wrong"]
            assert found["rows"][0]["text"] == digest + item


def test_a_stranger_prepares_nothing(client: TestClient, base: str) -> None:
    assert client.post(f"{base}/acts/prepare", json={"items": [party()]}).status_code == 401
