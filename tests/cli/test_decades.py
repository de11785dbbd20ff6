"""The made-up community's ledger: one that verifies, with everything in it that a ledger has, the same from the same seed."""

from collections import Counter
from pathlib import Path

import pytest

from ledger import audit
from ledger.audit.review import review
from ledger.cli import auditbench
from ledger.cli.decades import Written, write_decades
from ledger.cli.presigned import SIGNED, read_signed
from ledger.log.entry import parse_entry
from ledger.log.source import DirectorySource, read_entries

ENTRIES = 800
TRUST = audit.Trust()
OF_A_LEDGER = {
    "ballot.cast/1", "ballot.opened/1", "bank.confirmed/1", "bank.imported/1", "bank.row/1", "deposit.recorded/1",
    "document.entered/1", "meeting.certified/1", "person.entered/1", "posting.hung/1", "statement.published/1",
    "unit.entered/1", "withdrawal.applied/1", "withdrawal.approved/1", "withdrawal.instructed/1", "withdrawal.proposed/1",
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A bundle, and beside it the one of half a year before."""
    folder = tmp_path_factory.mktemp("decades")
    return write_decades(folder / "bundle", ENTRIES, earlier=folder / "earlier")


def test_it_verifies_and_there_is_little_to_say(written: Written) -> None:
    made = review(DirectorySource(written.folder), TRUST)
    assert (made.verification.verdict, made.verification.counts["applied"]) == ("agrees", written.size)
    assert {finding.code for finding in made.verification.findings} == {"trust.self"}
    assert {finding.code for finding in made.findings} <= {"office.term_long", "signs.rest_days"}


def test_everything_happens_in_it(written: Written) -> None:
    kinds = Counter(parse_entry(raw).record.kind for raw in read_entries(DirectorySource(written.folder), written.size))
    assert kinds.keys() >= OF_A_LEDGER
    assert kinds["statement.published/1"] >= 2


def test_the_bundle_of_half_a_year_before_is_its_beginning(written: Written) -> None:
    earlier = written.folder.parent / "earlier"
    assert written.earlier is not None
    assert ENTRIES <= written.earlier.size < written.size
    assert written.earlier.signed < written.signed
    assert audit.verify(DirectorySource(earlier), TRUST).codes == {"trust.self"}
    begun = list(read_entries(DirectorySource(earlier), written.earlier.size))
    assert begun == list(read_entries(DirectorySource(written.folder), written.size))[: written.earlier.size]


def test_the_same_seed_gives_the_same_entries_and_another_one_others(written: Written, tmp_path: Path) -> None:
    again = write_decades(tmp_path / "a" / "bundle", 300)
    same, other = write_decades(tmp_path / "b" / "bundle", 300), write_decades(tmp_path / "c" / "bundle", 300, seed="x")
    heads = [[*read_entries(DirectorySource(one.folder), one.size)] for one in (again, same, other)]
    assert heads[0] == heads[1] != heads[2]


def test_the_floor_looks_at_every_signature_and_every_entry(written: Written) -> None:
    report = audit.verify(DirectorySource(written.folder), TRUST)
    signed = written.folder.parent / SIGNED
    assert 0 < written.signed < report.counts["signatures"]  # one of a batch for all of it
    parts = [sum(1 for _ in read_signed(signed, part, 3)) for part in range(3)]
    assert sum(parts) == sum(1 for _ in read_signed(signed)) == written.signed
    assert sum(1 for _ in read_signed(signed, first=7)) == 7
    auditbench.check_part(signed, written.signed, 2, 0)
    auditbench.check_part(signed, written.signed, 2, 1)
    bundles = sorted(pair for part in range(2) for pair in auditbench.hash_part(written.folder, written.size, 2, part))
    assert auditbench.root_over([leaf for _, leaves in bundles for leaf in leaves]).hex() == report.subject["root"]
