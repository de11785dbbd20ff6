"""Findings over HTTP: who sees them when, in which words, with proofs that hold, and answers beside them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ledger.audit.checks import CHECKS
from ledger.log import merkle
from tests.api.house import House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in

__all__ = ["base", "client"]

CODE = "contract.impossible_day"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """A contract ends on a day that does not exist, since 12 January 2026."""
    house = House()
    body = {"code": "c9", "direction": "in", "object": "广告位", "end_printed": "2026-02-31"}
    house.act("contract.entered/1", body, by=["chair"])
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        yield home


@pytest.fixture
def officer(client: TestClient, base: str) -> dict[str, str]:
    return bearer(signed_in(client, base, "treasurer"))


def asked(client: TestClient, base: str, headers: dict[str, str], **params: Any) -> Any:
    answer = client.get(f"{base}/findings", params={"code": CODE} | params, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.json()


def test_whoever_answers_sees_a_finding_at_once_and_everybody_when_the_answer_is_due(
    client: TestClient, base: str, home: Living, officer: dict[str, str]
) -> None:
    (found,) = asked(client, base, officer)["items"]
    assert found["public_from"] == "2026-01-19"
    assert asked(client, base, {})["items"] == []
    assert asked(client, base, {})["hidden"] > 0
    assert client.get(f"{base}/findings/{found['key']}").status_code == 404
    home.house.set_clock("2026-01-19T12:00:00+08:00")
    assert asked(client, base, {})["items"] == []
    home.house.set_clock("2026-01-20T00:00:00+08:00")
    (public,) = asked(client, base, {})["items"]
    assert "public_from" not in public
    assert client.get(f"{base}/findings/{found['key']}").status_code == 200


@pytest.mark.parametrize(
    ("who", "early"), [("registrar", True), ("supervisor", True), ("owner-a1", False), ("zhang", False)]
)
def test_who_need_not_wait(client: TestClient, base: str, who: str, early: bool) -> None:
    headers = bearer(signed_in(client, base, who))
    assert bool(asked(client, base, headers)["items"]) == early


def test_a_finding_is_a_sentence_with_its_entries_and_what_would_settle_it(
    client: TestClient, base: str, home: Living, officer: dict[str, str]
) -> None:
    (found,) = asked(client, base, officer | {"Accept-Language": "zh"})["items"]
    assert found["title"] == "合同日期不存在"
    assert "2026-02-31" in found["says"]
    assert found["clears"]
    assert (found["row"], found["severity"], found["weak"]) == ("15", "high", False)
    (evidence,) = found["evidence"]
    entry = home.house.entries[evidence["seq"]]
    assert entry.record.digest == evidence["record"]
    assert entry.record.body[evidence["part"]] == "2026-02-31"
    english = asked(client, base, officer | {"Accept-Language": "en"})["items"][0]
    assert english["key"] == found["key"]
    assert english["title"] == "A contract's day that does not exist"


def test_its_proofs_hold_under_the_head_that_was_given_out(
    client: TestClient, base: str, home: Living, officer: dict[str, str]
) -> None:
    (found,) = asked(client, base, officer)["items"]
    shown = client.get(f"{base}/findings/{found['key']}", headers=officer).json()
    checkpoint = get(client, base)["head"]
    assert (shown["size"], shown["root"]) == (checkpoint["size"], checkpoint["root"])
    for proof in shown["proofs"]:
        leaf = bytes.fromhex(proof["leaf"])
        assert leaf == home.house.entries[proof["seq"]].leaf
        path = [bytes.fromhex(node) for node in proof["path"]]
        merkle.check_inclusion(leaf, proof["seq"], shown["size"], path, bytes.fromhex(shown["root"]))


def test_findings_are_narrowed(client: TestClient, base: str, officer: dict[str, str]) -> None:
    (found,) = asked(client, base, officer)["items"]
    seq = found["evidence"][0]["seq"]
    assert len(asked(client, base, officer, entry=seq)["items"]) == 1
    assert asked(client, base, officer, entry=0)["items"] == []
    assert asked(client, base, officer, severity="low")["items"] == []


def test_an_answer_makes_it_public_and_stands_beside_it(
    client: TestClient, base: str, home: Living, officer: dict[str, str]
) -> None:
    (found,) = asked(client, base, officer)["items"]
    text, _ = home.house.commit("finding.answered/1", "text", "打印错误，应为二月二十八日")
    body = {"finding": found["key"], "check": CODE, "text": text}
    answer = home.house.act("finding.answered/1", body, by=["chair"])
    home.follow()
    grown(client, base, home)
    (public,) = asked(client, base, {})["items"]
    assert [(one["record"], one["text"]) for one in public["answers"]] == [(answer, "打印错误，应为二月二十八日")]
    page = client.get(f"/c/{home.store.books.ledger[:16]}/findings/{found['key']}", headers={"Accept": "text/html"})
    assert "打印错误" in page.text


def test_what_is_settled_is_asked_no_more(client: TestClient, base: str, home: Living, officer: dict[str, str]) -> None:
    """The findings follow the ledger: what a newer entry brings is there when a head covers it."""
    before = asked(client, base, officer)["size"]
    other = {"code": "c10", "direction": "in", "object": "广告位二", "end_printed": "2026-02-30"}
    home.house.act("contract.entered/1", other, by=["chair"])
    home.follow()
    grown(client, base, home)
    found = asked(client, base, officer)
    assert found["size"] == before + 1
    assert len(found["items"]) == 2


def grown(client: TestClient, base: str, home: Living) -> None:
    """Wait until a head covers everything."""
    kept = client.app.state.keeper.ledger(home.store.books.ledger)  # type: ignore[attr-defined]

    async def seen() -> bool:
        kept.want()
        return bool(await kept.covers(home.store.books.head.size - 1, 10))

    assert client.portal is not None
    assert client.portal.call(seen)


def test_all_checks_are_listed(client: TestClient, base: str) -> None:
    listed = get(client, f"{base}/checks")
    assert [one["code"] for one in listed["items"]] == [check.code for check in CHECKS]
    assert all(one["title"] and one["clears"] and one["basis"] for one in listed["items"])


def test_the_page_says_first_that_these_are_questions(client: TestClient, home: Living) -> None:
    page = client.get(f"/c/{home.store.books.ledger[:16]}/findings", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "不是结论" in page.text
    assert CODE not in page.text


def test_nobody_keeps_a_finding_from_the_public_by_adding_to_it(client: TestClient, base: str, home: Living) -> None:
    """A paper more with the same number every five days: the answer window of seven days began with the first two."""
    alike = "numbering.repeated"
    home.house.document("电费", number_printed="甲物业字〔2026〕2号")
    for day, seen in (("13", 0), ("18", 0), ("22", 1), ("26", 1)):
        home.house.set_clock(f"2026-01-{day}T12:00:00+08:00")
        home.house.document(f"水费{day}", number_printed="甲物业字〔2026〕2号")
        home.follow()
        grown(client, base, home)
        assert len(asked(client, base, {}, code=alike)["items"]) == seen
    (shown,) = asked(client, base, {}, code=alike)["items"]
    assert len(shown["evidence"]) == 5
    assert "public_from" not in shown
    assert client.get(f"{base}/findings/{shown['key']}").status_code == 200


def test_a_finding_of_its_own_waits_for_its_own_answer(client: TestClient, base: str, home: Living) -> None:
    """Another number, repeated since yesterday, does not become public with the first."""
    for day, number in (("12", 2), ("12", 2), ("25", 3), ("25", 3)):
        home.house.set_clock(f"2026-01-{day}T12:00:00+08:00")
        home.house.document(f"电费{len(home.house.times)}", number_printed=f"甲物业字〔2026〕{number}号")
    home.house.set_clock("2026-01-26T12:00:00+08:00")
    home.follow()
    grown(client, base, home)
    (shown,) = asked(client, base, {}, code="numbering.repeated")["items"]
    assert "〔2026〕2号" in shown["says"]
