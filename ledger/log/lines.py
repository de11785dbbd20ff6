"""Waiting files: acts that are drafted and wait for further signatures, one submission a line in canonical JSON.

One line for an act that is signed singly, up to 512 for a batch that every signer signs in one ceremony. The same bytes go
about as a file (``mingzhang keys sign FILE``), and wait on a server (:mod:`ledger.store.waiting`).
"""

from collections.abc import Sequence
from typing import Final

from ledger import canonical
from ledger.errors import Malformed
from ledger.log.entry import MAX_BATCH, Submission, parse_submission, submission_json

LARGEST: Final = 32 << 20
"""Bytes of a waiting file at most."""


def read(data: bytes) -> list[Submission]:
    """The acts of a waiting file. Raises Malformed ``submission.…``, ``canonical.…``, ``record.…``."""
    lines = data.removesuffix(b"\n").split(b"\n")
    if len(lines) > MAX_BATCH:
        raise Malformed("submission.too_many", len(lines), MAX_BATCH)
    return [parse_submission(line) for line in lines]


def write(submissions: Sequence[Submission]) -> bytes:
    """The bytes of a waiting file."""
    return b"".join(canonical.encode(submission_json(submission)) + b"\n" for submission in submissions)
