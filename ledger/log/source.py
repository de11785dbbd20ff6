"""Where a published log is read from, and the check that what stands there is one tree.

Guarantees: a :class:`Rebuild` has hashed every entry it was given itself and compared every hash tile of the log with
what it hashed; it believes no tile. A source, be it a folder or an archive made to harm, is read within bounds: only
files, no links, no way out of it, no name twice, and no more bytes than it says and we allow.

A source speaks of one log, in the layout of :mod:`ledger.log.tiles`; other files lie beside it by relative path.

>>> from ledger.log import merkle, tiles
>>> class Memory:
...     files = {"tile/entries/000.p/2": tiles.encode_entries([b"one", b"two"]),
...              "tile/0/000.p/2": merkle.leaf_hash(b"one") + merkle.leaf_hash(b"two")}
...     def read(self, path): return self.files[path]
...     def names(self): return sorted(self.files)
>>> source = Files(Memory())
>>> list(read_entries(source, 2))
[b'one', b'two']
>>> checked = check_tree(source, 2, merkle.root([merkle.leaf_hash(b"one"), merkle.leaf_hash(b"two")]))
>>> checked.tree.size, checked.differences
(2, ())
>>> check_tree(source, 2, merkle.EMPTY_ROOT).differences
(Difference(rule='source.root', path='checkpoint'),)
"""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.log import merkle
from ledger.log.merkle import Range
from ledger.log.tiles import ENTRIES, HEIGHT, WIDTH, Tile, bundles_between, decode_entries, tiles_between

MAX_FILES = 200_000
MAX_BYTES = 4 << 30
"""All files of a source together, unpacked."""
MAX_FILE = 512 << 20
MAX_NAME = 400


class Source(Protocol):
    """A published log. Every method raises NotFound ``source.file`` where there is no such file."""

    def checkpoint(self) -> bytes:
        """The newest head, a signed note."""

    def tile(self, level: int, index: int, width: int | None = None) -> bytes:
        """A hash tile; ``width`` None for a full one."""

    def entries(self, index: int, width: int | None = None) -> bytes:
        """An entry bundle; ``width`` None for a full one."""

    def attachment(self, path: str) -> bytes:
        """Any other file, by its path below the source."""

    def names(self) -> Sequence[str]:
        """The paths of all files, sorted; empty where the source cannot list them."""


class Reader(Protocol):
    """Files by relative path: what :class:`Files` makes a source of."""

    def read(self, path: str) -> bytes:
        """The file. Raises NotFound ``source.file``."""

    def names(self) -> Sequence[str]:
        """All paths, sorted."""


class Files:
    """A source over files in the layout of tlog-tiles."""

    def __init__(self, reader: Reader) -> None:
        """``reader`` gives the files."""
        self._reader = reader

    def checkpoint(self) -> bytes:
        """See :class:`Source`."""
        return self._reader.read("checkpoint")

    def tile(self, level: int, index: int, width: int | None = None) -> bytes:
        """See :class:`Source`."""
        return self._reader.read(Tile(level, index, WIDTH if width is None else width).path)

    def entries(self, index: int, width: int | None = None) -> bytes:
        """See :class:`Source`."""
        return self._reader.read(Tile(ENTRIES, index, WIDTH if width is None else width).path)

    def attachment(self, path: str) -> bytes:
        """See :class:`Source`. Raises Malformed ``source.name``."""
        return self._reader.read(check_path(path))

    def names(self) -> Sequence[str]:
        """See :class:`Source`."""
        return self._reader.names()


def check_path(path: str) -> str:
    """The path, if it is relative and stays below its source on every system. Raises Malformed ``source.name``."""
    parts = path.split("/")
    bad = any(part in ("", ".", "..") for part in parts) or any(c < " " or c in "\\:\x7f" for c in path)
    if bad or len(path) > MAX_NAME:
        raise Malformed("source.name", path[:MAX_NAME], "a relative path of plain names, parted by /")
    return path


class DirectoryReader:
    """Files of a folder. Links are not followed, wherever in the path they stand."""

    def __init__(self, folder: Path) -> None:
        """Raises NotFound ``source.folder``."""
        if not folder.is_dir():
            raise NotFound("source.folder", str(folder), "a folder")
        self._folder = folder

    def read(self, path: str) -> bytes:
        """See :class:`Reader`.

        Raises Malformed ``source.name``; Refused ``source.link``, ``source.bytes``; Unavailable ``source.read``.
        """
        place, kind = self._folder, 0
        try:
            for part in check_path(path).split("/"):
                place /= part
                kind = stat.S_IFMT(place.lstat().st_mode)
                if kind == stat.S_IFLNK:
                    raise Refused("source.link", path, "a file, reached without links")
            # Opening anything else, such as a pipe, may wait for ever.
            if kind != stat.S_IFREG:
                raise NotFound("source.file", path, "a file of this source")
            with place.open("rb") as file:
                data = file.read(MAX_FILE + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound("source.file", path, "a file of this source") from None
        except OSError as error:
            raise Unavailable("source.read", path, cause=error.strerror) from error
        if len(data) > MAX_FILE:
            raise Refused("source.bytes", path, f"at most {MAX_FILE} bytes")
        return data

    def names(self) -> Sequence[str]:
        """See :class:`Reader`. Raises Refused ``source.link``, ``source.files``; Unavailable ``source.read``."""
        found: list[str] = []
        try:
            for folder, folders, files in os.walk(self._folder, onerror=_raise):
                for name in (*folders, *files):
                    place = Path(folder, name)
                    if place.is_symlink():
                        raise Refused("source.link", place.relative_to(self._folder).as_posix(), "no links")
                found += (Path(folder, name).relative_to(self._folder).as_posix() for name in files)
                if len(found) > MAX_FILES:
                    raise Refused("source.files", len(found), f"at most {MAX_FILES} files")
        except OSError as error:
            raise Unavailable("source.read", error.filename, cause=error.strerror) from error
        return sorted(found)


class ZipReader:
    """Files of a ZIP archive, checked whole before the first is read."""

    def __init__(self, file: Path | BinaryIO) -> None:
        """Open an archive.

        Raises NotFound ``source.archive``; Unavailable ``source.read``; Malformed ``source.archive``, ``source.name``;
        Refused ``source.link``, ``source.twice``, ``source.files``, ``source.bytes``, ``source.packing`` (encrypted,
        or packed otherwise than stored or deflated).
        """
        try:
            self._archive = zipfile.ZipFile(file)
        except (FileNotFoundError, IsADirectoryError):
            raise NotFound("source.archive", str(file), "a ZIP archive") from None
        except PermissionError as error:
            raise Unavailable("source.read", str(file), cause=error.strerror) from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise Malformed("source.archive", str(error), "a ZIP archive") from error
        try:
            self._members = self._check(self._archive.infolist())
        except (Malformed, Refused):
            self._archive.close()
            raise

    @staticmethod
    def _check(members: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        if len(members) > MAX_FILES:
            raise Refused("source.files", len(members), f"at most {MAX_FILES} files")
        total = sum(member.file_size for member in members)
        if total > MAX_BYTES or any(member.file_size > MAX_FILE for member in members):
            raise Refused("source.bytes", total, f"at most {MAX_BYTES} bytes, {MAX_FILE} in a file")
        found: dict[str, zipfile.ZipInfo] = {}
        seen: set[str] = set()
        for member in members:
            # `orig_filename` is what the archive says; `filename` was cut at a NUL and had its separators changed.
            name = check_path(member.orig_filename.removesuffix("/"))
            mode = member.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise Refused("source.link", name, "files and folders only")
            if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refused("source.packing", name, "stored or deflated, not encrypted")
            # Two names that differ in case are one file on many systems.
            if name.casefold() in seen:
                raise Refused("source.twice", name, "each name once")
            seen.add(name.casefold())
            if not member.is_dir():
                found[name] = member
        return found

    def read(self, path: str) -> bytes:
        """See :class:`Reader`. Raises Malformed ``source.archive`` for a damaged member."""
        member = self._members.get(path)
        if member is None:
            raise NotFound("source.file", path, "a file of this archive")
        try:
            with self._archive.open(member) as file:
                data = file.read(member.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
            raise Malformed("source.archive", str(error), "an intact file", path=path) from error
        if len(data) != member.file_size:
            raise Malformed("source.archive", len(data), f"{member.file_size} bytes", path=path)
        return data

    def names(self) -> Sequence[str]:
        """See :class:`Reader`."""
        return sorted(self._members)

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()


class DirectorySource(Files):
    """A published log in a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises NotFound ``source.folder``."""
        super().__init__(DirectoryReader(folder))


class ZipSource(Files):
    """A published log in a ZIP archive; as a context manager it closes it."""

    def __init__(self, file: Path | BinaryIO) -> None:
        """Raises as :class:`ZipReader`."""
        self._archive = ZipReader(file)
        super().__init__(self._archive)

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_bundles(source: Source, size: int, start: int = 0) -> Iterator[list[bytes]]:
    """The entries of a log of ``size``, a bundle at a time, from the bundle that holds entry ``start``.

    Raises Malformed ``tiles.truncated``, ``tiles.width``, with the bundle's path; NotFound ``source.file``.
    """
    for bundle in bundles_between(start, size):
        data = source.entries(bundle.index, None if bundle.width == WIDTH else bundle.width)
        try:
            yield decode_entries(data, bundle.width)
        except Malformed as error:
            raise Malformed(error.rule, error.value, error.accepted, path=bundle.path) from error


def read_entries(source: Source, size: int) -> Iterator[bytes]:
    """All entries of a log of ``size``, in order. Raises as :func:`read_bundles`."""
    for bundle in read_bundles(source, size):
        yield from bundle


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the source contradicts its own entries.

    ``source.tile`` (other hashes), ``source.tile_missing``, ``source.tile_unknown`` (no tile of this size),
    ``source.size`` (other than the head says), ``source.root`` (other than the head's).
    """

    rule: str
    path: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the entries hash to, and every place where the source says otherwise."""

    tree: Range
    differences: tuple[Difference, ...]


class Rebuild:
    """Hashes entries as they pass by and compares the source's tiles, so that an audit reads every entry once.

    Call :meth:`add` with each bundle in order (all but the last are full), then :meth:`finish`.
    """

    def __init__(self, source: Source) -> None:
        """Begin with no entries."""
        self._source = source
        self._tree = Range()
        self._rows: list[list[bytes]] = []
        self._differences: list[Difference] = []

    def add(self, entries: Sequence[bytes]) -> list[bytes]:
        """Take the next bundle; its leaf hashes. Raises Malformed ``source.bundle`` after one that was not full."""
        if self._tree.size % WIDTH or len(entries) > WIDTH:
            raise Malformed("source.bundle", len(entries), "one bundle at a time, each full but the last")
        hashes = merkle.leaf_hashes(entries)
        self._tree, _ = self._tree.extend(hashes)
        row, level = hashes, 0
        while row:
            if level == len(self._rows):
                self._rows.append([])
            row = self._rows[level] = self._rows[level] + row
            if len(row) < WIDTH:
                break
            self._compare(level, row)
            self._rows[level] = []
            row, level = [merkle.root(row)], level + 1
        return hashes

    def finish(self, size: int, root: bytes) -> Rebuilt:
        """Compare what is left, the names of the files, and the head."""
        for level, row in enumerate(self._rows):
            if row:
                self._compare(level, row)
        known = {tile.path for tile in (*tiles_between(0, self._tree.size), *bundles_between(0, self._tree.size))}
        names = [name for name in self._source.names() if name.startswith("tile/") and name not in known]
        found = [*self._differences, *(Difference("source.tile_unknown", name) for name in names)]
        if self._tree.size != size:
            found.append(Difference("source.size", "checkpoint"))
        elif self._tree.root() != root:
            found.append(Difference("source.root", "checkpoint"))
        return Rebuilt(self._tree, tuple(found))

    def _compare(self, level: int, row: Sequence[bytes]) -> None:
        tile = Tile(level, ((self._tree.size >> (level * HEIGHT)) - 1) // WIDTH, len(row))
        try:
            data = self._source.tile(level, tile.index, None if tile.width == WIDTH else tile.width)
        except NotFound:
            self._differences.append(Difference("source.tile_missing", tile.path))
            return
        if data != b"".join(row):
            self._differences.append(Difference("source.tile", tile.path))


def check_tree(source: Source, size: int, root: bytes) -> Rebuilt:
    """Hash all entries of a log of ``size`` and compare every tile and the root.

    Raises as :func:`read_bundles` where a bundle is missing or malformed, since what follows it has no place then.
    """
    rebuild = Rebuild(source)
    for bundle in read_bundles(source, size):
        rebuild.add(bundle)
    return rebuild.finish(size, root)


def _raise(error: OSError) -> None:
    raise error
