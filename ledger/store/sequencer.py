"""The one write path: whatever enters the log comes through here.

One transaction, begun with the community's lock: catch up with what other processes committed, apply, number, time, link,
and store entries, tree nodes, read tables, private texts and the head, together or not at all. Nothing is signed here.

* **Groups.** Jobs of several threads are committed together: whoever gets the lock takes what is waiting with it. A job
  (one submission, or several that stand or fall together: a batch signed in one ceremony) is whole or not at all, and a
  refused job is taken back and does not touch its neighbours.
* **Idempotency.** A record that stands already is answered with its first place, whatever its signatures.
* **Time** is the clock's, never before the last entry's. A clock behind the head by more than :data:`BEHIND_MS` stops
  appending: times decide votes and deadlines, and entries would crowd on one moment.
* **The state** of this process moves only after the commit returned. A commit whose outcome is unknown ends the process.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Self

from ledger import period
from ledger.books import Books, apply
from ledger.errors import Malformed, MingzhangError, Refused, Unavailable
from ledger.log.entry import MAX_ENTRY, Entry, Submission
from ledger.log.merkle import leaf_hash
from ledger.store import admission, private, projection, statements, tables
from ledger.store.admission import Admitted
from ledger.store.database import Writer, insert_sql
from ledger.store.past import DatabasePast, Rows, names_of
from ledger.store.private import Vault
from ledger.store.quota import Quota, Uses
from ledger.store.replay import State, catch_up

BEHIND_MS: Final = 2_000
"""How far the clock may be behind the head: two processes read it at slightly different moments, no more."""
GROUP: Final = 4_096
"""Records in one transaction at most; a job larger than what is left waits for the next."""

ENTRY: Final = insert_sql(tables.entry)
NODE: Final = insert_sql(tables.node)
OPENING: Final = insert_sql(tables.opening)
HEAD: Final = "UPDATE head SET size = ?, root = ?, time = ? WHERE id = 1"

Clock = Callable[[], int]
"""Milliseconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where a record stands: what a submitter gets before the proof (``again``: it stood there before)."""

    seq: int
    time: int
    digest: str
    leaf: bytes
    raw: bytes = field(repr=False)
    """The entry's bytes."""
    again: bool = False


@dataclass(slots=True)
class Job:
    """Submissions that stand or fall together, and what became of them."""

    admitted: tuple[Admitted, ...]
    statements: Sequence[tuple[str, bytes]] = ()
    done: bool = False
    accepted: tuple[Accepted, ...] = ()
    error: MingzhangError | None = None


@dataclass(slots=True)
class Draft:
    """What a transaction is about to store, on top of a committed state."""

    state: State
    past: DatabasePast
    uses: Uses
    time: int
    entries: list[Entry] = field(default_factory=list)
    facts: list[tuple[int, tuple[object, ...]]] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    statements: list[tuple[str, bytes]] = field(default_factory=list)

    @classmethod
    def begin(cls, rows: Rows, state: State, clock: Clock, uses: Uses) -> Self:
        """An empty draft on the committed head. Raises as :func:`ledger.store.replay.catch_up` and :func:`log_time`."""
        state = catch_up(rows, state)
        time = log_time(clock, state)
        uses.catch_up(rows, state.size, time)
        return cls(state, DatabasePast(rows, state.size), uses, time)

    def place(self, admitted: Admitted) -> Accepted:
        """Number, time, link and apply one record, or find where it stands. A refusal leaves the draft as it was."""
        record = admitted.submission.record
        stands = self.past.used("record", record.digest)
        if stands is not None:
            first = self.past.entry(stands)
            return Accepted(first.seq, first.time, record.digest, first.leaf, first.raw, again=True)
        books = self.state.books
        if admitted.undecided:
            admission.decide(books, admitted.submission)
        self.uses.check(record.kind, admitted.signatures, books.people, books.offset, self.time)
        entry = _entry(books, admitted, self.time)
        after, facts = apply(books, entry, self.past)
        self.past.add(entry, facts)
        self.uses.add(entry)
        self.state = State(after, self.state.tree)
        self.entries.append(entry)
        self.facts.append((entry.seq, facts))
        self.submissions.append(admitted.submission)
        return Accepted(entry.seq, entry.time, record.digest, entry.leaf, entry.raw)

    def take_back(self, state: State) -> None:
        """Be again as it was with this state: forget a refused job."""
        size = state.books.head.size
        kept = len(self.entries) - (self.state.books.head.size - size)
        self.uses.take_back(self.entries[kept:])
        del self.entries[kept:], self.facts[kept:], self.submissions[kept:]
        self.past.take_back(size)
        self.state = state


def log_time(clock: Clock, state: State) -> int:
    """The time of the next entry. Raises Unavailable ``clock.behind_head``."""
    now, last = clock(), state.books.head.time
    if now < last - BEHIND_MS:
        raise Unavailable("clock.behind_head", period.format_time(now), period.format_time(last))
    return max(now, last)


class Sequencer:
    """The write path of one process."""

    def __init__(self, writer: Writer, vault: Vault, clock: Clock, state: State, quota: Quota) -> None:
        self._writer = writer
        self._vault = vault
        self._clock = clock
        self._state = state
        self._uses = Uses(quota)
        self._lock = threading.Lock()
        self._queue: list[Job] = []
        self._queued = threading.Lock()
        self.stopped: MingzhangError | None = None
        """Why nothing may be appended (a guard missing, a clock that witnesses contradict); None while it may."""

    @property
    def state(self) -> State:
        """The last state this process has seen committed."""
        return self._state

    @property
    def waiting(self) -> int:
        """Jobs that nobody has taken up yet."""
        return len(self._queue)

    def append(
        self, submissions: Sequence[Submission], drawn: Sequence[tuple[str, bytes]] = ()
    ) -> tuple[Accepted, ...]:
        """Append submissions, all or none, durably; give their places. ``drawn``: digest and bytes of the statements
        that they publish, kept with them.

        Raises what :func:`ledger.store.admission.admit` and :func:`ledger.books.apply` refuse with; Refused
        ``batch.incomplete``; Unavailable ``quota.key_day``, ``clock.behind_head``, ``store.busy``, ``store.database``, and what
        :attr:`stopped` says.
        """
        job = self.admit(submissions, drawn)
        self.enter([job])
        if job.error is not None:
            raise job.error
        return job.accepted

    def admit(self, submissions: Sequence[Submission], drawn: Sequence[tuple[str, bytes]] = ()) -> Job:
        """What can be judged before the lock. Raises what :func:`ledger.store.admission.admit` refuses with and what
        :attr:`stopped` says.
        """
        if self.stopped is not None:
            raise self.stopped
        return Job(admission.admit(self._state.books, submissions), drawn)

    def enter(self, jobs: Sequence[Job]) -> None:
        """Append admitted jobs, durably, each whole or not at all; what became of each stands in it then."""
        with self._queued:
            self._queue += jobs
        with self._lock:
            while not all(job.done for job in jobs):
                self._run(self._next_group())

    @contextmanager
    def alone(self) -> Iterator[tuple[Writer, State]]:
        """The community's lock for work beside the log (signing a head, documents, erasures), caught up.

        Committed at the end. Do not append inside.
        """
        with self._lock:
            with self._writer.transaction():
                state = catch_up(self._writer.rows, self._state)
                yield self._writer, state
            self._state = state

    def refresh(self, read: Callable[[State], State]) -> State:
        """Let a reader move the state forward, unless the writer is at it anyway."""
        if self._lock.acquire(blocking=False):
            try:
                self._state = read(self._state)
            finally:
                self._lock.release()
        return self._state

    def fold(self) -> None:
        """Empty the WAL, so that what was erased is nowhere on the disk (as far as SQLite can tell)."""
        with self._lock:
            self._writer.fold()

    def close(self) -> None:
        """Close the writer, when whoever is at it has finished: SQLite does not survive losing it in the middle."""
        with self._lock:
            self._writer.close()

    def _next_group(self) -> list[Job]:
        with self._queued:
            group = [self._queue.pop(0)]
            records = len(group[0].admitted)
            while self._queue and records + len(self._queue[0].admitted) <= GROUP:
                group.append(self._queue.pop(0))
                records += len(group[-1].admitted)
        return group

    def _run(self, group: list[Job]) -> None:
        failed: MingzhangError | None = None
        finished, draft = False, None
        try:
            with self._writer.transaction():
                draft = Draft.begin(self._writer.rows, self._state, self._clock, self._uses)
                draft.past.expect(names_of(one.submission.record for job in group for one in job.admitted))
                for job in group:
                    self._try(draft, job)
                self._store(draft)
            self._state = draft.state
            finished = True
        except MingzhangError as error:
            failed = error
        finally:
            if draft is not None and not finished:
                self._uses.take_back(draft.entries)
            for job in group:
                job.done = True
                # A refusal too may have come from what is now rolled back.
                if not finished:
                    broke = Unavailable("store.group_broke", None, "another job of the group broke; try again")
                    job.accepted, job.error = (), failed or broke

    def _try(self, draft: Draft, job: Job) -> None:
        """Apply one job; on a refusal the draft stays as it was."""
        before = draft.state
        try:
            job.accepted = tuple([draft.place(admitted) for admitted in job.admitted])
            batch = draft.state.books.head.batch
            if batch is not None:
                raise Refused(
                    "batch.incomplete", f"{batch.next} of {batch.count}", "all records of the batch in one job"
                )
        except MingzhangError as error:
            job.error = error
            draft.take_back(before)
            return
        draft.statements += job.statements

    def _store(self, draft: Draft) -> None:
        if not draft.entries:
            return
        tree, nodes = draft.state.tree.extend([entry.leaf for entry in draft.entries])
        draft.state = State(draft.state.books, tree)
        self._writer.write(ENTRY, [(entry.seq, entry.raw) for entry in draft.entries])
        self._writer.write(NODE, nodes)
        projection.store(self._writer, draft.facts)
        ledger, vault = draft.state.books.ledger, self._vault
        openings = [
            row for one in draft.submissions if one.openings for row in private.opening_rows(vault, ledger, one)
        ]
        if openings:
            self._writer.write(OPENING, openings)
        if draft.statements:
            statements.keep(self._writer, draft.statements)
        self._writer.write(HEAD, [(tree.size, tree.root(), draft.state.books.head.time)])


def _entry(books: Books, admitted: Admitted, time: int) -> Entry:
    """The entry, its canonical bytes joined from parts that are canonical already (a test reads each one back)."""
    record = admitted.submission.record
    raw = b'{"entry":1,"prev":"%b","record":%b,"seq":%d,"signatures":%b,"time":"%b"}' % (
        books.head.leaf.encode(),
        record.raw,
        books.head.size,
        admitted.wire,
        period.format_time(time).encode(),
    )
    if len(raw) > MAX_ENTRY:
        raise Malformed("entry.too_large", len(raw), MAX_ENTRY)
    return Entry(books.head.size, time, books.head.leaf, record, admitted.signatures, raw, leaf_hash(raw))
