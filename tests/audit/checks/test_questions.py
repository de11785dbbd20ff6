"""Questions of owners: those that wait too long, and those that nobody asked, each beside the nearest that is in order."""

import pytest

from tests.audit.checks.asked import findings, found
from tests.publication.test_objections import answer, ask, conclude, open_house, paper


@pytest.mark.parametrize(("days", "met"), [(7, []), (8, [1])])
def test_a_question_without_an_answer(days: int, met: list[int]) -> None:
    house = open_house()
    question = ask(house)
    house.advance(days=days)
    house.document("函")
    assert [one["days"] for one in found(house, "question.unanswered")] == met
    for one in findings(house, "question.unanswered"):
        assert [cited.record for cited in one.evidence] == [question]


@pytest.mark.parametrize("end", ["answered", "taken_back", "not_mine", "street"])
def test_a_question_that_waits_no_more(end: str) -> None:
    house = open_house()
    question = paper(house, owner="owner-a1")
    house.advance(days=9)
    house.document("函")
    assert len(found(house, "question.unanswered")) == 1
    if end == "answered":
        answer(house, question)
    else:
        conclude(house, question, end, by="owner-a1")
    # Who goes to the street still waits for an answer.
    assert len(found(house, "question.unanswered")) == (end == "street")


@pytest.mark.parametrize(("days", "met"), [(7, []), (8, [1])])
def test_an_answer_that_came_late(days: int, met: list[int]) -> None:
    house = open_house()
    question = ask(house)
    house.advance(days=days)
    given = answer(house, question)
    assert [one["days"] for one in found(house, "question.answered_late")] == met
    for one in findings(house, "question.answered_late"):
        assert [cited.record for cited in one.evidence] == [given, question]


def test_a_question_that_its_owner_did_not_ask() -> None:
    house = open_house()
    false, taken_back = paper(house, owner="owner-a1", slip="no-7"), paper(house, owner="owner-a2", slip="no-8")
    conclude(house, taken_back, "taken_back", by="owner-a2")
    assert found(house, "question.not_asked") == []
    said = conclude(house, false, "not_mine", by="owner-a1")
    (met,) = findings(house, "question.not_asked")
    assert [cited.record for cited in met.evidence] == [said, false]
    assert met.figures["slip"] == "no-7"
