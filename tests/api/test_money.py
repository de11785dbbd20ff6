"""Money over HTTP: what is shown is what the books say, step by step, with what is still needed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ledger.store import statements
from tests.accounts.treasury import fees, spent
from tests.api.house import House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """Books with fees received and a lift repaired that nobody decided."""
    house = House()
    house.take(
        ("2026-01-05", 300_00, [fees(300_00, unit="a1", covers="2026-01")]), ("2026-01-05", 7_00), confirmed=True
    )
    house.take(("2026-01-06", -50_00, [spent(50_00, party="lift", contract="c1")]))
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        yield home


__all__ = ["base", "client"]


def test_accounts_and_funds_add_up_as_the_bank_has_it(client: TestClient, base: str, home: Living) -> None:
    bank = get(client, f"{base}/accounts/bank")
    assert bank["held"] + bank["suspense_in"] - bank["suspense_out"] == bank["bank"] == home.house.bank.balance
    assert bank["suspense_in"] == 7_00
    assert bank["confirmed"] is False
    assert bank["rows_until"] == "2026-01-06"
    assert {one["fund"]: one.get("unproven") for one in bank["funds"]} == {
        "service_fee": None, "common_income": None, "maintenance": 5_000_00,
    }  # fmt: skip
    funds = {one["fund"]: one["amount"] for one in get(client, f"{base}/funds")["items"]}
    assert funds["service_fee"] == home.house.fund("service_fee")
    assert [tier["least"] for tier in bank["mandate"]] == [1, 500_00]
    assert client.get(f"{base}/accounts/none").json()["rule"] == "account.unknown"


def test_lines_carry_their_marks(client: TestClient, base: str, home: Living) -> None:
    fee, lift = get(client, f"{base}/lines")["items"]
    assert (fee["amount"], fee["unit"], fee["covers"], fee["unconfirmed"]) == (300_00, "a1", "2026-01", False)
    assert (lift["amount"], lift["basis"], lift["unfounded"], lift["unconfirmed"]) == (-50_00, "none", True, True)
    home.house.confirm(home.house.books.accounts.account("bank").newest)
    home.follow()
    assert not get(client, f"{base}/lines", party="lift")["items"][0]["unconfirmed"]


def test_a_line_of_a_closed_period_is_marked(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    house.confirm(house.bank.newest)
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.take(file={"start": "2026-01-06", "end": "2026-06-30"}, confirmed=True)
    home.follow()
    body = statements.draft(home.store).body
    house.act("statement.published/1", body, by=["treasurer", "chair"])
    house.advance(days=1)
    row = get(client, f"{base}/open")["suspense"][0]["row"]
    house.clear(row, fees(7_00), on="2026-06-30")
    home.follow()
    late = get(client, f"{base}/lines", order="newest", limit=1)["items"][0]
    assert (late["on"], late["booked"], late["period"], late["earlier"]) == ("2026-06-30", "2026-07-01", "2026H2", True)
    assert get(client, f"{base}/open")["suspense"] == []
    assert get(client, f"{base}/open")["closed_until"] == "2026-06-30"


@pytest.mark.parametrize(
    ("wanted", "amounts"),
    [
        ({"party": "lift"}, [-50_00]),
        ({"contract": "c1"}, [-50_00]),
        ({"unit": "a1"}, [300_00]),
        ({"least": 1}, [300_00]),
        ({"most": -1}, [-50_00]),
        ({"first": "2026-01-06"}, [-50_00]),
        ({"last": "2026-01-05"}, [300_00]),
        ({"basis": "none"}, [-50_00]),
        ({"nature": "income", "fund": "service_fee", "account": "bank", "category": "service_fee"}, [300_00]),
        ({"period": "2026H1"}, [300_00, -50_00]),
        ({"period": "2025H2"}, []),
    ],
)
def test_filters(client: TestClient, base: str, wanted: dict[str, Any], amounts: list[int]) -> None:
    assert [one["amount"] for one in get(client, f"{base}/lines", **wanted)["items"]] == amounts


@pytest.mark.parametrize(
    "wrong", [{"colour": "red"}, {"first": "yesterday"}, {"limit": 0}, {"after": "W10"}, {"least": 2**60}]
)
def test_a_filter_that_is_none_is_refused(client: TestClient, base: str, wrong: dict[str, Any]) -> None:
    assert client.get(f"{base}/lines", params=wrong).status_code == 400


def test_lists_go_on_both_ways_each_line_once(client: TestClient, base: str, home: Living) -> None:
    for day in range(7, 12):
        home.house.take((f"2026-01-{day:02d}", day, [fees(day)]))
    home.follow()
    for order in ("log", "newest"):
        seen, after = [], ""
        while True:
            page = get(client, f"{base}/lines", limit=2, order=order, after=after)
            seen += [one["amount"] for one in page["items"]]
            if "next" not in page:
                break
            after = page["next"]
        assert (seen if order == "log" else seen[::-1]) == [300_00, -50_00, 7, 8, 9, 10, 11]


def test_vouchers_balance(client: TestClient, base: str) -> None:
    found = get(client, f"{base}/vouchers", month="2026-01")["items"]
    assert [one["number"] for one in found] == [f"2026-01-000{n}" for n in (1, 2, 3, 4)]
    for one in found:
        assert sum(leg["debit"] for leg in one["legs"]) == sum(leg["credit"] for leg in one["legs"]) > 0
    assert get(client, f"{base}/vouchers", month="2026-02")["items"] == []
    page = get(client, f"{base}/vouchers", limit=2)
    assert [one["number"] for one in get(client, f"{base}/vouchers", after=page["next"])["items"]] == [
        "2026-01-0003",
        "2026-01-0004",
    ]
    assert client.get(f"{base}/vouchers/2030-01-0001").json()["rule"] == "voucher.unknown"


def test_a_contra_shows_on_both_vouchers(client: TestClient, base: str, home: Living) -> None:
    row = get(client, f"{base}/lines", party="lift")["items"][0]
    home.house.contra(row["record"])
    home.follow()
    was = get(client, f"{base}/vouchers/{row['voucher']}")
    contra = get(client, f"{base}/vouchers/{was['corrected_by']}")
    assert contra["corrects"] == row["record"]
    assert sum(one["amount"] for one in (*was["lines"], *contra["lines"])) == 0
    assert not get(client, f"{base}/lines", party="lift")["items"][0]["unfounded"]


def test_a_withdrawal_step_by_step_to_the_roll(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    poll = house.voted()
    budget = f"{poll.called}#0"

    def seen(application: str) -> tuple[str, list[list[str]], list[str]]:
        home.follow()
        found = get(client, f"{base}/withdrawals/{application}")
        return found["standing"], found["needed"], [one["step"] for one in found["steps"]]

    application = house.apply_for(600_00)
    assert seen(application) == ("applied", [], ["applied"])
    proposal = house.propose(application, budget)
    assert seen(application) == ("proposed", [["chair"], ["registrar"]], ["applied", "proposed"])
    house.approve(proposal)
    assert seen(application)[:2] == ("proposed", [["registrar"]])
    house.approve(proposal, "registrar")
    assert seen(application)[:2] == ("approved", [])
    house.act("withdrawal.instructed/1", {"stage": f"{application}#0", "on": house.day}, by=["treasurer"])
    assert seen(application)[0] == "instructed"
    assert [one["application"] for one in get(client, f"{base}/withdrawals", live=True)["items"]] == [application]
    _file, row = house.take((house.day, -600_00, [{"amount": -600_00, "settles": f"{application}#0"}]))
    assert seen(application)[0] == "paid"
    assert get(client, f"{base}/withdrawals", live=True)["items"] == []
    (granted,) = get(client, f"{base}/authorities")["items"]
    assert (granted["line"], granted["cap"], granted["spent"], granted["left"]) == ("lifts", 5000_00, 600_00, 4400_00)

    chain = get(client, f"{base}/payments/{row}")
    assert [one["amount"] for one in chain["lines"]] == [-600_00]
    assert chain["vouchers"][0]["number"] == chain["lines"][0]["voucher"]
    (paid,) = chain["withdrawals"]
    people = [(one["step"], one.get("person")) for one in paid["steps"]]
    assert people == [
        ("applied", house.ref("member")), ("proposed", house.ref("treasurer")), ("approved", house.ref("chair")),
        ("approved", house.ref("registrar")), ("instructed", house.ref("treasurer")), ("paid", None),
    ]  # fmt: skip
    assert [one["seq"] for one in paid["steps"]] == [home.store.seq_of(one["record"]) for one in paid["steps"]]
    assert chain["authorities"] == [granted]
    (rests,) = chain["motions"]
    assert (rests["ref"], rests["meeting"], rests["certificate"]) == (budget, poll.called, poll.certificate)
    assert (rests["opened"]["record"], rests["roll"]["record"], rests["ballots"]) == (poll.opened, poll.roll, 3)
    assert rests["roll"]["root"] == house.books_root(poll.roll)
    assert chain["missing"] == []


def test_dropped_and_paid_without_a_word(client: TestClient, base: str, home: Living) -> None:
    application = home.house.apply_for(100_00)
    home.house.act("withdrawal.dropped/1", {"application": application, "reason": "不修了"}, by=["chair"])
    home.follow()
    found = get(client, f"{base}/withdrawals/{application}")
    assert (found["standing"], [one["step"] for one in found["steps"]]) == ("dropped", ["applied", "dropped"])
    row = get(client, f"{base}/lines", party="lift")["items"][0]["record"]
    chain = get(client, f"{base}/payments/{row}")
    assert (chain["withdrawals"], chain["motions"], chain["missing"]) == ([], [], [f"{row}#0"])
    assert [one["ref"] for one in get(client, f"{base}/open")["unfounded"]] == [f"{row}#0"]
    letter = home.house.letter
    assert client.get(f"{base}/payments/{letter}").json()["rule"] == "payment.none"
    assert client.get(f"{base}/withdrawals/{letter}").json()["rule"] == "withdrawal.unknown"


def test_names_of_people_are_for_whom_they_are(client: TestClient, base: str, home: Living) -> None:
    house = home.house
    commitment, _ = house.commit("party.entered/1", "name", "王五")
    house.act("party.entered/1", {"code": "wang", "nature": "natural", "name": commitment}, by=["chair"])
    home.follow()
    for who, name in (("", None), ("owner-a1", None), ("chair", "王五"), ("supervisor", "王五")):
        headers = bearer(signed_in(client, base, who)) if who else {}
        for path in ("parties/wang", "parties?limit=200"):
            answer = client.get(f"{base}/{path}", headers=headers)
            found = answer.json()
            one = found if "items" not in found else next(x for x in found["items"] if x["code"] == "wang")
            assert one.get("name") == name, (who, path)
            assert ("no-store" in answer.headers["cache-control"]) == bool(who)
    assert get(client, f"{base}/contracts/c1")["object"] == "电梯维保"
    assert [one["code"] for one in get(client, f"{base}/contracts")["items"]] == ["c1"]
    assert client.get(f"{base}/parties/none").json()["rule"] == "party.unknown"
