"""Statements over HTTP: the signed bytes, every form of them, one rendering at a time."""

import csv
import hashlib
import io
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from anyio import create_task_group, run, to_thread
from starlette.testclient import TestClient

from api import rendering
from api.app import create_app
from api.keeper import Keeper, Kept
from api.rendering import Rendering, Share
from api.settings import Settings
from ledger.accounts.records import MOST
from ledger.errors import Unavailable
from ledger.store import printing, statements
from tests.accounts.treasury import fees, spent
from tests.api.house import House, Living, base, client, get, living
from tests.api.test_signing_in import bearer, signed_in
from tests.community import digest_of

__all__ = ["base", "client"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    """A published half-year with a few lines."""
    house = House()
    house.take(
        ("2026-01-05", 300_00, [fees(300_00)]), ("2026-01-05", -12_34, [spent(12_34, party="lift")]), confirmed=True
    )
    house.set_clock("2026-07-02T09:00:00+08:00")
    home = living(tmp_path / "ledger.db", house)
    with home.store:
        house.act("statement.published/1", statements.draft(home.store).body, by=["treasurer", "chair"])
        home.follow()
        yield home


def printed(home: Living, ending: str, locale: str) -> bytes:
    """A form as the command line makes it."""
    drawn = statements.published(home.store, "2026H1")
    asked = printing.asked(home.store, "2026H1") if ending in ("html", "pdf", "poster.pdf") else None
    later = printing.printed_with(home.store, "2026H1", unexplained=asked)
    return printing.form(drawn, later, ending, locale)


def test_the_list_says_what_was_signed(client: TestClient, base: str, home: Living) -> None:
    (one,) = get(client, f"{base}/statements")["items"]
    stands = statements.stands(home.store, "2026H1")
    assert (one["period"], one["digest"], one["record"], one["prefix"]) == (
        "2026H1", stands.digest, stands.record, stands.prefix,
    )  # fmt: skip
    assert sorted(role for signer in one["signers"] for role in signer["roles"]) == ["chair", "treasurer"]
    moved = next(t for t in one["totals"] if (t["account"], t["fund"]) == ("bank", "service_fee"))
    assert (moved["received"], moved["spent"]) == (300_00, 12_34)
    assert get(client, f"{base}/statements/2026H1") == one
    assert one["posted"] == one["corrections"] == []


def test_where_it_hangs_and_what_was_wrong_stand_beside_it(client: TestClient, base: str, home: Living) -> None:
    house, record = home.house, statements.stands(home.store, "2026H1").record
    hung = {"record": record, "start": house.day, "until": "2026-08-01", "places": ["1栋大堂"]}
    house.act("posting.hung/1", hung, by=["chair"])
    notice = {"statement": record, "line": 1, "was": "维保", "now": "维修", "reason": "写错"}
    house.act("correction.noticed/1", notice, by=["treasurer", "chair"])
    home.follow()
    one = get(client, f"{base}/statements/2026H1")
    assert one["posted"][0]["places"] == ["1栋大堂"]
    assert (one["corrections"][0]["line"], one["corrections"][0]["now"]) == (1, "维修")


def test_json_is_what_was_signed_and_kept_for_ever(client: TestClient, base: str, home: Living) -> None:
    answer = client.get(f"{base}/statements/2026H1.json")
    digest = get(client, f"{base}/statements/2026H1")["digest"]
    assert hashlib.sha256(answer.content).hexdigest() == digest
    assert answer.headers["etag"] == f'W/"{digest}"'
    assert "immutable" in answer.headers["cache-control"]
    assert client.get(f"{base}/statements/2026H1.json", headers={"If-None-Match": f'"{digest}"'}).status_code == 304


@pytest.mark.parametrize(
    ("ending", "media", "begins"),
    [
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("poster.pdf", "application/pdf", b"%PDF-"),
        ("txt", "text/plain; charset=utf-8", b""),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_each_form_is_the_command_lines(
    client: TestClient, base: str, home: Living, ending: str, media: str, begins: bytes
) -> None:
    answer = client.get(f"{base}/statements/2026H1.{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert answer.content.lower().startswith(begins.lower())
    assert answer.content == printed(home, ending, "zh_CN")
    again = client.get(f"{base}/statements/2026H1.{ending}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    if ending == "txt":
        assert get(client, f"{base}/statements/2026H1")["digest"] in answer.text
    english = client.get(f"{base}/statements/2026H1.{ending}", headers={"Accept-Language": "en"})
    assert english.content == printed(home, ending, "en") != answer.content


def test_tables_give_the_lines_to_the_fen(client: TestClient, base: str, home: Living) -> None:
    lines = statements.published(home.store, "2026H1")["lines"]
    text = client.get(f"{base}/statements/2026H1.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [Decimal(row[8]) * 100 for row in rows[1:]] == [line["amount"] for line in lines]
    sheet, asked = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}/statements/2026H1.xlsx").content))
    assert [round(Decimal(str(row[8])) * 100) for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        300_00,
        -12_34,
    ]
    assert asked.max_row == 1  # nobody asked anything: heads only
    assert MOST < 2**53


@pytest.mark.parametrize("name", ["2025H2", "2025H2.json", "2025H2.pdf", "2025H2.html", "2025H2.csv"])
def test_what_was_not_published_is_not_there(client: TestClient, base: str, name: str) -> None:
    answer = client.get(f"{base}/statements/{name}")
    assert (answer.status_code, answer.json()["rule"]) == (404, "statement.unknown")
    for wrong in ("x", "2026H3", "2026H1.exe", "2026H1.pdf.pdf", "..%2f2026H1.json"):
        assert client.get(f"{base}/statements/{wrong}").status_code in (400, 404)


def test_the_draft_is_for_officers_and_is_what_would_be_published(client: TestClient, base: str, home: Living) -> None:
    assert client.get(f"{base}/statements/draft").status_code == 401
    assert (
        client.get(f"{base}/statements/draft", headers=bearer(signed_in(client, base, "owner-a1"))).status_code == 403
    )
    headers = bearer(signed_in(client, base, "treasurer"))
    draft = client.get(f"{base}/statements/draft", headers=headers).json()
    own = statements.draft(home.store)
    assert (draft["statement"], draft["body"]) == (own.statement, own.body)
    home.house.act("account.opened/1", {
        "code": "second", "nature": "bank", "title": "second", "holder": "committee", "funds": ["service_fee"],
        "mandate": [{"least": 1, "seats": [["chair"]]}],
    }, by=["chair", "registrar"])  # fmt: skip
    home.follow()
    later = client.get(f"{base}/statements/draft", headers=headers).json()
    assert [one["code"] for one in later["statement"]["accounts"]] == ["bank", "box", "second"]


def test_a_print_follows_the_profile_of_its_days(client: TestClient, base: str, home: Living) -> None:
    """Kept prints must not outlive what they follow from: the language and the rules stand in their key."""
    first = client.get(f"{base}/statements/2026H1.txt").content
    assert client.get(f"{base}/statements/2026H1.txt?lang=en").content != first
    assert client.get(f"{base}/statements/2026H1.txt").content == first
    assert digest_of("x") not in first.decode()


def test_one_at_a_time_and_each_once() -> None:
    made, running, most = [], 0, 0
    lock = threading.Lock()

    async def flood() -> list[bytes]:
        kept, answers = Rendering(), []

        def make(name: str) -> bytes:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
                made.append(name)
            with lock:
                running -= 1
            return name.encode()

        async def ask(name: str) -> None:
            answers.append(await kept.made((name,), lambda: make(name)))

        async with create_task_group() as group:
            for number in range(30):
                group.start_soon(ask, str(number % 3))
        return answers

    answers = run(flood)
    assert sorted(made) == ["0", "1", "2"]
    assert most == 1
    assert sorted(answers) == sorted(str(n % 3).encode() for n in range(30))


def test_a_flood_is_refused_and_the_server_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "WAITING", 2)
    gate = threading.Event()

    async def flood() -> list[str]:
        kept, said = Rendering(), []

        async def ask(name: str) -> None:
            try:
                await kept.made((name,), lambda: b"" if gate.wait(10) else b"late")
                said.append("made")
            except Unavailable as error:
                said.append(error.rule)

        async with create_task_group() as group:
            for number in range(5):
                group.start_soon(ask, str(number))
            # Other work of the server is not held up by what is being made.
            while len(said) < 3:
                await to_thread.run_sync(lambda: None)
            gate.set()
        return said

    assert run(flood) == ["rendering.busy"] * 3 + ["made"] * 2


def test_one_address_does_not_take_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "EACH", 2)
    gate = threading.Event()

    async def flood() -> list[tuple[str, str]]:
        kept, said = Rendering(), []

        async def ask(asker: str, name: str) -> None:
            try:
                await Share(kept, asker).made((asker, name), lambda: b"" if gate.wait(10) else b"late")
                said.append((asker, "made"))
            except Unavailable as error:
                said.append((asker, error.rule))

        async with create_task_group() as group:
            for number in range(4):
                group.start_soon(ask, "one", str(number))
            while len(said) < 2:
                await to_thread.run_sync(lambda: None)
            group.start_soon(ask, "another", "0")
            await to_thread.run_sync(lambda: None)
            gate.set()
        assert not kept._waiting, "nothing is kept of whoever has gone"
        return said

    said = run(flood)
    assert said[:2] == [("one", "rendering.busy")] * 2
    assert sorted(said[2:]) == [("another", "made"), ("one", "made"), ("one", "made")]


def test_who_asks_is_told_apart_by_the_address(client: TestClient, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    askers: list[str] = []
    made = Rendering.made

    async def noted(kept: Rendering, *given: Any, asker: str = "", **named: Any) -> bytes:
        askers.append(asker)
        return await made(kept, *given, asker=asker, **named)

    monkeypatch.setattr(Rendering, "made", noted)
    assert client.get(f"{base}/statements/2026H1.txt").status_code == 200
    assert askers == ["testclient"]


def test_memory_is_bounded() -> None:
    async def fill() -> Rendering:
        kept = Rendering(room=10)
        for name in "abc":
            await kept.made((name,), lambda: b"1234")
        assert await kept.made(("whole",), lambda: b"12345678901") == b"12345678901"
        return kept

    kept = run(fill)
    assert list(kept._kept) == [("b",), ("c",)]
    assert kept._size == 8


def test_prints_lead_to_where_people_reach_the_service(home: Living) -> None:
    settings = Settings(url="https://books.example.org", requests=1_000_000)
    app = create_app(Keeper.of([Kept(home.store, writable=True)]), settings, lambda: home.house.time)
    with TestClient(app, base_url="https://books.example.org") as client:
        ledger = home.store.books.ledger
        text = client.get(f"/api/v1/ledgers/{ledger}/statements/2026H1.txt").text
        assert f"https://books.example.org/c/{ledger}/statements/2026H1" in text
        assert client.get(f"/c/{ledger}/statements/2026H1").status_code == 200
