"""The end of the process: at once, with a word on standard error and an exit code of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.store import fatal


def test_the_process_ends_without_cleaning_up() -> None:
    program = (
        "import atexit; atexit.register(lambda: print('cleaned up'));"
        "from ledger.store.fatal import end_process\n"
        "try: end_process('store.commit_unknown', OSError(5, 'Input/output error'))\n"
        "finally: print('finally')\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=root)
    assert (done.returncode, done.stdout) == (fatal.EXIT_CODE, "")
    assert "store.commit_unknown" in done.stderr


def test_it_says_why_first(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    codes: list[int] = []

    def leave(code: int) -> None:
        codes.append(code)
        raise SystemExit(code)

    monkeypatch.setattr("os._exit", leave)
    with pytest.raises(SystemExit):
        fatal.end_process("headguard.write_failed", OSError(28, "No space left on device"))
    assert codes == [fatal.EXIT_CODE]
    assert "headguard.write_failed" in capsys.readouterr().err
