"""Chinese and English, JSON and plain text, completion, exit codes: what holds for the command line as a whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ledger import words
from ledger.cli.app import GROUPS
from tests.cli.desk import Desk, said


@pytest.mark.parametrize(
    ("environment", "language"),
    [({"LANG": "zh_CN.UTF-8"}, "zh_CN"), ({"LANG": "en_GB.UTF-8"}, "en"), ({"MINGZHANG_LANG": "en"}, "en")],
)
def test_the_reader_s_language_comes_from_the_environment(
    environment: dict[str, str], language: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MINGZHANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    answer = said("log", "show")
    assert answer.code == 6
    assert answer.err == words.text("error.store.no_database", language, value="ledger.db") + " [store.no_database]\n"
    assert words.text("kind.deposit.recorded.title", language) in said("deposit", "--help").out


def test_the_language_can_be_said(desk: Desk) -> None:
    assert words.text("cli.units.title", "en") in said("--lang", "en", "--help").out
    assert words.text("cli.units.title", "zh_CN") in said("--lang=zh", "--help").out
    assert said("--lang", "fr", "log", "show").code == 3


def test_json_may_stand_behind_the_command(desk: Desk) -> None:
    assert said("log", "show", "--json").rule == said("--json", "log", "show").rule == "store.no_database"


def test_what_follows_two_dashes_is_no_option(desk: Desk) -> None:
    assert said("--json", "keys", "list", "--", "--json").rule == "keyring.not_found"


def test_usage_is_told_with_where_the_help_is(desk: Desk) -> None:
    answer = said("--lang", "en", "ballot", "receipt", "a1")
    assert answer.code == 2
    assert "--out" in answer.err
    assert "mingzhang ballot receipt --help" in answer.err


def test_all_groups_are_listed(desk: Desk) -> None:
    answer = said("--help")
    assert all(group in answer.out for group in GROUPS)


@pytest.mark.parametrize("command", [(), ("units",)])
def test_without_a_command_the_help_is_shown(desk: Desk, command: tuple[str, ...]) -> None:
    answer = said(*command)
    assert answer.code == 2
    assert "--help" in answer.err


def test_completion_knows_groups_and_commands(tmp_path: Path) -> None:
    def complete(line: str, index: int) -> list[str]:
        env = {
            **os.environ,
            "_MINGZHANG_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(index),
        }
        done = subprocess.run(
            [sys.executable, "-c", "from ledger.cli import main; import sys; sys.argv[0] = 'mingzhang'; main()"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return [line.partition(",")[2] for line in done.stdout.splitlines()]

    assert set(complete("mingzhang un", 1)) == {"units"}
    assert {"cast", "open", "receipt"} <= set(complete("mingzhang ballot ", 2))
    assert "--dry-run" in complete("mingzhang deposit record --dry", 3)


def test_an_interrupted_command_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ledger.people.keyring.load", interrupt)
    (desk.folder / "some.ring").write_bytes(b"x")
    assert said("keys", "list", "some.ring").code == 130


def test_a_fault_of_ours_is_told_without_a_trace(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("ledger.people.keyring.load", fail)
    (desk.folder / "some.ring").write_bytes(b"x")
    answer = said("keys", "list", "some.ring")
    assert answer.code == 70
    assert "on purpose" in answer.err
    assert "Traceback" not in answer.err
    assert json.loads(said("--json", "keys", "list", "some.ring").err)["error"]["rule"] == "cli.fault"


def test_without_the_keeper_s_extras_the_answer_says_what_to_install(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'sqlalchemy'", name="sqlalchemy")

    monkeypatch.setattr("ledger.people.keyring.load", lacking)
    (desk.folder / "some.ring").write_bytes(b"x")
    assert said("--json", "keys", "list", "some.ring").rule == "cli.extra_missing"
