"""The benchmark measures what it says it measures; how fast that is, is no matter of a test."""

from pathlib import Path
from typing import Any

import pytest
from nacl.exceptions import BadSignatureError

from ledger import audit, words
from ledger.cli import auditbench, floors
from ledger.cli.measure import in_turns, quantile
from ledger.cli.specimen import Specimen, grown_tree
from ledger.log import merkle
from ledger.log.source import DirectorySource, read_entries
from ledger.store import driver
from tests.cli.desk import said
from tests.community import key_of, refused_as

SMALL = ("--entries", "300", "--records", "20", "--rounds", "4")
SHAPE: dict[str, set[str]] = {
    "machine": {"python", "sqlite", "processors"},
    "sync": {"rounds", "p50_us", "p99_us"},
    "append": {"rounds", "ours_us", "ours_p99_us", "floor_us", "floor_p99_us", "check_us", "ratio"},
    "groups": {"records", "jobs_per_second", "singly_per_second", "submitters"},
    "proof": {"entries", "p50_us", "p99_us"},
    "verify": {
        "entries", "signatures", "findings", "threads", "ours_ms", "floor_ms", "ratio", "ratio_by_one", "ratio_cpu"
    },
    "batches": {"records", "per_second"},
    "snapshot": {"entries", "bytes", "dump_ms", "load_ms"},
    "start": {"help_ms", "bare_ms"},
}  # fmt: skip


@pytest.fixture
def specimen(tmp_path: Path) -> Any:
    made = Specimen.create(tmp_path)
    with made.store:
        yield made


def test_every_part_is_measured_and_counted_and_nothing_is_left_behind(tmp_path: Path) -> None:
    answer = said("--json", "bench", str(tmp_path), *SMALL)
    assert answer.code == 0, answer
    report = answer.data
    assert {part: set(figures) for part, figures in report.items()} == SHAPE
    assert all(figure >= 0 for part, figures in report.items() if part != "machine" for figure in figures.values())
    # Genesis with two signatures; 4 appends; 3 times 20 in jobs and 2 (a share of 20) one by one.
    assert report["append"]["rounds"] == report["sync"]["rounds"] == 4
    assert report["groups"]["records"] == 3 * (20 + 2)
    assert report["verify"]["entries"] == 1 + 4 + 66
    assert report["verify"]["signatures"] == 2 + 4 + 66
    assert report["snapshot"]["entries"] == 1 + 4 + 66 + 3 * 20
    assert report["proof"]["entries"] == 300
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_reads_as_sentences(tmp_path: Path, lang: str) -> None:
    answer = said("--lang", lang, "bench", str(tmp_path), *SMALL)
    assert (answer.code, len(answer.out.splitlines())) == (0, len(SHAPE)), answer


AUDITED: dict[str, set[str]] = {
    "machine": SHAPE["machine"],
    "sync": SHAPE["sync"],
    "ledger": {"entries", "signatures"},
    "floor": {"ms", "cpu_ms", "mib"},
    "whole": {"ms", "cpu_ms", "mib", "ratio", "ratio_cpu", "ratio_memory"},
    "resumed": {"new", "snapshot", "ms", "cpu_ms", "mib", "ratio", "ratio_cpu", "ratio_memory"},
}


@pytest.mark.parametrize("lang", ["", "zh"])
def test_an_audit_is_measured_beside_its_floor(tmp_path: Path, lang: str) -> None:
    how = ("--lang", lang) if lang else ("--json",)
    answer = said(*how, "bench", str(tmp_path), "--audit", "--entries", "500", "--rounds", "2")
    assert answer.code == 0, answer
    assert list(tmp_path.iterdir()) == []
    if lang:
        assert len(answer.out.splitlines()) == len(AUDITED), answer
        return
    assert {part: set(figures) for part, figures in answer.data.items()} == AUDITED
    assert answer.data["ledger"]["entries"] >= 500
    assert min(answer.data[part][name] for part in ("floor", "whole") for name in ("ms", "cpu_ms", "mib")) > 0
    assert min(answer.data["resumed"][name] for name in ("new", "snapshot", "ms")) > 0
    for part in ("ledger", "floor", "whole", "resumed"):
        assert words.text(f"bench.audit.{part}", "en", **answer.data[part]).isascii(), part


def test_what_a_process_took_is_its_own_memory() -> None:
    """Not that of who starts it."""
    held = b"x" * (400 << 20)
    took = auditbench.took("import sys; sys.exit(3)", accepted=(3,))
    assert took["mib"] < 200 < len(held) >> 20
    with refused_as("bench.failed"):
        auditbench.took("import sys; sys.exit(3)")


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditbench, "BETWEEN", "import sys; sys.exit(7)")
    with refused_as("bench.failed") as refused:
        auditbench.took("")
    assert refused.value.value == 7


def test_the_floor_commits_the_rows_that_an_append_wrote(specimen: Specimen, tmp_path: Path) -> None:
    raw = floors.RawCommits(tmp_path / "floor.db", like=specimen.store.path)
    for submission in specimen.signed_singly(5):
        (place,) = specimen.store.submit([submission])
        rows, head = specimen.written_by(place.seq)
        assert {table: len(found) for table, found in rows.items()} == {
            "entry": 1,
            "used": 3,
            "node": len(merkle.Range(0).extend([b"\0" * 32] * (place.seq + 1))[1])
            - len(merkle.Range(0).extend([b"\0" * 32] * place.seq)[1]),
        }
        raw.append((submission.signatures[0].sig + submission.record.pae, specimen.treasurer.public), rows, head)
    raw.close()
    written = {}
    for path in (specimen.store.path, tmp_path / "floor.db"):
        connection = driver.load().connect(f"file:{path}?mode=ro", uri=True)
        tables = {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("entry", "node", "used", "head")
        }
        # The genesis was not written again: neither its row nor its node.
        tables["entry"] = [row for row in tables["entry"] if row[0] > 0]
        tables["node"] = [row for row in tables["node"] if row[:2] != (0, 0)]
        tables["used"] = [row for row in tables["used"] if row[2] > 0]
        written[path.name] = tables
        connection.close()
    assert written["ledger.db"] == written["floor.db"]


def test_the_floor_checks_signatures_and_hashes_to_the_root(specimen: Specimen, tmp_path: Path) -> None:
    key = key_of("treasurer")
    good, bad = (key.sign(b"text") + b"text", key.public), (key.sign(b"text") + b"next", key.public)
    for threads in (1, 2):
        floors.check_signatures([good] * 130, threads)
        with pytest.raises(BadSignatureError):
            floors.check_signatures([*[good] * 129, bad], threads)
    specimen.store.submit(specimen.signed_singly(3))
    size = specimen.write_bundle(tmp_path / "bundle")
    entries = list(read_entries(DirectorySource(tmp_path / "bundle"), size))
    assert floors.hash_files(list(floors.files_below(tmp_path / "bundle")), entries) == merkle.root(
        merkle.leaf_hashes(entries)
    )


def test_the_specimen_is_a_ledger_that_verifies(specimen: Specimen, tmp_path: Path) -> None:
    specimen.store.submit(specimen.signed_singly(2))
    for batch in specimen.signed_as_batches(5):
        specimen.store.submit(batch)
    specimen.write_bundle(tmp_path / "bundle")
    report = audit.verify(DirectorySource(tmp_path / "bundle"), audit.Trust(genesis=specimen.store.books.ledger))
    assert (report.exit_code, report.counts["applied"]) == (0, 8)


def test_a_grown_tree_has_every_complete_subtree() -> None:
    assert len(grown_tree(300)) == sum(300 >> level for level in range(9))


def test_works_take_turns_and_every_other_turn_goes_backwards() -> None:
    done: list[str] = []
    works = {"a": lambda turn: done.append(f"a{turn}"), "b": lambda turn: done.append(f"b{turn}")}
    taken = in_turns(2, works, between=lambda turn: done.append(f"-{turn}"))
    assert done == ["a0", "b0", "-0", "b1", "a1", "-1"]
    assert {name: (len(each.wall), len(each.cpu)) for name, each in taken.items()} == {"a": (2, 2), "b": (2, 2)}


@pytest.mark.parametrize(("percent", "found"), [(0, 1), (50, 2), (51, 3), (75, 3), (76, 4), (100, 4)])
def test_a_quantile_is_a_sample(percent: int, found: int) -> None:
    assert quantile([4, 2, 1, 3], percent) == found


def test_no_samples_have_no_quantile() -> None:
    with refused_as("bench.no_samples"):
        quantile([], 50)
