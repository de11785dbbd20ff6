"""Bundles: a published log with its statements as a folder or an archive, for anybody to check without us.

::

    checkpoint                       the head, with every line that stands on it
    tile/<L>/<N>, tile/entries/<N>   tlog-tiles
    statements/<period>.json         canonical JSON, the bytes that were signed
    vkeys.txt                        the log's keys, one vkey a line
    policy.txt                       tlog-policy: the log's keys, its witnesses, the quorum
    manifest.json                    every file's length and SHA-256 (:mod:`ledger.audit.manifest`)
    …                                pages and prints, listed in the manifest, no evidence

The same log gives the same files, and the same archive to the byte on every machine: members ascend by path, carry the
date 1980-01-01 and are stored, since packers differ. Attachments are not in it; what they say stands by digest.

A folder is written beside its place and renamed into it, so nobody ever reads half a bundle. It replaces nothing but an
earlier bundle of the same log that this one continues, and only if nothing else lies in that folder.
"""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from ledger.audit.heads import CHECKPOINT, POLICY, VKEYS
from ledger.audit.manifest import MANIFEST, File, encode_manifest, parse_manifest
from ledger.audit.published import is_statement, path_of
from ledger.errors import Malformed, MingzhangError, NotFound, Refused, Unavailable
from ledger.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.log.merkle import Range
from ledger.log.note import VerifierKey, split_note
from ledger.log.policy import Policy, format_policy
from ledger.log.proof import Proof, format_proof
from ledger.log.source import DirectorySource, Source, check_path
from ledger.log.tiles import WIDTH, Tile, TileNodes, bundles_between, tiles_between

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest date that an archive can carry: it says nothing, which is the point."""
RECEIPTS: Final = "receipts"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where, how many files and bytes, of a log of which size."""

    path: Path
    files: int
    bytes: int
    size: int


class ReceiptFile(Protocol):
    """A receipt that can be written down."""

    @property
    def proof(self) -> Proof:
        """The proof that its entry stands in the log."""
        ...

    def dump(self) -> bytes:
        """The receipt's own bytes."""
        ...


def bundle_files(
    source: Source,
    statements: Mapping[str, bytes],
    vkeys: Sequence[VerifierKey],
    policy: Policy,
    pages: Mapping[str, bytes] | None = None,
) -> Iterator[tuple[str, bytes]]:
    """The files of a bundle, ascending by path, the manifest last. ``statements`` by period, ``pages`` by path.

    Raises Malformed ``bundle.path`` for a page in the place of evidence, ``source.name``; and as reading the source.
    """
    listed = []
    for path, read in sorted(_members(source, source.checkpoint(), statements, vkeys, policy, pages).items()):
        data = read()
        listed.append(File.of(path, data))
        yield path, data
    yield MANIFEST, encode_manifest(listed)


def _members(
    source: Source,
    note: bytes,
    statements: Mapping[str, bytes],
    vkeys: Sequence[VerifierKey],
    policy: Policy,
    pages: Mapping[str, bytes] | None,
) -> dict[str, Callable[[], bytes]]:
    """The files but for the manifest: by path what reads each, so that never more than one need be held."""
    head = _head(note)
    files: dict[str, Callable[[], bytes]] = {
        CHECKPOINT: partial(bytes, note),
        VKEYS: partial(bytes, "".join(f"{key}\n" for key in vkeys).encode()),
        POLICY: partial(bytes, format_policy(policy)),
    }
    for tile in tiles_between(0, head.size):
        files[tile.path] = partial(source.tile, tile.level, tile.index, None if tile.width == WIDTH else tile.width)
    for tile in bundles_between(0, head.size):
        files[tile.path] = partial(source.entries, tile.index, None if tile.width == WIDTH else tile.width)
    for code, data in statements.items():
        files[path_of(code)] = partial(bytes, data)
    for path, data in (pages or {}).items():
        if check_path(path) in files or path == MANIFEST or path.startswith("tile/") or is_statement(path):
            raise Malformed("bundle.path", path, "a path that is no evidence's")
        files[path] = partial(bytes, data)
    return files


def write_bundle(
    target: Path,
    source: Source,
    statements: Mapping[str, bytes],
    vkeys: Sequence[VerifierKey],
    policy: Policy,
    pages: Mapping[str, bytes] | None = None,
) -> Written:
    """Write a bundle as a folder.

    Raises Refused ``bundle.target`` (something else lies there), ``bundle.foreign_files``, ``bundle.other_log``,
    ``bundle.newer``, ``bundle.forked``; Unavailable ``bundle.write``; and as :func:`bundle_files`.
    """
    head = _head(source.checkpoint())
    _check_target(target, source, head)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent))
        try:
            count, size = _fill(beside, bundle_files(source, statements, vkeys, policy, pages))
            beside.chmod(0o755)
            _put(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise Unavailable("bundle.write", str(target), cause=error.strerror) from error
    return Written(target, count, size, head.size)


def write_zip(
    target: Path,
    source: Source,
    statements: Mapping[str, bytes],
    vkeys: Sequence[VerifierKey],
    policy: Policy,
    pages: Mapping[str, bytes] | None = None,
) -> Written:
    """Write a bundle as an archive, replacing the file there. Raises Unavailable ``bundle.write``, as :func:`bundle_files`.

    The manifest stands among the members in their order, so each file is read twice: to be listed, and to be written. What
    a log holds under a head can never differ, and a ledger need not fit into memory.
    """
    note = source.checkpoint()
    members = _members(source, note, statements, vkeys, policy, pages)
    listed = [File.of(path, read()) for path, read in sorted(members.items())]
    members[MANIFEST] = partial(bytes, encode_manifest(listed))
    size = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    for path, read in sorted(members.items()):
                        data = read()
                        archive.writestr(member_of(path), data)
                        size += len(data)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o644)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable("bundle.write", str(target), cause=error.strerror) from error
    return Written(target, len(members), size, _head(note).size)


def write_receipts(folder: Path, receipts: Iterable[ReceiptFile]) -> tuple[Path, ...]:
    """Write receipts as ``<n>.receipt.json`` and ``<n>.tlog-proof``, n being the entry's number. The files written.

    They hold private texts, so only their owner may read them. Raises Unavailable ``bundle.write``.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for receipt in receipts:
            number = receipt.proof.index
            for name, data in ((f"{number}.receipt.json", receipt.dump()), (f"{number}.tlog-proof", _proof(receipt))):
                beside = folder / f".{name}.{os.getpid()}.new"
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                    file.write(data)
                beside.replace(folder / name)
                written.append(folder / name)
    except OSError as error:
        raise Unavailable("bundle.write", str(folder), cause=error.strerror) from error
    return tuple(written)


def _proof(receipt: ReceiptFile) -> bytes:
    return format_proof(receipt.proof)


def _head(note: bytes) -> Checkpoint:
    return parse_checkpoint(split_note(note)[0])


def member_of(path: str) -> zipfile.ZipInfo:
    """A file of an archive without the time and the machine at which it was made."""
    member = zipfile.ZipInfo(path, EPOCH)
    member.create_system = 3  # Unix, wherever it is written
    member.external_attr = 0o100644 << 16
    return member


def _fill(folder: Path, files: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    count = size = 0
    for path, data in files:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        count, size = count + 1, size + len(data)
    return count, size


def _put(beside: Path, target: Path) -> None:
    """Rename into place; an earlier bundle steps aside first, and back if that fails."""
    if not target.exists():
        beside.rename(target)
        return
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=".old", dir=target.parent) as folder:
        aside = Path(folder) / target.name
        target.rename(aside)
        try:
            beside.rename(target)
        except OSError:
            aside.rename(target)
            raise


def _check_target(target: Path, source: Source, head: Checkpoint) -> None:
    """Only an earlier bundle of this very log may be replaced, and nothing that somebody else put beside it."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Refused("bundle.target", str(target), "a new folder, or an earlier bundle of this log")
    if not target.exists() or not any(target.iterdir()):
        return
    there = DirectorySource(target)
    try:
        old = _head(there.checkpoint())
        listed = {file.path for file in parse_manifest(there.attachment(MANIFEST))}
        foreign = sorted(set(there.names()) - listed - {MANIFEST})
    except MingzhangError as error:
        raise Refused("bundle.target", str(target), "a new folder, or an earlier bundle of this log") from error
    if foreign:
        raise Refused("bundle.foreign_files", foreign[:10], "nothing but the bundle")
    if old.origin != head.origin:
        raise Refused("bundle.other_log", old.origin, head.origin)
    if old.size > head.size:
        raise Refused("bundle.newer", old.size, f"at most {head.size} entries")
    if _root_at(source, old.size, head.size) != old.root:
        raise Refused("bundle.forked", old.root.hex(), "the beginning of this log", size=old.size)


def _root_at(source: Source, size: int, whole: int) -> bytes:
    def read(tile: Tile) -> bytes:
        return source.tile(tile.level, tile.index, None if tile.width == WIDTH else tile.width)

    try:
        return Range.read(size, TileNodes(whole, read)).root()
    except NotFound as error:
        raise Refused("bundle.forked", size, f"a tree of {whole} entries") from error
