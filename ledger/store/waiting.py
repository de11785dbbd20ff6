"""Waiting acts: signed by some of those who must, kept beside the log until the last has signed.

They are no entries and bind nobody. What waits is the whole submission, private texts included, so it lies under encryption
like these: box = canonical lines as in a waiting file (:mod:`ledger.log.lines`), associated data = canonical ``{"ledger",
"waiting"}``. An act is named by its record's digest, a batch by the root that its signatures cover. It goes when it is
handed in, when who began it withdraws it, and when its records are too old to be handed in; deleted rows are overwritten.

Nobody can make an act wait for ever or fill the table: so many a person, so many in all, and a record's ``at`` is its end.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from ledger import period
from ledger.books import OLDEST_MS
from ledger.errors import Conflict, Malformed, NotFound, Refused
from ledger.log import lines, merkle
from ledger.log.entry import MAX_BATCH, Signature, Submission
from ledger.store.database import Reader, Writer
from ledger.store.private import Vault
from ledger.store.replay import State

MOST_A_PERSON: Final = 64
"""Acts or batches that one person may leave waiting at a time."""
MOST: Final = 512
"""All that may wait."""
MAX_BYTES: Final = 4 << 20
"""Bytes of all that one person has left waiting."""

INSERT: Final = "INSERT INTO waiting (digest, person, expires, box) VALUES (?, ?, ?, ?)"
UPDATE: Final = "UPDATE waiting SET box = ? WHERE digest = ?"
DELETE: Final = "DELETE FROM waiting WHERE digest = ?"
SWEEP: Final = "DELETE FROM waiting WHERE expires <= ?"
ONE: Final = "SELECT digest, person, expires, box FROM waiting WHERE digest = ?"
ALL: Final = "SELECT digest, person, expires, box FROM waiting WHERE expires > ? ORDER BY expires, digest"
COUNT: Final = (
    "SELECT count(*), coalesce(sum(person = ?), 0), coalesce(sum((person = ?) * length(box)), 0) FROM waiting"
)

Alone = Callable[[], AbstractContextManager[tuple[Writer, State]]]
"""The community's lock, as :meth:`ledger.store.sequencer.Sequencer.alone` gives it."""
Reading = Callable[[], AbstractContextManager[Reader]]


@dataclass(frozen=True)
class Waiting:
    """What waits: ``person`` signed it first (an owner who enrols a key: he whose key it is); ``expires`` in ms."""

    digest: str
    person: str
    expires: int
    submissions: tuple[Submission, ...]


def name_of(submissions: Sequence[Submission]) -> str:
    """What acts that are signed together are called: one record's digest, or the root of a batch."""
    if len(submissions) == 1 and not any(one.batch for one in submissions[0].signatures):
        return submissions[0].record.digest
    return merkle.root(merkle.leaf_hashes(one.record.raw for one in submissions)).hex()


def added(submissions: Sequence[Submission], signatures: Sequence[Signature]) -> tuple[Submission, ...]:
    """Acts with one more signature each. Raises Malformed ``waiting.signatures``; Conflict ``waiting.signed_before``."""
    if len(signatures) != len(submissions) or len({one.key for one in signatures}) != 1:
        raise Malformed("waiting.signatures", len(signatures), len(submissions))
    key = signatures[0].key
    if any(one.key == key for submission in submissions for one in submission.signatures):
        raise Conflict("waiting.signed_before", key)
    return tuple(
        Submission(one.record, tuple(sorted([*one.signatures, more], key=lambda s: s.key)), one.openings)
        for one, more in zip(submissions, signatures, strict=True)
    )


class WaitingRoom:
    """The waiting acts of one ledger."""

    def __init__(self, ledger: str, vault: Vault, reading: Reading, alone: Alone) -> None:
        self._ledger = ledger
        self._vault = vault
        self._reading = reading
        self._alone = alone

    def leave(self, submissions: Sequence[Submission], person: str, now: int) -> Waiting:
        """Let acts wait; sweeps out what is too old.

        Raises Refused ``waiting.too_many``, ``waiting.too_large``, ``record.expired``; Malformed ``submission.too_many``;
        Conflict ``waiting.there``.
        """
        with self._alone() as (writer, _state):
            return self.put(writer, submissions, person, now)

    def put(self, writer: Writer, submissions: Sequence[Submission], person: str, now: int) -> Waiting:
        """As :meth:`leave`, within a transaction of the caller's."""
        if not 1 <= len(submissions) <= MAX_BATCH:
            raise Malformed("submission.too_many", len(submissions), f"1 to {MAX_BATCH}")
        found = Waiting(
            name_of(submissions),
            person,
            min(one.record.at_ms for one in submissions) + OLDEST_MS,
            tuple(submissions),
        )
        box = self._sealed(found)
        if found.expires <= now:
            raise Refused("record.expired", submissions[0].record.at, period.format_time(now))
        writer.write(SWEEP, [(now,)])
        ((count, own, size),) = writer.rows(COUNT, (person, person))
        if own >= MOST_A_PERSON or count >= MOST:
            raise Refused("waiting.too_many", own, MOST_A_PERSON)
        if size + len(box) > MAX_BYTES:
            raise Refused("waiting.too_large", size + len(box), MAX_BYTES)
        if writer.rows(ONE, (found.digest,)):
            raise Conflict("waiting.there", found.digest)
        writer.write(INSERT, [(found.digest, person, found.expires, box)])
        return found

    def find(self, digest: str, now: int) -> Waiting:
        """Raises NotFound ``waiting.unknown``."""
        with self._reading() as reader:
            found = [one for one in self._read(reader.rows(ONE, (digest,))) if one.expires > now]
        if not found:
            raise NotFound("waiting.unknown", digest)
        return found[0]

    def everything(self, now: int) -> list[Waiting]:
        """All that waits, the soonest to expire first."""
        with self._reading() as reader:
            return list(self._read(reader.rows(ALL, (now,))))

    def sign(self, digest: str, signatures: Sequence[Signature], now: int) -> Waiting:
        """Add a person's signature to each of the acts; two who sign at once both count.

        Raises NotFound ``waiting.unknown``; as :func:`added`.
        """
        with self._alone() as (writer, _state):
            found = [one for one in self._read(writer.rows(ONE, (digest,))) if one.expires > now]
            if not found:
                raise NotFound("waiting.unknown", digest)
            more = Waiting(digest, found[0].person, found[0].expires, added(found[0].submissions, signatures))
            writer.write(UPDATE, [(self._sealed(more), digest)])
        return more

    def remove(self, digest: str) -> None:
        """What was handed in or withdrawn waits no longer; of what is not there nothing is left to remove."""
        with self._alone() as (writer, _state):
            writer.write(DELETE, [(digest,)])

    def _sealed(self, waiting: Waiting) -> bytes:
        return self._vault.seal(lines.write(waiting.submissions), self._place(waiting.digest))

    def _read(self, rows: Sequence[tuple[object, ...]]) -> Iterator[Waiting]:
        for digest, person, expires, box in rows:
            data = self._vault.unseal(bytes(box), self._place(str(digest)))  # type: ignore[call-overload]
            yield Waiting(str(digest), str(person), int(str(expires)), tuple(lines.read(data)))

    def _place(self, digest: str) -> dict[str, str]:
        return {"ledger": self._ledger, "waiting": digest}
