"""Key rings and the log at the command line: made, listed, never shown; heads published and put back on guard."""

import base64
import sys
from pathlib import Path

import click
import pytest

from ledger import cli
from ledger.cli import bodies, files, session
from ledger.errors import Unavailable
from ledger.people import drafting, keyring
from tests.cli.desk import PASSPHRASE, Desk, said
from tests.cli.test_year import BOTH
from tests.community import refused_as


def test_keys_are_made_and_listed_but_never_shown(desk: Desk) -> None:
    first = desk("keys", "new", "my.ring", "--label", "chair").data
    desk.weaken("my.ring")
    second = desk("keys", "new", "my.ring", "--label", "phone", "--alg", "p256").data
    assert desk("keys", "new", "my.ring", "--label", "phone", code=5).rule == "keyring.label_used"
    assert desk("keys", "new", "my.ring", "--label", " ", code=3).rule == "cli.label"
    listed = desk("keys", "list", "my.ring").data["keys"]
    assert [(key["label"], key["alg"]) for key in listed] == [("chair", "ed25519"), ("phone", "p256")]
    assert desk("keys", "show", "my.ring", "--label", "phone").data == second
    assert len(base64.b64decode(first["public"])) == 32
    private = keyring.load(Path("my.ring"), PASSPHRASE).keys["chair"].private
    shown = desk("keys", "show", "my.ring", "--label", "chair", as_json=False).out
    assert base64.b64encode(private).decode() not in shown
    assert (desk.folder / "my.ring").stat().st_mode & 0o077 == 0


def test_a_passphrase_is_asked_for_when_the_environment_has_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ring("my.ring", "chair")
    monkeypatch.delenv("MINGZHANG_PASSPHRASE")
    asked: list[str] = []

    def prompt(text: str, *, hide_input: bool, err: bool) -> str:
        asked.append(text)
        assert hide_input
        assert err
        return PASSPHRASE

    monkeypatch.setattr(click, "prompt", prompt)
    assert len(desk("keys", "list", "my.ring").data["keys"]) == 1
    assert len(asked) == 1
    desk("keys", "new", "other.ring", "--label", "x")
    assert len(asked) == 3, "a new one is asked for twice"
    monkeypatch.setattr(click, "prompt", lambda *_a, **_k: "wrong " + PASSPHRASE)
    assert desk("keys", "list", "my.ring", code=4).rule == "keyring.passphrase_wrong"


def test_one_label_in_two_rings_is_not_guessed(opened: Desk) -> None:
    opened("keys", "new", "other.ring", "--label", "chair")
    rings = ("--keys", "keeper.ring", "--keys", "officers.ring", "--keys", "other.ring")
    enter = ("people", "enter", "--nature", "office", "--title", "x", *BOTH)
    assert opened(*enter, *rings, code=5).rule == "keyring.label_in_two_rings"


def test_the_log_is_shown(opened: Desk) -> None:
    opened("people", "enter", "--nature", "office", "--title", "档案室", *BOTH)
    listed = opened("log", "entries", "--kind", "person.entered").data["entries"]
    assert [(entry["seq"], entry["kind"]) for entry in listed] == [(1, "person.entered/1")]
    assert len(opened("log", "entries", "--count", "1").data["entries"]) == 1
    assert opened("log", "entry", "9", code=6).rule == "entry.unknown"
    assert "example.org/desk" in opened("log", "checkpoint", as_json=False).out
    assert opened("log", "publish").data["size"] == 2
    assert "档案室" in opened("log", "entry", "1", as_json=False).out


def test_a_lost_head_guard_stops_writing_until_the_head_is_given(opened: Desk) -> None:
    with opened.store() as store:
        head = store.published()
        assert head is not None
        root = head.note.decode().split("\n")[2]
    (opened.folder / "ledger.db.head").unlink()
    enter = ("people", "enter", "--nature", "office", "--title", "档案室", *BOTH)
    assert opened(*enter, code=7).rule == "headguard.missing"
    assert opened("log", "restore-guard", "--size", "1", "--root", "AAAA", code=3).rule == "cli.root"
    other = base64.b64encode(bytes(32)).decode()
    assert opened("log", "restore-guard", "--size", "1", "--root", other, code=4).rule == "headguard.fork"
    opened("log", "restore-guard", "--size", "1", "--root", root)
    opened(*enter)


def test_the_console_script_ends_with_the_exit_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["mingzhang", "log", "show"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 6


def test_a_value_is_put_at_a_path_and_the_body_given_stays() -> None:
    body = {"persons": [{"name": "x"}]}
    assert drafting.with_value(body, ["persons", "0", "name"], "y") == {"persons": [{"name": "y"}]}
    assert body == {"persons": [{"name": "x"}]}


def test_files_that_cannot_be_written_or_read(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        files.write_new(tmp_path / "none" / "file", b"")
    with refused_as("cli.unreadable"):
        files.read_bytes(tmp_path)
    (tmp_path / "latin").write_bytes(b"\xff")
    with refused_as("cli.not_text"):
        files.read_text(tmp_path / "latin")
    (tmp_path / "list.json").write_text("[1]")
    with refused_as("cli.description"):
        files.read_description(tmp_path / "list.json")
    (tmp_path / "long").write_bytes(b"x" * 11)
    with refused_as("cli.too_large"):
        files.read_bytes(tmp_path / "long", largest=10)
    with refused_as("cli.json"):
        bodies.read_json("{")
    (tmp_path / "folder").mkdir()
    with refused_as("cli.unwritable"):
        files.replace(tmp_path / "folder", b"x")
    assert [file.name for file in tmp_path.glob("*.new")] == []


def test_the_clock_of_a_session_is_the_machine_s() -> None:
    from ledger.store.store import system_clock

    assert abs(session.system_clock() - system_clock()) < 60_000


def test_a_body_that_is_no_object(opened: Desk) -> None:
    opened.file("list.json", "[]")
    assert opened("account", "party", "--body", "list.json", "--as", "treasurer", code=3).rule == "cli.json"
    assert said("--json", "account", "party", "--persons", "[1", "--as", "treasurer").rule == "cli.json"
    assert opened("account", "party", "--persons", '["0#0","0#1"]', "--as", "treasurer", code=3).rule == "record.body"
