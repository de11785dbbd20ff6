"""Reports, answers to findings, lowered checks and sightings of boards: who may say what, about what stands here."""

from typing import Any

import pytest

from ledger.publication.audited import Explained, Reported, Seen
from tests.accounts.treasury import Treasury
from tests.community import BOTH, OFFICERS, digest_of, flats, refused_as

REPORT: dict[str, Any] = {
    "sort": "trust",
    "start": "2026-01-01",
    "until": "2026-06-30",
    "report": digest_of("report"),
    "opinion": "qualified",
}
REPORT |= {"checks": 1, "form": 1, "firm": "事务所", "report_number": "一号"}


@pytest.fixture
def house() -> Treasury:
    made = Treasury(
        units=flats("a1 a2"),
        officers={**OFFICERS, "auditor": ("auditor", "assembly"), "company": ("company", "company")},
    )
    made.open()
    return made


def report(house: Treasury, by: str = "auditor", **said: Any) -> str:
    return house.act("audit.reported/1", REPORT | {"prefix": len(house.entries)} | said, by=[by])


def test_an_auditor_reports_on_entries_that_stand(house: Treasury) -> None:
    digest = report(house)
    (fact,) = (fact for fact in house.facts if isinstance(fact, Reported))
    assert (fact.record, fact.prefix, fact.opinion) == (digest, len(house.entries) - 1, "qualified")
    with refused_as("audit_number.used_before"):
        report(house)
    with refused_as("audit.prefix"):
        report(house, report_number="二号", prefix=len(house.entries) + 1)
    with refused_as("audit.days"):
        report(house, report_number="二号", until="2025-12-31")
    with refused_as("signers.seats"):
        report(house, by="chair", report_number="二号")
    report(house, firm="另一家")


@pytest.mark.parametrize(
    ("by", "allowed"), [("chair", True), ("company", True), ("auditor", False), ("supervisor", False)]
)
def test_who_explains_a_finding(house: Treasury, by: str, allowed: bool) -> None:
    text, _ = house.commit("finding.answered/1", "text", "抄错了，已更正")
    body = {"finding": digest_of("finding"), "check": "contract.impossible_day", "text": text}
    if not allowed:
        with refused_as("signers.seats"):
            house.act("finding.answered/1", body, by=[by])
        return
    first = house.act("finding.answered/1", body, by=[by])
    house.act("finding.answered/1", body, by=[by])  # a later answer stands beside it
    assert [fact.record for fact in house.all_facts if isinstance(fact, Explained)][:1] == [first]
    assert "抄错".encode() not in house.entries[-1].raw


def test_a_check_is_lowered_once_by_both(house: Treasury) -> None:
    body = {"check": "signs.round_sums", "reason": "按整数付"}
    with refused_as("signers.seats"):
        house.act("check.lowered/1", body, by=["chair"])
    with refused_as("record.body"):
        house.act("check.lowered/1", body | {"check": "everything"}, by=BOTH)
    house.act("check.lowered/1", body, by=BOTH)
    with refused_as("check.lowered_before"):
        house.act("check.lowered/1", body, by=BOTH)


def test_an_owner_says_where_he_saw_it_hang(house: Treasury) -> None:
    body = {"record": house.letter, "on": house.day, "place": "北门", "evidence": digest_of("photograph")}
    house.act("posting.seen/1", body, by=["owner-a1"])
    house.act("posting.seen/1", body | {"evidence": digest_of("another")}, by=["registrar"])
    assert [(fact.owner, fact.place) for fact in house.all_facts if isinstance(fact, Seen)] == [
        (True, "北门"),
        (False, "北门"),
    ]
    for said, rule in (
        ({}, "posting_seen.used_before"),
        ({"record": digest_of("nothing")}, "posting.unknown_record"),
        ({"on": "2026-12-31"}, "posting.seen_later"),
    ):
        with refused_as(rule):
            house.act("posting.seen/1", body | said, by=["owner-a2"])
    with refused_as("posting.no_owner"):
        house.act("posting.seen/1", body | {"evidence": digest_of("third")}, by=["zhang"])
