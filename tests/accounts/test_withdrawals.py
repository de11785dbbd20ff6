"""Withdrawals: three different persons, an authority that carries the money, the mandate's seats, the bank's own row."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.accounts.booking import Line
from ledger.accounts.facts import Arrived, Awaited, StagePaid
from ledger.rules.calendar import shipped_text as calendar_text
from tests.accounts.treasury import OPENING, Treasury, spent, treasury
from tests.community import BOTH, digest_of, profile_with, refused_as

DAY = "2026-01-05"


@pytest.fixture
def house() -> Treasury:
    return treasury()


def pays(application: str, amount: int, stage: int = 0) -> dict[str, Any]:
    return {"amount": -amount, "settles": f"{application}#{stage}"}


def appoint(house: Treasury, name: str, role: str, end: str = "2030-12-31") -> None:
    body = {"person": house.ref(name), "role": role, "body": "committee", "start": "2026-01-01", "end": end}
    house.act("role.appointed/1", body | {"source": digest_of("vote")}, by=BOTH)


# --- the way of a withdrawal -----------------------------------------------------------------------------------------------


def test_applied_proposed_approved_paid(house: Treasury) -> None:
    motion = house.budget(5_000_00)
    application = house.apply_for(300_00, document=house.letter, contract="c1")
    proposal = house.propose(application, motion)
    assert house.authority(motion, "lifts").spent == 300_00
    assert not house.withdrawal(application).approved
    house.approve(proposal)
    assert house.withdrawal(application).approved_on == DAY
    house.take((DAY, -300_00, [pays(application, 300_00)]))
    assert house.fact(StagePaid).amount == 300_00
    move = house.fact(Line).move
    assert (move.basis, move.motion, move.line_code) == ("budget", motion, "lifts")
    assert (move.party, move.document, move.contract) == ("lift", house.letter, "c1")
    assert house.fund("service_fee") == OPENING["service_fee"] - 300_00
    assert not house.accounts.unfounded


def test_a_large_sum_needs_every_seat_of_its_tier(house: Treasury) -> None:
    motion, application = house.budget(), house.apply_for(500_00)
    proposal = house.propose(application, motion)
    with refused_as("withdrawal.not_in_mandate"):
        house.approve(proposal, "supervisor")
    house.approve(proposal, "registrar")
    with refused_as("withdrawal.not_approved"):
        house.take((DAY, -500_00, [pays(application, 500_00)]))
    with refused_as("withdrawal.approved_twice"):
        house.approve(proposal, "registrar")
    house.approve(proposal, "chair")
    with refused_as("withdrawal.approved_before"):
        house.approve(proposal, "supervisor")
    house.take((DAY, -500_00, [pays(application, 500_00)]))


def test_the_tier_is_that_of_the_whole_and_not_of_a_stage(house: Treasury) -> None:
    application = house.apply_for(300_00, 300_00)
    proposal = house.propose(application, house.budget())
    house.approve(proposal)
    assert not house.withdrawal(application).approved


def test_one_person_fills_one_seat_even_with_two_roles(house: Treasury) -> None:
    mandate = [{"least": 1, "seats": [["chair", "member"], ["member", "supervisor"]]}]
    house.act("mandate.changed/1", {"account": "bank", "mandate": mandate, "source": digest_of("vote")}, by=BOTH)
    appoint(house, "chair", "member")
    proposal = house.propose(house.apply_for(100, by=["zhang"]), house.budget())
    house.approve(proposal, "chair")
    with refused_as("withdrawal.approved_twice"):
        house.approve(proposal, "chair")
    house.approve(proposal, "supervisor")


def test_seats_are_filled_whatever_the_order_of_approvals(house: Treasury) -> None:
    """The member could take either seat; the chair only the first: both fit in whatever order they come."""
    mandate = [{"least": 1, "seats": [["chair", "member"], ["member"]]}]
    house.act("mandate.changed/1", {"account": "bank", "mandate": mandate, "source": digest_of("vote")}, by=BOTH)
    for first, second in (("member", "chair"), ("chair", "member")):
        application = house.apply_for(100, by=["zhang"])
        proposal = house.propose(application, house.budget(name=first))
        house.approve(proposal, first)
        house.approve(proposal, second)
        assert house.withdrawal(application).approved


def test_a_proposal_under_way_is_judged_by_the_mandate_of_its_approval(house: Treasury) -> None:
    proposal = house.propose(house.apply_for(100), house.budget())
    mandate = [{"least": 1, "seats": [["registrar"]]}]
    house.act("mandate.changed/1", {"account": "bank", "mandate": mandate, "source": digest_of("vote")}, by=BOTH)
    with refused_as("withdrawal.not_in_mandate"):
        house.approve(proposal, "chair")
    house.approve(proposal, "registrar")


def test_the_days_in_public_run_before_the_first_approval(house: Treasury) -> None:
    mandate = [{"least": 1, "seats": [["chair"]], "posting": 3}]
    house.act("mandate.changed/1", {"account": "bank", "mandate": mandate, "source": digest_of("vote")}, by=BOTH)
    proposal = house.propose(house.apply_for(100), house.budget())
    house.set_clock("2026-01-07T23:58:00+08:00")
    with refused_as("withdrawal.posting_runs"):
        house.approve(proposal)
    house.set_clock("2026-01-08T00:00:00+08:00")
    house.approve(proposal)


LARGE = 100_000_00


def wealthy() -> Treasury:
    house = treasury(opened=False)
    house.open(opening={"service_fee": 5 * LARGE})
    return house


@pytest.mark.parametrize("stages", [(LARGE,), (LARGE // 2, LARGE // 2), (LARGE + 1,)])
def test_a_large_payment_hangs_for_the_days_of_the_profile_whatever_the_mandate_says(stages: tuple[int, ...]) -> None:
    """SZ-M 18, 22: from 100,000 yuan on, 10 days; the mandate here asks for none. In stages it is no smaller."""
    house = wealthy()
    proposal = house.propose(house.apply_for(*stages), house.budget(3 * LARGE))
    house.advance(days=9)
    with refused_as("withdrawal.posting_runs") as refusal:
        house.approve(proposal)
    assert refusal.value.context["days"] == 10
    house.advance(days=1)
    house.approve(proposal)


def test_below_it_the_mandate_alone_is_asked() -> None:
    house = wealthy()
    house.approve(house.propose(house.apply_for(LARGE - 1), house.budget(LARGE)))


def test_it_is_large_under_the_profile_of_its_approval() -> None:
    """And its days may be working days, of the table that the ledger adopted."""
    house = wealthy()
    proposal = house.propose(house.apply_for(LARGE), house.budget(LARGE))
    text = profile_with("account.large_post", '"10wd"').replace('post = "10d"', 'post = "10wd"')
    house.act("profile.adopted/1", {"text": text, "source": digest_of("vote")}, by=BOTH)
    house.advance(days=10)
    with refused_as("calendar.year_missing"):
        house.approve(proposal)
    house.act("calendar.adopted/1", {"year": 2026, "text": calendar_text(2026)}, by=BOTH)
    with refused_as("withdrawal.posting_runs"):
        house.approve(proposal)
    house.advance(days=5)
    house.approve(proposal)


# --- who ---------------------------------------------------------------------------------------------------------------------


def test_applicant_proposer_and_approver_are_three_persons(house: Treasury) -> None:
    motion = house.budget()
    with refused_as("withdrawal.proposer_is_applicant"):
        house.propose(house.apply_for(100, by=["treasurer"]), motion)
    proposal = house.propose(house.apply_for(100), motion, by=["chair"])
    with refused_as("withdrawal.approver_is_proposer"):
        house.approve(proposal, "chair")
    proposal = house.propose(house.apply_for(100, by=["chair"]), motion)
    with refused_as("withdrawal.approver_is_applicant"):
        house.approve(proposal, "chair")


def test_a_second_key_does_not_make_a_second_person(house: Treasury) -> None:
    first = house.key("chair")
    other = house.enrol("chair", by=("treasurer", "registrar"))
    proposal = house.propose(house.apply_for(100), house.budget(), by=[first])
    with refused_as("withdrawal.approver_is_proposer"):
        house.act("withdrawal.approved/1", {"proposal": proposal}, by=[other])


def test_the_payee_may_ask_but_neither_propose_nor_approve(house: Treasury) -> None:
    motion = house.delegation()
    house.party("chairs", persons=["chair"])
    asked = house.apply_for(100, party="chairs", by=["chair"])
    with refused_as("withdrawal.signer_is_payee"):
        house.propose(house.apply_for(100, party="chairs"), motion, "", by=["chair"])
    with refused_as("withdrawal.signer_is_payee"):
        house.approve(house.propose(house.apply_for(100, party="chairs"), motion, ""), "chair")
    house.propose(asked, motion, "")


def test_only_a_role_of_the_body_proposes(house: Treasury) -> None:
    motion, application = house.budget(), house.apply_for(100)
    for name in ("registrar", "supervisor", "zhang"):
        with refused_as("signers.seats"):
            house.propose(application, motion, by=[name])


def test_nobodys_signature_counts_after_his_term(house: Treasury) -> None:
    appoint(house, "zhang", "vice_chair", end="2026-01-31")
    motion = house.budget()
    proposal = house.propose(house.apply_for(100), motion)
    house.set_clock("2026-02-01T00:00:00+08:00")
    with refused_as("withdrawal.not_in_mandate"):
        house.approve(proposal, "zhang")
    with refused_as("signers.seats"):
        house.propose(house.apply_for(100), motion, by=["zhang"])


def test_on_the_last_day_of_the_term_it_still_counts(house: Treasury) -> None:
    appoint(house, "zhang", "vice_chair", end="2026-01-31")
    proposal = house.propose(house.apply_for(100), house.budget())
    house.set_clock("2026-01-31T23:57:00+08:00")
    house.approve(proposal, "zhang")


def test_an_owner_without_any_role_approves_nothing(house: Treasury) -> None:
    proposal = house.propose(house.apply_for(100), house.budget())
    with refused_as("withdrawal.not_in_mandate"):
        house.approve(proposal, "zhang")


@pytest.mark.parametrize("kind", ["withdrawal.applied/1", "withdrawal.approved/1"])
def test_each_act_has_one_signature(house: Treasury, kind: str) -> None:
    proposal = house.propose(house.apply_for(100), house.budget())
    applied = {"party": "lift", "fund": "service_fee", "category": "lift", "nature": "expense", "purpose": "维保"}
    body = {"proposal": proposal} if kind.endswith("approved/1") else applied | {"stages": [{"amount": 1}]}
    with refused_as("signers.superfluous"):
        house.act(kind, body, by=["chair", "member"])


# --- on what it rests ------------------------------------------------------------------------------------------------------------


Granted = Callable[[Treasury], str]


@pytest.mark.parametrize(
    ("granted", "line", "asked", "rule"),
    [
        (lambda h: h.budget(99), "lifts", {}, "withdrawal.over_authority"),
        (lambda h: h.budget(), "", {}, "withdrawal.no_authority"),
        (lambda h: h.budget(), "roofs", {}, "withdrawal.no_authority"),
        (lambda h: digest_of("nothing"), "", {}, "withdrawal.no_authority"),
        (lambda h: h.budget(), "lifts", {"fund": "common_income"}, "withdrawal.wrong_fund"),
        (lambda h: h.budget(), "lifts", {"fund": "subsidy"}, "withdrawal.wrong_fund"),
        (lambda h: h.budget(), "lifts", {"category": "fire"}, "withdrawal.wrong_purpose"),
        (lambda h: h.budget(party="lift"), "lifts", {"party": "zhao"}, "withdrawal.wrong_payee"),
        (lambda h: h.payment(99), "", {}, "withdrawal.over_authority"),
        (lambda h: h.payment(), "", {"party": "zhao"}, "withdrawal.wrong_payee"),
        (lambda h: h.payment(fund="maintenance"), "", {}, "withdrawal.wrong_fund"),
        (lambda h: h.payment(until="2026-01-04"), "", {}, "withdrawal.authority_not_in_force"),
        (lambda h: h.payment(start="2026-01-06"), "", {}, "withdrawal.authority_not_in_force"),
        (lambda h: h.delegation(each=99), "", {}, "withdrawal.over_authority"),
        (lambda h: h.delegation(each=99, total=99), "", {}, "withdrawal.over_authority"),
        (lambda h: h.delegation(), "", {"fund": "maintenance", "category": "works"}, "withdrawal.wrong_fund"),
    ],
)
def test_an_authority_that_does_not_carry_it(
    house: Treasury, granted: Granted, line: str, asked: dict[str, Any], rule: str
) -> None:
    motion, application = granted(house), house.apply_for(100, **asked)
    with refused_as(rule):
        house.propose(application, motion, line)
    assert not house.withdrawal(application).proposal


def test_an_account_that_does_not_hold_the_fund(house: Treasury) -> None:
    motion = house.payment(100, fund="maintenance")
    application = house.apply_for(100, fund="maintenance", category="works")
    with refused_as("withdrawal.wrong_fund"):
        house.propose(application, motion, "", account="box")
    with refused_as("account.unknown"):
        house.propose(application, motion, "", account="nowhere")
    house.propose(application, motion, "")


def test_what_is_proposed_is_taken_from_the_authority(house: Treasury) -> None:
    motion = house.budget(250)
    house.propose(house.apply_for(100, 50), motion)
    with refused_as("withdrawal.over_authority"):
        house.propose(house.apply_for(101), motion)
    house.propose(house.apply_for(100), motion)
    assert house.authority(motion, "lifts").spent == 250


def test_a_delegation_has_a_limit_each_and_in_all(house: Treasury) -> None:
    motion = house.delegation(each=100, total=250)
    with refused_as("withdrawal.over_authority"):
        house.propose(house.apply_for(60, 41), motion, "")
    house.propose(house.apply_for(100), motion, "")
    house.propose(house.apply_for(100), motion, "")
    with refused_as("withdrawal.over_authority"):
        house.propose(house.apply_for(51), motion, "")


def test_an_application_is_proposed_once(house: Treasury) -> None:
    motion, application = house.budget(), house.apply_for(100)
    house.propose(application, motion)
    with refused_as("withdrawal.proposed_before"):
        house.propose(application, motion)
    with refused_as("withdrawal.unknown"):
        house.propose(digest_of("nothing"), motion)
    with refused_as("proposal.unknown"):
        house.approve(digest_of("nothing"))


def test_the_fund_must_have_the_first_stage_and_suspense_out_blocks(house: Treasury) -> None:
    motion = house.delegation(each=20_000_00, total=50_000_00)
    amount = OPENING["common_income"]
    with refused_as("withdrawal.not_enough"):
        house.propose(house.apply_for(amount + 1, fund="common_income"), motion, "")
    house.take(("2026-01-05", -1))
    with refused_as("withdrawal.not_enough"):
        house.propose(house.apply_for(amount, fund="common_income"), motion, "")
    house.propose(house.apply_for(amount - 1, 1, fund="common_income"), motion, "")


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"party": "nobody"}, "party.unknown"),
        ({"document": digest_of("x")}, "document.unknown"),
        ({"contract": "c9"}, "contract.unknown"),
        ({"category": "luck"}, "category.unknown"),
        ({"nature": "refund"}, "category.nature"),
        ({"nature": "income", "category": "rent"}, "withdrawal.nature"),
        ({"stages": []}, "record.body"),
        ({"stages": [{"amount": 0}]}, "record.body"),
        ({"stages": [{"amount": 1, "paid": 1}]}, "record.body"),
        ({"fund": "pocket"}, "record.body"),
    ],
)
def test_what_an_application_may_not_be(house: Treasury, other: dict[str, Any], rule: str) -> None:
    with refused_as(rule):
        house.apply_for(100, **other)


# --- the payment -------------------------------------------------------------------------------------------------------------------


def test_a_stage_is_paid_once_whole_and_from_its_account(house: Treasury) -> None:
    application = house.approved(100, 50)
    house.account("b2", "bank", ["service_fee"])
    with refused_as("withdrawal.wrong_amount"):
        house.take((DAY, -100, [pays(application, 99)]))
    with refused_as("withdrawal.wrong_amount"):
        house.take((DAY, -150, [pays(application, 150)]))
    with refused_as("withdrawal.no_stage"):
        house.take((DAY, -50, [pays(application, 50, 2)]))
    with refused_as("withdrawal.unknown"):
        house.take((DAY, -50, [pays(digest_of("nothing"), 50)]))
    with refused_as("withdrawal.wrong_account"):
        house.take((DAY, -100, [pays(application, 100)]), file={"account": "b2"})
    with refused_as("withdrawal.stage_paid"):
        house.take((DAY, -200, [pays(application, 100), pays(application, 100)]))
    house.take((DAY, -100, [pays(application, 100)]))
    with refused_as("withdrawal.stage_paid"):
        house.take((DAY, -100, [pays(application, 100)]))
    house.take((DAY, -50, [pays(application, 50, 1)]))


def test_one_row_may_pay_several_withdrawals(house: Treasury) -> None:
    one, two = house.approved(100), house.approved(50)
    house.take((DAY, -153, [pays(one, 100), pays(two, 50), spent(3, category="charges")]))
    assert len(house.accounts.unfounded) == 1


def test_nothing_is_paid_after_the_authority_ended(house: Treasury) -> None:
    application = house.approved(100, motion=house.payment(until="2026-01-10"), line="")
    house.set_clock("2026-02-01T09:00:00+08:00")
    with refused_as("withdrawal.authority_not_in_force"):
        house.take(("2026-01-11", -100, [pays(application, 100)]))
    house.take(("2026-01-10", -100, [pays(application, 100)]))


def test_no_approval_reaches_back_to_what_was_paid_before_it(house: Treasury) -> None:
    """No authority is invented for the past: the earlier row stands as it happened, and may be ratified."""
    application = house.approved(100)
    with refused_as("withdrawal.approved_later"):
        house.take(("2026-01-04", -100, [pays(application, 100)]))
    _, row = house.take(("2026-01-04", -100))
    with refused_as("withdrawal.approved_later"):
        house.clear(row, pays(application, 100))
    with refused_as("withdrawal.approved_later"):
        house.act("withdrawal.instructed/1", {"stage": f"{application}#0", "on": "2026-01-04"}, by=["treasurer"])
    house.clear(row, spent(100))
    assert len(house.accounts.unfounded) == 1


def test_a_row_recognised_later_pays_its_stage(house: Treasury) -> None:
    application = house.approved(100)
    _, row = house.take((DAY, -100))
    house.clear(row, pays(application, 100))
    assert house.withdrawal(application).stages[0].paid == 100
    assert not house.accounts.unfounded


def test_an_instructed_stage_is_on_its_way_until_the_bank_says_so(house: Treasury) -> None:
    application = house.approved(100)
    body = {"stage": f"{application}#0", "on": DAY}
    with refused_as("day.future"):
        house.act("withdrawal.instructed/1", body | {"on": "2026-01-06"}, by=["treasurer"])
    with refused_as("withdrawal.no_stage"):
        house.act("withdrawal.instructed/1", body | {"stage": application}, by=["treasurer"])
    house.act("withdrawal.instructed/1", body, by=["treasurer"])
    assert house.fact(Awaited).amount == -100
    with refused_as("withdrawal.instructed_before"):
        house.act("withdrawal.instructed/1", body, by=["treasurer"])
    house.take((DAY, -100, [pays(application, 100)]))
    assert house.fact(Arrived).on == DAY
    with refused_as("withdrawal.stage_paid"):
        house.act("withdrawal.instructed/1", body, by=["treasurer"])


def test_nothing_is_instructed_before_it_is_approved(house: Treasury) -> None:
    application = house.apply_for(100)
    with refused_as("withdrawal.not_approved"):
        house.act("withdrawal.instructed/1", {"stage": f"{application}#0", "on": DAY}, by=["treasurer"])


# --- dropping -------------------------------------------------------------------------------------------------------------------------


def drop(house: Treasury, application: str) -> str:
    return house.act("withdrawal.dropped/1", {"application": application, "reason": "不再需要"}, by=["chair"])


def test_what_is_dropped_frees_its_authority(house: Treasury) -> None:
    motion = house.budget(100)
    application = house.approved(100, motion=motion)
    drop(house, application)
    assert house.authority(motion, "lifts").spent == 0
    assert application not in house.accounts.withdrawals
    assert not house.accounts.proposals
    with refused_as("withdrawal.unknown"):
        drop(house, application)
    house.approved(100, motion=motion)


def test_an_application_that_nobody_proposed_may_be_dropped(house: Treasury) -> None:
    application = house.apply_for(100)
    drop(house, application)
    assert application not in house.accounts.withdrawals


def test_dropping_the_rest_leaves_every_stage_its_number(house: Treasury) -> None:
    motion = house.budget(600)
    application = house.approved(100, 200, 300, motion=motion)
    house.take((DAY, -200, [pays(application, 200, 1)]))
    house.act("withdrawal.instructed/1", {"stage": f"{application}#2", "on": DAY}, by=["treasurer"])
    drop(house, application)
    assert house.fact(Arrived).on == ""
    assert house.authority(motion, "lifts").spent == 200
    assert [stage.dropped for stage in house.withdrawal(application).stages] == [True, False, True]
    with refused_as("withdrawal.stage_dropped"):
        house.take((DAY, -100, [pays(application, 100, 0)]))
    with refused_as("withdrawal.stage_paid"):
        house.take((DAY, -200, [pays(application, 200, 1)]))
    with refused_as("withdrawal.paid_already"):
        drop(house, application)


def test_a_stage_reopened_after_the_rest_was_dropped_may_be_paid_or_dropped_too(house: Treasury) -> None:
    motion = house.budget(300)
    application = house.approved(100, 200, motion=motion)
    _, row = house.take((DAY, -100, [pays(application, 100)]))
    drop(house, application)
    house.contra(row)
    assert house.authority(motion, "lifts").spent == 100
    drop(house, application)
    assert house.authority(motion, "lifts").spent == 0
    assert application not in house.accounts.withdrawals
