"""Statements, postings and results: late, short or missing, each beside the nearest one that is in time."""

from typing import Any

import pytest

from ledger.rules.calendar import shipped_text
from tests.accounts.treasury import Treasury, spent, treasury
from tests.audit.checks.asked import findings, found
from tests.community import Community, digest_of, flats, profile_with
from tests.poll import Poll, motion


def house(*years: int) -> Treasury:
    """Books open since January 2026, with the working-day tables of these years."""
    made = treasury()
    for year in years or (2026, 2027):
        plain = f'[calendar]\nyear = {year}\nsources = ["no holidays"]\n\n[holidays]\n\n[worked]\ndays = []\n'
        text = plain if year > 2026 else shipped_text(year)
        made.act("calendar.adopted/1", {"year": year, "text": text}, by=made.both)
    return made


def at(community: Community, day: str) -> None:
    """Let it be that day, on which somebody says something."""
    community.set_clock(f"{day}T12:00:00+08:00")
    community.act("document.entered/1", {"kind": "letter", "subject": "函"}, by=["chair"])


def publish(made: Treasury, day: str) -> str:
    made.set_clock(f"{day}T12:00:00+08:00")
    return made.publish_next()


def hang(community: Community, record: str, start: str, until: str, *places: str, photos: int = 1) -> str:
    evidence = [digest_of(f"photo {n}") for n in range(photos)]
    body = {
        "record": record,
        "start": start,
        "until": until,
        "places": list(places or ("大堂", "大门")),
        "evidence": evidence,
    }
    return community.act("posting.hung/1", body, by=["treasurer"])


# --- due and late -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "met"), [("2026-07-30", 0), ("2026-07-31", 1)])
def test_a_statement_that_is_due(day: str, met: int) -> None:
    made = house()
    at(made, day)
    expected = [{"first": "2026H1", "periods": 1, "due_day": "2026-07-30"}] * met
    assert found(made, "statement.overdue") == expected


def test_several_statements_that_are_due() -> None:
    made = house(2026, 2027, 2028)
    publish(made, "2026-07-15")
    at(made, "2027-08-15")
    (finding,) = findings(made, "statement.overdue")
    assert finding.figures == {"first": "2026H2", "periods": 2, "due_day": "2027-02-01"}  # 30 January is a Saturday
    assert finding.evidence[0].record == made.entries[-2].record.digest


def test_no_books_and_books_opened_late() -> None:
    made = treasury(opened=False)
    at(made, "2027-12-31")
    assert found(made, "statement.overdue") == []
    made.open(on="2026-07-01")
    at(made, "2028-02-09")  # 30 days from the opening, and ten more as no table is adopted
    assert found(made, "statement.overdue") == []
    at(made, "2028-02-10")
    (finding,) = found(made, "statement.overdue")
    assert (finding["first"], finding["periods"]) == ("2026H2", 3)


@pytest.mark.parametrize(("day", "met"), [("2026-07-30", 0), ("2026-07-31", 1)])
def test_a_statement_that_came_late(day: str, met: int) -> None:
    made = house()
    publish(made, day)
    assert [finding["due_day"] for finding in found(made, "statement.late")] == ["2026-07-30"] * met


def test_a_longer_time_that_was_in_force_when_it_came() -> None:
    made = house()
    body = {"text": profile_with("statement.publish_within", '"60d"'), "source": digest_of("d")}
    made.act("profile.adopted/1", body, by=made.both)
    publish(made, "2026-08-29")
    made.act("profile.adopted/1", body | {"text": profile_with("statement.publish_within", '"10d"')}, by=made.both)
    assert found(made, "statement.late") == []


def test_statements_of_periods_before_the_books_came_here() -> None:
    made = treasury(opened=False)
    made.set_clock("2027-01-10T09:00:00+08:00")
    made.open(on="2026-01-01")
    made.publish_next()
    made.publish_next()
    assert found(made, "statement.late") == found(made, "statement.many_at_once") == []


@pytest.mark.parametrize(("last", "together", "single"), [("2028-01-31", 1, 0), ("2028-02-01", 0, 3)])
def test_many_late_statements_at_once(last: str, together: int, single: int) -> None:
    made = house(2026, 2027, 2028)
    for day in ("2027-12-31", "2028-01-20", last):
        publish(made, day)
    reported = found(made, "statement.many_at_once")
    assert [(finding["first"], finding["last"]) for finding in reported] == [("2026H1", "2027H1")] * together
    assert len(found(made, "statement.late")) == single


def test_two_late_statements_and_one_in_time() -> None:
    made = house(2026, 2027, 2028)
    for day in ("2027-12-31", "2028-01-02"):
        publish(made, day)
    assert found(made, "statement.many_at_once") == []
    assert len(found(made, "statement.late")) == 2


# --- how it hangs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "met"), [("2026-07-22", 0), ("2026-07-23", 1)])
def test_a_statement_that_does_not_hang(day: str, met: int) -> None:
    made = house()
    record = publish(made, "2026-07-15")
    at(made, day)
    assert [finding["published"] for finding in found(made, "statement.not_posted")] == ["2026H1"] * met
    hang(made, made.letter, day, day)  # something else
    assert len(found(made, "statement.not_posted")) == met
    hang(made, record, day, "2026-08-31")
    assert found(made, "statement.not_posted") == []


@pytest.mark.parametrize(("start", "met"), [("2026-07-22", 0), ("2026-07-23", 1)])
def test_a_statement_that_hung_late(start: str, met: int) -> None:
    made = house()
    record = publish(made, "2026-07-15")
    at(made, start)
    hang(made, record, start, "2026-08-31")
    assert [finding["start_day"] for finding in found(made, "statement.posted_late")] == [start] * met
    hang(made, record, "2026-07-20", "2026-08-31")
    assert found(made, "statement.posted_late") == []


@pytest.mark.parametrize(("until", "days"), [("2026-07-28", [14]), ("2026-07-29", [])])
def test_for_how_long_a_statement_hangs(until: str, days: list[int]) -> None:
    made = house()
    hang(made, publish(made, "2026-07-15"), "2026-07-15", until)
    assert [finding["days"] for finding in found(made, "statement.posted_short")] == days


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([("2026-07-15", "2026-07-24"), ("2026-07-20", "2026-07-29")], []),  # together fifteen days
        ([("2026-07-15", "2026-07-24"), ("2026-07-15", "2026-07-24")], [10]),  # two places on the same days
        ([("2026-07-15", "2026-07-20"), ("2026-08-01", "2026-08-09")], []),
        ([("2026-07-15", "2026-07-28"), ("2026-07-16", "2026-07-20")], [14]),
    ],
)
def test_several_postings_of_one_statement(spans: list[tuple[str, str]], days: list[int]) -> None:
    made = house()
    record = publish(made, "2026-07-15")
    at(made, "2026-08-01")
    for start, until in spans:
        hang(made, record, start, until)
    assert [finding["days"] for finding in found(made, "statement.posted_short")] == days


@pytest.mark.parametrize(
    ("years", "until", "days"), [((2026,), "2026-07-27", [9]), ((2026,), "2026-07-28", []), ((2025,), "2026-07-20", [])]
)
def test_a_posting_of_working_days(years: tuple[int, ...], until: str, days: list[int]) -> None:
    made = house(*years)
    body = {"text": profile_with("statement.posting", '"10wd"'), "source": digest_of("d")}
    made.act("profile.adopted/1", body, by=made.both)
    hang(made, publish(made, "2026-07-15"), "2026-07-15", until)
    assert [finding["days"] for finding in found(made, "statement.posted_short")] == days


@pytest.mark.parametrize(
    ("second", "met"), [(("大堂",), 1), (("大堂", "大堂"), 1), (("东门", "西门"), 0), (("甲", "乙", "丙"), 0)]
)
def test_the_places_of_one_statement_and_the_next(second: tuple[str, ...], met: int) -> None:
    made = house()
    hang(made, publish(made, "2026-07-15"), "2026-07-15", "2026-08-15")
    hang(made, publish(made, "2027-01-15"), "2027-01-15", "2027-02-15", *second)
    expected = [{"published": "2026H2", "places": 1, "before": 2}] * met
    assert found(made, "statement.fewer_places") == expected


def test_a_statement_between_that_does_not_hang() -> None:
    made = house()
    hang(made, publish(made, "2026-07-15"), "2026-07-15", "2026-08-15", "甲", "乙", "丙")
    publish(made, "2027-01-15")
    hang(made, publish(made, "2027-07-15"), "2027-07-15", "2027-08-15")
    assert [finding["before"] for finding in found(made, "statement.fewer_places")] == [3]


@pytest.mark.parametrize(("photos", "met"), [((0,), 1), ((1,), 0), ((0, 0), 1), ((0, 2), 0)])
def test_photographs_of_a_statement(photos: tuple[int, ...], met: int) -> None:
    made = house()
    record = publish(made, "2026-07-15")
    for number in photos:
        hang(made, record, "2026-07-15", "2026-08-15", photos=number)
    assert len(found(made, "posting.no_photograph")) == met


@pytest.mark.parametrize(("evidence", "met"), [([], 1), ([digest_of("photo")], 0)])
def test_photographs_of_a_notice_on_which_a_vote_rests(evidence: list[str], met: int) -> None:
    community = Community(flats("a1"))
    poll = Poll(community)
    poll.call()
    poll.post(evidence=[])  # hung once more, with a photograph or without
    poll.post(evidence=evidence)
    assert found(community, "posting.no_photograph") == []  # no vote rests on it yet
    community.advance(days=15)
    poll.freeze()
    poll.open()
    assert [finding.evidence[0].record for finding in findings(community, "posting.no_photograph")] == [
        poll.notice
    ] * met


@pytest.mark.parametrize(("until", "met"), [("2026-07-31", 1), ("2026-08-01", 0)])
def test_a_posting_entered_when_it_was_over(until: str, met: int) -> None:
    made = house()
    record = publish(made, "2026-07-15")
    at(made, "2026-08-01")
    hang(made, record, "2026-07-15", until)
    assert [finding["entered_day"] for finding in found(made, "posting.entered_after")] == ["2026-08-01"] * met


# --- results ----------------------------------------------------------------------------------------------------------


def voted(**how: Any) -> Poll:
    """A vote that closed on 28 January 2026, a Wednesday; one ballot came."""
    community = Community(flats("a1"))
    community.act("calendar.adopted/1", {"year": 2026, "text": shipped_text(2026)}, by=community.both)
    poll = Poll(community, [motion()], **how)
    poll.prepare()
    poll.cast("a1", "y")
    poll.close()
    assert community.day == "2026-01-28"
    return poll


@pytest.mark.parametrize(("day", "met"), [("2026-02-07", 0), ("2026-02-09", 0), ("2026-02-10", 1)])
def test_a_result_that_is_missing(day: str, met: int) -> None:
    """Seven days for sealed ballots, three for the result; 7 February is a Saturday that moves to Monday."""
    community = voted().community
    at(community, day)
    assert [finding["days"] for finding in found(community, "result.missing")] == [13] * met


@pytest.mark.parametrize(("day", "met"), [("2026-02-02", 0), ("2026-02-03", 1)])
def test_a_result_that_came_late(day: str, met: int) -> None:
    """31 January is a Saturday, so that three days end on Monday."""
    poll = voted()
    poll.unseal()
    at(poll.community, day)
    poll.certify()
    assert [finding["certified_day"] for finding in found(poll.community, "result.late")] == [day] * met
    assert found(poll.community, "result.missing") == []


@pytest.mark.parametrize(("day", "met"), [("2026-02-09", 0), ("2026-02-10", 1)])
def test_a_result_with_ballots_that_nobody_opened(day: str, met: int) -> None:
    poll = voted()
    at(poll.community, day)
    poll.certify()
    assert len(found(poll.community, "result.late")) == met


@pytest.mark.parametrize(("day", "met"), [("2026-02-02", 0), ("2026-02-03", 1)])
def test_a_result_that_does_not_hang(day: str, met: int) -> None:
    poll = voted()
    community = poll.community
    poll.unseal()
    poll.certify()
    at(community, day)
    assert [finding["certified_day"] for finding in found(community, "result.not_posted")] == ["2026-01-28"] * met


@pytest.mark.parametrize("name", ["certificate", "opened", "called"])
def test_a_result_that_hangs(name: str) -> None:
    poll = voted()
    poll.unseal()
    poll.certify()
    hang(poll.community, getattr(poll, name), "2026-01-28", "2026-02-28")
    at(poll.community, "2026-02-28")
    assert found(poll.community, "result.not_posted") == []


def test_a_question_that_binds_nobody_need_not_hang() -> None:
    poll = voted(phone=False)
    poll.unseal()
    poll.certify()
    at(poll.community, "2026-02-28")
    assert found(poll.community, "result.not_posted") == []


# --- corrections ------------------------------------------------------------------------------------------------------


def correct(made: Treasury, statement: str, was: str, now: str, contra: str = "") -> str:
    body = {"statement": statement, "was": was, "now": now, "reason": "更正"} | ({"contra": contra} if contra else {})
    return made.act("correction.noticed/1", body, by=["treasurer", "chair"])


@pytest.mark.parametrize(
    ("was", "now", "met"),
    [
        ("1,651.00元", "1615", 1),
        ("1651", "￥1651.00", 0),
        ("收款方甲", "收款方乙", 0),
        ("1651元（含税）", "1615元", 0),
        ("1651", "1615元，已退", 0),
    ],
)
def test_an_amount_that_is_corrected_on_paper_only(was: str, now: str, met: int) -> None:
    made = house()
    correct(made, publish(made, "2026-07-15"), was, now)
    assert found(made, "correction.not_booked") == [{"was_fen": 165_100, "now_fen": 161_500}] * met


def test_an_amount_that_is_corrected_in_the_books_too() -> None:
    made = house()
    _, row = made.take(("2026-01-05", -1651_00, [spent(1651_00)]), confirmed=True)
    statement = publish(made, "2026-07-15")
    correct(made, statement, "1651", "1615", made.contra(row))
    assert found(made, "correction.not_booked") == []


@pytest.mark.parametrize(("day", "met"), [("2026-07-22", 0), ("2026-07-23", 1)])
def test_a_correction_that_does_not_hang(day: str, met: int) -> None:
    made = house()
    statement = publish(made, "2026-07-15")
    notice = correct(made, statement, "甲", "乙")
    at(made, day)
    assert found(made, "correction.not_posted") == []  # nor does the statement
    hang(made, statement, "2026-07-15", "2026-08-15")
    assert [finding["noticed_day"] for finding in found(made, "correction.not_posted")] == ["2026-07-15"] * met
    hang(made, notice, day, "2026-08-15")
    assert found(made, "correction.not_posted") == []
