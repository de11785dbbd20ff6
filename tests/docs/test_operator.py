"""What an operator copies from the documents and the container's files exists: settings, commands, rules."""

import re
from dataclasses import fields

import pytest

from api.settings import Settings, variable
from ledger import words
from ledger.cli import session
from ledger.watch import witness
from tests.cli.tree import TREE
from tests.docs.tables import ROOT

VARIABLES = {variable(one.name) for one in fields(Settings)} | {
    session.LEDGER,
    session.KEYS,
    session.PASSPHRASE,
    witness.VARIABLE,
}
FILES = ("Dockerfile", "compose.yaml", "docs/operator.md", "docs/operator.zh.md", "docs/service.md")


@pytest.mark.parametrize("name", FILES)
def test_settings_and_commands_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert set(re.findall(r"MINGZHANG_[A-Z_]*[A-Z]", text)) - VARIABLES == set()
    groups = {path[0] for path in TREE}
    for group, command in re.findall(r"`(?:mingzhang )?([a-z]+) ([a-z-]+)[^`]*`", text):
        if group in groups and (group,) not in TREE:
            assert (group, command) in TREE, (group, command)


@pytest.mark.parametrize("name", ["docs/operator.md", "docs/operator.zh.md"])
def test_rules_have_their_texts(name: str) -> None:
    rules = re.findall(r"`((?:headguard|clock)\.[a-z_]+)`", (ROOT / name).read_text("utf-8"))
    assert len(rules) > 4
    assert [rule for rule in rules if not words.has(f"error.{rule}", "zh_CN")] == []


def test_the_container_writes_nowhere_but_where_it_says() -> None:
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    docker = (ROOT / "Dockerfile").read_text("utf-8")
    assert "read_only: true" in compose
    assert 'volumes: ["data:/data"]' in compose
    assert re.search(r"^USER 10001$", docker, re.M)
    assert docker.index("USER 10001") < docker.index("ENTRYPOINT")
    assert "--require-hashes" in docker
    assert "://" not in docker.replace("http://127.0.0.1", "")


def test_the_container_gets_what_it_installs_and_no_more() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").split()
    wanted = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
        for name in line.split()
    }
    assert {line[1:] for line in lines if line.startswith("!")} == wanted
    assert lines[0] == "*"
