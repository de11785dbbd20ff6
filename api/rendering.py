"""What takes a second to make (prints, replays): one at a time on the whole server, in a thread, kept while there is room.

Whoever asks for what is being made waits for it and gets the same bytes; when :data:`WAITING` wait, or :data:`EACH` from one
address, the next is refused: nobody takes all places by asking for what nobody has asked for yet.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from anyio import CapacityLimiter, to_thread

from ledger.errors import Unavailable

ROOM: Final = 64 << 20
"""Bytes kept in memory."""
WAITING: Final = 32
"""Requests that wait at most."""
EACH: Final = 8
"""Of them, from one address."""

Key = tuple[str, ...]


@dataclass
class Rendering:
    """Made bytes by key. A key says all that they follow from."""

    room: int = ROOM
    _kept: OrderedDict[Key, bytes] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: Lock = field(default_factory=Lock)
    _waiting: Counter[str] = field(default_factory=Counter)
    _one: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))

    async def made(self, key: Key, make: Callable[[], bytes], *, keep: bool = True, asker: str = "") -> bytes:
        """The bytes of a key, made where they are not kept; ``asker``: an address, empty for the server itself.

        Raises Unavailable ``rendering.busy`` and what ``make`` raises.
        """
        found = self.found(key)
        if found is not None:
            return found
        waiting = self._waiting.total()
        if waiting >= WAITING or (asker and self._waiting[asker] >= EACH):
            raise Unavailable("rendering.busy", waiting, "again in a moment", retry_after=5)
        self._waiting[asker] += 1
        try:
            return await to_thread.run_sync(self._make, key, make, keep, limiter=self._one)
        finally:
            self._waiting[asker] -= 1
            if not self._waiting[asker]:
                del self._waiting[asker]

    def _make(self, key: Key, make: Callable[[], bytes], keep: bool) -> bytes:
        # Somebody who waited in front may have made it meanwhile.
        found = self.found(key)
        if found is not None:
            return found
        data = make()
        if keep and len(data) <= self.room:
            self._keep(key, data)
        return data

    def found(self, key: Key) -> bytes | None:
        """The bytes of a key where they are kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _keep(self, key: Key, data: bytes) -> None:
        with self._lock:
            self._kept[key] = data
            self._size += len(data)
            while self._size > self.room:
                _key, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest)


@dataclass(frozen=True, slots=True)
class Share:
    """The server's rendering as one address may use it."""

    rendering: Rendering
    asker: str

    def found(self, key: Key) -> bytes | None:
        """The bytes of a key where they are kept."""
        return self.rendering.found(key)

    async def made(self, key: Key, make: Callable[[], bytes], *, keep: bool = True) -> bytes:
        """See :meth:`Rendering.made`."""
        return await self.rendering.made(key, make, keep=keep, asker=self.asker)
