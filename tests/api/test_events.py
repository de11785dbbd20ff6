"""Events over a real socket: what they tell, resuming, silence, how many, and that the server can end."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from api.app import create_app
from api.keeper import Keeper, Kept
from api.server import Server
from api.settings import Settings
from tests.api.house import House, Living, living
from tests.poll import Poll, motion


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    home = living(tmp_path / "ledger.db", House())
    with home.store:
        yield home


class Listener:
    """Somebody who listens."""

    def __init__(self, port: int, ledger: str, seen: str = "") -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Last-Event-ID": seen} if seen else {}
        self.line.request("GET", f"/api/v1/ledgers/{ledger}/events", headers=headers | {"Accept-Encoding": "gzip"})
        self.answer = self.line.getresponse()

    def close(self) -> None:
        """Hang up."""
        self.answer.close()
        self.line.close()

    def block(self) -> list[str]:
        """The lines of the next event or comment; empty at the end of the stream."""
        lines: list[str] = []
        while line := self.answer.readline().decode():
            if line == "\n":
                return lines
            lines.append(line.rstrip("\n"))
        return []

    def event(self) -> tuple[str, int, Any]:
        """The next event: name, id, data."""
        while lines := self.block():
            said = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
            if "event" in said:
                return said["event"], int(said["id"]), json.loads(said["data"])
        raise EOFError


@dataclass
class Serving:
    """A running server and who listens to it."""

    port: int
    ledger: str
    server: Server
    thread: threading.Thread
    listeners: list[Listener] = field(default_factory=list)

    def listen(self, seen: str = "") -> Listener:
        """Somebody more."""
        self.listeners.append(Listener(self.port, self.ledger, seen))
        return self.listeners[-1]


@contextmanager
def serving(home: Living, **other: Any) -> Iterator[Serving]:
    settings = replace(Settings(requests=1_000_000, pause=0.01), **other)
    keeper = Keeper.of([Kept(home.store, writable=True, pause=settings.pause)])
    config = uvicorn.Config(
        create_app(keeper, settings, lambda: home.house.time), port=0, log_level="error", timeout_graceful_shutdown=30
    )
    listening = config.bind_socket()
    server = Server(config, keeper)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    running = Serving(listening.getsockname()[1], home.store.books.ledger, server, thread)
    try:
        yield running
    finally:
        server.should_exit = True
        thread.join(20)
        for one in running.listeners:
            one.close()


def test_heads_and_turnouts_as_they_come(home: Living) -> None:
    poll = Poll(home.house, [motion()])
    poll.prepare()
    home.follow()
    with serving(home) as here:
        first = here.listen()
        assert first.answer.status == 200
        assert first.answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in first.answer.headers
        assert first.block() == ["retry: 2000"]
        name, number, head = first.event()
        assert (name, number, head["size"]) == ("head", home.store.books.head.size, home.store.books.head.size)
        poll.cast("a1", "y")
        home.follow()
        name, at, turnout = first.event()
        assert name == "turnout"
        # Nothing else stands in it: who voted what has no place there.
        assert turnout == {
            "meeting": poll.called, "seq": at - 1,
            "cast": {"area": 10_000, "heads": 1}, "whole": {"area": 30_000, "heads": 3},
        }  # fmt: skip
        assert first.event()[0] == "head"
        # Somebody who lost the line after the first head is told what came since, and the one who saw all of it is not.
        again = here.listen(str(number))
        assert [again.event()[0], again.event()[0]] == ["turnout", "head"]
        poll.cast("a1", "n", revision=2)
        poll.cast("a2", "y")
        home.follow()
        late = here.listen(str(home.store.books.head.size - 2))
        while True:
            told = late.event()
            if told[0] == "turnout" and told[1] == home.store.books.head.size:
                break
        assert told[2]["cast"] == {"area": 20_000, "heads": 2}
        strange = here.listen("99999999")
        assert [strange.event()[0], strange.event()[2]["size"]] == ["turnout", home.store.books.head.size]


def test_silence_is_told_too(home: Living) -> None:
    with serving(home, keep_alive=0.02) as here:
        listener = here.listen()
        listener.event()
        assert [listener.block(), listener.block()] == [[": "], [": "]]


def test_as_many_as_the_settings_say_and_room_again_after(home: Living) -> None:
    with serving(home, streams=2, keep_alive=0.02) as here:
        listeners = [here.listen() for _ in range(2)]
        for one in listeners:
            one.event()
        refused = here.listen()
        problem = json.loads(refused.answer.read())
        assert (refused.answer.status, problem["rule"]) == (503, "events.full")
        assert refused.answer.headers["retry-after"] == "30"
        listeners[0].close()
        while (last := here.listen()).answer.status == 503:
            last.answer.read()
        assert last.event()[0] == "head"


def test_the_server_ends_while_somebody_listens(home: Living) -> None:
    with serving(home) as here:
        listeners = [here.listen() for _ in range(3)]
        for one in listeners:
            one.event()
        here.server.should_exit = True
        here.thread.join(10)
        assert not here.thread.is_alive()
        with pytest.raises(EOFError):
            listeners[0].event()


@pytest.mark.parametrize("seen", ["x", "-1", "1" * 21])
def test_a_number_that_is_none_is_refused(home: Living, seen: str) -> None:
    with serving(home) as here:
        assert here.listen(seen).answer.status == 400
