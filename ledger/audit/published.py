"""The published statements of a log against what lies there: each file, its sums, and what it says of the log.

Nothing here needs the rules of the books: that a statement is the one that was signed, adds up, and speaks of this log
and these entries can be seen from its bytes, by a browser too. Whether it *follows* from the entries is drawn up again in
:mod:`.statements`.
"""

import hashlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.audit.arithmetic import (
    PUBLISHED,
    STATEMENT,
    check_carried,
    check_published,
    check_sums,
    parse_statement,
)
from ledger.audit.brought import Genesis
from ledger.audit.evidence import Evidence
from ledger.audit.findings import FAULTS, Findings, Place
from ledger.audit.shape import check_shape
from ledger.audit.tree import STATEMENT as PUBLICATION
from ledger.audit.tree import Leaves
from ledger.books import KINDS
from ledger.errors import Malformed, MingzhangError
from ledger.log.entry import Entry
from ledger.log.packed import Hashes
from ledger.period import format_time

FOLDER: Final = "statements/"
SUFFIX: Final = ".json"
_NOTHING: Final = bytes(32)


def path_of(period: str) -> str:
    """Where a bundle keeps the statement of a period."""
    return f"{FOLDER}{period}{SUFFIX}"


def is_statement(path: str) -> bool:
    """Whether a file of a bundle is a statement."""
    return path.startswith(FOLDER) and path.endswith(SUFFIX)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry that published a statement."""

    seq: int
    body: Mapping[str, Any]
    where: Place


@dataclass(slots=True)
class Said:
    """What a log says that its statements must say too, gathered as its entries pass by."""

    genesis: Genesis | None = None
    digests: Hashes = field(default_factory=Hashes)
    """Of each entry its record's; of one that did not read as an entry, zeros."""
    times: "array[int]" = field(default_factory=lambda: array("q"))
    """Of each entry when the log took it (ms)."""
    unread: set[int] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    """The publications."""
    checked: int = 0
    """The files of so many entries' publications were checked before: now they must only be the same files."""
    _strange: bool = False
    _roots: dict[int, bytes] = field(default_factory=dict)

    def take(self, entry: Entry, where: Place) -> None:
        """An entry that read as one."""
        seq = entry.seq if where.entry is None else where.entry
        for missing in range(len(self.digests), seq):
            self._keep(_NOTHING, 0)
            self.unread.add(missing)
        self._keep(bytes.fromhex(entry.record.digest), entry.time)
        self._strange = self._strange or entry.record.kind not in KINDS
        if entry.record.kind == PUBLICATION:
            self.rows.append(Row(seq, entry.record.body, where))

    def _keep(self, digest: bytes, time: int) -> None:
        self.digests.append(digest)
        self.times.append(time)

    def _digest(self, seq: int) -> str | None:
        return self.digests[seq].hex() if 0 <= seq < len(self.digests) and seq not in self.unread else None

    def check_files(self, leaves: Leaves, evidence: Evidence, findings: Findings) -> None:
        """Each published statement's file; none foreign, if all that could have published it was read."""
        rows = list(self._readable(findings))
        self._roots = leaves.roots(row.body["prefix"] for row in rows)
        before: Mapping[str, Any] | None = None
        previous: str | None = None
        last = next((row for row in reversed(rows) if row.seq < self.checked), None)
        for row in rows:
            path = path_of(row.body["period"])
            data = evidence.find(path)
            if data is None:
                findings.add("statement.missing", Place(path, entry=row.seq))
                before = None
            elif row.seq < self.checked and row is not last and _is(data, row):
                before = None
            else:
                before = self._check_file(row, data, leaves, before, previous, findings)
            previous = row.body["digest"]
        known = {path_of(row.body["period"]) for row in rows}
        read = len(self.digests) == len(leaves.hashes) and not self.unread
        whole = leaves.complete and read and not self._strange
        for name in evidence.names() if whole else ():
            if is_statement(name) and name not in known:
                findings.add("statement.foreign", Place(name))

    def _readable(self, findings: Findings) -> Iterator[Row]:
        for row in self.rows:
            try:
                check_shape(row.body, PUBLISHED)
            except Malformed as error:
                place = Place(row.where.path, row.where.offset, row.where.entry, "record/body")
                findings.refuse("statement.malformed", place, error)
            else:
                yield row

    def _check_file(
        self,
        row: Row,
        data: bytes,
        leaves: Leaves,
        before: Mapping[str, Any] | None,
        previous: str | None,
        findings: Findings,
    ) -> Mapping[str, Any] | None:
        """The statement, if its file is the one that was published and could be added up."""
        path = path_of(row.body["period"])
        digest = hashlib.sha256(data).hexdigest()
        if digest != row.body["digest"]:
            findings.add("statement.digest", Place(path, entry=row.seq), value=digest, accepted=row.body["digest"])
        try:
            statement = parse_statement(data)
        except MingzhangError as error:
            findings.refuse("statement.malformed", Place(path), error)
            return None
        note_sums(findings, path, statement, row.body, before)
        try:
            check_shape(statement, STATEMENT)
        except Malformed:
            return None
        for place in self._said_otherwise(statement, row.seq, leaves, previous):
            findings.add("statement.log", Place(path, field=place))
        return statement if digest == row.body["digest"] else None

    def _said_otherwise(
        self, statement: Mapping[str, Any], seq: int, leaves: Leaves, previous: str | None
    ) -> Iterator[str]:
        """The fields in which a statement says something of its log that the log does not."""
        due: dict[str, object] = {"previous": previous}
        if self.genesis is not None:
            due |= {"ledger": self.genesis.digest, "origin": self.genesis.origin, "name": self.genesis.name}
            due["example"] = self.genesis.example or None
        prefix = statement["prefix"]
        within = 1 <= prefix <= seq
        if within:
            root = self._roots.get(prefix) or leaves.roots([prefix])[prefix]
            due["root"] = root.hex()
        if within and prefix - 1 < len(self.times) and prefix - 1 not in self.unread:
            due["time"] = format_time(self.times[prefix - 1])
        yield from (name for name, value in due.items() if not _same(statement.get(name), value))
        if not within:
            yield "prefix"
            return
        for n, line in enumerate(statement["lines"]):
            if not line["entry"] < prefix or self._digest(line["entry"]) != line["record"]:
                yield f"lines/{n}"


def _is(data: bytes, row: Row) -> bool:
    return bool(hashlib.sha256(data).hexdigest() == row.body["digest"])


def _same(one: object, other: object) -> bool:
    """Equal and of one type: 1 is not true."""
    return type(one) is type(other) and one == other


def note_sums(
    findings: Findings,
    path: str,
    statement: Mapping[str, Any],
    body: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> None:
    """Add a statement up; compare it with the record that published it, and with the statement before it."""
    try:
        found = check_sums(statement)
        found += check_published(statement, body) if body is not None else []
        found += check_carried(statement, before) if before is not None else []
    except MingzhangError as error:
        findings.refuse("statement.malformed", Place(path), error)
        return
    except FAULTS as error:
        findings.fail(Place(path), error)
        return
    for difference in found:
        code = "statement.root" if difference.field == "lines_root" else "statement.sum"
        findings.add(code, Place(path, field=difference.field), value=difference.said, accepted=difference.own)
