"""Waiting files: acts that are drafted and wait for further signatures, or to be handed in.

The bytes are those of :mod:`ledger.log.lines`. ``mingzhang keys sign FILE`` shows all of it and adds a signature;
``mingzhang log submit FILE`` hands it in. A line that does not open what its record commits to is refused before
anybody signs it.
"""

from collections.abc import Sequence
from pathlib import Path

from ledger.books import KINDS
from ledger.cli import files
from ledger.log import commitments, lines
from ledger.log.entry import Submission


def read(path: Path) -> list[Submission]:
    """The acts of a waiting file.

    Raises ``submission.…``, ``canonical.…``, ``cli.no_file``, ``cli.too_large``, ``opening.…``.
    """
    waiting = lines.read(files.read_bytes(path, largest=lines.LARGEST))
    for submission in waiting:
        kind = KINDS.get(submission.record.kind)
        if kind is not None:
            commitments.check_openings(kind.model, submission.record, submission.openings)
    return waiting


def write(path: Path, submissions: Sequence[Submission]) -> None:
    """Write a new waiting file. Raises ``cli.file_exists``, ``cli.unwritable``."""
    files.write_new(path, lines.write(submissions), private=True)


def rewrite(path: Path, submissions: Sequence[Submission]) -> None:
    """Write a waiting file anew, whole or not at all. Raises ``cli.unwritable``."""
    files.replace(path, lines.write(submissions))
