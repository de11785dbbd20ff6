"""Tests whose lines are counted elsewhere: a traced test takes up to twice as long."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

Tracers = tuple[Any, Any]
"""Of this thread, and of those that it starts."""

_ASIDE: Final[list[Tracers]] = []
"""What was set aside, the first of them first."""


@contextmanager
def untraced() -> Iterator[None]:
    """Trace neither this thread nor those started in the block."""
    _ASIDE.append((sys.gettrace(), threading.gettrace()))
    _trace((None, None))
    try:
        yield
    finally:
        _trace(_ASIDE.pop())


@contextmanager
def traced() -> Iterator[None]:
    """Trace what is made once for all tests, by whichever asks first: else what is counted would be a matter of order."""
    before = sys.gettrace(), threading.gettrace()
    _trace(_ASIDE[0] if _ASIDE else before)
    try:
        yield
    finally:
        _trace(before)


def _trace(tracers: Tracers) -> None:
    # The thread's own last: from then on it traces this function too.
    threading.settrace(tracers[1])
    sys.settrace(tracers[0])
