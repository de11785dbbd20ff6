"""A power cut after each answer, replayed from the system calls of a real process: what was answered was on the disk.

``kill -9`` keeps the page cache, so it cannot show a missing ``fsync``. Here a process appends under ``strace``; its writes,
truncations, renames, removals and syncs are replayed into two images of the folder: what the programs see, and what
the disk is sure to hold. A file's content becomes sure at its own sync; a name (a file made, renamed, removed) at
the sync of its folder, a new file's content staying nameless until then. At an answer everything unsure is lost: the
ledger opens from the sure image and must hold every answer said so far, and every head given out.

The model is harsher than a real disk (nothing unsynced survives) and simpler (no torn sectors, no disk that lies). That
the check can fail is shown with ``synchronous=OFF``.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ledger.errors import MingzhangError
from tests.faults.rig import APPENDER, Answers, Rig
from tests.store.settled import Maker

CALLS = "openat,creat,write,pwrite64,ftruncate,rename,renameat,renameat2,unlink,unlinkat,link,linkat,fsync,fdatasync"
LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<((?:\\x[0-9a-f]{2})*)>)?")
ARGUMENT = re.compile(r'\s*(?:"((?:\\x[0-9a-f]{2})*)"|(-?\d+)<((?:\\x[0-9a-f]{2})*)>|(AT_FDCWD)[^,)]*|([^,]+))')

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


@dataclass
class Call:
    """A system call that worked: its name, and its arguments as texts, paths (of descriptors too) and data decoded."""

    name: str
    args: list[bytes]
    result: int
    opened: str


def read_trace(file: Path) -> list[Call]:
    """The calls of a trace in order; calls cut in two by another thread are joined first."""
    calls, unfinished = [], {}
    for line in file.read_text("ascii").split("\n"):
        number, _, rest = line.partition(" ")
        rest = rest.lstrip()
        if rest.endswith("<unfinished ...>"):
            unfinished[number] = rest.removesuffix("<unfinished ...>").rstrip()
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>,? ?", rest):
            line = f"{number} {unfinished.pop(number)}{rest[resumed.end() :]}"
        found = LINE.match(line)
        if found and int(found[3]) >= 0:
            calls.append(Call(found[1], _arguments(found[2]), int(found[3]), _decoded(found[4] or "").decode()))
    return calls


def _arguments(text: str) -> list[bytes]:
    found = []
    for quoted, _number, path, here, other in ARGUMENT.findall(text):
        if here or other:
            found.append((other or here).strip().encode())
        else:
            found.append(_decoded(path or quoted))
    return [one for one in found if one]


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class Disk:
    """The folder as programs see it (``names`` to ``files``) and as the disk is sure to hold it."""

    folder: str
    names: dict[str, int] = field(default_factory=dict)
    files: dict[int, bytearray] = field(default_factory=dict)
    sure_names: dict[str, int] = field(default_factory=dict)
    sure_files: dict[int, bytes] = field(default_factory=dict)
    syncs: int = 0

    @classmethod
    def of(cls, folder: Path) -> "Disk":
        """A folder whose present content is sure."""
        disk = cls(str(folder))
        for file in folder.iterdir():
            disk._create(str(file))
            disk.files[disk.names[str(file)]][:] = file.read_bytes()
        disk.sure_names = dict(disk.names)
        disk.sure_files = {number: bytes(data) for number, data in disk.files.items()}
        return disk

    def play(self, call: Call) -> None:
        """Let a call happen."""
        paths = [a.decode() for a in call.args if a.startswith(self.folder.encode())]
        if not (paths or call.opened.startswith(self.folder)):
            return
        match call.name:
            case "openat" | "creat":
                path = call.opened
                flags = b"|".join(call.args)
                if path != self.folder and path not in self.names and b"O_CREAT" in flags:
                    self._create(path)
                if b"O_TRUNC" in flags and path in self.names:
                    self.files[self.names[path]].clear()
            case "pwrite64":
                self._write(paths[0], call.args[1], int(call.args[3]))
            case "write" if paths[0] in self.names:
                self._write(paths[0], call.args[1], len(self.files[self.names[paths[0]]]))
            case "ftruncate":
                data, size = self.files[self.names[paths[0]]], int(call.args[1])
                data[size:] = b""
                data.extend(bytes(size - len(data)))
            case "rename" | "renameat" | "renameat2":
                self.names[paths[-1]] = self.names.pop(paths[-2])
            case "link" | "linkat":
                self.names[paths[-1]] = self.names[paths[-2]]
            case "unlink" | "unlinkat":
                self.names.pop(paths[-1], None)
            case "fsync" | "fdatasync":
                self._sync(paths[0])
            case _:
                pass

    def image(self, folder: Path) -> None:
        """Write what the disk is sure to hold."""
        folder.mkdir()
        for path, number in self.sure_names.items():
            (folder / Path(path).name).write_bytes(self.sure_files.get(number, b""))

    def _create(self, path: str) -> None:
        number = len(self.files)
        self.names[path], self.files[number] = number, bytearray()

    def _write(self, path: str, data: bytes, at: int) -> None:
        file = self.files[self.names[path]]
        file.extend(bytes(max(0, at - len(file))))
        file[at : at + len(data)] = data

    def _sync(self, path: str) -> None:
        self.syncs += 1
        if path == self.folder:
            self.sure_names = dict(self.names)
        else:
            number = self.names[path]
            self.sure_files[number] = bytes(self.files[number])


def trace_of(rig: Rig, people: int, *, synchronous: str = "FULL") -> tuple[Disk, list[Call]]:
    """The folder before, and the calls of an appender in it."""
    rig.prepare(people)
    command = rig.command(every=5)
    if synchronous != "FULL":
        program = (
            "import runpy, sys; from ledger.store import database;"
            f"database.WRITER_PRAGMAS = (*database.WRITER_PRAGMAS, 'synchronous = {synchronous}');"
            f"sys.argv = sys.argv[1:]; runpy.run_path({str(APPENDER)!r}, run_name='__main__')"
        )
        command = [sys.executable, "-c", program, *command[1:]]
    before = Disk.of(rig.folder)
    file = rig.folder.with_name(f"trace-{synchronous}")
    subprocess.run(
        ["strace", "-f", "-y", "-xx", "-s", "1048576", "-e", f"trace={CALLS}", "-o", str(file), *command],
        check=True,
        stdout=subprocess.DEVNULL,
        env=rig.environment,
    )
    return before, read_trace(file)


def cuts(disk: Disk, calls: list[Call], folder: Path, maker: Maker, every: int) -> tuple[int, int, int]:
    """Cut the power at every nth answer: how many cuts, how many found a loss, how many answers there were."""
    answers, said, tried, lost = Answers(), 0, 0, 0
    for call in calls:
        disk.play(call)
        if call.name != "write" or call.args[1:2] == [] or not _is_answer(call.args[1]):
            continue
        answers.take([call.args[1]])
        said += 1
        if said % every:
            continue
        tried += 1
        image = folder / f"cut-{said}"
        disk.image(image)
        try:
            Rig(image, maker).check(answers)
        except (AssertionError, MingzhangError):
            lost += 1
        shutil.rmtree(image)
    return tried, lost, said


def _is_answer(data: bytes) -> bool:
    return re.fullmatch(rb"(\d+ [0-9a-f]{64} [0-9a-f]{64}|head \d+ [0-9a-f]{64})\n", data) is not None


def test_what_was_answered_is_on_the_disk(tmp_path: Path) -> None:
    (folder := tmp_path / "ledger").mkdir()
    rig = Rig(folder)
    disk, calls = trace_of(rig, 300)
    tried, lost, said = cuts(disk, calls, tmp_path, rig.maker, every=3)
    assert said == 300 + 60
    assert (tried, lost) == (120, 0)
    assert disk.syncs >= said


def test_the_check_can_fail(tmp_path: Path) -> None:
    (folder := tmp_path / "ledger").mkdir()
    rig = Rig(folder)
    disk, calls = trace_of(rig, 40, synchronous="OFF")
    tried, lost, said = cuts(disk, calls, tmp_path, rig.maker, every=4)
    assert said == 48
    assert lost == tried == 12
