"""The conformance pack says of each of its cases what both verifiers find."""

import os
from collections import Counter
from functools import cache
from typing import Any

import pytest

from ledger.audit.findings import NEEDS_MORE
from ledger.rules.profile import Profile
from tests.check import pack
from tests.check.cases import Case
from tests.check.test_verdicts import browser

_parse = cache(Profile.parse)


@pytest.fixture(autouse=True)
def _profile_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Profile, "parse", staticmethod(_parse))


def expected(case: Case) -> Any:
    """What the verifier without rules answers: Python's findings of those codes, and the verdict that they make."""
    report = case.ask_python()
    if isinstance(report, str):
        return report
    found = [f for f in report.findings if f.code not in NEEDS_MORE]
    weights = {f.severity for f in found}
    verdict = "differs" if "differs" in weights else "cannot_be_checked" if "unchecked" in weights else "agrees"
    return {"verdict": verdict, "findings": sorted([f.code, str(f.where)] for f in found)}


if os.environ.get("WRITE_PACK"):
    Profile.parse = staticmethod(_parse)  # type: ignore[method-assign]  # at import no fixture has run
    pack.write(expected)

CASES = pack.read()


def test_there_are_forty_small_files_of_every_family() -> None:
    assert len(CASES) == 40
    assert Counter(row["what"] for row, _ in CASES) == pack.EACH
    files = [path for path in pack.FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < pack.MOST_BYTES
    named = {pack.INDEX, pack.README, *(row[part] for row, _ in CASES for part in ("file", "receipt") if part in row)}
    assert {path.name for path in files} == named


def test_python_finds_what_the_pack_says() -> None:
    for row, case in CASES:
        answer = expected(case)
        assert row["expected"] == (answer if isinstance(answer, dict) else {"cannot_be_opened": answer}), row["file"]


def test_the_browser_finds_what_the_pack_says() -> None:
    for (row, _), answer in zip(CASES, browser([case for _, case in CASES])["answers"], strict=True):
        if "rule" in answer:
            assert row["expected"] == {"cannot_be_opened": answer["rule"]}, row["file"]
        else:
            said = {"verdict": answer["verdict"], "findings": sorted(answer["findings"])}
            assert row["expected"] == said, row["file"]


def test_many_codes_are_found() -> None:
    codes = {code for row, _ in CASES for code, _ in row["expected"].get("findings", [])}
    assert len(codes) >= 40
