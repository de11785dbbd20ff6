"""The log as C2SP tlog-tiles over a real socket, read by a client that shares no code with ours."""

import gzip
import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from ledger.store import Store
from tests.example.built import demo_or_find
from tests.serving import Site, running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Store.open(demo_or_find(tmp_path_factory).folder / "ledger.db") as store, running(store) as served:
        yield served


def ask(site: Site, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """One exchange; its body is read."""
    connection = http.client.HTTPConnection(urlsplit(site.origin).netloc, timeout=10)
    connection.request(method, f"/log/{site.kept.digest}/{path}", headers=headers)
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def test_scales_rebuilds_the_whole_log_over_http(site: Site) -> None:
    pytest.importorskip("tlog_scales")
    from tlog_scales.backend import HttpBackend
    from tlog_scales.reader import TilesReader
    from tlog_scales.signing import Vkey

    reader = TilesReader(HttpBackend(f"{site.origin}/log/{site.kept.digest}"))
    head = reader.get_checkpoint()
    size = site.kept.size
    assert head.size == size > 15 * 256, "full tiles at one level, partial ones at two"
    for vkey in site.kept.books.vkeys:
        head.verify(Vkey.from_string(vkey))
    assert reader.calculate_root_hash() == head.root_hash
    for index in (0, 255, 256, 2000, size - 1):
        entry = site.kept.store.entry(index)
        assert reader.get_entry(index) == entry.raw
        reader.get_inclusion_proof(index, size).check(entry.leaf, head.root_hash)
    for old in (1, 256, 2691, size - 1):
        assert tuple(reader.get_consistency_proof(old, size).node_hashes) == site.kept.store.consistency(old, size)


@pytest.mark.parametrize(
    ("path", "media", "kept"),
    [
        ("checkpoint", "text/plain; charset=utf-8", "public, max-age=2"),
        ("tile/0/000", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("tile/entries/000", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("tile/0/015.p/175", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("tile/1/000.p/15", "application/octet-stream", "public, max-age=31536000, immutable"),
    ],
)
def test_a_file_has_its_headers(site: Site, path: str, media: str, kept: str) -> None:
    answer = ask(site, path)
    assert (answer.status, answer.headers["content-type"], answer.headers["cache-control"]) == (200, media, kept)
    assert answer.headers["access-control-allow-origin"] == "*"
    head = ask(site, path, "HEAD")
    assert (head.status, head.body) == (200, b"")  # type: ignore[attr-defined]
    if path != "checkpoint":
        assert ask(site, path, **{"If-None-Match": answer.headers["etag"]}).status == 304


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/015.p/175", "tile/entries/000", "tile/entries/015.p/175"])
def test_packed_or_not_the_bytes_are_the_same(site: Site, path: str) -> None:
    plain, packed = ask(site, path), ask(site, path, **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body  # type: ignore[attr-defined]
    for answer in (plain, packed):
        assert answer.headers["vary"] == "Accept-Encoding"
        tag = answer.headers["etag"]
        assert tag.startswith("W/"), "a strong tag would name one of the two"
        for coding in ("gzip", "identity"):
            for known in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
                again = ask(site, path, **{"Accept-Encoding": coding, "If-None-Match": known})
                assert (again.status, again.headers["etag"], again.body) == (304, tag, b"")  # type: ignore[attr-defined]
    assert ask(site, path, **{"If-None-Match": 'W/"other"'}).status == 200


@pytest.mark.parametrize("level", ["0", "1", "entries"])
def test_a_narrower_tile_is_where_a_wider_one_begins(site: Site, level: str) -> None:
    size = site.kept.size
    index, widest = {"0": ("000", 256), "1": ("000", size // 256), "entries": ("015", size % 256)}[level]
    last = f"tile/{level}/{index}" + (f".p/{widest}" if widest < 256 else "")
    whole = ask(site, last).body  # type: ignore[attr-defined]
    narrower = [ask(site, f"tile/{level}/{index}.p/{width}") for width in range(1, widest)]
    assert {answer.status for answer in narrower} == {200}
    lengths = [len(answer.body) for answer in narrower]  # type: ignore[attr-defined]
    assert lengths == sorted(set(lengths))
    if level != "entries":
        assert lengths == [32 * width for width in range(1, widest)]
    assert all(whole.startswith(answer.body) for answer in narrower)  # type: ignore[attr-defined]
    assert len(whole) > lengths[-1]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/016",
        "tile/0/015",
        "tile/0/015.p/{beyond}",
        "tile/0/15",
        "tile/2/000",
        "tile/0/000.p/256",
        "tile/64/000",
        "nothing",
        "",
    ],
)
def test_what_the_head_does_not_cover_is_not_there(site: Site, path: str) -> None:
    assert ask(site, path.format(beyond=site.kept.size % 256 + 1)).status == 404
