"""Nothing is signed or entered that was not shown in plain words and said yes to; no command of the tree is an exception."""

import ast
import json
import os
import pty
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ledger
from ledger import words
from ledger.books import KINDS
from ledger.cli import acts, consent
from ledger.log.act import Body
from ledger.paper import fields
from tests.cli.desk import Desk, said
from tests.cli.test_year import BOTH, money, settle
from tests.cli.tree import TREE
from tests.community import profile_with

ENTER = ("people", "enter", "--nature", "natural", "--name", "李四", *BOTH)
WITHOUT_QUESTION = {
    ("log", "publish"): "signs the head that the log has anyway, as every command that wrote does before it ends",
    ("account", "keep"): "keeps papers beside the ledger and enters nothing",
}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody at the terminal: what he answers to the next questions."""
    given: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return given.pop(0)

    monkeypatch.setattr(consent, "attended", lambda: True)
    monkeypatch.setattr(consent, "answered", answer)
    asked.clear()
    return given


asked: list[str] = []
"""What was asked last."""


def test_every_command_that_signs_or_enters_asks() -> None:
    asking = {path for path, command in TREE.items() if any("--yes" in param.opts for param in command.params)}
    signing = {
        path for path, command in TREE.items() if any(param.name in ("signers", "signer") for param in command.params)
    }
    assert signing <= asking
    assert asking - signing == {
        ("community", "open"),
        ("log", "submit"),
        ("log", "restore-guard"),
        ("private", "erase"),
    }
    assert set(acts.PATHS.values()) <= asking
    house = Path(ledger.__file__).parent / "cli"
    writing = {
        file.stem for file in house.glob("*.py") if re.search(r"\.writing\(\)|Store\.create", file.read_text("utf-8"))
    }
    assert writing <= {path[0] for path in asking} | {path[0] for path in WITHOUT_QUESTION} | {
        "acts",
        "session",
        "specimen",
    }


def test_a_person_s_key_signs_in_one_place() -> None:
    def signs(file: Path) -> bool:
        calls = (node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
        named = (ast.unparse(func) for func in calls)
        return any(name in ("drafting.sign", "drafting.sign_batch") for name in named)

    found = {file.name for file in (Path(ledger.__file__).parent / "cli").glob("*.py") if signs(file)}
    assert found == {"session.py", "specimen.py"}, "the specimen is measured, nobody's"


def test_without_a_terminal_and_without_yes_nothing_is_signed(opened: Desk) -> None:
    size = opened.size()
    opened("people", "enter", "--nature", "office", "--title", "档案室", *BOTH, "--out", "wait.ing")
    before = Path("wait.ing").read_bytes()
    for command in (
        ENTER,
        ("keys", "sign", "wait.ing", "--as", "treasurer"),
        ("log", "submit", "wait.ing"),
        ("account", "adopt-chart", *BOTH),
        ("statement", "publish", "--as", "chair"),
        ("log", "restore-guard", "--size", "1", "--root", "00" * 32),
    ):
        refused = opened(*command, yes=False, code=4)
        if refused.rule not in ("statement.period_over", "books.not_open"):
            assert (refused.rule, refused.error["accepted"]) == ("cli.nobody_to_ask", "--yes")
    assert Path("wait.ing").read_bytes() == before
    assert opened.size() == size
    assert "--dry-run" in said("--lang", "en", *ENTER).err


def test_what_is_shown_is_asked_and_a_no_signs_nothing(opened: Desk, answers: list[str]) -> None:
    size = opened.size()
    for answer in ("", "n", "nein", "不"):
        answers.append(answer)
        shown = opened(*ENTER, yes=False, as_json=False, code=130)
        assert "登记人员（person.entered/1）" in shown.err
        assert "姓名：李四（密封，账上只留指纹）" in shown.err
        assert "类别或性质：natural（自然人）" in shown.err
        assert "chair, registrar" in asked[-1]
    assert opened.size() == size
    for answer in ("y", "是", " YES "):
        answers.append(answer)
        opened(*ENTER, yes=False, as_json=False)
    assert opened.size() == size + 3


def test_what_a_rule_refuses_is_refused_before_anybody_is_asked(opened: Desk, answers: list[str]) -> None:
    refused = said("--lang", "en", "deposit", "record", "--account", "main", "--on", "2026-01-04", "--fund", "common_income",
                   "--category", "rent", "--nature", "income", "--gross", "1", "--net", "1", "--as", "treasurer")  # fmt: skip
    assert refused.code == 6 or refused.code == 4
    assert asked == []


def test_a_trial_is_shown_and_not_asked(opened: Desk, answers: list[str]) -> None:
    shown = opened(*ENTER, "--dry-run", yes=False, as_json=False)
    assert "李四" in shown.err
    assert asked == []


def test_a_batch_is_shown_record_by_record_with_its_sums(opened: Desk, answers: list[str]) -> None:
    money(opened)
    opened.file(
        "bank.csv",
        "账号,尾号8816\n交易日期,借方发生额/元(支取),贷方发生额/元(收入),余额,对方户名,摘要\n"
        "20260105,,8.12,10008.12,,结息\n20260106,,500.00,10508.12,王五,转账\n20260106,100.00,,10408.12,电梯公司,转账\n",
    )
    opened.advance(days=3)
    answers.append("y")
    take = ("bank", "import", "bank.csv", "--account", "main", "--start", "2026-01-01", "--end", "2026-01-06")
    shown = opened(*take, "--as", "treasurer", yes=False, as_json=False).err
    assert len(re.findall(r"^第\d件/共4件：", shown, re.MULTILINE)) == 4
    assert "金额：500.00 元" in shown
    assert "金额：-100.00 元" in shown
    assert "2 笔金额合计：508.12 元" in shown
    assert "1 笔付出合计：100.00 元" in shown
    assert "资金：common_income（公共收益）" in shown
    assert len(asked) == 1


def test_who_approves_sees_whom_he_pays(opened: Desk, answers: list[str]) -> None:
    from tests.cli.test_year import vote

    settle(opened)
    money(opened)
    vote(opened)
    motion = next(m["meeting"] for m in opened("meeting", "list").data["meetings"] if m["standing"] == "passed")
    asking = opened(
        "withdraw", "apply", "--party", "lift", "--fund", "service_fee", "--category", "lift", "--nature", "expense",
        "--purpose", "二月电梯维保", "--stages", '[{"amount": "567.00"}]', "--as", "company",
    ).data["seq"]  # fmt: skip
    proposal = opened(
        "withdraw", "propose", "--application", str(asking), "--account", "main",
        "--basis", json.dumps({"motion": motion, "line": "lift"}), "--as", "treasurer",
    ).data["seq"]  # fmt: skip
    answers.append("y")
    shown = opened("withdraw", "approve", "--proposal", str(proposal), "--as", "chair", yes=False, as_json=False).err
    for told in (
        "lift（电梯公司）",
        "567.00 元",
        "二月电梯维保",
        "2026年电梯维保预算",
        f"第{proposal}号",
        f"第{asking}号",
    ):
        assert told in shown


def test_a_voter_sees_what_he_answers_to(opened: Desk, answers: list[str]) -> None:
    from tests.cli.test_year import MEETING

    settle(opened)
    money(opened)
    opened.file("motion.txt", "电梯维保预算全文")
    opened.file("meeting.toml", MEETING)
    opened("meeting", "call", "meeting.toml", "--as", "chair")
    opened("meeting", "post-notice", "--places", "3", "--as", "chair")
    opened.advance(days=16)
    opened("meeting", "freeze-roll", *BOTH)
    opened("meeting", "open", "--as", "chair")
    opened.advance(days=12)
    answers.append("是")
    own = ("--keys", "keeper.ring", "--keys", "owners.ring")
    shown = opened("ballot", "cast", "同意", "弃权", "--as", "li", *own, yes=False, as_json=False).err
    assert "选择：同意、弃权（密封，账上只留指纹）" in shown
    assert shown.index("2026年电梯维保预算") < shown.index("更换门禁系统")


def models(model: type[Body]) -> Iterator[tuple[str, object]]:
    """Every field of a body and of what stands in it, with its type."""
    for name, info in model.model_fields.items():
        yield from typed(name, info.annotation)


def typed(name: str, annotation: object) -> Iterator[tuple[str, object]]:
    from typing import get_args, get_origin

    inner = fields.inner_type(annotation)
    yield name, inner
    if get_origin(inner) is tuple:
        yield from typed(name, get_args(inner)[0])
    elif isinstance(inner, type) and issubclass(inner, Body):
        yield from models(inner)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_field_has_a_label_and_every_code_a_meaning(locale: str) -> None:
    from typing import Literal, get_args, get_origin

    from ledger.paper.plain import meaning

    found = [
        pair for model in (*(kind.model for kind in KINDS.values()), *fields.EFFECTS.values()) for pair in models(model)
    ]
    assert {name for name, _ in found if not words.has(f"field.{name}", locale)} == set()
    codes = {(name, code) for name, inner in found if get_origin(inner) is Literal for code in get_args(inner)}
    assert len(codes) > 80
    assert {pair for pair in codes if not meaning(*pair, locale)} == set()


def test_on_a_real_terminal_the_question_waits_for_an_answer(opened: Desk) -> None:
    """The whole way, in a process of its own behind a pseudo-terminal: shown, asked, answered."""
    opened("people", "enter", "--nature", "office", "--title", "档案室", "--as", "chair", "--out", "wait.ing")
    before = Path("wait.ing").read_bytes()
    for answer, signed in (("\n", False), ("y\n", True)):
        child, terminal = pty.fork()
        if child == 0:  # pragma: no cover - the child is another program at once
            line = "from ledger.cli import main; import sys; sys.argv[0] = 'mingzhang'; main()"
            arguments = ["--lang", "en", "keys", "sign", "wait.ing", "--as", "registrar"]
            os.execv(sys.executable, [sys.executable, "-c", line, *arguments])
        seen = b""
        while b"to leave it:" not in seen:
            seen += os.read(terminal, 4096)
        os.write(terminal, answer.encode())
        while True:
            try:
                more = os.read(terminal, 4096)
            except OSError:  # what a terminal whose last process ended says on Linux
                break
            if not more:
                break
            seen += more
        _, status = os.waitpid(child, 0)
        os.close(terminal)
        assert "public title: 档案室" in seen.decode()
        assert (os.waitstatus_to_exitcode(status) == 0) is signed
        assert (Path("wait.ing").read_bytes() != before) is signed


def test_a_long_text_is_told_by_its_name_or_line_by_line_behind_a_bar(opened: Desk, answers: list[str]) -> None:
    opened.file("minutes.txt", "会议记录")
    shown = opened("community", "adopt-calendar", "2026", *BOTH, "--dry-run", yes=False, as_json=False).err
    assert "文字：2026（随程序提供，一字不差；指纹" in shown
    adopt = ("community", "adopt-profile", "--source", "@minutes.txt", *BOTH, "--dry-run")
    opened.file("own.toml", profile_with("notice.regular", '"14d"') + "\n# 本件指纹：无\n")
    told = opened(*adopt, "@own.toml", yes=False, as_json=False).err
    assert "    │ # 本件指纹：无\n" in told
    assert len(re.findall(r"^ *本件指纹：", told, re.MULTILINE)) == 1
