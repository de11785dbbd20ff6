"""Reading a tutorial as its reader does, and typing it: files are written, commands run, what is shown must be said.

Three things in a tutorial's Markdown count; all the rest is for people:

* a fenced block whose info string is a language and a file name (```` ```toml genesis.toml ````) is that file;
* a fenced block ``console`` has commands (``$ mingzhang …``, ``$ export NAME=value``, ``$ echo $?``), a backslash at the end
  of a line going on in the next; the lines after a command are what it says, on either stream, in order. ``…`` in a line
  stands for anything, a line ``…`` for any number of lines. A command about which nothing is shown may say anything. A
  command must succeed, unless ``echo $?`` after it says how it ends;
* a comment ``<!-- clock 2026-01-20T09:00:00+08:00 -->`` sets the clock; every command takes a minute.

A value in angle brackets in a file (``<chair>``) is the public key of that label, and a value that ends in ``…`` in an
``export`` is what an earlier answer said under :data:`TAKEN`: both are different every time.
"""

import contextlib
import io
import os
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from ledger import period, words
from ledger.cli import consent
from ledger.cli.app import run
from ledger.cli.session import Session
from ledger.people import keyring

TAKEN: Final = {"GENESIS": "ledger", "REGISTRAR": "key of registrar"}
"""Exported name -> the field of an earlier answer that a reader copies into it."""
WEAK_KIB: Final = 64
MINUTE: Final = 60_000
_FENCE: Final = re.compile(r"^```(\w+)(?: +(\S+))?$")
_CLOCK: Final = re.compile(r"^<!-- clock (\S+) -->$")


@dataclass(frozen=True)
class File:
    """A file that the reader writes."""

    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """A line that the reader types, and what is shown of the answer."""

    line: str
    shown: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class Clock:
    """The time at which the reader goes on."""

    time: int


Step = File | Command | Clock


def read(text: str) -> Iterator[Step]:
    """The steps of a tutorial in order."""
    lines = iter(enumerate(text.split("\n"), 1))
    for number, line in lines:
        if clock := _CLOCK.match(line):
            yield Clock(period.parse_rfc3339(clock[1]))
        if fence := _FENCE.match(line):
            inside: list[str] = []
            for _, within in lines:
                if within == "```":
                    break
                inside.append(within)
            if fence[1] == "console":
                yield from _commands(inside, number + 1)
            elif fence[2]:
                yield File(fence[2], "".join(f"{within}\n" for within in inside))


def _commands(lines: list[str], first: int) -> Iterator[Command]:
    typed, at = "", first
    shown: list[str] = []
    for number, line in enumerate(lines, first):
        if typed.endswith("\\"):
            typed = typed[:-1] + line.strip()
        elif line.startswith("$ "):
            if typed:
                yield Command(typed, tuple(shown), at)
            typed, shown, at = line[2:], [], number
        else:
            shown.append(line)
    if typed:
        yield Command(typed, tuple(shown), at)


@dataclass
class Walker:
    """Somebody at a terminal in ``folder``, on a clock of his own."""

    folder: Path
    patch: pytest.MonkeyPatch
    time: int = 0
    said: dict[str, str] = field(default_factory=dict)
    ended: int = 0
    consent: str = ""
    """What the command showed and asked before it signed."""

    def __post_init__(self) -> None:
        self.patch.chdir(self.folder)
        self.patch.setattr(Session, "clock", staticmethod(lambda: self.time))
        # Stretching a passphrase rightly takes longer than everything else together.
        defaults = keyring.save.__kwdefaults__
        assert defaults is not None
        self.patch.setitem(defaults, "memory_kib", WEAK_KIB)
        for name in [name for name in os.environ if name.startswith(("MINGZHANG_", "LC_", "LANG"))]:
            self.patch.delenv(name)
        self.patch.setattr(consent, "attended", lambda: True)
        self.patch.setattr(consent, "show", partial(self._see, consent.show))
        self.patch.setattr(consent, "answered", self._answer)

    def _see(self, show: Callable[..., None], *values: object) -> None:
        """What is shown before a signature, apart from what the command says after it."""
        seen = io.StringIO()
        with contextlib.redirect_stderr(seen):
            show(*values)
        self.consent += seen.getvalue()

    def _answer(self, question: str) -> str:
        self.consent += f"{question} y\n"
        return "y"

    def type(self, command: Command) -> str:
        """Type a command; what is said. The exit code is in :attr:`ended`."""
        typed = [os.path.expandvars(word) if "'" not in command.line else word for word in shlex.split(command.line)]
        match typed:
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self.patch.setenv(name, self.said[TAKEN[name]] if value.endswith("…") else value)
                return ""
            case ["echo", "$?"]:
                return f"{self.ended}\n"
            case ["mingzhang", *arguments]:
                answer = self._run(arguments)
                # A page shows what is asked once, where it says so; elsewhere a reader knows it by then.
                return self.consent + answer if any(line.endswith(" y") for line in command.shown) else answer
            case _:
                raise AssertionError(f"line {command.number}: a tutorial has no such command: {command.line}")

    def write(self, file: File) -> None:
        """Write a file, with the public keys that it asks for."""
        text = re.sub(r"<(\w+)>", lambda label: self.said[f"public of {label[1]}"], file.text)
        path = self.folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def _run(self, arguments: list[str]) -> str:
        self.time += MINUTE
        self.consent = ""
        out = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            self.ended = run(arguments)
        assert isinstance(out.buffer, io.BytesIO)
        answer = out.buffer.getvalue().decode()
        told = dict(_fields(answer))
        self.said |= told
        if "label" in told:
            self.said |= {f"{name} of {told['label']}": told[name] for name in ("key", "public")}
        return answer


def _fields(answer: str) -> Iterator[tuple[str, str]]:
    """Fields by the names that the code has for them, whatever they are called in the reader's language."""
    names = {
        text: key.removeprefix("data.")
        for language in words.locales()
        for key, text in words.keys(language).items()
        if key.startswith("data.")
    }
    for line in answer.split("\n"):
        name, _, value = re.sub(r" {2,}", "\t", line.strip(), count=1).partition("\t")
        yield names.get(name, name), value.strip()


def differs(shown: tuple[str, ...], answer: str) -> str:
    """The first shown line that the answer does not have where it is shown; empty if there is none."""
    lines = [_pattern(line) for line in shown if line.strip()]
    said = "".join(f"{_plain(line)}\n" for line in answer.split("\n") if line.strip())
    if not lines or re.fullmatch("".join(lines), said):
        return ""
    wrong = next((n for n in range(len(lines)) if not re.match("".join(lines[: n + 1]), said)), None)
    return "(more was said than is shown)" if wrong is None else [line for line in shown if line.strip()][wrong]


def _pattern(line: str) -> str:
    """A shown line as a pattern; blanks between words count as one, since digests make columns wide."""
    plain = _plain(line)
    return r"(?:.*\n)*?" if plain == "…" else ".*".join(map(re.escape, plain.split("…"))) + r"\n"


def _plain(line: str) -> str:
    return " ".join(line.split())
