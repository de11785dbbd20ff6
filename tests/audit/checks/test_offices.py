"""Offices that are too long, in one hand, running out or not handed over, each beside the nearest one that is in order."""

from typing import Any

import pytest

from ledger.audit.checks import CHECKS, run
from ledger.audit.checks.offices import BEFORE
from tests.audit.checks.asked import dossier_of, findings, found
from tests.community import OFFICERS, Community, digest_of, flats, profile_with
from tests.poll import Poll, motion


def house(**how: Any) -> Community:
    """Officers from January 2026 to the end of 2030; it is 5 January 2026. Three more people are known."""
    community = Community(**how)
    community.enter("zhang", "li", "wang")
    return community


def appoint(
    community: Community, who: str, role: str, start: str = "2026-01-01", end: str = "2026-12-31", **other: Any
) -> str:
    body = {"person": community.ref(who), "role": role, "body": "committee", "start": start, "end": end}
    return community.act(
        "role.appointed/1",
        body | {"source": digest_of("election")} | other,
        by=[in_office(community), community.both[1]],
    )


def end_term(community: Community, who: str, role: str, on: str = "") -> None:
    body = {"person": community.ref(who), "role": role, "on": on or community.day, "source": digest_of("resignation")}
    community.act("role.ended/1", body, by=community.both)


def pass_until(community: Community, day: str) -> None:
    """Let it be that day, on which somebody says something."""
    community.set_clock(f"{day}T12:00:00+08:00")
    community.act("document.entered/1", {"kind": "letter", "subject": "函"}, by=[in_office(community)])


def in_office(community: Community) -> str:
    """Somebody of the body who can sign now."""
    roles = community.books.people.roles_of
    return next(
        name
        for name, ref in community.refs.items()
        if roles(ref, community.day) & {"chair", "treasurer", "member", "caretaker"}
    )


def idle_until(community: Community, day: str) -> None:
    """Let it be that day without anybody of the body: the registrar alone enters somebody."""
    community.set_clock(f"{day}T12:00:00+08:00")
    community.act("person.entered/1", {"nature": "office", "title": "x"}, by=["registrar"])


# --- in one hand ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "role", "of", "met"),
    [
        ("treasurer", "chair", "committee", 1),
        ("treasurer", "vice_chair", "committee", 1),
        ("treasurer", "company", "company", 1),
        ("treasurer", "member", "committee", 0),
        ("supervisor", "member", "committee", 1),
        ("supervisor", "auditor", "supervisors", 0),
        ("chair", "company", "company", 1),
        ("registrar", "company", "company", 1),
        ("registrar", "supervisor", "street", 0),
        ("member", "chair", "committee", 0),
    ],
)
def test_two_offices_of_one_person(who: str, role: str, of: str, met: int) -> None:
    community = house()
    appoint(community, who, role, body=of)
    reported = found(community, "office.incompatible")
    assert [(finding["start_day"], finding["end_day"]) for finding in reported] == [("2026-01-01", "2026-12-31")] * met


@pytest.mark.parametrize(("start", "met"), [("2026-01-05", 1), ("2026-01-06", 0)])
def test_one_office_after_the_other(start: str, met: int) -> None:
    community = house()
    end_term(community, "treasurer", "treasurer", on="2026-01-05")
    appoint(community, "treasurer", "chair", start=start)
    assert len(found(community, "office.incompatible")) == met


def test_three_offices_of_a_founder() -> None:
    roles = [
        {"role": role, "body": "committee", "start": "2026-01-01", "end": "2035-12-31"}
        for role in ("chair", "vice_chair", "treasurer")
    ]
    community = house(officers={"chair": OFFICERS["chair"], "member": OFFICERS["member"]})
    persons = [dict(one) for one in community.entries[0].record.body["persons"]]
    persons[0]["roles"] = roles
    community = house(officers={"chair": OFFICERS["chair"], "member": OFFICERS["member"]}, genesis={"persons": persons})
    assert len(found(community, "office.incompatible")) == 2
    assert len(found(community, "office.term_long")) == 3


# --- how long ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "of", "end", "met"),
    [
        ("member", "committee", "2031-01-31", 0),  # five years to the day
        ("member", "committee", "2031-02-01", 1),
        ("caretaker", "caretaker_committee", "2029-01-31", 0),  # three
        ("caretaker", "caretaker_committee", "2029-02-01", 1),
        ("scrutineer", "assembly", "2040-01-01", 0),
    ],
)
def test_the_length_of_a_term(role: str, of: str, end: str, met: int) -> None:
    community = house()
    appoint(community, "zhang", role, start="2026-02-01", end=end, body=of)
    assert [finding["end_day"] for finding in found(community, "office.term_long")] == [end] * met


def test_a_profile_that_sets_no_length_and_one_that_was_adopted_later() -> None:
    community = house(profile=profile_with("committee.term_years", "0"))
    appoint(community, "zhang", "member", end="2040-01-01")
    community.act(
        "profile.adopted/1",
        {"text": profile_with("committee.term_years", "3"), "source": digest_of("d")},
        by=community.both,
    )
    assert found(community, "office.term_long") == []
    appoint(community, "li", "member", end="2029-01-01")
    assert len(found(community, "office.term_long")) == 1


# --- running out ------------------------------------------------------------------------------------------------------

SHORT = ("2026-01-01", "2026-06-30")


@pytest.mark.parametrize(("day", "met"), [("2026-07-20", 0), ("2026-07-21", 1)])
def test_terms_that_are_over_and_nobody_who_follows(day: str, met: int) -> None:
    """Ten days and, as no working-day table is adopted, ten more."""
    community = lapsed()
    idle_until(community, day)
    assert [finding["days"] for finding in found(community, "office.vacant")] == [21] * met
    assert found(community, "office.unfilled") == found(community, "office.term_ends") == []


def lapsed() -> Community:
    """The body's terms end in June, the registrar's later."""
    community = house(officers={name: OFFICERS[name] for name in ("chair", "treasurer", "registrar")}, term=SHORT)
    end_term(community, "registrar", "registrar")
    appoint_registrar(community)
    return community


def appoint_registrar(community: Community) -> None:
    body = {
        "person": community.ref("office"),
        "role": "registrar",
        "body": "street",
        "start": "2026-01-05",
        "end": "2030-12-31",
    }
    community.act("role.appointed/1", body | {"source": digest_of("street")}, by=community.both)
    community._keys["registrar"] = community._keys["office"]


def test_terms_of_later_fill_no_office_now() -> None:
    community = lapsed()
    end_term(community, "treasurer", "treasurer", on="2026-05-31")
    appoint(community, "zhang", "member", start="2028-01-01", end="2028-12-31")
    idle_until(community, "2026-07-21")
    (finding,) = findings(community, "office.vacant")
    assert (finding.figures["end_day"], len(finding.evidence)) == (
        "2026-06-30",
        1,
    )  # the chair's, whose term ended last


def test_terms_that_others_follow() -> None:
    community = lapsed()
    appoint(community, "zhang", "caretaker", start="2026-07-01", end="2026-12-31", body="residents_committee")
    pass_until(community, "2026-08-31")
    assert found(community, "office.vacant") == found(community, "office.unfilled") == []


@pytest.mark.parametrize(("role", "met"), [("treasurer", 1), ("chair", 1), ("member", 0)])
def test_an_office_of_the_body_that_nobody_holds(role: str, met: int) -> None:
    community = house()
    end_term(community, role, role, on="2026-01-31")
    day = "2026-02-20"
    pass_until(community, day)
    assert found(community, "office.unfilled") == []
    pass_until(community, "2026-02-21")
    assert [finding["vacant_role"] for finding in found(community, "office.unfilled")] == [role] * met
    appoint(community, "zhang", role, start="2026-02-21")
    assert found(community, "office.unfilled") == []


def test_an_office_that_nobody_ever_held_and_one_that_somebody_will_hold() -> None:
    community = house(officers={name: OFFICERS[name] for name in ("treasurer", "registrar", "member")})
    end_term(community, "member", "member", on="2026-01-31")
    pass_until(community, "2026-02-21")
    assert found(community, "office.unfilled") == []
    community = house()
    end_term(community, "chair", "chair", on="2026-01-31")
    appoint(community, "zhang", "chair", start="2027-01-01", end="2027-12-31")
    pass_until(community, "2026-02-21")
    assert [finding["end_day"] for finding in found(community, "office.unfilled")] == ["2026-01-31"]


def test_whose_terms_end_soon() -> None:
    """Those of the body that end last; what others hold for longer does not keep it in office."""
    community = house()
    appoint(community, "zhang", "supervisor", end="2035-12-31", body="street")
    end_term(community, "member", "member", on="2030-08-31")
    pass_until(community, "2030-10-10")
    (finding,) = findings(community, "office.term_ends")
    founders = community.entries[0].record.body["persons"]
    body = [n for n, one in enumerate(founders) if {role["role"] for role in one["roles"]} & {"chair", "treasurer"}]
    assert finding.figures["end_day"] == "2030-12-31"
    assert [cited.part for cited in finding.evidence] == [f"persons/{n}/roles/0" for n in body]


def test_rules_that_set_no_months_before_the_end() -> None:
    community = house(profile=profile_with("committee.report_months", "0"))
    pass_until(community, "2030-12-31")
    assert found(community, "office.term_ends") == []


def test_an_election_called_on_the_first_day_of_the_last_months() -> None:
    community = house(units=flats("a1"))
    pass_until(community, "2030-09-30")
    Poll(community, [motion(3, title="选举")]).call()
    assert found(community, "office.term_ends") == []


@pytest.mark.parametrize(("day", "met"), [("2030-09-29", 0), ("2030-09-30", 1), ("2030-12-31", 1)])
def test_terms_that_end_soon(day: str, met: int) -> None:
    community = house()
    pass_until(community, day)
    assert len(found(community, "office.term_ends")) == met


def test_an_election_of_long_ago() -> None:
    community = house(units=flats("a1"))
    Poll(community, [motion(3, title="选举")]).call()
    pass_until(community, "2030-10-10")
    assert len(found(community, "office.term_ends")) == 1


def test_an_election_that_is_called_or_was_withdrawn() -> None:
    community = house(units=flats("a1"))
    pass_until(community, "2030-10-10")
    poll = Poll(community, [motion(3, title="选举")])
    poll.call()
    assert found(community, "office.term_ends") == []
    community.act("meeting.withdrawn/1", {"meeting": poll.called, "reason": "改期"}, by=["chair"])
    assert len(found(community, "office.term_ends")) == 1
    Poll(community, [motion(4)]).call()
    assert len(found(community, "office.term_ends")) == 1  # another matter
    appoint(community, "zhang", "member", start="2031-01-01", end="2035-12-31")
    assert found(community, "office.term_ends") == []  # elected already


# --- handed over ------------------------------------------------------------------------------------------------------


def succeed(community: Community, role: str = "treasurer", of: str = "committee") -> str:
    """Somebody else holds an office from February on."""
    end_term(community, role, role, on="2026-01-31")
    return appoint(community, "zhang", role, start="2026-02-01", body=of)


@pytest.mark.parametrize(("day", "met"), [("2026-02-21", 0), ("2026-02-22", 1)])
def test_an_office_that_changed_hands(day: str, met: int) -> None:
    community = house()
    succeed(community)
    pass_until(community, day)
    reported = found(community, "office.no_handover")
    assert [(finding["roles"], finding["start_day"]) for finding in reported] == [("treasurer", "2026-02-01")] * met


@pytest.mark.parametrize(
    ("subject", "met"),
    [
        ("财务资料移交清单", 0),
        ("工作交接记录", 0),
        ("接管清单", 0),
        ("Hand-over of books", 0),
        ("会议纪要", 1),
        ("接管初期员工订餐", 1),
        ("交接班记录", 1),
    ],
)
def test_a_paper_of_the_hand_over(subject: str, met: int) -> None:
    community = house()
    succeed(community)
    community.act("document.entered/1", {"kind": "minutes", "subject": subject}, by=["chair"])
    pass_until(community, "2026-03-31")
    assert len(found(community, "office.no_handover")) == met


@pytest.mark.parametrize(("days", "met"), [(BEFORE, 0), (BEFORE + 1, 1)])
def test_a_paper_of_an_earlier_hand_over(days: int, met: int) -> None:
    community = house(start="2026-03-01T09:00:00+08:00")
    community.act("document.entered/1", {"kind": "minutes", "subject": "移交清单"}, by=["chair"])
    community.advance(days=days)
    end_term(community, "treasurer", "treasurer")
    appoint(community, "zhang", "treasurer", start=community.day, end="2027-01-01")
    community.advance(days=40)
    pass_until(community, "2026-06-30")
    assert len(found(community, "office.no_handover")) == met


def test_a_paper_of_the_hand_over_that_was_entered_before_its_day() -> None:
    community = house(start="2026-03-01T09:00:00+08:00")
    paper = {"kind": "minutes", "subject": "移交清单", "dated": "2026-03-05"}
    community.act("document.entered/1", paper, by=["chair"])
    community.advance(days=BEFORE + 2)
    end_term(community, "treasurer", "treasurer")
    appoint(community, "zhang", "treasurer", start=community.day, end="2027-01-01")
    pass_until(community, "2026-06-30")
    assert found(community, "office.no_handover") == []


def test_one_finding_for_all_who_changed_on_one_day() -> None:
    community = house()
    end_term(community, "treasurer", "treasurer", on="2026-01-31")
    end_term(community, "chair", "chair", on="2026-01-31")
    appoint(community, "zhang", "treasurer", start="2026-02-01")
    appoint(community, "li", "chair", start="2026-02-01")
    end_term(community, "member", "member", on="2026-01-31")
    appoint(community, "wang", "member", start="2026-02-01")
    community.set_clock("2026-03-31T12:00:00+08:00")
    community.act("document.entered/1", {"kind": "letter", "subject": "函"}, by=["li"])
    assert [finding["roles"] for finding in found(community, "office.no_handover")] == ["chair, treasurer"]


def test_who_goes_on_and_who_holds_an_office_beside_another() -> None:
    community = house()
    end_term(community, "treasurer", "treasurer", on="2026-01-31")
    appoint(community, "treasurer", "treasurer", start="2026-02-01")
    appoint(community, "zhang", "company", body="company")
    appoint(community, "li", "company", body="company", start="2026-02-01")
    pass_until(community, "2026-03-31")
    assert found(community, "office.no_handover") == []


# --- audited ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "met"), [("2026-07-31", 0), ("2026-08-01", 1)])
@pytest.mark.parametrize(("role", "counts"), [("treasurer", 1), ("chair", 1), ("member", 0)])
def test_somebody_who_left_and_no_audit(day: str, role: str, met: int, counts: int) -> None:
    community = house()
    end_term(community, role, role, on="2026-01-31")
    pass_until(community, day)
    reported = found(community, "office.no_audit")
    assert [(finding["roles"], finding["end_day"]) for finding in reported] == [(role, "2026-01-31")] * (met * counts)


@pytest.mark.parametrize(
    ("on", "paper", "met"),
    [
        ("2026-02-01", {"kind": "report", "subject": "财务委员离任审计报告"}, 0),
        ("2026-01-31", {"kind": "report", "subject": "年度审计报告"}, 1),
        ("2026-02-01", {"kind": "report", "subject": "消防检测报告"}, 1),
        ("2026-02-01", {"kind": "letter", "subject": "关于审计的函"}, 1),
    ],
)
def test_a_report_of_the_audit(on: str, paper: dict[str, str], met: int) -> None:
    community = house()
    end_term(community, "treasurer", "treasurer", on="2026-01-31")
    community.set_clock(f"{on}T12:00:00+08:00")
    community.act("document.entered/1", paper, by=["chair"])
    pass_until(community, "2026-12-31")
    assert len(found(community, "office.no_audit")) == met


@pytest.mark.parametrize(("sort", "met"), [("term", 0), ("handover", 0), ("annual", 1), ("trust", 1)])
def test_a_report_that_an_auditor_signed(sort: str, met: int) -> None:
    community = house(officers={**OFFICERS, "auditor": ("auditor", "assembly")})
    end_term(community, "treasurer", "treasurer", on="2026-01-31")
    pass_until(community, "2026-03-01")
    report(community, sort)
    pass_until(community, "2026-12-31")
    assert len(found(community, "office.no_audit")) == met


def report(community: Community, sort: str) -> None:
    body = {"sort": sort, "start": "2026-01-01", "until": "2026-02-28", "prefix": 1, "opinion": "unqualified"}
    body |= {"checks": 1, "form": 1, "report": digest_of("report"), "firm": "事务所", "report_number": "一号"}
    community.act("audit.reported/1", body, by=["auditor"])


def test_who_was_elected_again_and_rules_that_want_no_audit() -> None:
    community = house()
    end_term(community, "treasurer", "treasurer", on="2026-01-31")
    appoint(community, "treasurer", "treasurer", start="2026-03-01", end="2027-12-31")
    pass_until(community, "2026-12-31")
    assert found(community, "office.no_audit") == []
    community = house(profile=profile_with("audit.leaving", "false"))
    end_term(community, "treasurer", "treasurer", on="2026-01-31")
    pass_until(community, "2026-12-31")
    assert found(community, "office.no_audit") == []


# --- keys ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "met"), [("chair", 1), ("treasurer", 1), ("registrar", 1), ("member", 0)])
def test_somebody_in_office_without_a_key(who: str, met: int) -> None:
    community = house()
    community.revoke(community.key(who), by=who)
    assert found(community, "office.without_key") == [{"held_role": who, "keys": 1}] * met


def test_somebody_who_has_another_key_or_is_out_of_office() -> None:
    community = house()
    old = community.key("treasurer")
    community.enrol("treasurer")
    community.revoke(old, by="treasurer")
    end_term(community, "chair", "chair", on="2026-01-05")
    community.revoke(community.key("chair"), by="chair")
    community.advance(days=1)
    community.act("person.entered/1", {"nature": "office", "title": "x"}, by=["treasurer", "registrar"])
    assert found(community, "office.without_key") == []


# --- far away ---------------------------------------------------------------------------------------------------------


def test_terms_without_end_and_terms_of_long_ago() -> None:
    community = house()
    end_term(community, "treasurer", "treasurer", on="2026-01-31")
    appoint(community, "zhang", "treasurer", start="2026-02-01", end="9999-12-31")
    appoint(community, "li", "company", start="0001-01-01", end="0001-01-01", body="company")
    appoint(community, "wang", "company", start="9999-12-31", end="9999-12-31", body="company")
    appoint(community, "wang", "chair", start="0001-01-01", end="0001-01-01")
    appoint(community, "wang", "member", start="9999-01-01", end="9999-12-31")
    pass_until(community, "2031-01-31")
    dossier = dossier_of(community)
    codes = {finding.code for finding in run(dossier, CHECKS)}
    assert {"office.term_long", "office.no_handover", "office.no_audit"} <= codes
