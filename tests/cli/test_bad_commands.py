"""Bad input by command: the whole tree is walked, and what each command takes says what is wrong with it.

For every command: an option that it does not have, each required parameter left out, each number, choice and file given
wrongly, a ledger that is not there, is no ledger, or is somebody else's. A command for which nothing follows fails.
"""

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from ledger.cli.app import GROUPS
from tests.cli.conftest import open_ledger
from tests.cli.desk import Answer, Desk, agreeing, desk_in, said
from tests.cli.tree import TREE

GARBAGE = b"\xff\xfe not what is asked for \x00"
HUGE = 64 << 20
LONG = {"bench", "demo"}
"""What runs for a while when nothing is wrong: only its usage is tried."""
FINDINGS, USAGE = 1, 2


@dataclass(frozen=True)
class Bad:
    """A command line that must fail, and with which exit codes."""

    what: str
    arguments: tuple[str, ...]
    codes: frozenset[int]


def dummy(param: click.Parameter) -> tuple[str, ...]:
    """Something well formed for a required parameter, that nothing stands behind."""
    match param.type:
        case click.IntRange() as limits:
            value = str(limits.min or 1)
        case click.Choice() as choice:
            value = str(choice.choices[0])
        case click.Path():
            value = "nothing"
        case _ if param.type.name == "integer":
            value = "1"
        case _:
            value = "nothing"
    return (value,) if isinstance(param, click.Argument) else (param.opts[0], value)


def given(command: click.Command, without: click.Parameter | None = None) -> tuple[str, ...]:
    """All required parameters but one."""
    return tuple(word for p in command.params if p.required and p is not without for word in dummy(p))


def is_file(param: click.Parameter) -> bool:
    """Whether a parameter names a file to be read, of which not any will do."""
    if param.name in ("out", "target", "papers") or param.opts[0] == "--receipt":
        return False
    return isinstance(param.type, click.Path) or getattr(param, "metavar", None) == "FILE"


def bad(path: tuple[str, ...], command: click.Command) -> Iterator[Bad]:
    """What must fail; nothing here can succeed, whatever the command does."""
    any_of = frozenset(range(1, 70))
    yield Bad("unknown option", (*path, "--no-such-option"), frozenset({USAGE}))
    required = [param for param in command.params if param.required]
    for param in required:
        yield Bad(f"without {param.name}", (*path, *given(command, param)), frozenset({USAGE}))
    for param in command.params:
        rest = (*path, *given(command, param))
        wrong = "no such word" if isinstance(param.type, click.Choice) else "12x"
        typed = isinstance(param.type, click.Choice) or param.type.name in ("integer", "integer range")
        if typed:
            words = (wrong,) if isinstance(param, click.Argument) else (param.opts[0], wrong)
            yield Bad(f"{param.name} wrong", (*rest, *words), frozenset({USAGE}))
        if is_file(param) and path[0] not in LONG:
            for name in ("garbage", "huge", "folder", "nothing"):
                words = (name,) if isinstance(param, click.Argument) else (param.opts[0], name)
                needs_it_to_be = path != ("keys", "new") or name != "nothing"
                reads = param.name != "keys" or "signers" in {p.name for p in command.params}
                if needs_it_to_be and reads:
                    signer = ("--as", "chair") if param.name == "keys" else ()
                    yield Bad(f"{param.name} = {name}", (*rest, *words, *signer), any_of)
    if {"ledger", "signers"} <= {param.name for param in command.params}:
        yield Bad("foreign ledger", (*path, *given(command), "--ledger", "foreign.db", "--as", "chair"), any_of)
        yield Bad("a stranger signs", (*path, *given(command), "--as", "stranger"), any_of)


CASES = [(path, case) for path, command in TREE.items() for case in bad(path, command)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A ledger, another one of which only the database was copied, and files that are none of what is asked for."""
    with pytest.MonkeyPatch.context() as patch:
        desk = desk_in(tmp_path_factory.mktemp("tree"), patch)
        open_ledger(desk, patch)
        desk.ring("strange.ring", "stranger")
        patch.setenv("MINGZHANG_KEYS", os.pathsep.join(["keeper.ring", "officers.ring", "strange.ring"]))
        (desk.folder / "foreign.db").write_bytes((desk.folder / "ledger.db").read_bytes())
        (desk.folder / "garbage").write_bytes(GARBAGE)
        (desk.folder / "folder").mkdir()
        with (desk.folder / "huge").open("wb") as file:
            file.truncate(HUGE)
        yield desk


def check_refused(answer: Answer, codes: frozenset[int]) -> None:
    assert answer.code in codes, answer
    assert "Traceback" not in answer.err
    if answer.code == FINDINGS:
        assert answer.data["findings"], "the one message is a report with findings"
        return
    assert answer.error["text"]
    assert answer.error["rule"] != "cli.fault", answer.err
    assert len(answer.err.splitlines()) == 1, "exactly one message"


@pytest.mark.parametrize(("path", "case"), CASES, ids=[f"{' '.join(path)}: {case.what}" for path, case in CASES])
def test_a_bad_command_line_is_refused(path: tuple[str, ...], case: Bad, desk: Desk) -> None:
    before, there = desk.size(), set(desk.folder.iterdir())
    # Said yes to: what refuses has to be what the case is about.
    check_refused(said("--json", *agreeing(case.arguments)), case.codes)
    assert desk.size() == before, "the head moved"
    left = {file.name for file in set(desk.folder.iterdir()) - there}
    assert not {name for name in left if not name.startswith(("foreign.db", "nothing"))}, left


def test_every_command_has_cases() -> None:
    covered = {path for path, _case in CASES}
    assert covered == set(TREE)
    assert {path[0] for path in TREE} == set(GROUPS)


@pytest.mark.parametrize("path", TREE, ids=" ".join)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_has_help(path: tuple[str, ...], language: str) -> None:
    answer = said("--lang", language, *path, "--help")
    assert answer.code == 0, answer
    assert path[-1] in answer.out
    text = answer.out.partition("Options:" if language == "en" else "选项：")[0].partition("\n")[2]
    assert len(text.strip()) > 8, "a command without a sentence"


def test_the_same_file_twice_stands_once(desk: Desk, tmp_path: Path) -> None:
    waiting = str(tmp_path / "act.waiting")
    both = ("--as", "chair", "--as", "registrar")
    desk("people", "enter", "--nature", "office", "--title", "档案室", *both, "--out", waiting)
    first = desk("log", "submit", waiting).data
    size = desk.size()
    again = desk("log", "submit", waiting).data
    assert (again["seq"], again["again"], first["again"]) == (first["seq"], True, False)
    assert desk.size() == size


def test_a_ledger_is_opened_once(desk: Desk) -> None:
    size = desk.size()
    (desk.folder / "other.toml").write_text((desk.folder / "genesis.toml").read_text("utf-8").replace("示例", "另一"))
    signers = shlex.split("--as chair --as treasurer --as member --as registrar --as supervisor --as company")
    desk("community", "new", "other.toml", "--keeper", "keeper.ring", "--out", "other.waiting", *signers)
    assert desk("community", "open", "other.waiting", code=5).rule == "store.ledger_exists"
    assert desk.size() == size
