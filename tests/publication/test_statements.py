"""Statements: published by those who must, true to the books, in order, and closing their period."""

from collections.abc import Mapping
from typing import Any

import pytest

from ledger.publication import statement
from ledger.publication.decide import Corrected, Posted, StatementStands, totals_of
from ledger.publication.journal import Journal
from tests.accounts.treasury import Treasury, treasury
from tests.community import digest_of, refused_as
from tests.publication.drawing import drawn

SIGNERS = ("treasurer", "chair")


@pytest.fixture
def house() -> Treasury:
    house = treasury()
    house.set_clock("2026-01-07T09:00:00+08:00")
    house.take(
        (
            "2026-01-06",
            300_00,
            [{"amount": 300_00, "fund": "common_income", "category": "advert", "nature": "income"}],
        )
    )
    return house


def body(house: Treasury, **other: Any) -> dict[str, Any]:
    return {**statement.publication_body(drawn(house), house.books.accounts), **other}


def after_half(house: Treasury) -> None:
    house.set_clock("2026-07-02T09:00:00+08:00")


def test_it_closes_its_period(house: Treasury) -> None:
    after_half(house)
    said = body(house)
    house.act("statement.published/1", said, by=SIGNERS)
    assert house.fact(StatementStands).statement.digest == said["digest"]
    assert house.books.accounts.closed_until == "2026-06-30"
    assert house.books.publication.latest == house.fact(StatementStands).statement
    with refused_as("period.not_next"):
        house.act("statement.published/1", said, by=SIGNERS)


def test_the_next_one_begins_where_it_ended_and_names_it(house: Treasury) -> None:
    after_half(house)
    first = body(house)
    house.act("statement.published/1", first, by=SIGNERS)
    house.set_clock("2027-01-02T09:00:00+08:00")
    again = drawn(house)
    assert again["period"]["code"] == "2026H2"
    assert again["previous"] == first["digest"]
    closing = {(t["account"], t["fund"]): t["closing"] for t in first["totals"]}
    assert {(t.account, t.fund): t.opening for t in totals_of(house.books.accounts, "2026H2")} == closing
    with refused_as("statement.prefix"):
        house.act("statement.published/1", body(house, prefix=first["prefix"]), by=SIGNERS)
    house.act("statement.published/1", body(house), by=SIGNERS)


@pytest.mark.parametrize("by", [("treasurer",), ("chair",), ("treasurer", "member"), ("treasurer", "chair", "member")])
def test_those_sign_whom_the_profile_names(house: Treasury, by: tuple[str, ...]) -> None:
    after_half(house)
    with refused_as("signers.seats"):
        house.act("statement.published/1", body(house), by=by)


def test_not_before_the_period_ends(house: Treasury) -> None:
    house.set_clock("2026-06-30T23:58:00+08:00")
    with refused_as("statement.too_early"):
        house.act("statement.published/1", body(house), by=SIGNERS)


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"period": "2026H2"}, "period.not_next"),
        ({"period": "2025H2"}, "period.not_next"),
        ({"prefix": 10_000}, "statement.prefix"),
        ({"prefix": 1}, "statement.booked_since"),
        ({"count": 7}, "statement.count_differ"),
        ({"root": digest_of("other")}, "statement.root_differ"),
    ],
)
def test_figures_that_are_not_the_books_own(house: Treasury, other: Mapping[str, Any], rule: str) -> None:
    after_half(house)
    with refused_as(rule):
        house.act("statement.published/1", body(house, **other), by=SIGNERS)


@pytest.mark.parametrize("field", ["opening", "received", "spent", "closing"])
def test_every_total_is_compared(house: Treasury, field: str) -> None:
    after_half(house)
    said = body(house)
    totals = [dict(t) for t in said["totals"]]
    totals[0][field] += 1
    with refused_as("statement.totals_differ"):
        house.act("statement.published/1", {**said, "totals": totals}, by=SIGNERS)
    with refused_as("statement.totals_differ"):
        house.act("statement.published/1", {**said, "totals": totals[1:]}, by=SIGNERS)


def test_what_was_booked_after_it_was_drawn_up_stops_it(house: Treasury) -> None:
    after_half(house)
    said = body(house)
    house.take(
        ("2026-06-30", 5_00, [{"amount": 5_00, "fund": "common_income", "category": "interest", "nature": "income"}])
    )
    with refused_as("statement.booked_since"):
        house.act("statement.published/1", said, by=SIGNERS)
    house.act("statement.published/1", body(house), by=SIGNERS)


def test_a_journal_of_other_books_draws_nothing(house: Treasury) -> None:
    with refused_as("statement.journal"):
        statement.draw_up(house.books, Journal(), bytes(32))


def test_what_nobody_can_explain_stands_open(house: Treasury) -> None:
    house.set_clock("2026-06-29T20:00:00+08:00")
    house.take(("2026-06-29", 7_00))
    after_half(house)
    made = drawn(house)
    assert [(s["amount"], s["on"]) for s in made["open"]["suspense"]] == [(7_00, "2026-06-29")]
    (bank,) = (a for a in made["accounts"] if a["nature"] == "bank")
    assert bank["difference"] == 7_00
    assert not bank["complete"]
    assert all(table["agrees"] for table in made["reconciliation"])


def test_postings_and_corrections(house: Treasury) -> None:
    after_half(house)
    published = house.act("statement.published/1", body(house), by=SIGNERS)
    hung = {"record": published, "start": "2026-07-02", "until": "2026-07-17", "places": ["1栋大堂"]}
    house.act("posting.hung/1", hung, by=["chair"])
    assert house.fact(Posted).places == ("1栋大堂",)
    with refused_as("posting.unknown_record"):
        house.act("posting.hung/1", {**hung, "record": digest_of("nothing")}, by=["chair"])
    for days in ({"until": "2026-07-01"}, {"start": "2026-08-01", "until": "2026-08-30"}):
        with refused_as("posting.days"):
            house.act("posting.hung/1", {**hung, **days}, by=["chair"])
    notice = {"statement": published, "line": 0, "was": "300.00", "now": "30.00", "reason": "误录"}
    house.act("correction.noticed/1", notice, by=SIGNERS)
    assert house.fact(Corrected).line == 0
    with refused_as("correction.unknown_statement"):
        house.act("correction.noticed/1", {**notice, "statement": digest_of("nothing")}, by=SIGNERS)
    with refused_as("correction.unknown_contra"):
        house.act("correction.noticed/1", {**notice, "contra": digest_of("nothing")}, by=SIGNERS)
    house.set_clock("2027-01-02T09:00:00+08:00")
    assert [c["now"] for c in drawn(house)["corrections"]] == ["30.00"]


def test_a_row_in_suspense_also_moves_the_books_on(house: Treasury) -> None:
    """Else the prefix could be chosen before a theft that nobody has explained."""
    house.set_clock("2026-06-30T20:00:00+08:00")
    house.take(("2026-06-30", -1_00))
    after_half(house)
    said = body(house)
    house.take(("2026-06-30", -4_00))
    with refused_as("statement.booked_since"):
        house.act("statement.published/1", said, by=SIGNERS)


def test_also_where_nothing_else_was_booked() -> None:
    house = treasury()
    house.set_clock("2026-07-02T09:00:00+08:00")
    said = body(house)
    house.take(("2026-06-30", -4_00))
    with refused_as("statement.booked_since"):
        house.act("statement.published/1", said, by=SIGNERS)


def test_what_passed_through_suspense_is_told(house: Treasury) -> None:
    """A theft given back by somebody else's money leaves no line; it stands in this list, with the row that hid it."""
    house.set_clock("2026-06-29T20:00:00+08:00")
    _, theft = house.take(("2026-06-28", -50_00))
    _, hiding = house.take(("2026-06-29", 50_00, [{"amount": 50_00, "returns": theft}]))
    after_half(house)
    made = drawn(house)
    assert made["open"]["suspense"] == []
    assert [(s["row"], s["amount"], s["by"]) for s in made["suspense"]] == [
        (theft, -50_00, theft),
        (theft, 50_00, hiding),
    ]


def test_what_was_given_back_from_suspense_names_its_paper(house: Treasury) -> None:
    """No line names it, but the list of what passed through suspense does, and the list of papers says what it is."""
    house.set_clock("2026-06-29T20:00:00+08:00")
    paper = house.document("退回误汇款的函")
    _, came = house.take(("2026-06-28", 50_00))
    _, back = house.take(("2026-06-29", -30_00, [{"amount": -30_00, "returns": came, "document": paper}]))
    after_half(house)
    made = drawn(house)
    assert [(s["by"], s.get("document")) for s in made["suspense"]] == [(came, None), (back, paper)]
    assert [(d["digest"], d["subject"]) for d in made["documents"]] == [(paper, "退回误汇款的函")]


def test_gross_deduction_and_net_stand_together(house: Treasury) -> None:
    """Both are counted, 收入 and 支出, and the deduction is an open payment without authority until the owners ratify it."""
    house.party("manager")
    deposit = house.deposit(
        70_00, gross=100_00, cost=30_00, cost_evidence=house.letter, cost_category="remuneration",
        fund="common_income", category="rent", party="manager",
    )  # fmt: skip
    _, row = house.take((house.day, 70_00, [{"amount": 70_00, "settles": deposit}]))
    made = drawn(house)
    figures = {"gross": 100_00, "cost": 30_00, "net": 70_00}
    assert made["deductions"] == [{"line": 1, "cost_line": 2, "evidence": house.letter} | figures]
    assert [line["amount"] for line in made["lines"]] == [300_00, 100_00, -30_00]
    assert (made["totals"]["income"], made["totals"]["expense"]) == (400_00, 30_00)
    assert [(u["payment"], u["amount"]) for u in made["open"]["unfounded"]] == [(f"{row}#32", 30_00)]
    assert made["decisions"]["by_basis"] == [{"basis": "none", "count": 1, "amount": 30_00}]
    assert house.letter in {document["digest"] for document in made["documents"]}
    house.contra(row)
    back = drawn(house)["deductions"][1]
    assert (back["gross"], back["cost"], back["net"]) == (-100_00, -30_00, -70_00)


def test_what_passed_through_suspense_too_late_for_its_own_statement_stands_in_the_next(house: Treasury) -> None:
    """Else whoever publishes before the last rows are in could let a theft and its cover pass between two statements."""
    after_half(house)
    house.act("statement.published/1", body(house), by=SIGNERS)
    _, theft = house.take(("2026-06-28", -50_00))
    _, hiding = house.take(("2026-06-29", 50_00, [{"amount": 50_00, "returns": theft}]))
    house.set_clock("2027-01-02T09:00:00+08:00")
    made = drawn(house)
    assert [(s["row"], s["on"], s["by"]) for s in made["suspense"]] == [
        (theft, "2026-06-28", theft),
        (theft, "2026-06-29", hiding),
    ]
    house.act("statement.published/1", body(house), by=SIGNERS)
    house.set_clock("2027-07-02T09:00:00+08:00")
    assert drawn(house)["suspense"] == []
