"""The ledger of one community on one SQLite file: the public face of this package.

>>> import tempfile; from pathlib import Path
>>> Store.open(Path(tempfile.gettempdir()) / "no such ledger.db")
Traceback (most recent call last):
ledger.errors.NotFound: store.no_database; ...

A store with the log's keys writes; one without only reads. Any number of processes may hold either on one file. Beside
``<database>`` lie ``.head`` (the head guard), ``.key`` (private texts), ``.publish`` (a lock), and SQLite's own ``-wal`` and
``-shm``. A backup is database and ``.key``, never ``.head``: the guard must remember what the backup forgets.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from ledger.books import GENESIS, Books
from ledger.errors import Conflict, MingzhangError, Refused, Unavailable
from ledger.log.checkpoint import Checkpoint, LogKeys, open_checkpoint
from ledger.log.entry import Entry, Opening, Submission, parse_entry
from ledger.log.merkle import EMPTY_ROOT, consistency_path, inclusion_path, inclusion_paths
from ledger.log.note import parse_vkey
from ledger.log.proof import Proof
from ledger.log.witness import Witness
from ledger.store import documents, erasure, private, queries, snapshots, starting, trial
from ledger.store.database import Database, Reader, Writer, insert_sql
from ledger.store.documents import Document
from ledger.store.fatal import Fatal, end_process
from ledger.store.headguard import HeadGuard, check_extends
from ledger.store.invitations import Invitations
from ledger.store.private import CASE, EVERYBODY, Vault
from ledger.store.publisher import Publication, Publisher
from ledger.store.queries import Published, StoredNodes
from ledger.store.quota import Quota
from ledger.store.receipt import Receipt
from ledger.store.replay import State, apply_stored, catch_up, from_the_first, read_head
from ledger.store.sequencer import Accepted, Clock, Job, Sequencer
from ledger.store.source import DatabaseSource
from ledger.store.tables import document
from ledger.store.trial import Trial
from ledger.store.waiting import WaitingRoom

DOCUMENT: Final = insert_sql(document)
DEFAULT_QUOTA: Final = Quota()
PUBLISHED: Final = "statement.published/1"
HAS_DOCUMENT: Final = "SELECT 1 FROM document WHERE digest = ?"


def system_clock() -> int:
    """The system's time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class Store:
    """One ledger. Use as a context manager, or call :meth:`close`."""

    def __init__(self, database: Database, guard: HeadGuard, vault: Vault | None, clock: Clock, quota: Quota) -> None:
        """Not for callers: use :meth:`create` or :meth:`open`."""
        self._quota = quota
        self._database = database
        self._guard = guard
        self._vault = vault
        self._clock = clock
        self._state = State()
        self._writer: Writer | None = None
        self._sequencer: Sequencer | None = None
        self._publisher: Publisher | None = None

    # --- opening and closing -----------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        path: Path,
        genesis: Submission,
        log_keys: LogKeys,
        clock: Clock = system_clock,
        *,
        quota: Quota = DEFAULT_QUOTA,
        fatal: Fatal = end_process,
    ) -> Self:
        """Open a new ledger with its genesis. Begun and interrupted, the same call goes on.

        Raises Refused ``store.genesis``, ``publisher.foreign_keys``, ``headguard.…`` and what :meth:`submit` refuses with;
        Conflict ``store.ledger_exists``.
        """
        if genesis.record.kind != GENESIS:
            raise Refused("store.genesis", genesis.record.kind, GENESIS)
        vkeys = list(map(str, log_keys.vkeys))
        if genesis.record.body.get("vkeys") != vkeys or genesis.record.body.get("origin") != log_keys.origin:
            raise Refused("publisher.foreign_keys", genesis.record.body.get("vkeys"), vkeys)
        guard = HeadGuard(path, fatal)
        database = Database(path, writable=True, create=True)
        store = cls._write(database, guard, log_keys, clock, quota, fatal)
        with _closed_unless_whole(store):
            books = store.books
            if books.ledger not in ("", genesis.record.digest):
                raise Conflict("store.ledger_exists", books.ledger, genesis.record.digest)
            if not books.ledger:
                # The guard stands before the first entry does: from now on a missing guard means that it was lost.
                with store._sequencing().alone() as (writer, state):
                    if guard.read() is None:
                        guard.write(Checkpoint(log_keys.origin, 0, EMPTY_ROOT))
                    check_extends(log_keys.origin, state.size, StoredNodes(writer.rows), guard.require(), "head guard")
                database.sync_folder()
                store.submit([genesis])
        return store

    @classmethod
    def open(
        cls,
        path: Path,
        log_keys: LogKeys | None = None,
        clock: Clock = system_clock,
        *,
        quota: Quota = DEFAULT_QUOTA,
        seen: Sequence[bytes] = (),
        fatal: Fatal = end_process,
    ) -> Self:
        """Open a ledger: with the log's keys for writing, else for reading.

        ``quota``: what one key may bring in within a day (:mod:`ledger.store.quota`).
        ``seen`` are checkpoints of this log that came from outside (what witnesses hold): the database must extend each.

        Raises NotFound ``store.no_database``; Refused ``publisher.foreign_keys``, ``headguard.rewound``,
        ``headguard.fork``, ``headguard.origin``, ``store.…``; Unavailable ``store.sqlite_version``,
        ``store.newer_schema``, ``store.older_schema`` (reading only), ``private.key_missing``.
        """
        guard = HeadGuard(path, fatal)
        database = Database(path, writable=log_keys is not None)
        store = (
            cls._read(database, guard, clock, quota)
            if log_keys is None
            else cls._write(database, guard, log_keys, clock, quota, fatal)
        )
        with _closed_unless_whole(store):
            for note in seen:
                store.check_seen(note)
        return store

    @classmethod
    def _read(cls, database: Database, guard: HeadGuard, clock: Clock, quota: Quota) -> Self:
        key = private.read_key(database.path)
        vault = Vault(key) if key else None
        store = cls(database, guard, vault, clock, quota)
        with _closed_unless_whole(store), database.reading_at_once() as reader:
            store._state = starting.read(reader, vault)
            starting.check_guard(reader, guard, store._state)
        return store

    @classmethod
    def _write(
        cls, database: Database, guard: HeadGuard, keys: LogKeys, clock: Clock, quota: Quota, fatal: Fatal
    ) -> Self:
        starting.migrate(database)
        store = cls(database, guard, None, clock, quota)
        store._writer = writer = database.writer(fatal)
        with _closed_unless_whole(store):
            with writer.transaction():
                vault, state = starting.write(writer, database.path)
                store._vault = vault
                stopped = starting.check_guard(writer, guard, state)
            if state.size and tuple(map(str, keys.vkeys)) != state.books.vkeys:
                raise Refused("publisher.foreign_keys", list(map(str, keys.vkeys)), state.books.vkeys)
            store._sequencer = Sequencer(writer, vault, clock, state, quota)
            store._sequencer.stopped = stopped
            store._publisher = Publisher(database, keys, store._sequencer, guard, clock)
        return store

    def close(self) -> None:
        """Close; a writer leaves a snapshot when many entries came since the last."""
        if self._sequencer is not None and self._vault is not None:
            with self._database.reading() as reader:
                due = self._sequencer.state.size - snapshots.newest(reader.rows) >= snapshots.EVERY
            if due:
                with self._sequencer.alone() as (writer, state):
                    snapshots.store(writer, self._vault, state)
        self.abandon()

    def abandon(self) -> None:
        """Close the connections and nothing more."""
        self._database.close()
        if self._sequencer is not None:
            self._sequencer.close()
        elif self._writer is not None:
            self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    # --- writing -----------------------------------------------------------------------------------------------------

    def submit(self, submissions: Sequence[Submission]) -> tuple[Accepted, ...]:
        """Append records, all or none, durably; their places in order. A record that stands already gives its first place.

        Safe for many threads: what waits together is committed together. A statement is
        drawn up before it is published. Raises as :meth:`ledger.store.sequencer.Sequencer.append` and
        :func:`ledger.store.statements.check`; Unavailable ``store.read_only``.
        """
        sequencer, drawn = self._sequencing(), self._drawn(submissions)
        return sequencer.append(submissions, drawn)

    def submit_each(self, jobs: Sequence[Sequence[Submission]]) -> list[tuple[Accepted, ...] | MingzhangError]:
        """Append several jobs, in as few transactions as may be, each as :meth:`submit` does; the places of each, or what
        it is refused with.
        """
        sequencer, judged = self._sequencing(), list[Job | MingzhangError]()
        for submissions in jobs:
            try:
                judged.append(sequencer.admit(submissions, self._drawn(submissions)))
            except MingzhangError as error:
                judged.append(error)
        sequencer.enter([job for job in judged if isinstance(job, Job)])
        return [job if isinstance(job, MingzhangError) else job.error or job.accepted for job in judged]

    def dry_run(self, submissions: Sequence[Submission], *, signed: bool = True) -> Trial:
        """What :meth:`submit` would do, with every error found; changes nothing. See :func:`ledger.store.trial.run`."""
        with self._database.reading_at_once() as reader:
            return trial.run(reader.rows, self._last_state, self._clock, submissions, signed=signed, quota=self._quota)

    def _drawn(self, submissions: Sequence[Submission]) -> Sequence[tuple[str, bytes]]:
        """The statements that submissions publish: none goes in but as its entries give it, and none is drawn up twice."""
        if not any(submission.record.kind == PUBLISHED for submission in submissions):
            return ()
        tried = self.dry_run(submissions)
        if tried.errors:
            raise tried.errors[0][1]
        return tried.statements

    def publish(self, witnesses: Sequence[Witness] = ()) -> Publication:
        """Sign, guard, have cosigned and give out the newest head. See :class:`ledger.store.publisher.Publisher`."""
        if self._publisher is None:
            raise Unavailable("store.read_only", str(self._database.path), "a store opened with the log's keys")
        return self._publisher.publish(witnesses)

    def restore_guard(self, size: int, root: bytes) -> Checkpoint:
        """Put the last head that was given out back on guard, as the operator read it from a receipt, a checkpoint or a
        witness; writing goes on. What the database itself signed last is taken when it is newer.

        Raises Refused ``headguard.rewound``, ``headguard.fork``.
        """
        sequencer = self._sequencing()
        with sequencer.alone() as (writer, state):
            head = Checkpoint(state.books.origin, size, root)
            nodes = StoredNodes(writer.rows)
            check_extends(head.origin, state.size, nodes, head, "head given")
            signed = queries.last_signed(writer.rows)
            if signed is not None and signed.size > size:
                head = open_checkpoint(signed.note, [parse_vkey(v) for v in state.books.vkeys]).checkpoint
                check_extends(head.origin, state.size, nodes, head, "last head signed")
            self._guard.write(head)
        if sequencer.stopped is not None and sequencer.stopped.rule.startswith("headguard."):
            sequencer.stopped = None
        return head

    def check_seen(self, note: bytes) -> None:
        """Compare with a checkpoint of this log that came from outside; a writer that contradicts it stops.

        Raises as :func:`ledger.log.checkpoint.open_checkpoint`; Refused ``headguard.rewound``, ``headguard.fork``.
        """
        books = self.books
        head = open_checkpoint(note, [parse_vkey(vkey) for vkey in books.vkeys]).checkpoint
        try:
            with self._database.reading_at_once() as reader:
                size, _root = read_head(reader.rows)
                check_extends(books.origin, size, StoredNodes(reader.rows), head, "checkpoint from outside")
        except Refused as error:
            if self._sequencer is not None:
                self._sequencer.stopped = error
            raise

    @property
    def waiting_room(self) -> WaitingRoom:
        """Acts that wait for further signatures. Raises Unavailable ``store.read_only``."""
        alone = self._sequencing().alone
        return WaitingRoom(self._last_state.books.ledger, self._vault_or_refuse(), self._database.reading, alone)

    @property
    def invitations(self) -> Invitations:
        """Codes by which somebody may propose a key of his own. Raises Unavailable ``store.read_only``."""
        return Invitations(self._vault_or_refuse(), self.waiting_room, self._database.reading, self._sequencing().alone)

    # --- private texts and documents ---------------------------------------------------------------------------------

    def add_document(self, data: bytes, *, audience: str = CASE, media: str = "application/octet-stream") -> str:
        """Store a document; its digest. The same bytes again change nothing. Raises Malformed ``document.…``."""
        digest, row = documents.seal(self._vault_or_refuse(), self.books.ledger, data, audience, media)
        with self._sequencing().alone() as (writer, _state):
            if not writer.rows(HAS_DOCUMENT, (digest,)):
                writer.write(DOCUMENT, [row])
        return digest

    def document(self, digest: str, allowed: Collection[str] = EVERYBODY) -> Document:
        """A document for a reader of the ``allowed`` audiences. Raises as :func:`ledger.store.documents.read`."""
        with self._database.reading() as reader:
            return documents.read(reader.rows, self._vault_or_refuse(), self.books.ledger, digest, allowed)

    def opening(self, record: str, field: str, allowed: Collection[str] = EVERYBODY) -> Opening:
        """What a commitment opens to. Raises as :func:`ledger.store.private.read_opening`."""
        with self._database.reading() as reader:
            return private.read_opening(reader.rows, self._vault_or_refuse(), self.books.ledger, record, field, allowed)

    def openings(self, record: str, allowed: Collection[str] = EVERYBODY) -> tuple[Opening, ...]:
        """All openings of a record that a reader of the ``allowed`` audiences may see."""
        with self._database.reading() as reader:
            return private.read_openings(reader.rows, self._vault_or_refuse(), self.books.ledger, record, allowed)

    def ordered(self, order: str) -> tuple[erasure.Item, ...]:
        """What a recorded order has erased, as it stands now. Raises as :func:`ledger.store.erasure.ordered`."""
        with self._database.reading_at_once() as reader:
            return erasure.ordered(reader.rows, self._vault_or_refuse(), self.books, order)

    def erase(self, order: str) -> int:
        """Erase what a recorded order lists, all of it or nothing; how much of it still stood. The commitments stay.

        Raises as :meth:`ordered`; Unavailable ``store.not_folded`` when readers keep the old bytes in the WAL: they are
        erased, and the same order again, without readers, has them off the disk.
        """
        sequencer = self._sequencing()
        with sequencer.alone() as (writer, state):
            items = erasure.ordered(writer.rows, self._vault_or_refuse(), state.books, order)
            work = erasure.statements(items, order)
            for sql, values in work:
                writer.write(sql, [values])
        # The WAL and the free pages still hold the old bytes: fold the one into the file, where secure_delete zeroes.
        sequencer.fold()
        return len(work)

    # --- reading -----------------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The database file."""
        return self._database.path

    @property
    def waiting(self) -> int:
        """Jobs that wait for the write path of this process."""
        return self._sequencer.waiting if self._sequencer is not None else 0

    @property
    def books(self) -> Books:
        """The newest committed state."""

        def read(state: State) -> State:
            with self._database.reading_at_once() as reader:
                return catch_up(reader.rows, state)

        if self._sequencer is not None:
            return self._sequencer.refresh(read).books
        self._state = read(self._state)
        return self._state.books

    def published(self) -> Published | None:
        """The newest head that was given out, with all its lines; None before the first."""
        with self._database.reading() as reader:
            return queries.published(reader.rows)

    def receipt(self, seq: int, allowed: Collection[str] = EVERYBODY) -> Receipt:
        """The receipt of an entry, under the newest head given out, with the openings of ``allowed`` audiences.

        Raises NotFound ``entry.unknown``; Unavailable ``receipt.not_published`` (publish first).
        """
        ledger = self._last_state.books.ledger
        with self._database.reading() as reader:
            raw = queries.entry_bytes(reader.rows, seq)
            head = queries.published(reader.rows)
            if head is None or head.size <= seq:
                raise Unavailable("receipt.not_published", seq, f"below {head.size if head else 0}, or publish first")
            proof = Proof(seq, inclusion_path(seq, head.size, StoredNodes(reader.rows)), head.note)
            if self._vault is None:
                return Receipt(raw, proof)
            digest = parse_entry(raw).record.digest
            return Receipt(raw, proof, private.read_openings(reader.rows, self._vault, ledger, digest, allowed))

    def proofs(self, seqs: Sequence[int]) -> list[Proof]:
        """The proofs of several entries under the newest head given out. Raises Unavailable ``receipt.not_published``."""
        with self._database.reading() as reader:
            head = queries.published(reader.rows)
            if head is None or head.size <= max(seqs, default=0):
                raise Unavailable(
                    "receipt.not_published", max(seqs), f"below {head.size if head else 0}, or publish first"
                )
            paths = inclusion_paths(seqs, head.size, StoredNodes(reader.rows))
        return [Proof(seq, path, head.note) for seq, path in zip(seqs, paths, strict=True)]

    def history(self) -> Iterator[tuple[Entry, Books, Sequence[object]]]:
        """Every committed entry with the books after it and the facts that followed, by replay from the first.

        For whoever gathers a journal, a statement's lines, an audit: entries go by once, in order.
        """
        with self._database.reading_at_once() as reader:
            size, _root = read_head(reader.rows)
            replay = from_the_first(reader.rows)
            for entry, facts in apply_stored(reader.rows, replay, size):
                yield entry, replay.books, facts

    def entry(self, seq: int) -> Entry:
        """Entry ``seq``. Raises NotFound ``entry.unknown``."""
        return parse_entry(self.entry_bytes(seq))

    def entry_bytes(self, seq: int) -> bytes:
        """The bytes of entry ``seq``. Raises NotFound ``entry.unknown``."""
        with self._database.reading() as reader:
            return queries.entry_bytes(reader.rows, seq)

    def seq_of(self, digest: str) -> int:
        """Where the record of this digest stands. Raises NotFound ``record.unknown``."""
        with self._database.reading() as reader:
            return queries.seq_of(reader.rows, digest)

    def using(self, kind: str) -> list[Entry]:
        """The entries that used a name of a kind (fact ``Used``): all that registered a ``party``, a ``contract``, …"""
        with self._database.reading() as reader:
            return [parse_entry(raw) for raw in queries.bytes_using(reader.rows, kind)]

    def events(self, fact: type) -> list[dict[str, Any]]:
        """The facts of a class in log order, as the table ``event`` shows them."""
        with self._database.reading() as reader:
            return queries.events(reader.rows, fact.__name__)

    def inclusion(self, seq: int, size: int) -> tuple[bytes, ...]:
        """The inclusion proof of entry ``seq`` in the tree of ``size``. Raises as :func:`ledger.log.merkle.inclusion_path`."""
        with self._database.reading() as reader:
            return inclusion_path(seq, size, StoredNodes(reader.rows))

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that the log only grew. Raises as :func:`ledger.log.merkle.consistency_path`."""
        with self._database.reading() as reader:
            return consistency_path(old, new, StoredNodes(reader.rows))

    @property
    def source(self) -> DatabaseSource:
        """The log as published now. Raises Unavailable ``source.not_published``."""
        head = self.published()
        if head is None:
            raise Unavailable("source.not_published", None, "publish first")
        return DatabaseSource(self._database, head, self._vault, self._last_state.books.ledger)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A reader of the read tables whose statements all see one committed state."""
        with self._database.reading_at_once() as reader:
            yield reader

    @property
    def _last_state(self) -> State:
        return self._sequencer.state if self._sequencer is not None else self._state

    def _sequencing(self) -> Sequencer:
        if self._sequencer is None:
            raise Unavailable("store.read_only", str(self._database.path), "a store opened with the log's keys")
        return self._sequencer

    def _vault_or_refuse(self) -> Vault:
        if self._vault is None:
            raise Unavailable("private.key_missing", str(self._database.path), "the key file beside the database")
        return self._vault


@contextmanager
def _closed_unless_whole(store: Store) -> Iterator[None]:
    whole = False
    try:
        yield
        whole = True
    finally:
        if not whole:
            store.abandon()
