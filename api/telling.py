"""Notices sent of themselves: what the outbox holds goes to the carriers that the settings name; off unless they do.

One task looks now and then; letters wait in memory and go out one at a time in a thread of their own, so writing and reading
wait for nobody. The server remembers how far it has looked, and nothing else: what fell due while it stood still is in the
outbox and is not sent. One that cannot be delivered is tried a few times, then left, which a line of the log says.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from anyio import CapacityLimiter, to_thread

from api.beside import beside
from api.keeper import Kept
from api.routes.outbox import home_of
from api.settings import Settings
from ledger.errors import MingzhangError
from ledger.store.reading import outbox
from ledger.store.reading.outbox import NoticeItem
from ledger.watch.letters import Carrier, Letter
from ledger.watch.mail import Mail
from ledger.watch.webhook import Webhook

LOG: Final = logging.getLogger("mingzhang.telling")
LOOK: Final = 20.0
"""Seconds between two looks at the outbox."""
LAG_MS: Final = 10_000
"""An entry has its time a moment before it can be read: what is younger waits for the next look."""
AGAIN_MS: Final = (60_000, 300_000, 1_800_000)
"""After so long a letter is tried again."""
WAITING: Final = 500
"""Letters that wait at most; the oldest gives way."""


@dataclass
class Waiting:
    """A letter for one carrier: how often it was tried, and from when it may go."""

    letter: Letter
    carrier: Carrier
    tried: int = 0
    due: int = 0


@dataclass
class Telling:
    """The queue of a server."""

    kept: Sequence[Kept]
    carriers: Sequence[Carrier]
    settings: Settings
    clock: Callable[[], int]
    waiting: deque[Waiting] = field(default_factory=lambda: deque(maxlen=WAITING))
    _looked: dict[str, int] = field(default_factory=dict)
    _one: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))

    def __post_init__(self) -> None:
        """From now on: what was due before is not sent."""
        now = self.clock() - LAG_MS
        self._looked = {one.digest: now for one in self.kept}

    async def run(self) -> None:
        """Look for as long as the server runs."""
        while True:
            await asyncio.sleep(LOOK)
            try:
                await to_thread.run_sync(self.look, limiter=self._one)
            except Exception:
                # A fault of ours, told in the log: one letter that breaks must not silence all that come after it.
                LOG.exception("looking for notices failed")

    def look(self) -> None:
        """Take what has fallen due, and send what may go."""
        until = self.clock() - LAG_MS
        for one in self.kept:
            after = self._looked[one.digest]
            if until <= after:
                continue
            try:
                found = outbox.outbox(one.store, home_of(self.settings, one), until, after=after, limit=WAITING).items
            except MingzhangError as error:
                LOG.error("the outbox could not be read: %s", error.rule)
                continue
            self._looked[one.digest] = until
            for item in reversed(found):
                letter = letter_of(item, one.digest)
                self.waiting.extend(Waiting(letter, carrier) for carrier in self.carriers)
        self._send()

    def _send(self) -> None:
        now = self.clock()
        for _ in range(len(self.waiting)):
            one = self.waiting.popleft()
            if one.due > now:
                self.waiting.append(one)
                continue
            try:
                one.carrier.carry(one.letter)
            except MingzhangError as error:
                if one.tried >= len(AGAIN_MS):
                    LOG.error("a notice was given up: %s %s", one.carrier.name, error.rule)
                    continue
                LOG.warning("a notice waits: %s %s", one.carrier.name, error.rule)
                one.due, one.tried = now + AGAIN_MS[one.tried], one.tried + 1
                self.waiting.append(one)


@asynccontextmanager
async def sending(telling: Telling) -> AsyncIterator[None]:
    """Send while the service runs, where there is anybody to carry letters."""
    if not telling.carriers:
        yield
        return
    async with beside(telling.run):
        yield


def letter_of(item: NoticeItem, ledger: str) -> Letter:
    """A notice as a letter in both languages."""
    data: dict[str, Any] = {"ledger": ledger, **item.model_dump(mode="json")}
    return Letter(item.key, item.zh.subject, f"{item.zh.text}\n\n{item.en.text}\n", data)


def carriers_of(settings: Settings) -> list[Carrier]:
    """The carriers that the settings name: none by default. Raises Malformed ``webhook.…``."""
    found: list[Carrier] = []
    if settings.smtp:
        host, _, port = settings.smtp.rpartition(":")
        to = [one.strip() for one in settings.smtp_to.split(",") if one.strip()]
        found.append(Mail(host, int(port), settings.smtp_from, to, settings.smtp_user, settings.smtp_password))
    if settings.webhook:
        found.append(Webhook(settings.webhook, settings.webhook_secret, settings.webhook_private))
    return found
