"""The publisher: signs the newest committed head, guards it, has it cosigned, and only then gives it out.

Appending signs nothing; a head is signed when somebody publishes: a command before it ends, a server at least once a
second while the log grows. The order of the steps is what makes a log trustworthy, and each survives a crash after it:

1. one publisher at a time, over all processes (a lock on ``<database>.publish``);
2. under the community's lock: the newest committed head, whose root this process has computed itself, must extend the
   guard's head and the last head signed; it is signed once (a size that has a note already is never signed again), its
   size and root go durably into the head guard, the note is stored;
3. without that lock: witnesses are asked, their lines checked and stored;
4. the size is marked as served. From here on :func:`ledger.store.queries.published` gives it out.

A witness that does not answer delays nothing for ever: its refusal is reported, the head goes out without its line, and
the next head asks again. A crash between 2 and 4 leaves a signed head that nobody saw; the next publisher goes on with it.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger.errors import MingzhangError, Refused, Unavailable
from ledger.log.checkpoint import Checkpoint, Cosignature, LogKeys, open_checkpoint
from ledger.log.merkle import consistency_path
from ledger.log.witness import OtherSize, Witness, check_cosigned
from ledger.store import tables
from ledger.store.database import Database, Writer, insert_sql
from ledger.store.headguard import HeadGuard, check_extends
from ledger.store.queries import Published, StoredNodes, last_signed, published
from ledger.store.replay import State
from ledger.store.sequencer import Clock, Sequencer

SUFFIX: Final = ".publish"
WAIT_SECONDS: Final = 30
"""How long a publisher waits for another one; witnesses take seconds."""
CLOCK_MS: Final = 5 * 60_000
"""A clock further than this from a witness's stops appending (design §5)."""

CHECKPOINT: Final = insert_sql(tables.checkpoint)
COSIGNATURE: Final = insert_sql(tables.cosignature)
SERVED: Final = insert_sql(tables.served)
HAS_NOTE: Final = "SELECT note FROM checkpoint WHERE size = ?"
HAS_SERVED: Final = "SELECT 1 FROM served WHERE size = ?"
HAS_LINE: Final = "SELECT 1 FROM cosignature WHERE size = ? AND key = ?"


@dataclass(frozen=True, slots=True)
class Publication:
    """What was given out, and which witnesses did not cosign it, by name."""

    head: Checkpoint
    note: bytes
    refusals: tuple[tuple[str, MingzhangError], ...]


class Publisher:
    """Publishes one log from one process."""

    def __init__(self, database: Database, keys: LogKeys, sequencer: Sequencer, guard: HeadGuard, clock: Clock) -> None:
        self._database = database
        self._lock_path = database.path.with_name(database.path.name + SUFFIX)
        self._keys = keys
        self._sequencer = sequencer
        self._guard = guard
        self._clock = clock

    def publish(self, witnesses: Sequence[Witness] = ()) -> Publication:
        """Give out the newest committed head; with nothing new, the head given out last.

        Raises Refused ``publisher.foreign_keys``, ``publisher.empty``, ``headguard.…``; Unavailable ``publisher.busy``,
        ``headguard.missing``, ``store.…``.
        """
        if self._sequencer.stopped is not None and self._sequencer.stopped.rule.startswith("headguard."):
            raise self._sequencer.stopped
        with _one_at_a_time(self._lock_path):
            head, note = self._sign()
            refusals = tuple(self._ask(head, note, witnesses))
            with self._sequencer.alone() as (writer, _state):
                if not writer.rows(HAS_SERVED, (head.size,)):
                    writer.write(SERVED, [(head.size,)])
                given = published(writer.rows, head.size) or Published(head.size, note)
            return Publication(head, given.note, refusals)

    def _sign(self) -> tuple[Checkpoint, bytes]:
        with self._sequencer.alone() as (writer, state):
            head = Checkpoint(state.books.origin, state.size, state.tree.root())
            self._check(writer, state, head)
            stored = writer.rows(HAS_NOTE, (head.size,))
            if stored:
                return head, bytes(stored[0][0])
            note = self._keys.sign(head, max(self._clock(), state.books.head.time) // 1000)
            # On guard before anything is stored: from the commit on another process may give the note out.
            self._guard.write(head)
            writer.write(CHECKPOINT, [(head.size, note)])
            return head, note

    def _check(self, writer: Writer, state: State, head: Checkpoint) -> None:
        if not head.size:
            raise Refused("publisher.empty", 0, "a ledger with its genesis")
        vkeys = tuple(map(str, self._keys.vkeys))
        if vkeys != state.books.vkeys:
            raise Refused("publisher.foreign_keys", vkeys, state.books.vkeys)
        try:
            nodes = StoredNodes(writer.rows)
            check_extends(head.origin, head.size, nodes, self._guard.require(), "head guard")
            last = last_signed(writer.rows)
            if last is not None:
                signed = open_checkpoint(last.note, self._keys.vkeys).checkpoint
                check_extends(head.origin, head.size, nodes, signed, "last head signed")
        except (Refused, Unavailable) as error:
            # Nothing is appended to a ledger of which no head can be given out.
            self._sequencer.stopped = error
            raise

    def _ask(self, head: Checkpoint, note: bytes, witnesses: Sequence[Witness]) -> Iterator[tuple[str, MingzhangError]]:
        for witness in witnesses:
            try:
                found = self._cosigned(head, note, witness)
            except MingzhangError as error:
                yield witness.name, error
                continue
            with self._sequencer.alone() as (writer, _state):
                for one in found:
                    key = f"{one.line.name}+{one.line.key_id.hex()}"
                    if not writer.rows(HAS_LINE, (head.size, key)):
                        writer.write(COSIGNATURE, [(head.size, key, bytes(one.line))])
            self._compare_clock(witness.name, found)

    def _cosigned(self, head: Checkpoint, note: bytes, witness: Witness) -> tuple[Cosignature, ...]:
        """Ask one witness, twice if it last saw another size than we thought."""
        old = self._last_cosigned(head, witness)
        for _attempt in range(2):
            with self._database.reading() as reader:
                proof = consistency_path(old, head.size, StoredNodes(reader.rows))
            answer = witness.add_checkpoint(old, proof, note)
            if not isinstance(answer, OtherSize):
                return check_cosigned(answer, head.text(), witness.vkeys)
            if answer.size > head.size:
                raise Refused("witness.ahead", answer.size, f"at most {head.size}", witness=witness.name)
            old = answer.size
        raise Unavailable("witness.unsteady", old, "one size, twice", witness=witness.name)

    def _last_cosigned(self, head: Checkpoint, witness: Witness) -> int:
        keys = [f"{key.name}+{key.key_id.hex()}" for key in witness.vkeys]
        marks = ", ".join("?" * len(keys))
        last = f"SELECT max(size) FROM cosignature WHERE size <= ? AND key IN ({marks})"  # noqa: S608 - marks only
        with self._database.reading() as reader:
            return int(reader.rows(last, (head.size, *keys))[0][0] or 0)

    def _compare_clock(self, name: str, found: Sequence[Cosignature]) -> None:
        """Stop appending while our clock and a witness's are far apart; go on when they agree again."""
        stopped = self._sequencer.stopped
        for one in found:
            apart = abs(one.timestamp * 1000 - self._clock())
            if apart > CLOCK_MS:
                self._sequencer.stopped = Unavailable("clock.differs", apart // 1000, CLOCK_MS // 1000, witness=name)
                return
        if stopped is not None and stopped.rule == "clock.differs":
            self._sequencer.stopped = None


@contextmanager
def _one_at_a_time(path: Path, pause: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """The lock of the publisher: the system gives it back when a process dies. Raises Unavailable ``publisher.busy``."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        for _attempt in range(WAIT_SECONDS * 50 + 1):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                pause(0.02)
        else:
            raise Unavailable("publisher.busy", str(path), f"another publisher to end within {WAIT_SECONDS} s")
        yield
    finally:
        os.close(handle)
