"""``mingzhang private``: a list, an order that an officer signs, and then what it names is gone."""

import json
from pathlib import Path

from tests.cli.conftest import RINGS
from tests.cli.desk import Desk, said

BOTH = ("--as", "treasurer", "--as", "registrar")


def test_from_the_list_to_the_erasure(opened: Desk) -> None:
    entered = opened("people", "enter", "--nature", "natural", "--name", "要被删除的人名", *BOTH).data["record"]
    opened.file("letter.txt", "要被删除的信")
    letter = opened("account", "keep", "letter.txt").data
    digest = next(one for one in json.dumps(letter).split('"') if len(one) == 64)
    listed = opened("private", "list", "--text", entered, "--document", digest, "--out", "list.json").data
    assert listed == {"file": "list.json", "texts": 1, "documents": 1}
    assert "要被删除" not in Path("list.json").read_text("utf-8")
    order = opened(
        "account", "document", "--kind", "letter", "--subject", "删除", "--original", "@list.json", "--as", "treasurer"
    ).data["record"]
    dry = opened("private", "erase", order, "--dry-run", yes=False).data["private"]
    assert [(one["kind"], one["record"], one["field"], one["erased_by"]) for one in dry] == [
        ("person.entered/1", entered, "name", ""),
        ("document", digest, "", ""),
    ]
    with opened.store() as store:
        assert store.opening(entered, "name").value == "要被删除的人名"
    # Nobody at a terminal, and nobody said yes: nothing goes.
    assert opened("private", "erase", order, yes=False, code=4).rule == "cli.nobody_to_ask"
    assert opened("private", "erase", order).data == {"erased": 2, "order": order}
    assert opened("private", "erase", order).data["erased"] == 0
    assert [one["erased_by"] for one in opened("private", "erase", order, "--dry-run").data["private"]] == [order] * 2
    with opened.store() as store:
        assert store.openings(entered) == ()


def test_a_list_names_what_is_there_and_overwrites_nothing(opened: Desk) -> None:
    assert opened("private", "list", "--text", "00" * 32, "--out", "list.json", code=6).rule == "private.unknown"
    assert opened("private", "list", "--out", "list.json", code=3).rule == "erasure.list"
    assert opened("private", "list", "--text", "zz/name", "--out", "list.json", code=3).rule == "erasure.list"
    assert not Path("list.json").exists()
    opened("private", "list", "--document", "00" * 32, "--out", "list.json")
    assert opened("private", "list", "--document", "00" * 32, "--out", "list.json", code=5).rule == "cli.file_exists"


def test_an_order_is_shown_before_it_is_followed(opened: Desk) -> None:
    entered = opened("people", "enter", "--nature", "natural", "--name", "张三", *BOTH).data["record"]
    opened("private", "list", "--text", f"{entered}/name", "--out", "list.json")
    opened(
        "account", "document", "--kind", "letter", "--subject", "删除", "--original", "@list.json", "--as", "treasurer"
    )
    shown = said("--lang", "en", "private", "erase", str(opened.size() - 1), "--yes", "--keys", RINGS.split(":")[0])
    assert shown.code == 0, shown
    assert entered in shown.out
