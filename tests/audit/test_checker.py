"""A second process checks signatures: it finds what this one would, and whatever becomes of it, nothing is left unchecked."""

import base64
import io
import marshal
import os
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ledger import signatures
from ledger.audit import Report, Trust, checker, checker_child, signed
from ledger.audit.checker import Checker
from ledger.audit.findings import Findings, Place
from ledger.audit.signed import SignatureChecks
from ledger.log.entry import parse_entry
from ledger.signatures import Check
from tests.audit.specimen import Published, changed, check, full, relink, small
from tests.community import key_of

NOBODY: checker.Relying = ((), ())
KEY = key_of("treasurer")
GOOD = Check("ed25519", KEY.public, b"text", KEY.sign(b"text"))
FORGED = GOOD._replace(message=b"next")
MALFORMED = GOOD._replace(signature=b"short")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes that can be asked whether they have something to say")


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every log is long enough for two processes."""
    monkeypatch.setattr(signed, "LONG", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)


@pytest.fixture
def one() -> Any:
    made = Checker()
    yield made
    made.close()


def harmed() -> Published:
    """Signatures of single records and of a batch spoilt, one by a key that nobody enrolled, one of another length."""
    entries = list(full().entries)
    for seq, raw in enumerate(entries[1:], 1):
        value = {0: base64.b64encode(bytes(64)).decode(), 1: "AA==", 2: None}[seq % 3]
        if value is not None and seq % 5 in (0, 1):
            entries[seq] = changed(raw, "signatures/0/sig", value)
    entries[4] = changed(full().entries[4], "signatures/0/key", KEY.key[::-1])
    return full().publish(entries=relink(entries))


def findings_of(report: Report) -> list[str]:
    return sorted(f"{finding.code} {finding.where} {sorted(finding.context.items())}" for finding in report.findings)


def test_a_child_says_which_checks_did_not_pass(one: Checker) -> None:
    one.ask(7, [GOOD, FORGED, GOOD, MALFORMED], NOBODY)
    assert one.free
    one.ask(8, [GOOD], NOBODY)
    assert not one.free
    assert one.answers(wait=True) == [(7, [1, 3]), (8, [])]
    assert one.free
    assert one.answers(wait=True) == one.answers(wait=False) == []


def test_a_passkey_is_checked_for_its_ledger(one: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Any, ...]] = []
    monkeypatch.setattr(signatures, "verify_webauthn", lambda *values: seen.append(values))
    signatures.verify_check(Check("webauthn", b"k", b"m", b"s", b"a", b"c"), (("rp",), ("origin",)))
    assert [values[3:] for values in seen] == [(b"c", b"s", ("rp",), ("origin",))]
    one.ask(1, [Check("webauthn", b"k", b"m", b"s", b"a", b"c")], (("rp",), ("origin",)))
    assert one.answers(wait=True) == [(1, [0])]


def test_a_child_that_dies_will_never_say(one: Checker) -> None:
    one.ask(1, [GOOD], NOBODY)
    assert one.answers(wait=True) == [(1, [])]
    assert one._child is not None
    one._child.kill()
    one._child.wait()
    one.ask(2, [FORGED], NOBODY)
    one.ask(3, [GOOD] * 10_000, NOBODY)
    assert one.answers(wait=False) == [(2, None), (3, None)]
    assert not one.free


@pytest.mark.parametrize("executable", ["", "/nowhere/python", sys.executable + "-none"])
def test_without_a_child_nothing_is_asked(executable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    one = Checker()
    assert not one.free
    one.close()


def test_a_child_that_is_no_child_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/true")
    one = Checker()
    one.ask(1, [GOOD], NOBODY)
    assert one.answers(wait=True) == [(1, None)]


def test_what_the_child_runs() -> None:
    questions = b"".join(
        len(data).to_bytes(4) + data
        for data in (marshal.dumps((NOBODY, [tuple(check) for check in part])) for part in ([GOOD, FORGED], []))
    )
    answers = io.BytesIO()
    checker_child.serve(io.BytesIO(questions), answers)
    said = [marshal.dumps(places) for places in ([1], [])]
    assert answers.getvalue() == b"".join(len(data).to_bytes(4) + data for data in said)


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("made", [small, full])
def test_what_agrees_agrees_with_children_too(made: Callable[[], Published]) -> None:
    report = check(made().files, made().outside)
    assert (report.verdict, report.findings) == ("agrees", ())


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("dead", [False, True])
def test_what_is_wrong_is_found_as_without_children(dead: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    files, trust = harmed().files, Trust(genesis=full().genesis)
    if dead:
        monkeypatch.setattr(sys, "executable", "/bin/true")
    with_children = check(files, trust)
    monkeypatch.setattr(signed, "LONG", sys.maxsize)
    alone = check(files, trust)
    assert findings_of(with_children) == findings_of(alone)
    assert len([finding for finding in alone.findings if finding.code == "record.signature"]) > 5
    assert with_children.counts == alone.counts


@pytest.mark.usefixtures("beside")
def test_busy_children_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(Checker, "free", property(lambda self: len(self.waiting) < 1))
    monkeypatch.setattr(Checker, "_has_spoken", lambda _self: False)
    ask = Checker.ask

    def noted(self: Checker, slice_: int, *rest: Any) -> None:
        asked.append(slice_)
        ask(self, slice_, *rest)

    monkeypatch.setattr(Checker, "ask", noted)
    findings = Findings()
    with SignatureChecks(findings, 1) as checks:
        entries = [(parse_entry(raw), Place(entry=seq)) for seq, raw in enumerate(harmed().entries)]
        for entry in entries:
            checks.add([entry])
    assert asked == [1, 2]
    assert findings.counts["records"] == len(entries)
    monkeypatch.undo()
    assert {f.where.entry for f in findings.found} == {
        finding.where.entry for finding in check(harmed().files).findings if finding.code == "record.signature"
    }
