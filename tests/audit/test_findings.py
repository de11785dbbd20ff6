"""Findings and reports: codes, severities, verdicts, words."""

import json

import pytest

from ledger import words
from ledger.audit.findings import CODES, MOST, Findings, Place
from ledger.audit.trust import Trust
from ledger.errors import Malformed, Refused
from tests.audit.specimen import log_keys


def test_the_verdict_is_the_worst_that_was_found():
    found = Findings()
    assert (found.report().verdict, found.report().exit_code) == ("agrees", 0)
    found.add("second.absent")
    assert (found.report().verdict, found.report().exit_code) == ("agrees", 0)
    found.add("witness.quorum")
    assert (found.report().verdict, found.report().exit_code) == ("cannot_be_checked", 1)
    found.add("tile.differs", Place("tile/0/000", 5, 7))
    assert (found.report().verdict, found.report().exit_code) == ("differs", 1)
    found.add("witness.quorum")
    assert found.report().verdict == "differs"


def test_a_code_that_nobody_wrote_down_is_a_fault_of_the_program():
    with pytest.raises(AssertionError):
        Findings().add("something.else")


def test_many_findings_of_one_code_are_counted():
    found = Findings()
    for number in range(MOST + 7):
        found.add("chain.prev", Place(entry=number))
    found.add("chain.time")
    report = found.report()
    assert len(report.findings) == MOST + 1
    assert report.omitted == {"chain.prev": 7}


def test_values_become_plain_and_short():
    found = Findings()
    found.refuse(
        "record.signature", Place(entry=1), Refused("a.b", b"\xff", ["x", 1], where="/", code=None, error=2**80)
    )
    found.add("chain.seq", value="x" * 1000, accepted={"b", "a"}, said=True)
    one, two = found.report().findings
    assert one.context == {
        "rule": "a.b",
        "value": "\\xff",
        "accepted": "x, 1",
        "where": "/",
        "error": "an integer of 81 bits",
    }
    assert (len(str(two.context["value"])), two.context["accepted"], two.context["said"]) == (301, "a, b", "True")


def test_a_report_is_data():
    found = Findings()
    found.add("tile.differs", Place("tile/0/000", offset=32, entry=1), value=3)
    found.add("trust.self")
    value = json.loads(json.dumps(found.report().json()))
    assert value["verdict"] == "differs"
    assert value["findings"] == [
        {"code": "trust.self", "severity": "notice", "where": {}},
        {
            "code": "tile.differs",
            "severity": "differs",
            "where": {"path": "tile/0/000", "offset": 32, "entry": 1},
            "context": {"value": 3},
        },
    ]


def test_places_read_in_words():
    assert str(Place()) == ""
    assert str(Place("checkpoint", field="example.org")) == "checkpoint example.org"
    assert str(Place(entry=3)) == "#3"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("code", CODES)
def test_each_finding_has_its_sentence(code: str, locale: str):
    assert words.has(f"finding.{code}.title", locale)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_each_sentence_has_its_finding(locale: str):
    said = {key for key in words.keys(locale) if key.startswith("finding.") and key.endswith(".title")}
    rooms = {code.split(".")[0] for code in CODES}
    assert {key for key in said if key.split(".")[1] in rooms} == {f"finding.{code}.title" for code in CODES}


def test_verdicts_and_severities_have_their_words():
    for locale in words.locales():
        for key in ("verdict.agrees", "verdict.differs", "verdict.cannot_be_checked"):
            assert words.has(key, locale)
    assert words.text("finding.trust.self.title", "zh_CN").startswith("自洽，未验明来源")
    assert words.text("verdict.agrees", "zh_CN") == "对得上"


def test_trust_is_read_strictly():
    with pytest.raises(Malformed) as refused:
        Trust(genesis="AB" * 32)
    assert refused.value.rule == "trust.genesis"
    with pytest.raises(Malformed) as refused:
        Trust(registrar=frozenset({"x"}))
    assert refused.value.rule == "trust.registrar"
    keys = log_keys().vkeys
    assert Trust().with_vkeys([f"{key}\n" for key in keys]).vkeys == keys
    assert not Trust(registrar=frozenset({"a" * 64})).establishes_origin
