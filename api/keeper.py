"""The keeper: the ledgers that a server keeps, and the heads that it signs while they grow.

A ledger is named by its genesis digest. A store opened with the log's keys is written and published here; one without is
only read. Appending signs nothing: one task a ledger signs the newest committed head soon after something was appended,
at least once a second while the log grows, and tells everybody who waits for it (submitters, event streams).
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from anyio import to_thread

from api.beside import beside
from api.together import Together
from ledger.books import Books
from ledger.errors import MingzhangError, NotFound, Unavailable
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.entry import Submission
from ledger.log.note import parse_vkey
from ledger.log.proof import Proof
from ledger.log.witness import Witness
from ledger.store.reviewing import Reviewing
from ledger.store.sequencer import GROUP, Accepted
from ledger.store.store import Store

LOG: Final = logging.getLogger("mingzhang.keeper")
LOOK: Final = 1.0
"""Seconds after which a publisher looks for what other processes have committed."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head that was given out: what it says, and the note with every line that stands for it."""

    checkpoint: Checkpoint
    note: bytes
    cosigned: frozenset[str] = frozenset()
    """The witnesses asked here whose line it bears, by name."""


@dataclass
class Kept:
    """One ledger: its store, and whoever waits for its next head."""

    store: Store
    writable: bool
    witnesses: Sequence[Witness] = ()
    pause: float = 0.25
    failed: MingzhangError | None = None
    """Why the last head could not be given out; None while it can."""
    failures: int = 0
    """Times that no head could be given out."""
    refusals: dict[str, int] = field(default_factory=dict)
    """Heads that each witness did not cosign, by its name."""
    since: float = field(default_factory=time.monotonic)
    """When the newest head was given out here, by the machine's monotonic seconds."""
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _grown: asyncio.Condition = field(default_factory=asyncio.Condition)
    _head: Head | None = None
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a statement that was handed in or tried is drawn up, which reads the whole ledger again."""
    ended: bool = False
    """The server ends: no further head is waited for."""
    reviewing: Reviewing = field(init=False)
    """What the checks find in it, made when somebody asks."""
    task: asyncio.Task[None] | None = None
    """What publishes; it ends with the server, or by a fault of ours."""
    digest: str = field(init=False)
    """The ledger's name."""

    def __post_init__(self) -> None:
        self.digest = self.books.ledger
        self.reviewing = Reviewing(self.store)
        self._writing = Together(self.store.submit_each, len, GROUP)
        self._proving = Together(self._prove, len, GROUP)

    @property
    def stopped(self) -> str | None:
        """The rule by which no head is given out now; None while all is well."""
        if self.failed is not None:
            return self.failed.rule
        return "publisher.ended" if self.task is not None and self.task.done() else None

    @property
    def books(self) -> Books:
        """The newest committed state."""
        return self.store.books

    @property
    def size(self) -> int:
        """Entries under the newest head given out; 0 before the first."""
        return self._head.checkpoint.size if self._head else 0

    @property
    def head(self) -> Head:
        """The newest head given out, as far as this server has seen it. Raises Unavailable ``source.not_published``."""
        if self._head is None:
            raise Unavailable("source.not_published", None, "the first head, in a second or so")
        return self._head

    def want(self) -> None:
        """Something was appended: a head is wanted soon."""
        self._wanted.set()

    async def submit(self, submissions: Sequence[Submission]) -> tuple[Accepted, ...]:
        """Append, all or none, in one transaction with what else is handed in at that moment; a head is wanted then.

        Raises as :meth:`ledger.store.store.Store.submit`.
        """
        accepted = await self._writing.ask(submissions)
        self._wanted.set()
        return accepted

    async def settle(self) -> None:
        """Wait until what was handed in is appended and proven: after that the store may be closed."""
        await self._writing.end()
        await self._proving.end()

    @property
    def waiting(self) -> int:
        """What was handed in and nobody has taken up yet."""
        return self._writing.waiting + self.store.waiting

    async def proofs(self, seqs: Sequence[int]) -> list[Proof]:
        """Proofs under the newest head. Raises as :meth:`ledger.store.store.Store.proofs`."""
        return await self._proving.ask(seqs)

    def _prove(self, asked: Sequence[Sequence[int]]) -> list[list[Proof]]:
        proofs = iter(self.store.proofs([seq for seqs in asked for seq in seqs]))
        return [[next(proofs) for _ in seqs] for seqs in asked]

    async def covers(self, seq: int, seconds: float) -> bool:
        """Wait until a head covers entry ``seq``; whether one does."""
        try:
            async with asyncio.timeout(seconds), self._grown:
                await self._grown.wait_for(lambda: self.size > seq)
        except TimeoutError:
            return False
        return True

    async def grows(self, size: int, seconds: float) -> bool:
        """Wait until the newest head is another than that of ``size``, or the server ends; false when neither came in time."""
        try:
            async with asyncio.timeout(seconds), self._grown:
                await self._grown.wait_for(lambda: self.size != size or self.ended)
        except TimeoutError:
            return False
        return True

    async def end(self) -> None:
        """The server is about to end: whoever listens for heads is let go."""
        self.ended = True
        async with self._grown:
            self._grown.notify_all()

    async def run(self) -> None:
        """Publish for as long as the server runs."""
        while True:
            try:
                await self._look()
                self.failed = None
            except MingzhangError as error:
                # Told by /ready and in every answer that waits; appending stops by itself where it must.
                self.failures += 1
                self.failed = error
                noted = {"ledger": self.digest[:8], "rule": error.rule}
                LOG.error("no head was given out", extra={"noted": noted})
            await asyncio.sleep(self.pause)
            try:
                async with asyncio.timeout(LOOK):
                    await self._wanted.wait()
            except TimeoutError:
                pass

    async def _look(self) -> None:
        self._wanted.clear()
        head = await to_thread.run_sync(self._publish)
        if head is not None:
            async with self._grown:
                self._head, self.since = head, time.monotonic()
                self._grown.notify_all()

    def _publish(self) -> Head | None:
        """The head that is newer than the one known, or has more lines."""
        books = self.books
        if self.writable and books.head.size > self.size:
            for name, _error in self.store.publish(self.witnesses).refusals:
                self.refusals[name] = self.refusals.get(name, 0) + 1
        found = self.store.published()
        if found is None or (self._head is not None and found.note == self._head.note):
            return None
        asked = [key for witness in self.witnesses for key in witness.vkeys]
        opened = open_checkpoint(found.note, [parse_vkey(vkey) for vkey in books.vkeys], asked)
        return Head(opened.checkpoint, found.note, frozenset(one.key.name for one in opened.cosignatures))


@dataclass
class Keeper:
    """All ledgers of a server, by genesis digest."""

    kept: Mapping[str, Kept]

    @classmethod
    def of(cls, ledgers: Sequence[Kept]) -> "Keeper":
        """A keeper of these."""
        return cls({one.digest: one for one in ledgers})

    def ledger(self, digest: str) -> Kept:
        """The ledger of a genesis digest. Raises NotFound ``ledger.unknown``."""
        found = self.kept.get(digest)
        if found is None:
            raise NotFound("ledger.unknown", digest[:80], ", ".join(sorted(self.kept)))
        return found

    def beginning(self, digits: str) -> Kept:
        """The one ledger whose digest begins so. Raises NotFound ``ledger.unknown``, for none and for several."""
        found = [one for digest, one in self.kept.items() if digest.startswith(digits)]
        if len(found) != 1:
            raise NotFound("ledger.unknown", digits[:80], ", ".join(sorted(self.kept)))
        return found[0]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Publish while the service runs; a first head is there before the first request is answered."""
        async with AsyncExitStack() as tasks:
            for one in self.kept.values():
                await one._look()
                tasks.push_async_callback(one.settle)
                one.task = await tasks.enter_async_context(beside(one.run))
            yield
