"""The desk at which the example's people sign: keys and salts from the published seed, records handed in as they are signed.

Everything random derives from the seed by SHA-256 over the parts joined by zero bytes: ``key(name)``, ``salt``, record
ids. Every owner whose number is a multiple of eight has a P-256 key, everybody else Ed25519; all these signatures are
deterministic, so the whole log has the same bytes wherever it is built.

What one person signs at one sitting goes as a batch: one signature for all of it. The clock stands still while a record
is drafted and handed in, so ``at`` and the log's ``time`` are equal, and moves on a minute after.

>>> desk = Desk("a seed that everybody knows", 1_540_000_000_000)
>>> desk.key("chair").alg, desk.key("owner-0008").alg
('ed25519', 'p256')
>>> desk.draft("note.made/1", {"text": "示例"}).record.at
'2018-10-20T01:46:40.000Z'
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any, Final

from ledger import canonical
from ledger.books import Books
from ledger.errors import Refused
from ledger.log.checkpoint import LogKeys
from ledger.log.entry import MAX_BATCH, Opening, Record, Submission
from ledger.log.note import COSIGNATURE_ML_DSA_44, ED25519, SigningKey
from ledger.people import drafting
from ledger.people.keyring import PrivateKey
from ledger.period import format_time
from ledger.signatures import Ed25519Key, P256Key
from ledger.store.store import Store

MINUTE_MS: Final = 60_000
P256_EVERY: Final = 8
BOTH: Final = ("chair", "registrar")
"""Who signs a two-party act here."""


@dataclass(slots=True)
class Clock:
    """The example's time; a store takes it for its clock."""

    ms: int

    def __call__(self) -> int:
        """Now, in milliseconds since 1970, UTC."""
        return self.ms

    def set(self, ms: int) -> None:
        """Let it be later. Raises Refused ``example.time_backwards``: the script would not be in order."""
        if ms < self.ms:
            raise Refused("example.time_backwards", format_time(ms), f"{format_time(self.ms)} or later")
        self.ms = ms


@dataclass(frozen=True, slots=True)
class Drafted:
    """A record with what opens its commitments and the new keys that prove themselves by signing it."""

    record: Record
    openings: tuple[Opening, ...] = ()
    keys: tuple[PrivateKey, ...] = ()


Signatory = str | PrivateKey


class Desk:
    """Signs for everybody of the example and hands in to its store."""

    def __init__(self, seed: str, now: int) -> None:
        self.clock = Clock(now)
        self.refs: dict[str, str] = {}
        """Person by name -> reference on the ledger."""
        self.digests: dict[str, str] = {}
        """What the script calls a record -> its digest."""
        self.sealed: dict[str, Opening] = {}
        """Ballot record -> what opens it, for the count."""
        self.roots: dict[str, str] = {}
        """Imported file's record -> root of its rows, for the confirmation."""
        self.statements: dict[str, bytes] = {}
        """Period -> the published statement's canonical bytes."""
        self._seed = seed
        self._numbers = count(1)
        self._store: Store | None = None
        self._keys: dict[str, PrivateKey] = {}

    # --- the store ---------------------------------------------------------------------------------------------------

    def use(self, store: Store) -> None:
        """Hand in to this store from now on."""
        self._store = store

    @property
    def store(self) -> Store:
        """The store. Raises Refused ``example.not_opened`` before the genesis."""
        if self._store is None:
            raise Refused("example.not_opened", None, "a genesis first")
        return self._store

    @property
    def books(self) -> Books:
        """The books as they stand."""
        return self.store.books

    # --- what derives from the seed ------------------------------------------------------------------------------------

    def derived(self, *parts: str) -> bytes:
        """32 bytes that these parts always have."""
        return sha256("\0".join((self._seed, *parts)).encode()).digest()

    def key(self, name: str) -> PrivateKey:
        """The one key of a person of the example."""
        if name not in self._keys:
            secret, number = self.derived("key", name), name.removeprefix("owner-")
            p256 = number != name and int(number) % P256_EVERY == 0
            self._keys[name] = P256Key(secret) if p256 else Ed25519Key(secret)
        return self._keys[name]

    def log_keys(self, origin: str) -> LogKeys:
        """The two keys of the example's log."""
        return LogKeys(
            SigningKey(origin, ED25519, self.derived("log", "ed25519")),
            SigningKey(origin, COSIGNATURE_ML_DSA_44, self.derived("log", "ml-dsa-44")),
        )

    def share(self, *parts: str) -> int:
        """A number below a million that these parts always have."""
        return int.from_bytes(self.derived(*parts)[:8]) % 1_000_000

    # --- records -----------------------------------------------------------------------------------------------------

    def draft(
        self,
        kind: str,
        body: Mapping[str, Any],
        name: str = "",
        *,
        private: Mapping[str, canonical.Json] | None = None,
        keys: Sequence[PrivateKey] = (),
    ) -> Drafted:
        """A record of now; its digest is kept under ``name``.

        ``private``: values by their path in the body (``persons/0/name``); each is sealed and its commitment put there.
        """
        ledger = self._store.books.ledger if self._store else ""
        number = str(next(self._numbers))
        openings = []
        for path, value in (private or {}).items():
            seal, opening = drafting.seal(ledger, kind, path, value, self.derived("salt", number, path))
            body = _with(body, path.split("/"), seal)
            openings.append(opening)
        record = drafting.draft(ledger, kind, body, self.clock(), random=self.derived("id", number)[:10])
        if name:
            self.digests[name] = record.digest
        return Drafted(record, tuple(openings), tuple(keys))

    def hand_in(self, drafted: Sequence[Drafted], by: Sequence[Signatory]) -> None:
        """Sign, one record singly, several as batches of at most 512, and hand in."""
        signers = [self.key(who) if isinstance(who, str) else who for who in by]
        for start in range(0, len(drafted), MAX_BATCH):
            part = drafted[start : start + MAX_BATCH]
            records = [one.record for one in part]
            signed = drafting.sign_batch(records, signers) if len(part) > 1 else [drafting.sign(records[0], signers)]
            whole = [
                drafting.merged(one.record, by_all, drafting.sign(one.record, one.keys)) if one.keys else by_all
                for one, by_all in zip(part, signed, strict=True)
            ]
            self.store.submit(drafting.submissions(records, whole, [one.openings for one in part]))
        self.clock.set(self.clock() + MINUTE_MS)

    def hand_in_singly(self, drafted: Sequence[tuple[Drafted, str]]) -> None:
        """Hand in what several people signed, each his own, within the same minute."""
        self.store.submit(
            [Submission(one.record, drafting.sign(one.record, [self.key(who)]), one.openings) for one, who in drafted]
        )
        self.clock.set(self.clock() + MINUTE_MS)

    def act(self, kind: str, body: Mapping[str, Any], by: Sequence[Signatory], name: str = "", **more: Any) -> str:
        """Draft and hand in one record; its digest."""
        one = self.draft(kind, body, name, **more)
        self.hand_in([one], by)
        return one.record.digest


@dataclass(frozen=True, slots=True)
class Step:
    """One sitting of the year: a moment (RFC 3339), the stage it belongs to for whoever watches, and what is done."""

    at: str
    stage: str
    do: Callable[[Desk], None]


def _with(value: Any, path: Sequence[str], leaf: str) -> Any:
    """``value`` with ``leaf`` at ``path``; nothing given is changed."""
    if not path:
        return leaf
    step, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {**value, step: _with(value.get(step, {}), rest, leaf)}
    at = int(step)
    return [*value[:at], _with(value[at], rest, leaf), *value[at + 1 :]]
