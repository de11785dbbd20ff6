"""Tests whose lines are counted elsewhere: a traced test takes twice as long."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def untraced() -> Iterator[None]:
    """Trace neither this thread nor those started in the block."""
    here, new = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        threading.settrace(new)
        sys.settrace(here)
