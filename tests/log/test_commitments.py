"""Where commitments stand follows from the models, and what is sealed is opened at admission, whatever its kind."""

from dataclasses import replace
from typing import Annotated, Any

import pytest

from ledger.books import GENESIS, KINDS, Books
from ledger.log import commitments
from ledger.log.act import Body, Commitment, Digest
from ledger.log.entry import Opening, Submission
from ledger.people import drafting
from ledger.store.admission import admit
from ledger.store.private import AUDIENCES
from tests.cli.life import life
from tests.community import key_of, refused_as, salt_of

SEALED = {
    "ledger.opened/1": {"persons": {"name": {}}},
    "person.entered/1": {"name": {}},
    "unit.entered/1": {"label": {}},
    "unit.changed/1": {"label": {}},
    "party.entered/1": {"name": {}},
    "bank.row/1": {"narration": {}},
    "meeting.called/1": {"motions": {"explanation": {}}},
    "ballot.cast/1": {"choices": {}},
    "objection.filed/1": {"text": {}},
    "objection.received/1": {"text": {}},
    "objection.answered/1": {"text": {}},
    "finding.answered/1": {"text": {}},
    "posting.seen/1": {"where": {}},
}
"""Every field of any machine behind which a private text lies."""


class Inner(Body):
    seen: Digest
    hidden: Commitment


class Outer(Body):
    one: Inner | None = None
    many: Annotated[tuple[Inner, ...], "marked"] = ()
    deep: tuple[tuple[Inner, ...], ...] = ()
    list: tuple[Commitment, ...] = ()
    plain: tuple[Digest, ...] = ()
    free: dict[str, Any] | None = None


def test_every_field_behind_which_a_text_lies_is_known_and_has_its_audience() -> None:
    found = {name: ways for name, kind in KINDS.items() if (ways := commitments.ways_of(kind.model))}
    assert found == SEALED
    last = {(kind, step) for kind, ways in found.items() for step in _leaves(ways)}
    assert last == set(AUDIENCES)


def _leaves(ways: Any, step: str = "") -> list[str]:
    return [leaf for name, further in ways.items() for leaf in _leaves(further, name)] if ways else [step]


def test_however_deep_it_lies() -> None:
    inner = {"seen": "s", "hidden": "h"}
    body = {
        "one": inner,
        "many": [inner, {"seen": "s"}],
        "deep": [[], [inner, inner]],
        "list": ["a", "b"],
        "plain": ["c"],
    }
    paths = ["one/hidden", "many/0/hidden", "deep/1/0/hidden", "deep/1/1/hidden", "list/0", "list/1"]
    assert commitments.find(Outer, body) == dict(zip(paths, ["h", "h", "h", "h", "a", "b"], strict=True))


@pytest.mark.parametrize("body", [{}, [], "x", {"one": "x", "many": 1, "deep": {"0": []}}, {"free": {"hidden": "h"}}])
def test_what_has_another_shape_has_none(body: Any) -> None:
    assert commitments.find(Outer, body) == {}


def sealed() -> list[Submission]:
    """The first of every kind in which something is sealed."""
    firsts: dict[str, Submission] = {}
    for step in life().steps:
        if step.submission.openings:
            firsts.setdefault(step.record.kind, step.submission)
    return list(firsts.values())


def test_each_of_them_is_missed_when_it_is_not_opened() -> None:
    tried = sealed()
    assert {one.record.kind for one in tried} >= set(SEALED) - {
        "ledger.opened/1",
        "party.entered/1",
        "meeting.called/1",
    }
    for one in tried:
        for opening in one.openings:
            with refused_as("opening.missing") as refusal:
                admit(Books(), [replace(one, openings=tuple(o for o in one.openings if o != opening))])
            assert refusal.value.value == opening.field


def test_the_name_of_a_founder_too() -> None:
    """He stands second, under a list; the office before him has a public title."""
    name, opening = drafting.seal("", GENESIS, "persons/1/name", "张三")
    persons = [{"nature": "office", "title": "社区"}, {"nature": "natural", "name": name}]
    record = drafting.draft("", GENESIS, {"persons": persons}, 0)
    one = Submission(record, drafting.sign(record, [key_of("zhang")]), (opening,))
    assert len(admit(Books(), [one], signed=False)) == 1
    with refused_as("opening.missing") as refusal:
        admit(Books(), [replace(one, openings=())], signed=False)
    assert refusal.value.value == "persons/1/name"


@pytest.mark.parametrize("field", ["nature", "name/0", "nothing", "", "key/public"])
def test_nothing_but_a_commitment_is_opened(field: str) -> None:
    one = next(one for one in sealed() if one.record.kind == "person.entered/1")
    with refused_as("opening.field"):
        admit(Books(), [replace(one, openings=(*one.openings, Opening(field, salt_of("x"), "y")))])


def test_nor_anything_where_nothing_is_sealed() -> None:
    one = next(step.submission for step in life().steps if step.record.kind == "key.revoked/1")
    with refused_as("opening.field"):
        admit(Books(), [replace(one, openings=(Opening("reason", salt_of("x"), "lost"),))])


def test_a_kind_that_this_machine_does_not_know_is_not_asked_for_openings() -> None:
    one = sealed()[0]
    with refused_as("kind.unknown"):
        admit(Books(), [replace(one, record=replace(one.record, kind="person.entered/9"))])
