"""Signed audit reports as ``verify`` meets them: drawn up again at their prefixes, and told where they are not what was signed."""

from typing import Any

import pytest

from ledger.audit.checks import VERSION
from ledger.audit.draw import draw
from ledger.audit.findings import Findings, Place, Report
from ledger.audit.replay import IndexPast, Replay
from ledger.audit.reported import ReportChecks
from ledger.audit.reports import FORM, report_of
from ledger.audit.tree import Claimed
from ledger.audit.verify import verify
from tests.accounts.treasury import Treasury, spent
from tests.audit.reports.drawn import published
from tests.audit.reports.test_pay import agreed, received
from tests.audit.specimen import log_keys
from tests.community import OFFICERS, digest_of

DAYS = {"start": "2026-01-01", "until": "2026-12-31"}


@pytest.fixture
def house() -> Treasury:
    """Some money and an auditor."""
    log = log_keys()
    genesis = {"origin": log.origin, "vkeys": [str(key) for key in log.vkeys]}
    made = Treasury(officers={**OFFICERS, "cpa": ("auditor", "assembly")}, genesis=genesis)
    made.open()
    agreed(made)
    received(made, 100_00)
    return made


def digest(house: Treasury, sort: Any = "trust", prefix: int | None = None) -> str:
    """Of the report that these entries give."""
    return draw(published(house), sort, DAYS["start"], DAYS["until"], bundle=False, prefix=prefix).digest


def sign(house: Treasury, **said: Any) -> int:
    """Sign a report, honest but for what is ``said``; the number of its entry."""
    sort, prefix = said.get("sort", "trust"), said.get("prefix", len(house.entries))
    body = DAYS | {"sort": sort, "prefix": prefix, "checks": VERSION, "form": FORM, "opinion": "qualified"}
    body |= {"firm": "某会计师事务所", "report_number": f"2026-{len(house.entries)}"}
    if "report" not in said:
        body["report"] = digest(house, sort, prefix)
    house.act("audit.reported/1", body | said, by=["cpa"])
    return len(house.entries) - 1


def verified(house: Treasury) -> Report:
    return verify(published(house), bundle=False)


def told(report: Report) -> list[tuple[str, int | None]]:
    """What is said of audit reports, and at which entry."""
    return [(one.code, one.where.entry) for one in report.findings if one.code.startswith(("audit.", "reader."))]


def test_honest_reports_agree(house: Treasury) -> None:
    sign(house)
    sign(house, sort="annual")
    sign(house, prefix=len(house.entries) - 2)
    house.take((house.day, -30_00, [spent(30_00, party="lift")]))  # what is said later changes nothing
    report = verified(house)
    assert (report.verdict, told(report), report.counts["audits"]) == ("agrees", [], 3)


def test_a_report_that_tells_another_figure_is_found(house: Treasury) -> None:
    """The auditor signs a report drawn up from books in which a payment is missing."""
    prefix = len(house.entries)
    friendly = digest(house)
    house.take((house.day, -30_00, [spent(30_00, party="lift")]))
    sign(house)
    false = sign(house, report=friendly, prefix=prefix + 1)
    report = verified(house)
    assert (report.verdict, told(report)) == ("differs", [("audit.differs", false)])
    (finding,) = (one for one in report.findings if one.code == "audit.differs")
    assert finding.context["value"] == friendly
    assert finding.context["accepted"] == digest(house, prefix=prefix + 1)


def test_the_same_report_over_other_days_or_entries_is_another_one(house: Treasury) -> None:
    own = digest(house)
    met = [sign(house, report=own, **other) for other in ({"until": "2026-11-30"}, {"sort": "term"}, {"prefix": 3})]
    assert told(verified(house)) == [("audit.differs", seq) for seq in met]


@pytest.mark.parametrize("other", [{"checks": VERSION + 1}, {"form": FORM + 1}])
def test_a_report_of_another_version_cannot_be_checked_here(house: Treasury, other: dict[str, int]) -> None:
    seq = sign(house, report=digest_of("by another program"), **other)
    report = verified(house)
    assert (report.verdict, told(report)) == ("agrees", [("audit.other_version", seq)])
    assert "audits" not in report.counts


def test_more_reports_than_are_drawn_up_again_are_counted_out(house: Treasury) -> None:
    """The newest are drawn up; of the others it is said that they were not, whatever was signed."""
    seqs = [sign(house), sign(house, report=digest_of("false"))]
    findings = checked(house, seqs, most=1)
    assert told(findings.report()) == [("audit.too_many", seqs[0]), ("audit.differs", seqs[1])]
    assert findings.report().verdict == "differs"


def test_reports_of_other_versions_take_no_place(house: Treasury) -> None:
    """Who signs many of them does not keep a false one from being drawn up."""
    false = sign(house, report=digest_of("false"))
    others = [sign(house, report=digest_of("any"), form=FORM + n) for n in (1, 2)]
    codes = [("audit.differs", false), *(("audit.other_version", seq) for seq in others)]
    assert told(checked(house, [false, *others], most=1).report()) == codes


def checked(house: Treasury, seqs: list[int], most: int) -> Findings:
    """What is found of the reports of these entries, of which so many are drawn up again."""
    findings = Findings()
    checks = ReportChecks([Claimed(seq, house.entries[seq].record.body) for seq in seqs], findings, most)
    replay = Replay(IndexPast(lambda seq: house.entries[seq].raw))
    for entry in house.entries:
        checks.before(replay.books)
        facts = replay.apply(entry)
        checks.after(replay.books, entry, facts, Place(entry=entry.seq))
    return findings


def test_a_claim_that_is_none_is_left_to_the_rules(house: Treasury) -> None:
    """What the first pass hands over is unchecked bytes of an entry."""
    findings = Findings()
    ReportChecks([Claimed(9, {"prefix": "many"}), Claimed(9, {})], findings)
    assert findings.found == []


def test_a_fault_of_the_program_is_no_verdict_on_a_report(house: Treasury, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said once, at the report, and leaves the others as they are."""
    faulty, honest = sign(house, sort="term"), sign(house)

    def broken(found: Any, sort: Any, start: str, until: str) -> Any:
        if sort == "term":
            raise LookupError("nobody thought of it")
        return report_of(found, sort, start, until)

    monkeypatch.setattr("ledger.audit.reported.report_of", broken)
    report = verified(house)
    assert (report.verdict, told(report)) == ("cannot_be_checked", [("reader.failed", faulty)])
    assert report.counts["audits"] == 2
    assert honest > faulty
