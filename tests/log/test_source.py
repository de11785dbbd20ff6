"""Sources: a log read back whole, every change of it found, and archives made to harm."""

import io
import os
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import Malformed, MingzhangError, NotFound, Refused, Unavailable
from ledger.log import source as module
from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import EMPTY_ROOT
from ledger.log.source import (
    Difference,
    DirectorySource,
    Files,
    Rebuild,
    Source,
    ZipReader,
    ZipSource,
    check_path,
    check_tree,
    read_bundles,
    read_entries,
)
from ledger.log.tiles import encode_entries
from tests.log.published import KEYS, Published, published

SMALL, LARGE = published(3), published(66_000)


class Memory:
    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise NotFound("source.file", path)
        return self.files[path]

    def names(self) -> list[str]:
        return sorted(self.files)


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data


@pytest.fixture(params=["folder", "archive", "archive file"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Published], Source]]:
    archives: list[ZipSource] = []

    def open_it(log: Published) -> Source:
        if request.param == "folder":
            return DirectorySource(log.write(tmp_path / "log"))
        archive: Path | io.BytesIO = packed(log.files)
        if request.param == "archive file":
            (tmp_path / "log.zip").write_bytes(packed(log.files).getvalue())
            archive = tmp_path / "log.zip"
        archives.append(ZipSource(archive))
        return archives[-1]

    yield open_it
    for archive in archives:
        archive.close()


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_a_log_is_read_back_whole(opened: Callable[[Published], Source], size: int) -> None:
    log = published(size)
    source = opened(log)
    assert open_checkpoint(source.checkpoint(), KEYS.vkeys).checkpoint == log.head
    assert list(read_entries(source, size)) == log.entries
    assert source.names() == sorted(log.files)
    rebuilt = check_tree(source, size, log.head.root)
    assert rebuilt.tree == log.tree
    assert rebuilt.differences == ()


def test_other_files_by_path(opened: Callable[[Published], Source]) -> None:
    log = published(2)
    log.files["statements/2018H2.json"] = b"{}"
    source = opened(log)
    assert source.attachment("statements/2018H2.json") == b"{}"
    for path in ("statements", "statements/none", "statements/2018H2.json/more", "none"):
        with pytest.raises(NotFound) as missing:
            source.attachment(path)
        assert missing.value.rule == "source.file"
    with pytest.raises(NotFound):
        source.tile(0, 0)
    with pytest.raises(NotFound):
        source.entries(1)


def test_three_levels_of_tiles() -> None:
    source = Files(Memory(LARGE.files))
    assert check_tree(source, 66_000, LARGE.head.root).differences == ()
    for path in [name for name in LARGE.files if name.startswith(("tile/1", "tile/2"))]:
        changed = LARGE.files | {path: bytes(len(LARGE.files[path]))}
        differences = check_tree(Files(Memory(changed)), 66_000, LARGE.head.root).differences
        assert differences == (Difference("source.tile", path),)


def test_every_bit_of_a_small_log_is_found() -> None:
    for path, data in SMALL.files.items():
        if path == "checkpoint":
            continue
        for at in range(len(data) * 8):
            changed = bytearray(data)
            changed[at // 8] ^= 1 << at % 8
            source = Files(Memory(SMALL.files | {path: bytes(changed)}))
            try:
                differences = check_tree(source, 3, SMALL.head.root).differences
            except Malformed as refusal:
                assert refusal.rule in ("tiles.truncated", "tiles.width")
                assert refusal.context["path"] == path == "tile/entries/000.p/3"
            else:
                assert differences
                assert all(difference.path in (path, "tile/0/000.p/3", "checkpoint") for difference in differences)


def test_every_difference_has_its_name() -> None:
    def rules(files: dict[str, bytes], size: int = 3, root: bytes = SMALL.head.root) -> list[tuple[str, str]]:
        return [(d.rule, d.path) for d in check_tree(Files(Memory(files)), size, root).differences]

    assert rules(SMALL.files) == []
    without = {path: data for path, data in SMALL.files.items() if path != "tile/0/000.p/3"}
    assert rules(without) == [("source.tile_missing", "tile/0/000.p/3")]
    for name in ("tile/0/000", "tile/0/000.p/2", "tile/1/000.p/1", "tile/entries/001.p/1", "tile/more"):
        assert rules(SMALL.files | {name: b"x"}) == [("source.tile_unknown", name)]
    assert rules(SMALL.files, root=EMPTY_ROOT) == [("source.root", "checkpoint")]
    short = Rebuild(Files(Memory(SMALL.files)))
    short.add(SMALL.entries)
    assert short.finish(4, SMALL.head.root).differences == (Difference("source.size", "checkpoint"),)
    with pytest.raises(NotFound):
        check_tree(Files(Memory(SMALL.files)), 4, SMALL.head.root)


def test_bundles_come_one_at_a_time() -> None:
    rebuild = Rebuild(Files(Memory(SMALL.files)))
    with pytest.raises(Malformed) as refusal:
        rebuild.add([b""] * 257)
    assert refusal.value.rule == "source.bundle"
    rebuild.add(SMALL.entries[:2])
    with pytest.raises(Malformed):
        rebuild.add(SMALL.entries[2:])


def test_reading_on_from_a_bundle() -> None:
    source = Files(Memory(LARGE.files))
    rest = [entry for bundle in read_bundles(source, 66_000, 65_900) for entry in bundle]
    assert rest == LARGE.entries[65_900 - 65_900 % 256 :]
    assert list(read_bundles(source, 66_000, 66_000)) == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../b",
        "a/..",
        "./a",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "C:x",
        "a\0b",
        "a\nb",
    ],
)
def test_no_way_out(path: str, tmp_path: Path) -> None:
    folder = DirectorySource(SMALL.write(tmp_path / "log"))
    with ZipSource(packed(SMALL.files)) as archive:
        for attempt in (lambda: check_path(path), lambda: folder.attachment(path), lambda: archive.attachment(path)):
            with pytest.raises(Malformed) as refusal:
                attempt()
            assert refusal.value.rule == "source.name"


def test_plain_names() -> None:
    for path in ("a" * 400, "公示/2018 下半年 X.json", "..a/b..", "-"):
        assert check_path(path) == path
    with pytest.raises(Malformed):
        check_path("a" * 401)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("key")
    folder = SMALL.write(tmp_path / "log")
    source = DirectorySource(folder)
    (folder / "file").symlink_to(secret / "key")
    (folder / "sub").symlink_to(secret)
    for attempt in (lambda: source.attachment("file"), lambda: source.attachment("sub/key"), source.names):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.rule == "source.link"
    (folder / "file").unlink()
    with pytest.raises(Refused):
        source.names()


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    folder = SMALL.write(tmp_path / "log")
    os.mkfifo(folder / "pipe")
    for name in ("pipe", "tile"):
        with pytest.raises(NotFound):
            DirectorySource(folder).attachment(name)


def test_there_must_be_a_source(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as missing:
        DirectorySource(tmp_path / "none")
    assert missing.value.rule == "source.folder"
    for place in (tmp_path / "none.zip", tmp_path):
        with pytest.raises(NotFound) as missing:
            ZipSource(place)
        assert missing.value.rule == "source.archive"


def test_bounds_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = DirectorySource(SMALL.write(tmp_path / "log"))
    size = len(SMALL.files["checkpoint"])
    monkeypatch.setattr(module, "MAX_FILES", 3)
    monkeypatch.setattr(module, "MAX_FILE", size)
    assert len(source.names()) == 3
    assert len(source.checkpoint()) == size
    monkeypatch.setattr(module, "MAX_FILES", 2)
    monkeypatch.setattr(module, "MAX_FILE", size - 1)
    for attempt, rule in ((source.names, "source.files"), (source.checkpoint, "source.bytes")):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.rule == rule
    assert len(source.tile(0, 0, 3)) == 96


def test_a_disk_that_fails_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = DirectorySource(SMALL.write(tmp_path / "log"))

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error", "some file")

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(Unavailable) as refusal:
        source.checkpoint()
    assert refusal.value.rule == "source.read"
    monkeypatch.setattr(os, "scandir", fail)
    with pytest.raises(Unavailable) as refusal:
        source.names()
    assert refusal.value.rule == "source.read"


def archive_with(name: str, change: Callable[[zipfile.ZipInfo], None] = lambda _: None) -> io.BytesIO:
    info = zipfile.ZipInfo("name")
    info.filename = info.orig_filename = name
    change(info)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(info, b"x")
    return data


def refused(archive: io.BytesIO, rule: str, kind: type[MingzhangError] = Refused) -> None:
    with pytest.raises(kind) as refusal:
        ZipSource(archive)
    assert refusal.value.rule == rule


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a\\..\\x", "C:/x", "a//b", "./x", "a\x1fb", "/"])
def test_archives_with_bad_names(name: str) -> None:
    refused(archive_with(name), "source.name", Malformed)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_archives_with_links_and_devices(kind: int) -> None:
    refused(archive_with("link", lambda info: setattr(info, "external_attr", (kind | 0o777) << 16)), "source.link")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a", "a"), ("a/b", "A/B"), ("straße", "STRASSE"), ("a/", "a")])
def test_archives_with_a_name_twice(names: tuple[str, str]) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    refused(data, "source.twice")


def test_archives_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed({"zeros": bytes(10_000_000)})
    assert len(bomb.getvalue()) < 20_000
    monkeypatch.setattr(module, "MAX_FILE", 9_999_999)
    refused(bomb, "source.bytes")
    monkeypatch.setattr(module, "MAX_FILE", 10_000_000)
    monkeypatch.setattr(module, "MAX_BYTES", 9_999_999)
    refused(bomb, "source.bytes")
    monkeypatch.setattr(module, "MAX_BYTES", 10_000_000)
    ZipSource(bomb).close()
    monkeypatch.setattr(module, "MAX_FILES", 2)
    ZipSource(packed({"a": b"", "b": b""})).close()
    refused(packed({"a": b"", "b": b"", "c": b""}), "source.files")


def test_an_archive_that_understates_its_size() -> None:
    """The directory at the end says 10 bytes, the packed data hold ten million."""
    data = packed({"zeros": bytes(10_000_000)}).getvalue()
    true = struct.pack("<I", 10_000_000)
    lying = io.BytesIO(data.replace(true, struct.pack("<I", 10)))
    assert data.count(true) >= 1
    with ZipSource(lying) as source, pytest.raises(Malformed) as refusal:
        source.attachment("zeros")
    assert refusal.value.rule == "source.archive"


def test_an_archive_that_overstates_its_size() -> None:
    """The packed data end before the size that the directory promises; the checksum is right."""
    data = packed({"text": b"0123456789" * 10}).getvalue()
    lying = io.BytesIO(data.replace(struct.pack("<I", 100), struct.pack("<I", 101)))
    with ZipSource(lying) as source, pytest.raises(Malformed) as refusal:
        source.attachment("text")
    assert refusal.value.rule == "source.archive"


def test_a_forbidden_archive_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(zipfile, "ZipFile", forbid)
    with pytest.raises(Unavailable) as refusal:
        ZipSource(tmp_path / "log.zip")
    assert refusal.value.rule == "source.read"


class Asked:
    """A source that notes how it was asked."""

    def __init__(self) -> None:
        self.widths: list[tuple[str, int | None]] = []

    def checkpoint(self) -> bytes:
        raise AssertionError

    def tile(self, level: int, index: int, width: int | None = None) -> bytes:
        self.widths.append((f"tile/{level}/{index}", width))
        raise NotFound("source.file")

    def entries(self, index: int, width: int | None = None) -> bytes:
        self.widths.append((f"entries/{index}", width))
        return LARGE.files[f"tile/entries/{index:03}"] if width is None else encode_entries(LARGE.entries[256:257])

    def attachment(self, path: str) -> bytes:
        raise AssertionError(path)

    def names(self) -> list[str]:
        return []


def test_a_full_tile_is_asked_for_without_a_width() -> None:
    source = Asked()
    assert [difference.rule for difference in check_tree(source, 257, EMPTY_ROOT).differences] == [
        "source.tile_missing"
    ] * 3 + ["source.root"]
    assert source.widths == [
        ("entries/0", None),
        ("tile/0/0", None),
        ("entries/1", 1),
        ("tile/0/1", 1),
        ("tile/1/0", 1),
    ]


def test_archives_packed_otherwise() -> None:
    refused(packed({"a": b"x"}, zipfile.ZIP_BZIP2), "source.packing")
    data = bytearray(packed({"a": b"x"}).getvalue())
    data[data.find(b"PK\1\2") + 8] |= 1
    refused(io.BytesIO(bytes(data)), "source.packing")


def test_a_folder_in_an_archive_is_no_file() -> None:
    with ZipSource(packed({"a/": b"", "a/b": b"x"})) as source:
        assert source.names() == ["a/b"]
        with pytest.raises(NotFound):
            source.attachment("a")


def test_no_archive() -> None:
    for data in (b"", b"PK", b"PK\5\6" + bytes(17), b"not an archive" * 100):
        refused(io.BytesIO(data), "source.archive", Malformed)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
def test_a_damaged_archive_gives_what_was_packed_or_a_refusal(data: st.DataObject) -> None:
    whole = packed({"a": b"some text " * 30, "b/c": b"other"}).getvalue()
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(whole), len(whole), data.draw(st.integers(0, len(whole)))]))
    try:
        reader = ZipReader(io.BytesIO(bytes(damaged[:cut])))
    except (Malformed, Refused):
        return
    for name in reader.names():
        try:
            content = reader.read(name)
        except (Malformed, Refused):
            continue
        # A checksum of 32 bits is no defence; it only shows that reading goes on to the end.
        assert isinstance(content, bytes)
    reader.close()
