"""Acts that wait for a second signer: who sees them, who can sign, what completes them, and what does not."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ledger import canonical
from ledger.books import OLDEST_MS
from ledger.errors import Unavailable
from ledger.log import lines
from ledger.log.entry import parse_submission, signature_json, submission_json
from ledger.people import drafting
from ledger.store import waiting
from tests.api.conftest import Served
from tests.api.test_acts import prepared
from tests.api.test_signing_in import bearer, signed_in
from tests.community import flats, key_of
from tests.store.settled import Maker

PERSON = {"kind": "person.entered/1", "body": {"nature": "natural"}, "private": {"name": "张三"}}


@pytest.fixture
def maker() -> Maker:
    """A community with an owner."""
    return Maker(units=flats("a1 a2"))


@pytest.fixture
def base(served: Served) -> str:
    """Where the ledger lies in the API."""
    return f"/api/v1/ledgers/{served.store.books.ledger}"


def headers(client: TestClient, base: str, who: str) -> dict[str, str]:
    """Of somebody signed in."""
    return bearer(signed_in(client, base, who))


def half(client: TestClient, base: str, who: str = "registrar", *items: dict[str, Any]) -> list[Any]:
    """Acts of two parties, prepared and signed by one of them."""
    answer = prepared(client, base, *(items or (PERSON,)), who=who)
    drafted = [parse_submission(canonical.encode(item["submission"])) for item in answer["items"]]
    records = [one.record for one in drafted]
    signed = (
        [drafting.sign(records[0], [key_of(who)])] if len(records) == 1 else drafting.sign_batch(records, [key_of(who)])
    )
    made = drafting.submissions(records, signed, [one.openings for one in drafted])
    return [submission_json(one) for one in made]


def left(client: TestClient, base: str, who: str = "registrar", *items: dict[str, Any]) -> Any:
    """Left waiting by its first signer."""
    answer = client.post(f"{base}/waiting", json=half(client, base, who, *items), headers=headers(client, base, who))
    assert answer.status_code == 201, answer.text
    return answer.json()


def joined(client: TestClient, base: str, found: Any, who: str, key: Any = None, by: str = "") -> Any:
    """The answer to a further signature."""
    read = [parse_submission(canonical.encode(item["submission"])) for item in found["items"]]
    signer, records = key or key_of(who), [one.record for one in read]
    together = read[0].signatures[0].batch is not None
    signed = drafting.sign_batch(records, [signer]) if together else [drafting.sign(one, [signer]) for one in records]
    body = {"signatures": [signature_json(one[0]) for one in signed]}
    path = f"{base}/waiting/{found['digest']}/signatures"
    return client.post(path, json=body, headers=headers(client, base, by or who))


def further(served: Served) -> Any:
    """A second key of the registrar's."""
    key, maker = key_of("second"), served.maker
    public = {"alg": key.alg, "public": canonical.encode_base64(key.public)}
    maker.act("key.enrolled/1", {"person": maker.ref("registrar"), "key": public}, by=[*maker.both, key])
    return key


def test_two_sign_and_it_stands(client: TestClient, base: str, served: Served) -> None:
    before = served.store.books.head.size
    found = left(client, base)
    assert (found["items"][0]["missing"], found["mine"]) == (1, True)
    assert served.store.books.head.size == before, "what waits is no entry"
    (brief,) = client.get(f"{base}/waiting", headers=headers(client, base, "chair")).json()["items"]
    assert (brief["digest"], brief["yours"], brief["mine"], brief["missing"]) == (found["digest"], True, False, 0)
    whole = client.get(f"{base}/waiting/{found['digest']}", headers=headers(client, base, "chair")).json()
    assert any("张三" in row["text"] for row in whole["items"][0]["rows"])
    assert [seat["by"] for seat in whole["items"][0]["seats"]] == ["reader", "signed"]
    answer = joined(client, base, whole, "chair")
    assert answer.status_code == 201, answer.text
    assert answer.json()["items"][0]["record"] == found["digest"]
    assert served.store.books.head.size == before + 1
    assert client.get(f"{base}/waiting", headers=headers(client, base, "chair")).json()["items"] == []
    assert served.store.openings(found["digest"])[0].value == "张三"


def test_a_batch_waits_and_stands_as_one(client: TestClient, base: str, served: Served) -> None:
    offices = [{"kind": "person.entered/1", "body": {"nature": "office", "title": f"窗口{n}"}} for n in range(5)]
    before = served.store.books.head.size
    found = left(client, base, "treasurer", *offices)
    assert joined(client, base, found, "registrar").status_code == 201
    assert served.store.books.head.size == before + 5


@pytest.mark.parametrize("who", ["owner-a1", "supervisor"])
def test_others_do_not_see_it(client: TestClient, base: str, who: str) -> None:
    found = left(client, base)
    assert client.get(f"{base}/waiting", headers=headers(client, base, who)).json()["items"] == []
    for path in ("", "/file"):
        answer = client.get(f"{base}/waiting/{found['digest']}{path}", headers=headers(client, base, who))
        assert (answer.status_code, answer.json()["rule"]) == (404, "waiting.unknown")
    assert joined(client, base, found, who).json()["rule"] == "waiting.unknown"


def test_a_seat_is_filled_once(client: TestClient, base: str, served: Served) -> None:
    found = left(client, base)
    assert joined(client, base, found, "registrar").json()["rule"] == "waiting.signed_before"
    second = further(served)
    served.append(served.maker.submissions[-1:], client)
    assert joined(client, base, found, "registrar", second).json()["rule"] in (
        "signers.superfluous",
        "signers.one_person_twice",
    )


def test_a_signature_is_handed_in_by_whoever_made_it(client: TestClient, base: str) -> None:
    found = left(client, base)
    assert joined(client, base, found, "chair", by="treasurer").json()["rule"] == "waiting.not_signed"
    stolen = half(client, base, "registrar")
    answer = client.post(f"{base}/waiting", json=stolen, headers=headers(client, base, "chair"))
    assert answer.json()["rule"] == "waiting.not_signed"


def test_a_wrong_signature_changes_nothing(client: TestClient, base: str) -> None:
    found = left(client, base)
    read = parse_submission(canonical.encode(found["items"][0]["submission"]))
    (signature,) = drafting.sign(read.record, [key_of("chair")])
    wire = signature_json(signature) | {"sig": canonical.encode_base64(bytes(64))}
    path = f"{base}/waiting/{found['digest']}"
    answer = client.post(f"{path}/signatures", json={"signatures": [wire]}, headers=headers(client, base, "chair"))
    assert answer.json()["rule"] == "signature.invalid"
    assert joined(client, base, found, "chair").status_code == 201


def test_what_would_be_refused_does_not_wait(client: TestClient, base: str) -> None:
    wrong = {
        "kind": "role.ended/1",
        "body": {"person": "0" * 64, "role": "member", "on": "2026-01-05", "source": "0" * 64},
    }
    answer = client.post(
        f"{base}/waiting", json=half(client, base, "chair", wrong), headers=headers(client, base, "chair")
    )
    assert answer.json()["rule"] == "role.not_held"


def test_what_is_complete_does_not_wait(client: TestClient, base: str) -> None:
    party = {"kind": "party.entered/1", "body": {"code": "p", "nature": "legal", "title": "x"}}
    made = half(client, base, "treasurer", party)
    answer = client.post(f"{base}/waiting", json=made, headers=headers(client, base, "treasurer"))
    assert answer.json()["rule"] == "waiting.complete"


def test_its_first_signer_withdraws_it(client: TestClient, base: str) -> None:
    found = left(client, base)
    path = f"{base}/waiting/{found['digest']}"
    assert client.delete(path, headers=headers(client, base, "chair")).json()["rule"] == "access.not_yours"
    assert client.delete(path, headers=headers(client, base, "registrar")).status_code == 204
    assert client.get(path, headers=headers(client, base, "registrar")).status_code == 404


def test_it_ends_with_its_record(client: TestClient, base: str, served: Served) -> None:
    found = left(client, base)
    served.maker.time += OLDEST_MS
    assert client.get(f"{base}/waiting", headers=headers(client, base, "chair")).json()["items"] == []
    assert joined(client, base, found, "chair").json()["rule"] == "waiting.unknown"


def test_a_revoked_key_completes_nothing(client: TestClient, base: str, served: Served) -> None:
    """Neither may its signature be added, nor does the one that waits count any longer."""
    found = left(client, base)
    further(served)
    served.maker.revoke(key_of("registrar"), by="registrar")
    served.append(served.maker.submissions[-2:], client)
    assert joined(client, base, found, "chair").json()["rule"] == "signature.key_revoked"


def test_one_person_cannot_fill_the_table(client: TestClient, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_A_PERSON", 2)
    for _ in range(2):
        left(client, base)
    answer = client.post(f"{base}/waiting", json=half(client, base), headers=headers(client, base, "registrar"))
    assert answer.json()["rule"] == "waiting.too_many"
    left(client, base, "chair")


def test_the_file_goes_on_at_the_command_line(client: TestClient, base: str, served: Served) -> None:
    found = left(client, base)
    answer = client.get(f"{base}/waiting/{found['digest']}/file", headers=headers(client, base, "chair"))
    (read,) = lines.read(answer.content)
    whole = drafting.merged(read.record, read.signatures, drafting.sign(read.record, [key_of("chair")]))
    served.store.submit(drafting.submissions([read.record], [whole], [read.openings]))


def test_it_lies_encrypted(client: TestClient, base: str, served: Served) -> None:
    left(client, base)
    written = b"".join(
        path.read_bytes() for path in Path(served.store.path).parent.glob("ledger.db*") if path.suffix != ".key"
    )
    assert "张三".encode() not in written


def test_what_has_changed_since_it_was_seen_is_not_signed(client: TestClient, base: str, served: Served) -> None:
    found, now = left(client, base), served.maker.time
    read = parse_submission(canonical.encode(found["items"][0]["submission"]))
    room = served.store.waiting_room
    seen = room.find(found["digest"], now)
    chair, treasurer = (drafting.sign(read.record, [key_of(who)]) for who in ("chair", "treasurer"))
    assert room.sign(seen, chair, now) is not None
    assert room.sign(seen, treasurer, now) is None, "a seat that the chair has taken since"
    assert len(room.find(found["digest"], now).submissions[0].signatures) == 2


def test_where_handing_in_fails_it_waits_as_before(client: TestClient, base: str, served: Served) -> None:
    found, sequencer = left(client, base), served.store._sequencing()
    sequencer.stopped = Unavailable("headguard.missing", None, "the last head")
    assert joined(client, base, found, "chair").status_code == 503
    sequencer.stopped = None
    (brief,) = client.get(f"{base}/waiting", headers=headers(client, base, "chair")).json()["items"]
    assert (brief["yours"], brief["missing"]) == (True, 0)
    assert joined(client, base, found, "chair").status_code == 201


def test_who_has_no_office_leaves_no_statement(client: TestClient, base: str, served: Served) -> None:
    """It would be drawn up to be judged."""
    record = served.maker.record("statement.published/1", {"period": "2026H1"})
    (made,) = drafting.submissions([record], [drafting.sign(record, [key_of("owner-a1")])], [()])
    answer = client.post(f"{base}/waiting", json=submission_json(made), headers=headers(client, base, "owner-a1"))
    assert (answer.status_code, answer.json()["rule"]) == (403, "access.not_yours")
