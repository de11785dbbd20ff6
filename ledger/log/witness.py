r"""Witnesses: whoever cosigns a log's heads after checking that it only grew (C2SP tlog-witness v1.0.0).

Guarantees: a :class:`LocalWitness` never cosigns two heads of one origin that contradict each other, whatever is asked
of it at once and whenever its machine stops: what it answers with is in durable storage before the answer leaves.

A log asks through :class:`Witness`, whose other end may be this machine or, over HTTP, another. The request body of
``POST <prefix>/add-checkpoint``::

    old <decimal>                  the size the log believes was last cosigned
    <base64 of a hash>             the consistency proof from there, at most 63
    <empty line>
    <the checkpoint, verbatim>

>>> from ledger.log.checkpoint import Checkpoint, LogKeys
>>> from ledger.log.merkle import Range, leaf_hash
>>> keys, one = LogKeys.generate("example.com/books"), Range().append(leaf_hash(b"one"))
>>> head = keys.sign(Checkpoint(keys.origin, one.size, one.root()), 1_700_000_000)
>>> format_request(Request(0, (), head)).split(b"\n")[:3]
[b'old 0', b'', b'example.com/books']

The answer is the cosignature lines; or, when ``old`` is not the size last cosigned, that size (status 409 over HTTP,
body ``<size>\n``):

>>> from ledger.log.note import COSIGNATURE_ML_DSA_44, SigningKey
>>> street = SigningKey("example.org/street", COSIGNATURE_ML_DSA_44, b"\4" * 32)
>>> state = SqliteState(":memory:")
>>> witness = LocalWitness([street], {keys.origin: keys.vkeys}, state, lambda: 1_700_000_100)
>>> [line.name for line in witness.add_checkpoint(0, (), head).lines]
['example.org/street']
>>> witness.add_checkpoint(0, (), head)
OtherSize(size=1)
>>> state.close()

:data:`STATUS` gives the HTTP status of each refusal. The checks run in the order of the published text: 404 unknown
origin, 403 no good signature, 400 malformed, 409 other size, 422 a tree that did not only grow.
"""

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from ledger.canonical import decode_base64, encode_base64
from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.log.checkpoint import (
    MAX_SIZE,
    Checkpoint,
    Cosignature,
    cosign,
    parse_checkpoint,
    parse_decimal,
    timestamp_of,
    verifier,
)
from ledger.log.merkle import EMPTY_ROOT, check_consistency
from ledger.log.note import (
    MAX_NOTE,
    Line,
    SigningKey,
    VerifierKey,
    check_characters,
    open_note,
    parse_lines,
    sign_note,
    split_note,
)

MAX_PATH = 63
SIZE_CONTENT_TYPE = "text/x.tlog.size"

STATUS: Final[Mapping[str, int]] = {
    "witness.unknown_origin": 404,
    "witness.no_checkpoint": 404,
    "witness.signature": 403,
    "witness.malformed": 400,
    "witness.old_size": 400,
    "witness.inconsistent": 422,
    "witness.state": 503,
}
"""HTTP status of each rule that :class:`LocalWitness` and :func:`parse_request` raise."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness's answer: its lines on the checkpoint that was sent."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class OtherSize:
    """The witness last cosigned another size than the one the log began from; ask again from ``size``."""

    size: int


class Witness(Protocol):
    """What a publisher asks. Lines it returns are checked with :func:`check_cosigned` before they are used."""

    @property
    def name(self) -> str:
        """The name of its keys."""

    @property
    def vkeys(self) -> Sequence[VerifierKey]:
        """The keys it is trusted under."""

    def add_checkpoint(self, old_size: int, proof: Sequence[bytes], checkpoint: bytes) -> Cosigned | OtherSize:
        """Ask for a cosignature. Raises what the witness refuses with, or Unavailable when it cannot be reached."""


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of an add-checkpoint request; ``checkpoint`` is the signed note as it came."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


def parse_request(data: bytes) -> Request:
    """Read a request body. Raises Malformed ``witness.malformed``."""
    if len(data) > MAX_NOTE:
        raise Malformed("witness.malformed", len(data), f"at most {MAX_NOTE} bytes")
    front, blank, checkpoint = data.partition(b"\n\n")
    try:
        check_characters(front)
    except Malformed as error:
        raise Malformed("witness.malformed", error.value, error.accepted, cause=error.rule) from error
    first, *lines = front.decode().split("\n")
    if not blank or not first.startswith("old ") or len(lines) > MAX_PATH:
        raise Malformed("witness.malformed", first[:80], f"old <size>, at most {MAX_PATH} hashes, an empty line")
    old_size = parse_decimal(first.removeprefix("old "), "witness.malformed", MAX_SIZE)
    return Request(old_size, tuple(decode_base64(line, "witness.malformed") for line in lines), checkpoint)


def format_request(request: Request) -> bytes:
    """The request body."""
    lines = [f"old {request.old_size}", *map(encode_base64, request.proof), "", ""]
    return "\n".join(lines).encode() + request.checkpoint


def parse_size(data: bytes) -> OtherSize:
    """Read the body of a 409 answer. Raises Malformed ``witness.size``."""
    text = data[:100].decode("ascii", "replace")
    if not text.endswith("\n"):
        raise Malformed("witness.size", text, "a decimal and a newline")
    return OtherSize(parse_decimal(text.removesuffix("\n"), "witness.size", MAX_SIZE))


def format_size(other: OtherSize) -> bytes:
    """The body of a 409 answer."""
    return b"%d\n" % other.size


def parse_cosigned(data: bytes) -> Cosigned:
    """Read the body of a 200 answer. Raises Malformed as :func:`~ledger.log.note.parse_lines`."""
    check_characters(data)
    return Cosigned(parse_lines(data))


def format_cosigned(cosigned: Cosigned) -> bytes:
    """The body of a 200 answer."""
    return b"".join(map(bytes, cosigned.lines))


def origin_hash(origin: str) -> str:
    """The origin in ``<monitoring prefix>/<origin hash>/checkpoint``."""
    return sha256(origin.encode()).hexdigest()


def check_cosigned(cosigned: Cosigned, text: bytes, vkeys: Sequence[VerifierKey]) -> tuple[Cosignature, ...]:
    """The lines of an answer that are the witness's own on this checkpoint text; lines of others are left out.

    Raises Refused ``note.unverified`` (none is its own), ``note.signature``, ``note.ambiguous_key``,
    ``witness.no_time`` (a cosignature that says nothing about when).
    """
    note = open_note(sign_note(text, (), cosigned.lines), [verifier(key) for key in vkeys])
    keys = {(key.name, key.key_id): key for key in vkeys}
    own = tuple(Cosignature(keys[x.name, x.key_id], timestamp_of(x.signature), x) for x in note.verified)
    if any(cosignature.timestamp == 0 for cosignature in own):
        raise Refused("witness.no_time", 0, "a time above 0")
    return own


class State(Protocol):
    """What a witness must never forget: for each origin the last checkpoint it cosigned, as a signed note."""

    def latest(self, origin: str) -> bytes | None:
        """The last cosigned checkpoint, or None."""

    def replace(self, origin: str, expected: bytes | None, new: bytes) -> bool:
        """Store ``new`` if ``expected`` is still the last one, in one atomic step, durable when this returns True."""


class SqliteState:
    """State in one SQLite file. Any number of threads and processes may share it.

    The rollback journal with ``synchronous=EXTRA`` (not WAL) is chosen on purpose: a commit that returned survives a
    power cut on every SQLite version in use, and speed does not matter here.
    """

    def __init__(self, path: Path | str) -> None:
        """Open or make the file. Raises Unavailable ``witness.state``."""
        self._lock = threading.Lock()
        try:
            self._file = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=DELETE")
            self._file.execute("PRAGMA synchronous=EXTRA")
            self._file.execute("CREATE TABLE IF NOT EXISTS latest (origin TEXT PRIMARY KEY, note BLOB NOT NULL)")
        except sqlite3.Error as error:
            raise Unavailable("witness.state", str(error), "a file that can be written") from error

    def latest(self, origin: str) -> bytes | None:
        """See :class:`State`. Raises Unavailable ``witness.state``."""
        with self._lock:
            try:
                row = self._file.execute("SELECT note FROM latest WHERE origin = ?", (origin,)).fetchone()
            except sqlite3.Error as error:
                raise Unavailable("witness.state", str(error)) from error
        return None if row is None else bytes(row[0])

    def replace(self, origin: str, expected: bytes | None, new: bytes) -> bool:
        """See :class:`State`. Raises Unavailable ``witness.state``: then nobody knows, and no answer may leave."""
        with self._lock:
            try:
                if expected is None:
                    done = self._file.execute(
                        "INSERT INTO latest (origin, note) VALUES (?, ?) ON CONFLICT DO NOTHING", (origin, new)
                    )
                else:
                    done = self._file.execute(
                        "UPDATE latest SET note = ? WHERE origin = ? AND note = ?", (new, origin, expected)
                    )
                return done.rowcount == 1
            except sqlite3.Error as error:
                raise Unavailable("witness.state", str(error)) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(frozen=True)
class LocalWitness:
    """A witness on this machine: in tests, and in a street office that runs its own.

    ``keys`` (types 04, 06) sign, all under one name; ``logs`` are the keys trusted for each origin; ``clock`` gives
    POSIX seconds. Raises Malformed ``witness.keys`` without a key or with several names.
    """

    keys: Sequence[SigningKey]
    logs: Mapping[str, Sequence[VerifierKey]]
    state: State
    clock: Callable[[], int]
    name: str = field(init=False)

    def __post_init__(self) -> None:
        names = sorted({key.name for key in self.keys})
        if len(names) != 1:
            raise Malformed("witness.keys", names, "one or more keys under one name")
        object.__setattr__(self, "name", names[0])

    @property
    def vkeys(self) -> Sequence[VerifierKey]:
        """The keys it is trusted under."""
        return [key.vkey for key in self.keys]

    def add_checkpoint(self, old_size: int, proof: Sequence[bytes], checkpoint: bytes) -> Cosigned | OtherSize:
        """See :class:`Witness`.

        Raises NotFound ``witness.unknown_origin``; Refused ``witness.signature``, ``witness.inconsistent``; Malformed
        ``witness.malformed``, ``witness.old_size``; Unavailable ``witness.state``.
        """
        head, log_lines = self._trusted(checkpoint)
        if not 0 <= old_size <= head.size:
            raise Malformed("witness.old_size", old_size, f"0 to {head.size}")
        while True:
            stored = self.state.latest(head.origin)
            last = None if stored is None else parse_checkpoint(split_note(stored)[0])
            last_size = 0 if last is None else last.size
            if old_size != last_size:
                return OtherSize(last_size)
            self._check_grown(last, head, proof)
            now = self.clock()
            lines = tuple(cosign(key, head.text(), now) for key in self.keys)
            if self.state.replace(head.origin, stored, sign_note(head.text(), (), (*log_lines, *lines))):
                return Cosigned(lines)
            # Another request came between: these lines never leave, and everything is checked again.

    def latest(self, origin: str) -> bytes:
        """The last cosigned checkpoint, with the log's lines. Raises NotFound ``witness.no_checkpoint``."""
        stored = self.state.latest(origin)
        if stored is None:
            raise NotFound("witness.no_checkpoint", origin, "an origin with a cosigned checkpoint")
        return stored

    def _trusted(self, checkpoint: bytes) -> tuple[Checkpoint, tuple[Line, ...]]:
        try:
            text, _ = split_note(checkpoint)
            origin = text.split(b"\n")[0].decode()
            if origin not in self.logs:
                raise NotFound("witness.unknown_origin", origin[:200], "an origin this witness was told of")
            try:
                note = open_note(checkpoint, [verifier(key) for key in self.logs[origin]])
            except (Malformed, Refused) as error:
                raise Refused(
                    "witness.signature", origin[:200], "a good line of a trusted key", cause=error.rule
                ) from error
            return parse_checkpoint(note.text), note.verified
        except Malformed as error:
            raise Malformed("witness.malformed", error.value, error.accepted, cause=error.rule) from error

    @staticmethod
    def _check_grown(last: Checkpoint | None, head: Checkpoint, proof: Sequence[bytes]) -> None:
        old_size, old_root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
        try:
            check_consistency(old_size, old_root, head.size, head.root, proof)
        except (Malformed, Refused) as error:
            raise Refused("witness.inconsistent", error.value, error.accepted, cause=error.rule) from error
