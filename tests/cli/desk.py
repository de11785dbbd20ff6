"""A desk at which a test types commands: ``desk("units", "list")`` runs them in this process, on the desk's own clock.

Nothing of the product moves the clock; the desk replaces :attr:`ledger.cli.session.Session.clock` while the test runs. Key
rings are made with weak parameters, since stretching a passphrase takes longer than everything else together.
"""

import contextlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from ledger import period
from ledger.cli import session
from ledger.cli.app import run
from ledger.people import keyring
from ledger.people.keyring import KeyRing
from ledger.rules.profile import Profile
from ledger.store.database import Database
from ledger.store.replay import read_head
from ledger.store.store import Store
from tests.community import key_of

PASSPHRASE = "correct horse battery"
WEAK_KIB = 64


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The one JSON object on standard error."""
        return json.loads(self.err)["error"]

    @property
    def rule(self) -> str:
        """The stable rule of the refusal."""
        return self.error["rule"]


@dataclass
class Desk:
    """Files lie in ``folder``; commands see it as their working directory."""

    folder: Path
    time: int = field(default_factory=lambda: period.parse_rfc3339("2026-01-05T09:00:00+08:00"))

    def __call__(self, *arguments: str, code: int = 0, as_json: bool = True, yes: bool = True) -> Answer:
        """Run a command; a minute passes. Fails the test when it ends otherwise than with ``code``. What asks is told yes."""
        self.time += 60_000
        answer = said(*(["--json"] if as_json else []), *(agreeing(arguments) if yes else arguments))
        assert answer.code == code, answer
        return answer

    def advance(self, **span: int) -> None:
        """Let time pass."""
        self.time += int(timedelta(**span).total_seconds() * 1000)

    def ring(self, name: str, *labels: str) -> Path:
        """A ring with the keys that these labels always have."""
        path = self.folder / name
        keyring.save(KeyRing({label: key_of(label) for label in labels}), path, PASSPHRASE, memory_kib=WEAK_KIB)
        return path

    def weaken(self, name: str) -> None:
        """Save a ring anew with parameters that are quick."""
        path = self.folder / name
        keyring.save(keyring.load(path, PASSPHRASE), path, PASSPHRASE, memory_kib=WEAK_KIB, replace=True)

    def file(self, name: str, text: str) -> str:
        """Write a file; its name."""
        (self.folder / name).write_text(text, "utf-8")
        return name

    def store(self) -> Store:
        """The ledger, for looking at it."""
        return Store.open(self.folder / "ledger.db")

    def size(self) -> int:
        """How many entries there are."""
        return self.head()[0]

    def head(self) -> tuple[int, bytes]:
        """How many entries there are, and the root over them, as the file says: no replay."""
        database = Database(self.folder / "ledger.db", writable=False)
        try:
            with database.reading() as reader:
                return read_head(reader.rows)
        finally:
            database.close()


def agreeing(arguments: Sequence[str]) -> list[str]:
    """The same command line with ``--yes``, if its command has that."""
    from tests.cli.tree import TREE

    words = arguments[2:] if arguments and arguments[0] == "--lang" else arguments
    command = next((TREE[path] for n in (1, 2) if (path := tuple(words[:n])) in TREE), None)
    asks = command is not None and any("--yes" in param.opts for param in command.params)
    return [*arguments, "--yes"] if asks and "--" not in arguments else list(arguments)


def said(*arguments: str) -> Answer:
    """What a command line says and how it ends."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    return Answer(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def desk_in(folder: Path, patch: pytest.MonkeyPatch) -> Desk:
    """A desk in a folder, with its clock in the place of the system's."""
    desk = Desk(folder)
    patch.chdir(folder)
    # Every command replays the ledger in a process of its own; here one process may remember what a text says.
    patch.setattr(Profile, "parse", staticmethod(lru_cache(maxsize=8)(Profile.parse)))
    patch.setattr(session.Session, "clock", staticmethod(lambda: desk.time))
    patch.setenv("MINGZHANG_PASSPHRASE", PASSPHRASE)
    for name in ("MINGZHANG_KEYS", "MINGZHANG_LEDGER", "MINGZHANG_DEBUG", "MINGZHANG_LANG"):
        patch.delenv(name, raising=False)
    return desk
