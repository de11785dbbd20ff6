"""Every system call of an append and a publication fails once with EIO, or is the last one before a kill.

A process appends under ``strace``, which counts the calls that touch the ledger's files; then it runs again and again, each
time with another one of them failing. Whatever the process did (answered an error, ended itself, went on), the next start must
find every answer kept, nothing twice, and go on.
"""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.rig import Answers, Rig, parse_lines

CALLS = ("pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "link", "write")
SAMPLES = 8
"""A call that comes more often than this fails at as many places, spread over the run."""
PEOPLE = 6

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


def run(rig: Rig, *options: str) -> tuple[int, Answers]:
    """An appender, under strace with these options for calls on the ledger's files; its exit code and what it answered."""
    watched = [
        part
        for name in ("", "-wal", "-shm", "-journal", ".head", ".head.new", ".key", ".publish")
        for part in ("-P", f"{rig.path}{name}")
    ]
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", *watched, "-P", str(rig.folder), *options] if options else []
    done = subprocess.run(
        [*strace, *rig.command(every=3)], check=False, capture_output=True, env=rig.environment, timeout=120
    )
    answers = Answers()
    answers.take(parse_lines(done.stdout))
    return done.returncode, answers


def fresh(source: Rig, folder: Path) -> Rig:
    """A copy of the prepared ledger."""
    shutil.copytree(source.folder, folder)
    return replace(source, folder=folder)


def counted(rig: Rig, trace: Path) -> dict[str, int]:
    """How often each call touches the ledger's files."""
    code, answers = run(rig, "-o", str(trace), "-e", f"trace={','.join(CALLS)}")
    assert (code, len(answers.places), answers.finished) == (0, PEOPLE, True)
    found = dict.fromkeys(CALLS, 0)
    for line in trace.read_text().split("\n"):
        if called := re.match(r"\d+ +(\w+)\(", line):
            found[called[1]] += 1
    return found


@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC", "signal=SIGKILL"])
def test_each_call_fails_once(tmp_path: Path, fault: str) -> None:
    (prepared := tmp_path / "prepared").mkdir()
    first = Rig(prepared)
    first.prepare(PEOPLE)
    calls = counted(fresh(first, tmp_path / "counted"), tmp_path / "trace")
    assert calls["pwrite64"] > PEOPLE
    assert calls["fsync"] + calls["fdatasync"] >= PEOPLE
    ended: dict[int, int] = {}
    for call, number in calls.items():
        for nth in range(1, number + 1, max(1, -(-number // SAMPLES))):
            folder = tmp_path / f"{call}-{nth}"
            rig = fresh(first, folder)
            code, answers = run(
                rig, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={nth}"
            )
            ended[code] = ended.get(code, 0) + 1
            rig.check(answers)
            again, more = run(rig)
            assert (again, len(more.places)) == (0, PEOPLE), (call, nth)
            answers.take(f"{seq} {digest} {leaf}\n".encode() for digest, (seq, leaf) in more.places.items())
            assert rig.check(answers).head.size == PEOPLE + 1
            shutil.rmtree(folder)
    if fault == "error=EIO":
        # The two ends that are ours: the process ended itself, or said Unavailable; and harmless calls exist.
        assert ended.get(70, 0) > 0
