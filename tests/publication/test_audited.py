"""Reports, answers to findings, lowered checks and sightings of boards: who may say what, about what stands here."""

from typing import Any

import pytest

from ledger import period
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
        officers={
            **OFFICERS,
            "auditor": ("auditor", "assembly"),
            "cpa": ("auditor", "supervisors"),
            "company": ("company", "company"),
        },
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


def test_an_auditor_signs_no_report_on_days_that_are_all_to_come(house: Treasury) -> None:
    tomorrow = period.day_after(house.day)
    with refused_as("day.future"):
        report(house, start=tomorrow)
    report(house, start=house.day)


@pytest.mark.parametrize(
    ("role", "start", "end"),
    [
        ("treasurer", "2026-01-04", "2026-12-31"),
        ("company", "2025-01-01", "2026-01-03"),
        ("clerk", "2026-01-05", "2026-01-05"),
    ],
)
def test_nobody_audits_days_in_which_he_held_an_office_that_is_audited(
    house: Treasury, role: str, start: str, end: str
) -> None:
    term = {"person": house.ref("auditor"), "role": role, "body": "committee", "source": digest_of("minutes")}
    house.act("role.appointed/1", term | {"start": start, "end": end}, by=BOTH)
    with refused_as("audit.own_work"):
        report(house, start="2026-01-03")
    report(house, start="2026-01-03", by="cpa")


def test_an_office_given_up_before_the_first_day_audited_is_no_hindrance(house: Treasury) -> None:
    term = {"person": house.ref("auditor"), "role": "treasurer", "body": "committee", "source": digest_of("minutes")}
    house.act("role.appointed/1", term | {"start": "2025-01-01", "end": "2026-01-02"}, by=BOTH)
    house.act("role.appointed/1", term | {"start": "2026-01-06", "end": "2026-12-31"}, by=BOTH)
    report(house, start="2026-01-03")


def test_numbers_of_firms_are_kept_apart(house: Treasury) -> None:
    report(house, firm="甲 乙", report_number="丙")
    report(house, firm="甲", report_number="乙 丙")


def test_a_check_is_lowered_by_both_and_may_be_raised_again(house: Treasury) -> None:
    body = {"check": "signs.round_sums", "reason": "按整数付"}
    with refused_as("signers.seats"):
        house.act("check.lowered/1", body, by=["chair"])
    with refused_as("record.body"):
        house.act("check.lowered/1", body | {"check": "everything"}, by=BOTH)
    house.act("check.lowered/1", body, by=BOTH)
    house.act("check.lowered/1", body | {"until": house.day}, by=BOTH)


def test_an_owner_says_where_he_saw_it_hang(house: Treasury) -> None:
    where, _ = house.commit("posting.seen/1", "where", "北门")
    body = {"record": house.letter, "on": house.day, "where": where, "evidence": digest_of("photograph")}
    house.act("posting.seen/1", body, by=["owner-a1"])
    house.act("posting.seen/1", body | {"evidence": digest_of("another")}, by=["registrar"])
    assert [fact.owner for fact in house.all_facts if isinstance(fact, Seen)] == [True, False]
    assert not any("北门".encode() in entry.raw for entry in house.entries), (
        "what an owner writes hangs nowhere for ever"
    )
    for said, rule in (
        ({}, "posting_seen.used_before"),
        ({"record": digest_of("nothing")}, "posting.unknown_record"),
        ({"on": "2026-12-31"}, "posting.seen_later"),
    ):
        with refused_as(rule):
            house.act("posting.seen/1", body | said, by=["owner-a2"])
    with refused_as("posting.no_owner"):
        house.act("posting.seen/1", body | {"evidence": digest_of("third")}, by=["zhang"])
