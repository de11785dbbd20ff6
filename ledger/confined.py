"""Hostile files are read in a child process: whatever they hold, this process gets bounded bytes within bounded time.

What is guaranteed: :func:`ask` returns or raises within about ``seconds``, and takes at most ``most`` bytes of an answer. The
child gets no environment but the path of shared libraries, starts isolated from the current directory, and is a script
that gives up memory, processor time and the writing of files before it reads its input.
"""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path


class Broken(Exception):
    """The child ended with an error: its library gave the file up."""


class Exceeded(Exception):
    """The child met a limit: it was ended by a signal, or answered too much."""


def ask(child: Path, data: bytes, *, seconds: float, most: int) -> bytes:
    """What the script ``child`` answers on standard output to ``data`` on standard input. Raises Broken, Exceeded."""
    environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    with subprocess.Popen(
        [sys.executable, "-I", str(child)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=os.sep,
    ) as process:
        watch = threading.Timer(seconds, process.kill)
        watch.start()
        try:
            # The child reads everything before it writes anything, so neither can wait for the other.
            if process.stdin is not None:
                with contextlib.suppress(BrokenPipeError), process.stdin:
                    process.stdin.write(data)
            said = process.stdout.read(most + 1) if process.stdout is not None else b""
            if len(said) > most:
                process.kill()
            code = process.wait()
        finally:
            watch.cancel()
    if code < 0 or len(said) > most:
        raise Exceeded
    if code > 0:
        raise Broken
    return said
