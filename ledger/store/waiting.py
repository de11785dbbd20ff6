"""Waiting acts: signed by some of those who must, kept beside the log until the last has signed.

They are no entries and bind nobody. What waits is the whole submission, private texts included, so it lies under encryption
like these: box = canonical lines as in a waiting file (:mod:`ledger.log.lines`), associated data = canonical ``{"ledger",
"waiting"}``. An act is named by its record's digest, a batch by the root that its signatures cover. It goes when it is
handed in, when who began it withdraws it, and when its records are too old to be handed in; deleted rows are overwritten.

Nobody can make an act wait for ever or take another's place: a record's ``at`` is its end, a person in office has so many
places of his own, and those without office (who can leave keys to be enrolled and nothing else) a few each, in a room of theirs.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from ledger import period
from ledger.books import OLDEST_MS, Books
from ledger.errors import Conflict, Malformed, NotFound, Refused
from ledger.log import lines, merkle
from ledger.log.entry import MAX_BATCH, Signature, Submission
from ledger.store.database import Reader, Writer
from ledger.store.private import Vault
from ledger.store.replay import State

MOST_A_PERSON: Final = 64
"""Acts or batches that one person in office may leave waiting at a time."""
MAX_BYTES: Final = 4 << 20
"""Bytes of all that one person in office has left waiting."""
MOST_OF_OTHERS: Final = 4
"""As :data:`MOST_A_PERSON`, of a person without office."""
BYTES_OF_OTHERS: Final = 64 << 10
"""As :data:`MAX_BYTES`, of a person without office."""
LETTERS: Final = 2
"""Places of each person for keys that come by letter: who has his phone must not keep him from a new key by using up the rest."""
LETTER_BYTES: Final = 16 << 10
"""Bytes of each of these."""
MOST: Final = 1024
"""All that those without office have left waiting together: a key for every unit of a large community."""

INSERT: Final = "INSERT INTO waiting (digest, person, expires, box) VALUES (?, ?, ?, ?)"
UPDATE: Final = "UPDATE waiting SET box = ? WHERE digest = ?"
DELETE: Final = "DELETE FROM waiting WHERE digest = ?"
SWEEP: Final = "DELETE FROM waiting WHERE expires <= ?"
ONE: Final = "SELECT digest, person, expires, box FROM waiting WHERE digest = ?"
ALL: Final = "SELECT digest, person, expires, box FROM waiting WHERE expires > ? ORDER BY expires, digest"
OWN: Final = (
    "SELECT digest, person, expires, box FROM waiting WHERE expires > ? AND person = ? ORDER BY expires, digest"
)
COUNTS: Final = "SELECT person, count(*), sum(length(box)) FROM waiting GROUP BY person"

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

        Raises Refused ``waiting.too_many``, ``waiting.too_large``, ``waiting.full``, ``record.expired``; Malformed
        ``submission.too_many``; Conflict ``waiting.there``.
        """
        with self._alone() as (writer, state):
            return self.put(writer, state.books, submissions, person, now)

    def put(
        self,
        writer: Writer,
        books: Books,
        submissions: Sequence[Submission],
        person: str,
        now: int,
        *,
        invited: bool = False,
    ) -> Waiting:
        """As :meth:`leave`, within a transaction of the caller's. ``invited``: it came by a letter, which has places of its own."""
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
        _check_room(writer, books, found, len(box), now, letters=LETTERS if invited else 0)
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

    def everything(self, now: int, person: str | None = None) -> list[Waiting]:
        """All that waits, or what this ``person`` left; the soonest to expire first."""
        with self._reading() as reader:
            rows = reader.rows(ALL, (now,)) if person is None else reader.rows(OWN, (now, person))
            return list(self._read(rows))

    def sign(self, seen: Waiting, signatures: Sequence[Signature], now: int) -> Waiting | None:
        """Add a person's signature to each of the acts as they were ``seen`` and judged. None where somebody else has signed
        since: what was judged is not what waits, and two at one seat would make it useless.

        Raises NotFound ``waiting.unknown``; as :func:`added`.
        """
        with self._alone() as (writer, _state):
            found = [one for one in self._read(writer.rows(ONE, (seen.digest,))) if one.expires > now]
            if not found:
                raise NotFound("waiting.unknown", seen.digest)
            if found[0].submissions != seen.submissions:
                return None
            more = Waiting(seen.digest, seen.person, seen.expires, added(seen.submissions, signatures))
            writer.write(UPDATE, [(self._sealed(more), seen.digest)])
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


def _check_room(writer: Writer, books: Books, waiting: Waiting, length: int, now: int, *, letters: int) -> None:
    """See that there is room for ``length`` bytes more of whoever left it, with ``letters`` places beyond his own.

    Raises Refused ``waiting.too_many``, ``waiting.too_large``, ``waiting.full``.
    """
    person = waiting.person
    day = period.legal_day(max(now, books.head.time), books.offset).isoformat()
    in_office = bool(books.people.roles_of(person, day))
    counts = {str(name): (count, size) for name, count, size in writer.rows(COUNTS)}
    count, size = counts.get(person, (0, 0))
    most, largest = (MOST_A_PERSON, MAX_BYTES) if in_office else (MOST_OF_OTHERS, BYTES_OF_OTHERS)
    if count >= most + letters:
        raise Refused("waiting.too_many", count, most)
    if size + length > largest + letters * LETTER_BYTES:
        raise Refused("waiting.too_large", size + length, largest)
    if not in_office:
        others = sum(held for name, (held, _size) in counts.items() if not books.people.roles_of(name, day))
        if others >= MOST:
            raise Refused("waiting.full", others, MOST)
