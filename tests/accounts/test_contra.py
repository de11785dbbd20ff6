"""Contra: the exact inverse of a record's lines, once; what it had settled is open again, and the bank stands."""

from collections import Counter

import pytest

from ledger.accounts.booking import Line, VoucherBooked
from ledger.accounts.facts import Arrived, Awaited, Founded, StagePaid, SuspenseMoved
from tests.accounts.treasury import OPENING, Treasury, fees, spent, to_box, treasury
from tests.community import digest_of, refused_as

DAY = "2026-01-05"
FEES = OPENING["service_fee"]


@pytest.fixture
def house() -> Treasury:
    return treasury()


def leaves(house: Treasury, record: str) -> Counter[tuple[object, ...]]:
    """The lines of a record, and negated those that correct it, by everything but amount: all must come to nothing."""
    found: Counter[tuple[object, ...]] = Counter()
    for fact in house.all_facts:
        if isinstance(fact, Line) and record in (fact.record, fact.corrects):
            move = fact.move
            same = (move.account, move.fund, move.category, move.nature, move.part, move.party, move.contract)
            same_too = (move.document, move.unit, move.covers)
            found[(*same, *same_too)] += move.amount
    return found


def comes_to_nothing(house: Treasury, record: str) -> None:
    """Every line of the record has its inverse, and the double entry as well."""
    lines = leaves(house, record)
    assert lines
    assert set(lines.values()) == {0}
    correcting = [f for f in house.facts if isinstance(f, Line)]
    assert {line.corrects for line in correcting} == {record}
    assert house.fact(VoucherBooked).corrects == record
    assert {line.move.basis for line in correcting} == {""}


def test_a_row_goes_back_to_suspense_and_the_bank_stands(house: Treasury) -> None:
    _, row = house.take((DAY, 300, [fees(200, party="zhao", unit="a1", covers="1月", document=house.letter)]))
    before = house.bank.balance
    house.contra(row)
    comes_to_nothing(house, row)
    assert (house.bank.balance, house.fund("service_fee")) == (before, FEES)
    assert house.accounts.suspense[row].amount == 300
    assert house.fact(SuspenseMoved).amount == 200
    house.clear(row, fees(300, category="interest"))
    assert not house.accounts.suspense


def test_a_record_is_taken_back_once(house: Treasury) -> None:
    _, row = house.take((DAY, 300, [fees(300)]))
    contra = house.contra(row)
    with refused_as("contra.used_before"):
        house.contra(row)
    with refused_as("contra.kind"):
        house.contra(contra)


def test_what_a_contra_may_not_take_back(house: Treasury) -> None:
    with refused_as("contra.unknown_record"):
        house.contra(digest_of("nothing"))
    with refused_as("contra.kind"):
        house.contra(house.letter)
    with refused_as("contra.kind"):
        house.contra(house.ledger)
    _, row = house.take((DAY, 300))
    with refused_as("contra.nothing_said"):
        house.contra(row)


def test_a_contra_is_not_before_what_it_corrects(house: Treasury) -> None:
    _, row = house.take((DAY, 300, [fees(300)]))
    deposit = house.deposit(100)
    for record in (row, deposit):
        with refused_as("contra.before_record"):
            house.contra(record, on="2026-01-04")
        with refused_as("day.future"):
            house.contra(record, on="2026-01-06")


def test_a_deposit_that_waits_is_no_longer_awaited(house: Treasury) -> None:
    deposit = house.deposit(100)
    house.contra(deposit)
    assert house.fact(Arrived).on == ""
    assert not house.accounts.pending
    with refused_as("deposit.not_pending"):
        house.take((DAY, 100, [{"amount": 100, "settles": deposit}]))


def test_a_settled_deposit_is_taken_back_by_its_row_and_awaited_again(house: Treasury) -> None:
    deposit = house.deposit(
        900, gross=1_000, cost=100, cost_evidence=house.letter, fund="common_income", category="rent", covers="1月"
    )
    _, row = house.take((DAY, 900, [{"amount": 900, "settles": deposit}]))
    with refused_as("contra.settled_deposit"):
        house.contra(deposit)
    house.contra(row)
    comes_to_nothing(house, row)
    assert house.fact(Awaited).amount == 900
    assert deposit in house.accounts.pending
    house.clear(row, {"amount": 900, "settles": deposit})
    assert house.fund("common_income") == OPENING["common_income"] + 900


def test_a_deposit_said_to_be_the_wrong_row_finds_the_right_one(house: Treasury) -> None:
    deposit = house.deposit(100)
    _, wrong, right = house.take((DAY, 100, [{"amount": 100, "settles": deposit}]), (DAY, 100))
    house.contra(wrong)
    house.clear(right, {"amount": 100, "settles": deposit})
    assert set(house.accounts.suspense) == {wrong}


def test_a_deposit_into_the_box(house: Treasury) -> None:
    body = {"account": "box", "fund": "common_income", "category": "scrap", "gross": 100, "cost": 10}
    deposit = house.deposit(90, cost_evidence=house.letter, **body)
    assert house.fund("common_income", "box") == 90
    house.contra(deposit)
    comes_to_nothing(house, deposit)
    assert house.fund("common_income", "box") == 0


def test_what_was_spent_since_cannot_be_taken_back_from_the_box(house: Treasury) -> None:
    deposit = house.deposit(90, account="box")
    house.pay_cash(spent(50))
    with refused_as("balance.negative"):
        house.contra(deposit)


def test_a_paid_stage_is_open_again(house: Treasury) -> None:
    motion = house.budget(100)
    application = house.approved(100, motion=motion, document=house.letter, contract="c1")
    house.act("withdrawal.instructed/1", {"stage": f"{application}#0", "on": DAY}, by=["treasurer"])
    settles = {"amount": -100, "settles": f"{application}#0"}
    _, row, other = house.take((DAY, -100, [settles]), (DAY, -100))
    house.contra(row)
    comes_to_nothing(house, row)
    assert house.fact(StagePaid).amount == -100
    assert (house.fact(Awaited).ref, house.fact(Awaited).amount) == (f"{application}#0", -100), "on its way again"
    assert house.withdrawal(application).stages[0].instructed == DAY
    assert house.authority(motion, "lifts").spent == 100, "still meant for this withdrawal"
    assert house.accounts.suspense[row].amount == -100
    house.clear(other, settles)
    assert house.withdrawal(application).stages[0].paid == 100


def test_after_its_withdrawal_left_with_a_closed_period_the_authority_has_it_again(house: Treasury) -> None:
    motion = house.budget(100)
    application = house.approved(100, motion=motion)
    _, row = house.take((DAY, -100, [{"amount": -100, "settles": f"{application}#0"}]), confirmed=True)
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.close("2026H1")
    assert application not in house.accounts.withdrawals
    house.contra(row)
    comes_to_nothing(house, row)
    assert house.fact(Line).period == "2026H2"
    assert house.authority(motion, "lifts").spent == 0
    again = house.approved(100, motion=motion)
    with refused_as("withdrawal.approved_later"):
        house.clear(row, {"amount": -100, "settles": f"{again}#0"})


def test_a_payment_without_authority_is_no_longer_one(house: Treasury) -> None:
    _, row = house.take((DAY, -100, [spent(60), spent(40)]))
    house.contra(row)
    comes_to_nothing(house, row)
    assert {f.ref for f in house.facts if isinstance(f, Founded)} == {f"{row}#0", f"{row}#1"}
    assert not house.accounts.unfounded
    assert house.bank.suspense_out == 100


def test_cash_paid(house: Treasury) -> None:
    house.take((DAY, -500, [to_box(500)]))
    application = house.approved(100, account="box")
    paid = house.pay_cash({"amount": -100, "settles": f"{application}#0"}, spent(50))
    house.contra(paid)
    comes_to_nothing(house, paid)
    assert house.fund("service_fee", "box") == 500
    assert [u.amount for u in house.accounts.unfounded.values()] == [500]
    house.pay_cash({"amount": -100, "settles": f"{application}#0"})


def test_a_transfer_to_the_box_goes_back_at_both_ends(house: Treasury) -> None:
    _, row = house.take((DAY, -500, [to_box(500)]))
    house.contra(row)
    comes_to_nothing(house, row)
    assert (house.fund("service_fee", "box"), house.bank.suspense_out) == (0, 500)
    with refused_as("contra.used_before"):
        house.contra(row)


def test_a_row_said_to_give_back_another_that_it_did_not(house: Treasury) -> None:
    _, came = house.take((DAY, 500))
    given = {"amount": -300, "returns": came, "document": house.letter}
    _, went = house.take((DAY, -500, [given, spent(200)]))
    house.contra(went)
    assert (house.accounts.suspense[came].amount, house.accounts.suspense[went].amount) == (500, -500)
    house.clear(came, fees(500))
    house.clear(went, spent(500))
    assert not house.accounts.suspense


def test_a_clearing_is_taken_back(house: Treasury) -> None:
    _, row = house.take((DAY, 500, [fees(100)]))
    cleared = house.clear(row, fees(400, category="interest"))
    house.contra(cleared)
    comes_to_nothing(house, cleared)
    assert house.accounts.suspense[row].amount == 400
    house.contra(row)
    assert house.accounts.suspense[row].amount == 500
    assert house.fund("service_fee") == FEES


def test_a_clearing_that_filled_the_box(house: Treasury) -> None:
    _, row = house.take((DAY, -500))
    cleared = house.clear(row, to_box(500))
    house.contra(cleared)
    comes_to_nothing(house, cleared)
    assert house.fund("service_fee", "box") == 0
    assert house.accounts.suspense[row].amount == -500


def test_a_contra_of_a_closed_period_is_booked_in_the_open_one(house: Treasury) -> None:
    _, row = house.take((DAY, 300, [fees(300)]))
    house.set_clock("2026-07-02T09:00:00+08:00")
    house.close("2026H1")
    house.contra(row, on="2026-06-30")
    line = house.fact(Line)
    assert (line.period, line.booked, line.on) == ("2026H2", "2026-07-01", "2026-06-30")
    comes_to_nothing(house, row)


def test_only_the_treasurer_corrects(house: Treasury) -> None:
    _, row = house.take((DAY, 300, [fees(300)]))
    body = {"corrects": row, "on": DAY, "reason": "记错"}
    for by in (["chair"], ["treasurer", "chair"], ["zhang"]):
        with refused_as("signers.seats"):
            house.act("contra.recorded/1", body, by=by)


def test_what_a_contra_put_back_is_not_said_for_a_day_before_it(house: Treasury) -> None:
    """Else a month would show money in suspense that was not there yet."""
    _, row = house.take((DAY, 500, [fees(500)]))
    house.advance(days=20)
    house.contra(row)
    with refused_as("suspense.before_row"):
        house.clear(row, fees(500), on=DAY)
    house.clear(row, fees(500))
    assert not house.accounts.suspense
