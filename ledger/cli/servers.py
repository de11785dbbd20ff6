"""Servers of this program, each a process of its own, started to be measured and ended when that is done.

What a process has used of processors and memory is read where Linux tells it (proc(5)); elsewhere it is 0.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger.cli import generator
from ledger.cli.generator import Answer, Load, get
from ledger.errors import Unavailable

START_SECONDS: Final = 60
END_SECONDS: Final = 15
PREFIX: Final = "MINGZHANG_"
STATM: Final = "/proc/{pid}/statm"
STAT: Final = "/proc/{pid}/stat"
UNLIMITED: Final = "1000000000"


@dataclass(slots=True)
class Server:
    """A server that runs, at a port of this machine."""

    process: subprocess.Popen[bytes]
    port: int

    def ask(self, path: str) -> Answer:
        """One answer. Raises Unavailable ``bench.no_answer``."""
        return generator.run(generator.ask(self.port, get(path)))

    def carry(self, requests: Iterable[bytes], connections: int, seconds: float) -> Load:
        """What it carries of these. Raises Unavailable ``bench.…``."""
        before = self.processor()
        load = generator.run(generator.as_fast_as_it_goes(self.port, connections, requests, seconds))
        load.processor = self.processor() - before
        return load

    def memory(self) -> int:
        """Its resident memory in bytes; 0 where the system does not tell."""
        path = Path(STATM.format(pid=self.process.pid))
        return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if path.exists() else 0

    def processor(self) -> float:
        """Seconds of the processors that it has used; 0 where the system does not tell."""
        path = Path(STAT.format(pid=self.process.pid))
        # Behind the name, which may hold anything, the twelfth and thirteenth are its own time and the system's for it.
        used = path.read_text().rpartition(")")[2].split()[11:13] if path.exists() else []
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def started(
    folder: Path, code: str, arguments: Sequence[str], settings: Mapping[str, str], asked: str
) -> Iterator[Server]:
    """Start ``code`` with its own ``settings`` and none of this process's, until ``asked`` answers; end it with the block.

    Its log lines go to a file in ``folder``. Raises Unavailable ``bench.not_started``.
    """
    port = _free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    settings = {**settings, "PORT": str(port), "REQUESTS": UNLIMITED, "CONNECTIONS": UNLIMITED}
    given = {f"{PREFIX}{name}": value for name, value in settings.items()}
    with (folder / f"{port}.log").open("wb") as lines:
        command = [sys.executable, "-c", code, *arguments]
        process = subprocess.Popen(command, env=own | given, stdout=lines, stderr=lines)
        try:
            server = Server(process, port)
            _await(server, asked, folder / f"{port}.log")
            yield server
        finally:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(server: Server, asked: str, lines: Path) -> None:
    """Raises Unavailable ``bench.not_started``."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.process.poll() is None:
        with suppress(Unavailable):
            if server.ask(asked).status in generator.GOOD:
                return
        time.sleep(0.05)
    raise Unavailable("bench.not_started", lines.read_text("utf-8", "replace")[-500:])


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((generator.HERE, 0))
        return int(found.getsockname()[1])
