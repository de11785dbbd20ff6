"""A store served over a real socket, for clients and browsers."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from ledger.store import Store
from ledger.store.store import system_clock


@dataclass
class Site:
    """A running server: its origin, and what it serves."""

    origin: str
    kept: Kept

    @property
    def home(self) -> str:
        """The first page of its ledger."""
        return f"{self.origin}/c/{self.kept.digest[:16]}/"


def free_port() -> socket.socket:
    """A free port of this machine, taken: a ledger whose genesis names the address of its pages is founded after that."""
    return uvicorn.Config("unused", host="localhost", port=0, log_level="warning").bind_socket()


def origin_of(bound: socket.socket) -> str:
    """The origin of pages served on a port."""
    return f"http://localhost:{bound.getsockname()[1]}"


@contextmanager
def running(
    store: Store,
    *,
    writable: bool = False,
    clock: Callable[[], int] = system_clock,
    port: socket.socket | None = None,
) -> Iterator[Site]:
    """Serve a store until the block ends, on a port that was taken or on a free one."""
    bound = port or free_port()
    settings = Settings(url=origin_of(bound), requests=1_000_000, pause=0.01)
    kept = Kept(store, writable=writable, pause=settings.pause)
    app = create_app(Keeper.of([kept]), settings, clock)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive(), "the server ended before it had started"
        yield Site(settings.site, kept)
    finally:
        server.should_exit = True
        thread.join(15)
        bound.close()
        assert not thread.is_alive(), "the server did not end"
