"""Slow senders over a raw socket, against the protocol that ``mingzhang serve`` runs with: none of them holds a place."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from api.app import create_app
from api.deadline import HEAD_BYTES, within
from api.keeper import Keeper
from api.server import Server
from api.settings import Settings
from tests.api.conftest import Served

SECONDS = 0.5
SAY = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def address(served: Served, settings: Settings) -> Iterator[tuple[str, int]]:
    """A server whose requests have half a second."""
    keeper = Keeper.of([served.kept])
    config = uvicorn.Config(
        create_app(keeper, settings, lambda: served.maker.time),
        log_config=None,
        http=within(SECONDS),
        ws="none",
        timeout_graceful_shutdown=2,
    )
    server = Server(config, keeper)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()


def drip(address: tuple[str, int], first: bytes, more: bytes) -> tuple[bytes, float]:
    """Send ``first``, then ``more`` again and again, each time before a time-out between bytes could end it."""
    began, got = time.monotonic(), b""
    with socket.create_connection(address, timeout=0.05) as connection:
        connection.sendall(first)
        while time.monotonic() - began < 20:
            try:
                data = connection.recv(1 << 16)
                got += data
                if not data:
                    break
            except TimeoutError:
                try:
                    connection.sendall(more)
                except OSError:
                    break
            except OSError:
                break
    return got, time.monotonic() - began


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (b"", b""),
        (b"GET /health HTTP/1.1\r\n", b"X-A: b\r\n"),
        (b"POST /api/v1/ledgers/x/submissions HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n", b" "),
        (
            b"POST /api/v1/ledgers/x/submissions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\n \r\n",
        ),
    ],
    ids=["says nothing", "headers without end", "a body byte by byte", "chunks without end"],
)
def test_a_slow_sender_is_shown_out(address: tuple[str, int], first: bytes, more: bytes) -> None:
    _got, took = drip(address, first, more)
    assert SECONDS / 2 < took < 10


def test_whoever_is_slow_is_told_so(address: tuple[str, int]) -> None:
    got, _ = drip(address, b"GET /health HTTP/1.1\r\n", b"X-A: b\r\n")
    assert got.startswith(b"HTTP/1.1 408 ")


def test_many_slow_senders_do_not_keep_others_out(address: tuple[str, int]) -> None:
    slow = [socket.create_connection(address) for _ in range(200)]
    for one in slow:
        one.sendall(b"GET / HTTP/1.1\r\nX-")
    with socket.create_connection(address, timeout=10) as quick:
        quick.sendall(SAY)
        assert quick.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
    for one in slow:
        one.settimeout(10)
        while one.recv(1 << 16):
            pass
        one.close()


def test_a_head_without_end_is_not_kept(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nX-A: " + b"a" * HEAD_BYTES)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 431 ")


def test_a_connection_goes_on_with_new_seconds_for_each_request(address: tuple[str, int]) -> None:
    began = time.monotonic()
    with socket.create_connection(address, timeout=10) as connection:
        asked = 0
        while time.monotonic() - began < 2 * SECONDS:
            connection.sendall(SAY)
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
            asked += 1
        assert asked > 10
        connection.sendall(b"GET /health HTTP/1.1\r\n")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 408 ")
