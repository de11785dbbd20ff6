"""The end of the process, for the two failures after which nobody knows what is on the disk.

After a commit whose outcome is unknown, or an ``fsync`` that failed (the kernel may have dropped the page and will say
"fine" the next time), going on would mean to answer from a memory that the disk may contradict. The process ends without
any clean-up; the next start reads what is there, and a client that asks again finds its record by the digest.

Harmless failures (a busy lock, a full disk noticed before the commit) are no matter for this: they raise Unavailable.
"""

import os
import sys
from collections.abc import Callable
from typing import Final, NoReturn

EXIT_CODE: Final = 70

Fatal = Callable[[str, BaseException], NoReturn]
"""Called with a rule and the error met; never returns. Tests hand in one that raises instead."""


def end_process(rule: str, error: BaseException) -> NoReturn:
    """Say why on standard error and end the process at once: no handlers, no flushing, no finally blocks."""
    sys.stderr.write(f"mingzhang: {rule}: {type(error).__name__}: {error}; the process ends, start it again\n")
    sys.stderr.flush()
    os._exit(EXIT_CODE)
