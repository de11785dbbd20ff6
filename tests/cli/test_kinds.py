"""Every kind of record has its place in the tree, its words in both languages, and an example that its command reads."""

import shlex

import click
import pytest

from ledger import words
from ledger.books import KINDS
from ledger.cli import acts, bodies
from ledger.cli.app import root
from ledger.cli.examples import EXAMPLES
from ledger.log.act import read_body
from ledger.people import drafting
from tests.cli.tree import TREE
from tests.community import digest_of

OUR_GROUPS = {"community", "people", "units", "account", "deposit", "withdraw", "meeting", "ballot", "log"}
MADE_OTHERWISE = {"units.closed/1", "bank.confirmed/1", "statement.published/1", "account.opened/1"}
"""Kinds of whose body the command computes a part; of the others the example is held against the model."""


def test_every_kind_has_its_command() -> None:
    assert acts.missing() == []
    assert set(acts.PATHS) == set(KINDS)
    assert [kind for kind, path in acts.PATHS.items() if path not in TREE] == []


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_title_and_help(kind: str, locale: str) -> None:
    name = kind.partition("/")[0]
    assert words.has(f"kind.{name}.title", locale)
    assert words.has(f"kind.{name}.help", locale)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_example_that_its_command_reads(kind: str) -> None:
    command = TREE[acts.PATHS[kind]]
    example = EXAMPLES.get(kind) or getattr(command, "example", "")
    assert example, "no example"
    with root().make_context("mingzhang", ["--json"]) as parent:
        context = command.make_context(acts.PATHS[kind][1], shlex.split(example), parent=parent)
    if kind not in EXAMPLES or kind in MADE_OTHERWISE:
        return
    body = read_example(kind, context)
    read_body(KINDS[kind].model, body, kind)


def read_example(kind: str, context: click.Context) -> dict[str, object]:
    """The body that the example makes; every entry that it names stands for some record."""
    fields = KINDS[kind].model.model_fields
    typed = {
        name: bodies.from_option(fields[name].annotation, value)
        for name, value in context.params.items()
        if name in fields and value not in (None, ())
    }
    given = bodies.fill(KINDS[kind], typed, lambda seq: digest_of(str(seq)))
    body = dict(given.body)
    for place in given.private:
        body = drafting.with_value(body, place.split("/"), digest_of(place))
    if context.params.get("key_label"):
        body["key"] = {"alg": "ed25519", "public": "A" * 43 + "="}
    return body


@pytest.mark.parametrize("path", TREE, ids=" ".join)
def test_every_option_says_what_it_is(path: tuple[str, ...]) -> None:
    if path[0] in OUR_GROUPS:
        options = [param for param in TREE[path].params if isinstance(param, click.Option)]
        assert [option.name for option in options if not option.help] == []


def test_no_example_is_of_a_kind_that_is_not_there() -> None:
    assert set(EXAMPLES) <= set(KINDS)
