"""A second process that checks signatures while this one replays: the interpreter's lock lets threads do no such thing.

(A thread comes back from each check of 60 µs to wait up to 5 ms for the lock that the replay holds, so threads check in the
pauses of the replay, and it has none.)

The child gets whole checks (algorithm, key, message, signature) and says which of them did not pass; what is wrong with those
this process finds out itself, by the same function. A child that dies, or cannot be started at all, costs time and nothing
else: its checks are done here.

It starts isolated from the current directory, where a bundle by strangers may lie. Messages both ways are a length (4 bytes,
big-endian) and a value in the interpreter's own ``marshal`` form, which only ever passes between a process and its child.
"""

import contextlib
import marshal
import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from ledger.signatures import Check

Relying = tuple[tuple[str, ...], tuple[str, ...]]
"""Passkey RP ids and origins of the ledger."""

AT_ONCE: Final = 2
"""Slices that a child has at most: one under way, one to go on with."""
PIPE_BYTES: Final = 1 << 20
"""Two slices fit, where the system lets a pipe be so large: handing over does not wait."""

_CHILD: Final = Path(__file__).with_name("checker_child.py")
_KEPT: Final = ("LD_LIBRARY_PATH", "SYSTEMROOT")


class Checker:
    """One child. ``waiting`` are the slices that it has not answered yet, oldest first."""

    def __init__(self) -> None:
        """Start it; whether that worked is seen when it is asked."""
        self.waiting: deque[int] = deque()
        self._child = _start()

    @property
    def free(self) -> bool:
        """Whether it can take a slice."""
        return self._child is not None and len(self.waiting) < AT_ONCE

    def ask(self, slice_: int, checks: Sequence[Check], relying: Relying) -> None:
        """Have checks done under the number ``slice_``."""
        self.waiting.append(slice_)
        child = self._child
        if child is not None and child.stdin is not None:
            with contextlib.suppress(OSError):  # it died: nothing will be answered
                _write(child.stdin, marshal.dumps((relying, [tuple(check) for check in checks])))

    def answers(self, *, wait: bool) -> list[tuple[int, list[int] | None]]:
        """What it has answered: a slice's number, and the places of checks that did not pass, or None if it will never say.

        ``wait``: until it has answered everything.
        """
        found: list[tuple[int, list[int] | None]] = []
        while self.waiting and (wait or self._has_spoken()):
            said = self._read()
            if said is None:
                self.close()
                found += [(slice_, None) for slice_ in self.waiting]
                self.waiting.clear()
            else:
                found.append((self.waiting.popleft(), said))
        return found

    def close(self) -> None:
        """End it; nobody waits for what it has not said."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    stream.close()
            child.wait()

    def _has_spoken(self) -> bool:
        child = self._child
        return child is None or child.stdout is None or bool(select.select([child.stdout], [], [], 0)[0])

    def _read(self) -> list[int] | None:
        child = self._child
        if child is None or child.stdout is None:
            return None
        head = _exactly(child.stdout, 4)
        data = head and _exactly(child.stdout, int.from_bytes(head))
        return marshal.loads(data) if data else None  # noqa: S302 - of our own child


def _exactly(stream: IO[bytes], count: int) -> bytes:
    """So many bytes, or none when the other side has ended. Unbuffered, or ``select`` would not see what waits here."""
    data = b""
    while len(data) < count:
        part = stream.read(count - len(data))
        if not part:
            return b""
        data += part
    return data


def _write(stream: IO[bytes], data: bytes) -> None:
    left = memoryview(len(data).to_bytes(4) + data)
    while left:
        left = left[stream.write(left) :]


def _start() -> subprocess.Popen[bytes] | None:
    if os.name != "posix" or not sys.executable:
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-I", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            cwd=os.sep,
            bufsize=0,
            pipesize=PIPE_BYTES,
        )
    except OSError:
        return None
