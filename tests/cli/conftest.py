"""Desks for tests of the command line."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.desk import Desk, desk_in


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An empty desk."""
    return desk_in(tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with an opened ledger, made once: see :func:`open_ledger`."""
    with pytest.MonkeyPatch.context() as patch:
        desk = desk_in(tmp_path_factory.mktemp("template"), patch)
        open_ledger(desk, patch)
        return desk


@pytest.fixture
def opened(template: Desk, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with a ledger of one's own that was just opened."""
    shutil.copytree(template.folder, desk.folder, dirs_exist_ok=True)
    desk.time = template.time
    monkeypatch.setenv("MINGZHANG_KEYS", RINGS)
    return desk


RINGS = os.pathsep.join(["keeper.ring", "officers.ring"])
GENESIS = """
name = "示例小区"
origin = "example.org/desk"
profile = "civil-code-2021"
[units]
count = 4
area = "400.00"
source = "@survey.txt"
{persons}
[[bylaws]]
document = "@rules.txt"
clauses = [{{ name = "phone_vote", place = "第十二条" }}]
"""
OFFICERS = {
    "chair": ("chair", "committee"),
    "treasurer": ("treasurer", "committee"),
    "member": ("member", "committee"),
    "registrar": ("registrar", "residents_committee"),
    "supervisor": ("supervisor", "supervisors"),
    "company": ("company", "company"),
}


def description(**other: str) -> str:
    """A genesis of six officers, the first a natural person."""
    persons = []
    for label, (role, body) in OFFICERS.items():
        named = 'nature = "natural"\nname = "张三"' if label == "chair" else f'nature = "office"\ntitle = "{label}"'
        held = f'roles = [{{ role = "{role}", body = "{body}", start = 2026-01-01, end = 2030-12-31 }}]'
        persons.append(f'[[persons]]\n{named}\nkey_label = "{label}"\n{held}')
    return GENESIS.format(persons="\n".join(persons))


def open_ledger(desk: Desk, patch: pytest.MonkeyPatch) -> None:
    """Open a ledger by the commands a keeper uses; all officers' keys lie in one ring."""
    desk.file("survey.txt", "4 套，400.00 平方米")
    desk.file("rules.txt", "第十二条 可以用手机投票。")
    desk.file("genesis.toml", description())
    desk.ring("officers.ring", *OFFICERS)
    signing = [part for label in OFFICERS for part in ("--as", label)]
    desk(
        "community", "new", "genesis.toml", "--keeper", "keeper.ring", "--out", "genesis.waiting",
        "--keys", "officers.ring", *signing[:4],
    )  # fmt: skip
    desk.weaken("keeper.ring")
    patch.setenv("MINGZHANG_KEYS", RINGS)
    desk("keys", "sign", "genesis.waiting", *signing[4:])
    desk("community", "open", "genesis.waiting")
