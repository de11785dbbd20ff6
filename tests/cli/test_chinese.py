"""Chinese is Chinese throughout, and English English: help pages, wrong usage, questions, what commands answer.

What a person types stays as it is typed, and files, keys of settings and names of formats keep their names; everything else
on a Chinese page is Chinese. The whole tree is walked, so a command that is added is held to it too.
"""

import re
import shutil
from collections.abc import Iterator

import click
import pytest

from ledger.cli import helping
from tests.cli.conftest import RINGS
from tests.cli.desk import Answer, Desk, desk_in, said
from tests.cli.test_year import BOTH, money, settle, vote
from tests.cli.tree import GROUPS, TREE

FORMATS = {
    "JSON", "TOML", "CSV", "HTML", "PDF", "SHA-256", "UTF-8", "GB18030", "beancount", "hledger", "bench", "base64", "hex", "zip",
    "P-256", "ed25519",
}  # fmt: skip
"""Names of formats and of programs: they have no others."""
ANSWERS = {"yes", "no", "abstain", "proven", "unproven", "notice", "roll", "result", "certificate"}
"""Words that are typed, with what they mean said in the sentence."""
TYPED = re.compile(
    r"(?<![\w-])--?[a-z][a-z-]*|@\S+|`[^`]*`|MINGZHANG_[A-Z]+|[\w./-]+\.(?:db|json|toml|ring|csv|waiting|zip|py)\b|\.zip|20\d\dH\d|\bzh\|en\b"
)
"""What is typed as it stands."""
CODE = re.compile(r"[a-z][a-z0-9_]*\s*（[^（）]*(?:（[^）]*）)?[^）]*）")
"""A code with its meaning beside it."""
HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]+")
PAGES = [*TREE, *((group,) for group in GROUPS if (group,) not in TREE), ()]


def english(text: str, allowed: set[str]) -> list[str]:
    """The English words of a Chinese text that are neither typed nor names of formats."""
    left = CODE.sub(" ", TYPED.sub(" ", text))
    return [word for word in WORD.findall(left) if word not in allowed]


def typed_of(path: tuple[str, ...]) -> set[str]:
    """Words that belong to a command itself: its path, its example, the commands in it."""
    command = TREE.get(path)
    example = getattr(command, "example", "")
    names = {name for other in TREE for name in other} | {"mingzhang"}
    return names | set(WORD.findall(example)) | FORMATS | ANSWERS


@pytest.mark.parametrize("path", PAGES, ids=lambda path: " ".join(path) or "root")
def test_a_chinese_help_page_has_no_english(path: tuple[str, ...]) -> None:
    page = said("--lang", "zh", *path, "--help").out
    example = getattr(TREE.get(path), "example", "")
    assert page.startswith("用法：")
    assert english(" ".join(page.split()).replace(" ".join(example.split()), ""), typed_of(path)) == []
    assert "option." not in page
    assert "field." not in page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: " ".join(path) or "root")
def test_an_english_help_page_has_no_chinese_but_in_its_example(path: tuple[str, ...]) -> None:
    page = " ".join(said("--lang", "en", *path, "--help").out.split())
    example = getattr(TREE.get(path), "example", "")
    assert page.startswith("Usage: mingzhang")
    assert HAN.findall(page.replace(" ".join(example.split()), "")) == []


def wrong() -> Iterator[tuple[str, ...]]:
    """One wrong command line of each sort for every command."""
    for path, command in TREE.items():
        yield (*path, "--nichts")
        yield (*path, *["zuviel"] * 9)
        for param in command.params:
            number = isinstance(param.type, click.types.IntParamType)
            if isinstance(param, click.Option) and not param.is_flag:
                yield (*path, param.opts[0])
                if isinstance(param.type, click.Choice) or number:
                    yield (*path, param.opts[0], "zuviel")
            if param.required:
                yield path
    yield ("nichts",)
    yield ("deposit", "nichts")


@pytest.mark.parametrize("line", list(dict.fromkeys(wrong())), ids=" ".join)
def test_wrong_usage_is_told_in_chinese(line: tuple[str, ...]) -> None:
    answer = said("--lang", "zh", *line)
    if answer.code != 2:
        return  # nine words too many are no mistake where any number may be given
    told = answer.err.replace("[cli.usage]", "")
    assert len(told.strip().splitlines()) == 1
    assert english(told, typed_of(line[:2]) | {"nichts", "zuviel"} | names_of(line)) == []
    assert HAN.search(told)
    assert HAN.findall(CODE.sub(" ", said("--lang", "en", *line).err)) == []


def names_of(line: tuple[str, ...]) -> set[str]:
    """The parameters of a line's command, as click names them."""
    command = TREE.get(line[:2]) or TREE.get(line[:1])
    return (
        set()
        if command is None
        else {word for p in command.params for word in (*p.opts, p.name or "", (p.name or "").upper())}
    )


@pytest.mark.parametrize("columns", [40, 80])
def test_lines_fit_the_terminal(columns: int) -> None:
    text = (
        "收款（入账）：收到的款、付款方扣下的部分及凭据，写 service_fee 或 common_income；sum 不超过 1,000.00 元。" * 3
    )
    lines = list(helping.folded(text, columns))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(helping.width, lines)) <= columns + 2
    assert not [line for line in lines if line[0] in "，。；：、）"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_fit_eighty_columns(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for path in PAGES:
        example = getattr(TREE.get(path), "example", "")
        for line in said("--lang", language, *path, "--help").out.splitlines():
            assert helping.width(line) <= 80 or (example and example in line), line


def test_a_new_passphrase_is_asked_twice_in_chinese(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINGZHANG_PASSPHRASE")
    asked: list[str] = []
    given = iter(["correct horse battery", "korrect horse battery", *["correct horse battery"] * 2])

    def prompt(text: str, **_: object) -> str:
        asked.append(text)
        return next(given)

    monkeypatch.setattr(click, "prompt", prompt)
    answer: Answer = said("--lang", "zh", "keys", "new", "my.ring", "--label", "x")
    assert answer.code == 0
    assert "两次输入的口令不一样" in answer.err
    assert len(asked) == 4
    assert all(HAN.search(text) for text in asked)


SHOWN = (
    ("log", "show"), ("log", "entries"), ("people", "list"), ("units", "list"), ("account", "list"), ("account", "vouchers"),
    ("meeting", "list"), ("withdraw", "list"), ("bank", "suspense"), ("keys", "list", "officers.ring"),
    ("keys", "show", "officers.ring", "--label", "chair"),
)  # fmt: skip
NAMES = {"example", "org", "desk", "main", "lift", "chair", "treasurer", "registrar", "member", "supervisor", "company", "flat",
         "civil-code-2021", "b1", "s1", "a1", "a2", "a3", "a4", "common_income", "service_fee"}  # fmt: skip
"""What this ledger calls its own things."""


@pytest.mark.parametrize("command", SHOWN, ids=" ".join)
def test_what_is_answered_in_chinese_has_no_english_but_codes_with_their_meaning(
    command: tuple[str, ...], whole: Desk
) -> None:
    answer = whole("--lang", "zh", *command, as_json=False).out
    assert HAN.search(answer)
    plain = re.sub(r"[0-9a-f]{64}|[A-Za-z0-9+/]{20,}=?|\d\d\d\d-\d\d-\d\dT\S+|\w+(?:\.\w+)*/1", " ", answer)
    assert english(plain, FORMATS | NAMES) == []


@pytest.fixture(scope="module")
def made(template: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A ledger with people, units, money and a meeting, which nobody changes."""
    with pytest.MonkeyPatch.context() as patch:
        desk = desk_in(tmp_path_factory.mktemp("whole"), patch)
        shutil.copytree(template.folder, desk.folder, dirs_exist_ok=True)
        desk.time = template.time
        patch.setenv("MINGZHANG_KEYS", RINGS)
        settle(desk)
        money(desk)
        vote(desk)
    return desk


@pytest.fixture
def whole(made: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """That ledger, and a reader in front of it."""
    desk = desk_in(made.folder, monkeypatch)
    desk.time = made.time
    monkeypatch.setenv("MINGZHANG_KEYS", RINGS)
    return desk


def test_a_receipt_of_an_act_is_told_by_labels(opened: Desk) -> None:
    answer = opened("--lang", "zh", "account", "adopt-chart", *BOTH, as_json=False).out
    assert [line.split()[0] for line in answer.splitlines()] == ["存证序号", "签名记录", "种类", "以前交过"]
    assert "chart.adopted/1（采用科目表）" in answer
    assert answer.splitlines()[-1].endswith("否")
