"""Notices that go out of themselves: from now on, once, tried again a few times, and never in anybody's way."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keeper import Keeper, Kept
from api.settings import Settings
from api.telling import AGAIN_MS, LAG_MS, WAITING, Telling, carriers_of, sending
from ledger.errors import Unavailable
from ledger.watch.letters import Letter
from ledger.watch.mail import Mail
from ledger.watch.webhook import Webhook
from tests.api.conftest import SITE
from tests.api.house import House, Living, living
from tests.community import refused_as
from tests.poll import Poll, motion


@dataclass
class Postman:
    """Keeps what is carried; ``sick`` times it cannot."""

    name: str = "postman"
    sick: int = 0
    carried: list[Letter] = field(default_factory=list)

    def carry(self, letter: Letter) -> None:
        """Keep it, or fail."""
        if self.sick:
            self.sick -= 1
            raise Unavailable("mail.unreachable", None, "x")
        self.carried.append(letter)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Living]:
    home = living(tmp_path / "ledger.db", House())
    with home.store:
        yield home


def telling(home: Living, *postmen: Postman) -> Telling:
    home.house.advance(minutes=1)
    home.follow()
    return Telling([Kept(home.store, writable=True)], postmen, Settings(), lambda: home.house.time)


def call(home: Living) -> Poll:
    poll = Poll(home.house, [motion()])
    poll.call()
    home.house.advance(minutes=1)
    home.follow()
    return poll


def test_what_happens_from_now_on_is_carried_once(home: Living) -> None:
    call(home)
    postman = Postman()
    queue = telling(home, postman)
    queue.look()
    assert postman.carried == []
    poll = call(home)
    queue.look()
    queue.look()
    (letter,) = postman.carried
    assert letter.key == f"{poll.called}.called"
    assert f"/votes/{poll.called}" in letter.text
    assert letter.data["ledger"] == home.store.books.ledger
    assert "开会表决" in letter.subject


def test_an_entry_that_could_not_be_read_yet_is_not_passed_over(home: Living) -> None:
    postman = Postman()
    queue = telling(home, postman)
    poll = Poll(home.house, [motion()])
    poll.call()
    queue.look()  # the entry has its time, but nobody can read it yet
    home.follow()
    home.house.time += LAG_MS
    queue.look()
    assert [letter.key for letter in postman.carried] == [f"{poll.called}.called"]


def test_a_letter_is_tried_again_and_then_left(home: Living) -> None:
    once, never = Postman(sick=1), Postman(sick=99)
    queue = telling(home, once, never)
    call(home)
    queue.look()
    assert once.carried == never.carried == []
    for wait in AGAIN_MS:
        home.house.time += wait
        queue.look()
    assert len(once.carried) == 1
    assert never.sick == 99 - 1 - len(AGAIN_MS)
    assert not queue.waiting


def test_a_fault_of_ours_does_not_silence_the_rest(
    home: Living, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = threading.Event()

    class Broken(Postman):
        def carry(self, letter: Letter) -> None:
            raise KeyError(letter.key)

    class Telltale(Postman):
        def carry(self, letter: Letter) -> None:
            super().carry(letter)
            told.set()

    monkeypatch.setattr("api.telling.LOOK", 0.0)
    queue = telling(home, Broken(), Telltale())
    call(home)

    async def run() -> bool:
        async with sending(queue):
            return await asyncio.to_thread(told.wait, 20)

    assert asyncio.run(run())
    assert "looking for notices failed" in caplog.messages


def test_letters_that_wait_are_bounded(home: Living) -> None:
    assert telling(home, Postman()).waiting.maxlen == WAITING


def test_nothing_is_sent_unless_the_settings_say_so() -> None:
    assert carriers_of(Settings()) == []
    mail, hook = carriers_of(
        Settings(
            smtp="mail.example.org:587",
            smtp_from="books@example.org",
            smtp_to="a@example.org, b@example.org",
            webhook="https://told.example.org/",
            webhook_secret="a secret of sixteen",
        )
    )
    assert isinstance(mail, Mail)
    assert (mail.host, mail.port, mail.recipients) == ("mail.example.org", 587, ["a@example.org", "b@example.org"])
    assert isinstance(hook, Webhook)
    assert not hook.private


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"MINGZHANG_SMTP": "mail.example.org"}, "setting.value"),
        ({"MINGZHANG_SMTP": "mail.example.org:0"}, "setting.value"),
        ({"MINGZHANG_SMTP": "mail.example.org:587"}, "setting.value"),
    ],
)
def test_settings_that_cannot_be_meant(given: dict[str, str], rule: str) -> None:
    with refused_as(rule):
        Settings.from_environment(given)


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(smtp_password="hidden-one", webhook_secret="hidden-two"))
    assert "hidden" not in shown
    assert "hidden" not in repr(Webhook("https://told.example.org/", "hidden but long enough"))


def test_a_server_with_a_webhook_starts_and_ends(home: Living) -> None:
    settings = Settings(webhook="https://told.example.org/", webhook_secret="a secret of sixteen", pause=0.01)
    app = create_app(Keeper.of([Kept(home.store, writable=True)]), settings, lambda: home.house.time)
    with TestClient(app, base_url=SITE) as client:
        assert client.get("/health").status_code == 200
