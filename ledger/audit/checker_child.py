"""The child of :mod:`ledger.audit.checker`: does checks, says which of them did not pass. Run by its path.

What is wrong with one the parent finds out itself, so whatever our code raises for bytes is one answer here.
"""

import marshal
import sys
from pathlib import Path
from typing import IO, Final

# As in ledger.audit.findings, which takes longer to import than many a slice to check.
FAULTS: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nothing more is asked."""
    from ledger.errors import MingzhangError  # noqa: PLC0415 - the path is set below
    from ledger.signatures import Check, verify_check  # noqa: PLC0415

    while head := questions.read(4):
        relying, checks = marshal.loads(questions.read(int.from_bytes(head)))  # noqa: S302 - of our own parent
        wrong = []
        for place, check in enumerate(checks):
            try:
                verify_check(Check(*check), relying)
            except (MingzhangError, *FAULTS):
                wrong.append(place)
        said = marshal.dumps(wrong)
        answers.write(len(said).to_bytes(4) + said)
        answers.flush()


if __name__ == "__main__":
    # Isolated, the interpreter knows its own folders only: the package that this file belongs to comes first.
    sys.path.insert(0, str(Path(__file__).parents[2]))
    serve(sys.stdin.buffer, sys.stdout.buffer)
