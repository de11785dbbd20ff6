"""A whole community in memory, for the tests of every room: real keys, real signatures, real entries, no database.

``Community()`` opens a ledger with five officers (chair, treasurer, member, registrar, supervisor). What happens then
is said in one line an act, and goes through what the product does: the record is encoded, signed, put into an entry,
read back from its bytes, its signatures checked, and applied. A refusal leaves everything as it was::

    community = Community(flats("a1 a2 b1", area=10_000))
    digest = community.act("bylaws.adopted/1", {...}, by=["chair", "registrar"])
    community.advance(days=15)
    community.act("statement.published/1", {...}, by=["treasurer", "chair"], at="2026-07-15T09:00:00+08:00")

People are named by plain words ("chair", "zhang"); ``community.ref("zhang")`` is the reference on the ledger.
Everything is deterministic: the same calls make the same bytes.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import pytest

from ledger import books as kernel
from ledger import canonical, period
from ledger.books import Books
from ledger.errors import MingzhangError
from ledger.log import commitments, merkle
from ledger.log.act import Used, read_body
from ledger.log.entry import (
    Entry,
    Opening,
    Place,
    Record,
    Signature,
    batch_pae,
    encode_entry,
    parse_entry,
    parse_record,
    signature_json,
)
from ledger.people import signing
from ledger.rules.profile import shipped_text
from ledger.signatures import Ed25519Key, P256Key

PrivateKey = Ed25519Key | P256Key
Signatory = str | PrivateKey
Act = tuple[str, Mapping[str, Any]]
"""A kind and a body."""

OFFICERS: Mapping[str, tuple[str, str]] = {
    "chair": ("chair", "committee"),
    "treasurer": ("treasurer", "committee"),
    "member": ("member", "committee"),
    "registrar": ("registrar", "residents_committee"),
    "supervisor": ("supervisor", "supervisors"),
}
"""Founding persons with their role and the body it belongs to; a person is named by his role."""
BOTH = ("chair", "registrar")
"""Who signs a two-party act where there is a registrar; ``community.both`` knows."""
MINUTE = 60_000


@contextmanager
def refused_as(rule: str) -> Iterator[pytest.ExceptionInfo[MingzhangError]]:
    """What happens inside is refused by this rule; ``.value`` of what is yielded is the error, afterwards."""
    with pytest.raises(MingzhangError) as raised:
        yield raised
    assert raised.value.rule == rule, raised.value


def digest_of(name: str) -> str:
    """A digest to stand for a document of that name."""
    return sha256(name.encode()).hexdigest()


def key_of(name: str) -> Ed25519Key:
    """The key that a name always has."""
    return Ed25519Key(sha256(b"test key " + name.encode()).digest())


def salt_of(name: str) -> bytes:
    """32 bytes that a name always has."""
    return sha256(b"test salt " + name.encode()).digest()


def profile_with(key: str, value: str) -> str:
    """The national profile's text with one value replaced: ``profile_with("notice.regular", '"10wd"')``."""
    table, name = key.split(".")
    lines, at = shipped_text("civil-code-2021").split("\n"), ""
    for number, line in enumerate(lines):
        at = line.strip("[]") if line.startswith("[") else at
        if at == table and line.startswith(f"{name} = "):
            head, tail = line.split(", basis", 1)
            lines[number] = f"{head.split('value = ')[0]}value = {value}, basis{tail}"
            return "\n".join(lines)
    raise AssertionError(key)


@dataclass(frozen=True)
class Flat:
    """A unit to enter; ``owners`` are names of persons, by default one owner who is named like the code."""

    code: str
    area: int = 10_000
    owners: tuple[str, ...] = ()
    building: str = "b1"
    stack: str = ""
    use: str = "flat"
    counts_area: bool = True
    counts_head: bool = True
    voter: str = ""
    """The owner whom joint owners named."""

    def owned(self) -> tuple[str, ...]:
        """The names of its owners."""
        return self.owners or (f"owner-{self.code}",)


def flats(codes: str, **same: Any) -> tuple[Flat, ...]:
    """Units alike but for their codes: ``flats("a1 a2", area=8_000)``."""
    return tuple(Flat(code, **same) for code in codes.split())


@dataclass
class Memory:
    """The past as a dictionary: what was used where, and the entries."""

    names: dict[tuple[str, str], int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    facts: list[tuple[object, ...]] = field(default_factory=list)
    """What followed from each entry."""

    def used(self, kind: str, key: str) -> int | None:
        """The entry that used a name."""
        return self.names.get((kind, key))

    def entry(self, seq: int) -> Entry:
        """An earlier entry."""
        return self.entries[seq]

    def keep(self, entry: Entry, facts: Iterable[object]) -> None:
        """Take in an entry and the names its facts use."""
        self.entries.append(entry)
        self.facts.append(tuple(facts))
        for fact in self.facts[-1]:
            if isinstance(fact, Used):
                assert self.names.setdefault((fact.kind, fact.key), entry.seq) == entry.seq, fact


class Community:
    """A ledger in memory. ``books``, ``entries`` and ``facts`` (those of the last act) may be looked at freely."""

    def __init__(
        self,
        units: Sequence[Flat] = (),
        *,
        profile: str | None = None,
        clauses: Sequence[str] = ("phone_vote",),
        start: str = "2026-01-05T09:00:00+08:00",
        officers: Mapping[str, tuple[str, str]] = OFFICERS,
        term: tuple[str, str] = ("2026-01-01", "2030-12-31"),
        genesis: Mapping[str, Any] | None = None,
    ) -> None:
        """``genesis`` replaces fields of the genesis body; ``clauses`` are in force by the document "bylaws"."""
        self.books = Books()
        self.past = Memory()
        self.facts: tuple[object, ...] = ()
        self.all_facts: list[object] = []
        self._opens: dict[str, Opening] = {}
        self.time = period.parse_rfc3339(start)
        self.both = BOTH if set(BOTH) <= set(officers) else tuple(officers)[:2]
        self.refs: dict[str, str] = {}
        self._keys: dict[str, list[PrivateKey]] = {}
        self._numbers = count(1)
        body = {
            "origin": "example.org/community",
            "name": "示例小区",
            "vkeys": ["log+00000000+ed25519", "log+00000000+mldsa44"],
            "machine": kernel.MACHINE,
            "offset": "+08:00",
            "profile": shipped_text("civil-code-2021") if profile is None else profile,
            "persons": [
                {
                    "nature": "office",
                    "title": name,
                    "key": _public(key_of(name)),
                    "roles": [{"role": role, "body": of, "start": term[0], "end": term[1]}],
                }
                for name, (role, of) in officers.items()
            ],
            "units": {
                "count": len(units) or 1,
                "area": sum(u.area for u in units if u.counts_area),
                "source": digest_of("survey"),
            },
            "bylaws": [
                {"document": digest_of("bylaws"), "clauses": [{"name": c, "place": f"第{c}条"} for c in clauses]}
            ],
            **(genesis or {}),
        }
        for name in officers:
            self._keys[name] = [key_of(name)]
        opened = self.act("ledger.opened/1", body, by=list(officers))
        for number, name in enumerate(officers):
            self.refs[name] = f"{opened}#{number}"
        if units:
            self.settle(units)

    @property
    def entries(self) -> list[Entry]:
        """All entries so far."""
        return self.past.entries

    @property
    def ledger(self) -> str:
        """The genesis digest."""
        return self.books.ledger

    # --- time ----------------------------------------------------------------------------------------------------

    def advance(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        """Let time pass."""
        self.time += int(timedelta(days=days, hours=hours, minutes=minutes).total_seconds() * 1000)

    def set_clock(self, moment: str) -> None:
        """Make it this moment (RFC 3339)."""
        self.time = period.parse_rfc3339(moment)

    def moment(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> str:
        """A log time so long after now, as it stands in bodies."""
        return period.format_time(
            self.time + int(timedelta(days=days, hours=hours, minutes=minutes).total_seconds() * 1000)
        )

    @property
    def day(self) -> str:
        """The legal day of now."""
        return period.legal_day(self.time, self.books.offset).isoformat()

    # --- people and units ----------------------------------------------------------------------------------------

    def ref(self, name: str) -> str:
        """The reference of a person, entered with a key when new."""
        if name not in self.refs:
            self.enter(name)
        return self.refs[name]

    def key(self, name: str) -> PrivateKey:
        """The newest key of a person."""
        return self._keys[name][-1]

    def enter(self, *names: str, keys: bool = True) -> None:
        """Enter natural persons, each with a first key unless ``keys`` is false."""
        for name in names:
            assert name not in self.refs, f"{name} is entered already"
            commitment, _ = self.commit("person.entered/1", "name", name)
            body: dict[str, Any] = {"nature": "natural", "name": commitment}
            if keys:
                body["key"] = _public(key_of(name))
            self._keys[name] = [key_of(name)] if keys else []
            self.refs[name] = self.act("person.entered/1", body, by=[*self.both, *([key_of(name)] if keys else [])])

    def enrol(self, name: str, label: str = "second", *, by: Sequence[Signatory] = ()) -> PrivateKey:
        """Enrol a further key for a person; it signs before anything else of his from now on."""
        key = key_of(f"{name} {label}")
        vouching = self._keys[name][-1:]
        self.act(
            "key.enrolled/1", {"person": self.ref(name), "key": _public(key)}, by=[*(by or self.both), *vouching, key]
        )
        self._keys[name].append(key)
        return key

    def revoke(self, key: PrivateKey, *, by: Signatory = "registrar") -> None:
        """Revoke a key."""
        self.act("key.revoked/1", {"key": key.key, "reason": "lost"}, by=[by])

    def settle(self, units: Sequence[Flat]) -> None:
        """Enter units with their owners, in batches, and close the list."""
        self.enter(*[name for name in dict.fromkeys(o for u in units for o in u.owned()) if name not in self.refs])
        digests: list[str] = []
        for start in range(0, len(units), 512):
            digests += self.acts(
                [("unit.entered/1", self.unit_body(u)) for u in units[start : start + 512]], by=self.both
            )
        entered = [e.record.raw for e in self.entries if e.record.digest in set(digests)]
        self.act(
            "units.closed/1",
            {
                "count": len(units),
                "area": sum(u.area for u in units if u.counts_area),
                "root": merkle.root(merkle.leaf_hashes(entered)).hex(),
            },
            by=self.both,
        )

    def unit_body(self, unit: Flat, kind: str = "unit.entered/1") -> dict[str, Any]:
        """The body that enters a unit (of ``unit.changed/1`` with a ``source`` added)."""
        commitment, _ = self.commit(kind, "label", unit.code)
        body = {
            "code": unit.code,
            "building": unit.building,
            "use": unit.use,
            "area": unit.area,
            "counts_area": unit.counts_area,
            "counts_head": unit.counts_head,
            "owners": [self.ref(name) for name in unit.owned()],
            "label": commitment,
        }
        body |= {"stack": unit.stack} if unit.stack else {}
        return body | ({"voter": self.ref(unit.voter)} if unit.voter else {})

    def change_unit(self, unit: Flat) -> str:
        """Say what a unit is from here on."""
        return self.act(
            "unit.changed/1", {**self.unit_body(unit, "unit.changed/1"), "source": digest_of("deed")}, by=self.both
        )

    # --- objections ------------------------------------------------------------------------------------------------

    def objection(self, about: str, text: str, kind: str = "objection.filed/1") -> dict[str, Any]:
        """The body of an objection."""
        return {"about": about, "text": self.commit(kind, "text", text)[0]}

    def answer(self, objection: str, text: str) -> dict[str, Any]:
        """The body of an answer."""
        return {"objection": objection, "text": self.commit("objection.answered/1", "text", text)[0]}

    # --- commitments ---------------------------------------------------------------------------------------------

    def commit(self, kind: str, place: str, value: canonical.Json, salt: bytes | None = None) -> tuple[str, Opening]:
        """A commitment and what opens it; the same value always has the same salt unless one is given."""
        salt = salt or salt_of(f"{kind} {place} {value}")
        commitment = canonical.commitment(self.ledger, kind, place, value, salt)
        self._opens[commitment] = Opening(place, salt, value)
        return commitment, self._opens[commitment]

    def openings_of(self, record: Record) -> tuple[Opening, ...]:
        """What opens the commitments of a record that were made here."""
        found = commitments.find(kernel.KINDS[record.kind].model, record.body).values()
        return tuple(self._opens[commitment] for commitment in map(str, found) if commitment in self._opens)

    # --- acts ----------------------------------------------------------------------------------------------------

    def act(
        self,
        kind: str,
        body: Mapping[str, Any],
        by: Sequence[Signatory] = (),
        *,
        at: str | None = None,
    ) -> str:
        """One record, signed and applied a minute later than the last act, or ``at`` a moment. Its digest."""
        self._tick(at)
        record = self.record(kind, body)
        return self.submit(record, self.sign(record, by))

    def acts(self, items: Sequence[Act], by: Sequence[Signatory], *, at: str | None = None) -> list[str]:
        """A batch: one signature of each signatory for up to 512 records; applied whole or not at all."""
        self._tick(at)
        kept = self.books, self.past.names.copy(), len(self.entries), len(self.all_facts)
        records = [self.record(kind, body) for kind, body in items]
        facts: list[object] = []
        try:
            for record, signed in zip(records, self.sign_batch(records, by), strict=True):
                self.submit(record, signed)
                facts += self.facts
        except BaseException:
            self.books, self.past.names = kept[0], kept[1]
            del self.entries[kept[2] :], self.past.facts[kept[2] :], self.all_facts[kept[3] :]
            raise
        self.facts = tuple(facts)
        return [record.digest for record in records]

    def record(self, kind: str, body: Mapping[str, Any], **fields: str) -> Record:
        """A record made now; ``fields`` replace those of its envelope."""
        number = next(self._numbers)
        ms = f"{self.time:012x}"
        envelope = {
            "ledger": self.ledger,
            "kind": kind,
            "id": f"{ms[:8]}-{ms[8:]}-7000-8000-{number:012x}",
            "at": period.format_time(self.time),
            "body": dict(body),
        }
        # Through bytes, so that a body with a value outside the format fails here as it would anywhere.
        return parse_record(canonical.decode(canonical.encode(envelope | fields)))

    def sign(self, record: Record, by: Sequence[Signatory]) -> list[Signature]:
        """Single signatures over a record."""
        return _ordered(Signature(k.key, k.alg, k.sign(record.pae)) for k in map(self._private, by))

    def sign_batch(self, records: Sequence[Record], by: Sequence[Signatory]) -> list[list[Signature]]:
        """Batch signatures, those of each record."""
        leaves = [merkle.leaf_hash(r.raw) for r in records]
        tree, new = merkle.Range().extend(leaves)
        nodes = {(level, index): value for level, index, value in new}
        message = batch_pae(records[0].ledger, len(records), tree.root(), records[0].at)
        made = [(k, k.sign(message)) for k in map(self._private, by)]
        places = []
        for index in range(len(records)):
            plan = merkle.inclusion_plan(index, len(records))
            places.append(Place(index, len(records), plan.combine(nodes) if plan.groups else ()))
        return [_ordered(Signature(k.key, k.alg, sig, batch=place) for k, sig in made) for place in places]

    def submit(self, record: Record, signed: Sequence[Signature]) -> str:
        """Put a signed record into an entry, read it back from its bytes, check and apply it. Its digest."""
        wire = canonical.decode(record.raw)
        assert isinstance(wire, dict)
        head = self.books.head
        entry = parse_entry(encode_entry(head.size, self.time, head.leaf, wire, [signature_json(s) for s in signed]))
        books, facts = self.apply(self.books, entry, self.past)
        self.books, self.facts = books, facts
        self.all_facts += facts
        self.past.keep(entry, facts)
        return record.digest

    @staticmethod
    def apply(books: Books, entry: Entry, past: Memory) -> tuple[Books, tuple[object, ...]]:
        """Check the signatures of an entry and apply it, as sequencer and verifier do."""
        kind = kernel.KINDS.get(entry.record.kind)
        new = {}
        if kind is not None:
            new = signing.new_key_ids(kind.new_keys(read_body(kind.model, entry.record.body, entry.record.kind)))

        def find(identifier: str) -> tuple[str, bytes] | None:
            found = new.get(identifier) or books.people.keys.get(identifier)
            return (found.alg, found.public) if found else None

        signing.check_signatures(entry.record, entry.signatures, find, (books.people.rp_ids, books.people.origins))
        return kernel.apply(books, entry, past)

    def replay(self) -> Books:
        """The books made again from the entries' bytes alone."""
        books, past = Books(), Memory()
        for entry in self.entries:
            read = parse_entry(entry.raw)
            books, facts = self.apply(books, read, past)
            past.keep(read, facts)
        return books

    def fact(self, kind: type) -> Any:
        """The one fact of a type that the last act had."""
        (found,) = [f for f in self.facts if isinstance(f, kind)]
        return found

    def _tick(self, at: str | None) -> None:
        self.time = period.parse_rfc3339(at) if at else self.time + MINUTE

    def _private(self, signatory: Signatory) -> PrivateKey:
        return self.key(signatory) if isinstance(signatory, str) else signatory


def _public(key: PrivateKey) -> dict[str, str]:
    return {"alg": key.alg, "public": base64.b64encode(key.public).decode()}


def _ordered(signed: Iterable[Signature]) -> list[Signature]:
    return sorted(signed, key=lambda s: s.key)
