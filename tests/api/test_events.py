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

TOKEN = "a token of the operator"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    home = living(tmp_path / "ledger.db", House())
    with home.store:
        yield home


class Listener:
    """Somebody who listens."""

    def __init__(self, port: int, ledger: str, seen: str = "", address: str = "") -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Last-Event-ID": seen} if seen else {}
        if address:
            headers["X-Forwarded-For"] = address
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

    def listen(self, seen: str = "", address: str = "") -> Listener:
        """Somebody more; ``address``: whom the proxy in front names."""
        self.listeners.append(Listener(self.port, self.ledger, seen, address))
        return self.listeners[-1]

    def metric(self, name: str) -> float:
        """A gauge of the server's."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("GET", "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        said = dict(one.rsplit(" ", 1) for one in line.getresponse().read().decode().splitlines() if one[0] != "#")
        line.close()
        return float(said[name])


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


def test_no_address_takes_the_place_of_all(home: Living) -> None:
    with serving(home, streams=3, streams_each=2, keep_alive=0.02, proxy=True, metrics=TOKEN) as here:
        # One house, by two addresses of its own network.
        held = [here.listen(address=address) for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")]
        for one in held:
            one.event()
        refused = here.listen(address="2001:db8:1:2::3")
        assert (refused.answer.status, json.loads(refused.answer.read())["rule"]) == (429, "events.too_many")
        assert refused.answer.headers["retry-after"] == "30"
        other = here.listen(address="2001:db8:1:3::1")
        assert other.event()[0] == "head"
        assert here.metric("mingzhang_event_streams") == 3
        assert here.metric("mingzhang_event_streams_most") == 3
        held[0].close()
        while (last := here.listen(address="2001:db8:1:2::3")).answer.status == 429:
            last.answer.read()
        assert last.event()[0] == "head"


def test_asking_only_for_the_head_of_a_stream_holds_nothing(home: Living) -> None:
    with serving(home, streams=1, metrics=TOKEN) as here:
        line = http.client.HTTPConnection("127.0.0.1", here.port, timeout=10)
        for _ in range(3):
            line.request("HEAD", f"/api/v1/ledgers/{here.ledger}/events")
            answer = line.getresponse()
            assert (answer.status, answer.read()) == (200, b"")
            assert any(here.metric("mingzhang_event_streams") == 0 for _ in range(500))
        line.close()


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
