"""``mingzhang bench --audit``: a whole audit of a long ledger beside the bare hashing and signature checks of the same bytes,
and one that goes on from its snapshot half a year later beside the whole one.

The ledger is that of a made-up community (:mod:`ledger.cli.decades`). Every part runs in a process of its own, as an auditor
would start it, which says what it took: time by the wall, time of the processors (with the processes beside it), and the
most memory that one process held. The floor uses as many processes as there are processors: SHA-256 of every file, of every
entry as a leaf, and of the nodes above; and each signature once that a check must look at.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from ledger.cli import decades, floors
from ledger.cli.presigned import SIGNED, read_signed
from ledger.errors import Unavailable
from ledger.log.tiles import ENTRIES, WIDTH, Tile, decode_entries

Figures = dict[str, int | float]
Step = Callable[[int, int], None]

FLOOR: Final = "import sys; from ledger.cli.auditbench import main; main(*sys.argv[1:])"
OURS: Final = "from ledger.cli import main; main()"
BETWEEN: Final = "import sys; from ledger.cli.auditbench import watch; watch(*sys.argv[1:])"
_AUDIT: Final = ("--json", "audit", "run")


def measure(place: Path, entries: int, step: Step) -> dict[str, Figures]:
    """Write the ledger below ``place`` and audit it; then audit it as it is half a year later, from the snapshot of the first."""
    later, snapshot = place / "later", str(place / "snapshot")
    written = decades.write_decades(later, entries, lambda done, of: step(done, of * 2), earlier=place / "bundle")
    begun = written.earlier or written
    floor = took(FLOOR, str(begun.folder), str(place / SIGNED), str(begun.size), str(begun.signed))
    step(5, 8)
    whole = took(OURS, *_AUDIT, str(begun.folder), "--keep", snapshot, accepted=(0, 1))
    step(7, 8)
    resumed = took(OURS, *_AUDIT, str(later), "--resume", snapshot, accepted=(0, 1))
    step(8, 8)
    return {
        "ledger": {"entries": begun.size, "signatures": begun.signed},
        "floor": floor,
        "whole": whole | _beside(whole, floor),
        "resumed": {"new": written.size - begun.size, "snapshot": Path(snapshot).stat().st_size, **resumed}
        | _beside(resumed, whole),
    }


def main(folder: str, signed: str, size: str, first: str) -> None:
    """The floor, in a process of its own: files below ``folder``, its entries, the ``first`` signatures of a file."""
    processes, bundle = os.cpu_count() or 1, Path(folder)
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        checked = pool.map(partial(check_part, Path(signed), int(first), processes), range(processes))
        hashed = list(pool.map(partial(hash_part, bundle, int(size), processes), range(processes)))
        list(checked)
    bundles = sorted((index, leaves) for part in hashed for index, leaves in part)
    root_over([leaf for _, leaves in bundles for leaf in leaves])


def check_part(signed: Path, first: int, parts: int, part: int) -> None:
    """Check each ``parts``-th of the ``first`` signatures."""
    floors.check_signatures(list(read_signed(signed, part, parts, first)), 1)


def hash_part(bundle: Path, size: int, parts: int, part: int) -> list[tuple[int, list[bytes]]]:
    """Hash each ``parts``-th file of a bundle, and the entries in it; their leaf hashes by entry bundle."""
    found = []
    for index in range(part, -(-size // WIDTH), parts):
        tile = Tile(ENTRIES, index, min(WIDTH, size - index * WIDTH))
        data = (bundle / tile.path).read_bytes()
        sha256(data).digest()
        found.append((index, [sha256(b"\x00" + entry).digest() for entry in decode_entries(data, tile.width)]))
    others = sorted(path for path in bundle.rglob("*") if path.is_file() and ENTRIES_FOLDER not in path.parts)
    for path in others[part::parts]:
        sha256(path.read_bytes()).digest()
    return found


def root_over(row: list[bytes]) -> bytes:
    """The nodes above the leaves."""
    while len(row) > 1:
        odd = row[len(row) & ~1 :]
        row = [sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row) - 1, 2)] + odd
    return row[0]


ENTRIES_FOLDER: Final = "entries"


def took(code: str, *arguments: str, accepted: Sequence[int] = (0,)) -> Figures:
    """What a process took. Raises Unavailable ``bench.failed``.

    A process that stands between starts it: a system counts to a child the memory that its parent held when it began.
    """
    command = [sys.executable, "-c", BETWEEN, code, *arguments]
    between = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if between.returncode:
        raise Unavailable("bench.failed", between.returncode, accepted)
    ended, *figures = map(int, between.stdout.split())
    if ended not in accepted:
        raise Unavailable("bench.failed", ended, accepted)
    return dict(zip(("ms", "cpu_ms", "mib"), figures, strict=True))


def watch(code: str, *arguments: str) -> None:
    """Run a process and print its exit code, milliseconds by the wall and of the processors, and MiB."""
    start = time.perf_counter_ns()
    child = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter_ns() - start
    figures = taken // 1_000_000, round((used.ru_utime + used.ru_stime) * 1_000), used.ru_maxrss // _KIB_UNITS
    sys.stdout.write(" ".join(map(str, (child.returncode, *figures))))


_KIB_UNITS: Final = 1024 if sys.platform != "darwin" else 1024 * 1024


def _beside(ours: Figures, floor: Figures) -> Figures:
    return {
        "ratio": round(ours["ms"] / max(1, floor["ms"]), 2),
        "ratio_cpu": round(ours["cpu_ms"] / max(1, floor["cpu_ms"]), 2),
        "ratio_memory": round(ours["mib"] / max(1, floor["mib"]), 2),
    }
