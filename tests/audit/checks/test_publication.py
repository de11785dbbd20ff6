"""Statements and results that are late or missing, each beside the nearest one that is in time."""

import pytest

from ledger.rules.calendar import shipped_text
from tests.accounts.treasury import treasury
from tests.audit.checks.asked import findings, found
from tests.audit.checks.boards import at, house, publish, voted
from tests.community import Community, digest_of, flats, profile_with
from tests.poll import Poll

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


@pytest.mark.parametrize(("day", "met"), [("2027-02-19", 0), ("2027-02-20", 1)])
def test_the_days_of_a_statement_run_from_when_the_books_came_here(day: str, met: int) -> None:
    made = treasury(opened=False)
    made.set_clock("2027-01-10T09:00:00+08:00")
    made.open(on="2026-07-01")
    publish(made, day)  # thirty days, and ten more as no table is adopted
    assert [finding["due_day"] for finding in found(made, "statement.late")] == ["2027-02-19"] * met


def test_days_from_the_opening_that_nobody_can_count() -> None:
    """Of the year in which the books came here no table was adopted."""
    made = treasury(opened=False)
    made.act("calendar.adopted/1", {"year": 2026, "text": shipped_text(2026)}, by=made.both)
    body = {"text": profile_with("statement.publish_within", '"20wd"'), "source": digest_of("d")}
    made.act("profile.adopted/1", body, by=made.both)
    made.set_clock("2027-01-10T09:00:00+08:00")
    made.open(on="2026-01-01")
    publish(made, "2027-12-31")
    assert found(made, "statement.late") == []


@pytest.mark.parametrize(("last", "together", "single"), [("2028-01-31", 1, 0), ("2028-02-01", 0, 3)])
def test_many_late_statements_at_once(last: str, together: int, single: int) -> None:
    made = house(2026, 2027, 2028)
    for day in ("2027-12-31", "2028-01-20", last):
        publish(made, day)
    reported = found(made, "statement.many_at_once")
    assert [(f["first"], f["last"], f["published_day"]) for f in reported] == [
        ("2026H1", "2027H1", "2027-12-31")
    ] * together
    assert len(found(made, "statement.late")) == single


def test_two_late_statements_and_one_in_time() -> None:
    made = house(2026, 2027, 2028)
    for day in ("2027-12-31", "2028-01-02"):
        publish(made, day)
    assert found(made, "statement.many_at_once") == []
    assert len(found(made, "statement.late")) == 2


# --- results ----------------------------------------------------------------------------------------------------------


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


def test_a_vote_that_closes_at_the_calendar_s_end() -> None:
    community = Community(flats("a1"))
    poll = Poll(community)
    poll.closes = "9999-12-31T00:00:00.000Z"
    poll.prepare()
    assert found(community, "result.missing") == []
