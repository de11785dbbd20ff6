"""The auditor's own snapshot 审计存档: what one audit found out about a ledger, kept so that the next goes on there.

It is a file of lines, each a JSON value, the last the SHA-256 of all before it:

===============  ==========================================================================================================
``header``       with what it was made (format, checks, verifier, machine, inputs and their shapes), of which ledger, size, root
``books`` …      the state of the second pass: books, journal, keys, small trees under way, the last statement, notices, counts
``entries``      of each entry the leaf hash, the record's digest and id, the time
``names``        what else was used once
``signers``      who signed, each set of people once
``acts``         by kind: number, time of signing, signers and body of each record that some check asks for
``facts``        by type: number and fact, where some check asks for it
===============  ==========================================================================================================

Nothing in it is proof to anybody else, and nobody else's is taken: who resumes from a file trusts whoever wrote it with every
entry that it speaks of. So it is read by its digest where the auditor noted it, and what made it must be what reads it.
Values are data by declared types (:mod:`ledger.log.rows`); reading runs nothing that stands in it.
"""

import hashlib
import os
import tempfile
from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from sys import intern
from typing import Any, Final, TypeVar

import orjson

from ledger import canonical, period
from ledger.audit import checks as asked
from ledger.audit.brought import Genesis
from ledger.audit.chain import Chain
from ledger.audit.checks import Gathering, Noted
from ledger.audit.checks.dossier import Kept
from ledger.audit.findings import VERSION as VERIFIER
from ledger.audit.findings import Finding, Findings, Place
from ledger.audit.following import Followed
from ledger.audit.published import Row, Said
from ledger.audit.replay import IndexPast, Replay
from ledger.audit.review import Review
from ledger.audit.secondopinion import SecondOpinion
from ledger.audit.signed import Keys
from ledger.audit.standing import Standing
from ledger.books import MACHINE, Books
from ledger.errors import Malformed, NotFound, Refused, Unavailable
from ledger.log import rows, snapshot
from ledger.log.act import Body, Signer
from ledger.log.merkle import HASH_SIZE, Range
from ledger.log.packed import Hashes
from ledger.publication.audited import Reported
from ledger.publication.journal import Journal

T = TypeVar("T")

FORMAT: Final = 1
"""Raised with every change to what is written here, or to what is gathered or remembered of an entry."""
CHUNK: Final = 4_096
"""Entries, names, acts or facts in a line."""
SEAL: Final = "sha256"
_ID_SIZE: Final = 16
_SIGNERS: Final[Any] = tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot as it was written or read: its digest, how many entries it speaks of, and the root of their tree."""

    digest: str
    size: int
    root: str

    def json(self) -> dict[str, str | int]:
        """As a command tells it."""
        return {"digest": self.digest, "size": self.size, "root": self.root}


def keep(path: Path, made: Review) -> Snapshot:
    """Write the snapshot of a review, replacing the file there at the end.

    Raises Refused ``audit.unclean`` where not everything agreed or not everything was reviewed; Unavailable ``audit.write``.
    """
    followed, report = made.followed, made.verification
    size = len(followed.leaves)
    if report.verdict != "agrees" or followed.standing.size != size or size != report.subject.get("size"):
        raise Refused("audit.unclean", report.verdict, "agrees, up to the last entry")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
        beside = Path(name)
        try:
            digest = hashlib.sha256()
            with os.fdopen(handle, "wb") as file:
                for line in _lines(followed):
                    digest.update(line)
                    file.write(line)
                file.write(_line({SEAL: digest.hexdigest()}))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable("audit.write", str(path), cause=error.strerror) from error
    return Snapshot(digest.hexdigest(), size, str(made.report["root"]))


def resume(path: Path, inputs: Iterable[type], digest: str = "") -> tuple[Followed, Snapshot]:
    """What an audit with these inputs goes on from, and what it was read from. ``digest``: of the snapshot, if it was noted.

    Raises NotFound ``audit.no_snapshot``; Malformed ``audit.snapshot_damaged``; Refused ``audit.snapshot_other`` (another than
    was noted), ``audit.snapshot_made`` (by another program, or for other checks: the ledger has to be audited whole).
    """
    try:
        with path.open("rb") as file:
            sealed = _Sealed(file)
            header = sealed.take("header")
            _check_made(header, inputs)
            followed = _read(header, sealed, inputs)
            found = sealed.check()
    except FileNotFoundError:
        raise NotFound("audit.no_snapshot", str(path)) from None
    except OSError as error:
        raise Unavailable("cli.unreadable", str(path), reason=error.strerror) from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Malformed("audit.snapshot_damaged", str(error), "a snapshot as it was written") from None
    if digest and digest != found:
        raise Refused("audit.snapshot_other", found, digest)
    return followed, Snapshot(found, len(followed.leaves), header["root"])


# --- writing --------------------------------------------------------------------------------------------------------


def _line(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def _lines(followed: Followed) -> Iterator[bytes]:
    stand, gathering = followed.standing, followed.gathering
    said, past, books = stand.said, stand.replay.past, stand.replay.books
    if not isinstance(past, IndexPast) or stand.replay.journal is None:
        raise AssertionError("resuming: a replay with names and journal of its own")
    made = _made(gathering.inputs)
    tree = stand.replay.tree
    about = {"ledger": books.ledger, "origin": books.origin, "size": tree.size, "root": tree.root().hex()}
    yield _line({"header": made | about | {"peaks": tree.pack()["peaks"]}})
    yield b'{"books":' + snapshot.dump(books) + b"}\n"
    yield _line({"journal": rows.write(Journal, stand.replay.journal)})
    yield _line({"keys": rows.write(Keys, stand.keys)})
    yield _line({"genesis": [] if said.genesis is None else [rows.write(Genesis, said.genesis)]})
    yield _line({"publications": [[row.seq, dict(row.body)] for row in said.rows]})
    yield _line({"opinion": [[raw.hex() for raw in part] for part in (stand.opinion.batch, stand.opinion.units)]})
    yield _line({"statement": [] if stand.statement is None else [dict(stand.statement)]})
    yield _line({"notices": [rows.write(Finding, finding) for finding in stand.notices]})
    yield _line({"counts": dict(stand.counts)})
    yield _line({"files": stand.files})
    yield _line({"reported": [[n.seq, rows.write(Reported, n.fact)] for n in followed.reported]})
    yield from _entries(followed, past, said)
    for kind, names in past.names.items():
        if kind not in ("record", "id"):
            for chunk in _chunks([_name(name), seq] for name, seq in names.items()):
                yield _line({"names": kind, "rows": chunk})
    yield from _acts(gathering)
    for model, facts in gathering.facts.items():
        write: Callable[[Any], Any] = rows.writer(model)
        for chunk in _chunks([noted.seq, write(noted.fact)] for noted in facts):
            yield _line({"facts": _of(model), "rows": chunk})


def _entries(followed: Followed, past: IndexPast, said: Said) -> Iterator[bytes]:
    ids = iter(past.names["id"])
    for first in range(0, len(followed.leaves), CHUNK):
        leaves = followed.leaves[first : first + CHUNK]
        each = (leaves, said.digests[first : first + CHUNK], islice(ids, len(leaves)))
        packed = [b64encode(b"".join(one)).decode() for one in each]  # type: ignore[arg-type]  # ids are packed UUIDs
        yield _line({"entries": [*packed, said.times[first : first + CHUNK].tolist()]})


def _acts(gathering: Gathering) -> Iterator[bytes]:
    signers: dict[tuple[Signer, ...], int] = {}
    for acts in gathering.acts.values():
        for act in acts:
            signers.setdefault(act.signers, len(signers))
    write: Callable[[Any], Any] = rows.writer(_SIGNERS)
    for chunk in _chunks(map(write, signers)):
        yield _line({"signers": chunk})
    for kind, acts in gathering.acts.items():
        for chunk in _chunks([act.seq, act.at, signers[act.signers], act.body.decode()] for act in acts):
            yield _line({"acts": kind, "rows": chunk})


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    left = iter(values)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _name(packed: str | bytes) -> str:
    """A name as it was used, from how it is kept."""
    if isinstance(packed, str):
        return packed
    if len(packed) == HASH_SIZE:
        return packed.hex()
    text = packed.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


# --- with what it was made -------------------------------------------------------------------------------------------


def _made(inputs: Iterable[type]) -> dict[str, Any]:
    every = sorted(inputs, key=_of)
    shapes = [
        rows.shape(one) for one in (*every, Journal, Keys, Genesis, Finding, Signer, Reported) if not _is_body(one)
    ]
    return {
        "format": FORMAT,
        "checks": asked.VERSION,
        "verifier": VERIFIER,
        "machine": MACHINE,
        "inputs": list(map(_of, every)),
        "shapes": hashlib.sha256("\n".join(shapes).encode()).hexdigest(),
    }


def _check_made(header: Mapping[str, Any], inputs: Iterable[type]) -> None:
    for name, own in _made(inputs).items():
        if header.get(name) != own:
            told = name if name in ("inputs", "shapes") else header.get(name)
            raise Refused("audit.snapshot_made", told, name if name in ("inputs", "shapes") else own, what=name)


def _of(model: type) -> str:
    return f"{model.__module__}:{model.__qualname__}"


def _is_body(model: type) -> bool:
    return issubclass(model, Body)


# --- reading --------------------------------------------------------------------------------------------------------


class _Sealed:
    """The lines before the seal, as values."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._digest = hashlib.sha256()
        self._seal = ""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        line = next(self._lines)
        value = orjson.loads(line)
        if SEAL in value:
            self._seal = value[SEAL]
            raise StopIteration
        self._digest.update(line)
        return value

    def take(self, name: str) -> Any:
        """What the next line holds, which must be this. Raises ValueError."""
        value: Mapping[str, Any] = next(self, {})
        if name not in value:
            raise ValueError(f"no {name} where it stands")
        return value[name]

    def check(self) -> str:
        """The digest of what was read. Raises ValueError where it is not the seal's, or something stands behind that."""
        if self._digest.hexdigest() != self._seal or next(self._lines, b""):
            raise ValueError("its end is not that of a snapshot")
        return self._seal


def _read(header: Mapping[str, Any], lines: _Sealed, inputs: Iterable[type]) -> Followed:
    books = snapshot.load(Books, canonical.encode_trusted(lines.take("books")))
    journal = rows.read(Journal, lines.take("journal"))
    keys = rows.read(Keys, lines.take("keys"))
    genesis = lines.take("genesis")
    said = Said(rows.read(Genesis, genesis[0]) if genesis else None)
    said.rows = [Row(seq, body, Place(entry=seq)) for seq, body in lines.take("publications")]
    findings = Findings()
    batch, units = ([bytes.fromhex(raw) for raw in part] for part in lines.take("opinion"))
    past = IndexPast(_nothing, books.head.size)
    tree = Range.unpack({"size": header["size"], "peaks": header["peaks"]})
    stand = Standing(
        findings,
        Replay(past, books, tree, journal),
        Chain.after(books, findings, past.used),
        said,
        keys,
        SecondOpinion(findings, batch, units),
    )
    stand.statement = next(iter(lines.take("statement")), None)
    stand.notices = tuple(rows.read(Finding, row) for row in lines.take("notices"))
    stand.counts, stand.files = lines.take("counts"), lines.take("files")
    followed = Followed(Gathering(frozenset(inputs)), books=books)
    followed.replay, followed.standing = stand.replay, stand
    reported = lines.take("reported")
    _read_rows(followed, past, said, lines)
    whole = (len(followed.leaves), followed.leaves.tree(len(followed.leaves)).root().hex())
    if whole != (header["size"], header["root"]) or tree.root().hex() != header["root"] or books.head.size != whole[0]:
        raise ValueError("its entries are not those of its header")
    stand.leaves = Hashes(followed.leaves)
    noted = _Notes(said, books.offset)
    followed.reported = [noted.of(seq, rows.read(Reported, row)) for seq, row in reported]
    return followed


def _nothing(seq: int) -> bytes:
    raise AssertionError(f"resuming: entry {seq} was asked for before there was a log to read it from")


class _Notes:
    """What stands beside every act and fact of an entry: the record's digest and the legal day, each text once."""

    def __init__(self, said: Said, offset: int) -> None:
        self._said = said
        self._offset = offset
        self._seq, self._digest = -1, ""
        self._days: dict[int, str] = {}

    def digest(self, seq: int) -> str:
        if seq != self._seq:
            self._seq, self._digest = seq, intern(self._said.digests[seq].hex())
        return self._digest

    def day(self, seq: int) -> str:
        number = (self._said.times[seq] + self._offset * 60_000) // period.DAY_MS
        if number not in self._days:
            self._days[number] = period.legal_day(self._said.times[seq], self._offset).isoformat()
        return self._days[number]

    def of(self, seq: int, fact: T) -> Noted[T]:
        return Noted(seq, self.day(seq), self.digest(seq), fact)


def _read_rows(followed: Followed, past: IndexPast, said: Said, lines: Iterator[Any]) -> None:
    gathering = followed.gathering
    models: dict[str, tuple[type, Callable[[Any], Any]]] = {
        _of(model): (model, rows.reader(model)) for model in gathering.inputs if not _is_body(model)
    }
    read_signers: Callable[[Any], tuple[Signer, ...]] = rows.reader(_SIGNERS)
    signers: list[tuple[Signer, ...]] = []
    notes = _Notes(said, followed.books.offset)
    for value in lines:
        if "entries" in value:
            _take_entries(followed, past, said, value["entries"])
        elif "names" in value:
            for name, seq in value["rows"]:
                past.name(value["names"], name, seq)
        elif "signers" in value:
            signers += map(read_signers, value["signers"])
        elif "acts" in value:
            acts = gathering.acts[value["acts"]]
            for seq, at, by, body in value["rows"]:
                day, digest = notes.day(seq), notes.digest(seq)
                acts.append(Kept(seq, day, said.times[seq], at, digest, body.encode(), signers[by]))
        else:
            model, read = models[value["facts"]]
            gathering.facts[model] += [notes.of(seq, read(row)) for seq, row in value["rows"]]
    gathering.share(signers)


def _take_entries(followed: Followed, past: IndexPast, said: Said, chunk: Sequence[Any]) -> None:
    leaves, digests, ids = map(b64decode, chunk[:3])
    first, times = len(followed.leaves), chunk[3]
    followed.leaves.extend(_cut(leaves, HASH_SIZE))
    said.digests.extend(_cut(digests, HASH_SIZE))
    said.times.extend(array("q", times))
    if not len(leaves) == len(digests) == len(ids) * 2 == len(times) * HASH_SIZE:
        raise ValueError("entries of different numbers in a line")
    for kind, cut in (("record", _cut(digests, HASH_SIZE)), ("id", _cut(ids, _ID_SIZE))):
        past.names.setdefault(kind, {}).update(zip(cut, range(first, first + len(times)), strict=True))


def _cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))
