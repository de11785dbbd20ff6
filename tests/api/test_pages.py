"""The frame of the pages over HTTP: addresses, choices, caching, refusals, static files. What they look like: tests/browser."""

import gzip

from starlette.testclient import TestClient

from api.pages import static
from ledger.store import Store

HTML = {"Accept": "text/html"}


def test_one_ledger_is_led_to(client: TestClient, store: Store) -> None:
    answer = client.get("/", headers=HTML, follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == f"/c/{store.books.ledger[:16]}/"


def test_a_ledger_is_found_by_the_beginning_of_its_digest(client: TestClient, store: Store) -> None:
    whole = store.books.ledger
    assert client.get(f"/c/{whole}/").text.replace(whole, whole[:16]) == client.get(f"/c/{whole[:16]}/").text
    assert client.get(f"/c/{'0' * 16}/", headers=HTML).status_code == 404
    assert client.get(f"/c/{whole[:8]}/", headers=HTML).status_code == 400


def test_language_and_size_stay_in_cookies_that_no_script_reads(client: TestClient, store: Store) -> None:
    home = f"/c/{store.books.ledger[:16]}/"
    answer = client.get(f"{home}?lang=en&size=large")
    assert '<html lang="en" class="large">' in answer.text
    assert all("httponly" in one.lower() for one in answer.headers.get_list("set-cookie"))
    assert '<html lang="en" class="large">' in client.get(home).text
    assert '<html lang="zh-CN">' in client.get(f"{home}?lang=zh&size=plain").text
    assert "set-cookie" not in client.get(f"{home}?lang=xx&size=<script>").headers


def test_a_page_is_asked_again_by_its_tag_and_kept_apart_by_choice(client: TestClient, store: Store) -> None:
    home = f"/c/{store.books.ledger[:16]}/"
    first = client.get(home)
    assert first.headers["cache-control"] == "public, no-cache"
    assert "Cookie" in first.headers["vary"]
    assert client.get(home, headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_no_page_holds_a_script_or_a_style_of_its_own(client: TestClient, store: Store) -> None:
    page = client.get(f"/c/{store.books.ledger[:16]}/")
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert " onclick" not in page.text


def test_a_person_is_refused_by_a_page_and_a_program_by_a_problem(client: TestClient, store: Store) -> None:
    home = f"/c/{store.books.ledger[:16]}/"
    page = client.get(f"{home}statements/2099H1", headers=HTML)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "回首页" in page.text
    assert page.headers["cache-control"] == "no-store"
    problem = client.get(f"{home}statements/2099H1", headers={"Accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"
    hostile = client.get("/c/<script>alert(1)</script>/", headers=HTML)
    assert "<script>alert" not in hostile.text
    assert client.get("/api/v1/ledgers/x", headers=HTML).headers["content-type"] == "application/problem+json"


def test_head_is_get_without_a_body(client: TestClient, store: Store) -> None:
    home = f"/c/{store.books.ledger[:16]}/"
    head, get = client.head(home), client.get(home)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == get.headers["etag"]


def test_static_files_are_kept_for_ever_under_their_version(client: TestClient) -> None:
    found = client.get(static.address("site.css"))
    assert found.headers["cache-control"].endswith("immutable")
    assert found.headers["content-type"].startswith("text/css")
    assert found.headers["content-encoding"] == "gzip"
    assert found.content == static.files()["site.css"].data == gzip.decompress(static.files()["site.css"].packed)
    assert client.get(static.address("site.css"), headers={"Accept-Encoding": "identity"}).content == found.content
    older = client.get("/static/0000/site.css", follow_redirects=False)
    assert older.status_code == 307
    assert older.headers["location"] == static.address("site.css")


def test_nothing_else_is_static(client: TestClient) -> None:
    for path in ("../site.py", "%2e%2e/site.py", "..%2fsite.py", "nothing.css", ""):
        assert client.get(f"/static/{static.version()}/{path}").status_code == 404
