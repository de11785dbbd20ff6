"""The publish kit over HTTP: three forms with one hash, who may print, and what is said of the board."""

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import segno
from PIL import Image
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.paper import scan
from ledger.store import statements
from tests.api.conftest import SITE
from tests.api.test_signing_in import bearer, signed_in
from tests.paper.test_pdf import PAGES
from tests.store.test_postings import FIRST, LAST, Board, board
from tests.store.test_statements import house

__all__ = ["board", "house"]

HTML = {"Accept": "text/html"}
REACHED = "https://books.example.org"


@pytest.fixture
def settings() -> Settings:
    """Of a service that people reach: its prints lead there."""
    return Settings(url=REACHED, requests=1_000_000, pause=0.01)


@pytest.fixture
def client(board: Board, settings: Settings) -> Iterator[TestClient]:
    kept = Kept(board.store, writable=True, pause=0.01)
    with TestClient(create_app(Keeper.of([kept]), settings, lambda: board.house.time), base_url=SITE) as client:
        yield client


@pytest.fixture
def base(board: Board) -> str:
    return f"/api/v1/ledgers/{board.store.books.ledger}"


@pytest.fixture
def home(board: Board) -> str:
    return f"/c/{board.store.books.ledger}/statements/2026H1"


@pytest.fixture
def chair(client: TestClient, base: str) -> dict[str, str]:
    return bearer(signed_in(client, base))


def test_copies_lead_to_the_statement_s_page(
    client: TestClient, base: str, board: Board, chair: dict[str, str], home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr("ledger.paper.qr.segno.make", _noting(written))
    answer = client.get(
        f"{base}/statements/2026H1/copies.pdf", params={"places": "3栋大堂\r\n\r\n 5栋大堂 "}, headers=chair
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert len(PAGES.findall(answer.content)) == 2
    shown = scan.look(tuple(written), board.digest)
    assert [(copy.place, copy.number, copy.of) for copy in shown.copies] == [("3栋大堂", 1, 2), ("5栋大堂", 2, 2)]
    assert {one.address for one in scan.pointers(tuple(written))} == {f"{REACHED}{home}"}


def _noting(written: list[str]) -> object:
    """What makes QR codes, and notes what each says."""
    real = segno.make

    def make(text: str, **options: Any) -> object:
        written.append(text)
        return real(text, **options)

    return make


def test_the_picture_is_of_this_statement(client: TestClient, base: str, board: Board, chair: dict[str, str]) -> None:
    answer = client.get(f"{base}/statements/2026H1/picture.png", headers=chair)
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).width == 1080
    assert scan.look(scan.read_codes(answer.content), board.digest).found == "this"


@pytest.mark.parametrize(
    ("places", "rule"), [("", "paper.copies"), ("墙\n" * 65, "paper.copies"), ("长" * 31, "paper.place")]
)
def test_places_that_cannot_be_printed(
    client: TestClient, base: str, chair: dict[str, str], places: str, rule: str
) -> None:
    answer = client.get(f"{base}/statements/2026H1/copies.pdf", params={"places": places}, headers=chair)
    assert (answer.status_code, answer.json()["rule"]) == (400, rule)


def test_strangers_read_and_print_nothing(client: TestClient, base: str, home: str) -> None:
    for path in (f"{base}/statements/2026H1/copies.pdf", f"{base}/statements/2026H1/picture.png", f"{home}/kit"):
        assert client.get(path).status_code == 401
    assert client.get(f"{base}/statements/2026H1/postings").status_code == 200
    assert client.get(f"{base}/statements/2031H1/postings").json()["rule"] == "statement.unknown"


def test_the_kit_has_all_three_forms_with_one_hash(
    client: TestClient, home: str, board: Board, chair: dict[str, str]
) -> None:
    page = client.get(f"{home}/kit", headers=chair | HTML)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "private, no-store"
    found = re.search(r'<textarea id="message"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    assert found is not None
    assert board.digest in found[1]
    assert f"{REACHED}{home}" in found[1]
    assert board.digest in page.text.replace(" ", "")


def test_the_statement_s_page_says_where_it_hangs_and_what_is_missing(
    client: TestClient, home: str, board: Board
) -> None:
    assert "还没有人说明贴在哪里" in client.get(home, headers=HTML).text
    board.claim(FIRST, "chair", [board.photograph()])
    board.claim(LAST, "registrar", [board.photograph(shade=99)], "<b>5栋")
    page = client.get(home, headers=HTML).text
    assert "照片认出本表第 1/2 张" in page
    assert "登记见证人" in page
    assert "<b>5栋" not in page
    assert "缺" in page


def test_what_is_said_of_the_board_as_data(client: TestClient, base: str, board: Board) -> None:
    board.claim(FIRST, "chair", [board.photograph()])
    said = client.get(f"{base}/statements/2026H1/postings").json()
    assert said["statement"] == statements.stands(board.store, "2026H1").digest
    assert date.fromisoformat(said["first"]) < date.fromisoformat(said["look"]) < date.fromisoformat(said["last"])
    assert said["claims"][0]["photos"][0]["copies"] == [{"place": "3栋大堂", "number": 1, "of": 2}]


def test_a_photograph_is_looked_at_before_anybody_signs(
    client: TestClient, base: str, board: Board, chair: dict[str, str]
) -> None:
    digest = board.photograph("5栋大堂", 2)
    said = client.get(f"{base}/statements/2026H1/photos/{digest}", headers=chair).json()
    assert (said["shows"], said["copies"]) == ("this", [{"place": "5栋大堂", "number": 2, "of": 2}])
    assert client.get(f"{base}/statements/2026H1/photos/{'0' * 64}", headers=chair).json()["shows"] == "absent"
    assert client.get(f"{base}/statements/2026H1/photos/{digest}").status_code == 401
    assert client.get(f"{base}/statements/2031H1/photos/{digest}", headers=chair).json()["rule"] == "statement.unknown"
