"""Documents over HTTP: what is taken, who gets it, and that a browser runs nothing of it."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.settings import Settings
from api.uploads import DAY_MS
from ledger.period import format_time
from ledger.store import sorts
from tests.api.house import House, Living, base, client, living
from tests.api.test_signing_in import bearer, signed_in
from tests.community import refused_as

__all__ = ["base", "client"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    home = living(tmp_path / "ledger.db", House())
    with home.store:
        yield home


@pytest.fixture
def settings() -> Settings:
    return Settings(requests=1_000_000, body_bytes=2_000, document_bytes=5_000)


@pytest.fixture
def officer(client: TestClient, base: str) -> dict[str, str]:
    return bearer(signed_in(client, base, "treasurer"))


def packed(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


TAKEN = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3",
    "jpg": b"\xff\xd8\xff\xe0 photograph",
    "png": b"\x89PNG\r\n\x1a\n picture",
    "webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old",
    "ofd": packed("OFD.xml", "Doc_0/Document.xml"),
    "csv": "日期,金额\n2026-01-01,5.00\n".encode("gb18030"),
    "xml": b'\xef\xbb\xbf<?xml version="1.0"?><EInvoice/>',
}
NOT_TAKEN = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "xhtml": b'<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml"/>',
    "styled": b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>',
    "html as a table": b"a,b\n<script>alert(1)</script>,2\n",
    "zip": packed("run.exe"),
    "macros": packed("xl/workbook.xml", "xl/vbaProject.bin"),
    "broken zip": b"PK\x03\x04 nothing",
    "exe": b"MZ\x90\x00\x03",
    "elf": b"\x7fELF",
    "sentence": b"Hello there",
    "nul": b"a,b\n\x00,2",
    "utf-16": "a,b\n1,2".encode("utf-16"),
    "riff": b"RIFF\x00\x00\x00\x00WAVE",
}


@pytest.mark.parametrize("ending", sorted(TAKEN))
def test_what_is_taken_comes_back_as_it_was(
    client: TestClient, base: str, officer: dict[str, str], ending: str
) -> None:
    data = TAKEN[ending]
    made = client.post(f"{base}/documents?audience=public", content=data, headers=officer)
    assert made.status_code == 201, made.text
    kept = made.json()
    assert (kept["digest"], kept["length"]) == (hashlib.sha256(data).hexdigest(), len(data))
    answer = client.get(f"{base}/documents/{kept['digest']}")
    assert answer.content == data
    assert answer.headers["content-type"].partition(";")[0] == kept["media"]
    assert sorts.ENDINGS[kept["media"]] == ending
    way = "inline" if ending in ("pdf", "jpg", "png", "webp") else "attachment"
    assert answer.headers["content-disposition"] == f'{way}; filename="{kept["digest"][:16]}.{ending}"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("name", sorted(NOT_TAKEN))
def test_what_a_browser_would_run_is_not_taken(
    client: TestClient, base: str, officer: dict[str, str], name: str
) -> None:
    for said in ("application/pdf", "image/png"):
        answer = client.post(
            f"{base}/documents?audience=public", content=NOT_TAKEN[name], headers=officer | {"Content-Type": said}
        )
        assert (answer.status_code, answer.json()["rule"]) == (400, "document.type")
    digest = hashlib.sha256(NOT_TAKEN[name]).hexdigest()
    assert client.get(f"{base}/documents/{digest}").json()["rule"] == "document.unknown"


def test_each_audience_and_nobody_else(client: TestClient, base: str, officer: dict[str, str]) -> None:
    readers: dict[str, dict[str, str]] = {"": {}} | {
        who: bearer(signed_in(client, base, who)) for who in ("zhang", "owner-a1", "chair", "supervisor")
    }
    given = {
        "public": {"", "zhang", "owner-a1", "chair", "supervisor"},
        "owners": {"owner-a1", "chair", "supervisor"},
        "supervisors": {"chair", "supervisor"},
        "case": set(),
    }
    for audience, allowed in given.items():
        data = f"%PDF-{audience}".encode()
        digest = client.post(f"{base}/documents?audience={audience}", content=data, headers=officer).json()["digest"]
        for who, headers in readers.items():
            answer = client.get(f"{base}/documents/{digest}", headers=headers)
            expected = 200 if who in allowed else 403 if who else 401
            assert answer.status_code == expected, (audience, who)
            assert (data in answer.content) == (who in allowed)


def test_the_same_bytes_keep_their_first_audience(client: TestClient, base: str, officer: dict[str, str]) -> None:
    """Whoever holds a paper of a proceeding must not make it public by handing it in again."""
    first = client.post(f"{base}/documents?audience=supervisors", content=TAKEN["pdf"], headers=officer).json()
    again = client.post(f"{base}/documents?audience=public", content=TAKEN["pdf"], headers=officer).json()
    assert again == first
    assert client.get(f"{base}/documents/{first['digest']}").status_code == 401


def test_what_was_withdrawn_does_not_come_back(
    client: TestClient, base: str, officer: dict[str, str], home: Living
) -> None:
    made = client.post(f"{base}/documents?audience=public", content=TAKEN["pdf"], headers=officer).json()
    home.erase(papers=[made["digest"]])
    for answer in (
        client.get(f"{base}/documents/{made['digest']}"),
        client.post(f"{base}/documents?audience=public", content=TAKEN["pdf"], headers=officer),
    ):
        assert (answer.status_code, answer.json()["rule"]) == (422, "document.withdrawn")


def test_no_cache_keeps_beside_the_log_what_was_withdrawn(
    client: TestClient, base: str, officer: dict[str, str], home: Living
) -> None:
    made = client.post(f"{base}/documents?audience=public", content=TAKEN["pdf"], headers=officer).json()
    path = f"/log/{home.store.books.ledger}/documents/{made['digest']}"
    answer = client.get(path)
    assert (answer.content, answer.headers["access-control-allow-origin"]) == (TAKEN["pdf"], "*")
    assert answer.headers["cache-control"] == "public, no-cache", "it is asked for anew each time"
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get(path, headers=known).status_code == 304
    home.erase(papers=[made["digest"]])
    assert client.get(path, headers=known).json()["rule"] == "document.withdrawn"


def test_only_officers_and_watchers_hand_in(client: TestClient, base: str) -> None:
    """The board's photographs must not all be the committee's own."""
    for who, status in (("", 401), ("zhang", 403), ("owner-a1", 403), ("supervisor", 201), ("member", 201)):
        headers = bearer(signed_in(client, base, who)) if who else {}
        answer = client.post(f"{base}/documents?audience=public", content=TAKEN["pdf"], headers=headers)
        assert answer.status_code == status, who


def test_a_larger_body_here_and_only_here(client: TestClient, base: str, officer: dict[str, str]) -> None:
    pdf = b"%PDF-" + bytes(4_000)
    assert client.post(f"{base}/documents?audience=public", content=pdf, headers=officer).status_code == 201
    assert (
        client.post(f"{base}/documents?audience=public", content=pdf + bytes(1_000), headers=officer).status_code == 413
    )
    assert client.post(f"{base}/documents/?audience=public", content=pdf, headers=officer).status_code == 413
    assert client.post(f"{base}/submissions", content=pdf).status_code == 413

    def unsaid() -> Iterator[bytes]:
        for _ in range(6):
            yield pdf[:1_000]

    assert client.post(f"{base}/documents?audience=public", content=unsaid(), headers=officer).status_code == 413
    assert client.post(f"{base}/documents?audience=friends", content=pdf, headers=officer).status_code == 400
    assert client.post(f"{base}/documents?audience=public", content=b"", headers=officer).status_code == 400


class TestQuota:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(requests=1_000_000, documents=3)

    def test_one_key_hands_in_so_many_a_day(
        self, client: TestClient, base: str, officer: dict[str, str], home: Living
    ) -> None:
        def handed_in(number: int, headers: dict[str, str]) -> Any:
            return client.post(f"{base}/documents?audience=case", content=b"%%PDF-%d" % number, headers=headers)

        began = home.house.time
        assert [handed_in(number, officer).status_code for number in (1, 2, 2)] == [201, 201, 201]
        refused = handed_in(4, officer)
        said = refused.json()
        assert (refused.status_code, said["rule"], said["accepted"]) == (429, "quota.documents_day", "3")
        assert said["context"]["again"] == format_time(began + DAY_MS)
        digest = hashlib.sha256(b"%PDF-4").hexdigest()
        assert client.get(f"{base}/documents/{digest}", headers=officer).json()["rule"] == "document.unknown"
        assert handed_in(4, bearer(signed_in(client, base, "chair"))).status_code == 201, "another key has its own"
        home.house.time += DAY_MS
        assert handed_in(5, bearer(signed_in(client, base, "treasurer"))).status_code == 201


def test_the_setting_stays_below_what_a_store_holds() -> None:
    with refused_as("setting.value"):
        Settings.from_environment({"MINGZHANG_DOCUMENT_BYTES": str(1 << 25)})
