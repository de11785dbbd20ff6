"""Each refusal of the accounts, the people, the entries and the books has its sentence, and each kind its name, in both languages."""

import re
from pathlib import Path

import pytest

import ledger
from ledger import words
from ledger.books import KINDS

HOUSE = Path(ledger.__file__).parent
ROOMS = [
    *sorted((HOUSE / "accounts").glob("*.py")),
    *sorted((HOUSE / "people").glob("*.py")),
    HOUSE / "rules" / "decide.py",
    HOUSE / "books.py",
    HOUSE / "log" / "entry.py",
    HOUSE / "log" / "act.py",
]
RAISED = re.compile(r"\b(?:Malformed|Refused|Conflict|NotFound|Unavailable)\(\s*(f?)\"([a-z_{}]+\.[a-z0-9_{}]+)\"")
MADE = {
    "bank.{what}_differs": ["bank.count_differs", "bank.root_differs", "bank.closing_differs"],
    "units.{what}_differs": ["units.count_differs", "units.area_differs", "units.root_differs"],
    "record.{name}_used": ["record.id_used", "record.record_used"],
    "{fact.kind}.used_before": ["bank_row.used_before", "bank_file.used_before", "contra.used_before"],
    "{what}.shape": [
        "entry.shape",
        "record.shape",
        "signature.shape",
        "batch.shape",
        "opening.shape",
        "submission.shape",
    ],
    "{what}.fields": ["entry.fields", "record.fields", "signature.fields", "opening.fields", "submission.fields"],
}
"""Rules whose code is put together: what comes of each pattern."""


def rules() -> list[str]:
    """Every rule that these rooms raise."""
    found = set()
    for file in ROOMS:
        for made, rule in RAISED.findall(file.read_text("utf-8")):
            found |= set(MADE[rule]) if made else {rule}
    return sorted(found)


def test_the_rules_are_found() -> None:
    assert {"withdrawal.over_authority", "contra.used_before", "units.area_differs", "entry.shape"} <= set(rules())


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_rule_has_its_sentence(locale: str) -> None:
    assert [rule for rule in rules() if not words.has(f"error.{rule}", locale)] == []


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_kind_has_its_name_and_help(locale: str) -> None:
    names = [name.partition("/")[0] for name in KINDS]
    assert [n for n in names for end in ("title", "help") if not words.has(f"kind.{n}.{end}", locale)] == []
