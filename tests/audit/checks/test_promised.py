"""What terms promise beside pay: reports that did not come in time, and the nearest that did."""

from typing import Any

import pytest

from tests.accounts.treasury import Treasury, treasury
from tests.audit.checks.asked import findings, found
from tests.audit.checks.boards import at, hang, house, publish
from tests.community import BOTH, digest_of, profile_with

CODE = "trust.report_missing"


def agreed(made: Treasury, months: int = 1, **other: Any) -> str:
    body: dict[str, Any] = {
        "code": "t1",
        "trustee": "lift",
        "document": made.letter,
        "start": "2026-01-01",
        "until": "2026-12-31",
    }
    body |= {"rate": "9/100", "base": "received", "categories": ["service_fee"], "fund": "service_fee"}
    return made.act("trust.agreed/1", body | {"category": "remuneration", "report_months": months} | other, by=BOTH)


@pytest.mark.parametrize(("day", "met"), [("2026-03-02", []), ("2026-03-03", [1]), ("2026-03-31", [2])])
def test_a_month_without_a_report(day: str, met: list[int]) -> None:
    """The thirty days after January end on 2 March, those after February on 30 March."""
    made = house()
    terms = agreed(made)
    at(made, day)
    assert [figures["count"] for figures in found(made, CODE)] == met
    for finding in findings(made, CODE):
        assert [cited.record for cited in finding.evidence] == [terms]
        assert (finding.figures["start_day"], finding.figures["months"]) == ("2026-01-01", 1)
        assert finding.figures["until_day"] == ("2026-01-31" if met == [1] else "2026-02-28")


@pytest.mark.parametrize(("day", "met"), [("2026-07-30", 0), ("2026-07-31", 1)])
def test_a_statement_that_closes_the_months_is_a_report(day: str, met: int) -> None:
    made = house()
    terms = agreed(made, 6)
    statement = publish(made, day)
    at(made, "2026-08-05")
    reported = findings(made, CODE)
    assert len(reported) == met
    for finding in reported:
        assert [cited.record for cited in finding.evidence] == [terms, statement]


def test_only_a_statement_that_came_too_late_is_cited() -> None:
    made = house()
    publish(made, "2026-07-01")
    terms = agreed(made, start="2026-07-01")
    at(made, "2026-09-01")
    (finding,) = findings(made, CODE)
    assert [cited.record for cited in finding.evidence] == [terms]


def test_where_nobody_can_count_the_days_nothing_is_said() -> None:
    """The days are working days, and no table of the year was adopted."""
    made = treasury()
    body = {"text": profile_with("statement.publish_within", '"10wd"'), "source": digest_of("d")}
    made.act("profile.adopted/1", body, by=made.both)
    agreed(made)
    at(made, "2026-06-30")
    assert found(made, CODE) == []


def test_a_statement_of_half_a_year_is_none_of_a_whole_one() -> None:
    made = house()
    agreed(made, 12)
    publish(made, "2026-07-10")
    at(made, "2027-02-02")
    assert len(found(made, CODE)) == 1


@pytest.mark.parametrize(
    ("kind", "start", "met"),
    [
        ("report", "2026-02-01", 0),
        ("report", "2026-03-02", 0),
        ("report", "2026-03-03", 1),
        ("report", "2026-01-31", 1),
        ("letter", "2026-02-01", 1),
    ],
)
def test_a_report_that_hangs_is_one(kind: str, start: str, met: int) -> None:
    made = house()
    agreed(made)
    at(made, "2026-03-03")
    hang(made, made.document("一月管理报告", kind=kind), start, "2026-03-20")
    assert len(found(made, CODE)) == met


@pytest.mark.parametrize(("entered", "met"), [("2026-01-31", 1), ("2026-02-01", 0)])
def test_months_that_were_over_when_the_terms_came_here_are_nobodys(entered: str, met: int) -> None:
    made = house()
    at(made, entered)
    agreed(made)
    at(made, "2026-03-03")
    assert len(found(made, CODE)) == met


@pytest.mark.parametrize(("until", "met"), [("2026-01-30", 0), ("2026-01-31", 1)])
def test_a_report_is_about_whole_months_of_the_term(until: str, met: int) -> None:
    made = house()
    agreed(made, until=until)
    at(made, "2026-06-30")
    assert [figures["count"] for figures in found(made, CODE)] == [1] * met


@pytest.mark.parametrize(("start", "first"), [("2026-02-28", 0), ("2026-03-01", 1)])
def test_terms_whose_place_others_took_promise_nothing_more(start: str, first: int) -> None:
    made = house()
    agreed(made, 2)
    agreed(made, 12, code="t2", start=start, replaces="t1")
    at(made, "2026-06-30")
    assert [figures["count"] for figures in found(made, CODE)] == [1] * first
