"""What hangs, for how long and where, each beside the nearest one that hangs as it should."""

import pytest

from ledger.rules.calendar import shipped_text
from tests.accounts.treasury import Treasury, spent
from tests.audit.checks.asked import findings, found
from tests.audit.checks.boards import at, hang, house, publish, voted
from tests.community import OFFICERS, Community, digest_of, flats, profile_with
from tests.poll import Poll

# --- how it hangs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "met"), [("2026-07-22", 0), ("2026-07-23", 1)])
def test_a_statement_that_does_not_hang(day: str, met: int) -> None:
    made = house()
    record = publish(made, "2026-07-15")
    at(made, day)
    assert [finding["published"] for finding in found(made, "statement.not_posted")] == ["2026H1"] * met
    assert found(made, "statement.posted_late") == []  # it is not late, it is missing
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


@pytest.mark.parametrize(
    ("now", "fen"), [("1,615.5元", 161_550), ("1615.50", 161_550), ("0.05", 5), ("1615.05", 161_505)]
)
def test_an_amount_with_fen(now: str, fen: int) -> None:
    made = house()
    correct(made, publish(made, "2026-07-15"), "1651", now)
    assert found(made, "correction.not_booked") == [{"was_fen": 165_100, "now_fen": fen}]


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


# --- reports, and what owners see -------------------------------------------------------------------------------------


def audited(sort: str = "annual") -> tuple[Treasury, str]:
    """A community whose auditor reported on 15 July 2026."""
    made = Treasury(officers={**OFFICERS, "auditor": ("auditor", "assembly")})
    made.act("calendar.adopted/1", {"year": 2026, "text": shipped_text(2026)}, by=made.both)
    made.set_clock("2026-07-15T12:00:00+08:00")
    body = {
        "sort": sort,
        "start": "2026-01-01",
        "until": "2026-06-30",
        "prefix": len(made.entries),
        "opinion": "qualified",
    }
    body |= {"checks": 1, "form": 1, "report": digest_of("report"), "firm": "事务所", "report_number": "一号"}
    return made, made.act("audit.reported/1", body, by=["auditor"])


def see(community: Community, record: str) -> None:
    where, _ = community.commit("posting.seen/1", "where", "大堂")
    body = {"record": record, "on": community.day, "where": where, "evidence": digest_of(f"seen {record}")}
    community.act("posting.seen/1", body, by=["supervisor"])


def test_days_at_the_calendar_s_ends() -> None:
    made = house()
    hang(made, publish(made, "2026-07-15"), "0001-01-01", "9999-12-31")
    assert found(made, "statement.posted_short") == found(made, "statement.posted_late") == []


@pytest.mark.parametrize(("day", "met"), [("2026-07-22", 0), ("2026-07-23", 1)])
def test_a_report_that_does_not_hang(day: str, met: int) -> None:
    made, report = audited()
    at(made, day)
    assert [finding["reported_day"] for finding in found(made, "audit.not_posted")] == ["2026-07-15"] * met
    hang(made, report, day, "2026-12-31")
    assert found(made, "audit.not_posted") == []


@pytest.mark.parametrize(("until", "days"), [("2026-08-12", [29]), ("2026-08-13", [])])
def test_for_how_long_a_report_hangs(until: str, days: list[int]) -> None:
    made, report = audited()
    assert found(made, "audit.posted_short") == []  # it does not hang at all
    hang(made, report, "2026-07-15", until)
    assert [finding["days"] for finding in found(made, "audit.posted_short")] == days


def test_what_somebody_saw_hang_does_hang() -> None:
    made = house()
    record = publish(made, "2026-07-15")
    hang(made, record, "2026-07-15", "2026-08-15", photos=0)
    other = publish(made, "2027-01-15")
    at(made, "2027-02-15")
    assert len(found(made, "statement.not_posted")) == len(found(made, "posting.no_photograph")) == 1
    see(made, record)
    assert found(made, "posting.no_photograph") == []
    assert len(found(made, "statement.not_posted")) == 1
    see(made, other)
    assert found(made, "statement.not_posted") == []


@pytest.mark.parametrize("name", ["notice", "called", "certificate"])
def test_a_notice_and_a_result_that_somebody_saw(name: str) -> None:
    poll = voted(photos=0)
    poll.unseal()
    poll.certify()
    at(poll.community, "2026-02-28")
    see(poll.community, getattr(poll, name))
    assert len(found(poll.community, "posting.no_photograph")) == (name == "certificate")
    assert len(found(poll.community, "result.not_posted")) == (name == "notice")


def test_a_correction_and_a_report_that_somebody_saw() -> None:
    made, report = audited()
    see(made, report)
    at(made, "2026-12-31")
    assert found(made, "audit.not_posted") == []
    made = house()
    statement = publish(made, "2026-07-15")
    hang(made, statement, "2026-07-15", "2026-08-15")
    notice = correct(made, statement, "甲", "乙")
    at(made, "2026-12-31")
    assert len(found(made, "correction.not_posted")) == 1
    see(made, notice)
    assert found(made, "correction.not_posted") == []
