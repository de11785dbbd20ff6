"""Waiting files: acts that are drafted and wait for further signatures, or to be handed in.

One submission (:mod:`ledger.log.entry`) a line, in canonical JSON: one line for an act that is signed singly, up to 512 for
a batch that every signer signs in one ceremony. ``mingzhang keys sign FILE`` shows all of it and adds a signature;
``mingzhang log submit FILE`` hands it in. A line that does not open what its record commits to is refused before
anybody signs it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ledger import canonical
from ledger.books import KINDS
from ledger.cli import files
from ledger.errors import Malformed
from ledger.log import commitments
from ledger.log.entry import MAX_BATCH, Submission, parse_submission, submission_json

LARGEST: Final = 32 << 20


def read(path: Path) -> list[Submission]:
    """The acts of a waiting file.

    Raises ``submission.…``, ``canonical.…``, ``cli.no_file``, ``cli.too_large``, ``opening.…``.
    """
    lines = files.read_bytes(path, largest=LARGEST).removesuffix(b"\n").split(b"\n")
    if len(lines) > MAX_BATCH:
        raise Malformed("submission.too_many", len(lines), MAX_BATCH)
    waiting = [parse_submission(line) for line in lines]
    for submission in waiting:
        kind = KINDS.get(submission.record.kind)
        if kind is not None:
            commitments.check_openings(kind.model, submission.record, submission.openings)
    return waiting


def write(path: Path, submissions: Sequence[Submission]) -> None:
    """Write a new waiting file. Raises ``cli.file_exists``, ``cli.unwritable``."""
    files.write_new(path, _bytes(submissions), private=True)


def rewrite(path: Path, submissions: Sequence[Submission]) -> None:
    """Write a waiting file anew, whole or not at all. Raises ``cli.unwritable``."""
    files.replace(path, _bytes(submissions))


def _bytes(submissions: Sequence[Submission]) -> bytes:
    return b"".join(canonical.encode(submission_json(submission)) + b"\n" for submission in submissions)
