"""What the checks ask of the entries before a statement: on its prints and its page, by a version, and not in what is signed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ledger import period
from ledger.audit.checks import VERSION, Finding
from ledger.store import printing, reviewing, statements
from ledger.store.reviewing import Reviewing
from tests.accounts.treasury import fees
from tests.api.house import House, Living, base, client, living
from tests.community import BOTH

__all__ = ["base", "client"]

CODE = "contract.impossible_day"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """A published half-year; since January two contracts end on days that do not exist, a third since the last day."""
    house = House()
    contract = {"direction": "in", "object": "广告位", "end_printed": "2026-02-31"}
    for code in ("c8", "c9"):
        house.act("contract.entered/1", contract | {"code": code}, by=["chair"])
    house.take(("2026-01-05", 300_00, [fees(300_00)]), confirmed=True)
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.act("contract.entered/1", contract | {"code": "c7"}, by=["chair"])
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        house.act("statement.published/1", statements.draft(home.store).body, by=["treasurer", "chair"])
        home.follow()
        yield home


def test_what_the_checks_ask_stands_on_prints_and_page_and_not_in_the_statement(
    client: TestClient, base: str, home: Living
) -> None:
    """Of the entries before the statement, as everybody saw them at its end; a page does not wait for the checks."""
    found = printing.asked(home.store, "2026H1")
    assert (found.count, found.checks) == (len(asked_of(home)), VERSION)
    assert (found.count, found.heavy) >= (2, 2)
    word = f"待说明事项（核查第{VERSION}版）"
    page = f"/c/{home.store.books.ledger}/statements/2026H1"
    assert word not in client.get(page, params={"lang": "zh"}).text
    assert word in client.get(page, params={"lang": "zh"}).text  # the first visit had them asked
    html = client.get(f"{base}/statements/2026H1.html", headers={"Accept-Language": "zh"}).text
    assert f"{word}" in html
    assert f"{found.count}项" in html
    before = client.get(f"{base}/statements/2026H1.json").content
    assert word.encode() not in before
    assert "待说明事项" not in client.get(f"{base}/statements/2026H1.txt", headers={"Accept-Language": "zh"}).text


def test_what_is_answered_or_lowered_is_asked_no_more(home: Living) -> None:
    """By the acts before the statement, not by later ones."""
    before = printing.asked(home.store, "2026H1")
    finding, other = (one for one in asked_of(home) if one.code == CODE)
    text, _ = home.house.commit("finding.answered/1", "text", "见附件")
    home.house.act("finding.answered/1", {"finding": finding.key, "check": finding.code, "text": text}, by=["chair"])
    home.follow()
    assert printing.asked(home.store, "2026H1") == before
    size = home.store.books.head.size
    now = reviewing.unexplained(home.store, size)
    home.house.act("check.lowered/1", {"check": other.code, "reason": "旧合同，原件如此"}, by=BOTH)
    home.follow()
    assert (now.count, reviewing.unexplained(home.store, size + 1).count) == (before.count - 1, before.count - 2)


def asked_of(home: Living) -> list[Finding]:
    """The public findings at the end of the statement, as the page of findings has them: not that of the last day."""
    prefix = statements.stands(home.store, "2026H1").prefix
    day = home.house.entries[prefix - 1].time
    today = period.legal_day(day, home.store.books.offset).isoformat()
    reviewed = Reviewing(home.store).at(prefix, today)
    return [finding for finding in reviewed.findings if reviewed.public(finding, today)]
