"""Objections: who may ask and answer, by when, what waits for the answer, what a statement shows."""

from typing import Any

import pytest

from ledger.accounts.state import Withdrawal
from ledger.publication.objections import QuestionAnswered
from ledger.publication.statement import publication_body
from ledger.rules import calendar
from tests.accounts.treasury import MANDATE, Treasury
from tests.community import BOTH, OFFICERS, Flat, digest_of, flats, profile_with, refused_as
from tests.publication.drawing import drawn

LARGE = 120_000_00
"""Over the profile's large payment: posted for ten days, whatever the mandate says."""


@pytest.fixture
def house() -> Treasury:
    """Three owners; zhang owns nothing."""
    return open_house()


def open_house(**options: Any) -> Treasury:
    made = Treasury(units=flats("a1 a2 a3"), **options)
    made.open(opening={"service_fee": 1_000_000_00})
    return made


def ask(house: Treasury, about: str = "", by: str = "owner-a1", text: str = "这笔是什么") -> str:
    return house.act("objection.filed/1", house.objection(about or house.letter, text), by=[by])


def answer(house: Treasury, objection: str, by: str = "chair") -> str:
    return house.act("objection.answered/1", house.answer(objection, "见附件"), by=[by])


def conclude(house: Treasury, objection: str, outcome: str, by: str = "owner-a1") -> str:
    return house.act("objection.concluded/1", {"objection": objection, "outcome": outcome}, by=[by])


def paper(house: Treasury, owner: str = "owner-a2", slip: str = "no-1", by: str = "registrar", about: str = "") -> str:
    body = house.objection(about or house.letter, "请说明", "objection.received/1")
    return house.act("objection.received/1", body | {"owner": house.ref(owner), "slip": slip}, by=[by])


def posted(house: Treasury) -> tuple[str, str]:
    """A large payment that was proposed today: its application and its proposal."""
    motion = house.payment(cap=LARGE)
    asked = house.apply_for(LARGE)
    return asked, house.propose(asked, motion, "")


def held(house: Treasury, asked: str) -> Withdrawal:
    return house.withdrawal(asked)


# --- machine ----------------------------------------------------------------------------------------------------------


def test_machine_1_knows_no_objections_until_the_ledger_adopts_machine_2() -> None:
    house = open_house(genesis={"machine": 1, "units": {"count": 3, "area": 30_000, "source": digest_of("survey")}})
    with refused_as("kind.unknown"):
        ask(house)
    house.act("machine.adopted/1", {"machine": 2}, by=BOTH)
    assert house.books.machine == 2
    ask(house)


@pytest.mark.parametrize("machine", [2, 3])
def test_a_machine_is_adopted_upwards_and_no_further_than_this_program_reads(house: Treasury, machine: int) -> None:
    with refused_as("machine.unknown"):
        house.act("machine.adopted/1", {"machine": machine}, by=BOTH)


def test_one_party_alone_adopts_no_machine() -> None:
    house = open_house(genesis={"machine": 1, "units": {"count": 3, "area": 30_000, "source": digest_of("survey")}})
    with refused_as("signers.seats"):
        house.act("machine.adopted/1", {"machine": 2}, by=["chair"])


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["zhang", "chair", "registrar"])
def test_only_an_owner_asks(house: Treasury, by: str) -> None:
    with refused_as("objection.no_owner"):
        ask(house, by=by)


def test_nobody_answers_what_he_took_in() -> None:
    house = open_house(officers={**OFFICERS, "desk": ("clerk", "committee")})
    house.act(
        "role.appointed/1",
        {"person": house.ref("desk"), "role": "member", "body": "committee", "start": "2026-01-01", "end": "2026-12-31"}
        | {"source": digest_of("minutes")},
        by=BOTH,
    )
    objection = paper(house, by="desk")
    with refused_as("objection.own_answer"):
        answer(house, objection, by="desk")
    answer(house, objection)


@pytest.mark.parametrize("who", ["payee", "applicant"])
def test_nobody_frees_a_payment_of_his_own(house: Treasury, who: str) -> None:
    house.party("mine", persons=["chair"])
    motion = house.payment(cap=LARGE, party="mine") if who == "payee" else house.payment(cap=LARGE)
    asked = house.apply_for(LARGE, party="mine") if who == "payee" else house.apply_for(LARGE, by=["chair"])
    objection = ask(house, about=house.propose(asked, motion, ""))
    with refused_as("objection.own_payment"):
        answer(house, objection, by="chair")
    answer(house, objection, by="treasurer")
    assert held(house, asked).held_by == ()


def test_paper_is_for_an_owner_and_never_ones_own(house: Treasury) -> None:
    with refused_as("objection.no_owner"):
        paper(house, owner="zhang")
    with refused_as("signers.seats"):
        paper(house, by="chair")
    house.change_unit(Flat("a3", owners=("registrar",)))
    with refused_as("objection.own_paper"):
        paper(house, owner="registrar")
    assert house.books.publication.waiting == ()


def test_a_slip_number_is_given_once(house: Treasury) -> None:
    paper(house)
    with refused_as("objection_slip.used_before"):
        paper(house, owner="owner-a1")
    paper(house, owner="owner-a1", slip="no-2")
    assert [one.slip for one in house.books.publication.waiting] == ["no-1", "no-2"]


def test_what_is_asked_about_stands_on_the_ledger(house: Treasury) -> None:
    with refused_as("objection.unknown_record"):
        ask(house, about=digest_of("nothing"))
    ask(house, about=f"{house.letter}#3")


def test_the_body_answers_but_nobody_himself(house: Treasury) -> None:
    house.change_unit(Flat("a3", owners=("chair",)))
    own = ask(house, by="chair")
    with refused_as("objection.own_answer"):
        answer(house, own)
    with refused_as("signers.seats"):
        answer(house, own, by="registrar")
    answer(house, own, by="treasurer")
    with refused_as("objection.answered_before"):
        answer(house, own, by="treasurer")
    with refused_as("objection.unknown"):
        answer(house, house.letter)


# --- when -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "due"),
    [("2026-01-06", "2026-01-13"), ("2026-01-10", "2026-01-19"), ("2026-02-09", "2026-02-24")],
)
def test_an_answer_is_due_after_the_profiles_days_and_never_on_a_day_of_rest(
    house: Treasury, asked: str, due: str
) -> None:
    """17 January 2026 is a Saturday; 15 to 23 February are the Spring Festival's days off."""
    house.act("calendar.adopted/1", {"year": 2026, "text": calendar.shipped_text(2026)}, by=BOTH)
    house.set_clock(f"{asked}T09:00:00+08:00")
    ask(house)
    assert [one.due for one in house.books.publication.waiting] == [due]


@pytest.mark.parametrize("term", ['"7d"', '"7wd"'])
def test_without_the_years_table_days_are_counted_as_they_come(term: str) -> None:
    house = open_house(profile=profile_with("statement.reply", term))
    house.set_clock("2026-01-10T09:00:00+08:00")
    ask(house)
    assert [one.due for one in house.books.publication.waiting] == ["2026-01-17"]


def test_the_day_on_a_slip_starts_the_clock(house: Treasury) -> None:
    house.set_clock("2026-03-10T09:00:00+08:00")
    body = house.objection(house.letter, "请说明", "objection.received/1") | {"owner": house.ref("owner-a2")}

    def received(on: str, slip: str) -> str:
        return house.act("objection.received/1", body | {"slip": slip, "on": on}, by=["registrar"])

    for on, rule in (("2026-03-11", "day.future"), ("2026-02-06", "objection.slip_too_old")):
        with refused_as(rule):
            received(on, "no-1")
    received("2026-03-10", "no-1")
    received("2026-03-05", "no-2")
    received("2026-02-07", "no-3")
    assert [(one.slip, one.on, one.due) for one in house.books.publication.waiting] == [
        ("no-3", "2026-02-07", "2026-02-14"),
        ("no-2", "2026-03-05", "2026-03-12"),
        ("no-1", "2026-03-10", "2026-03-17"),
    ]


def test_an_answer_says_whether_it_came_in_time(house: Treasury) -> None:
    house.set_clock("2026-01-06T09:00:00+08:00")
    objection = ask(house)
    house.set_clock("2026-01-14T09:00:00+08:00")
    answer(house, objection)
    (fact,) = (fact for fact in house.facts if isinstance(fact, QuestionAnswered))
    assert (fact.due, fact.on) == ("2026-01-13", "2026-01-14")


# --- how it ends ------------------------------------------------------------------------------------------------------


def test_the_asker_concludes_once(house: Treasury) -> None:
    objection = ask(house)
    with refused_as("objection.not_answered"):
        conclude(house, objection, "satisfied")
    answer(house, objection)
    with refused_as("objection.not_yours"):
        conclude(house, objection, "satisfied", by="owner-a2")
    with refused_as("objection.answered_before"):
        conclude(house, objection, "taken_back")
    conclude(house, objection, "satisfied")
    with refused_as("objection_concluded.used_before"):
        conclude(house, objection, "street")


def test_who_goes_to_the_street_before_the_day_is_sent_back_and_still_waits_after_it(house: Treasury) -> None:
    house.set_clock("2026-01-06T09:00:00+08:00")
    objection = ask(house)
    house.set_clock("2026-01-13T09:00:00+08:00")
    with refused_as("objection.not_overdue"):
        conclude(house, objection, "street")
    house.set_clock("2026-01-14T09:00:00+08:00")
    conclude(house, objection, "street")
    assert [one.record for one in house.books.publication.waiting] == [objection]
    answer(house, objection)
    assert house.books.publication.waiting == ()


def test_a_question_taken_back_is_gone(house: Treasury) -> None:
    objection = ask(house)
    conclude(house, objection, "taken_back")
    assert house.books.publication.waiting == ()
    with refused_as("objection.unknown"):
        answer(house, objection)


def test_paper_is_concluded_at_the_counter_or_by_its_owner(house: Treasury) -> None:
    first, second = paper(house), paper(house, slip="no-2")
    for objection in (first, second):
        answer(house, objection)
    with refused_as("objection.not_yours"):
        conclude(house, first, "satisfied", by="owner-a1")
    said = {"objection": first, "outcome": "satisfied", "document": digest_of("paper")}
    house.act("objection.concluded/1", said, by=["supervisor"])
    conclude(house, second, "street", by="owner-a2")


def test_the_counter_takes_no_question_back(house: Treasury) -> None:
    """Else whoever sits there could end every question on paper, and free the payment that waits for it."""
    asked, proposal = posted(house)
    objection = paper(house, about=proposal)
    for by in ("registrar", "supervisor"):
        with refused_as("objection.not_yours"):
            conclude(house, objection, "taken_back", by=by)
    assert held(house, asked).held_by == (objection,)
    conclude(house, objection, "taken_back", by="owner-a2")


def test_the_asker_has_the_last_word_over_the_counter(house: Treasury) -> None:
    objection = paper(house)
    answer(house, objection)
    conclude(house, objection, "satisfied", by="registrar")
    with refused_as("objection_counter.used_before"):
        conclude(house, objection, "street", by="supervisor")
    conclude(house, objection, "street", by="owner-a2")
    with refused_as("objection_concluded.used_before"):
        conclude(house, objection, "satisfied", by="registrar")
    shown = drawn_later(house)
    assert [one["outcome"] for one in shown] == ["street"]


def test_what_an_owner_disowned_nobody_concludes_any_more(house: Treasury) -> None:
    objection = paper(house)
    answer(house, objection)
    conclude(house, objection, "not_mine", by="owner-a2")
    for by in ("registrar", "owner-a2"):
        with refused_as("objection_disowned.used_before"):
            conclude(house, objection, "satisfied", by=by)
    assert [one["outcome"] for one in drawn_later(house)] == ["not_mine"]


def drawn_later(house: Treasury) -> list[dict[str, Any]]:
    house.set_clock("2026-07-02T09:00:00+08:00")
    shown: list[dict[str, Any]] = drawn(house)["objections"]
    return shown


# --- a posted payment waits ---------------------------------------------------------------------------------------------


def test_a_posted_payment_waits_for_the_answer(house: Treasury) -> None:
    asked, proposal = posted(house)
    objection = ask(house, about=proposal)
    house.advance(days=11)
    with refused_as("withdrawal.objection_open") as raised:
        house.approve(proposal)
    assert raised.value.value == [objection]
    answer(house, objection)
    house.approve(proposal)
    assert held(house, asked).approvals


@pytest.mark.parametrize("outcome", ["taken_back", "street"])
def test_a_payment_waits_until_the_question_is_taken_back_but_not_less_because_of_the_street(
    house: Treasury, outcome: str
) -> None:
    asked, proposal = posted(house)
    objection = ask(house, about=asked)  # of the application, which hangs with its proposal
    house.advance(days=12)
    conclude(house, objection, outcome)
    if outcome == "street":
        with refused_as("withdrawal.objection_open"):
            house.approve(proposal)
        answer(house, objection)
    house.approve(proposal)


def test_one_person_holds_a_payment_once(house: Treasury) -> None:
    """Who asks again is answered again; the repair does not wait a second time. Another owner's question is its own."""
    asked, proposal = posted(house)
    first = ask(house, about=proposal)
    answer(house, first)
    ask(house, about=proposal)
    assert held(house, asked).held_by == ()
    other = ask(house, about=proposal, by="owner-a2")
    assert held(house, asked).held_by == (other,)
    answer(house, other)
    house.advance(days=11)
    house.approve(proposal)


def test_paper_holds_a_payment_too_and_no_more_often(house: Treasury) -> None:
    asked, proposal = posted(house)
    objection = paper(house, owner="owner-a1", about=proposal)
    ask(house, about=proposal)
    assert held(house, asked).held_by == (objection,)


def test_a_paper_that_its_owner_disowns_does_not_use_up_his_hold(house: Treasury) -> None:
    """A clerk takes in a question under an owner's name and has it answered at once; the owner may still hold the payment."""
    asked, proposal = posted(house)
    false = paper(house, owner="owner-a1", about=proposal)
    answer(house, false)
    conclude(house, false, "satisfied", by="registrar")
    conclude(house, false, "not_mine")
    own = ask(house, about=proposal)
    assert held(house, asked).held_by == (own,)
    answer(house, own)
    ask(house, about=proposal)
    assert held(house, asked).held_by == ()


def test_a_disowned_paper_waits_for_nothing_and_holds_nothing(house: Treasury) -> None:
    asked, proposal = posted(house)
    false = paper(house, owner="owner-a1", about=proposal)
    conclude(house, false, "not_mine")
    assert house.books.publication.waiting == ()
    assert not held(house, asked).holds
    with refused_as("objection.unknown"):
        answer(house, false)
    with refused_as("objection_disowned.used_before"):
        conclude(house, false, "not_mine")


def test_only_paper_is_disowned_and_only_by_who_is_named_on_it(house: Treasury) -> None:
    own, false = ask(house), paper(house, owner="owner-a1")
    with refused_as("objection.signed"):
        conclude(house, own, "not_mine")
    for other in ("owner-a2", "registrar"):
        with refused_as("objection.not_yours"):
            conclude(house, false, "not_mine", by=other)
    with refused_as("objection.unknown"):
        conclude(house, "0" * 64, "not_mine")


def test_a_question_about_one_stage_holds_the_payment(house: Treasury) -> None:
    asked, _proposal = posted(house)
    objection = ask(house, about=f"{asked}#0")
    assert held(house, asked).held_by == (objection,)


@pytest.mark.parametrize(("days", "holds"), [(9, True), (10, False)])
def test_a_question_holds_only_while_the_payment_is_posted(house: Treasury, days: int, holds: bool) -> None:
    asked, proposal = posted(house)
    house.advance(days=days)
    ask(house, about=proposal)
    assert bool(held(house, asked).held_by) == holds


def test_a_posting_that_no_calendar_counts_runs_on() -> None:
    """Without the year's table nobody approves, and nobody's question is refused for it: the chair could else adopt it late."""
    house = open_house(profile=profile_with("account.large_post", '"10wd"').replace('post = "10d"', 'post = "10wd"'))
    asked, proposal = posted(house)
    house.advance(days=5)
    objection = ask(house, about=proposal)
    assert held(house, asked).held_by == (objection,)


def test_a_payment_that_is_not_posted_does_not_wait(house: Treasury) -> None:
    motion = house.payment(cap=100_00)
    asked = house.apply_for(100_00)
    proposal = house.propose(asked, motion, "")
    ask(house, about=proposal)
    house.approve(proposal)
    assert held(house, asked).held_by == ()


def test_a_held_payment_may_be_dropped_and_its_question_still_waits(house: Treasury) -> None:
    asked, proposal = posted(house)
    objection = ask(house, about=proposal)
    house.act("withdrawal.dropped/1", {"application": asked, "reason": "不付了"}, by=["treasurer"])
    answer(house, objection)
    assert asked not in house.accounts.withdrawals


def test_a_mandate_with_posting_holds_smaller_payments(house: Treasury) -> None:
    tier = [MANDATE[0] | {"posting": 5}]
    house.act("mandate.changed/1", {"account": "bank", "mandate": tier, "source": digest_of("minutes")}, by=BOTH)
    motion = house.payment(cap=100_00)
    asked = house.apply_for(100_00)
    ask(house, about=house.propose(asked, motion, ""))
    assert held(house, asked).held_by


# --- on the statement ---------------------------------------------------------------------------------------------------


def publish(house: Treasury) -> None:
    house.act("statement.published/1", publication_body(drawn(house), house.accounts), by=["treasurer", "chair"])


def test_a_statement_shows_each_question_until_it_was_shown_as_ended() -> None:
    house = open_house(profile=profile_with("statement.period_months", "1"))
    house.set_clock("2026-01-20T09:00:00+08:00")
    early, late, back = ask(house), ask(house, by="owner-a2"), paper(house, owner="owner-a3")
    house.set_clock("2026-01-22T09:00:00+08:00")
    answer(house, early)
    house.set_clock("2026-02-02T09:00:00+08:00")
    conclude(house, back, "taken_back", by="owner-a3")
    shown = drawn(house)["objections"]
    assert shown == [
        {"objection": early, "about": house.letter, "on": "2026-01-20", "due": "2026-01-27", "answered": "2026-01-22"},
        {"objection": late, "about": house.letter, "on": "2026-01-20", "due": "2026-01-27"},
        {
            "objection": back, "about": house.letter, "on": "2026-01-20", "due": "2026-01-27", "slip": "no-1",
            "outcome": "taken_back",
        },
    ]  # fmt: skip
    body = publication_body(drawn(house), house.accounts)
    answer(house, late)  # after the statement's prefix, before its publication
    house.act("statement.published/1", body, by=["treasurer", "chair"])
    house.set_clock("2026-03-02T09:00:00+08:00")
    assert [(one["objection"], one["answered"]) for one in drawn(house)["objections"]] == [(late, "2026-02-02")]
    publish(house)
    house.set_clock("2026-04-02T09:00:00+08:00")
    assert drawn(house)["objections"] == []


def test_a_statement_of_machine_1_has_no_objections() -> None:
    house = open_house(genesis={"machine": 1, "units": {"count": 3, "area": 30_000, "source": digest_of("survey")}})
    house.set_clock("2026-07-02T09:00:00+08:00")
    assert "objections" not in drawn(house)


def test_no_text_of_a_question_or_answer_stands_in_an_entry(house: Treasury) -> None:
    objection = ask(house, text="物业经理的亲戚")
    house.act("objection.answered/1", house.answer(objection, "不是亲戚"), by=["chair"])
    assert not any("亲戚".encode() in entry.raw for entry in house.entries)
