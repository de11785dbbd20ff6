"""The ledger that is measured: a community of two officers whose treasurer enters parties, one record each.

Its clock is the system's and it is no example: what is measured is what a keeper has. Records are made, signed and written
out beforehand and read in again, as a server reads them, so that nothing that belongs to an append was done before it.
"""

import base64
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger import canonical
from ledger.books import GENESIS, MACHINE
from ledger.exchange import bundle
from ledger.log.checkpoint import LogKeys
from ledger.log.entry import MAX_BATCH, Record, Signature, Submission, parse_submission, submission_json
from ledger.log.merkle import Node, Range
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from ledger.log.policy import Log, Policy
from ledger.people import drafting, keyring
from ledger.people.keyring import KeyRing
from ledger.rules.profile import shipped_text
from ledger.signatures import Ed25519Key
from ledger.store.database import Row
from ledger.store.queries import StoredNodes
from ledger.store.quota import Quota
from ledger.store.store import Store, system_clock

ORIGIN: Final = "example.org/bench"
KIND: Final = "party.entered/1"
TERM: Final = ("2000-01-01", "2999-12-31")
UNLIMITED: Final = Quota(in_office=sys.maxsize)
"""One key signs everything here."""


@dataclass(slots=True)
class Specimen:
    """A new ledger in a folder, the keys of the officers who sign by turns, and how many parties were drafted."""

    store: Store
    signers: Sequence[Ed25519Key]
    log_keys: LogKeys
    ledger: str
    drafted: int = 0
    _turns: Iterator[Ed25519Key] = field(init=False)
    """Who signs next: one officer after another, from call to call, since a key's day has a limit."""

    def __post_init__(self) -> None:
        self._turns = itertools.cycle(self.signers)

    @classmethod
    def create(cls, folder: Path, offices: Sequence[str] = ("treasurer",)) -> "Specimen":
        """Found the ledger, with a person in each of these offices and a registrar."""
        signers, registrar = [Ed25519Key.generate() for _ in offices], Ed25519Key.generate()
        seeds = [sha256(key.private).digest() for key in (signers[0], registrar)]
        log_keys = LogKeys(SigningKey(ORIGIN, ED25519, seeds[0]), SigningKey(ORIGIN, COSIGNATURE_ML_DSA_44, seeds[1]))
        body = {
            "origin": ORIGIN,
            "name": "bench",
            "vkeys": [str(vkey) for vkey in log_keys.vkeys],
            "machine": MACHINE,
            "offset": "+08:00",
            "profile": shipped_text("civil-code-2021"),
            "persons": [
                *(_founder(office, "committee", key) for office, key in zip(offices, signers, strict=True)),
                _founder("registrar", "residents_committee", registrar),
            ],
            "units": {"count": 1, "area": 1, "source": "0" * 64},
        }
        opened = drafting.draft("", GENESIS, body, system_clock())
        genesis = Submission(opened, drafting.sign(opened, [*signers, registrar]))
        store = Store.create(folder / "ledger.db", genesis, log_keys, quota=UNLIMITED)
        return cls(store, signers, log_keys, opened.digest)

    @property
    def treasurer(self) -> Ed25519Key:
        """Who signs where nobody takes turns."""
        return self.signers[0]

    def save_log_keys(self, path: Path, passphrase: str) -> None:
        """Write a ring with the log's keys alone, for a server that keeps this ledger."""
        keyring.save(KeyRing(log=self.log_keys), path, passphrase)

    def records(self, count: int) -> list[Record]:
        """So many new parties, all of one moment."""
        first, now, ledger = self.drafted, system_clock(), self.ledger
        self.drafted += count
        return [
            drafting.draft(
                ledger, KIND, {"code": f"p{n}", "nature": "legal", "title": f"某某物业服务有限公司 {n}"}, now
            )
            for n in range(first, first + count)
        ]

    def signed_singly(self, count: int) -> list[Submission]:
        """New parties, each under a signature of its own, by one officer after another, fresh from their bytes."""
        records = self.records(count)
        return _read_again(records, [drafting.sign(record, [next(self._turns)]) for record in records])

    def signed_as_batches(self, count: int) -> list[list[Submission]]:
        """New parties in batches of at most 512, each under one signature."""
        batches = []
        for start in range(0, count, MAX_BATCH):
            records = self.records(min(MAX_BATCH, count - start))
            batches.append(_read_again(records, drafting.sign_batch(records, [next(self._turns)])))
        return batches

    def write_bundle(self, target: Path) -> int:
        """Publish, and write the bundle; how many entries it has."""
        self.store.publish()
        vkeys = self.log_keys.vkeys
        return bundle.write_bundle(
            target, self.store.source, {}, vkeys, Policy(logs=tuple(Log(vkey) for vkey in vkeys))
        ).size

    def written_by(self, seq: int) -> tuple[dict[str, list[Row]], Row]:
        """What the append of entry ``seq`` alone wrote: rows by table, and the head's row."""
        rows: dict[str, list[Row]] = {}
        with self.store.reading() as reader:
            for table in ("entry", "used", "event"):
                rows[table] = reader.rows(f"SELECT * FROM {table} WHERE seq = ?", (seq,))  # noqa: S608 - names of our own
            for place in _completed_by(seq):
                rows.setdefault("node", []).extend(reader.rows("SELECT * FROM node WHERE level = ? AND i = ?", place))
            head = (seq + 1, Range.read(seq + 1, StoredNodes(reader.rows)).root(), self.store.entry(seq).time)
        return {table: found for table, found in rows.items() if found}, head


def grown_tree(entries: int) -> list[Node]:
    """Every stored node of a tree of so many made-up entries."""
    return Range().extend(sha256(b"%d" % number).digest() for number in range(entries))[1]


def _completed_by(seq: int) -> Sequence[tuple[int, int]]:
    """The complete subtrees that end with leaf ``seq``."""
    size = seq + 1
    return [(level, (size >> level) - 1) for level in range((size & -size).bit_length())]


def _read_again(records: Sequence[Record], signed: Sequence[Sequence[Signature]]) -> list[Submission]:
    return [parse_submission(canonical.encode(submission_json(one))) for one in drafting.submissions(records, signed)]


def _founder(role: str, body: str, key: Ed25519Key) -> dict[str, object]:
    return {
        "nature": "office",
        "title": role,
        "key": {"alg": key.alg, "public": base64.b64encode(key.public).decode()},
        "roles": [{"role": role, "body": body, "start": TERM[0], "end": TERM[1]}],
    }
