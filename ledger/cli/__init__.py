"""The command line: one module a command group, imported only when its command is called.

Exit codes: 0 done; 1 findings were made (``verify``); 2 wrong usage; 3 malformed; 4 refused by a rule; 5 conflict; 6 not
found; 7 unavailable now; 70 a fault of ours; 130 interrupted. Messages go to standard error, data to standard output;
with ``--json`` both are JSON, one object, with the stable rule of :mod:`ledger.errors`. What is signed or entered is shown
and asked first; a script says ``--yes`` (:mod:`ledger.cli.consent`).
"""

import gc
import sys

FAULT = 70
INTERRUPTED = 130
YOUNG = 20_000
"""New objects after which the collector looks for cycles. There are hardly any here, and by its usual 700 it spends a sixth
of a replay on walking states that stay.
"""


def main() -> None:
    """The console script ``mingzhang``."""
    from ledger.cli.app import run

    gc.set_threshold(YOUNG)
    sys.exit(run(sys.argv[1:]))
