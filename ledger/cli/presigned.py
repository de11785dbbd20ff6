"""A published log of any length, written without a server: records signed on all cores, applied, and laid out as a bundle.

Whoever tells what happens hands in records (:meth:`Pen.singly`, :meth:`Pen.batch`); other processes sign them while this one
drafts the next and applies those that have come back. What must know the books asks for :attr:`Pen.books`, which waits.
Every entry goes through the rules as it would in a server, so that nothing is measured on a log that none would keep.

Keys and record ids derive from a seed by SHA-256: the same seed gives the same entries, whatever the machine.

Beside the bundle lies what a floor needs: each signature that a check cannot do without, its key and message
(:func:`read_signed`).
"""

import os
import struct
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from ledger import canonical
from ledger.audit.manifest import MANIFEST, File, encode_manifest
from ledger.audit.published import path_of
from ledger.audit.replay import IndexPast, Replay, entry_reader
from ledger.books import Books
from ledger.log import merkle
from ledger.log.checkpoint import Checkpoint, LogKeys
from ledger.log.entry import MAX_BATCH, ORIGIN_LINK, Place, Record, Signature, batch_pae, parse_entry, signature_json
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from ledger.log.policy import Log, Policy, format_policy
from ledger.log.source import DirectorySource
from ledger.log.tiles import ENTRIES, WIDTH, Tile, encode_entries, join, tiles_between
from ledger.people import drafting
from ledger.period import format_time
from ledger.signatures import Ed25519Key

CHUNK: Final = 1_024
"""Signatures that a process makes at a time."""
AHEAD: Final = 3
"""Chunks under way, per process."""
SIGNED: Final = "signed"
_HEADER: Final = struct.Struct(">32sI")

Wanted = tuple[bytes, bytes]
"""A private key and what it shall sign."""
_Signed = tuple[str, int, Place | None]
"""A key's id, the number of its signature among all, and its place in a batch."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A record whose signatures are not there yet."""

    record: Record
    signed: tuple[_Signed, ...]


@dataclass(slots=True)
class Pen:
    """Writes one log into ``folder``, with the signatures beside it; a context manager. ``size``, ``count``: how many records were
    handed in, with how many signatures, so far.
    """

    folder: Path
    seed: str
    origin: str
    processes: int = field(default_factory=lambda: os.cpu_count() or 1)
    size: int = 0
    count: int = 0
    ledger: str = ""
    """The genesis digest, once it was handed in."""
    _pool: ProcessPoolExecutor = field(init=False)
    _file: IO[bytes] = field(init=False)
    _replay: Replay = field(init=False)
    _wanted: list[Wanted] = field(default_factory=list)
    _under_way: deque[tuple[list[Wanted], Future[list[bytes]]]] = field(default_factory=deque)
    _made: deque[bytes] = field(default_factory=deque)
    _first: int = 0
    """The number of the first signature in ``_made``."""
    _waiting: deque[_Waiting] = field(default_factory=deque)
    _bundle: list[bytes] = field(default_factory=list)
    _nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    _listed: list[File] = field(default_factory=list)
    _link: str = ORIGIN_LINK
    _time: int = 0

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        self._pool = ProcessPoolExecutor(self.processes, get_context("spawn"))
        self._file = (self.folder.parent / SIGNED).open("wb")
        stored = entry_reader(DirectorySource(self.folder), 1 << 40)

        def read(seq: int) -> bytes:
            begun = self._replay.tree.size - len(self._bundle)
            return self._bundle[seq - begun] if seq >= begun else stored(seq)

        self._replay = Replay(IndexPast(read))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._file.close()

    # --- what derives from the seed ----------------------------------------------------------------------------------

    def derived(self, *parts: object) -> bytes:
        """32 bytes that these parts always have."""
        return sha256("\0".join((self.seed, *map(str, parts))).encode()).digest()

    def key(self, name: str) -> Ed25519Key:
        """The one key of a person."""
        return _key(self.derived("key", name))

    def share(self, of: int, *parts: object) -> int:
        """A number below ``of`` that these parts always have."""
        return int.from_bytes(self.derived(*parts)[:8]) % of

    @property
    def log_keys(self) -> LogKeys:
        """The two keys of the log."""
        return LogKeys(
            SigningKey(self.origin, ED25519, self.derived("log", 1)),
            SigningKey(self.origin, COSIGNATURE_ML_DSA_44, self.derived("log", 2)),
        )

    # --- handing in --------------------------------------------------------------------------------------------------

    def draft(self, kind: str, body: Mapping[str, Any], at: int) -> Record:
        """A record of a moment (ms); it becomes an entry when it is handed in."""
        return drafting.draft(self.ledger, kind, body, at, random=self.derived("id", kind, at, body)[:10])

    def singly(self, record: Record, by: Iterable[str]) -> str:
        """Hand in a record that each of these persons signs. Its digest."""
        self._queue(record, [self._want(self.key(name), record.pae, None) for name in by])
        self.ledger = self.ledger or record.digest
        return record.digest

    def batch(self, records: Sequence[Record], by: Sequence[str], own: Sequence[str] = ()) -> None:
        """Hand in records of one moment under one signature of each person, 512 at a time; ``own``: whose new key signs each
        record besides.
        """
        for start in range(0, len(records), MAX_BATCH):
            part = records[start : start + MAX_BATCH]
            tree, new = merkle.Range().extend(merkle.leaf_hashes(record.raw for record in part))
            nodes = {(level, index): value for level, index, value in new}
            message = batch_pae(part[0].ledger, len(part), tree.root(), part[0].at)
            made = [self._want(self.key(name), message, None) for name in by]
            for index, record in enumerate(part):
                plan = merkle.inclusion_plan(index, len(part))
                place = Place(index, len(part), plan.combine({at: nodes[at] for at in plan.coordinates}))
                signed: list[_Signed] = [(key, number, place) for key, number, _ in made]
                if own:
                    signed.append(self._want(self.key(own[start + index]), record.pae, None))
                self._queue(record, signed)

    @property
    def books(self) -> Books:
        """The books after all that was handed in."""
        self._settle()
        return self._replay.books

    def draw_up(self) -> dict[str, Any]:
        """The statement of the next period as all that was handed in has it."""
        self._settle()
        return self._replay.draw_up()

    def attach(self, period: str, statement: Mapping[str, Any]) -> None:
        """Lay a published statement beside the log."""
        self._listed.append(_write(self.folder, path_of(period), canonical.encode(dict(statement))))

    def publish(self, target: Path | None = None) -> None:
        """Sign the head, and write what a bundle has beside the entries: at the end, or, into a folder ``target`` that
        becomes the bundle of what there is by now, before more is handed in.
        """
        self._settle()
        folder, size, keys = target or self.folder, self._replay.tree.size, self.log_keys
        listed = list(self._listed)
        for file in listed if target else ():
            place = folder / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.hardlink_to(self.folder / file.path)

        def write(path: str, data: bytes) -> None:
            listed.append(_write(folder, path, data))

        if self._bundle:
            write(Tile(ENTRIES, size // WIDTH, len(self._bundle)).path, encode_entries(self._bundle))
        for tile in tiles_between(0, size):
            level, first, end = tile.nodes
            write(tile.path, join(tile, [self._nodes[level, index] for index in range(first, end)]))
        head = Checkpoint(self.origin, size, self._replay.tree.root())
        write("checkpoint", keys.sign(head, self._time // 1000))
        write("vkeys.txt", "".join(f"{key}\n" for key in keys.vkeys).encode())
        write("policy.txt", format_policy(Policy(logs=tuple(Log(key) for key in keys.vkeys))))
        (folder / MANIFEST).write_bytes(encode_manifest(sorted(listed, key=lambda file: file.path)))

    # --- signing and applying ----------------------------------------------------------------------------------------

    def _want(self, key: Ed25519Key, message: bytes, place: Place | None) -> _Signed:
        """Have this signed. The key's id, the signature's number, and the place."""
        self._wanted.append((key.private, message))
        self.count += 1
        if len(self._wanted) == CHUNK:
            self._send()
        return key.key, self.count - 1, place

    def _queue(self, record: Record, signed: Iterable[_Signed]) -> None:
        self._waiting.append(_Waiting(record, tuple(signed)))
        self.size += 1
        while len(self._under_way) > AHEAD * self.processes:
            self._collect()

    def _send(self) -> None:
        if self._wanted:
            self._under_way.append((self._wanted, self._pool.submit(sign_all, self._wanted)))
            self._wanted = []

    def _settle(self) -> None:
        self._send()
        while self._under_way:
            self._collect()

    def _collect(self) -> None:
        """Wait for the oldest signatures, and apply the records that are whole with them."""
        wanted, made = self._under_way.popleft()
        for (private, message), signature in zip(wanted, made.result(), strict=True):
            self._file.write(_HEADER.pack(_key(private).public, len(message) + len(signature)) + signature + message)
            self._made.append(signature)
        there = self._first + len(self._made)
        while self._waiting and all(number < there for _, number, _ in self._waiting[0].signed):
            self._append(self._waiting.popleft())
        # A batch's signature is asked for by many records, the first of which comes first.
        needed = min((number for _, number, _ in self._waiting[0].signed), default=there) if self._waiting else there
        while self._first < needed:
            self._made.popleft()
            self._first += 1

    def _append(self, one: _Waiting) -> None:
        made = [
            Signature(key, "ed25519", self._made[number - self._first], batch=place)
            for key, number, place in one.signed
        ]
        signed = canonical.encode_trusted([signature_json(s) for s in sorted(made, key=lambda s: s.key)])
        self._time = max(self._time, one.record.at_ms)
        # As `encode_entry` writes it, from the bytes of a record that are there already.
        raw = b'{"entry":1,"prev":"%s","record":%s,"seq":%d,"signatures":%s,"time":"%s"}' % (
            self._link.encode(),
            one.record.raw,
            self._replay.tree.size,
            signed,
            format_time(self._time).encode(),
        )
        entry = parse_entry(raw)
        before = self._replay.tree
        self._replay.apply(entry)
        self._bundle.append(raw)
        self._link = entry.leaf.hex()
        self._nodes |= {
            (level, index): value for level, index, value in before.extend([entry.leaf])[1] if not level % 8
        }
        if len(self._bundle) == WIDTH:
            self._end_bundle()

    def _end_bundle(self) -> None:
        path = Tile(ENTRIES, self._replay.tree.size // WIDTH - 1).path
        self._listed.append(_write(self.folder, path, encode_entries(self._bundle)))
        self._bundle = []


def _write(folder: Path, path: str, data: bytes) -> File:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return File.of(path, data)


def sign_all(wanted: Sequence[Wanted]) -> list[bytes]:
    """Sign each; run in another process."""
    return [_key(private).sign(message) for private, message in wanted]


def read_signed(path: Path, part: int = 0, parts: int = 1, first: int | None = None) -> Iterator[tuple[bytes, bytes]]:
    """What :func:`ledger.cli.floors.check_signatures` takes, from the file beside a bundle: each ``parts``-th from ``part`` on, of
    the ``first`` so many.
    """
    with path.open("rb") as file:
        number = 0
        while number != first and (header := file.read(_HEADER.size)):
            public, length = _HEADER.unpack(header)
            if number % parts == part:
                yield file.read(length), public
            else:
                file.seek(length, os.SEEK_CUR)
            number += 1


@cache
def _key(private: bytes) -> Ed25519Key:
    return Ed25519Key(private)
