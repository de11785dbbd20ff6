"""Tables: every mistake with its line, nothing entered unless all is well, batches of at most 512 in one ceremony each."""

from pathlib import Path

import pytest

from ledger.cli import session
from ledger.log import merkle
from tests.cli.desk import Desk
from tests.cli.test_year import BOTH, settle

HEADER = "label,building,stack,use,area,counts_area,counts_head,owners,code\n"


def problems(answer: object) -> list[tuple[int, str]]:
    """(line, rule) of every mistake."""
    told = answer.error["context"]["problems"]  # type: ignore[attr-defined]
    return [(one["value"], one["context"]["problems"][0]["rule"]) for one in told]


def test_all_mistakes_are_told_with_their_lines_and_nothing_is_entered(opened: Desk) -> None:
    opened.file(
        "units.csv",
        HEADER + "101,b1,,flat,100.00,,,,a1\n"
        "102,b1,,castle,100.00,,,,a2\n"
        "\n"
        "103,b1,,flat,89.555,,,,a3\n"
        "104,b1,,flat,100.00,perhaps,,,a4\n"
        ",b1,,flat,100.00,,,,a5\n"
        "106,b1,,flat,100.00,,,nobody,a6\n"
        "107,b1,,flat,100.00,,,,a1\n",
    )
    size = opened.size()
    answer = opened("units", "import", "units.csv", *BOTH, code=4)
    assert answer.rule == "cli.lines"
    assert sorted(problems(answer)) == [
        (3, "record.body"),
        (5, "money.decimals"),
        (6, "cli.flag"),
        (7, "cli.cell_missing"),
        (8, "person.unknown"),
        (9, "unit.entered_before"),
    ]
    assert opened.size() == size
    plain = opened("units", "import", "units.csv", *BOTH, code=4, as_json=False)
    assert plain.err.count("第 5 行") == 1


def test_a_list_is_compared_with_what_the_genesis_expects(opened: Desk) -> None:
    opened.file("units.csv", HEADER + "101,b1,,flat,100.00,,,,a1\n")
    answer = opened("units", "import", "units.csv", *BOTH, code=4)
    assert (answer.rule, answer.error["value"], answer.error["accepted"]) == (
        "cli.units_not_whole",
        "1, 100.00",
        "4, 400.00",
    )


def test_a_list_in_two_parts(opened: Desk) -> None:
    opened.file("one.csv", HEADER + "101,b1,,flat,100.00,,,,a1\n102,b1,,flat,100.00,是,是,,a2\n")
    opened.file(
        "two.csv", HEADER + "103,b1,,flat,150.00,,,,a3\n104,b1,,flat,50.00,,,,\n105,b2,,parking,12.00,no,no,,p1\n"
    )
    assert opened("units", "import", "one.csv", "--partial", *BOTH).data["units"] == 2
    assert opened("units", "list").data["units"] == []
    told = opened("units", "import", "two.csv", "--partial", *BOTH).data
    assert (told["units"], told["area"]) == (5, "400.00"), "what counts for nothing is a unit without area"
    opened("units", "close", *BOTH)
    listed = opened("units", "list", "--labels").data["units"]
    assert sorted(unit["label"] for unit in listed) == ["101", "102", "103", "104", "105"]
    assert sum(unit["unit"].startswith("u") for unit in listed) == 1, "a code was made"


def test_a_trial_enters_nothing(opened: Desk) -> None:
    opened.file("owners.csv", "name\n李四\n王五\n")
    size = opened.size()
    assert opened("people", "import", "owners.csv", "--dry-run", *BOTH).data == {
        "done": "cli.rows_would_stand",
        "count": 2,
    }
    assert opened.size() == size


def test_who_signs_is_asked_before_anything_else(opened: Desk) -> None:
    opened.file("owners.csv", "name\n李四\n")
    assert opened("people", "import", "owners.csv", code=4).rule == "cli.no_signer"
    assert opened("people", "import", "owners.csv", "--as", "chair", code=4).rule == "cli.lines"


def test_long_lists_go_in_batches(opened: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_BATCH", 2)
    settle(opened)
    with opened.store() as store:
        entered = [store.entry(seq) for seq in range(store.books.head.size)]
        assert len(store.books.people.units) == 4
    units = [entry for entry in entered if entry.record.kind in ("unit.entered/1", "units.closed/1")]
    places = [(s.batch.index, s.batch.count) for e in units for s in e.signatures[:1] if s.batch]
    assert places == [(0, 2), (1, 2), (0, 2), (1, 2), (0, 1)]
    root = merkle.root(merkle.leaf_hashes(e.record.raw for e in units[:-1]))
    assert units[-1].record.body["root"] == root.hex()


def test_batches_wait_for_a_second_signer(opened: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_BATCH", 3)
    opened.file("owners.csv", "title\n甲公司\n乙公司\n丙公司\n丁公司\n")
    size = opened.size()
    left = opened("people", "import", "owners.csv", "--as", "chair", "--out", "owners.waiting").data
    assert left == {"files": ["owners.waiting.1", "owners.waiting.2"], "records": 4}
    assert opened("log", "submit", *left["files"], code=4).rule == "signers.seats"
    for file in left["files"]:
        assert opened("keys", "sign", file, "--as", "registrar").data["signatures"] == 2
    assert opened("keys", "sign", left["files"][0], "--as", "registrar", code=4).rule == "keys.signed_before"
    assert opened("log", "submit", *reversed(left["files"])).data["entries"]
    assert opened.size() == size + 4


def test_a_mistake_is_found_before_anybody_signs(opened: Desk) -> None:
    opened.file("units.csv", HEADER + "101,b1,,flat,100.00,,,,a1\n102,b1,,flat,300.00,,,,a1\n")
    answer = opened("units", "import", "units.csv", "--partial", "--out", "units.waiting", code=4)
    assert problems(answer) == [(3, "unit.entered_before")]
    assert not Path("units.waiting").exists()


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "cli.table_empty"),
        (b"name\n", "cli.table_empty"),
        ("name,姓名\na,b\n".encode(), "cli.table_header"),
        (b"name,colour\na,b\n", "cli.table_header"),
        (b"name\na,b\n", "cli.table_row"),
        (b'name\n"a\n', "cli.table_row"),
        (b"\xff\xff\xff\n", "cli.table_encoding"),
    ],
)
def test_what_is_no_table(opened: Desk, data: bytes, rule: str) -> None:
    (opened.folder / "owners.csv").write_bytes(data)
    assert opened("people", "import", "owners.csv", *BOTH, code=3).rule == rule


def test_a_table_as_a_spreadsheet_of_2003_writes_it(opened: Desk) -> None:
    (opened.folder / "owners.csv").write_bytes("姓名,类别\r\n李四,natural\r\n".encode("gb18030"))
    opened("people", "import", "owners.csv", *BOTH)
    persons = opened("people", "list").data["persons"]
    assert [p["person_name"] for p in persons if p["nature"] == "natural"] == ["张三", "李四"]


def test_a_name_that_two_bear_is_not_guessed(opened: Desk) -> None:
    opened.file("owners.csv", "name\n李四\n李四\n")
    opened("people", "import", "owners.csv", *BOTH)
    opened.file("units.csv", HEADER + "101,b1,,flat,100.00,,,李四,a1\n102,b1,,flat,300.00,,,1;2,a2\n")
    answer = opened("units", "import", "units.csv", "--partial", *BOTH, code=4)
    assert problems(answer) == [(2, "cli.name_of_several")]
