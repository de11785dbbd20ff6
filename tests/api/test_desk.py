"""The desk over HTTP: a bank's file looked at, taken over as it was decided, confirmed or taken back; what is due; the close."""

import base64
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from api.routes.bank import FILE
from ledger.exchange.matching import reference
from ledger.log.entry import Opening, Record, submission_json
from ledger.people import drafting
from tests.accounts.treasury import fees
from tests.api.house import House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in
from tests.community import key_of

CSV = """账号,尾号8816
交易日期,借方发生额/元(支取),贷方发生额/元(收入),余额,对方户名,摘要
20260205,,3.12,17003.12,,批量结息
20260206,,500.00,17503.12,王五,转账
20260207,70.00,,17433.12,lift,维保 {reference}
"""
DAYS = {"start": "2026-02-05", "end": "2026-02-07"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """Books with a budget for lifts, and a lift contract that promises 100 yuan a month."""
    house = House()
    house.voted()
    promised = {"cycle": "month", "amount": 100_00, "fund": "service_fee", "category": "lift", "nature": "expense"}
    said = {"code": "c2", "direction": "out", "object": "电梯年保", "party": "lift", "start": "2026-01-01"}
    house.act("contract.entered/1", said | {"end": "2026-12-31", "expected": [promised]}, by=["chair"])
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        yield home


__all__ = ["base", "client"]


def budget_of(house: House) -> str:
    (motion,) = {motion for motion, _line in house.accounts.authorities}
    return motion


def approved(home: Living, amount: int = 70_00, **other: Any) -> str:
    """A withdrawal for the lift that the chair approved."""
    house = home.house
    application = house.apply_for(amount, **other)
    house.approve(house.propose(application, budget_of(house)))
    home.follow()
    return application


def seen(client: TestClient, base: str, text: str, *, who: str = "treasurer", **more: Any) -> Any:
    data = base64.b64encode(text.encode()).decode()
    body = {"name": "2026-02.csv", "data": data} | DAYS | more
    return client.post(f"{base}/bank/bank/look", json=body, headers=bearer(signed_in(client, base, who)))


def sign(home: Living, acts: Sequence[Mapping[str, Any]], who: str) -> list[dict[str, Any]]:
    """What a browser makes of acts: drafted with their private texts sealed, signed in one ceremony, as submissions."""
    ledger, at = home.store.books.ledger, home.house.time
    records: list[Record] = []
    openings: list[list[Opening]] = []
    for act in acts:
        body = {name: records[0].digest if value == FILE else value for name, value in act["body"].items()}
        sealed = [drafting.seal(ledger, act["kind"], field, value) for field, value in act["private"].items()]
        body |= {opening.field: said for said, opening in sealed}
        records.append(drafting.draft(ledger, act["kind"], body, at))
        openings.append([opening for _, opening in sealed])
    signed = drafting.sign_batch(records, [key_of(who)])
    return [submission_json(one) for one in drafting.submissions(records, signed, openings)]


def hand_in(client: TestClient, base: str, home: Living, acts: Sequence[Mapping[str, Any]], who: str) -> Any:
    answer = client.post(f"{base}/submissions", json=sign(home, acts, who))
    assert answer.status_code == 201, answer.text
    return answer.json()["items"]


def test_the_rows_of_a_file_with_what_they_are_and_why(client: TestClient, base: str, home: Living) -> None:
    application = approved(home)
    found = seen(client, base, CSV.format(reference=reference(f"{application}#0"))).json()
    assert [(row["amount"], row["reason"], row["open"]) for row in found["rows"]] == [
        (3_12, "interest", 0),
        (500_00, "none", 500_00),
        (-70_00, "reference", 0),
    ]
    assert (found["received"], found["paid"], found["opening"], found["closing"]) == (
        503_12,
        70_00,
        17_000_00,
        17_433_12,
    )
    assert [act["kind"] for act in found["acts"]] == ["bank.imported/1", *["bank.row/1"] * 3]
    assert found["acts"][3]["body"]["parts"] == [{"amount": -70_00, "settles": f"{application}#0"}]
    assert found["acts"][2]["private"]["narration"] == {"name": "王五", "text": "转账"}
    assert not home.store.books.accounts.imports.keys(), "nothing is written"


def test_a_month_by_one_signature_then_the_second_person(client: TestClient, base: str, home: Living) -> None:
    application = approved(home)
    data = CSV.format(reference=reference(f"{application}#0"))
    acts = seen(client, base, data).json()["acts"]
    acts[2]["body"]["parts"] = [fees(500_00)]
    home.house.advance(days=4)
    home.follow()
    places = hand_in(client, base, home, acts, "treasurer")
    accounts = home.store.books.accounts
    assert accounts.account("bank").balance == 17_433_12
    assert not accounts.suspense.keys()
    batch = home.store.entry(places[0]["seq"]).signatures[0].batch
    assert batch
    assert batch.count == 4, "signed once"

    file = places[0]["record"]
    chair = bearer(signed_in(client, base, "chair"))
    waiting = client.get(f"{base}/bank/files/{file}", headers=chair).json()
    assert [(row["amount"], row["open"]) for row in waiting["items"]] == [(3_12, 0), (500_00, 0), (-70_00, 0)]
    assert waiting["items"][1]["narration"] == {"name": "王五", "text": "转账"}
    assert waiting["newest"]
    wrong = client.get(f"{base}/bank/files/{file}/confirmation", params={"closing": "17433.13"}, headers=chair).json()
    refused = client.post(f"{base}/submissions", json=sign(home, [only(wrong)], "chair"))
    assert refused.json()["rule"] == "bank.closing_differs"
    right = client.get(f"{base}/bank/files/{file}/confirmation", params={"closing": "17,433.12"}, headers=chair).json()
    hand_in(client, base, home, [only(right)], "chair")
    assert not home.store.books.accounts.imports.keys()
    assert client.get(f"{base}/bank/files/{file}", headers=chair).json()["rule"] == "bank.no_file_to_confirm"


def only(acts: Any) -> dict[str, Any]:
    (one,) = acts["items"]
    return dict(one)


def test_a_wrong_file_is_taken_back_whole(client: TestClient, base: str, home: Living) -> None:
    acts = seen(client, base, CSV.format(reference="")).json()["acts"]
    home.house.advance(days=4)
    home.follow()
    file = hand_in(client, base, home, acts, "treasurer")[0]["record"]
    who = bearer(signed_in(client, base, "treasurer"))
    found = client.get(f"{base}/bank/files/{file}/rejection", params={"reason": "导错了账户"}, headers=who).json()
    assert [one["kind"] for one in found["items"]] == ["contra.recorded/1", "bank.rejected/1"]
    hand_in(client, base, home, found["items"], "treasurer")
    account = home.store.books.accounts.account("bank")
    assert (account.balance, account.suspense_in, account.suspense_out) == (17_000_00, 0, 0)


def test_a_booked_row_is_undone_by_a_contra(client: TestClient, base: str, home: Living) -> None:
    acts = seen(client, base, CSV.format(reference="")).json()["acts"]
    home.house.advance(days=4)
    home.follow()
    interest = hand_in(client, base, home, acts, "treasurer")[1]["record"]
    who = bearer(signed_in(client, base, "treasurer"))
    found = client.get(f"{base}/records/{interest}/undoing", params={"reason": "不是利息"}, headers=who).json()
    assert only(found)["body"] == {"corrects": interest, "on": "2026-02-05", "reason": "不是利息"}
    hand_in(client, base, home, found["items"], "treasurer")
    assert home.store.books.accounts.account("bank").suspense_in == 503_12
    unknown = client.get(f"{base}/records/{'0' * 64}/undoing", params={"reason": "x"}, headers=who)
    assert unknown.json()["rule"] == "record.unknown"
    for on in ("", "2026-02-05"):
        asked = {"reason": "x", "on": on}
        nothing_booked = client.get(f"{base}/records/{budget_of(home.house)[:64]}/undoing", params=asked, headers=who)
        assert (nothing_booked.status_code, nothing_booked.json()["rule"]) == (422, "contra.kind")


def test_a_workbook_is_read_like_a_text(client: TestClient, base: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for line in CSV.format(reference="").splitlines():
        sheet.append(line.split(","))
    data = io.BytesIO()
    book.save(data)
    body = {"name": "2026-02.xlsx", "data": base64.b64encode(data.getvalue()).decode()} | DAYS
    found = client.post(
        f"{base}/bank/bank/look", json=body, headers=bearer(signed_in(client, base, "treasurer"))
    ).json()
    assert [row["amount"] for row in found["rows"]] == [3_12, 500_00, -70_00]
    assert found["file"] == hashlib.sha256(data.getvalue()).hexdigest()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("not a bank's file", "bank.no_header"),
        ("", "bank.empty"),
        (CSV.format(reference="").replace("17503.12", "17503.13"), "bank.balance_breaks"),
        (
            CSV.format(reference="").replace("170", "180").replace("174", "184").replace("175", "185"),
            "bank.does_not_join",
        ),
    ],
)
def test_a_file_that_cannot_be_is_refused(client: TestClient, base: str, text: str, rule: str) -> None:
    assert seen(client, base, text).json()["rule"] == rule


def test_hostile_uploads(client: TestClient, base: str) -> None:
    who = bearer(signed_in(client, base, "treasurer"))
    path = f"{base}/bank/bank/look"
    for data in ("****", "账"):
        refused = client.post(path, json={"name": "x", "data": data} | DAYS, headers=who)
        assert (refused.status_code, refused.json()["rule"]) == (400, "request.base64")
    assert client.post(path, json={"name": "x" * 201, "data": ""}, headers=who).json()["rule"] == "request.fields"
    assert (
        client.post(path, json={"name": "x", "data": "", "start": "../.."}, headers=who).json()["rule"]
        == "request.fields"
    )
    large = client.post(path, json={"name": "x", "data": "A" * (1 << 20)}, headers=who)
    assert (large.status_code, large.json()["rule"]) == (413, "request.too_large")
    unknown = client.post(
        f"{base}/bank/none/look", json={"name": "x", "data": base64.b64encode(CSV.encode()).decode()}, headers=who
    )
    assert unknown.json()["rule"] == "account.unknown"


def test_only_officers_have_files_read(client: TestClient, base: str) -> None:
    assert seen(client, base, CSV.format(reference=""), who="registrar").json()["rule"] == "access.not_yours"
    assert client.post(f"{base}/bank/bank/look", json={"name": "x", "data": ""}).status_code == 401


def test_what_a_contract_promises_is_due_until_somebody_asks_for_it(
    client: TestClient, base: str, home: Living
) -> None:
    (promised,) = get(client, f"{base}/due")["items"]
    assert promised["asking"] == {
        "party": "lift", "fund": "service_fee", "category": "lift", "nature": "expense",
        "purpose": "电梯年保", "contract": "c2", "amount": 100_00,
    }  # fmt: skip
    assert promised["cycle"] == {"first": "2026-02-01", "last": "2026-02-28"}
    (carrier,) = promised["carriers"]
    assert (carrier["line"], carrier["left"], carrier["cap"]) == ("lifts", 5_000_00, 5_000_00)
    assert carrier["title"] == "事项", "the motion's own"
    assert [(one["account"], one["enough"]) for one in promised["sources"]] == [("bank", True), ("box", False)]
    home.house.apply_for(60_00, contract="c2")
    home.follow()
    applied, promised = get(client, f"{base}/due")["items"]
    assert (applied["amount"], applied["withdrawal"]["standing"]) == (60_00, "applied")
    assert promised["amount"] == 40_00, "the rest of the month"
    home.house.apply_for(40_00, contract="c2")
    home.follow()
    assert [item["amount"] for item in get(client, f"{base}/due")["items"]] == [60_00, 40_00]


def test_the_last_payment_to_the_payee_stands_beside_it(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    application = approved(home, 70_00, contract="c2")
    house.advance(days=1)
    house.take((house.day, -70_00, [{"amount": -70_00, "settles": f"{application}#0"}]))
    house.set_clock("2026-03-03T09:00:00+08:00")
    home.follow()
    (due,) = get(client, f"{base}/due")["items"]
    assert (due["amount"], due["last"]["amount"], due["difference"]) == (100_00, 70_00, 30_00)
    assert due["last"]["same_contract"]
    record = due["last"]["record"]
    house.act("contra.recorded/1", {"corrects": record, "on": house.day, "reason": "付错"}, by=["treasurer"])
    home.follow()
    assert all("last" not in item for item in get(client, f"{base}/due")["items"]), "what was taken back is no payment"


def test_only_authorities_that_would_carry_it_are_named(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    over = house.apply_for(5_000_01)
    other = house.apply_for(10_00, category="water")
    home.follow()
    for application in (over, other):
        assert get(client, f"{base}/withdrawals/{application}/due")["carriers"] == []
    fits = house.apply_for(10_00)
    home.follow()
    item = get(client, f"{base}/withdrawals/{fits}/due")
    assert [one["line"] for one in item["carriers"]] == ["lifts"]
    house.propose(fits, budget_of(house))
    home.follow()
    assert get(client, f"{base}/withdrawals/{fits}/due")["carriers"] == [], "it rests on one already"
    assert client.get(f"{base}/withdrawals/{'0' * 64}/due").json()["rule"] == "withdrawal.unknown"


def test_an_approved_stage_says_what_to_tell_the_bank(client: TestClient, base: str, home: Living) -> None:
    application = approved(home)
    (transfer,) = get(client, f"{base}/withdrawals/{application}/due")["transfers"]
    assert transfer == {"stage": f"{application}#0", "amount": 70_00, "reference": reference(f"{application}#0")}


def test_what_stands_before_the_statement(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    house.take(("2026-02-04", 7_00), ("2026-02-04", 300_00, [fees(300_00)]))
    home.follow()
    found = get(client, f"{base}/closing")
    assert (found["period"], found["last"], found["over"], found["clear"]) == ("2026H1", "2026-06-30", False, False)
    (bank,) = found["banks"]
    assert (bank["complete"], bank["rows_until"], len(bank["unconfirmed"])) == (False, "2026-02-04", 1)
    assert (found["suspense_in"], found["suspense_out"]) == (7_00, 0)
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.confirm(house.bank.newest)
    house.take(file={"start": "2026-02-04", "end": "2026-06-30"}, confirmed=True)
    (row,) = house.accounts.suspense.keys()
    part = fees(7_00)
    house.act(
        "suspense.cleared/1", {"row": row, "on": house.day, "evidence": house.letter, "parts": [part]}, by=["treasurer"]
    )
    home.follow()
    found = get(client, f"{base}/closing")
    assert (found["over"], found["clear"], found["suspense"]) == (True, True, [])


def test_the_next_statement_and_what_changed(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    house.take(("2026-02-04", 300_00, [fees(300_00)]), confirmed=True)
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.take(file={"start": "2026-02-04", "end": "2026-06-30"}, confirmed=True)
    home.follow()
    who = bearer(signed_in(client, base, "treasurer"))
    first = client.get(f"{base}/closing/statement", headers=who).json()
    assert "before" not in first or first["before"] is None
    assert [(one["category"], one["now"], one["before"]) for one in first["changes"]] == [("service_fee", 300_00, 0)]
    by = [key_of("treasurer"), key_of("chair")]
    record = drafting.draft(home.store.books.ledger, "statement.published/1", first["body"], house.time)
    home.store.submit(drafting.submissions([record], [drafting.sign(record, by)]))
    assert home.store.books.publication.latest is not None
    second = client.get(f"{base}/closing/statement", headers=who).json()
    assert (second["period"], second["before"]) == ("2026H2", "2026H1")
    assert [(one["now"], one["before"], one["difference"]) for one in second["changes"]] == [(0, 300_00, -300_00)]
    assert client.get(f"{base}/closing/statement").status_code == 401
