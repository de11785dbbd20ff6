"""A keeper may log what his admission should have refused: readers are told, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import canonical
from ledger.audit.findings import Findings, Place
from ledger.audit.texts import check_texts
from ledger.errors import Malformed
from ledger.log.entry import encode_entry, parse_entry
from tests.audit.specimen import OFFICERS, Ledger, check
from tests.community import digest_of

UNICODE = {
    "bidi": "付给\u202e司公丙",
    "zero width": "维修\u200b费",
    "control": "维\x01修",
    "escape": "维\x1b[2K修",
    "delete": "fee\x7f",
    "not composed": "cafe\u0301",
}


@pytest.mark.parametrize("text", UNICODE.values(), ids=UNICODE)
def test_what_admission_would_have_refused_is_a_notice_with_its_place(text: str) -> None:
    ledger = Ledger(officers=OFFICERS)
    body = {"kind": "other", "subject": "照片", "lines": [{"text": "一"}, {"text": text}]}
    ledger.act("document.entered/1", body, by=["chair"])
    ledger.act("document.entered/1", {"kind": "other", "subject": 'a "quoted" \\text\n第二行'}, by=["chair"])
    made = ledger.published()
    report = check(made.files, made.outside)
    (finding,) = [one for one in report.findings if one.code == "record.text"]
    assert (finding.where.entry, finding.where.field) == (1, "record/body/lines/1/text")
    assert finding.where.path.startswith("tile/entries/")
    assert finding.context["rule"] == ("text.not_nfc" if text.endswith("\u0301") else "text.unprintable")
    assert (report.verdict, report.counts["applied"]) == ("agrees", 3)


@given(st.lists(st.text(max_size=8), max_size=4))
def test_one_look_at_the_record_sees_what_a_look_at_every_text_sees(texts: list[str]) -> None:
    try:
        body = canonical.encode({"texts": list(texts)})
    except Malformed:
        return  # a lone surrogate never becomes an entry
    record: dict[str, canonical.Json] = {
        "ledger": "",
        "kind": "note.made/1",
        "id": "01900000-0000-7000-8000-000000000000",
    }
    record |= {"at": "2026-01-01T08:00:00+08:00", "body": canonical.decode(body)}
    signature = {"key": digest_of("k"), "alg": "ed25519", "sig": "AA=="}
    entry = parse_entry(encode_entry(0, 0, "0" * 64, record, [signature]))
    findings = Findings()
    check_texts(entry, Place(entry=0), findings)
    assert [one.where.field for one in findings.found] == [
        f"record/body/texts/{number}" for number, text in enumerate(texts) if refused(text)
    ]


def refused(text: str) -> bool:
    try:
        canonical.check_text(text, "")
    except Malformed:
        return True
    return False
