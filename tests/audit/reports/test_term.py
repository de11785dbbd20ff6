"""A term audit of small ledgers, whatever its reason: offices, decisions, spending by basis, publication, hand-over."""

from typing import Any

import pytest

from ledger.audit.reports import SECTIONS
from tests.accounts.treasury import OPENING, Treasury, spent, treasury
from tests.audit.reports.drawn import drawn, rows, said, section
from tests.audit.reports.test_pay import received
from tests.community import BOTH, Flat
from tests.poll import Poll, motion


def ended(house: Treasury, role: str, on: str) -> str:
    return house.act(
        "role.ended/1", {"person": house.ref(role), "role": role, "on": on, "source": house.letter}, by=BOTH
    )


def test_the_terms_of_the_body_on_the_days_audited() -> None:
    house = treasury()
    report = drawn(house, "term")
    assert [(r["office_role"], r["from_day"], r["to_day"]) for r in rows(report, "offices", "offices")] == [
        (role, "2026-01-01", "2030-12-31") for role in ("chair", "treasurer", "member")
    ]
    assert set(said(report, "offices")) == {"in_office", "nothing_ends"}
    assert set(said(drawn(house, "term", "2031-01-01", "2031-12-31"), "offices")) == {"nobody_in_office"}


@pytest.mark.parametrize(("until", "over"), [("2030-12-30", False), ("2030-12-31", True)])
def test_a_term_that_ends(until: str, over: bool) -> None:
    """Sh 67, Hz 37."""
    told = said(drawn(treasury(), "term", "2026-01-01", until), "offices")
    assert ("term_over" in told) == over
    assert ("nothing_ends" in told) != over


@pytest.mark.parametrize(("role", "told"), [("treasurer", "left"), ("chair", "left"), ("member", "nothing_ends")])
def test_who_leaves_before_the_end(role: str, told: str) -> None:
    """Chair and finance member are audited when they leave (Hz 37, Jx 21, Bj 34(8)), other members are not."""
    house = treasury()
    record = ended(house, role, house.day)
    report = drawn(house, "term")
    assert told in said(report, "offices")
    assert "term_over" not in said(report, "offices")
    (row,) = (r for r in rows(report, "offices", "offices") if r["ended_day"])
    assert (row["office_role"], row["ended_day"], row["to_day"]) == (role, house.day, house.day)
    assert record in str(section(report, "offices"))


def test_spending_by_what_it_rested_on() -> None:
    house = treasury()
    application = house.approved(30_00)
    house.take((house.day, -30_00, [{"amount": -30_00, "settles": f"{application}#0"}]))
    assert said(drawn(house, "term"), "basis")["all_with_basis"] == ("agrees", {"count": 1, "spent_fen": 30_00})
    row = house.take((house.day, -8_00, [spent(8_00)]))[1]
    report = drawn(house, "term")
    figures = {"count": 2, "spent_fen": 38_00, "without": 1, "without_fen": 8_00}
    assert said(report, "basis")["without_basis"] == ("differs", figures)
    assert [(r["basis"], r["amount_fen"], r["state"]) for r in rows(report, "basis", "basis")] == [
        ("budget", 30_00, "agrees"),
        ("none", 8_00, "differs"),
    ]
    assert row in str(section(report, "basis"))
    house.grant({"type": "ratification", "payments": [f"{row}#0"]}, name="later")
    report = drawn(house, "term")
    assert "all_with_basis" in said(report, "basis")
    assert [r["basis"] for r in rows(report, "basis", "basis")] == ["budget", "ratified"]


def test_what_the_owners_allowed_beside_what_was_spent_under_it() -> None:
    house = treasury()
    application = house.approved(30_00, motion=house.budget(cap=100_00))
    house.take((house.day, -30_00, [{"amount": -30_00, "settles": f"{application}#0"}]))
    report = drawn(house, "term")
    (line,) = rows(report, "authorities", "authorities")
    assert (line["authority"], line["line"], line["cap_fen"], line["actual_fen"], line["left_fen"]) == (
        "budget",
        "lifts",
        100_00,
        30_00,
        70_00,
    )
    assert said(report, "authorities")["authorities"] == ("agrees", {"count": 1, "spent_fen": 30_00, "over": 0})
    later = drawn(house, "term", "2027-01-01", "2027-12-31")
    assert set(said(later, "authorities")) == {"no_authorities"}


def test_what_the_owners_decided() -> None:
    house = Treasury(units=[Flat("a1"), Flat("a2"), Flat("a3")])
    Poll.hold(house, [motion(title="甲"), motion(title="乙")], {"a1": "yn", "a2": "yn", "a3": "yn"})
    report = drawn(house, "term")
    assert said(report, "decisions")["decided"] == ("told", {"count": 2, "passed": 1, "failed": 1})
    assert [r["result"] for r in rows(report, "decisions", "decisions")] == ["passed", "failed"]


def test_statements_in_time_and_late_and_where_they_hung() -> None:
    house = treasury()
    assert set(said(drawn(house, "term"), "publicity")) == {"nothing_published"}
    house.set_clock("2026-07-30T09:00:00+08:00")
    first = house.publish_next()
    house.set_clock("2027-03-01T09:00:00+08:00")
    house.publish_next()
    hung = {"record": first, "start": "2026-07-30", "until": "2026-08-20", "places": ["门口"]}
    house.act("posting.hung/1", hung, by=["chair"])
    report = drawn(house, "term", "2026-01-01", "2027-12-31")
    assert said(report, "publicity")["published"] == ("differs", {"count": 2, "late": 1, "not_hung": 1})
    told = rows(report, "publicity", "statements")
    assert [(r["closed_period"], r["published_day"], r["hung_from_day"], r["state"]) for r in told] == [
        ("2026H1", "2026-07-30", "2026-07-30", "agrees"),
        ("2026H2", "2027-03-01", "", "differs"),
    ]
    assert len(rows(drawn(house, "term", "2026-01-01", "2026-06-30"), "publicity", "statements")) == 1


def test_closing_sums_are_those_of_the_statement_of_the_same_days() -> None:
    house = treasury()
    received(house, 100_00)
    house.set_clock("2026-07-10T09:00:00+08:00")
    house.publish_next()
    figures = {"closed_period": "2026H1", "closing_fen": 17_100_00, "printed_fen": 17_100_00}
    assert said(drawn(house, "term", "2026-01-01", "2026-06-30"), "funds")["as_published"] == ("agrees", figures)
    assert sum(OPENING.values()) == 17_000_00
    assert "not_closed" not in said(drawn(house, "handover", "2026-01-01", "2026-06-30"), "handover")
    assert "not_closed" in said(drawn(house, "handover", "2026-01-01", "2026-07-01"), "handover")
    assert "no_statement" in said(drawn(house, "term", "2026-01-01", "2026-06-29"), "funds")


def test_what_is_there_to_hand_over_and_what_is_open() -> None:
    house = Treasury(units=[Flat("a1"), Flat("a2", owners=("owner-a1",))])
    house.open()
    told = said(drawn(house, "handover"), "handover")
    assert {"not_handed_over", "no_open_matters", "not_closed"} == set(told)
    house.take((house.day, 9_00), (house.day, -8_00, [spent(8_00)]))
    house.act("objection.filed/1", house.objection(house.letter, "问"), by=["owner-a1"])
    house.document("财务移交清单")
    over = {"code": "c2", "direction": "out", "object": "短期", "party": "lift", "end": "2026-12-30"}
    house.act("contract.entered/1", over, by=["chair"])
    report = drawn(house, "handover")
    told = said(report, "handover")
    figures = {"payments": 0, "deposits": 0, "suspense": 1, "questions": 1, "unfounded": 1, "unfounded_fen": 8_00}
    assert told["open_matters"] == ("open", figures)
    assert told["handed_over"][1] == {"count": 1}
    listed: dict[str, Any] = {r["handed"]: (r["number"], r.get("state")) for r in rows(report, "handover", "handover")}
    assert (listed["units"], listed["owners"], listed["papers"]) == ((2, None), (1, None), (2, None))
    assert listed["seals"] == ("", "absent")
    assert listed["contracts"] == (1, None)
    later = said(drawn(house, "handover", "2026-02-01", "2026-12-31"), "handover")
    assert "not_handed_over" in later


def test_each_sort_of_audit_has_its_sections() -> None:
    house = treasury()
    listed = {sort: [one["code"] for one in drawn(house, sort)["sections"]] for sort in SECTIONS}
    assert set(listed) == {"trust", "term", "annual", "handover"}
    assert listed["trust"][-1] == "duties"
    assert "basis" in listed["annual"]
    assert listed["term"][0] == "offices"
    assert listed["term"][-1] == listed["handover"][-1] == "handover"


def test_who_leaves_and_comes_back_left_once() -> None:
    house = treasury()
    ended(house, "treasurer", house.day)
    term = {"person": house.ref("treasurer"), "role": "treasurer", "body": "committee", "source": house.letter}
    house.act("role.appointed/1", term | {"start": "2026-03-01", "end": "2026-12-31"}, by=BOTH)
    told = [r["ended_day"] for r in rows(drawn(house, "term"), "offices", "offices") if r["office_role"] == "treasurer"]
    assert told == [house.day, ""]


@pytest.mark.parametrize(("on", "late"), [("2026-08-09", 0), ("2026-08-10", 1)])
def test_a_statement_on_its_last_day_is_in_time(on: str, late: int) -> None:
    """Thirty days after the half-year, and the longest rest that no table says anything of."""
    house = treasury()
    house.set_clock(f"{on}T09:00:00+08:00")
    house.publish_next()
    assert said(drawn(house, "term"), "publicity")["published"][1]["late"] == late
