"""A process that appends and says what was answered; it is killed, cut off or made to fail from outside.

``python appender.py <database> <log keys> <submissions> [<publish every> [<first>]]``: a file of submissions in the wire
form, one a line; it begins at the one numbered ``first`` and goes round. After each answer one line goes to standard
output, unbuffered: ``<seq> <record digest> <leaf hash>``; after each publication ``head <size> <root>``. It imports the
product only.
"""

import os
import sys
from pathlib import Path

from ledger.log.checkpoint import LogKeys
from ledger.log.entry import Submission, parse_submission
from ledger.store import Store, system_clock


def read_submissions(file: Path) -> list[Submission]:
    """The submissions of a file, one canonical JSON a line."""
    return [parse_submission(line) for line in file.read_bytes().split(b"\n") if line]


def say(text: str) -> None:
    """One whole line in one write: what was said was said."""
    os.write(1, f"{text}\n".encode())


def main() -> None:
    database, keys, submissions, *rest = sys.argv[1:]
    every, first = (*map(int, rest), 0, 0)[:2]
    shift = int(os.environ["CLOCK_SHIFT"])

    def clock() -> int:
        """The time of the records, moving on as the real one does; the same in all processes."""
        return system_clock() + shift

    with Store.open(Path(database), LogKeys.load(Path(keys).read_bytes()), clock) as store:
        say("open")
        found = read_submissions(Path(submissions))
        for number, submission in enumerate(found[first:] + found[:first], 1):
            (accepted,) = store.submit([submission])
            say(f"{accepted.seq} {accepted.digest} {accepted.leaf.hex()}")
            if every and number % every == 0:
                head = store.publish().head
                say(f"head {head.size} {head.root.hex()}")
        say("done")


if __name__ == "__main__":
    main()
