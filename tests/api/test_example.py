"""The example's year over HTTP: what lists and chains say equals the published statements to the fen."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.example.run import DATABASE
from ledger.store import Store
from tests.api.conftest import SITE
from tests.api.house import get
from tests.example.built import Year, build_or_find


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="module")
def client(year: Year) -> Iterator[TestClient]:
    with Store.open(year.folder / DATABASE) as store:
        app = create_app(Keeper.of([Kept(store, writable=False)]), Settings(requests=1_000_000))
        with TestClient(app, base_url=SITE) as client:
            yield client


@pytest.fixture(scope="module")
def base(year: Year) -> str:
    return f"/api/v1/ledgers/{year.books.ledger}"


def every(client: TestClient, path: str, **params: Any) -> list[Any]:
    """All items of a list that goes on."""
    items, after = [], ""
    while True:
        page = get(client, path, **params, after=after)
        items += page["items"]
        if "next" not in page:
            return items
        after = page["next"]


def leaf_of(line: dict[str, Any]) -> dict[str, Any]:
    """A line as the leaf that statements print."""
    named = {"seq": "entry", "budget_line": "line_code"}
    not_of_it = {"period", "index", "unconfirmed", "unfounded", "founded_by", "earlier"}
    return {"line": 1} | {named.get(key, key): value for key, value in line.items() if key not in not_of_it}


@pytest.mark.parametrize("period", ["2018H2", "2019H1"])
def test_lines_are_those_of_the_statement(client: TestClient, base: str, year: Year, period: str) -> None:
    found = every(client, f"{base}/lines", period=period, limit=50)
    assert [leaf_of(line) for line in found] == year.statement(period)["lines"]


def test_funds_and_accounts_stand_as_the_last_statement_closed(client: TestClient, base: str, year: Year) -> None:
    statement = year.statement("2019H1")
    closing = {(one["account"], one["fund"]): one["closing"] for one in statement["funds"]}
    later = Counter[tuple[str, str]]()
    for line in every(client, f"{base}/lines"):
        if line["period"] > "2019H1":
            later[line["account"], line["fund"]] += line["amount"]
    for account in get(client, f"{base}/accounts")["items"]:
        for held in account["funds"]:
            key = held["account"], held["fund"]
            assert held["amount"] == closing.get(key, 0) + later[key]
        if "bank" in account:
            assert account["held"] + account["suspense_in"] - account["suspense_out"] == account["bank"]
    assert sum(one["amount"] for one in get(client, f"{base}/funds")["items"]) == sum(
        one["held"] for one in get(client, f"{base}/accounts")["items"]
    )


def test_every_voucher_is_there_and_balances(client: TestClient, base: str, year: Year) -> None:
    found = every(client, f"{base}/vouchers", limit=100)
    assert {one["number"] for one in found} == {one.number for one in year.vouchers}
    for one in found:
        assert sum(leg["debit"] for leg in one["legs"]) == sum(leg["credit"] for leg in one["legs"])


def test_every_payment_leads_to_its_ballots_or_says_that_it_does_not(client: TestClient, base: str, year: Year) -> None:
    bases, certified = Counter[str](), {one["certificate"]["record"] for one in whole_meetings(client, base)}
    for record in {line.record for line in year.lines if line.move.amount < 0 and line.move.basis}:
        chain = get(client, f"{base}/payments/{record}")
        for line in chain["lines"]:
            if line.get("basis") in (None, "none"):
                continue
            bases[line["basis"]] += 1
            assert [one for one in chain["authorities"] if one["motion"] == line["motion"]]
            (motion,) = [one for one in chain["motions"] if one["ref"] == line["motion"]]
            assert motion["passed"]
            assert motion["certificate"] in certified
            assert motion["ballots"] > 0
        unfounded = {line["record"] for line in chain["lines"] if line["unfounded"]}
        assert bool(chain["missing"]) == bool(unfounded)
    told = Counter(line.move.basis for line in year.lines if line.move.basis not in ("", "none"))
    assert bases == told


def whole_meetings(client: TestClient, base: str) -> list[Any]:
    return [get(client, f"{base}/meetings/{one['called']}") for one in every(client, f"{base}/meetings", limit=1)]


def test_meetings_count_as_their_certificates(client: TestClient, base: str, year: Year) -> None:
    for meeting in whole_meetings(client, base):
        figures = meeting["certificate"]["figures"]
        (body,) = [b for b in year.bodies("meeting.certified") if b["meeting"] == meeting["opened"]["record"]]
        assert figures == json.loads(json.dumps(body))
        leaves = every(client, f"{base}/meetings/{meeting['called']}/roll")
        assert len(leaves) == body["roll"]["leaves"]
        assert sum(leaf["area"] for leaf in leaves) == meeting["roll"]["whole"]["area"] == body["roll"]["total"]["area"]
        by_unit = {leaf["unit"]: leaf for leaf in leaves}
        counted = [one for one in every(client, f"{base}/meetings/{meeting['called']}/ballots") if "choices" in one]
        assert len(counted) == body["opened"]["count"]
        for number, item in enumerate(body["items"]):
            said = [by_unit[one["unit"]] for one in counted if one["choices"][number] == "yes"]
            assert {"area": sum(x["area"] for x in said), "heads": sum(x["head"] for x in said)} == item["yes"]
