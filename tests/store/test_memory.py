"""A writer's memory does not grow with what it appends: what it keeps is a bounded page cache and the live state."""

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.store.database import WRITER_CACHE_KIB

STATUS = Path("/proc/self/smaps_rollup")
WARM = 16_384
"""Records after which the cache is full; each of them takes about 1 KiB of the database."""
MORE = 8_192
APPEND = """
import gc, sys
from pathlib import Path
from ledger.cli.specimen import Specimen

def anonymous() -> int:
    gc.collect()
    lines = Path(sys.argv[2]).read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))

specimen = Specimen.create(Path(sys.argv[1]))
sizes = []
for count in map(int, sys.argv[3:]):
    for _ in range(count // 64):
        specimen.store.submit_each([[one] for one in specimen.signed_singly(64)])
    specimen.store.publish()
    sizes.append(anonymous())
print(*sizes, (Path(sys.argv[1]) / "ledger.db").stat().st_size // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="memory is read where Linux tells it")
def test_memory_stays_while_the_log_grows(tmp_path: Path) -> None:
    command = [sys.executable, "-c", APPEND, str(tmp_path), str(STATUS), str(WARM), str(MORE)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    warm, end, database = map(int, ran.stdout.split())
    assert database > 2 * WRITER_CACHE_KIB  # else the cache was not full, and this proves nothing
    assert end - warm < MORE // 16  # KiB: 64 bytes a record, of which the day's quotas take 40
