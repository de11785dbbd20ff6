"""What holds for every check: it says what it is in both languages, reads what it declares, finds the same twice."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import words
from ledger.accounts.booking import Line
from ledger.accounts.records import ContractEntered, DocumentEntered
from ledger.audit.checks import CHECKS, SEVERITIES, Check, Cited, Dossier, Found, run
from tests.accounts.treasury import treasury
from tests.audit.checks.asked import dossier_of

CASES = {check.code: check for check in CHECKS}


def test_each_code_stands_once() -> None:
    assert [code for code, times in Counter(check.code for check in CHECKS).items() if times > 1] == []


@pytest.mark.parametrize("check", CHECKS, ids=CASES)
def test_a_check_says_what_it_is(check: Check) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", check.code)
    assert re.fullmatch(r"[0-9]{1,2}b?", check.row)
    assert check.severity in SEVERITIES
    assert check.basis
    assert check.inputs
    for locale in words.locales():
        for part in ("title", "says", "clears"):
            assert words.has(f"audit.{check.code}.{part}", locale), (check.code, part, locale)
            if part != "says":
                assert not words.placeholders(words.keys(locale)[f"audit.{check.code}.{part}"]), (check.code, part)


@pytest.mark.parametrize("check", CHECKS, ids=CASES)
def test_a_check_has_a_case_that_it_finds(check: Check) -> None:
    """Each family's tests name the code of each of its checks; a check that no test asks would be a check that cannot fail."""
    family = check.find.__module__.rpartition(".")[2]
    assert f'"{check.code}"' in Path(__file__).with_name(f"test_{family}.py").read_text("utf-8")


def test_the_example_has_nothing_that_its_sentence_cannot_say(dossier: Dossier) -> None:
    findings = run(dossier, CHECKS)
    assert findings
    for finding in findings:
        for locale in words.locales():
            assert words.text(f"audit.{finding.code}.says", locale, **finding.figures)


def test_findings_stand_in_one_order_and_have_one_key(dossier: Dossier) -> None:
    findings = run(dossier, CHECKS)
    assert findings == run(dossier, tuple(reversed(CHECKS)))
    assert len({finding.key for finding in findings}) == len(findings)
    weights = [SEVERITIES.index(finding.severity) for finding in findings]
    assert weights == sorted(weights)


def test_a_check_sees_its_inputs_and_no_others() -> None:
    dossier = dossier_of(treasury())
    assert dossier.only([ContractEntered]).contracts().keys() == {"c1"}
    with pytest.raises(AssertionError, match="reads ContractEntered"):
        dossier.only([DocumentEntered]).contracts()  # gathered and even looked up, but not this check's
    with pytest.raises(AssertionError, match="reads Line"):
        dossier.only([DocumentEntered]).lines()


def test_a_key_names_code_and_places_and_nothing_else() -> None:
    first, second = Cited(3, "a" * 64, "lines/1"), Cited(4, "b" * 64)

    def key(code: str, *cited: Cited, **figures: int) -> str:
        check = Check(code, "12", "low", ("AL 14",), (Line,), lambda _: [Found(cited, figures)])
        return run(dossier_of(treasury()), [check])[0].key

    assert key("a.b", first, second) == key("a.b", second, first, amount_fen=3)
    assert len({key("a.b", first), key("a.c", first), key("a.b", second), key("a.b", Cited(3, "a" * 64))}) == 4
    assert (
        key("a.b", first) == "902ab10fdc0ec92c2406354063e408e2277502552eaf21282ff0b7d3a4eaab70"
    )  # answers on ledgers name it


def test_a_check_that_cannot_cope_silences_no_other_and_is_named() -> None:
    """What somebody entered may be odd beyond what a check thought of: the rest is asked all the same."""

    def faulty(_case: Dossier) -> Iterator[Found]:
        yield Found((Cited(0, "a" * 64),))
        raise ValueError("odd")

    broken = Check("odd.one", "12", "low", ("AL 14",), (Line,), faulty)
    dossier = dossier_of(treasury())
    failed: list[str] = []
    found = run(dossier, [broken, *CHECKS], failed)
    assert failed == ["odd.one"]
    assert {finding.code for finding in found} == {"odd.one"} | {finding.code for finding in run(dossier, CHECKS)}
    with pytest.raises(ValueError, match="odd"):
        run(dossier, [broken])
