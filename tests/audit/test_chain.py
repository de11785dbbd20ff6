"""What is seen of a log without the rules of its books: entries, keys, batches, files of statements, each break at its place."""

from collections.abc import Sequence
from typing import Any

import pytest

from ledger import canonical
from ledger.audit import Report, Trust
from ledger.log.merkle import leaf_hash
from tests.audit.specimen import Published, changed, check, full, index_of, relink, remade, small, small_ledger

STATEMENT = "statement.published/1"
PAPER = "document.entered/1"


def report_of(entries: Sequence[bytes], made: Published | None = None) -> Report:
    """A check of other entries, given out by the log's keeper."""
    made = made or full()
    return check(made.publish(entries=tuple(entries)).files, Trust(genesis=made.genesis))


def at(report: Report, code: str) -> list[int | None]:
    """The entries at which a code was found."""
    return [finding.where.entry for finding in report.findings if finding.code == code]


def harmed(seq: int, path: str, value: Any) -> Report:
    """A check with one entry of the full ledger changed."""
    entries = list(full().entries)
    entries[seq] = changed(entries[seq], path, value)
    return report_of(entries)


def test_a_record_of_another_ledger_is_found():
    seq = index_of(full(), PAPER)
    assert at(harmed(seq, "record/ledger", "cd" * 32), "chain.ledger") == [seq]
    assert at(harmed(0, "record/ledger", "cd" * 32), "chain.ledger")[0] == 0


@pytest.mark.parametrize("time", ["2020-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"])
def test_a_record_signed_at_another_time_is_found(time: str):
    seq = index_of(full(), PAPER)
    assert at(harmed(seq, "record/at", time), "chain.at") == [seq]


def test_a_record_that_stands_twice_is_found():
    entries = [*full().entries, full().entries[3]]
    assert at(report_of(relink(entries)), "chain.twice") == [len(entries) - 1]
    seq = index_of(full(), PAPER)
    other = canonical.decode(full().entries[3])
    assert isinstance(other, dict)
    assert at(harmed(seq, "record/id", other["record"]["id"]), "chain.twice") == [seq]  # type: ignore[index,call-overload]


def batch(made: Published) -> list[int]:
    """The first batch of a ledger."""
    seqs = [seq for seq, raw in enumerate(made.entries) if b'"batch":{' in raw]
    return [seq for n, seq in enumerate(seqs) if seq == seqs[0] + n]


def test_a_batch_stands_together_in_its_order():
    seqs = batch(small())
    assert len(seqs) == 3
    entries = list(small().entries)
    moved = [*entries[: seqs[1]], *entries[seqs[1] + 1 :], entries[seqs[1]]]
    found = at(report_of(relink(moved), small()), "chain.batch")
    assert found == [seqs[1], len(entries) - 1]
    interrupted = [*entries[: seqs[1]], entries[3], *entries[seqs[1] :]]
    assert at(report_of(relink(interrupted), small()), "chain.batch") == [seqs[1], seqs[1] + 1]
    assert "head.in_batch" in report_of(entries[: seqs[1]], small()).codes
    assert "head.in_batch" not in report_of(entries[: seqs[2] + 1], small()).codes


def test_behind_an_entry_that_does_not_read_a_batch_goes_on():
    seqs = batch(small())
    entries = list(small().entries)
    entries[seqs[1]] = entries[seqs[1]].replace(b'{"entry":1,', b'{"entry":1, ')
    report = report_of(entries, small())
    assert at(report, "entry.malformed") == [seqs[1]]
    assert not report.codes & {"chain.batch", "chain.prev", "record.signature"}


def test_a_key_counts_from_where_it_was_brought():
    """The rules stop at the first break, and behind it the signatures are still looked at."""
    seq = index_of(full(), "person.entered/1")
    entries = list(full().entries)
    del entries[seq]
    report = report_of(relink(entries))
    assert at(report, "record.signature")
    # An entry of his that stands before the one that brings his key.
    cast = index_of(full(), "ballot.cast/1")
    moved = [*full().entries[:seq], full().entries[cast], *full().entries[seq:]]
    assert seq in at(report_of(relink(moved)), "record.signature")


def test_a_revoked_key_signs_nothing_more():
    ledger = small_ledger()
    ledger.act("key.revoked/1", {"key": ledger.key("treasurer").key, "reason": "lost"}, by=["treasurer"])
    made = ledger.published()
    assert check(made.files, made.outside).verdict == "agrees"
    old = canonical.decode(made.entries[index_of(made, "bank.imported/1")])
    last = canonical.decode(made.entries[-1])
    assert isinstance(old, dict)
    assert isinstance(last, dict)
    again = last | {"record": old["record"], "signatures": old["signatures"], "seq": len(made.entries)}
    again["prev"] = leaf_hash(made.entries[-1]).hex()
    report = report_of([*made.entries, canonical.encode(again)], made)
    assert at(report, "record.revoked") == [len(made.entries)]


# --- statements, without the books ------------------------------------------------------------------------------------


def fields(report: Report, code: str) -> list[str]:
    """The fields at which a code was found."""
    return [finding.where.field for finding in report.findings if finding.code == code]


def with_statement(path: str, value: Any) -> Report:
    """A check with one field of the first statement's file changed."""
    statement = changed(full().statements["2026H1"], path, value)
    return check(remade(dict(full().files) | {"statements/2026H1.json": statement}), full().outside)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ledger", "ab" * 32),
        ("origin", "example.org/elsewhere"),
        ("name", "另一个小区"),
        ("example", True),
        ("previous", "ab" * 32),
        ("root", "ab" * 32),
        ("time", "2026-01-01T00:00:00.000Z"),
        ("prefix", 0),
        ("prefix", 2**53 - 1),
    ],
)
def test_what_a_statement_says_of_its_log_is_compared(path: str, value: Any):
    assert path in fields(with_statement(path, value), "statement.log")


@pytest.mark.parametrize(("path", "value"), [("entry", 0), ("entry", -1), ("entry", 2**53 - 1), ("record", "ab" * 32)])
def test_each_line_names_the_entry_of_its_record(path: str, value: Any):
    assert fields(with_statement(f"lines/0/{path}", value), "statement.log") == ["lines/0"]


def test_the_second_statement_names_the_first():
    statement = changed(full().statements["2026H2"], "previous", None)
    report = check(remade(dict(full().files) | {"statements/2026H2.json": statement}), full().outside)
    assert fields(report, "statement.log") == ["previous"]


def test_statements_are_added_up_behind_a_break_of_the_rules():
    """The replay stops long before the publication; what lies there is still held against what was signed."""
    seq = index_of(full(), PAPER)
    entries = list(full().entries)
    entries[seq] = changed(entries[seq], "record/body/more", 1)
    made = full().publish(entries=relink(entries))
    files = dict(made.files)
    files["statements/2026H1.json"] = files["statements/2026H1.json"].replace(b'"income":31000', b'"income":31001')
    report = check(remade(files), Trust(genesis=full().genesis))
    assert "replay.stopped" in report.codes
    assert "totals/income" in fields(report, "statement.sum")
    assert "statement.digest" in report.codes


def test_a_publication_of_another_shape_is_found():
    seq = index_of(full(), STATEMENT)
    assert at(harmed(seq, "record/body/period", 5), "statement.malformed") == [seq]
