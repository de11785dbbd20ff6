"""Audit reports over HTTP: what was signed, beside the same drawn up here; drafts for those who watch; pages and prints."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ledger.audit.checks import VERSION
from ledger.audit.draw import draw
from ledger.audit.reports import FORM
from ledger.store import auditing
from ledger.store.auditing import About
from tests.accounts.treasury import spent
from tests.api.house import House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in
from tests.audit.reports.drawn import published
from tests.audit.reports.test_pay import agreed, received
from tests.community import OFFICERS, digest_of

__all__ = ["base", "client"]

DAYS = {"start": "2026-01-01", "until": "2026-12-31"}
ASKED = {"sort": "trust"} | DAYS
Headers = dict[str, str]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """A trustee's year so far, and an auditor."""
    house = House(officers={**OFFICERS, "cpa": ("auditor", "assembly")})
    agreed(house)
    received(house, 100_00)
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        yield home


def sign(home: Living, number: str, **said: Any) -> str:
    """Sign a report over what stands, honest but for what is ``said``, and put it into the store; its record."""
    house = home.house
    body: dict[str, Any] = ASKED | {
        "prefix": len(house.entries),
        "checks": VERSION,
        "form": FORM,
        "opinion": "qualified",
    }
    body |= {"firm": "某会计师事务所", "report_number": number} | said
    if "report" not in said:
        days = (body["start"], body["until"])
        body["report"] = draw(published(house), body["sort"], *days, bundle=False, prefix=body["prefix"]).digest
    record = house.act("audit.reported/1", body, by=["cpa"])
    home.follow()
    return record


@pytest.fixture
def cpa(client: TestClient, base: str) -> Headers:
    return bearer(signed_in(client, base, "cpa"))


def page(client: TestClient, home: Living, path: str, headers: Headers | None = None, **params: str) -> str:
    """A page of the ledger in Chinese, as text."""
    answer = client.get(f"/c/{home.store.books.ledger}/{path}", params={"lang": "zh"} | params, headers=headers or {})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_signed_report_is_what_is_drawn_up_here(client: TestClient, base: str, home: Living) -> None:
    record = sign(home, "2026-001")
    (item,) = get(client, f"{base}/audits")["items"]
    assert (item["record"], item["opinion"], item["number"], item["signers"][0]["roles"]) == (
        record,
        "qualified",
        "2026-001",
        ["auditor"],
    )
    shown = get(client, f"{base}/audits/{record}")
    assert (shown["standing"], shown["drawn"]) == ("agrees", item["report"])
    assert shown["again"]["size"] == item["prefix"]
    assert shown | item == shown
    html = page(client, home, f"audits/{record}")
    assert (
        html.index("保留意见")
        < html.index("某会计师事务所于")
        < html.index("一字不差")
        < html.index("受托人法定义务清单")
    )
    assert f'/entries/{item["seq"]}"' in html
    assert "尚未经审计机构签署" not in html


def test_what_is_entered_later_changes_nothing_of_it(client: TestClient, base: str, home: Living) -> None:
    record = sign(home, "2026-001")
    before = get(client, f"{base}/audits/{record}")
    home.house.take((home.house.day, -30_00, [spent(30_00, party="lift")]))
    home.follow()
    assert get(client, f"{base}/audits/{record}") == before


def test_a_report_that_tells_another_figure_is_told(client: TestClient, base: str, home: Living) -> None:
    """The auditor signs what the books gave before a payment, as if of the books with it."""
    friendly = draw(published(home.house), "trust", DAYS["start"], DAYS["until"], bundle=False).digest
    home.house.take((home.house.day, -30_00, [spent(30_00, party="lift")]))
    record = sign(home, "2026-001", report=friendly)
    shown = get(client, f"{base}/audits/{record}")
    assert (shown["standing"], shown["report"], shown["drawn"] == friendly) == ("differs", friendly, False)
    html = page(client, home, f"audits/{record}")
    assert "与签署的不一致，待核实" in html
    assert "一字不差" not in html
    honest = sign(home, "2026-002", prefix=shown["prefix"])
    assert get(client, f"{base}/audits/{honest}")["standing"] == "agrees"
    assert "报告编号 2026-001" in page(client, home, f"audits/{honest}")  # who else signed another one over the same


def test_of_a_report_of_another_version_nothing_is_said(client: TestClient, base: str, home: Living) -> None:
    record = sign(home, "2026-001", report=digest_of("by another program"), checks=VERSION + 1)
    assert get(client, f"{base}/audits/{record}")["standing"] == "other_version"
    assert "没法核对" in page(client, home, f"audits/{record}")


@pytest.mark.parametrize("sort", ["trust", "term", "annual", "handover"])
def test_a_draft_is_what_the_command_draws_up(
    client: TestClient, base: str, home: Living, cpa: Headers, sort: Any
) -> None:
    answer = client.get(f"{base}/audits/draft", params=ASKED | {"sort": sort}, headers=cpa)
    assert answer.headers["cache-control"] == "private, no-store"
    found = answer.json()
    drawn = draw(published(home.house), sort, DAYS["start"], DAYS["until"], bundle=False)
    assert (found["digest"], found["report"]) == (drawn.digest, drawn.report)
    html = page(client, home, "audits/draft", cpa, sort=sort, **DAYS)
    assert "核查报告" in html
    assert "尚未经审计机构签署" in html
    assert "审计意见</p>" not in html


def test_a_draft_says_what_has_to_be_signed(client: TestClient, base: str, home: Living, cpa: Headers) -> None:
    body = client.get(f"{base}/audits/draft", params=ASKED, headers=cpa).json()["body"]
    said = {"opinion": "adverse", "firm": "某会计师事务所", "report_number": "2026-009"}
    record = home.house.act("audit.reported/1", body | said, by=["cpa"])
    home.follow()
    assert get(client, f"{base}/audits/{record}")["standing"] == "agrees"


@pytest.mark.parametrize(
    ("who", "may"), [("supervisor", True), ("registrar", True), ("chair", False), ("zhang", False)]
)
def test_who_may_see_what_nobody_signed(client: TestClient, base: str, home: Living, who: str, may: bool) -> None:
    headers = bearer(signed_in(client, base, who))
    for path in ("", ".pdf"):
        assert client.get(f"{base}/audits/draft{path}", params=ASKED, headers=headers).status_code == (
            200 if may else 403
        )
    assert ("编制一份未签署的核查报告" in page(client, home, "audits", headers)) == may


def test_prints(client: TestClient, base: str, home: Living, cpa: Headers) -> None:
    record = sign(home, "2026-001")
    signed = client.get(f"{base}/audits/{record}.pdf")
    draft = client.get(f"{base}/audits/draft.pdf", params=ASKED | {"sort": "handover"}, headers=cpa)
    for answer in (signed, draft):
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert signed.content != draft.content
    assert (
        client.get(f"{base}/audits/{record}.pdf", headers={"If-None-Match": signed.headers["etag"]}).status_code == 304
    )


def test_what_does_not_stand_or_makes_no_sense(client: TestClient, base: str, cpa: Headers) -> None:
    unknown = client.get(f"{base}/audits/{'0' * 64}")
    assert (unknown.status_code, unknown.json()["rule"]) == (404, "audit.unknown")
    turned = client.get(f"{base}/audits/draft", params=ASKED | {"until": "2025-12-31"}, headers=cpa)
    assert (turned.status_code, turned.json()["rule"]) == (422, "audit.days")
    no_day = client.get(f"{base}/audits/draft", params=ASKED | {"until": "2026-02-30"}, headers=cpa)
    assert no_day.status_code == 400
    other = client.get(f"{base}/audits/draft", params=ASKED | {"sort": "tax"}, headers=cpa)
    assert other.status_code == 400


def test_pages_of_a_list_go_on(client: TestClient, base: str, home: Living) -> None:
    records = [sign(home, f"2026-00{n}", report=digest_of("any"), opinion="disclaimer") for n in range(3)]
    first = get(client, f"{base}/audits", limit=2)
    rest = get(client, f"{base}/audits", limit=2, after=first["next"])
    assert [one["record"] for one in first["items"] + rest["items"]] == records[::-1]
    assert "next" not in rest


def test_it_is_made_once(client: TestClient, base: str, home: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    record = sign(home, "2026-001")
    times: list[About] = []
    make = auditing.make

    def counted(store: Any, about: About) -> Any:
        times.append(about)
        return make(store, about)

    monkeypatch.setattr(auditing, "make", counted)
    for path in (f"audits/{record}", f"audits/{record}.pdf"):
        assert client.get(f"{base}/{path}").status_code == 200
    page(client, home, f"audits/{record}")
    assert len(times) == 1
