"""Bundles: the same log gives the same files; written whole or not at all; nothing of anybody else's is replaced."""

import hashlib
import io
import json
import stat
import tracemalloc
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.audit import verify
from ledger.audit.manifest import parse_manifest
from ledger.errors import MingzhangError, Refused, Unavailable
from ledger.exchange import bundle
from ledger.exchange.bundle import bundle_files, write_bundle, write_receipts, write_zip
from ledger.log.checkpoint import Checkpoint
from ledger.log.proof import Proof, parse_proof
from ledger.log.source import DirectorySource, ZipSource
from tests.audit.specimen import WITNESS, InMemory, Published, full, log_files, log_keys, policy_of, small


def write(target: Path, published: Published, **pages: bytes) -> bundle.Written:
    """Write a published ledger as a folder."""
    policy = policy_of(published.keys, *published.witnesses)
    return write_bundle(
        target, InMemory(published.files), published.statements, published.keys.vkeys, policy, pages or None
    )


def rule(error: pytest.ExceptionInfo[MingzhangError]) -> str:
    return error.value.rule


def test_a_folder_and_an_archive_verify(tmp_path: Path):
    written = write(tmp_path / "bundle", full())
    assert (written.size, written.files) == (len(full().entries), len(full().files))
    assert written.bytes == sum(len(data) for data in full().files.values())
    assert verify(DirectorySource(tmp_path / "bundle"), full().outside).findings == ()
    policy = policy_of(full().keys, *full().witnesses)
    write_zip(tmp_path / "bundle.zip", InMemory(full().files), full().statements, full().keys.vkeys, policy)
    with ZipSource(tmp_path / "bundle.zip") as source:
        assert verify(source, full().outside).findings == ()


def test_an_archive_is_written_without_being_held(tmp_path: Path):
    count, size = 200, 100_000
    keys = log_keys()
    note = keys.sign(Checkpoint(keys.origin, count * 256, bytes(32)), 1_700_000_000)

    class Large(InMemory):
        def checkpoint(self) -> bytes:
            return note

        def tile(self, level: int, index: int, width: int | None = None) -> bytes:
            return bytes(32 * (width or 256))

        def entries(self, index: int, width: int | None = None) -> bytes:
            return index.to_bytes(4) * (size // 4)

    tracemalloc.start()
    try:
        written = write_zip(tmp_path / "large.zip", Large({}), {}, keys.vkeys, policy_of(keys))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written.bytes > count * size
    assert (tmp_path / "large.zip").stat().st_size > written.bytes
    assert peak < 30 * size, "far less than the archive"


def test_the_same_log_gives_the_same_bytes(tmp_path: Path):
    policy = policy_of(full().keys, *full().witnesses)
    for name in ("one.zip", "two.zip"):
        write_zip(tmp_path / name, InMemory(full().files), full().statements, full().keys.vkeys, policy)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        members = archive.infolist()
        assert [m.filename for m in members] == sorted(full().files)
        assert {(m.date_time, m.compress_type, m.external_attr, m.create_system) for m in members} == {
            ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 0o100644 << 16, 3)
        }
    assert [path for path in tmp_path.iterdir() if path.suffix != ".zip"] == []


def test_the_manifest_lists_every_other_file():
    files = dict(bundle_files(InMemory(small().files), small().statements, small().keys.vkeys, policy_of(small().keys)))
    listed = parse_manifest(files.pop("manifest.json"))
    assert [(f.path, f.size, f.sha256) for f in listed] == [
        (path, len(data), hashlib.sha256(data).hexdigest()) for path, data in sorted(files.items())
    ]
    assert json.loads(small().files["manifest.json"])["manifest"] == 1


def test_the_layout_is_that_of_the_design():
    assert set(full().files) == {
        *("checkpoint", "manifest.json", "policy.txt", "vkeys.txt"),
        *("statements/2026H1.json", "statements/2026H2.json"),
        *("tile/0/000.p/42", "tile/entries/000.p/42"),
    }
    assert full().files["vkeys.txt"].decode() == "".join(f"{key}\n" for key in full().keys.vkeys)


def test_a_later_bundle_replaces_an_earlier_one(tmp_path: Path):
    earlier = full().publish(entries=full().entries[:20], statements={})
    write(tmp_path / "bundle", earlier)
    write(tmp_path / "bundle", full())
    write(tmp_path / "bundle", full())
    assert verify(DirectorySource(tmp_path / "bundle"), full().outside).findings == ()
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (lambda: full().publish(keys=log_keys("log", "example.org/elsewhere")), "bundle.other_log"),
        (lambda: full().publish(entries=small().entries), "bundle.forked"),
        (full, "bundle.newer"),
    ],
)
def test_a_bundle_of_another_log_or_a_later_one_stays(tmp_path: Path, there, expected: str):
    write(tmp_path / "bundle", there())
    before = sorted(path.read_bytes() for path in (tmp_path / "bundle").rglob("*") if path.is_file())
    new = full().publish(entries=full().entries[:20], statements={}) if expected == "bundle.newer" else full()
    with pytest.raises(Refused) as refused:
        write(tmp_path / "bundle", new)
    assert rule(refused) == expected
    assert before == sorted(path.read_bytes() for path in (tmp_path / "bundle").rglob("*") if path.is_file())


def test_what_is_no_bundle_stays(tmp_path: Path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear")
    (tmp_path / "file").write_text("dear")
    (tmp_path / "link").symlink_to(tmp_path / "letters")
    for name in ("letters", "file", "link"):
        with pytest.raises(Refused) as refused:
            write(tmp_path / name, full())
        assert rule(refused) == "bundle.target"
    write(tmp_path / "bundle", small())
    (tmp_path / "bundle" / "mine.txt").write_text("dear")
    with pytest.raises(Refused) as refused:
        write(tmp_path / "bundle", small())
    assert rule(refused) == "bundle.foreign_files"


def test_an_empty_folder_is_filled(tmp_path: Path):
    (tmp_path / "bundle").mkdir()
    write(tmp_path / "bundle", small())
    assert stat.S_IMODE((tmp_path / "bundle").stat().st_mode) == 0o755


def test_a_write_that_fails_leaves_the_earlier_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "bundle", full())

    def full_disk(*_: object) -> tuple[int, int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle, "_fill", full_disk)
    with pytest.raises(Unavailable) as unavailable:
        write(tmp_path / "bundle", full())
    assert rule(unavailable) == "bundle.write"
    assert verify(DirectorySource(tmp_path / "bundle"), full().outside).findings == ()
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_rename_that_fails_puts_the_earlier_bundle_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "bundle", full())
    rename = Path.rename

    def refuses(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuses)
    with pytest.raises(Unavailable):
        write(tmp_path / "bundle", full())
    monkeypatch.undo()
    assert verify(DirectorySource(tmp_path / "bundle"), full().outside).findings == ()
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path):
    (tmp_path / "file").write_text("")
    policy = policy_of(small().keys)
    for attempt in (
        lambda: write(tmp_path / "file" / "bundle", small()),
        lambda: write_zip(tmp_path / "file" / "b.zip", InMemory(small().files), {}, small().keys.vkeys, policy),
        lambda: write_receipts(tmp_path / "file" / "receipts", []),
    ):
        with pytest.raises(Unavailable) as unavailable:
            attempt()
        assert rule(unavailable) == "bundle.write"


def test_pages_are_listed_and_cannot_stand_for_evidence(tmp_path: Path):
    policy = policy_of(small().keys, WITNESS)
    source = InMemory(small().files)
    pages = {"statements/2026H1.html": b"<p>", "index.html": b"<p>"}
    write_bundle(tmp_path / "bundle", source, small().statements, small().keys.vkeys, policy, pages)
    assert verify(DirectorySource(tmp_path / "bundle"), small().outside).findings == ()
    for path in ("checkpoint", "manifest.json", "tile/0/001", "statements/2027H1.json", "../x"):
        with pytest.raises(MingzhangError) as refused:
            list(bundle_files(source, {}, small().keys.vkeys, policy, {path: b""}))
        assert rule(refused) in ("bundle.path", "source.name")


def test_a_log_of_many_tiles_is_copied_whole():
    entries = [f"{number}".encode() for number in range(70_000 // 100)]
    log = log_files(entries, log_keys(), 2_000_000_000)
    files = dict(bundle_files(InMemory(log), {}, log_keys().vkeys, policy_of(log_keys())))
    assert {path: data for path, data in files.items() if path in log} == log
    assert "tile/1/000.p/2" in files


@dataclass(frozen=True)
class Receipt:
    proof: Proof

    def dump(self) -> bytes:
        return b"{}"


def test_receipts_are_files_for_their_owner_only(tmp_path: Path):
    proof = Proof(12, (bytes(32),), full().files["checkpoint"])
    written = write_receipts(tmp_path / "receipts", [Receipt(proof)])
    assert [path.name for path in written] == ["12.receipt.json", "12.tlog-proof"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert parse_proof(written[1].read_bytes()) == proof
    assert sorted(path.name for path in (tmp_path / "receipts").iterdir()) == ["12.receipt.json", "12.tlog-proof"]


def test_an_archive_is_read_back_from_memory():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in full().files.items():
            archive.writestr(path, data)
    assert verify(ZipSource(buffer), full().outside).findings == ()
