"""Every command for programs: one JSON object on standard output, nothing else, and the same exit codes as for people."""

import json
import shutil
from collections.abc import Iterator, Mapping

import pytest

from tests.cli.conftest import RINGS
from tests.cli.desk import Desk, desk_in, said
from tests.cli.test_year import money, settle, vote
from tests.cli.tree import GROUPS, TREE

ELSEWHERE = {("verify",), ("audit", "run"), ("audit", "report"), ("audit", "pack"), ("serve",), ("bench",), ("demo",)}
"""Read as JSON by tests of their own."""
READING: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("account", "list"): (), ("account", "vouchers"): (), ("account", "keep"): ("survey.txt",), ("ballot", "receipt"): ("a1", "--out", "again.json"),
    ("bank", "preview"): ("bank.csv", "--account", "main", "--start", "2026-01-01", "--end", "2026-01-06"), ("bank", "suspense"): (),
    ("bundle", "write"): ("out",), ("bundle", "page"): ("pages",), ("bundle", "beancount"): ("b.beancount",), ("bundle", "hledger"): ("h.journal",),
    ("community", "show"): (), ("keys", "list"): ("officers.ring",), ("keys", "new"): ("new.ring", "--label", "x"),
    ("keys", "show"): ("officers.ring", "--label", "chair"), ("log", "show"): (), ("log", "entries"): (), ("log", "entry"): ("0",),
    ("log", "checkpoint"): (), ("log", "publish"): (), ("meeting", "list"): (), ("meeting", "show"): (), ("meeting", "turnout"): (),
    ("audit", "checks"): (), ("objection", "list"): (),
    ("private", "list"): ("--document", "00" * 32, "--out", "list.json"),
    ("people", "list"): (), ("proof", "receipt"): ("1", "--out", "one.json"), ("proof", "inclusion"): ("1",), ("proof", "consistency"): ("1", "2"),
    ("statement", "draft"): (), ("statement", "render"): ("2026H1", "wall"), ("statement", "message"): ("2026H1",), ("units", "list"): (),
    ("withdraw", "list"): (), ("meeting", "print"): ("wall", "--meeting", "0"), ("statement", "print"): ("2026H1", "wall", "--place", "lobby"),
}  # fmt: skip
"""Every command that asks nothing, as it is typed here."""
REFUSED_HERE = {
    ("meeting", "show"), ("meeting", "turnout"), ("ballot", "receipt"), ("statement", "render"),
    ("statement", "message"), ("statement", "print"), ("meeting", "print"),
}  # fmt: skip
"""No meeting is under way and no half-year is over: one JSON object says so on standard error."""
BANK = "账号,尾号8816\n交易日期,借方发生额/元(支取),贷方发生额/元(收入),余额,对方户名,摘要\n20260105,,8.12,10008.12,,结息\n"


@pytest.fixture(scope="module")
def desk(template: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One ledger for all: nothing is entered by what is tried here."""
    with pytest.MonkeyPatch.context() as patch:
        made = desk_in(tmp_path_factory.mktemp("json"), patch)
        shutil.copytree(template.folder, made.folder, dirs_exist_ok=True)
        made.time = template.time
        patch.setenv("MINGZHANG_KEYS", RINGS)
        settle(made)
        money(made)
        vote(made)
        made.file("bank.csv", BANK)
        yield made


def test_every_command_that_asks_nothing_is_tried() -> None:
    asking = {path for path, command in TREE.items() if any("--yes" in param.opts for param in command.params)}
    assert set(READING) | ELSEWHERE | asking == set(TREE)


@pytest.mark.parametrize("path", READING, ids=" ".join)
def test_it_answers_with_one_json_object(path: tuple[str, ...], desk: Desk) -> None:
    answer = said(*path, *READING[path], "--json")
    if path in REFUSED_HERE:
        assert answer.out == ""
        assert set(json.loads(answer.err)) == {"error"}
        assert answer.code in (3, 4, 6)
        return
    assert (answer.code, answer.err) == (0, "")
    assert isinstance(json.loads(answer.out), dict)


@pytest.mark.parametrize("group", ["", *(group for group in GROUPS if (group,) not in TREE)])
def test_a_group_without_a_command_answers_a_program_in_json(group: str) -> None:
    answer = said("--json", *([group] if group else []))
    assert answer.code == 2
    assert json.loads(answer.err)["error"]["rule"] == "cli.usage"
