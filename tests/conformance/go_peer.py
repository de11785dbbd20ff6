"""The Go program beside this file, built when it is first needed: a reader of our logs that shares no code with us."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "gopeer" / "main.go"
GOPATH = Path("/usr/share/gocode")


def build(folder: Path) -> Path:
    """The program, built into ``folder``; skips where Go or golang.org/x/mod is missing."""
    go = shutil.which("go")
    if go is None or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("no Go with golang.org/x/mod (Debian: golang-go golang-golang-x-mod-dev)")
    program = folder / "gopeer"
    # GO111MODULE=off takes packages from GOPATH alone: nothing is fetched.
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOFLAGS": "",
        "GOPROXY": "off",
        "GOCACHE": str(folder / "cache"),
    }
    subprocess.run([go, "build", "-o", program, SOURCE], check=True, env=environment)
    return program


def ask(program: Path, *arguments: str | Path) -> str | None:
    """What the program prints when all is well, None when it refuses; a crash is an error."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert (done.returncode == 1) == done.stderr.startswith("gopeer: "), done.stderr
    return done.stdout.strip() if done.returncode == 0 else None
