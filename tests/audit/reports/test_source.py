"""The example's reports: one report from every source and process, with its manager's terms and without."""

import json
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from ledger import canonical
from ledger.audit.draw import drawn_from
from ledger.cli.app import run
from ledger.errors import Conflict
from ledger.money import divide
from ledger.publication.audited import AuditSort
from tests.audit.example import reviewed
from tests.audit.specimen import full
from tests.example.built import Year, build_or_find

DRAW = """
import sys
from pathlib import Path
from ledger.audit.draw import draw, drawn_from
from ledger.cli.audit import log_at
days = "2019-01-01", "2019-06-30"
with log_at(Path(sys.argv[1])) as (source, bundle):
    trust = draw(source, "trust", *days, bundle=bundle)
for raw in (trust.review.raw, trust.raw, drawn_from(trust.review, "term", *days).raw):
    sys.stdout.buffer.write(raw + b"\\n")
"""

SORTS: Final[Sequence[AuditSort]] = ("trust", "term")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return build_or_find(tmp_path_factory)


@pytest.fixture(scope="module")
def bundle(year: Year) -> Path:
    return year.folder / "bundle"


def in_a_new_process(path: Path) -> list[bytes]:
    """The review and a report of each of two sorts."""
    return subprocess.run([sys.executable, "-c", DRAW, str(path)], check=True, capture_output=True).stdout.splitlines()


def test_bundle_and_database_give_the_same_bytes_in_two_processes(year: Year, bundle: Path) -> None:
    from_bundle = in_a_new_process(bundle)
    assert from_bundle == in_a_new_process(year.folder / "ledger.db")
    assert [canonical.encode(canonical.decode(raw)) for raw in from_bundle] == from_bundle
    made = reviewed(year)
    assert from_bundle[0] == made.raw
    assert from_bundle[1:] == [drawn_from(made, sort, "2019-01-01", "2019-06-30").raw for sort in SORTS]


def said(report: Any, code: str) -> dict[str, Any]:
    (section,) = (one for one in report["sections"] if one["code"] == code)
    return {one["code"]: one.get("figures", {}) for one in section["said"]}


def test_before_its_terms_the_example_has_what_its_contract_prints(year: Year) -> None:
    """A month earlier neither terms nor a budget run: printed terms are shown as printed."""
    report = drawn_from(reviewed(year), "trust", "2018-11-01", "2018-11-30").report
    assert set(said(report, "pay")) == {"no_terms", "printed_terms"}
    assert set(said(report, "plan")) == {"no_plan"}


def test_the_managers_pay_by_both_bases_to_the_fen(year: Year) -> None:
    """10 % of what was receivable goes first by its supplement; 10 % of what came in is what its contract says."""
    report = drawn_from(reviewed(year), "trust", "2018-12-01", "2019-06-30").report
    published = said(report, "funds")["as_published"]
    assert published == {"closed_period": "2019H1", "closing_fen": 284_290_17, "printed_fen": 284_290_17}
    pay = said(report, "pay")
    assert (pay["paid_within"]["base"], pay["other_within"]["base"]) == ("receivable", "received")
    receivable, received = 7 * 297_051_75, 61_648_05 + 414_889_39
    assert (pay["paid_within"]["due_fen"], pay["other_within"]["due_fen"]) == (
        divide(receivable, 10),
        divide(received, 10),
    )
    assert (pay["paid_within"]["paid_fen"], pay["no_deductions"]) == (0, {"trust": "service-2018"})
    (plan,) = (one for one in report["sections"] if one["code"] == "plan")
    assert {row["cells"][1] for row in plan["tables"][0]["rows"]} > {"fees", "cleaning", "unplanned"}


def test_questions_of_the_example_are_counted(year: Year) -> None:
    """One was answered late within the half-year; the one that has no answer came after it."""
    report = drawn_from(reviewed(year), "trust", "2018-12-01", "2019-07-12").report
    asked = said(report, "inspection")["questions"]
    assert asked == {"asked": 4, "answered": 3, "late": 1, "waiting": 1, "overdue": 1}


def test_the_command_tells_prints_and_writes_it(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, print_ = tmp_path / "report.json", tmp_path / "report.pdf"
    asked = ["audit", "report", str(bundle), "--sort", "trust", "--from", "2018-12-01", "--to", "2019-06-30"]
    assert run(["--lang", "zh", *asked, "--out", str(out), "--pdf", str(print_)]) == 0
    told = capsys.readouterr().out
    assert "尚未经审计机构签署" in told
    assert "按应收应付酬金 207,936.23 元" in told
    assert "期末合计 284,290.17 元，与同期收支公示表（2019年上半年）的 284,290.17 元核对。" in told
    assert sha256(out.read_bytes()).hexdigest() in told
    assert print_.read_bytes().startswith(b"%PDF")
    assert run([*asked, "--out", str(out)]) == Conflict.exit_code


def test_the_command_gives_the_report_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, data in full().files.items():
        (tmp_path / "bundle" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bundle" / path).write_bytes(data)
    asked = [
        "audit",
        "report",
        str(tmp_path / "bundle"),
        "--sort",
        "annual",
        "--from",
        "2026-01-01",
        "--to",
        "2026-12-31",
    ]
    assert run([*asked, "--out", str(tmp_path / "report.json")]) == 0
    capsys.readouterr()
    assert run(["--json", *asked]) == 0
    assert json.loads(capsys.readouterr().out)["report"] == json.loads((tmp_path / "report.json").read_bytes())


def test_a_term_audit_of_the_example(year: Year) -> None:
    """Its whole books: every fen of spending has its basis or is said to have none, and what is open is handed over."""
    report = drawn_from(reviewed(year), "term", "2018-12-01", "2019-06-30").report
    funds, basis = said(report, "funds"), said(report, "basis")["without_basis"]
    assert funds["as_published"]["closing_fen"] == funds["as_published"]["printed_fen"] == 284_290_17
    money = funds["money"]
    moved = money["income_fen"] - money["expense_fen"] + money["other_fen"]
    assert money["opening_fen"] + moved == money["closing_fen"] == 284_290_17
    assert basis["spent_fen"] == money["expense_fen"]
    assert (basis["without"], basis["without_fen"]) == (3, 97_862_85)
    assert said(report, "decisions")["decided"]["count"] == 3
    assert said(report, "handover")["open_matters"]["suspense"] == 3
