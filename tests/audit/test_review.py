"""The review of the example, whose evidence proves itself under its root.

That it is the same from every source and in every process: :mod:`tests.audit.reports.test_source`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.checks import CHECKS
from ledger.audit.review import review
from ledger.cli.app import run
from ledger.errors import Conflict
from ledger.log import merkle
from ledger.log.entry import parse_entry
from ledger.log.source import DirectorySource
from tests.audit.example import reviewed
from tests.audit.specimen import InMemory, full
from tests.community import refused_as
from tests.example.built import Year, build_or_find


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="module")
def bundle(year: Year) -> Path:
    return year.folder / "bundle"


@pytest.fixture(scope="module")
def report(year: Year) -> dict[str, Any]:
    return dict(reviewed(year).report)


def test_the_report_says_what_it_is_about(year: Year, report: dict[str, Any]) -> None:
    assert report["ledger"] == year.books.ledger
    assert report["size"] == len(year.entries)
    assert report["day"] == "2019-07-19"
    assert report["example"] is True
    assert report["asked"] == sorted(check.code for check in CHECKS)


def test_each_entry_cited_is_proven_under_the_root(year: Year, report: dict[str, Any]) -> None:
    root = bytes.fromhex(report["root"])
    cited = {place["entry"] for finding in report["findings"] for place in finding["evidence"]}
    assert cited
    assert {int(seq) for seq in report["proofs"]} == cited
    for seq, proof in report["proofs"].items():
        leaf = bytes.fromhex(proof["leaf"])
        assert leaf == year.entries[int(seq)].leaf
        merkle.check_inclusion(leaf, int(seq), report["size"], [bytes.fromhex(node) for node in proof["path"]], root)


def test_evidence_names_the_records_and_places_that_stand_there(year: Year, report: dict[str, Any]) -> None:
    for finding in report["findings"]:
        for place in finding["evidence"]:
            record = year.entries[place["entry"]].record
            assert record.digest == place["record"]
            at: Any = dict(record.body)
            for step in filter(None, place.get("part", "").split("/")):
                at = at[int(step)] if step.isdigit() else at[step]
            assert at is not None


def test_a_ledger_that_was_changed_is_reviewed_up_to_there(year: Year, bundle: Path, tmp_path: Path) -> None:
    """The verification says what is wrong; the review speaks of the entries that the rules let stand before it."""
    files = {path.relative_to(bundle): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    wrong = year.entries[3000].raw
    assert parse_entry(wrong).seq == 3000
    for path, data in files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.replace(wrong, wrong.replace(b'"seq":3000', b'"seq":3001')))
    made = review(DirectorySource(tmp_path))
    assert made.verification.verdict == "differs"
    assert made.report["size"] == 3000
    assert bytes.fromhex(made.report["root"]) == merkle.root(entry.leaf for entry in year.entries[:3000])


def test_nothing_to_review_is_said(tmp_path: Path) -> None:
    with refused_as("review.nothing"):
        review(DirectorySource(tmp_path))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 13, 64, 65])
def test_proofs_from_leaves_are_those_from_stored_nodes(size: int) -> None:
    leaves = merkle.leaf_hashes(str(n).encode() for n in range(size))
    tree, new = merkle.Range().extend(leaves)
    nodes = merkle.LeafNodes(leaves)
    assert nodes.read([(level, index) for level, index, _ in new]) == {
        (level, index): value for level, index, value in new
    }
    assert nodes.read([(0, size), (9, 0)]) == {}
    for index in range(size):
        merkle.check_inclusion(leaves[index], index, size, merkle.inclusion_path(index, size, nodes), tree.root())


def test_the_command_says_each_finding_with_its_entries_and_writes_the_report(
    year: Year, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "review.json"
    assert run(["--lang", "zh", "audit", "run", str(bundle), "--out", str(out)]) == 1
    said = capsys.readouterr().out
    assert "合同 有线电视设备用电22台（c-in-12） 印的日期“2023-11-31”在日历上没有，待核实。" in said
    assert f"问了 {len(CHECKS)} 项" in said
    assert out.read_bytes() == reviewed(year).raw
    assert run(["audit", "run", str(bundle), "--out", str(out)]) == Conflict.exit_code


def test_the_command_gives_the_report_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, data in full().files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert run(["--json", "audit", "run", str(tmp_path)]) == 1
    assert json.loads(capsys.readouterr().out)["review"] == dict(review(InMemory(full().files)).report)
