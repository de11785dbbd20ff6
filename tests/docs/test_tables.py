"""What the pages say of the code is what the code says: tables, rule codes, options, fields, links. See `tables.py`."""

import os
import re
from pathlib import Path

import click
import pytest

from ledger.audit.checks import CHECKS
from ledger.audit.findings import CODES, Findings
from ledger.cli import verify
from ledger.rules.profile import shipped
from ledger.rules.schema import SCHEMA
from tests.docs import tables

DOCS = tables.ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
WITH_TABLES = [page.name for page in PAGES if tables.places(page.read_text("utf-8"))]
README = tables.ROOT / "README.md"


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", WITH_TABLES)
def test_a_table_is_what_the_code_says(name: str) -> None:
    if os.environ.get("WRITE_DOCS"):
        (DOCS / name).write_text(tables.renewed(page(name)), "utf-8")
    for table, stands in tables.places(page(name)).items():
        assert stands == tables.TABLES[table](), f"{table}: WRITE_DOCS=1 pytest tests/docs writes it anew"


def test_every_table_has_its_place() -> None:
    assert {table for name in WITH_TABLES for table in tables.places(page(name))} == set(tables.TABLES)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_auditors_read_of_every_finding(language: str) -> None:
    listed = re.findall(
        r"^\| `([a-z_.]+)` \|", tables.places(page(f"auditor.{language}.md"))[f"findings.{language}"], re.M
    )
    assert listed == list(CODES)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_auditors_read_of_every_option_exit_code_and_field(language: str) -> None:
    text = page(f"auditor.{language}.md")
    options = {flag for option in verify.command().params if isinstance(option, click.Option) for flag in option.opts}
    assert [flag for flag in sorted(options) if flag not in text] == []
    assert [field for field in Findings().report().json() if f"| `{field}` |" not in text] == []
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.M)}
    assert codes == {0, 1, 2, 3, 4, 5, 6, 7, 70, 130}


def test_the_law_table_is_the_whole_profile() -> None:
    listed = re.findall(r"^\| `([a-z_0-9.]+)` \|", tables.places(page("law.md"))["profile"], re.M)
    assert sorted(listed) == sorted(SCHEMA)


def test_what_acts_is_what_is_asked_for() -> None:
    uses = tables.used_keys()
    assert uses["vote.participation"] == uses["notice.extra"] == uses["statement.reply"] == "machine"
    assert uses["account.tiers"] == "print"
    assert uses["account.delegation"] == uses["account.large_fen"] == uses["account.holders"] == "machine"


def test_a_key_that_nothing_asks_for_is_left_on_purpose() -> None:
    """A profile's value that everybody reads and nobody obeys would be worse than none."""
    later = [key for keys in tables.LATER.values() for key in keys]
    assert len(set(later)) == len(later)
    assert set(later) == set(SCHEMA) - set(tables.used_keys())


def test_every_abbreviation_of_a_source_is_explained() -> None:
    bases = " ".join(setting.basis for setting in shipped("civil-code-2021").settings.values())
    used = set(re.findall(r"\b([A-Z][A-Za-z0-9]*(?:-[A-Z])?)(?= \d| sets| silent|,)", bases))
    cells = re.findall(r"^\| ([^|]+) \|", page("law.md").partition("## Abbreviations")[2], re.M)
    assert used <= {name.strip() for cell in cells for name in cell.split(",")}
    assert {"CC", "PMR", "O165", "SZ-M"} <= used


def test_every_source_of_a_check_is_explained() -> None:
    explained = re.findall(r"^\| ([^|]+) \|", page("checks.md").partition("## Sources")[2], re.M)
    known = {name.strip() for cell in explained for name in cell.split(",")}
    assert known
    assert {basis for check in CHECKS for basis in check.basis if basis.partition(" ")[0] not in known} == set()


def test_every_check_answers_a_row_of_the_table() -> None:
    assert {check.row for check in CHECKS} <= set(tables.IRREGULARITIES)
    listed = re.findall(r"^\| `([a-z_.]+)` \|", tables.places(page("checks.md"))["checks"], re.M)
    assert sorted(listed) == sorted(check.code for check in CHECKS)


def test_every_rule_in_the_law_table_is_raised() -> None:
    raised = raised_rules()
    named = re.findall(r"`([a-z_]+\.[a-z_]+)`", page("law.md").partition("## The profile")[0])
    assert [code for code in named if not any(rule.fullmatch(code) for rule in raised)] == []
    assert len(named) > 40


def raised_rules() -> list[re.Pattern[str]]:
    """The rules in the source; a part that is put in when it is raised may be any word."""
    literals = re.compile(r'\b(?:Malformed|Refused|Conflict|NotFound|Unavailable)\(\s*f?"([a-z_{}.]+\.[a-z0-9_{}.]+)"')
    found = {rule for path in tables.HOUSE.rglob("*.py") for rule in literals.findall(path.read_text("utf-8"))}
    return [re.compile(re.sub(r"\\\{.*?\\\}", "[a-z_]+", re.escape(rule))) for rule in sorted(found)]


@pytest.mark.parametrize("path", [*PAGES, README], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        file, _, anchor = target.partition("#")
        assert not file or (path.parent / file).exists(), target
        if anchor and file.endswith(".md"):
            assert anchor in anchors((path.parent / file).read_text("utf-8")), target


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
